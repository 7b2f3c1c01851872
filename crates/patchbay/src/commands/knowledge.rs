//! `patchbay knowledge`: what is written down, searched and listed.

use crate::cli::Knowledge;
use crate::company::Ready;
use crate::failure::{Exit, Failure};
use crate::knowledge::thousandths;
use crate::minds;
use patchbay_core::Timestamp;
use patchbay_core::declare::AnswerRule;
use patchbay_core::words::Level;
use patchbay_knowledge::{Found, Hit, Passage};
use serde_json::json;

pub(crate) fn run(knowledge: &Knowledge) -> Result<(), Failure> {
    match knowledge {
        Knowledge::Search { text, configured, level, at, explain, json } => {
            let ready = Ready::offline(configured)?;
            let level = Level::parse(level).ok_or_else(|| {
                let levels: Vec<&str> = Level::ALL.iter().map(|level| level.as_str()).collect();
                Failure::new(Exit::Usage, format!("'{level}' is no level; levels are {}", levels.join(", ")))
            })?;
            let now = match at {
                Some(at) => at.parse().map_err(|error| Failure::new(Exit::Usage, error))?,
                None => ready.clock.now(),
            };
            let company = &ready.loaded.company;
            let shelf = minds::shelf_by_meaning(&ready.library, company)?;
            let found = shelf.find(text, level, now);
            match json {
                true => println!("{}", json!(found.hits.iter().map(hit_json).collect::<Vec<_>>())),
                false => show(&found, company.knowledge.answer, *explain),
            }
            Ok(())
        }
        Knowledge::List { configured, due, json } => {
            let ready = Ready::offline(configured)?;
            let now = ready.clock.now();
            let passages = ready.library.passages().iter().filter(|passage| !due || is_due(passage, now));
            if *json {
                println!("{}", json!(passages.map(|passage| passage_json(passage, now)).collect::<Vec<_>>()));
            } else {
                passages.for_each(|passage| println!("{}", line(passage, now)));
            }
            Ok(())
        }
    }
}

/// What would be done with the question, then the passages.
fn show(found: &Found<'_>, rule: AnswerRule, explain: bool) {
    let best = found.hits.first().map_or(0, |hit| thousandths(hit.probability));
    let verdict = match best {
        _ if best >= rule.at_least => "the first passage is the answer",
        _ if best >= rule.ask_back => "not sure: the likely passages would be offered",
        _ => "no answer",
    };
    println!("{verdict}  (answer from {}‰, ask back from {}‰)", rule.at_least, rule.ask_back);
    for hit in &found.hits {
        println!("{:>4}‰  {}  {}", thousandths(hit.probability), hit.passage.id, hit.passage.title());
        if explain {
            let meaning = hit.meaning.map_or_else(|| "unknown".to_owned(), |meaning| format!("{meaning:.3}"));
            println!("       score {:.3} = meaning {meaning}, words covered {:.3}; lead {:+.3}", hit.score, hit.coverage, hit.lead);
            println!("       found by {:?}: {}", hit.found_by, first_line(hit.text));
        }
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn hit_json(hit: &Hit<'_>) -> serde_json::Value {
    json!({
        "id": hit.passage.id, "title": hit.passage.title(), "document": hit.passage.document, "probability": hit.probability,
        "score": hit.score, "meaning": hit.meaning, "coverage": hit.coverage, "lead": hit.lead, "found_by": hit.text,
    })
}

fn is_due(passage: &Passage, now: Timestamp) -> bool {
    passage.review.due().is_some_and(|due| due <= now)
}

fn line(passage: &Passage, now: Timestamp) -> String {
    let mut notes = vec![passage.audience.to_string(), passage.language.clone()];
    notes.extend(passage.validity.from.filter(|from| *from > now).map(|from| format!("valid from {}", day(from))));
    notes.extend(passage.validity.until.map(|until| match until <= now {
        true => "no longer valid".to_owned(),
        false => format!("valid until {}", day(until)),
    }));
    notes.extend(passage.review.due().map(|due| match (passage.review.last, due <= now) {
        (None, _) => "never reviewed".to_owned(),
        (Some(_), true) => format!("review was due {}", day(due)),
        (Some(_), false) => format!("review due {}", day(due)),
    }));
    format!("{}  {}\n    {} · {}", passage.id, passage.title(), passage.document, notes.join(" · "))
}

/// The day of a time, in UTC.
fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

fn passage_json(passage: &Passage, now: Timestamp) -> serde_json::Value {
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string());
    json!({
        "id": passage.id, "title": passage.title(), "document": passage.document, "audience": passage.audience, "language": passage.language,
        "questions": passage.questions, "valid_from": time(passage.validity.from), "valid_until": time(passage.validity.until),
        "reviewed": time(passage.review.last), "review_due": time(passage.review.due()), "is_due": is_due(passage, now),
    })
}
