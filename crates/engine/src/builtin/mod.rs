//! The built-in mind: conversations from declared skills, slots and texts, without any model.
//!
//! It is asked with a `MindContext`, decides what to do next, and remembers in its own `memory` what is under way. The same
//! context, understanding and declarations give the same steps. What happens where:
//!
//! - `message`: a message comes in: an answer (`answers`), a `correction`, a digression, small talk or a wish (`wishes`);
//! - `steps`: the running skill goes on: first its `slots`, then its steps, until something has to be waited for;
//! - `knowledge`: a question about how things are for everybody is answered from what is written down;
//! - `proving`: a wish needs to know who the customer is, and words may prove it;
//! - `undoing`: what was done shall be undone;
//! - `outcome`: a call ended, or did not end in time; a write was carried out or declined.

mod absent;
mod addition;
mod answers;
mod apart;
mod asking;
mod assigning;
mod choose;
mod correction;
mod dated;
mod dialogue;
mod echo;
mod field;
mod hearing;
mod knowledge;
mod lexicon;
mod listed;
mod memory;
mod message;
mod objection;
mod offered;
mod outcome;
mod parts;
mod program;
mod proving;
mod reading;
mod records;
mod same;
mod scope;
mod several;
mod slots;
mod steps;
mod told;
mod trained;
mod turning_down;
mod unasked;
mod undoing;
mod wishes;
mod words;

pub use hearing::{Hearing, InUse, Understands, as_heard, examples, examples_of_knowledge, is_own, label_of, name_of};
pub use knowledge::{Knowing, Known, Knows};
pub use program::SkillProblem;
pub use trained::Trained;

use dialogue::Dialogue;
use knowledge::Unread;
use patchbay_core::declare::Company;
use patchbay_core::mind::{MindContext, MindDone, MindFailure};
use patchbay_core::port::{Ear, Later, Mind};
use patchbay_text::Texts;
use program::Programs;
use std::sync::Arc;

/// The mind that needs no model.
pub struct BuiltIn {
    company: Arc<Company>,
    texts: Arc<Texts>,
    hearing: Arc<Hearing>,
    knowing: Arc<Knowing>,
    programs: Programs,
}

impl BuiltIn {
    /// Makes the declared skills ready. The understanding is built from [`examples`] and may be replaced while it runs.
    ///
    /// # Errors
    /// When skills are wrong: every problem, not only the first.
    pub fn new(company: Arc<Company>, texts: Arc<Texts>, hearing: Arc<Hearing>) -> Result<Self, Vec<SkillProblem>> {
        let programs = Programs::compile(&company)?;
        Ok(Self { company, texts, hearing, knowing: Arc::new(Knowing::new(Arc::new(Unread))), programs })
    }

    /// Lets it answer from written knowledge too. That may be replaced while it runs.
    #[must_use]
    pub fn with_knowledge(self, knowing: Arc<Knowing>) -> Self {
        Self { knowing, ..self }
    }
}

impl Mind for BuiltIn {
    fn name(&self) -> &str {
        "builtin"
    }

    fn computes(&self) -> bool {
        true
    }

    fn answer(&self, context: MindContext, mut ear: Ear) -> Later<'_, Result<MindDone, MindFailure>> {
        Box::pin(async move {
            let dialogue = Dialogue::new(self, &context);
            let (steps, memory) = dialogue.answer();
            steps.into_iter().for_each(&mut ear);
            Ok(MindDone { memory })
        })
    }
}

/// Is a whole message a plain yes (`true`) or a plain no (`false`)? Anything more than that is neither.
#[must_use]
pub fn plain_yes_or_no(text: &str, language: &str) -> Option<bool> {
    use lexicon::{Lexicon, Utterance};
    let lexicon = Lexicon::of(language);
    let message = lexicon.words(text);
    match (lexicon.is(Utterance::Yes, &message), lexicon.is(Utterance::No, &message) || lexicon.is(Utterance::Stop, &message)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}
