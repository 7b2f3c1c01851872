//! Records told by their time: "the latest one", "my next appointment", "the one from Tuesday", "the later one".

use super::dialogue::{Dialogue, Message};
use super::lexicon::InTime;
use super::memory::Frame;
use super::program::{Program, SlotPlan};
use super::records::Candidate;
use super::slots::Records;
use super::words::{Word, alike};
use jiff::civil::{Date, DateTime, Time};
use jiff::{Timestamp, ToSpan};
use patchbay_core::Value;
use patchbay_core::declare::Kind;
use std::collections::BTreeSet;

/// The records whose time the words name.
pub(super) struct Dated {
    /// These.
    pub(super) these: Vec<Candidate>,
    /// They have all that was named; else not the hour, so that nobody wants just one of them.
    pub(super) fits: bool,
}

impl Dialogue<'_> {
    /// Of the records those whose time the words name; nothing where they name none, or one that no record has.
    pub(super) fn dated(&self, plan: &SlotPlan, frame: &Frame, candidates: &[Candidate]) -> Option<Dated> {
        let program = self.program(&frame.skill)?;
        if plan.is_list() || candidates.iter().all(|one| self.moments(one, &[]).is_empty()) {
            return None;
        }
        let (mut left, mut fits): (Vec<&Candidate>, bool) = (candidates.iter().collect(), true);
        for text in &frame.heard {
            let message = self.listen(text);
            let answers = frame.answers.iter().any(|answer| answer.slot == plan.slot.name && answer.text == *text);
            left = self.on_days(plan, program, frame, &message, answers, &left).unwrap_or(left);
            let in_hours = self.in_hours(plan, program, &message, answers, &left);
            fits = in_hours.as_ref().map_or(fits, |in_hours| !in_hours.is_empty());
            left = in_hours.filter(|in_hours| !in_hours.is_empty()).unwrap_or(left);
            left = self.in_order_of_time(plan, program, &message, answers, &left).unwrap_or(left);
        }
        (left.len() < candidates.len() || !fits).then(|| Dated { these: left.into_iter().cloned().collect(), fits })
    }

    /// The records offered with their time, where they have just one.
    pub(super) fn with_times(&self, mut candidates: Vec<Candidate>) -> Vec<Candidate> {
        for candidate in &mut candidates {
            let of_days = candidate.times.values().any(|time| matches!(time, Value::Time(_)));
            let mut times = candidate.times.values().filter(|time| !of_days || matches!(time, Value::Time(_)));
            if let (Some(one), None) = (times.next(), times.next()) {
                let label = format!("{} · {}", candidate.offer.label, self.texts.say(&self.by_the_day(one), Some(self.context.now)));
                candidate.offer.label = label;
            }
        }
        candidates
    }

    /// What is over is told by its day; of what is ahead the hour matters too.
    fn by_the_day(&self, time: &Value) -> Value {
        match time {
            Value::Time(at) if *at < self.context.now => self.local(*at).map_or_else(|| time.clone(), |moment| Value::Date(moment.date())),
            other => other.clone(),
        }
    }

    /// The records of the days that a message names.
    fn on_days<'c>(
        &self,
        plan: &SlotPlan,
        program: &Program,
        frame: &Frame,
        message: &Message,
        answers: bool,
        among: &[&'c Candidate],
    ) -> Option<Vec<&'c Candidate>> {
        // What another slot takes says nothing of the record.
        let a_day = |other: &SlotPlan| other.may_be_mentioned() && matches!(other.slot.kind, Kind::Date | Kind::Time);
        if !answers && program.slots.iter().any(a_day) {
            return None;
        }
        let days = self.days_for(plan, program, frame, message, answers);
        let of = |fits: &dyn Fn(Date) -> bool| {
            let has = |one: &&&Candidate| self.moments(one, &message.words).iter().any(|moment| fits(moment.date()));
            Some(among.iter().filter(has).copied().collect::<Vec<_>>()).filter(|found| !found.is_empty())
        };
        // "The one from Friday" may have been last Friday.
        let on = |back: i64| of(&|day| days.iter().any(|named| named.checked_sub(back.days()).is_ok_and(|named| named == day)));
        on(0).or_else(|| on(7)).or_else(|| {
            let month = self.lexicon().month_alone(&message.words)?;
            of(&|day| day.month() == month)
        })
    }

    /// The records at the hours that a message names for them; nothing where it names none.
    fn in_hours<'c>(
        &self,
        plan: &SlotPlan,
        program: &Program,
        message: &Message,
        answers: bool,
        among: &[&'c Candidate],
    ) -> Option<Vec<&'c Candidate>> {
        // An hour goes with the day to which something is moved, which is for the last of several records.
        let last = program.slots.iter().rfind(|plan| plan.records().is_some()).is_some_and(|last| last.slot.name == plan.slot.name);
        let taken = |other: &SlotPlan| other.may_be_mentioned() && matches!(other.slot.kind, Kind::OneOf(_) | Kind::Date | Kind::Time);
        if !answers && (!last || program.slots.iter().any(taken)) {
            return None;
        }
        let clock = |value: &Value| match value {
            Value::Time(at) => self.local(*at).map(DateTime::time),
            _ => None,
        };
        let named: Vec<Time> = self.reader(message).mentioned(&Kind::Time).iter().filter_map(|found| clock(&found.value)).collect();
        let hours: Vec<(i8, i8)> = message.words.iter().filter_map(|word| self.lexicon().hours(word)).collect();
        let timed = among.iter().any(|one| one.times.values().any(|value| matches!(value, Value::Time(_))));
        if !timed || (named.is_empty() && hours.is_empty()) {
            return None;
        }
        let at =
            |time: Time| named.contains(&time) || (named.is_empty() && hours.iter().any(|(from, to)| (*from..*to).contains(&time.hour())));
        Some(among.iter().filter(|one| one.times.values().filter_map(clock).any(at)).copied().collect())
    }

    /// The days a message names for this slot. Where several slots are chosen from records, a day "to" which something shall be
    /// moved is for the last of them, and a day of what was chosen before is used up.
    fn days_for(&self, plan: &SlotPlan, program: &Program, frame: &Frame, message: &Message, answers: bool) -> Vec<Date> {
        let found = self.reader(message).mentioned(&Kind::Date);
        let mut days: Vec<(Date, bool)> =
            found.iter().filter_map(|found| Some((day_of(&found.value)?, self.aims(message, found.span.start)))).collect();
        let records: Vec<&SlotPlan> = program.slots.iter().filter(|plan| plan.records().is_some() && !plan.is_list()).collect();
        if answers || records.len() < 2 {
            return days.into_iter().map(|(day, _)| day).collect();
        }
        let last = records.last().is_some_and(|last| last.slot.name == plan.slot.name);
        let used: BTreeSet<Date> =
            records.iter().filter(|other| other.slot.name != plan.slot.name).flat_map(|other| self.days_chosen(other, frame)).collect();
        days.retain(|(day, aimed)| if last { *aimed || !used.contains(day) } else { !aimed });
        if days.iter().any(|(_, aimed)| *aimed) {
            days.retain(|(_, aimed)| *aimed);
        }
        days.into_iter().map(|(day, _)| day).collect()
    }

    /// Does a word before this place say that something shall go there ("to Friday")?
    fn aims(&self, message: &Message, at: usize) -> bool {
        let before = message.words.iter().rev().filter(|word| word.span.end <= at);
        before.take(2).any(|word| self.lexicon().aims(word))
    }

    /// The days of the record that was chosen for another slot.
    fn days_chosen(&self, other: &SlotPlan, frame: &Frame) -> Vec<Date> {
        let (Some(value), Records::Read(read)) = (frame.value(&other.slot.name), self.records(other, frame)) else { return Vec::new() };
        let chosen = read.iter().filter(|one| one.value == *value);
        chosen.flat_map(|one| self.moments(one, &[])).map(DateTime::date).collect()
    }

    /// The record that a message tells by its place in time.
    fn in_order_of_time<'c>(
        &self,
        plan: &SlotPlan,
        program: &Program,
        message: &Message,
        answers: bool,
        among: &[&'c Candidate],
    ) -> Option<Vec<&'c Candidate>> {
        let order = self.order_named(plan, program, message, answers, among)?;
        let now = self.local(self.context.now)?;
        let mut timed: Vec<(DateTime, &Candidate)> =
            among.iter().filter_map(|one| Some((self.moment_for(order, one, &message.words, now)?, *one))).collect();
        if order != InTime::Newest && timed.iter().any(|(_, one)| one.eligible) {
            timed.retain(|(_, one)| one.eligible);
        }
        // What was made of late is meant, not what is far ahead; among what is all ahead the last of it.
        if order == InTime::Newest && timed.iter().any(|(moment, _)| *moment <= now) {
            timed.retain(|(moment, _)| *moment <= now);
        }
        let moments = timed.iter().map(|(moment, _)| *moment);
        let best = match order {
            InTime::Newest | InTime::Later => moments.max(),
            InTime::Oldest | InTime::Next | InTime::Earlier => moments.min(),
        }?;
        Some(timed.into_iter().filter(|(moment, _)| *moment == best).map(|(_, one)| one).collect())
    }

    /// The moment by which a record stands in an order: the first of its times, which is when it came to be; for what is next, the
    /// first that is still ahead.
    fn moment_for(&self, order: InTime, one: &Candidate, said: &[Word], now: DateTime) -> Option<DateTime> {
        let moments = self.moments(one, said).into_iter();
        let ahead = |moment: &DateTime| {
            order != InTime::Next || *moment >= now || (moment.time() == Time::midnight() && moment.date() == now.date())
        };
        moments.filter(ahead).min()
    }

    /// The order in time that a message speaks of, where it speaks of one of these records: "my latest order", "the newest".
    fn order_named(&self, plan: &SlotPlan, program: &Program, message: &Message, answers: bool, among: &[&Candidate]) -> Option<InTime> {
        let words = &message.words;
        let called = format!("{} {}", plan.slot.name, plan.records().map_or("", |(path, _)| path)).replace(['_', '.'], " ");
        let called = self.lexicon().words(&called);
        let record = |word: &Word| {
            let named = called.iter().any(|own| own.stem == word.stem) || among.iter().any(|one| one.is_called(word));
            self.lexicon().stands_for_one(word) || named || program.is_worded_with(&word.stem)
        };
        (0..words.len()).find_map(|at| {
            let (order, length) = self.lexicon().in_time(&words[at..])?;
            let next = words.get(at + length);
            let gap = next.is_none_or(|next| {
                message.text[words[at + length - 1].span.end.min(next.span.start)..next.span.start].contains([',', '.', '?', '!', ';'])
            });
            let pointed = at.checked_sub(1).is_some_and(|before| self.lexicon().points(&words[before]));
            let ends = gap && (pointed || answers);
            // "Next week", "the last time" and "my first name" tell no record.
            let tells = next.is_some_and(|next| record(next) && !self.lexicon().is_small(&next.plain) && !self.lexicon().spans_time(next));
            let one = next.is_some_and(|next| self.lexicon().stands_for_one(next));
            let compared = matches!(order, InTime::Earlier | InTime::Later);
            (if compared { one || (answers && ends) } else { ends || tells || one }).then_some(order)
        })
    }

    /// The moments of a record: of the field that the words name ("the one that ends first"), else of every one.
    fn moments(&self, one: &Candidate, said: &[Word]) -> Vec<DateTime> {
        let named = |field: &str| {
            let own = self.lexicon().words(&field.replace('_', " "));
            self.lexicon().content(&own).iter().any(|own| said.iter().any(|word| alike(own, word)))
        };
        let moment = |value: &Value| match value {
            Value::Date(day) => Some(day.at(0, 0, 0, 0)),
            Value::Time(at) => self.local(*at),
            _ => None,
        };
        // A day beside its own hour says nothing more.
        let hour = |day: &Value| {
            one.times.values().any(
                |other| matches!((day, other), (Value::Date(day), Value::Time(at)) if self.local(*at).is_some_and(|at| at.date() == *day)),
            )
        };
        let of = |all: bool| {
            let times = one.times.iter().filter(|(field, value)| (all || named(field)) && !hour(value));
            times.filter_map(|(_, value)| moment(value)).collect::<Vec<_>>()
        };
        Some(of(false)).filter(|named| !named.is_empty()).unwrap_or_else(|| of(true))
    }

    fn local(&self, at: patchbay_core::Timestamp) -> Option<DateTime> {
        Some(Timestamp::from_millisecond(at.0).ok()?.to_zoned(self.programs.zone.clone()).datetime())
    }
}

fn day_of(value: &Value) -> Option<Date> {
    match value {
        Value::Date(day) => Some(*day),
        _ => None,
    }
}
