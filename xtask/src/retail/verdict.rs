//! When a dialogue counts as done, and when two writes are the same.

use super::dialogue::Write;
use serde_json::{Map, Value};

/// What a dialogue counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The customer got what they came for.
    Done,
    /// A person has it now.
    HandedOver,
    /// Neither.
    Failed,
}

/// Judges a dialogue that has ended. `exactly`: all expected writes and no others happened.
pub(crate) fn verdict(outcome: &str, last: &str, exactly: bool, says_all: bool, proposals: usize, written: usize) -> Verdict {
    let done = match outcome {
        "done" => exactly && matches!(last, "done" | "answered"),
        "answered" => says_all && written == 0,
        "refused" => last == "refused" && proposals == 0,
        "declined" => last == "declined",
        "handoff" => last == "handed_over",
        "not_done" => written == 0 && last != "handed_over",
        _ => false,
    };
    match (done, last) {
        (true, _) => Verdict::Done,
        (false, "handed_over") => Verdict::HandedOver,
        (false, _) => Verdict::Failed,
    }
}

/// Is it the same write? Lists count as sets, items that are swapped as pairs. Whom it is for is bound by identity and
/// stands in no proposal.
pub(crate) fn matches(wished: &Write, other: &Write) -> bool {
    wished.operation == other.operation && normal(&wished.arguments) == normal(&other.arguments)
}

fn normal(arguments: &Map<String, Value>) -> Vec<(String, Vec<String>)> {
    let list = |name: &str| arguments.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let (old, new) = (list("item_ids"), list("new_item_ids"));
    let mut normal = Vec::new();
    for (name, value) in arguments.iter().filter(|(name, _)| *name != "user_id") {
        let mut values: Vec<String> = match (name.as_str(), value) {
            ("new_item_ids", _) => old.iter().zip(&new).map(|(old, new)| format!("{old} {new}")).collect(),
            (_, Value::Array(list)) => list.iter().map(Value::to_string).collect(),
            (_, Value::Object(fields)) => {
                // An address given as one argument counts like its fields.
                normal.extend(fields.iter().map(|(name, value)| (name.clone(), vec![value.to_string()])));
                continue;
            }
            (_, value) => vec![value.to_string()],
        };
        values.sort();
        normal.push((name.clone(), values));
    }
    normal.sort();
    normal
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_are_sets_and_swaps_are_pairs() {
        let swap = |old: [&str; 2], new: [&str; 2]| Write {
            operation: "exchange".to_owned(),
            arguments: json!({ "item_ids": old, "new_item_ids": new, "user_id": "u" }).as_object().cloned().unwrap_or_default(),
        };
        assert!(matches(&swap(["1", "2"], ["a", "b"]), &swap(["2", "1"], ["b", "a"])));
        assert!(!matches(&swap(["1", "2"], ["a", "b"]), &swap(["2", "1"], ["a", "b"])));
    }

    #[test]
    fn a_handover_is_never_a_success_except_where_it_is_wished_for() {
        assert_eq!(verdict("done", "done", true, true, 1, 1), Verdict::Done);
        assert_eq!(verdict("done", "done", false, true, 1, 0), Verdict::Failed);
        assert_eq!(verdict("not_done", "handed_over", true, true, 0, 0), Verdict::HandedOver);
        assert_eq!(verdict("handoff", "handed_over", true, true, 0, 0), Verdict::Done);
        assert_eq!(verdict("refused", "refused", true, true, 1, 0), Verdict::Failed);
    }
}
