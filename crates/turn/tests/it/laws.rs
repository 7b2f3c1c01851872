//! What must hold in every schedule, whatever the mind says, the backend does and the driver loses.

use crate::backend::Backend;
use crate::company::{CUSTOMER, MINDS, house};
use patchbay_core::action::ProposedAction;
use patchbay_core::declare::{Confirm, Confirmer};
use patchbay_core::event::{Recorded, Settled};
use patchbay_core::id::{ActionId, AskId, CallId};
use patchbay_core::words::{CallOutcome, ConversationState, ReplyStatus};
use patchbay_core::{Event, Value};
use patchbay_turn::{Answer, CallStart, Cause, Opening};
use std::collections::{BTreeMap, BTreeSet};

/// What was observed from outside.
#[derive(Default)]
pub(crate) struct Laws {
    /// Writes by id: tool and order.
    writes: BTreeMap<ActionId, (String, String)>,
    /// What was shown in an earlier turn, and the digests a customer has said yes to.
    shown: BTreeMap<ActionId, String>,
    yes: BTreeMap<ActionId, String>,
    /// Writes that have left, in this turn.
    sent: Vec<ActionId>,
    /// Writes that the backend has said yes to.
    good: BTreeSet<ActionId>,
    /// Writes with a timer to look after them.
    looked_after: BTreeSet<ActionId>,
    purposes: BTreeMap<CallId, String>,
    reads: BTreeMap<CallId, usize>,
    asks: BTreeSet<AskId>,
}

impl Laws {
    pub(crate) fn proposed_before(&mut self, action: &ProposedAction) {
        self.note(action);
        self.shown.insert(action.id.clone(), action.digest.clone());
    }

    pub(crate) fn confirmed_before(&mut self, action: &ProposedAction) {
        self.yes.insert(action.id.clone(), action.digest.clone());
    }

    pub(crate) fn sent_before(&mut self, action: &ProposedAction) {
        self.looked_after.insert(action.id.clone());
    }

    fn note(&mut self, action: &ProposedAction) {
        let order = action.args.get("order_id").and_then(Value::as_text).unwrap_or_default();
        self.writes.insert(action.id.clone(), (action.tool.clone(), order.to_owned()));
    }

    pub(crate) fn asked(&mut self, ask: &AskId) {
        self.asks.insert(ask.clone());
    }

    /// Something was recorded: what it says about the world must be true now.
    pub(crate) fn recorded(&mut self, event: &Event, backend: &Backend) {
        match event {
            Event::CallStarted { call, purpose, .. } => drop(self.purposes.insert(call.clone(), purpose.clone())),
            Event::ActionProposed { action, .. } => self.note(action.get().unwrap()),
            Event::ActionSettled { id, outcome, verified, .. } => {
                let (tool, order) = &self.writes[id];
                let shows = backend.shows(tool, order);
                assert!(*outcome != Settled::Done || shows || self.good.contains(id), "done without a good answer: {id}");
                assert!(*verified != Some(true) || shows, "proven by nothing: {id}");
                if *outcome == Settled::Done || *outcome == Settled::Failed {
                    self.looked_after.remove(id);
                }
            }
            _ => {}
        }
    }

    /// A call leaves the house.
    pub(crate) fn started(&mut self, start: &CallStart, log: &[Recorded]) {
        for args in start.admitted.calls() {
            assert!(args.get("customer_id").is_none_or(|id| id == CUSTOMER), "identity from elsewhere");
        }
        let Some(action) = &start.operation_id else {
            if self.is_read(&start.call) {
                self.reads.insert(start.call.clone(), start.admitted.calls().len());
            }
            return;
        };
        assert!(!self.sent.contains(action), "sent twice: {action}");
        self.sent.push(action.clone());
        let events = || log.iter().map(|recorded| &recorded.event);
        let claimed = events().any(|event| matches!(event, Event::ActionClaimed { id, .. } if id == action));
        assert!(claimed, "sent without a claim: {action}");
        let shown = events().find_map(|event| match event {
            Event::ActionProposed { id, digest, .. } if id == action => Some(digest),
            _ => None,
        });
        assert_eq!(shown.or(self.shown.get(action)).map(String::as_str), Some(start.admitted.digest()), "not what was shown: {action}");
        let asked = matches!(&house().company.tools[&start.tool].confirm, Confirm::By(people) if people.contains(&Confirmer::Customer));
        let yes = self.yes.get(action).map(String::as_str);
        assert!(!asked || yes == Some(start.admitted.digest()), "sent without a yes to exactly this: {action}");
        let confirmed = events().any(|event| matches!(event, Event::ActionConfirmed { id, .. } if id == action));
        assert!(asked || confirmed, "sent without a recorded confirmation: {action}");
    }

    pub(crate) fn executed(&mut self, action: &ActionId, answer: &Answer) {
        if answer.outcome == CallOutcome::Ok {
            self.good.insert(action.clone());
        }
    }

    pub(crate) fn looked_after(&mut self, action: ActionId) {
        self.looked_after.insert(action);
    }

    /// What was not durable never happened: neither did calls of it, but a call in the log may have been made.
    pub(crate) fn crashed(&mut self, log: &[Recorded]) {
        let kept: BTreeSet<&CallId> = log
            .iter()
            .filter_map(|recorded| match &recorded.event {
                Event::CallStarted { call, .. } => Some(call),
                _ => None,
            })
            .collect();
        self.reads.retain(|call, _| kept.contains(call));
        self.purposes.retain(|call, _| kept.contains(call));
        let asked = |ask: &AskId| log.iter().any(|recorded| matches!(&recorded.event, Event::MindAsked { ask: kept, .. } if kept == ask));
        self.asks.retain(asked);
    }

    /// May this call be lost without harm?
    pub(crate) fn is_read(&self, call: &CallId) -> bool {
        !matches!(self.purposes.get(call).map(String::as_str), Some("execute" | "verify"))
    }

    /// The whole turn is in the log.
    pub(crate) fn hold(&self, log: &[Recorded], opening: &Opening) {
        let events: Vec<&Event> = log.iter().map(|recorded| &recorded.event).collect();
        self.ends_once(&events);
        parts_are_numbered(&events);
        silent_after_takeover(&events);
        handed_over_once(&events);
        self.writes_are_accounted_for(&events, opening);
        let reads: usize = self.reads.values().sum();
        assert!(reads <= 24, "{reads} reads");
        assert!(self.asks.len() <= 8 * MINDS, "{} questions to minds", self.asks.len());
        let mut answered = BTreeSet::new();
        for event in &events {
            if let Event::CallAnswered { call, .. } = event {
                assert!(answered.insert(call), "answered twice: {call}");
            }
        }
        assert!(answered.len() <= 24 + 6 * self.sent.len().max(1), "{} calls in the log", answered.len());
    }

    fn ends_once(&self, events: &[&Event]) {
        let ends = events.iter().filter(|event| matches!(event, Event::ReplyClosed { .. } | Event::ReplyCut { .. })).count();
        assert_eq!(ends, 1, "ends of the reply");
        assert!(matches!(events.last(), Some(Event::ReplyClosed { .. } | Event::ReplyCut { .. } | Event::StateChanged { .. })));
        let status = events.iter().find_map(|event| match event {
            Event::ReplyClosed { status, .. } => Some(*status),
            _ => None,
        });
        let done = events.iter().any(|event| matches!(event, Event::ActionSettled { outcome: Settled::Done, .. }));
        assert!(status != Some(ReplyStatus::Done) || done, "said to be done, and nothing is");
        let proposed = events.iter().any(|event| matches!(event, Event::ActionProposed { .. }));
        assert!(status != Some(ReplyStatus::Proposing) || proposed);
    }

    /// Every write that was claimed is settled, or shown as unknown and looked after; every yes came to something.
    fn writes_are_accounted_for(&self, events: &[&Event], opening: &Opening) {
        let settled = |action: &ActionId| {
            events.iter().find_map(|event| match event {
                Event::ActionSettled { id, outcome, .. } if id == action => Some(*outcome),
                _ => None,
            })
        };
        let cancelled = |action: &ActionId| events.iter().any(|event| matches!(event, Event::ActionCancelled { id, .. } if id == action));
        let to_people = events.iter().any(|event| matches!(event, Event::Escalated { .. } | Event::ReplyCut { .. }));
        let mut due: BTreeSet<&ActionId> = self.sent.iter().collect();
        for event in events {
            match event {
                Event::ActionClaimed { id, .. } | Event::ActionConfirmed { id, .. } => drop(due.insert(id)),
                Event::ActionCancelled { id, .. } => assert!(self.writes.contains_key(id), "cancelled and never shown: {id}"),
                _ => {}
            }
        }
        if let Cause::Confirmed { action, .. } | Cause::Settle { action, .. } = &opening.cause {
            due.insert(&action.id);
        }
        for action in due {
            match settled(action) {
                Some(Settled::Done | Settled::Failed) => {}
                Some(Settled::Unknown) => {
                    assert!(
                        self.looked_after.contains(action) || to_people || opening.silent,
                        "unknown, and nobody looks after it: {action}"
                    );
                }
                None => assert!(cancelled(action) && !self.sent.contains(action), "neither settled nor cancelled: {action}"),
            }
        }
    }
}

fn parts_are_numbered(events: &[&Event]) {
    let parts: Vec<u32> = events
        .iter()
        .filter_map(|event| match event {
            Event::PartReleased { part, .. } => Some(*part),
            _ => None,
        })
        .collect();
    let expected: Vec<u32> = (1..).take(parts.len()).collect();
    assert_eq!(parts, expected, "numbers of parts");
}

/// One handoff at most; nothing is asked or said beside it; who pressed the button gets a person.
fn handed_over_once(events: &[&Event]) {
    let offers: Vec<usize> =
        events.iter().enumerate().filter(|(_, event)| matches!(event, Event::HandoffOffered { .. })).map(|(n, _)| n).collect();
    assert!(offers.len() <= 1, "{} handoffs of one turn", offers.len());
    let taken = events.iter().any(|event| matches!(event, Event::StateChanged { state: ConversationState::Open, .. }));
    let pressed = events.iter().any(|event| matches!(event, Event::PersonAsked { .. }));
    assert!(!pressed || taken || offers.len() == 1, "the button was pressed, and nobody was asked");
    let Some(offered) = offers.first() else { return };
    assert!(!events.iter().any(|event| matches!(event, Event::QuestionAsked { .. })), "asked and handed over");
    assert!(events[..*offered].iter().any(|event| matches!(event, Event::PartReleased { .. })), "handed over without a word");
    let said = events[*offered..].iter().any(|event| matches!(event, Event::PartReleased { .. }));
    assert!(!said, "said after handing over");
}

fn silent_after_takeover(events: &[&Event]) {
    let taken = |event: &&Event| matches!(event, Event::StateChanged { state: ConversationState::Open, .. });
    let Some(at) = events.iter().position(taken) else { return };
    let shown = events[at..]
        .iter()
        .find(|event| matches!(event, Event::PartReleased { .. } | Event::QuestionAsked { .. } | Event::ActionProposed { .. }));
    assert!(shown.is_none(), "said after a takeover: {shown:?}");
}
