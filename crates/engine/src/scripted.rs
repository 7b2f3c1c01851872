//! A mind that says what a script says, whatever it is asked: for tests, above all of minds that misbehave.

use patchbay_core::mind::{MindContext, MindDone, MindFailure, MindStep};
use patchbay_core::port::{Ear, Later, Mind};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// What is said to one question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Act {
    /// Said in this order.
    pub say: Vec<MindStep>,
    /// How it ends, when not well.
    pub then: Option<Ending>,
    /// What it wants to be given back.
    pub memory: serde_json::Value,
}

/// How a scripted mind fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It fails with this.
    Fail(MindFailure),
    /// It never comes back.
    Hang,
}

/// A mind that plays its acts one after another. After the last it says nothing more, or begins again.
#[derive(Debug)]
pub struct Scripted {
    acts: Mutex<VecDeque<Act>>,
    again: bool,
    asked: Mutex<Vec<MindContext>>,
}

impl Scripted {
    /// Plays these acts once.
    #[must_use]
    pub fn once(acts: impl IntoIterator<Item = Act>) -> Self {
        Self { acts: Mutex::new(acts.into_iter().collect()), again: false, asked: Mutex::default() }
    }

    /// Plays these acts for ever.
    #[must_use]
    pub fn forever(acts: impl IntoIterator<Item = Act>) -> Self {
        Self { again: true, ..Self::once(acts) }
    }

    /// Reads a script: a JSON list of acts.
    ///
    /// # Errors
    /// When it is no such list; the message has line and column.
    pub fn read(script: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str::<Vec<Act>>(script).map(Self::once)
    }

    /// Every question it was asked so far.
    #[must_use]
    pub fn asked(&self) -> Vec<MindContext> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn next(&self) -> Act {
        let mut acts = self.acts.lock().unwrap_or_else(PoisonError::into_inner);
        let act = acts.pop_front().unwrap_or_default();
        if self.again {
            acts.push_back(act.clone());
        }
        act
    }
}

impl Mind for Scripted {
    fn name(&self) -> &str {
        "scripted"
    }

    fn answer(&self, context: MindContext, ear: Ear) -> Later<'_, Result<MindDone, MindFailure>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(context);
        let act = self.next();
        Box::pin(async move {
            act.say.into_iter().for_each(ear);
            match act.then {
                None => Ok(MindDone { memory: act.memory }),
                Some(Ending::Fail(failure)) => Err(failure),
                Some(Ending::Hang) => std::future::pending().await,
            }
        })
    }
}
