//! A telephone company, understood in full: data used, a lost card, a technician, an address.

use crate::companies::{call, company, map, named, one_of, pattern, records, say, skill, slot, tool, topic};
use crate::stage::Stage;
use insta::assert_snapshot;
use patchbay_core::Value;
use patchbay_core::declare::{Access, Company, Condition, Kind, SlotSource, Step};
use patchbay_core::words::CallOutcome;
use patchbay_engine::builtin::Trained;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

fn telecom() -> Company {
    let number = pattern("07[0-9]{3} ?[0-9]{3}", None, "07123 456");
    let line = [("line", number.clone())];
    let zip = pattern("[A-Z]{2}[0-9]{3}", None, "NS104");
    let address =
        Kind::Record([("street".to_owned(), Kind::Text), ("zip".to_owned(), zip.clone()), ("city".to_owned(), Kind::Text)].into());
    let why = one_of(&[("lost", &["lost", "left it on the bus"]), ("stolen", &["stolen", "somebody took it"])]);
    let own = || vec![SlotSource::Message, SlotSource::Conversation, records("lines.lines", "number", None)];
    let tools = vec![
        tool("lines", "crm", Access::Read, &[]),
        tool("usage", "network", Access::Read, &line),
        tool("block_card", "network", Access::Write, &[("line", number.clone()), ("why", why.clone())]),
        tool("book_technician", "field", Access::Write, &[("at", Kind::Time), ("note", Kind::Text)]),
        tool("change_address", "crm", Access::Write, &[("address", address.clone())]),
    ];
    let message = || vec![SlotSource::Message];
    let skills = vec![
        skill(
            "data_left",
            "Say how much data is left on a line.",
            &["how much data do i have left", "what is left of my allowance", "have i used up my gigabytes", "data usage this month"],
            vec![slot("line", &number, own(), "which_line")],
            vec![
                call("usage"),
                Step::If {
                    when: Condition::When("usage.left_gb == 0.0".to_owned()),
                    then: vec![say("nothing_left")],
                    otherwise: vec![say("data_left")],
                },
            ],
        ),
        skill(
            "block",
            "Block the card of a lost or stolen phone.",
            &["i lost my phone", "my phone was stolen", "please block my sim card", "somebody took my mobile, switch it off"],
            vec![slot("line", &number, own(), "which_line"), slot("why", &why, message(), "lost_or_stolen")],
            vec![call("block_card"), say("blocked"), Step::Skill("data_left".to_owned())],
        ),
        skill(
            "technician",
            "Send a technician.",
            &[
                "i need a technician at home",
                "send somebody to repair my line",
                "the router is broken, can someone come",
                "book a repair visit",
            ],
            vec![slot("at", &Kind::Time, message(), "when"), slot("note", &Kind::Text, message(), "what_is_wrong")],
            vec![call("book_technician")],
        ),
        skill(
            "move_house",
            "Change your address.",
            &["i am moving house", "change my address", "i have a new address", "update where i live"],
            vec![slot("address", &address, message(), "which_address")],
            vec![call("change_address"), say("moved")],
        ),
    ];
    let mut telecom = company("Fjord Mobile", tools, skills);
    telecom.topics = named([(
        "politics",
        topic(&["what do you think of the minister", "who should i vote for", "your opinion on the war"], "no_opinion"),
    )]);
    telecom.texts = named([
        ("data_left", "{{ usage.left_gb }} GB are left on {{ usage.number }}.".to_owned()),
        ("nothing_left", "Nothing is left on {{ usage.number }} this month.".to_owned()),
        ("which_line", "Which of your lines?".to_owned()),
        ("lost_or_stolen", "Was it lost, or stolen?".to_owned()),
        ("blocked", "The card of {{ line }} is blocked.".to_owned()),
        ("when", "When should the technician come?".to_owned()),
        ("what_is_wrong", "What is wrong?".to_owned()),
        ("which_address", "What is the new address?".to_owned()),
        ("moved", "Your address is {{ address.street }}, {{ address.city }} now.".to_owned()),
        ("no_opinion", "I'd rather talk about phones.".to_owned()),
    ]);
    telecom
}

fn network(tool: &str, args: &BTreeMap<String, Value>) -> Result<Value, CallOutcome> {
    let line = |number: &str, owner: &str, plan: &str| map([("number", number.into()), ("owner", owner.into()), ("plan", plan.into())]);
    match tool {
        "lines" => Ok(map([("lines", Value::List(vec![line("07111 222", "Anna", "Family"), line("07333 444", "Jonas", "Kids tablet")]))])),
        "usage" => {
            let left = if args["line"] == Value::text("07111 222") { "2.5" } else { "0.0" };
            Ok(map([("number", args["line"].clone()), ("left_gb", Value::Number(left.parse().unwrap()))]))
        }
        _ => Ok(map([])),
    }
}

fn stage() -> Stage {
    static HEARING: LazyLock<Arc<Trained>> = LazyLock::new(|| crate::hearing::full(&telecom()));
    Stage::with(telecom(), network, HEARING.clone())
}

#[test]
fn in_other_words() {
    assert_snapshot!(stage().says("Hello, how many gigabytes can Anna still use?").says("what about Jonas?").script());
}

#[test]
fn a_stolen_phone() {
    assert_snapshot!(stage().says("Help! Someone has stolen my phone on the train, 07111 222").confirms().script());
}

#[test]
fn other_words_for_a_record() {
    assert_snapshot!(
        stage()
            .says("I can't find my phone, please disable it")
            .says("my son's iPad")
            .says("I think it was left behind on the bus")
            .confirms()
            .script()
    );
}

#[test]
fn a_technician_and_a_free_text() {
    assert_snapshot!(
        stage()
            .says("The internet at home is dead, I need a repair man")
            .says("tomorrow at 3 pm")
            .says("no light on the router since Monday")
            .confirms()
            .script()
    );
}

#[test]
fn an_address_piece_by_piece() {
    assert_snapshot!(
        stage()
            .says("we moved, where do I put my new address?")
            .says("12 Harbour Road, Nordstad, ns104")
            .says("Nordstad")
            .says("12 Harbour Road")
            .confirms()
            .script()
    );
}

#[test]
fn out_of_scope() {
    assert_snapshot!(
        stage()
            .says("can you recommend a good pizza place")
            .says("who will win the election?")
            .says("ok then tell me what data I have left on 07333 444")
            .script()
    );
}
