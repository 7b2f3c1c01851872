//! Values: what a text, a condition or an argument speaks about is there whenever it is used.

use super::Check;
use super::flow::Known;
use crate::facts;
use crate::problem::{below, element};
use patchbay_condition::{Names, Rule, Shape};
use patchbay_core::declare::{Condition, Otherwise, Selected, Skill, Tool};
use patchbay_text::Use;
use std::collections::BTreeSet;

/// What every text of a skill may speak about beside facts and slots.
const ALWAYS: [&str; 7] = ["customer", "company", "now", "level", "slots", "results", "today"];

impl Check<'_> {
    /// A text that is said in a skill.
    pub(super) fn text_known(&mut self, skill: &Skill, text: &str, known: &Known, key: &str) {
        for one in self.uses_of(text) {
            self.used(skill, &one, known, &format!("the text '{text}' shows"), key);
        }
    }

    /// Where arguments are taken from.
    pub(super) fn arguments_known(&mut self, skill: &Skill, paths: &[&String], known: &Known, key: &str) {
        for path in paths {
            let one = Use { path: (*path).clone(), tested: BTreeSet::new() };
            self.used(skill, &one, known, "this argument is taken from", key);
        }
    }

    /// Early refusals: whatever their condition has looked at is there when they are said.
    pub(super) fn refusals_known(&mut self, skill: &Skill, key: &str) {
        for (index, refusal) in skill.refuse.iter().enumerate() {
            let read = self.rule(skill, &refusal.when).map(|rule| rule.paths()).unwrap_or_default();
            let answered: Vec<&str> = read.iter().map(|path| head(path)).filter(|top| self.company.tools.contains_key(*top)).collect();
            let answered = self.with_needs(&answered).into_iter().map(str::to_owned).collect();
            self.text_known(skill, &refusal.say, &Known::after(answered), &below(&element(key, index), "say"));
        }
    }

    /// A condition: where what it reads is missing it never holds, so `has(…)` counts as reading too.
    pub(super) fn condition_known(&mut self, skill: &Skill, when: &Condition, known: &Known, key: &str) {
        // What is no condition at all is reported where the skills are made ready.
        let Some(rule) = self.rule(skill, when) else { return };
        for path in rule.paths() {
            let is_asked = known.asked.contains(head(&path));
            if self.company.tools.contains_key(head(&path)) && !is_asked && !skill.slots.iter().any(|slot| slot.name == head(&path)) {
                let message = format!("this looks at '{path}', and nothing before it asks '{}': it would never hold", head(&path));
                self.unknown.insert((key.to_owned(), message, format!("call '{}' before", head(&path))));
            }
        }
    }

    /// A condition of a skill, compiled with every name it may use; nothing where it is none.
    fn rule(&self, skill: &Skill, when: &Condition) -> Option<Rule> {
        let heads = ALWAYS.iter().map(|name| (*name).to_owned()).chain(skill.slots.iter().map(|slot| slot.name.clone()));
        let canonical = self.company.tools.values().flat_map(|tool| facts::canonical_names(&tool.select));
        let heads = heads.chain(canonical.map(|name| head(name).to_owned())).chain(self.company.tools.keys().cloned());
        let names = heads.fold(Names::default(), |names, head| names.with(&head, Shape::Any));
        Rule::compile(when, &names).ok()
    }

    /// The texts of a tool, shown before and instead of the call: they may speak about its needs and arguments.
    pub(super) fn texts_of_tools(&mut self) {
        let company = self.company;
        for (name, tool) in &company.tools {
            let needs: Vec<&str> = tool.needs.iter().map(String::as_str).collect();
            let needs: BTreeSet<String> = self.with_needs(&needs).into_iter().map(str::to_owned).collect();
            let slow = tool.slow.as_ref().map(|slow| (&slow.say, "slow.say", BTreeSet::new()));
            let texts = [("preview", &tool.preview), ("refuse", &tool.refuse)];
            let texts = texts.into_iter().filter_map(|(field, text)| Some((text.as_ref()?, field, needs.clone())));
            for (text, field, needs) in texts.chain(slow) {
                for one in self.uses_of(text) {
                    self.used_by_tool(tool, &needs, text, &one, &below(&below("tools", name), field));
                }
            }
        }
    }

    fn used_by_tool(&mut self, tool: &Tool, needs: &BTreeSet<String>, text: &str, one: &Use, key: &str) {
        let (path, top) = (&one.path, head(&one.path));
        if top == "args" {
            let name = path.split('.').nth(1).unwrap_or_default();
            let takers = needs.iter().filter_map(|need| self.company.tools.get(need)).chain([tool]);
            let arg = takers.flat_map(|tool| tool.args.get(name)).min_by_key(|arg| arg.optional);
            let tested = one.tested.iter().any(|tested| tested == path);
            match arg {
                None if name.is_empty() => {}
                None => {
                    let message = format!("the text '{text}' shows '{path}', and '{}' takes no argument '{name}'", tool.name);
                    self.unknown.insert((key.to_owned(), message, "name an argument of the tool".to_owned()));
                }
                Some(arg) if arg.optional && !tested => self.untested(text, path, key, "may be left out"),
                Some(_) => {}
            }
        } else if self.company.tools.contains_key(top) && !needs.contains(top) {
            if !one.tested.iter().any(|tested| head(tested) == top) {
                let message = format!("the text '{text}' shows '{path}', and '{}' does not need '{top}'", tool.name);
                self.unknown.insert((
                    key.to_owned(),
                    message,
                    format!("add {top} to tools.{}.needs, or test for it: {{% if {path} %}}", tool.name),
                ));
            }
        } else {
            self.maybe_missing(text, one, key);
        }
    }

    fn used(&mut self, skill: &Skill, one: &Use, known: &Known, what: &str, key: &str) {
        let (path, top) = (&one.path, head(&one.path));
        let name = if top == "slots" { path.split('.').nth(1).unwrap_or_default() } else { top };
        let tested = |name: &str| {
            one.tested.iter().any(|tested| head(tested) == name || tested.strip_prefix("slots.").is_some_and(|slot| head(slot) == name))
        };
        let text = what.split('\'').nth(1).unwrap_or_default().to_owned();
        if self.company.tools.contains_key(top) {
            if known.answered.contains(top) {
                self.maybe_missing(&text, one, key);
            } else if known.tried.contains(top) {
                if !tested(top) {
                    self.untested(&text, path, key, "is not there when its system does not answer");
                }
            } else if !tested(top) {
                let way = if known.asked.contains(top) { "not every way here asks" } else { "nothing before it asks" };
                let message = format!("{what} '{path}', and {way} '{top}'");
                self.unknown.insert((
                    key.to_owned(),
                    message,
                    if text.is_empty() {
                        format!("call '{top}' before")
                    } else {
                        format!("call '{top}' before, or test for it in the text: {{% if {path} %}}")
                    },
                ));
            }
        } else if let Some(slot) = skill.slots.iter().find(|slot| slot.name == name) {
            if slot.otherwise == Otherwise::LeaveOut && !tested(name) {
                self.untested(&text, path, key, "may be left out");
            }
        } else if top == "slots" || !(ALWAYS.contains(&top) || self.is_canonical_head(top)) {
            let message = format!("{what} '{path}', which is no fact and no slot of this skill");
            self.unknown.insert((key.to_owned(), message, "name a tool's fact, a slot, or something of `customer`".to_owned()));
        }
    }

    /// A fact that its tool brings only sometimes.
    fn maybe_missing(&mut self, text: &str, one: &Use, key: &str) {
        let Some((top, field)) = one.path.split_once('.') else { return };
        let field = head(field);
        let selected = self.company.tools.get(top).filter(|tool| tool.each.is_none()).and_then(|tool| tool.select.0.get(field));
        let optional = matches!(selected, Some(Selected::One { optional: true, .. }));
        let tested = one.tested.iter().any(|tested| tested.starts_with(&format!("{top}.{field}")));
        if optional && !tested {
            self.untested(text, &one.path, key, "is optional");
        }
    }

    /// Something that may be missing is shown without being tested: then the customer reads that we cannot confirm it.
    fn untested(&mut self, text: &str, path: &str, key: &str, why: &str) {
        if text.is_empty() {
            return;
        }
        let message = format!("the text '{text}' shows '{path}', which {why}");
        let advice = format!("test for it in the text: {{% if {path} %}}…{{% endif %}}");
        self.unsure.insert((key.to_owned(), message, advice));
    }

    fn uses_of(&self, text: &str) -> Vec<Use> {
        let one = self.company.texts.get_key_value(text).map(|(name, text)| (name.clone(), text.clone())).into_iter().collect();
        let compiled = patchbay_text::Texts::compile(&one, &self.company.language);
        compiled.map(|texts| if self.company.texts.contains_key(text) { texts.uses(text) } else { Vec::new() }).unwrap_or_default()
    }

    fn is_canonical_head(&self, top: &str) -> bool {
        self.company.tools.values().any(|tool| facts::canonical_names(&tool.select).any(|name| head(name) == top))
    }
}

/// The first name of a path: `order` of `order.items[*].id`.
fn head(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or(path)
}
