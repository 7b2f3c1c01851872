//! What must hold for any input.

use crate::company::{Case, NOW, admitted, cancel_case, refund_case, rules};
use patchbay_core::Value;
use patchbay_core::declare::Confirmer;
use patchbay_gate::{Actor, Admission, Confirmed, Release, Rules};
use proptest::prelude::*;
use serde_json::json;
use std::sync::LazyLock;

static RULES: LazyLock<Rules> = LazyLock::new(rules);

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|number| Value::Number(number.into())),
        ".{0,12}".prop_map(Value::Text),
        "#?W?[0-9]{5,6}".prop_map(Value::Text),
        (-9_999_i64..99_999).prop_map(|minor| Value::Money(patchbay_core::Money { minor, currency: "EUR".parse().unwrap() })),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::List),
            prop::collection::btree_map("[a-z]{1,6}", inner, 0..3).prop_map(Value::Map),
        ]
    })
}

fn actor() -> impl Strategy<Value = Actor> {
    prop_oneof![Just(Actor::Mind), Just(Actor::Desk), Just(Actor::Try), Just(Actor::Identity)]
}

fn tool() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["order", "cancel", "refund", "parcel", "profile", "orders", "find", "typed", "nothing"])
}

proptest! {
    #[test]
    fn identity_given_as_an_argument_is_never_admitted(
        (tool, bound) in prop::sample::select(vec![("order", "customer_id"), ("cancel", "customer_id"), ("refund", "tier"), ("profile", "id"), ("parcel", "shipment")]),
        given in value(), by in actor(),
    ) {
        let mut case = Case::of(tool, []);
        case.by = by;
        case.args.insert("order_id".to_owned(), "12345".into());
        case.args.insert(bound.to_owned(), given);
        prop_assert!(!matches!(case.ask(&RULES), Admission::Admitted(_)));
    }

    #[test]
    fn whatever_is_asked_identity_in_the_call_is_the_sessions(
        tool in tool(), args in prop::collection::btree_map("(order_id|reason|amount|email|names|[a-z]{1,4})", value(), 0..4), by in actor(),
    ) {
        let mut case = Case::of(tool, []);
        (case.args, case.by) = (args, by);
        let case = case.with_a_yes(&RULES);
        if let Admission::Admitted(admitted) = case.ask(&RULES) {
            for call in admitted.calls() {
                prop_assert!(call.get("customer_id").is_none_or(|id| id == "mika"));
            }
        }
    }

    #[test]
    fn an_admitted_write_has_a_yes_to_exactly_itself(
        minor in -10_i64..6_000, digest in "[0-9a-f]{64}", right in any::<bool>(),
        by in prop::collection::vec(prop_oneof![Just(Confirmer::Customer), Just(Confirmer::Agent)], 0..3),
    ) {
        let money = Value::Money(patchbay_core::Money { minor, currency: "EUR".parse().unwrap() });
        let mut case = Case::of("refund", [("amount", money)]);
        let shown = match case.ask(&RULES) {
            Admission::NeedsConfirmation { digest, .. } if right => digest,
            _ => digest,
        };
        case.confirmed = Some(Confirmed { digest: shown.clone(), by: by.clone() });
        if let Admission::Admitted(admitted) = case.ask(&RULES) {
            prop_assert_eq!(admitted.digest(), &shown);
            prop_assert!(minor > 0 && minor <= 5_000);
            prop_assert!(by.contains(&Confirmer::Customer) && (minor <= 3_000 || by.contains(&Confirmer::Agent)));
        }
    }

    #[test]
    fn a_yes_to_one_thing_is_never_a_yes_to_another(one in 1_i64..5_000, two in 1_i64..5_000) {
        let spelt = |minor: i64| format!("{}.{:02} EUR", minor / 100, minor % 100);
        let yes = refund_case(&spelt(one)).with_a_yes(&RULES);
        let mut other = refund_case(&spelt(two));
        other.confirmed = yes.confirmed;
        prop_assert_eq!(matches!(other.ask(&RULES), Admission::Admitted(_)), one == two);
    }

    #[test]
    fn a_changed_confirmation_is_never_admitted(at in 0_usize..64, to in "[0-9a-z]") {
        let mut case = cancel_case().with_a_yes(&RULES);
        let confirmed = case.confirmed.as_mut().unwrap();
        let before = confirmed.digest.clone();
        confirmed.digest.replace_range(at..=at, &to);
        prop_assert_eq!(matches!(case.ask(&RULES), Admission::Admitted(_)), case.confirmed.unwrap().digest == before);
    }

    #[test]
    fn nothing_of_a_foreign_record_is_released(owner in "[a-z]{1,8}", id in ".{0,8}") {
        prop_assume!(owner != "mika");
        let case = Case::of("order", [("order_id", "12345".into())]);
        let call = admitted(case.ask(&RULES));
        for claimed in [json!(owner), json!([owner, "mika"]), json!({ "id": "mika" }), json!(null)] {
            let body = json!({ "id": id, "customer_id": claimed, "status": "paid", "paid": "1.00", "items": [] });
            let release = RULES.release(&call, &[(0, &body, NOW)], &case.session, &case.customer, &case.facts, "shop");
            let refused = matches!(release, Release::Refused { .. });
            prop_assert!(refused);
        }
    }
}
