//! One admitted call, from the order to the released answer. Turns, the desk and `tool try` all come through here.

use futures::future::join_all;
use patchbay_core::declare::{Access, Idempotency, Tool};
use patchbay_core::port::{Backends, CallFailure, CallOrder, RawAnswer};
use patchbay_core::words::CallOutcome;
use patchbay_gate::Release;
use patchbay_turn::{Answer, CallStart, House};
use std::sync::Arc;

/// What a call needs beside itself.
#[derive(Clone)]
pub struct Carrier {
    /// The company's backends.
    pub backends: Arc<dyn Backends>,
    /// The rules in force.
    pub house: Arc<House>,
}

/// Asks the backend (once, or once per element of a list) and passes what comes back through the gate's second door.
pub async fn carry_out(carrier: &Carrier, start: &CallStart) -> Answer {
    let Some(tool) = carrier.house.company.tools.get(&start.tool) else {
        return Answer::none(CallOutcome::Refused, "no such tool");
    };
    let orders = start.admitted.calls().iter().map(|args| CallOrder {
        backend: tool.backend.clone(),
        operation: tool.operation.clone(),
        args: args.clone(),
        write: tool.access == Access::Write,
        within: start.within,
        idempotency: start
            .operation_id
            .as_ref()
            .filter(|_| tool.idempotency != Idempotency::None)
            .map(|id| (tool.idempotency.clone(), id.to_string())),
        cache: tool.cache.clone().filter(|_| !start.fresh),
    });
    let results = join_all(orders.map(|order| carrier.backends.call(order))).await;
    released(carrier, start, tool, &results)
}

fn released(carrier: &Carrier, start: &CallStart, tool: &Tool, results: &[Result<RawAnswer, CallFailure>]) -> Answer {
    let answers: Vec<_> =
        results.iter().enumerate().filter_map(|(n, result)| result.as_ref().ok().map(|raw| (n, &raw.body, raw.fetched_at))).collect();
    let ms = results.iter().map(|result| result.as_ref().map_or_else(|failure| failure.ms, |raw| raw.ms)).max().unwrap_or(0);
    let cached = !answers.is_empty() && results.iter().flatten().all(|raw| raw.cached);
    if answers.is_empty()
        && let Some(Err(failure)) = results.first()
    {
        return Answer { ms, ..Answer::none(failure.outcome, failure.detail.clone()) };
    }
    let none = |outcome, detail: String| Answer { ms, cached, ..Answer::none(outcome, detail) };
    match carrier.house.gate.release(&start.admitted, &answers, &start.session, &start.customer, &start.facts, &tool.backend) {
        Release::Released(released) => {
            Answer { outcome: CallOutcome::Ok, refusal: None, rule: None, detail: None, released: Some(released), ms, cached }
        }
        Release::Refused { code, rule } => {
            Answer { refusal: Some(code), rule: Some(rule), ..none(CallOutcome::Refused, "the gate held the answer back".to_owned()) }
        }
        Release::BadAnswer { field, detail } => none(CallOutcome::BadAnswer, format!("backend_schema_mismatch: {field}: {detail}")),
        Release::Ambiguous { field } => none(CallOutcome::Ambiguous, format!("backend_ambiguous: {field}")),
    }
}
