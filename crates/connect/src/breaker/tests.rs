//! The breaker's promises, checked over random histories.

use super::*;
use proptest::prelude::*;

fn at(ms: i64) -> Timestamp {
    Timestamp(1_000_000_000 + ms)
}

fn fail(breaker: &mut Breaker, times: usize, now: Timestamp) {
    for _ in 0..times {
        let pass = breaker.admit(now).unwrap();
        breaker.report(pass, Sign::Bad, now, 0);
    }
}

#[test]
fn five_failures_in_a_row_open_it_and_a_good_probe_closes_it() {
    let mut breaker = Breaker::new();
    fail(&mut breaker, 4, at(0));
    let pass = breaker.admit(at(0)).unwrap();
    breaker.report(pass, Sign::Good, at(0), 0);
    fail(&mut breaker, 4, at(31_000));
    assert_eq!(breaker.state(), BreakerState::Closed);
    fail(&mut breaker, 1, at(31_000));
    assert_eq!(breaker.admit(at(31_000)), Err(Duration::from_secs(10)));
    assert!(breaker.admit(at(40_999)).is_err());
    let probe = breaker.admit(at(41_000)).unwrap();
    assert_eq!(breaker.admit(at(41_000)), Err(WHILE_PROBING));
    breaker.report(probe, Sign::Good, at(41_100), 0);
    assert_eq!(breaker.state(), BreakerState::Closed);
}

#[test]
fn half_of_ten_calls_open_it_but_not_half_of_nine() {
    let mut breaker = Breaker::new();
    for call in 0..9 {
        let pass = breaker.admit(at(call)).unwrap();
        breaker.report(pass, if call % 2 == 0 { Sign::Good } else { Sign::Bad }, at(call), 0);
    }
    assert_eq!(breaker.state(), BreakerState::Closed);
    fail(&mut breaker, 1, at(9));
    assert!(matches!(breaker.state(), BreakerState::Open(_)));
}

#[test]
fn failures_older_than_thirty_seconds_do_not_count() {
    let mut breaker = Breaker::new();
    for call in 0..40 {
        let now = at(call * 10_000);
        let pass = breaker.admit(now).unwrap();
        breaker.report(pass, if call % 2 == 0 { Sign::Good } else { Sign::Bad }, now, 0);
    }
    assert_eq!(breaker.state(), BreakerState::Closed);
}

#[test]
fn pauses_double_to_a_minute_with_a_tenth_of_jitter() {
    let mut breaker = Breaker::new();
    let mut now = at(0);
    fail(&mut breaker, 5, now);
    for seconds in [10, 20, 40, 60, 60] {
        let BreakerState::Open(until) = breaker.state() else { panic!("open") };
        let pause = until.since(now);
        assert!(pause >= Duration::from_secs(seconds) && pause <= Duration::from_millis(seconds * 1100), "{pause:?}");
        now = until;
        let probe = breaker.admit(now).unwrap();
        breaker.report(probe, Sign::Bad, now, 255);
    }
}

#[test]
fn a_dropped_probe_gives_its_place_to_the_next() {
    let mut breaker = Breaker::new();
    fail(&mut breaker, 5, at(0));
    let dropped = breaker.admit(at(10_000)).unwrap();
    breaker.report(dropped, Sign::None, at(10_100), 0);
    let probe = breaker.admit(at(10_100)).unwrap();
    // The dropped one cannot speak any more.
    breaker.report(dropped, Sign::Good, at(10_200), 0);
    assert_eq!(breaker.state(), BreakerState::Probing);
    breaker.report(probe, Sign::Good, at(10_200), 0);
    assert_eq!(breaker.state(), BreakerState::Closed);
}

proptest! {
    /// However calls begin, end and are lost: never two probes at a time, nothing through while open, open only for cause.
    #[test]
    fn its_promises_hold_in_any_order(steps in prop::collection::vec((0_u8..4, 0_i64..4_000, 0_usize..8), 1..400)) {
        let mut breaker = Breaker::new();
        let mut now = 0;
        let mut out: Vec<(Pass, bool)> = Vec::new();
        let mut bad_in_a_row = 0;
        let mut recent: Vec<(i64, bool)> = Vec::new();
        for (what, later, which) in steps {
            now += later;
            let before = breaker.state();
            if what == 0 {
                if let Ok(pass) = breaker.admit(at(now)) {
                    let probe = breaker.state() == BreakerState::Probing;
                    prop_assert!(!(probe && out.iter().any(|(other, probe)| *probe && *other == pass)), "one probe at a time");
                    if let BreakerState::Open(until) = before { prop_assert!(at(now) >= until && probe) }
                    out.push((pass, probe));
                } else {
                    prop_assert!(before != BreakerState::Closed, "closed lets everything through");
                }
            } else if !out.is_empty() {
                let (pass, _) = out.remove(which % out.len());
                let sign = [Sign::Good, Sign::Bad, Sign::None][usize::from(what - 1)];
                let counts = pass.period == breaker.period && before == BreakerState::Closed && sign != Sign::None;
                if counts {
                    bad_in_a_row = if sign == Sign::Bad { bad_in_a_row + 1 } else { 0 };
                    recent.push((now, sign == Sign::Bad));
                }
                breaker.report(pass, sign, at(now), 128);
                if before == BreakerState::Closed && breaker.state() != before {
                    let bad = recent.iter().filter(|(_, bad)| *bad).count();
                    prop_assert!(counts && (bad_in_a_row >= 5 || (recent.len() >= 10 && bad * 2 >= recent.len() / 2)), "only for cause");
                }
                if breaker.state() != before { bad_in_a_row = 0; recent.clear(); }
                recent.retain(|(when, _)| now - when < 31_000);
            }
            let probes = out.iter().filter(|(pass, probe)| *probe && pass.period == breaker.period).count();
            prop_assert!(probes <= 1);
        }
    }
}
