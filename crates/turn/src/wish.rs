//! Wishes: what a mind asked for, planned as reads in parallel as far as needs allow.

use crate::Effect;
use crate::effect::CallStart;
use crate::input::{Answer, Timer};
use crate::proof::IDENTITY;
use crate::turn::{CALLS, HandOver, Running, Turn};
use crate::write::Stage;
use patchbay_core::declare::Access;
use patchbay_core::fact::Released;
use patchbay_core::id::ActionId;
use patchbay_core::mind::CallResult;
use patchbay_core::words::{CallOutcome, Level, RefusalCode};
use patchbay_core::{Event, Personal, Value};
use patchbay_gate::{Actor, Admission, Admitted, Request};
use std::collections::BTreeMap;
use std::time::Duration;

/// The wish that loads what is known about the customer; minds number theirs from 1.
pub(crate) const CUSTOMER: u32 = 0;
/// After how long a call without a declared `slow` text is said to take long.
const SLOW: Duration = Duration::from_secs(1);

/// What a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Wish,
    Need,
    Execute,
    Verify,
    Identify,
}

impl Purpose {
    /// Is it a part of a write that has left the house? Such a call is neither given up nor counted against the budget of reads.
    pub(crate) fn of_a_write(self) -> bool {
        matches!(self, Self::Execute | Self::Verify)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Wish => "wish",
            Self::Need => "need",
            Self::Execute => "execute",
            Self::Verify => "verify",
            Self::Identify => "identify",
        }
    }
}

/// One tool within a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    Waiting,
    Running,
    Ok,
    /// There is nothing to ask for: a fact that an argument is taken from is empty (no parcel yet, no second page).
    Nothing,
    Failed {
        outcome: CallOutcome,
        refusal: Option<RefusalCode>,
        rule_text: Option<String>,
        detail: Option<String>,
    },
}

impl Node {
    fn ended(&self) -> bool {
        matches!(self, Self::Ok | Self::Nothing | Self::Failed { .. })
    }
}

/// What a mind asked for under one number.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wish {
    pub(crate) number: u32,
    /// The tool or composition.
    pub(crate) name: String,
    pub(crate) args: BTreeMap<String, Value>,
    /// The tools whose answers are wished for.
    targets: Vec<String>,
    /// Those without which there is no answer.
    essential: Vec<String>,
    /// Every read of the plan.
    pub(crate) nodes: BTreeMap<String, Node>,
    /// What its reads released.
    pub(crate) facts: BTreeMap<String, Released>,
    /// Where a write stands; `None` for a read.
    pub(crate) write: Option<Stage>,
    /// The write's id once there is one.
    pub(crate) action: Option<ActionId>,
    pub(crate) ended: bool,
}

impl Wish {
    /// Does the turn wait for it?
    pub(crate) fn under_way(&self) -> bool {
        !self.ended && !matches!(self.write, Some(Stage::Proposed))
    }

    /// Has a write left the house without being settled?
    pub(crate) fn writing(&self) -> bool {
        !self.ended && self.write.as_ref().is_some_and(Stage::in_flight)
    }
}

impl Turn {
    /// The facts about a proven customer are loaded once per conversation, beside the mind's first thoughts.
    pub(crate) fn load_customer(&mut self) {
        let declared = &self.house.company.customer_facts;
        if declared.is_empty() || self.opening.session.external_id(self.now).is_none() {
            return;
        }
        if declared.keys().all(|name| self.opening.customer.contains_key(name)) {
            return;
        }
        let mut targets: Vec<String> = declared.values().filter_map(|path| path.split_once('.')).map(|(tool, _)| tool.to_owned()).collect();
        targets.dedup();
        self.plan(CUSTOMER, "customer", BTreeMap::new(), targets, Vec::new(), None);
    }

    /// A mind wishes for a tool or a composition.
    pub(crate) fn wish(&mut self, number: u32, name: &str, args: &BTreeMap<String, Value>) {
        if self.wishes.contains_key(&number) || self.over_budget(1) {
            return;
        }
        let known = self.house.targets(name).filter(|_| self.house.tool(name).is_none_or(|tool| tool.access != Access::Lookup));
        let Some((targets, essential)) = known.filter(|_| number != CUSTOMER && number != IDENTITY) else {
            self.refuse_unknown(number, name);
            return;
        };
        self.adopt_budget(name);
        let writes = self.house.tool(name).is_some_and(|tool| tool.access == Access::Write);
        let targets = if writes { self.house.tool(name).map(|tool| tool.needs.clone()).unwrap_or_default() } else { targets };
        let essential = if writes { targets.clone() } else { essential };
        let args = self.house.gate.written(name, args);
        self.plan(number, name, args, targets, essential, writes.then_some(Stage::Needs));
    }

    pub(crate) fn plan(
        &mut self,
        number: u32,
        name: &str,
        args: BTreeMap<String, Value>,
        targets: Vec<String>,
        essential: Vec<String>,
        write: Option<Stage>,
    ) {
        let nodes = self.house.with_needs(&targets).into_iter().map(|tool| (tool, Node::Waiting)).collect();
        let wish = Wish {
            number,
            name: name.to_owned(),
            args,
            targets,
            essential,
            nodes,
            facts: BTreeMap::new(),
            write,
            action: None,
            ended: false,
        };
        self.wishes.insert(number, wish);
    }

    /// A tool nobody declared, or one that only identity may use: the turn goes on with a refusal the mind can word.
    fn refuse_unknown(&mut self, number: u32, name: &str) {
        self.log_unasked(name, CallOutcome::Refused, Some(RefusalCode::ToolNotAllowed), None, Some("no such tool".to_owned()));
        let text = self.render("refused", &BTreeMap::new());
        self.refusal = Some((RefusalCode::ToolNotAllowed, name.to_owned()));
        self.untold.push(CallResult {
            wish: number,
            tool: name.to_owned(),
            outcome: CallOutcome::Refused,
            refusal: Some(RefusalCode::ToolNotAllowed),
            text,
            detail: Some("no such tool".to_owned()),
            action: None,
            verified: None,
            missing: BTreeMap::new(),
        });
    }

    /// Starts every read whose needs have answered, and ends every wish that has nothing left to wait for.
    pub(crate) fn start_ready(&mut self) {
        loop {
            let ready = self.wishes.values().filter(|wish| !wish.ended).find_map(|wish| {
                let waiting = wish.nodes.iter().filter(|(_, node)| **node == Node::Waiting);
                waiting.map(|(tool, _)| tool).find(|tool| self.can_start(wish, tool)).map(|tool| (wish.number, tool.clone()))
            });
            if let Some((number, tool)) = ready {
                self.start_read(number, &tool);
                continue;
            }
            let complete = self.wishes.values().find(|wish| !wish.ended && wish.nodes.values().all(Node::ended) && wish.awaits_reads());
            let Some(number) = complete.map(|wish| wish.number) else { return };
            self.reads_ended(number);
        }
    }

    /// A read may start when each of its needs has ended, and what is known about the customer is there.
    fn can_start(&self, wish: &Wish, tool: &str) -> bool {
        let customer_known = wish.number == CUSTOMER || self.wishes.get(&CUSTOMER).is_none_or(|wish| wish.ended);
        let needs = self.house.tool(tool).map(|tool| tool.needs.as_slice()).unwrap_or_default();
        customer_known && needs.iter().all(|need| wish.nodes.get(need).is_none_or(Node::ended))
    }

    fn start_read(&mut self, number: u32, tool: &str) {
        let Some(wish) = self.wishes.get(&number) else { return };
        let needs = self.house.tool(tool).map(|tool| tool.needs.clone()).unwrap_or_default();
        let broken = needs.iter().find_map(|need| match wish.nodes.get(need) {
            Some(ended @ (Node::Failed { .. } | Node::Nothing)) => Some(ended.clone()),
            _ => None,
        });
        if let Some(ended) = broken.or_else(|| self.nothing_to_ask(number, tool)) {
            self.set_node(number, tool, ended);
            return;
        }
        let purpose = if number == IDENTITY {
            Purpose::Identify
        } else if wish.targets.iter().any(|target| target == tool) && wish.write.is_none() {
            Purpose::Wish
        } else {
            Purpose::Need
        };
        match self.admit(number, tool) {
            Admission::Admitted(admitted) => {
                let fresh = self.wishes.get(&number).is_some_and(|wish| wish.write.is_some());
                if let Some(known) = self.already_read(tool, &admitted, fresh) {
                    self.take_facts(number, tool, known);
                } else {
                    self.set_node(number, tool, Node::Running);
                    self.start_call(number, tool, admitted, purpose, None);
                }
            }
            Admission::Invalid { arg, detail } => {
                self.fail_unasked(number, tool, CallOutcome::Invalid, None, None, Some(format!("{arg}: {detail}")));
            }
            Admission::NeedsStepUp { level } => {
                self.fail_unasked(number, tool, CallOutcome::NeedsStepUp, Some(RefusalCode::Assurance), None, Some(level.to_string()));
            }
            Admission::NeedsConfirmation { .. } => {
                self.fail_unasked(number, tool, CallOutcome::NeedsConfirmation, None, None, None);
            }
            Admission::Refused { code, text, rule } => {
                self.log_unasked(tool, CallOutcome::Refused, Some(code), Some(rule.clone()), None);
                let node = Node::Failed { outcome: CallOutcome::Refused, refusal: Some(code), rule_text: text, detail: Some(rule) };
                self.set_node(number, tool, node);
            }
        }
    }

    /// Is a fact empty that a needed argument of the tool is taken from? Then there is nothing to ask for, and nothing has failed.
    fn nothing_to_ask(&self, number: u32, tool: &str) -> Option<Node> {
        let (_, facts) = self.arguments(number, tool);
        let value =
            |path: &str| path.split_once('.').and_then(|(tool, field)| facts.get(tool)?.value.at(field)).filter(|value| !value.is_null());
        let tool = self.house.tool(tool)?;
        let taken = tool.args.values().filter(|arg| !arg.optional).filter_map(|arg| arg.from.as_deref());
        taken.chain(tool.each.iter().map(|each| each.of.as_str())).any(|path| value(path).is_none()).then_some(Node::Nothing)
    }

    /// The gate's first door for one tool of a wish: it gets the arguments it has, and the facts of the wish.
    pub(crate) fn admit(&self, number: u32, tool: &str) -> Admission {
        self.admit_confirmed(number, tool, None)
    }

    pub(crate) fn admit_confirmed(&self, number: u32, tool: &str, confirmed: Option<&patchbay_gate::Confirmed>) -> Admission {
        let (args, facts) = self.arguments(number, tool);
        let used = self.opening.used.get(tool).map(Vec::as_slice).unwrap_or_default();
        self.house.gate.admit(&Request {
            tool,
            args: &args,
            session: &self.opening.session,
            customer: &self.opening.customer,
            facts: &facts,
            used,
            confirmed,
            tools_allowed: None,
            now: self.now,
            by: if number == IDENTITY { Actor::Identity } else { Actor::Mind },
        })
    }

    /// The arguments of a wish that a tool takes, and the facts it may see. The wish's own tool gets them all but those that only its
    /// needs take, so that one too many is refused.
    pub(crate) fn arguments(&self, number: u32, tool: &str) -> (BTreeMap<String, Value>, BTreeMap<String, Released>) {
        let Some(wish) = self.wishes.get(&number) else { return Default::default() };
        let mut facts = self.facts.clone();
        facts.extend(wish.facts.clone());
        let takes =
            |tool: &str, name: &str| self.house.tool(tool).is_some_and(|tool| tool.args.get(name).is_some_and(|arg| arg.from.is_none()));
        let for_needs = |name: &str| wish.nodes.keys().any(|need| need != tool && takes(need, name));
        let args = wish.args.iter().filter(|(name, _)| takes(tool, name) || (wish.name == tool && !for_needs(name)));
        (args.map(|(name, value)| (name.clone(), value.clone())).collect(), facts)
    }

    /// An answer of this turn to exactly the same read, unless a fresh one is demanded.
    fn already_read(&self, tool: &str, admitted: &Admitted, fresh: bool) -> Option<Released> {
        if fresh {
            return None;
        }
        let same = |wish: &&Wish| wish.nodes.get(tool) == Some(&Node::Ok) && wish.write.is_none();
        let wish = self.wishes.values().filter(same).find(|wish| match self.admit(wish.number, tool) {
            Admission::Admitted(earlier) => earlier.calls() == admitted.calls(),
            _ => false,
        })?;
        wish.facts.get(tool).cloned()
    }

    pub(crate) fn start_call(&mut self, number: u32, tool: &str, admitted: Admitted, purpose: Purpose, operation_id: Option<ActionId>) {
        let size = u32::try_from(admitted.calls().len()).unwrap_or(u32::MAX).max(1);
        if !purpose.of_a_write() && self.whole_passed {
            self.set_node(number, tool, failed(CallOutcome::Timeout, "backend_timeout: the turn's time is used up"));
            return;
        }
        if !purpose.of_a_write() && self.over_budget(size) {
            self.set_node(number, tool, failed(CallOutcome::Refused, "tool_budget: too many calls in one turn"));
            return;
        }
        let call = self.opening.id.call(self.calls);
        self.calls += size;
        let (args, facts) = self.arguments(number, tool);
        let limit =
            self.house.tool(tool).and_then(|tool| self.house.company.backends.get(&tool.backend)).map(|backend| backend.limits.timeout);
        let limit = limit.unwrap_or(Duration::from_secs(2));
        let within = if purpose.of_a_write() { limit } else { limit.min(self.time_left()) };
        self.record(Event::CallStarted {
            turn: self.opening.id.clone(),
            call: call.clone(),
            tool: tool.to_owned(),
            purpose: purpose.word().to_owned(),
            args: Personal::payload(args),
        });
        self.running.insert(call.clone(), Running { wish: number, tool: tool.to_owned(), purpose });
        let slow = self.house.tool(tool).and_then(|tool| tool.slow.as_ref()).map_or(SLOW, |slow| slow.after);
        self.out.push(Effect::SetTimer(Timer::Slow(call.clone()), self.now.plus(slow)));
        self.out.push(Effect::StartCall(Box::new(CallStart {
            call,
            tool: tool.to_owned(),
            admitted,
            operation_id,
            within,
            fresh: purpose != Purpose::Wish,
            session: self.opening.session.clone(),
            facts,
            customer: self.opening.customer.clone(),
        })));
    }

    /// Would so many more calls be too many for one turn? Then a person takes over. Writes that are being claimed count already.
    pub(crate) fn over_budget(&mut self, more: u32) -> bool {
        let claiming = self.wishes.values().filter(|wish| !wish.ended && matches!(wish.write, Some(Stage::Claiming(..)))).count();
        let claiming = u32::try_from(claiming).unwrap_or(u32::MAX);
        let over = self.calls.saturating_add(claiming).saturating_add(more) > CALLS;
        if over {
            self.hand_over.get_or_insert_with(|| HandOver::because("tool_budget", "calls", &CALLS));
        }
        over
    }

    /// A call that the gate stopped is logged like one that was made.
    pub(crate) fn log_unasked(
        &mut self,
        tool: &str,
        outcome: CallOutcome,
        refusal: Option<RefusalCode>,
        rule: Option<String>,
        detail: Option<String>,
    ) {
        let call = self.opening.id.call(self.calls);
        self.calls += 1;
        self.record(Event::CallAnswered {
            turn: self.opening.id.clone(),
            call,
            tool: tool.to_owned(),
            outcome,
            refusal,
            rule,
            detail,
            released: None,
            kept: Vec::new(),
            dropped: Vec::new(),
            ms: 0,
            cached: false,
        });
    }

    fn fail_unasked(
        &mut self,
        number: u32,
        tool: &str,
        outcome: CallOutcome,
        refusal: Option<RefusalCode>,
        rule: Option<String>,
        detail: Option<String>,
    ) {
        self.log_unasked(tool, outcome, refusal, rule, detail.clone());
        self.set_node(number, tool, Node::Failed { outcome, refusal, rule_text: None, detail });
    }

    fn set_node(&mut self, number: u32, tool: &str, node: Node) {
        if let Node::Failed { outcome, .. } = &node {
            let essential = self.wishes.get(&number).is_some_and(|wish| wish.essential.iter().any(|name| name == tool));
            self.ended_calls.push((tool.to_owned(), *outcome, essential));
        }
        if let Some(wish) = self.wishes.get_mut(&number) {
            wish.nodes.insert(tool.to_owned(), node);
        }
    }

    fn take_facts(&mut self, number: u32, tool: &str, released: Released) {
        let essential = self.wishes.get(&number).is_some_and(|wish| wish.essential.iter().any(|name| name == tool));
        self.ended_calls.push((tool.to_owned(), CallOutcome::Ok, essential));
        if number != IDENTITY {
            self.facts.insert(tool.to_owned(), released.clone());
        }
        if let Some(wish) = self.wishes.get_mut(&number) {
            wish.facts.insert(tool.to_owned(), released);
            wish.nodes.insert(tool.to_owned(), Node::Ok);
        }
    }

    /// A read of a wish has ended.
    pub(crate) fn node_ended(&mut self, number: u32, tool: &str, answer: Answer) {
        match answer.released {
            Some(released) if answer.outcome == CallOutcome::Ok => self.take_facts(number, tool, released),
            _ => {
                let node = Node::Failed { outcome: answer.outcome, refusal: answer.refusal, rule_text: None, detail: answer.detail };
                self.set_node(number, tool, node);
            }
        }
    }

    /// Every read of a wish has ended: a read wish has its result, a write goes on to the gate.
    fn reads_ended(&mut self, number: u32) {
        if number == CUSTOMER {
            self.know_customer();
            return;
        }
        if number == IDENTITY {
            self.somebody_found();
            return;
        }
        let Some(wish) = self.wishes.get(&number) else { return };
        let broken = wish.essential.iter().find_map(|tool| match wish.nodes.get(tool) {
            Some(Node::Failed { outcome, refusal, rule_text, detail }) => {
                Some((tool.clone(), *outcome, *refusal, rule_text.clone(), detail.clone()))
            }
            // A write without something to do it to is refused by its own rule, in its own words.
            Some(Node::Nothing) if wish.write.is_none() => {
                Some((tool.clone(), CallOutcome::NotFound, None, None, Some("there is nothing to ask for".to_owned())))
            }
            _ => None,
        });
        match broken {
            // What cannot be read now says nothing about a write that may have been done.
            Some(_) if self.settling(number) => self.preview(number),
            Some((tool, outcome, refusal, rule_text, detail)) => self.end_failed(number, &tool, outcome, refusal, rule_text, detail),
            None if wish.write.is_some() => self.preview(number),
            None => self.end_wish(number, CallOutcome::Ok, None, None, None),
        }
    }

    fn know_customer(&mut self) {
        let Some(wish) = self.wishes.get_mut(&CUSTOMER) else { return };
        wish.ended = true;
        for (name, path) in &self.house.company.customer_facts {
            let value = path.split_once('.').and_then(|(tool, field)| wish.facts.get(tool)?.value.at(field)).cloned();
            if let Some(value) = value {
                self.opening.customer.insert(name.clone(), value);
            }
        }
        if let Some(occasion) = self.held.take() {
            self.greet();
            self.ask(occasion);
        }
    }

    /// Ends a wish without what it wished for. A record that is missing and one that is somebody else's end alike.
    pub(crate) fn end_failed(
        &mut self,
        number: u32,
        tool: &str,
        outcome: CallOutcome,
        refusal: Option<RefusalCode>,
        rule_text: Option<String>,
        detail: Option<String>,
    ) {
        let hidden = self.house.owned(tool) && (outcome == CallOutcome::NotFound || refusal == Some(RefusalCode::OwnerMismatch));
        let (outcome, refusal) = if hidden { (CallOutcome::Refused, Some(RefusalCode::OwnerMismatch)) } else { (outcome, refusal) };
        let text = if hidden { Some("not_found".to_owned()) } else { rule_text.or_else(|| self.failure_text(outcome).map(str::to_owned)) };
        let (_, facts) = self.arguments(number, tool);
        let mut extra =
            self.wishes.get(&number).map(|wish| BTreeMap::from([("args".to_owned(), Value::Map(wish.args.clone()))])).unwrap_or_default();
        if let Some(backend) = self.house.tool(tool).map(|tool| tool.backend.clone()) {
            extra.insert("backend".to_owned(), Value::Text(backend));
        }
        let text = text.and_then(|name| self.render_with(&name, &facts, extra).or_else(|| self.render("refused", &BTreeMap::new())));
        if let Some(code) = refusal {
            self.refusal = Some((code, tool.to_owned()));
        }
        self.end_wish(number, outcome, refusal, text, detail);
    }

    /// The declared or built-in text that goes with an outcome.
    fn failure_text(&self, outcome: CallOutcome) -> Option<&'static str> {
        match outcome {
            CallOutcome::NotFound => Some("not_found"),
            CallOutcome::NeedsStepUp if self.locked() => Some("proof_locked"),
            CallOutcome::NeedsStepUp if self.opening.session.level_at(self.now) == Level::Anonymous => Some("sign_in_first"),
            CallOutcome::NeedsStepUp => Some("step_up_needed"),
            CallOutcome::NeedsApproval => Some("needs_approval"),
            CallOutcome::Refused | CallOutcome::Invalid => Some("refused"),
            CallOutcome::Unknown => Some("outcome_unknown"),
            CallOutcome::Ok | CallOutcome::NeedsConfirmation => None,
            _ => Some("cannot_reach"),
        }
    }

    /// A wish has its result; the mind is told when nothing else is under way.
    pub(crate) fn end_wish(
        &mut self,
        number: u32,
        outcome: CallOutcome,
        refusal: Option<RefusalCode>,
        text: Option<String>,
        detail: Option<String>,
    ) {
        let Some(wish) = self.wishes.get_mut(&number) else { return };
        wish.ended = true;
        let missing = wish.nodes.iter().filter_map(|(tool, node)| match node {
            Node::Failed { outcome, .. } => Some((tool.clone(), *outcome)),
            _ => None,
        });
        let verified = wish.write.as_ref().and_then(Stage::verified);
        let result = CallResult {
            wish: number,
            tool: wish.name.clone(),
            outcome,
            refusal,
            text,
            detail,
            action: wish.action.clone(),
            verified,
            missing: missing.collect(),
        };
        self.untold.push(result);
    }
}

impl Wish {
    /// Is it at the point where only reads are waited for?
    fn awaits_reads(&self) -> bool {
        matches!(self.write, None | Some(Stage::Needs))
    }
}

/// A node that failed without an answer.
fn failed(outcome: CallOutcome, detail: &str) -> Node {
    Node::Failed { outcome, refusal: None, rule_text: None, detail: Some(detail.to_owned()) }
}
