//! How values read in a language: English, and a neutral spelling for every other one.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use patchbay_core::{Money, Timestamp, Value};

/// How values are written for people: in their language, by the clocks where the company is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Speech {
    way: Way,
    zone: TimeZone,
}

/// The way of a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// €1,234.50, 20 November, *a, b and c*.
    English,
    /// 1234.50 EUR, 2026-11-20, *a, b, c*: right everywhere, at home nowhere.
    Neutral,
}

impl Speech {
    /// The way of a language (BCP 47).
    pub(crate) fn of(language: &str, zone: TimeZone) -> Self {
        let primary = language.split(['-', '_']).next().unwrap_or_default();
        let english = primary.eq_ignore_ascii_case("en") || language.is_empty();
        Self { way: if english { Way::English } else { Way::Neutral }, zone }
    }

    /// An amount with its currency.
    pub(crate) fn money(&self, money: &Money) -> String {
        if self.way == Way::Neutral {
            return money.to_string();
        }
        let decimal = money.decimal();
        let (sign, digits) = decimal.strip_prefix('-').map_or(("", decimal.as_str()), |digits| ("-", digits));
        let amount = thousands(digits);
        match money.currency.code() {
            "EUR" => format!("{sign}€{amount}"),
            "GBP" => format!("{sign}£{amount}"),
            "USD" => format!("{sign}${amount}"),
            "JPY" => format!("{sign}¥{amount}"),
            code => format!("{sign}{amount} {code}"),
        }
    }

    /// A day; of the year of `now` without the year.
    pub(crate) fn date(&self, day: Date, now: Option<Timestamp>) -> String {
        let this_year = now.and_then(|now| self.moment(now)).is_some_and(|now| now.year() == day.year());
        match self.way {
            Way::Neutral => day.to_string(),
            Way::English if this_year => day.strftime("%-d %B").to_string(),
            Way::English => day.strftime("%-d %B %Y").to_string(),
        }
    }

    /// A point in time by the clock of the company's zone; UTC says so, as nobody lives by it.
    pub(crate) fn clock(&self, at: Timestamp) -> String {
        let form = if self.zone == TimeZone::UTC { "%H:%M UTC" } else { "%H:%M" };
        self.moment(at).map_or_else(|| at.to_string(), |at| at.strftime(form).to_string())
    }

    /// Any value, as it reads without a filter.
    pub(crate) fn say(&self, value: &Value, now: Option<Timestamp>) -> String {
        match value {
            Value::Null => String::new(),
            Value::Bool(yes) if self.way == Way::English => if *yes { "yes" } else { "no" }.to_owned(),
            Value::Bool(yes) => yes.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.clone(),
            Value::Money(money) => self.money(money),
            Value::Date(day) => self.date(*day, now),
            Value::Time(at) => match self.moment(*at) {
                Some(day) => format!("{}, {}", self.date(day.date(), now), self.clock(*at)),
                None => at.to_string(),
            },
            Value::List(list) => self.join(list.iter().map(|value| self.say(value, now)).collect()),
            Value::Map(map) => self.join(map.iter().map(|(name, value)| format!("{name}: {}", self.say(value, now))).collect()),
        }
    }

    /// Several things in a row.
    pub(crate) fn join(&self, mut things: Vec<String>) -> String {
        match (self.way, things.pop()) {
            (_, None) => String::new(),
            (_, Some(only)) if things.is_empty() => only,
            (Way::English, Some(last)) => format!("{} and {last}", things.join(", ")),
            (Way::Neutral, Some(last)) => format!("{}, {last}", things.join(", ")),
        }
    }

    /// Day and clock of a point in time, where the company is.
    pub(crate) fn moment(&self, at: Timestamp) -> Option<DateTime> {
        let at = jiff::Timestamp::from_millisecond(at.0).ok()?;
        Some(at.to_zoned(self.zone.clone()).datetime())
    }
}

/// `1234567.50` with commas between thousands.
fn thousands(decimal: &str) -> String {
    let (whole, fraction) = decimal.split_once('.').map_or((decimal, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    fraction.map_or(grouped.clone(), |fraction| format!("{grouped}.{fraction}"))
}
