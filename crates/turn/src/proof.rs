//! Identification in words: what the customer says is looked up, and only a single match makes it their session.

use crate::Effect;
use crate::turn::Turn;
use crate::wish::Node;
use patchbay_core::declare::Lookup;
use patchbay_core::mind::ProofOutcome;
use patchbay_core::words::{CallOutcome, RefusalCode};
use patchbay_core::{Event, Session, Value};
use std::collections::BTreeMap;

/// The wish that looks somebody up. No mind can use its number.
pub(crate) const IDENTITY: u32 = u32::MAX;

/// Where the proof in words stands in this turn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Proof {
    /// Tries that count against the customer.
    pub(crate) tries: u32,
    /// Tries in this turn.
    n: u32,
    /// The lookup under way, until the session is the customer's or nobody was found.
    looking: Option<Lookup>,
    /// How the last one ended, until the mind is told.
    pub(crate) untold: Option<ProofOutcome>,
}

impl Proof {
    /// With so many tries before this turn.
    pub(crate) fn after(tries: u32) -> Self {
        Self { tries, ..Self::default() }
    }

    /// Does the turn wait for it?
    pub(crate) fn under_way(&self) -> bool {
        self.looking.is_some()
    }

    /// Gives up what is under way; a try stays a try.
    pub(crate) fn drop(&mut self) {
        self.looking = None;
        self.untold = None;
    }
}

impl Turn {
    /// The lookups by which the customer may prove more than they have now.
    pub(crate) fn open_lookups(&self) -> Vec<String> {
        let level = self.opening.session.level_at(self.now);
        let open = self.house.company.lookups.iter().filter(|lookup| self.proof.tries < lookup.attempts && lookup.gives > level);
        open.filter(|_| self.words_may_prove()).map(|lookup| lookup.name.clone()).collect()
    }

    /// Were there too many tries?
    pub(crate) fn locked(&self) -> bool {
        let lookups = &self.house.company.lookups;
        self.words_may_prove() && !lookups.is_empty() && lookups.iter().all(|lookup| self.proof.tries >= lookup.attempts)
    }

    /// What a token has proven is never replaced by words.
    fn words_may_prove(&self) -> bool {
        self.opening.session.customer.is_none() || self.opening.proven_by.is_some()
    }

    /// The mind has what a lookup asks for. The try is recorded before the lookup starts.
    pub(crate) fn identify(&mut self, name: &str, mut answers: BTreeMap<String, Value>) {
        if self.silent || self.proof.under_way() || self.over_budget(1) {
            return;
        }
        let open = self.open_lookups().iter().any(|open| open == name);
        let Some(lookup) = self.house.lookup(name).filter(|_| open).cloned() else {
            self.proof.untold = Some(if self.locked() { ProofOutcome::Locked } else { ProofOutcome::NotProven });
            return;
        };
        self.proof.tries += 1;
        self.proof.n += 1;
        self.record(Event::ProofTried { turn: self.opening.id.clone(), n: self.proof.n, lookup: lookup.name.clone() });
        answers.retain(|piece, _| lookup.ask.contains(piece));
        let args = self.house.gate.written(&lookup.tool, &answers);
        self.plan(IDENTITY, &lookup.tool, args, vec![lookup.tool.clone()], Vec::new(), None);
        self.proof.looking = Some(lookup);
    }

    /// The lookup has answered. Nobody, several, and somebody whose conversation this is not are all the same: not proven.
    pub(crate) fn somebody_found(&mut self) {
        if let Some(wish) = self.wishes.get_mut(&IDENTITY) {
            wish.ended = true;
        }
        let (Some(wish), Some(lookup)) = (self.wishes.get(&IDENTITY), self.proof.looking.clone()) else { return };
        let field = lookup.customer.strip_prefix(&lookup.tool).and_then(|rest| rest.strip_prefix('.')).unwrap_or_default();
        let found = wish.facts.get(&lookup.tool).and_then(|released| released.value.at(field)).and_then(single);
        let outcome = match (found, wish.nodes.get(&lookup.tool)) {
            (Some(external), Some(Node::Ok)) if self.may_become(&external) => {
                let (level, until) = (lookup.gives, self.now.plus(lookup.lasts));
                self.out.push(Effect::Identify { lookup: lookup.name, external, level, until });
                return;
            }
            (_, Some(Node::Failed { refusal: Some(RefusalCode::Limit), .. })) => ProofOutcome::Locked,
            (_, Some(Node::Failed { outcome, .. })) if no_answer(*outcome) => ProofOutcome::Unreachable,
            _ => ProofOutcome::NotProven,
        };
        self.proof_ended(&lookup, outcome);
    }

    /// A conversation is one customer's, also after their proof has run out.
    fn may_become(&self, external: &str) -> bool {
        self.opening.session.customer.as_ref().is_none_or(|known| known.external.get().is_some_and(|known| known == external))
    }

    /// The session is the customer's now, and what was wished for can go on.
    pub(crate) fn identified(&mut self, session: Session) {
        let Some(lookup) = self.proof.looking.clone() else { return };
        self.opening.session = session;
        self.opening.proven_by = Some(lookup.name.clone());
        self.proof_ended(&lookup, ProofOutcome::Proven);
        self.load_customer();
    }

    fn proof_ended(&mut self, lookup: &Lookup, outcome: ProofOutcome) {
        self.proof.looking = None;
        match outcome {
            ProofOutcome::Proven => self.proof.tries = 0,
            ProofOutcome::Unreachable => self.proof.tries = self.proof.tries.saturating_sub(1),
            ProofOutcome::Locked => self.proof.tries = u32::MAX,
            ProofOutcome::NotProven => {}
        }
        self.record(Event::ProofEnded { turn: self.opening.id.clone(), n: self.proof.n, lookup: lookup.name.clone(), outcome });
        self.proof.untold = Some(if self.locked() { ProofOutcome::Locked } else { outcome });
    }
}

/// The id, where there is exactly one.
fn single(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::List(list) => match list.as_slice() {
            [one] => single(one),
            _ => None,
        },
        _ => None,
    }
}

/// Did the backend not answer at all, so that nothing was learned?
fn no_answer(outcome: CallOutcome) -> bool {
    use CallOutcome as Outcome;
    matches!(outcome, Outcome::Timeout | Outcome::Unreachable | Outcome::BreakerOpen | Outcome::RateLimited | Outcome::Unknown)
}
