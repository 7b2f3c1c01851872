//! Writes: previewed on fresh reads, proposed, confirmed, claimed, sent at most once, read back, settled.

use crate::Effect;
use crate::input::{Answer, Cause, Timer};
use crate::turn::{HandOver, Turn};
use crate::wish::Purpose;
use patchbay_core::action::{self, ActionState, ProposedAction};
use patchbay_core::declare::{Confirmer, Idempotency, Tool};
use patchbay_core::event::Settled;
use patchbay_core::id::{ActionId, StaffId};
use patchbay_core::words::{CallOutcome, RefusalCode};
use patchbay_core::{Event, Value};
use patchbay_gate::{Admission, Admitted, Confirmed};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long a yes counts.
const PROPOSAL_LASTS: Duration = Duration::from_secs(600);
/// How often an effect that does not show yet is read back, and the pauses before it: a backend may take a moment to show its own write.
const READ_BACK_PAUSES: [Duration; 2] = [Duration::from_millis(400), Duration::from_millis(1600)];
/// When a write whose effect stayed unknown is looked after, counted from the moment before.
const LOOK_AFTER: [Duration; 3] = [Duration::from_secs(5), Duration::from_secs(15), Duration::from_secs(35)];

/// Where a write of this turn stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stage {
    /// Its needs are being read, fresh.
    Needs,
    /// It is being looked up whether the same write is already under way.
    LookingUp(Box<ProposedAction>, Admitting),
    /// It waits for a yes; the turn ends with it.
    Proposed,
    /// It is being claimed, durably and alone.
    Claiming(Box<ProposedAction>, Admitted),
    /// It has left the house.
    Sent(Box<ProposedAction>),
    /// Its effect is being read back.
    ReadingBack(Box<ProposedAction>, ReadBack),
    /// Its effect is settled.
    Settled(Option<bool>),
}

/// Is the write admitted already, because nobody has to confirm it?
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Admitting {
    Already(Admitted),
    AfterConfirmation,
}

/// How far the reading back is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReadBack {
    /// Did the backend itself say that it did it?
    acknowledged: bool,
    /// How often the effect was looked for.
    tries: usize,
}

impl Stage {
    /// May the write have, or come to have, an effect?
    pub(crate) fn in_flight(&self) -> bool {
        matches!(self, Self::Claiming(..) | Self::Sent(_) | Self::ReadingBack(..))
    }

    /// Did the backend's own state prove the effect?
    pub(crate) fn verified(&self) -> Option<bool> {
        match self {
            Self::Settled(verified) => *verified,
            _ => None,
        }
    }
}

impl Turn {
    /// The customer said yes: the needs are read again, and the gate decides on what is true now.
    pub(crate) fn execute_confirmed(&mut self, action: ProposedAction) {
        let needs = self.house.tool(&action.tool).map(|tool| tool.needs.clone()).unwrap_or_default();
        self.plan(action.wish, &action.tool, action.args.clone(), needs.clone(), needs, Some(Stage::Needs));
        self.executing = Some(action);
    }

    /// A write whose effect is not known is settled by retry where the backend recognises it, otherwise by reading back.
    pub(crate) fn settle(&mut self, action: ProposedAction) {
        let Some(tool) = self.house.tool(&action.tool) else {
            self.hand_over = Some(HandOver::because("backend_down", "unknown_write", &action.id));
            return;
        };
        if tool.idempotency == Idempotency::None {
            let (name, args, number) = (action.tool.clone(), action.args.clone(), action.wish);
            self.plan(number, &name, args, Vec::new(), Vec::new(), Some(Stage::Sent(Box::new(action.clone()))));
            self.name_action(number, &action.id);
            self.look_back(number, action, ReadBack { acknowledged: false, tries: READ_BACK_PAUSES.len() });
        } else {
            self.execute_confirmed(action);
        }
    }

    /// Is this wish the write that the turn looks after?
    pub(crate) fn settling(&self, number: u32) -> bool {
        matches!(&self.opening.cause, Cause::Settle { action, .. } if action.wish == number)
    }

    /// The gate decides on a write whose needs have just answered.
    pub(crate) fn preview(&mut self, number: u32) {
        let Some(tool) = self.wishes.get(&number).map(|wish| wish.name.clone()) else { return };
        let confirming = self.executing.clone().filter(|action| action.wish == number);
        let confirmed = confirming.as_ref().map(|action| Confirmed { digest: action.digest.clone(), by: self.confirmed_by() });
        let admission = self.admit_confirmed(number, &tool, confirmed.as_ref());
        if let Some(action) = confirming {
            self.name_action(number, &action.id);
            self.decide_confirmed(number, action, admission);
            return;
        }
        match admission {
            Admission::Admitted(admitted) => {
                let digest = admitted.digest().to_owned();
                self.look_up(number, Vec::new(), digest, Admitting::Already(admitted));
            }
            Admission::NeedsConfirmation { confirmers, digest } => {
                self.look_up(number, confirmers, digest, Admitting::AfterConfirmation);
            }
            other => self.not_admitted(number, &tool, other),
        }
    }

    /// Who has said yes: the customer, and where a person of the staff did, both. Staff approve what the customer wants already, or
    /// act for them at the desk; who it was stands in the log.
    fn confirmed_by(&self) -> Vec<Confirmer> {
        match &self.opening.cause {
            Cause::Confirmed { by, .. } if StaffId::parse(by).is_some() => vec![Confirmer::Customer, Confirmer::Agent],
            _ => vec![Confirmer::Customer],
        }
    }

    fn decide_confirmed(&mut self, number: u32, action: ProposedAction, admission: Admission) {
        let settling = self.settling(number);
        match admission {
            Admission::Admitted(admitted) => self.claim(number, action, admitted),
            _ if settling => self.look_back(number, action, ReadBack { acknowledged: false, tries: READ_BACK_PAUSES.len() }),
            Admission::NeedsConfirmation { .. } => {
                let tool = action.tool.clone();
                self.executing = None;
                self.record(Event::ApprovalAsked { id: action.id.clone(), turn: self.opening.id.clone(), tool: tool.clone() });
                self.approval_of = Some(tool.clone());
                self.end_failed(number, &tool, CallOutcome::NeedsApproval, None, None, None);
            }
            Admission::Refused { code: RefusalCode::ConfirmationMismatch, .. } => {
                self.cancel_action(&action.id, "object_changed");
                self.release_text("object_changed", BTreeMap::new());
                self.executing = None;
                if let Some(wish) = self.wishes.get_mut(&number) {
                    wish.action = None;
                }
                self.preview(number);
            }
            other => self.not_admitted(number, &action.tool, other),
        }
    }

    fn not_admitted(&mut self, number: u32, tool: &str, admission: Admission) {
        match admission {
            Admission::NeedsStepUp { level } => {
                let detail = Some(level.to_string());
                self.end_failed(number, tool, CallOutcome::NeedsStepUp, Some(RefusalCode::Assurance), None, detail);
            }
            Admission::Invalid { arg, detail } => {
                self.end_failed(number, tool, CallOutcome::Invalid, None, None, Some(format!("{arg}: {detail}")));
            }
            Admission::Refused { code: RefusalCode::Limit, rule, .. } => self.limit_exceeded(number, tool, rule),
            Admission::Refused { code, text, rule } => {
                self.end_failed(number, tool, CallOutcome::Refused, Some(code), text, Some(rule));
            }
            Admission::Admitted(_) | Admission::NeedsConfirmation { .. } => {}
        }
    }

    /// It was done as often as the rules allow: what goes beyond that is for people to decide.
    fn limit_exceeded(&mut self, number: u32, tool: &str, rule: String) {
        self.log_unasked(tool, CallOutcome::Refused, Some(RefusalCode::Limit), Some(rule.clone()), None);
        self.release_text("limit_exceeded", BTreeMap::new());
        self.hand_over.get_or_insert_with(|| HandOver::because("policy", "limit", &format!("{tool}: {rule}")));
        self.end_failed(number, tool, CallOutcome::Refused, Some(RefusalCode::Limit), None, Some(rule));
    }

    /// Before a write is proposed or carried out: is the same one still unsettled?
    fn look_up(&mut self, number: u32, confirmers: Vec<Confirmer>, digest: String, admitting: Admitting) {
        let action = self.compose(number, confirmers, digest);
        let sameness = self.sameness(&action);
        if let Some(wish) = self.wishes.get_mut(&number) {
            wish.write = Some(Stage::LookingUp(Box::new(action), admitting));
        }
        self.out.push(Effect::LookUp { sameness });
    }

    /// The write exactly as it would be carried out: what a yes is bound to.
    fn compose(&mut self, number: u32, confirmers: Vec<Confirmer>, digest: String) -> ProposedAction {
        let id = self.opening.id.action(self.actions);
        self.actions += 1;
        let (tool, args) = self.wishes.get(&number).map(|wish| (wish.name.clone(), wish.args.clone())).unwrap_or_default();
        let (_, facts) = self.arguments(number, &tool);
        let declared = self.house.tool(&tool);
        let seen = self.house.gate.seen(&tool, &facts);
        let extra = BTreeMap::from([("args".to_owned(), Value::Map(args.clone()))]);
        let preview = declared.and_then(|tool| tool.preview.clone());
        let effect = preview
            .and_then(|preview| self.render_with(&preview, &facts, extra))
            .or_else(|| self.render_with("confirm_preview", &facts, described(declared, &args)))
            .unwrap_or_else(|| tool.clone());
        ProposedAction {
            id,
            conversation: self.opening.conversation.clone(),
            wish: number,
            tool,
            args,
            seen,
            effect,
            confirmers,
            expires: self.now.plus(PROPOSAL_LASTS),
            digest,
        }
    }

    fn sameness(&self, action: &ProposedAction) -> String {
        action::sameness(&action.tool, &action.args, self.opening.session.customer.as_ref())
    }

    pub(crate) fn looked_up(&mut self, sameness: &str, running: Option<ActionId>) {
        let found = self.wishes.values().filter(|wish| !wish.ended).find_map(|wish| match &wish.write {
            Some(Stage::LookingUp(action, admitting)) if self.sameness(action) == sameness => {
                Some((wish.number, (**action).clone(), Some(admitting.clone())))
            }
            // The claim was lost: somebody else's is the same write.
            Some(Stage::Claiming(action, _))
                if running.as_ref().is_some_and(|winner| *winner != action.id) && self.sameness(action) == sameness =>
            {
                Some((wish.number, (**action).clone(), None))
            }
            _ => None,
        });
        let Some((number, action, admitting)) = found else { return };
        self.record(Event::WriteLookedUp { turn: self.opening.id.clone(), sameness: sameness.to_owned(), running: running.clone() });
        let Some(admitting) = admitting.filter(|_| running.is_none()) else {
            return self.too_late(number, action, running);
        };
        match admitting {
            Admitting::Already(_) if self.over_budget(1) => {
                let detail = Some("tool_budget: too many calls in one turn".to_owned());
                self.end_failed(number, &action.tool, CallOutcome::Refused, None, None, detail);
            }
            Admitting::Already(admitted) => {
                self.name_action(number, &action.id);
                self.record_proposed(&action);
                self.record(Event::ActionConfirmed { id: action.id.clone(), digest: action.digest.clone(), by: "rule".to_owned() });
                self.claim(number, action, admitted);
            }
            Admitting::AfterConfirmation if self.proposal.is_some() => {
                let detail = Some("another write waits for a yes first".to_owned());
                self.end_failed(number, &action.tool, CallOutcome::NeedsConfirmation, None, None, detail);
            }
            Admitting::AfterConfirmation => {
                self.name_action(number, &action.id);
                if let Some(wish) = self.wishes.get_mut(&number) {
                    wish.write = Some(Stage::Proposed);
                }
                self.proposal = Some(action);
            }
        }
    }

    /// The same write is still unsettled: there is no second one.
    fn too_late(&mut self, number: u32, action: ProposedAction, running: Option<ActionId>) {
        if self.settling(number) {
            return self.look_back(number, action, ReadBack { acknowledged: false, tries: READ_BACK_PAUSES.len() });
        }
        if self.writes.remove(&action.id).is_some() && self.executing.as_ref().is_none_or(|executing| executing.id != action.id) {
            self.cancel_action(&action.id, "refused");
        }
        let detail = running.map(|running| format!("{running} is the same write and not settled yet"));
        self.end_failed(number, &action.tool, CallOutcome::Unknown, None, Some("still_running".to_owned()), detail);
    }

    /// Lookups and claims that have not been decided yet.
    pub(crate) fn undecided(&self) -> Vec<Effect> {
        let undecided = |stage: &Stage| match stage {
            Stage::LookingUp(action, _) => Some(Effect::LookUp { sameness: self.sameness(action) }),
            Stage::Claiming(action, admitted) => Some(self.claiming(action, admitted)),
            _ => None,
        };
        self.wishes.values().filter(|wish| !wish.ended).filter_map(|wish| wish.write.as_ref().and_then(undecided)).collect()
    }

    fn claiming(&self, action: &ProposedAction, admitted: &Admitted) -> Effect {
        let (tool, amounts) = (action.tool.clone(), admitted.amounts());
        Effect::Claim { action: action.id.clone(), tool, sameness: self.sameness(action), amounts }
    }

    pub(crate) fn record_proposed(&mut self, action: &ProposedAction) {
        self.record(Event::ActionProposed {
            turn: self.opening.id.clone(),
            action: Box::new(patchbay_core::Personal::payload(action.clone())),
            id: action.id.clone(),
            tool: action.tool.clone(),
            digest: action.digest.clone(),
            expires: action.expires,
        });
    }

    fn claim(&mut self, number: u32, action: ProposedAction, admitted: Admitted) {
        self.writes.insert(action.id.clone(), ActionState::Confirmed);
        self.out.push(self.claiming(&action, &admitted));
        if let Some(wish) = self.wishes.get_mut(&number) {
            wish.write = Some(Stage::Claiming(Box::new(action), admitted));
        }
    }

    /// The claim was won: the write is sent, once.
    pub(crate) fn claimed(&mut self, id: &ActionId) {
        let found = self.wishes.values().filter(|wish| !wish.ended).find_map(|wish| match &wish.write {
            Some(Stage::Claiming(action, admitted)) if action.id == *id => Some((wish.number, (**action).clone(), admitted.clone())),
            _ => None,
        });
        let Some((number, action, admitted)) = found else { return };
        self.writes.insert(id.clone(), ActionState::Sent);
        let tool = action.tool.clone();
        if let Some(wish) = self.wishes.get_mut(&number) {
            wish.write = Some(Stage::Sent(Box::new(action)));
        }
        self.start_call(number, &tool, admitted, Purpose::Execute, Some(id.clone()));
    }

    /// The claim was not made: what the gate admitted would by now go beyond a limit.
    pub(crate) fn held_back(&mut self, id: &ActionId, rule: String) {
        let found = self.wishes.values().filter(|wish| !wish.ended).find_map(|wish| match &wish.write {
            Some(Stage::Claiming(action, _)) if action.id == *id => Some((wish.number, (**action).clone())),
            _ => None,
        });
        let Some((number, action)) = found else { return };
        self.record(Event::WriteHeldBack { turn: self.opening.id.clone(), id: id.clone(), rule: rule.clone() });
        if self.settling(number) {
            return self.look_back(number, action, ReadBack { acknowledged: false, tries: READ_BACK_PAUSES.len() });
        }
        // A yes that came to nothing is used up with the end of its turn.
        if self.writes.remove(id).is_some() && self.executing.as_ref().is_none_or(|executing| executing.id != *id) {
            self.cancel_action(id, "refused");
        }
        self.limit_exceeded(number, &action.tool, rule);
    }

    /// The backend answered a write, or did not.
    pub(crate) fn executed(&mut self, number: u32, answer: Answer) {
        let Some(wish) = self.wishes.get_mut(&number) else { return };
        let Some(Stage::Sent(action)) = wish.write.clone() else { return };
        if let Some(released) = answer.released {
            wish.facts.insert(action.tool.clone(), released.clone());
            self.facts.insert(action.tool.clone(), released);
        }
        let action = *action;
        match answer.outcome {
            // This try says nothing about an earlier one, which may have been carried out.
            outcome if outcome != CallOutcome::Ok && self.settling(number) => {
                self.look_back(number, action, ReadBack { acknowledged: false, tries: 0 });
            }
            CallOutcome::Ok => self.look_back(number, action, ReadBack { acknowledged: true, tries: 0 }),
            // The backend did it, even where the gate held back what it said about it.
            CallOutcome::Refused if answer.refusal.is_some() => {
                self.look_back(number, action, ReadBack { acknowledged: true, tries: 0 });
            }
            CallOutcome::Refused
            | CallOutcome::NotFound
            | CallOutcome::Invalid
            | CallOutcome::Unreachable
            | CallOutcome::BreakerOpen
            | CallOutcome::RateLimited => {
                self.settled(number, &action, Settled::Failed, None, answer.detail.clone());
                let refuse = self.house.tool(&action.tool).and_then(|tool| tool.refuse.clone());
                let refused = answer.outcome == CallOutcome::Refused;
                let code = refused.then_some(RefusalCode::Condition);
                self.ended_calls.push((action.tool.clone(), answer.outcome, true));
                self.end_failed(number, &action.tool, answer.outcome, code, refuse.filter(|_| refused), answer.detail);
            }
            _ => self.look_back(number, action, ReadBack { acknowledged: false, tries: 0 }),
        }
    }

    /// Reads back what a write did, if the tool says how.
    fn look_back(&mut self, number: u32, action: ProposedAction, state: ReadBack) {
        let read = self.house.tool(&action.tool).and_then(|tool| tool.verify.as_ref()).map(|verify| verify.read.clone());
        let admitted = read.as_ref().and_then(|read| match self.admit(number, read) {
            Admission::Admitted(admitted) => Some(admitted),
            _ => None,
        });
        match (read, admitted) {
            (Some(read), Some(admitted)) => {
                if let Some(wish) = self.wishes.get_mut(&number) {
                    wish.write = Some(Stage::ReadingBack(Box::new(action), state));
                }
                self.start_call(number, &read, admitted, Purpose::Verify, None);
            }
            _ if state.acknowledged => self.done(number, &action, None),
            _ => self.unknown(number, &action, "the backend gave no clear answer, and there is no way to read the effect back"),
        }
    }

    /// A read-back answered: either the effect shows, or it is looked for again, or nobody knows.
    pub(crate) fn read_back(&mut self, number: u32, tool: &str, answer: Answer) {
        let Some(Stage::ReadingBack(action, state)) = self.wishes.get(&number).and_then(|wish| wish.write.clone()) else { return };
        let action = *action;
        let answered = answer.released.is_some();
        if let Some(released) = answer.released {
            self.facts.insert(tool.to_owned(), released.clone());
            if let Some(wish) = self.wishes.get_mut(&number) {
                wish.facts.insert(tool.to_owned(), released);
            }
        }
        let (args, facts) = self.arguments(number, &action.tool);
        if answered && self.house.gate.verify_holds(&action.tool, &facts, &args) == Some(true) {
            self.done(number, &action, Some(true));
        } else if let Some(pause) = READ_BACK_PAUSES.get(state.tries) {
            let state = ReadBack { tries: state.tries + 1, ..state };
            if let Some(wish) = self.wishes.get_mut(&number) {
                wish.write = Some(Stage::ReadingBack(Box::new(action), state));
            }
            self.out.push(Effect::SetTimer(Timer::ReadBack(number), self.now.plus(*pause)));
        } else if state.acknowledged && !answered {
            self.done(number, &action, None);
        } else {
            self.unknown(number, &action, "the effect does not show when it is read back");
        }
    }

    pub(crate) fn read_back_again(&mut self, number: u32) {
        if let Some(Stage::ReadingBack(action, state)) = self.wishes.get(&number).and_then(|wish| wish.write.clone()) {
            self.look_back(number, *action, state);
        }
    }

    fn done(&mut self, number: u32, action: &ProposedAction, verified: Option<bool>) {
        self.settled(number, action, Settled::Done, verified, None);
        if matches!(self.opening.cause, Cause::Settle { .. }) {
            self.release_text("action_done", BTreeMap::from([("effect".to_owned(), Value::Text(action.effect.clone()))]));
        }
        self.end_wish(number, CallOutcome::Ok, None, None, None);
    }

    /// Nobody knows what the write did: it is shown as that, looked after, and in the end given to a person.
    pub(crate) fn unknown(&mut self, number: u32, action: &ProposedAction, why: &str) {
        let earlier = match &self.opening.cause {
            Cause::Settle { attempt, .. } => Some(*attempt),
            _ => None,
        };
        self.settled(number, action, Settled::Unknown, None, Some(why.to_owned()));
        let attempt = earlier.map_or(0, |attempt| attempt + 1);
        match LOOK_AFTER.get(attempt as usize) {
            Some(pause) => self.out.push(Effect::SettleAt { action: action.id.clone(), at: self.now.plus(*pause), attempt }),
            None => self.hand_over = Some(HandOver::because("backend_down", "unknown_write", &action.id)),
        }
        self.end_failed(number, &action.tool, CallOutcome::Unknown, None, None, Some(why.to_owned()));
    }

    fn settled(&mut self, number: u32, action: &ProposedAction, outcome: Settled, verified: Option<bool>, detail: Option<String>) {
        let state = match outcome {
            Settled::Done => ActionState::Done,
            Settled::Failed => ActionState::Failed,
            Settled::Unknown => ActionState::Unknown,
        };
        self.writes.insert(action.id.clone(), state);
        if let Some(wish) = self.wishes.get_mut(&number) {
            wish.write = Some(Stage::Settled(verified));
        }
        self.record(Event::ActionSettled { id: action.id.clone(), outcome, verified, detail });
        if outcome != Settled::Unknown {
            self.out.push(Effect::Unclaim { sameness: self.sameness(action) });
        }
    }

    pub(crate) fn cancel_action(&mut self, id: &ActionId, why: &str) {
        self.record(Event::ActionCancelled { id: id.clone(), why: why.to_owned() });
    }

    fn name_action(&mut self, number: u32, id: &ActionId) {
        if let Some(wish) = self.wishes.get_mut(&number) {
            wish.action = Some(id.clone());
        }
    }
}

/// What the product's own preview speaks about: the tool's description and its arguments by name.
fn described(tool: Option<&Tool>, args: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let pair = |(name, value): (&String, &Value)| {
        let name = Value::Text(name.replace('_', " "));
        Value::Map(BTreeMap::from([("name".to_owned(), name), ("value".to_owned(), value.clone())]))
    };
    BTreeMap::from([
        ("describe".to_owned(), Value::Text(tool.map(|tool| tool.describe.clone()).unwrap_or_default())),
        ("args".to_owned(), Value::List(args.iter().map(pair).collect())),
    ])
}
