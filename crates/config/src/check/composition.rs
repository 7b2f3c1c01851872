//! Compositions: every tool reads, the essential ones are among them.

use super::Check;
use crate::near::nearest;
use crate::problem::{below, element};

impl Check<'_> {
    pub(super) fn compositions(&mut self) {
        for (name, composition) in &self.company.compositions {
            let key = below("compositions", name);
            if self.company.tools.contains_key(name) {
                self.report.add(&key, format!("'{name}' is the name of a tool already"), "choose another name");
            }
            for (index, tool) in composition.read.iter().enumerate() {
                self.reading_tool(tool, &element(&below(&key, "read"), index));
            }
            for (index, tool) in composition.essential.iter().enumerate() {
                if !composition.read.contains(tool) {
                    let near = nearest(tool, composition.read.iter().map(String::as_str));
                    let message = format!("'{tool}' is essential, but not read");
                    self.report.add_near(&element(&below(&key, "essential"), index), message, near, "add it to `read`, or remove it here");
                }
            }
            if let Some(budget) = &composition.budget {
                self.known("budgets", "budget", &self.company.budgets, budget, &below(&key, "budget"));
            }
        }
        for (name, budget) in &self.company.budgets {
            if budget.useful > budget.whole {
                let message = "the whole turn would end before anything useful is due";
                self.report.add(&format!("budgets.{name}.useful"), message, "make `useful` at most as long as `whole`");
            }
        }
    }
}
