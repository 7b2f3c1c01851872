//! "I don't need the large one, make it the small one": what is turned down is no wish of its own where something else is asked for.

use super::dialogue::{Dialogue, Message};
use super::parts::Part;
use super::words::Word;
use patchbay_core::mind::Understanding;
use patchbay_core::words::Zone;

/// From here on, in thousandths, the verb of a skill and its reading are enough, however unlike its examples the rest is.
const SURE: i64 = 900;
/// A clause that turns something down has its negation among so many words.
const REACH: usize = 4;

impl Dialogue<'_> {
    /// The skill that a clause of strange words asks for with its own verb ("make it the 9 bar one that takes capsules").
    pub(super) fn surely_by_verb(&self, reading: &Understanding, clause: &str) -> Option<String> {
        let (skill, score) = reading.ranked.first().filter(|_| reading.zone == Some(Zone::HandOver))?;
        let said = self.listen(clause).words;
        let names = said.first().is_some_and(|word| self.lexicon().points(word));
        let asks = !names && self.program(skill)?.opens_with_its_verb(&said, self.lexicon());
        (asks && *score >= SURE).then(|| skill.clone())
    }

    /// Parts that only turn something down go with the part that asks for something else about the same: whoever says what they
    /// do not need, and what they want instead, does not give up the whole.
    pub(super) fn without_turned_down(&self, message: &Message, parts: &mut Vec<Part>) {
        let goes = |n: usize| {
            let (part, text) = (&parts[n], parts[n].text(message));
            let instead = |other: &Part| {
                let text_of_other = other.text(message);
                other.asks
                    && other.skill != part.skill
                    && self.program(&other.skill).is_some_and(|program| !self.only_reads(program))
                    && !self.turns_down(text_of_other)
                    && !self.names_another(text, text_of_other)
            };
            !self.only_tells(&part.skill) && self.turns_down(text) && parts[n + 1..].first().is_some_and(instead)
        };
        let gone: Vec<usize> = (0..parts.len()).filter(|&n| goes(n)).collect();
        for n in gone.into_iter().rev() {
            let turned_down = parts.remove(n);
            parts[n].take_in_before(&turned_down);
        }
    }

    /// Does a clause open with a negation, and not speak of a whole record ("I don't need that order any more")?
    fn turns_down(&self, clause: &str) -> bool {
        let body = clause.rsplit(": ").next().unwrap_or(clause);
        let negated = self.listen(body).words.iter().take(REACH).any(|word| self.lexicon().negates(word));
        negated && !self.speaks_of_a_record(&self.listen(clause).words)
    }

    /// Does a clause call a record what the slots that hold one are called ("order", for `order_id`)?
    fn speaks_of_a_record(&self, said: &[Word]) -> bool {
        let slots =
            self.company.skills.values().flat_map(|skill| &skill.slots).filter(|slot| self.kinds_of_records().contains(&&slot.kind));
        let named = slots.flat_map(|slot| self.lexicon().words(&slot.name.replace('_', " ")));
        let named: Vec<String> = named.map(|word| word.stem).filter(|stem| stem.len() > 2).collect();
        said.iter().any(|word| named.contains(&word.stem))
    }
}
