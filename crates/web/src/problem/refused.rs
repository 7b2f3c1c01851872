//! What the driver refuses, in the words of the wire.

use super::{Code, Problem};
use patchbay_service::{About, FileRefusal, Refused};

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotFound => Code::NotFound.into(),
            Refused::IdentityMismatch => Code::IdentityMismatch.into(),
            Refused::IdempotencyConflict => Code::IdempotencyConflict.into(),
            Refused::Closed { successor: None } => Code::ConversationClosed.into(),
            Refused::Closed { successor: Some(successor) } => {
                let detail = format!("The conversation has ended; it goes on in {successor}.");
                Self::new(Code::ConversationClosed).detail(detail).successor(successor.to_string())
            }
            Refused::Erased => Code::ConversationErased.into(),
            Refused::NotMerged => Code::NotMerged.into(),
            Refused::MergeFinal => Code::MergeFinal.into(),
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
            Refused::Denied { about, argument, text, .. } => {
                let denied = Self::new(code(about)).detail(text);
                match argument {
                    Some(argument) => denied.field(format!("/args/{argument}")),
                    None => denied,
                }
            }
            Refused::File(refusal) => Self::new(file(&refusal)).detail(refusal.to_string()),
            Refused::FileUnknown { file } => Self::new(Code::FileUnknown)
                .detail(format!("There is no file {file} to be sent here, or it was sent before."))
                .field("/files"),
            Refused::CursorInvalid => Code::CursorInvalid.into(),
            // These two name files and causes: for the operator, not for whoever asked.
            Refused::StorageFull(why) => Self::new(Code::StorageFull).reason(why),
            Refused::Broken(why) => Self::new(Code::StorageUnavailable).reason(why),
            Refused::Busy { retry_after } => Self::new(Code::Overloaded).retry_after(retry_after),
        }
    }
}

/// The code of a denial at the desk.
fn code(about: About) -> Code {
    match about {
        About::Amount => Code::AmountInvalid,
        About::Address => Code::AddressInvalid,
        About::Id => Code::IdInvalid,
        About::Argument => Code::ArgumentInvalid,
        About::Limit => Code::LimitExceeded,
        About::State => Code::StateForbids,
        About::Rule => Code::ActionRefused,
    }
}

const fn file(refusal: &FileRefusal) -> Code {
    match refusal {
        FileRefusal::Empty => Code::FileEmpty,
        FileRefusal::TooLarge { .. } => Code::FileTooLarge,
        FileRefusal::KindRefused { .. } => Code::FileTypeRefused,
        FileRefusal::Mismatch { .. } => Code::FileTypeMismatch,
        FileRefusal::Archive { .. } => Code::ArchiveRefused,
        FileRefusal::Picture { .. } => Code::ImageTooLarge,
    }
}
