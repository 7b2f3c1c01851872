//! What is allowed but unwise: levels too low for what a tool does, steps out of reach, texts that may stay unsaid or that nobody says.

use super::Check;
use super::tool::is_unconfirmed;
use super::usage::used_texts;
use crate::problem::below;
use patchbay_core::declare::{Access, Kind, Tool};
use patchbay_core::words::Level;

impl Check<'_> {
    pub(super) fn warnings(&mut self) {
        for (name, tool) in &self.company.tools {
            self.level(tool, &below("tools", name));
            if tool.access == Access::Write && is_unconfirmed(tool) {
                let advice = "write `confirm: customer`, unless the write really is harmless";
                self.report.warn(&below(&below("tools", name), "confirm"), "this write may happen without anybody's yes", advice);
            }
        }
        for step in std::mem::take(&mut self.unreached) {
            self.report.warn(&step, "nothing ever gets to this step: every way ends before it", "remove it, or the end before it");
        }
        for (key, message, advice) in std::mem::take(&mut self.unsure) {
            self.report.warn(&key, message, advice);
        }
        let used = used_texts(self.company);
        for name in self.company.texts.keys() {
            if used.contains(name.as_str()) || self.is_product_text(name) {
                continue;
            }
            self.report.warn(&below("texts", name), format!("nobody says the text '{name}'"), "use it, or remove it");
        }
    }

    fn level(&mut self, tool: &Tool, key: &str) {
        let (good, what) = match tool.access {
            Access::Write if moves_money(tool) => (Level::Strong, "a write that takes an amount of money"),
            Access::Write => (Level::Contact, "a write"),
            Access::Read if !tool.bind.is_empty() => (Level::Contact, "a read of a customer's own data"),
            Access::Read | Access::Lookup => return,
        };
        if tool.auth < good {
            let message = format!("{what} usually asks for the level {good}, this one for {}", tool.auth);
            self.report.warn(&below(key, "auth"), message, format!("write `auth: {good}`, unless your policy says otherwise"));
        }
    }
}

fn moves_money(tool: &Tool) -> bool {
    fn has_money(kind: &Kind) -> bool {
        match kind {
            Kind::Money(_) => true,
            Kind::Record(fields) => fields.values().any(has_money),
            Kind::List(of) => has_money(of),
            _ => false,
        }
    }
    tool.args.values().any(|arg| has_money(&arg.kind))
}
