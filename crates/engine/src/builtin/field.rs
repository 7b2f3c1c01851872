//! A question about one more thing of a record that was just told about: "and who carries it?".

use super::dialogue::{Dialogue, Message};
use super::hearing::Label;
use super::lexicon::Utterance;
use super::memory::{Ended, Frame};
use super::records::title;
use super::words::{Word, alike};
use patchbay_core::Value;
use patchbay_core::mind::{Draft, Understanding};
use patchbay_core::words::Zone;

/// How likely what is asked to be done must be beside a passage that tells of it, in thousandths.
const LIKELY: i64 = 250;

impl Dialogue<'_> {
    /// A question that goes on about the record of the last skill: the skill it is likeliest about, else the field it names.
    pub(super) fn asks_on(&mut self, message: &Message, reading: &Understanding) -> bool {
        let told = self.memory.frames.is_empty() && self.memory.ended == Ended::Done;
        let Some(last) = self.memory.last.clone().filter(|last| told && last.written.is_none()) else { return false };
        let after = self.lexicon().goes_on_after(&message.words);
        let rest = &message.words[after..];
        let asks = self.lexicon().opens_a_question(rest) && self.lexicon().first_of(&[Utterance::Repeat], &message.words).is_none();
        let pointed = after > 0 || rest.iter().any(|word| self.lexicon().stands_for_things(word));
        // "Can you cancel it?" does not ask for what is told of it, nor how cancelling works.
        let of_it = asks && rest.iter().any(|word| self.lexicon().stands_for_things(word));
        if let Some(skill) = of_it.then(|| self.asked_to_do(rest, reading)).flatten().filter(|skill| *skill != last.skill) {
            self.take_offer(&skill, message.text.clone());
            return true;
        }
        if !asks || !pointed || reading.zone == Some(Zone::Answer) || self.programs.patterns.finds_any(&message.text) {
            return false;
        }
        let reading = self.read(&message.text[rest[0].span.start..]);
        let likeliest = reading.ranked.first().map(|(label, _)| label.as_str()).filter(|_| reading.zone != Some(Zone::HandOver));
        if let Some(other) = likeliest.filter(|label| *label != last.skill && self.only_tells(label)).map(str::to_owned) {
            self.take_offer(&other, message.text.clone());
            return true;
        }
        if likeliest.and_then(Label::of).is_some_and(|label| matches!(label, Label::Skill(skill) if skill != last.skill)) {
            return false;
        }
        let about = Some(message.text.clone());
        self.memory.frames.push(Frame { at: 0, about, waiting: None, asked: None, results: Default::default(), ..last });
        self.understood_as_answer();
        true
    }

    /// In the place of a whole text: the field that was asked about, where the text does not tell it.
    pub(super) fn about_field(&self, text: &str) -> Option<Draft> {
        let (_, frame) = self.at_work()?;
        let asked = self.lexicon().words(frame.about.as_deref()?);
        let told = self.texts.paths(text);
        let tools: Vec<&str> = told.iter().filter_map(|path| path.split('.').next()).collect();
        let mut best: Option<(usize, String, String)> = None;
        for (tool, released) in
            self.context.facts.iter().filter(|(tool, _)| tools.contains(&tool.as_str()) && !frame.missing.contains(*tool))
        {
            let Value::Map(fields) = &released.value else { continue };
            for (field, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                let path = format!("{tool}.{field}");
                let said = !told.iter().any(|told| told.starts_with(&path))
                    && best.as_ref().is_none_or(|(fit, ..)| self.fits(field, value, &asked) > *fit);
                let fit = self.fits(field, value, &asked);
                if let (true, Some(words)) = (said && fit > 0, in_words(value)) {
                    best = Some((fit, path, words));
                }
            }
        }
        let (_, path, value) = best?;
        let what = path.rsplit('.').next().unwrap_or(&path).replace('_', " ");
        let mut scope = self.scope();
        scope.extend([("what".to_owned(), Value::Text(what)), ("value".to_owned(), Value::Text(value))]);
        self.draft("about_field", &scope).map(|draft| Draft { facts: vec![path], ..draft })
    }

    /// How well a question asks for a field: by its name, or for what is in the record when it is a list.
    fn fits(&self, field: &str, value: &Value, asked: &[Word]) -> usize {
        let name = self.lexicon().words(&field.replace('_', " "));
        let named = self.lexicon().content(&name).iter().filter(|own| asked.iter().any(|word| alike(own, word))).count();
        let content = matches!(value, Value::List(_)) && self.lexicon().asks_for_contents(asked);
        2 * named + usize::from(content)
    }

    /// The likeliest skill that does something, when its own verb asks for that.
    fn asked_to_do(&self, said: &[Word], reading: &Understanding) -> Option<String> {
        let verb = self.lexicon().content(said).first().map(|word| word.stem.clone())?;
        let asked = |label: &str| self.program(label).is_some_and(|program| program.is_asked_for_with(&verb));
        let mut likely = reading.ranked.iter().filter(|(_, score)| *score >= LIKELY).map(|(label, _)| label);
        let to_be_done = self.lexicon().requests(said) && !self.lexicon().asks_to_be_told(said);
        likely.find(|label| to_be_done && asked(label) && !self.only_tells(label)).cloned()
    }

    /// Does the skill change nothing?
    pub(super) fn only_tells(&self, label: &str) -> bool {
        self.program(label).is_some_and(|program| self.only_reads(program))
    }
}

/// A value as people read it; nothing for a record that has no name.
fn in_words(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Money(money) => Some(money.to_string()),
        Value::Date(day) => Some(day.to_string()),
        Value::Time(time) => Some(time.to_string()),
        Value::List(list) => {
            let each: Option<Vec<String>> = list.iter().map(in_words).collect();
            each.filter(|each| !each.is_empty()).map(|each| each.join(", "))
        }
        Value::Map(_) => title(value).map(str::to_owned),
        _ => None,
    }
}
