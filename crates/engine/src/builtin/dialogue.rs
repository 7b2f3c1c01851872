//! One question to the built-in mind: what it is told, what it remembers, and what it says.

use super::BuiltIn;
use super::hearing::Understands;
use super::knowledge::Knows;
use super::lexicon::Lexicon;
use super::memory::{Frame, Memory, Purpose, Waiting};
use super::program::{Program, Programs};
use super::reading::Reader;
use super::words::Word;
use crate::feeling::feeling;
use patchbay_condition::Scope;
use patchbay_core::Value;
use patchbay_core::declare::Company;
use patchbay_core::mind::{Draft, Feeling, MindContext, MindStep, Occasion, Speaker, Understanding};
use patchbay_core::reply::Question;
use patchbay_core::words::{Route, Zone};
use patchbay_text::Texts;
use std::collections::BTreeMap;
use std::sync::Arc;

/// From here on down, in thousandths, somebody is upset.
const UPSET: i64 = -300;

/// The state while one question is answered.
pub(super) struct Dialogue<'a> {
    pub(super) company: &'a Company,
    pub(super) texts: &'a Texts,
    pub(super) hearing: Arc<dyn Understands>,
    pub(super) knowledge: Arc<dyn Knows>,
    pub(super) programs: &'a Programs,
    pub(super) context: &'a MindContext,
    pub(super) memory: Memory,
    steps: Vec<MindStep>,
}

/// A message with its words.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) text: String,
    pub(super) words: Vec<Word>,
}

impl<'a> Dialogue<'a> {
    /// Takes the memory up.
    pub(super) fn new(mind: &'a BuiltIn, context: &'a MindContext) -> Self {
        Self {
            company: &mind.company,
            texts: &mind.texts,
            hearing: mind.hearing.current(),
            knowledge: mind.knowing.current(),
            programs: &mind.programs,
            context,
            memory: Memory::read(&context.memory),
            steps: Vec::new(),
        }
    }

    /// What is said, in order, and what is to be remembered.
    pub(super) fn answer(mut self) -> (Vec<MindStep>, serde_json::Value) {
        match &self.context.occasion {
            Occasion::Message { text, picked } => {
                let text = self.programs.patterns.without_signs(text, &self.lexicon().number_signs);
                self.message(&self.listen(&text), picked.as_deref());
            }
            Occasion::Results => self.results(),
            Occasion::Partial { pending } => self.partial(pending),
            Occasion::ActionEnded { action } => self.action_ended(action),
            Occasion::ActionDeclined { .. } => self.action_declined(),
            Occasion::Proof { outcome } => self.proof_ended(*outcome),
        }
        (self.steps, self.memory.write())
    }

    /// A text with its words.
    pub(super) fn listen(&self, text: &str) -> Message {
        Message { text: text.to_owned(), words: self.lexicon().words(text) }
    }

    pub(super) fn lexicon(&self) -> &'static Lexicon {
        self.programs.lexicon
    }

    /// What a text is about. Which order it is does not matter for that, only that it is one.
    pub(super) fn read(&self, text: &str) -> Understanding {
        self.hearing.read(&self.lexicon().spelled_out(&self.programs.patterns.named(text)))
    }

    /// A message, ready to be read for values.
    pub(super) fn reader<'m>(&'m self, message: &'m Message) -> Reader<'m> {
        Reader {
            text: &message.text,
            words: &message.words,
            lexicon: self.lexicon(),
            patterns: &self.programs.patterns,
            now: self.context.now,
            zone: &self.programs.zone,
        }
    }

    /// The program of a skill; `None` when the configuration no longer has it.
    pub(super) fn program(&self, skill: &str) -> Option<&'a Program> {
        self.programs.skills.get(skill)
    }

    /// The program of the skill at work, with its frame.
    pub(super) fn at_work(&self) -> Option<(&'a Program, &Frame)> {
        let frame = self.memory.top()?;
        Some((self.program(&frame.skill)?, frame))
    }

    /// Logs how the message was understood.
    pub(super) fn understood(&mut self, mut understanding: Understanding) {
        if let Some(frame) = self.memory.top() {
            understanding.slots = frame.slots.iter().map(|(name, filled)| (name.clone(), filled.from.word().to_owned())).collect();
        }
        understanding.feeling = self.feeling();
        let nowhere = understanding.misunderstood;
        understanding.route.get_or_insert(if nowhere { Route::None } else { Route::Skill });
        self.steps.push(MindStep::Understood(understanding));
    }

    /// How the customer feels after what they wrote last.
    pub(super) fn feeling(&self) -> Feeling {
        let said = self.context.history.iter().filter(|line| line.who == Speaker::Customer).map(|line| line.text.as_str());
        let mut said: Vec<&str> = said.collect();
        let present = match &self.context.occasion {
            Occasion::Message { text, .. } => Some(text.as_str()),
            _ => said.pop(),
        };
        present.map_or_else(Feeling::default, |present| feeling(&said, present))
    }

    /// What is said to words that were not understood: to somebody who is upset no request to say it again.
    pub(super) fn apology(&self) -> &'static str {
        if self.feeling().last <= UPSET { "sorry_about_this" } else { "not_understood" }
    }

    /// Logs that a message went on with what is under way.
    pub(super) fn understood_as_answer(&mut self) {
        let skill = self.memory.top().map(|frame| frame.skill.clone());
        self.understood(Understanding { zone: Some(Zone::Answer), skill, stage: "dialogue".to_owned(), ..Understanding::default() });
    }

    /// Logs that a message said nothing that was expected.
    pub(super) fn not_understood(&mut self, reading: Understanding) {
        let skill = self.memory.top().map(|frame| frame.skill.clone());
        self.understood(Understanding { zone: Some(Zone::AskBack), skill, misunderstood: true, ..reading });
    }

    /// Says a declared text over what is known. A text that cannot be rendered because a fact is missing becomes an honest one.
    pub(super) fn say(&mut self, name: &str) {
        let scope = self.scope();
        self.say_over(name, &scope);
    }

    /// Says a declared text over the scope and some more values.
    pub(super) fn say_with(&mut self, name: &str, extra: &[(&str, Value)]) {
        let mut scope = self.scope();
        scope.extend(extra.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        self.say_over(name, &scope);
    }

    pub(super) fn say_over(&mut self, name: &str, scope: &Scope) {
        if let Some(draft) = self.draft(name, scope).or_else(|| self.draft("cannot_confirm", scope)) {
            self.say_draft(draft);
        }
    }

    /// A text as a draft; `None` where it cannot be rendered.
    pub(super) fn draft(&self, name: &str, scope: &Scope) -> Option<Draft> {
        let rendered = self.texts.render(name, scope).ok()?;
        Some(Draft { text: rendered.text, template: Some(name.to_owned()), facts: self.only_facts(rendered.facts), citations: Vec::new() })
    }

    /// Of the paths of a text, those that are facts: slots, the customer's own words, are none.
    pub(super) fn only_facts(&self, paths: Vec<String>) -> Vec<String> {
        let own = |path: &str| ["slots", "results", "customer"].contains(&path.split('.').next().unwrap_or(path));
        paths.into_iter().filter(|path| path.contains('.') && !own(path)).collect()
    }

    /// Says it.
    pub(super) fn say_draft(&mut self, draft: Draft) {
        self.steps.push(MindStep::Say(draft));
    }

    /// Declines a topic kindly.
    pub(super) fn decline(&mut self, name: &str) {
        let scope = self.scope();
        if let Some(draft) = self.draft(name, &scope).or_else(|| self.draft("cannot_confirm", &scope)) {
            self.steps.push(MindStep::Decline(draft));
        }
    }

    /// Refuses by the company's own rules.
    pub(super) fn refuse(&mut self, name: &str) {
        let scope = self.scope();
        if let Some(draft) = self.draft(name, &scope).or_else(|| self.draft("refused", &scope)) {
            self.steps.push(MindStep::Refuse(draft));
        }
    }

    /// Says one thing to the turn.
    pub(super) fn step(&mut self, step: MindStep) {
        self.steps.push(step);
    }

    /// Asks the customer.
    pub(super) fn ask(&mut self, question: Question) {
        self.steps.push(MindStep::Ask(question));
    }

    /// Hands over; nothing goes on by itself after that.
    pub(super) fn hand_over(&mut self, reason: &str) {
        self.memory.drop_everything();
        self.steps.push(MindStep::HandOver { reason: reason.to_owned() });
    }

    /// Wishes for a tool or a composition, and lets the skill at work wait for it.
    pub(super) fn call(&mut self, tool: &str, args: BTreeMap<String, Value>, purpose: Purpose) {
        self.memory.wishes += 1;
        let wish = self.memory.wishes;
        if let Some(frame) = self.memory.top_mut() {
            frame.waiting = Some(Waiting { wish, tool: tool.to_owned(), args: args.clone(), purpose });
        }
        self.steps.push(MindStep::Call { wish, tool: tool.to_owned(), args });
    }
}
