//! A test as people write it: one entry of a file, one line for each answer and step.

use super::USUAL_PAUSE;
use super::calls::{Answer, Given};
use super::steps::{Does, Expected, Step, shown};
use patchbay_core::Timestamp;
use patchbay_core::words::Level;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt::Write;

type Stated = BTreeMap<String, Vec<Given>>;

/// A test that lines cannot be put into.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: answers can only be written into a test whose keys stand below each other; write `steps:` on a line of its own")]
pub struct NotThere {
    line: usize,
}

/// A whole test.
pub(super) fn test(name: &str, persona: Option<(String, Level)>, began: Timestamp, steps: &[Step], stated: &Stated) -> String {
    let mut text = format!("- test: {}\n", scalar(&name.split_whitespace().collect::<Vec<_>>().join(" ")));
    if let Some((customer, level)) = persona {
        let _ = writeln!(text, "  as: {{ customer: {}, level: {level} }}", scalar(&customer));
    }
    let _ = writeln!(text, "  now: \"{began}\"");
    text.push_str(&answers(stated, "  "));
    text.push_str("  steps:\n");
    // A test begins at a whole second; its first step comes after the usual pause.
    let usual = i64::try_from(USUAL_PAUSE.as_millis()).unwrap_or_default();
    let mut before = steps.first().map_or(began, |first| Timestamp(first.at.0 - usual));
    for step in steps {
        text.push_str(&written(step, before));
        before = step.at;
    }
    text
}

/// The file with the answers, and the time, in the test at this line.
pub(super) fn with_answers(file: &str, line: usize, began: Option<Timestamp>, stated: &Stated) -> Result<String, NotThere> {
    let missing = || NotThere { line };
    let lines: Vec<&str> = file.lines().collect();
    let first = line.checked_sub(1).filter(|first| *first < lines.len()).ok_or_else(missing)?;
    let dash = indent(lines[first]);
    let keys = dash + 2;
    let ends = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#') && indent(line) <= dash;
    let end = lines[first + 1..].iter().position(ends).map_or(lines.len(), |length| first + 1 + length);
    let is_key = |line: &str, key: &str| indent(line) == keys && line.trim_start().starts_with(key);
    if !lines[first..end].iter().any(|line| is_key(line, "steps:") && line.trim_end().ends_with("steps:")) {
        return Err(missing());
    }
    let space = " ".repeat(keys);
    let mut kept: Vec<String> = lines[..=first].iter().map(|line| (*line).to_owned()).collect();
    let mut dropping = false;
    for line in &lines[first + 1..end] {
        if indent(line) == keys && !line.trim().is_empty() {
            dropping = is_key(line, "backends:") || (began.is_some() && is_key(line, "now:"));
        }
        if is_key(line, "steps:") {
            kept.extend(began.map(|began| format!("{space}now: \"{began}\"")));
            kept.extend(answers(stated, &space).lines().map(str::to_owned));
        }
        if !dropping {
            kept.push((*line).to_owned());
        }
    }
    kept.extend(lines[end..].iter().map(|line| (*line).to_owned()));
    Ok(kept.join("\n") + "\n")
}

/// How far a line stands from the margin; a dash belongs to what follows it.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn answers(stated: &Stated, space: &str) -> String {
    let mut text = String::new();
    if stated.values().all(Vec::is_empty) {
        return text;
    }
    let _ = writeln!(text, "{space}backends:");
    for (operation, given) in stated.iter().filter(|(_, given)| !given.is_empty()) {
        if let [one] = given.as_slice() {
            let _ = writeln!(text, "{space}  {operation}: {}", answer(one));
            continue;
        }
        let _ = writeln!(text, "{space}  {operation}:");
        for one in given {
            let _ = writeln!(text, "{space}    - {}", answer(one));
        }
    }
    text
}

fn answer(given: &Given) -> String {
    let when = (!given.when.is_empty()).then(|| {
        let args: Vec<String> = given.when.iter().map(|(name, value)| format!("{}: {}", scalar(name), flow(value))).collect();
        format!("when: {{ {} }}", args.join(", "))
    });
    let answer = match &given.answer {
        Answer::Body(body) => format!("body: {}", flow(body)),
        Answer::Status(status) => format!("status: {status}"),
        Answer::Fault(fault) => format!("fault: {fault}"),
    };
    format!("{{ {} }}", when.into_iter().chain([answer]).collect::<Vec<_>>().join(", "))
}

fn written(step: &Step, before: Timestamp) -> String {
    let mut text = match &step.does {
        Does::Says(words) => format!("    - user: {}\n", scalar(words)),
        Does::Picks(value) => format!("    - pick: {}\n", scalar(value)),
        Does::Decides(yes) => format!("    - confirm: {}\n", if *yes { "yes" } else { "no" }),
    };
    // Whole seconds, rather more than less: what had expired has expired.
    let pause = step.at.since(before).as_millis().div_ceil(1000);
    if pause != USUAL_PAUSE.as_secs().into() {
        let _ = writeln!(text, "      after: {pause}s");
    }
    if !step.expect.is_empty() {
        let expect: Vec<String> = step.expect.iter().map(|(key, expected)| format!("{key}: {}", expectation(expected))).collect();
        let _ = writeln!(text, "      expect: {{ {} }}", expect.join(", "));
    }
    text
}

fn expectation(expected: &Expected) -> String {
    match expected {
        Expected::Word(word) => scalar(word),
        Expected::Count(count) => count.to_string(),
        Expected::List(list) => format!("[{}]", list.iter().map(|one| scalar(one)).collect::<Vec<_>>().join(", ")),
        Expected::Proposal { tool, args } => {
            // Amounts and records are compared by their exact form, which nobody would write by hand.
            let simple = args.iter().filter(|(_, value)| !value.is_object());
            let args: Vec<String> = simple
                .map(|(name, value)| format!("{}: {}", scalar(name), if value.is_array() { flow(value) } else { scalar(&shown(value)) }))
                .collect();
            if args.is_empty() { scalar(tool) } else { format!("{{ tool: {}, args: {{ {} }} }}", scalar(tool), args.join(", ")) }
        }
    }
}

/// A value on one line.
fn flow(value: &Json) -> String {
    match value {
        Json::String(text) => scalar(text),
        Json::Array(list) if list.is_empty() => "[]".to_owned(),
        Json::Array(list) => format!("[{}]", list.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Json::Object(map) if map.is_empty() => "{}".to_owned(),
        Json::Object(map) => {
            let fields: Vec<String> = map.iter().map(|(name, value)| format!("{}: {}", scalar(name), flow(value))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        other => other.to_string(),
    }
}

/// A text, in quotes where it could be taken for something else.
fn scalar(text: &str) -> String {
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let plain = text.chars().next().is_some_and(char::is_alphabetic)
        && text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '_' | '-' | '.' | '/' | '\''))
        && !text.ends_with(' ')
        && !reserved.contains(&text.to_lowercase().as_str());
    if plain { text.to_owned() } else { Json::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_are_quoted_where_they_could_be_something_else() {
        for text in ["12345", "yes", "a: b", "# no", "2026-01-15", "€5", "", "trailing ", "null", "-x"] {
            assert_eq!(scalar(text), Json::from(text).to_string());
        }
        assert_eq!(scalar("where is order 12345"), "where is order 12345");
        assert_eq!(
            flow(&json!({ "id": "1", "name": "Lamp", "list": [1, true, null], "none": {} })),
            "{ id: \"1\", list: [1, true, null], name: Lamp, none: {} }"
        );
    }

    #[test]
    fn answers_take_the_place_of_earlier_ones() {
        let stated = Stated::from([(
            "orders.getOrder".to_owned(),
            vec![Given { when: BTreeMap::new(), answer: Answer::Body(json!({ "id": "1" })) }],
        )]);
        let file = "# mine\n- test: one\n  backends:\n    orders.getOrder: { status: 404 }\n\n  steps:\n    - user: hello # why\n\n- test: two\n  steps: []\n";
        let text = with_answers(file, 2, Some(Timestamp(0)), &stated).unwrap();
        assert_eq!(
            text,
            "# mine\n- test: one\n  now: \"1970-01-01T00:00:00.000Z\"\n  backends:\n    orders.getOrder: { body: { id: \"1\" } }\n  steps:\n    - user: hello # why\n\n- test: two\n  steps: []\n"
        );
        assert_eq!(with_answers(&text, 2, Some(Timestamp(0)), &stated).unwrap(), text, "recording again changes nothing");
        assert!(with_answers("- { test: one, steps: [] }\n", 1, None, &stated).is_err());
    }
}
