//! The table: what was measured, its target, how it was measured.

use std::process::ExitCode;

/// What a figure should be.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    /// Told, not judged.
    None,
    AtLeast(f64),
    AtMost(f64),
}

/// Prints figures as they come and counts the missed ones.
pub(crate) struct Table {
    wanted: Option<String>,
    judged: usize,
    missed: usize,
}

impl Table {
    /// Only headings with `wanted` in them are measured.
    pub(crate) fn new(wanted: Option<String>) -> Self {
        Self { wanted, judged: 0, missed: 0 }
    }

    /// Begins a group of figures. False when it was not asked for.
    pub(crate) fn heading(&self, heading: &str, how: &str) -> bool {
        let wanted = self.wanted.as_ref().is_none_or(|part| heading.contains(part));
        if wanted {
            println!("\n{heading}  ({how})");
        }
        wanted
    }

    /// A share, given between 0 and 1 and shown in percent, with half the width of its 95 % interval.
    pub(crate) fn share(&mut self, what: &str, share: f64, within: Option<f64>, target: Target) {
        let within = within.map_or_else(String::new, |within| format!(" ±{:.1}", within * 100.0));
        self.line(what, share * 100.0, &format!("{:.1}{within} %", share * 100.0), target);
    }

    /// A number between 0 and 1.
    pub(crate) fn number(&mut self, what: &str, number: f64, target: Target) {
        self.line(what, number, &format!("{number:.3}"), target);
    }

    /// A time in milliseconds.
    pub(crate) fn time(&mut self, what: &str, milliseconds: f64, target: Target) {
        let shown = if milliseconds < 100.0 { format!("{milliseconds:.2} ms") } else { format!("{milliseconds:.0} ms") };
        self.line(what, milliseconds, &shown, target);
    }

    /// A remark.
    pub(crate) fn note(&self, text: &str) {
        println!("    {text}");
    }

    fn line(&mut self, what: &str, value: f64, shown: &str, target: Target) {
        let (target, met) = match target {
            Target::None => (String::new(), None),
            Target::AtLeast(least) => (format!("≥ {least}"), Some(value >= least)),
            Target::AtMost(most) => (format!("≤ {most}"), Some(value <= most)),
        };
        let verdict = met.map_or("", |met| if met { "ok" } else { "MISSED" });
        self.judged += usize::from(met.is_some());
        self.missed += usize::from(met == Some(false));
        println!("  {what:<58} {shown:>14}  {target:<8} {verdict}");
    }

    /// The sum, and the exit code that goes with it.
    pub(crate) fn verdict(&self) -> ExitCode {
        println!("\n{} of {} targets met", self.judged - self.missed, self.judged);
        if self.missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
