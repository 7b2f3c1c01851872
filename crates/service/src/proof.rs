//! Proof in words on the driver's side: tries are counted in the log, a found customer becomes the session of the conversation.

use crate::actor::Actor;
use crate::{Refused, load};
use patchbay_core::declare::Access;
use patchbay_core::event::{Event, Recorded};
use patchbay_core::log::{Position, StreamId};
use patchbay_core::mind::ProofOutcome;
use patchbay_core::words::{CallOutcome, Level, RefusalCode};
use patchbay_core::{Customer, Personal, Session, Timestamp};
use patchbay_turn::Answer;
use std::time::Duration;

/// Tries of one visitor are counted over this long, whatever conversation they were made in.
const COUNTED: Duration = Duration::from_secs(24 * 3600);

impl Actor {
    /// Does the tool find out who somebody is?
    pub(crate) fn is_lookup(&self, tool: &str) -> bool {
        self.service.house().company.tools.get(tool).is_some_and(|tool| tool.access == Access::Lookup)
    }

    /// Tries of this visitor that proved nothing in the day before `now`; up to a place in the log, where one is given.
    pub(crate) async fn tries_of_visitor(&self, now: Timestamp, before: Option<Position>) -> Result<u32, Refused> {
        if self.service.house().company.lookups.is_empty() {
            return Ok(0);
        }
        let events = self.visitor_stream().await?;
        Ok(count(events.iter().filter(|event| before.is_none_or(|before| event.position < before)), now))
    }

    async fn visitor_stream(&self) -> Result<Vec<Recorded>, Refused> {
        load::stream(&*self.service.0.parts.log, &StreamId::visitor(&self.session.visitor), 0).await
    }

    /// The answer in place of a lookup when the visitor has tried too often. Every try is in the visitor's stream before it leaves,
    /// and counts with those written before it: tries in several conversations at once do not get past each other. Where they
    /// cannot be counted nobody is looked up.
    pub(crate) async fn no_more_tries(&self, proving: bool) -> Option<Answer> {
        if !proving {
            return None;
        }
        let own = self.open.as_ref().map(|open| open.turn.id().clone());
        let tries = self.visitor_stream().await.map(|events| {
            let place =
                events.iter().rposition(|event| matches!(&event.event, Event::ProofTried { turn, .. } if Some(turn) == own.as_ref()));
            let later_try =
                |n: usize, event: &Recorded| place.is_some_and(|place| n > place) && matches!(event.event, Event::ProofTried { .. });
            count(events.iter().enumerate().filter(|(n, event)| !later_try(*n, event)).map(|(_, event)| event), self.now())
        });
        let most = self.service.house().company.lookups.iter().map(|lookup| lookup.attempts).max().unwrap_or(0);
        match tries {
            Ok(tries) if tries <= most => None,
            Ok(_) => {
                let answer = Answer::none(CallOutcome::Refused, "this visitor has tried too often to prove who they are");
                Some(Answer { refusal: Some(RefusalCode::Limit), ..answer })
            }
            Err(error) => Some(Answer::none(CallOutcome::Unreachable, format!("the visitor's tries cannot be counted: {error}"))),
        }
    }

    /// Makes the found customer's session the conversation's. What is written from now on is sealed with the customer's key.
    pub(crate) fn prove(&mut self, lookup: String, external: String, level: Level, until: Timestamp) -> Session {
        let id = (self.service.0.parts.pseudonym)(&external);
        let customer = Some(Customer { id, external: Personal::identity(external) });
        self.session = Session { customer, level, until, ..self.session.clone() };
        self.pending.push((self.now(), Event::SessionChanged { session: self.session.clone(), by: Some(lookup) }));
        self.session.clone()
    }

    /// The session after a further message without a token: what words have proven holds as long as the customer goes on writing,
    /// and what has run out stays so.
    pub(crate) fn kept_proof(&self, by: &str, now: Timestamp) -> Session {
        let lookup = self.service.house().company.lookups.iter().find(|lookup| lookup.name == by);
        let until = lookup.filter(|_| now < self.session.until).map(|lookup| now.plus(lookup.lasts));
        Session { until: until.unwrap_or(self.session.until), ..self.session.clone() }
    }
}

/// Tries of the last day that proved nothing.
fn count<'e>(events: impl Iterator<Item = &'e Recorded>, now: Timestamp) -> u32 {
    events.filter(|event| now.since(event.at) < COUNTED).fold(0, |count: u32, event| match &event.event {
        Event::ProofTried { .. } => count.saturating_add(1),
        Event::ProofEnded { outcome: ProofOutcome::Proven | ProofOutcome::Unreachable, .. } => count.saturating_sub(1),
        _ => count,
    })
}
