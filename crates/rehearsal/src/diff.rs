//! What was expected beside what was there, line by line or word by word: `-` is missing, `+` stands there instead.

use similar::{ChangeTag, TextDiff, capture_diff_slices};

/// Two lists, one element a line.
pub(crate) fn lists(expected: &[String], seen: &[&str]) -> Vec<String> {
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    let changes = capture_diff_slices(similar::Algorithm::Myers, &expected, seen);
    changes.iter().flat_map(|change| change.iter_changes(&expected, seen)).map(|change| line(change.tag(), change.value())).collect()
}

/// Words that were expected, and the stretch of the reply that is most like them.
pub(crate) fn words(expected: &str, said: &str) -> Vec<String> {
    let stretch = most_alike(expected, said);
    if stretch.is_empty() {
        return vec![line(ChangeTag::Delete, expected)];
    }
    let diff = TextDiff::from_words(expected, &stretch);
    let side = |without: ChangeTag| -> String {
        let mut text = String::new();
        let mut marked = false;
        for change in diff.iter_all_changes().filter(|change| change.tag() != without) {
            let differs = change.tag() != ChangeTag::Equal;
            // Spaces between two marked words are marked with them.
            if differs != marked && !change.value().trim().is_empty() {
                text.push_str(if differs { "⟦" } else { "⟧" });
                marked = differs;
            }
            text.push_str(change.value());
        }
        text.push_str(if marked { "⟧" } else { "" });
        text.replace(" ⟧", "⟧ ")
    };
    vec![line(ChangeTag::Delete, &side(ChangeTag::Insert)), line(ChangeTag::Insert, &side(ChangeTag::Delete))]
}

fn line(tag: ChangeTag, text: &str) -> String {
    let mark = match tag {
        ChangeTag::Equal => ' ',
        ChangeTag::Delete => '-',
        ChangeTag::Insert => '+',
    };
    format!("{mark} {text}")
}

/// The stretch of as many words that shares the most with the expected ones, the first of several; nothing where none is shared.
fn most_alike(expected: &str, said: &str) -> String {
    let plain = |word: &str| word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
    let wanted: Vec<String> = expected.split_whitespace().map(plain).collect();
    let words: Vec<&str> = said.split_whitespace().collect();
    let score = |stretch: &[&str]| {
        let mut open = wanted.clone();
        let shared =
            stretch.iter().filter(|word| open.iter().position(|other| *other == plain(word)).map(|at| open.swap_remove(at)).is_some());
        let shared = shared.count();
        // A stretch that begins alike reads best beside what was expected.
        let begins = stretch.first().is_some_and(|word| wanted.first() == Some(&plain(word)));
        if shared == 0 { 0 } else { 2 * shared + usize::from(begins) }
    };
    let best = words.windows(wanted.len().clamp(1, words.len().max(1))).rev().max_by_key(|stretch| score(stretch));
    best.filter(|stretch| score(stretch) > 0).map(|stretch| stretch.join(" ")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_words_stand_beside_the_expected_ones() {
        let said = "Hello. Order 12345 is already shipped, so I cannot cancel it any more. Anything else?";
        assert_eq!(words("Order 12345 is on its way", said), ["- Order 12345 is ⟦on its way⟧", "+ Order 12345 is ⟦already shipped, so⟧"]);
        assert_eq!(words("it rains", "Nothing of that kind."), ["- it rains"]);
        assert_eq!(words("it rains", ""), ["- it rains"]);
    }

    #[test]
    fn lists_are_shown_line_by_line() {
        let expected = ["order", "cancel_order", "order"].map(str::to_owned);
        assert_eq!(lists(&expected, &["profile", "order", "order"]), ["+ profile", "  order", "- cancel_order", "  order"]);
    }
}
