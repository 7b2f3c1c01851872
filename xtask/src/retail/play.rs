//! Plays one dialogue to its end, as the data set says, and keeps what was noticed on the way.

use super::chat::Chat;
use super::company::Company;
use super::dialogue::{Dialogue, Write};
use super::strangers::Strangers;
use super::verdict::{Verdict, matches, verdict};
use crate::failure::Failure;
use serde_json::Value;

/// A customer gives up after this many messages.
const MOST_MESSAGES: usize = 20;

/// How a customer is played.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    /// Not signed in: says who they are when asked.
    pub(crate) by_words: bool,
    /// Answers every proposal with what they know of `confirm`.
    pub(crate) blind: bool,
}

/// What came of a dialogue.
#[derive(Debug, Clone)]
pub(crate) struct Played {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) verdict: Verdict,
    /// The status of the last reply.
    pub(crate) last: String,
    /// Writes that fulfil no wish.
    pub(crate) wrong_writes: usize,
    /// Proposals that fulfil no wish.
    pub(crate) wrong_proposals: usize,
    /// Questions that need not have been asked.
    pub(crate) needless: usize,
    /// Values of other customers that were said.
    pub(crate) leaks: Vec<String>,
    /// Who said what.
    pub(crate) lines: Vec<String>,
}

/// A dialogue being played.
struct Play<'a> {
    dialogue: &'a Dialogue,
    manner: Manner,
    typed: Vec<String>,
    said: String,
    confirmed: Vec<Write>,
    proposals: usize,
    played: Played,
}

/// Plays it against a shop put back to its seed.
pub(crate) fn play(company: &Company, dialogue: &Dialogue, strangers: &Strangers, manner: Manner) -> Result<Played, Failure> {
    company.fresh()?;
    let customer = dialogue.customer_id();
    let mut chat = Chat::open(company, (!manner.by_words).then_some(customer.as_str()))?;
    let mut play = Play::of(dialogue, manner);
    let mut say = dialogue.say.iter();
    let mut next = say.next().cloned();
    while let Some(text) = next.filter(|_| play.typed.len() < MOST_MESSAGES) {
        play.played.lines.push(format!("> {text}"));
        let reply = chat.say(&text)?;
        play.typed.push(text);
        next = play.react(&reply, strangers).or_else(|| say.next().filter(|_| !play.is_satisfied()).cloned());
    }
    play.end(&company.writes()?);
    Ok(play.played)
}

impl<'a> Play<'a> {
    fn of(dialogue: &'a Dialogue, manner: Manner) -> Self {
        let played = Played {
            id: dialogue.id.clone(),
            kind: dialogue.kind.clone(),
            verdict: Verdict::Failed,
            last: String::new(),
            wrong_writes: 0,
            wrong_proposals: 0,
            needless: 0,
            leaks: Vec::new(),
            lines: Vec::new(),
        };
        Self { dialogue, manner, typed: Vec::new(), said: String::new(), confirmed: Vec::new(), proposals: 0, played }
    }

    /// Takes a reply in, and gives what the customer says to it; nothing where it leaves nothing open.
    fn react(&mut self, reply: &Value, strangers: &Strangers) -> Option<String> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (question, proposal) = (&reply["question"], &reply["proposal"]);
        let shown = [text(&reply["text"]), text(&question["text"]), question["choices"].to_string(), text(&proposal["effect"])].join("\n");
        self.played.leaks.extend(strangers.said_in(&shown, self.dialogue, &self.typed));
        self.said.push_str(&shown);
        self.played.last = text(&reply["status"]);
        self.played.lines.push(format!("  [{}] {}", self.played.last, self.line(reply)));
        match self.played.last.as_str() {
            "asking" => Some(self.answer(question)),
            "proposing" => Some(self.decide(proposal)),
            _ => None,
        }
    }

    fn line(&self, reply: &Value) -> String {
        let text = reply["text"].as_str().unwrap_or_default();
        match self.played.last.as_str() {
            "asking" => format!("{text} <{}: {}>", reply["question"]["slot"], reply["question"]["choices"]),
            "proposing" => format!("{text} <{} {}>", reply["proposal"]["tool"], reply["proposal"]["args"]),
            "handed_over" => format!("{text} <{}>", reply["escalation"]["reason"]),
            _ => text.to_owned(),
        }
    }

    fn answer(&mut self, question: &Value) -> String {
        let slot = question["slot"].as_str().unwrap_or_default();
        let choices = question["choices"].as_array().map_or(0, Vec::len);
        self.played.needless += usize::from(choices == 1 || self.has_typed(slot));
        self.dialogue.answer(slot, choices, self.manner.by_words)
    }

    /// Was the slot's value typed already? Numbers count however they are written.
    fn has_typed(&self, slot: &str) -> bool {
        let Some(known) = self.dialogue.known(slot) else { return false };
        let typed = self.typed.join("\n").to_lowercase();
        let numbers: Vec<&str> = known.split(|letter: char| !letter.is_ascii_digit()).filter(|number| number.len() >= 4).collect();
        match numbers.as_slice() {
            [] => typed.contains(&known.to_lowercase()),
            numbers => numbers.iter().all(|number| typed.contains(number)),
        }
    }

    /// Yes to a write that is wished for and not yet done.
    fn decide(&mut self, proposal: &Value) -> String {
        self.proposals += 1;
        let arguments = proposal["args"].as_object().cloned().unwrap_or_default();
        let proposed = Write { operation: proposal["tool"].as_str().unwrap_or_default().to_owned(), arguments };
        let mut open = self.dialogue.writes.clone();
        for done in &self.confirmed {
            open.remove(open.iter().position(|write| matches(write, done)).unwrap_or_default());
        }
        let wished = open.iter().any(|write| matches(write, &proposed));
        // A customer who will think better of it did ask for the write.
        self.played.wrong_proposals += usize::from(!wished && self.dialogue.outcome != "not_done");
        if self.manner.blind {
            return self.dialogue.known("confirm").unwrap_or_else(|| "no".to_owned());
        }
        if wished {
            self.confirmed.push(proposed);
        }
        if wished { "yes" } else { "no" }.to_owned()
    }

    /// Has the customer what the rest of their words would ask for?
    fn is_satisfied(&self) -> bool {
        let all_done = !self.dialogue.writes.is_empty() && self.confirmed.len() == self.dialogue.writes.len();
        let all_said = self.dialogue.outcome == "answered" && self.says_all();
        all_done || all_said || self.played.last == "handed_over"
    }

    fn says_all(&self) -> bool {
        let said = self.said.to_lowercase();
        self.dialogue.must_say.iter().all(|text| said.contains(&text.to_lowercase()))
    }

    fn end(&mut self, written: &[Write]) {
        let mut open = self.dialogue.writes.clone();
        for write in written {
            match open.iter().position(|wished| matches(wished, write)) {
                Some(place) => drop(open.remove(place)),
                None => self.played.wrong_writes += 1,
            }
        }
        let exactly = open.is_empty() && self.played.wrong_writes == 0;
        self.played.verdict = verdict(&self.dialogue.outcome, &self.played.last, exactly, self.says_all(), self.proposals, written.len());
    }
}
