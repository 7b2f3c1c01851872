//! Rules: what compiles, what does not and where it says so, what holds.

use super::*;
use proptest::prelude::*;

fn names() -> Names {
    let item = Shape::Map([("price".to_owned(), Shape::Money), ("title".to_owned(), Shape::Text)].into());
    let order = Shape::Map(
        [
            ("id".to_owned(), Shape::Text),
            ("status".to_owned(), Shape::Text),
            ("paid".to_owned(), Shape::Money),
            ("weight".to_owned(), Shape::Number),
            ("placed".to_owned(), Shape::Date),
            ("due".to_owned(), Shape::Date),
            ("items".to_owned(), Shape::list(item)),
        ]
        .into(),
    );
    Names::default().with("order", order).with("answer", Shape::Any).with("customer", Shape::Map([("id".to_owned(), Shape::Text)].into()))
}

fn map<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Map(fields.map(|(name, value)| (name.to_owned(), value)).into())
}

fn scope() -> Scope {
    let money = |text: &str| Value::Money(text.parse().unwrap());
    let items = vec![
        map([("price", money("10.00 EUR")), ("title", "Lamp".into())]),
        map([("price", money("40.00 EUR")), ("title", "Desk".into())]),
    ];
    let order = map([
        ("id", "W1".into()),
        ("status", "paid".into()),
        ("paid", money("50.00 EUR")),
        ("weight", Value::Number("0.3".parse().unwrap())),
        ("placed", Value::Date("2026-11-01".parse().unwrap())),
        ("items", Value::List(items)),
    ]);
    let records = Value::List(vec![map([("owner", "mika".into())]), map([("owner", "bob".into())])]);
    let answer = map([("owner", "mika".into()), ("number", Value::Number(7.into())), ("records", records), ("nothing", Value::Null)]);
    Scope::from([("order".to_owned(), order), ("answer".to_owned(), answer), ("customer".to_owned(), map([("id", "mika".into())]))])
}

fn compile(source: &str) -> Result<Rule, RuleError> {
    Rule::compile(&Condition::When(source.to_owned()), &names())
}

fn holds(source: &str) -> Result<bool, EvalError> {
    compile(source).unwrap_or_else(|error| panic!("{source}: {error}")).holds(&scope())
}

#[test]
fn rules_hold_or_do_not() {
    for source in [
        "order.status in ['placed', 'paid']",
        "answer.owner == customer.id",
        "at_most(order.paid, '50.00 EUR') && at_least(order.paid, '50.00 EUR')",
        "at_most(order.weight, 0.3)",
        "order.weight + 0.1 == 0.4",
        "order.weight * 3 == 0.9",
        "answer.records.exists(r, r.owner == 'bob')",
        "answer.records.exists_one(r, r.owner == customer.id)",
        "answer.records.map(r, r.owner) == ['mika', 'bob']",
        "size(answer.records.filter(r, r.owner == 'bob')) == 1",
        "order.items.all(i, at_most(i.price, '40.00 EUR'))",
        "order.items[1].title == 'Desk' && answer['owner'] == 'mika'",
        "has(order.paid) && !has(order.due) && !has(answer.nothing)",
        "order.id.startsWith('W') && order.id.contains('1') && order.id.endsWith('1') && order.id.matches('^W[0-9]+$')",
        "order.status == 'paid' ? true : false",
        "string(answer.number) == '7'",
        "answer.nothing == null",
        "-1 < 0 && 7 % 4 == 3",
    ] {
        assert_eq!(holds(source), Ok(true), "{source}");
    }
    for source in ["answer.number == customer.id", "answer.records.all(r, r.owner == customer.id)", "order.paid == order.items[0].price"] {
        assert_eq!(holds(source), Ok(false), "{source}");
    }
}

#[test]
fn what_is_missing_or_mixed_is_an_error_unless_it_does_not_matter() {
    assert_eq!(holds("order.due == order.placed"), Err(EvalError::Missing("due".to_owned())));
    assert_eq!(holds("answer.owners.all(o, o == 'mika')"), Err(EvalError::Missing("owners".to_owned())));
    assert!(matches!(holds("at_most(order.paid, '50.00 USD')"), Err(EvalError::Currencies(..))));
    assert!(matches!(holds("answer.owner < 3"), Err(EvalError::Mismatch { .. })));
    assert!(matches!(holds("answer.owner"), Err(EvalError::Mismatch { .. })));
    assert_eq!(holds("1 / 0 == 1"), Err(EvalError::Arithmetic));
    assert_eq!(holds("order.due == order.placed || true"), Ok(true));
    assert_eq!(holds("order.due == order.placed && false"), Ok(false));
    assert!(holds("order.due == order.placed && true").is_err());
}

#[test]
fn a_wrong_rule_says_where_and_what_is_right() {
    for (source, offset, says) in [
        ("order.staus == 'paid'", 5, "did you mean 'status'"),
        ("ordr.status == 'paid'", 0, "did you mean 'order'"),
        ("order.status == 'paid' && custmer.id == 'x'", 26, "did you mean 'customer'"),
        ("order.items.all(i, i.prise == 'x')", 20, "did you mean 'price'"),
        ("order.items.map(i, i.price)", 0, "must be true or false"),
        ("order.status", 0, "must be true or false"),
        ("order.weight == 'heavy'", 13, "can never be compared"),
        ("order.paid == '50.00 EUR'", 11, "at_most"),
        ("at_most(order.paid, '50 euros')", 7, "'30.00 EUR'"),
        ("atmost(order.paid, '50.00 EUR')", 6, "did you mean 'at_most'"),
        ("order.status in 'paid'", 13, "'in' looks into lists"),
        ("order.id.matches('(')", 16, "no usable pattern"),
        ("order.id.matches(order.id)", 16, "written out"),
        ("order.status == ", 0, "no CEL"),
        ("{'a': 1} == {'a': 1}", 0, "no records"),
        ("order.status == r'paid'", 17, "without a prefix"),
        ("", 0, "empty"),
    ] {
        let error = compile(source).map(|rule| panic!("{source} compiled as {rule:?}")).unwrap_err();
        assert!(error.message.contains(says), "{source}: {error}");
        assert!(offset == 0 || error.offset == offset, "{source}: expected byte {offset}, {error}");
    }
}

#[test]
fn hostile_text_is_refused_before_the_parser_sees_it() {
    let nested = |times: usize| format!("{}true{}", "(".repeat(times), ")".repeat(times));
    assert!(compile(&nested(16)).is_ok());
    assert!(compile(&nested(17)).is_err());
    assert!(compile(&"!".repeat(2000)).is_err());
    assert!(compile(&format!("{}true", "true ? true : ".repeat(200))).is_err());
    assert!(compile(&format!("'{}' == 'x'", "x".repeat(5000))).is_err());
    assert!(compile(&format!("1{} == 1", "+1".repeat(1900))).is_err(), "a long chain is a deep tree");
    assert!(compile("'((((((((((((((((((((' == 'x'").is_ok(), "brackets in texts do not nest");
}

#[test]
fn a_rule_cannot_take_for_ever() {
    let list = Value::List((0..1000).map(|n: i64| Value::Number(n.into())).collect());
    let scope = Scope::from([("answer".to_owned(), list)]);
    let rule = compile("answer.all(a, answer.all(b, answer.exists(c, c == a + b)))").unwrap();
    assert_eq!(rule.holds(&scope), Err(EvalError::TooMuch));
}

#[test]
fn always_holds_and_says_so() {
    let rule = Rule::compile(&Condition::Always, &Names::default()).unwrap();
    assert_eq!((rule.holds(&Scope::new()), rule.source()), (Ok(true), "always"));
}

proptest! {
    #[test]
    fn no_text_makes_the_compiler_panic(source in "[a-z(){}\\[\\]'\"!?:.,&|=<>+*/ 0-9-]{0,60}") {
        let _ = compile(&source);
    }

    #[test]
    fn money_compares_exactly(one in -1_000_000_i64..1_000_000, two in -1_000_000_i64..1_000_000) {
        let currency = "EUR".parse().unwrap();
        let money = |minor| patchbay_core::Money { minor, currency };
        let rule = compile(&format!("at_most(answer, '{}')", money(two))).unwrap();
        let scope = Scope::from([("answer".to_owned(), Value::Money(money(one)))]);
        prop_assert_eq!(rule.holds(&scope), Ok(one <= two));
    }
}
