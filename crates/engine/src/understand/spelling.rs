//! Slips of the pen: a word that nobody knows is read as the word of the examples that it nearly is.
//!
//! The sentence encoder was trained on tidy text and falls apart into letters where a word is misspelt. What it does not know as a
//! word, and what is no word of the examples either, is therefore compared with those: one slip apart, or two in a long word.

use std::collections::BTreeMap;

use super::wording;

/// Shorter words are too near to each other.
const SHORTEST: usize = 3;
/// From so many letters on, two slips are one too few to mean another word.
const LONG: usize = 8;
/// Endings that make another form of a known word.
const ENDINGS: [&str; 9] = ["s", "es", "d", "ed", "r", "er", "ing", "ly", "y"];

/// The words of the examples.
pub(super) struct Spelling {
    /// How many examples have each word, by the word's first letter.
    words: BTreeMap<char, BTreeMap<String, usize>>,
}

impl Spelling {
    /// Learns the words of these texts.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut words: BTreeMap<char, BTreeMap<String, usize>> = BTreeMap::new();
        for text in texts {
            for word in wording::words(&text.to_lowercase()) {
                if let Some(first) = word.chars().next() {
                    *words.entry(first).or_default().entry(word.to_owned()).or_default() += 1;
                }
            }
        }
        Self { words }
    }

    /// The text with the words put right that are none; `knows` tells words of the language.
    pub(super) fn corrected(&self, text: &str, knows: impl Fn(&str) -> bool) -> String {
        let mut new = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let is_word = first.is_alphanumeric();
            let end = rest.find(|letter: char| letter.is_alphanumeric() != is_word).unwrap_or(rest.len());
            let (piece, after) = rest.split_at(end);
            // The end of "don't" is no word of its own.
            let ends_another = new.ends_with(['\'', '’']);
            match self.meant(piece, &knows).filter(|_| is_word && !ends_another) {
                Some(word) => new.push_str(word),
                None => new.push_str(piece),
            }
            rest = after;
        }
        new
    }

    /// The word of the examples that was meant, where what was typed is no word.
    fn meant(&self, typed: &str, knows: &impl Fn(&str) -> bool) -> Option<&str> {
        let length = typed.chars().count();
        if length < SHORTEST || !typed.chars().all(char::is_alphabetic) {
            return None;
        }
        let typed = typed.to_lowercase();
        if self.has(&typed) || is_known(&typed, knows) {
            return None;
        }
        let slips = if length >= LONG { 2 } else { 1 };
        let of_length = |word: &str| word.chars().count().abs_diff(length) <= slips;
        let near = |word: &str| {
            let apart = strsim::osa_distance(word, &typed);
            // In a short word only an exchange of neighbours is sure.
            (apart <= slips && (length > SHORTEST || is_turned(word, &typed))).then_some(apart)
        };
        let first = typed.chars().next()?;
        let same_first = self.words.get(&first).into_iter().flatten().filter(|(word, _)| of_length(word));
        // The first two letters may have changed places.
        let turned = typed.chars().nth(1).filter(|second| *second != first);
        let turned = turned.and_then(|second| self.words.get(&second)).into_iter().flatten().filter(|(word, _)| is_turned(word, &typed));
        let candidates = same_first.chain(turned).filter_map(|(word, count)| Some((near(word)?, word, count)));
        // Of words equally near the more usual one.
        let best = candidates.min_by(|one, two| one.0.cmp(&two.0).then(two.2.cmp(one.2)).then(one.1.cmp(two.1)));
        best.map(|(_, word, _)| word.as_str())
    }

    fn has(&self, word: &str) -> bool {
        word.chars().next().and_then(|first| self.words.get(&first)).is_some_and(|words| words.contains_key(word))
    }
}

/// A word of the language, or a form of one.
fn is_known(word: &str, knows: &impl Fn(&str) -> bool) -> bool {
    let stem = |ending: &&str| {
        let stem = word.strip_suffix(*ending).filter(|stem| stem.chars().count() >= SHORTEST)?;
        Some(knows(stem) || knows(&format!("{stem}e")))
    };
    knows(word) || ENDINGS.iter().filter_map(stem).any(|known| known)
}

/// The same letters in another order.
fn is_turned(one: &str, two: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    one.len() == two.len() && one != two && sorted(one) == sorted(two)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corrected(text: &str) -> String {
        let spelling =
            Spelling::of(["can I change the address of my order", "what is my balance", "where did the thermostat go"].into_iter());
        let known = ["notting", "chance", "oder", "house", "activate", "what"];
        spelling.corrected(text, |word| known.contains(&word))
    }

    #[test]
    fn a_slip_is_read_as_what_was_meant() {
        assert_eq!(corrected("cna I chnage teh adress of my ordr?"), "can I change the address of my order?");
        assert_eq!(corrected("WHERE is my balence, thermstat"), "WHERE is my balance, thermostat");
        assert_eq!(corrected("my thrmostatt"), "my thermostat");
        assert_eq!(corrected("rodre"), "rodre", "three letters away");
    }

    #[test]
    fn what_is_a_word_stays_one() {
        for text in
            ["oder", "a chance", "the house", "activating", "activated", "change 12345 to 54321", "don't", "go", "mx", "größe", "", "?!"]
        {
            assert_eq!(corrected(text), text);
        }
    }
}
