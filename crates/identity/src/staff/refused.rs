//! Why something about the staff is not done.

use patchbay_core::log::LogError;
use patchbay_factors::WeakPassword;

/// Why something about the staff is not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StaffRefused {
    /// Nobody is signed in with this, or not any more. The same for every reason.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// Address, password or code are not right, or there is nobody like that. The same for every reason.
    #[error("address, password or code are not right")]
    WrongProof,
    /// The password is too weak.
    #[error(transparent)]
    WeakPassword(#[from] WeakPassword),
    /// The code of the app is not right, or was used.
    #[error("this code is not right or was used already; wait for the next one. If it stays so, check the clock of your device")]
    CodeWrong,
    /// The last way in would be gone.
    #[error("this is the last way you have to prove who you are; add another one first")]
    LastFactor,
    /// The link was used, has expired, or never was one of ours. The same for every reason.
    #[error("this link does not work or not any more; ask for a new one (`patchbay user link`)")]
    LinkUsed,
    /// There is no such person.
    #[error("nobody of the staff is known as '{0}'; `patchbay user list` shows who is")]
    Unknown(String),
    /// The address belongs to somebody else already.
    #[error("{0} belongs to the staff already; `patchbay user list` shows who that is")]
    EmailTaken(String),
    /// A name or an address that cannot be one.
    #[error("{0}")]
    Invalid(String),
    /// The person does not belong to the staff now.
    #[error("{0} does not belong to the staff now; `patchbay user enable` brings them back")]
    Inactive(String),
    /// The log cannot be used.
    #[error(transparent)]
    Log(#[from] LogError),
}
