//! The brief for whoever takes a conversation over: a pure fold of the log, complete without any mind.
//!
//! Every word in it was said, read or decided in the conversation; facts have their source and time. What is suggested next comes
//! from what is open: a write to decide on, a failed call, a rule that refused, a question nobody has answered.

use super::{Case, CaseFacts, Feelings, LineKind, Who};
use crate::attachment::{self, Attachment};
use crate::declare::{BriefPart, Company, Condition};
use crate::event::{Event, Recorded};
use crate::fact::{Released, named};
use crate::id::ConversationId;
use crate::mind::{MindStep, ProofOutcome, Speaker};
use crate::words::{CallOutcome, RefusalCode};
use crate::{Timestamp, Value};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// At most so many facts, and so many things that were tried.
const FEW: usize = 4;
/// At most so many steps are suggested.
const STEPS: usize = 2;
/// A quotation longer than this is cut.
const QUOTE: usize = 160;

/// What whoever takes over reads first: five lines' worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Brief {
    /// What the customer wants: the skill, if one was understood, and their own words.
    pub issue: String,
    /// What is known that matters, with its source.
    pub facts: Vec<BriefFact>,
    /// What was tried, and what came of it.
    pub tried: Vec<Tried>,
    /// How the customer seems to feel.
    pub feeling: Option<Feelings>,
    /// What comes next.
    pub next: Vec<NextStep>,
    /// Is there enough to go on with?
    pub complete: bool,
    /// How far the log was folded: when its last event happened.
    pub made_at: Timestamp,
}

/// A fact with its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BriefFact {
    /// Its name (`order.status`).
    pub name: String,
    /// The name as people read it.
    pub label: String,
    /// Its value.
    pub value: serde_json::Value,
    /// The backend it came from.
    pub source: String,
    /// The tool that read it.
    pub tool: String,
    /// When the backend gave it.
    pub fetched_at: Timestamp,
}

/// Something that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tried {
    /// When.
    pub at: Timestamp,
    /// What came of it, in words.
    pub text: String,
    /// The tool.
    pub tool: Option<String>,
    /// How it ended, in the word of the list.
    pub outcome: String,
}

/// Something to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NextStep {
    /// In words.
    pub text: String,
    /// The tool it is about, if one.
    pub tool: Option<String>,
}

impl Brief {
    /// The brief of a conversation; `None` when the stream has no beginning.
    #[must_use]
    pub fn fold(company: &Company, conversation: &ConversationId, events: &[Recorded]) -> Option<Self> {
        let case = Case::fold(conversation, events)?;
        let stretch = since_last_end(events);
        let gathered = Gathered::of(company, stretch);
        let issue = issue(company, &case, stretch, gathered.wish.as_ref());
        let tried = gathered.tried(company);
        let next = next(&case, &gathered, company);
        let facts = gathered.facts();
        let complete = !issue.is_empty();
        let brief = Self { issue, facts, tried, feeling: case.feeling, next, complete, made_at: case.last_at };
        Some(brief.only(&company.escalation.handover.brief))
    }

    /// Only the parts that a company wants to see.
    fn only(mut self, parts: &BTreeSet<BriefPart>) -> Self {
        for left_out in BriefPart::ALL.iter().filter(|part| !parts.contains(part)) {
            match left_out {
                BriefPart::Issue => self.issue.clear(),
                BriefPart::Facts => self.facts.clear(),
                BriefPart::Tried => self.tried.clear(),
                BriefPart::Feeling => self.feeling = None,
                BriefPart::Next => self.next.clear(),
            }
        }
        self
    }
}

/// What happened since people let go last: earlier wishes are settled.
fn since_last_end(events: &[Recorded]) -> &[Recorded] {
    let end = |event: &Recorded| matches!(event.event, Event::HandoffEnded { .. });
    let stretch = events.iter().rposition(end).map_or(events, |at| &events[at + 1..]);
    // Where nothing was said since, what was said before is all there is.
    let said = stretch.iter().any(|event| matches!(event.event, Event::MessageReceived { .. }));
    if said { stretch } else { events }
}

fn issue(company: &Company, case: &Case, stretch: &[Recorded], wish: Option<&Wish>) -> String {
    let first = stretch.first().map_or(0, |event| event.seq);
    let said = case.lines.iter().filter(|line| line.seq >= first && line.kind == LineKind::Message && line.who == Who::Customer);
    let said: Vec<&str> = said.map(|line| line.text.as_str()).filter(|text| !text.trim().is_empty()).collect();
    let wished = wish.and_then(|wish| Some((wish, company.skills.get(&wish.skill)?)));
    let describe = wished.map(|(_, skill)| skill.describe.trim_end_matches('.').to_owned());
    // The words that say what it is about; where no skill was understood, the last three messages speak for themselves.
    let quoted: Vec<String> = match wished {
        Some((wish, _)) => {
            let since = said.get(wish.since..).unwrap_or_default();
            since.iter().max_by_key(|text| text.chars().count()).into_iter().map(|text| quote(text)).collect()
        }
        None => said.iter().rev().take(3).rev().map(|text| quote(text)).collect(),
    };
    let files: Vec<Attachment> = stretch.iter().flat_map(|event| sent(&event.event)).cloned().collect();
    let words: Vec<String> = quoted.into_iter().chain(attachment::mention(&files)).collect();
    let words = words.join(" · ");
    match (describe, words.is_empty()) {
        (Some(describe), true) => describe,
        (Some(describe), false) => format!("{describe}: {words}"),
        (None, _) => words,
    }
}

/// The files the customer sent with an event.
fn sent(event: &Event) -> &[Attachment] {
    match event {
        Event::MessageReceived { by: Speaker::Customer, files, .. } => files,
        _ => &[],
    }
}

fn quote(text: &str) -> String {
    let flat: Vec<&str> = text.split_whitespace().collect();
    let flat = flat.join(" ");
    let cut: String = flat.chars().take(QUOTE).collect();
    if cut.len() < flat.len() { format!("“{cut}…”") } else { format!("“{cut}”") }
}

/// What the customer wants, as it was understood last.
struct Wish {
    skill: String,
    /// How many messages with words were before the one that first said so.
    since: usize,
}

/// What a stretch of a conversation tells.
#[derive(Default)]
struct Gathered {
    wish: Option<Wish>,
    /// How many messages with words the customer has written.
    said: usize,
    known: BTreeMap<String, Released>,
    /// Names of facts the customer was told, the latest last.
    told: Vec<String>,
    /// The latest call of each tool.
    calls: BTreeMap<String, (Timestamp, CaseFacts, Option<RefusalCode>)>,
    /// The latest step of each write, by id.
    writes: BTreeMap<String, Tried>,
    tools: BTreeMap<String, String>,
    unproven: Option<Timestamp>,
    question: Option<String>,
}

impl Gathered {
    fn of(company: &Company, stretch: &[Recorded]) -> Self {
        let mut gathered = Self::default();
        for recorded in stretch {
            gathered.take(company, recorded.at, &recorded.event);
        }
        gathered
    }

    fn take(&mut self, company: &Company, at: Timestamp, event: &Event) {
        match event {
            Event::MindSpoke { step, .. } => {
                if let Some(MindStep::Understood(understanding)) = step.get() {
                    let wish = |skill: &String| company.skills.get(skill).is_some_and(|skill| !only_hands_over(skill));
                    let new = |skill: &String| self.wish.as_ref().is_none_or(|wish| wish.skill != *skill);
                    if let Some(skill) = understanding.skill.clone().filter(wish).filter(new) {
                        self.wish = Some(Wish { skill, since: self.said.saturating_sub(1) });
                    }
                }
            }
            Event::CallAnswered { tool, outcome, refusal, rule, detail, released, .. } => {
                let released = released.as_ref().and_then(|released| released.get().cloned());
                self.known.extend(released.clone().map(|released| (tool.clone(), released)));
                let (rule, detail, args) = (rule.clone(), detail.clone(), BTreeMap::new());
                let facts = CaseFacts { tool: tool.clone(), outcome: *outcome, released, detail, rule, args, at };
                self.calls.insert(tool.clone(), (at, facts, *refusal));
            }
            Event::PartReleased { facts, .. } => {
                self.told.retain(|name| !facts.contains(name));
                self.told.extend(facts.iter().cloned());
            }
            Event::QuestionAsked { question, .. } => self.question = question.get().map(|question| question.text.clone()),
            Event::MessageReceived { by, text, .. } => {
                self.question = None;
                let words = text.get().is_some_and(|text| !text.trim().is_empty());
                self.said += usize::from(words && *by == Speaker::Customer);
            }
            Event::ProofEnded { outcome: ProofOutcome::NotProven | ProofOutcome::Locked, .. } => self.unproven = Some(at),
            Event::ProofEnded { outcome: ProofOutcome::Proven, .. } => self.unproven = None,
            _ => self.write(at, event),
        }
    }

    fn write(&mut self, at: Timestamp, event: &Event) {
        let (id, outcome) = match event {
            Event::ActionProposed { id, tool, .. } => {
                self.tools.insert(id.to_string(), tool.clone());
                (id, "proposed".to_owned())
            }
            Event::ActionCancelled { id, why } => (id, why.clone()),
            Event::ApprovalAsked { id, .. } => (id, CallOutcome::NeedsApproval.to_string()),
            Event::ActionSettled { id, outcome, verified, .. } => {
                let word = super::case::settled(*outcome);
                (id, if *verified == Some(true) { format!("{word}, proven by reading it back") } else { word.to_owned() })
            }
            _ => return,
        };
        let tool = self.tools.get(id.as_str()).cloned();
        let name = tool.as_deref().map_or_else(|| "the action".to_owned(), readable);
        let text = format!("{name}: {}", outcome.replace('_', " "));
        self.writes.insert(id.to_string(), Tried { at, text, tool, outcome });
    }

    /// The facts the customer was told, the latest first; where they were told none, what was read last.
    fn facts(&self) -> Vec<BriefFact> {
        let told = self.told.iter().rev().filter_map(|path| self.fact(path));
        let mut facts: Vec<BriefFact> = told.take(FEW).collect();
        if facts.is_empty() {
            let mut latest: Vec<&Released> = self.known.values().collect();
            latest.sort_by_key(|released| std::cmp::Reverse(released.fetched_at));
            let paths = latest.iter().flat_map(|released| released.facts()).map(|fact| fact.name);
            facts = paths.filter_map(|path| self.fact(&path)).take(FEW).collect();
        }
        facts
    }

    fn fact(&self, path: &str) -> Option<BriefFact> {
        let (released, field) = named(&self.known, path)?;
        let value = released.value.at(field)?;
        let plain = !matches!(value, Value::Null | Value::List(_) | Value::Map(_));
        plain.then(|| BriefFact {
            name: path.to_owned(),
            label: readable(path),
            value: value.to_json(),
            source: released.source.clone(),
            tool: released.tool.clone(),
            fetched_at: released.fetched_at,
        })
    }

    /// What was tried, the latest last: writes first of all, then reads that failed, then those that answered.
    fn tried(&self, company: &Company) -> Vec<Tried> {
        let mut tried: Vec<Tried> = self.writes.values().cloned().collect();
        tried.sort_by_key(|tried| tried.at);
        let room = FEW.saturating_sub(tried.len());
        let mut calls: Vec<&(Timestamp, CaseFacts, Option<RefusalCode>)> = self.calls.values().collect();
        calls.sort_by_key(|(at, facts, _)| (facts.outcome == CallOutcome::Ok, std::cmp::Reverse(*at)));
        let reads = calls.into_iter().filter(|(_, facts, _)| !self.tools.values().any(|tool| *tool == facts.tool));
        let shown = |(at, facts, refusal): &(Timestamp, CaseFacts, Option<RefusalCode>)| {
            let outcome = outcome_for_people(company, &facts.tool, facts.outcome, *refusal);
            let text = format!("{}: {}", readable(&facts.tool), outcome.replace('_', " "));
            Tried { at: *at, text, tool: Some(facts.tool.clone()), outcome }
        };
        tried.extend(reads.take(room).map(shown));
        tried.sort_by_key(|tried| tried.at);
        let from = tried.len().saturating_sub(FEW);
        tried.split_off(from)
    }
}

/// A record that is missing and one that is somebody else's are the same for people too: the desk must not tell which.
fn outcome_for_people(company: &Company, tool: &str, outcome: CallOutcome, refusal: Option<RefusalCode>) -> String {
    let owned = company.tools.get(tool).is_some_and(|tool| tool.guard != Condition::Always);
    if owned && (outcome == CallOutcome::NotFound || refusal == Some(RefusalCode::OwnerMismatch)) {
        return CallOutcome::NotFound.to_string();
    }
    outcome.to_string()
}

/// Does a skill do nothing but hand over? Then it says nothing about what the customer wants.
fn only_hands_over(skill: &crate::declare::Skill) -> bool {
    skill.steps.iter().all(|step| matches!(step, crate::declare::Step::HandOver(_) | crate::declare::Step::Say(_)))
}

fn next(case: &Case, gathered: &Gathered, company: &Company) -> Vec<NextStep> {
    let step = |text: String, tool: Option<&String>| NextStep { text, tool: tool.cloned() };
    let mut next = Vec::new();
    for action in &case.approvals {
        next.push(step(format!("Approve or refuse: {}", action.effect), Some(&action.tool)));
    }
    for action in &case.unknown {
        let text = format!("Find out whether {} went through, then settle it", readable(&action.tool));
        next.push(step(text, Some(&action.tool)));
    }
    for (_, facts, refusal) in gathered.calls.values() {
        let name = readable(&facts.tool);
        match facts.outcome {
            CallOutcome::Timeout | CallOutcome::Unreachable | CallOutcome::BreakerOpen | CallOutcome::RateLimited => {
                next.push(step(format!("Look at {name} again: it gave no answer ({})", facts.outcome), Some(&facts.tool)));
            }
            CallOutcome::Refused if *refusal == Some(RefusalCode::Condition) => {
                let rule = facts.rule.as_deref().unwrap_or("the tool's rule");
                next.push(step(format!("{name} is not allowed ({rule}); offer another way"), Some(&facts.tool)));
            }
            CallOutcome::Refused if *refusal == Some(RefusalCode::Limit) => {
                next.push(step(
                    format!("{name} has reached its limit for this customer; decide whether to make an exception"),
                    Some(&facts.tool),
                ));
            }
            CallOutcome::BadAnswer | CallOutcome::Ambiguous | CallOutcome::TooLarge => {
                next.push(step(format!("Look at {name} by hand: its answer could not be used ({})", facts.outcome), Some(&facts.tool)));
            }
            CallOutcome::NeedsStepUp => next.push(step("Make sure who the customer is".to_owned(), Some(&facts.tool))),
            _ if outcome_for_people(company, &facts.tool, facts.outcome, *refusal) == "not_found" => {
                next.push(step(format!("Check the number with the customer: {name} found nothing"), Some(&facts.tool)));
            }
            _ => {}
        }
    }
    if gathered.unproven.is_some() {
        next.push(step("Make sure who the customer is: what they said did not match".to_owned(), None));
    }
    if let Some(question) = &gathered.question {
        next.push(step(format!("Get an answer to: {question}"), None));
    }
    next.dedup();
    next.truncate(STEPS);
    if next.is_empty() {
        let last = case.lines.iter().rev().find(|line| line.kind == LineKind::Message && line.who == Who::Customer);
        next.extend(last.map(|line| match line.text.trim() {
            "" => step("Look at what the customer sent".to_owned(), None),
            text => step(format!("Answer: {}", quote(text)), None),
        }));
    }
    next
}

/// A name of the configuration as people read it.
fn readable(name: &str) -> String {
    name.replace(['_', '.'], " ")
}
