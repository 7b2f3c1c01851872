//! What customers tell of themselves: e-mail addresses, postcodes and names, found where they are said and how they are said.

use super::super::reading::{Found, Reader};
use super::super::words::{Word, find_phrase, words};
use patchbay_core::Value;
use patchbay_core::declare::Kind;
use regex::Regex;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

/// Words of a name, at most.
const LONGEST_NAME: usize = 5;
/// A label stands at most this many words before its value ("my zip code is 12345").
const LABEL_REACH: usize = 3;

static EMAIL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+").expect("invariant: a constant pattern"));
static NAME: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\p{L}[\p{L}'’-]*").expect("invariant: a constant pattern"));
static ENGLISH: LazyLock<Speech> =
    LazyLock::new(|| serde_json::from_str(include_str!("en.json")).expect("invariant: compiled in, and read by the tests here"));

/// How people speak of themselves, in one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Speech {
    /// Words after which a name comes.
    openings: Vec<String>,
    /// Words after which a name may come.
    weak_openings: Vec<String>,
    /// What a first name is called.
    given: Vec<String>,
    /// What a last name is called.
    family: Vec<String>,
    /// Small words that belong to a last name.
    particles: BTreeSet<String>,
    /// Words beside a name that are none.
    no_names: BTreeSet<String>,
    /// Different words for one piece.
    same: Vec<Vec<String>>,
}

/// What kind of thing a piece is, by the words of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Email,
    Given,
    Family,
    FullName,
    Other,
}

/// One thing a customer told: the piece, its value, and where it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::builtin) struct Told {
    pub(in crate::builtin) piece: String,
    pub(in crate::builtin) value: Value,
    pub(in crate::builtin) span: Range<usize>,
}

/// A message as it is read for pieces.
pub(in crate::builtin) struct Pieces<'a> {
    /// The message.
    pub(in crate::builtin) reader: Reader<'a>,
    /// What lookups ask for: names and kinds.
    pub(in crate::builtin) wanted: &'a BTreeMap<&'a str, &'a Kind>,
    /// The piece that was asked for just now.
    pub(in crate::builtin) asked: Option<&'a str>,
    /// What was told before.
    pub(in crate::builtin) known: &'a BTreeMap<String, Value>,
    /// Kinds of other values: what has the shape of one of those is a piece only when it is named, or while pieces are asked for.
    pub(in crate::builtin) others: &'a [&'a Kind],
}

impl Pieces<'_> {
    /// Everything told in this message.
    pub(in crate::builtin) fn read(&self) -> Vec<Told> {
        let mut told = self.patterned();
        for (piece, kind) in self.wanted {
            if let Some(found) = self.shaped(piece, kind) {
                told.push(Told { piece: (*piece).to_owned(), value: found.value, span: found.span });
            }
        }
        let names = self.names(&told);
        told.extend(names);
        told
    }

    /// A piece that is an e-mail address, or that was asked for and is no name.
    fn shaped(&self, piece: &str, kind: &Kind) -> Option<Found> {
        match (sort(piece), kind) {
            (_, Kind::Pattern { .. }) | (Sort::Given | Sort::Family | Sort::FullName, Kind::Text) => None,
            (Sort::Email, Kind::Text) => EMAIL.find(self.reader.text).map(|found| {
                let address = found.as_str().trim_end_matches(['.', '-']);
                Found { value: Value::text(address), span: found.start()..found.start() + address.len() }
            }),
            (_, _) if self.asked == Some(piece) => self.reader.answered(kind).into_iter().next(),
            _ => None,
        }
    }

    /// Pieces that are known by a pattern. Several may have one shape (the numbers of an order and of a postcode): what is said
    /// once is one piece, first the one it is called, then the one that was asked for, then one that nobody told yet.
    fn patterned(&self) -> Vec<Told> {
        let of_pattern = self.wanted.iter().filter(|(_, kind)| matches!(kind, Kind::Pattern { .. }));
        let mut mentions: Vec<(&str, Vec<Found>)> = of_pattern.map(|(piece, kind)| (*piece, self.reader.mentioned(kind))).collect();
        mentions.sort_by_key(|(piece, _)| (self.asked != Some(*piece), self.known.contains_key(*piece)));
        let mut told: Vec<Told> = Vec::new();
        for (piece, found) in &mentions {
            let called = found.iter().rev().find(|found| self.labelled(piece, found.span.start, &mentions) && is_free(&told, &found.span));
            told.extend(called.map(|found| Told { piece: (*piece).to_owned(), value: found.value.clone(), span: found.span.clone() }));
        }
        for (piece, found) in &mentions {
            let is_told = |piece: &str, told: &[Told]| told.iter().any(|told| told.piece == piece);
            if is_told(piece, &told) {
                continue;
            }
            let mut free = found.iter().filter(|found| is_free(&told, &found.span) && self.may_be(piece, &found.span));
            let rivalled = mentions.iter().any(|(rival, found)| rival != piece && !is_told(rival, &told) && !found.is_empty());
            // What everybody has told already and nobody names may be any of them.
            let unsure = self.asked != Some(*piece) && self.known.contains_key(*piece) && rivalled;
            let found = if rivalled { free.next() } else { free.next_back() };
            let found = found.filter(|_| !unsure);
            told.extend(found.map(|found| Told { piece: (*piece).to_owned(), value: found.value.clone(), span: found.span.clone() }));
        }
        told
    }

    /// May what stands here be this piece, although nobody calls it that? Not where it reads as a value of something else.
    fn may_be(&self, piece: &str, span: &Range<usize>) -> bool {
        let own = self.wanted.get(piece);
        let overlaps = |other: &Found| other.span.start < span.end && span.start < other.span.end;
        let mut others = self.others.iter().filter(|kind| own != Some(*kind));
        self.asked.is_some() || self.is_a_slot(piece) || !others.any(|kind| self.reader.mentioned(kind).iter().any(overlaps))
    }

    /// Is the piece what skills ask for as well? Then it is told with the wish.
    fn is_a_slot(&self, piece: &str) -> bool {
        self.wanted.get(piece).is_some_and(|own| self.others.contains(own))
    }

    /// Is the piece named shortly before this place, after whatever value comes before?
    fn labelled(&self, piece: &str, at: usize, mentions: &[(&str, Vec<Found>)]) -> bool {
        let ends = mentions.iter().flat_map(|(_, found)| found).map(|found| found.span.end).filter(|end| *end <= at);
        let from = ends.max().unwrap_or(0);
        let between = |word: &&Word| from <= word.span.start && word.span.end <= at;
        let before: Vec<Word> = self.reader.words.iter().filter(between).cloned().collect();
        let near = &before[before.len().saturating_sub(LABEL_REACH)..];
        labels(piece).iter().any(|label| find_phrase(near, &spelled(label)).is_some())
    }

    /// Names: where they are called so, after words that introduce them, or as all that is left of an answer.
    fn names(&self, told: &[Told]) -> Vec<Told> {
        let wanted = |wanted: Sort| self.wanted.keys().copied().find(|piece| sort(piece) == wanted);
        let wants = Wanted { given: wanted(Sort::Given), family: wanted(Sort::Family), full: wanted(Sort::FullName) };
        if wants == Wanted::default() {
            return Vec::new();
        }
        let tokens = self.tokens(told);
        let mut names = self.called(&wants, &tokens);
        if names.is_empty() {
            let run = self.introduced(&tokens).or_else(|| self.left_over(&tokens, !told.is_empty()));
            names = run.map(|run| self.split(&wants, run)).unwrap_or_default();
        }
        names
    }

    /// The words that may be names, without those inside values found already.
    fn tokens(&self, told: &[Told]) -> Vec<Token<'_>> {
        let inside = |span: &Range<usize>| told.iter().any(|told| told.span.start < span.end && span.start < told.span.end);
        let found = NAME.find_iter(self.reader.text).filter(|found| !inside(&found.range()));
        let token = |found: regex::Match<'_>| {
            let plain = found.as_str().to_lowercase();
            let own = self.reader.lexicon.words(found.as_str());
            let content = !self.reader.lexicon.content(&own).is_empty() && own.iter().all(|word| !self.reader.lexicon.is_filler(word));
            let is_name = ENGLISH.particles.contains(&plain)
                || (content && (own.len() == 1 || plain.contains('-')) && !ENGLISH.no_names.contains(&plain) && !self.is_label(&plain));
            let span = found.range();
            Token { text: &self.reader.text[span.clone()], plain, is_name, span }
        };
        found.map(token).collect()
    }

    fn is_label(&self, plain: &str) -> bool {
        self.wanted.keys().any(|piece| labels(piece).iter().any(|label| label.split(' ').any(|word| word == plain)))
    }

    /// "first name Ann, last name is Lee".
    fn called(&self, wants: &Wanted<'_>, tokens: &[Token<'_>]) -> Vec<Told> {
        let mut names = Vec::new();
        for (piece, labels, most) in [(wants.given, &ENGLISH.given, 1), (wants.family, &ENGLISH.family, 3)] {
            let Some(piece) = piece else { continue };
            let end = labels.iter().find_map(|label| self.end_of(label));
            if let Some(run) = end.and_then(|end| run_after(tokens, end, self.reader.text, most)) {
                names.push(self.told(piece, run));
            }
        }
        names
    }

    /// "My name is Ann Lee", "I'm Ann Lee".
    fn introduced<'t, 's>(&self, tokens: &'t [Token<'s>]) -> Option<&'t [Token<'s>]> {
        let after = |opening: &String| run_after(tokens, self.end_of(opening)?, self.reader.text, LONGEST_NAME);
        let strong = ENGLISH.openings.iter().find_map(after);
        let weak = || ENGLISH.weak_openings.iter().filter_map(after).find_map(|run| capitals(run).filter(|run| run.len() > 1));
        strong.or_else(weak)
    }

    /// "Ann Lee 12345": nothing but a name beside other pieces; or the answer to the question for it.
    fn left_over<'t, 's>(&self, tokens: &'t [Token<'s>], beside: bool) -> Option<&'t [Token<'s>]> {
        let asked = self.asked.is_some_and(|piece| sort(piece) != Sort::Other && sort(piece) != Sort::Email);
        let from = tokens.iter().position(|token| token.is_name)?;
        let run = run_after(tokens, tokens[from].span.start, self.reader.text, LONGEST_NAME)?;
        let alone = tokens.iter().filter(|token| token.is_name).count() == run.len();
        match (asked, beside) {
            (true, _) if alone => Some(run),
            (false, true) if alone && run.len() > 1 => capitals(run).filter(|capitals| capitals.len() == run.len()),
            _ => None,
        }
    }

    /// Which of the words is the first name and which the last.
    fn split(&self, wants: &Wanted<'_>, run: &[Token<'_>]) -> Vec<Told> {
        let mut names: Vec<Told> = wants.full.iter().map(|piece| self.told(piece, run)).collect();
        let asked = self.asked.map(sort);
        let particle = |token: &Token<'_>| ENGLISH.particles.contains(&token.plain);
        match (wants.given, wants.family) {
            (Some(given), Some(family)) => {
                let known = self.known.get(given).and_then(Value::as_text);
                let repeats = known.is_some_and(|known| known.to_lowercase() == run[0].plain) && run.len() > 1;
                let whole_family = asked == Some(Sort::Family) && !repeats && (known.is_some() || run.len() == 1 || particle(&run[0]));
                if whole_family {
                    names.push(self.told(family, run));
                } else {
                    names.push(self.told(given, &run[..1]));
                    names.extend((run.len() > 1).then(|| self.told(family, &run[1..])));
                }
            }
            (Some(given), None) => names.push(self.told(given, &run[..1])),
            (None, Some(family)) => {
                let last = run.len() - 1;
                let from = run[..last].iter().position(particle).unwrap_or(last);
                names.push(self.told(family, &run[from..]));
            }
            (None, None) => {}
        }
        names
    }

    fn told(&self, piece: &str, run: &[Token<'_>]) -> Told {
        let span = run[0].span.start..run[run.len() - 1].span.end;
        Told { piece: piece.to_owned(), value: Value::text(&self.reader.text[span.clone()]), span }
    }

    /// Where these words end in the message, if they are said.
    fn end_of(&self, phrase: &str) -> Option<usize> {
        let place = find_phrase(self.reader.words, &spelled(phrase))?;
        let end = self.reader.words[place.end - 1].span.end;
        // "my last name is": the word that says "is" belongs to it.
        let next = self.reader.words.get(place.end).filter(|word| word.plain == "is");
        Some(next.map_or(end, |word| word.span.end))
    }
}

/// The pieces of names that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Wanted<'a> {
    given: Option<&'a str>,
    family: Option<&'a str>,
    full: Option<&'a str>,
}

/// A word that may be a name.
struct Token<'a> {
    text: &'a str,
    plain: String,
    is_name: bool,
    span: Range<usize>,
}

/// The names that come next after a place, without a stop between them.
fn run_after<'t, 's>(tokens: &'t [Token<'s>], place: usize, text: &str, most: usize) -> Option<&'t [Token<'s>]> {
    let from = tokens.iter().position(|token| token.span.start >= place)?;
    // Something else comes first.
    if !text.get(place..tokens[from].span.start)?.trim_matches([' ', ':', '\'', '"', ',', '-']).is_empty() {
        return None;
    }
    let mut to = from;
    while to < tokens.len() && to - from < most && tokens[to].is_name {
        to += 1;
        let gap = tokens.get(to).and_then(|next| text.get(tokens[to - 1].span.end..next.span.start));
        if gap.is_none_or(|gap| !gap.trim_matches(' ').is_empty() && gap != ". ") {
            break;
        }
    }
    (to > from).then(|| &tokens[from..to])
}

/// The leading words of a run that begin with a capital letter; particles count as such.
fn capitals<'t, 's>(run: &'t [Token<'s>]) -> Option<&'t [Token<'s>]> {
    let capital = |token: &Token<'_>| token.text.starts_with(char::is_uppercase) || ENGLISH.particles.contains(&token.plain);
    let to = run.iter().position(|token| !capital(token)).unwrap_or(run.len());
    (to > 0).then(|| &run[..to])
}

/// What kind of thing a piece is, by its name in the configuration.
fn sort(piece: &str) -> Sort {
    let words: Vec<&str> = piece.split('_').collect();
    let has = |options: &[&str]| words.iter().any(|word| options.contains(word));
    if has(&["email", "mail"]) {
        Sort::Email
    } else if has(&["first", "given", "forename", "firstname"]) {
        Sort::Given
    } else if has(&["last", "family", "surname", "lastname"]) {
        Sort::Family
    } else if has(&["name", "fullname"]) {
        Sort::FullName
    } else {
        Sort::Other
    }
}

/// Does nothing of this stand in what is told already?
fn is_free(told: &[Told], span: &Range<usize>) -> bool {
    told.iter().all(|told| told.span.end <= span.start || span.end <= told.span.start)
}

/// What people call a piece. Nobody says "order id".
fn labels(piece: &str) -> Vec<String> {
    let own = piece.replace('_', " ");
    if let Some(thing) = own.strip_suffix(" id").or_else(|| own.strip_suffix(" number")) {
        return vec![thing.to_owned(), format!("{thing} number"), own.clone()];
    }
    let same = ENGLISH.same.iter().find(|group| group.iter().any(|word| own == *word || own.split(' ').any(|part| part == word)));
    same.into_iter().flatten().cloned().chain([own.clone()]).collect()
}

fn spelled(phrase: &str) -> Vec<Word> {
    words(phrase, &BTreeMap::new())
}
