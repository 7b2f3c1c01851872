//! The first door: every way to be refused, and what an admitted call holds.

use crate::company::{Case, NOW, admitted, cancel_case, named, refund_case, rules};
use patchbay_core::action::Use;
use patchbay_core::declare::{Confirmer, Limit};
use patchbay_core::words::{Level, RefusalCode};
use patchbay_core::{Timestamp, Value};
use patchbay_gate::{Actor, Admission, Confirmed};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;

fn code(admission: &Admission) -> Option<RefusalCode> {
    match admission {
        Admission::Refused { code, .. } => Some(*code),
        _ => None,
    }
}

#[test]
fn an_admitted_call_is_complete_and_in_the_backends_spelling() {
    let rules = rules();
    let call = admitted(Case::of("order", [("order_id", "w12345".into())]).ask(&rules));
    assert_eq!(call.calls(), [named([("order_id", json!("W12345")), ("customer_id", json!("mika"))])]);
    assert_eq!(call.tool(), "order");
    let call = admitted(Case::of("parcel", []).ask(&rules));
    assert_eq!(call.calls(), [named([("shipment", json!("S1"))])], "taken from a fact");
    let call = admitted(Case::of("orders", []).ask(&rules));
    let ids: Vec<_> = call.calls().iter().map(|call| call["order_id"].clone()).collect();
    assert_eq!(ids, ["W2", "W3", "W4"], "one call per element, the last three");
    assert!(call.calls().iter().all(|call| call["customer_id"] == "mika"));
}

#[test]
fn typed_arguments_are_written_exactly() {
    let address = Value::Map(named([("street", "Elm 1".into()), ("until", "2026-12-24".into())]));
    let args = [
        ("count", Value::text("3")),
        ("on", Value::Date("2026-11-20".parse().unwrap())),
        ("at", Value::Time("2026-11-20T14:02:10Z".parse().unwrap())),
        ("yes", Value::Bool(true)),
        ("address", address),
        ("names", Value::List(vec!["a".into(), "b".into()])),
        ("amount", Value::Number("59.9".parse().unwrap())),
    ];
    let call = admitted(Case::of("typed", args).ask(&rules()));
    assert_eq!(
        serde_json::to_string(&call.calls()[0]).unwrap(),
        r#"{"address":{"street":"Elm 1","until":"2026-12-24"},"amount":59.90,"at":"2026-11-20T14:02:10.000Z","count":3,"names":["a","b"],"on":"2026-11-20","yes":true}"#
    );
}

#[test]
fn what_a_tool_does_not_take_is_not_allowed() {
    let rules = rules();
    let mut hidden = Case::of("order", [("order_id", "12345".into())]);
    hidden.allowed = Some(vec!["cancel".to_owned()]);
    let mut writer = cancel_case().with_a_yes(&rules);
    writer.by = Actor::Identity;
    for case in [
        Case::of("no_such_tool", []),
        hidden,
        writer,
        Case::of("find", [("email", "a@b.example".into())]),
        Case::of("order", [("order_id", "12345".into()), ("customer_id", "bob".into())]),
        Case::of("order", [("order_id", "12345".into()), ("limit", Value::Number(9.into()))]),
        Case::of("parcel", [("shipment", "S2".into())]),
        Case::of("orders", [("order_id", "W9".into())]),
    ] {
        assert_eq!(code(&case.ask(&rules)), Some(RefusalCode::ToolNotAllowed), "{} {:?}", case.tool, case.args);
    }
    let mut lookup = Case::of("find", [("email", "a@b.example".into())]);
    lookup.by = Actor::Identity;
    admitted(lookup.ask(&rules));
}

#[test]
fn arguments_of_the_wrong_shape_are_invalid_and_their_values_are_not_repeated() {
    let rules = rules();
    let minus = Value::Money("-5.00 EUR".parse().unwrap());
    for (case, arg) in [
        (Case::of("order", []), "order_id"),
        (Case::of("order", [("order_id", "12345' OR 1=1 --".into())]), "order_id"),
        (Case::of("order", [("order_id", "%".into())]), "order_id"),
        (Case::of("order", [("order_id", "1".repeat(10_000).as_str().into())]), "order_id"),
        (Case::of("typed", [("names", Value::List(vec!["x".repeat(5000).as_str().into()]))]), "names"),
        (Case::of("typed", [("names", Value::List(vec!["a\u{0}b".into()]))]), "names"),
        (Case::of("typed", [("count", Value::Number("1.5".parse().unwrap()))]), "count"),
        (Case::of("typed", [("on", "tomorrow".into())]), "on"),
        (Case::of("typed", [("address", Value::Map(named([("street", "x".into())])))]), "address"),
        (Case::of("typed", [("amount", Value::Number("0.305".parse().unwrap()))]), "amount"),
        (Case::of("cancel", [("order_id", "12345".into()), ("reason", "because".into())]), "reason"),
        (Case::of("refund", [("amount", minus)]), "amount"),
        (refund_case("0.00 EUR"), "amount"),
        (refund_case("5.00 USD"), "amount"),
    ] {
        match case.ask(&rules) {
            Admission::Invalid { arg: wrong, detail } => {
                assert_eq!(wrong, arg);
                assert!(!detail.contains("OR 1=1") && !detail.contains("tomorrow"), "{detail}");
            }
            other => panic!("{:?} gave {other:?}", case.args),
        }
    }
    let mut unknown = Case::of("parcel", []);
    unknown.facts.clear();
    assert!(matches!(unknown.ask(&rules), Admission::Invalid { .. }), "the fact it takes is not there");
}

#[test]
fn a_low_or_expired_proof_is_not_enough() {
    let rules = rules();
    let mut low = refund_case("5.00 EUR");
    low.session.level = Level::Identified;
    assert_eq!(low.ask(&rules), Admission::NeedsStepUp { level: Level::Strong });
    let mut expired = Case::of("order", [("order_id", "12345".into())]);
    expired.session.until = NOW;
    assert_eq!(expired.ask(&rules), Admission::NeedsStepUp { level: Level::Contact });
}

#[test]
fn a_used_up_limit_refuses_and_comes_back() {
    let rules = rules();
    let ago = |seconds: i64| Use { at: Timestamp(NOW.0 - seconds * 1000), amounts: Some(BTreeMap::new()), failed: false };
    let mut case = cancel_case().with_a_yes(&rules);
    case.used = vec![ago(10), ago(20), ago(86_399)];
    assert_eq!(code(&case.ask(&rules)), Some(RefusalCode::Limit));
    case.used[2] = ago(86_400);
    admitted(case.ask(&rules));
    assert_eq!(rules.limits("cancel"), [Limit::Times { times: 3, per: Duration::from_secs(86_400) }]);
}

fn refunded(amount: &str, seconds: i64) -> Use {
    let amounts = named([("amount", amount.parse().unwrap())]);
    Use { at: Timestamp(NOW.0 - seconds * 1000), amounts: Some(amounts), failed: false }
}

#[test]
fn a_sum_is_kept_to_the_cent_and_comes_back() {
    let rules = rules();
    let mut case = refund_case("10.00 EUR").with_a_yes(&rules);
    case.used = vec![refunded("40.00 EUR", 10), refunded("50.00 EUR", 20)];
    admitted(case.ask(&rules));
    case.used[0] = refunded("40.01 EUR", 10);
    assert_eq!(code(&case.ask(&rules)), Some(RefusalCode::Limit), "one cent too much");
    case.used[1].failed = true;
    admitted(case.ask(&rules));
    case.used = vec![refunded("100.00 EUR", 86_399)];
    assert_eq!(code(&case.ask(&rules)), Some(RefusalCode::Limit));
    case.used = vec![refunded("100.00 EUR", 86_400)];
    admitted(case.ask(&rules));
}

#[test]
fn what_cannot_be_added_up_lifts_no_limit() {
    let rules = rules();
    let mut case = refund_case("0.01 EUR").with_a_yes(&rules);
    case.used = vec![Use { amounts: None, ..refunded("1.00 EUR", 10) }];
    assert_eq!(code(&case.ask(&rules)), Some(RefusalCode::Limit), "the amount is forgotten");
    case.used = vec![refunded("1.00 USD", 10)];
    assert_eq!(code(&case.ask(&rules)), Some(RefusalCode::Limit), "another currency");
    case.used = vec![refunded(&format!("{} EUR", i64::MAX / 100), 10); 3];
    assert_eq!(code(&case.ask(&rules)), Some(RefusalCode::Limit), "more than 64 bits hold");
    let amounts = |text: &str| named([("amount", text.parse().unwrap())]);
    assert_eq!(rules.limit_reached("refund", &amounts("100.00 EUR"), &[], NOW), None);
    let rule = rules.limit_reached("refund", &amounts("100.01 EUR"), &[], NOW);
    assert_eq!(rule.as_deref(), Some("amount up to 100.00 EUR in 86400 s"));
}

#[test]
fn a_condition_that_does_not_hold_refuses_with_the_tools_text() {
    let rules = rules();
    let mut shipped = cancel_case();
    let Value::Map(order) = &mut shipped.facts.get_mut("order").unwrap().value else { panic!() };
    order.insert("status".to_owned(), "shipped".into());
    let mut gone = cancel_case();
    gone.facts.clear();
    let other = Case::of("cancel", [("order_id", "99999".into()), ("reason", "mistake".into())]);
    for case in [shipped, gone, other] {
        let Admission::Refused { code, text, rule } = case.ask(&rules) else { panic!() };
        assert_eq!((code, text.as_deref()), (RefusalCode::Condition, Some("cancel_too_late")));
        assert!(rule.starts_with("order.status in"));
    }
    assert_eq!(code(&refund_case("50.01 EUR").ask(&rules)), Some(RefusalCode::Condition));
}

#[test]
fn a_write_runs_only_with_everybodys_yes_to_exactly_this() {
    let rules = rules();
    let asked = |case: &Case| match case.ask(&rules) {
        Admission::NeedsConfirmation { confirmers, .. } => confirmers,
        other => panic!("{other:?}"),
    };
    assert_eq!(asked(&cancel_case()), [Confirmer::Customer]);
    assert_eq!(asked(&refund_case("30.00 EUR")), [Confirmer::Customer]);
    assert_eq!(asked(&refund_case("30.01 EUR")), [Confirmer::Customer, Confirmer::Agent]);

    let mut half = refund_case("30.01 EUR").with_a_yes(&rules);
    half.confirmed.as_mut().unwrap().by.retain(|by| *by == Confirmer::Customer);
    assert_eq!(asked(&half), [Confirmer::Agent], "the other one still has to");

    let yes = cancel_case().with_a_yes(&rules);
    assert_eq!(admitted(yes.ask(&rules)).digest(), yes.confirmed.as_ref().unwrap().digest);

    let mut other_reason = yes.clone();
    other_reason.args.insert("reason".to_owned(), "no_need".into());
    let mut other_object = yes.clone();
    let Value::Map(order) = &mut other_object.facts.get_mut("order").unwrap().value else { panic!() };
    order.insert("status".to_owned(), "placed".into());
    let mut other_customer = yes.clone();
    other_customer.session.customer.as_mut().unwrap().id = patchbay_core::id::CustomerId::from_bits(3);
    let mut invented = yes.clone();
    invented.confirmed = Some(Confirmed { digest: String::new(), by: vec![Confirmer::Customer, Confirmer::Agent] });
    for case in [other_reason, other_object, other_customer, invented] {
        assert_eq!(code(&case.ask(&rules)), Some(RefusalCode::ConfirmationMismatch));
    }
}

#[test]
fn a_fact_of_the_customer_is_bound_and_must_be_known() {
    let rules = rules();
    let mut case = refund_case("5.00 EUR").with_a_yes(&rules);
    assert_eq!(admitted(case.ask(&rules)).calls()[0]["tier"], "gold");
    case.customer.clear();
    assert!(matches!(case.ask(&rules), Admission::Invalid { arg, .. } if arg == "tier"));
}
