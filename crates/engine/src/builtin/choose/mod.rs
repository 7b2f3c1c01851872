//! Things of a record and what each shall become: items of an order, and for each a variant of its product.
//!
//! A list slot chosen from records (`items`) and a slot with a value `for_each` of them (`new_items`) are read together, because
//! people say both in one breath: "the small green tent, in sand and for four". Each piece of what was said is about one thing
//! ([`naming`]); the values it names are the ones its product has ([`options`]); what differs from the thing as it is, is wanted
//! ([`wanted`]), and what was not spoken of stays. Whatever is not clear is asked. Nothing here depends on earlier turns but the
//! customer's words: everything is read anew from all of them.

mod again;
mod elsewhere;
mod listing;
mod naming;
mod options;
mod product;
mod thing;
mod tokens;
mod wanted;

use super::dialogue::Dialogue;
use super::memory::{Frame, Origin};
use super::program::SlotPlan;
use super::slots::{Raw, Resolution};
use super::words::Word;
use naming::Said;
use options::attributes;
use patchbay_condition::Scope;
use patchbay_core::Value;
use patchbay_core::declare::Otherwise;
use patchbay_core::reply::{Offer, Question};
use product::Beyond;
use std::collections::BTreeSet;
use thing::Thing;
use tokens::{ENGLISH, says, tokens};
use wanted::{Decision, Wanted};

/// Variants offered to choose from, at most.
const OFFERED: usize = 8;

/// A word that takes back stands at most this many words before what it takes back.
const REACH: usize = 4;

/// Does a text say at this place what is not meant ("not the card", "rather than by card")?
pub(super) fn is_taken_back(text: &str, at: usize) -> bool {
    let clause = text[..at].rfind([',', ';', '.', '!', '?', '\n']).map_or(0, |mark| mark + 1);
    let before = tokens(&text[clause..at]);
    let near = &before[before.len().saturating_sub(REACH)..];
    // "I don't need the room any more" is about that room.
    says(near, &ENGLISH.takes_back).is_some() && says(near, &ENGLISH.means_it).is_none()
}

/// Does a word point to something that is there ("the", "my")?
pub(super) fn is_definite(word: &str) -> bool {
    naming::DEFINITE.contains(&word)
}

/// The words of a text as names of things are compared by, numbers left out.
pub(super) fn names_in(text: &str) -> BTreeSet<String> {
    tokens(text).into_iter().filter(|token| token.number.is_none() && token.name.len() > 2).map(|token| token.name).collect()
}

/// The things of a slot, or why there are none.
enum Things {
    /// This tool has to answer first.
    Unread(String),
    /// Their records cannot be had.
    None,
    /// All that could be meant.
    Read(Vec<Thing>),
}

/// Which things are meant.
pub(super) enum Meant {
    /// Records have to be read first.
    Unread,
    /// These, in the order they were named.
    These(Vec<Value>),
    /// It is not clear.
    Unclear,
}

impl Dialogue<'_> {
    /// The values of a slot that has one for each value of another: each is decided by the words, or asked for.
    pub(super) fn resolve_each(&self, plan: &SlotPlan, of: &SlotPlan, frame: &Frame) -> Resolution {
        let Some(values) = frame.value(&of.slot.name).and_then(Value::as_list) else {
            return Resolution::Known(Value::Null, Origin::LeftOut);
        };
        let things = match self.things(of, plan, frame) {
            Things::Unread(tool) => return Resolution::Records(tool),
            Things::None => return Resolution::Known(Value::Null, Origin::LeftOut),
            Things::Read(things) => things,
        };
        let chosen: Vec<usize> = values.iter().filter_map(|value| things.iter().position(|thing| thing.value == *value)).collect();
        let wanted = self.wanted(&things, &chosen, plan, frame);
        let picked = frame.parts.get(&plan.slot.name);
        let mut found = Vec::new();
        for (place, (&n, wanted)) in chosen.iter().zip(&wanted).enumerate() {
            if let Some(value) = picked.and_then(|picked| picked.get(&place.to_string())) {
                found.push(value.clone());
                continue;
            }
            match wanted.decide(&things[n]) {
                Decision::One(variant) => found.push(things[n].variants[variant].value.clone()),
                open @ (Decision::Open | Decision::NoSuch(_)) => match self.beyond(plan, frame, &things[n]) {
                    Beyond::Surely => return Resolution::Refuse(self.refusal_of(plan, frame)),
                    Beyond::Named => {
                        let all = Decision::NoSuch((0..things[n].variants.len()).collect());
                        return self.ask_each(plan, place, &things[n], &all);
                    }
                    Beyond::Nothing => return self.ask_each(plan, place, &things[n], &open),
                },
                open @ Decision::OneOf(_) => return self.ask_each(plan, place, &things[n], &open),
            }
        }
        Resolution::Known(Value::List(found), Origin::Message)
    }

    /// What is wanted of each of the chosen things, by everything that was said.
    fn wanted(&self, things: &[Thing], chosen: &[usize], plan: &SlotPlan, frame: &Frame) -> Vec<Wanted> {
        let texts: Vec<String> = frame.heard.iter().map(|text| self.about_these(text, frame, things)).collect();
        let answered = |text: &String| frame.answers.iter().rev().find(|answer| answer.text == *text);
        let is_listing = |n: usize| answered(&frame.heard[n]).is_some_and(|answer| answer.slot == plan.slot.name);
        let free: Vec<usize> = (0..texts.len()).filter(|&n| !is_listing(n)).collect();
        let pieces = naming::read(&free.iter().map(|&n| self.said(&texts[n], n, frame)).collect::<Vec<_>>(), things);
        let mut wanted = vec![Wanted::default(); chosen.len()];
        for text in &texts {
            wanted.iter_mut().for_each(|wanted| wanted.hear_that_the_rest_stays(&tokens(text)));
        }
        for (n, text) in texts.iter().enumerate() {
            let Some(place) = free.iter().position(|&free| free == n) else {
                let asked = answered(&frame.heard[n]).and_then(|answer| answer.place);
                self.hear_list(text, asked, things, chosen, &mut wanted);
                continue;
            };
            for (wanted, &thing) in wanted.iter_mut().zip(chosen) {
                let about = |piece: &&naming::Piece| {
                    let nobodys = piece.about.is_empty() && piece.tied.is_empty() && chosen.len() == 1;
                    // One of several that are alike, of which only one was chosen.
                    let tied = piece.tied.contains(&thing) && chosen.iter().filter(|n| piece.tied.contains(n)).count() == 1;
                    piece.text == place && !naming::keeps(&piece.words) && (piece.about.contains(&thing) || nobodys || tied)
                };
                let own: Vec<&[tokens::Token]> = pieces.iter().filter(about).map(|piece| piece.wishes(things)).collect();
                wanted.hear(&things[thing], &own, false);
            }
        }
        wanted
    }

    /// The answer to "which one shall it become?": about the thing that was asked for, or a list for all of them.
    fn hear_list(&self, text: &str, asked: Option<usize>, things: &[Thing], chosen: &[usize], wanted: &mut [Wanted]) {
        let all: Vec<&Thing> = chosen.iter().map(|&n| &things[n]).collect();
        for (place, pieces) in listing::share(text, &all, asked).into_iter().enumerate() {
            let pieces: Vec<&[tokens::Token]> = pieces.iter().map(Vec::as_slice).collect();
            wanted[place].hear(all[place], &pieces, true);
        }
    }

    /// The things the words mean: those that shall become something else, else those that are named.
    pub(super) fn meant(&self, plan: &SlotPlan, each: &SlotPlan, frame: &Frame) -> Meant {
        let things = match self.things(plan, each, frame) {
            Things::Unread(_) => return Meant::Unread,
            Things::None => return Meant::Unclear,
            Things::Read(things) => things,
        };
        let texts: Vec<String> = frame.heard.iter().map(|text| self.about_these(text, frame, &things)).collect();
        let own = |n: &usize| {
            let answer = frame.answers.iter().rev().find(|answer| answer.text == frame.heard[*n]);
            answer.is_none_or(|answer| answer.slot != each.slot.name)
        };
        let heard: Vec<usize> = (0..texts.len()).filter(own).collect();
        // The answer to "which of them?" names them; what was said before told more than that.
        let answer = heard
            .iter()
            .rev()
            .find(|&&n| frame.answers.iter().any(|answer| answer.text == frame.heard[n] && answer.slot == plan.slot.name && !answer.more));
        let mut chosen = match answer {
            Some(&n) => self.named_in(self.said(&texts[n], n, frame), &things),
            None => {
                let before: Vec<Said<'_>> =
                    heard.iter().filter(|&&n| !self.says_more(frame, n)).map(|&n| self.said(&texts[n], n, frame)).collect();
                self.changed_in(&before, &things, frame)
            }
        };
        for &n in heard.iter().filter(|&&n| self.says_more(frame, n)) {
            let more = self.named_in(self.said(&texts[n], n, frame), &things);
            chosen.extend(more.into_iter().filter(|n| !chosen.contains(n)).collect::<Vec<_>>());
        }
        if texts.iter().any(|text| says(&tokens(text), &ENGLISH.one_of).is_some()) {
            // Of the very same thing twice.
            let mut seen = BTreeSet::new();
            chosen.retain(|&n| things[n].value.as_text().is_none_or(|value| seen.insert(value.to_owned())));
        }
        if chosen.is_empty() { Meant::Unclear } else { Meant::These(chosen.into_iter().map(|n| things[n].value.clone()).collect()) }
    }

    /// Is this text what was said to "is that all?", or an addition?
    fn says_more(&self, frame: &Frame, n: usize) -> bool {
        frame.answers.iter().any(|answer| answer.text == frame.heard[n] && answer.more)
    }

    /// One of the texts that were heard: does it name things, or tell what is wished for?
    fn said<'t>(&self, text: &'t str, n: usize, frame: &Frame) -> Said<'t> {
        Said { text, naming: frame.answers.iter().any(|answer| answer.text == frame.heard[n] && !answer.unasked) }
    }

    /// The things a list of names means.
    fn named_in(&self, said: Said<'_>, things: &[Thing]) -> Vec<usize> {
        let text = said.text;
        let all = self.lexicon().is(super::lexicon::Utterance::All, &self.lexicon().words(text));
        if all {
            return (0..things.len()).collect();
        }
        let mut chosen = Vec::new();
        let pieces = naming::read(&[said], things);
        let elsewhere = pieces.iter().any(|piece| piece.elsewhere);
        let wanted = |piece: &naming::Piece| piece.named && !naming::keeps(&piece.words) && !naming::denies(&piece.words);
        for piece in pieces.into_iter().filter(wanted) {
            chosen.extend(piece.about.into_iter().filter(|n| !chosen.contains(n)).collect::<Vec<_>>());
        }
        if chosen.is_empty() && !elsewhere {
            // In other words, or by what it is ("the red one").
            let fits = |n: &usize| things[*n].mentions(&tokens(text), true).iter().any(|mention| things[*n].is(mention));
            let by_option: Vec<usize> = (0..things.len()).filter(fits).collect();
            let titles: Vec<String> = things.iter().map(Thing::name).collect();
            let by_meaning = || self.hearing.similar(text, &titles).into_iter().collect();
            chosen = if by_option.len() == 1 { by_option } else { by_meaning() };
        }
        chosen
    }

    /// The things that shall become something else; where none does, the only one that is named. Empty where that is not clear.
    fn changed_in(&self, texts: &[Said<'_>], things: &[Thing], frame: &Frame) -> Vec<usize> {
        let pieces = naming::read(texts, things);
        let differs = |n: usize| {
            let mut wanted = Wanted::default();
            for text in 0..texts.len() {
                let own = pieces.iter().filter(|piece| piece.text == text && piece.about.contains(&n) && !naming::keeps(&piece.words));
                wanted.hear(&things[n], &own.map(|piece| piece.wishes(things)).collect::<Vec<_>>(), false);
            }
            wanted.differs(&things[n])
        };
        let mut named: Vec<usize> = Vec::new();
        for piece in pieces.iter().filter(|piece| piece.named) {
            named.extend(piece.about.iter().copied().filter(|n| !named.contains(n)).collect::<Vec<_>>());
        }
        // "No, leave the stand as it is."
        let left = |piece: &naming::Piece| piece.named && says(&piece.words, &ENGLISH.left_alone).is_some();
        let kept = |n: &usize| pieces.iter().any(|piece| left(piece) && piece.about.contains(n));
        let changed: Vec<usize> = named.iter().copied().filter(|&n| differs(n) && !kept(&n)).collect();
        let tied = pieces.iter().any(|piece| !piece.tied.is_empty() && !piece.tied.iter().any(|n| changed.contains(n)));
        match (changed.is_empty(), named.as_slice()) {
            _ if tied => Vec::new(),
            (false, _) => changed,
            (true, [one]) => vec![*one],
            (true, []) => self.fitting(texts, things, frame),
            _ => Vec::new(),
        }
    }

    /// Where no thing is called by its name: the only one whose product has what is wanted, or the one that is meant in other words.
    fn fitting(&self, texts: &[Said<'_>], things: &[Thing], frame: &Frame) -> Vec<usize> {
        if things.len() == 1 {
            return vec![0];
        }
        let text = texts.iter().map(|said| said.text).collect::<Vec<_>>().join(". ");
        let titles: Vec<String> = things.iter().map(Thing::name).collect();
        let fits = |n: &usize| {
            let mut wanted = Wanted::default();
            let pieces = naming::cut(&text, things);
            wanted.hear(&things[*n], &pieces.iter().map(Vec::as_slice).collect::<Vec<_>>(), false);
            wanted.differs(&things[*n])
        };
        let fitting: Vec<usize> = (0..things.len()).filter(fits).collect();
        match (fitting.as_slice(), self.hearing.similar(&text, &titles)) {
            ([one], None) if !self.points_elsewhere(&text, frame) => vec![*one],
            (several, Some(meant)) if several.contains(&meant) => vec![meant],
            _ => Vec::new(),
        }
    }

    /// Does a text name something that nothing here is called ("the bike", among shoes and shirts)?
    fn points_elsewhere(&self, text: &str, frame: &Frame) -> bool {
        let Some(program) = self.program(&frame.skill) else { return false };
        let (words, own) = (self.lexicon().words(text), self.words_of_things(frame));
        let number = |word: &Word| word.plain.bytes().any(|letter| letter.is_ascii_digit());
        let names = |at: usize| {
            let name = words[at + 1..].iter().find(|word| !own.contains(&word.stem) && !number(word));
            naming::DEFINITE.contains(&words[at].plain.as_str())
                && name.is_some_and(|name| !program.telling(std::slice::from_ref(name), self.lexicon()).is_empty())
        };
        (0..words.len()).any(names)
    }

    /// The words by which the things of the skill at work, and what they may become, are told: they describe no other record.
    pub(super) fn words_of_things(&self, frame: &Frame) -> BTreeSet<String> {
        let Some(program) = self.program(&frame.skill) else { return BTreeSet::new() };
        let chosen = |plan: &&SlotPlan| plan.slot.for_each.is_some() || program.for_each_of(&plan.slot.name).is_some();
        let read = program.slots.iter().filter(chosen).filter_map(|plan| match plan.records() {
            // Only what is there already: the order, for one, is chosen before its things are read.
            Some((path, _)) if self.context.facts.contains_key(path.split('.').next()?) => match self.raw(plan, frame) {
                Raw::Read(records) => Some(records),
                _ => None,
            },
            _ => None,
        });
        let texts = read.flatten().flat_map(|(_, record)| {
            let own = attributes(&record).into_values().filter(|text| text.chars().any(char::is_alphabetic));
            own.chain(super::records::title(&record).map(str::to_owned)).collect::<Vec<_>>()
        });
        texts.flat_map(|text| self.lexicon().words(&text)).map(|word| word.stem).collect()
    }

    /// All things of a list slot, each with the variants that the other slot's source has for it.
    fn things(&self, plan: &SlotPlan, each: &SlotPlan, frame: &Frame) -> Things {
        let (own, variants) = match (self.raw(plan, frame), self.raw(each, frame)) {
            (Raw::Unread(tool), _) | (_, Raw::Unread(tool)) => return Things::Unread(tool),
            (Raw::None, _) | (_, Raw::None) => return Things::None,
            (Raw::Read(own), Raw::Read(variants)) => (own, variants),
        };
        let (Some((_, take)), Some((_, variant))) = (plan.records(), each.records()) else { return Things::None };
        let scope = self.scope();
        let thing = |(_, record): &(Option<Value>, Value)| {
            let holds =
                |(within, other): &&(Option<Value>, Value)| self.comes_into_question(each, &scope, within.as_ref(), other, Some(record));
            let eligible: Vec<&(Option<Value>, Value)> = variants.iter().filter(holds).collect();
            let product: Vec<&Option<Value>> = eligible.iter().map(|(within, _)| within).collect();
            let all: Vec<Value> = variants.iter().filter(|(within, _)| product.contains(&within)).map(|(_, other)| other.clone()).collect();
            let eligible: Vec<(Value, Value)> =
                eligible.into_iter().filter_map(|(_, other)| Some((other.at(variant)?.clone(), other.clone()))).collect();
            Some(Thing::of(record, record.at(take)?.clone(), &all, &eligible))
        };
        Things::Read(own.iter().filter_map(thing).collect())
    }

    /// Does a record come into question for a slot?
    pub(super) fn comes_into_question(
        &self,
        plan: &SlotPlan,
        scope: &Scope,
        within: Option<&Value>,
        record: &Value,
        item: Option<&Value>,
    ) -> bool {
        plan.only.as_ref().is_none_or(|rule| {
            let mut scope = scope.clone();
            scope.insert("record".to_owned(), record.clone());
            scope.extend(within.map(|within| ("within".to_owned(), within.clone())));
            scope.extend(item.map(|item| ("item".to_owned(), item.clone())));
            rule.holds(&scope).unwrap_or(false)
        })
    }

    /// Asks which variant a thing shall become, the likely ones first.
    fn ask_each(&self, plan: &SlotPlan, place: usize, thing: &Thing, open: &Decision) -> Resolution {
        let Otherwise::Ask { say, .. } = &plan.slot.otherwise else { return Resolution::Known(Value::Null, Origin::LeftOut) };
        let likely = match open {
            Decision::One(one) => vec![*one],
            Decision::OneOf(likely) | Decision::NoSuch(likely) => likely.clone(),
            Decision::Open => (0..thing.variants.len()).collect(),
        };
        let offer = |n: usize| {
            let variant = &thing.variants[n];
            Some(Offer { value: variant.value.as_text()?.to_owned(), label: variant.label(thing) })
        };
        let choices: Vec<Offer> = likely.into_iter().filter_map(offer).take(OFFERED).collect();
        let mut scope = self.scope();
        scope.insert("item".to_owned(), thing.record.clone());
        scope.insert("no_such".to_owned(), Value::Bool(matches!(open, Decision::NoSuch(_))));
        let text = self.draft(say, &scope).map_or_else(|| format!("{}?", thing.name()), |draft| draft.text);
        let kind = if choices.is_empty() { "text" } else { "choice" };
        let question = Question { slot: plan.slot.name.clone(), kind: kind.to_owned(), text, choices };
        Resolution::AskEach(place, question)
    }

    /// The question whether that is all: only where more could be meant, once, and not when the customer said so already.
    pub(super) fn ask_more(&self, plan: &SlotPlan, frame: &Frame, chosen: &Value, all: &[Offer]) -> Option<Resolution> {
        let say = plan.slot.more.as_ref().filter(|_| !frame.complete.contains(&plan.slot.name))?;
        let chosen: BTreeSet<&str> = chosen.as_list()?.iter().filter_map(Value::as_text).collect();
        let left: Vec<Offer> = all.iter().filter(|offer| !chosen.contains(offer.value.as_str())).cloned().collect();
        let counted = |text: &String| {
            let words = tokens(text);
            let number =
                words.iter().find_map(|word| word.number.filter(|_| !word.is_digits())).is_some_and(|number| number == chosen.len().into());
            (number && chosen.len() > 1) || says(&words, &ENGLISH.only).is_some()
        };
        if left.is_empty() || frame.heard.iter().any(counted) {
            return None;
        }
        let text = self.draft(say, &self.scope_with(plan, &chosen))?.text;
        // One thing alone is no choice.
        let choices = if left.len() > 1 { left } else { Vec::new() };
        let kind = if choices.is_empty() { "text" } else { "choice" };
        Some(Resolution::AskMore(Question { slot: plan.slot.name.clone(), kind: kind.to_owned(), text, choices }))
    }

    /// The scope with what was chosen so far under the slot's name.
    fn scope_with(&self, plan: &SlotPlan, chosen: &BTreeSet<&str>) -> Scope {
        let mut scope = self.scope();
        let values = Value::List(chosen.iter().map(|value| Value::text(*value)).collect());
        scope.insert(plan.slot.name.clone(), values);
        scope
    }
}
