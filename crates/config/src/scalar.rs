//! The spellings of single values: durations, rates, sizes, counts.

use std::time::Duration;

const SECONDS: &[(&str, u64)] = &[("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400), ("y", 31_536_000)];

/// Reads `500ms`, `2s`, `10m`, `12h`, `180d`, `2y`.
pub(crate) fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = split(text)?;
    if unit == "ms" {
        return Some(Duration::from_millis(number));
    }
    let (_, seconds) = SECONDS.iter().find(|(name, _)| *name == unit)?;
    number.checked_mul(*seconds).map(Duration::from_secs)
}

/// How often something may happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate {
    /// How many times.
    pub(crate) times: u32,
    /// In how long.
    pub(crate) per: Duration,
}

/// Reads `50/s`, `3/day`, `10/10m`.
pub(crate) fn rate(text: &str) -> Option<Rate> {
    let (times, per) = text.split_once('/')?;
    let times = times.trim().parse().ok().filter(|times| *times > 0)?;
    let per = match per.trim() {
        "s" | "second" => Duration::from_secs(1),
        "m" | "min" | "minute" => Duration::from_secs(60),
        "h" | "hour" => Duration::from_secs(3_600),
        "d" | "day" => Duration::from_secs(86_400),
        span => duration(span).filter(|span| !span.is_zero())?,
    };
    Some(Rate { times, per })
}

/// Reads `512KiB`, `1MiB`, `20MB`, `4096` as bytes.
pub(crate) fn size(text: &str) -> Option<u64> {
    let (number, unit) = split(text)?;
    let factor = match unit {
        "" | "B" => 1,
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        _ => return None,
    };
    number.checked_mul(factor)
}

/// Reads `0`, `0.6`, `0.625`, `1` in thousandths.
pub(crate) fn thousandths(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let share = (digits(whole) && digits(part) && part.len() <= 3).then(|| format!("{part:0<3}").parse().ok())??;
    let share = whole.parse::<u64>().ok()?.checked_mul(1_000)?.checked_add(share)?;
    (share <= 1_000).then_some(share)
}

/// The whole number at the beginning, and what follows it.
fn split(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    Some((number.parse().ok()?, unit.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_rates_and_sizes_have_units() {
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(duration("180d"), Some(Duration::from_secs(15_552_000)));
        assert!(["2", "s", "2 weeks", "-1s", "1.5s", ""].iter().all(|text| duration(text).is_none()));
        assert_eq!(rate("50/s"), Some(Rate { times: 50, per: Duration::from_secs(1) }));
        assert_eq!(rate("10/10m"), Some(Rate { times: 10, per: Duration::from_secs(600) }));
        assert!(["50", "0/s", "3/0s", "x/day"].iter().all(|text| rate(text).is_none()));
        assert_eq!(size("1MiB"), Some(1_048_576));
        assert_eq!(size("1 GB"), None);
        assert_eq!(["0", "0.6", "0.625", "1", "1.0"].map(thousandths), [0, 600, 625, 1000, 1000].map(Some));
        assert!(["", "1.1", "-0.5", ".5", "0.", "60%", "0.1234"].iter().all(|text| thousandths(text).is_none()));
    }
}
