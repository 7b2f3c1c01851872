//! The company's rules, compiled when its configuration is loaded.

use crate::names;
use crate::select::Paths;
use patchbay_condition::{Names, Rule, Scope};
use patchbay_core::declare::{Access, Company, Condition, Confirm, Confirmer, Kind, Limit, Tool};
use patchbay_core::fact::Released;
use patchbay_core::{Session, Timestamp, Value};
use regex::Regex;
use std::collections::BTreeMap;

/// Something in a tool's rules that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleProblem {
    /// The tool.
    pub tool: String,
    /// The key of the tool it stands under (`guard`, `confirm.when`, `select.items.price`).
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// Every tool with its compiled rules.
#[derive(Debug)]
pub struct Rules {
    pub(crate) tools: BTreeMap<String, Checked>,
}

/// One tool, ready to be decided about.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) tool: Tool,
    pub(crate) guard: Rule,
    pub(crate) allow: Rule,
    pub(crate) confirm: Asked,
    pub(crate) expect: Option<Rule>,
    /// Compiled paths of the selection.
    pub(crate) paths: Paths,
    /// Compiled patterns, by their text.
    pub(crate) patterns: Patterns,
}

/// Patterns by their text, anchored and without regard to case.
pub(crate) type Patterns = BTreeMap<String, Regex>;

/// Who must say yes, with the condition compiled.
#[derive(Debug)]
pub(crate) enum Asked {
    Always(Vec<Confirmer>),
    If { when: Rule, then: Vec<Confirmer>, otherwise: Vec<Confirmer> },
}

impl Rules {
    /// Compiles every rule, path and pattern of every tool against the declared names and types.
    ///
    /// # Errors
    /// Every problem found, not just the first.
    pub fn compile(company: &Company) -> Result<Self, Vec<RuleProblem>> {
        let mut problems = Vec::new();
        let tools = company.tools.iter().map(|(name, tool)| (name.clone(), Compiling { company, tool, problems: &mut problems }.tool()));
        let tools: BTreeMap<String, Option<Checked>> = tools.collect();
        match tools.into_iter().map(|(name, tool)| Some((name, tool?))).collect() {
            Some(tools) if problems.is_empty() => Ok(Self { tools }),
            _ => Err(problems),
        }
    }

    /// The tools that are answered first; empty for an unknown tool.
    #[must_use]
    pub fn needs(&self, tool: &str) -> &[String] {
        self.tools.get(tool).map_or(&[], |checked| &checked.tool.needs)
    }

    /// How often one customer may use the tool; empty for an unknown tool.
    #[must_use]
    pub fn limits(&self, tool: &str) -> &[Limit] {
        self.tools.get(tool).map_or(&[], |checked| &checked.tool.limits)
    }

    /// What of these facts a confirmation of the tool is bound to: the values of its needs.
    #[must_use]
    pub fn seen(&self, tool: &str, facts: &BTreeMap<String, Released>) -> BTreeMap<String, Value> {
        let need = |name: &String| facts.get(name).map(|released| (name.clone(), released.value.clone()));
        self.needs(tool).iter().filter_map(need).collect()
    }

    /// Does the backend's state prove a write? `None` when the tool is not verified. `facts` hold a fresh answer of the tool
    /// that verifies; `args` are those of the write.
    #[must_use]
    pub fn verify_holds(&self, tool: &str, facts: &BTreeMap<String, Released>, args: &BTreeMap<String, Value>) -> Option<bool> {
        let checked = self.tools.get(tool)?;
        let (rule, verify) = (checked.expect.as_ref()?, checked.tool.verify.as_ref()?);
        // An argument that cannot be read proves nothing, but neither does it disprove: the rule decides on what is there.
        let typed = args.iter().map(|(name, value)| (name.clone(), checked.typed(name, value).unwrap_or_else(|| value.clone())));
        let mut scope = Scope::from([("args".to_owned(), Value::Map(typed.collect()))]);
        scope.extend(facts.get(&verify.read).map(|released| (verify.read.clone(), released.value.clone())));
        Some(rule.holds(&scope).unwrap_or(false))
    }
}

impl Checked {
    /// An argument in the spelling that rules and the backend see.
    fn typed(&self, name: &str, value: &Value) -> Option<Value> {
        let arg = self.tool.args.get(name)?;
        crate::kind::written(&arg.kind, value, &self.patterns).ok()
    }

    /// The values behind the names of `allow` and `confirm.when`; `guard` adds `answer`.
    pub(crate) fn scope(&self, args: &BTreeMap<String, Value>, who: Who<'_>, facts: &BTreeMap<String, Released>) -> Scope {
        let mut customer = who.customer.clone();
        customer.remove("id");
        customer.extend(who.session.external_id(who.now).map(|id| ("id".to_owned(), Value::text(id))));
        let mut scope: Scope = self.tool.needs.iter().filter_map(|need| Some((need.clone(), facts.get(need)?.value.clone()))).collect();
        scope.insert("args".to_owned(), Value::Map(args.clone()));
        scope.insert("customer".to_owned(), Value::Map(customer));
        scope
    }
}

/// Whose wish it is, at what time.
#[derive(Clone, Copy)]
pub(crate) struct Who<'a> {
    pub(crate) session: &'a Session,
    pub(crate) customer: &'a BTreeMap<String, Value>,
    pub(crate) now: Timestamp,
}

/// Compiles one tool and notes every problem.
struct Compiling<'a> {
    company: &'a Company,
    tool: &'a Tool,
    problems: &'a mut Vec<RuleProblem>,
}

impl Compiling<'_> {
    fn tool(mut self) -> Option<Checked> {
        let names = names::of(self.company, self.tool);
        let tool = self.tool;
        let guard = self.rule("guard", &tool.guard, &names.clone().with("answer", patchbay_condition::Shape::Any));
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
        Some(Checked { tool: tool.clone(), guard: guard?, allow: allow?, confirm: confirm?, expect: expect?, paths, patterns })
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
        let names = Names::default().with("args", names::args(self.tool)).with(read, names::facts(reader));
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
        if let Some(each) = &tool.each {
            self.fact("each.of", &each.of);
            if tool.access == Access::Write {
                self.problem("each", "a write has one effect; only reads go through a list");
            }
        }
    }

    /// A fact must be one of a needed tool's.
    fn fact(&mut self, field: &str, path: &str) {
        let of_a_need = path.split_once('.').is_some_and(|(tool, _)| self.tool.needs.iter().any(|need| need == tool));
        if !of_a_need {
            self.problem(field, format!("'{path}' is no fact of a tool under needs"));
        } else if !names::known(self.company, path) {
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
