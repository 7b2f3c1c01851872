//! Wishes: which skill a message asks for, one or several, and how it starts.

use super::dialogue::{Dialogue, Message};
use super::hearing::Label;
use super::knowledge::{Known, logged};
use super::lexicon::Utterance;
use super::memory::{Ended, Filled, Frame, Origin, Wish};
use super::parts::{Part, sentences};
use super::program::{Program, SlotPlan};
use super::reading::same;
use patchbay_core::Value;
use patchbay_core::declare::Kind;
use patchbay_core::mind::Understanding;
use patchbay_core::reply::{Offer, Question};
use patchbay_core::words::{Route, Zone};

/// The slot of the question "what can I do for you?".
pub(super) const WHICH_WISH: &str = "which_wish";
/// Likely wishes offered when a message is not clear.
const LIKELY: usize = 3;
/// Wishes offered when a message was not understood at all.
const SHOWN: usize = 5;
/// Skills shown to who asks what there is: as many buttons as one still reads.
const ALL_SHOWN: usize = 20;
/// Skills that may be interrupted at the same time.
const DEPTH: usize = 4;

impl Dialogue<'_> {
    /// A message that is not about what is open: one wish or several, or not clear.
    pub(super) fn wished(&mut self, message: &Message, reading: Understanding) -> bool {
        if self.echoes(message, &reading)
            || self.objected(message, &reading)
            || self.asks_on(message, &reading)
            || self.follows_up(message, &reading)
        {
            return true;
        }
        if let Some(word) = self.lexicon().first_of(&[Utterance::Yes, Utterance::No, Utterance::Unknown], &message.words) {
            return self.said_only(word, message, reading);
        }
        let (reading, wishes) = self.wishes(message, reading);
        if wishes.is_empty() {
            if reading.zone == Some(Zone::Answer) && self.is_no_skill(&reading) {
                return true;
            }
            let known = self.look_up(message);
            if self.says_passage(&known, &reading) {
                return true;
            }
            self.unclear(message, reading, &known);
            return false;
        }
        self.memory.which_wish = None;
        self.answered_apart(message);
        let mut wishes = self.in_order(wishes).into_iter();
        if let Some(first) = wishes.next() {
            self.start(first);
        }
        self.memory.queue.extend(wishes);
        self.understood(reading);
        true
    }

    /// Of several wishes about one record, what can be done only once for it comes last: it closes the record for the others.
    fn in_order(&self, wishes: Vec<Wish>) -> Vec<Wish> {
        let closes =
            |wish: &Wish| self.program(&wish.skill).is_some_and(|program| program.slots.iter().any(|plan| plan.slot.more.is_some()));
        let named =
            |wish: &Wish| self.kinds_of_records().into_iter().any(|kind| !self.reader(&self.listen(&wish.text)).mentioned(kind).is_empty());
        let pointed = |wish: &Wish| self.listen(&wish.text).words.iter().any(|word| self.lexicon().stands_for_things(word));
        let Some(closing) = wishes.first().filter(|wish| closes(wish) && named(wish)) else { return wishes };
        let of_it = |wish: &Wish| if named(wish) { !self.names_another(&closing.text, &wish.text) } else { pointed(wish) };
        let alone = |wish: &Wish| wish.fallback || wish.alike || wish.skill.is_empty() || closes(wish) || self.only_tells(&wish.skill);
        if wishes.iter().skip(1).any(|wish| alone(wish) || !of_it(wish)) {
            return wishes;
        }
        let record = self.listen(&closing.text);
        let mut ordered = wishes[1..].to_vec();
        for wish in &mut ordered {
            self.share_record(wish, &record);
        }
        ordered.push(wishes[0].clone());
        ordered
    }

    /// Gives a wish that names no record the one that a text names.
    fn share_record(&self, wish: &mut Wish, text: &Message) {
        let Some(program) = self.program(&wish.skill) else { return };
        let own = self.listen(&wish.text);
        for plan in program.slots.iter().filter(|plan| plan.may_be_mentioned() && matches!(plan.slot.kind, Kind::Pattern { .. })) {
            let named = self.reader(text).mentioned(&plan.slot.kind);
            if let ([found], true) = (named.as_slice(), self.reader(&own).mentioned(&plan.slot.kind).is_empty()) {
                let filled = Filled { value: found.value.clone(), from: Origin::Message };
                wish.slots.entry(plan.slot.name.clone()).or_insert(filled);
            }
        }
    }

    /// A yes, a no or "I don't know" to nothing that was asked.
    fn said_only(&mut self, word: Utterance, message: &Message, reading: Understanding) -> bool {
        let reading = Understanding { skill: None, ..reading };
        match word {
            Utterance::No => self.talk(Utterance::Goodbye, Understanding { zone: Some(Zone::Answer), ..reading }),
            // An "ok" to what was answered.
            Utterance::Yes if self.memory.last.is_some() && self.memory.which_wish.is_none() => {
                self.understood(Understanding { zone: Some(Zone::Answer), route: Some(Route::Talk), ..reading });
                self.say("anything_else");
            }
            Utterance::Yes => self.unclear(message, Understanding { zone: Some(Zone::AskBack), ..reading }, &[]),
            _ => self.unclear(message, Understanding { zone: Some(Zone::HandOver), ..reading }, &[]),
        }
        false
    }

    /// The wishes in a message. What is asked for counts before what is told around it, and a message is split only where
    /// every part asks for something clear by itself.
    fn wishes(&self, message: &Message, whole: Understanding) -> (Understanding, Vec<Wish>) {
        let whole_sentence = sentences(&message.text).len() == 1;
        let requested = if whole_sentence { self.requested_in(&message.text) } else { None };
        let whole = match (requested, self.skill_by_verb(&whole, &message.text)) {
            (Some((reading, skill)), _) => Understanding { zone: Some(Zone::Answer), skill: Some(skill), ..reading },
            (None, Some(skill)) => Understanding { zone: Some(Zone::Answer), skill: Some(skill), ..whole },
            (None, None) => whole,
        };
        let single = |skill: &str| vec![Wish { skill: skill.to_owned(), text: message.text.clone(), ..Wish::default() }];
        let parts = self.wished_parts(message);
        let pairs = parts.iter().zip(parts.iter().skip(1));
        let apart = parts.len() > 1 && pairs.clone().all(|(one, two)| self.names_another(one.text(message), two.text(message)));
        let asks = apart || parts.iter().any(|part| part.asks);
        match (parts.as_slice(), self.clear_skill(&whole)) {
            // "Hi there! Where is my parcel?": a wish beats small talk and what stands written, and a topic only where it is surer.
            ([part], None) if whole.zone != Some(Zone::Answer) || gives_way(&whole) || best(&part.reading) > best(&whole) => {
                (part.reading.clone(), single(&part.skill))
            }
            // Of one sentence the whole tells more than a part of it, however it was cut.
            ([part], Some(skill)) if whole_sentence && skill != part.skill && best(&whole) > best(&part.reading) => {
                (whole.clone(), single(skill))
            }
            ([part], Some(_)) if asks || best(&part.reading) > best(&whole) => (part.reading.clone(), single(&part.skill)),
            ([first, _, ..], _) if asks => (first.reading.clone(), self.shared(&parts, message)),
            // Of a story, the part that is surest tells what it is told for.
            ([_, _, ..], Some(_)) => match parts.iter().max_by_key(|part| best(&part.reading)) {
                Some(surest) if best(&surest.reading) > best(&whole) => (surest.reading.clone(), single(&surest.skill)),
                _ => (whole.clone(), single(whole.skill.as_deref().unwrap_or_default())),
            },
            (_, Some(skill)) => (whole.clone(), single(skill)),
            _ => match self.leading_skill(&whole, &message.text, false).filter(|_| !self.is_only_a_value(&message.text)) {
                Some(skill) => (Understanding { zone: Some(Zone::Answer), skill: Some(skill.clone()), ..whole }, single(&skill)),
                None => (whole, Vec::new()),
            },
        }
    }

    /// The parts that are wished for; the same thing said twice is one wish, and what is not clear comes last.
    pub(super) fn wished_parts(&self, message: &Message) -> Vec<Part> {
        let mut parts = self.parts(message);
        if parts.len() > 2 && parts.first().is_some_and(|first| self.announces(&first.skill, first.text(message))) {
            parts.remove(0);
        }
        self.tell_to_the_next(message, &mut parts);
        let asks = parts.iter().any(|part| part.asks);
        // A story around a request is no wish, unless it is about a record of its own.
        let texts: Vec<String> = parts.iter().map(|part| part.text(message).to_owned()).collect();
        let mut n = 0;
        parts.retain(|part| {
            let others = texts.iter().enumerate().filter(|(at, _)| *at != n).map(|(_, text)| text.as_str());
            let apart = !self.only_tells(&part.skill) && others.clone().all(|other| self.names_another(other, &texts[n]));
            n += 1;
            part.asks == asks || (apart && texts.len() > 1)
        });
        parts.dedup_by(|part, before| {
            let apart = part.alike || part.fallback || self.names_another(before.text(message), part.text(message));
            let again = part.skill == before.skill && !apart;
            if again {
                before.take_in(part);
            }
            again
        });
        if parts.iter().all(|part| part.skill.is_empty()) {
            parts.clear();
        }
        parts.sort_by_key(|part| part.skill.is_empty());
        parts
    }

    /// The parts as wishes. A record that a part names goes for those after it, until another is named.
    fn shared(&self, parts: &[Part], message: &Message) -> Vec<Wish> {
        let mut wishes: Vec<Wish> = Vec::new();
        for (n, part) in parts.iter().enumerate() {
            let mut wish = self.share(part, message);
            let before: Vec<Message> = parts[..n].iter().rev().map(|part| self.listen(part.text(message))).collect();
            self.carry_over(&mut wish, &before);
            wishes.push(wish);
        }
        wishes
    }

    /// What the parts before named last, for a wish that names nothing of that kind itself.
    fn carry_over(&self, wish: &mut Wish, before: &[Message]) {
        let Some(program) = self.program(&wish.skill) else { return };
        let own = self.listen(&wish.text);
        for plan in program.slots.iter().filter(|plan| plan.may_be_mentioned() && matches!(plan.slot.kind, Kind::Pattern { .. })) {
            let told = self.told_later(program, plan, &own) || !self.reader(&own).mentioned(&plan.slot.kind).is_empty();
            let named = before.iter().map(|text| self.reader(text).mentioned(&plan.slot.kind)).find(|named| !named.is_empty());
            if let (Some([found]), false) = (named.as_deref(), told) {
                let filled = Filled { value: found.value.clone(), from: Origin::Message };
                wish.slots.entry(plan.slot.name.clone()).or_insert(filled);
            }
        }
    }

    /// May what a part describes tell a value that the conversation knows otherwise?
    fn told_later(&self, program: &Program, plan: &SlotPlan, own: &Message) -> bool {
        plan.may_be_known() && !program.telling(&own.words, self.lexicon()).is_empty()
    }

    /// A part as a wish. A value mentioned only once in a message of several wishes goes for each of them, unless the
    /// conversation will tell: then what the part describes comes first.
    fn share(&self, part: &Part, message: &Message) -> Wish {
        let (text, fallback, alike) = (part.text(message).to_owned(), part.fallback, part.alike);
        let mut wish = Wish { skill: part.skill.clone(), text, fallback, alike, ..Wish::default() };
        let Some(program) = self.program(&wish.skill) else { return wish };
        let own = self.listen(&wish.text);
        for plan in program.slots.iter().filter(|plan| plan.may_be_mentioned()) {
            let told_later = self.told_later(program, plan, &own);
            let everywhere = self.mentioned_anywhere(message, &plan.slot.kind);
            let own = self.reader(&own).mentioned(&plan.slot.kind);
            if let ([value], true) = (everywhere.as_slice(), own.is_empty() && !told_later) {
                wish.slots.insert(plan.slot.name.clone(), Filled { value: value.clone(), from: Origin::Message });
            }
        }
        wish
    }

    /// Every value of a kind that a message mentions as a whole, or in one of its clauses: of two reasons only one is heard at once.
    fn mentioned_anywhere(&self, message: &Message, kind: &Kind) -> Vec<Value> {
        let clauses = self.clauses(&message.text).into_iter().map(|clause| self.listen(&clause));
        let mut values: Vec<Value> = Vec::new();
        for text in clauses.chain([message.clone()]) {
            for found in self.reader(&text).mentioned(kind) {
                if !values.iter().any(|known| same(&self.programs.patterns, kind, known, &found.value)) {
                    values.push(found.value);
                }
            }
        }
        values
    }

    /// Not sure enough to act: the likely wishes and passages are offered, or what can be done at all.
    fn unclear(&mut self, message: &Message, mut reading: Understanding, known: &[Known]) {
        let mut choices = self.likely_passages(known);
        // A bare number says what about, only not what to do.
        let lost = reading.zone != Some(Zone::AskBack) && choices.is_empty() && !self.programs.patterns.finds_any(&message.text);
        if reading.zone == Some(Zone::AskBack) || choices.is_empty() {
            choices.extend(self.likely(&reading, LIKELY));
            choices.truncate(LIKELY + 1);
        }
        let text = if lost { self.apology() } else { WHICH_WISH };
        if lost || choices.is_empty() {
            choices = self.likely(&reading, SHOWN);
        }
        reading.passages = logged(known);
        let (route, zone) = if lost { (Route::None, Zone::HandOver) } else { (Route::Choice, Zone::AskBack) };
        if reading.zone == Some(Zone::Answer) {
            // What it is about was clear, only nothing stands written about it.
            reading.zone = Some(zone);
        }
        self.understood(Understanding { skill: None, misunderstood: lost, route: Some(route), ..reading });
        let text = self.draft(text, &self.scope()).map(|draft| draft.text).unwrap_or_default();
        let kind = if choices.is_empty() { "text" } else { "choice" };
        let question = Question { slot: WHICH_WISH.to_owned(), kind: kind.to_owned(), text, choices };
        self.memory.which_wish = Some((message.text.clone(), question.clone()));
        self.ask(question);
    }

    /// "What can you do?": everything there is, to choose from; then back to what is open.
    pub(super) fn say_abilities(&mut self) {
        if self.memory.top().is_some() {
            let names: Vec<Value> =
                self.likely(&Understanding::default(), ALL_SHOWN).into_iter().map(|offer| Value::Text(offer.label)).collect();
            self.say_with("abilities", &[("skills", Value::List(names))]);
            return self.come_back();
        }
        let choices = self.likely(&Understanding::default(), ALL_SHOWN);
        let text = self.draft("which_ability", &self.scope()).map(|draft| draft.text).unwrap_or_default();
        let kind = if choices.is_empty() { "text" } else { "choice" };
        let question = Question { slot: WHICH_WISH.to_owned(), kind: kind.to_owned(), text, choices };
        self.memory.which_wish = Some((String::new(), question.clone()));
        self.ask(question);
    }

    /// Skills as choices, the likeliest first.
    fn likely(&self, reading: &Understanding, most: usize) -> Vec<Offer> {
        let ranked = reading.ranked.iter().map(|(label, _)| label.as_str());
        let all = self.company.skills.keys().map(String::as_str);
        let mut offers: Vec<Offer> = Vec::new();
        for label in ranked.chain(all) {
            let skill = self.company.skills.get(label).filter(|skill| !skill.examples.is_empty());
            if let Some(skill) = skill.filter(|_| offers.len() < most && offers.iter().all(|offer| offer.value != label)) {
                offers.push(Offer { value: skill.name.clone(), label: skill.describe.clone() });
            }
        }
        offers
    }

    /// The answer to "what can I do for you?", typed: one of the offers in other words, or a clearer wish.
    pub(super) fn wish_chosen(&mut self, message: &Message, reading: Understanding) -> bool {
        let Some((text, question)) = self.memory.which_wish.take() else { return false };
        if let Some(wish) = self.completed(&text, &question, message, &reading) {
            self.start(wish);
            self.understood_as_answer();
            return true;
        }
        let says_nothing = self.lexicon().is(Utterance::Unknown, &message.words);
        if (reading.zone == Some(Zone::Answer) && !self.is_bare(message)) || question.choices.is_empty() || says_nothing {
            return self.wished(message, reading);
        }
        if let Some(offer) = self.agreed_to(&question, message) {
            self.take_offer(&offer.value, text);
            return true;
        }
        let labels: Vec<String> = question.choices.iter().map(|offer| offer.label.clone()).collect();
        // Words that carry nothing are alike everywhere.
        let content: Vec<&str> = self.lexicon().content(&message.words).into_iter().map(|word| word.plain.as_str()).collect();
        let similar = || if content.is_empty() { None } else { self.hearing.similar(&content.join(" "), &labels) };
        let place =
            self.chosen(&question.choices, message).first().copied().or_else(similar).or_else(|| self.offered_by_verb(&question, message));
        // Among what was offered the likeliest is good enough, when it is likely at all.
        let likeliest = || {
            let first = reading.ranked.iter().find(|(label, _)| question.choices.iter().any(|offer| offer.value == *label))?;
            let offered = question.choices.iter().position(|offer| offer.value == first.0)?;
            (reading.zone == Some(Zone::AskBack) && first.1 >= 500).then_some(offered)
        };
        let Some(offer) = place.or_else(likeliest).and_then(|n| question.choices.get(n)) else { return self.wished(message, reading) };
        self.take_offer(&offer.value, format!("{text}\n{}", message.text));
        true
    }

    /// The only offer that is asked for with the verb a message opens with ("track one", to a list of what can be done).
    fn offered_by_verb(&self, question: &Question, message: &Message) -> Option<usize> {
        let by_verb =
            |offer: &Offer| self.program(&offer.value).is_some_and(|program| program.opens_with_its_verb(&message.words, self.lexicon()));
        let mut offered = (0..question.choices.len()).filter(|&n| by_verb(&question.choices[n]));
        offered.next().filter(|_| offered.next().is_none())
    }

    /// Does what was picked from the likely wishes: says the passage, or begins the skill on the words.
    pub(super) fn take_offer(&mut self, value: &str, text: String) {
        if self.says_offered(value) {
            return;
        }
        self.start(Wish { skill: value.to_owned(), text, ..Wish::default() });
        self.understood_as_answer();
    }

    /// Begins a wish: the skill gets to work on the words, with what they say about its slots.
    pub(super) fn start(&mut self, wish: Wish) {
        if self.memory.top().is_some_and(|frame| frame.skill == wish.skill && !wish.alike) {
            // The same thing wished for anew takes the place of the old one.
            self.memory.frames.pop();
        }
        if self.memory.frames.len() >= DEPTH {
            self.memory.frames.remove(0);
        }
        let message = self.listen(&wish.text);
        self.memory.frames.push(Frame { skill: wish.skill, slots: wish.slots, heard: vec![wish.text], ..Frame::default() });
        self.rule_out_known(&message);
        let beyond = self.hear(&message);
        self.hear_told(&message);
        if wish.alike {
            self.take_over_from_last();
        } else {
            self.queue_alike(beyond);
        }
    }

    /// "In my other order": what the conversation was about so far is not meant.
    fn rule_out_known(&mut self, message: &Message) {
        let Some((program, _)) = self.at_work() else { return };
        // What is named itself is meant, whatever other one is spoken of beside.
        let named = |plan: &SlotPlan| !self.reader(message).mentioned(&plan.slot.kind).is_empty();
        let others = |plan: &&SlotPlan| self.lexicon().speaks_of_another(&message.words, &plan.slot.name) && !named(plan);
        let plans = program.slots.iter().filter(|plan| plan.may_be_known()).filter(others);
        let known = plans.filter_map(|plan| Some((plan.slot.name.clone(), self.memory.known.get(&plan.slot.name)?.clone())));
        let known: Vec<(String, Value)> = known.collect();
        if let Some(frame) = self.memory.top_mut() {
            known.into_iter().for_each(|(slot, value)| frame.ruled_out.entry(slot).or_default().push(value));
        }
    }

    /// What was said for the last wish of the same kind goes for this one too, unless it was said for each apart ("my card for 123,
    /// my voucher for 456").
    fn take_over_from_last(&mut self) {
        let (Some(frame), Some(last)) = (self.memory.top(), &self.memory.last) else { return };
        if last.skill != frame.skill {
            return;
        }
        let kinds = self.kinds_of_records();
        let apart = |text: &str| kinds.iter().any(|kind| self.reader(&self.listen(text)).mentioned(kind).len() > 1);
        let each = |name: &String| last.answers.iter().any(|answer| answer.slot == *name && apart(&answer.text));
        let said = last.slots.iter().filter(|(_, filled)| matches!(filled.from, Origin::Message | Origin::Answer));
        let said: Vec<(String, Filled)> =
            said.filter(|(name, _)| !each(name)).map(|(name, filled)| (name.clone(), filled.clone())).collect();
        if let Some(frame) = self.memory.top_mut() {
            for (name, filled) in said {
                frame.slots.entry(name).or_insert(filled);
            }
        }
    }

    /// Takes up the next wish that waits, and says so. False when there is none.
    pub(super) fn take_next_wish(&mut self) -> bool {
        while !self.memory.queue.is_empty() {
            let wish = self.memory.queue.remove(0);
            // "If that is not possible, cancel it": only when it was not.
            if wish.fallback && self.memory.ended != Ended::Refused {
                continue;
            }
            if wish.skill.is_empty() {
                self.ask_about(&wish.text);
                return false;
            }
            let what = self.company.skills.get(&wish.skill).map(|skill| skill.describe.clone()).unwrap_or_default();
            self.say_with("next_wish", &[("what", Value::Text(what))]);
            self.start(wish);
            return true;
        }
        false
    }

    /// A part of a message that asks for something unclear: it is not lost, and the customer says what it is.
    fn ask_about(&mut self, text: &str) {
        let message = self.listen(text);
        let reading = self.read(text);
        self.unclear(&message, reading, &[]);
    }
}

/// Is it about nothing that a wish in the same message would be lost for? What stands written is said beside it.
fn gives_way(reading: &Understanding) -> bool {
    matches!(reading.skill.as_deref().and_then(Label::of), Some(Label::Talk(_) | Label::Knowledge))
}

fn best(reading: &Understanding) -> i64 {
    reading.ranked.first().map_or(0, |(_, score)| *score)
}
