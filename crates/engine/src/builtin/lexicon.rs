//! Everyday words of a language that steer a dialogue: yes and no, thanks, corrections, days. Data, one file per language.

mod beside;
mod requests;
mod time;
mod written;

pub(super) use time::InTime;

use super::words::{Word, find_phrase, words};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::LazyLock;
use written::Written;

static ENGLISH: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::read(include_str!("lexicon/en.json")));

/// What a short utterance is when it is nothing but that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Utterance {
    /// Hello.
    Greeting,
    /// Thank you.
    Thanks,
    /// Bye.
    Goodbye,
    /// What can you do?
    Abilities,
    /// What did you say?
    Repeat,
    /// Never mind.
    Stop,
    /// Yes.
    Yes,
    /// No.
    No,
    /// I don't know.
    Unknown,
    /// All of them.
    All,
    /// The other one.
    Other,
}

/// A phrase, word by word.
type Phrase = Vec<Word>;

/// The words of one language.
#[derive(Debug)]
pub(super) struct Lexicon {
    written: Written,
    utterances: BTreeMap<Utterance, Vec<Phrase>>,
    corrections: Vec<Phrase>,
    corrected_to: Vec<Phrase>,
    follow_ups: Vec<Phrase>,
    requests: Vec<Phrase>,
    joints: Vec<Phrase>,
    endings: Vec<Phrase>,
    list_joints: Vec<Phrase>,
    exceptions: Vec<Phrase>,
    everything: Vec<Phrase>,
    additions: Vec<Phrase>,
    fallbacks: Vec<Phrase>,
    premises: Vec<Phrase>,
    removals: Vec<Phrase>,
    repetitions: Vec<Phrase>,
    given_up: Vec<Phrase>,
    contents: Vec<Phrase>,
    well_wishes: Vec<Phrase>,
    undoing: Vec<Phrase>,
    references: Vec<Phrase>,
    orders_in_time: BTreeMap<InTime, Vec<Phrase>>,
}

impl Deref for Lexicon {
    type Target = Written;

    fn deref(&self) -> &Written {
        &self.written
    }
}

impl Lexicon {
    /// The words of a language; English where we have none of it.
    pub(super) fn of(_language: &str) -> &'static Self {
        &ENGLISH
    }

    fn read(text: &str) -> Self {
        let written: Written = serde_json::from_str(text).expect("invariant: compiled in, and read by the tests here");
        let spell = |phrases: &[String]| phrases.iter().map(|phrase| words(phrase, &written.contractions)).collect::<Vec<_>>();
        Self {
            utterances: written.phrases.iter().map(|(kind, phrases)| (*kind, spell(phrases))).collect(),
            corrections: spell(&written.corrections),
            corrected_to: spell(&written.corrected_to),
            follow_ups: spell(&written.follow_ups),
            requests: spell(&written.requests),
            joints: spell(&written.joints),
            endings: spell(&written.endings),
            list_joints: spell(&written.list_joints),
            exceptions: spell(&written.exceptions),
            everything: spell(&written.everything),
            additions: spell(&written.additions),
            fallbacks: spell(&written.fallbacks),
            premises: spell(&written.premises),
            removals: spell(&written.removals),
            repetitions: spell(&written.repetitions),
            given_up: spell(&written.given_up),
            contents: spell(&written.contents),
            well_wishes: spell(&written.well_wishes),
            undoing: spell(&written.undoing),
            references: spell(&written.references),
            orders_in_time: written.in_time.iter().map(|(order, phrases)| (*order, spell(phrases))).collect(),
            written,
        }
    }

    /// The words of a text.
    pub(super) fn words(&self, text: &str) -> Vec<Word> {
        words(text, &self.contractions)
    }

    /// The text with contractions and short spellings written out: `wheres my thing, can u` → `where is my thing, can you`.
    pub(super) fn spelled_out(&self, text: &str) -> String {
        let (mut out, mut from) = (String::with_capacity(text.len()), 0);
        for (n, word) in self.words(text).iter().enumerate() {
            if n > 0 && word.span.start < from {
                // Another word of the same contraction.
                out.push(' ');
            } else {
                out.push_str(&text[from..word.span.start]);
            }
            out.push_str(&word.plain);
            from = word.span.end;
        }
        out.push_str(&text[from..]);
        out
    }

    /// Is a message nothing but this, but for fillers ("ok, thanks a lot")?
    pub(super) fn is(&self, kind: Utterance, message: &[Word]) -> bool {
        self.utterances.get(&kind).is_some_and(|phrases| {
            phrases.iter().any(|phrase| {
                find_phrase(message, phrase).is_some_and(|place| {
                    message.iter().enumerate().all(|(at, word)| place.contains(&at) || self.fillers.contains(&word.plain))
                })
            })
        })
    }

    /// Does a message say this somewhere?
    pub(super) fn says(&self, kind: Utterance, message: &[Word]) -> bool {
        self.utterances.get(&kind).is_some_and(|phrases| phrases.iter().any(|phrase| find_phrase(message, phrase).is_some()))
    }

    /// Does a message open with this (fillers before it do not count)?
    pub(super) fn opens(&self, kind: Utterance, message: &[Word]) -> bool {
        let from = message.iter().position(|word| !self.fillers.contains(&word.plain)).unwrap_or(0);
        let phrases = self.utterances.get(&kind);
        phrases
            .is_some_and(|phrases| phrases.iter().any(|phrase| find_phrase(&message[from..], phrase).is_some_and(|place| place.start == 0)))
    }

    /// The phrases of the first of these kinds of which the message is nothing else.
    pub(super) fn first_of(&self, kinds: &[Utterance], message: &[Word]) -> Option<Utterance> {
        kinds.iter().copied().find(|kind| self.is(*kind, message))
    }

    /// Words that carry meaning of their own.
    pub(super) fn content<'w>(&self, message: &'w [Word]) -> Vec<&'w Word> {
        message.iter().filter(|word| !self.function_words.contains(&word.plain)).collect()
    }

    /// Does the word say nothing ("please", "well")?
    pub(super) fn is_filler(&self, word: &Word) -> bool {
        self.fillers.contains(&word.plain)
    }

    /// Does the word turn what follows into its opposite?
    pub(super) fn negates(&self, word: &Word) -> bool {
        self.negations.contains(&word.plain)
    }

    /// Does the message open like a correction ("no, …", "I meant …")?
    pub(super) fn corrects(&self, message: &[Word]) -> bool {
        self.corrections.iter().any(|phrase| begins(message, phrase))
    }

    /// Is what follows these words the corrected value?
    pub(super) fn turns_to(&self, before: &[Word]) -> bool {
        self.corrected_to.iter().any(|phrase| before.len() >= phrase.len() && begins(&before[before.len() - phrase.len()..], phrase))
    }

    /// Does a clause open like a question?
    pub(super) fn opens_a_question(&self, clause: &[Word]) -> bool {
        clause.iter().find(|word| !self.fillers.contains(&word.plain)).is_some_and(|word| self.questions.contains(&word.plain))
    }

    /// Does the word ask for something to be told ("what", "where")?
    pub(super) fn is_a_question_word(&self, word: &Word) -> bool {
        self.question_words.contains(&word.plain)
    }

    /// Does a clause only ask to be agreed with ("…, right?")?
    pub(super) fn ends_with_a_tag(&self, clause: &[Word]) -> bool {
        clause.last().is_some_and(|word| self.tags.contains(&word.plain))
    }

    /// Does the message say that something else was meant ("I meant …", "make that …")?
    pub(super) fn means_another(&self, message: &[Word]) -> bool {
        let openings = self.corrections.iter().filter(|opening| self.corrected_to.contains(opening));
        openings.into_iter().any(|opening| find_phrase(message, opening).is_some_and(|place| place.start <= 2))
    }

    /// Does the message open like a follow-up ("and …", "what about …")?
    pub(super) fn follows_up(&self, message: &[Word]) -> bool {
        self.follow_ups.iter().any(|phrase| begins(message, phrase))
    }

    /// How many words a message opens with that only say that it goes on ("and …", "what about …").
    pub(super) fn goes_on_after(&self, message: &[Word]) -> usize {
        let longest = self.follow_ups.iter().filter(|phrase| begins(message, phrase)).map(Vec::len).max().unwrap_or(0);
        if longest < message.len() { longest } else { 0 }
    }

    /// Does a message speak of another record than the one before ("my other order", for the slot `order_id`)?
    pub(super) fn speaks_of_another(&self, message: &[Word], slot: &str) -> bool {
        let named = words(&slot.replace('_', " "), &self.contractions);
        let names = |word: &Word| named.iter().any(|own| own.stem == word.stem);
        let other = |at: usize| self.others.contains(&message[at].plain) && message[at + 1..].iter().take(2).any(names);
        (0..message.len()).any(other)
    }

    /// Does the word say that another thing of the same kind is meant?
    pub(super) fn means_other(&self, word: &Word) -> bool {
        self.others.contains(&word.plain)
    }

    /// Does a question ask what something consists of ("what is in it")?
    pub(super) fn asks_for_contents(&self, question: &[Word]) -> bool {
        self.contents.iter().any(|phrase| find_phrase(question, phrase).is_some())
    }

    /// Does the message speak of how something ends ("ending in 66")?
    pub(super) fn speaks_of_endings(&self, message: &[Word]) -> bool {
        self.endings.iter().any(|phrase| find_phrase(message, phrase).is_some())
    }

    /// The words that join the things of a list here, as a number of words, and whether they take out what follows.
    pub(super) fn lists(&self, message: &[Word]) -> (usize, bool) {
        let longest = |phrases: &[Phrase]| phrases.iter().filter(|phrase| begins(message, phrase)).map(Vec::len).max().unwrap_or(0);
        let (joint, exception) = (longest(&self.list_joints), longest(&self.exceptions));
        (joint.max(exception), exception > 0 && exception >= joint)
    }

    /// Does a text speak of all there is?
    pub(super) fn means_everything(&self, text: &[Word]) -> bool {
        self.everything.iter().any(|phrase| find_phrase(text, phrase).is_some())
    }

    /// Does the word say that something stays as it is?
    pub(super) fn keeps(&self, word: &Word) -> bool {
        self.keeping.contains(&word.plain)
    }

    /// Does the word stand before the name of a thing ("the", "my", "both")?
    pub(super) fn points(&self, word: &Word) -> bool {
        self.pointers.contains(&word.plain)
    }

    /// Does the message add something to what was said ("and …", "… too")?
    pub(super) fn adds(&self, message: &[Word]) -> bool {
        let from = message.iter().position(|word| !self.fillers.contains(&word.plain) || word.plain == "and").unwrap_or(0);
        self.follows_up(&message[from..]) || self.additions.iter().any(|phrase| find_phrase(message, phrase).is_some())
    }

    /// After how many words it comes what a clause wishes for only where the rest is not possible ("if not, …").
    pub(super) fn falls_back(&self, clause: &[Word]) -> Option<usize> {
        let opening = |phrase: &Phrase| find_phrase(clause, phrase).filter(|place| place.start <= 1).map(|place| place.end);
        self.fallbacks.iter().filter_map(opening).max()
    }

    /// How many words a message opens with that only say that something else is wished for ("no, actually …").
    pub(super) fn turns_away(&self, message: &[Word]) -> usize {
        let mut at = 0;
        loop {
            let rest = &message[at..];
            let opening = self.corrections.iter().filter(|phrase| begins(rest, phrase)).map(Vec::len).max();
            let filler = || rest.first().is_some_and(|word| self.fillers.contains(&word.plain)).then_some(1);
            match opening.or_else(filler) {
                Some(words) => at += words,
                None => return at,
            }
        }
    }

    /// Does a message put something in the place of what is under way ("… instead")?
    pub(super) fn replaces(&self, message: &[Word]) -> bool {
        message.iter().any(|word| self.replacing.contains(&word.plain)) || self.opens(Utterance::No, message)
    }

    /// Is the same wished for once more?
    pub(super) fn wishes_again(&self, message: &[Word]) -> bool {
        self.repetitions.iter().any(|phrase| find_phrase(message, phrase).is_some())
    }

    /// Does the message take back what was wished for ("no, leave it as it is")?
    pub(super) fn gives_up(&self, message: &[Word]) -> bool {
        self.given_up.iter().any(|phrase| find_phrase(message, phrase).is_some())
    }

    /// Where it is said that something is fine as it is.
    pub(super) fn contented(&self, words: &[Word]) -> Option<usize> {
        let said = |at: &usize| {
            let before = &words[at.saturating_sub(2)..*at];
            !before.iter().any(|word| self.negates(word) || self.wishing.contains(&word.plain))
        };
        (0..words.len()).find(|at| self.contented.contains(&words[*at].plain) && said(at))
    }

    /// Does the word stand for things named before ("it", "both")?
    pub(super) fn stands_for_things(&self, word: &Word) -> bool {
        self.pronouns.contains(&word.plain)
    }

    /// The joining words a piece of a message opens with, as a number of words.
    pub(super) fn joint(&self, message: &[Word]) -> usize {
        self.joints.iter().filter(|phrase| begins(message, phrase)).map(Vec::len).max().unwrap_or(0)
    }

    /// All short utterances of a kind, as examples for the understanding.
    pub(super) fn examples(&self, kind: Utterance) -> &[String] {
        self.phrases.get(&kind).map_or(&[], Vec::as_slice)
    }
}

fn begins(message: &[Word], phrase: &[Word]) -> bool {
    !phrase.is_empty() && message.len() >= phrase.len() && message.iter().zip(phrase).all(|(one, two)| one.plain == two.plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(kind: Utterance, text: &str) -> bool {
        let lexicon = Lexicon::of("en");
        lexicon.is(kind, &lexicon.words(text))
    }

    #[test]
    fn a_message_is_small_talk_only_when_it_is_nothing_else() {
        assert!(is(Utterance::Greeting, "Hi there!") && is(Utterance::Greeting, "hello, good morning"));
        assert!(!is(Utterance::Greeting, "hi, where is my parcel"));
        assert!(is(Utterance::Thanks, "ok, thank you so much!") && !is(Utterance::Thanks, "thanks but it is broken"));
        assert!(is(Utterance::Stop, "oh, never mind then") && !is(Utterance::Stop, "stop order 12345"));
        assert!(is(Utterance::Unknown, "I don't know") && is(Utterance::No, "no") && is(Utterance::Yes, "Yes please"));
        assert!(is(Utterance::Yes, "yes, right now") && !is(Utterance::Yes, "right now please"), "when is no yes");
    }

    #[test]
    fn short_spellings_are_written_out() {
        assert_eq!(Lexicon::of("en").spelled_out("Wheres my bag? I can't wait, can u..."), "where is my bag? i can not wait, can you...");
        assert_eq!(Lexicon::of("en").spelled_out("¡été!"), "¡été!");
    }

    #[test]
    fn corrections_are_recognised_by_how_they_open() {
        let lexicon = Lexicon::of("en");
        assert!(lexicon.corrects(&lexicon.words("No, the other one")));
        assert!(lexicon.corrects(&lexicon.words("I meant 456")));
        assert!(!lexicon.corrects(&lexicon.words("where is 456")));
    }
}
