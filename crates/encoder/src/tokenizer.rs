//! A text as numbered word pieces: BERT's lower-cased WordPiece, which the model was trained with.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::weights::ModelError;

/// The longest piece sequence the model has positions for, including the two marks at the ends.
pub(crate) const MAX_TOKENS: usize = 256;
/// A word beyond this many characters is one unknown piece; it would only cost time.
const MAX_WORD: usize = 100;

/// The vocabulary, ready to be looked up.
pub(crate) struct Tokenizer {
    pieces: HashMap<&'static str, u32>,
    /// For each piece whether it is more than a mark, a sign or a single letter.
    meaningful: Vec<bool>,
    unknown: u32,
    start: u32,
    end: u32,
}

impl Tokenizer {
    /// Takes one word piece per line; the line's number is the piece's number.
    pub(crate) fn new(vocabulary: &'static str) -> Result<Self, ModelError> {
        let pieces: HashMap<_, _> = vocabulary.lines().zip(0u32..).collect();
        let special = |name: &str| pieces.get(name).copied().ok_or_else(|| ModelError::Vocabulary(format!("has no piece {name:?}")));
        let (unknown, start, end) = (special("[UNK]")?, special("[CLS]")?, special("[SEP]")?);
        let marks = [unknown, start, end];
        let meaningful = vocabulary.lines().zip(0..).map(|(piece, id)| piece.chars().nth(1).is_some() && !marks.contains(&id)).collect();
        Ok(Self { pieces, meaningful, unknown, start, end })
    }

    /// How many pieces there are.
    pub(crate) fn size(&self) -> usize {
        self.pieces.len()
    }

    /// Is a word one piece?
    pub(crate) fn has(&self, word: &str) -> bool {
        self.pieces.contains_key(word)
    }

    /// Is a piece more than a mark, a sign or a single letter?
    pub(crate) fn carries_meaning(&self, piece: u32) -> bool {
        self.meaningful[piece as usize]
    }

    /// The numbers of the text's pieces between start and end mark; at most [`MAX_TOKENS`], the rest is cut off.
    pub(crate) fn pieces(&self, text: &str) -> Vec<u32> {
        let mut ids = vec![self.start];
        for word in words(text) {
            self.split(&word, &mut ids);
            if ids.len() >= MAX_TOKENS {
                break;
            }
        }
        ids.truncate(MAX_TOKENS - 1);
        ids.push(self.end);
        ids
    }

    /// Always the longest piece that fits; later pieces of a word are written with `##`.
    fn split(&self, word: &str, ids: &mut Vec<u32>) {
        let before = ids.len();
        let mut piece = String::new();
        let mut rest = word;
        let mut fits = word.chars().count() <= MAX_WORD;
        while fits && !rest.is_empty() {
            let ends = rest.char_indices().map(|(at, letter)| at + letter.len_utf8()).rev();
            let found = ends.into_iter().find_map(|end| {
                piece.clear();
                piece.push_str(if rest.len() == word.len() { "" } else { "##" });
                piece.push_str(&rest[..end]);
                self.pieces.get(piece.as_str()).map(|id| (end, *id))
            });
            match found {
                Some((end, id)) => {
                    ids.push(id);
                    rest = &rest[end..];
                }
                None => fits = false,
            }
        }
        if !fits {
            ids.truncate(before);
            ids.push(self.unknown);
        }
    }
}

/// Lower-case words without accents; punctuation marks and Chinese characters stand alone.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let plain = text.chars().filter(|letter| !is_noise(*letter)).nfd();
    let plain = plain.filter(|letter| letter.general_category() != GeneralCategory::NonspacingMark);
    for letter in plain.flat_map(char::to_lowercase) {
        let alone = is_mark(letter) || is_ideograph(letter);
        if (alone || letter.is_whitespace()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if alone {
            words.push(letter.to_string());
        } else if !letter.is_whitespace() {
            word.push(letter);
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Control characters, invisible marks and the replacement character carry nothing.
fn is_noise(letter: char) -> bool {
    let category = letter.general_category();
    let invisible = matches!(category, GeneralCategory::Control | GeneralCategory::Format | GeneralCategory::PrivateUse);
    letter == char::REPLACEMENT_CHARACTER || (invisible && !letter.is_whitespace())
}

/// Punctuation, and those ASCII signs that Unicode calls symbols (`$`, `+`, `~` …).
fn is_mark(letter: char) -> bool {
    letter.is_ascii_punctuation() || letter.general_category_group() == GeneralCategoryGroup::Punctuation
}

/// The blocks of Chinese characters; Japanese and Korean letters are words like any other.
fn is_ideograph(letter: char) -> bool {
    matches!(u32::from(letter), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x2A6DF | 0x2A700..=0x2CEAF | 0x2F800..=0x2FA1F)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_plain_and_marks_stand_alone() {
        assert_eq!(words("  Où est\tmon COLIS?! (#W12-3) "), ["ou", "est", "mon", "colis", "?", "!", "(", "#", "w12", "-", "3", ")"]);
        assert_eq!(words("东京abc\u{0}de\u{200b}f\u{fffd}"), ["东", "京", "abcdef"]);
    }

    #[test]
    fn a_word_is_split_into_its_longest_pieces() {
        let tokenizer = Tokenizer::new("[UNK]\n[CLS]\n[SEP]\nship\n##ment\n##m\nsh").expect("complete");
        assert_eq!(tokenizer.pieces("Shipment"), [1, 3, 4, 2]);
        assert_eq!(tokenizer.pieces("ship shipx"), [1, 3, 0, 2]);
        assert_eq!(tokenizer.pieces(""), [1, 2]);
    }

    #[test]
    fn marks_signs_and_single_letters_carry_no_meaning() {
        let tokenizer = Tokenizer::new("[UNK]\n[CLS]\n[SEP]\nship\n##s\n?\ni").expect("complete");
        let carrying: Vec<bool> = tokenizer.pieces("I ships 语?").into_iter().map(|piece| tokenizer.carries_meaning(piece)).collect();
        assert_eq!(carrying, [false, false, true, true, false, false, false]);
    }

    #[test]
    fn endless_texts_and_words_are_cut() {
        let tokenizer = Tokenizer::new("[UNK]\n[CLS]\n[SEP]\na\n##a").expect("complete");
        assert_eq!(tokenizer.pieces(&"a ".repeat(1000)).len(), MAX_TOKENS);
        assert_eq!(tokenizer.pieces(&"a".repeat(MAX_WORD + 1)), [1, 0, 2]);
    }

    #[test]
    fn a_vocabulary_without_its_marks_is_refused() {
        assert!(Tokenizer::new("[UNK]\n[CLS]").is_err());
    }
}
