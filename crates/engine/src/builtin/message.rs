//! A message comes in: an answer to the open question, a correction, a digression, small talk, or a new wish.

use super::dialogue::{Dialogue, Message};
use super::hearing::Label;
use super::lexicon::Utterance;
use super::memory::{Ended, Frame, Purpose};
use super::program::SlotPlan;
use super::proving::Proving;
use super::words::{Word, alike};
use patchbay_core::Value;
use patchbay_core::declare::Kind;
use patchbay_core::mind::{Draft, Line, Speaker, Understanding};
use patchbay_core::reply::Offer;
use patchbay_core::words::{Route, Zone};

impl Dialogue<'_> {
    /// Takes a message in.
    pub(super) fn message(&mut self, message: &Message, picked: Option<&str>) {
        self.forget_stale_reads();
        self.note_told(message);
        let more = self.memory.top().is_some_and(|frame| frame.asked_more);
        let said = || picked.map(str::to_owned).or_else(|| self.offer_said(message).filter(|_| !more));
        if said().is_some_and(|value| self.picked(&value)) || (!more && self.small_talk(message)) {
            return self.run();
        }
        let open = self.memory.top().and_then(|frame| frame.asked.clone());
        let reading = self.read(&message.text);
        let done = match open {
            _ if self.wants_a_person(message, &reading) => true,
            _ if self.memory.proving.as_ref().is_some_and(Proving::holds) => self.proof_answered(message, reading),
            _ if self.more_answered(message, &reading) => true,
            _ if self.taken_back(message) || self.taken_off(message) => true,
            _ if !self.names_what_was_asked(message) && self.replaced(message) => true,
            _ if self.undone(message) => true,
            _ if self.chosen_again(message, &reading) => true,
            _ if self.added(message, &reading) || self.corrected(message, &reading) => {
                self.asked_anew();
                true
            }
            Some(question) => self.answered(&question, message, reading),
            None if self.memory.which_wish.is_some() => self.wish_chosen(message, reading),
            None if self.memory.top().is_some_and(Frame::proposing) => self.while_proposing(message, reading),
            None => self.wished(message, reading),
        };
        if done {
            self.run();
        }
    }

    /// A read that a message has overtaken is asked for again; what could not be had may be there by now.
    fn forget_stale_reads(&mut self) {
        for frame in &mut self.memory.frames {
            frame.without.clear();
            frame.waiting.take_if(|waiting| waiting.purpose != Purpose::Write);
        }
    }

    /// The one offer of the open question that a message is, word for word: "no longer needed", typed.
    fn offer_said(&self, message: &Message) -> Option<String> {
        let asked = self.memory.top().and_then(|frame| frame.asked.as_ref());
        let question = self.memory.which_wish.as_ref().map(|(_, question)| question).or(asked)?;
        let lexicon = self.lexicon();
        let telling = |words: &[Word]| -> Vec<String> {
            words.iter().filter(|word| !lexicon.is_filler(word)).map(|word| word.plain.clone()).collect()
        };
        let said = telling(&message.words);
        let is_said = |text: &str| !said.is_empty() && telling(&lexicon.words(text)) == said;
        let choices = self.asked_for(question).map(|(_, kind)| kind);
        let called = |value: &str| match choices {
            Some(Kind::OneOf(choices)) => choices.iter().any(|one| one.value == value && one.phrases.iter().any(|phrase| is_said(phrase))),
            _ => false,
        };
        let mut offers = question.choices.iter().filter(|offer| is_said(&offer.label) || called(&offer.value));
        offers.next().filter(|_| offers.next().is_none()).map(|offer| offer.value.clone())
    }

    /// A choice was picked from the open question.
    fn picked(&mut self, value: &str) -> bool {
        if let Some((text, question)) = &self.memory.which_wish
            && question.choices.iter().any(|offer| offer.value == value)
        {
            let text = text.clone();
            self.memory.which_wish = None;
            self.take_offer(value, text);
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
        let kinds = [Utterance::Stop, Utterance::Repeat, Utterance::Thanks, Utterance::Goodbye, Utterance::Abilities, Utterance::Greeting];
        let Some(kind) = self.lexicon().first_of(&kinds, &message.words) else { return false };
        if kind == Utterance::Stop && !busy {
            return false;
        }
        self.talk(kind, Understanding { zone: Some(Zone::Answer), stage: "words".to_owned(), ..Understanding::default() });
        true
    }

    /// Whoever corrects something was understood: the question that is still open is asked as if for the first time.
    fn asked_anew(&mut self) {
        if let Some(frame) = self.memory.top_mut() {
            frame.tries.values_mut().for_each(|tries| *tries = 0);
        }
    }

    /// Is a message, but for words that turn away from what was said before, just the name of something that was offered ("actually no,
    /// Luna's")? The name may open an example of another skill.
    fn names_what_was_asked(&self, message: &Message) -> bool {
        let Some(frame) = self.memory.top() else { return false };
        let offered = frame.asked.iter().flat_map(|question| &question.choices).chain(frame.seen.values().flatten());
        let said = &message.words[self.lexicon().turns_away(&message.words)..];
        let content = self.lexicon().content(said);
        let of = |offer: &Offer| {
            let own = self.lexicon().words(&offer.label);
            content.iter().all(|word| own.iter().any(|own| alike(own, word)))
        };
        !content.is_empty() && offered.into_iter().any(of)
    }

    /// "No, leave it as it is": what is under way is given up, and nothing else.
    fn taken_back(&mut self, message: &Message) -> bool {
        let lexicon = self.lexicon();
        let back = lexicon.opens(Utterance::No, &message.words) && lexicon.gives_up(&message.words);
        let asked = self.memory.top().and_then(|frame| frame.asked.clone());
        let proposing = self.memory.top().is_some_and(Frame::proposing);
        // "No, keep the lamp" says what does not belong to a list.
        let of_a_list = asked.as_ref().and_then(|question| self.at_work()?.0.slot(&question.slot)).is_some_and(SlotPlan::is_list);
        let busy = asked.is_some() || proposing || self.memory.which_wish.is_some();
        if !back || !busy || (of_a_list && asked.is_some_and(|question| self.names_an_offer(&question, message))) {
            return false;
        }
        self.understood_as_answer();
        self.say(if proposing { "action_declined" } else { "done_with_that" });
        if self.memory.which_wish.take().is_none() {
            self.fail();
            self.memory.ended = Ended::Open;
        }
        true
    }

    /// Answers small talk, then comes back to what is open.
    pub(super) fn talk(&mut self, kind: Utterance, understanding: Understanding) {
        self.understood(Understanding { skill: None, route: Some(Route::Talk), ..understanding });
        match kind {
            Utterance::Stop => {
                self.memory.drop_everything();
                return self.say("done_with_that");
            }
            Utterance::Repeat => return self.repeat(),
            Utterance::Abilities => return self.say_abilities(),
            Utterance::Thanks => self.say("thanks"),
            Utterance::Goodbye => self.say("goodbye"),
            _ => self.say("greeting"),
        }
        if matches!(kind, Utterance::Thanks | Utterance::Goodbye) {
            self.memory.which_wish = None;
        }
        // Nobody who takes leave is held back by a question. A card that waits for a yes is shown once more.
        if kind == Utterance::Goodbye && !self.memory.top().is_some_and(Frame::proposing) {
            return self.memory.drop_everything();
        }
        self.come_back();
    }

    /// Asks the open question again, or shows the open proposal again.
    pub(super) fn come_back(&mut self) {
        if let Some((_, question)) = self.memory.which_wish.clone() {
            self.ask(question);
        } else {
            self.take_up_again();
        }
    }

    /// Says again what the bot said last; the open question with it.
    fn repeat(&mut self) {
        if self.memory.top().is_some_and(Frame::proposing) {
            // The card says it best.
            self.say("repeat");
            return self.come_back();
        }
        let history = &self.context.history;
        let from = history.iter().rposition(|line| line.who == Speaker::Bot);
        let Some(last) = from else { return self.say("nothing_to_repeat") };
        let first = history[..last].iter().rposition(|line| line.who != Speaker::Bot).map_or(0, |before| before + 1);
        let open =
            self.memory.top().and_then(|frame| frame.asked.as_ref()).or(self.memory.which_wish.as_ref().map(|(_, question)| question));
        let open = open.map(|question| question.text.clone());
        let said: Vec<&Line> = history[first..=last].iter().filter(|line| Some(&line.text) != open.as_ref()).collect();
        for line in said {
            // These words have passed the gate once, over facts of then.
            self.say_draft(Draft {
                text: line.text.clone(),
                template: Some("repeat".to_owned()),
                facts: Vec::new(),
                citations: Vec::new(),
            });
        }
        self.come_back();
    }

    /// A write waits for a yes, and something else was said.
    fn while_proposing(&mut self, message: &Message, reading: Understanding) -> bool {
        let lexicon = self.lexicon();
        if lexicon.is(Utterance::No, &message.words) {
            self.understood_as_answer();
            self.say("action_declined");
            self.fail();
            self.memory.ended = Ended::Declined;
            return true;
        }
        let at_work = self.memory.top().map(|frame| frame.skill.clone());
        if reading.zone == Some(Zone::Answer) && reading.skill != at_work {
            return self.wished(message, reading);
        }
        if self.answered_beside(message, &reading) {
            return true;
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
                self.understood(Understanding { skill: None, route: Some(Route::Topic), ..reading.clone() });
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
