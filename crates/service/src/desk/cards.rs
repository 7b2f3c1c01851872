//! Cards: what the staff read of a customer's records, and the writes they prepare from them. Through the same gate as the bot's
//! calls, bound to the customer of the conversation; what the rules hide from the bot is hidden here too.

use super::Act;
use super::reading::{Reading, denied, invalid};
use crate::{Refused, Service};
use patchbay_core::declare::{Access, Kind, Tool};
use patchbay_core::event::{Event, Settled};
use patchbay_core::fact::Released;
use patchbay_core::handoff::CaseFacts;
use patchbay_core::id::{ActionId, ConversationId, StaffId};
use patchbay_core::log::StreamId;
use patchbay_core::reply::{Proposal, ShownFact};
use patchbay_core::words::CallOutcome;
use patchbay_core::{Timestamp, Value};
use patchbay_turn::Answer;
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::time::Duration;

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
        let card = shown(self, &declared, &args, &answer);
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
            if let (CallOutcome::Invalid, Some((argument, why))) =
                (answer.outcome, answer.detail.as_deref().and_then(|detail| detail.split_once(": ")))
            {
                return Err(invalid(&declared, argument.to_owned(), why));
            }
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

/// The card of a call that was just made.
fn shown(service: &Service, tool: &Tool, args: &BTreeMap<String, Value>, answer: &Answer) -> Card {
    let args = args.iter().map(|(name, value)| (name.clone(), value.to_json())).collect();
    card(service, tool, &args, answer.outcome, answer.detail.clone(), answer.released.as_ref())
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
