//! The figures of a measurement, by kind and together.

use super::play::Played;
use super::verdict::Verdict;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The figures of some dialogues.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figures {
    pub(crate) dialogues: usize,
    pub(crate) done: usize,
    handed_over: usize,
    failed: usize,
    /// Must be 0.
    pub(crate) wrong_writes: usize,
    wrong_proposals: usize,
    needless: usize,
    /// Must be 0.
    pub(crate) leaks: usize,
}

impl Figures {
    fn add(&mut self, played: &Played) {
        self.dialogues += 1;
        match played.verdict {
            Verdict::Done => self.done += 1,
            Verdict::HandedOver => self.handed_over += 1,
            Verdict::Failed => self.failed += 1,
        }
        self.wrong_writes += played.wrong_writes;
        // Counted as a share of dialogues.
        self.wrong_proposals += usize::from(played.wrong_proposals > 0);
        self.needless += played.needless;
        self.leaks += played.leaks.len();
    }

    /// The share that is done, in percent.
    pub(crate) fn share(&self) -> f64 {
        percent(self.done, self.dialogues)
    }

    fn row(&self, name: &str) -> String {
        format!(
            "{name:<36} {:>4} {:>5} {:>6.1} % {:>7} {:>7} {:>7} {:>6.1} % {:>9.2} {:>6}",
            self.dialogues,
            self.done,
            self.share(),
            self.handed_over,
            self.failed,
            self.wrong_writes,
            percent(self.wrong_proposals, self.dialogues),
            self.needless as f64 / self.dialogues.max(1) as f64,
            self.leaks
        )
    }
}

fn percent(part: usize, whole: usize) -> f64 {
    part as f64 * 100.0 / whole.max(1) as f64
}

/// The figures by kind, in alphabetical order.
pub(crate) fn by_kind(played: &[Played]) -> BTreeMap<&str, Figures> {
    let mut kinds = BTreeMap::<&str, Figures>::new();
    for one in played {
        kinds.entry(&one.kind).or_default().add(one);
    }
    kinds
}

/// The figures of all.
pub(crate) fn together(played: &[Played]) -> Figures {
    let mut all = Figures::default();
    played.iter().for_each(|one| all.add(one));
    all
}

/// Prints the table.
pub(crate) fn print(title: &str, played: &[Played]) {
    let names = format!(
        "{:<36} {:>4} {:>5} {:>8} {:>7} {:>7} {:>7} {:>8} {:>9} {:>6}",
        title, "all", "done", "", "handed", "failed", "wrong", "wrong", "needless", "others'"
    );
    println!(
        "\n{names}\n{:<36} {:>4} {:>5} {:>8} {:>7} {:>7} {:>7} {:>8} {:>9} {:>6}",
        "", "", "", "", "over", "", "writes", "offers", "asked", "values"
    );
    for (kind, figures) in by_kind(played) {
        println!("{}", figures.row(kind));
    }
    // A kind is named after all that is wished for.
    let several: Vec<Played> = played.iter().filter(|one| one.kind.contains('+')).cloned().collect();
    println!("{}\n{}", together(&several).row("several wishes"), together(played).row("together"));
}

/// The same for machines, dialogue by dialogue.
pub(crate) fn as_json(played: &[Played]) -> Value {
    let one = |played: &Played| {
        json!({
            "id": played.id, "kind": played.kind, "verdict": format!("{:?}", played.verdict).to_lowercase(), "last_status": played.last,
            "wrong_writes": played.wrong_writes, "wrong_proposals": played.wrong_proposals, "needless_questions": played.needless,
            "leaks": played.leaks, "lines": played.lines,
        })
    };
    played.iter().map(one).collect()
}
