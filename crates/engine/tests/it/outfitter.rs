//! An outfitter: things of a delivered order become other variants, and parcels go elsewhere.

use crate::companies::{call, company, map, named, pattern, records, say, skill, slot, tool};
use crate::stage::Stage;
use insta::assert_snapshot;
use patchbay_core::Value;
use patchbay_core::declare::{Access, AddressPart, Company, Condition, Kind, Otherwise, Refusal, Slot, SlotSource, Step, Tool};
use patchbay_core::money::Money;
use patchbay_core::words::CallOutcome;
use std::collections::BTreeMap;

fn address() -> Kind {
    let part = |part, usual: Option<&str>| Kind::Address { part, usual: usual.map(str::to_owned) };
    Kind::Record(named([
        ("line1", part(AddressPart::Street, None)),
        ("line2", part(AddressPart::Unit, Some(""))),
        ("town", part(AddressPart::City, None)),
        ("state", part(AddressPart::Region, None)),
        ("zip", part(AddressPart::Postcode, None)),
        ("country", part(AddressPart::Country, Some("USA"))),
    ]))
}

fn with(step: Step, paths: &[(&str, &str)]) -> Step {
    let Step::Call { call, .. } = step else { panic!("a call") };
    Step::Call { call, with: paths.iter().map(|(arg, path)| ((*arg).to_owned(), (*path).to_owned())).collect() }
}

pub(crate) fn outfitter() -> Company {
    let order = pattern("[0-9]{6}", None, "100200");
    let id = [("order", order.clone())];
    let texts = Kind::List(Box::new(Kind::Text));
    let which =
        || slot("order", &order, vec![SlotSource::Message, SlotSource::Conversation, records("orders.list", "id", None)], "which_order");
    let ask = |say: &str, choices: &str| Otherwise::Ask { say: say.to_owned(), choices: Some(choices.to_owned()) };
    let items = Slot {
        more: Some("more".to_owned()),
        otherwise: ask("which_items", "details.items"),
        ..slot("items", &texts, vec![records("details.items", "sku", None)], "which_items")
    };
    let variants =
        records("catalogue.products.variants", "sku", Some("record.stock > 0 && within.code == item.product && record.sku != item.sku"));
    let new_items = Slot { for_each: Some("items".to_owned()), ..slot("new_items", &texts, vec![variants], "which_variant") };
    let card = slot("card", &Kind::Text, vec![records("account.cards", "id", Some("record.id != details.paid_with"))], "which_card");
    let home = SlotSource::SameAs { fact: "account.address".to_owned(), said: vec!["my usual address".to_owned()] };
    let place = slot("address", &address(), vec![SlotSource::Message, home], "which_address");
    let mut swap = skill(
        "swap",
        "Exchange something for another variant.",
        &["exchange the kayak of my order", "swap it for another colour", "i want it in another size", "make it a bigger one instead"],
        vec![which(), items, new_items],
        vec![with(call("exchange"), &[("old", "items"), ("new", "new_items")]), say("swapped")],
    );
    swap.refuse = vec![Refusal { when: Condition::When("details.state != 'delivered'".to_owned()), say: "not_delivered".to_owned() }];
    let pay = skill(
        "pay",
        "Pay another way.",
        &["pay my order with another card", "charge another card"],
        vec![which(), card],
        vec![call("charge"), say("charged")],
    );
    let redirect = skill(
        "redirect",
        "Send a parcel elsewhere.",
        &["send my parcel to another address", "deliver the parcel elsewhere"],
        vec![which(), place],
        vec![call("redirect"), say("redirected")],
    );
    let needing = |tool: Tool, need: &str| Tool { needs: vec![need.to_owned()], ..tool };
    let list = |args: &[(&'static str, Kind)], name: &str| tool(name, "shop", Access::Write, args);
    let tools = vec![
        tool("orders", "shop", Access::Read, &[]),
        tool("account", "shop", Access::Read, &[]),
        tool("details", "shop", Access::Read, &id),
        needing(tool("catalogue", "shop", Access::Read, &[]), "details"),
        list(&[("order", order.clone()), ("old", texts.clone()), ("new", texts.clone())], "exchange"),
        list(&[("order", order.clone()), ("card", Kind::Text)], "charge"),
        list(&[("order", order.clone()), ("address", address())], "redirect"),
    ];
    let mut outfitter = company("Fell & Ford", tools, vec![swap, pay, redirect]);
    let spoken = [
        ("which_order", "Which order do you mean?"),
        ("which_items", "Which things of it?"),
        ("more", "So far {{ items | length }}. Anything else?"),
        ("which_variant", "{% if no_such %}There is no such {{ item.name }}. {% endif %}What shall the {{ item.name }} become?"),
        ("which_card", "Which card?"),
        ("which_address", "To which address?"),
        ("not_delivered", "That has not arrived yet, so it cannot be exchanged."),
        ("swapped", "Exchanged."),
        ("charged", "Charged."),
        ("redirected", "Sent there."),
    ];
    outfitter.texts = spoken.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    outfitter
}

type Variant = (&'static str, &'static [(&'static str, &'static str)], &'static str, i64);

const TENTS: [Variant; 6] = [
    ("t1", &[("colour", "green"), ("room for", "2 persons"), ("floor", "none")], "100.00 EUR", 3),
    ("t2", &[("colour", "sand"), ("room for", "2 persons"), ("floor", "none")], "110.00 EUR", 3),
    ("t3", &[("colour", "sand"), ("room for", "4 persons"), ("floor", "none")], "190.00 EUR", 3),
    ("t4", &[("colour", "green"), ("room for", "4 persons"), ("floor", "none")], "180.00 EUR", 0),
    ("t5", &[("colour", "sand"), ("room for", "6 persons"), ("floor", "sewn in")], "290.00 EUR", 3),
    ("t6", &[("colour", "green"), ("room for", "2 persons"), ("floor", "sewn in")], "120.00 EUR", 3),
];

const BOOTS: [Variant; 4] = [
    ("b1", &[("size", "M"), ("lining", "wool")], "80.00 EUR", 1),
    ("b2", &[("size", "L"), ("lining", "wool")], "80.00 EUR", 1),
    ("b3", &[("size", "XL"), ("lining", "wool")], "85.00 EUR", 1),
    ("b4", &[("size", "L"), ("lining", "none")], "70.00 EUR", 1),
];

fn options(of: &Variant) -> Value {
    map(of.1.iter().map(|(name, value)| (*name, Value::text(*value))))
}

fn product(code: &'static str, variants: &[Variant]) -> Value {
    let variant = |it: &Variant| {
        let price = Value::Money(it.2.parse::<Money>().unwrap());
        map([("sku", it.0.into()), ("options", options(it)), ("price", price), ("stock", Value::Number(it.3.into()))])
    };
    map([("code", code.into()), ("variants", Value::List(variants.iter().map(variant).collect()))])
}

fn item(product: &'static str, name: &'static str, it: &Variant) -> Value {
    let price = Value::Money(it.2.parse::<Money>().unwrap());
    map([("sku", it.0.into()), ("product", product.into()), ("name", name.into()), ("options", options(it)), ("price", price)])
}

fn shop(tool: &str, args: &BTreeMap<String, Value>) -> Result<Value, CallOutcome> {
    let order = args.get("order").and_then(Value::as_text).unwrap_or("100200");
    let card = |id: &'static str, brand: &'static str| map([("id", id.into()), ("brand", brand.into())]);
    match tool {
        "orders" => Ok(map([("list", Value::List(vec![map([("id", "100200".into())]), map([("id", "100300".into())])]))])),
        "account" => Ok(map([("cards", Value::List(vec![card("c1", "visa"), card("c2", "mastercard")])), ("address", known_address())])),
        "details" => Ok(map([
            ("id", Value::text(order)),
            ("state", if order == "100300" { "packed" } else { "delivered" }.into()),
            ("paid_with", "c1".into()),
            ("items", Value::List(vec![item("tent", "Dome Tent", &TENTS[0]), item("boot", "Hiking Boots", &BOOTS[0])])),
        ])),
        "catalogue" => Ok(map([("products", Value::List(vec![product("tent", &TENTS), product("boot", &BOOTS)]))])),
        _ => Ok(map([])),
    }
}

fn known_address() -> Value {
    map([
        ("line1", "12 Elm Street".into()),
        ("line2", "Apt 4".into()),
        ("town", "Springfield".into()),
        ("state", "IL".into()),
        ("zip", "62701".into()),
        ("country", "USA".into()),
    ])
}

fn mika() -> Stage {
    Stage::new(outfitter(), shop)
}

#[test]
fn one_thing_becomes_what_was_said_and_stays_what_was_not() {
    assert_snapshot!(mika().says("exchange the tent of order 100200, sand instead of green").says("no, that is all").confirms().script());
}

#[test]
fn what_cannot_be_had_is_asked_for() {
    let mut mika = mika();
    mika.says("exchange only the tent of my order 100200 for a green one for 4 persons");
    assert_snapshot!(mika.says("then sand, still for 4").confirms().script());
}

#[test]
fn the_biggest_and_the_cheapest() {
    assert_snapshot!(
        mika()
            .says("exchange only the tent of order 100200 for the biggest")
            .confirms()
            .says("exchange only the boots of order 100200 for the cheapest ones")
            .script()
    );
}

#[test]
fn nothing_is_guessed() {
    assert_snapshot!(
        mika()
            .says("exchange something of my order 100200")
            .says("the boots")
            .says("that is all")
            .says("another size")
            .says("the last one")
            .script()
    );
}

#[test]
fn what_cannot_be_done_is_refused_before_anything_is_asked() {
    assert_snapshot!(mika().says("exchange the tent of order 100300 for a sand one").script());
}

#[test]
fn whoever_insists_hears_the_company_s_own_refusal_again() {
    assert_snapshot!(mika().says("exchange the tent of order 100300 for a sand one").says("Come on, it is only a tent.").script());
}

#[test]
fn a_proposal_is_made_anew_with_what_is_said_to_it() {
    let mut mika = mika();
    mika.says("exchange only the tent of order 100200, sand instead of green");
    assert_snapshot!(mika.says("for four persons, that one").confirms().script());
}

#[test]
fn another_product_is_refused() {
    for answer in ["a bicycle, nothing else", "bicycle"] {
        let mut mika = mika();
        mika.says("exchange only the tent of order 100200 for a bicycle").says(answer);
        let (before, after) = mika.script().split_once(&format!("\n> {answer}\n")).unwrap();
        assert!(before.contains("? [new_items choice] There is no such Dome Tent."), "{before}");
        assert!(after.contains("< [refused]") && !after.contains('!'), "{after}");
    }
}

#[test]
fn another_product_may_be_given_up_for_a_variant() {
    assert_snapshot!(mika().says("exchange only the tent of order 100200 for a bicycle").says("then sand, for two").confirms().script());
}

#[test]
fn the_card_that_pays_already_is_no_choice() {
    assert_snapshot!(mika().says("charge another card for order 100200").confirms().script());
}

#[test]
fn an_address_in_one_line() {
    assert_snapshot!(mika().says("send my parcel 100200 to another address: 9 Mill Road, Salem, OR 97301").confirms().script());
}

#[test]
fn a_known_address_by_its_street_and_by_its_name() {
    assert_snapshot!(
        mika()
            .says("send my parcel 100200 to another address, 12 Elm Street")
            .confirms()
            .says("deliver the parcel 100300 elsewhere, to my usual address")
            .script()
    );
}

#[test]
fn what_is_missing_of_an_address_is_asked_for() {
    assert_snapshot!(
        mika()
            .says("send my parcel 100200 to another address: 9 Mill Road, Salem")
            .says("9 Mill Road, Salem, OR")
            .says("97301")
            .confirms()
            .script()
    );
}
