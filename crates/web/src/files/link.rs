//! What a file is, with a link to its bytes that is good for a while and for whoever asked.

use crate::desk::Params;
use crate::hall::Hall;
use crate::problem::{Code, Problem};
use patchbay_core::Timestamp;
use patchbay_core::attachment::About;
use patchbay_core::id::{ConversationId, FileId};
use serde::Serialize;
use utoipa::ToSchema;

/// A file, and where its bytes are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct FileLink {
    /// Its id.
    file: String,
    /// Its name, cleaned.
    name: String,
    /// Its media type, as its content has it.
    #[schema(example = "application/pdf")]
    r#type: String,
    /// How many bytes it has.
    size: u64,
    /// Its bytes: with the same session, until then. Afterwards ask again.
    url: String,
    /// Until when the link is good.
    #[schema(format = DateTime)]
    expires: String,
}

/// A link for `whom` to a file below this address.
pub(super) fn make(hall: &Hall, below: &str, conversation: &ConversationId, file: &FileId, about: About, whom: &str) -> FileLink {
    let (until, seal) = hall.file_links().make(&what(conversation, file), whom);
    FileLink {
        url: format!("{below}/{conversation}/files/{file}/content?until={}&seal={seal}", until.0),
        file: file.to_string(),
        name: about.name,
        r#type: about.media,
        size: about.size,
        expires: until.to_string(),
    }
}

/// Is this a link we made for `whom`, and still good? Anything else is answered like an address with nothing at it.
pub(super) fn check(hall: &Hall, params: &mut Params, conversation: &ConversationId, file: &FileId, whom: &str) -> Result<(), Problem> {
    let until = params.text("until").and_then(|until| until.parse().ok()).map(Timestamp).ok_or(Code::NotFound)?;
    let seal = params.text("seal").ok_or(Code::NotFound)?;
    if hall.file_links().holds(&what(conversation, file), whom, until, &seal) { Ok(()) } else { Err(Code::NotFound.into()) }
}

fn what(conversation: &ConversationId, file: &FileId) -> String {
    format!("{conversation}\n{file}")
}
