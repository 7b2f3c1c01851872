//! When a team is there: weekly hours in a time zone.

use crate::Timestamp;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use serde::Serialize;
use std::fmt;
use std::str::FromStr;

/// When a team is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub enum Hours {
    /// At every hour.
    Always,
    /// In these spans of each week, by the clock of a time zone.
    Weekly {
        /// From and to, by day; a span ends on its day.
        spans: Vec<Span>,
        /// The time zone's name (IANA).
        zone: String,
    },
}

/// One span of one day of the week: from (included) to (excluded). `None` is the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The day.
    pub day: Weekday,
    /// Its beginning.
    pub from: Time,
    /// Its end.
    pub to: Option<Time>,
}

/// Hours that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotHours(String);

const DAYS: [(&str, Weekday); 7] = [
    ("Mon", Weekday::Monday),
    ("Tue", Weekday::Tuesday),
    ("Wed", Weekday::Wednesday),
    ("Thu", Weekday::Thursday),
    ("Fri", Weekday::Friday),
    ("Sat", Weekday::Saturday),
    ("Sun", Weekday::Sunday),
];

impl Hours {
    /// Is somebody there at this time?
    #[must_use]
    pub fn open_at(&self, now: Timestamp) -> bool {
        let Some((spans, local)) = self.local(now) else { return true };
        let (day, time) = (local.date().weekday(), local.time());
        spans.iter().any(|span| span.day == day && span.from <= time && span.to.is_none_or(|to| time < to))
    }

    /// When somebody is there next: now, if they are.
    #[must_use]
    pub fn opens_at(&self, now: Timestamp) -> Option<Timestamp> {
        if self.open_at(now) {
            return Some(now);
        }
        let (spans, local) = self.local(now)?;
        // A week and a day: the same day of the next week may be the first one with a span left.
        (0..=7)
            .find_map(|ahead| {
                let date = local.date().checked_add(jiff::Span::new().days(ahead)).ok()?;
                let begins = spans.iter().filter(|span| span.day == date.weekday()).map(|span| date.to_datetime(span.from));
                begins.filter_map(|at| local.time_zone().to_zoned(at).ok()).filter(|at| *at > local).min()
            })
            .map(|at| Timestamp(at.timestamp().as_millisecond()))
    }

    /// A time as the team's clock shows it: the day of the week, and hours and minutes.
    #[must_use]
    pub fn clock(&self, at: Timestamp) -> Option<(&'static str, String)> {
        let (_, local) = self.local(at)?;
        let day = match local.date().weekday() {
            Weekday::Monday => "Monday",
            Weekday::Tuesday => "Tuesday",
            Weekday::Wednesday => "Wednesday",
            Weekday::Thursday => "Thursday",
            Weekday::Friday => "Friday",
            Weekday::Saturday => "Saturday",
            Weekday::Sunday => "Sunday",
        };
        Some((day, local.strftime("%H:%M").to_string()))
    }

    /// The time zone's name, where there is one.
    #[must_use]
    pub fn zone(&self) -> Option<&str> {
        match self {
            Self::Always => None,
            Self::Weekly { zone, .. } => Some(zone),
        }
    }

    fn local(&self, at: Timestamp) -> Option<(&[Span], jiff::Zoned)> {
        let Self::Weekly { spans, zone } = self else { return None };
        let zone = TimeZone::get(zone).ok()?;
        Some((spans, jiff::Timestamp::from_millisecond(at.0).ok()?.to_zoned(zone)))
    }
}

impl FromStr for Hours {
    type Err = NotHours;

    /// `always`, or days and times and a zone: `Mon-Fri 09:00-18:00, Sat 10:00-14:00 Asia/Tokyo`.
    fn from_str(text: &str) -> Result<Self, NotHours> {
        let text = text.trim();
        if text == "always" {
            return Ok(Self::Always);
        }
        let wrong = |why: String| NotHours(why);
        let (spans, zone) =
            text.rsplit_once(char::is_whitespace).ok_or_else(|| wrong("hours need days, times and a time zone".to_owned()))?;
        if TimeZone::get(zone).is_err() {
            return Err(wrong(format!("there is no time zone '{zone}'")));
        }
        let spans: Result<Vec<Vec<Span>>, NotHours> = spans.split(',').map(|span| read(span.trim())).collect();
        Ok(Self::Weekly { spans: spans?.concat(), zone: zone.to_owned() })
    }
}

/// `Mon-Fri 09:00-18:00` or `Sat 10:00-14:00`: a span of each of these days.
fn read(text: &str) -> Result<Vec<Span>, NotHours> {
    let wrong = || NotHours(format!("'{text}' is no days and times like 'Mon-Fri 09:00-18:00'"));
    let (days, times) = text.split_once(char::is_whitespace).ok_or_else(wrong)?;
    let (from, to) = times.trim().split_once('-').ok_or_else(wrong)?;
    let from = time(from).ok_or_else(wrong)?;
    let to = if to == "24:00" { None } else { Some(time(to).ok_or_else(wrong)?) };
    if to.is_some_and(|to| to <= from) {
        return Err(NotHours(format!("'{text}' ends before it begins; hours over midnight are two spans: 22:00-24:00 and 00:00-06:00")));
    }
    let place = |name: &str| DAYS.iter().position(|(day, _)| *day == name).ok_or_else(wrong);
    let (first, last) = match days.split_once('-') {
        Some((first, last)) => (place(first)?, place(last)?),
        None => (place(days)?, place(days)?),
    };
    let count = (last + 7 - first) % 7 + 1;
    Ok((0..count).map(|n| Span { day: DAYS[(first + n) % 7].1, from, to }).collect())
}

fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let two = |part: &str| (part.len() == 2).then(|| part.parse::<i8>().ok()).flatten();
    Time::new(two(hour)?, two(minute)?, 0, 0).ok()
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Weekly { spans, zone } = self else { return f.write_str("always") };
        for (n, span) in spans.iter().enumerate() {
            let day = DAYS.iter().find(|(_, day)| *day == span.day).map_or("", |(name, _)| name);
            let to = span.to.map_or_else(|| "24:00".to_owned(), |to| to.strftime("%H:%M").to_string());
            write!(f, "{}{day} {}-{to}", if n > 0 { ", " } else { "" }, span.from.strftime("%H:%M"))?;
        }
        write!(f, " {zone}")
    }
}

impl From<Hours> for String {
    fn from(hours: Hours) -> Self {
        hours.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_team_is_there_by_the_clock_of_its_own_zone() {
        let hours: Hours = "Mon-Fri 09:00-18:00, Sat 10:00-14:00 Asia/Tokyo".parse().unwrap();
        // Friday 18:00 in Tokyo is 09:00 UTC.
        assert!(hours.open_at(at("2026-11-20T08:59:59Z")));
        assert!(!hours.open_at(at("2026-11-20T09:00:00Z")));
        assert_eq!(hours.opens_at(at("2026-11-20T09:00:00Z")), Some(at("2026-11-21T01:00:00Z")));
        assert_eq!(hours.opens_at(at("2026-11-21T05:00:00Z")), Some(at("2026-11-23T00:00:00Z")));
        assert_eq!(hours.clock(at("2026-11-23T00:00:00Z")), Some(("Monday", "09:00".to_owned())));
        assert!(Hours::Always.open_at(at("2026-11-21T03:00:00Z")));
    }

    #[test]
    fn the_clock_change_moves_the_hours_with_the_people() {
        let hours: Hours = "Sun-Mon 08:00-12:00 Europe/Berlin".parse().unwrap();
        // 25 October 2026: Berlin goes from +2 to +1 in the night.
        assert_eq!(hours.opens_at(at("2026-10-24T20:00:00Z")), Some(at("2026-10-25T07:00:00Z")));
        assert_eq!(hours.opens_at(at("2026-10-17T20:00:00Z")), Some(at("2026-10-18T06:00:00Z")));
    }

    #[test]
    fn hours_that_mean_nothing_are_refused_in_words() {
        for (text, why) in [
            ("Mon-Fri 09:00-18:00", "no time zone"),
            ("Mon-Fri 09:00-18:00 Mars/Olympus", "no time zone"),
            ("Monday 09:00-18:00 UTC", "no days and times"),
            ("Mon 18:00-09:00 UTC", "before it begins"),
            ("Mon 9-18 UTC", "no days and times"),
            ("sometimes", "need days"),
        ] {
            let error = text.parse::<Hours>().unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
        let whole: Hours = "Sat-Sun 00:00-24:00 UTC".parse().unwrap();
        assert_eq!(whole.to_string().parse::<Hours>().unwrap(), whole);
        assert!(whole.open_at(at("2026-11-22T23:59:59Z")) && !whole.open_at(at("2026-11-23T00:00:00Z")));
    }
}
