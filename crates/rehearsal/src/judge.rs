//! Holds what a step showed against what was expected; each miss is one sentence that says what was there instead.

use crate::heard::plain;
use crate::seen::Seen;
use patchbay_config::Expect;
use patchbay_core::declare::Company;
use std::fmt::Display;

/// Everything that is not as expected.
pub(crate) fn judge(expect: &Expect, seen: &Seen<'_>, company: &Company) -> Vec<String> {
    let mut judge = Judge { missed: Vec::new() };
    let reply = seen.reply;
    judge.same("the status", expect.status.as_deref(), reply.map(|reply| reply.status.as_str()));
    judge.same("the zone", expect.zone.as_deref(), reply.map(|reply| reply.zone.as_str()));
    judge.same("the skill", expect.skill.as_deref(), seen.skill());
    judge.words(expect, seen);
    judge.list("the calls", expect.calls.as_deref(), &seen.calls(company));
    judge.asked(expect, seen);
    judge.proposed(expect, seen);
    judge.same("the outcome of a write", expect.outcome.as_deref(), seen.outcome());
    let refusal = reply.and_then(|reply| reply.refusal.as_ref());
    judge.same("the refusal", expect.refusal.as_deref(), refusal.map(|refusal| refusal.code.as_str()));
    let escalation = reply.and_then(|reply| reply.escalation.as_ref());
    judge.same("a person taking over because of", expect.reason.as_deref(), escalation.map(|escalation| escalation.reason.as_str()));
    judge.headers(expect, seen);
    judge.same("refusals in the log:", expect.audit, Some(seen.audit()));
    judge.missed
}

struct Judge {
    missed: Vec<String>,
}

impl Judge {
    fn miss(&mut self, sentence: String) {
        self.missed.push(sentence);
    }

    fn same<T: PartialEq + Display>(&mut self, what: &str, expected: Option<T>, seen: Option<T>) {
        if let Some(expected) = expected
            && seen.as_ref() != Some(&expected)
        {
            let instead = seen.map_or_else(|| "there was none".to_owned(), |seen| format!("it was {seen}"));
            self.miss(format!("expected {what} {expected}, but {instead}"));
        }
    }

    fn list(&mut self, what: &str, expected: Option<&[String]>, seen: &[&str]) {
        if let Some(expected) = expected.filter(|expected| *expected != seen) {
            self.miss(format!("expected {what} [{}], but there were [{}]", expected.join(", "), seen.join(", ")));
        }
    }

    fn words(&mut self, expect: &Expect, seen: &Seen<'_>) {
        let said = seen.reply.map_or("", |reply| reply.text.as_str());
        for words in expect.text.iter().filter(|words| !squeezed(said).contains(&squeezed(words))) {
            self.miss(format!("expected the words “{words}”, but was said: “{}”", said.replace('\n', " ")));
        }
        let shown = seen.shown();
        for words in expect.not_said.iter().filter(|words| squeezed(&shown).contains(&squeezed(words))) {
            let line = shown.lines().find(|line| squeezed(line).contains(&squeezed(words))).unwrap_or(said);
            self.miss(format!("expected never to see “{words}”, but was shown: “{line}”"));
        }
    }

    fn asked(&mut self, expect: &Expect, seen: &Seen<'_>) {
        let question = seen.reply.and_then(|reply| reply.question.as_ref());
        self.same("a question for", expect.question.as_deref(), question.map(|question| question.slot.as_str()));
        let choices: Vec<&str> = question.iter().flat_map(|question| &question.choices).map(|choice| choice.value.as_str()).collect();
        self.list("the choices", expect.choices.as_deref(), &choices);
    }

    fn proposed(&mut self, expect: &Expect, seen: &Seen<'_>) {
        let proposal = seen.reply.and_then(|reply| reply.proposal.as_ref());
        self.same("a proposal of", expect.proposes.as_deref(), proposal.map(|proposal| proposal.tool.as_str()));
        for (name, expected) in &expect.args {
            let given = proposal.and_then(|proposal| proposal.args.get(name));
            self.same(&format!("the argument {name} to be"), Some(plain(expected)), given.map(plain));
        }
    }

    fn headers(&mut self, expect: &Expect, seen: &Seen<'_>) {
        for (operation, header) in &expect.header {
            let mut requests = seen.heard.iter().filter(|heard| heard.operation == *operation).peekable();
            if requests.peek().is_none() {
                self.miss(format!("expected the header {header} at {operation}, but no such request was sent"));
            } else if !requests.all(|heard| heard.headers.get(&header.to_lowercase()).is_some_and(|value| !value.is_empty())) {
                self.miss(format!("expected the header {header} at {operation}, but it was not sent"));
            }
        }
    }
}

/// Words as they are compared: line breaks and several spaces are one space.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
