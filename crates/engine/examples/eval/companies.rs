//! Small companies, drawn by chance: a few intents with a few examples each, as a first configuration has them.

use crate::calibration::{Outcomes, mean};
use crate::data::{Data, hash, taught};
use crate::intents::understanding;
use crate::table::{Table, Target};
use patchbay_engine::understand::{Example, Zone};
use std::collections::BTreeSet;

/// So many companies of each size.
const COMPANIES: u64 = 20;
/// How often chance is asked what error exact probabilities would show.
const DRAWS: u64 = 200;

pub(crate) fn measure(table: &mut Table, data: &Data) {
    for (intents, shots) in [(5, 4), (8, 4), (8, 8), (20, 4), (20, 8)] {
        let how = format!("{COMPANIES} companies drawn from CLINC150, seeds 0 to {}", COMPANIES - 1);
        if table.heading(&format!("Small companies, {intents} intents, {shots} examples"), &how) {
            let companies: Vec<(Outcomes, Outcomes)> = (0..COMPANIES).map(|seed| company(intents, shots, seed, data)).collect();
            report(table, &companies);
        }
    }
}

/// Some of the intents; their messages, and what is out of scope.
fn company(intents: usize, shots: usize, seed: u64, data: &Data) -> (Outcomes, Outcomes) {
    let labels: BTreeSet<&String> = data.clinc.iter().map(|example| &example.label).collect();
    let mut labels: Vec<&String> = labels.into_iter().collect();
    labels.sort_by_key(|label| hash(label, seed));
    labels.truncate(intents);
    let ours = |example: &&Example| labels.contains(&&example.label);
    let understanding = understanding(taught(&data.clinc.iter().filter(ours).collect::<Vec<_>>(), shots, seed), data);
    let read = |messages: Vec<&Example>| Outcomes::of(&understanding, messages, &data.known);
    (read(data.clinc_validation.iter().filter(ours).collect()), read(data.outside.iter().collect()))
}

fn report(table: &mut Table, companies: &[(Outcomes, Outcomes)]) {
    let of = |value: fn(&Outcomes) -> f64| companies.iter().map(|(inside, _)| value(inside)).collect::<Vec<_>>();
    let outside = |zone: Zone| mean(&companies.iter().map(|(_, outside)| outside.in_zone(zone)).collect::<Vec<_>>());
    table.share("right", mean(&of(Outcomes::right)), None, Target::None);
    let errors = of(Outcomes::calibration_error);
    table.number("expected calibration error, mean of the companies' own", mean(&errors), Target::AtMost(0.04));
    let largest = |errors: &mut dyn Iterator<Item = f64>| errors.fold(0.0, f64::max);
    table.number("the same, worst company", largest(&mut errors.iter().copied()), Target::None);
    let exact = |draw: u64| companies.iter().map(move |(inside, _)| inside.error_by_chance(draw));
    let by_chance = |draw: u64| (mean(&exact(draw).collect::<Vec<_>>()), largest(&mut exact(draw)));
    let (means, worst): (Vec<f64>, Vec<f64>) = (0..DRAWS).map(by_chance).unzip();
    table.number("what chance alone would show, mean", mean(&means), Target::None);
    table.number("the same, worst company", mean(&worst), Target::None);
    table.share("kept", 1.0 - mean(&of(|inside| inside.in_zone(Zone::HandOver))), None, Target::None);
    table.share("clear", mean(&of(|inside| inside.in_zone(Zone::Answer))), None, Target::None);
    table.share("of these right", mean(&of(|inside| inside.right_in(Zone::Answer))), None, Target::None);
    table.share("out of scope refused", outside(Zone::HandOver), None, Target::None);
    table.share("out of scope taken for clear", outside(Zone::Answer), None, Target::None);
}
