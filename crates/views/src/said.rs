//! What was said: which events are lines of a transcript, and the transcript itself, joined from the log.

use crate::ViewsError;
use patchbay_core::Timestamp;
use patchbay_core::event::Event;
use patchbay_core::id::ConversationId;
use patchbay_core::log::StreamId;
use patchbay_core::mind::Speaker;
use patchbay_core::port::Log;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// How many events are read at once.
const PAGE: usize = 500;

/// What kind of line it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A message of the customer or of a person of the staff.
    Message,
    /// A released piece of a reply.
    Part,
    /// A question to the customer.
    Question,
    /// A write put before the customer, told as what will happen.
    Proposal,
}

impl Kind {
    /// The word as it stands in the views.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Part => "part",
            Self::Question => "question",
            Self::Proposal => "proposal",
        }
    }
}

/// One line of a transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TranscriptLine {
    /// Its number in the conversation's stream.
    pub seq: u64,
    /// When it was said.
    #[serde(serialize_with = "rfc3339")]
    pub at: Timestamp,
    /// Who said it.
    pub who: Speaker,
    /// The member of the staff, when one said it.
    pub staff: Option<String>,
    /// What kind of line it is.
    pub kind: Kind,
    /// The words; none once they are forgotten.
    pub text: Option<String>,
    /// Names of the facts it rests on.
    pub facts: Vec<String>,
    /// Names of the files sent along, by the files' ids; none once they are forgotten.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, Option<String>>,
}

/// The line that an event is, if it is one.
pub(crate) fn line(seq: u64, at: Timestamp, event: &Event) -> Option<TranscriptLine> {
    let said = |who, kind, text: Option<&String>| TranscriptLine {
        seq,
        at,
        who,
        staff: None,
        kind,
        text: text.cloned(),
        facts: Vec::new(),
        files: BTreeMap::new(),
    };
    Some(match event {
        Event::MessageReceived { by, staff, text, files, .. } => {
            let named = files.iter().map(|sent| (sent.file.to_string(), sent.about.get().map(|about| about.name.clone())));
            TranscriptLine { staff: staff.clone(), files: named.collect(), ..said(*by, Kind::Message, text.get()) }
        }
        Event::PartReleased { text, facts, .. } => TranscriptLine { facts: facts.clone(), ..said(Speaker::Bot, Kind::Part, text.get()) },
        Event::QuestionAsked { question, .. } => said(Speaker::Bot, Kind::Question, question.get().map(|question| &question.text)),
        Event::ActionProposed { action, .. } => said(Speaker::Bot, Kind::Proposal, action.get().map(|action| &action.effect)),
        _ => return None,
    })
}

/// A conversation's transcript, read from the log.
///
/// # Errors
/// When the log cannot be read.
pub async fn transcript(log: &dyn Log, conversation: &ConversationId) -> Result<Vec<TranscriptLine>, ViewsError> {
    let mut lines = Vec::new();
    let mut after = 0;
    loop {
        let page = log.read_stream(StreamId::conversation(conversation), after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(lines) };
        after = last.seq;
        lines.extend(page.iter().filter_map(|recorded| line(recorded.seq, recorded.at, &recorded.event)));
    }
}

/// Times are written for people and other systems as RFC 3339.
pub(crate) fn rfc3339<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

/// The same for a time that may not have come.
pub(crate) fn rfc3339_if<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => rfc3339(at, serializer),
        None => serializer.serialize_none(),
    }
}
