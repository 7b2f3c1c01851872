//! What a clause asks for where its reading alone does not tell: by its verb, by what it holds, by whose question it answers.

use super::dialogue::{Dialogue, Message};
use super::memory::Ended;
use super::program::{Program, SlotPlan};
use super::words::Word;
use patchbay_core::declare::Kind;
use patchbay_core::mind::Understanding;
use patchbay_core::words::Zone;

/// From here on, in thousandths, a skill is likely enough for a clause that asks for something.
const LEADING: i64 = 600;
/// Less than this is no likely skill, whatever else falls away.
const LIKELY: i64 = 350;
/// From here on a reading is surer than a single word.
const SURE: i64 = 900;
/// From here on a sentence that adds to a request is clear enough.
const ADDED: i64 = 700;
/// So many parts of a record make it one that is given.
const GIVEN: usize = 2;
/// A heading or an announcement has at most this many words.
const HEADING: usize = 8;
/// What stands before a colon has at most this many words where it tells something.
const TOLD: usize = 14;

impl Dialogue<'_> {
    /// How a clause is understood, and the skill it is about: clearly, or likely where it asks for just that. What is told before
    /// the request itself ("if it is still open, …", "order 123, the lamp: …") may hide it.
    pub(super) fn heard_in(&self, clause: &str) -> (Understanding, Option<String>) {
        if let Some((within, skill)) = self.requested_in(clause) {
            return (within, Some(skill));
        }
        let reading = self.read(clause);
        let skill = self.skill_of(&reading, clause);
        let Some(body) = without_heading(clause, HEADING).filter(|_| skill.is_none()) else { return (reading, skill) };
        let within = self.read(body);
        match self.skill_of(&within, body) {
            Some(skill) => (within, Some(skill)),
            None => (reading, None),
        }
    }

    /// What a clause asks for behind all that it tells first, where that is clear.
    pub(super) fn requested_in(&self, clause: &str) -> Option<(Understanding, String)> {
        let body = self.request_in(clause)?;
        let reading = self.read(body);
        let clear = || self.clear_skill(&reading).map(str::to_owned);
        let skill = self.skill_by_verb(&reading, body).or_else(clear).or_else(|| self.leading_skill(&reading, body, false))?;
        self.asks_for(&skill, body).then_some((reading, skill))
    }

    /// The request of a clause behind what is told before it: behind a colon, or behind the comma after words such as "if" and
    /// "before". Nothing where the clause is all one.
    fn request_in<'t>(&self, clause: &'t str) -> Option<&'t str> {
        let (body, told) = match without_heading(clause, TOLD) {
            Some(body) => (body, &clause[..clause.len() - body.len()]),
            None => {
                let premise = |told: &str| self.lexicon().opens_a_premise(&self.lexicon().words(told));
                let at =
                    clause.match_indices(',').map(|(at, _)| at).find(|at| premise(clause[..*at].rsplit(',').next().unwrap_or_default()))?;
                (clause[at + 1..].trim_start(), &clause[..at])
            }
        };
        (!self.lexicon().requests(&self.beside_records(told))).then_some(body)
    }

    fn skill_of(&self, reading: &Understanding, clause: &str) -> Option<String> {
        let wished = |skill: &String| self.asks_for(skill, clause) || self.gives_what_it_takes(skill, clause);
        let likely = || self.leading_skill(reading, clause, true).filter(wished);
        let sure = || self.clear_skill(reading).map(str::to_owned);
        self.skill_by_verb(reading, clause).or_else(sure).or_else(likely).or_else(|| self.surely_by_verb(reading, clause))
    }

    /// Does a clause ask for something, rather than tell a story? A question, a request, or a verb the skill is asked for with.
    pub(super) fn asks_for(&self, skill: &str, clause: &str) -> bool {
        let asks = |clause: &str| {
            let said = self.beside_records(clause);
            // "The money back" opens with no verb.
            let names = said.first().is_some_and(|word| self.lexicon().points(word));
            let verb = || !names && self.program(skill).is_some_and(|program| program.opens_with_its_verb(&said, self.lexicon()));
            let asked = clause.trim_end().ends_with('?') && !self.lexicon().ends_with_a_tag(&said);
            asked || self.lexicon().requests(&said) || verb()
        };
        asks(clause) || without_heading(clause, HEADING).is_some_and(asks)
    }

    /// The words of a clause beside the numbers and the like by which it names records.
    fn beside_records(&self, clause: &str) -> Vec<Word> {
        let heard = self.listen(clause);
        let reader = self.reader(&heard);
        let named: Vec<_> = self.kinds_of_records().into_iter().flat_map(|kind| reader.mentioned(kind)).map(|found| found.span).collect();
        let mut words = heard.words.clone();
        words.retain(|word| !named.iter().any(|span| span.contains(&word.span.start)));
        words
    }

    /// The skill that is likelier than all others together. Not sure enough to be clear, but a wrong guess costs little: what a
    /// skill reads is the customer's own, and what it writes waits for their yes. What cannot be meant does not count: a skill that
    /// only tells where something is to be done, and one that has no use for an address that is given. `beside`: it is one of several
    /// clauses.
    pub(super) fn leading_skill(&self, reading: &Understanding, clause: &str, beside: bool) -> Option<String> {
        let said = self.beside_records(clause);
        let to_be_done =
            (self.lexicon().requests(&said) || self.adds_to_what_was_done(clause, &said)) && !self.lexicon().asks_to_be_told(&said);
        // What is requested beside another wish is hardly out of scope.
        if reading.zone != Some(Zone::AskBack) && !(beside && to_be_done && reading.zone == Some(Zone::HandOver)) {
            return None;
        }
        let given = self.records_given(clause);
        let takes = |label: &str| self.program(label).is_some_and(|program| takes_one_of(program, &given));
        let taken = !given.is_empty() && reading.ranked.iter().any(|(label, score)| takes(label) && *score >= LIKELY / 2);
        let out = |label: &str| (to_be_done && self.only_tells(label)) || (taken && !takes(label));
        let gone: i64 = reading.ranked.iter().filter(|(label, _)| out(label)).map(|(_, score)| *score).sum();
        let mut left = reading.ranked.iter().filter(|(label, _)| !out(label));
        let (label, score) = left.next()?;
        let alone = gone == 0 || left.next().is_none_or(|(_, next)| 2 * next <= *score);
        let likely = alone && *score >= LIKELY && *score * 1000 >= LEADING * (1000 - gone.min(1000 - LIKELY));
        (likely && self.programs.skills.contains_key(label)).then(|| label.clone())
    }

    /// "And the lamp goes back": after something was done, a sentence that adds to it and asks no question wants more done.
    fn adds_to_what_was_done(&self, clause: &str, said: &[Word]) -> bool {
        let done = self.memory.frames.is_empty() && self.memory.ended == Ended::Done && !self.memory.done.is_empty();
        done && self.lexicon().adds(said) && !clause.trim_end().ends_with('?') && !self.lexicon().opens_a_question(said)
    }

    /// The kinds of records that a clause gives in full words, such as an address.
    fn records_given(&self, clause: &str) -> Vec<&Kind> {
        let heard = self.listen(clause);
        let reader = self.reader(&heard);
        let slots = self.company.skills.values().flat_map(|skill| &skill.slots);
        let mut given: Vec<&Kind> = Vec::new();
        for slot in slots.filter(|slot| matches!(slot.kind, Kind::Record(_))) {
            let parts = || reader.parts(&slot.kind).is_some_and(|parts| parts.len() >= GIVEN);
            if !given.contains(&&slot.kind) && parts() {
                given.push(&slot.kind);
            }
        }
        given
    }

    /// Does a clause give a record, such as an address, that only has to be told for what the skill does?
    pub(super) fn gives_what_it_takes(&self, skill: &str, clause: &str) -> bool {
        let given = self.records_given(clause);
        !self.lexicon().opens_a_question(&self.listen(clause).words)
            && self.program(skill).is_some_and(|program| takes_one_of(program, &given))
    }

    /// The skill whose own verb a clause asks with, where its reading is of another that has no such verb ("exchange them …" is no
    /// return, however much is said of why).
    pub(super) fn skill_by_verb(&self, reading: &Understanding, clause: &str) -> Option<String> {
        let said = self.beside_records(clause);
        let verb = self.lexicon().content(&said).first().map(|word| word.stem.clone())?;
        let having = self.programs.skills.iter().filter(|(_, program)| program.is_asked_for_with(&verb)).collect::<Vec<_>>();
        let score = |skill: &str| reading.ranked.iter().find(|(label, _)| label == skill).map_or(0, |(_, score)| *score);
        let (skill, program) = having.iter().copied().max_by_key(|(skill, _)| score(skill))?;
        // Of several skills with this verb one must be far likelier than the others.
        if having.iter().any(|(other, _)| *other != skill && (3 * score(other) > score(skill) || score(skill) < LIKELY / 2)) {
            return None;
        }
        let surer = self
            .clear_skill(reading)
            .is_some_and(|clear| clear == skill || reading.ranked.first().is_some_and(|(_, score)| *score >= SURE));
        let asks = || self.lexicon().requests(&said) && !self.lexicon().asks_to_be_told(&said);
        // "Upgrade the phone" orders something, where a reading would only tell about it.
        let at = said.iter().position(|word| word.stem == verb)?;
        let orders = || said.get(at + 1).is_some_and(|next| self.lexicon().points(next) || self.lexicon().stands_for_things(next));
        let told = self.clear_skill(reading).is_none_or(|clear| self.only_tells(clear));
        let ordered = told && orders() && !self.only_reads(program) && !self.lexicon().asks_to_be_told(&said);
        ((!surer && asks() && (program.is_often_asked_for_with(&verb) || orders())) || ordered).then(|| skill.clone())
    }

    /// Does a clause that looks like another skill tell what a question of this one is about ("pay the difference with my voucher")?
    pub(super) fn answers_ahead(&self, skill: &str, other: &str, clause: &str) -> bool {
        let (Some(program), Some(other)) = (self.program(skill), self.program(other)) else { return false };
        let said = self.listen(clause).words;
        let telling: Vec<&str> =
            self.lexicon().content(&said).into_iter().map(|word| word.stem.as_str()).filter(|stem| !other.is_worded_with(stem)).collect();
        let mut chosen = program.slots.iter().filter(|plan| plan.records().is_some() && !plan.is_list());
        chosen.any(|plan| telling.iter().any(|stem| plan.asked_with.contains(*stem))) || self.only_tells_a_slot(program, other, clause)
    }

    /// Does a clause that looks like another skill wish only tell what this one asks for as well ("charge my visa", of an exchange)?
    /// That it speaks of a record, or of what shall be no longer, makes it a wish of its own ("charge the order to my visa instead").
    fn only_tells_a_slot(&self, program: &Program, other: &Program, clause: &str) -> bool {
        let said = self.listen(clause).words;
        let told = |plan: &SlotPlan| !plan.is_list() && program.slot(&plan.slot.name).is_some();
        let shared = !other.slots.is_empty() && other.slots.iter().all(told);
        let record = self.programs.patterns.finds_any(clause) || said.iter().any(|word| self.programs.patterns.calls(&word.plain));
        shared && program.slots.len() > other.slots.len() && !record && !self.lexicon().replaces(&said)
    }

    /// Does a sentence only announce what comes ("two things for you today")? It counts wishes and names nothing.
    pub(super) fn announces(&self, skill: &str, sentence: &str) -> bool {
        let said = self.listen(sentence).words;
        let several = self.lexicon().speaks_of_several(&said) && said.len() <= HEADING + 2;
        let number = |word: &Word| self.lexicon().speaks_of_several(std::slice::from_ref(word)) || self.lexicon().is_filler(word);
        let nothing = |program: &Program| program.telling(&said, self.lexicon()).into_iter().all(number);
        several && !self.programs.patterns.finds_any(sentence) && self.program(skill).is_none_or(nothing)
    }

    /// A clause without an announcement before it ("two things, please: …").
    pub(super) fn without_announcement<'t>(&self, clause: &'t str) -> &'t str {
        match without_heading(clause, HEADING) {
            Some(body) if self.announces("", &clause[..clause.len() - body.len()]) => body,
            _ => clause,
        }
    }

    /// Is a sentence with no word that asks a further wish all the same ("plus the lamp in blue")? It opens by adding to what was
    /// asked for `before`, and it tells nothing that is or was.
    pub(super) fn wishes_on(&self, reading: &Understanding, skill: &str, before: &str, clause: &str) -> bool {
        let said = self.listen(clause).words;
        let sentence = before.rfind(['.', '!', '?', ';', '\n']).map_or(0, |end| end + 1);
        let opening = self.lexicon().words(&before[sentence..]);
        let adds = sentence > 0 && !opening.is_empty() && self.lexicon().joint(&opening) == opening.len();
        let sure = self.clear_skill(reading) == Some(skill) && reading.ranked.first().is_some_and(|(_, score)| *score >= ADDED);
        let tells = || said.iter().any(|word| self.lexicon().tells_what_is(word));
        sure && adds && !self.only_tells(skill) && !tells()
    }

    /// Does a message ask for something else than this skill?
    pub(super) fn asks_for_another(&self, skill: &str, message: &Message) -> bool {
        let other = |found: &str| !found.is_empty() && found != skill;
        let parts = self.parts(message);
        if parts.is_empty() {
            let (_, found) = self.heard_in(&message.text);
            return found.is_some_and(|found| other(&found) && self.asks_for(&found, &message.text));
        }
        parts.iter().any(|part| part.asks && other(&part.skill))
    }
}

/// What stands after a heading of at most so many words that ends in a colon.
fn without_heading(clause: &str, most: usize) -> Option<&str> {
    let (head, body) = clause.split_once(": ")?;
    (head.split_whitespace().count() <= most && body.chars().any(char::is_alphabetic)).then(|| body.trim_start())
}

/// Has a skill a slot for one of these kinds that the customer's words may fill?
fn takes_one_of(program: &Program, kinds: &[&Kind]) -> bool {
    program.slots.iter().any(|plan| plan.may_be_mentioned() && kinds.contains(&&plan.slot.kind))
}
