//! How well messages are understood whose intents are known: what is right, what is taken for what, and whether probabilities can be believed.

use patchbay_core::mind::Understanding;
use patchbay_core::words::Zone;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many bins the probabilities are put into for the calibration error.
const BINS: usize = 10;
/// How many of the likeliest intents are offered at most where the mind asks back.
const OFFERED: usize = 3;

/// A message whose intent is known, and how it was understood.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The customer's words.
    pub text: String,
    /// The label it belongs to; none where it is nobody's business here.
    pub label: Option<String>,
    /// What was made of it.
    pub understood: Understanding,
}

impl Judged {
    /// The likeliest label.
    #[must_use]
    pub fn best(&self) -> Option<&str> {
        self.understood.ranked.first().map(|(label, _)| label.as_str())
    }

    /// Is the likeliest label the right one, however clear it was?
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.label.is_some() && self.best() == self.label.as_deref()
    }

    fn is_offered(&self) -> bool {
        self.understood.ranked.iter().take(OFFERED).any(|(label, _)| Some(label) == self.label.as_ref())
    }

    fn is_in(&self, zone: Zone) -> bool {
        self.understood.zone == Some(zone)
    }

    /// How probable the likeliest label was said to be, 0 to 1.
    fn probability(&self) -> f64 {
        self.understood.ranked.first().map_or(0.0, |(_, thousandths)| *thousandths as f64 / 1000.0)
    }
}

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Share {
    /// Those that count.
    pub count: u64,
    /// All that could have counted.
    pub of: u64,
}

impl Share {
    fn among<'a>(all: impl Iterator<Item = &'a Judged>, which: impl Fn(&Judged) -> bool) -> Self {
        all.fold(Self { count: 0, of: 0 }, |share, one| Self { count: share.count + u64::from(which(one)), of: share.of + 1 })
    }

    /// 0 to 1; none of none is nothing that could be said.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        (self.of > 0).then(|| self.count as f64 / self.of as f64)
    }
}

/// Messages of one intent that were taken for another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Confusion {
    /// The label they belong to.
    pub meant: String,
    /// The label they were taken for.
    pub taken_for: String,
    /// The messages.
    pub texts: Vec<String>,
}

/// What one intent's messages were worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfIntent {
    /// The label.
    pub label: String,
    /// How many of its messages were understood.
    pub right: Share,
}

/// What all messages were worth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measured {
    /// Of the messages with an intent, those whose likeliest intent is theirs.
    pub right: Share,
    /// Of the messages with an intent, those whose own is among the three likeliest.
    pub among_three: Share,
    /// Of the messages with an intent, those that were clear enough to begin at once.
    pub clear: Share,
    /// Of these, the right ones.
    pub clear_right: Share,
    /// Of the messages that were asked back about, those whose own intent was offered.
    pub offered: Share,
    /// Of the messages with an intent, those that were like no example at all.
    pub not_understood: Share,
    /// Of the messages without an intent, those that were taken for a clear one.
    pub outside_taken: Share,
    /// Of the messages without an intent, those that were like no example at all.
    pub outside_refused: Share,
    /// The expected calibration error: the mean distance between what was said and what was so, in ten bins of equal width; 0 to 1.
    pub calibration_error: f64,
    /// Each intent, the worst first.
    pub intents: Vec<OfIntent>,
    /// What was taken for what, the most frequent first.
    pub confusions: Vec<Confusion>,
}

impl Measured {
    /// Counts.
    #[must_use]
    pub fn of(judged: &[Judged]) -> Self {
        let inside = || judged.iter().filter(|one| one.label.is_some());
        let outside = || judged.iter().filter(|one| one.label.is_none());
        Self {
            right: Share::among(inside(), Judged::is_right),
            among_three: Share::among(inside(), Judged::is_offered),
            clear: Share::among(inside(), |one| one.is_in(Zone::Answer)),
            clear_right: Share::among(inside().filter(|one| one.is_in(Zone::Answer)), Judged::is_right),
            offered: Share::among(inside().filter(|one| one.is_in(Zone::AskBack)), Judged::is_offered),
            not_understood: Share::among(inside(), |one| one.is_in(Zone::HandOver)),
            outside_taken: Share::among(outside(), |one| one.is_in(Zone::Answer)),
            outside_refused: Share::among(outside(), |one| one.is_in(Zone::HandOver)),
            calibration_error: calibration_error(inside().map(|one| (one.probability(), one.is_right()))),
            intents: intents(inside()),
            confusions: confusions(inside()),
        }
    }
}

/// The mean distance between the probability that was said and the share that was so, in bins of equal width, each weighing as much as
/// it holds.
pub fn calibration_error(judged: impl Iterator<Item = (f64, bool)>) -> f64 {
    let (mut bins, mut all) = ([(0.0, 0.0); BINS], 0.0_f64);
    for (probability, right) in judged {
        let bin: &mut (f64, f64) = &mut bins[((probability * BINS as f64) as usize).min(BINS - 1)];
        *bin = (bin.0 + probability, bin.1 + f64::from(u8::from(right)));
        all += 1.0;
    }
    bins.iter().map(|(said, was)| (said - was).abs()).sum::<f64>() / all.max(1.0)
}

fn intents<'a>(inside: impl Iterator<Item = &'a Judged>) -> Vec<OfIntent> {
    let mut by_label: BTreeMap<&str, Vec<&Judged>> = BTreeMap::new();
    inside.for_each(|one| by_label.entry(one.label.as_deref().unwrap_or_default()).or_default().push(one));
    let of = |(label, messages): (&str, Vec<&Judged>)| OfIntent {
        label: label.to_owned(),
        right: Share::among(messages.into_iter(), Judged::is_right),
    };
    let mut intents: Vec<OfIntent> = by_label.into_iter().map(of).collect();
    intents.sort_by(|one, two| one.right.value().unwrap_or(1.0).total_cmp(&two.right.value().unwrap_or(1.0)));
    intents
}

fn confusions<'a>(inside: impl Iterator<Item = &'a Judged>) -> Vec<Confusion> {
    let mut pairs: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for one in inside.filter(|one| !one.is_right()) {
        let pair = (one.label.as_deref().unwrap_or_default(), one.best().unwrap_or_default());
        pairs.entry(pair).or_default().push(one.text.clone());
    }
    let confusion = |((meant, taken_for), texts): ((&str, &str), Vec<String>)| Confusion {
        meant: meant.to_owned(),
        taken_for: taken_for.to_owned(),
        texts,
    };
    let mut confusions: Vec<Confusion> = pairs.into_iter().map(confusion).collect();
    confusions.sort_by_key(|confusion| std::cmp::Reverse(confusion.texts.len()));
    confusions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(label: Option<&str>, zone: Zone, ranked: &[(&str, i64)]) -> Judged {
        let ranked = ranked.iter().map(|(label, thousandths)| ((*label).to_owned(), *thousandths)).collect();
        let understood = Understanding { zone: Some(zone), ranked, ..Understanding::default() };
        Judged { text: format!("a message about {label:?}"), label: label.map(str::to_owned), understood }
    }

    #[test]
    fn every_message_counts_where_it_belongs() {
        let judged = [
            judged(Some("rent"), Zone::Answer, &[("rent", 900), ("extend", 100)]),
            judged(Some("rent"), Zone::AskBack, &[("extend", 500), ("rent", 400)]),
            judged(Some("extend"), Zone::Answer, &[("rent", 950), ("collect", 30)]),
            judged(Some("extend"), Zone::HandOver, &[("extend", 400)]),
            judged(None, Zone::HandOver, &[("rent", 300)]),
            judged(None, Zone::Answer, &[("rent", 990)]),
        ];
        let measured = Measured::of(&judged);
        assert_eq!((measured.right, measured.among_three), (Share { count: 2, of: 4 }, Share { count: 3, of: 4 }));
        assert_eq!((measured.clear, measured.clear_right), (Share { count: 2, of: 4 }, Share { count: 1, of: 2 }));
        assert_eq!((measured.offered, measured.not_understood), (Share { count: 1, of: 1 }, Share { count: 1, of: 4 }));
        assert_eq!((measured.outside_taken, measured.outside_refused), (Share { count: 1, of: 2 }, Share { count: 1, of: 2 }));
        let confused: Vec<(&str, &str)> = measured.confusions.iter().map(|one| (one.meant.as_str(), one.taken_for.as_str())).collect();
        assert_eq!(confused, [("extend", "rent"), ("rent", "extend")]);
        assert_eq!(measured.intents.len(), 2);
    }

    #[test]
    fn calibration_is_measured_by_what_was_said_and_what_was_so() {
        let half = [(0.75, true), (0.75, false), (0.75, true), (0.75, true)];
        assert!(calibration_error(half.into_iter()) < 1e-9, "three of four, as was said");
        assert!((calibration_error([(0.95, false)].into_iter()) - 0.95).abs() < 1e-9);
        assert!(calibration_error(std::iter::empty()) < 1e-9, "nothing was said");
        assert!((calibration_error([(1.0, true), (0.45, true)].into_iter()) - 0.275).abs() < 1e-9, "each bin weighs what it holds");
    }

    #[test]
    fn nothing_measured_says_nothing() {
        let measured = Measured::of(&[]);
        assert_eq!(measured.right.value(), None);
        assert!(measured.intents.is_empty() && measured.confusions.is_empty());
    }
}
