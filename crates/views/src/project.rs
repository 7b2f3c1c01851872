//! From one event to rows. Everything here is a function of the events seen so far, so that following and rebuilding agree.

use crate::said::line;
use patchbay_core::event::{Event, Recorded, Settled};
use patchbay_core::log::{Position, StreamId};
use patchbay_core::mind::{MindStep, Speaker};
use patchbay_core::{Session, Timestamp};
use rusqlite::{Connection, Params, params};
use std::collections::BTreeMap;

/// Writes what an event changes in the views.
pub(crate) fn event(views: &Connection, recorded: &Recorded) -> rusqlite::Result<()> {
    match recorded.stream.kind() {
        "conversation" => {
            let fold = Fold { views, conversation: recorded.stream.key(), position: int(recorded.position.0), at: recorded.at };
            fold.conversation(&recorded.event)?;
            fold.line(recorded)?;
            fold.action(&recorded.event, Some(fold.conversation))?;
            crate::desk::event(views, recorded)
        }
        "action" => {
            let fold = Fold { views, conversation: "", position: int(recorded.position.0), at: recorded.at };
            fold.action(&recorded.event, None)
        }
        _ => Ok(()),
    }
}

/// Notes when each of these streams was heard of last.
pub(crate) fn heard(views: &Connection, heard: &BTreeMap<&StreamId, Timestamp>) -> rusqlite::Result<()> {
    let conversations = heard.iter().filter(|(stream, _)| stream.kind() == "conversation");
    let update = "UPDATE conversations SET last_at = max(last_at, ?2) WHERE id = ?1";
    conversations.into_iter().try_for_each(|(stream, at)| run(views, update, params![stream.key(), at.0]))
}

/// Notes an event that could not be read.
pub(crate) fn skip(views: &Connection, position: Position, why: &str) -> rusqlite::Result<()> {
    run(views, "INSERT INTO skipped (position, why) VALUES (?1, ?2) ON CONFLICT DO NOTHING", params![int(position.0), why])
}

/// Notes how far the views are.
pub(crate) fn advance(views: &Connection, position: Position) -> rusqlite::Result<()> {
    run(views, "UPDATE progress SET position = ?1", [int(position.0)])
}

struct Fold<'a> {
    views: &'a Connection,
    conversation: &'a str,
    position: i64,
    at: Timestamp,
}

impl Fold<'_> {
    fn conversation(&self, event: &Event) -> rusqlite::Result<()> {
        match event {
            Event::ConversationOpened { session, language } => self.opened(session, language),
            Event::SessionChanged { session, .. } => self.session(session),
            Event::MessageReceived { by: Speaker::Customer, .. } => self.count("messages"),
            Event::StateChanged { state, .. } => {
                self.run("UPDATE conversations SET state = ?2 WHERE id = ?1", params![self.conversation, state.as_str()])
            }
            Event::Escalated { turn, reason, rule, evidence, .. } => {
                let evidence = serde_json::to_string(evidence).unwrap_or_default();
                let insert = "INSERT INTO escalations (position, conversation, turn, at, reason, rule, evidence) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
                self.run(insert, params![self.position, self.conversation, turn.as_str(), self.at.0, reason, rule, evidence])
            }
            Event::CallStarted { .. } | Event::CallAnswered { .. } => self.call(event),
            _ => self.turn(event),
        }
    }

    fn opened(&self, session: &Session, language: &str) -> rusqlite::Result<()> {
        let insert =
            "INSERT INTO conversations (opened, id, visitor, channel, language, opened_at, last_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)";
        let visitor = session.visitor.as_str();
        self.run(insert, params![self.position, self.conversation, visitor, session.channel, language, self.at.0])?;
        self.session(session)
    }

    /// Whose conversation it is, and whether the same person was here before. Once known, a customer stays: signing out does not
    /// make the conversation somebody else's.
    fn session(&self, session: &Session) -> rusqlite::Result<()> {
        let customer = session.customer.as_ref().map(|customer| customer.id.as_str());
        let update = "UPDATE conversations SET visitor = ?2, customer = coalesce(?3, customer), is_repeat = is_repeat OR EXISTS (
                SELECT 1 FROM conversations AS earlier
                WHERE earlier.opened < conversations.opened AND (earlier.visitor = ?2 OR earlier.customer = ?3)
            ) WHERE id = ?1";
        self.run(update, params![self.conversation, session.visitor.as_str(), customer])
    }

    fn line(&self, recorded: &Recorded) -> rusqlite::Result<()> {
        let Some(line) = line(recorded.seq, recorded.at, &recorded.event) else { return Ok(()) };
        let who = crate::find::word(line.who);
        let insert = "INSERT INTO lines (conversation, seq, at, who, kind) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.run(insert, params![self.conversation, int(line.seq), line.at.0, who, line.kind.as_str()])
    }

    fn turn(&self, event: &Event) -> rusqlite::Result<()> {
        match event {
            Event::TurnOpened { turn, rules, mind, .. } => {
                self.count("turns")?;
                let insert = "INSERT INTO turns (id, conversation, opened, rules, mind, started_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
                self.run(insert, params![turn.as_str(), self.conversation, self.position, rules, mind, self.at.0])
            }
            Event::MindSpoke { turn, step, .. } => match step.get() {
                Some(MindStep::Understood(understanding)) => {
                    // What was understood are the customer's latest words.
                    let words = "UPDATE lines SET understood = ?2, feeling = ?3 WHERE conversation = ?1 AND seq =
                        (SELECT seq FROM lines WHERE conversation = ?1 AND who = 'customer' ORDER BY seq DESC LIMIT 1)";
                    self.run(words, params![self.conversation, understanding.skill, understanding.feeling.last])?;
                    let update = "UPDATE turns SET skill = coalesce(?2, skill) WHERE id = ?1";
                    self.run(update, params![turn.as_str(), understanding.skill])
                }
                _ => Ok(()),
            },
            Event::PartReleased { turn, .. } | Event::QuestionAsked { turn, .. } | Event::ActionProposed { turn, .. } => {
                self.run("UPDATE turns SET first_part_at = coalesce(first_part_at, ?2) WHERE id = ?1", params![turn.as_str(), self.at.0])
            }
            Event::ReplyClosed { turn, status, zone, refusal } => {
                let (code, tool) = refusal.as_ref().map(|(code, tool)| (code.as_str(), tool.as_str())).unzip();
                let update = "UPDATE turns SET status = ?2, zone = ?3, refusal = ?4, refused_tool = ?5, closed_at = ?6 WHERE id = ?1";
                self.run(update, params![turn.as_str(), status.as_str(), zone.as_str(), code, tool, self.at.0])?;
                self.run("UPDATE conversations SET status = ?2 WHERE id = ?1", [self.conversation, status.as_str()])
            }
            Event::ReplyCut { turn, why } => {
                self.run("UPDATE turns SET cut = ?2, closed_at = ?3 WHERE id = ?1", params![turn.as_str(), why, self.at.0])
            }
            _ => Ok(()),
        }
    }

    fn call(&self, event: &Event) -> rusqlite::Result<()> {
        match event {
            Event::CallStarted { turn, call, tool, purpose, .. } => {
                self.run("UPDATE turns SET calls = calls + 1 WHERE id = ?1", [turn.as_str()])?;
                let insert = "INSERT INTO calls (id, conversation, turn, started, tool, purpose, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
                self.run(insert, params![call.0, self.conversation, turn.as_str(), self.position, tool, purpose, self.at.0])
            }
            Event::CallAnswered { call, outcome, refusal, rule, detail, released, ms, cached, .. } => {
                let backend = released.as_ref().and_then(|released| released.get()).map(|released| released.source.as_str());
                let refusal = refusal.map(|code| code.as_str());
                let update =
                    "UPDATE calls SET outcome = ?2, refusal = ?3, rule = ?4, detail = ?5, backend = ?6, ms = ?7, cached = ?8 WHERE id = ?1";
                self.run(update, params![call.0, outcome.as_str(), refusal, rule, detail, backend, ms, cached])
            }
            _ => Ok(()),
        }
    }

    /// What became of a write. Its events stand in its own stream and in its conversation's: the first one counts, the second
    /// changes nothing.
    fn action(&self, event: &Event, conversation: Option<&str>) -> rusqlite::Result<()> {
        match event {
            Event::ActionProposed { turn, id, tool, .. } => {
                let insert = "INSERT INTO actions (id, conversation, turn, proposed, tool, state, proposed_at) VALUES (?1, ?2, ?3, ?4, ?5, 'proposed', ?6)
                              ON CONFLICT (id) DO UPDATE SET conversation = coalesce(conversation, excluded.conversation)";
                self.run(insert, params![id.as_str(), conversation, turn.as_str(), self.position, tool, self.at.0])
            }
            Event::ActionConfirmed { id, .. } => self.state(id.as_str(), "confirmed"),
            Event::ActionClaimed { id, .. } => self.state(id.as_str(), "claimed"),
            Event::ActionCancelled { id, why } => {
                self.state(id.as_str(), "cancelled")?;
                let update = "UPDATE actions SET why = ?2, settled_at = coalesce(settled_at, ?3) WHERE id = ?1";
                self.run(update, params![id.as_str(), why, self.at.0])
            }
            Event::ActionSettled { id, outcome, verified, detail } => {
                let state = match outcome {
                    Settled::Done => "done",
                    Settled::Failed => "failed",
                    Settled::Unknown => "unknown",
                };
                self.state(id.as_str(), state)?;
                let settled_at = (*outcome != Settled::Unknown).then_some(self.at.0);
                let update = "UPDATE actions SET verified = ?2, detail = ?3, settled_at = coalesce(settled_at, ?4) WHERE id = ?1";
                self.run(update, params![id.as_str(), verified, detail, settled_at])
            }
            _ => Ok(()),
        }
    }

    fn state(&self, action: &str, state: &str) -> rusqlite::Result<()> {
        self.run("UPDATE actions SET state = ?2 WHERE id = ?1", [action, state])
    }

    /// Counts one more in a column of the conversation.
    fn count(&self, column: &str) -> rusqlite::Result<()> {
        self.run(&format!("UPDATE conversations SET {column} = {column} + 1 WHERE id = ?1"), [self.conversation])
    }

    fn run(&self, sql: &str, params: impl Params) -> rusqlite::Result<()> {
        run(self.views, sql, params)
    }
}

fn run(views: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<()> {
    views.prepare_cached(sql)?.execute(params).map(drop)
}

/// A count as SQLite stores it.
fn int(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
