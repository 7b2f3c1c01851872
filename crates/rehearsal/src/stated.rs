//! Are the names in a test right? Operations that no backend has, tools and skills that are not declared.

use crate::operations::Operations;
use patchbay_config::{Problem, Test, nearest};
use patchbay_connect::Connectors;
use patchbay_core::declare::Company;

/// Every name in a test that the company does not have, at the line of its test or step, with the nearest right one.
#[must_use]
pub fn wrong_names(test: &Test, company: &Company, connectors: &Connectors) -> Vec<Problem> {
    let operations = Operations::of(company, connectors);
    let mut wrong = Vec::new();
    let mut look = |line: usize, key: &str, what: &str, name: &str, known: &[String]| {
        if !known.iter().any(|known| known == name) {
            wrong.push(Problem {
                file: test.file.clone(),
                line,
                column: 1,
                key: key.to_owned(),
                message: format!("there is no {what} '{name}'"),
                nearest: nearest(name, known.iter().map(String::as_str)),
                advice: "use a name of the configuration or of the backend's document".to_owned(),
            });
        }
    };
    let known = operations.names();
    let tools: Vec<String> = company.tools.keys().cloned().collect();
    let skills: Vec<String> = company.skills.keys().cloned().chain(company.topics.keys().map(|topic| format!("topic:{topic}"))).collect();
    for operation in test.answers.keys() {
        look(test.line, "backends", "operation", operation, &known);
    }
    for step in &test.steps {
        let expect = &step.expect;
        for operation in expect.header.keys() {
            look(step.line, "expect.header", "operation", operation, &known);
        }
        for tool in expect.calls.iter().flatten() {
            look(step.line, "expect.calls", "tool", tool, &tools);
        }
        if let Some(tool) = &expect.proposes {
            look(step.line, "expect.proposes", "tool", tool, &tools);
        }
        if let Some(skill) = &expect.skill {
            look(step.line, "expect.skill", "skill", skill, &skills);
        }
    }
    wrong
}
