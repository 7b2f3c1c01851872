//! Rules and texts are compiled as they will be at work: a misspelt name fails here, not in front of a customer.

use super::Check;
use crate::facts;
use crate::near::nearest;
use crate::problem::below;
use patchbay_core::declare::Kind;
use patchbay_gate::Rules;
use patchbay_text::Texts;

impl Check<'_> {
    pub(super) fn compiled(&mut self) {
        if let Err(problems) = Rules::compile(self.company) {
            for problem in problems {
                let key = below(&below("tools", &problem.tool), &problem.field);
                if !self.report.is_touched(&key) && !self.has_broken_needs(&problem.tool) {
                    self.report.add(&key, problem.message, "correct the rule, then run `patchbay check` again");
                }
            }
        }
        match Texts::compile(&self.company.texts, &self.company.language) {
            Ok(texts) => self.text_facts(&texts),
            Err(errors) => {
                for error in errors {
                    let line = error.line.map(|line| format!(" (line {line} of the text)")).unwrap_or_default();
                    let message = format!("this text is no template: {}{line}", error.message);
                    self.report.add(&below("texts", &error.text), message, "correct the text; `{{ order.id }}` shows a fact");
                }
            }
        }
    }

    /// Is something wrong with the needs of a tool, so that its rules cannot know their names?
    fn has_broken_needs(&self, tool: &str) -> bool {
        let needs = self.company.tools.get(tool).map_or(&[][..], |tool| &tool.needs);
        let broken = |need: &String| self.report.is_touched(&format!("tools.{need}.select"));
        self.report.is_touched(&format!("tools.{tool}.needs")) || needs.iter().any(broken)
    }

    /// A text that shows a fact of a tool shows one that the tool brings.
    fn text_facts(&mut self, texts: &Texts) {
        for name in self.company.texts.keys() {
            for path in texts.paths(name) {
                let Some((tool, field)) = path.split_once('.') else { continue };
                let Some(Kind::Record(fields)) = self.company.tools.get(tool).map(facts::of_tool) else { continue };
                let field = field.split('.').next().unwrap_or_default();
                if !fields.contains_key(field) && !self.is_canonical(&path) {
                    let near = nearest(field, fields.keys().map(String::as_str)).map(|field| format!("{tool}.{field}"));
                    let message = format!("this text shows '{path}', which the tool '{tool}' does not bring");
                    self.report.add_near(
                        &below("texts", name),
                        message,
                        near,
                        format!("select it under tools.{tool}.select, or correct the text"),
                    );
                }
            }
        }
    }

    fn is_canonical(&self, path: &str) -> bool {
        self.company.tools.values().any(|tool| facts::canonical_names(&tool.select).any(|name| name == path))
    }
}
