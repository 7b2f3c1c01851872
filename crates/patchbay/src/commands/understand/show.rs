//! What was understood, for people and for programs.

use patchbay_core::mind::Understanding;
use patchbay_core::words::Zone;
use patchbay_engine::builtin::name_of;
use patchbay_engine::measured::{Measured, Share};
use patchbay_insight::{FEW, wilson};
use serde_json::json;

/// So many of what is taken for something else, and so many messages of each, are shown; `--json` has all.
const PAIRS: usize = 10;
const TEXTS: usize = 3;

/// One message.
pub(super) fn reading(heard: &str, understood: &Understanding, as_json: bool) {
    let best = understood.ranked.first().map_or("nothing", |(label, _)| name_of(label));
    if as_json {
        let ranked = understood.ranked.iter().map(|(label, probability)| json!({ "intent": name_of(label), "probability": probability }));
        let nearest = understood.nearest.iter();
        let nearest = nearest.map(|(label, text, likeness)| json!({ "intent": name_of(label), "text": text, "likeness": likeness }));
        let (ranked, nearest): (Vec<_>, Vec<_>) = (ranked.collect(), nearest.collect());
        let scope = json!({ "out_of_scope": understood.out_of_scope, "threshold": understood.threshold });
        println!("{}", json!({ "heard": heard, "zone": understood.zone, "ranked": ranked, "nearest": nearest, "scope": scope }));
        return;
    }
    match understood.zone {
        Some(Zone::Answer) => println!("{best}: clear, it begins"),
        Some(Zone::AskBack) => println!("{best}: not clear, the likely ones are offered"),
        Some(Zone::HandOver) | None => println!("not understood: it is like none of the examples"),
    }
    println!("heard as \"{heard}\"");
    for (label, probability) in &understood.ranked {
        let nearest = understood.nearest.iter().find(|(other, ..)| other == label);
        let like = nearest.map(|(_, text, likeness)| format!("  like \"{text}\" ({likeness}‰)")).unwrap_or_default();
        println!("{probability:>5}‰  {}{like}", name_of(label));
    }
    println!("out of scope from {}‰ on; this message {}‰", understood.threshold, understood.out_of_scope);
}

/// Many messages whose intents are known.
pub(super) fn measured(measured: &Measured, as_json: bool) {
    if as_json {
        println!("{}", json!(measured));
        return;
    }
    let lines = [
        ("right", measured.right),
        ("right one among the first three", measured.among_three),
        ("clear", measured.clear),
        ("  of these right", measured.clear_right),
        ("asked back: right one offered", measured.offered),
        ("like no example, though it has an intent", measured.not_understood),
        ("without an intent: like no example", measured.outside_refused),
        ("without an intent: taken for clear", measured.outside_taken),
    ];
    lines.iter().for_each(|(what, share)| line(what, *share));
    println!("{:<42} {:>6.3}", "calibration error", measured.calibration_error);
    if measured.right.of < FEW {
        println!("\nfewer than {FEW} messages say little");
    }
    let below: Vec<_> = measured.intents.iter().filter(|intent| intent.right.count < intent.right.of).take(PAIRS).collect();
    if !below.is_empty() {
        println!("\nintents, the worst first");
        below.iter().for_each(|intent| println!("  {:>3} of {:<4} {}", intent.right.count, intent.right.of, name_of(&intent.label)));
    }
    if !measured.confusions.is_empty() {
        println!("\ntaken for something else");
    }
    for confusion in measured.confusions.iter().take(PAIRS) {
        println!("  {:>3}  {} → {}", confusion.texts.len(), name_of(&confusion.meant), name_of(&confusion.taken_for));
        confusion.texts.iter().take(TEXTS).for_each(|text| println!("         \"{text}\""));
    }
    if measured.confusions.len() > PAIRS {
        println!("  and {} pairs more (--json shows all)", measured.confusions.len() - PAIRS);
    }
}

/// A share with the interval it lies in with 95 % certainty; nothing where nothing could count.
fn line(what: &str, share: Share) {
    let (Some(value), Some([low, high])) = (share.value(), wilson(share.count, share.of)) else { return };
    println!("{what:<42} {:>6.1} %  ({:.1}–{:.1}, {} of {})", value * 100.0, low * 100.0, high * 100.0, share.count, share.of);
}
