//! Slots: where a value comes from when the message did not say it, and what is asked when it comes from nowhere.

use super::choose::{Meant, is_taken_back};
use super::dated::Dated;
use super::dialogue::{Dialogue, Message};
use super::memory::{Frame, Origin};
use super::program::{SlotPlan, with_needs};
use super::reading::{Found, fits, same, word_for};
use super::records::{Candidate, Described, describe, is_another_named, without_numbers};
use super::same::{Same, completed};
use super::several::Piecewise;
use super::words::Word;
use patchbay_condition::Scope;
use patchbay_core::Value;
use patchbay_core::declare::{Choice, Kind, Otherwise};
use patchbay_core::mind::{CallResult, Understanding};
use patchbay_core::reply::{Offer, Question};
use patchbay_core::words::CallOutcome;
use std::collections::BTreeMap;

/// How a slot goes on.
pub(super) enum Resolution {
    /// It has its value; nothing, when it may be left out.
    Known(Value, Origin),
    /// The records this tool reads have to be seen first.
    Records(String),
    /// The customer has to say.
    Ask(Question),
    /// The customer has to say what the thing at this place of a list shall become.
    AskEach(usize, Question),
    /// The customer has to say whether that is all.
    AskMore(Question),
    /// What the customer wants cannot be had; this text says so.
    Refuse(String),
}

/// Records as they were read, each with the record around it where they stand in a list of that.
pub(super) enum Raw {
    /// This tool has to answer first.
    Unread(String),
    /// They cannot be had.
    None,
    /// These.
    Read(Vec<(Option<Value>, Value)>),
}

/// The records a slot may be chosen from.
pub(super) enum Records {
    /// They have to be read first, by this tool.
    Unread(String),
    /// They cannot be had, or the slot has none.
    None,
    /// These.
    Read(Vec<Candidate>),
}

impl Dialogue<'_> {
    /// The next thing to do about a slot that the message did not fill.
    pub(super) fn resolve(&self, plan: &SlotPlan) -> Resolution {
        let Some(frame) = self.memory.top() else { return Resolution::Known(Value::Null, Origin::LeftOut) };
        if let Some(of) = plan.slot.for_each.as_ref().and_then(|of| self.program(&frame.skill)?.slot(of)) {
            return self.resolve_each(plan, of, frame);
        }
        match self.same_as(plan, frame) {
            Same::Unread(tool) => return Resolution::Records(tool),
            Same::Value(value) => return Resolution::Known(value, Origin::Records),
            Same::Nothing => {}
        }
        if let Some(record) = frame.parts.get(&plan.slot.name).and_then(|parts| completed(&plan.slot.kind, parts)) {
            return Resolution::Known(record, Origin::Answer);
        }
        let (mut candidates, mut dated, mut unclear) = (Vec::new(), false, false);
        // What the words describe comes before what was talked about earlier.
        if plan.records().is_some() && (self.says_something_telling(frame) || self.earlier(plan, frame).is_none()) {
            match self.records(plan, frame) {
                Records::Unread(tool) => return Resolution::Records(tool),
                Records::Read(read) => candidates = read,
                Records::None => {}
            }
            if let Some(tool) = self.unread_for_choosing(plan, frame) {
                return Resolution::Records(tool);
            }
            match self.dated(plan, frame, &candidates) {
                // "Luna's on Monday", where hers is on Thursday: nobody knows which was meant.
                Some(Dated { these, .. })
                    if self.described(plan, frame, &candidates).is_some_and(|one| these.iter().all(|these| these.value != one)) =>
                {
                    unclear = true;
                }
                Some(Dated { these, fits }) => (candidates, dated, unclear) = (these, true, !fits),
                None => {
                    if let Some(absent) = self.absent(plan, frame, &candidates) {
                        return absent;
                    }
                }
            }
            if let Some(value) = self.described(plan, frame, &candidates).filter(|_| !unclear) {
                return self.complete(plan, frame, value, &candidates);
            }
        }
        let among = |value: &Value| candidates.iter().any(|candidate| candidate.value == *value);
        if let Some(value) = self.earlier(plan, frame).filter(|value| !unclear && (!dated || among(value))) {
            return Resolution::Known(value, Origin::Conversation);
        }
        if let Some(value) = only_one(plan, &candidates).filter(|_| !unclear) {
            if let Some(question) = self.another_thing(plan, frame, &candidates) {
                return question;
            }
            return self.complete(plan, frame, value, &candidates);
        }
        match &plan.slot.otherwise {
            Otherwise::LeaveOut => Resolution::Known(Value::Null, Origin::LeftOut),
            Otherwise::Ask { say, choices } => self.question(plan, frame, say, choices.as_deref(), candidates),
        }
    }

    /// A value that was chosen, unless the customer is to be asked whether that is all.
    fn complete(&self, plan: &SlotPlan, frame: &Frame, value: Value, candidates: &[Candidate]) -> Resolution {
        let offers: Vec<Offer> = candidates.iter().map(|candidate| candidate.offer.clone()).collect();
        self.ask_more(plan, frame, &value, &offers).unwrap_or(Resolution::Known(value, Origin::Records))
    }

    /// The tool whose records have to be seen before things can be chosen for what they shall become.
    fn unread_for_choosing(&self, plan: &SlotPlan, frame: &Frame) -> Option<String> {
        let each = self.program(&frame.skill)?.for_each_of(&plan.slot.name)?;
        match self.raw(each, frame) {
            Raw::Unread(tool) => Some(tool),
            _ => None,
        }
    }

    /// The value known from earlier in the conversation, unless the customer has just ruled it out.
    fn earlier(&self, plan: &SlotPlan, frame: &Frame) -> Option<Value> {
        let value = self.memory.known.get(&plan.slot.name).filter(|_| plan.may_be_known())?;
        let fits = fits(&self.programs.patterns, &plan.slot.kind, value) && !self.is_ruled_out(plan, frame, value);
        fits.then(|| value.clone())
    }

    fn is_ruled_out(&self, plan: &SlotPlan, frame: &Frame, value: &Value) -> bool {
        let out = frame.ruled_out.get(&plan.slot.name);
        out.is_some_and(|out| out.iter().any(|one| same(&self.programs.patterns, &plan.slot.kind, one, value)))
    }

    fn says_something_telling(&self, frame: &Frame) -> bool {
        let Some(program) = self.program(&frame.skill) else { return false };
        frame.heard.iter().any(|text| !program.telling(&self.listen(text).words, self.lexicon()).is_empty())
    }

    /// The records of the slot's source, where they have been read in this turn.
    pub(super) fn records(&self, plan: &SlotPlan, frame: &Frame) -> Records {
        let Some((path, take)) = plan.records() else { return Records::None };
        self.read_records(path, take, plan, frame)
    }

    fn read_records(&self, path: &str, take: &str, plan: &SlotPlan, frame: &Frame) -> Records {
        let list = match self.raw_at(path, &plan.reads, frame) {
            Raw::Unread(tool) => return Records::Unread(tool),
            Raw::None => return Records::None,
            Raw::Read(list) => list,
        };
        let scope = self.scope();
        let candidate = |(within, record): &(Option<Value>, Value)| {
            let eligible = self.comes_into_question(plan, &scope, within.as_ref(), record, None);
            Candidate::of(record, take, eligible, self.lexicon())
        };
        let candidates = list.iter().filter_map(candidate);
        let candidates: Vec<Candidate> = candidates.filter(|candidate| !self.is_ruled_out(plan, frame, &candidate.value)).collect();
        let candidates = self.with_times(candidates);
        let kind = if let Kind::List(of) = &plan.slot.kind { of } else { &plan.slot.kind };
        // What customers name by a number they are shown with it.
        Records::Read(if matches!(kind, Kind::Pattern { .. }) { candidates } else { without_numbers(candidates) })
    }

    /// The records of the slot's source as they were read.
    pub(super) fn raw(&self, plan: &SlotPlan, frame: &Frame) -> Raw {
        plan.records().map_or(Raw::None, |(path, _)| self.raw_at(path, &plan.reads, frame))
    }

    /// What stands at a path of facts, where that and these other tools have been read in this turn. Lists on the way are gone through.
    pub(super) fn raw_at(&self, path: &str, others: &[String], frame: &Frame) -> Raw {
        let (tool, field) = path.split_once('.').unwrap_or((path, ""));
        if let Some(unread) = others.iter().find(|other| *other != tool && self.must_be_read(other, frame)) {
            return Raw::Unread(unread.clone());
        }
        if self.must_be_read(tool, frame) {
            return Raw::Unread(tool.to_owned());
        }
        let Some(released) = self.context.facts.get(tool).filter(|_| !frame.without.contains(tool)) else { return Raw::None };
        let mut found = vec![(None, released.value.clone())];
        for name in field.split('.') {
            let inner = found.into_iter().flat_map(|(within, value)| match value {
                Value::List(list) => list.into_iter().map(|one| (Some(one.clone()), one)).collect::<Vec<_>>(),
                one => vec![(within, one)],
            });
            found = inner.filter_map(|(within, value)| Some((within, value.at(name)?.clone()))).collect();
        }
        let list = found.into_iter().flat_map(|(within, value)| match value {
            Value::List(list) => list.into_iter().map(|one| (within.clone(), one)).collect::<Vec<_>>(),
            one => vec![(within, one)],
        });
        Raw::Read(list.collect())
    }

    /// Must a tool still be read in this turn? An answer of this turn may be about another record, unless this skill asked for it or
    /// nothing it reads takes anything. Asked for in vain once in a turn is enough.
    pub(super) fn must_be_read(&self, tool: &str, frame: &Frame) -> bool {
        let takes_nothing = || {
            let tools = with_needs(self.company, self.company.tools.get(tool).into_iter().collect());
            !tools.is_empty() && tools.iter().all(|tool| tool.args.is_empty())
        };
        let own = frame.results.contains_key(tool) || takes_nothing();
        if frame.without.contains(tool) || (own && self.context.facts.contains_key(tool)) {
            return false;
        }
        let asked = |result: &CallResult| result.tool == tool && result.outcome != CallOutcome::NeedsStepUp;
        !(own && self.context.results.iter().any(asked))
    }

    /// The record the customer's words describe: the latest words first, records that come into question before others.
    fn described(&self, plan: &SlotPlan, frame: &Frame, candidates: &[Candidate]) -> Option<Value> {
        if matches!(plan.slot.kind, Kind::List(_)) {
            let program = self.program(&frame.skill)?;
            if let Some(each) = program.for_each_of(&plan.slot.name) {
                return match self.meant(plan, each, frame) {
                    Meant::These(values) => Some(Value::List(values)),
                    Meant::Unread | Meant::Unclear => None,
                };
            }
            let telling = |words: &[Word]| self.telling_things(program, plan, words, candidates);
            let similar = |text: &str, among: &[&str]| {
                let among: Vec<String> = among.iter().map(|one| (*one).to_owned()).collect();
                self.hearing.similar(text, &among)
            };
            let verb = |word: &Word| program.is_asked_for_with(&word.stem);
            let piecewise = Piecewise { lexicon: self.lexicon(), telling: &telling, verb: &verb, similar: &similar };
            let chosen = self.listed_so_far(plan, frame, &piecewise, candidates)?;
            let mut values = frame.kept.get(&plan.slot.name).cloned().unwrap_or_default();
            for value in chosen.into_iter().map(|n| &candidates[n].value) {
                if !values.contains(value) {
                    values.push(value.clone());
                }
            }
            return Some(Value::List(values));
        }
        // Where things shall become something else, the words for that tell no record from another.
        let by_name: Vec<Candidate>;
        let candidates = if self.program(&frame.skill)?.chooses() {
            by_name = candidates.iter().map(Candidate::by_name).collect();
            by_name.as_slice()
        } else {
            candidates
        };
        let eligible = candidates.iter().filter(|candidate| candidate.eligible);
        let eligible: Vec<Candidate> = eligible.map(|candidate| candidate.apart_from(candidates)).collect();
        let latest = frame.heard.iter().rev().find_map(|text| Some((text, self.described_by(plan, text, frame, &eligible)?)));
        if let Some((text, latest)) = latest {
            return Some(self.just_handled(plan, text, frame, candidates, &latest).unwrap_or(latest));
        }
        frame.heard.iter().rev().find_map(|text| self.described_by(plan, text, frame, candidates))
    }

    /// What the latest words list, and what was named when asked whether that is all. That may go beyond these records: of those
    /// words only what they clearly name counts, and what was said to stay is not brought in again along with other things.
    fn listed_so_far(&self, plan: &SlotPlan, frame: &Frame, piecewise: &Piecewise<'_>, candidates: &[Candidate]) -> Option<Vec<usize>> {
        let more =
            |text: &&String| frame.answers.iter().any(|answer| answer.more && answer.slot == plan.slot.name && answer.text == **text);
        let named = |text: &String| self.about_things(text, frame);
        // Whether an answer left something out is asked where that matters.
        let answers = |text: &String| {
            frame.answers.iter().any(|answer| answer.slot == plan.slot.name && answer.text == *text) && plan.slot.more.is_some()
        };
        let listed = |text: &String| {
            let clearly = || Some(piecewise.named(&named(text), candidates).0).filter(|these| answers(text) && !these.is_empty());
            piecewise.chosen(&named(text), candidates).or_else(clearly)
        };
        let base = frame.heard.iter().rev().filter(|text| !more(text)).find_map(|text| Some((text, listed(text)?)));
        let mut stays = base.as_ref().map(|(text, _)| piecewise.named(&named(text), candidates).1).unwrap_or_default();
        let mut chosen = base.map(|(_, chosen)| chosen).unwrap_or_default();
        for text in frame.heard.iter().filter(more) {
            let (these, kept) = piecewise.named(&named(text), candidates);
            let alone = these.len() == 1;
            // Where the same is wished for several times, a list that goes beyond this record may mean another one's thing of the same
            // name: nothing is added by it.
            let several = self.does_so_several_times(frame);
            let added = if chosen.is_empty() || !several || !piecewise.goes_beyond(&named(text), candidates) { these } else { Vec::new() };
            chosen.extend(added.into_iter().filter(|n| alone || !stays.contains(n)));
            chosen.retain(|n| !kept.contains(n));
            stays.extend(kept);
        }
        chosen.sort_unstable();
        chosen.dedup();
        (!chosen.is_empty()).then_some(chosen)
    }

    pub(super) fn described_by(&self, plan: &SlotPlan, text: &str, frame: &Frame, candidates: &[Candidate]) -> Option<Value> {
        let program = self.program(&frame.skill)?;
        let message = self.listen(text);
        let own = self.words_of_things(frame);
        let by_ending = self.lexicon().speaks_of_endings(&message.words);
        let by = |mut said: Vec<&Word>| {
            said.retain(|word| !own.contains(&word.stem) && !is_taken_back(text, word.span.start));
            // Of ways and names, those are meant that are wanted, not those that are told for a reason.
            said.retain(|word| plan.slot.kind != Kind::Text || !self.gives_why(text, &message.words, word));
            match describe(&said, candidates, by_ending) {
                Described::One(one) if plan.slot.kind == Kind::Text && is_another_named(&said, candidates, one) => {
                    Described::Several(Vec::new())
                }
                described => described,
            }
        };
        let described = match by(self.telling_things(program, plan, &message.words, candidates).iter().collect()) {
            // An example of the skill may name what this customer has too ("pay by invoice").
            Described::None if plan.slot.kind == Kind::Text => by(self.lexicon().content(&message.words)),
            // So it may where records have a number ("I need more drops"), but for what such wishes are made with anyway.
            described @ (Described::None | Described::Several(_)) if plan.slot.kind != Kind::Text => {
                let called = |word: &&Word| !program.is_common(&word.stem) && candidates.iter().any(|one| one.is_called(word));
                match by(self.lexicon().content(&message.words).into_iter().filter(called).collect()) {
                    Described::One(n) => Described::One(n),
                    _ => described,
                }
            }
            described => described,
        };
        match described {
            Described::One(n) => Some(candidates[n].value.clone()),
            // Other words for the same thing: only in answer to the question which one is meant.
            Described::None if !frame.tries.is_empty() && candidates.len() > 1 => {
                let descriptions: Vec<String> = candidates.iter().map(|candidate| candidate.description().to_owned()).collect();
                self.hearing.similar(text, &descriptions).and_then(|n| candidates.get(n)).map(|candidate| candidate.value.clone())
            }
            _ => None,
        }
    }

    /// The question for a slot, with the records it can be answered from as choices.
    pub(super) fn question(
        &self,
        plan: &SlotPlan,
        frame: &Frame,
        say: &str,
        choices: Option<&str>,
        candidates: Vec<Candidate>,
    ) -> Resolution {
        let mut offered = candidates;
        if let (true, Some(path)) = (offered.is_empty(), choices) {
            let take = plan.records().map_or(plan.slot.name.as_str(), |(_, take)| take);
            match self.read_records(path, take, plan, frame) {
                Records::Unread(tool) => return Resolution::Records(tool),
                Records::Read(read) => offered = read,
                Records::None => {}
            }
        }
        if offered.iter().any(|candidate| candidate.eligible) {
            offered.retain(|candidate| candidate.eligible);
        }
        let mut offers: Vec<Offer> = offered.into_iter().map(|candidate| candidate.offer).collect();
        if matches!(plan.slot.kind, Kind::OneOf(_)) {
            offers = choices_of(&plan.slot.kind);
        }
        if let Some((field, kind)) = open_field(plan, frame) {
            let slot = format!("{}.{field}", plan.slot.name);
            let what = field.replace('_', " ");
            let scope = Scope::from([("what".to_owned(), Value::text(what.as_str()))]);
            let text = self.draft("field_missing", &scope).map_or(what, |draft| draft.text);
            return Resolution::Ask(Question { slot, kind: word_for(kind).to_owned(), text, choices: choices_of(kind) });
        }
        let text = self.draft(say, &self.scope()).map_or_else(|| format!("{}?", plan.slot.name.replace('_', " ")), |draft| draft.text);
        let kind = if offers.is_empty() { word_for(&plan.slot.kind) } else { "choice" };
        Resolution::Ask(Question { slot: plan.slot.name.clone(), kind: kind.to_owned(), text, choices: offers })
    }

    /// Asks for a slot. Asking the same again means the answer was not understood.
    pub(super) fn ask_slot(&mut self, question: Question) {
        let Some(frame) = self.memory.top_mut() else { return };
        let tries = frame.tries.entry(question.slot.clone()).or_default();
        *tries += 1;
        let again = *tries > 1;
        frame.asked = Some(question.clone());
        if again {
            self.not_understood(Understanding { stage: "dialogue".to_owned(), ..Understanding::default() });
            let apology = self.apology();
            self.say(apology);
        }
        self.ask(question);
    }

    /// Fills every open slot of the skill at work that a message mentions. Values beyond the first of a slot are given back.
    pub(super) fn hear(&mut self, message: &Message) -> Vec<(String, Value)> {
        let Some((program, frame)) = self.at_work() else { return Vec::new() };
        let (mut filled, mut beyond) = (Vec::<(String, Value)>::new(), Vec::new());
        let open: Vec<&SlotPlan> =
            program.slots.iter().filter(|plan| plan.may_be_mentioned() && !frame.slots.contains_key(&plan.slot.name)).collect();
        for (n, plan) in open.iter().enumerate() {
            let reader = self.reader(message);
            let new = |value: &Value| {
                let known = filled.iter().any(|(_, other)| same(&self.programs.patterns, &plan.slot.kind, other, value));
                !known && !self.is_ruled_out(plan, frame, value)
            };
            let told = reader.mentioned(&plan.slot.kind).into_iter().chain(self.unasked(program, plan, message));
            let mut found = told.filter(|found| !reader.negated(found.span.start) && new(&found.value));
            let Some(first) = found.next() else { continue };
            // Another sentence has another wish for what it names.
            let same_sentence =
                |found: &Found| !message.text[first.span.end.min(found.span.start)..found.span.start].contains(['.', '!', '?', '\n']);
            let values: Vec<Value> = found.filter(same_sentence).map(|found| found.value).collect();
            filled.push((plan.slot.name.clone(), first.value.clone()));
            // Two slots of one kind share what is mentioned; only the last of them has more than it can take.
            if !open[n + 1..].iter().any(|later| later.slot.kind == plan.slot.kind) {
                beyond.extend(values.into_iter().map(|value| (plan.slot.name.clone(), value)));
            }
        }
        let parts: Vec<(String, BTreeMap<String, Value>)> =
            open.iter().filter_map(|plan| Some((plan.slot.name.clone(), self.reader(message).parts(&plan.slot.kind)?))).collect();
        for (slot, value) in filled {
            self.fill(&slot, value, Origin::Message);
        }
        for (slot, parts) in parts {
            if let Some(frame) = self.memory.top_mut() {
                frame.parts.entry(slot).or_default().extend(parts);
            }
        }
        beyond
    }

    /// The records of a slot's source could not be had: the slot goes on without them, unless the customer must sign in first.
    pub(super) fn without_records(&mut self, tool: &str, outcome: CallOutcome) {
        if let Some(frame) = self.memory.top_mut() {
            frame.results.insert(tool.to_owned(), outcome.as_str().to_owned());
            if outcome != CallOutcome::Ok {
                frame.without.insert(tool.to_owned());
            }
        }
    }
}

/// The first field that is still open of a record known in part.
fn open_field<'p>(plan: &'p SlotPlan, frame: &Frame) -> Option<(&'p str, &'p Kind)> {
    let (Kind::Record(fields), Some(known)) = (&plan.slot.kind, frame.parts.get(&plan.slot.name)) else { return None };
    // The whole is asked for before its parts, unless most of it was told unasked.
    if 2 * known.len() < fields.len() {
        frame.tries.get(&plan.slot.name)?;
    }
    let open = |(field, kind): &(&String, &Kind)| !known.contains_key(*field) && !matches!(kind, Kind::Address { usual: Some(_), .. });
    fields.iter().find(open).map(|(field, kind)| (field.as_str(), kind))
}

/// The choices a kind has, as they are offered: a short value such as a code by its first phrase.
fn choices_of(kind: &Kind) -> Vec<Offer> {
    let Kind::OneOf(choices) = kind else { return Vec::new() };
    let code = |value: &str| value.bytes().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit());
    let label = |choice: &Choice| match choice.phrases.first().filter(|_| code(&choice.value)) {
        Some(phrase) => capitalised(phrase),
        None => choice.value.replace('_', " "),
    };
    choices.iter().map(|choice| Offer { value: choice.value.clone(), label: label(choice) }).collect()
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The only record there is, or the only one that comes into question. With none in question the only record is taken, so that
/// the refusal says why it cannot be done.
fn only_one(plan: &SlotPlan, candidates: &[Candidate]) -> Option<Value> {
    let mut eligible = candidates.iter().filter(|candidate| candidate.eligible);
    let value = match (eligible.next(), eligible.next(), candidates) {
        (Some(one), None, _) | (None, None, [one]) => one.value.clone(),
        _ => return None,
    };
    Some(if matches!(plan.slot.kind, Kind::List(_)) { Value::List(vec![value]) } else { value })
}
