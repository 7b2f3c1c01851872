//! How requests, announcements and reasons are worded.

use super::{Lexicon, Utterance, begins};
use crate::builtin::words::Word;

impl Lexicon {
    /// Does a clause ask for something ("could you …", "where is …")?
    pub(in crate::builtin) fn requests(&self, clause: &[Word]) -> bool {
        self.opens_a_question(clause) || self.opens_a_request(clause) || self.requests.iter().any(|phrase| stands_in(clause, phrase))
    }

    /// Does a clause open with a verb that means little by itself ("make it …", "need a …")?
    fn opens_a_request(&self, clause: &[Word]) -> bool {
        clause.iter().find(|word| !self.fillers.contains(&word.plain)).is_some_and(|word| self.imperatives.contains(&word.plain))
    }

    /// Does a clause ask for something to be told, rather than to be done?
    pub(in crate::builtin) fn asks_to_be_told(&self, clause: &[Word]) -> bool {
        let opening = clause.iter().find(|word| !self.fillers.contains(&word.plain));
        // "Would you …" asks for something to be done; "where is …" does not.
        let asked = opening.is_some_and(|word| self.questions.contains(&word.plain))
            && !self.requests.iter().any(|phrase| stands_in(clause, phrase));
        asked || clause.iter().any(|word| self.informing.contains(&word.plain))
    }

    /// Does a piece of a sentence open with words that only tell under which circumstances the rest is wished for ("if it is still
    /// open, …")?
    pub(in crate::builtin) fn opens_a_premise(&self, piece: &[Word]) -> bool {
        let from = piece.iter().position(|word| !self.fillers.contains(&word.plain)).unwrap_or(0);
        self.premises.iter().any(|phrase| begins(&piece[from..], phrase))
    }

    /// Is it a verb that tells what is or was, or somebody it is told of?
    pub(in crate::builtin) fn tells_what_is(&self, word: &Word) -> bool {
        self.telling.contains(&word.plain)
    }

    /// Does the word lead to a way or a place ("to my …", "with …")?
    pub(in crate::builtin) fn leads_to(&self, word: &Word) -> bool {
        self.leading.contains(&word.plain)
    }

    /// Does the word open a reason?
    pub(in crate::builtin) fn gives_a_reason(&self, word: &Word) -> bool {
        self.reasons.contains(&word.plain)
    }

    /// Does a text speak of more than one of something ("two things", "a few changes")?
    pub(in crate::builtin) fn speaks_of_several(&self, text: &[Word]) -> bool {
        text.iter().any(|word| self.quantities.contains(&word.plain) || self.numbers.get(&word.plain).is_some_and(|number| *number > 1))
    }

    /// How many words a message opens with that only say no to what was shown, before what is right ("no, on", "sorry no, only").
    pub(in crate::builtin) fn opening_no(&self, message: &[Word]) -> usize {
        let says_no = |word: &Word| self.is(Utterance::No, std::slice::from_ref(word));
        let opens = message.iter().find(|word| {
            !self.fillers.contains(&word.plain)
                && !self.corrections.iter().any(|phrase| begins(std::slice::from_ref(word), phrase) && !says_no(word))
        });
        if !opens.is_some_and(says_no) {
            return 0;
        }
        message
            .iter()
            .take_while(|word| {
                says_no(word)
                    || (self.function_words.contains(&word.plain) && !self.negations.contains(&word.plain))
                    || self.fillers.contains(&word.plain)
            })
            .count()
    }

    /// Does a text take something off a list ("remove it", "take the lamp off")?
    pub(in crate::builtin) fn takes_off(&self, text: &[Word]) -> bool {
        self.removals.iter().any(|phrase| stands_in(text, phrase))
    }
}

/// Does a phrase of everyday words stand in a text? These words are short, and many others are spelled nearly like them.
fn stands_in(text: &[Word], phrase: &[Word]) -> bool {
    (0..text.len()).any(|at| begins(&text[at..], phrase))
}
