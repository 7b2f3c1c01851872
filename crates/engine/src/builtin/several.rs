//! Several records at once: "the green mat and both kettles", "everything except the lamp".

use super::lexicon::{Lexicon, Utterance};
use super::records::{Candidate, Described, describe};
use super::words::{Word, alike};
use std::collections::BTreeSet;

/// A piece with more telling words than this tells a story and names nothing.
const NAMING: usize = 4;

/// How pieces are understood beyond their words.
pub(super) struct Piecewise<'a> {
    pub(super) lexicon: &'a Lexicon,
    /// The words of a message that say more than what is wished for.
    pub(super) telling: &'a dyn Fn(&[Word]) -> Vec<Word>,
    /// Which of a few descriptions a piece means in other words, when one clearly wins.
    pub(super) similar: &'a dyn Fn(&str, &[&str]) -> Option<usize>,
}

/// What one piece of a message says.
enum Said {
    /// These are meant.
    These(Vec<usize>),
    /// Nothing about any record.
    Nothing,
    /// Something, but not which.
    Unclear,
}

/// A piece of a message between joining words and marks.
struct Piece<'t> {
    text: &'t str,
    words: Vec<Word>,
    /// It goes on with a list: nothing but a joining word or a comma stands before it.
    goes_on: bool,
    /// A word that takes things out stands before it, and no sentence has ended since.
    taken_out: bool,
}

impl Piecewise<'_> {
    /// Every candidate the text means; `None` when it names none, or one of its pieces is not clear.
    pub(super) fn chosen(&self, text: &str, candidates: &[Candidate]) -> Option<Vec<usize>> {
        let message = self.lexicon.words(text);
        let (mut chosen, mut kept) = (BTreeSet::new(), BTreeSet::new());
        let mut all = false;
        for piece in self.pieces(text, &message) {
            let open: Vec<usize> = (0..candidates.len()).filter(|n| !chosen.contains(n) && !kept.contains(n)).collect();
            match (self.piece(&piece, candidates, &open, !chosen.is_empty() && piece.goes_on), self.keeps(&piece)) {
                (Said::These(meant), false) => chosen.extend(meant),
                (Said::These(meant), true) => kept.extend(meant),
                (Said::Nothing, _) => all |= self.means_all(&piece),
                (Said::Unclear, false) if !all => return None,
                (Said::Unclear, _) => {}
            }
        }
        if all && (chosen.is_empty() || !kept.is_empty()) {
            chosen = (0..candidates.len()).collect();
        }
        let chosen: Vec<usize> = chosen.difference(&kept).copied().collect();
        (!chosen.is_empty()).then_some(chosen)
    }

    fn piece(&self, piece: &Piece<'_>, candidates: &[Candidate], open: &[usize], in_list: bool) -> Said {
        let telling = (self.telling)(&piece.words);
        let said: Vec<&Word> = telling.iter().collect();
        match describe(&said, candidates, false) {
            Described::One(n) => Said::These(vec![n]),
            Described::Several(tied) if self.counts(piece, &said, &tied, candidates) => Said::These(tied),
            // The same thing twice: one of them.
            Described::Several(tied) if tied.iter().all(|n| candidates[*n].value == candidates[tied[0]].value) => {
                Said::These(vec![tied[0]])
            }
            Described::Several(_) => Said::Unclear,
            Described::None if said.is_empty() || said.len() > NAMING || !in_list => Said::Nothing,
            Described::None => {
                let descriptions: Vec<&str> = open.iter().map(|n| candidates[*n].description()).collect();
                (self.similar)(piece.text, &descriptions).map_or(Said::Unclear, |n| Said::These(vec![open[n]]))
            }
        }
    }

    /// Does the piece speak of just so many things of one name ("both kettles", "two backpacks", "the helmets")?
    fn counts(&self, piece: &Piece<'_>, said: &[&Word], tied: &[usize], candidates: &[Candidate]) -> bool {
        let number = piece.words.iter().find_map(|word| self.lexicon.numbers.get(&word.plain).copied().or_else(|| word.plain.parse().ok()));
        let number = number.or_else(|| self.lexicon.says(Utterance::All, &piece.words).then_some(tied.len() as i64));
        let own = |word: &Word| candidates[tied[0]].words().iter().find(|own| alike(own, word)).map(|own| own.plain.clone());
        let plural = said.iter().any(|word| own(word).is_some_and(|own| word.plain == format!("{own}s")));
        number.map_or(plural, |number| number == tied.len() as i64)
    }

    /// Does a piece that names nothing mean everything there is?
    fn means_all(&self, piece: &Piece<'_>) -> bool {
        self.lexicon.is(Utterance::All, &piece.words) || self.lexicon.means_everything(&piece.words)
    }

    /// Is the piece about what stays as it is?
    fn keeps(&self, piece: &Piece<'_>) -> bool {
        piece.taken_out || piece.words.iter().any(|word| self.lexicon.keeps(word) || self.lexicon.negates(word))
    }

    /// The pieces of a text, cut at joining words, commas and ends of sentences.
    fn pieces<'t>(&self, text: &'t str, message: &[Word]) -> Vec<Piece<'t>> {
        let mut pieces = Vec::new();
        let (mut from, mut goes_on, mut taken_out) = (0, false, false);
        let mut at = 0;
        while at < message.len() {
            let (joint, takes_out) = self.lexicon.lists(&message[at..]);
            let gap = if at > 0 { &text[message[at - 1].span.end.min(message[at].span.start)..message[at].span.start] } else { "" };
            let ends = gap.contains(['.', '!', '?', '\n']);
            if joint > 0 || ends || gap.contains([',', ';', '&', '+', '/', ':']) {
                self.push(&mut pieces, text, &message[from..at], goes_on, taken_out);
                goes_on = !ends;
                taken_out = (taken_out && !ends) || takes_out;
                at += joint;
                from = at;
            }
            at += usize::from(joint == 0);
        }
        self.push(&mut pieces, text, &message[from.min(message.len())..], goes_on, taken_out);
        pieces
    }

    fn push<'t>(&self, pieces: &mut Vec<Piece<'t>>, text: &'t str, words: &[Word], goes_on: bool, taken_out: bool) {
        if let (Some(first), Some(last)) = (words.first(), words.last()) {
            // After a comma alone a list goes on only with what is named like a thing.
            let goes_on = goes_on && (pieces.is_empty() || self.lexicon.points(first) || after_joint(text, first));
            pieces.push(Piece { text: &text[first.span.start..last.span.end], words: words.to_vec(), goes_on, taken_out });
        }
    }
}

/// Does a word, and no comma, stand right before?
fn after_joint(text: &str, word: &Word) -> bool {
    text[..word.span.start].trim_end().ends_with(|letter: char| letter.is_alphanumeric() || letter == '&' || letter == '+')
}

#[cfg(test)]
mod tests {
    use super::*;
    use patchbay_core::Value;

    fn basket() -> Vec<Candidate> {
        let item = |id: &str, title: &str, options: &[&str]| {
            let options = Value::List(options.iter().map(|option| Value::text(*option)).collect());
            let fields = [("id", Value::text(id)), ("title", Value::text(title)), ("options", options)];
            Value::Map(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
        };
        let items = [
            item("1", "Towel Rail", &["steel", "60 cm"]),
            item("2", "Floor Mat", &["green", "cork"]),
            item("3", "Floor Mat", &["blue", "cork"]),
            item("4", "Radio", &["black"]),
        ];
        items.iter().map(|record| Candidate::of(record, "id", true, Lexicon::of("en")).unwrap()).collect()
    }

    fn chosen(text: &str) -> Option<Vec<usize>> {
        let lexicon = Lexicon::of("en");
        let telling = |words: &[Word]| lexicon.content(words).into_iter().filter(|word| word.stem != "return").cloned().collect();
        let similar =
            |piece: &str, among: &[&str]| piece.contains("wireless").then(|| among.iter().position(|one| one.contains("Radio"))).flatten();
        Piecewise { lexicon, telling: &telling, similar: &similar }.chosen(text, &basket())
    }

    #[test]
    fn each_piece_names_a_thing_of_its_own() {
        assert_eq!(chosen("I return the green mat and the radio."), Some(vec![1, 3]));
        assert_eq!(chosen("rail, radio"), Some(vec![0, 3]));
        assert_eq!(chosen("both mats"), Some(vec![1, 2]));
        assert_eq!(chosen("the mats"), Some(vec![1, 2]));
        assert_eq!(chosen("the green mat and the wireless"), Some(vec![1, 3]));
    }

    #[test]
    fn what_is_not_clear_is_no_choice() {
        assert_eq!(chosen("the mat"), None);
        assert_eq!(chosen("the radio and the gizmo"), None);
        assert_eq!(chosen("I was on holiday"), None);
    }

    #[test]
    fn what_stays_is_not_chosen() {
        assert_eq!(chosen("everything"), Some(vec![0, 1, 2, 3]));
        assert_eq!(chosen("all of it except the radio"), Some(vec![0, 1, 2]));
        assert_eq!(chosen("not the radio, just the rail"), Some(vec![0]));
        assert_eq!(chosen("the green mat, the radio stays here"), Some(vec![1]));
    }
}
