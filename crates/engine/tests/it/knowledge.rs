//! Questions about how things are: answered from what is written down, beside the skills and never before a clear one.

use crate::gym::{calendar, gym};
use crate::stage::Stage;
use insta::assert_snapshot;
use patchbay_core::Timestamp;
use patchbay_core::reply::Citation;
use patchbay_core::words::Level;
use patchbay_engine::builtin::{Known, Knows};
use std::sync::Arc;

/// A handbook whose passages answer for sure, perhaps, or not at all, as their words say.
struct Handbook;

/// Id, title, words, and how probably it answers a question with one of these words.
type Passage = (&'static str, &'static str, &'static str, &'static [(&'static str, i64)]);

const PASSAGES: [Passage; 3] = [
    ("kb_hours", "Opening hours", "We are open from six to eleven.", &[("open", 900)]),
    ("kb_guests", "Guests", "Guests pay ten euros.", &[("friend", 450), ("guest", 800)]),
    ("kb_kids", "Children", "From twelve years on.", &[("friend", 300), ("kids", 700)]),
];

fn known(n: usize, probability: i64) -> Known {
    let (id, title, text, _) = PASSAGES[n];
    Known { citation: Citation { id: id.to_owned(), title: title.to_owned() }, text: text.to_owned(), probability }
}

impl Knows for Handbook {
    fn search(&self, question: &str, _level: Level, _now: Timestamp) -> Vec<Known> {
        let question = question.to_lowercase();
        let score = |words: &[(&str, i64)]| words.iter().filter(|(word, _)| question.contains(word)).map(|(_, score)| *score).max();
        let mut found: Vec<Known> = (0..PASSAGES.len()).map(|n| known(n, score(PASSAGES[n].3).unwrap_or(50))).collect();
        found.sort_by_key(|known| -known.probability);
        found
    }

    fn open(&self, id: &str, _level: Level, _now: Timestamp) -> Option<Known> {
        PASSAGES.iter().position(|passage| passage.0 == id).map(|n| known(n, 1000))
    }
}

fn stage() -> Stage {
    Stage::new(gym(), calendar).knowing(Arc::new(Handbook))
}

#[test]
fn what_is_written_down_is_said_and_cited() {
    assert_snapshot!(stage().says("Hello! When are you open?").script());
}

#[test]
fn a_clear_skill_wins() {
    assert_snapshot!(stage().says("cancel my booking B1041, I was not open about my time").script());
}

#[test]
fn a_question_beside_a_skill_is_answered_and_the_skill_goes_on() {
    assert_snapshot!(stage().says("cancel my booking B1041").says("are you open on holidays?").says("I am ill").script());
}

#[test]
fn not_sure_which_passage() {
    assert_snapshot!(stage().says("what about a friend").picks("kb_kids").script());
}

#[test]
fn nothing_stands_written() {
    assert_snapshot!(stage().says("do you rent out bicycles").script());
}

#[test]
fn a_question_and_a_wish_in_one_message_get_both() {
    assert_snapshot!(stage().says("Please cancel my booking B1041. Are you open on holidays?").script());
}

#[test]
fn a_story_around_a_wish_is_not_looked_up() {
    assert_snapshot!(stage().says("I was there and it was not open. Please cancel my booking B1041").script());
}
