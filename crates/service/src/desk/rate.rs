//! What customers say about it: a resolution once, an answer with a thumb.

use crate::actor::Actor;
use crate::inbound::Received;
use crate::{Refused, load};
use patchbay_core::Session;
use patchbay_core::event::{Event, TurnCause};
use patchbay_core::handoff::Survey;
use patchbay_core::id::TurnId;
use patchbay_core::log::{Claim, StreamId};

/// A thumb may be changed so many times.
const THUMBS: u32 = 5;

/// A customer's rating.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    /// What is rated: the last resolution, or one answer.
    pub kind: Survey,
    /// The answer.
    pub turn: Option<TurnId>,
    /// 1 to the best score for a resolution; 1 or 0 for an answer.
    pub score: u8,
    /// Why, in their own words.
    pub reason: Option<String>,
}

impl Actor {
    /// Takes a rating. A resolution is rated once, and only when it was asked for; the latest thumb of an answer counts.
    pub(crate) async fn rate(&mut self, session: &Session, rating: Rating) -> Result<Received, Refused> {
        let now = self.now();
        load::belongs(session, &self.session, now)?;
        let (claims, event) = match rating.kind {
            Survey::Csat => self.satisfaction(rating)?,
            Survey::Helpful => self.thumb(rating).await?,
        };
        let before = self.unwritten();
        self.pending.push((now, event));
        self.write(before, claims).await?;
        Ok(self.done(None))
    }

    fn satisfaction(&self, rating: Rating) -> Result<(Vec<Claim>, Event), Refused> {
        let (n, scale) = self.people.surveyed.ok_or(Refused::NotSurveyed)?;
        if !(1..=scale).contains(&rating.score) {
            return Err(Refused::Invalid { field: "score", why: format!("a score lies between 1 and {scale}") });
        }
        let claim = Claim { kind: "rating".to_owned(), key: format!("{}/{n}", self.id), result: rating.score.to_string() };
        let staff = self.people.handoffs.last().and_then(|handoff| handoff.owners.last().cloned());
        let reason = Self::in_words(rating.reason);
        Ok((vec![claim], Event::Rated { survey: Survey::Csat, turn: None, n: Some(n), score: rating.score, scale, staff, reason }))
    }

    async fn thumb(&self, rating: Rating) -> Result<(Vec<Claim>, Event), Refused> {
        let turn = rating.turn.ok_or(Refused::Invalid { field: "turn", why: "name the answer".to_owned() })?;
        if rating.score > 1 {
            return Err(Refused::Invalid { field: "score", why: "an answer helped (1) or did not (0)".to_owned() });
        }
        if self.people.rated.get(&turn).is_some_and(|times| *times >= THUMBS) {
            return Err(Refused::AlreadyRated);
        }
        let events = load::stream(&*self.service.0.parts.log, &StreamId::conversation(&self.id), 0).await?;
        let answered = |event: &Event| matches!(event, Event::TurnOpened { turn: of, cause, .. } if *of == turn && !matches!(cause, TurnCause::Settle { .. }));
        if !events.iter().any(|event| answered(&event.event)) {
            return Err(Refused::NotFound);
        }
        let reason = Self::in_words(rating.reason);
        let (turn, score) = (Some(turn), rating.score);
        Ok((Vec::new(), Event::Rated { survey: Survey::Helpful, turn, n: None, score, scale: 1, staff: None, reason }))
    }
}
