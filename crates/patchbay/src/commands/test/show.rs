//! How a played test is shown: one line when it passed, the whole conversation with its trace when it failed.

use super::super::trace;
use patchbay_config::Test;
use patchbay_core::event::Event;
use patchbay_rehearsal::{Played, PlayedStep};
use serde_json::{Value, json};

/// For people.
pub(crate) fn print(test: &Test, played: &Played, company: &str) {
    if played.passed() {
        println!("ok      {}", test.name);
        return;
    }
    println!("FAILED  {}   {}:{}", test.name, test.file, test.line);
    for step in &played.steps {
        print_step(test, step, company);
    }
    if played.steps.len() < played.of {
        println!("        ({} more steps were not played)", played.of - played.steps.len());
    }
    println!();
}

fn print_step(test: &Test, step: &PlayedStep, company: &str) {
    println!("        customer: {}", step.did);
    if let Some(reply) = &step.reply {
        let text = reply.text.replace('\n', &format!("\n{:width$}", "", width = 10 + company.chars().count()));
        println!("        {company}: {text}   ({})", reply.status);
    }
    for missed in &step.missed {
        println!("      ✗ {missed}   {}:{}", test.file, step.line);
        for line in &missed.diff {
            println!("          {line}");
        }
    }
    if !step.missed.is_empty() {
        for recorded in step.events.iter().filter(|recorded| tells(&recorded.event)) {
            println!("        │ {}", trace::line(recorded));
        }
    }
}

/// Does an event help to see why something else came of a step? The words themselves are shown already.
fn tells(event: &Event) -> bool {
    !matches!(
        event,
        Event::ConversationOpened { .. }
            | Event::MessageReceived { .. }
            | Event::TurnOpened { .. }
            | Event::MindAsked { .. }
            | Event::MindFinished { .. }
            | Event::PartReleased { .. }
    )
}

/// For programs: one test a line.
pub(crate) fn json(test: &Test, played: &Played) -> Value {
    let step = |step: &PlayedStep| {
        let reply = step.reply.clone().map(patchbay_web::wire::Reply::from);
        json!({ "line": step.line, "customer": step.did, "reply": reply, "missed": step.missed })
    };
    let steps: Vec<Value> = played.steps.iter().map(step).collect();
    json!({ "test": test.name, "file": test.file, "line": test.line, "passed": played.passed(), "steps": steps })
}
