//! What somebody knows or has: passwords, one-time codes, passkeys. The heavy libraries behind them stay here.
//!
//! Nothing is kept and nobody is known: who has which factor, how often somebody may try and what is remembered of it is the
//! caller's business.

mod code;
mod passkey;
mod password;

pub use code::{CodeSecret, NotACode};
pub use passkey::{Authenticating, Passkey, PasskeyError, Passkeys, Registering};
pub use password::{PasswordHash, WeakPassword};
