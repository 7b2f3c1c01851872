//! From a declared tool to a checked one: its rules, paths, patterns and references.

use crate::names;
use crate::rules::{Asked, Checked, Patterns, RuleProblem};
use crate::select::Paths;
use patchbay_condition::{Names, Rule, Shape};
use patchbay_core::declare::{Access, Company, Condition, Confirm, Kind, Limit, Tool};

/// Compiles one tool and notes every problem.
pub(crate) struct Compiling<'a> {
    company: &'a Company,
    tool: &'a Tool,
    problems: &'a mut Vec<RuleProblem>,
}

impl<'a> Compiling<'a> {
    pub(crate) fn new(company: &'a Company, tool: &'a Tool, problems: &'a mut Vec<RuleProblem>) -> Self {
        Self { company, tool, problems }
    }

    /// The tool with its rules; `None` when one of them cannot be used. Other problems are only noted.
    pub(crate) fn tool(mut self) -> Option<Checked> {
        let names = names::of(self.company, self.tool);
        let tool = self.tool;
        let guard = self.rule("guard", &tool.guard, &names.clone().with("answer", Shape::Any));
        let allow = self.rule("allow", &tool.allow, &names);
        let confirm = match &tool.confirm {
            Confirm::By(people) => Some(Asked::Always(people.clone())),
            Confirm::If { when, then, otherwise } => {
                self.rule("confirm.when", when, &names).map(|when| Asked::If { when, then: then.clone(), otherwise: otherwise.clone() })
            }
        };
        let expect = match &tool.verify {
            None => Some(None),
            Some(verify) => self.expect(&verify.read, &verify.expect).map(Some),
        };
        self.references();
        let mut patterns = Patterns::new();
        for (name, arg) in &tool.args {
            self.patterns(&format!("args.{name}"), &arg.kind, &mut patterns);
        }
        let (paths, found) = Paths::compile(&tool.select);
        for (field, message) in found {
            self.problem(&field, message);
        }
        for (field, kind) in crate::select::kinds(&tool.select) {
            self.patterns(&field, kind, &mut patterns);
        }
        let zone = self.company.time_zone();
        Some(Checked { tool: tool.clone(), guard: guard?, allow: allow?, confirm: confirm?, expect: expect?, paths, patterns, zone })
    }

    fn problem(&mut self, field: &str, message: impl Into<String>) {
        self.problems.push(RuleProblem { tool: self.tool.name.clone(), field: field.to_owned(), message: message.into() });
    }

    fn rule(&mut self, field: &str, condition: &Condition, names: &Names) -> Option<Rule> {
        Rule::compile(condition, names).map_err(|error| self.problem(field, error.to_string())).ok()
    }

    /// The rule that proves a write sees the facts of the tool that reads, and the arguments.
    fn expect(&mut self, read: &str, expect: &Condition) -> Option<Rule> {
        let Some(reader) = self.company.tools.get(read) else {
            self.problem("verify.read", format!("there is no tool '{read}'"));
            return None;
        };
        let names = Names::default().with("args", Shape::of_args(self.tool)).with(read, Shape::of_facts(reader));
        self.rule("verify.expect", expect, &names)
    }

    /// Names of tools and facts that rules do not check.
    fn references(&mut self) {
        let tool = self.tool;
        for need in &tool.needs {
            if !self.company.tools.contains_key(need) {
                self.problem("needs", format!("there is no tool '{need}'"));
            }
        }
        for (arg, from) in tool.args.iter().filter_map(|(name, arg)| Some((name, arg.from.as_ref()?))) {
            self.fact(&format!("args.{arg}.from"), from);
        }
        for (arg, from) in &tool.bind {
            let known = match from.strip_prefix("customer.") {
                Some(name) => name == "id" || self.company.customer_facts.contains_key(name),
                None => false,
            };
            if !known {
                self.problem(&format!("bind.{arg}"), format!("'{from}' is neither customer.id nor a declared fact of the customer"));
            }
            if tool.args.contains_key(arg) {
                self.problem(&format!("bind.{arg}"), "this argument is also under args; identity is never given by a mind");
            }
        }
        self.sums();
        if let Some(each) = &tool.each {
            self.fact("each.of", &each.of);
            if tool.access == Access::Write {
                self.problem("each", "a write has one effect; only reads go through a list");
            }
        }
    }

    /// What is added up must be money, and of the limit's own currency.
    fn sums(&mut self) {
        let tool = self.tool;
        for limit in &tool.limits {
            let Limit::Sum { of, at_most, .. } = limit else { continue };
            match tool.args.get(of).map(|arg| &arg.kind) {
                Some(Kind::Money(currency)) if *currency == at_most.currency => {}
                Some(Kind::Money(currency)) => {
                    let why = format!(
                        "'{of}' is in {currency} and the limit in {}: amounts of two currencies are never added up",
                        at_most.currency
                    );
                    self.problem("limit.sum.at_most", why);
                }
                Some(_) => self.problem("limit.sum.of", format!("'{of}' is no amount of money")),
                None => self.problem("limit.sum.of", format!("there is no argument '{of}'")),
            }
        }
    }

    /// A fact must be one of a needed tool's.
    fn fact(&mut self, field: &str, path: &str) {
        let of_a_need = path.split_once('.').is_some_and(|(tool, _)| self.tool.needs.iter().any(|need| need == tool));
        if !of_a_need {
            self.problem(field, format!("'{path}' is no fact of a tool under needs"));
        } else if names::fact(self.company, path).is_none() {
            self.problem(field, format!("there is no fact '{path}'"));
        }
    }

    fn patterns(&mut self, field: &str, kind: &Kind, patterns: &mut Patterns) {
        for pattern in crate::kind::patterns(kind) {
            match crate::kind::anchored(pattern) {
                Ok(regex) => drop(patterns.insert(pattern.to_owned(), regex)),
                Err(error) => self.problem(field, format!("'{pattern}' is no usable pattern: {error}")),
            }
        }
    }
}
