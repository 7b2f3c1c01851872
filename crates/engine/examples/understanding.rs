//! How well messages are understood, on data that nobody here wrote: `PATCHBAY_DATA=… cargo run --release -p
//! patchbay-engine --example understanding [part of a line's name]`. The vectors are kept in the system's temporary folder between runs.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;

use patchbay_encoder::{Encoder, Vector, VectorCache};
use patchbay_engine::understand::{Embed, Example, Understanding, Zone};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Looks vectors up that were computed before.
struct Known(HashMap<String, Vector>);

impl Embed for Known {
    fn embed(&self, text: &str) -> Vector {
        self.0[text].clone()
    }
}

fn main() -> Result<()> {
    let Some(data) = std::env::var_os("PATCHBAY_DATA") else {
        println!("skipped: PATCHBAY_DATA names no folder with intents/");
        return Ok(());
    };
    let read = |name: &str| read(&Path::new(&data).join("intents").join(name));
    let banking = read("banking77_train.jsonl")?;
    let (train, validation) = (read("clinc150_train.jsonl")?, read("clinc150_val.jsonl")?);
    let outside = [read("clinc150_oos_val.jsonl")?, read("clinc150_oos_train.jsonl")?].concat();

    let started = Instant::now();
    let encoder = Encoder::load()?;
    println!("encoder loaded in {:.0} ms", ms(started));
    let known = embed(&encoder, &[&banking, &train, &validation, &outside])?;
    time_messages(&encoder, &banking, &train);

    let (tested, kept): (Vec<_>, Vec<_>) = banking.into_iter().partition(|example| hash(&example.text, 0).is_multiple_of(5));
    for shots in [3, 5, 10] {
        average(&format!("Banking77, {shots} each"), &kept, shots, &tested, &[], &known);
    }
    average("Banking77, all", &kept, usize::MAX, &tested, &[], &known);
    for shots in [3, 5, 10] {
        average(&format!("CLINC150, {shots} each"), &train, shots, &validation, &outside, &known);
    }
    average("CLINC150, all", &train, usize::MAX, &validation, &outside, &known);
    for intents in [8, 20] {
        for shots in [4, 8] {
            few_intents(intents, shots, &train, &validation, &outside, &known);
        }
    }
    Ok(())
}

/// Figures of one way to build and test.
#[derive(Default)]
struct Figures {
    quick: f64,
    right: f64,
    first_three: f64,
    calibration: f64,
    answered: f64,
    answered_right: f64,
    asked_back: f64,
    outside_refused: f64,
    outside_answered: f64,
    build_quick_ms: f64,
    build_full_ms: f64,
}

/// Whether the line was asked for.
fn wanted(name: &str) -> bool {
    std::env::args().nth(1).is_none_or(|part| name.contains(&part))
}

/// The mean over three choices of examples, or the one there is.
fn average(name: &str, from: &[Example], shots: usize, tested: &[Example], outside: &[Example], known: &Known) {
    if !wanted(name) {
        return;
    }
    let seeds = if shots == usize::MAX { 1 } else { 3 };
    let runs: Vec<Figures> = (0..seeds).map(|seed| measure(choose(from, shots, seed), tested, outside, known)).collect();
    print(name, &runs);
}

/// A small company's case: some of the intents, the other intents' messages being near-domain strangers.
fn few_intents(intents: usize, shots: usize, train: &[Example], validation: &[Example], outside: &[Example], known: &Known) {
    let name = format!("CLINC150, {intents} intents, {shots} each");
    if !wanted(&name) {
        return;
    }
    let runs: Vec<Figures> = (0..5)
        .map(|seed| {
            let mut labels: Vec<&String> = train.iter().map(|example| &example.label).collect();
            labels.sort_by_key(|label| (hash(label, seed), *label));
            labels.dedup();
            labels.truncate(intents);
            let some = |from: &[Example]| from.iter().filter(|example| labels.contains(&&example.label)).cloned().collect::<Vec<_>>();
            measure(choose(&some(train), shots, seed), &some(validation), outside, known)
        })
        .collect();
    print(&name, &runs);
}

fn print(name: &str, runs: &[Figures]) {
    let mean = |value: fn(&Figures) -> f64| runs.iter().map(value).sum::<f64>() / runs.len() as f64;
    println!(
        "{name:<28} right {:.1} % (words alone {:.1}), first three {:.1}, calibration error {:.3}; answered {:.1} % ({:.1} % right), asked back {:.1}; \
         outside refused {:.1}, answered {:.1}; built in {:.0} ms, then {:.0} ms",
        mean(|f| f.right) * 100.0,
        mean(|f| f.quick) * 100.0,
        mean(|f| f.first_three) * 100.0,
        mean(|f| f.calibration),
        mean(|f| f.answered) * 100.0,
        mean(|f| f.answered_right) * 100.0,
        mean(|f| f.asked_back) * 100.0,
        mean(|f| f.outside_refused) * 100.0,
        mean(|f| f.outside_answered) * 100.0,
        mean(|f| f.build_quick_ms),
        mean(|f| f.build_full_ms),
    );
}

fn measure(examples: Vec<Example>, tested: &[Example], outside: &[Example], known: &Known) -> Figures {
    let started = Instant::now();
    let quick = Understanding::from_wording(examples);
    let build_quick_ms = ms(started);
    let right_of = |understanding: &Understanding| {
        let right = tested.iter().filter(|t| understanding.read(&t.text, known).ranked[0].label == t.label);
        right.count() as f64 / tested.len() as f64
    };
    let mut figures = Figures { quick: right_of(&quick), build_quick_ms, ..Figures::default() };
    let vectors = quick.texts().iter().map(|text| known.embed(text)).collect();
    let started = Instant::now();
    let full = quick.with_meaning(vectors);
    figures.build_full_ms = ms(started);
    let one = 1.0 / tested.len() as f64;
    let mut bins = [(0.0, 0.0); 10];
    for test in tested {
        let reading = full.read(&test.text, known);
        let is_right = reading.ranked[0].label == test.label;
        let probability = f64::from(reading.ranked[0].probability);
        let bin = &mut bins[((probability * 10.0) as usize).min(9)];
        *bin = (bin.0 + probability * one, bin.1 + if is_right { one } else { 0.0 });
        figures.right += if is_right { one } else { 0.0 };
        figures.first_three += if reading.ranked.iter().take(3).any(|r| r.label == test.label) { one } else { 0.0 };
        figures.asked_back += if reading.zone == Zone::AskBack { one } else { 0.0 };
        figures.answered += if reading.zone == Zone::Answer { one } else { 0.0 };
        figures.answered_right += if reading.zone == Zone::Answer && is_right { one } else { 0.0 };
    }
    figures.answered_right /= figures.answered.max(one);
    figures.calibration = bins.iter().map(|(said, was)| (said - was).abs()).sum();
    for stranger in outside {
        let zone = full.read(&stranger.text, known).zone;
        figures.outside_refused += if zone == Zone::HandOver { 1.0 } else { 0.0 } / outside.len() as f64;
        figures.outside_answered += if zone == Zone::Answer { 1.0 } else { 0.0 } / outside.len() as f64;
    }
    figures
}

fn time_messages(encoder: &Encoder, banking: &[Example], train: &[Example]) {
    let quick = Understanding::from_wording(train.to_vec());
    let mut times: Vec<f64> = banking
        .iter()
        .step_by(20)
        .map(|example| {
            let started = Instant::now();
            std::hint::black_box(encoder.encode(&example.text));
            ms(started)
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("encoding a message: p50 {:.2} ms, p95 {:.2} ms", times[times.len() / 2], times[times.len() * 95 / 100]);
    let started = Instant::now();
    banking.iter().step_by(100).for_each(|example| drop(std::hint::black_box(quick.read(&example.text, encoder))));
    println!("reading by words, 15,000 examples: {:.2} ms", ms(started) / (banking.len() / 100) as f64);
}

fn embed(encoder: &Encoder, sets: &[&[Example]]) -> Result<Known> {
    let cache = VectorCache::new(std::env::temp_dir().join("patchbay-eval"));
    let mut known = HashMap::new();
    for set in sets {
        let texts: Vec<&str> = set.iter().map(|example| example.text.as_str()).collect();
        let vectors = match cache.load(&texts) {
            Some(vectors) => vectors,
            None => {
                let vectors: Vec<Vector> = texts.iter().map(|text| encoder.encode(text)).collect();
                cache.store(&texts, &vectors)?;
                vectors
            }
        };
        known.extend(texts.into_iter().map(str::to_owned).zip(vectors));
    }
    Ok(Known(known))
}

/// Some examples of each label, by chance that is the same every time.
fn choose(from: &[Example], shots: usize, seed: u64) -> Vec<Example> {
    let mut by_label: BTreeMap<&str, Vec<&Example>> = BTreeMap::new();
    from.iter().for_each(|example| by_label.entry(&example.label).or_default().push(example));
    let few = |mut examples: Vec<&Example>| {
        examples.sort_by_key(|example| hash(&example.text, seed + 1));
        examples.into_iter().take(shots).cloned().collect::<Vec<_>>()
    };
    by_label.into_values().flat_map(few).collect()
}

fn read(file: &Path) -> Result<Vec<Example>> {
    let text = fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    let example = |line: &str| -> Result<Example> {
        let line: HashMap<String, String> = serde_json::from_str(line)?;
        Ok(Example { label: line["intent"].clone(), text: line["text"].clone() })
    };
    text.lines().map(example).collect()
}

fn hash(text: &str, seed: u64) -> u64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (hash ^ hash >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 20
}

fn ms(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1e3
}
