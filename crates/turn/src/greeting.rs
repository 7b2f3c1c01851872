//! Greeting customers who have been here before: first in the conversation, as soon as it is known what the greeting speaks about.

use crate::turn::Turn;
use crate::wish::CUSTOMER;
use patchbay_core::Value;
use patchbay_core::mind::{Occasion, Speaker};
use std::collections::BTreeMap;

impl Turn {
    /// Asks the mind; whoever comes back is greeted first, and for that the mind waits until the facts about them are loaded.
    pub(crate) fn greet_and_ask(&mut self, occasion: Occasion) {
        if self.greeting().is_some() && self.wishes.contains_key(&CUSTOMER) {
            self.held = Some(occasion);
            return;
        }
        self.greet();
        self.ask(occasion);
    }

    /// Greets a customer who comes back. A greeting that cannot be rendered is left out.
    pub(crate) fn greet(&mut self) {
        let Some(text) = self.greeting() else { return };
        let Some((conversations, last_at)) = self.opening.earlier.take() else { return };
        let earlier = BTreeMap::from([
            ("conversations".to_owned(), Value::Number(conversations.into())),
            ("last_at".to_owned(), last_at.map_or(Value::Null, Value::Time)),
        ]);
        self.release_text(&text, BTreeMap::from([("earlier".to_owned(), Value::Map(earlier))]));
    }

    /// The text that greets this customer now, if one does: somebody has to be proven to be the one who came before. In the midst of
    /// a conversation nobody is greeted.
    fn greeting(&self) -> Option<String> {
        let begins = self.opening.history.iter().all(|line| line.who != Speaker::Bot);
        let proven = self.opening.session.external_id(self.now).is_some();
        self.house.company.welcome_back.clone().filter(|_| proven && begins && self.opening.earlier.is_some())
    }
}
