//! Who is speaking, and what they have proven.

use crate::id::{CustomerId, VisitorId};
use crate::words::Level;
use crate::{Personal, Timestamp};
use serde::{Deserialize, Serialize};

/// A proven customer: our pseudonym and the company's own id, which the gate binds into calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Our pseudonym, made from the company's id with a secret of this installation.
    pub id: CustomerId,
    /// The company's own id for this customer.
    pub external: Personal<String>,
}

/// Whose session it is: the only source of identity arguments. Nothing a customer or a model writes ends up here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The browser or command line that speaks.
    pub visitor: VisitorId,
    /// The proven customer, if any.
    pub customer: Option<Customer>,
    /// What has been proven.
    pub level: Level,
    /// When that proof runs out.
    pub until: Timestamp,
    /// The channel it came through, by its name in the configuration.
    pub channel: String,
}

impl Session {
    /// A visitor who has proven nothing.
    #[must_use]
    pub fn anonymous(visitor: VisitorId, channel: &str) -> Self {
        Self { visitor, customer: None, level: Level::Anonymous, until: Timestamp(i64::MAX), channel: channel.to_owned() }
    }

    /// The level that holds at this time: an expired proof is none.
    #[must_use]
    pub fn level_at(&self, now: Timestamp) -> Level {
        if now < self.until { self.level } else { Level::Anonymous }
    }

    /// The company's own id of the customer, while the proof holds.
    #[must_use]
    pub fn external_id(&self, now: Timestamp) -> Option<&str> {
        (self.level_at(now) > Level::Anonymous).then_some(self.customer.as_ref()?.external.get()?.as_str())
    }
}
