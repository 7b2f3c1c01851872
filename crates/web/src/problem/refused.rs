//! What the driver refuses, in the words of the wire.

use super::{Code, Problem};
use patchbay_service::Refused;

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotFound => Code::NotFound.into(),
            Refused::IdentityMismatch => Code::IdentityMismatch.into(),
            Refused::IdempotencyConflict => Code::IdempotencyConflict.into(),
            Refused::Closed => Code::ConversationClosed.into(),
            Refused::ConfirmationRequired => Code::ConfirmationRequired.into(),
            Refused::ConfirmationMismatch => Code::ConfirmationMismatch.into(),
            Refused::ConfirmationExpired => Code::ConfirmationExpired.into(),
            Refused::ConfirmationUsed => Code::ConfirmationUsed.into(),
            Refused::AlreadyTaken { owner } => {
                Self::new(Code::AlreadyTaken).detail(format!("{owner} has the conversation; ask them to pass it on."))
            }
            Refused::NotHeld => Code::NotHeld.into(),
            Refused::NotOffered => Code::NotOffered.into(),
            Refused::NotResolved => Code::NotResolved.into(),
            Refused::QueueUnknown => Code::QueueUnknown.into(),
            Refused::AlreadyDecided => Code::AlreadyDecided.into(),
            Refused::StillRunning => Code::StillRunning.into(),
            Refused::AlreadyRated => Code::AlreadyRated.into(),
            Refused::NotSurveyed => Code::NothingToRate.into(),
            Refused::Invalid { field, why } => Self::new(Code::FieldInvalid).detail(format!("{field}: {why}")).field(format!("/{field}")),
            Refused::Denied { text, .. } => Self::new(Code::ActionRefused).detail(text),
            Refused::CursorInvalid => Code::CursorInvalid.into(),
            // These two name files and causes: for the operator, not for whoever asked.
            Refused::StorageFull(why) => Self::new(Code::StorageFull).reason(why),
            Refused::Broken(why) => Self::new(Code::StorageUnavailable).reason(why),
            Refused::Busy { retry_after } => Self::new(Code::Overloaded).retry_after(retry_after),
        }
    }
}
