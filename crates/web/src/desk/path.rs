//! Ids in addresses and bodies. One that cannot be an id is answered like one that does not exist.

use crate::problem::Code;
use patchbay_core::id::{ActionId, ConversationId, TurnId};

pub(super) fn conversation(text: &str) -> Result<ConversationId, Code> {
    ConversationId::parse(text).ok_or(Code::NotFound)
}

pub(super) fn turn(text: &str) -> Result<TurnId, Code> {
    TurnId::parse(text).ok_or(Code::NotFound)
}

pub(super) fn action(text: &str) -> Result<ActionId, Code> {
    ActionId::parse(text).ok_or(Code::NotFound)
}
