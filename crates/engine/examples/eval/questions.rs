//! Questions answered from written knowledge: the right passage first, and whether it is known that there is none.

use crate::calibration::within;
use crate::data::{Data, Result, embed, hash, lines};
use crate::table::{Table, Target};
use patchbay_core::Timestamp;
use patchbay_core::words::{Audience, Level};
use patchbay_encoder::Vector;
use patchbay_engine::measured::calibration_error;
use patchbay_knowledge::{Document, Found, Hit, Index, Library, Question};
use serde::Deserialize;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// The set that is judged.
const FAQ: &str = "StackFAQ";
/// A passage this probable is said, unless the configuration says otherwise.
const AT_LEAST: f64 = 0.6;

/// A body of knowledge with questions: each has the document that answers it, or none where nothing does.
struct Set {
    name: &'static str,
    documents: Vec<Document>,
    /// Those with an answer first.
    asked: Vec<(String, Option<String>)>,
}

/// StackFAQ: each entry's question is the only phrasing, its answers are the text.
fn faq(data: &Path) -> Result<Set> {
    #[derive(Deserialize)]
    struct Entry {
        id: u32,
        question: String,
        answers: Vec<String>,
    }
    #[derive(Deserialize)]
    struct Query {
        query: String,
        relevant: u32,
    }
    let entries: Vec<Entry> = lines(&data.join("faq/stackfaq_faqs.jsonl"))?;
    let queries: Vec<Query> = lines(&data.join("faq/stackfaq_queries.jsonl"))?;
    Ok(Set {
        name: FAQ,
        documents: entries
            .iter()
            .map(|entry| document(&entry.id.to_string(), &entry.question, &[], entry.answers.first().map_or("", String::as_str)))
            .collect(),
        asked: queries.into_iter().map(|query| (query.query, Some(query.relevant.to_string()))).collect(),
    })
}

/// Intents as if each were an article with a few phrasings, asked with the other examples and with what is out of scope.
fn intents(data: &Path, name: &'static str, train: &str, test: &str, outside: Option<&str>) -> Result<Set> {
    #[derive(Deserialize)]
    struct Example {
        text: String,
        intent: String,
    }
    let read = |file: &str| lines::<Example>(&data.join("intents").join(format!("{file}.jsonl")));
    let mut by_intent: BTreeMap<String, Vec<String>> = BTreeMap::new();
    read(train)?.into_iter().for_each(|example| by_intent.entry(example.intent).or_default().push(example.text));
    by_intent.values_mut().for_each(|texts| texts.sort_by_key(|text| hash(text, 0)));
    let documents = by_intent.iter().map(|(intent, texts)| document(intent, &texts[0], &texts[1..3], &intent.replace('_', " "))).collect();
    let written: BTreeSet<&String> = by_intent.values().flat_map(|texts| &texts[..3]).collect();
    let inside = read(test)?.into_iter().filter(|example| !written.contains(&example.text)).step_by(4);
    let mut asked: Vec<(String, Option<String>)> = inside.map(|example| (example.text, Some(example.intent))).collect();
    if let Some(outside) = outside {
        asked.extend(read(outside)?.into_iter().map(|example| (example.text, None)));
    }
    Ok(Set { name, documents, asked })
}

fn document(name: &str, question: &str, more: &[String], text: &str) -> Document {
    let questions: Vec<String> = more.iter().map(|text| format!("- {}\n", escaped(text))).collect();
    let questions = if questions.is_empty() { String::new() } else { format!("Also asked as:\n\n{}\n\n", questions.concat()) };
    let text = format!("# {}\n\n{questions}{}\n", escaped(question), escaped(text));
    Document { name: name.to_owned(), text, audience: Audience::Everyone, language: "en".to_owned(), review_every: None }
}

/// On one line, and without the signs Markdown reads as its own.
fn escaped(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().flat_map(|sign| sign.is_ascii_punctuation().then_some('\\').into_iter().chain([sign])).collect()
}

/// One question's outcome.
struct Outcome {
    /// The right passage's place, where there is one.
    place: Option<usize>,
    /// The best passage.
    best: Best,
    /// The best passage once the right one is taken away; the best where there never was a right one.
    unanswerable: Best,
}

/// The first hit in numbers.
#[derive(Clone, Copy, Default)]
struct Best {
    probability: f64,
    score: f64,
    lead: f64,
}

impl Best {
    fn of(found: &Found<'_>) -> Self {
        let best = |hit: &Hit<'_>| Self { probability: hit.probability.into(), score: hit.score.into(), lead: hit.lead.into() };
        found.hits.first().map(best).unwrap_or_default()
    }
}

/// Each body of knowledge, searched by words alone and by meaning too.
pub(crate) fn measure(table: &mut Table, folder: &Path, data: &Data) -> Result<()> {
    for set in [
        faq(folder)?,
        intents(folder, "Banking77 as articles, 3 phrasings each", "banking77_train", "banking77_train", None)?,
        intents(folder, "CLINC150 as articles, 3 phrasings each", "clinc150_train", "clinc150_val", Some("clinc150_oos_val"))?,
    ] {
        let answerable = set.asked.iter().filter(|(_, right)| right.is_some()).count();
        let how =
            format!("{} documents; {answerable} questions with an answer, {} without", set.documents.len(), set.asked.len() - answerable);
        if !table.heading(set.name, &how) {
            continue;
        }
        let library = Arc::new(Library::read(&set.documents).map_err(|flaws| format!("{}", flaws[0]))?);
        let words = Index::from_words(Arc::clone(&library));
        let vectors = embed(&data.encoder, &words.texts())?;
        let full = Index::from_words(library).with_vectors(vectors);
        let asked: Vec<&str> = set.asked.iter().map(|(text, _)| text.as_str()).collect();
        let questions = embed(&data.encoder, &asked)?;
        for (stage, index) in [("by words", &words), ("by meaning", &full)] {
            let ask = |((text, right), vector): (&(String, Option<String>), &Vector)| outcome(index, text, vector, right.as_deref());
            let outcomes: Vec<Outcome> = set.asked.iter().zip(&questions).map(ask).collect();
            let target = if set.name == FAQ && stage == "by meaning" { Target::AtLeast(94.0) } else { Target::None };
            report(table, stage, &outcomes, answerable, target);
        }
    }
    Ok(())
}

fn outcome(index: &Index, text: &str, vector: &Vector, right: Option<&str>) -> Outcome {
    let question = Question { text, vector: Some(vector), level: Level::Anonymous, now: Timestamp(0), language: None };
    let found = index.search(&question);
    let best = Best::of(&found);
    let place = right.and_then(|right| found.hits.iter().position(|hit| hit.passage.document == right));
    let right = place.map(|place| found.hits[place].passage.id.clone());
    let unanswerable = right.map_or(best, |right| Best::of(&found.without(&right)));
    Outcome { place, best, unanswerable }
}

/// Right entry first and in the first five, answerable or not (AUROC), what the default thresholds do, and calibration.
fn report(table: &mut Table, stage: &str, outcomes: &[Outcome], answerable: usize, target: Target) {
    let share = |count: usize, of: usize| count as f64 / of.max(1) as f64;
    let placed =
        |within: usize| share(outcomes.iter().filter(|outcome| outcome.place.is_some_and(|place| place < within)).count(), answerable);
    let (inside, outside) = outcomes.split_at(answerable);
    let removed: Vec<Best> = inside.iter().map(|outcome| outcome.unanswerable).collect();
    let foreign: Vec<Best> = outside.iter().map(|outcome| outcome.best).collect();
    let asked: Vec<Best> = inside.iter().map(|outcome| outcome.best).collect();
    let wrong: Vec<Best> = removed.iter().chain(&foreign).copied().collect();
    table.share(&format!("{stage}: right entry first"), placed(1), Some(within(&[placed(1)], answerable)), target);
    table.share(&format!("{stage}: among the first five"), placed(5), None, Target::None);
    table.number(&format!("{stage}: AUROC, with the answer against without it"), auroc(&asked, &removed), Target::None);
    if !foreign.is_empty() {
        table.number(&format!("{stage}: AUROC, against questions of other fields"), auroc(&asked, &foreign), Target::None);
    }
    let above = |bests: &[Best], least: f64| share(bests.iter().filter(|best| best.probability >= least).count(), bests.len());
    let said = inside.iter().filter(|outcome| outcome.best.probability >= AT_LEAST);
    let right = share(said.clone().filter(|outcome| outcome.place == Some(0)).count(), said.count());
    table.share(&format!("{stage}: answered at {AT_LEAST}"), above(&asked, AT_LEAST), None, Target::None);
    table.share(&format!("{stage}: of these right"), right, None, Target::None);
    table.share(&format!("{stage}: answered where there is no answer"), above(&wrong, AT_LEAST), None, Target::None);
    let judged: Vec<(Best, bool)> =
        inside.iter().map(|outcome| (outcome.best, outcome.place == Some(0))).chain(wrong.iter().map(|best| (*best, false))).collect();
    let error = calibration_error(judged.iter().map(|(best, right)| (best.probability, *right)));
    table.number(&format!("{stage}: expected calibration error"), error, Target::None);
    table.note(&format!("{stage}: belief fitted here would be {}", fitted(&judged)));
}

/// The probability that something answerable is believed more than something that is not.
fn auroc(yes: &[Best], no: &[Best]) -> f64 {
    let against = |one: &Best| -> f64 {
        let wins = |other: &Best| match one.probability.total_cmp(&other.probability) {
            Ordering::Greater => 1.0,
            Ordering::Equal => 0.5,
            Ordering::Less => 0.0,
        };
        no.iter().map(wins).sum()
    };
    yes.iter().map(against).sum::<f64>() / (yes.len() * no.len()).max(1) as f64
}

/// The logistic curve that fits these outcomes best, by gradient descent: what `belief.rs` would say here.
fn fitted(judged: &[(Best, bool)]) -> String {
    let mut weights = [4.0, 4.0, -4.0];
    for _ in 0..20_000 {
        let mut slope = [0.0; 3];
        for (best, right) in judged {
            let row = [best.score, best.lead.min(0.5), 1.0];
            let sum: f64 = weights.iter().zip(row).map(|(weight, value)| weight * value).sum();
            let miss = 1.0 / (1.0 + (-sum).exp()) - f64::from(u8::from(*right));
            slope.iter_mut().zip(row).for_each(|(slope, value)| *slope += miss * value);
        }
        weights.iter_mut().zip(slope).for_each(|(weight, slope)| *weight -= 3.0 * slope / judged.len() as f64);
    }
    format!("score {:.1}, lead {:.1}, constant {:.1}", weights[0], weights[1], weights[2])
}
