//! Holds what a step showed against what was expected; each miss says what was there instead.

use crate::diff;
use crate::heard::plain;
use crate::seen::Seen;
use patchbay_config::Expect;
use patchbay_core::declare::Company;
use serde::Serialize;
use std::fmt::{self, Display};

/// One thing that is not as expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Miss {
    /// The key of the expectation: `status`, `text`, `calls` …; `step` where the step itself could not be done as written.
    pub expectation: String,
    /// What was expected; nothing where something was there that must not be.
    pub expected: Option<String>,
    /// What was there instead, if anything.
    pub instead: Option<String>,
    /// Both as one sentence.
    pub says: String,
    /// Both side by side where that is easier to read: lines that begin with `-` (expected), `+` (instead) or a space (both).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub diff: Vec<String>,
}

impl Miss {
    /// Something about the step itself.
    pub(crate) fn step(says: impl Into<String>) -> Self {
        Self { expectation: "step".to_owned(), expected: None, instead: None, says: says.into(), diff: Vec::new() }
    }
}

impl Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says)
    }
}

/// Everything that is not as expected.
pub(crate) fn judge(expect: &Expect, seen: &Seen<'_>, company: &Company) -> Vec<Miss> {
    let mut judge = Judge { missed: Vec::new() };
    let reply = seen.reply;
    judge.same("status", "the status", expect.status.as_deref(), reply.map(|reply| reply.status.as_str()));
    judge.same("zone", "the zone", expect.zone.as_deref(), reply.map(|reply| reply.zone.as_str()));
    judge.same("skill", "the skill", expect.skill.as_deref(), seen.skill());
    judge.words(expect, seen);
    judge.list("calls", expect.calls.as_deref(), &seen.calls(company));
    judge.asked(expect, seen);
    judge.proposed(expect, seen);
    judge.same("outcome", "the outcome of a write", expect.outcome.as_deref(), seen.outcome());
    let refusal = reply.and_then(|reply| reply.refusal.as_ref());
    judge.same("refusal", "the refusal", expect.refusal.as_deref(), refusal.map(|refusal| refusal.code.as_str()));
    let escalation = reply.and_then(|reply| reply.escalation.as_ref());
    let reason = escalation.map(|escalation| escalation.reason.as_str());
    judge.same("reason", "a person taking over because of", expect.reason.as_deref(), reason);
    judge.headers(expect, seen);
    judge.same("audit", "refusals in the log:", expect.audit, Some(seen.audit()));
    judge.missed
}

struct Judge {
    missed: Vec<Miss>,
}

impl Judge {
    fn miss(&mut self, expectation: &str, expected: Option<String>, instead: Option<String>, says: String) -> &mut Miss {
        self.missed.push(Miss { expectation: expectation.to_owned(), expected, instead, says, diff: Vec::new() });
        self.missed.last_mut().expect("invariant: it was pushed just now")
    }

    fn same<T: PartialEq + Display>(&mut self, key: &str, what: &str, expected: Option<T>, seen: Option<T>) {
        if let Some(expected) = expected
            && seen.as_ref() != Some(&expected)
        {
            let instead = seen.as_ref().map_or_else(|| "there was none".to_owned(), |seen| format!("it was {seen}"));
            let says = format!("expected {what} {expected}, but {instead}");
            self.miss(key, Some(expected.to_string()), seen.map(|seen| seen.to_string()), says);
        }
    }

    fn list(&mut self, key: &str, expected: Option<&[String]>, seen: &[&str]) {
        if let Some(expected) = expected.filter(|expected| *expected != seen) {
            let (wanted, there) = (expected.join(", "), seen.join(", "));
            let says = format!("expected the {key} [{wanted}], but there were [{there}]");
            self.miss(key, Some(wanted), Some(there), says).diff = diff::lists(expected, seen);
        }
    }

    fn words(&mut self, expect: &Expect, seen: &Seen<'_>) {
        let said = squeezed(seen.reply.map_or("", |reply| reply.text.as_str()));
        for words in expect.text.iter().map(|words| squeezed(words)).filter(|words| !said.contains(words.as_str())) {
            let says = format!("expected the words “{words}”, but was said: “{said}”");
            let beside = diff::words(&words, &said);
            self.miss("text", Some(words), Some(said.clone()), says).diff = beside;
        }
        let shown = seen.shown();
        for words in expect.not_said.iter().filter(|words| squeezed(&shown).contains(&squeezed(words))) {
            let line = shown.lines().find(|line| squeezed(line).contains(&squeezed(words))).unwrap_or(&said).to_owned();
            let says = format!("expected never to see “{words}”, but was shown: “{line}”");
            self.miss("not_said", None, Some(line), says);
        }
    }

    fn asked(&mut self, expect: &Expect, seen: &Seen<'_>) {
        let question = seen.reply.and_then(|reply| reply.question.as_ref());
        self.same("question", "a question for", expect.question.as_deref(), question.map(|question| question.slot.as_str()));
        let choices: Vec<&str> = question.iter().flat_map(|question| &question.choices).map(|choice| choice.value.as_str()).collect();
        self.list("choices", expect.choices.as_deref(), &choices);
    }

    fn proposed(&mut self, expect: &Expect, seen: &Seen<'_>) {
        let proposal = seen.reply.and_then(|reply| reply.proposal.as_ref());
        self.same("proposes", "a proposal of", expect.proposes.as_deref(), proposal.map(|proposal| proposal.tool.as_str()));
        for (name, expected) in &expect.args {
            let given = proposal.and_then(|proposal| proposal.args.get(name));
            self.same("proposes", &format!("the argument {name} to be"), Some(plain(expected)), given.map(plain));
        }
    }

    fn headers(&mut self, expect: &Expect, seen: &Seen<'_>) {
        for (operation, header) in &expect.header {
            let mut requests = seen.heard.iter().filter(|heard| heard.operation == *operation).peekable();
            let wanted = Some(format!("{operation}: {header}"));
            if requests.peek().is_none() {
                let says = format!("expected the header {header} at {operation}, but no such request was sent");
                self.miss("header", wanted, None, says);
            } else if !requests.all(|heard| heard.headers.get(&header.to_lowercase()).is_some_and(|value| !value.is_empty())) {
                let says = format!("expected the header {header} at {operation}, but it was not sent");
                self.miss("header", wanted, None, says);
            }
        }
    }
}

/// Words as they are compared: line breaks and several spaces are one space.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
