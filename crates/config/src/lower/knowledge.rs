//! The written knowledge: its sources and thresholds.

use crate::fitted::Fitted;
use crate::problem::Report;
use patchbay_core::declare::{AnswerRule, Knowledge, KnowledgeSource};
use patchbay_core::words::Audience;
use std::time::Duration;

/// The section `knowledge`; without it there is none.
pub(super) fn knowledge(it: &Fitted, report: &mut Report) -> Knowledge {
    if matches!(it, Fitted::Absent) {
        return Knowledge::default();
    }
    let rule = it.get("answer");
    let answer = AnswerRule {
        at_least: thousandths(rule, "at_least"),
        ask_back: thousandths(rule.get("below"), "ask_back"),
        cite: rule.text("cite").as_deref() != Some("never"),
    };
    if answer.ask_back > answer.at_least && rule.has("at_least") {
        let advice = "lower it, or raise `at_least`";
        report.add("knowledge.answer.below.ask_back", "what is enough to answer is not enough to ask back", advice);
    }
    Knowledge { sources: it.get("sources").items().iter().map(source).collect(), answer }
}

fn source(it: &Fitted) -> KnowledgeSource {
    let span = it.duration("review_every");
    KnowledgeSource {
        path: it.file("path"),
        audience: it.text("audience").and_then(|word| Audience::parse(&word)).unwrap_or(Audience::Identified),
        language: it.text("language"),
        review_every: (span > Duration::ZERO).then_some(span),
    }
}

fn thousandths(it: &Fitted, key: &str) -> i64 {
    i64::try_from(it.count(key)).unwrap_or(i64::MAX)
}
