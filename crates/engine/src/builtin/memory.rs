//! What the built-in mind remembers between two questions: running skills, further wishes, what is known.

use super::proving::Proving;
use patchbay_core::Value;
use patchbay_core::mind::CallResult;
use patchbay_core::reply::{Offer, Question};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Everything remembered in one conversation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Memory {
    /// Running skills, the one at work last. Those below were interrupted, or called the one above.
    pub(super) frames: Vec<Frame>,
    /// Wishes that wait for their turn, next one first.
    pub(super) queue: Vec<Wish>,
    /// "What can I do for you?" is open: the words it is about, and the question.
    pub(super) which_wish: Option<(String, Question)>,
    /// Slot values known in this conversation, by slot name; the latest counts.
    pub(super) known: BTreeMap<String, Value>,
    /// The skill that ended last, for "and the other one?" and corrections.
    pub(super) last: Option<Frame>,
    /// How it ended.
    pub(super) ended: Ended,
    /// Writes that were carried out in this conversation: the tool and its arguments.
    pub(super) done: Vec<(String, BTreeMap<String, Value>)>,
    /// What the customer told of themselves, by the names lookups ask for, until it has proven who they are.
    pub(super) told: BTreeMap<String, Value>,
    /// The proof under way.
    pub(super) proving: Option<Proving>,
    /// The number of the last wish for a tool.
    pub(super) wishes: u32,
}

/// A wish of the customer that is not being worked on yet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    /// The skill.
    pub(super) skill: String,
    /// The words it was wished with.
    pub(super) text: String,
    /// Slots known already.
    pub(super) slots: BTreeMap<String, Filled>,
    /// It is one of several of the same kind ("cancel 123 and 456"): what is answered for one goes for all.
    pub(super) alike: bool,
    /// It is wished for only where the one before was not possible.
    pub(super) fallback: bool,
}

/// How the last wish ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ended {
    /// None has ended yet, or the customer gave it up.
    #[default]
    Open,
    /// It was fulfilled.
    Done,
    /// The customer said no to what was proposed.
    Declined,
    /// It was refused, or could not be done.
    Refused,
}

/// A slot's value and where it came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Filled {
    /// The value; nothing where the slot was left out.
    pub(super) value: Value,
    /// Where it came from.
    pub(super) from: Origin,
}

/// Where a slot's value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Origin {
    /// The customer's words.
    Message,
    /// The answer to a question.
    Answer,
    /// Known earlier in the conversation.
    Conversation,
    /// The customer's own records.
    Records,
    /// The skill that called this one.
    Caller,
    /// Nowhere, and it may be left out.
    LeftOut,
}

impl Origin {
    /// The word for the log.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Answer => "answer",
            Self::Conversation => "conversation",
            Self::Records => "records",
            Self::Caller => "caller",
            Self::LeftOut => "left_out",
        }
    }
}

/// One running skill.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Frame {
    /// The skill.
    pub(super) skill: String,
    /// The next operation of its program.
    pub(super) at: usize,
    /// What is known of its slots.
    pub(super) slots: BTreeMap<String, Filled>,
    /// Records known in part, by slot: the fields that are still open are asked for one by one.
    pub(super) parts: BTreeMap<String, BTreeMap<String, Value>>,
    /// The customer's words about it, oldest first.
    pub(super) heard: Vec<String>,
    /// Which of the customer's words answered which question.
    pub(super) answers: Vec<Answered>,
    /// The place in a list of the thing that was asked for.
    pub(super) asked_place: Option<usize>,
    /// The question was whether that is all.
    pub(super) asked_more: bool,
    /// What else the records offered where one was chosen, by slot.
    pub(super) seen: BTreeMap<String, Vec<Offer>>,
    /// The last question for a choice.
    pub(super) last_choice: Option<Question>,
    /// List slots of which the customer was asked whether that is all.
    pub(super) complete: BTreeSet<String>,
    /// The company's own refusals that were looked at, by place.
    pub(super) allowed: BTreeSet<usize>,
    /// The question about one field that it goes on with, instead of all it tells.
    pub(super) about: Option<String>,
    /// The call it waits for.
    pub(super) waiting: Option<Waiting>,
    /// The question it waits for.
    pub(super) asked: Option<Question>,
    /// How often each slot was asked for.
    pub(super) tries: BTreeMap<String, u32>,
    /// Values the customer ruled out ("not that one"), by slot.
    pub(super) ruled_out: BTreeMap<String, Vec<Value>>,
    /// What lists hold already that are being chosen from again, by slot.
    pub(super) kept: BTreeMap<String, Vec<Value>>,
    /// Tools whose records could not be had, so that they are not asked for again.
    pub(super) without: BTreeSet<String>,
    /// Tools of the last composition that did not answer; what another call made them say is not said here.
    pub(super) missing: BTreeSet<String>,
    /// The customer was told that they did not answer.
    pub(super) missing_told: bool,
    /// How its calls ended, by tool, for its conditions.
    pub(super) results: BTreeMap<String, String>,
    /// It is a step of the frame below.
    pub(super) called: bool,
    /// Where its program went on after the last write that was carried out; nothing before is done twice.
    pub(super) written: Option<usize>,
    /// Something was said since that write.
    pub(super) spoke: bool,
    /// What was said before everything had arrived.
    pub(super) partial: Option<String>,
    /// How often it was taken up again after an interruption.
    pub(super) resumed: u32,
}

/// Words that answered a question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Answered {
    /// The slot that was asked for.
    pub(super) slot: String,
    /// The words, as they were heard.
    pub(super) text: String,
    /// They add to what was chosen.
    pub(super) more: bool,
    /// They were typed unasked, to a card: they may wish for something rather than name it.
    pub(super) unasked: bool,
    /// The place in a list of the thing that was asked for.
    pub(super) place: Option<usize>,
}

/// A call under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Waiting {
    /// The wish's number.
    pub(super) wish: u32,
    /// The tool or composition.
    pub(super) tool: String,
    /// Its arguments.
    pub(super) args: BTreeMap<String, Value>,
    /// What for.
    pub(super) purpose: Purpose,
}

/// What a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Purpose {
    /// A step that reads.
    Read,
    /// A step that writes: it ends in a proposal, then in a yes or a no.
    Write,
    /// Records to choose a slot's value from.
    Records,
}

impl Memory {
    /// What was remembered; a memory of another version is forgotten.
    pub(super) fn read(stored: &serde_json::Value) -> Self {
        serde_json::from_value(stored.clone()).unwrap_or_default()
    }

    /// As it is given back.
    pub(super) fn write(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The skill at work.
    pub(super) fn top(&self) -> Option<&Frame> {
        self.frames.last()
    }

    /// The skill at work, to be changed.
    pub(super) fn top_mut(&mut self) -> Option<&mut Frame> {
        self.frames.last_mut()
    }

    /// Everything is over: nothing runs, waits or is asked.
    pub(super) fn drop_everything(&mut self) {
        self.last = self.frames.pop().map(|frame| Frame { called: false, ..frame }).or(self.last.take());
        self.frames.clear();
        self.queue.clear();
        self.which_wish = None;
        self.proving = None;
    }
}

impl Frame {
    /// Does it wait for the customer's yes to a write?
    pub(super) fn proposing(&self) -> bool {
        self.waiting.as_ref().is_some_and(|waiting| waiting.purpose == Purpose::Write)
    }

    /// A slot's value, if it is known and there is one.
    pub(super) fn value(&self, slot: &str) -> Option<&Value> {
        self.slots.get(slot).map(|filled| &filled.value).filter(|value| !value.is_null())
    }

    /// Sets a slot.
    pub(super) fn fill(&mut self, slot: &str, value: Value, from: Origin) {
        self.slots.insert(slot.to_owned(), Filled { value, from });
    }

    /// Is this result the one it waits for?
    pub(super) fn awaits(&self, result: &CallResult) -> bool {
        self.waiting.as_ref().is_some_and(|waiting| waiting.wish == result.wish)
    }
}
