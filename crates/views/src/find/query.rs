//! What is looked for in words that were said: all of several words, or a phrase in quotes, whatever their case and accents.

use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest text that can be looked for, in characters.
pub const LONGEST: usize = 200;

/// A text that was typed to be looked for. An empty one finds everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    terms: Vec<Term>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    folded: Vec<char>,
    /// A phrase ends where a word ends; a word may go on.
    phrase: bool,
}

/// More than anybody looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it has {0} characters; look for at most {LONGEST}")]
pub struct TooLong(usize);

impl Query {
    /// Reads what was typed. A quotation mark that is never closed counts to the end.
    ///
    /// # Errors
    /// When it is too long.
    pub fn read(text: &str) -> Result<Self, TooLong> {
        let length = text.chars().count();
        if length > LONGEST {
            return Err(TooLong(length));
        }
        let straight: String = text.chars().map(|one| if matches!(one, '“' | '”' | '„' | '«' | '»') { '"' } else { one }).collect();
        let mut terms = Vec::new();
        for (n, part) in straight.split('"').enumerate() {
            let phrase = n % 2 == 1;
            let words: Vec<&str> = if phrase { vec![part] } else { part.split_whitespace().collect() };
            terms.extend(words.into_iter().map(|word| Term { folded: Folded::of(word.trim()).chars, phrase }));
        }
        terms.retain(|term| !term.folded.is_empty());
        Ok(Self { terms })
    }

    /// The places of everything that is looked for, in order and without overlaps; `None` when something is not there.
    #[must_use]
    pub fn marks(&self, text: &str) -> Option<Vec<Range<usize>>> {
        if self.terms.is_empty() {
            return Some(Vec::new());
        }
        let folded = Folded::of(text);
        let mut marks: Vec<Range<usize>> = Vec::new();
        for term in &self.terms {
            let before = marks.len();
            marks.extend(folded.places(term));
            if marks.len() == before {
                return None;
            }
        }
        marks.sort_by_key(|mark| (mark.start, mark.end));
        let mut apart: Vec<Range<usize>> = Vec::with_capacity(marks.len());
        for mark in marks {
            match apart.last_mut() {
                Some(last) if mark.start <= last.end => last.end = last.end.max(mark.end),
                _ => apart.push(mark),
            }
        }
        Some(apart)
    }
}

/// A text without case, accents and runs of white space, and where each of its characters came from.
struct Folded {
    chars: Vec<char>,
    /// The bytes of the text that each character stands for.
    from: Vec<Range<usize>>,
}

impl Folded {
    fn of(text: &str) -> Self {
        let mut folded = Self { chars: Vec::with_capacity(text.len()), from: Vec::with_capacity(text.len()) };
        for (at, one) in text.char_indices() {
            let place = at..at + one.len_utf8();
            if one.is_ascii() {
                folded.push(one.to_ascii_lowercase(), place);
                continue;
            }
            for plain in std::iter::once(one).nfkd() {
                if is_combining_mark(plain) {
                    // It belongs to the letter before it, whichever way the text was written.
                    folded.from.last_mut().into_iter().for_each(|last| last.end = last.end.max(place.end));
                    continue;
                }
                // To capitals first: some letters are only then alike (ß and ss).
                plain.to_uppercase().flat_map(char::to_lowercase).for_each(|lower| folded.push(lower, place.clone()));
            }
        }
        folded
    }

    fn push(&mut self, one: char, place: Range<usize>) {
        let one = if one.is_whitespace() { ' ' } else { one };
        if one == ' ' && self.chars.last() == Some(&' ') {
            return;
        }
        self.chars.push(one);
        self.from.push(place);
    }

    /// Every place where a term stands.
    fn places(&self, term: &Term) -> impl Iterator<Item = Range<usize>> {
        let (chars, wanted) = (&self.chars, &term.folded);
        let first = wanted.first().copied().unwrap_or_default();
        let stands = move |at: &usize| {
            chars[*at] == first
                && chars[*at..].starts_with(wanted)
                && starts_a_word(chars, *at)
                && (!term.phrase || ends_a_word(chars, *at + wanted.len()))
        };
        let last = (chars.len() + 1).saturating_sub(wanted.len());
        (0..last).filter(stands).map(|at| self.from[at].start..self.from[at + wanted.len() - 1].end)
    }
}

fn starts_a_word(chars: &[char], at: usize) -> bool {
    !chars[at].is_alphanumeric() || unspaced(chars[at]) || at == 0 || !chars[at - 1].is_alphanumeric()
}

fn ends_a_word(chars: &[char], end: usize) -> bool {
    chars.get(end).is_none_or(|next| !next.is_alphanumeric() || unspaced(*next) || !chars[end - 1].is_alphanumeric())
}

/// Is it of a script that writes no spaces between words?
fn unspaced(one: char) -> bool {
    matches!(one, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked<'t>(query: &str, text: &'t str) -> Option<Vec<&'t str>> {
        Some(Query::read(query).unwrap().marks(text)?.into_iter().map(|mark| &text[mark]).collect())
    }

    #[test]
    fn case_and_accents_do_not_matter_and_marks_lie_on_the_text() {
        assert_eq!(marked("cafe", "Das Café ist zu"), Some(vec!["Café"]));
        assert_eq!(marked("café", "cafe\u{301} CAFES"), Some(vec!["cafe\u{301}", "CAFE"]));
        assert_eq!(marked("strasse", "Große STRAßE 4"), Some(vec!["STRAßE"]));
        assert_eq!(marked("ISTANBUL", "from İstanbul"), Some(vec!["İstanbul"]));
        assert_eq!(marked("zürich", "ZU\u{308}RICH"), Some(vec!["ZU\u{308}RICH"]));
    }

    #[test]
    fn words_are_all_there_in_any_order_and_may_go_on() {
        assert_eq!(marked("late refund", "Refunds are always late."), Some(vec!["Refund", "late"]));
        assert_eq!(marked("late refund", "It is late."), None);
        assert_eq!(marked("art", "a new start"), None, "a word is not found inside another");
        assert_eq!(marked("#w12", "order #W123"), Some(vec!["#W12"]));
        assert_eq!(marked("退款", "我要退款"), Some(vec!["退款"]));
        assert_eq!(marked("", "anything"), Some(vec![]));
    }

    #[test]
    fn quotes_are_a_phrase_of_whole_words() {
        assert_eq!(marked("\"order 1234\"", "order  1234, please"), Some(vec!["order  1234"]));
        assert_eq!(marked("\"order 1234\"", "order 12345"), None);
        assert_eq!(marked("“too late” money", "Money back, it is too late"), Some(vec!["Money", "too late"]));
        assert_eq!(marked("\"never closed", "it was never closed"), Some(vec!["never closed"]));
    }

    #[test]
    fn overlaps_are_one_mark_and_nothing_panics() {
        assert_eq!(marked("re refund", "refund"), Some(vec!["refund"]));
        assert_eq!(Query::read(&"x".repeat(201)), Err(TooLong(201)));
        for text in ["", " ", "\u{301}", "\u{301}a", "a\u{0}b", "👩‍👩‍👧", "ﬁn"] {
            for query in ["", "\"", "\"\"", "fin", "a", "\u{301}", "👩"] {
                let _ = marked(query, text);
            }
        }
    }
}
