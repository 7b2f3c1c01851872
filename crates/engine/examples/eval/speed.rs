//! Times: of a message, and of a large configuration until it answers, first by wording and then by meaning too.

use crate::data::{Data, Result, taught};
use crate::table::{Table, Target};
use patchbay_encoder::{Vector, VectorCache};
use patchbay_engine::understand::{Example, Understanding};
use std::hint::black_box;
use std::time::Instant;

pub(crate) fn measure(table: &mut Table, data: &Data) -> Result<()> {
    if !table.heading("Speed", "one thread; 150 intents with 100 examples each") {
        return Ok(());
    }
    let messages: Vec<&str> = data.banking.iter().step_by(20).map(|example| example.text.as_str()).collect();
    times(table, "encoding a message", &messages, |text| drop(black_box(data.encoder.encode(text))));

    let examples = taught(&data.clinc.iter().collect::<Vec<&Example>>(), usize::MAX, 0);
    let started = Instant::now();
    let quick = Understanding::from_wording(examples);
    table.time("loading: wording learned", ms(started), Target::AtMost(2000.0));
    let texts: Vec<String> = quick.texts().into_iter().map(str::to_owned).collect();
    let started = Instant::now();
    let vectors: Vec<Vector> = texts.iter().map(|text| data.encoder.encode(text)).collect();
    let encoded = ms(started);
    table.time(
        "reading a message by wording alone",
        per_message(&messages, |text| drop(black_box(quick.read(text, data.encoder.as_ref())))),
        Target::None,
    );
    let folder = tempfile::tempdir()?;
    let cache = VectorCache::new(folder.path());
    cache.store(&texts, &vectors)?;
    let started = Instant::now();
    let kept = cache.load(&texts).ok_or("what was stored is not found again")?;
    let loaded = ms(started);
    let started = Instant::now();
    let full = quick.with_meaning(kept);
    let learned = ms(started);
    table.time("loading in the background: vectors computed, then learned", encoded + learned, Target::AtMost(60_000.0));
    table.time("loading again: vectors from the cache, then learned", loaded + learned, Target::None);
    times(table, "reading a message by wording and meaning, encoding included", &messages, |text| {
        drop(black_box(full.read(text, data.encoder.as_ref())));
    });
    Ok(())
}

/// The median, judged, and what few messages take longer than.
fn times(table: &mut Table, what: &str, messages: &[&str], work: impl Fn(&str)) {
    let mut times: Vec<f64> = messages.iter().map(|text| per_message(&[text], &work)).collect();
    times.sort_by(f64::total_cmp);
    table.time(&format!("{what}, median"), times[times.len() / 2], Target::AtMost(5.0));
    table.time(&format!("{what}, 95 of 100"), times[times.len() * 95 / 100], Target::None);
}

fn per_message(messages: &[&str], work: impl Fn(&str)) -> f64 {
    let started = Instant::now();
    messages.iter().for_each(|text| work(text));
    ms(started) / messages.len() as f64
}

fn ms(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1e3
}
