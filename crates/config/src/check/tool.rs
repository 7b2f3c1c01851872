//! Tools: what they name exists, identity stays bound, nothing needs itself.

use super::Check;
use super::circle::circle;
use crate::near::nearest;
use crate::problem::{below, element};
use patchbay_core::declare::{Access, Confirm, Kind, Tool};
use std::collections::BTreeMap;

/// Names that mean something else in conditions.
const TAKEN: &[&str] = &["answer", "args", "customer", "session", "skill", "turn", "calls", "feeling", "proof", "record", "now", "today"];

impl Check<'_> {
    pub(super) fn tools(&mut self) {
        for (name, tool) in &self.company.tools {
            let key = below("tools", name);
            if TAKEN.contains(&name.as_str()) {
                self.report.add(&key, format!("'{name}' means something else in conditions"), "choose another name for the tool");
            }
            self.known("backends", "backend", &self.company.backends, &tool.backend, &below(&key, "use"));
            self.names(tool, &key);
            self.identity(tool, &key);
            self.argument_facts(tool, &key);
            self.each(tool, &key);
            self.cache(tool, &key);
        }
        let graph: BTreeMap<&str, Vec<&str>> =
            self.company.tools.iter().map(|(name, tool)| (name.as_str(), tool.needs.iter().map(String::as_str).collect())).collect();
        if let Some(names) = circle(&graph) {
            let key = format!("tools.{}.needs", names[0]);
            self.report.add(&key, format!("these tools need each other in a circle: {}", names.join(" → ")), "break the circle");
        }
    }

    /// Tools and texts it names.
    fn names(&mut self, tool: &Tool, key: &str) {
        for (index, need) in tool.needs.iter().enumerate() {
            self.reading_tool(need, &element(&below(key, "needs"), index));
        }
        if let Some(verify) = &tool.verify {
            self.reading_tool(&verify.read, &below(key, "verify.read"));
        }
        let slow = tool.slow.as_ref().map(|slow| &slow.say);
        for (name, text) in [("refuse", tool.refuse.as_ref()), ("preview", tool.preview.as_ref()), ("slow.say", slow)] {
            if let Some(text) = text {
                self.text(text, &below(key, name));
            }
        }
    }

    /// A tool that must be there and must read.
    pub(super) fn reading_tool(&mut self, name: &str, key: &str) {
        if self.known("tools", "tool", &self.company.tools, name, key)
            && self.company.tools.get(name).is_some_and(|tool| tool.access != Access::Read)
        {
            self.report.add(key, format!("'{name}' does not read, and only a read belongs here"), "name a tool with `access: read`");
        }
    }

    /// What is bound comes from the proven customer, and from nowhere else.
    fn identity(&mut self, tool: &Tool, key: &str) {
        for (arg, path) in &tool.bind {
            let key = below(&below(key, "bind"), arg);
            let facts = &self.company.customer_facts;
            match path.strip_prefix("customer.") {
                Some("id") => {}
                Some(fact) if facts.contains_key(fact) => {}
                _ => {
                    let known: Vec<String> =
                        facts.keys().map(|fact| format!("customer.{fact}")).chain(["customer.id".to_owned()]).collect();
                    let near = nearest(path, known.iter().map(String::as_str));
                    let advice = "write customer.id, or customer.FACT with a fact of `customer.facts`";
                    self.report.add_near(&key, format!("'{path}' is nothing known of a proven customer"), near, advice);
                }
            }
            if tool.args.contains_key(arg) {
                let message = format!("'{arg}' is bound to the customer's identity and cannot be an argument as well");
                self.report.add(&key, message, "remove it from `args` or from `bind`");
            }
        }
    }

    /// Arguments that are always taken from a fact of a tool in `needs`.
    fn argument_facts(&mut self, tool: &Tool, key: &str) {
        for (name, arg) in &tool.args {
            let Some(from) = &arg.from else { continue };
            let key = below(&below(&below(key, "args"), name), "from");
            self.fact(from, &key);
            self.needed(tool, from, &key);
        }
    }

    /// The fact's tool must be answered first.
    fn needed(&mut self, tool: &Tool, path: &str, key: &str) {
        let source = path.split('.').next().unwrap_or_default();
        let needs = format!("tools.{}.needs", tool.name);
        if !self.report.is_touched(&needs) && self.company.tools.contains_key(source) && !tool.needs.iter().any(|need| need == source) {
            let message = format!("'{path}' is a fact of '{source}', which this tool does not need");
            self.report.add(key, message, format!("add `needs: [{source}]`"));
        }
    }

    fn each(&mut self, tool: &Tool, key: &str) {
        let Some(each) = &tool.each else { return };
        let of = below(&below(key, "each"), "of");
        if let Some(kind) = self.fact(&each.of, &of)
            && !matches!(kind, Kind::List(_) | Kind::Text)
        {
            self.report.add(&of, format!("'{}' is no list", each.of), "select it with a type `{ list: … }`");
        }
        self.needed(tool, &each.of, &of);
        if each.at_most == 0 {
            self.report.add(&below(&below(key, "each"), "at_most"), "nothing would ever be read", "write at least 1");
        }
        if tool.args.contains_key(&each.arg) {
            let message = format!("'{}' takes each element and cannot be an argument as well", each.arg);
            self.report.add(&below(&below(key, "each"), "arg"), message, "remove it from `args`");
        }
    }

    /// An answer is kept for the customer it was given to, and for nobody else.
    fn cache(&mut self, tool: &Tool, key: &str) {
        let Some(cache) = &tool.cache else { return };
        let key = below(&below(key, "cache"), "key");
        let each = tool.each.iter().map(|each| &each.arg);
        let known: Vec<&str> = tool.args.keys().chain(tool.bind.keys()).chain(each).map(String::as_str).collect();
        for (index, name) in cache.key.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let near = nearest(name, known.iter().copied());
                self.report.add_near(
                    &element(&key, index),
                    format!("there is no argument '{name}'"),
                    near,
                    "name arguments of `args` and `bind`",
                );
            }
        }
        for bound in tool.bind.keys().filter(|bound| !cache.key.contains(bound)) {
            let message = format!("the key lacks the bound identity '{bound}': one customer could get the answer of another");
            self.report.add(&key, message, format!("add {bound} to the key"));
        }
        for arg in tool.args.keys().filter(|arg| !cache.key.contains(arg)) {
            let message = format!("the key lacks the argument '{arg}': one question could get the answer of another");
            self.report.add(&key, message, format!("add {arg} to the key"));
        }
    }
}

/// May this write ever happen without the customer's yes?
pub(super) fn is_unconfirmed(tool: &Tool) -> bool {
    match &tool.confirm {
        Confirm::By(who) => who.is_empty(),
        Confirm::If { then, otherwise, .. } => then.is_empty() || otherwise.is_empty(),
    }
}
