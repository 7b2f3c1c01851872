//! Intervals: within which a figure lies with 95 % certainty, if these conversations stand for all that could have been.

/// Fewer cases than this say little: whoever shows the figure warns.
pub const FEW: u64 = 30;

/// The two-sided 95 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// From and to.
pub type Interval = [f64; 2];

/// The Wilson score interval of a share.
#[must_use]
pub fn wilson(count: u64, n: u64) -> Option<Interval> {
    if n == 0 {
        return None;
    }
    let (count, n) = (count as f64, n as f64);
    let (share, z2) = (count / n, Z * Z);
    let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    // At the ends rounding must not exclude the share itself.
    Some([(middle - half).clamp(0.0, share), (middle + half).clamp(share, 1.0)])
}

/// Newcombe's interval of the difference of two shares, made of their Wilson intervals.
#[must_use]
pub(crate) fn newcombe(now: (u64, u64), before: (u64, u64)) -> Option<(f64, Interval)> {
    let [low, high] = wilson(now.0, now.1)?;
    let [low_before, high_before] = wilson(before.0, before.1)?;
    let (share, share_before) = (now.0 as f64 / now.1 as f64, before.0 as f64 / before.1 as f64);
    let difference = share - share_before;
    let below = ((share - low).powi(2) + (high_before - share_before).powi(2)).sqrt();
    let above = ((high - share).powi(2) + (share_before - low_before).powi(2)).sqrt();
    Some((difference, [(difference - below).max(-1.0), (difference + above).min(1.0)]))
}

/// Values and how often each occurred, in rising order.
pub(crate) type Spread = Vec<(f64, u64)>;

/// The mean with its normal interval.
#[must_use]
pub(crate) fn mean(spread: &Spread) -> Option<(f64, Option<Interval>)> {
    let n: u64 = spread.iter().map(|(_, n)| n).sum();
    if n == 0 {
        return None;
    }
    let count = n as f64;
    let mean = spread.iter().map(|(value, n)| value * *n as f64).sum::<f64>() / count;
    if n == 1 {
        return Some((mean, None));
    }
    let squares: f64 = spread.iter().map(|(value, n)| (value - mean).powi(2) * *n as f64).sum();
    let half = Z * (squares / (count - 1.0)).sqrt() / count.sqrt();
    Some((mean, Some([mean - half, mean + half])))
}

/// A quantile with the interval between the order statistics that enclose it (binomial, normal approximation of the ranks).
#[must_use]
pub(crate) fn quantile(spread: &Spread, p: f64) -> Option<(f64, Interval)> {
    let n: u64 = spread.iter().map(|(_, n)| n).sum();
    if n == 0 {
        return None;
    }
    let rank = |rank: f64| {
        let rank = (rank.max(1.0) as u64).min(n);
        let mut seen = 0;
        let at = spread.iter().find(|(_, n)| {
            seen += n;
            seen >= rank
        });
        at.map_or(0.0, |(value, _)| *value)
    };
    let (middle, half) = (n as f64 * p, Z * (n as f64 * p * (1.0 - p)).sqrt());
    Some((rank(middle.ceil()), [rank((middle - half).floor()), rank((middle + half).ceil() + 1.0)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(found: f64, wanted: f64) -> bool {
        (found - wanted).abs() < 0.0005
    }

    #[test]
    fn they_are_those_of_the_textbooks() {
        // Newcombe 1998, table of single proportions: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        for (count, n, low, high) in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)] {
            let [found_low, found_high] = wilson(count, n).unwrap();
            assert!(near(found_low, low) && near(found_high, high), "{count} of {n}: {found_low} {found_high}");
        }
        // Newcombe 1998, table of differences: 56/70 against 48/80.
        let (difference, [low, high]) = newcombe((56, 70), (48, 80)).unwrap();
        assert!(near(difference, 0.2) && near(low, 0.0524) && near(high, 0.3339), "{low} {high}");
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn quantiles_and_means_of_a_spread() {
        let spread = vec![(1.0, 10), (2.0, 70), (5.0, 20)];
        assert_eq!(quantile(&spread, 0.5), Some((2.0, [2.0, 2.0])));
        assert_eq!(quantile(&spread, 0.9), Some((5.0, [5.0, 5.0])));
        assert_eq!(quantile(&vec![(7.0, 1)], 0.5), Some((7.0, [7.0, 7.0])));
        let (mean, interval) = mean(&spread).unwrap();
        assert!(near(mean, 2.5) && interval.is_some_and(|[low, high]| near(low, 2.2470) && near(high, 2.7530)), "{interval:?}");
    }

    proptest! {
        #[test]
        fn an_interval_holds_its_share_and_narrows_with_more(n in 1_u64..5_000, part in 0.0..=1.0_f64) {
            let count = (n as f64 * part) as u64;
            let [low, high] = wilson(count, n).unwrap();
            let share = count as f64 / n as f64;
            prop_assert!(0.0 <= low && low <= share && share <= high && high <= 1.0);
            let [low_more, high_more] = wilson(count * 4, n * 4).unwrap();
            prop_assert!(high_more - low_more < high - low);
        }
    }
}
