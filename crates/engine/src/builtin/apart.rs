//! What of a text is about the record at work, where it speaks of several: "the lamp from 123 and the mat from 456".

use super::dialogue::Dialogue;
use super::memory::Frame;
use super::parts::sentences;
use super::program::Program;
use super::reading::{Found, same};
use super::words::Word;
use patchbay_core::Value;
use patchbay_core::declare::Kind;
use std::ops::Range;

/// What of a sentence is about which record.
enum Owned {
    /// Nothing was said of which.
    Nobodys,
    /// Several records share it.
    Shared,
    /// Each of these stretches is about the record at this place.
    Each(Vec<(Range<usize>, usize)>),
}

impl Dialogue<'_> {
    /// The words of a text that tell things of the record at work, without those that tell things of another one, and with what
    /// values of shapes are called in their place.
    pub(super) fn about_things(&self, text: &str, frame: &Frame) -> String {
        let own = self.about_record(text, frame);
        self.programs.patterns.named(own.as_deref().unwrap_or(text))
    }

    /// What is about the record at work; nothing where the text is not about several.
    fn about_record(&self, text: &str, frame: &Frame) -> Option<String> {
        let program = self.program(&frame.skill)?;
        let mut records = program.slots.iter().filter(|plan| matches!(plan.slot.kind, Kind::Pattern { .. }));
        let (plan, value) = records.find_map(|plan| Some((plan, frame.value(&plan.slot.name)?)))?;
        let mut named = self.reader(&self.listen(text)).mentioned(&plan.slot.kind);
        let is_own = |found: &Found| self.is_same(&plan.slot.kind, &found.value, value);
        if named.len() < 2 || !named.iter().any(is_own) {
            return None;
        }
        named.sort_by_key(|found| found.span.start);
        let (mut out, mut owner) = (String::new(), None::<usize>);
        for sentence in sentences(text) {
            match self.owners(text, sentence.clone(), &named, program) {
                Owned::Shared => {
                    owner = None;
                    out.push_str(&text[sentence]);
                }
                // A sentence that names none goes on with the record before it.
                Owned::Nobodys if owner.is_none_or(|owner| is_own(&named[owner])) => out.push_str(&text[sentence]),
                Owned::Nobodys => {}
                Owned::Each(stretches) => {
                    for (stretch, of) in stretches {
                        owner = Some(of);
                        if is_own(&named[of]) {
                            out.push_str(&text[stretch]);
                        }
                    }
                }
            }
        }
        Some(out)
    }

    fn is_same(&self, kind: &Kind, one: &Value, two: &Value) -> bool {
        same(&self.programs.patterns, kind, one, two)
    }

    /// Which record each stretch of a sentence is about: things stand before the record they are of ("the lamp from 123") or after
    /// it ("123: the lamp").
    fn owners(&self, text: &str, sentence: Range<usize>, named: &[Found], program: &Program) -> Owned {
        let here: Vec<usize> = (0..named.len()).filter(|n| sentence.contains(&named[*n].span.start)).collect();
        let (Some(first), Some(last)) = (here.first(), here.last()) else { return Owned::Nobodys };
        let gaps = here.windows(2).map(|pair| &text[named[pair[0]].span.end..named[pair[1]].span.start]);
        if gaps.into_iter().any(|gap| !self.names_things(gap, program)) {
            return Owned::Shared;
        }
        let before = self.names_things(&text[sentence.start..named[*first].span.start], program);
        let mut from = sentence.start;
        let stretches = here.iter().map(|&n| {
            let end = match (n == *last, before) {
                (true, _) => sentence.end,
                (false, true) => named[n].span.end,
                (false, false) => named[n + 1].span.start,
            };
            (std::mem::replace(&mut from, end)..end, n)
        });
        Owned::Each(stretches.collect())
    }

    /// Does a stretch of text name anything, beside what is wished for and what records are called?
    fn names_things(&self, text: &str, program: &Program) -> bool {
        let words = self.lexicon().words(text);
        let says_something = |word: &Word| {
            let content = !self.lexicon().content(std::slice::from_ref(word)).is_empty();
            content && !self.programs.patterns.calls(&word.plain)
        };
        let pointed = words.windows(2).any(|pair| self.lexicon().points(&pair[0]) && says_something(&pair[1]));
        pointed || words.iter().any(|word| says_something(word) && !program.is_worded_with(&word.stem))
    }
}
