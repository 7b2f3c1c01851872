//! Somebody who talks to the product.

use crate::TestApp;
use patchbay_core::id::{ActionId, ConversationId, CustomerId, VisitorId};
use patchbay_core::reply::{Proposal, Reply};
use patchbay_core::words::Level;
use patchbay_core::{Customer, Personal, Session, Timestamp};
use patchbay_service::{Inbound, Received, Refused};
use std::time::Duration;

/// What a customer of the company is called here.
pub(crate) fn pseudonym(external: &str) -> CustomerId {
    CustomerId::parse(&format!("cus_{external}")).unwrap()
}

/// A person with a session and, once they have spoken, a conversation.
#[derive(Debug, Clone)]
pub struct Persona {
    /// Their session.
    pub session: Session,
    conversation: Option<ConversationId>,
}

impl Persona {
    pub(crate) fn customer(external: &str) -> Self {
        let customer = Customer { id: pseudonym(external), external: Personal::identity(external.to_owned()) };
        let visitor = VisitorId::parse(&format!("vis_{external}")).unwrap();
        let session =
            Session { visitor, customer: Some(customer), level: Level::Identified, until: Timestamp(i64::MAX), channel: "web".to_owned() };
        Self { session, conversation: None }
    }

    pub(crate) fn visitor() -> Self {
        Self { session: Session::anonymous(VisitorId::parse("vis_somebody").unwrap(), "web"), conversation: None }
    }

    /// Their conversation, opened at the first need.
    pub async fn conversation(&mut self, app: &TestApp) -> ConversationId {
        if self.conversation.is_none() {
            let (service, session) = (app.service(), self.session.clone());
            self.conversation = Some(app.inside(async move { service.open(&session, None).await }).await.unwrap());
        }
        self.conversation.clone().unwrap()
    }

    /// Says something and waits for the reply.
    pub async fn says(&mut self, app: &TestApp, text: &str) -> Reply {
        let received = self.sends(app, text, None).await.unwrap();
        self.hears(app, &received).await
    }

    /// Sends a message, with an id of their own or without, and does not wait for the reply.
    ///
    /// # Errors
    /// As the driver refuses it.
    pub async fn sends(&mut self, app: &TestApp, text: &str, client: Option<&str>) -> Result<Received, Refused> {
        let inbound = Inbound {
            conversation: self.conversation(app).await,
            client: client.map(str::to_owned),
            text: text.to_owned(),
            picked: None,
            files: Vec::new(),
        };
        let (service, session) = (app.service(), self.session.clone());
        app.inside(async move { service.receive(&session, inbound).await }).await
    }

    /// Waits for the reply to something accepted.
    pub async fn hears(&self, app: &TestApp, received: &Received) -> Reply {
        let (service, received) = (app.service(), received.clone());
        let reply = app.inside(async move { service.wait_reply(&received, Duration::from_secs(20)).await }).await;
        reply.unwrap().expect("a reply within 20 s")
    }

    /// Presses yes on a card and waits for the reply.
    pub async fn confirms(&mut self, app: &TestApp, card: &Proposal) -> Reply {
        let received = self.decides(app, &card.id, true, Some(&card.digest)).await.unwrap();
        self.hears(app, &received).await
    }

    /// Decides on a card and does not wait for the reply.
    ///
    /// # Errors
    /// As the driver refuses it.
    pub async fn decides(&mut self, app: &TestApp, action: &ActionId, yes: bool, digest: Option<&str>) -> Result<Received, Refused> {
        let conversation = self.conversation(app).await;
        let (service, session, action, digest) = (app.service(), self.session.clone(), action.clone(), digest.map(str::to_owned));
        app.inside(async move { service.decide(&session, &conversation, &action, yes, digest).await }).await
    }
}
