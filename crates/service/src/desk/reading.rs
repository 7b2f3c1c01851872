//! Reading at the desk: a tool and what it needs first, through the gate, bound to the customer of the conversation.

use crate::actor::at_desk;
use crate::customer::CustomerFacts;
use crate::limits::Used;
use crate::{About, Carrier, Refused, Service, carry_out};
use patchbay_core::action::{AT_DESK, ProposedAction};
use patchbay_core::conversation::Conversation;
use patchbay_core::declare::{Access, Arg, Condition, Confirmer, Tool};
use patchbay_core::event::Event;
use patchbay_core::fact::Released;
use patchbay_core::handoff::People;
use patchbay_core::id::{CallId, ConversationId, TurnId};
use patchbay_core::words::{CallOutcome, RefusalCode};
use patchbay_core::{Personal, Session, Timestamp, Value};
use patchbay_gate::{Actor, Admission, Admitted, Request};
use patchbay_turn::{Answer, CallStart};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long a yes of the desk counts.
const PROPOSAL_LASTS: Duration = Duration::from_secs(600);

/// What one visit of the desk has read.
pub(super) struct Reading<'a> {
    service: &'a Service,
    conversation: ConversationId,
    session: Session,
    customer: BTreeMap<String, Value>,
    facts: BTreeMap<String, Released>,
    used: Used,
    /// Calls are numbered within a turn, also at the desk.
    pub(super) turn: TurnId,
    calls: u32,
    pub(super) events: Vec<(Timestamp, Event)>,
}

impl<'a> Reading<'a> {
    pub(super) async fn begin(service: &'a Service, conversation: &ConversationId) -> Result<Self, Refused> {
        let events = service.stream_of(conversation).await?;
        let people = People::fold(&events);
        let session = Conversation::fold(&events).session.ok_or(Refused::NotFound)?;
        let session = at_desk(&session, &people);
        let company = &service.house().company;
        let parts = &service.0.parts;
        let used = match &session.customer {
            Some(customer) => Used::read(&*parts.log, &customer.id, None, None).await?,
            None => Used::default(),
        };
        Ok(Self {
            service,
            conversation: conversation.clone(),
            customer: CustomerFacts::fold(company, &events).at(company, parts.clock.now()),
            session,
            facts: BTreeMap::new(),
            used,
            turn: TurnId::mint(&*parts.clock, &*parts.chance),
            calls: 0,
            events: Vec::new(),
        })
    }

    /// What was read so far, by tool.
    pub(super) fn facts(&self) -> &BTreeMap<String, Released> {
        &self.facts
    }

    fn now(&self) -> Timestamp {
        self.service.0.parts.clock.now()
    }

    pub(super) fn tool(&self, name: &str) -> Result<Tool, Refused> {
        let tool = self.service.house().company.tools.get(name).filter(|tool| tool.access != Access::Lookup);
        tool.cloned().ok_or_else(|| denied(CallOutcome::Refused, &format!("there is no tool '{name}' for the desk")))
    }

    pub(super) fn written(&self, tool: &str, args: &BTreeMap<String, Json>) -> BTreeMap<String, Value> {
        let args = args.iter().map(|(name, value)| (name.clone(), Value::from_json(value))).collect();
        self.service.house().gate.written(tool, &args)
    }

    /// Reads a tool after everything it needs. A record that is missing and one that is somebody else's look the same.
    pub(super) async fn read(&mut self, tool: &str, args: &BTreeMap<String, Value>) -> Result<Answer, Refused> {
        let mut last = Answer::none(CallOutcome::Refused, "no such tool");
        for name in self.service.house().with_needs(&[tool.to_owned()]) {
            if self.facts.contains_key(&name) && name != tool {
                continue;
            }
            last = self.call(&name, tool, args).await?;
            if last.outcome != CallOutcome::Ok {
                break;
            }
        }
        Ok(last)
    }

    async fn call(&mut self, name: &str, asked: &str, args: &BTreeMap<String, Value>) -> Result<Answer, Refused> {
        let declared = self.tool(name)?;
        let takes = |arg: &String| name == asked || declared.args.get(arg).is_some_and(|arg| arg.from.is_none());
        let args: BTreeMap<String, Value> = args
            .iter()
            .filter(|(arg, _)| takes(arg) && declared.args.contains_key(*arg))
            .map(|(arg, value)| (arg.clone(), value.clone()))
            .collect();
        let call = self.turn.call(self.calls);
        self.calls += 1;
        self.note(Event::CallStarted {
            turn: self.turn.clone(),
            call: call.clone(),
            tool: name.to_owned(),
            purpose: "desk".to_owned(),
            args: Personal::payload(args.clone()),
        });
        let answer = match self.admit(name, &args) {
            Admission::Admitted(admitted) => self.carry_out(&declared, call.clone(), admitted).await,
            Admission::Refused { code, rule, .. } => {
                Answer { refusal: Some(code), rule: Some(rule), ..Answer::none(CallOutcome::Refused, "the gate said no") }
            }
            Admission::NeedsStepUp { level } => Answer::none(CallOutcome::NeedsStepUp, format!("the customer has not proven '{level}'")),
            Admission::NeedsConfirmation { .. } => Answer::none(CallOutcome::NeedsConfirmation, "it writes"),
            Admission::Invalid { arg, detail } => Answer::none(CallOutcome::Invalid, format!("{arg}: {detail}")),
        };
        let answer = self.as_seen(name, answer);
        let (kept, dropped) =
            answer.released.as_ref().map(|released| (released.kept.clone(), released.dropped.clone())).unwrap_or_default();
        self.note(Event::CallAnswered {
            turn: self.turn.clone(),
            call,
            tool: name.to_owned(),
            outcome: answer.outcome,
            refusal: answer.refusal,
            rule: answer.rule.clone(),
            detail: answer.detail.clone(),
            released: answer.released.clone().map(Personal::payload),
            kept,
            dropped,
            ms: answer.ms,
            cached: answer.cached,
        });
        self.facts.extend(answer.released.clone().map(|released| (name.to_owned(), released)));
        Ok(answer)
    }

    fn as_seen(&self, tool: &str, answer: Answer) -> Answer {
        let guarded = self.service.house().company.tools.get(tool).is_some_and(|tool| tool.guard != Condition::Always);
        if guarded && (answer.outcome == CallOutcome::NotFound || answer.refusal == Some(RefusalCode::OwnerMismatch)) {
            let detail = Some("there is no such record of this customer".to_owned());
            return Answer { outcome: CallOutcome::NotFound, refusal: None, rule: None, detail, released: None, ..answer };
        }
        answer
    }

    fn admit(&self, tool: &str, args: &BTreeMap<String, Value>) -> Admission {
        self.service.house().gate.admit(&Request {
            tool,
            args,
            session: &self.session,
            customer: &self.customer,
            facts: &self.facts,
            used: self.used.of(tool),
            confirmed: None,
            tools_allowed: None,
            now: self.now(),
            by: Actor::Desk,
        })
    }

    async fn carry_out(&self, tool: &Tool, call: CallId, admitted: Admitted) -> Answer {
        let parts = &self.service.0.parts;
        let within =
            self.service.house().company.backends.get(&tool.backend).map_or(Duration::from_secs(2), |backend| backend.limits.timeout);
        let carrier = Carrier { backends: parts.backends.clone(), house: parts.house.clone() };
        let start = CallStart {
            call,
            tool: tool.name.clone(),
            admitted,
            operation_id: None,
            within,
            fresh: true,
            session: self.session.clone(),
            facts: self.facts.clone(),
            customer: self.customer.clone(),
        };
        carry_out(&carrier, &start).await
    }

    /// The digest a yes is bound to, when the gate lets the write happen at all.
    pub(super) fn admitted(&self, tool: &Tool, args: &BTreeMap<String, Value>) -> Result<String, Refused> {
        match self.admit(&tool.name, args) {
            Admission::Admitted(admitted) => Ok(admitted.digest().to_owned()),
            Admission::NeedsConfirmation { digest, .. } => Ok(digest),
            Admission::NeedsStepUp { level } => {
                Err(denied(CallOutcome::NeedsStepUp, &format!("the customer has not proven enough for this: it takes '{level}'")))
            }
            Admission::Invalid { arg, detail } => Err(invalid(tool, arg, &detail)),
            Admission::Refused { code, text, rule } => {
                let words = text.and_then(|text| self.render(&text, args));
                let text = words.unwrap_or_else(|| format!("the rule says no: {rule}"));
                let (about, argument) = about(tool, code, &rule);
                Err(Refused::Denied { outcome: CallOutcome::Refused, code: Some(code), about, argument, text })
            }
        }
    }

    fn render(&self, text: &str, args: &BTreeMap<String, Value>) -> Option<String> {
        let house = self.service.house();
        let (mut scope, _) = house.company.scope(&self.facts);
        scope.insert("customer".to_owned(), Value::Map(self.customer.clone()));
        scope.insert("args".to_owned(), Value::Map(args.clone()));
        house.texts.render(text, &scope).ok().map(|rendered| rendered.text)
    }

    pub(super) fn compose(&self, tool: &Tool, args: BTreeMap<String, Value>, digest: String) -> ProposedAction {
        let effect = tool.preview.as_ref().and_then(|preview| self.render(preview, &args)).unwrap_or_else(|| tool.describe.clone());
        ProposedAction {
            id: self.turn.action(0),
            conversation: self.conversation.clone(),
            wish: AT_DESK,
            tool: tool.name.clone(),
            seen: self.service.house().gate.seen(&tool.name, &self.facts),
            args,
            effect,
            confirmers: vec![Confirmer::Agent],
            expires: self.now().plus(PROPOSAL_LASTS),
            digest,
        }
    }

    fn note(&mut self, event: Event) {
        self.events.push((self.now(), event));
    }
}

/// An argument is not what the tool takes.
pub(super) fn invalid(tool: &Tool, argument: String, detail: &str) -> Refused {
    let about = tool.args.get(&argument).map_or(About::Argument, |arg| About::kind(&arg.kind));
    let text = format!("{argument} {detail}");
    Refused::Denied { outcome: CallOutcome::Invalid, code: None, about, argument: Some(argument), text }
}

/// What a rule's no is about: an argument the rule speaks of, or else how things stand.
fn about(tool: &Tool, code: RefusalCode, rule: &str) -> (About, Option<String>) {
    match code {
        RefusalCode::Limit => (About::Limit, None),
        RefusalCode::Condition => {
            let spoken = |name: &str| {
                let name = format!("args.{name}");
                rule.split(&name).skip(1).any(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
            };
            let of = |(name, arg): (&String, &Arg)| Some((About::kind(&arg.kind), name.clone())).filter(|_| spoken(name));
            let argument = tool.args.iter().filter_map(of).find(|(about, _)| matches!(about, About::Amount | About::Address));
            argument.map_or((About::State, None), |(about, name)| (about, Some(name)))
        }
        _ => (About::Rule, None),
    }
}

/// The gate does not let it happen.
pub(super) fn denied(outcome: CallOutcome, text: &str) -> Refused {
    Refused::Denied { outcome, code: None, about: About::Rule, argument: None, text: text.to_owned() }
}
