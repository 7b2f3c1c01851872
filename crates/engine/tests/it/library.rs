//! A library: conditions over the day and over variables, addresses of other loans, what is undone, and free text told at once.

use crate::companies::{call, company, map, named, pattern, records, say, skill, slot, tool};
use crate::stage::Stage;
use insta::assert_snapshot;
use patchbay_core::Value;
use patchbay_core::declare::{Access, AddressPart, Company, Condition, Kind, Refusal, Skill, Slot, SlotSource, Step};
use patchbay_core::words::CallOutcome;
use std::collections::BTreeMap;

fn number() -> Kind {
    pattern("[0-9]{5}", None, "40001")
}

fn address() -> Kind {
    let part = |part| Kind::Address { part, usual: None };
    Kind::Record(named([("street", part(AddressPart::Street)), ("town", part(AddressPart::City)), ("code", part(AddressPart::Postcode))]))
}

fn which(only: Option<&str>) -> Slot {
    slot("loan", &number(), vec![SlotSource::Message, SlotSource::Conversation, records("loans.list", "id", only)], "which_loan")
}

fn refusing(skill: Skill, rules: &[(&str, &str)]) -> Skill {
    let rule = |(when, say): &(&str, &str)| Refusal { when: Condition::When((*when).to_owned()), say: (*say).to_owned() };
    Skill { refuse: rules.iter().map(rule).collect(), ..skill }
}

fn skills() -> Vec<Skill> {
    let same = SlotSource::SameAs { fact: "loans.list.goes_to".to_owned(), said: vec!["where my other loan goes".to_owned()] };
    vec![
        // A variable of a condition is called like a tool, which is not asked for that.
        refusing(
            skill(
                "renew",
                "Keep a loan longer.",
                &["renew my loan", "extend a loan", "keep it longer", "can I have it for longer"],
                vec![which(None)],
                vec![call("renew"), say("renewed")],
            ),
            &[("loans.list.exists(loan, loan.fine > 0)", "fines_first"), ("loans.closed_until >= today", "closed")],
        ),
        skill(
            "send",
            "Have a loan sent to an address.",
            &["send my loan to me", "deliver a loan to my address", "ship it to another address", "post the book to me"],
            vec![which(None), slot("address", &address(), vec![SlotSource::Message, same], "which_address")],
            vec![call("send"), say("sent")],
        ),
        Skill {
            undone_by: Some("release".to_owned()),
            ..skill(
                "reserve",
                "Reserve a title.",
                &["reserve a title", "put a title on hold for me", "I want to reserve a book"],
                vec![slot("title", &pattern("T-[0-9]+", None, "T-7"), vec![SlotSource::Message], "which_title")],
                vec![call("reserve"), say("reserved")],
            )
        },
        skill(
            "release",
            "Give up a reservation.",
            &["give up my reservation", "I do not need the title any more", "release a reserved title"],
            vec![slot("title", &pattern("T-[0-9]+", None, "T-7"), vec![SlotSource::Message], "which_title")],
            vec![call("release"), say("released")],
        ),
        skill(
            "suggest",
            "Leave a message for the librarian.",
            &["leave a message", "tell the librarian something", "write a message to the librarian", "buy the new crime novel"],
            vec![slot("message", &Kind::Text, vec![SlotSource::Message], "which_message")],
            vec![call("suggest"), say("suggested")],
        ),
        skill(
            "person",
            "Talk to a person.",
            &["I want a person", "talk to a human"],
            vec![],
            vec![Step::HandOver("asked_for_human".to_owned())],
        ),
    ]
}

fn library() -> Company {
    let title = pattern("T-[0-9]+", None, "T-7");
    let tools = vec![
        tool("loans", "desk", Access::Read, &[]),
        tool("loan", "desk", Access::Read, &[("loan", number())]),
        tool("renew", "desk", Access::Write, &[("loan", number())]),
        tool("send", "desk", Access::Write, &[("loan", number()), ("address", address())]),
        tool("reserve", "desk", Access::Write, &[("title", title.clone())]),
        tool("release", "desk", Access::Write, &[("title", title)]),
        tool("suggest", "desk", Access::Write, &[("message", Kind::Text)]),
    ];
    let mut library = company("Harbour Library", tools, skills());
    let text = |text: &str| text.to_owned();
    library.texts = named([
        ("which_loan", text("Which loan?")),
        ("which_address", text("Where to?")),
        ("which_title", text("Which title?")),
        ("which_message", text("What shall I write?")),
        ("fines_first", text("There is a fine to be paid first.")),
        ("closed", text("We are closed today.")),
        ("renewed", text("Loan {{ slots.loan }} is renewed.")),
        ("sent", text("Loan {{ slots.loan }} goes to {{ slots.address.street }}.")),
        ("reserved", text("{{ slots.title }} is reserved.")),
        ("released", text("{{ slots.title }} is free again.")),
        ("suggested", text("The librarian reads: {{ slots.message }}")),
    ]);
    library
}

fn desk(tool: &str, _: &BTreeMap<String, Value>) -> Result<Value, CallOutcome> {
    let home = |street: &str, town: &str, code: &str| map([("street", street.into()), ("town", town.into()), ("code", code.into())]);
    let loan = |id: &str, title: &str, goes_to: Value| {
        map([("id", id.into()), ("title", title.into()), ("fine", Value::Number(0.into())), ("goes_to", goes_to)])
    };
    let list = vec![
        loan("40001", "Rivers of the North", home("Harbour Lane 12", "Hamburg", "20095")),
        loan("40002", "Knots", home("Mill Road 3", "Berlin", "10115")),
    ];
    match tool {
        "loans" => Ok(map([("list", Value::List(list)), ("closed_until", Value::Date("2026-11-19".parse().unwrap()))])),
        "loan" => Err(CallOutcome::Unreachable),
        _ => Ok(map([])),
    }
}

fn fined(tool: &str, args: &BTreeMap<String, Value>) -> Result<Value, CallOutcome> {
    match tool {
        "loans" => {
            let one = map([("id", "40001".into()), ("title", "Knots".into()), ("fine", Value::Number(2.into()))]);
            Ok(map([("list", Value::List(vec![one])), ("closed_until", Value::Date("2026-11-19".parse().unwrap()))]))
        }
        _ => desk(tool, args),
    }
}

fn closed(tool: &str, args: &BTreeMap<String, Value>) -> Result<Value, CallOutcome> {
    match desk(tool, args)? {
        Value::Map(mut facts) if tool == "loans" => {
            facts.insert("closed_until".to_owned(), Value::Date("2026-11-20".parse().unwrap()));
            Ok(Value::Map(facts))
        }
        facts => Ok(facts),
    }
}

#[test]
fn a_variable_hides_the_tool_of_its_name() {
    // The tool `loan` cannot be reached, and is not asked.
    let mut stage = Stage::new(library(), desk);
    stage.says("please renew 40002").confirms();
    assert_snapshot!(stage.script());
    let mut stage = Stage::new(library(), fined);
    assert!(stage.says("renew my loan").script().contains("[refused] There is a fine"), "{}", stage.script());
}

#[test]
fn conditions_know_the_day_where_the_company_is() {
    let mut stage = Stage::new(library(), closed);
    assert!(stage.says("renew 40001").script().contains("[refused] We are closed today."), "{}", stage.script());
    // In Auckland it is the day after.
    let mut stage = Stage::new(Company { zone: "Pacific/Auckland".to_owned(), ..library() }, closed);
    assert!(stage.says("renew 40001").script().contains("! renew (loan=40001)"), "{}", stage.script());
}

#[test]
fn the_address_of_another_record() {
    for said in [
        "send 40001 to the same address as loan 40002",
        "please deliver my loan 40001 to the same place as 40002",
        "ship 40001 to another address, where my other loan goes",
        "post 40001 to the address of loan 40002",
    ] {
        let mut stage = Stage::new(library(), desk);
        let script = stage.says(said).script();
        assert!(script.contains("! send (address={code:10115,street:Mill Road 3,town:Berlin}, loan=40001)"), "{said}\n{script}");
        assert_eq!(script.matches("! send").count(), 1, "{said}\n{script}");
    }
    // What is not among the customer's own records is nowhere.
    let mut stage = Stage::new(library(), desk);
    assert!(stage.says("send 40001 to the same address as loan 40009").script().contains("? [address record]"), "{}", stage.script());
}

#[test]
fn an_address_in_any_order_and_no_record_in_its_numbers() {
    for said in [
        "send 40002 to Lindenweg 12, 10117 Berlin",
        "please send 40002 to 10117 Berlin, Lindenweg 12",
        "deliver 40002 to my address: lindenweg 12, 10117 berlin",
        "ship loan 40002 to Lindenweg 12, Berlin, zip 10117",
    ] {
        let mut stage = Stage::new(library(), desk);
        let script = stage.says(said).script().to_lowercase();
        assert!(script.contains("! send (address={code:10117,street:lindenweg 12,town:berlin}, loan=40002)"), "{said}\n{script}");
    }
    let mut stage = Stage::new(library(), desk);
    stage.says("renew my loan, my postcode is 10115, not in the fourth floor");
    assert!(!stage.script().contains("loan=10115"), "{}", stage.script());
}

#[test]
fn what_was_done_is_undone_as_the_company_declares() {
    for said in ["oh no, undo that please", "sorry, that was a mistake", "remove it again", "please take it back"] {
        let mut stage = Stage::new(library(), desk);
        stage.says("reserve T-7 for me").confirms().says(said);
        assert!(stage.script().ends_with("! release (title=T-7)\n"), "{said}\n{}", stage.script());
    }
    let mut stage = Stage::new(library(), desk);
    stage.says("please renew 40002").confirms().says("put it back").says("then renew 40001 too");
    assert_snapshot!(stage.script());
}

#[test]
fn free_text_that_was_told_at_once_is_not_asked_for_again() {
    for (said, told) in [
        ("leave a message: the lift is out of order", "the lift is out of order"),
        ("please tell the librarian to order more poetry!", "order more poetry"),
        ("write a message to the librarian that says “thank you all”", "thank you all"),
        ("buy the second volume of the sea stories please", "buy the second volume of the sea stories"),
    ] {
        let mut stage = Stage::new(library(), desk);
        let script = stage.says(said).script();
        assert!(script.contains(&format!("! suggest (message={told})")), "{said}\n{script}");
    }
    for said in ["leave a message", "can you tell the librarian something?", "I want to write a message to the librarian please"] {
        let mut stage = Stage::new(library(), desk);
        assert!(stage.says(said).script().contains("? [message text]"), "{said}\n{}", stage.script());
    }
}
