//! Conversation tests.

use crate::fitted::Fitted;
use crate::problem::{Report, below, element};
use crate::test::{Does, Expect, Fault, Stated, Test, TestStep};
use patchbay_core::Timestamp;
use patchbay_core::words::Level;
use serde_json::Value;
use std::collections::BTreeMap;

/// What holds where a test does not say.
#[derive(Clone, Default)]
struct Given {
    persona: Option<(Option<String>, Level)>,
    now: Option<Timestamp>,
    answers: BTreeMap<String, Vec<Stated>>,
}

/// The tests of a file with their keys. File and lines are filled in by the loader, who knows the places.
pub(crate) fn tests(root: &Fitted, report: &mut Report) -> Vec<(Test, String)> {
    let mut given = Given::default();
    let mut tests = Vec::new();
    for (n, it) in root.items().iter().enumerate() {
        let key = element("", n);
        if it.has("given") {
            given = given.with(it, &key, report);
        } else {
            tests.push((test(it, given.clone().with(it, &key, report), &key, report), key));
        }
    }
    tests
}

impl Given {
    /// This, and what a test or a later `given` says over it.
    fn with(mut self, it: &Fitted, key: &str, report: &mut Report) -> Self {
        let persona = it.get("as");
        if it.has("as") {
            let level = persona.text("level").and_then(|word| Level::parse(&word)).unwrap_or(Level::Anonymous);
            self.persona = Some((persona.text("customer"), level));
        }
        if let Some(text) = it.text("now") {
            match text.parse() {
                Ok(at) => self.now = Some(at),
                Err(_) => report.add(&below(key, "now"), format!("'{text}' is no time"), "write it as 2026-11-20T14:02:10Z"),
            }
        }
        for (operation, stated) in it.get("backends").entries() {
            let place = below(&below(key, "backends"), operation);
            if !operation.contains('.') {
                report.add(
                    &place,
                    format!("'{operation}' names no operation"),
                    "write the backend, a dot and the operation: orders.getOrder",
                );
            }
            let list: Vec<Stated> = match stated {
                Fitted::List(list) => list.iter().map(|one| answer(one, &place, report)).collect(),
                one => vec![answer(one, &place, report)],
            };
            if list.is_empty() {
                report.add(&place, "here is no answer", "state at least one, such as { status: 404 }");
            }
            self.answers.insert(operation.clone(), list);
        }
        self
    }
}

fn test(it: &Fitted, given: Given, key: &str, report: &mut Report) -> Test {
    let (customer, level) = given.persona.unwrap_or((None, Level::Anonymous));
    let level = if customer.is_some() { level } else { Level::Anonymous };
    if it.get("steps").items().is_empty() {
        report.add(&below(key, "steps"), "this test has no steps", "write what the customer says: `- user: where is my order`");
    }
    Test {
        name: it.must("test"),
        file: String::new(),
        line: 0,
        customer,
        level,
        now: given.now,
        answers: given.answers,
        steps: it.get("steps").items().iter().map(step).collect(),
    }
}

fn answer(it: &Fitted, key: &str, report: &mut Report) -> Stated {
    let status = u16::try_from(it.count("status")).ok().filter(|status| (200..600).contains(status));
    if status.is_none() && it.has("status") {
        report.add(key, "this is no status of an answer", "write a number from 200 to 599");
    }
    Stated {
        when: values(it.get("when")),
        status: status.unwrap_or(200),
        body: it.json("body"),
        delay: it.duration("delay"),
        fault: it.text("fault").and_then(|word| match word.as_str() {
            "timeout" => Some(Fault::Timeout),
            "unreachable" => Some(Fault::Unreachable),
            "drop" => Some(Fault::Drop),
            "bad_answer" => Some(Fault::BadAnswer),
            "too_large" => Some(Fault::TooLarge),
            _ => None,
        }),
    }
}

fn step(it: &Fitted) -> TestStep {
    let does = match (it.text("user"), it.text("pick")) {
        (Some(text), _) => Does::Says(text),
        (None, Some(value)) => Does::Picks(value),
        (None, None) => Does::Decides(it.text("confirm").as_deref() == Some("yes")),
    };
    TestStep { line: 0, does, after: it.duration("after"), expect: expect(it.get("expect")) }
}

fn expect(it: &Fitted) -> Expect {
    let list = |key: &str| it.has(key).then(|| it.get(key).texts());
    let words = |key: &str| it.text(key).map_or_else(|| it.get(key).texts(), |one| vec![one]);
    let proposes = it.get("proposes");
    Expect {
        status: it.text("status"),
        text: words("text"),
        not_said: words("not_said"),
        skill: it.text("skill"),
        zone: it.text("zone"),
        calls: list("calls"),
        question: it.text("question"),
        choices: list("choices"),
        proposes: it.text("proposes").or_else(|| proposes.text("tool")),
        args: values(proposes.get("args")),
        outcome: it.text("outcome"),
        refusal: it.text("refusal"),
        reason: it.text("reason"),
        header: it.get("header").entries().iter().filter_map(|(on, name)| Some((on.clone(), name.as_text()?.to_owned()))).collect(),
        audit: it.has("audit").then(|| it.count("audit")),
    }
}

fn values(it: &Fitted) -> BTreeMap<String, Value> {
    let value = |value: &Fitted| match value {
        Fitted::Json(value) => Some(value.clone()),
        _ => None,
    };
    it.entries().iter().filter_map(|(name, it)| Some((name.clone(), value(it)?))).collect()
}
