//! Cards: what the staff read of a customer's records, and the writes they prepare from them. Through the same gate as the bot's
//! calls, bound to the customer of the conversation; what the rules hide from the bot is hidden here too.

use super::Act;
use crate::actor::at_desk;
use crate::customer::CustomerFacts;
use crate::{Carrier, Refused, Service, carry_out};
use patchbay_core::action::{AT_DESK, ProposedAction};
use patchbay_core::declare::{Access, Confirmer, Kind, Tool};
use patchbay_core::event::{Event, Settled};
use patchbay_core::fact::Released;
use patchbay_core::handoff::{CaseFacts, People};
use patchbay_core::id::{ActionId, CallId, ConversationId, StaffId, TurnId};
use patchbay_core::log::StreamId;
use patchbay_core::reply::{Proposal, ShownFact};
use patchbay_core::words::CallOutcome;
use patchbay_core::{Personal, Session, Timestamp, Value};
use patchbay_gate::{Actor, Admission, Admitted, Request};
use patchbay_turn::{Answer, CallStart};
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long a yes of the desk counts.
const PROPOSAL_LASTS: Duration = Duration::from_secs(600);
/// How long a decision at the desk waits for the effect to be settled.
const SETTLES_WITHIN: Duration = Duration::from_secs(10);
/// How many cards are read at once where the conversation has none yet.
const FIRST_CARDS: usize = 4;

/// What a tool says about the customer of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// The tool.
    pub tool: String,
    /// What it is, in the company's words.
    pub title: String,
    /// With what it was asked, identity left out.
    pub args: BTreeMap<String, Json>,
    /// How the call ended.
    pub outcome: CallOutcome,
    /// What exactly went wrong, if something did.
    pub detail: Option<String>,
    /// What was released.
    pub facts: Vec<ShownFact>,
    /// Names of fields that the rules hide.
    pub hidden: Vec<String>,
    /// The backend.
    pub source: Option<String>,
    /// When the backend gave it.
    pub fetched_at: Option<Timestamp>,
    /// What can be done with it.
    pub actions: Vec<CardAction>,
}

/// A write that a card offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CardAction {
    /// The tool.
    pub tool: String,
    /// What it does, in the company's words.
    pub title: String,
    /// Arguments the card knows already.
    pub args: BTreeMap<String, Json>,
    /// Arguments that are still asked for.
    pub asks: Vec<Asked>,
}

/// An argument that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Its name.
    pub name: String,
    /// What it looks like: `text`, `choice`, `money`, …
    pub kind: &'static str,
    /// Its name as people read it.
    pub label: String,
    /// The choices, where there are some.
    pub choices: Vec<String>,
    /// May it be left out?
    pub optional: bool,
}

/// What became of a write that the desk decided on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// `done`, `failed`, `unknown`, `cancelled`, or `running` while it is not known.
    pub state: &'static str,
    /// Did the backend's own state prove it?
    pub verified: Option<bool>,
    /// What it was, in words, or why it did not happen.
    pub text: String,
}

impl Service {
    /// One card: a read through the gate, bound to the conversation's customer. The call stands in the log like any other.
    ///
    /// # Errors
    /// When there is no such conversation or tool, or the tool writes.
    pub async fn card(
        &self,
        conversation: &ConversationId,
        by: &StaffId,
        tool: &str,
        args: BTreeMap<String, Json>,
    ) -> Result<Card, Refused> {
        let mut desk = Reading::begin(self, conversation).await?;
        let declared = desk.tool(tool)?;
        if declared.access != Access::Read {
            return Err(denied(CallOutcome::Refused, "a card only reads; prepare an action instead"));
        }
        let args = desk.written(tool, &args);
        let answer = desk.read(tool, &args).await?;
        let card = desk.card(&declared, &args, &answer);
        self.desk(conversation, by, Act::Looked(desk.events)).await?;
        Ok(card)
    }

    /// The cards of a conversation: what was read in it, and where nothing was, what can be read of a customer without being asked.
    ///
    /// # Errors
    /// When there is no such conversation, or the log cannot be read.
    pub async fn cards(&self, conversation: &ConversationId, by: &StaffId) -> Result<Vec<Card>, Refused> {
        let case = self.case(conversation).await?;
        let tools = &self.house().company.tools;
        let reads = |facts: &&CaseFacts| tools.get(&facts.tool).is_some_and(|tool| tool.access == Access::Read);
        let known: Vec<Card> = case.facts.iter().filter(reads).filter_map(|facts| self.known_card(facts)).collect();
        if !known.is_empty() || case.customer.is_none() {
            return Ok(known);
        }
        let plain = |tool: &&Tool| tool.access == Access::Read && tool.needs.is_empty() && tool.args.values().all(|arg| arg.optional);
        let mut cards = Vec::new();
        for tool in tools.values().filter(plain).take(FIRST_CARDS) {
            cards.push(self.card(conversation, by, &tool.name, BTreeMap::new()).await?);
        }
        Ok(cards)
    }

    fn known_card(&self, facts: &CaseFacts) -> Option<Card> {
        let tool = self.house().company.tools.get(&facts.tool)?;
        let released = facts.released.as_ref()?;
        Some(card(self, tool, &facts.args, CallOutcome::Ok, None, Some(released)))
    }

    /// Prepares a write: its needs are read fresh, and the gate decides. It waits for the yes of whoever prepared it.
    ///
    /// # Errors
    /// With the rule's own words, when the gate does not let it happen.
    pub async fn propose(
        &self,
        conversation: &ConversationId,
        by: &StaffId,
        tool: &str,
        args: BTreeMap<String, Json>,
    ) -> Result<Proposal, Refused> {
        let mut desk = Reading::begin(self, conversation).await?;
        let declared = desk.tool(tool)?;
        if declared.access != Access::Write {
            return Err(denied(CallOutcome::Refused, "this does not change anything; open it as a card"));
        }
        let args = desk.written(tool, &args);
        for need in &declared.needs {
            let answer = desk.read(need, &args).await?;
            if answer.outcome != CallOutcome::Ok {
                let text = format!("{need} could not be read first: {}", answer.outcome);
                return Err(denied(answer.outcome, &text));
            }
        }
        let digest = desk.admitted(&declared, &args)?;
        let action = desk.compose(&declared, args, digest);
        let proposal = crate::public::proposal(&action);
        let act = Act::Propose { turn: desk.turn.clone(), action: Box::new(action), looked: desk.events };
        self.desk(conversation, by, act).await?;
        Ok(proposal)
    }

    /// The yes or no to a write prepared at the desk; a yes names the digest of what was shown. Waits until it is settled.
    ///
    /// # Errors
    /// When it was decided already, has run out, or the yes is for something else.
    pub async fn decide_at_desk(
        &self,
        conversation: &ConversationId,
        by: &StaffId,
        action: &ActionId,
        yes: bool,
        digest: Option<String>,
    ) -> Result<Decided, Refused> {
        let mut signals = self.0.live.listen(conversation);
        self.desk(conversation, by, Act::Decide { action: action.clone(), yes, digest }).await?;
        let settled = async {
            loop {
                let events = crate::load::stream(&*self.0.parts.log, &StreamId::action(action), 0).await?;
                if let Some(decided) = ended(events.iter().map(|event| &event.event)) {
                    return Ok(decided);
                }
                let _ = signals.recv().await;
            }
        };
        let running = Decided { state: "running", verified: None, text: "it is under way; its end will be shown here".to_owned() };
        tokio::time::timeout(SETTLES_WITHIN, settled).await.unwrap_or(Ok(running))
    }
}

/// How a write ended, once it has.
fn ended<'e>(events: impl Iterator<Item = &'e Event>) -> Option<Decided> {
    let mut effect = String::new();
    let mut decided = None;
    for event in events {
        match event {
            Event::ActionProposed { action, .. } => effect = action.get().map(|action| action.effect.clone()).unwrap_or_default(),
            Event::ActionCancelled { why, .. } => {
                decided = Some(Decided { state: "cancelled", verified: None, text: why.replace('_', " ") });
            }
            Event::ActionSettled { outcome, verified, detail, .. } => {
                let (state, text) = match outcome {
                    Settled::Done => ("done", effect.clone()),
                    Settled::Failed => ("failed", detail.clone().unwrap_or_else(|| "nothing was changed".to_owned())),
                    Settled::Unknown => ("unknown", "nobody knows yet whether it went through; it is looked after".to_owned()),
                };
                decided = Some(Decided { state, verified: *verified, text });
            }
            _ => {}
        }
    }
    decided
}

fn denied(outcome: CallOutcome, text: &str) -> Refused {
    Refused::Denied { outcome, code: None, text: text.to_owned() }
}

/// What one visit of the desk has read.
struct Reading<'a> {
    service: &'a Service,
    conversation: ConversationId,
    session: Session,
    customer: BTreeMap<String, Value>,
    facts: BTreeMap<String, Released>,
    used: BTreeMap<String, Vec<Timestamp>>,
    /// Calls are numbered within a turn, also at the desk.
    turn: TurnId,
    calls: u32,
    events: Vec<(Timestamp, Event)>,
}

impl<'a> Reading<'a> {
    async fn begin(service: &'a Service, conversation: &ConversationId) -> Result<Self, Refused> {
        let events = service.stream_of(conversation).await?;
        let people = People::fold(&events);
        let session = patchbay_core::conversation::Conversation::fold(&events).session.ok_or(Refused::NotFound)?;
        let session = at_desk(&session, &people);
        let company = &service.house().company;
        let parts = &service.0.parts;
        let mut used: BTreeMap<String, Vec<Timestamp>> = BTreeMap::new();
        if let Some(customer) = &session.customer {
            let mut counted = BTreeSet::new();
            for event in crate::load::stream(&*parts.log, &StreamId::customer(&customer.id), 0).await? {
                if let Event::ActionClaimed { id, tool, .. } = event.event
                    && counted.insert(id)
                {
                    used.entry(tool).or_default().push(event.at);
                }
            }
        }
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

    fn now(&self) -> Timestamp {
        self.service.0.parts.clock.now()
    }

    fn tool(&self, name: &str) -> Result<Tool, Refused> {
        let tool = self.service.house().company.tools.get(name).filter(|tool| tool.access != Access::Lookup);
        tool.cloned().ok_or_else(|| denied(CallOutcome::Refused, &format!("there is no tool '{name}' for the desk")))
    }

    fn written(&self, tool: &str, args: &BTreeMap<String, Json>) -> BTreeMap<String, Value> {
        let args = args.iter().map(|(name, value)| (name.clone(), Value::from_json(value))).collect();
        self.service.house().gate.written(tool, &args)
    }

    /// Reads a tool after everything it needs. A record that is missing and one that is somebody else's look the same.
    async fn read(&mut self, tool: &str, args: &BTreeMap<String, Value>) -> Result<Answer, Refused> {
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
        use patchbay_core::words::RefusalCode;
        let guarded =
            self.service.house().company.tools.get(tool).is_some_and(|tool| tool.guard != patchbay_core::declare::Condition::Always);
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
            used: self.used.get(tool).map(Vec::as_slice).unwrap_or_default(),
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
    fn admitted(&self, tool: &Tool, args: &BTreeMap<String, Value>) -> Result<String, Refused> {
        match self.admit(&tool.name, args) {
            Admission::Admitted(admitted) => Ok(admitted.digest().to_owned()),
            Admission::NeedsConfirmation { digest, .. } => Ok(digest),
            Admission::NeedsStepUp { level } => {
                Err(denied(CallOutcome::NeedsStepUp, &format!("the customer has not proven enough for this: it takes '{level}'")))
            }
            Admission::Invalid { arg, detail } => Err(denied(CallOutcome::Invalid, &format!("{arg}: {detail}"))),
            Admission::Refused { code, text, rule } => {
                let words = text.and_then(|text| self.render(&text, args));
                let text = words.unwrap_or_else(|| format!("the rule says no: {rule}"));
                Err(Refused::Denied { outcome: CallOutcome::Refused, code: Some(code), text })
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

    fn compose(&self, tool: &Tool, args: BTreeMap<String, Value>, digest: String) -> ProposedAction {
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

    fn card(&self, tool: &Tool, args: &BTreeMap<String, Value>, answer: &Answer) -> Card {
        let args = args.iter().map(|(name, value)| (name.clone(), value.to_json())).collect();
        card(self.service, tool, &args, answer.outcome, answer.detail.clone(), answer.released.as_ref())
    }

    fn note(&mut self, event: Event) {
        self.events.push((self.now(), event));
    }
}

fn card(
    service: &Service,
    tool: &Tool,
    args: &BTreeMap<String, Json>,
    outcome: CallOutcome,
    detail: Option<String>,
    released: Option<&Released>,
) -> Card {
    let now = service.0.parts.clock.now();
    let writes = service.house().company.tools.values().filter(|write| write.access == Access::Write && write.needs.contains(&tool.name));
    Card {
        tool: tool.name.clone(),
        title: tool.describe.clone(),
        args: args.clone(),
        outcome,
        detail,
        facts: released.map(|released| released.facts().iter().map(|fact| ShownFact::of(fact, now)).collect()).unwrap_or_default(),
        hidden: released.map(|released| released.dropped.clone()).unwrap_or_default(),
        source: released.map(|released| released.source.clone()),
        fetched_at: released.map(|released| released.fetched_at),
        actions: writes.map(|write| offered(write, args)).collect(),
    }
}

/// A write as a card offers it: what the card knows is filled in.
fn offered(write: &Tool, known: &BTreeMap<String, Json>) -> CardAction {
    let mine = write.args.iter().filter(|(_, arg)| arg.from.is_none());
    let args = mine.clone().filter_map(|(name, _)| Some((name.clone(), known.get(name)?.clone()))).collect::<BTreeMap<_, _>>();
    let asks = mine.filter(|(name, _)| !args.contains_key(*name)).map(|(name, arg)| Asked {
        name: name.clone(),
        kind: word(&arg.kind),
        label: name.replace('_', " "),
        choices: match &arg.kind {
            Kind::OneOf(choices) => choices.iter().map(|choice| choice.value.clone()).collect(),
            _ => Vec::new(),
        },
        optional: arg.optional,
    });
    CardAction { tool: write.name.clone(), title: write.describe.clone(), asks: asks.collect(), args }
}

fn word(kind: &Kind) -> &'static str {
    match kind {
        Kind::Number => "number",
        Kind::Integer => "integer",
        Kind::Bool => "bool",
        Kind::Date => "date",
        Kind::Time => "time",
        Kind::Money(_) => "money",
        Kind::OneOf(_) => "choice",
        Kind::Record(_) => "record",
        Kind::List(_) => "list",
        _ => "text",
    }
}
