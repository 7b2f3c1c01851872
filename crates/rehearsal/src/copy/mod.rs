//! From a conversation to a test: the customer's words, what the backends released, and what came of it.
//!
//! The log keeps of an answer only what the gate released. From that an answer is written that releases the same again: the
//! selected values at their places, and what the guard compares. Nothing else of the company's data gets into a test, because
//! nothing else is there. People, addresses and numbers in it get other names (`disguise`), so that the test can be kept.

mod answer;
mod calls;
mod disguise;
mod path;
mod steps;
mod yaml;

use disguise::Disguise;
use patchbay_core::declare::Company;
use patchbay_core::event::{Event, Recorded};
use patchbay_core::words::Level;
use patchbay_core::{Session, Timestamp};
use std::time::Duration;

pub use yaml::NotThere;

/// How much time passes before a step of a test that says nothing about it.
const USUAL_PAUSE: Duration = Duration::from_secs(10);

/// A conversation as a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// The test as an entry of a file of tests.
    pub text: String,
    /// What could not be copied and has to be stated by hand, one sentence each.
    pub left_out: Vec<String>,
}

impl Copied {
    /// The test as a file of its own, with a word to whoever opens it.
    #[must_use]
    pub fn file(&self) -> String {
        let mut file =
            "# Names, addresses and numbers that are known as such have been replaced. Look through the words before you keep them.\n"
                .to_owned();
        file.extend(self.left_out.iter().map(|left_out| format!("# To be stated by hand: {left_out}\n")));
        file + &self.text
    }
}

/// Why a conversation cannot be made a test.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotCopy {
    /// Nobody wrote anything.
    #[error("nobody wrote anything in this conversation, so there is nothing to test")]
    Empty,
    /// Its words are gone.
    #[error("what was written in this conversation has been forgotten; a test needs the words")]
    Forgotten,
}

/// Writes a conversation down as a test of the company it was held with. `name` says what must happen; the customer's first words
/// when left out.
///
/// # Errors
/// When nobody wrote anything, or it was forgotten.
pub fn as_test(events: &[Recorded], company: &Company, name: Option<&str>) -> Result<Copied, CannotCopy> {
    let session = session(events).ok_or(CannotCopy::Empty)?;
    let mut steps = steps::steps(events, company)?;
    let first = steps.first().ok_or(CannotCopy::Empty)?;
    let began = began(first.at);
    let mut answers = calls::answers(events, company, &session);
    let mut persona = persona(&session).map(|(id, level)| (id.to_owned(), level));
    let mut disguise = Disguise::of_customer(persona.as_ref().map(|(id, _)| id.as_str()));
    answers.stated.values().flatten().for_each(|given| given.learned_by(&mut disguise));
    steps.iter().for_each(|step| step.learned_by(&mut disguise));
    answers.stated.values_mut().flatten().for_each(|given| given.put_on(&mut disguise));
    steps.iter_mut().for_each(|step| step.put_on(&mut disguise));
    persona.iter_mut().for_each(|(id, _)| *id = disguise.text(id));
    let name = name.map_or_else(|| steps[0].words().to_owned(), str::to_owned);
    Ok(Copied { text: yaml::test(&name, persona, began, &steps, &answers.stated), left_out: answers.left_out })
}

/// The text of a file of tests in which the test at this line states the answers of a conversation, and the time it began at.
///
/// # Errors
/// When the test is not written so that lines can be put into it.
pub fn with_answers(file: &str, line: usize, events: &[Recorded], company: &Company) -> Result<Copied, NotThere> {
    let answers = session(events).map(|session| calls::answers(events, company, &session)).unwrap_or_default();
    let first = events.iter().find(|recorded| matches!(recorded.event, Event::TurnOpened { .. }));
    let text = yaml::with_answers(file, line, first.map(|recorded| began(recorded.at)), &answers.stated)?;
    Ok(Copied { text, left_out: answers.left_out })
}

/// What time a test begins at whose first step is at this time.
fn began(first: Timestamp) -> Timestamp {
    let whole = first.0 - first.0.rem_euclid(1000);
    Timestamp(whole - i64::try_from(USUAL_PAUSE.as_millis()).unwrap_or_default())
}

/// Who speaks: as they came, or as they were known to the host later on. What words proved is proven again by the same words.
fn session(events: &[Recorded]) -> Option<Session> {
    let mut found: Option<Session> = None;
    for recorded in events {
        match &recorded.event {
            Event::ConversationOpened { session, .. } => found = Some(session.clone()),
            Event::SessionChanged { session, by: None } if found.as_ref().is_none_or(|known| known.level < session.level) => {
                found = Some(session.clone());
            }
            _ => {}
        }
    }
    found
}

/// The company's own id of whoever speaks, with the level it was proven at.
fn persona(session: &Session) -> Option<(&str, Level)> {
    let customer = session.customer.as_ref().and_then(|customer| customer.external.get())?;
    Some((customer.as_str(), session.level))
}
