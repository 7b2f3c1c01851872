//! What the backends answered: from the calls in the log to the answers of a test.

use super::answer::{at, foreign, own, several, wire};
use super::disguise::Disguise;
use super::persona;
use patchbay_condition::Scope;
use patchbay_core::Session;
use patchbay_core::Value;
use patchbay_core::declare::{Access, Company, Tool};
use patchbay_core::event::{Event, Recorded};
use patchbay_core::fact::Released;
use patchbay_core::id::CallId;
use patchbay_core::words::{CallOutcome, RefusalCode};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// One answer, with the arguments it was given to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) when: BTreeMap<String, Json>,
    pub(super) answer: Answer,
}

impl Given {
    /// Shows what is about somebody.
    pub(super) fn learned_by(&self, disguise: &mut Disguise) {
        self.when.iter().for_each(|(name, value)| disguise.learn(name, value));
        if let Answer::Body(body) = &self.answer {
            disguise.learn("", body);
        }
    }

    /// Replaces it.
    pub(super) fn put_on(&mut self, disguise: &mut Disguise) {
        self.when.values_mut().for_each(|value| *value = disguise.json(value));
        if let Answer::Body(body) = &mut self.answer {
            *body = disguise.json(body);
        }
    }
}

/// What a backend did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    Body(Json),
    Status(u16),
    Fault(&'static str),
}

/// The answers of a conversation, by operation.
#[derive(Debug, Default)]
pub(super) struct Answers {
    pub(super) stated: BTreeMap<String, Vec<Given>>,
    pub(super) left_out: Vec<String>,
}

/// Every answer of a backend in a conversation, in order. Of answers that came from the cache the first one counts.
pub(super) fn answers(events: &[Recorded], company: &Company, session: &Session) -> Answers {
    let mut reading = Reading { company, session, started: BTreeMap::new(), facts: BTreeMap::new(), answers: Answers::default() };
    for recorded in events {
        match &recorded.event {
            Event::CallStarted { call, args, .. } => {
                reading.started.insert(call.clone(), args.get().cloned().unwrap_or_default());
            }
            Event::CallAnswered { call, tool, outcome, refusal, released, cached, .. } => {
                let released = released.as_ref().and_then(|released| released.get());
                reading.answered(call, tool, *outcome, *refusal, released, *cached);
            }
            Event::TurnOpened { .. } => reading.facts.retain(|tool, _| is_about_customer(company, tool)),
            _ => {}
        }
    }
    let mut answers = reading.answers;
    answers.stated.values_mut().for_each(tidy);
    answers.left_out.sort_unstable();
    answers.left_out.dedup();
    answers
}

fn is_about_customer(company: &Company, tool: &str) -> bool {
    company.customer_facts.values().any(|path| path.split('.').next() == Some(tool))
}

struct Reading<'a> {
    company: &'a Company,
    session: &'a Session,
    started: BTreeMap<CallId, BTreeMap<String, Value>>,
    /// What has been released, by tool.
    facts: BTreeMap<String, Value>,
    answers: Answers,
}

impl Reading<'_> {
    fn answered(
        &mut self,
        call: &CallId,
        tool: &str,
        outcome: CallOutcome,
        refusal: Option<RefusalCode>,
        released: Option<&Released>,
        cached: bool,
    ) {
        // What the gate did not admit was never asked.
        let (Some(args), Some(tool)) = (self.started.remove(call), self.company.tools.get(tool)) else { return };
        let given = self.given(tool, &args, outcome, refusal, released);
        if let Some(released) = released {
            self.facts.insert(tool.name.clone(), released.value.clone());
        }
        let stated = self.answers.stated.entry(format!("{}.{}", tool.backend, tool.operation)).or_default();
        match given {
            Ok(given) => stated
                .extend(given.into_iter().filter(|one| !cached || stated.iter().all(|known| known.when != one.when)).collect::<Vec<_>>()),
            Err(why) => self.answers.left_out.push(why),
        }
    }

    fn given(
        &self,
        tool: &Tool,
        args: &BTreeMap<String, Value>,
        outcome: CallOutcome,
        refusal: Option<RefusalCode>,
        released: Option<&Released>,
    ) -> Result<Vec<Given>, String> {
        let scope = self.scope(args);
        let when = self.asked(tool, args);
        if let (Some(released), Some(each)) = (released, &tool.each) {
            return self.each(tool, &when, &released.value, &each.take_as, &scope);
        }
        let answer = match (released, refusal) {
            (Some(released), _) => Answer::Body(own(self.company, tool, &released.value, &scope)?),
            (None, Some(RefusalCode::OwnerMismatch)) => Answer::Body(foreign(self.company, tool, &scope)?),
            (None, _) if outcome == CallOutcome::Ambiguous => Answer::Body(several(self.company, tool, &scope)?),
            (None, _) => failed(tool, outcome).ok_or_else(|| {
                format!("'{}' ended with {outcome}, which no answer can be stated for: {}.{}", tool.name, tool.backend, tool.operation)
            })?,
        };
        Ok(vec![Given { when, answer }])
    }

    /// One answer for each element that was read.
    fn each(&self, tool: &Tool, when: &BTreeMap<String, Json>, value: &Value, take_as: &str, scope: &Scope) -> Result<Vec<Given>, String> {
        let Some(each) = &tool.each else { return Ok(Vec::new()) };
        let asked = at(scope, &each.of).and_then(Value::as_list).unwrap_or_default();
        let asked = &asked[asked.len().saturating_sub(each.at_most)..];
        let kept = value.at(take_as).and_then(Value::as_list).unwrap_or_default();
        let one = |element: &Value, answer: Answer| {
            let mut when = when.clone();
            when.insert(each.arg.clone(), wire(element));
            Given { when, answer }
        };
        if kept.len() == asked.len() {
            let both = asked.iter().zip(kept);
            return both.map(|(element, kept)| Ok(one(element, Answer::Body(own(self.company, tool, kept, scope)?)))).collect();
        }
        // Some were left out: those that say themselves which one they are, are known; the others are not there.
        let named = |element: &&Value| {
            kept.iter().find(|kept| matches!(kept, Value::Map(fields) if fields.values().any(|value| value == *element)))
        };
        asked
            .iter()
            .map(|element| match named(&element) {
                Some(kept) => Ok(one(element, Answer::Body(own(self.company, tool, kept, scope)?))),
                None => Ok(one(element, Answer::Status(404))),
            })
            .collect()
    }

    /// What rules may speak about.
    fn scope(&self, args: &BTreeMap<String, Value>) -> Scope {
        let mut scope: Scope = self.facts.clone();
        scope.insert("args".to_owned(), Value::Map(args.clone()));
        let id = persona(self.session).map(|(id, _)| ("id".to_owned(), Value::text(id)));
        let facts = self.company.customer_facts.iter().filter_map(|(name, path)| Some((name.clone(), at(&self.facts, path)?.clone())));
        scope.insert("customer".to_owned(), Value::Map(facts.chain(id).collect()));
        scope
    }

    /// The arguments the backend was asked with, as far as they are not the customer's identity.
    fn asked(&self, tool: &Tool, args: &BTreeMap<String, Value>) -> BTreeMap<String, Json> {
        let value = |(name, arg): (&String, &patchbay_core::declare::Arg)| {
            let value = match &arg.from {
                Some(path) => at(&self.facts, path),
                None => args.get(name),
            };
            Some((name.clone(), wire(value.filter(|value| !value.is_null())?)))
        };
        tool.args.iter().filter_map(value).collect()
    }
}

/// The answer that ends like this; nothing where none can be stated.
fn failed(tool: &Tool, outcome: CallOutcome) -> Option<Answer> {
    let write = tool.access == Access::Write;
    Some(match outcome {
        CallOutcome::NotFound => Answer::Status(404),
        CallOutcome::Refused => Answer::Status(409),
        CallOutcome::Invalid => Answer::Status(405),
        CallOutcome::RateLimited => Answer::Status(429),
        CallOutcome::Timeout if write => Answer::Fault("drop"),
        CallOutcome::Timeout => Answer::Fault("timeout"),
        CallOutcome::Unreachable if write => Answer::Status(503),
        CallOutcome::Unreachable | CallOutcome::BreakerOpen => Answer::Fault("unreachable"),
        CallOutcome::Unknown => Answer::Fault("drop"),
        CallOutcome::BadAnswer => Answer::Fault("bad_answer"),
        CallOutcome::TooLarge => Answer::Fault("too_large"),
        CallOutcome::Ok => Answer::Body(json!({})),
        _ => return None,
    })
}

/// Leaves out what says nothing: arguments that are always the same, and answers that only repeat the last one.
fn tidy(given: &mut Vec<Given>) {
    let names: BTreeSet<String> = given.iter().flat_map(|one| one.when.keys().cloned()).collect();
    for name in names {
        let all: BTreeSet<Option<String>> = given.iter().map(|one| one.when.get(&name).map(Json::to_string)).collect();
        if all.len() == 1 {
            given.iter_mut().for_each(|one| drop(one.when.remove(&name)));
        }
    }
    let mut at = given.len();
    while at > 0 {
        at -= 1;
        let repeats = |one: &Given| one.when == given[at].when;
        let later = given[at + 1..].iter().any(|one| one.when == given[at].when);
        let before = given[..at].iter().rfind(|one| repeats(one)).map(|one| one.answer.clone());
        if !later && before.as_ref() == Some(&given[at].answer) {
            given.remove(at);
        }
    }
}
