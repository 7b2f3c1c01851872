//! One answer for several wishes: "W1 for the return and W2 to cancel". Each value goes to the wish that the words beside it are about.

use super::dialogue::{Dialogue, Message};
use super::memory::{Filled, Origin};
use super::reading::{Found, same};
use super::words::{Word, alike};
use patchbay_core::declare::Kind;
use patchbay_core::reply::Question;
use std::collections::BTreeSet;

impl Dialogue<'_> {
    /// Of several values for one slot, those that this wish is answered with. Words beside the values say which; without any, all
    /// are meant. What is for a wish that waits is kept for it.
    pub(super) fn own_values(&mut self, slot: &str, message: &Message, values: Vec<Found>) -> Vec<Found> {
        if values.len() < 2 {
            return values;
        }
        let beside = self.words_beside_each(message, &values);
        if beside.iter().all(|words| self.lexicon().content(words).is_empty()) {
            return values;
        }
        let Some(frame) = self.memory.top() else { return values };
        let (skill, heard) = (frame.skill.clone(), frame.heard.join("\n"));
        let waiting: Vec<(String, String)> = self.memory.queue.iter().map(|wish| (wish.skill.clone(), wish.text.clone())).collect();
        let others = |n: usize| waiting.iter().map(|(skill, text)| self.fit(&beside[n], skill, text)).collect::<Vec<_>>();
        let fits: Vec<(usize, Vec<usize>)> = (0..values.len()).map(|n| (self.fit(&beside[n], &skill, &heard), others(n))).collect();
        let Some(own) = only_best(fits.iter().map(|(own, _)| *own)) else { return values.into_iter().take(1).collect() };
        for (n, wish) in self.memory.queue.iter_mut().enumerate() {
            let best = only_best(fits.iter().enumerate().map(|(at, (_, others))| if at == own { 0 } else { others[n] }));
            if let Some(best) = best {
                let filled = Filled { value: values[best].value.clone(), from: Origin::Answer };
                wish.slots.entry(slot.to_owned()).or_insert(filled);
            }
        }
        vec![values[own].clone()]
    }

    /// The one part of an answer that is meant for this question, where it has several.
    pub(super) fn part_of_an_answer(&self, question: &Question, message: &Message) -> Option<Message> {
        let heard =
            self.memory.top().map(|frame| frame.slots.values().filter_map(|filled| filled.value.as_text()).collect::<Vec<_>>().join(" "));
        let about = self.part_about(question, message).filter(|part| !self.names_another(heard.as_deref().unwrap_or_default(), &part.text));
        about.or_else(|| self.part_for_this_record(question, message)).or_else(|| self.part_for_this_wish(question, message))
    }

    /// The one part of an answer whose words are about this wish, where the others are about wishes that wait: "PayPal for the
    /// tent, and the lamp on my card".
    fn part_for_this_wish(&self, question: &Question, message: &Message) -> Option<Message> {
        let frame = self.memory.top()?;
        let offering = |part: &Message| self.chosen(&question.choices, part).len() == 1;
        let parts: Vec<Message> = self.parts_of_an_answer(message).into_iter().filter(offering).collect();
        let fits = |skill: &str, heard: &str| {
            let fits: Vec<usize> = parts.iter().map(|part| self.fit(&part.words, skill, heard)).collect();
            only_best(fits.into_iter())
        };
        // The same answer, given before, speaks for none of its own parts.
        let before: Vec<&str> = frame.heard.iter().map(String::as_str).filter(|text| *text != message.text).collect();
        let own = fits(&frame.skill, &before.join("\n")).filter(|_| parts.len() > 1)?;
        let others = self.memory.queue.iter().any(|wish| fits(&wish.skill, &wish.text) == Some(own));
        (!others).then(|| parts[own].clone())
    }

    /// The one part of an answer that names the record at work beside one of the offers: "the card for 123, the voucher for 456".
    fn part_for_this_record(&self, question: &Question, message: &Message) -> Option<Message> {
        let (program, frame) = self.at_work()?;
        let mut records = program.slots.iter().filter(|plan| matches!(plan.slot.kind, Kind::Pattern { .. }));
        let (plan, value) = records.find_map(|plan| Some((plan, frame.value(&plan.slot.name)?)))?;
        let kind = &plan.slot.kind;
        let names = |part: &&Message| {
            let mut mentioned = self.reader(part).mentioned(kind).into_iter();
            mentioned.any(|found| same(&self.programs.patterns, kind, &found.value, value))
                && !self.chosen(&question.choices, part).is_empty()
        };
        let parts = self.parts_of_an_answer(message);
        let mut about = parts.iter().filter(names);
        about.next().filter(|_| parts.len() > 1 && about.next().is_none()).map(|part| self.beside_numbers(part, kind))
    }

    /// Do the parts of an answer name different offers ("the card and the voucher")? Which of them is meant here is not said.
    pub(super) fn names_several_offers(&self, question: &Question, message: &Message) -> bool {
        let chosen = self.parts_of_an_answer(message).into_iter().map(|part| self.chosen(&question.choices, &part));
        let only: BTreeSet<usize> = chosen.filter_map(|chosen| if let [one] = chosen.as_slice() { Some(*one) } else { None }).collect();
        only.len() > 1
    }

    /// The parts of an answer, cut at marks and at words that join.
    fn parts_of_an_answer(&self, message: &Message) -> Vec<Message> {
        let words = &message.words;
        let mut starts = vec![0];
        for at in 1..words.len() {
            let gap = &message.text[words[at - 1].span.end.min(words[at].span.start)..words[at].span.start];
            if gap.contains([',', ';', '.', '\n']) || self.lexicon().lists(&words[at..]).0 > 0 {
                starts.push(words[at].span.start);
            }
        }
        let ends = starts.iter().skip(1).copied().chain([message.text.len()]);
        starts.iter().zip(ends).map(|(from, to)| self.listen(&message.text[*from..to])).collect()
    }

    /// A text without the numbers of records: they are no words of an offer.
    fn beside_numbers(&self, part: &Message, kind: &Kind) -> Message {
        let mut text = part.text.clone();
        for found in self.reader(part).mentioned(kind) {
            text.replace_range(found.span.clone(), &" ".repeat(found.span.len()));
        }
        self.listen(&text)
    }

    /// The words of the piece of a list each value stands in.
    fn words_beside_each(&self, message: &Message, values: &[Found]) -> Vec<Vec<Word>> {
        let inside = |word: &Word| values.iter().any(|found| found.span.contains(&word.span.start));
        let words: Vec<&Word> = message.words.iter().collect();
        let cut = |at: usize| {
            let gap = &message.text[words[at - 1].span.end.min(words[at].span.start)..words[at].span.start];
            gap.contains([',', ';', '.', '\n']) || self.lexicon().joint(&message.words[at..]) > 0
        };
        let mut pieces: Vec<Vec<&Word>> = vec![Vec::new()];
        for at in 0..words.len() {
            let full = pieces.last().is_some_and(|piece| piece.iter().any(|word| inside(word)));
            let more = words[at..].iter().any(|word| inside(word));
            if at > 0 && full && more && cut(at) {
                pieces.push(Vec::new());
            }
            pieces.last_mut().expect("invariant: never empty").push(words[at]);
        }
        let piece_of = |found: &Found| pieces.iter().find(|piece| piece.iter().any(|word| found.span.contains(&word.span.start)));
        let beside =
            |found: &Found| piece_of(found).map(|piece| piece.iter().filter(|word| !inside(word)).map(|word| (*word).clone()).collect());
        values.iter().map(|found| beside(found).unwrap_or_default()).collect()
    }

    /// How many words beside a value are about this wish: its verb, or what it was wished with.
    fn fit(&self, beside: &[Word], skill: &str, heard: &str) -> usize {
        let heard = self.lexicon().words(heard);
        let said = self.lexicon().content(&heard);
        let own = |word: &&&Word| said.iter().any(|other| alike(other, word));
        let about = self.lexicon().content(beside).iter().filter(own).count();
        let named = self.lexicon().words(&skill.replace('_', " "));
        let verb = self.program(skill).is_some_and(|program| !program.verbs_in(beside).is_empty());
        let by_name = beside.iter().any(|word| named.iter().any(|name| alike(name, word)));
        2 * about + usize::from(verb) + usize::from(by_name)
    }
}

/// The place of the only largest number above nothing.
fn only_best(numbers: impl Iterator<Item = usize>) -> Option<usize> {
    let numbers: Vec<usize> = numbers.collect();
    let best = numbers.iter().copied().max().filter(|best| *best > 0)?;
    let mut places = (0..numbers.len()).filter(|n| numbers[*n] == best);
    match (places.next(), places.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}
