//! What the customer said and did, and what came of each step.

use super::CannotCopy;
use super::disguise::Disguise;
use crate::heard::plain;
use crate::seen::Seen;
use patchbay_core::Timestamp;
use patchbay_core::declare::Company;
use patchbay_core::event::{Event, Recorded, TurnCause};
use patchbay_core::id::MessageId;
use patchbay_core::mind::Speaker;
use std::collections::BTreeMap;

/// One step with its expectations, as keys and values of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) at: Timestamp,
    pub(super) does: Does,
    pub(super) expect: Vec<(&'static str, Expected)>,
}

/// What the customer did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Does {
    Says(String),
    Picks(String),
    Decides(bool),
}

/// What an expectation holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expected {
    Word(String),
    List(Vec<String>),
    Proposal { tool: String, args: BTreeMap<String, serde_json::Value> },
    Count(usize),
}

impl Step {
    /// The words the test is named after.
    pub(super) fn words(&self) -> &str {
        match &self.does {
            Does::Says(words) | Does::Picks(words) => words,
            Does::Decides(_) => "decides on a card",
        }
    }

    /// Shows what is about somebody in the arguments of a proposal.
    pub(super) fn learned_by(&self, disguise: &mut Disguise) {
        for (_, expected) in &self.expect {
            if let Expected::Proposal { args, .. } = expected {
                args.iter().for_each(|(name, value)| disguise.learn(name, value));
            }
        }
    }

    /// Replaces it, in the words as well.
    pub(super) fn put_on(&mut self, disguise: &mut Disguise) {
        match &mut self.does {
            Does::Says(words) | Does::Picks(words) => *words = disguise.text(words),
            Does::Decides(_) => {}
        }
        for (_, expected) in &mut self.expect {
            if let Expected::Proposal { args, .. } = expected {
                args.values_mut().for_each(|value| *value = disguise.json(value));
            }
        }
    }
}

/// A message of the customer that no turn has taken up so far.
struct Written {
    id: MessageId,
    does: Does,
}

/// Every step, in order.
pub(super) fn steps(events: &[Recorded], company: &Company) -> Result<Vec<Step>, CannotCopy> {
    let mut steps: Vec<(Step, Vec<Recorded>)> = Vec::new();
    let mut written: Vec<Written> = Vec::new();
    for recorded in events {
        match &recorded.event {
            // Files without a word: a test has nothing to say for them.
            Event::MessageReceived { by: Speaker::Customer, text, files, .. }
                if !files.is_empty() && text.get().is_some_and(String::is_empty) => {}
            Event::MessageReceived { message, by: Speaker::Customer, text, picked, .. } => {
                let does = match picked {
                    Some(value) => Does::Picks(value.get().ok_or(CannotCopy::Forgotten)?.clone()),
                    None => Does::Says(text.get().ok_or(CannotCopy::Forgotten)?.clone()),
                };
                written.push(Written { id: message.clone(), does });
            }
            Event::TurnOpened { message, cause, .. } => {
                let said = message.as_ref().and_then(|id| take(&mut written, id));
                let does = said.or(match cause {
                    TurnCause::Confirmed { by } if by == "customer" => Some(Does::Decides(true)),
                    TurnCause::Declined => Some(Does::Decides(false)),
                    _ => None,
                });
                steps.extend(does.map(|does| (Step { at: recorded.at, does, expect: Vec::new() }, Vec::new())));
            }
            Event::MessageJoined { message, .. } => {
                if let (Some(Does::Says(more)), Some((step, _))) = (take(&mut written, message), steps.last_mut())
                    && let Does::Says(words) = &mut step.does
                {
                    words.push('\n');
                    words.push_str(&more);
                }
            }
            _ => {}
        }
        if let Some((_, seen)) = steps.last_mut() {
            seen.push(recorded.clone());
        }
    }
    let judged = steps.into_iter().map(|(step, events)| Step { expect: expectations(&events, company), ..step });
    Ok(judged.collect())
}

fn take(written: &mut Vec<Written>, id: &MessageId) -> Option<Does> {
    let at = written.iter().position(|written| written.id == *id)?;
    Some(written.remove(at).does)
}

/// What came of a step: how the reply ended, what was called, asked, proposed, done, refused.
fn expectations(events: &[Recorded], company: &Company) -> Vec<(&'static str, Expected)> {
    let seen = Seen { reply: None, events, heard: &[] };
    let word = |word: &str| Expected::Word(word.to_owned());
    let mut expect = Vec::new();
    let mut closed = false;
    for recorded in events {
        match &recorded.event {
            Event::ReplyClosed { status, refusal, .. } if !closed => {
                closed = true;
                expect.push(("status", word(status.as_str())));
                expect.extend(refusal.iter().map(|(code, _)| ("refusal", word(code.as_str()))));
            }
            Event::QuestionAsked { question, .. } => expect.extend(question.get().map(|question| ("question", word(&question.slot)))),
            Event::ActionProposed { action, tool, .. } => {
                let args = action.get().map(|action| action.args.iter().map(|(name, value)| (name.clone(), value.to_json())).collect());
                expect.push(("proposes", Expected::Proposal { tool: tool.clone(), args: args.unwrap_or_default() }));
            }
            Event::Escalated { reason, .. } => expect.push(("reason", word(reason))),
            _ => {}
        }
    }
    let calls = seen.calls(company);
    if !calls.is_empty() {
        expect.push(("calls", Expected::List(calls.into_iter().map(str::to_owned).collect())));
    }
    expect.extend(seen.outcome().map(|outcome| ("outcome", word(outcome))));
    if seen.audit() > 0 {
        expect.push(("audit", Expected::Count(seen.audit())));
    }
    expect.sort_by_key(|(key, _)| KEYS.iter().position(|known| known == key));
    expect.dedup_by_key(|(key, _)| *key);
    expect
}

/// The order in which expectations are written.
const KEYS: [&str; 8] = ["status", "question", "proposes", "refusal", "reason", "calls", "outcome", "audit"];

/// An argument as it is expected: plain where that says everything.
pub(super) fn shown(value: &serde_json::Value) -> String {
    plain(value)
}
