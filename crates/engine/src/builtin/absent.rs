//! What the customer names and does not have: a way to pay that is not theirs is never replaced by another one.

use super::choose::is_definite;
use super::dialogue::Dialogue;
use super::memory::Frame;
use super::program::{Op, SlotPlan, tools_of, writes};
use super::records::Candidate;
use super::slots::Resolution;
use super::words::{Word, alike};
use patchbay_core::Value;
use patchbay_core::declare::{Kind, Otherwise};
use std::ops::Range;

/// A name has at most this many telling words.
const NAME: usize = 3;

/// What a text names for a slot.
enum Named {
    /// Nothing.
    Nothing,
    /// One of the customer's records.
    There,
    /// Something that is none of them.
    InVain(String),
}

impl Dialogue<'_> {
    /// The customer names for this slot what is not among their records: they are told, and may choose among what there is. Whoever
    /// names it again is refused, and nothing else is put in its place.
    pub(super) fn absent(&self, plan: &SlotPlan, frame: &Frame, candidates: &[Candidate]) -> Option<Resolution> {
        if candidates.is_empty() || plan.records().is_none() || plan.slot.kind != Kind::Text {
            return None;
        }
        let named = |text: &String| {
            let surely = self.named_in_vain(text, plan, frame, candidates, true);
            let described = || self.described_by(plan, text, frame, candidates).is_some();
            match surely {
                None if described() => Named::There,
                None => self.named_in_vain(text, plan, frame, candidates, false).map_or(Named::Nothing, Named::InVain),
                Some(what) => Named::InVain(what),
            }
        };
        let all: Vec<Named> = frame.heard.iter().map(named).collect();
        // What was named last counts.
        let Named::InVain(what) = all.iter().rev().find(|named| !matches!(named, Named::Nothing))? else { return None };
        if all.iter().filter(|named| matches!(named, Named::InVain(_))).count() > 1 {
            return Some(Resolution::Refuse(self.refusal_of(plan, frame)));
        }
        let Otherwise::Ask { say, choices } = &plan.slot.otherwise else { return None };
        Some(self.not_there(what, self.question(plan, frame, say, choices.as_deref(), candidates.to_vec())))
    }

    /// The only record that is left is not what the customer means, who asks for something that nothing here is called ("exchange the
    /// headphones", where only a lamp can be exchanged): they are told, and asked which one.
    pub(super) fn another_thing(&self, plan: &SlotPlan, frame: &Frame, candidates: &[Candidate]) -> Option<Resolution> {
        let of = if let Kind::List(of) = &plan.slot.kind { of } else { &plan.slot.kind };
        let told_by_name = *of == Kind::Text && candidates.len() > 1;
        let Otherwise::Ask { say, choices } = &plan.slot.otherwise else { return None };
        let what = self.asked_for_in_vain(frame, candidates).filter(|_| told_by_name)?;
        Some(self.not_there(&what, self.question(plan, frame, say, choices.as_deref(), candidates.to_vec())))
    }

    /// What the words of the wish ask for by a name that none of the records has.
    fn asked_for_in_vain(&self, frame: &Frame, candidates: &[Candidate]) -> Option<String> {
        let (program, things) = (self.program(&frame.skill)?, self.words_of_things(frame));
        let text = frame.heard.first()?;
        let heard = self.listen(text);
        let in_clause = |clause: Range<usize>| {
            let words = &heard.words[clause];
            let verb = words.iter().position(|word| program.is_asked_for_with(&word.stem))?;
            let asked = &words[verb + 1..];
            let rest = asked.iter().position(|word| is_definite(&word.plain)).map(|at| &asked[at + 1..])?;
            let no_content = |word: &Word| self.lexicon().content(std::slice::from_ref(word)).is_empty();
            let name = &rest[..rest.iter().position(no_content).unwrap_or(rest.len())];
            let has =
                |word: &Word| things.contains(&word.stem) || candidates.iter().any(|one| one.words().iter().any(|own| alike(own, word)));
            let strange = |word: &Word| {
                !program.is_worded_with(&word.stem) && !has(word) && !word.plain.bytes().any(|letter| letter.is_ascii_digit())
            };
            let vain = (1..=NAME).contains(&name.len()) && name.iter().all(strange);
            vain.then(|| text[name[0].span.start..name[name.len() - 1].span.end].to_owned())
        };
        self.pieces(text, &heard.words).into_iter().find_map(in_clause)
    }

    /// A question that first says what is not there.
    fn not_there(&self, what: &str, question: Resolution) -> Resolution {
        let mut scope = self.scope();
        scope.insert("what".to_owned(), Value::text(what));
        let note = self.draft("not_there", &scope).map(|draft| draft.text).unwrap_or_default();
        match question {
            Resolution::Ask(mut question) => {
                question.text = format!("{note} {}", question.text).trim().to_owned();
                Resolution::Ask(question)
            }
            other => other,
        }
    }

    /// The text by which the company refuses the write that this slot is for.
    pub(super) fn refusal_of(&self, plan: &SlotPlan, frame: &Frame) -> String {
        let takes = |op: &Op| match op {
            Op::Call { call, with } if writes(self.company, call) => {
                let own = with.values().any(|path| *path == plan.slot.name);
                let tools = tools_of(self.company, call);
                let named = tools.iter().any(|tool| tool.args.contains_key(&plan.slot.name));
                tools.into_iter().find(|_| own || named)?.refuse.clone()
            }
            _ => None,
        };
        let declared = self.program(&frame.skill).and_then(|program| program.ops.iter().find_map(takes));
        declared.unwrap_or_else(|| "refused".to_owned())
    }

    /// What a text names for the slot, where none of the customer's records is called so. `surely` asks for names only, not for any
    /// words of an answer.
    fn named_in_vain(&self, text: &str, plan: &SlotPlan, frame: &Frame, candidates: &[Candidate], surely: bool) -> Option<String> {
        let answers = frame.answers.iter().any(|answer| answer.text == *text && answer.slot == plan.slot.name);
        let heard = self.listen(text);
        let clauses = self.pieces(text, &heard.words);
        // Why somebody wants it ("since I have closed the card") names nothing that is wanted.
        let meant = |clause: &&Range<usize>| answers || self.speaks_of(plan, &heard.words[(*clause).clone()]);
        clauses.iter().filter(meant).find_map(|clause| {
            let words = &heard.words[clause.clone()];
            let names = if answers { vec![words] } else { self.led_to(words) };
            names.into_iter().find_map(|name| {
                let telling: Vec<&Word> = self.lexicon().content(name).into_iter().filter(|word| self.may_name(word, plan)).collect();
                let has = |word: &&Word| candidates.iter().any(|one| one.words().iter().any(|own| alike(own, word)));
                let known = |word: &&Word| (answers && !surely) || self.is_named_so(word, text, plan, frame);
                let vain = (1..=NAME).contains(&telling.len()) && !telling.iter().any(has) && telling.iter().all(known);
                let (first, last) = (telling.first()?, telling.last()?);
                vain.then(|| text[first.span.start..last.span.end].to_owned())
            })
        })
    }

    /// Does a clause take up a word of the slot's question?
    fn speaks_of(&self, plan: &SlotPlan, clause: &[Word]) -> bool {
        self.lexicon().content(clause).iter().any(|word| plan.asked_with.contains(&word.stem))
    }

    /// May a word be a name at all, rather than one of the question's own or of an order's number?
    fn may_name(&self, word: &Word, plan: &SlotPlan) -> bool {
        let number = word.plain.bytes().any(|letter| letter.is_ascii_digit());
        let called = format!("{} {}", plan.slot.name, plan.records().map_or("", |(path, _)| path)).replace(['_', '.'], " ");
        let generic = self.lexicon().words(&called).iter().any(|own| own.stem == word.stem);
        !number && !generic && !plan.asked_with.contains(&word.stem) && !self.lexicon().is_filler(word)
    }

    /// Is a word written like a name, or one the company itself uses where people choose among the same records? What the skill is
    /// about is no name.
    fn is_named_so(&self, word: &Word, text: &str, plan: &SlotPlan, frame: &Frame) -> bool {
        let about = self.company.skills.get(&frame.skill).map_or("", |skill| skill.describe.as_str());
        let common = self.lexicon().words(about).iter().any(|own| own.stem == word.stem);
        let written = text[word.span.clone()].chars().next().is_some_and(char::is_uppercase) && word.span.start > 0;
        let same = |other: &SlotPlan| other.records().map(|(path, _)| path) == plan.records().map(|(path, _)| path);
        let used = || self.programs.skills.values().any(|program| program.is_worded_with(&word.stem) && program.slots.iter().any(same));
        let verb = self.program(&frame.skill).is_some_and(|program| program.is_asked_for_with(&word.stem));
        !common && (written || (!verb && used()))
    }

    /// What stands after each word of a clause that leads to a way or a place ("to my …", "with …"), up to the next small word.
    fn led_to<'w>(&self, clause: &'w [Word]) -> Vec<&'w [Word]> {
        let leads = (0..clause.len()).filter(|at| self.lexicon().leads_to(&clause[*at]));
        let name = |at: usize| {
            let rest = &clause[at + 1..];
            let from = rest.iter().position(|word| !self.lexicon().points(word)).unwrap_or(rest.len());
            let to = rest[from..].iter().position(|word| self.lexicon().content(std::slice::from_ref(word)).is_empty());
            &rest[from..to.map_or(rest.len(), |to| from + to)]
        };
        leads.map(name).filter(|name| !name.is_empty()).collect()
    }

    /// Does a word stand where a text only says why ("since I have closed the card")?
    pub(super) fn gives_why(&self, text: &str, words: &[Word], word: &Word) -> bool {
        let inside = |piece: &Range<usize>| words[piece.clone()].iter().any(|own| own.span == word.span);
        !self.pieces(text, words).iter().any(inside)
    }

    /// The clauses of a text as places among its words, without those that only say why.
    fn pieces(&self, text: &str, words: &[Word]) -> Vec<Range<usize>> {
        let (mut pieces, mut from, mut why) = (Vec::new(), 0, false);
        for at in 0..=words.len() {
            let gap =
                if at > 0 && at < words.len() { &text[words[at - 1].span.end.min(words[at].span.start)..words[at].span.start] } else { "" };
            let reason = words.get(at).is_some_and(|word| self.lexicon().gives_a_reason(word));
            let cut = at == words.len() || gap.contains([',', ';', '.', '!', '?', '\n', ':', '(']) || reason;
            if !cut {
                continue;
            }
            if from < at && !why {
                pieces.push(from..at);
            }
            (from, why) = (at, reason);
        }
        pieces
    }
}
