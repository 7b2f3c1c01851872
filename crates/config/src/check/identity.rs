//! Lookups: the tool is one, what is asked fills its arguments, and what it finds is a customer's id.

use super::Check;
use crate::near::nearest;
use crate::problem::{below, element};
use patchbay_core::declare::{Access, Lookup, Tool};
use patchbay_core::words::Level;

/// More tries than these make guessing worth while.
const MOST_ATTEMPTS: u32 = 10;

impl Check<'_> {
    pub(super) fn lookups(&mut self) {
        for lookup in &self.company.lookups {
            let key = below("identity", &lookup.name);
            self.limits(lookup, &key);
            if !self.known("tools", "tool", &self.company.tools, &lookup.tool, &below(&key, "tool")) {
                continue;
            }
            let Some(tool) = self.company.tools.get(&lookup.tool) else { continue };
            if tool.access != Access::Lookup {
                let message = format!("'{}' is no lookup, and only a lookup may find customers", lookup.tool);
                self.report.add(&below(&key, "tool"), message, "name a tool with `access: lookup`");
            }
            self.asked(lookup, tool, &key);
            self.found(lookup, &key);
        }
    }

    fn limits(&mut self, lookup: &Lookup, key: &str) {
        if !(1..=MOST_ATTEMPTS).contains(&lookup.attempts) {
            let why = if lookup.attempts == 0 { "nobody could ever be found" } else { "so many tries invite guessing" };
            self.report.add(&below(key, "attempts"), why, format!("write a number from 1 to {MOST_ATTEMPTS}"));
        }
        if lookup.gives != Level::Contact {
            let message = format!("knowing something proves a contact, not the level {}", lookup.gives);
            self.report.add(&below(key, "gives"), message, "write `gives: contact`");
        }
    }

    /// Everything the tool needs is asked for, and nothing else.
    fn asked(&mut self, lookup: &Lookup, tool: &Tool, key: &str) {
        let key = below(key, "ask");
        let given = |name: &str| tool.args.get(name).is_some_and(|arg| arg.from.is_none());
        for (index, piece) in lookup.ask.iter().enumerate().filter(|(_, piece)| !given(piece)) {
            let near = nearest(piece, tool.args.keys().map(String::as_str));
            let message = format!("'{}' takes no argument '{piece}'", lookup.tool);
            self.report.add_near(&element(&key, index), message, near, "name arguments of the tool");
        }
        let needed = tool.args.iter().filter(|(_, arg)| !arg.optional && arg.from.is_none()).map(|(name, _)| name);
        for name in needed.filter(|name| !lookup.ask.contains(*name)) {
            let message = format!("'{}' needs the argument '{name}', which nobody is asked for", lookup.tool);
            self.report.add(&key, message, format!("add {name}"));
        }
        if lookup.ask.is_empty() {
            self.report.add(&key, "a lookup that asks for nothing proves nothing", "name arguments of the tool");
        }
    }

    fn found(&mut self, lookup: &Lookup, key: &str) {
        let key = below(key, "customer");
        let own = lookup.customer.strip_prefix(&lookup.tool).is_some_and(|rest| rest.starts_with('.'));
        if self.fact(&lookup.customer, &key).is_some() && !own {
            let message = format!("'{}' is no fact of '{}'", lookup.customer, lookup.tool);
            self.report.add(&key, message, "name a fact that the lookup's own tool selects");
        }
    }
}
