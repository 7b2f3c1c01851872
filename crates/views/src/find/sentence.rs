//! The part of a text that is shown for what was found in it: the sentence it stands in.

use std::ops::Range;

/// The longest part that is shown, in characters.
const LONGEST: usize = 280;
/// So many of them before the place, where a sentence is longer.
const BEFORE: usize = 80;

/// The sentence around the first mark, or the beginning of the text; on the borders of characters.
pub(super) fn around(text: &str, marks: &[Range<usize>]) -> Range<usize> {
    let mark = marks.first().cloned().unwrap_or(0..0);
    let starts = ends(&text[..mark.start]).last().unwrap_or(0);
    let ends = ends(&text[mark.end..]).next().map_or(text.len(), |end| mark.end + end);
    if text[starts..ends].chars().count() <= LONGEST {
        return starts..ends;
    }
    let back = |(at, _): (usize, char)| at;
    let start = text[starts..mark.start].char_indices().rev().nth(BEFORE - 1).map_or(starts, |found| starts + back(found));
    let end = text[start..ends].char_indices().nth(LONGEST).map_or(ends, |found| start + back(found));
    start..end
}

/// Where sentences end: after a stop and the white space behind it, and with a line.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    let mut stopped = false;
    let found = text.char_indices().filter_map(move |(at, one)| {
        let ended = one == '\n' || (stopped && one.is_whitespace()) || matches!(one, '。' | '！' | '？');
        stopped = matches!(one, '.' | '!' | '?' | '…') || (stopped && !one.is_whitespace() && !one.is_alphanumeric());
        ended.then_some(at + one.len_utf8())
    });
    found.collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text around a place where this stands.
    fn around_one<'t>(text: &'t str, found: &str) -> &'t str {
        let place = text.match_indices(found).next().map(|(at, found)| at..at + found.len()).unwrap();
        &text[around(text, std::slice::from_ref(&place))]
    }

    #[test]
    fn the_sentence_of_the_first_place_is_shown() {
        let text = "Good day. My parcel is late! What now?";
        assert_eq!(around_one(text, "parcel"), "My parcel is late! ");
        assert_eq!(&text[around(text, &[])], "Good day. ");
        assert_eq!(around_one("It cost 30.50 EUR. Too much.", "EUR"), "It cost 30.50 EUR. ");
    }

    #[test]
    fn long_ones_are_cut_around_it_on_borders_of_characters() {
        let text = format!("{} here {}", "é".repeat(500), "é".repeat(500));
        let shown = around_one(&text, "here");
        assert!(shown.contains("here") && shown.chars().count() == LONGEST, "{}", shown.len());
        assert_eq!(around("", &[]), 0..0);
    }
}
