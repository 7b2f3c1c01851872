//! The shop's system as far as the turn sees it: what it says, what it really did, and the ways it fails.

use crate::company::{CUSTOMER, customer, house, opening};
use crate::dice::Dice;
use patchbay_core::Timestamp;
use patchbay_core::fact::Released;
use patchbay_core::words::{CallOutcome, RefusalCode};
use patchbay_gate::Release;
use patchbay_turn::{Answer, CallStart, Cause};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The orders there are; the last one is somebody else's.
pub(crate) const ORDERS: [&str; 3] = ["10001", "10002", "20001"];

#[derive(Clone, Default)]
pub(crate) struct Backend {
    cancelled: BTreeSet<String>,
    noted: BTreeSet<String>,
    shipped: BTreeSet<String>,
}

impl Backend {
    /// Carries out a write and says so, or fails in some way, having done it or not.
    pub(crate) fn write(&mut self, start: &CallStart, dice: &mut Dice) -> Answer {
        let outcome = *dice.pick(CallOutcome::ALL);
        let clear_no = matches!(
            outcome,
            CallOutcome::Refused
                | CallOutcome::NotFound
                | CallOutcome::Invalid
                | CallOutcome::Unreachable
                | CallOutcome::BreakerOpen
                | CallOutcome::RateLimited
        );
        let ok = outcome == CallOutcome::Ok || dice.percent(40);
        if ok || (!clear_no && dice.percent(50)) {
            for args in start.admitted.calls() {
                let order = args.get("order_id").and_then(Value::as_str).unwrap_or_default().to_owned();
                match start.tool.as_str() {
                    "cancel_order" => drop(self.cancelled.insert(order)),
                    "add_note" => drop(self.noted.insert(order)),
                    _ => {}
                }
            }
        }
        if ok { self.release(start, &[json!({})]) } else { Answer::none(outcome, "it failed") }
    }

    /// Answers a read well, or fails in some way.
    pub(crate) fn read(&mut self, start: &CallStart, dice: &mut Dice) -> Answer {
        if dice.percent(3) {
            self.shipped.insert(dice.pick(&ORDERS).to_string());
        }
        match dice.below(10) {
            0 => Answer::none(*dice.pick(&CallOutcome::ALL[1..]), "it failed"),
            1 => Answer { refusal: Some(RefusalCode::OwnerMismatch), ..Answer::none(CallOutcome::Refused, "held back") },
            _ => {
                let bodies: Vec<Value> = start.admitted.calls().iter().map(|args| self.body(&start.tool, args)).collect();
                self.release(start, &bodies)
            }
        }
    }

    /// Does the system show that a write was done?
    pub(crate) fn shows(&self, tool: &str, order: &str) -> bool {
        match tool {
            "cancel_order" => self.cancelled.contains(order),
            "add_note" => self.noted.contains(order),
            _ => false,
        }
    }

    /// An order as its tool would release it now.
    pub(crate) fn order(&self, order: &str) -> BTreeMap<String, Released> {
        let house = house();
        let args = BTreeMap::from([("order_id".to_owned(), patchbay_core::Value::text(order))]);
        let nothing = BTreeMap::new();
        let session = opening(Cause::Message { text: String::new(), picked: None }).session;
        let request = patchbay_gate::Request {
            tool: "order",
            args: &args,
            session: &session,
            customer: &nothing,
            facts: &BTreeMap::new(),
            used: &[],
            confirmed: None,
            tools_allowed: None,
            now: crate::company::NOW,
            by: patchbay_gate::Actor::Mind,
        };
        let patchbay_gate::Admission::Admitted(admitted) = house.gate.admit(&request) else { panic!("an order may be read") };
        let body = self.body("order", &admitted.calls()[0]);
        let answers = [(0, &body, crate::company::NOW)];
        match house.gate.release(&admitted, &answers, &session, &nothing, &BTreeMap::new(), "shop") {
            Release::Released(released) => BTreeMap::from([("order".to_owned(), released)]),
            other => panic!("{other:?}"),
        }
    }

    fn body(&self, tool: &str, args: &BTreeMap<String, Value>) -> Value {
        let text = |name: &str| args.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let order = text("order_id");
        match tool {
            "profile" => json!({ "id": CUSTOMER, "tier": "gold" }),
            "order_list" => json!({ "customer_id": CUSTOMER, "orders": ["10001", "10002"] }),
            "parcel" => json!({ "reference": text("shipment_id").replace('S', ""), "place": "Hamburg" }),
            _ => json!({
                "id": order,
                "customer_id": if order == "20001" { "bob" } else { CUSTOMER },
                "status": if self.cancelled.contains(&order) { "cancelled" } else if self.shipped.contains(&order) { "shipped" } else { "placed" },
                "shipment_id": self.shipped.contains(&order).then(|| format!("S{order}")),
                "note": self.noted.contains(&order).then_some("noted"),
            }),
        }
    }

    /// What the gate makes of these answers.
    fn release(&self, start: &CallStart, bodies: &[Value]) -> Answer {
        let at = Timestamp(crate::company::NOW.0 + 1);
        let answers: Vec<_> = bodies.iter().enumerate().map(|(n, body)| (n, body, at)).collect();
        let session = opening(Cause::Message { text: String::new(), picked: None }).session;
        debug_assert!(session.customer == Some(customer()));
        let none = Answer::none(CallOutcome::Ok, "");
        match house().gate.release(&start.admitted, &answers, &session, &start.customer, &start.facts, "shop") {
            Release::Released(released) => Answer { detail: None, released: Some(released), ..none },
            Release::Refused { code, rule } => Answer { outcome: CallOutcome::Refused, refusal: Some(code), rule: Some(rule), ..none },
            Release::BadAnswer { .. } => Answer { outcome: CallOutcome::BadAnswer, ..none },
            Release::Ambiguous { .. } => Answer { outcome: CallOutcome::Ambiguous, ..none },
        }
    }
}
