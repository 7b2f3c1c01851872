//! The second door: whose it is, what is kept, what is wrong with it.

use crate::company::{Case, NOW, admitted, named, rules};
use patchbay_core::fact::Released;
use patchbay_core::words::RefusalCode;
use patchbay_core::{Timestamp, Value};
use patchbay_gate::{Release, Rules};
use serde_json::{Value as Json, json};

fn order() -> Json {
    json!({
        "id": "W12345", "customer_id": "mika", "status": "paid", "paid": "50.00",
        "shipment": { "id": "S1", "eta": "2026-11-22T10:00:00Z", "weight": 3 },
        "note": "card 4111 1111 1111 1111",
        "items": [{ "name": "Lamp", "price": 19.9, "cost": 7 }, { "name": "Desk", "price": null, "cost": 9 }],
        "internal": { "margin": 0.4 }
    })
}

fn release(rules: &Rules, case: &Case, bodies: &[Json]) -> Release {
    let admitted = admitted(case.ask(rules));
    let answers: Vec<_> = bodies.iter().enumerate().map(|(at, body)| (at, body, NOW)).collect();
    rules.release(&admitted, &answers, &case.session, &case.customer, &case.facts, "shop")
}

#[track_caller]
fn released(release: Release) -> Released {
    match release {
        Release::Released(released) => released,
        other => panic!("not released: {other:?}"),
    }
}

fn order_case() -> Case {
    Case::of("order", [("order_id", "12345".into())])
}

#[test]
fn only_what_was_selected_goes_on_typed_and_redacted() {
    let facts = released(release(&rules(), &order_case(), &[order()]));
    assert_eq!(facts.value.at("paid"), Some(&Value::Money("50.00 EUR".parse().unwrap())));
    assert_eq!(facts.value.at("eta"), Some(&Value::Date("2026-11-22".parse().unwrap())));
    assert_eq!(facts.value.at("note"), Some(&"card •••• •••• •••• 1111".into()));
    let items = facts.value.at("items").unwrap().as_list().unwrap();
    assert_eq!(items[0].at("price"), Some(&Value::Money("19.90 EUR".parse().unwrap())));
    assert_eq!(items[1].at("price"), None, "optional and null is left out");
    assert_eq!(facts.dropped, ["customer_id", "internal", "items.cost", "shipment.weight"]);
    assert!(facts.kept.contains(&"$.items[*].name".to_owned()) && facts.kept.contains(&"$.status".to_owned()));
    assert_eq!(facts.canonical, named([("eta", "shipment.eta".to_owned())]));
    assert_eq!((facts.tool.as_str(), facts.source.as_str(), facts.fetched_at), ("order", "shop", NOW));
}

#[test]
fn somebody_elses_record_is_refused_and_so_is_one_without_an_owner() {
    let rules = rules();
    let mut foreign = order();
    foreign["customer_id"] = json!("bob");
    let mut nobodys = order();
    nobodys.as_object_mut().unwrap().remove("customer_id");
    for body in [foreign, nobodys, json!(null), json!([]), json!("mika")] {
        let Release::Refused { code, rule } = release(&rules, &order_case(), &[body]) else { panic!() };
        assert_eq!((code, rule.as_str()), (RefusalCode::OwnerMismatch, "answer.customer_id == customer.id"));
    }
}

#[test]
fn a_missing_or_changed_field_is_named_and_never_guessed() {
    let rules = rules();
    for (field, body, wrong) in [
        ("status", "/status", json!(null)),
        ("status", "/status", json!({ "code": 3 })),
        ("paid", "/paid", json!("a lot")),
        ("paid", "/paid", json!("50.005")),
        ("eta", "/shipment/eta", json!("soon")),
        ("items.title", "/items/1/name", json!(null)),
        ("items", "/items", json!(null)),
        ("items", "/items", json!("none")),
    ] {
        let mut answer = order();
        *answer.pointer_mut(body).unwrap() = wrong;
        let outcome = release(&rules, &order_case(), &[answer]);
        assert!(matches!(&outcome, Release::BadAnswer { field: named, .. } if named == field), "{field}: {outcome:?}");
    }
    for missing in ["status", "items"] {
        let mut without = order();
        without.as_object_mut().unwrap().remove(missing);
        assert!(matches!(release(&rules, &order_case(), &[without]), Release::BadAnswer { field, .. } if field == missing));
    }
}

#[test]
fn several_values_where_one_is_declared_are_ambiguous() {
    let body = json!({ "reference": "W12345", "from": { "city": "Kobe" }, "to": { "city": "Nara" } });
    let outcome = release(&rules(), &Case::of("parcel", []), &[body]);
    assert_eq!(outcome, Release::Ambiguous { field: "place".to_owned() });
    let outcome = release(&rules(), &order_case(), &[json!([order(), order()])]);
    assert_eq!(outcome, Release::Ambiguous { field: String::new() }, "a list where one record is declared");
}

#[test]
fn the_guard_sees_the_facts_of_needs() {
    let rules = rules();
    let body = |reference: &str| json!({ "reference": reference, "at": { "city": "Kobe" } });
    assert_eq!(released(release(&rules, &Case::of("parcel", []), &[body("W12345")])).value.at("place"), Some(&"Kobe".into()));
    assert!(matches!(release(&rules, &Case::of("parcel", []), &[body("W9")]), Release::Refused { .. }));
}

#[test]
fn of_a_list_read_one_by_one_foreign_and_missing_elements_are_left_out_and_counted() {
    let rules = rules();
    let case = Case::of("orders", []);
    let mut foreign = order();
    foreign["customer_id"] = json!("bob");
    let facts = released(release(&rules, &case, &[order(), foreign]));
    assert_eq!(facts.value.at("orders").unwrap().as_list().unwrap().len(), 1);
    assert_eq!(facts.value.at("left_out"), Some(&Value::Number(2.into())), "one foreign, one without an answer");

    let call = admitted(case.ask(&rules));
    let (one, two) = (order(), order());
    let answers = [(0, &one, NOW), (1, &two, Timestamp(NOW.0 - 500))];
    let facts = released(rules.release(&call, &answers, &case.session, &case.customer, &case.facts, "shop"));
    assert_eq!(facts.fetched_at, Timestamp(NOW.0 - 500), "as old as its oldest part");
}

#[test]
fn a_write_is_proven_by_what_the_backend_says_afterwards() {
    let rules = rules();
    let args = named([("order_id", "w12345".into())]);
    let mut case = order_case();
    assert_eq!(rules.verify_holds("cancel", &case.facts, &args), Some(false));
    let Value::Map(fields) = &mut case.facts.get_mut("order").unwrap().value else { panic!() };
    fields.insert("status".to_owned(), "cancelled".into());
    assert_eq!(rules.verify_holds("cancel", &case.facts, &args), Some(true));
    assert_eq!(rules.verify_holds("cancel", &Default::default(), &args), Some(false));
    assert_eq!(rules.verify_holds("order", &case.facts, &args), None);
}
