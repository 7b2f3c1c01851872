//! The rules facts are judged by: what a company declares under `outcomes`, and its time zone.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp as Instant, civil};
use patchbay_core::Timestamp;
use patchbay_core::declare::{Company, Outcomes, Proof};

/// How long a span is in milliseconds.
fn millis(span: std::time::Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

/// What facts are judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    zone: TimeZone,
    name: String,
    outcomes: Outcomes,
}

impl Default for Rules {
    fn default() -> Self {
        Self::new("UTC", Outcomes::default())
    }
}

impl Rules {
    /// Rules in a time zone of the IANA list; UTC where there is none of that name.
    #[must_use]
    pub fn new(zone: &str, outcomes: Outcomes) -> Self {
        let (zone, name) = match TimeZone::get(zone) {
            Ok(found) => (found, zone),
            Err(_) => (TimeZone::UTC, "UTC"),
        };
        Self { zone, name: name.to_owned(), outcomes }
    }

    /// The rules of a company.
    #[must_use]
    pub fn of(company: &Company) -> Self {
        Self::new(&company.zone, company.outcomes.clone())
    }

    /// The zone's name.
    #[must_use]
    pub fn zone(&self) -> &str {
        &self.name
    }

    /// What is declared.
    #[must_use]
    pub fn outcomes(&self) -> &Outcomes {
        &self.outcomes
    }

    /// A conversation has ended after so many milliseconds of quiet.
    #[must_use]
    pub fn quiet(&self) -> i64 {
        millis(self.outcomes.contained_after_quiet)
    }

    /// A success has lasted after so many milliseconds.
    #[must_use]
    pub fn durable(&self) -> i64 {
        millis(self.outcomes.durable_after)
    }

    /// Does this prove a success?
    #[must_use]
    pub fn proves(&self, proof: Proof) -> bool {
        self.outcomes.verified_by.contains(&proof)
    }

    /// The moment as the company's calendar and clock show it.
    #[must_use]
    pub fn local(&self, at: Timestamp) -> civil::DateTime {
        Instant::from_millisecond(at.0).unwrap_or(Instant::UNIX_EPOCH).to_zoned(self.zone.clone()).datetime()
    }

    /// The company's day of a moment, counted from 1970.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> i64 {
        day_of(self.local(at).date())
    }

    /// The first moment of a day of the company's.
    #[must_use]
    pub fn begins(&self, day: i64) -> Timestamp {
        let midnight = date_of(day).to_zoned(self.zone.clone());
        Timestamp(midnight.map_or(day * 86_400_000, |midnight| midnight.timestamp().as_millisecond()))
    }

    /// What distinguishes these rules from others.
    pub(crate) fn digest(&self) -> String {
        format!("{} {:?}", self.name, self.outcomes)
    }
}

/// A date as the number of its day since 1970.
#[must_use]
pub fn day_of(date: civil::Date) -> i64 {
    let epoch = civil::date(1970, 1, 1);
    date.since(epoch).map_or(0, |span| i64::from(span.get_days()))
}

/// The date of a day since 1970.
#[must_use]
pub fn date_of(day: i64) -> civil::Date {
    let days = Span::new().try_days(day).unwrap_or_default();
    civil::date(1970, 1, 1).checked_add(days).unwrap_or(civil::date(1970, 1, 1))
}

/// The number of a day's month: years times twelve, and the months before it.
#[must_use]
pub fn month_of(day: i64) -> i64 {
    let date = date_of(day);
    i64::from(date.year()) * 12 + i64::from(date.month()) - 1
}
