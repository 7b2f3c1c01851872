//! Skills: what the built-in mind can do for a customer, declared by examples, slots and steps.

use super::{Condition, Kind};
use serde::Serialize;
use std::collections::BTreeMap;

/// One thing a customer may want.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skill {
    /// Its name: also the intent's label.
    pub name: String,
    /// One sentence; offered as a choice when the wish is not clear.
    pub describe: String,
    /// How people ask for it. Empty for a skill that only other skills use.
    pub examples: Vec<String>,
    /// What has to be known, in the order it is asked.
    pub slots: Vec<Slot>,
    /// What cannot be done at all; looked at as soon as it can be known, before anything more is asked.
    pub refuse: Vec<Refusal>,
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// The skill by which it is undone once it was done, with the same slots (`remove_feature`, for `add_feature`).
    pub undone_by: Option<String>,
}

/// When a wish is refused, and what is said then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The condition, over slots and facts.
    pub when: Condition,
    /// The text that says why not, and what can be done instead.
    pub say: String,
}

/// One thing that has to be known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Slot {
    /// Its name; also the name of the argument it fills.
    pub name: String,
    /// What it looks like.
    pub kind: Kind,
    /// Where it may come from, first one first.
    pub from: Vec<SlotSource>,
    /// It has one value for each value of this other slot, which is a list (the new variant for each thing that is exchanged).
    pub for_each: Option<String>,
    /// The text that asks once whether that is all, where a list is chosen from records and more of them could be meant.
    pub more: Option<String>,
    /// What happens when it comes from nowhere.
    pub otherwise: Otherwise,
}

/// Where a slot's value may come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotSource {
    /// The customer's present words.
    Message,
    /// What was known earlier in the conversation.
    Conversation,
    /// The customer's own records (a list fact): when there is only one, it is that one; when the words describe one, that one.
    OneOf {
        /// The list fact (`recent_orders.orders`), or a list in each record of one (`catalogue.products.variants`).
        records: String,
        /// The record's field that is the slot's value.
        take: String,
        /// Only records for which this holds come into question.
        only: Condition,
    },
    /// A fact, or the same field of each record of a list: it is the value when the words say so, or when they name a part of it
    /// (a street the customer is known to live in).
    SameAs {
        /// The fact (`profile.address`), or a field of a list's records (`orders.orders.address`).
        fact: String,
        /// How people say that they mean it.
        said: Vec<String>,
    },
}

/// What happens when a slot's value comes from nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Otherwise {
    /// Ask the customer.
    Ask {
        /// The text of the question.
        say: String,
        /// A list fact whose records are offered as choices.
        choices: Option<String>,
    },
    /// Go on without it.
    LeaveOut,
}

/// One step of a skill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Use a tool or a composition. Arguments are the slots of the same names unless given here (argument → fact or slot path).
    Call {
        /// The tool or composition.
        call: String,
        /// Arguments taken from elsewhere.
        with: BTreeMap<String, String>,
    },
    /// Say a text.
    Say(String),
    /// Hand over to a person for this reason.
    HandOver(String),
    /// Do one thing or another.
    If {
        /// The condition, over slots and facts.
        when: Condition,
        /// When it holds.
        then: Vec<Step>,
        /// Otherwise.
        otherwise: Vec<Step>,
    },
    /// Do another skill's steps with its slots, then come back.
    Skill(String),
}
