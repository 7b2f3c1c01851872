//! The export: conversations as JSON Lines, each with its transcript and everything the views know of it.

use crate::rows::{ActionRow, CallRow, ConversationRow, EscalationRow, TurnRow};
use crate::said::{TranscriptLine, transcript};
use crate::{Filter, Views, ViewsError};
use patchbay_core::id::ConversationId;
use patchbay_core::port::Log;
use serde::Serialize;
use std::io::Write;

/// How many conversations are listed at once.
const PAGE: usize = 100;

/// One line of the export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exported {
    /// The conversation.
    pub conversation: ConversationRow,
    /// What was said; words that were forgotten are `null`.
    pub transcript: Vec<TranscriptLine>,
    /// Its turns.
    pub turns: Vec<TurnRow>,
    /// Its calls.
    pub calls: Vec<CallRow>,
    /// Its writes.
    pub actions: Vec<ActionRow>,
    /// Its ways to a person.
    pub escalations: Vec<EscalationRow>,
}

/// Writes the wanted conversations opened after a cursor, oldest first, one JSON object a line. Says how many these were and
/// the cursor to go on from.
///
/// # Errors
/// When the log or the views cannot be read, or `out` not be written.
pub async fn export(
    log: &dyn Log,
    views: &Views,
    filter: Filter,
    mut after: u64,
    out: &mut (dyn Write + Send),
) -> Result<(u64, u64), ViewsError> {
    let mut written = 0;
    loop {
        let page = views.conversations_after(filter.clone(), after, PAGE).await?;
        if page.is_empty() {
            out.flush().map_err(unwritten)?;
            return Ok((written, after));
        }
        for conversation in page {
            after = conversation.opened;
            let mut line = serde_json::to_vec(&exported(log, views, conversation).await?).map_err(|error| unwritten(error.into()))?;
            line.push(b'\n');
            out.write_all(&line).map_err(unwritten)?;
            written += 1;
        }
    }
}

async fn exported(log: &dyn Log, views: &Views, conversation: ConversationRow) -> Result<Exported, ViewsError> {
    let id = || conversation.id.clone();
    let transcript = match ConversationId::parse(&conversation.id) {
        Some(id) => transcript(log, &id).await?,
        None => Vec::new(),
    };
    Ok(Exported {
        transcript,
        turns: views.turns(id()).await?,
        calls: views.calls(id()).await?,
        actions: views.actions(id()).await?,
        escalations: views.escalations(id()).await?,
        conversation,
    })
}

fn unwritten(source: std::io::Error) -> ViewsError {
    ViewsError::Io { what: "the export cannot be written".to_owned(), source }
}
