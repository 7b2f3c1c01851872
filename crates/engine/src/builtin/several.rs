//! Several records at once: "the green mat and both kettles", "everything except the lamp", told around with a story or not.

use super::lexicon::{Lexicon, Utterance};
use super::records::{Candidate, Described, describe};
use super::words::{Word, alike};
use std::collections::BTreeSet;

/// A piece with more telling words than this tells a story and names nothing.
const NAMING: usize = 4;
/// Words of the longest phrase for all there is ("the whole lot").
const LONGEST_ALL: usize = 3;
/// A negated verb stands at most this many words after its negation ("I do not want to return …").
const NEGATED: usize = 4;

/// How pieces are understood beyond their words.
pub(super) struct Piecewise<'a> {
    pub(super) lexicon: &'a Lexicon,
    /// The words of a message that say more than what is wished for.
    pub(super) telling: &'a dyn Fn(&[Word]) -> Vec<Word>,
    /// Is it a verb of what is wished for?
    pub(super) verb: &'a dyn Fn(&Word) -> bool,
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
    /// It opens a sentence.
    opens: bool,
}

/// What is meant by what was read so far.
#[derive(Default)]
struct Meant {
    chosen: BTreeSet<usize>,
    kept: BTreeSet<usize>,
    /// Named in a sentence that only tells something.
    told: BTreeSet<usize>,
    all: bool,
    /// What was told is meant: "…, so I return it".
    pointed_back: bool,
    unclear: bool,
}

impl Piecewise<'_> {
    /// Every candidate the text means; `None` when it names none, or one of its pieces is not clear. Where a sentence asks for
    /// something, the others only tell about it: what they name is meant when the request points back to it.
    pub(super) fn chosen(&self, text: &str, candidates: &[Candidate]) -> Option<Vec<usize>> {
        let message = self.lexicon.words(text);
        let pieces = self.pieces(text, &message);
        let sentences: Vec<&[Piece<'_>]> = pieces.chunk_by(|_, next| !next.opens).collect();
        let any_asks = sentences.iter().any(|sentence| self.asks(sentence));
        let mut meant = Meant::default();
        for sentence in sentences {
            self.sentence(sentence, any_asks, candidates, &mut meant);
        }
        if meant.unclear && !meant.all {
            return None;
        }
        if meant.chosen.is_empty() || meant.pointed_back {
            meant.chosen.extend(&meant.told);
        }
        if meant.all && (meant.chosen.is_empty() || !meant.kept.is_empty()) {
            meant.chosen = (0..candidates.len()).collect();
        }
        let chosen: Vec<usize> = meant.chosen.difference(&meant.kept).copied().collect();
        (!chosen.is_empty()).then_some(chosen)
    }

    /// What each piece of a text names clearly, whatever else it says: what is meant, and what is said to stay.
    pub(super) fn named(&self, text: &str, candidates: &[Candidate]) -> (Vec<usize>, Vec<usize>) {
        let message = self.lexicon.words(text);
        let all: Vec<usize> = (0..candidates.len()).collect();
        let (mut these, mut kept) = (Vec::new(), Vec::new());
        for piece in self.pieces(text, &message) {
            let telling = (self.telling)(&piece.words);
            // "The black lamp" is not the white one, where other things are black.
            let other = |n: &usize| {
                let has = |n: usize, word: &Word| candidates[n].words().iter().any(|own| alike(own, word));
                telling.iter().any(|word| !has(*n, word) && all.iter().any(|&other| has(other, word)))
            };
            match self.piece(&piece, candidates, &all, false) {
                Said::These(named) if named.iter().any(other) => {}
                Said::These(named) if self.keeps(&piece, candidates, &named) => kept.extend(named),
                Said::These(named) => these.extend(named),
                Said::Nothing if self.means_all(&piece) => these.extend(&all),
                Said::Nothing | Said::Unclear => {}
            }
        }
        these.sort_unstable();
        these.dedup();
        (these, kept)
    }

    /// Does a text name a thing that is none of the candidates ("the tent", among lamps)? Then it lists more than what is here.
    pub(super) fn goes_beyond(&self, text: &str, candidates: &[Candidate]) -> bool {
        let message = self.lexicon.words(text);
        let known = |word: &Word| candidates.iter().any(|one| one.words().iter().any(|own| alike(own, word)));
        self.pieces(text, &message).iter().any(|piece| {
            let telling = (self.telling)(&piece.words);
            let named = piece.words.first().is_some_and(|word| self.lexicon.points(word)) && (1..=NAMING).contains(&telling.len());
            named && !telling.iter().any(known)
        })
    }

    /// The candidates that a text lists side by side, each by itself ("the tablet order and the one with the hat").
    pub(super) fn listed(&self, text: &str, candidates: &[Candidate]) -> Vec<usize> {
        let message = self.lexicon.words(text);
        let (mut run, mut longest) = (Vec::new(), Vec::new());
        for piece in self.pieces(text, &message) {
            let open: Vec<usize> = (0..candidates.len()).filter(|n| !run.contains(n)).collect();
            let goes_on = !run.is_empty() && piece.goes_on && piece.words.first().is_some_and(|word| self.lexicon.points(word));
            match self.piece(&piece, candidates, &open, goes_on) {
                Said::These(one) if one.len() == 1 && !self.keeps(&piece, candidates, &one) => {
                    if !goes_on {
                        run.clear();
                    }
                    run.push(one[0]);
                }
                _ => run.clear(),
            }
            if run.len() > longest.len() {
                longest.clone_from(&run);
            }
        }
        longest.sort_unstable();
        longest.dedup();
        longest
    }

    fn sentence(&self, sentence: &[Piece<'_>], any_asks: bool, candidates: &[Candidate], meant: &mut Meant) {
        let asks = self.asks(sentence);
        let only_tells = any_asks && !asks;
        let contented = !asks && sentence.iter().any(|piece| self.lexicon.contented(&piece.words).is_some());
        meant.pointed_back |= asks && !meant.told.is_empty() && sentence.iter().any(|piece| self.points_back(piece));
        for piece in sentence {
            let open: Vec<usize> = (0..candidates.len()).filter(|n| !meant.chosen.contains(n) && !meant.kept.contains(n)).collect();
            let in_list = !meant.chosen.is_empty() && piece.goes_on && !only_tells;
            match self.piece(piece, candidates, &open, in_list) {
                Said::These(these) if contented || self.keeps(piece, candidates, &these) => meant.kept.extend(these),
                Said::These(these) if only_tells => meant.told.extend(these),
                Said::These(these) => meant.chosen.extend(these),
                Said::Nothing => meant.all |= !only_tells && self.means_all(piece),
                Said::Unclear if contented || only_tells || self.keeps(piece, candidates, &[]) => {}
                Said::Unclear => meant.unclear = true,
            }
        }
    }

    /// Does a sentence ask for what is wished for?
    fn asks(&self, sentence: &[Piece<'_>]) -> bool {
        sentence.iter().any(|piece| self.lexicon.requests(&piece.words) || piece.words.iter().any(|word| (self.verb)(word)))
    }

    /// Is the object of a piece's verb something told before ("send it back")?
    fn points_back(&self, piece: &Piece<'_>) -> bool {
        let words = &piece.words;
        let alone = |at: usize| words.get(at).is_none_or(|word| (self.telling)(std::slice::from_ref(word)).is_empty());
        (1..words.len()).any(|at| (self.verb)(&words[at - 1]) && self.lexicon.stands_for_things(&words[at]) && alone(at + 1))
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

    /// Do words end in one for all there is?
    fn means_all_at_end(&self, words: &[Word]) -> bool {
        let ends = |from: usize| self.lexicon.is(Utterance::All, &words[from..]) || self.lexicon.means_everything(&words[from..]);
        (words.len().saturating_sub(LONGEST_ALL)..words.len()).any(ends)
    }

    /// Is the piece about what stays as it is? What is kept, what is said to be fine, and what is not wished for: "not the radio",
    /// "I do not want to return it". That the thing does not work is no such thing.
    fn keeps(&self, piece: &Piece<'_>, candidates: &[Candidate], named: &[usize]) -> bool {
        let words = &piece.words;
        let names = |word: &Word| named.iter().any(|n| candidates[*n].words().iter().any(|own| alike(own, word)));
        let name = words.iter().position(names).unwrap_or(words.len());
        let not_wished = |at: usize| {
            let next = words.get(at + 1);
            next.is_none()
                || at + 1 == name
                || next.is_some_and(|next| self.lexicon.points(next))
                || words[at + 1..].iter().take(NEGATED).any(|word| (self.verb)(word))
        };
        // "I'm not happy with it" is a complaint.
        let complains = |at: usize| words[at + 1..].iter().take(2).any(|word| self.lexicon.contented(std::slice::from_ref(word)).is_some());
        let negated = (0..words.len()).any(|at| self.lexicon.negates(&words[at]) && not_wished(at) && !complains(at));
        let fine = self.lexicon.contented(words).is_some_and(|at| at > name);
        piece.taken_out || negated || fine || words.iter().any(|word| self.lexicon.keeps(word))
    }

    /// The pieces of a text, cut at joining words, commas and ends of sentences.
    fn pieces<'t>(&self, text: &'t str, message: &[Word]) -> Vec<Piece<'t>> {
        let mut pieces = Vec::new();
        let (mut from, mut goes_on, mut taken_out, mut opens) = (0, false, false, true);
        let mut at = 0;
        while at < message.len() {
            // "Everything but the lamp."
            let all_but = self.lexicon.limiting.contains(&message[at].plain) && self.means_all_at_end(&message[from..at]);
            let (joint, takes_out) = self.lexicon.lists(&message[at..]);
            let joint = joint.max(usize::from(all_but));
            let gap = if at > 0 { &text[message[at - 1].span.end.min(message[at].span.start)..message[at].span.start] } else { "" };
            let ends = gap.contains(['.', '!', '?', '\n']);
            if joint > 0 || ends || gap.contains([',', ';', '&', '+', '/', ':']) {
                opens &= !self.push(&mut pieces, text, &message[from..at], (goes_on, taken_out, opens));
                goes_on = !ends;
                opens |= ends;
                taken_out = (taken_out && !ends) || takes_out || all_but;
                at += joint;
                from = at;
            }
            at += usize::from(joint == 0);
        }
        self.push(&mut pieces, text, &message[from.min(message.len())..], (goes_on, taken_out, opens));
        pieces
    }

    /// Adds a piece, if there is one.
    fn push<'t>(&self, pieces: &mut Vec<Piece<'t>>, text: &'t str, words: &[Word], how: (bool, bool, bool)) -> bool {
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
        let (goes_on, taken_out, opens) = how;
        // After a comma alone a list goes on only with what is named like a thing.
        let goes_on = goes_on && (pieces.is_empty() || self.lexicon.points(first) || after_joint(text, first));
        pieces.push(Piece { text: &text[first.span.start..last.span.end], words: words.to_vec(), goes_on, taken_out, opens });
        true
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
        let verb = |word: &Word| ["return", "send"].contains(&word.stem.as_str());
        Piecewise { lexicon, telling: &telling, verb: &verb, similar: &similar }.chosen(text, &basket())
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
        assert_eq!(chosen("I don't want to return the radio, just the rail"), Some(vec![0]));
        assert_eq!(chosen("I'd like to return the radio. The rail is fine."), Some(vec![3]));
        assert_eq!(chosen("Could I return the radio? It came with a rail and two mats, those I like."), Some(vec![3]));
    }

    #[test]
    fn a_story_names_things_that_are_meant_only_where_the_request_points_back() {
        assert_eq!(chosen("The radio doesn't fit on the shelf. Return it, please, plus the rail."), Some(vec![0, 3]));
        assert_eq!(chosen("I bought a rail and a radio. I want to return the radio, it hums."), Some(vec![3]));
        assert_eq!(chosen("The rail is too long and the radio hums."), Some(vec![0, 3]));
        assert_eq!(chosen("I don't like the radio, it hums"), Some(vec![3]));
    }
}
