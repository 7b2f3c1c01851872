//! A homeware shop whose things are called alike: nothing is proposed that the customer named otherwise.

use crate::companies::{call, map, pattern, records, say, skill, slot, tool};
use crate::hearing::full;
use crate::outfitter::outfitter;
use crate::stage::Stage;
use patchbay_core::Value;
use patchbay_core::declare::{Access, Company, SlotSource};
use patchbay_core::words::CallOutcome;
use std::collections::BTreeMap;

type Variant = (&'static str, &'static [(&'static str, &'static str)]);

/// Products by code and name, each with its variants; the first of each is the one that was bought.
const PRODUCTS: [(&str, &str, &[Variant]); 7] = [
    (
        "glass-vase",
        "Glass Vase",
        &[
            ("g1", &[("height", "20 cm"), ("shape", "round")]),
            ("g2", &[("height", "30 cm"), ("shape", "round")]),
            ("g3", &[("height", "30 cm"), ("shape", "square")]),
        ],
    ),
    (
        "table-vase",
        "Table Vase",
        &[
            ("v1", &[("height", "20 cm"), ("material", "clay")]),
            ("v2", &[("height", "30 cm"), ("material", "glass")]),
            ("v3", &[("height", "20 cm"), ("material", "glass")]),
            ("v4", &[("height", "30 cm"), ("material", "clay")]),
        ],
    ),
    (
        "radio",
        "Bluetooth Radio",
        &[
            ("r1", &[("battery", "10 hours"), ("colour", "red")]),
            ("r2", &[("battery", "20 hours"), ("colour", "red")]),
            ("r3", &[("battery", "20 hours"), ("colour", "blue")]),
            ("r4", &[("battery", "10 hours"), ("colour", "blue")]),
        ],
    ),
    ("curtain", "Curtain", &[("c1", &[("colour", "silver")]), ("c2", &[("colour", "blue")]), ("c3", &[("colour", "white")])]),
    ("puzzle", "Jigsaw Puzzle", &[("j1", &[("theme", "animals")]), ("j2", &[("theme", "art")]), ("j3", &[("theme", "trains")])]),
    (
        "tray",
        "Serving Tray",
        &[
            ("t1", &[("finish", "matt"), ("material", "steel"), ("size", "small")]),
            ("t2", &[("finish", "glossy"), ("material", "steel"), ("size", "large")]),
            ("t3", &[("finish", "glossy"), ("material", "bamboo"), ("size", "large")]),
            ("t4", &[("finish", "matt"), ("material", "bamboo"), ("size", "small")]),
            ("t5", &[("finish", "matt"), ("material", "steel"), ("size", "large")]),
        ],
    ),
    ("pillow", "Pillow", &[("p1", &[("colour", "white")]), ("p2", &[("colour", "black")]), ("p3", &[("colour", "blue")])]),
];

fn options(of: &Variant) -> Value {
    map(of.1.iter().map(|(name, value)| (*name, Value::text(*value))))
}

fn product(code: &str) -> Value {
    let (code, _, variants) = PRODUCTS.iter().find(|(other, ..)| *other == code).unwrap();
    let variant = |it: &Variant| map([("sku", it.0.into()), ("options", options(it)), ("stock", Value::Number(3.into()))]);
    map([("code", (*code).into()), ("variants", Value::List(variants.iter().map(variant).collect()))])
}

fn items(order: &str) -> Value {
    let codes: &[&str] = match order {
        "100300" => &["pillow", "puzzle"],
        "100400" => &["tray"],
        _ => &["glass-vase", "table-vase", "radio", "curtain"],
    };
    let item = |code: &&str| {
        let (code, name, variants) = PRODUCTS.iter().find(|(other, ..)| other == code).unwrap();
        let bought = &variants[0];
        map([("sku", bought.0.into()), ("product", (*code).into()), ("name", (*name).into()), ("options", options(bought))])
    };
    Value::List(codes.iter().map(item).collect())
}

fn shop(tool: &str, args: &BTreeMap<String, Value>) -> Result<Value, CallOutcome> {
    let order = args.get("order").and_then(Value::as_text).unwrap_or("100200");
    let listed = |id: &'static str| map([("id", id.into()), ("things", items(id))]);
    match tool {
        "orders" => Ok(map([("list", Value::List(vec![listed("100200"), listed("100300"), listed("100400")]))])),
        "details" => Ok(map([("id", Value::text(order)), ("state", "delivered".into()), ("items", items(order))])),
        "catalogue" => {
            let products = PRODUCTS.iter().map(|(code, ..)| product(code)).collect();
            Ok(map([("products", Value::List(products))]))
        }
        _ => Ok(map([])),
    }
}

/// What comes of a dialogue: the last question's slot, or the things that are to become others.
fn outcome(said: &[&str]) -> String {
    last_of(Stage::new(outfitter(), shop), said)
}

fn last_of(mut customer: Stage, said: &[&str]) -> String {
    for text in said {
        customer.says(text);
    }
    let script = customer.script();
    let last = script.lines().rev().find(|line| line.starts_with("! ") || line.starts_with("? ")).unwrap_or(script);
    let list = |name: &str| last.split(&format!("{name}=[")).nth(1).and_then(|rest| rest.split(']').next()).unwrap_or_default().to_owned();
    match last.strip_prefix("? [") {
        Some(question) => format!("asks {}", question.split(' ').next().unwrap_or_default()),
        None if last.starts_with("! exchange") => format!("{} -> {}", list("old"), list("new")),
        None => last.trim_start_matches("! ").split(' ').next().unwrap_or_default().to_owned(),
    }
}

fn each_gives(dialogues: &[(&[&str], &str)]) {
    each_of(dialogues, outcome);
}

fn each_of(dialogues: &[(&[&str], &str)], outcome: impl Fn(&[&str]) -> String) {
    let wrong: Vec<String> = dialogues
        .iter()
        .map(|(said, wanted)| (said, wanted, outcome(said)))
        .filter(|(_, wanted, got)| **wanted != got.as_str())
        .map(|(said, wanted, got)| format!("{said:?}: {got}, not {wanted}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const DONE: &str = "no, that is all";

#[test]
fn what_it_shall_become_tells_no_order_from_another() {
    each_gives(&[
        // A sofa is in neither order, and something black, blue or of glass is in both catalogues.
        (&["exchange the sofa of my order, in black"], "asks order"),
        (&["exchange the lamp of my order, i want it in white"], "asks order"),
        (&["swap the rug of my order for another colour, blue"], "asks order"),
        (&["exchange the mug of my order for an art one"], "asks order"),
        // What they are called does.
        (&["exchange the pillow of my order, make it black", DONE], "p1 -> p2"),
        (&["exchange only the pillow of my order for a blue one"], "p1 -> p3"),
        (&["exchange the curtain of my order for a white one", DONE], "c1 -> c3"),
        (&["exchange the puzzle of my order, with trains instead of animals", DONE], "j1 -> j3"),
    ]);
}

#[test]
fn the_name_of_one_thing_may_be_what_another_shall_become() {
    each_gives(&[
        (&["exchange something of order 100200: i want a 30 cm glass vase"], "asks items"),
        (&["exchange something of order 100200: i want a 30 cm glass vase", "the clay vase", DONE], "v1 -> v2"),
        (&["exchange something of order 100200: i want a glass vase, 30 cm", "the table vase", DONE], "v1 -> v2"),
        (&["exchange something of order 100200: i want a 30 cm glass vase", "the glass vase", DONE], "g1 -> g2"),
        // Whoever says that it is there means the thing of that name.
        (&["exchange the glass vase of order 100200 for a 30 cm one", DONE], "g1 -> g2"),
        (&["exchange my glass vase of order 100200, 30 cm would be better", DONE], "g1 -> g2"),
        (&["exchange the glass vase of order 100200 for a square one, 30 cm", DONE], "g1 -> g3"),
        (&["exchange the table vase of order 100200 for a glass one", DONE], "v1 -> v3"),
        (&["exchange the clay vase of order 100200 for a 30 cm one", DONE], "v1 -> v4"),
    ]);
}

#[test]
fn a_colour_is_no_short_name() {
    each_gives(&[
        (&["exchange the curtain of order 100200. i would rather have blue", DONE], "c1 -> c2"),
        (&["exchange the curtain and the radio of order 100200. the curtain in blue, the radio with 20 hours", DONE], "c1,r1 -> c2,r2"),
        (
            &["exchange two things of order 100200: the curtain is silver, blue is nicer. swap the radio too, 20 hours", DONE],
            "c1,r1 -> c2,r2",
        ),
        (&["exchange the bluetooth radio of order 100200 for a blue one", DONE], "r1 -> r4"),
        (&["exchange the radio of order 100200, blue with 20 hours", DONE], "r1 -> r3"),
    ]);
}

#[test]
fn things_of_another_order_are_no_answer() {
    let swap = "exchange the curtain of order 100200 for a blue one";
    each_gives(&[
        (&[swap, "the silver curtain, the white pillow, the animals puzzle"], "c1 -> c2"),
        (&[swap, "the curtain, the black leather sofa"], "c1 -> c2"),
        (&[swap, "the curtain and the red running shoes"], "c1 -> c2"),
        (&[swap, "the silver curtain. and the white lamp goes back"], "c1 -> c2"),
        (&[swap, "my curtain, the white shoes"], "c1 -> c2"),
        // The radio that is here is red.
        (&[swap, "the curtain, the blue radio"], "c1 -> c2"),
        (&[swap, "just that and the steel vase from elsewhere"], "c1 -> c2"),
        // What is here is added, and asked for where it is not said what it shall become.
        (&[swap, "the radio too, with 20 hours"], "c1,r1 -> c2,r2"),
        (&[swap, "the red radio in blue"], "c1,r1 -> c2,r4"),
        (&[swap, "the red radio"], "asks new_items"),
        (&[swap, "the table vase"], "asks new_items"),
        (&[swap, "the table vase in glass"], "c1,v1 -> c2,v3"),
    ]);
}

#[test]
fn what_is_named_is_described_and_not_wished_for() {
    let swap = "exchange something of order 100200";
    each_gives(&[
        (&[swap, "the red radio", DONE], "asks new_items"),
        (&[swap, "the silver curtain", DONE], "asks new_items"),
        (&[swap, "the silver curtain", DONE, "blue"], "c1 -> c2"),
        (&[swap, "the radio in blue", DONE], "r1 -> r4"),
        (&[swap, "the red radio, 20 hours", DONE], "r1 -> r2"),
        (&["exchange the radio of order 100200, 20 hours", "the red one"], "r1 -> r2"),
        (&["exchange the radio of order 100200, 20 hours", "the red bluetooth radio"], "r1 -> r2"),
        (&["exchange the table vase of order 100200 for a glass one", "the clay table vase"], "v1 -> v3"),
        (&["exchange the table vase of order 100200 for a glass one", "the clay vase, that is it"], "v1 -> v3"),
    ]);
}

#[test]
fn measures_are_heard_in_any_unit_and_none_is_passed_over() {
    each_gives(&[
        (&["exchange my glass vase of order 100200 for a round one of 300 mm", DONE], "g1 -> g2"),
        (&["exchange my table vase of order 100200: clay, 0.3 metres", DONE], "v1 -> v4"),
        (&["exchange the clay vase of order 100200, 30 centimetres", DONE], "v1 -> v4"),
        (&["exchange the radio of order 100200 for one with 1200 minutes", DONE], "r1 -> r2"),
        // No vase is so high, and no radio runs so long.
        (&["exchange the table vase of order 100200 for a glass one of 25 cm", DONE], "asks new_items"),
        (&["exchange the clay vase of order 100200, 1 metre high", DONE], "asks new_items"),
        (&["exchange the radio of order 100200: blue, 15 hours", DONE], "asks new_items"),
        (&["exchange the radio of order 100200: blue, 15 hours", DONE, "20 hours then"], "r1 -> r3"),
        // What it is measured in otherwise is no matter.
        (&["exchange the radio of order 100200, it weighs 2 kg. a blue one please", DONE], "r1 -> r4"),
    ]);
}

#[test]
fn nothing_becomes_what_it_is() {
    each_gives(&[
        (&["exchange the radio with 20 hours of order 100200, change it to a 10 hour one", DONE], "asks new_items"),
        (&["exchange the blue radio of order 100200 to a red one", DONE], "asks new_items"),
        (&["exchange the red radio of order 100200 to a blue one", DONE], "r1 -> r4"),
        (&["exchange the radio of order 100200 from 10 hours to 20 hours", DONE], "r1 -> r2"),
        (&["exchange the silver curtain of order 100200 into the white one", DONE], "c1 -> c3"),
    ]);
}

#[test]
fn what_is_described_in_several_ways_is_asked_for_where_several_are_so() {
    let swap = "exchange the tray of order 100400 for the large glossy one";
    each_gives(&[
        // Steel and bamboo are to be had.
        (&[swap], "asks new_items"),
        (&["exchange my tray of order 100400, a glossy one in large please"], "asks new_items"),
        (&[swap, "bamboo"], "t1 -> t3"),
        (&[swap, "the steel one"], "t1 -> t2"),
        (&[swap, "the first one"], "t1 -> t2"),
        (&[swap, "the second"], "t1 -> t3"),
        // The answer counts more than what was said before, also where it is as it was.
        (&[swap, "no wait, small, matt, bamboo"], "t1 -> t4"),
        // Whoever says that the rest stays, or names one thing alone, wants the rest as it is.
        (&["exchange the tray of order 100400 for the large glossy one, otherwise the same"], "t1 -> t2"),
        (&["exchange the tray of order 100400: large and glossy, everything else as before"], "t1 -> t2"),
        (&["exchange the tray of order 100400, large and glossy but still steel"], "t1 -> t2"),
        (&["exchange the tray of order 100400 for a large one"], "t1 -> t5"),
        (&["exchange the tray of order 100400, bamboo instead of steel"], "t1 -> t4"),
        // Nothing is left to ask where only one is like that.
        (&["exchange the tray of order 100400 for the large bamboo one"], "t1 -> t3"),
    ]);
}

#[test]
fn short_for_number_is_no_no() {
    each_gives(&[
        (&["exchange the curtain of order no. 100200 for a blue one", DONE], "c1 -> c2"),
        (&["exchange the pillow of no. 100300, make it black", DONE], "p1 -> p2"),
        (&["exchange the radio of order nr 100200, 20 hours", DONE], "r1 -> r2"),
        (&["please exchange the curtain of Order No.100200 for a white one", DONE], "c1 -> c3"),
        (&["exchange the puzzle of order no 100300, trains instead of animals", DONE], "j1 -> j3"),
    ]);
}

/// The shop, where orders can be cancelled as well.
fn cancelling() -> Company {
    let order = pattern("[0-9]{6}", None, "100200");
    let which =
        slot("order", &order, vec![SlotSource::Message, SlotSource::Conversation, records("orders.list", "id", None)], "which_order");
    let examples = [
        "cancel my order",
        "please cancel it",
        "call off my order",
        "i don't need it any more",
        "i do not want my order any more",
        "i no longer need it",
        "i don't need any of it",
        "i don't want it",
    ];
    let cancel = skill("cancel", "Cancel an order.", &examples, vec![which], vec![call("cancel"), say("cancelled")]);
    let mut shop = outfitter();
    shop.tools.insert("cancel".to_owned(), tool("cancel", "shop", Access::Write, &[("order", order)]));
    shop.skills.insert("cancel".to_owned(), cancel);
    shop.texts.insert("cancelled".to_owned(), "Cancelled.".to_owned());
    let more =
        ["make it the large one", "i would rather have the other size", "give me the green one instead", "take the small one instead"];
    shop.skills.get_mut("swap").unwrap().examples.extend(more.map(str::to_owned));
    shop
}

#[test]
fn whoever_turns_one_thing_down_for_another_gives_up_no_order() {
    let shop_of_mine = cancelling();
    let hearing = full(&shop_of_mine);
    let outcome = |said: &[&str]| last_of(Stage::with(shop_of_mine.clone(), shop, hearing.clone()), said);
    let dialogues: [(&[&str], &str); 11] = [
        (&["100200, my glass vase: i don't need 20 cm. make it the 30 cm one", DONE], "g1 -> g2"),
        (&["i don't want silver for the curtain in 100200. give me the blue one instead", DONE], "c1 -> c2"),
        (&["the radio in 100200: i don't need red. make it the blue one", DONE], "r1 -> r4"),
        (&["i don't need animals in the puzzle of 100300. make it the one with trains", DONE], "j1 -> j3"),
        (&["pillow in 100300: i don't want white. i would rather have the black one", DONE], "p1 -> p2"),
        // An order that is given up is given up.
        (&["i don't need order 100200 any more"], "cancel"),
        (&["i don't want my order 100300 any more. please cancel it"], "cancel"),
        (&["please cancel order 100200, i don't need it any more"], "cancel"),
        (&["i no longer need it, cancel order 100300"], "cancel"),
        (&["i don't need any of it, 100200. please cancel it"], "cancel"),
        (&["call off my order 100200, i don't want it"], "cancel"),
    ];
    each_of(&dialogues, outcome);
}

#[test]
fn what_is_told_first_hides_no_request() {
    let shop_of_mine = cancelling();
    let hearing = full(&shop_of_mine);
    let outcome = |said: &[&str]| last_of(Stage::with(shop_of_mine.clone(), shop, hearing.clone()), said);
    let dialogues: [(&[&str], &str); 8] = [
        (&["if order 100300 is still open, i would rather have the pillow in black", DONE], "p1 -> p2"),
        (&["before order 100200 leaves your house, please exchange the curtain for a blue one", DONE], "c1 -> c2"),
        (&["order 100200 is not on its way yet i hope: exchange the radio for the one with 20 hours", DONE], "r1 -> r2"),
        (&["since my order 100200 came too late, please exchange the curtain for a white one", DONE], "c1 -> c3"),
        (&["when you pack order 100300, could you exchange the pillow for a blue one", DONE], "p1 -> p3"),
        // What is told with the order that is given up changes nothing about that.
        (&["as i have moved, please cancel order 100200"], "cancel"),
        (&["if order 100300 has not left, please cancel it"], "cancel"),
        (&["order 100200 never came: please cancel it"], "cancel"),
    ];
    each_of(&dialogues, outcome);
}
