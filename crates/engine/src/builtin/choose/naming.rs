//! Which of several things each piece of a text is about.

use super::options::Mention;
use super::thing::Thing;
use super::tokens::{ENGLISH, Token, quantity, tokens};
use std::collections::BTreeSet;
use std::ops::Range;

/// Words that begin another piece.
const JOINTS: [&str; 6] = ["and", "also", "plus", "but", "then", "while"];
/// Words before the name of a thing that is there.
pub(super) const DEFINITE: [&str; 9] = ["the", "my", "our", "this", "that", "these", "those", "both", "his"];
/// A definite word stands at most this many words before the name it belongs to ("the small white high chair").
pub(super) const BEFORE_A_NAME: usize = 3;
/// Words before what shall be there.
const INDEFINITE: [&str; 3] = ["a", "an", "another"];
/// Words that an answer opens with before it names anything.
const OPENING: [&str; 13] = ["and", "also", "plus", "but", "then", "yes", "no", "just", "only", "please", "it", "is", "well"];
/// Words about what stays as it is.
const KEEPS: [&str; 6] = ["keep", "keeping", "leave", "perfect", "fine", "stays"];

/// A text to be read for things.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'t> {
    pub(super) text: &'t str,
    /// It answers the question which things are meant, or whether these are all: it names them, and describes them as they are.
    pub(super) naming: bool,
}

/// A piece of a text, and the things it is about.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// The place of its text among the texts.
    pub(super) text: usize,
    /// Its text names things.
    naming: bool,
    /// Its words.
    pub(super) words: Vec<Token>,
    /// The things; none where it is about none of them, or about one of several that are alike.
    pub(super) about: Vec<usize>,
    /// It calls them by their name.
    pub(super) named: bool,
    /// Things that it may equally well be about.
    pub(super) tied: Vec<usize>,
    /// It calls by its name what is none of the things.
    pub(super) elsewhere: bool,
}

/// What one piece calls by name.
enum Named {
    Nothing,
    These(Vec<usize>),
    OneOf(Vec<usize>),
}

/// The pieces of texts, each with the things it is about: what it names, else what was named before it, else what is named next.
pub(super) fn read(texts: &[Said<'_>], things: &[Thing]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut current: Vec<usize> = Vec::new();
    for (text, said) in texts.iter().enumerate() {
        let naming = said.naming;
        for words in cut(said.text, things) {
            let mut piece = Piece { text, naming, words, about: Vec::new(), named: false, tied: Vec::new(), elsewhere: false };
            match named(&piece.words, naming, things) {
                Named::These(mut these) if naming && these.iter().any(|&n| describes_another(&piece.words, &things[n], things)) => {
                    these.retain(|&n| !describes_another(&piece.words, &things[n], things));
                    piece.named = !these.is_empty();
                    piece.elsewhere = these.is_empty();
                    current.clone_from(&these);
                    piece.about = these;
                }
                Named::These(these) => {
                    piece.named = true;
                    current.clone_from(&these);
                    piece.about = these;
                }
                Named::OneOf(tied) => {
                    current.clear();
                    piece.tied = tied;
                }
                Named::Nothing => piece.about = carried(&piece.words, &current, things),
            }
            pieces.push(piece);
        }
    }
    // What stands before the first name is about what is named first, unless it is about another thing by its words.
    if let Some(first) = pieces.iter().position(|piece| piece.named) {
        let about = pieces[first].about.clone();
        let text = pieces[first].text;
        for piece in pieces[..first].iter_mut().filter(|piece| piece.text == text && piece.about.is_empty() && piece.tied.is_empty()) {
            piece.about = carried(&piece.words, &about, things);
        }
    }
    pieces
}

impl Piece {
    /// The words by which it may wish for something. Where things are named, what stands before a name ("the black kettle")
    /// describes what is there, and a piece that only points ("the black one") wishes for nothing.
    pub(super) fn wishes(&self, things: &[Thing]) -> &[Token] {
        let words = self.words.as_slice();
        if !self.naming || words.iter().any(|word| INDEFINITE.contains(&word.plain.as_str())) {
            return words;
        }
        let calls_one = |word: &Token| self.about.iter().any(|&n| is_called(&things[n], word, things));
        let points = || words.iter().find(|word| !OPENING.contains(&word.plain.as_str())).is_some_and(is_definite);
        match words.iter().rposition(calls_one) {
            Some(name) => &words[name + 1..],
            None if points() => &[],
            None => words,
        }
    }
}

/// A text with words taken apart that are two in the name of a thing ("smartwatch", for a Smart Watch).
pub(super) fn taken_apart(text: &str, things: &[Thing]) -> String {
    let mut out = text.to_owned();
    for token in tokens(text).iter().rev().filter(|token| token.number.is_none()) {
        let pair = things
            .iter()
            .flat_map(|thing| thing.title.windows(2))
            .find(|pair| format!("{}{}", pair[0].plain, pair[1].plain) == token.plain);
        if let Some(pair) = pair
            && text.get(token.span.clone()).is_some_and(|said| said.to_lowercase() == token.plain)
        {
            out.insert(token.span.start + pair[0].plain.len(), ' ');
        }
    }
    out
}

/// A piece without a name goes on with what was named, unless its words can only be about another thing.
fn carried(words: &[Token], current: &[usize], things: &[Thing]) -> Vec<usize> {
    let says = |n: &usize| !things[*n].mentions(words, false).is_empty();
    if current.is_empty() || current.iter().any(says) {
        return current.to_vec();
    }
    let others: Vec<usize> = (0..things.len()).filter(says).collect();
    match others.as_slice() {
        [one] => vec![*one],
        _ => current.to_vec(),
    }
}

/// Does a piece say that something stays as it is?
pub(super) fn keeps(words: &[Token]) -> bool {
    words.iter().any(|word| KEEPS.contains(&word.plain.as_str()))
}

/// Does a piece say what is not meant?
pub(super) fn denies(words: &[Token]) -> bool {
    words.iter().any(|word| ["not", "except", "without"].contains(&word.plain.as_str()))
}

/// The pieces of a text, cut at marks and at joining words that join no words of one value ("front and back").
pub(super) fn cut<'t>(text: &str, things: impl IntoIterator<Item = &'t Thing>) -> Vec<Vec<Token>> {
    let mut pieces: Vec<Vec<Token>> = vec![Vec::new()];
    let mut end = 0;
    let words = tokens(text);
    let whole: Vec<Range<usize>> = things.into_iter().flat_map(|thing| thing.options.values_with(&words, &JOINTS)).collect();
    for (at, token) in words.into_iter().enumerate() {
        let gap = text.get(end..token.span.start).unwrap_or_default();
        let marked = gap.contains([',', ';', ':', '!', '?', '\n', '&', '+', '(', ')', '.']);
        end = token.span.end;
        let joins = JOINTS.contains(&token.plain.as_str()) && !whole.iter().any(|place| place.contains(&at));
        if marked || joins {
            pieces.push(Vec::new());
        }
        if let Some(last) = pieces.last_mut() {
            last.push(token);
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// What a piece calls by name.
fn named(words: &[Token], naming: bool, things: &[Thing]) -> Named {
    let scores: Vec<f32> = things.iter().map(|thing| score(words, thing, things)).collect();
    let best = scores.iter().copied().fold(0.0, f32::max);
    if best <= 0.0 {
        return Named::Nothing;
    }
    let tied: Vec<usize> = (0..things.len()).filter(|&n| scores[n] >= best - 0.01).collect();
    if let [one] = tied.as_slice() {
        let rival = |&n: &usize| n != *one && scores[n] > 0.0 && rivals(words, *one, n, things);
        let rivals: Vec<usize> = if naming { Vec::new() } else { (0..things.len()).filter(rival).collect() };
        if !rivals.is_empty() {
            return Named::OneOf([tied, rivals].concat());
        }
        return Named::These(vec![*one]);
    }
    let alike = tied.iter().all(|&n| things[n].title == things[tied[0]].title);
    // "The 2 litre kettle" is one kettle.
    let valued = |at: &usize| tied.iter().any(|&n| things[n].mentions(words, false).iter().any(|mention| mention.place.contains(at)));
    let counted = (0..words.len()).find(|&at| words[at].number.is_some() && quantity(&words[at..]).is_none() && !valued(&at));
    let number = counted.and_then(|at| words[at].number).is_some_and(|number| number == tied.len().into());
    if alike && (number || words.iter().any(|word| ENGLISH.both.contains(&word.plain))) {
        return Named::These(tied);
    }
    // Of things with one name, what only one of them is tells it; of others, what fits.
    let telling = |&n: &usize| {
        let mentions = things[n].mentions(words, false);
        let own = |mention: &&Mention| {
            !alike || (things[n].is(mention) && !mention.taken_back && tied.iter().all(|&other| other == n || !things[other].is(mention)))
        };
        mentions.iter().filter(own).count()
    };
    let most = tied.iter().map(telling).max().unwrap_or(0);
    let winners: Vec<usize> = tied.iter().copied().filter(|n| telling(n) == most).collect();
    match winners.as_slice() {
        [one] if most > 0 => Named::These(vec![*one]),
        // "The guitar", among strings and a stand for it.
        winners if !alike && let [one] = are_called(words, winners, things).as_slice() => Named::These(vec![*one]),
        // The very same thing twice: one of them.
        [first, ..] if winners.iter().all(|&n| things[n].value == things[*first].value) => Named::These(vec![*first]),
        _ => Named::OneOf(winners),
    }
}

/// Which of several things a word says that they are: it ends their name.
fn are_called(words: &[Token], among: &[usize], things: &[Thing]) -> Vec<usize> {
    let is_one = |n: &usize| things[*n].title.last().is_some_and(|own| words.iter().any(|word| calls_by(word, own, things)));
    among.iter().copied().filter(is_one).collect()
}

/// "An electric kettle": the thing of that name, or another kettle that shall become electric? What speaks for the winner alone is
/// a value the rival may take on, and no word before it says that the thing is there already ("my electric kettle").
fn rivals(words: &[Token], winner: usize, rival: usize, things: &[Thing]) -> bool {
    let (winner, rival) = (&things[winner], &things[rival]);
    let alone = |at: &usize| is_called(winner, &words[*at], things) && !is_called(rival, &words[*at], things);
    let alone: Vec<usize> = (0..words.len()).filter(alone).collect();
    let mentions = rival.mentions(words, false);
    let wished = |at: &usize| mentions.iter().any(|mention| mention.place.contains(at) && !mention.taken_back && !rival.is(mention));
    !alone.is_empty() && alone.iter().all(wished) && !alone.iter().any(|&at| is_there(words, at))
}

/// Does the nearest article before a word say that the thing is there already?
fn is_there(words: &[Token], at: usize) -> bool {
    let article = |word: &&Token| is_definite(word) || INDEFINITE.contains(&word.plain.as_str());
    words[..at].iter().rev().find(article).is_some_and(is_definite)
}

pub(super) fn is_definite(word: &Token) -> bool {
    DEFINITE.contains(&word.plain.as_str())
}

/// Does a piece that names a thing describe it as it is not ("the red kettle", and it is black)? Then another one is meant.
fn describes_another(words: &[Token], thing: &Thing, things: &[Thing]) -> bool {
    let calls_it = |word: &Token| is_called(thing, word, things);
    let Some(name) = words.iter().rposition(calls_it).filter(|&name| is_there(words, name)) else { return false };
    let before = |mention: &Mention| mention.place.end <= name && !words[mention.place.clone()].iter().any(calls_it);
    thing.mentions(words, false).iter().any(|mention| before(mention) && !mention.taken_back && !thing.is(mention))
}

/// How many words of a thing's name stand in a piece; those that other names have too count less.
fn score(words: &[Token], thing: &Thing, things: &[Thing]) -> f32 {
    let names: BTreeSet<Vec<&str>> = things.iter().map(|thing| thing.title.iter().map(|word| word.name.as_str()).collect()).collect();
    // "With 6 strings" tells an option.
    let option = |at: usize| at > 0 && words[at - 1].number.is_some() && things.iter().any(|thing| thing.options.has_name(&words[at]));
    let named = |own: &Token| (0..words.len()).any(|at| calls_by(&words[at], own, things) && !option(at));
    let own = thing.title.iter().filter(|own| named(own));
    own.map(|own| 1.0 / names.iter().filter(|name| name.contains(&own.name.as_str())).count().max(1) as f32).sum()
}

/// Is a thing called by a word?
pub(super) fn is_called(thing: &Thing, word: &Token, things: &[Thing]) -> bool {
    thing.title.iter().any(|own| calls_by(word, own, things))
}

/// Does a word call by this word of a name? "Blue" opens "bluetooth", and is a colour nevertheless.
fn calls_by(word: &Token, own: &Token, things: &[Thing]) -> bool {
    calls(word, own) && (own.name == word.name || !things.iter().any(|thing| thing.options.has_word(word)))
}

/// Does a word call a thing by a word of its name, also by the end or the opening of it ("phone", "cam")?
fn calls(word: &Token, own: &Token) -> bool {
    let (said, name) = (word.plain.as_str(), own.plain.as_str());
    let opens = said.len() == 3 && name.len() > 4 && name.starts_with(said) && !COMMON.contains(&said);
    let ends = said.len() >= 5 && name.ends_with(said);
    word.number.is_none() && name.len() > 1 && (word.is(own).is_some() || opens || ends)
}

/// Short words that open many others.
const COMMON: [&str; 14] = ["can", "car", "the", "and", "for", "not", "but", "ten", "his", "her", "per", "pro", "pre", "all"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_at_marks_and_joining_words() {
        let cut = |text| {
            cut(text, []).iter().map(|piece| piece.iter().map(|word| word.plain.as_str()).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
        };
        assert_eq!(cut("The tent: green, 1.5 kg. And also the stove!"), ["the tent", "green", "1.5 kg", "and", "also the stove"]);
    }
}
