//! Intents of two fields: right from few and from many examples, believable, and closed to what is none of them.

use crate::calibration::{Outcomes, mean, within};
use crate::data::{Data, hash, taught};
use crate::slips::slipped;
use crate::table::{Table, Target};
use patchbay_engine::understand::{Embed, Example, Understanding, Zone};

/// Each run tests another fifth of the examples, with another choice from the rest.
const RUNS: u64 = 5;
/// As many with misspelt words, whose vectors have to be computed each time.
const SLIPPING: u64 = 2;
/// Of messages that are in scope, this share is to be kept.
const KEPT: f64 = 0.95;

/// Learns everything there is of these examples.
pub(crate) fn understanding(examples: Vec<Example>, data: &Data) -> Understanding {
    let quick = Understanding::from_wording(examples);
    let vectors = quick.texts().iter().map(|text| data.known.embed(text)).collect();
    quick.with_meaning(vectors)
}

/// Banking77, whose intents are close to each other.
pub(crate) fn banking(table: &mut Table, data: &Data) {
    for (name, shots, target) in [("5 examples", 5, 80.0), ("10 examples", 10, 86.0), ("all examples", usize::MAX, 93.0)] {
        let how = format!("77 intents, {RUNS} runs: each tests another fifth of the train file, taught from the rest; seeds 0 to 4");
        if !table.heading(&format!("Banking77, {name}"), &how) {
            continue;
        }
        let run = |seed: u64| {
            let (tested, kept): (Vec<_>, Vec<_>) = data.banking.iter().partition(|example| hash(&example.text, 0) % RUNS == seed);
            let understanding = understanding(taught(&kept, shots, seed), data);
            Outcomes::of(&understanding, tested, &data.known)
        };
        let runs: Vec<Outcomes> = (0..RUNS).map(run).collect();
        accuracy(table, &runs, target);
    }
}

/// The same messages typed in a hurry.
pub(crate) fn misspelt(table: &mut Table, data: &Data) {
    for (slips, target) in [(1, 82.0), (2, 79.0)] {
        let how = format!("77 intents, {SLIPPING} runs as above; in each message {slips} of its words are misspelt");
        if !table.heading(&format!("Banking77, 10 examples, {slips} slips"), &how) {
            continue;
        }
        let run = |seed: u64| {
            let (tested, kept): (Vec<_>, Vec<_>) = data.banking.iter().partition(|example| hash(&example.text, 0) % RUNS == seed);
            let understanding = understanding(taught(&kept, 10, seed), data);
            let tested: Vec<Example> =
                tested.into_iter().map(|example| Example::said(&example.label, slipped(&example.text, slips))).collect();
            Outcomes::of(&understanding, &tested, &data.known)
        };
        let runs: Vec<Outcomes> = (0..SLIPPING).map(run).collect();
        accuracy(table, &runs, target);
    }
}

fn accuracy(table: &mut Table, runs: &[Outcomes], target: f64) {
    let of = |value: fn(&Outcomes) -> f64| runs.iter().map(value).collect::<Vec<_>>();
    let messages = runs.iter().map(|run| run.0.len()).sum();
    let right = of(Outcomes::right);
    table.share("right", mean(&right), Some(within(&right, messages)), Target::AtLeast(target));
    let right = of(Outcomes::right_by_intent);
    table.share("right, each intent counting the same", mean(&right), Some(within(&right, messages)), Target::None);
    table.share("among the first three", mean(&of(|run| run.share(|outcome| outcome.among_three))), None, Target::None);
    table.number("expected calibration error", mean(&of(Outcomes::calibration_error)), Target::AtMost(0.04));
    table.share("clear", mean(&of(|run| run.in_zone(Zone::Answer))), None, Target::None);
    table.share("of these right", mean(&of(|run| run.right_in(Zone::Answer))), None, Target::None);
}

/// CLINC150: many fields at once, and messages of none.
pub(crate) fn scope(table: &mut Table, data: &Data) {
    for (name, shots, runs) in [("10 examples", 10, 3), ("all examples", usize::MAX, 1)] {
        let how = format!(
            "150 intents, {} messages of the validation file, {} out of scope; {runs} runs",
            data.clinc_validation.len(),
            data.outside.len()
        );
        if !table.heading(&format!("CLINC150, {name}"), &how) {
            continue;
        }
        let all: Vec<&Example> = data.clinc.iter().collect();
        let runs: Vec<(Outcomes, Outcomes)> = (0..runs)
            .map(|seed| {
                let understanding = understanding(taught(&all, shots, seed), data);
                let read = |messages: &[Example]| Outcomes::of(&understanding, messages, &data.known);
                (read(&data.clinc_validation), read(&data.outside))
            })
            .collect();
        let judged = shots == usize::MAX;
        let of =
            |value: &dyn Fn(&Outcomes, &Outcomes) -> f64| runs.iter().map(|(inside, outside)| value(inside, outside)).collect::<Vec<_>>();
        let least = |least: f64| if judged { Target::AtLeast(least) } else { Target::None };
        let right = of(&|inside, _| inside.right());
        table.share("right", mean(&right), Some(within(&right, data.clinc_validation.len())), least(95.5));
        table.number("expected calibration error", mean(&of(&|inside, _| inside.calibration_error())), Target::AtMost(0.04));
        let refused = of(&refused_where_kept);
        table.share(
            "out of scope refused, where 95 % of the others are kept",
            mean(&refused),
            Some(within(&refused, data.outside.len())),
            least(88.0),
        );
        table.share("by its own threshold: kept", 1.0 - mean(&of(&|inside, _| inside.in_zone(Zone::HandOver))), None, Target::None);
        table.share(
            "by its own threshold: out of scope refused",
            mean(&of(&|_, outside| outside.in_zone(Zone::HandOver))),
            None,
            Target::None,
        );
        table.share("out of scope taken for clear", mean(&of(&|_, outside| outside.in_zone(Zone::Answer))), None, Target::None);
    }
}

/// How much of what is outside is refused by the threshold that keeps just enough of what is inside.
fn refused_where_kept(inside: &Outcomes, outside: &Outcomes) -> f64 {
    let mut scopes: Vec<f64> = inside.0.iter().map(|outcome| outcome.scope).collect();
    scopes.sort_by(f64::total_cmp);
    let threshold = scopes[((1.0 - KEPT) * scopes.len() as f64) as usize];
    outside.share(|outcome| outcome.scope < threshold)
}
