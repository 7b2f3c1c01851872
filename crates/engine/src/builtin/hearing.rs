//! How the built-in mind hears: the port to the understanding of messages, and what it is taught.

use super::lexicon::{Lexicon, Utterance};
use super::reading::Patterns;
use crate::understand::Example;
use patchbay_core::declare::Company;
use patchbay_core::mind::Understanding;
use std::sync::{Arc, PoisonError, RwLock};

/// The mark before the name of a declined topic, as a label of the understanding.
const TOPIC: &str = "topic:";
/// The mark before a kind of small talk, as a label of the understanding.
const TALK: &str = "talk:";
/// The label of everything that is answered from the written knowledge.
const KNOWLEDGE: &str = "knowledge:";

/// Understands single messages. It knows labels and examples, not skills.
pub trait Understands: Send + Sync {
    /// What a message is about: zone, best label (as `skill`), ranked labels, the scores behind it.
    fn read(&self, text: &str) -> Understanding;

    /// Which of a few short descriptions a text means, when one clearly wins.
    fn similar(&self, text: &str, candidates: &[String]) -> Option<usize>;
}

/// A sense in use: what hears, or what knows. A better one, ready later, takes its place while conversations go on.
pub struct InUse<T: ?Sized>(RwLock<Arc<T>>);

/// The understanding in use.
pub type Hearing = InUse<dyn Understands>;

impl<T: ?Sized> InUse<T> {
    /// Begins with this one.
    #[must_use]
    pub fn new(first: Arc<T>) -> Self {
        Self(RwLock::new(first))
    }

    /// From the next message on, this one is used.
    pub fn replace(&self, better: Arc<T>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = better;
    }

    /// The one that is used now.
    #[must_use]
    pub fn current(&self) -> Arc<T> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What a label of the understanding stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label<'a> {
    /// A skill.
    Skill(&'a str),
    /// A topic that is declined.
    Topic(&'a str),
    /// Small talk.
    Talk(Utterance),
    /// How things are for everybody, as it is written down.
    Knowledge,
}

impl<'a> Label<'a> {
    /// Reads a label.
    pub(super) fn of(label: &'a str) -> Option<Self> {
        if let Some(topic) = label.strip_prefix(TOPIC) {
            return Some(Self::Topic(topic));
        }
        if label == KNOWLEDGE {
            return Some(Self::Knowledge);
        }
        match label.strip_prefix(TALK) {
            Some(talk) => TAUGHT.iter().find(|(name, _)| *name == talk).map(|(_, kind)| Self::Talk(*kind)),
            None => Some(Self::Skill(label)),
        }
    }
}

/// Small talk that is told from wishes by the understanding too, not only word by word.
const TAUGHT: [(&str, Utterance); 5] = [
    ("greeting", Utterance::Greeting),
    ("thanks", Utterance::Thanks),
    ("goodbye", Utterance::Goodbye),
    ("abilities", Utterance::Abilities),
    ("repeat", Utterance::Repeat),
];

/// The label of the understanding for what somebody calls by its name: a skill, a topic (`topic:returns` or only `returns`), or
/// `knowledge`.
#[must_use]
pub fn label_of(company: &Company, name: &str) -> Option<String> {
    let topic = name.strip_prefix(TOPIC).unwrap_or(name);
    match name {
        _ if company.skills.contains_key(name) => Some(name.to_owned()),
        _ if company.topics.contains_key(topic) => Some(format!("{TOPIC}{topic}")),
        _ if name == name_of(KNOWLEDGE) => Some(KNOWLEDGE.to_owned()),
        _ => None,
    }
}

/// How people read a label of the understanding.
#[must_use]
pub fn name_of(label: &str) -> &str {
    label.trim_end_matches(':')
}

/// Is a label one of the company's own, and not of the small talk that everybody brings along?
#[must_use]
pub fn is_own(label: &str) -> bool {
    !label.starts_with(TALK)
}

/// A message as the understanding hears it: short forms in full, numbers of orders and the like by what they are.
#[must_use]
pub fn as_heard(company: &Company, text: &str) -> String {
    Lexicon::of(&company.language).spelled_out(&Patterns::of(company).named(text))
}

/// What else the understanding is built from where there is knowledge: how its passages are asked for. That is how a question
/// about how things are is told from one about the customer's own business.
#[must_use]
pub fn examples_of_knowledge(company: &Company, asked: &[String]) -> Vec<Example> {
    let (lexicon, patterns) = (Lexicon::of(&company.language), Patterns::of(company));
    let example = |text: &String| Example::said(KNOWLEDGE, lexicon.spelled_out(&patterns.named(text)));
    asked.iter().map(example).collect()
}

/// Everything the understanding is built from: examples of the skills, of the topics, and of small talk, and what skills and topics
/// are called.
#[must_use]
pub fn examples(company: &Company) -> Vec<Example> {
    let lexicon = Lexicon::of(&company.language);
    let skills = company.skills.values().map(|skill| (skill.name.clone(), skill.examples.as_slice()));
    let topics = company.topics.iter().map(|(name, topic)| (format!("{TOPIC}{name}"), topic.examples.as_slice()));
    let talk = TAUGHT.iter().map(|(name, kind)| (format!("{TALK}{name}"), lexicon.examples(*kind)));
    let labelled = skills.chain(topics).chain(talk);
    let patterns = Patterns::of(company);
    let spelled = |text: &str| lexicon.spelled_out(&patterns.named(text));
    let said = labelled.flat_map(|(label, texts)| texts.iter().map(|text| Example::said(&label, spelled(text))).collect::<Vec<_>>());
    said.chain(descriptions(company).into_iter().map(|(label, text)| Example::describing(label, spelled(&text)))).collect()
}

/// What skills and topics are called and how they are described: beside few examples it helps as much as two more of them.
fn descriptions(company: &Company) -> Vec<(String, String)> {
    let called = |name: &str| name.replace(['_', '-'], " ");
    let skills = company.skills.values().filter(|skill| !skill.examples.is_empty());
    let skills = skills.flat_map(|skill| [called(&skill.name), skill.describe.clone()].map(|text| (skill.name.clone(), text)));
    let topics = company.topics.keys().map(|name| (format!("{TOPIC}{name}"), called(name)));
    skills.chain(topics).filter(|(_, text)| !text.trim().is_empty()).collect()
}
