//! The rules a turn runs under: declarations, compiled gate, texts and triggers.

use patchbay_condition::{Names, Rule, Scope, Shape};
use patchbay_core::declare::{Budget, Company, Condition, Lookup, Queue, Skill, Step, Tool, Trigger};
use patchbay_core::words::EscalationReason;
use patchbay_gate::Rules;
use patchbay_text::Texts;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A company's declarations, compiled once and shared by every turn under them.
#[derive(Debug)]
pub struct House {
    /// What was declared.
    pub company: Arc<Company>,
    /// The gate's three doors over it.
    pub gate: Rules,
    /// The texts, the company's over ours.
    pub texts: Arc<Texts>,
    /// The triggers with their compiled conditions, in order.
    pub(crate) triggers: Vec<(Trigger, Rule)>,
    /// The queues with their compiled conditions, in order.
    queues: Vec<(Queue, Rule)>,
    /// The digest of the configuration, as it stands in every turn's log.
    pub digest: String,
}

/// Something declared that cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct HouseError {
    /// Where in the configuration: `tools.order.guard`.
    pub place: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl House {
    /// Compiles everything a company declares.
    ///
    /// # Errors
    /// Everything that is wrong with its conditions and texts, not only the first thing.
    pub fn compile(company: Company, digest: String) -> Result<Self, Vec<HouseError>> {
        let mut errors = Vec::new();
        let gate = Rules::compile(&company).map_err(|problems| {
            errors.extend(
                problems
                    .into_iter()
                    .map(|problem| HouseError { place: format!("tools.{}.{}", problem.tool, problem.field), message: problem.message }),
            );
        });
        let texts = Texts::compile_in(&company.texts, &company.language, company.time_zone()).map_err(|problems| {
            errors.extend(
                problems.into_iter().map(|problem| HouseError { place: format!("texts.{}", problem.text), message: problem.message }),
            );
        });
        let names = trigger_names();
        let mut triggers = Vec::new();
        for (n, trigger) in company.escalation.triggers.iter().enumerate() {
            match Rule::compile(&trigger.when, &names) {
                Ok(rule) => triggers.push((trigger.clone(), rule)),
                Err(error) => {
                    errors.push(HouseError { place: format!("escalation.triggers[{n}].when"), message: error.to_string() });
                }
            }
        }
        let mut queues = Vec::new();
        for queue in &company.escalation.queues {
            match Rule::compile(&queue.takes, &queue_names()) {
                Ok(rule) => queues.push((queue.clone(), rule)),
                Err(error) => {
                    errors.push(HouseError { place: format!("escalation.queues.{}.for", queue.name), message: error.to_string() });
                }
            }
        }
        match (gate, texts) {
            (Ok(gate), Ok(texts)) if errors.is_empty() => {
                Ok(Self { company: Arc::new(company), gate, texts: Arc::new(texts), triggers, queues, digest })
            }
            _ => Err(errors),
        }
    }

    /// Is it a reason to hand over: a word of the closed list, or one the company declares?
    pub(crate) fn knows_reason(&self, reason: &str) -> bool {
        let declared = self.company.escalation.triggers.iter().any(|trigger| trigger.reason == reason);
        let handed = |skill: &Skill| hands_over(&skill.steps, reason);
        EscalationReason::parse(reason).is_some() || declared || self.company.skills.values().any(handed)
    }

    /// The queue that takes a conversation: the first whose condition holds. The last one takes what no other does, so that nobody
    /// is left without.
    #[must_use]
    pub fn queue(&self, scope: &Scope) -> Queue {
        let takes = self.queues.iter().find(|(_, rule)| rule.holds(scope).unwrap_or(false)).or(self.queues.last());
        takes.map(|(queue, _)| queue.clone()).unwrap_or_default()
    }

    /// A queue by its name; the product's own where none is declared.
    #[must_use]
    pub fn queue_named(&self, name: &str) -> Option<Queue> {
        let own = Queue::default();
        let declared = self.queues.iter().map(|(queue, _)| queue).find(|queue| queue.name == name);
        declared.cloned().or_else(|| (self.queues.is_empty() && own.name == name).then_some(own))
    }

    /// Does a trigger's rule, as it stood in a configuration, hold over what was seen then? `None` when it cannot be read any more.
    #[must_use]
    pub fn would_trigger(rule: &str, seen: &Scope) -> Option<bool> {
        let rule = Rule::compile(&Condition::When(rule.to_owned()), &trigger_names()).ok()?;
        Some(rule.holds(seen).unwrap_or(false))
    }

    /// A declared tool.
    pub(crate) fn tool(&self, name: &str) -> Option<&Tool> {
        self.company.tools.get(name)
    }

    /// A declared lookup.
    pub(crate) fn lookup(&self, name: &str) -> Option<&Lookup> {
        self.company.lookups.iter().find(|lookup| lookup.name == name)
    }

    /// The tools behind a name that a mind may wish for: the tool itself, or what a composition reads, with the essential ones.
    pub(crate) fn targets(&self, name: &str) -> Option<(Vec<String>, Vec<String>)> {
        if let Some(composition) = self.company.compositions.get(name) {
            return Some((composition.read.clone(), composition.essential.clone()));
        }
        self.tool(name).map(|_| (vec![name.to_owned()], vec![name.to_owned()]))
    }

    /// The time budget of a composition, if it declares one.
    pub(crate) fn budget(&self, name: &str) -> Option<Budget> {
        let budget = self.company.compositions.get(name)?.budget.as_ref()?;
        self.company.budgets.get(budget).copied()
    }

    /// A tool with everything it needs, needs first.
    #[must_use]
    pub fn with_needs(&self, targets: &[String]) -> Vec<String> {
        let mut order = Vec::new();
        for target in targets {
            self.visit(target, &mut order);
        }
        order
    }

    fn visit(&self, name: &str, order: &mut Vec<String>) {
        if order.iter().any(|seen| seen == name) {
            return;
        }
        for need in self.tool(name).map(|tool| tool.needs.as_slice()).unwrap_or_default() {
            self.visit(need, order);
        }
        order.push(name.to_owned());
    }

    /// Is a record of this tool somebody's? Then what is missing and what is somebody else's must look the same.
    pub(crate) fn owned(&self, tool: &str) -> bool {
        self.tool(tool).is_some_and(|tool| tool.guard != Condition::Always)
    }
}

/// Do these steps hand over for this reason?
fn hands_over(steps: &[Step], reason: &str) -> bool {
    steps.iter().any(|step| match step {
        Step::HandOver(word) => word == reason,
        Step::If { then, otherwise, .. } => hands_over(then, reason) || hands_over(otherwise, reason),
        _ => false,
    })
}

/// What the condition of a queue may speak about.
fn queue_names() -> Names {
    let texts = ["reason", "skill", "channel", "level"].map(|name| (name.to_owned(), Shape::Text));
    Names(texts.into_iter().chain([("customer".to_owned(), Shape::Any)]).collect())
}

/// What triggers may speak about.
fn trigger_names() -> Names {
    let map = |fields: &[(&str, Shape)]| {
        Shape::Map(fields.iter().map(|(name, shape)| ((*name).to_owned(), shape.clone())).collect::<BTreeMap<_, _>>())
    };
    let call = map(&[("tool", Shape::Text), ("outcome", Shape::Text), ("essential", Shape::Bool)]);
    Names(BTreeMap::from([
        ("skill".to_owned(), Shape::Text),
        ("zone".to_owned(), Shape::Text),
        ("route".to_owned(), Shape::Text),
        ("knowledge".to_owned(), Shape::Number),
        ("turn".to_owned(), map(&[("misunderstood", Shape::Number), ("repeated", Shape::Number), ("calls", Shape::Number)])),
        ("calls".to_owned(), Shape::List(Box::new(call))),
        ("feeling".to_owned(), map(&[("last", Shape::Number), ("slope", Shape::Number), ("person", Shape::Bool)])),
        ("proof".to_owned(), map(&[("tries", Shape::Number), ("locked", Shape::Bool)])),
        ("customer".to_owned(), Shape::Any),
    ]))
}
