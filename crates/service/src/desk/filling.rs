//! Filling in: getting each value that a canned reply shows, once, through the gate, and knowing why one could not be had.

use super::candidates::{Candidate, among, plain, records_of, spoken_of};
use super::canned::Choice;
use super::reading::Reading;
use crate::{Refused, Service};
use patchbay_core::declare::{Access, Company, Selected};
use patchbay_core::event::{Event, Recorded};
use patchbay_core::fact::{Released, named};
use patchbay_core::handoff::Case;
use patchbay_core::id::ConversationId;
use patchbay_core::words::CallOutcome;
use patchbay_core::{Timestamp, Value};
use patchbay_text::Form;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What was learned about the customer in the conversation is not asked again for so long.
const LASTS: Duration = Duration::from_secs(600);

/// Why a value could not be had: in one word, and in words.
type Hindrance = (&'static str, String);

/// One reply being filled in.
pub(super) struct Filling<'a> {
    service: &'a Service,
    desk: Reading<'a>,
    events: Vec<Recorded>,
    chosen: BTreeMap<String, Json>,
    agent: String,
    /// Answers about the customer that the conversation has already.
    known: BTreeMap<String, Released>,
    /// What became of each tool that was wanted.
    tried: BTreeMap<String, Option<Hindrance>>,
    about: BTreeMap<String, Value>,
    choices: BTreeMap<String, Vec<Candidate>>,
}

impl<'a> Filling<'a> {
    pub(super) async fn begin(
        service: &'a Service,
        conversation: &ConversationId,
        case: &Case,
        chosen: BTreeMap<String, Json>,
        agent: &str,
    ) -> Result<Self, Refused> {
        let now = service.0.parts.clock.now();
        let fresh = |released: &Released| now.since(released.fetched_at) < LASTS;
        let known = case.facts.iter().filter_map(|facts| Some((facts.tool.clone(), facts.released.clone().filter(fresh)?)));
        Ok(Self {
            service,
            desk: Reading::begin(service, conversation).await?,
            events: service.stream_of(conversation).await?,
            chosen,
            agent: agent.to_owned(),
            known: known.collect(),
            tried: BTreeMap::new(),
            about: BTreeMap::new(),
            choices: BTreeMap::new(),
        })
    }

    fn company(&self) -> &'a Company {
        &self.service.house().company
    }

    /// Whatever was chosen must be something that a tool of this reply asks for.
    pub(super) fn check_chosen(&self, form: &Form) -> Result<(), Refused> {
        let tools: Vec<String> = form.blanks().flat_map(|blank| &blank.paths).flat_map(|path| self.tools_for(path)).collect();
        let asked: BTreeSet<String> = tools.iter().flat_map(|tool| self.asks(tool)).collect();
        let Some(unasked) = self.chosen.keys().find(|arg| !asked.contains(*arg)) else { return Ok(()) };
        let asked = asked.into_iter().collect::<Vec<_>>().join(", ");
        let known = if asked.is_empty() { "nothing".to_owned() } else { asked };
        let why = format!("this reply does not ask for '{unasked}'; it asks for {known}");
        Err(Refused::Invalid { field: "with", why })
    }

    /// Gets what this path shows, as far as it can be had.
    pub(super) async fn have(&mut self, path: &str) -> Result<(), Refused> {
        for tool in self.tools_for(path) {
            let is_known = path.starts_with("customer.") && self.known.contains_key(&tool);
            if is_known || self.tried.contains_key(&tool) {
                continue;
            }
            let became = self.read(&tool).await?;
            self.tried.insert(tool, became);
        }
        Ok(())
    }

    async fn read(&mut self, tool: &str) -> Result<Option<Hindrance>, Refused> {
        let mut args = BTreeMap::new();
        for arg in self.asks(tool) {
            match self.argument(tool, &arg).await? {
                Ok(value) => {
                    self.about.insert(arg.clone(), value.clone());
                    args.insert(arg, value);
                }
                Err(hindrance) => return Ok(Some(hindrance)),
            }
        }
        let answer = self.desk.read(tool, &args).await?;
        if answer.outcome != CallOutcome::Ok {
            return Ok(Some((answer.outcome.as_str(), told(tool, answer.outcome, answer.detail.as_deref()))));
        }
        Ok(None)
    }

    /// The value of an argument: as it was chosen, the only one this conversation speaks of, or the customer's only record.
    async fn argument(&mut self, tool: &str, arg: &str) -> Result<Result<Value, Hindrance>, Refused> {
        if let Some(value) = self.about.get(arg) {
            return Ok(Ok(value.clone()));
        }
        if let Some(chosen) = self.chosen.get(arg) {
            let taker = self.takers(tool).into_iter().find(|taker| self.company().tools[taker].args.contains_key(arg));
            let written = self.desk.written(taker.as_deref().unwrap_or(tool), &BTreeMap::from([(arg.to_owned(), chosen.clone())]));
            return Ok(Ok(written.get(arg).cloned().unwrap_or_default()));
        }
        let mut candidates: Vec<Candidate> = spoken_of(self.company(), &self.events, arg).iter().map(plain).collect();
        if candidates.is_empty() && !self.choices.contains_key(arg) {
            let name = arg.replace('_', " ");
            let Some((list, path, take)) = records_of(self.company(), arg) else {
                return Ok(Err(("none", format!("{tool}: nobody has said which {name} is meant"))));
            };
            let answer = self.desk.read(list, &BTreeMap::new()).await?;
            candidates = match &answer.released {
                Some(released) => among(released, path, take),
                None => return Ok(Err((answer.outcome.as_str(), told(list, answer.outcome, answer.detail.as_deref())))),
            };
        }
        Ok(match candidates.as_slice() {
            [only] if !self.choices.contains_key(arg) => Ok(Value::from_json(&only.value)),
            [] if !self.choices.contains_key(arg) => Err(("none", format!("{tool}: the customer has no such record"))),
            _ => {
                self.choices.entry(arg.to_owned()).or_insert(candidates);
                Err(("several", format!("{tool}: several could be meant; choose one")))
            }
        })
    }

    /// A tool with everything it needs.
    fn takers(&self, tool: &str) -> Vec<String> {
        self.service.house().with_needs(&[tool.to_owned()])
    }

    /// The arguments that a tool and what it needs ask somebody for.
    fn asks(&self, tool: &str) -> BTreeSet<String> {
        let tools = self.takers(tool).into_iter().filter_map(|name| self.company().tools.get(&name));
        let args = tools.flat_map(|tool| &tool.args).filter(|(_, arg)| arg.from.is_none() && !arg.optional);
        args.map(|(name, _)| name.clone()).collect()
    }

    /// The tools that bring what a path shows.
    fn tools_for(&self, path: &str) -> Vec<String> {
        let company = self.company();
        let path = path.strip_prefix("customer.").and_then(|name| company.customer_facts.get(name)).map_or(path, String::as_str);
        let (top, _) = path.split_once('.').unwrap_or((path, ""));
        if company.tools.contains_key(top) {
            return vec![top.to_owned()];
        }
        let brings = |selected: &Selected| matches!(selected, Selected::One { canonical: Some(name), .. } if name == path);
        let reading = company.tools.values().filter(|tool| tool.access == Access::Read);
        reading.filter(|tool| tool.select.0.values().any(brings)).map(|tool| tool.name.clone()).collect()
    }

    /// Why nothing of a path could be had; none where some system has answered.
    pub(super) fn hindrance(&self, path: &str) -> Option<Hindrance> {
        let tools = self.tools_for(path);
        let reached = tools.iter().any(|tool| self.answer(path, tool).is_some());
        tools.iter().find_map(|tool| self.tried.get(tool).cloned().flatten()).filter(|_| !reached)
    }

    /// What a tool said, as far as it counts for a path.
    fn answer(&self, path: &str, tool: &str) -> Option<&Released> {
        let fresh = self.desk.facts().get(tool);
        if path.starts_with("customer.") { fresh.or_else(|| self.known.get(tool)) } else { fresh }
    }

    /// Where what a path shows came from, and when.
    pub(super) fn source(&self, path: &str) -> Option<(String, Timestamp)> {
        let released = match path.strip_prefix("customer.") {
            Some(name) => {
                let (tool, _) = self.company().customer_facts.get(name)?.split_once('.')?;
                self.answer(path, tool)?
            }
            None => named(self.desk.facts(), path)?.0,
        };
        Some((released.source.clone(), released.fetched_at))
    }

    /// Everything that blanks can show.
    pub(super) fn scope(&self) -> BTreeMap<String, Value> {
        let company = self.company();
        let (mut scope, _) = company.scope(self.desk.facts());
        let customer = company.customer_facts.iter().filter_map(|(name, path)| {
            let (tool, field) = path.split_once('.')?;
            Some((name.clone(), self.answer("customer.", tool)?.value.at(field)?.clone()))
        });
        scope.insert("customer".to_owned(), Value::Map(customer.collect()));
        let one = |name: &str| Value::Map(BTreeMap::from([("name".to_owned(), Value::text(name))]));
        scope.insert("agent".to_owned(), one(&self.agent));
        scope.insert("company".to_owned(), one(&company.name));
        scope.insert("now".to_owned(), Value::Time(self.service.0.parts.clock.now()));
        scope
    }

    /// Which records the values are of.
    pub(super) fn about(&self) -> BTreeMap<String, Json> {
        self.about.iter().map(|(arg, value)| (arg.clone(), value.to_json())).collect()
    }

    /// What there is to choose from.
    pub(super) fn choices(&self) -> Vec<Choice> {
        self.choices.iter().map(|(arg, options)| Choice { arg: arg.clone(), options: options.clone() }).collect()
    }

    /// What was asked on the way, for the log.
    pub(super) fn looked(self) -> Vec<(Timestamp, Event)> {
        self.desk.events
    }
}

/// How a call ended, for whoever wanted its answer.
fn told(tool: &str, outcome: CallOutcome, detail: Option<&str>) -> String {
    format!("{tool}: {}", detail.map_or_else(|| outcome.to_string(), str::to_owned))
}
