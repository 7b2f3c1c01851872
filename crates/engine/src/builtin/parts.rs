//! What a message falls into: the parts that wish for something each, with what belongs to them.

use super::dialogue::{Dialogue, Message};
use super::hearing::Label;
use super::program::Program;
use super::words::Word;
use patchbay_core::declare::Kind;
use patchbay_core::mind::Understanding;
use patchbay_core::words::Zone;
use std::collections::BTreeSet;
use std::ops::Range;

/// Words of a question that stands for itself ("where is it").
const SHORTEST_QUESTION: usize = 3;

/// A part of a message that is about one skill.
pub(super) struct Part {
    /// How it was understood.
    pub(super) reading: Understanding,
    /// The skill; empty where the part asks for something, and it is not clear for what.
    pub(super) skill: String,
    /// Its place in the message.
    span: Range<usize>,
    /// It asks for something.
    pub(super) asks: bool,
    /// It is wished for only where what was wished for before is not possible.
    pub(super) fallback: bool,
    /// It says the same of another record ("456 as well").
    pub(super) alike: bool,
}

impl Part {
    /// Its words.
    pub(super) fn text<'t>(&self, message: &'t Message) -> &'t str {
        message.text[self.span.clone()].trim_matches([' ', ',', '\n'])
    }

    /// Takes in the part before it.
    pub(super) fn take_in_before(&mut self, before: &Self) {
        self.span.start = before.span.start;
    }

    /// Takes in the part after it.
    pub(super) fn take_in(&mut self, next: &Self) {
        self.span.end = next.span.end;
        self.asks |= next.asks;
    }
}

impl Dialogue<'_> {
    /// The parts of a message that are about a skill each. What is about none belongs to the part before it, unless it is about
    /// another record: then it tells what the next part is about ("456 was a mistake, so please cancel it").
    pub(super) fn parts(&self, message: &Message) -> Vec<Part> {
        let spans = self.clause_spans(&message.text);
        let mut parts: Vec<Part> = Vec::new();
        if spans.len() < 2 {
            return parts;
        }
        let first = spans[0].start;
        let (mut waiting, mut fallback) = (None::<Range<usize>>, false);
        for span in spans {
            let (clause, conditional) = self.without_condition(&message.text[span.clone()]);
            let clause = self.without_announcement(clause);
            let (reading, skill) = self.heard_in(clause);
            let skill = skill.filter(|_| !self.is_only_a_value(clause));
            let another = parts.last().is_some_and(|last| self.names_another(&message.text[last.span.clone()], clause));
            let further = |skill: &String| {
                parts.last().is_some_and(|last| last.asks) && self.wishes_on(&reading, skill, &message.text[..span.start], clause)
            };
            // The mark at the end of a question belongs to all of it, and makes no wish of the last thing it lists.
            let opens = span.start == 0 || ends(&message.text[..span.start]);
            let asked = if opens { clause } else { clause.trim_end().trim_end_matches('?') };
            let asks = skill
                .as_ref()
                .is_some_and(|skill| self.asks_for(skill, asked) || self.gives_what_it_takes(skill, clause) || further(skill));
            match (skill, parts.last_mut()) {
                // "Can that still be changed?" asks once more for what was asked for.
                (Some(skill), Some(last))
                    if !another && waiting.is_none() && last.skill != skill && self.points_back_to(&last.skill, clause) =>
                {
                    last.span.end = span.end;
                }
                // "Pay the difference with my voucher" tells more about the exchange before it.
                (Some(skill), Some(last))
                    if !another && waiting.is_none() && last.skill != skill && self.answers_ahead(&last.skill, &skill, clause) =>
                {
                    last.span.end = span.end;
                }
                // What goes on in a request's own sentence and asks for nothing itself belongs to it ("… and the coffee machine").
                (Some(_), Some(last)) if last.asks && !asks && !another && waiting.is_none() && !ends(&message.text[..span.start]) => {
                    last.span.end = span.end;
                }
                (Some(skill), _) => {
                    // What was told of one record does not open a wish about another.
                    if let Some(told) = waiting.take_if(|told| self.names_another(&message.text[told.clone()], clause)) {
                        parts.push(self.untold(message, told));
                    }
                    let last = parts.last_mut();
                    let fallback = std::mem::take(&mut fallback) || conditional;
                    let start = waiting.take().map_or(span.start, |waiting| waiting.start);
                    let part = Part { reading, skill, span: start..span.end, asks, fallback, alike: false };
                    match last {
                        Some(last) if start == span.start && part.continues(last) && !another => last.span.end = span.end,
                        // What is told before the first request is told for that.
                        Some(last) if !last.asks && part.asks && last.skill == part.skill && !another && last.span.start == first => {
                            last.take_in(&part);
                        }
                        _ => parts.push(part),
                    }
                }
                (None, _) if conditional => fallback = true,
                // A second reason is one for something else.
                (None, Some(last))
                    if waiting.is_none()
                        && !another
                        && opens
                        && self.tells_again(&message.text[last.span.clone()], clause, &last.skill) =>
                {
                    waiting = Some(span);
                }
                (None, Some(last)) if waiting.is_none() && !another => last.span.end = span.end,
                (None, _) => waiting = Some(waiting.map_or(span.start, |waiting: Range<usize>| waiting.start)..span.end),
            }
        }
        if let Some(left) = waiting.filter(|_| !parts.is_empty()) {
            self.left_over(message, left, &mut parts);
        }
        self.without_turned_down(message, &mut parts);
        parts
    }

    /// Does a clause say a verb of this skill about nothing but what was named before ("can it still be changed?")?
    fn points_back_to(&self, skill: &str, clause: &str) -> bool {
        let Some(program) = self.program(skill) else { return false };
        let said = self.listen(clause).words;
        let pointed = said.iter().any(|word| self.lexicon().stands_for_things(word));
        pointed && !program.verbs_in(&said).is_empty() && program.telling(&said, self.lexicon()).is_empty() && !self.only_reads(program)
    }

    /// A clause without the words that make it a wish for the case that the rest is not possible, and whether it had some.
    fn without_condition<'t>(&self, clause: &'t str) -> (&'t str, bool) {
        let words = self.lexicon().words(clause);
        match self.lexicon().falls_back(&words) {
            Some(after) => (words.get(after).map_or("", |word| &clause[word.span.start..]), true),
            None => (clause, false),
        }
    }

    /// Words about another record that no part after them took up: in one sentence with what stands before, they go on with that;
    /// else they wish the same for another record, or something unclear that must not be lost.
    fn left_over(&self, message: &Message, span: Range<usize>, parts: &mut Vec<Part>) {
        let Some(last) = parts.last_mut() else { return };
        let clause = &message.text[span.clone()];
        if !ends(&message.text[..span.start]) || !self.names_another(&message.text[last.span.clone()], clause) {
            last.span.end = span.end;
            return;
        }
        let heard = self.listen(clause);
        let same = self.program(&last.skill).is_some_and(|program| program.telling(&heard.words, self.lexicon()).len() <= 4);
        if !same || self.lexicon().requests(&heard.words) {
            let part = self.untold(message, span);
            return parts.push(part);
        }
        let (reading, skill, asks) = (self.read(clause), last.skill.clone(), last.asks);
        parts.push(Part { reading, skill, span, asks, fallback: false, alike: true });
    }

    /// What is told before a request, in its own sentence or where the request before has such a reason already, belongs to the
    /// request after it: "Cancel 123, I have no use for it. I ordered it by mistake, so 456 can be cancelled as well."
    pub(super) fn tell_to_the_next(&self, message: &Message, parts: &mut Vec<Part>) {
        let mut n = 1;
        while n + 1 < parts.len() {
            let (before, told, next) = (&parts[n - 1], &parts[n], &parts[n + 1]);
            let same = before.skill == told.skill && told.skill == next.skill;
            let between = before.asks && !told.asks && next.asks && same;
            let another = || self.names_another(before.text(message), next.text(message));
            let joined = || !ends(&message.text[..next.span.start]) && ends(&message.text[..told.span.start]);
            if between && another() {
                let told_again = self.tells_again(before.text(message), told.text(message), &told.skill);
                let to_next = joined() || told_again;
                let told = parts.remove(n);
                if to_next {
                    parts[n].take_in_before(&told);
                } else {
                    parts[n - 1].take_in(&told);
                }
            }
            n += 1;
        }
    }

    /// Do both texts say a value of the same slot?
    fn tells_again(&self, before: &str, told: &str, skill: &str) -> bool {
        let Some(program) = self.program(skill) else { return false };
        let (before, told) = (self.listen(before), self.listen(told));
        let says = |text: &Message, kind: &Kind| !self.reader(text).mentioned(kind).is_empty();
        let mut chosen = program.slots.iter().map(|plan| &plan.slot.kind).filter(|kind| matches!(kind, Kind::OneOf(_)));
        chosen.any(|kind| says(&before, kind) && says(&told, kind))
    }

    /// Words about a record of which it is not said clearly what is wished for: what their verb says, else it has to be asked.
    fn untold(&self, message: &Message, span: Range<usize>) -> Part {
        let clause = &message.text[span.clone()];
        let reading = self.read(clause);
        let words = self.listen(clause).words;
        let likeliest = reading.ranked.first().map(|(label, _)| label.as_str()).filter(|_| reading.zone == Some(Zone::AskBack));
        let by_verb = likeliest.filter(|skill| self.program(skill).is_some_and(|program| !program.verbs_in(&words).is_empty()));
        let skill = by_verb.map(str::to_owned).unwrap_or_default();
        Part { reading, skill, span, asks: true, fallback: false, alike: false }
    }

    /// Does a clause name another record than the text before it does? Only values of shapes the company declared count.
    pub(super) fn names_another(&self, before: &str, clause: &str) -> bool {
        let (before, clause) = (self.listen(before), self.listen(clause));
        self.kinds_of_records().into_iter().any(|kind| {
            let known: Vec<_> = self.reader(&before).mentioned(kind).into_iter().map(|found| found.value).collect();
            !known.is_empty() && self.reader(&clause).mentioned(kind).iter().any(|found| !known.contains(&found.value))
        })
    }

    /// The declared shapes by which records are named.
    pub(super) fn kinds_of_records(&self) -> Vec<&Kind> {
        let slots = self.company.skills.values().flat_map(|skill| &skill.slots);
        let mut kinds: Vec<&Kind> = Vec::new();
        for slot in slots {
            if matches!(slot.kind, Kind::Pattern { .. }) && !kinds.contains(&&slot.kind) {
                kinds.push(&slot.kind);
            }
        }
        kinds
    }

    /// Is a clause nothing but a number or the like ("it's order 12345")? It says what about, and nothing of what is wished for.
    pub(super) fn is_only_a_value(&self, clause: &str) -> bool {
        let named = self.lexicon().words(&self.programs.patterns.named(clause));
        self.programs.patterns.finds_any(clause)
            && !self.lexicon().opens_a_question(&named)
            && self.lexicon().content(&named).iter().all(|word| self.programs.patterns.calls(&word.plain))
    }

    /// The skill a reading is sure of, if it is one of ours.
    pub(super) fn clear_skill<'r>(&self, reading: &'r Understanding) -> Option<&'r str> {
        let label = reading.skill.as_deref().filter(|_| reading.zone == Some(Zone::Answer))?;
        match Label::of(label) {
            Some(Label::Skill(skill)) if self.programs.skills.contains_key(skill) => Some(skill),
            _ => None,
        }
    }

    /// The clauses of a text: sentences, and what joining words join.
    pub(super) fn clauses(&self, text: &str) -> Vec<String> {
        let clauses = self.clause_spans(text).into_iter().map(|span| text[span].trim_matches([' ', ',']).to_owned());
        clauses.filter(|clause| !clause.is_empty()).collect()
    }

    /// "Where is 456, what do I owe": does another question open here, after one? What is shorter only asks to be agreed with.
    fn asks_after_a_comma(&self, text: &str, from: usize, rest: &[Word], place: usize) -> bool {
        let parted = text[..place].trim_end().ends_with(',') && rest.len() >= SHORTEST_QUESTION;
        let before = &text[from..place];
        let asked = || self.lexicon().opens_a_question(&self.lexicon().words(before));
        // "I have a flat tyre, how long does a repair take?": what is told there is a wish, and what is asked here is written down.
        let told = || self.clear_skill(&self.read(before)).is_some() && self.stands_written(&text[place..]);
        parted && self.lexicon().is_a_question_word(&rest[0]) && (asked() || told())
    }

    fn clause_spans(&self, text: &str) -> Vec<Range<usize>> {
        let mut clauses = Vec::new();
        for sentence in sentences(text).into_iter().filter(|span| text[span.clone()].chars().any(char::is_alphabetic)) {
            let said = self.lexicon().words(&text[sentence.clone()]);
            let place = |word: &Word| sentence.start + word.span.start;
            let (mut from, mut at) = (sentence.start, 0);
            while at < said.len() {
                let joint = self.lexicon().joint(&said[at..]);
                if joint > 0 && place(&said[at]) > from && at + joint < said.len() {
                    clauses.push(from..place(&said[at]));
                    at += joint;
                    from = place(&said[at]);
                } else if place(&said[at]) > from && self.asks_after_a_comma(text, from, &said[at..], place(&said[at])) {
                    clauses.push(from..place(&said[at]));
                    from = place(&said[at]);
                    at += 1;
                } else {
                    at += joint.max(1);
                }
            }
            clauses.push(from..sentence.end);
        }
        clauses.retain(|span| !text[span.clone()].trim_matches([' ', ',']).is_empty());
        clauses
    }
}

impl Part {
    /// Is it about the same as the part before?
    fn continues(&self, last: &Self) -> bool {
        last.skill == self.skill && last.asks == self.asks && !self.fallback
    }
}

/// Does a sentence end here?
fn ends(before: &str) -> bool {
    before.trim_end().ends_with(['.', '!', '?', ';', '\n'])
}

/// The sentences of a text, and the entries of a list that is counted out ("1) … 2) …"). A point within a number ends nothing.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let (mut spans, mut from) = (Vec::new(), 0);
    for (at, letter) in text.char_indices() {
        let next = text[at + letter.len_utf8()..].chars().next();
        let ends = match letter {
            '!' | '?' | ';' | '\n' => true,
            '.' => next.is_none_or(|next| !next.is_alphanumeric()),
            _ => false,
        };
        let end = if ends { Some(at + letter.len_utf8()) } else { counted(bytes, at) };
        if let Some(end) = end.filter(|end| *end > from) {
            spans.push(from..end);
            from = end;
        }
    }
    if from < text.len() {
        spans.push(from..text.len());
    }
    spans
}

/// Where the number of an entry begins ("2)"), when its bracket stands here and nothing opened it.
fn counted(bytes: &[u8], at: usize) -> Option<usize> {
    let digits = bytes[..at].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let before = at.checked_sub(digits + 1).map(|place| bytes[place]);
    (bytes[at] == b')' && (1..=2).contains(&digits) && before == Some(b' ')).then_some(at - digits)
}

impl Program {
    /// Stems of the verbs it is asked for with that a text says.
    pub(super) fn verbs_in(&self, said: &[Word]) -> BTreeSet<String> {
        said.iter().filter(|word| self.is_asked_for_with(&word.stem)).map(|word| word.stem.clone()).collect()
    }
}
