//! A message comes in: an answer to the open question, a correction, a digression, small talk, or a new wish.

use super::dialogue::{Dialogue, Message};
use super::hearing::Label;
use super::lexicon::Utterance;
use super::memory::{Filled, Frame, Origin, Purpose, Wish};
use super::reading::Found;
use super::words::words;
use patchbay_core::Value;
use patchbay_core::declare::Kind;
use patchbay_core::mind::{Draft, Line, Speaker, Understanding};
use patchbay_core::reply::{Offer, Question};
use patchbay_core::words::Zone;

/// An answer that says this many telling words besides may be another wish instead.
const MORE_THAN_AN_ANSWER: usize = 3;
/// Values of one slot in one message that become wishes of their own, at most.
const ALIKE: usize = 5;

impl Dialogue<'_> {
    /// Takes a message in.
    pub(super) fn message(&mut self, message: &Message, picked: Option<&str>) {
        self.forget_stale_reads();
        if picked.is_some_and(|value| self.picked(value)) || self.small_talk(message) {
            return self.run();
        }
        let open = self.memory.top().and_then(|frame| frame.asked.clone());
        let reading = self.hearing.read(&message.text);
        let done = match open {
            _ if self.corrected(message, &reading) => true,
            Some(question) => self.answered(&question, message, reading),
            None if self.memory.which_wish.is_some() => self.wish_chosen(message, reading),
            None if self.memory.top().is_some_and(Frame::proposing) => self.while_proposing(message, reading),
            None => self.wished(message, reading),
        };
        if done {
            self.run();
        }
    }

    /// A read that a message has overtaken is asked for again.
    fn forget_stale_reads(&mut self) {
        for frame in &mut self.memory.frames {
            frame.waiting.take_if(|waiting| waiting.purpose != Purpose::Write);
        }
    }

    /// A choice was picked from the open question.
    fn picked(&mut self, value: &str) -> bool {
        if let Some((text, question)) = &self.memory.which_wish
            && question.choices.iter().any(|offer| offer.value == value)
        {
            let text = text.clone();
            self.memory.which_wish = None;
            self.start(Wish { skill: value.to_owned(), text, ..Wish::default() });
            self.understood_as_answer();
            return true;
        }
        let Some(question) = self.memory.top().and_then(|frame| frame.asked.clone()) else { return false };
        if !question.choices.iter().any(|offer| offer.value == value) {
            return false;
        }
        self.accept(&question, vec![Value::text(value)]);
        self.understood_as_answer();
        true
    }

    /// Messages that are nothing but thanks, a greeting, "never mind" …
    fn small_talk(&mut self, message: &Message) -> bool {
        let busy = !self.memory.frames.is_empty() || self.memory.which_wish.is_some();
        let kinds = [Utterance::Stop, Utterance::Repeat, Utterance::Thanks, Utterance::Goodbye, Utterance::Greeting];
        let Some(kind) = self.lexicon().first_of(&kinds, &message.words) else { return false };
        if kind == Utterance::Stop && !busy {
            return false;
        }
        self.talk(kind, Understanding { zone: Some(Zone::Answer), stage: "words".to_owned(), ..Understanding::default() });
        true
    }

    /// Answers small talk, then comes back to what is open.
    pub(super) fn talk(&mut self, kind: Utterance, understanding: Understanding) {
        self.understood(Understanding { skill: None, ..understanding });
        match kind {
            Utterance::Stop => {
                self.memory.drop_everything();
                return self.say("done_with_that");
            }
            Utterance::Repeat => return self.repeat(),
            Utterance::Thanks => self.say("thanks"),
            Utterance::Goodbye => self.say("goodbye"),
            _ => self.say("greeting"),
        }
        self.come_back();
    }

    /// Asks the open question again, or shows the open proposal again.
    fn come_back(&mut self) {
        if let Some((_, question)) = self.memory.which_wish.clone() {
            self.ask(question);
        } else {
            self.take_up_again();
        }
    }

    /// Says again what the bot said last; the open question with it.
    fn repeat(&mut self) {
        let history = &self.context.history;
        let from = history.iter().rposition(|line| line.who == Speaker::Bot);
        let Some(last) = from else { return self.say("nothing_to_repeat") };
        let first = history[..last].iter().rposition(|line| line.who != Speaker::Bot).map_or(0, |before| before + 1);
        let open = self.memory.top().and_then(|frame| frame.asked.as_ref()).or(self.memory.which_wish.as_ref().map(|(_, question)| question));
        let open = open.map(|question| question.text.clone());
        let said: Vec<&Line> = history[first..=last].iter().filter(|line| Some(&line.text) != open.as_ref()).collect();
        for line in said {
            // These words have passed the gate once, over facts of then.
            self.say_draft(Draft { text: line.text.clone(), template: Some("repeat".to_owned()), facts: Vec::new(), citations: Vec::new() });
        }
        self.come_back();
    }

    /// The open question may be answered; or the message is about something else, and the question waits.
    fn answered(&mut self, question: &Question, message: &Message, reading: Understanding) -> bool {
        let values = self.values_for(question, message);
        let elsewhere = self.is_elsewhere(&reading);
        let telling = self.telling_beside(&values, message);
        if !values.is_empty() && !(elsewhere && telling >= MORE_THAN_AN_ANSWER) {
            self.accept(question, values.into_iter().map(|found| found.value).collect());
            self.hear_more(message);
            self.understood_as_answer();
            return true;
        }
        if elsewhere {
            return self.wished(message, reading);
        }
        let by_description = self.can_be_described(question);
        if let Some(frame) = self.memory.top_mut() {
            frame.asked = None;
            frame.heard.push(message.text.clone());
        }
        self.hear_more(message);
        if by_description {
            // Whether the words describe one of the records is known once they are read.
            self.understood_as_answer();
        }
        true
    }

    fn can_be_described(&self, question: &Question) -> bool {
        let plan = self.at_work().and_then(|(program, _)| program.slot(&question.slot));
        plan.is_some_and(|plan| plan.records().is_some())
    }

    /// Is the message surely about something else than the skill at work?
    fn is_elsewhere(&self, reading: &Understanding) -> bool {
        let at_work = self.memory.top().map(|frame| frame.skill.as_str());
        reading.zone == Some(Zone::Answer) && reading.skill.as_deref().is_some_and(|label| Some(label) != at_work)
    }

    /// Values in the message that answer this question: by kind, else by what was offered.
    fn values_for(&self, question: &Question, message: &Message) -> Vec<Found> {
        let Some((program, _)) = self.at_work() else { return Vec::new() };
        let Some(plan) = program.slot(&question.slot) else { return Vec::new() };
        let chosen = || self.chosen(&question.choices, message).into_iter().map(|n| Found {
            value: self.offered_value(&plan.slot.kind, &question.choices[n]),
            span: 0..message.text.len(),
        });
        // Where records are offered a text names one of them rather than being the value itself.
        let named = matches!(plan.slot.kind, Kind::Text) && plan.records().is_some();
        let mut found = if named { Vec::new() } else { self.reader(message).answered(&plan.slot.kind) };
        if found.is_empty() {
            found.extend(chosen());
        }
        found
    }

    /// What was offered is a spelling; the slot wants a value.
    fn offered_value(&self, kind: &Kind, offer: &Offer) -> Value {
        match kind {
            Kind::List(_) => Value::List(vec![Value::text(&offer.value)]),
            _ => Value::text(&offer.value),
        }
    }

    /// Which of the offers an answer picks: by its place ("the second"), by its label, or all of them.
    pub(super) fn chosen(&self, offers: &[Offer], message: &Message) -> Vec<usize> {
        if offers.is_empty() {
            return Vec::new();
        }
        let lexicon = self.lexicon();
        if lexicon.is(Utterance::All, &message.words) {
            return (0..offers.len().min(ALIKE)).collect();
        }
        if lexicon.content(&message.words).len() <= 2
            && let Some(place) = message.words.iter().find_map(|word| lexicon.ordinals.get(&word.plain).copied().or_else(|| word.plain.parse().ok()))
        {
            let index = if place < 0 { offers.len().checked_sub(1) } else { usize::try_from(place).ok().and_then(|place| place.checked_sub(1)) };
            return index.filter(|index| *index < offers.len()).into_iter().collect();
        }
        let content = lexicon.content(&message.words);
        let scores: Vec<usize> = offers
            .iter()
            .map(|offer| {
                let own = words(&format!("{} {}", offer.label, offer.value), lexicon);
                content.iter().filter(|word| own.iter().any(|own| super::words::alike(own, word))).count()
            })
            .collect();
        let best = scores.iter().copied().max().unwrap_or(0);
        let mut winners = (0..scores.len()).filter(|&n| scores[n] == best);
        match (best, winners.next(), winners.next()) {
            (1.., Some(one), None) => vec![one],
            _ => Vec::new(),
        }
    }

    fn telling_beside(&self, values: &[Found], message: &Message) -> usize {
        let free_text = values.iter().any(|found| found.span == (0..message.text.len()));
        let inside = |at: usize| !free_text && values.iter().any(|found| found.span.contains(&at));
        self.lexicon().content(&message.words).into_iter().filter(|word| !inside(word.span.start)).count()
    }

    /// Fills the asked slot; further values become wishes of the same kind.
    fn accept(&mut self, question: &Question, mut values: Vec<Value>) {
        let Some(frame) = self.memory.top_mut() else { return };
        frame.asked = None;
        let skill = frame.skill.clone();
        let list = self.program(&skill).and_then(|program| program.slot(&question.slot)).is_some_and(|plan| matches!(plan.slot.kind, Kind::List(_)));
        if list {
            let flat = values.into_iter().flat_map(|value| match value {
                Value::List(values) => values,
                value => vec![value],
            });
            values = vec![Value::List(flat.collect())];
        }
        let first = values.remove(0);
        self.fill(&question.slot, first, Origin::Answer);
        self.queue_alike(values.into_iter().map(|value| (question.slot.clone(), value)).collect());
    }

    /// Further values of a slot ("cancel 123 and 456") become wishes of the same kind, next after this one.
    pub(super) fn queue_alike(&mut self, beyond: Vec<(String, Value)>) {
        let Some(frame) = self.memory.top() else { return };
        let (skill, text) = (frame.skill.clone(), frame.heard.join("\n"));
        for (n, (slot, value)) in beyond.into_iter().take(ALIKE - 1).enumerate() {
            let slots = [(slot, Filled { value, from: Origin::Message })].into();
            self.memory.queue.insert(n, Wish { skill: skill.clone(), text: text.clone(), slots, alike: true });
        }
    }

    /// What an answer says beyond the question: other open slots.
    fn hear_more(&mut self, message: &Message) {
        let beyond = self.hear(message);
        self.queue_alike(beyond);
    }

    /// A write waits for a yes, and something else was said.
    fn while_proposing(&mut self, message: &Message, reading: Understanding) -> bool {
        let lexicon = self.lexicon();
        if lexicon.is(Utterance::No, &message.words) {
            self.understood_as_answer();
            self.say("action_declined");
            self.fail();
            return true;
        }
        let at_work = self.memory.top().map(|frame| frame.skill.clone());
        if reading.zone == Some(Zone::Answer) && reading.skill != at_work {
            return self.wished(message, reading);
        }
        if lexicon.is(Utterance::Yes, &message.words) || reading.zone == Some(Zone::Answer) {
            self.understood_as_answer();
        } else {
            self.not_understood(reading);
            self.say("yes_or_no");
        }
        // The same wish again: the proposal is shown again.
        if let Some(frame) = self.memory.top_mut() {
            frame.waiting = None;
        }
        true
    }

    /// What a label asks for, when it is no skill: small talk or a topic. True when that was it.
    pub(super) fn is_no_skill(&mut self, reading: &Understanding) -> bool {
        let label = reading.skill.clone().unwrap_or_default();
        match Label::of(&label) {
            Some(Label::Topic(topic)) => {
                let Some(topic) = self.company.topics.get(topic) else { return false };
                self.understood(Understanding { skill: None, ..reading.clone() });
                self.decline(&topic.say);
                self.come_back();
                true
            }
            Some(Label::Talk(kind)) => {
                self.talk(kind, reading.clone());
                true
            }
            _ => false,
        }
    }
}
