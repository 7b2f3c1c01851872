//! The company's rules, compiled when its configuration is loaded.

use crate::compile::Compiling;
use crate::select::Paths;
use patchbay_condition::{Rule, Scope};
use patchbay_core::declare::{Company, Confirmer, Limit, Tool, day_at};
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
    /// Where the company counts its days.
    pub(crate) zone: jiff::tz::TimeZone,
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
        let tools = company.tools.iter().map(|(name, tool)| (name.clone(), Compiling::new(company, tool, &mut problems).tool()));
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

    /// These arguments in the backend's spelling, where they have the declared shape; others stay as they are, for [`Rules::admit`]
    /// to refuse. What is proposed, confirmed and logged is spelt like what is sent.
    #[must_use]
    pub fn written(&self, tool: &str, args: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
        let Some(checked) = self.tools.get(tool) else { return args.clone() };
        args.iter().map(|(name, value)| (name.clone(), checked.typed(name, value).unwrap_or_else(|| value.clone()))).collect()
    }

    /// Does the backend's state prove a write? `None` when the tool is not verified. `facts` hold a fresh answer of the tool
    /// that verifies; `args` are those of the write.
    #[must_use]
    pub fn verify_holds(&self, tool: &str, facts: &BTreeMap<String, Released>, args: &BTreeMap<String, Value>) -> Option<bool> {
        let checked = self.tools.get(tool)?;
        let (rule, verify) = (checked.expect.as_ref()?, checked.tool.verify.as_ref()?);
        // An argument that cannot be read proves nothing, but neither does it disprove: the rule decides on what is there.
        let mut scope = Scope::from([("args".to_owned(), Value::Map(self.written(tool, args)))]);
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
        scope.insert("today".to_owned(), Value::Date(day_at(who.now, &self.zone)));
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
