//! Who is awake: the actors by conversation, and the signals that wake listeners.

use patchbay_core::id::ConversationId;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tokio::sync::{broadcast, mpsc};

/// From this many conversations on, those that nobody listens to any more are swept out now and then.
const SWEPT_FROM: usize = 64;

/// What listeners of a conversation are told. The log has the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Signal {
    /// The stream is longer now.
    Grew,
    /// What is being done; never logged.
    Progress(String),
}

/// The actors and the listeners, by conversation.
#[derive(Debug)]
pub(crate) struct Live<Command> {
    actors: Mutex<HashMap<ConversationId, mpsc::UnboundedSender<Command>>>,
    listeners: Mutex<HashMap<ConversationId, broadcast::Sender<Signal>>>,
}

impl<Command> Default for Live<Command> {
    fn default() -> Self {
        Self { actors: Mutex::default(), listeners: Mutex::default() }
    }
}

impl<Command> Live<Command> {
    /// Hands a command to the conversation's actor, which `spawn` starts when it sleeps.
    pub(crate) fn send(
        &self,
        conversation: &ConversationId,
        mut command: Command,
        spawn: impl Fn(mpsc::UnboundedSender<Command>, mpsc::UnboundedReceiver<Command>),
    ) {
        let mut actors = self.actors.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(actor) = actors.get(conversation) {
            match actor.send(command) {
                Ok(()) => return,
                Err(returned) => command = returned.0,
            }
        }
        let (sender, receiver) = mpsc::unbounded_channel();
        if sender.send(command).is_ok() {
            spawn(sender.clone(), receiver);
            actors.insert(conversation.clone(), sender);
        }
    }

    /// Lets an actor go to sleep, unless a command has come in the meantime.
    pub(crate) fn retire(&self, conversation: &ConversationId, receiver: &mut mpsc::UnboundedReceiver<Command>) -> bool {
        let mut actors = self.actors.lock().unwrap_or_else(PoisonError::into_inner);
        if !receiver.is_empty() {
            return false;
        }
        actors.remove(conversation);
        receiver.close();
        true
    }

    /// Listens to a conversation.
    pub(crate) fn listen(&self, conversation: &ConversationId) -> broadcast::Receiver<Signal> {
        let mut listeners = self.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        if listeners.len() >= SWEPT_FROM && listeners.len().is_power_of_two() {
            listeners.retain(|_, listeners| listeners.receiver_count() > 0);
        }
        listeners.entry(conversation.clone()).or_insert_with(|| broadcast::channel(64).0).subscribe()
    }

    /// Wakes the listeners of a conversation.
    pub(crate) fn signal(&self, conversation: &ConversationId, signal: Signal) {
        let mut listeners = self.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        if listeners.get(conversation).is_some_and(|listeners| listeners.send(signal).is_err()) {
            listeners.remove(conversation);
        }
    }
}
