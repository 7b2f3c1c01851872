//! A conversation as its customer may see it, and the receipts for what was sent to it.

use super::{Proposal, Question, SentFile};
use patchbay_core::mind::Speaker;
use patchbay_identity::Pass;
use patchbay_service as inner;
use serde::Serialize;
use utoipa::ToSchema;

/// A visitor's pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Visitor {
    /// Who the browser is from now on.
    #[schema(example = "vis_01k9z3v8n4x5c6b7m8q9w0e1r2")]
    pub visitor: String,
    /// The pass to send as `Patchbay-Visitor` with every request.
    pub token: String,
    /// Until when it is believed; ask again with it before then to stay the same visitor.
    #[schema(format = DateTime)]
    pub expires: String,
    /// What the request proved: `anonymous`, `contact`, `identified` or `strong`.
    #[schema(example = "anonymous")]
    pub level: &'static str,
}

/// A conversation that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Opened {
    /// Its id.
    #[schema(example = "cnv_01k9z3v8n4x5c6b7m8q9w0e1r2")]
    pub id: String,
    /// Who has it: `bot`.
    pub state: &'static str,
    /// Its language (BCP 47).
    #[schema(example = "en")]
    pub language: String,
}

/// The receipt for a message or a decision. Once it is sent, what it confirms is on the disk and will be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Accepted {
    /// The conversation.
    pub conversation: String,
    /// The message; none for a decision.
    #[schema(required)]
    pub message: Option<String>,
    /// The turn that answers it, if it is known already.
    #[schema(required)]
    pub turn: Option<String>,
    /// How long the conversation is now: resume the live stream after this.
    pub seq: u64,
}

/// A conversation as its customer may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Conversation {
    /// Its id.
    pub id: String,
    /// Who has it: `bot`, `waiting`, `open`, `snoozed` or `resolved`.
    #[schema(example = "bot")]
    pub state: &'static str,
    /// What was said, oldest first.
    pub lines: Vec<Line>,
    /// The open question, if the last thing shown was one.
    #[schema(required)]
    pub question: Option<Question>,
    /// The write that waits for a yes, if its card was the last thing shown.
    #[schema(required)]
    pub proposal: Option<Proposal>,
    /// What has ended it; none while it goes on.
    #[schema(required)]
    pub ended: Option<Ended>,
    /// The closed conversation that this one follows.
    #[schema(required)]
    pub earlier: Option<String>,
    /// How long the conversation is: resume the live stream after this.
    pub seq: u64,
}

/// The end of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ended {
    /// `closed` or `merged`.
    #[schema(example = "closed")]
    pub why: &'static str,
    /// Where it goes on; none of a closed one until its customer writes again.
    #[schema(required)]
    pub successor: Option<String>,
}

/// One line of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Line {
    /// Its place in the conversation.
    pub seq: u64,
    /// When it was said.
    #[schema(format = DateTime)]
    pub at: String,
    /// Who said it: `customer`, `bot` or `agent`.
    #[schema(example = "customer")]
    pub who: &'static str,
    /// What was said.
    pub text: String,
    /// The files sent along.
    pub files: Vec<SentFile>,
}

impl Visitor {
    pub(crate) fn new(pass: Pass, level: patchbay_core::words::Level) -> Self {
        Self { visitor: pass.visitor.to_string(), token: pass.token, expires: pass.expires.to_string(), level: level.as_str() }
    }
}

impl From<inner::Received> for Accepted {
    fn from(received: inner::Received) -> Self {
        // That it is a repetition is said in a header: the body is the first result.
        let inner::Received { conversation, message, turn, seq, replayed: _ } = received;
        Self { conversation: conversation.to_string(), message: message.map(|id| id.to_string()), turn: turn.map(|id| id.to_string()), seq }
    }
}

impl From<inner::Transcript> for Conversation {
    fn from(transcript: inner::Transcript) -> Self {
        let inner::Transcript { conversation, state, lines, question, proposal, ended, earlier, seq } = transcript;
        let ended = ended.map(|(why, successor)| Ended { why: ended_by(why), successor: successor.map(|id| id.to_string()) });
        Self {
            id: conversation.to_string(),
            state: state.as_str(),
            lines: lines.into_iter().map(Line::from).collect(),
            question: question.map(Question::from),
            proposal: proposal.map(Proposal::from),
            ended,
            earlier: earlier.map(|id| id.to_string()),
            seq,
        }
    }
}

impl From<inner::TranscriptLine> for Line {
    fn from(line: inner::TranscriptLine) -> Self {
        let inner::TranscriptLine { seq, at, who, text, files } = line;
        Self { seq, at: at.to_string(), who: speaker(who), text, files: SentFile::all(files) }
    }
}

/// What ended a conversation, as a word.
pub(super) fn ended_by(why: inner::EndedBy) -> &'static str {
    match why {
        inner::EndedBy::Closed => "closed",
        inner::EndedBy::Merged => "merged",
    }
}

/// Who speaks, as a word.
pub(crate) fn speaker(who: Speaker) -> &'static str {
    match who {
        Speaker::Customer => "customer",
        Speaker::Bot => "bot",
        Speaker::Agent => "agent",
    }
}
