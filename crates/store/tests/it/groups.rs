//! Appends that share a commit: each gets the answer it would have got alone, and the refused ones leave nothing behind.

use crate::house::{House, NOON, plain, stream};
use patchbay_core::log::{Append, Appended, Claim, Expected, LogError, Position};
use patchbay_core::port::Log;
use proptest::prelude::{Strategy, any, prop, proptest};
use std::collections::HashMap;
use std::sync::Arc;

/// One append of the trial: to which stream, how many events, which length it expects, what it claims.
#[derive(Debug, Clone)]
struct Try {
    stream: u8,
    events: usize,
    expects: Option<u64>,
    claims: Option<u8>,
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = (0..3_u8, 0..4_usize, prop::option::of(0..8_u64), prop::option::of(0..6_u8));
    let one = one.prop_map(|(stream, events, expects, claims)| Try { stream, events, expects, claims });
    prop::collection::vec(one, 1..60)
}

/// What the log must answer, told by the simplest thing that can.
#[derive(Default)]
struct Model {
    last: u64,
    lengths: HashMap<u8, u64>,
    claims: HashMap<u8, usize>,
}

impl Model {
    fn answer(&mut self, number: usize, one: &Try) -> Result<Appended, LogError> {
        if let Some((key, first)) = one.claims.and_then(|key| self.claims.get(&key).map(|first| (key, *first))) {
            return Ok(Appended::AlreadyClaimed { claim: claim(key, first) });
        }
        let length = self.lengths.entry(one.stream).or_default();
        if one.expects.is_some_and(|expected| expected != *length) {
            return Err(LogError::Conflict { stream: name(one.stream), actual: *length });
        }
        *length += one.events as u64;
        self.last += one.events as u64;
        self.claims.extend(one.claims.map(|key| (key, number)));
        Ok(Appended::Written { last: Position(self.last), lengths: vec![*length] })
    }
}

fn name(stream_number: u8) -> patchbay_core::log::StreamId {
    stream(&stream_number.to_string())
}

fn claim(key: u8, number: usize) -> Claim {
    Claim { kind: "message".to_owned(), key: key.to_string(), result: number.to_string() }
}

fn append(number: usize, one: &Try) -> Append {
    let expected = one.expects.map_or(Expected::Any, Expected::Length);
    let events = (0..one.events).map(|_| plain(&number.to_string())).collect();
    Append { claims: one.claims.iter().map(|key| claim(*key, number)).collect(), ..Append::new(NOON, name(one.stream), expected, events) }
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_group_answers_like_one_after_another(tries in tries(), together in any::<bool>()) {
        // On one thread the tasks are begun in order, so the writer finds them in order.
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let house = House::new();
            let log = Arc::new(house.open());
            let mut model = Model::default();
            let mut asked = Vec::new();
            for (number, one) in tries.iter().enumerate() {
                let log = Arc::clone(&log);
                let append = append(number, one);
                let mut task = tokio::spawn(async move { log.append(append).await });
                if !together {
                    task = tokio::spawn(std::future::ready(task.await.unwrap()));
                }
                asked.push((task, model.answer(number, one)));
            }
            for (task, expected) in asked {
                assert_eq!(task.await.unwrap(), expected);
            }
            let events = log.read_all(Position(0), usize::MAX).await.unwrap();
            assert!(events.iter().map(|event| event.position.0).eq(1..=model.last));
        });
    }
}
