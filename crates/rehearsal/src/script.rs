//! Which of the stated answers is next.

use crate::heard::plain;
use patchbay_config::{Fault, Stated};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The stated answers of one test, and which of them were given.
pub(crate) struct Script(Mutex<BTreeMap<String, Vec<Line>>>);

struct Line {
    stated: Stated,
    /// It was given to the call that is under way.
    handed: bool,
    given: bool,
}

impl Script {
    pub(crate) fn new(answers: &BTreeMap<String, Vec<Stated>>) -> Self {
        let line = |stated: &Stated| Line { stated: stated.clone(), handed: false, given: false };
        Self(Mutex::new(answers.iter().map(|(operation, stated)| (operation.clone(), stated.iter().map(line).collect())).collect()))
    }

    /// Takes the next answer to this request; `None` where the test states none.
    pub(crate) fn next(&self, operation: &str, args: &BTreeMap<String, Value>) -> Option<Stated> {
        self.take(operation, args, |_| true)
    }

    /// Takes the next answer if it is that nobody is there: such a call never reaches the wire.
    pub(crate) fn is_unreachable(&self, operation: &str, args: &BTreeMap<String, Value>) -> bool {
        self.take(operation, args, |stated| stated.fault == Some(Fault::Unreachable)).is_some()
    }

    fn take(&self, operation: &str, args: &BTreeMap<String, Value>, wanted: impl Fn(&Stated) -> bool) -> Option<Stated> {
        let mut answers = self.lock();
        let line = next(answers.get_mut(operation)?, args).filter(|line| wanted(&line.stated))?;
        line.handed = true;
        line.given = line.stated.fault != Some(Fault::BadAnswer);
        Some(line.stated.clone())
    }

    /// A call is over. An answer that cannot be read is asked for again within the call, in vain: it stands for all of them.
    pub(crate) fn ended(&self, operation: &str, args: &BTreeMap<String, Value>) {
        let mut answers = self.lock();
        let line = answers.get_mut(operation).and_then(|lines| next(lines, args));
        if let Some(line) = line.filter(|line| line.handed) {
            line.given = true;
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Vec<Line>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The first answer not given yet, or the last one again. Answers for these very arguments come before those for any.
fn next<'a>(lines: &'a mut [Line], args: &BTreeMap<String, Value>) -> Option<&'a mut Line> {
    let holds = |line: &Line| line.stated.when.iter().all(|(name, value)| args.get(name).is_some_and(|given| plain(given) == plain(value)));
    let special = lines.iter().any(|line| !line.stated.when.is_empty() && holds(line));
    let mut fitting: Vec<&mut Line> = lines.iter_mut().filter(|line| line.stated.when.is_empty() != special && holds(line)).collect();
    let at = fitting.iter().position(|line| !line.given).or(fitting.len().checked_sub(1))?;
    Some(fitting.swap_remove(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn stated(status: u16, order: Option<&str>) -> Stated {
        let when = order.map(|id| ("order_id".to_owned(), Value::from(id))).into_iter().collect();
        Stated { when, status, body: None, delay: Duration::ZERO, fault: None }
    }

    #[test]
    fn one_after_another_the_last_again_and_the_fitting_first() {
        let answers = [stated(404, None), stated(200, Some("1")), stated(201, Some("1"))];
        let script = Script::new(&BTreeMap::from([("orders.get".to_owned(), answers.to_vec())]));
        let ask = |order: &str| {
            let args = BTreeMap::from([("order_id".to_owned(), Value::from(order))]);
            script.next("orders.get", &args).map(|stated| stated.status)
        };
        assert_eq!([ask("1"), ask("2"), ask("1"), ask("1"), ask("2")], [200, 404, 201, 201, 404].map(Some));
        assert_eq!(script.next("orders.cancel", &BTreeMap::new()), None);
    }
}
