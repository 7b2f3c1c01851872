//! What one step showed: the reply, and what the log and the stand-in hold of it.

use crate::heard::Heard;
use patchbay_core::declare::Company;
use patchbay_core::event::{Event, Recorded, Settled};
use patchbay_core::mind::MindStep;
use patchbay_core::reply::Reply;
use std::collections::BTreeSet;

/// Everything an expectation is held against.
pub(crate) struct Seen<'a> {
    /// The reply; none where people have the conversation and nobody answered.
    pub(crate) reply: Option<&'a Reply>,
    /// The conversation's events of this step.
    pub(crate) events: &'a [Recorded],
    /// What the stand-in heard in it.
    pub(crate) heard: &'a [Heard],
}

impl Seen<'_> {
    /// The tools that were called, in the order in which the turn started them. Loading what is known of the customer does not count.
    pub(crate) fn calls(&self, company: &Company) -> Vec<&str> {
        let about_customer: BTreeSet<&str> = customer_tools(company).collect();
        let mut wished = false;
        let mut calls = Vec::new();
        for recorded in self.events {
            match &recorded.event {
                Event::MindSpoke { step, .. } => wished |= matches!(step.get(), Some(MindStep::Call { .. })),
                Event::CallStarted { tool, .. } if wished || !about_customer.contains(tool.as_str()) => calls.push(tool.as_str()),
                _ => {}
            }
        }
        calls
    }

    /// The skill or topic that was understood last.
    pub(crate) fn skill(&self) -> Option<&str> {
        self.events.iter().rev().find_map(|recorded| match &recorded.event {
            Event::MindSpoke { step, .. } => match step.get() {
                Some(MindStep::Understood(understanding)) => understanding.skill.as_deref(),
                _ => None,
            },
            _ => None,
        })
    }

    /// What became of a write.
    pub(crate) fn outcome(&self) -> Option<&'static str> {
        self.events.iter().rev().find_map(|recorded| match &recorded.event {
            Event::ActionSettled { outcome, verified, .. } => Some(match (outcome, verified) {
                (Settled::Done, Some(true)) => "verified",
                (Settled::Done, _) => "done",
                (Settled::Failed, _) => "failed",
                (Settled::Unknown, _) => "unknown",
            }),
            Event::ActionCancelled { .. } => Some("cancelled"),
            _ => None,
        })
    }

    /// How many refusals of the gate the log holds.
    pub(crate) fn audit(&self) -> usize {
        self.events.iter().filter(|recorded| matches!(recorded.event, Event::CallAnswered { refusal: Some(_), .. })).count()
    }

    /// Everything the customer sees of it: words, choices, the card and the facts under the sentences.
    pub(crate) fn shown(&self) -> String {
        let Some(reply) = self.reply else { return String::new() };
        let choices =
            reply.question.iter().flat_map(|question| &question.choices).map(|choice| format!("{} {}", choice.label, choice.value));
        let facts = reply.facts.iter().map(|fact| fact.value.to_string());
        let card = reply.proposal.iter().map(|proposal| format!("{} {}", serde_json::json!(proposal.args), proposal.object));
        std::iter::once(reply.text.clone()).chain(choices).chain(facts).chain(card).collect::<Vec<_>>().join("\n")
    }
}

/// The tools that bring what is known of a customer.
pub(crate) fn customer_tools(company: &Company) -> impl Iterator<Item = &str> {
    company.customer_facts.values().filter_map(|path| path.split_once('.')).map(|(tool, _)| tool)
}
