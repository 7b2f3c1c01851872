//! A hostile mind: says anything, in any order, any number of times.

use crate::backend::ORDERS;
use crate::dice::Dice;
use patchbay_core::Value;
use patchbay_core::mind::{Draft, MindStep, Understanding};
use patchbay_core::reply::Question;
use std::collections::BTreeMap;

/// Tools there are, tools there are not, and what may not be asked for.
const TOOLS: [&str; 12] = [
    "profile",
    "order_list",
    "recent_orders",
    "order",
    "parcel",
    "where_is_it",
    "cancel_order",
    "cancel_order",
    "gift_wrap",
    "add_note",
    "poke",
    "drop_tables",
];

/// What it says to one question.
pub(crate) fn answer(dice: &mut Dice) -> Vec<MindStep> {
    let loops = dice.percent(3);
    let length = if loops { 200 } else { dice.below(5) };
    (0..length).map(|n| if loops { call(dice, n) } else { step(dice) }).collect()
}

fn step(dice: &mut Dice) -> MindStep {
    match dice.below(12) {
        0 => MindStep::Understood(Understanding { misunderstood: dice.percent(30), ..Understanding::default() }),
        1 => MindStep::Say(draft("Let me see.", None)),
        2 => MindStep::Say(draft("Order 10001 costs 12.00 EUR and is delivered on 2031-01-01.", None)),
        3 => MindStep::Ask(Question { slot: "order_id".into(), kind: "text".into(), text: "Which one?".into(), choices: Vec::new() }),
        4 if dice.percent(30) => MindStep::Decline(draft("I cannot help with that.", None)),
        5 if dice.percent(30) => MindStep::HandOver { reason: "asked_for_human".into() },
        _ => {
            let number = dice.below(6);
            call(dice, number)
        }
    }
}

fn call(dice: &mut Dice, number: usize) -> MindStep {
    let tool = dice.pick(&TOOLS).to_string();
    let mut args = BTreeMap::new();
    if !matches!(tool.as_str(), "profile" | "order_list" | "recent_orders") || dice.percent(5) {
        let order = if dice.percent(5) { "1' OR '1'='1" } else { *dice.pick(&ORDERS) };
        args.insert("order_id".to_owned(), Value::text(order));
    }
    if dice.percent(5) {
        args.insert("customer_id".to_owned(), Value::text("bob"));
    }
    MindStep::Call { wish: u32::try_from(number).unwrap(), tool, args }
}

fn draft(text: &str, template: Option<&str>) -> Draft {
    Draft { text: text.to_owned(), template: template.map(str::to_owned), facts: Vec::new(), citations: Vec::new() }
}
