//! How well questions are answered from written knowledge, on data that nobody here wrote: `PATCHBAY_DATA=… cargo run --release -p
//! patchbay-knowledge --example searching`. Vectors are kept in the system's temporary folder between runs.

use patchbay_core::Timestamp;
use patchbay_core::words::{Audience, Level};
use patchbay_encoder::{Encoder, Vector, VectorCache};
use patchbay_knowledge::{Document, Found, Hit, Index, Library, Question};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A body of knowledge with questions: each has the document that answers it, or none where nothing does.
struct Set {
    name: &'static str,
    documents: Vec<Document>,
    /// Those with an answer first.
    asked: Vec<(String, Option<String>)>,
}

fn main() -> Result<()> {
    let Some(data) = std::env::var_os("PATCHBAY_DATA") else {
        println!("skipped: PATCHBAY_DATA names no folder with faq/ and intents/");
        return Ok(());
    };
    let data = Path::new(&data);
    let encoder = Encoder::load()?;
    for set in [
        faq(data)?,
        intents(data, "Banking77, 3 phrasings", "banking77_train", "banking77_train", None)?,
        intents(data, "CLINC150, 3 phrasings", "clinc150_train", "clinc150_val", Some("clinc150_oos_val"))?,
    ] {
        measure(&set, &encoder)?;
    }
    Ok(())
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
        name: "StackFAQ",
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
    by_intent.values_mut().for_each(|texts| texts.sort_by_key(|text| hash(text)));
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

fn measure(set: &Set, encoder: &Encoder) -> Result<()> {
    let started = Instant::now();
    let library = Arc::new(Library::read(&set.documents).map_err(|flaws| format!("{}", flaws[0]))?);
    let words = Index::from_words(Arc::clone(&library));
    let built = started.elapsed();
    let started = Instant::now();
    let vectors = embed(encoder, &words.texts())?;
    let embedded = started.elapsed();
    println!(
        "{}: {} passages, {} texts; read and indexed in {built:.0?}, vectors in {embedded:.1?}",
        set.name,
        library.passages().len(),
        vectors.len()
    );
    let full = Index::from_words(library).with_vectors(vectors);
    let asked: Vec<&str> = set.asked.iter().map(|(text, _)| text.as_str()).collect();
    let questions = embed(encoder, &asked)?;
    let started = Instant::now();
    for (stage, index) in [("words", &words), ("full", &full)] {
        let ask = |((text, right), vector): (&(String, Option<String>), &Vector)| outcome(index, text, vector, right.as_deref());
        let outcomes: Vec<Outcome> = set.asked.iter().zip(&questions).map(ask).collect();
        report(stage, &outcomes, set.asked.iter().filter(|(_, right)| right.is_some()).count());
    }
    println!("  one search {:.2?}", started.elapsed() / (2 * set.asked.len()).try_into()?);
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
fn report(stage: &str, outcomes: &[Outcome], answerable: usize) {
    let share = |count: usize| 100.0 * count as f64 / answerable as f64;
    let placed = |within: usize| share(outcomes.iter().filter(|outcome| outcome.place.is_some_and(|place| place < within)).count());
    let (inside, outside) = outcomes.split_at(answerable);
    let removed: Vec<Best> = inside.iter().map(|outcome| outcome.unanswerable).collect();
    let foreign: Vec<Best> = outside.iter().map(|outcome| outcome.best).collect();
    let asked: Vec<Best> = inside.iter().map(|outcome| outcome.best).collect();
    let wrong: Vec<Best> = removed.iter().chain(&foreign).copied().collect();
    println!(
        "  {stage:<6} right first {:.1} %, in five {:.1} %; answerable or not: AUROC {:.3}{}",
        placed(1),
        placed(5),
        auroc(&asked, &removed),
        if foreign.is_empty() { String::new() } else { format!(" (foreign: {:.3})", auroc(&asked, &foreign)) }
    );
    let above =
        |bests: &[Best], least: f64| 100.0 * bests.iter().filter(|best| best.probability >= least).count() as f64 / bests.len() as f64;
    let right = inside.iter().filter(|outcome| outcome.best.probability >= 0.6 && outcome.place == Some(0)).count();
    let said = inside.iter().filter(|outcome| outcome.best.probability >= 0.6).count();
    println!(
        "         at 0.6: {:.1} % answered, {:.1} % of them right; at 0.4: {:.1} %; unanswerable answered {:.1} %, asked back {:.1} %",
        above(&asked, 0.6),
        100.0 * right as f64 / said.max(1) as f64,
        above(&asked, 0.4),
        above(&wrong, 0.6),
        above(&wrong, 0.4) - above(&wrong, 0.6)
    );
    let judged: Vec<(Best, bool)> =
        inside.iter().map(|outcome| (outcome.best, outcome.place == Some(0))).chain(wrong.iter().map(|best| (*best, false))).collect();
    println!("         calibration error {:.3}; fitted here: {}", calibration_error(&judged), fitted(&judged));
}

/// The probability that something answerable scores above something that is not.
fn auroc(yes: &[Best], no: &[Best]) -> f64 {
    let wins: f64 = yes
        .iter()
        .map(|yes| {
            no.iter()
                .map(|no| {
                    if yes.probability > no.probability {
                        1.0
                    } else if yes.probability < no.probability {
                        0.0
                    } else {
                        0.5
                    }
                })
                .sum::<f64>()
        })
        .sum();
    wins / (yes.len() * no.len()).max(1) as f64
}

/// The mean distance between what was said and what was so, in ten bins.
fn calibration_error(judged: &[(Best, bool)]) -> f64 {
    let mut bins = [(0.0, 0.0); 10];
    for (best, right) in judged {
        let bin = &mut bins[((best.probability * 10.0) as usize).min(9)];
        *bin = (bin.0 + best.probability, bin.1 + f64::from(u8::from(*right)));
    }
    bins.iter().map(|(said, was)| (said - was).abs()).sum::<f64>() / judged.len() as f64
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

fn embed(encoder: &Encoder, texts: &[&str]) -> Result<Vec<Vector>> {
    let cache = VectorCache::new(std::env::temp_dir().join("patchbay-eval"));
    if let Some(vectors) = cache.load(texts) {
        return Ok(vectors);
    }
    let vectors: Vec<Vector> = texts.iter().map(|text| encoder.encode(text)).collect();
    cache.store(texts, &vectors)?;
    Ok(vectors)
}

fn lines<T: serde::de::DeserializeOwned>(file: &Path) -> Result<Vec<T>> {
    let text = fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// An order that has nothing to do with the data's own (FNV-1a).
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
