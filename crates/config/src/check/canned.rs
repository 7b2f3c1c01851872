//! Canned replies: every blank shows a value that the desk can have, and whom a reply is for exists.

use super::Check;
use crate::facts;
use crate::near::nearest;
use crate::problem::{below, element};
use patchbay_core::declare::{Access, CannedReply, Queue};
use patchbay_text::Form;
use std::collections::BTreeSet;

/// What a blank may show beside facts: a name and its one field.
const OTHERS: [(&str, &str); 2] = [("agent", "name"), ("company", "name")];

impl Check<'_> {
    pub(super) fn replies(&mut self) {
        for (shortcode, reply) in &self.company.replies {
            let key = below("replies", shortcode);
            self.words(shortcode, reply, &below(&key, "text"));
            let own = Queue::default().name;
            let mut queues: Vec<&str> = self.company.escalation.queues.iter().map(|queue| queue.name.as_str()).collect();
            if queues.is_empty() {
                queues.push(&own);
            }
            for (index, queue) in reply.queues.iter().enumerate() {
                if !queues.contains(&queue.as_str()) && !self.report.is_broken("escalation.queues") {
                    let near = nearest(queue, queues.iter().copied());
                    let advice = "name a queue of `escalation.queues`, or leave `queues` out";
                    self.report.add_near(&element(&below(&key, "queues"), index), format!("there is no queue '{queue}'"), near, advice);
                }
            }
        }
    }

    /// The words of a reply in each of its languages.
    fn words(&mut self, shortcode: &str, reply: &CannedReply, key: &str) {
        let own = &self.company.language;
        if !reply.texts.contains_key(own) && !self.report.is_touched(key) {
            let message = format!("these words are not there in '{own}', the company's language");
            self.report.add(key, message, format!("add `{own}:` with the words for everybody whose language is not here"));
        }
        for (language, text) in &reply.texts {
            // Words without a language stand under `text` itself.
            let key = Some(below(key, language)).filter(|key| self.report.is_written(key)).unwrap_or_else(|| key.to_owned());
            if !is_language(language) {
                let advice = "write a tag like en, de or pt-BR (BCP 47)";
                self.report.add(&key, format!("'{language}' is no language"), advice);
            }
            match Form::read(shortcode, text, language) {
                Ok(form) => {
                    let paths: BTreeSet<&String> = form.blanks().flat_map(|blank| &blank.paths).collect();
                    for path in paths {
                        self.shown_in_reply(path, &key);
                    }
                }
                Err(errors) => {
                    for error in errors {
                        let line = error.line.map(|line| format!(" (line {line} of the text)")).unwrap_or_default();
                        self.report.add(&key, format!("{}{line}", error.message), "`{{ order.id }}` shows a fact");
                    }
                }
            }
        }
    }

    /// A value in a reply: a fact of a tool that reads, or one of the few other things the desk knows.
    fn shown_in_reply(&mut self, path: &str, key: &str) {
        let (top, field) = path.split_once('.').unwrap_or((path, ""));
        if top == "customer" {
            let names = &self.company.customer_facts;
            if !names.contains_key(field) && !self.report.is_broken("customer.facts") {
                let near = nearest(field, names.keys().map(String::as_str)).map(|name| format!("customer.{name}"));
                let advice = "declare it under `customer.facts`, or show one that is there";
                self.report.add_near(key, format!("this shows '{path}', and there is no such fact about customers"), near, advice);
            }
        } else if let Some((_, name)) = OTHERS.iter().find(|(other, _)| *other == top) {
            if field != *name {
                let near = Some(format!("{top}.{name}"));
                self.report.add_near(key, format!("this shows '{path}', which is not known"), near, format!("write {top}.{name}"));
            }
        } else if let Some(tool) = self.company.tools.get(top) {
            if tool.access != Access::Read {
                let message = format!("this shows '{path}', and '{top}' does not read");
                self.report.add(key, message, "show a fact of a tool with `access: read`");
            } else if field.is_empty() {
                self.report.add(key, format!("'{top}' is a whole record"), format!("show one of its fields: {top}.NAME"));
            } else if facts::at_path(self.company, path).is_none() {
                self.no_such_fact(path, key);
            }
        } else if !self.company.tools.values().any(|tool| facts::canonical_names(&tool.select).any(|name| name == path)) {
            self.no_such_fact(path, key);
        }
    }
}

/// Could this be a language tag?
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().is_some_and(|first| matches!(first.len(), 2 | 3) && first.bytes().all(|letter| letter.is_ascii_alphabetic()));
    first && parts.all(|part| matches!(part.len(), 2..=8) && part.bytes().all(|letter| letter.is_ascii_alphanumeric()))
}
