//! Words of a message: lower-cased, contractions spelled out, each with its place in the text and its stem.

use std::collections::BTreeMap;
use std::ops::Range;

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// As it is compared: lower case, no apostrophes.
    pub(super) plain: String,
    /// Without common endings.
    pub(super) stem: String,
    /// Where it stands in the text, in bytes.
    pub(super) span: Range<usize>,
}

/// The words of a text in order. Contractions become the words they stand for (`don't` → `do not`), at the same place.
pub(super) fn words(text: &str, contractions: &BTreeMap<String, String>) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    let ends = text.char_indices().map(|(at, letter)| (at, Some(letter))).chain([(text.len(), None)]);
    for (at, letter) in ends {
        let inside = letter.is_some_and(|letter| letter.is_alphanumeric() || (start.is_some() && is_apostrophe(letter)));
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                push(&mut words, text, from..at, contractions);
                start = None;
            }
            _ => {}
        }
    }
    words
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '\u{2019}')
}

fn push(words: &mut Vec<Word>, text: &str, span: Range<usize>, contractions: &BTreeMap<String, String>) {
    let lower: String = text[span.clone()].to_lowercase().replace('\u{2019}', "'");
    let lower = lower.trim_end_matches('\'');
    let plain = lower.replace('\'', "");
    let spelled = match contractions.get(&plain) {
        // "id" and "ill" are words of their own when they have no apostrophe.
        Some(long) if lower.contains('\'') || !matches!(lower, "id" | "ill") => long.clone(),
        _ => spell_out(lower).unwrap_or(plain),
    };
    for word in spelled.split(' ') {
        words.push(Word { plain: word.to_owned(), stem: stem(word), span: span.clone() });
    }
}

/// `shop's` → `shop`, `shouldn't` → `should not`, `we'll` → `we will`.
fn spell_out(word: &str) -> Option<String> {
    let (head, tail) = word.split_once('\'')?;
    match tail {
        "t" => Some(format!("{} not", head.strip_suffix('n').unwrap_or(head))),
        "s" | "d" => Some(head.to_owned()),
        "ll" => Some(format!("{head} will")),
        "re" => Some(format!("{head} are")),
        "ve" => Some(format!("{head} have")),
        "m" => Some(format!("{head} am")),
        _ => None,
    }
}

/// A word without common English endings: `bottles` → `bottl`, `bottle` → `bottl`, `cancelling` → `cancel`.
pub(super) fn stem(word: &str) -> String {
    if word.len() <= 3 || !word.is_ascii() || word.bytes().any(|letter| letter.is_ascii_digit()) {
        return word.to_owned();
    }
    let mut stem = word;
    if let Some(head) = stem.strip_suffix("ies") {
        return format!("{head}y");
    }
    if stem.ends_with('s') && !stem.ends_with("ss") && !stem.ends_with("us") && !stem.ends_with("is") {
        stem = &stem[..stem.len() - 1];
    }
    for ending in ["ing", "ed"] {
        if let Some(head) = stem.strip_suffix(ending).filter(|head| head.len() >= 3 && head.contains(['a', 'e', 'i', 'o', 'u', 'y'])) {
            return undouble(head).to_owned();
        }
    }
    undouble(stem.strip_suffix('e').filter(|head| head.len() >= 3).unwrap_or(stem)).to_owned()
}

fn undouble(word: &str) -> &str {
    let bytes = word.as_bytes();
    match bytes {
        [.., a, b] if a == b && !matches!(b, b's' | b'e' | b'o') && bytes.len() > 3 => &word[..word.len() - 1],
        _ => word,
    }
}

/// The same word but for its ending or, when it is long, a slip of the fingers.
pub(super) fn alike(one: &Word, two: &Word) -> bool {
    if one.stem == two.stem {
        return true;
    }
    let (short, long) = (one.plain.len().min(two.plain.len()), one.plain.len().max(two.plain.len()));
    let slips = match short {
        0..=4 => return false,
        5..=8 => 1,
        _ => 2,
    };
    let digits = |word: &Word| word.plain.bytes().any(|letter| letter.is_ascii_digit());
    long - short <= slips
        && one.plain.chars().next() == two.plain.chars().next()
        && !digits(one)
        && !digits(two)
        && strsim::osa_distance(&one.plain, &two.plain) <= slips
}

/// Where a phrase stands in a text: every word of it in order, side by side. Indices of words.
pub(super) fn find_phrase(text: &[Word], phrase: &[Word]) -> Option<Range<usize>> {
    if phrase.is_empty() || phrase.len() > text.len() {
        return None;
    }
    (0..=text.len() - phrase.len())
        .find(|&at| text[at..].iter().zip(phrase).all(|(one, two)| alike(one, two)))
        .map(|at| at..at + phrase.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin::lexicon::Lexicon;

    fn plain(text: &str) -> Vec<String> {
        Lexicon::of("en").words(text).into_iter().map(|word| word.plain).collect()
    }

    #[test]
    fn contractions_are_spelled_out_with_and_without_their_apostrophe() {
        assert_eq!(plain("I don't need it, can’t you?"), ["i", "do", "not", "need", "it", "can", "not", "you"]);
        assert_eq!(plain("dont wheres my dog's id"), ["do", "not", "where", "is", "my", "dog", "id"]);
        assert_eq!(plain("we'll #W123-45"), ["we", "will", "w123", "45"]);
    }

    #[test]
    fn endings_and_slips_do_not_matter_but_numbers_do() {
        let same = |one: &str, two: &str| {
            let (one, two) = (Lexicon::of("en").words(one), Lexicon::of("en").words(two));
            alike(&one[0], &two[0])
        };
        assert!(same("bottles", "bottle") && same("cancelled", "cancelling") && same("parties", "party"));
        assert!(same("recieve", "receive") && same("membership", "membrship"));
        assert!(!same("12345", "12346") && !same("red", "bed"));
    }
}
