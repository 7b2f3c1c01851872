//! Why a conversation went to people, or a person was offered: each decision made again from what was stored with it.

use crate::{Refused, Service};

use patchbay_core::event::{Event, Recorded};
use patchbay_core::id::{ConversationId, TurnId};
use patchbay_core::mind::MindStep;
use patchbay_core::reply::WANTS_PERSON;
use patchbay_core::words::RefusalCode;
use patchbay_core::{Personal, Timestamp, Value};
use patchbay_turn::House;
use serde::Serialize;
use std::collections::BTreeMap;

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// People should have the conversation.
    HandedOver,
    /// The customer should be offered a person.
    Offered,
}

impl Decision {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HandedOver => "handed_over",
            Self::Offered => "offered",
        }
    }
}

/// One decision to hand over, or to offer a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Why {
    /// What was decided.
    pub decision: Decision,
    /// The turn that decided.
    pub turn: TurnId,
    /// When.
    pub at: Timestamp,
    /// The reason's word.
    pub reason: String,
    /// The trigger as it stood in the configuration, when one decided.
    pub rule: Option<String>,
    /// The values it saw.
    pub evidence: BTreeMap<String, String>,
    /// Digest of the configuration it was made under.
    pub config: Option<String>,
    /// Is that the configuration in force now?
    pub current: bool,
    /// Does the stored input lead to the same decision again?
    pub reproduced: bool,
    /// What that was made from, or why it could not be.
    pub basis: String,
}

impl Service {
    /// Why a conversation went to people, oldest first. Each rule is evaluated again over the values that were stored with its
    /// decision; what was no rule's decision is looked up in the log of its turn.
    ///
    /// # Errors
    /// When there is no such conversation, or the log cannot be read.
    pub async fn why(&self, conversation: &ConversationId) -> Result<Vec<Why>, Refused> {
        let events = self.stream_of(conversation).await?;
        if events.is_empty() {
            return Err(Refused::NotFound);
        }
        Ok(explain(&events, &self.house().digest))
    }
}

/// Every escalation of a stream, decided again.
#[must_use]
pub fn explain(events: &[Recorded], digest: &str) -> Vec<Why> {
    let each = events.iter().filter_map(|recorded| match &recorded.event {
        Event::Escalated { turn, reason, rule, evidence, config, seen } => {
            let seen = seen.as_ref().and_then(|seen| seen.get());
            let (reproduced, basis) = match rule {
                Some(rule) => by_rule(rule, seen),
                None => by_log(events, turn, evidence),
            };
            let current = config.as_deref() == Some(digest);
            let (turn, reason, rule, evidence, config) = (turn.clone(), reason.clone(), rule.clone(), evidence.clone(), config.clone());
            let decision = Decision::HandedOver;
            Some(Why { decision, turn, at: recorded.at, reason, rule, evidence, config, current, reproduced, basis })
        }
        Event::PersonOffered { turn, reason, rule, evidence, config, seen } => {
            let (reproduced, basis) = by_rule(rule, seen.get());
            let current = config == digest;
            let (turn, reason, rule, evidence) = (turn.clone(), reason.clone(), Some(rule.clone()), evidence.clone());
            let (decision, config) = (Decision::Offered, Some(config.clone()));
            Some(Why { decision, turn, at: recorded.at, reason, rule, evidence, config, current, reproduced, basis })
        }
        _ => None,
    });
    each.collect()
}

fn by_rule(rule: &str, seen: Option<&BTreeMap<String, Value>>) -> (bool, String) {
    let Some(seen) = seen else { return (false, "the values the rule saw are not stored any more".to_owned()) };
    match House::would_trigger(rule, seen) {
        Some(true) => (true, "the rule holds over the stored values".to_owned()),
        Some(false) => (false, "the rule does not hold over the stored values".to_owned()),
        None => (false, "the rule cannot be read any more".to_owned()),
    }
}

/// A decision without a rule: a mind's, the button's, a failure's. The log of its turn shows what made it.
fn by_log(events: &[Recorded], turn: &TurnId, evidence: &BTreeMap<String, String>) -> (bool, String) {
    let of_turn = |event: &&Recorded| event.event.turn().is_some_and(|of| of == turn);
    let shows = |test: &dyn Fn(&Event) -> bool| events.iter().filter(of_turn).any(|event| test(&event.event));
    let said_by = evidence.get("said_by").map(String::as_str);
    let asked_by = evidence.get("asked_by").map(String::as_str);
    let found = |what: &str, there: bool| {
        let basis = if there { format!("the log shows {what}") } else { format!("the log does not show {what}") };
        (there, basis)
    };
    if said_by == Some("mind") {
        let said = shows(&|event| matches!(event, Event::MindSpoke { step, .. } if matches!(step.get(), Some(MindStep::HandOver { .. }))));
        return found("that the mind asked for it", said);
    }
    if asked_by == Some("button") {
        return found("that the customer pressed the button", shows(&|event| matches!(event, Event::PersonAsked { .. })));
    }
    if asked_by == Some("choice") {
        return found("that the customer chose a person", chose_person(events, turn));
    }
    if evidence.contains_key("limit") {
        let limit = |event: &Event| matches!(event, Event::CallAnswered { refusal: Some(RefusalCode::Limit), .. });
        return found("that a limit was used up", shows(&limit));
    }
    if evidence.contains_key("failure") {
        return found("that every mind failed", shows(&|event| matches!(event, Event::MindFailed { .. })));
    }
    if evidence.contains_key("deadline") {
        return found(
            "that the turn ran out of time",
            shows(&|event| matches!(event, Event::TurnTimerFired { timer, .. } if timer == "last")),
        );
    }
    if let Some(action) = evidence.get("unknown_write") {
        let unknown = |event: &Recorded| matches!(&event.event, Event::ActionSettled { id, outcome: patchbay_core::event::Settled::Unknown, .. } if id.as_str() == action);
        return found("that nobody knows what the write did", events.iter().any(unknown));
    }
    if evidence.contains_key("tool") {
        return found("that a write waits for approval", shows(&|event| matches!(event, Event::ApprovalAsked { .. })));
    }
    if let Some(most) = evidence.get("calls").and_then(|most| most.parse::<usize>().ok()) {
        let calls = events
            .iter()
            .filter(of_turn)
            .filter(|event| matches!(event.event, Event::CallAnswered { .. } | Event::CallStarted { .. }))
            .count();
        return found("that the turn used up its calls", calls + 1 >= most);
    }
    if let Some(most) = evidence.get("rounds").and_then(|most| most.parse::<usize>().ok()) {
        let asks = events.iter().filter(of_turn).filter(|event| matches!(event.event, Event::MindAsked { .. })).count();
        return found("that the turn used up its rounds", asks >= most);
    }
    (false, "nothing stored says what decided".to_owned())
}

/// Did the message of this turn choose a person?
fn chose_person(events: &[Recorded], turn: &TurnId) -> bool {
    let opened = events.iter().find_map(|event| match &event.event {
        Event::TurnOpened { turn: of, message, .. } if of == turn => message.as_ref(),
        _ => None,
    });
    let chose = |picked: &Option<Personal<String>>| {
        let picked = picked.as_ref().and_then(|picked| picked.get());
        picked.is_some_and(|picked| picked == WANTS_PERSON)
    };
    events
        .iter()
        .any(|event| matches!(&event.event, Event::MessageReceived { message, picked, .. } if Some(message) == opened && chose(picked)))
}
