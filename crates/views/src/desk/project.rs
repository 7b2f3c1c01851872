//! From one event of a conversation to its row at the desk. The rules are those of [`patchbay_core::handoff::People`].

use crate::said::line;
use patchbay_core::event::{Event, Recorded};
use patchbay_core::mind::{MindStep, Speaker};
use patchbay_core::words::{ConversationState, ReplyStatus};
use patchbay_core::{Session, Timestamp};
use rusqlite::{Connection, Params, params};

/// Writes what an event changes.
pub(crate) fn event(views: &Connection, recorded: &Recorded) -> rusqlite::Result<()> {
    let fold = Fold { views, id: recorded.stream.key(), at: recorded.at };
    if let Event::ConversationOpened { session, .. } = &recorded.event {
        fold.opened(int(recorded.position.0), session)?;
    }
    fold.said(recorded)?;
    fold.known(recorded)?;
    fold.people(&recorded.event)?;
    fold.ending(&recorded.event)?;
    fold.handoff(&recorded.event)
}

struct Fold<'a> {
    views: &'a Connection,
    id: &'a str,
    at: Timestamp,
}

impl Fold<'_> {
    fn opened(&self, position: i64, session: &Session) -> rusqlite::Result<()> {
        let customer = session.customer.as_ref().map(|customer| customer.id.as_str());
        let insert = "INSERT INTO desk (opened, id, customer, level, channel, last_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.run(insert, params![position, self.id, customer, session.level.as_str(), session.channel, self.at.0])
    }

    /// The last words, and how they felt.
    fn said(&self, recorded: &Recorded) -> rusqlite::Result<()> {
        if let Some(line) = line(recorded.seq, recorded.at, &recorded.event) {
            let who = match line.who {
                Speaker::Customer => "customer",
                Speaker::Bot => "bot",
                Speaker::Agent => "agent",
            };
            let update = "UPDATE desk SET last_seq = ?2, last_who = ?3, last_at = ?4 WHERE id = ?1";
            self.run(update, params![self.id, int(line.seq), who, self.at.0])?;
        }
        match &recorded.event {
            Event::MindSpoke { step, .. } => match step.get() {
                Some(MindStep::Understood(understood)) => {
                    let feeling = understood.feeling;
                    self.run("UPDATE desk SET feeling = ?2, slope = ?3 WHERE id = ?1", params![self.id, feeling.last, feeling.slope])
                }
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Where in the log it stands: facts about the customer, the message of a turn.
    fn known(&self, recorded: &Recorded) -> rusqlite::Result<()> {
        let seq = int(recorded.seq);
        match &recorded.event {
            Event::CallAnswered { tool, released: Some(_), .. } => {
                let insert = "INSERT INTO desk_answers (conversation, tool, seq) VALUES (?1, ?2, ?3)
                              ON CONFLICT DO UPDATE SET seq = excluded.seq";
                self.run(insert, params![self.id, tool, seq])
            }
            Event::MessageReceived { message, by: Speaker::Customer, .. } => {
                self.run("INSERT INTO desk_messages (message, seq) VALUES (?1, ?2) ON CONFLICT DO NOTHING", params![message.as_str(), seq])
            }
            Event::TurnOpened { turn, message, .. } => {
                let insert =
                    "INSERT INTO desk_turns (opened, turn, said) VALUES (?1, ?2, (SELECT seq FROM desk_messages WHERE message = ?3))";
                let message = message.as_ref().map(|message| message.as_str());
                self.run(insert, params![int(recorded.position.0), turn.as_str(), message])
            }
            _ => Ok(()),
        }
    }

    /// Who has it, and since when the customer waits.
    fn people(&self, event: &Event) -> rusqlite::Result<()> {
        match event {
            Event::SessionChanged { session, .. } => {
                let customer = session.customer.as_ref().map(|customer| customer.id.as_str());
                let update = "UPDATE desk SET level = ?2, customer = coalesce(?3, customer) WHERE id = ?1";
                self.run(update, params![self.id, session.level.as_str(), customer])
            }
            Event::MessageReceived { by: Speaker::Customer, .. } | Event::PersonAsked { .. } => {
                self.run("UPDATE desk SET wait_since = coalesce(wait_since, ?2) WHERE id = ?1", params![self.id, self.at.0])
            }
            Event::MessageReceived { by: Speaker::Agent, .. } => {
                self.run("UPDATE desk SET wait_since = NULL, due = NULL WHERE id = ?1", [self.id])
            }
            Event::ReplyClosed { status, .. } if *status != ReplyStatus::HandedOver => {
                self.run("UPDATE desk SET wait_since = NULL WHERE id = ?1", [self.id])
            }
            Event::StateChanged { state, .. } => {
                let update = "UPDATE desk SET own_state = ?2, state = iif(merged_into IS NULL, ?2, state), last_at = ?3, snoozed_until = iif(?2 = 'snoozed', snoozed_until, NULL),
                              wait_since = iif(?4, NULL, wait_since) WHERE id = ?1";
                self.run(update, params![self.id, state.as_str(), self.at.0, *state == ConversationState::Resolved])
            }
            Event::Snoozed { until, .. } => self.run("UPDATE desk SET snoozed_until = ?2 WHERE id = ?1", params![self.id, until.0]),
            Event::NoteWritten { .. } => self.run("UPDATE desk SET last_at = ?2 WHERE id = ?1", params![self.id, self.at.0]),
            _ => Ok(()),
        }
    }

    /// What has ended it, and what follows.
    fn ending(&self, event: &Event) -> rusqlite::Result<()> {
        match event {
            Event::ConversationClosed {} => self.run("UPDATE desk SET closed = 1 WHERE id = ?1", [self.id]),
            Event::ConversationSucceeded { successor } => {
                self.run("UPDATE desk SET successor = ?2 WHERE id = ?1", [self.id, successor.as_str()])
            }
            Event::ConversationFollowed { earlier } => self.run("UPDATE desk SET earlier = ?2 WHERE id = ?1", [self.id, earlier.as_str()]),
            Event::ConversationMerged { into, by, .. } => {
                let update = "UPDATE desk SET state = 'merged', merged_into = ?2, merged_by = ?3, merged_at = ?4 WHERE id = ?1";
                self.run(update, params![self.id, into.as_str(), by.as_str(), self.at.0])
            }
            Event::ConversationUnmerged { .. } => {
                let update = "UPDATE desk SET state = own_state, merged_into = NULL, merged_by = NULL, merged_at = NULL WHERE id = ?1";
                self.run(update, [self.id])
            }
            _ => Ok(()),
        }
    }

    fn handoff(&self, event: &Event) -> rusqlite::Result<()> {
        match event {
            Event::Escalated { reason, .. } => self.run("UPDATE desk SET reason = ?2 WHERE id = ?1", params![self.id, reason]),
            Event::HandoffOffered { queue, to, reason, wait_since, due, .. } => {
                let update =
                    "UPDATE desk SET queue = ?2, offered_to = ?3, reason = ?4, wait_since = ?5, due = ?6, owner = NULL, last_at = ?7
                              WHERE id = ?1";
                let due = due.map(|due| due.0);
                let to = to.as_ref().map(|to| to.as_str());
                self.run(update, params![self.id, queue, to, reason, wait_since.0, due, self.at.0])
            }
            Event::HandoffAccepted { by, .. } => {
                let update = "UPDATE desk SET owner = ?2, offered_to = NULL, last_at = ?3 WHERE id = ?1";
                self.run(update, params![self.id, by.as_str(), self.at.0])
            }
            Event::HandoffFailed { queue, .. } => {
                self.run("UPDATE desk SET queue = ?2, offered_to = NULL WHERE id = ?1", params![self.id, queue])
            }
            Event::HandoffPassed { to, queue, wait_since, due, .. } => {
                let update =
                    "UPDATE desk SET queue = ?2, offered_to = ?3, wait_since = ?4, due = ?5, owner = NULL, last_at = ?6 WHERE id = ?1";
                let due = due.map(|due| due.0);
                self.run(update, params![self.id, queue, to.as_ref().map(|to| to.as_str()), wait_since.0, due, self.at.0])
            }
            Event::HandoffEnded { .. } => {
                let update = "UPDATE desk SET owner = NULL, offered_to = NULL, queue = NULL, due = NULL, wait_since = NULL, last_at = ?2
                              WHERE id = ?1";
                self.run(update, params![self.id, self.at.0])
            }
            _ => Ok(()),
        }
    }

    fn run(&self, sql: &str, params: impl Params) -> rusqlite::Result<()> {
        self.views.prepare_cached(sql)?.execute(params).map(drop)
    }
}

/// A count as SQLite stores it.
fn int(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
