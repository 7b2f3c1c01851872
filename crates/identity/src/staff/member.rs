//! The fold of a staff stream: who somebody is, what they are for, which links and sessions of theirs are open.

use super::factor::{Checks, Factor};
use patchbay_core::Timestamp;
use patchbay_core::event::{Event, Recorded};
use patchbay_core::id::StaffId;
use patchbay_core::words::Role;
use patchbay_factors::PasswordHash;
use std::collections::{BTreeMap, BTreeSet};

/// A member of the staff, as their stream tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub id: StaffId,
    /// Their name; empty once it is forgotten.
    pub name: String,
    /// Their address for e-mail, if one is known.
    pub email: Option<String>,
    /// What they are for.
    pub roles: BTreeSet<Role>,
    /// Do they belong to the staff now?
    pub active: bool,
    /// Are they away, so that nothing is offered to them?
    pub away: bool,
    /// Did they ever sign in?
    pub came: bool,
    /// Further ways to prove who they are, in the order they were added.
    pub factors: Vec<Factor>,
    /// The hash of their password, if they have one.
    pub(crate) password: Option<PasswordHash>,
    /// The time of the last one-time code that was taken.
    pub(crate) spent: Option<u64>,
    /// How many events were folded.
    pub(crate) length: u64,
    /// Hashes of links that were not used, and until when they work.
    links: BTreeMap<String, Timestamp>,
    /// Hashes of sessions that were not ended, and until when they last at most.
    sessions: BTreeMap<String, Timestamp>,
}

impl Member {
    /// Somebody of whom nothing is known yet.
    pub(crate) fn unknown(id: StaffId) -> Self {
        Self {
            id,
            name: String::new(),
            email: None,
            roles: BTreeSet::new(),
            active: false,
            away: false,
            came: false,
            factors: Vec::new(),
            password: None,
            spent: None,
            length: 0,
            links: BTreeMap::new(),
            sessions: BTreeMap::new(),
        }
    }

    /// Takes in the next event of the stream.
    pub(crate) fn apply(&mut self, recorded: &Recorded) {
        self.length = recorded.seq;
        match &recorded.event {
            Event::StaffAdded { name, email, roles, .. } => {
                self.name = name.get().cloned().unwrap_or_default();
                self.email = email.as_ref().and_then(|email| email.get().cloned());
                self.roles = roles.iter().copied().collect();
                self.active = true;
            }
            Event::StaffChanged { roles, active } => {
                self.roles = roles.iter().copied().collect();
                self.active = *active;
                // Whoever comes back begins anew: nothing that was open before may be good again.
                if !active {
                    self.links.clear();
                    self.sessions.clear();
                }
            }
            Event::AvailabilityChanged { away } => self.away = *away,
            Event::StartLinkMade { hash, expires } => {
                self.links.retain(|_, expires| *expires > recorded.at);
                self.links.insert(hash.clone(), *expires);
            }
            Event::StartLinkUsed { hash } => {
                self.links.remove(hash);
            }
            Event::PasswordSet { hash } => self.password = hash.get().cloned().map(PasswordHash::kept),
            Event::FactorAdded { factor, kind, label, secret } => {
                let checks = secret.get().and_then(|secret| Checks::kept(kind, secret));
                let label = label.get().cloned().unwrap_or_default();
                self.factors.extend(checks.map(|checks| Factor { id: factor.clone(), label, checks }));
            }
            Event::FactorRemoved { factor } => self.factors.retain(|kept| kept.id != *factor),
            Event::CodeSpent { step } => self.spent = self.spent.max(Some(*step)),
            Event::SignedIn { session, until, .. } => {
                self.came = true;
                self.sessions.retain(|_, until| *until > recorded.at);
                self.sessions.insert(session.clone(), *until);
            }
            Event::SignedOut { session: Some(session) } => {
                self.sessions.remove(session);
            }
            Event::SignedOut { session: None } => self.sessions.clear(),
            _ => {}
        }
    }

    /// Does the link with this hash still work?
    pub(crate) fn admits_link(&self, hash: &str, now: Timestamp) -> bool {
        self.active && self.links.get(hash).is_some_and(|expires| now < *expires)
    }

    /// Until when the session with this hash lasts, while it does.
    pub(crate) fn session(&self, hash: &str, now: Timestamp) -> Option<Timestamp> {
        self.sessions.get(hash).copied().filter(|until| self.active && now < *until)
    }
}
