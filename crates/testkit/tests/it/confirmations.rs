//! A thousand yeses that must not count: changed, replayed, late, out of order, from somebody else. Nothing is ever carried out.

use crate::card;
use patchbay_core::id::ActionId;
use patchbay_core::reply::Proposal;
use patchbay_core::words::ReplyStatus;
use patchbay_testkit::{Persona, TestApp};
use std::time::Duration;

/// Cards that are shown, one after the other.
const CARDS: usize = 25;
/// Wrong yeses for each of them.
const YESES: usize = 40;

/// Chance that can be repeated.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }

    fn pick<'t, T>(&mut self, among: &'t [T]) -> &'t T {
        &among[self.below(among.len())]
    }
}

/// A digest that was never shown: one letter changed, left out or added.
fn mutated(dice: &mut Dice, digest: &str) -> String {
    let at = dice.below(digest.len());
    let (before, after) = digest.split_at(at);
    match dice.below(5) {
        0 => format!("{before}{}", &after[1..]),
        1 => format!("{before}0{after}"),
        2 => format!("{before}{}{}", if after.starts_with('f') { '0' } else { 'f' }, &after[1..]),
        3 => digest.to_uppercase().replace(char::is_lowercase, "A") + "=",
        _ => String::new(),
    }
}

/// One wrong yes: who says it, to which card, with which digest.
fn wrong(
    dice: &mut Dice,
    mika: &Persona,
    others: &[Persona],
    card: &Proposal,
    earlier: &[Proposal],
) -> (Persona, ActionId, Option<String>) {
    let somebody = |dice: &mut Dice| {
        // Somebody else who has learned the address of Mika's conversation.
        let mut intruder = mika.clone();
        intruder.session = dice.pick(others).session.clone();
        intruder
    };
    let right = Some(card.digest.clone());
    match dice.below(6) {
        0 => (mika.clone(), card.id.clone(), Some(mutated(dice, &card.digest))),
        1 => (mika.clone(), card.id.clone(), None),
        2 => (somebody(dice), card.id.clone(), right),
        3 => (dice.pick(others).clone(), card.id.clone(), right),
        4 => (mika.clone(), ActionId::from_bits(dice.below(1 << 30) as u128), right),
        _ if earlier.is_empty() => (mika.clone(), card.id.clone(), None),
        // What was shown before, exactly as it was, or with the digest of another card.
        _ => (mika.clone(), dice.pick(earlier).id.clone(), Some(dice.pick(earlier).digest.clone())),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_wrong_yeses_carry_out_nothing() {
    let app = TestApp::start().await;
    let (mut mika, mut dice) = (app.mika(), Dice(0x5eed_0001));
    let others = [app.bob(), app.visitor()];
    let mut earlier: Vec<Proposal> = Vec::new();
    for round in 0..CARDS {
        let shown = card(&app, &mut mika).await;
        for n in 0..YESES {
            let (mut who, action, digest) = wrong(&mut dice, &mika, &others, &shown, &earlier);
            let decided = who.decides(&app, &action, true, digest.as_deref()).await;
            assert!(decided.is_err(), "card {round}, yes {n} counts: {action} {digest:?}");
        }
        // The card ends in one of the ways cards end without a yes: declined, run out, or replaced by the next one.
        match dice.below(3) {
            0 => assert_ne!(mika.says(&app, "no").await.status, ReplyStatus::Done),
            1 => app.clock().advance(Duration::from_secs(601)),
            _ => {}
        }
        earlier.push(shown);
    }
    assert!(app.effects().is_empty(), "{:?}", app.effects());
    // The very same wish with the right yes is carried out, once: nothing but the yeses was wrong.
    let shown = card(&app, &mut mika).await;
    assert_eq!(mika.confirms(&app, &shown).await.status, ReplyStatus::Done);
    assert_eq!(app.effects().len(), 1);
}
