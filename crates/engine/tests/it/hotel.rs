//! A hotel, understood in full: cards that are corrected, things that are not there, wishes told as people tell them.

use crate::companies::{call, company, map, named, pattern, records, say, skill, slot, tool};
use crate::stage::Stage;
use insta::assert_snapshot;
use patchbay_core::Value;
use patchbay_core::declare::{Access, AddressPart, Company, Kind, Skill, Slot, SlotSource, Step, Tool};
use patchbay_core::money::Currency;
use patchbay_core::words::CallOutcome;
use patchbay_engine::builtin::Trained;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

fn address() -> Kind {
    let part = |part, usual: Option<&str>| Kind::Address { part, usual: usual.map(str::to_owned) };
    Kind::Record(named([
        ("street", part(AddressPart::Street, None)),
        ("unit", part(AddressPart::Unit, Some(""))),
        ("town", part(AddressPart::City, None)),
        ("state", part(AddressPart::Region, None)),
        ("zip", part(AddressPart::Postcode, None)),
        ("country", part(AddressPart::Country, Some("USA"))),
    ]))
}

fn euros() -> Kind {
    Kind::Money("EUR".parse::<Currency>().unwrap())
}

/// Which stay, by its number, from the conversation, or by what the stays are.
fn which() -> Slot {
    let stay = pattern("HB-?([0-9]{4})", Some("HB-$1"), "HB-1001");
    slot("stay", &stay, vec![SlotSource::Message, SlotSource::Conversation, records("stays.list", "id", None)], "which_stay")
}

fn skills() -> Vec<Skill> {
    let bill = pattern("F-?([0-9]{3})", Some("F-$1"), "F-201");
    let home = SlotSource::SameAs { fact: "guest.home".to_owned(), said: vec!["my home".to_owned(), "my usual address".to_owned()] };
    let office = SlotSource::SameAs { fact: "guest.office".to_owned(), said: vec!["my office".to_owned()] };
    let extras = slot("extras", &Kind::List(Box::new(Kind::Text)), vec![records("menu.extras", "id", None)], "which_extras");
    vec![
        skill(
            "move_stay",
            "Move a stay to another day.",
            &["move my stay to another day", "can I come on another day", "postpone my stay", "please change the date of my stay"],
            vec![which(), slot("day", &Kind::Date, vec![SlotSource::Message], "which_day")],
            vec![call("move_stay"), say("moved")],
        ),
        skill(
            "cancel_stay",
            "Cancel a stay.",
            &[
                "cancel my stay",
                "call off my stay",
                "I won't be coming, please cancel",
                "we don't need the room any more",
                "cancel the room",
            ],
            vec![which()],
            vec![call("cancel_stay"), say("cancelled")],
        ),
        skill(
            "pay_by",
            "Pay for a stay another way.",
            &[
                "pay for my stay with another card",
                "charge my other card",
                "put the stay on a different card",
                "change how I pay for the room",
            ],
            vec![which(), slot("card", &Kind::Text, vec![records("guest.cards", "id", None)], "which_card")],
            vec![call("pay_by"), say("paid_by")],
        ),
        skill(
            "pay_part",
            "Pay a part of a bill.",
            &["pay a part of my bill", "I want to pay something of my bill now", "make a part payment", "pay some of the invoice"],
            vec![slot("bill", &bill, vec![SlotSource::Message, records("bills.list", "id", None)], "which_bill"), amount()],
            vec![call("pay_part"), say("paid")],
        ),
        skill(
            "send_bags",
            "Send luggage ahead.",
            &["send my luggage ahead", "have my bags brought to an address", "ship my suitcase", "my luggage should go to an address"],
            vec![which(), slot("address", &address(), vec![SlotSource::Message, home, office], "which_address")],
            vec![call("send_bags"), say("sent")],
        ),
        skill(
            "order_extras",
            "Order something to the room.",
            &["order something to my room", "bring something to the room", "I'd like room service", "put something in my room"],
            vec![which(), extras],
            vec![call("order_extras"), say("ordered")],
        ),
        skill(
            "about_stay",
            "Tell about a stay.",
            &["when is my stay", "tell me about my stay", "which room do I have", "what does my stay cost"],
            vec![which()],
            vec![call("stay"), say("about")],
        ),
        skill("person", "Talk to a person.", &["talk to a person", "a human please"], vec![], vec![Step::HandOver("asked".to_owned())]),
    ]
}

fn amount() -> Slot {
    slot("amount", &euros(), vec![SlotSource::Message], "how_much")
}

fn hotel() -> Company {
    let stay = which().kind;
    let id = [("stay", stay.clone())];
    let write = |name: &str, args: &[(&'static str, Kind)]| {
        let refuse = (name == "pay_by").then(|| "card_refused".to_owned());
        Tool { refuse, ..tool(name, "desk", Access::Write, args) }
    };
    let tools = vec![
        tool("stays", "desk", Access::Read, &[]),
        tool("stay", "desk", Access::Read, &id),
        tool("guest", "desk", Access::Read, &[]),
        tool("bills", "desk", Access::Read, &[]),
        tool("menu", "desk", Access::Read, &[]),
        write("move_stay", &[("stay", stay.clone()), ("day", Kind::Date)]),
        write("cancel_stay", &id),
        write("pay_by", &[("stay", stay.clone()), ("card", Kind::Text)]),
        write("pay_part", &[("bill", Kind::Text), ("amount", euros())]),
        write("send_bags", &[("stay", stay.clone()), ("address", address())]),
        write("order_extras", &[("stay", stay), ("extras", Kind::List(Box::new(Kind::Text)))]),
    ];
    let mut hotel = company("Harbour Hotel", tools, skills());
    let texts = [
        ("which_stay", "Which stay do you mean?"),
        ("which_day", "Which day shall it be?"),
        ("which_card", "Which of your cards shall pay?"),
        ("which_bill", "Which bill is it?"),
        ("how_much", "How much of it?"),
        ("which_address", "To which address?"),
        ("which_extras", "What shall we bring?"),
        ("moved", "Moved."),
        ("cancelled", "Cancelled."),
        ("paid_by", "It is charged there."),
        ("card_refused", "A stay is paid with one of your own cards: {{ guest.cards | list('brand') }}."),
        ("paid", "Thank you."),
        ("sent", "They are on their way."),
        ("ordered", "We bring it up."),
        ("about", "{{ stay.room }}, from {{ stay.day }}."),
    ];
    hotel.texts = named(texts.map(|(name, text)| (name, text.to_owned())));
    hotel
}

fn desk(tool: &str, args: &BTreeMap<String, Value>) -> Result<Value, CallOutcome> {
    let stay =
        |id: &'static str, room: &'static str, day: &'static str| map([("id", id.into()), ("room", room.into()), ("day", day.into())]);
    let one = |id: &'static str, brand: &'static str| map([("id", id.into()), ("brand", brand.into()), ("kind", "card".into())]);
    let named = |id: &'static str, name: &'static str| map([("id", id.into()), ("name", name.into())]);
    let place = |street: &'static str, zip: &'static str| {
        map([
            ("street", street.into()),
            ("unit", "".into()),
            ("town", "Salem".into()),
            ("state", "OR".into()),
            ("zip", zip.into()),
            ("country", "USA".into()),
        ])
    };
    let list = |records: Vec<Value>| Ok(map([("list", Value::List(records))]));
    match (tool, args.get("stay").and_then(Value::as_text)) {
        ("stays", _) => list(vec![stay("HB-1001", "Double room, sea view", "4 December"), stay("HB-1002", "Attic room", "10 December")]),
        ("stay", Some("HB-1002")) => Ok(stay("HB-1002", "Attic room", "10 December")),
        ("stay", _) => Ok(stay("HB-1001", "Double room, sea view", "4 December")),
        ("guest", _) => Ok(map([
            ("cards", Value::List(vec![one("c1", "visa"), one("c2", "mastercard")])),
            ("home", place("9 Mill Road", "97301")),
            ("office", place("400 Court Street", "97302")),
        ])),
        ("bills", _) => list(vec![named("F-201", "Restaurant"), named("F-202", "Laundry")]),
        ("menu", _) => {
            Ok(map([("extras", Value::List(vec![named("x1", "Fruit Basket"), named("x2", "Extra Pillow"), named("x3", "Baby Cot")]))]))
        }
        _ => Ok(map([])),
    }
}

fn stage() -> Stage {
    static HEARING: LazyLock<Arc<Trained>> = LazyLock::new(|| crate::hearing::full(&hotel()));
    Stage::with(hotel(), desk, HEARING.clone())
}

#[test]
fn another_day_on_the_card() {
    let day = "please change the date of my stay HB-1001 to Monday";
    assert_snapshot!(
        stage().says(day).says("no, on Tuesday").says("make it the 12th of December").says("Wednesday would be better").script()
    );
}

#[test]
fn another_amount_on_the_card() {
    assert_snapshot!(stage().says("I want to pay 20 euros of my bill F-201").says("no, 6 euros").says("no, only 15").confirms().script());
}

#[test]
fn another_card_on_the_card() {
    let pay = "charge my visa for my stay HB-1001";
    assert_snapshot!(stage().says(pay).says("the other card please").says("no, the visa").confirms().script());
}

#[test]
fn another_address_on_the_card() {
    let send = "send my luggage of HB-1001 ahead to my home";
    let elsewhere = "no, to 12 Oak Avenue, Portland, OR 97201";
    assert_snapshot!(stage().says(send).says("to my office instead").says(elsewhere).confirms().script());
}

#[test]
fn another_stay_on_the_card() {
    assert_snapshot!(stage().says("cancel my stay HB-1001").says("no, the attic room").confirms().script());
}

#[test]
fn what_is_said_early_is_kept() {
    assert_snapshot!(stage().says("I want to pay a part of my bill").says("30 euros").says("the laundry").confirms().script());
}

#[test]
fn what_was_added_is_taken_off_again() {
    let mut stage = stage();
    stage.says("please bring a fruit basket to my room, HB-1001").says("and a pillow too");
    assert_snapshot!(stage.says("please remove it again").confirms().script());
}

#[test]
fn a_card_that_is_not_there() {
    let mut stage = stage();
    stage.says("please pay for my stay HB-1001 with Klarna, since I have cut up the visa");
    assert_snapshot!(stage.says("Klarna, nothing else").says("It is Klarna or I won't come.").script());
}

#[test]
fn a_card_that_is_not_there_and_one_that_is() {
    assert_snapshot!(stage().says("please pay for my stay HB-1001 with Amex").says("all right, the mastercard then").confirms().script());
}

#[test]
fn what_is_told_for_a_reason_is_not_meant() {
    assert_snapshot!(stage().says("please pay for my stay HB-1001 with the mastercard, because the visa is lost").confirms().script());
}

#[test]
fn small_talk_beside_a_wish() {
    assert_snapshot!(stage().says("hi, how are you? cancel HB-1002").script());
}

#[test]
fn an_announcement_is_no_wish() {
    let two = "Two things please: cancel my stay HB-1002. And move HB-1001 to Friday.";
    assert_snapshot!(stage().says(two).confirms().confirms().script());
}

#[test]
fn two_records_under_their_numbers() {
    let two = "HB-1001: move it to Friday, and charge my mastercard. HB-1002: cancel the room.";
    assert_snapshot!(stage().says(two).confirms().confirms().confirms().script());
}

#[test]
fn wishes_without_words_that_request() {
    let both = "Please move my stay HB-1001 to Friday. My luggage is best sent to 12 Oak Avenue, Portland, OR 97201.";
    assert_snapshot!(stage().says(both).confirms().confirms().script());
}

#[test]
fn a_wish_after_one_that_was_done() {
    let mut stage = stage();
    stage.says("cancel my stay HB-1002").confirms();
    assert_snapshot!(stage.says("also dont need the double room any longer, cancel that").script());
}
