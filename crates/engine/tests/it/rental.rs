//! A tool rental: what was rented is given back early, extended or cancelled. Repair and several wishes, told as people tell them.

use crate::companies::{call, company, map, named, one_of, pattern, records, say, skill, slot, tool};
use crate::stage::Stage;
use insta::assert_snapshot;
use patchbay_core::Value;
use patchbay_core::declare::{Access, Company, Kind, Slot, SlotSource, Step};
use patchbay_core::words::CallOutcome;
use std::collections::BTreeMap;

fn rental_company() -> Company {
    let rental = pattern("R-?([0-9]{4})", Some("R-$1"), "R-2001");
    let reason = one_of(&[("weather", &["rain", "weather", "storm"]), ("done", &["finished", "no longer needed", "do not need"])]);
    let list = Kind::List(Box::new(Kind::Text));
    let id = [("rental", rental.clone())];
    let from = |only| vec![SlotSource::Message, SlotSource::Conversation, records("rentals.list", "id", only)];
    let which = |only| slot("rental", &rental, from(only), "which_rental");
    let collect = Slot { from: vec![records("rental_things.things", "id", None)], ..slot("things", &list, Vec::new(), "which_things") };
    let tools = vec![
        tool("rentals", "depot", Access::Read, &[]),
        tool("rental_things", "depot", Access::Read, &id),
        tool("collect", "depot", Access::Write, &[("rental", rental.clone()), ("things", list)]),
        tool("extend", "depot", Access::Write, &[("rental", rental.clone()), ("day", Kind::Date)]),
        tool("cancel", "depot", Access::Write, &[("rental", rental.clone()), ("reason", reason.clone())]),
    ];
    let skills = vec![
        skill(
            "status",
            "Tell about a rental.",
            &["where is my rental", "what is in my rental", "status of my rental", "when does my rental come"],
            vec![which(None)],
            vec![call("rental_things"), say("about")],
        ),
        skill(
            "pick_up",
            "Have rented things collected early.",
            &["collect something", "pick up my things early", "please collect it", "have the rented things collected"],
            vec![which(Some("record.state == 'out'")), collect],
            vec![call("collect"), say("collected")],
        ),
        skill(
            "longer",
            "Keep a rental for longer.",
            &["extend my rental", "i want to extend it", "extend it to another day"],
            vec![which(None), slot("day", &Kind::Date, vec![SlotSource::Message], "which_day")],
            vec![call("extend"), say("extended")],
        ),
        skill(
            "cancel_rental",
            "Cancel a rental.",
            &["cancel my rental", "please cancel it", "call off my rental"],
            vec![which(Some("record.state == 'booked'")), slot("reason", &reason, vec![SlotSource::Message], "why")],
            vec![call("cancel"), say("cancelled")],
        ),
        skill("person", "Talk to a person.", &["talk to a person", "human"], vec![], vec![Step::HandOver("asked_for_human".to_owned())]),
    ];
    let mut rental = company("Hillside Rental", tools, skills);
    rental.texts = named([
        ("about", "Rental {{ rental }} holds {{ rental_things.things | list('title') }}.".to_owned()),
        ("which_rental", "Which rental do you mean?".to_owned()),
        ("which_things", "Which things of it?".to_owned()),
        ("which_day", "Until which day?".to_owned()),
        ("why", "May I ask why: the weather, or are you done?".to_owned()),
        ("collected", "We collect them tomorrow.".to_owned()),
        ("extended", "Rental {{ rental }} is extended.".to_owned()),
        ("cancelled", "Rental {{ rental }} is cancelled.".to_owned()),
    ]);
    rental
}

fn things(id: &str) -> Option<Vec<(&'static str, &'static str)>> {
    match id {
        "R-2001" => Some(vec![("t1", "Cement Mixer"), ("t2", "Tile Saw"), ("t3", "Garden Hose"), ("t4", "Work Lamp")]),
        "R-2002" => Some(vec![("t5", "Party Tent"), ("t6", "Folding Table")]),
        "R-2003" => Some(vec![("t7", "Wood Chipper")]),
        _ => None,
    }
}

fn listed(id: &str) -> Value {
    let thing = |(id, title): (&'static str, &'static str)| map([("id", id.into()), ("title", title.into())]);
    Value::List(things(id).unwrap_or_default().into_iter().map(thing).collect())
}

fn depot(tool: &str, args: &BTreeMap<String, Value>) -> Result<Value, CallOutcome> {
    let id = args.get("rental").and_then(Value::as_text).unwrap_or_default();
    match tool {
        "rentals" => {
            let rental = |id: &'static str, state: &'static str| map([("id", id.into()), ("state", state.into()), ("things", listed(id))]);
            Ok(map([("list", Value::List(vec![rental("R-2001", "out"), rental("R-2002", "booked"), rental("R-2003", "booked")]))]))
        }
        "rental_things" if things(id).is_some() => Ok(map([("things", listed(id)), ("driver", "Ana Diaz".into())])),
        "collect" | "extend" | "cancel" if things(id).is_some() => Ok(map([])),
        _ => Err(CallOutcome::NotFound),
    }
}

fn stage() -> Stage {
    Stage::new(rental_company(), depot)
}

#[test]
fn a_list_gets_longer_after_the_proposal() {
    assert_snapshot!(
        stage().says("please collect the mixer from R-2001").refuses().says("ah, and the hose too please, forgot that").confirms().script()
    );
}

#[test]
fn a_list_gets_longer_while_it_is_proposed() {
    assert_snapshot!(stage().says("please collect the mixer from R-2001").says("also the lamp").confirms().script());
}

#[test]
fn what_was_done_is_not_done_again() {
    assert_snapshot!(
        stage()
            .says("please collect the mixer from R-2001")
            .confirms()
            .says("and the tile saw as well")
            .confirms()
            .says("please collect the tile saw")
            .script()
    );
}

#[test]
fn a_story_with_what_stays() {
    let story = "The mixer doesn't fit through the gate. Please collect it, plus the saw. The lamp is fine.";
    assert_snapshot!(stage().says(story).script());
}

#[test]
fn what_is_only_told_is_not_meant() {
    assert_snapshot!(stage().says("Please collect the mixer. It came with a saw, a hose and a lamp, those I like.").script());
}

#[test]
fn a_reason_tells_which_the_next_wish_is_about() {
    let both = "Please collect the mixer from R-2001. And R-2003 I no longer need, so please cancel it.";
    assert_snapshot!(stage().says(both).confirms().confirms().script());
}

#[test]
fn the_same_for_another_in_the_next_sentence() {
    assert_snapshot!(stage().says("Please cancel my rental R-2002, the weather is bad. R-2003 as well.").confirms().confirms().script());
}

#[test]
fn one_answer_for_two_wishes() {
    let mut stage = stage();
    stage.says("Please extend my rental to another day. Then cancel my rental, I am finished.");
    assert_snapshot!(stage.says("R-2001 to extend, R-2003 to cancel").says("next Friday").confirms().confirms().script());
}

#[test]
fn only_if_it_is_not_possible() {
    let wish = "Please extend my rental R-2002 to 27 November. If that is not possible, cancel it, the weather is bad.";
    let mut possible = stage();
    possible.says(wish).confirms();
    let mut refused = stage();
    refused.refusing.insert("extend", "It is reserved from the 26th on.");
    refused.says(wish).confirms();
    assert_snapshot!(format!("{}\n{}", possible.script(), refused.script()));
}

#[test]
fn whoever_insists_is_answered_by_the_same_rule() {
    let mut stage = stage();
    stage.refusing.insert("cancel", "It is on its way already, so it cannot be cancelled. You can have it collected.");
    assert_snapshot!(
        stage.says("cancel my rental R-2002, rain").says("Come on, it is only a tent.").says("where is my rental R-2003?").script()
    );
}

#[test]
fn a_wish_is_taken_back() {
    assert_snapshot!(stage().says("cancel my rental R-2002").says("no, leave it as it is").says("cancel my rental R-2003, rain").script());
}

#[test]
fn a_proposal_is_taken_back_in_words() {
    assert_snapshot!(stage().says("cancel my rental R-2002, rain").says("no wait, keep it, the forecast has changed").script());
}

#[test]
fn another_wish_instead() {
    assert_snapshot!(stage().says("cancel my rental R-2002, rain").says("no, extend it to 27 November instead").confirms().script());
}

#[test]
fn a_question_in_between() {
    assert_snapshot!(
        stage()
            .says("cancel my rental R-2003")
            .says("what is in my rental R-2002?")
            .says("rain")
            .says("what did you say?")
            .confirms()
            .script()
    );
}

#[test]
fn something_unclear_beside_a_wish_is_not_lost() {
    assert_snapshot!(stage().says("Please cancel my rental R-2002, it will rain. Could you paint R-2003 in blue?").confirms().script());
}

#[test]
fn two_of_them_by_what_they_hold() {
    assert_snapshot!(stage().says("cancel my rental with the tent and the one with the wood chipper, rain").confirms().confirms().script());
}

#[test]
fn another_field_of_the_same_record() {
    assert_snapshot!(stage().says("where is my rental R-2002").says("and who is the driver?").script());
}

/// The things proposed to be collected in the end, or the slot that is asked for.
fn collected(company: Company, said: &[&str]) -> String {
    let mut customer = Stage::new(company, depot);
    for text in said {
        customer.says(text);
    }
    let script = customer.script();
    let last = script.lines().rev().find(|line| line.starts_with("! ") || line.starts_with("? ")).unwrap_or(script);
    match last.strip_prefix("? [") {
        Some(question) => format!("asks {}", question.split(' ').next().unwrap_or_default()),
        None => last.split("things=[").nth(1).and_then(|rest| rest.split(']').next()).unwrap_or(last).to_owned(),
    }
}

/// The rental whose drivers come only once: it asks whether a list is complete.
fn comes_once() -> Company {
    let mut rental = rental_company();
    let skill = rental.skills.get_mut("pick_up").unwrap();
    skill.slots.iter_mut().filter(|slot| slot.name == "things").for_each(|slot| slot.more = Some("more".to_owned()));
    rental.texts.insert("more".to_owned(), "Is that all?".to_owned());
    rental
}

#[test]
fn what_is_said_to_is_that_all_is_added_to_the_list() {
    let mixer = "please collect the mixer from R-2001";
    let dialogues: [(&[&str], &str); 16] = [
        (&[mixer, "no, that is all"], "t1"),
        (&[mixer, "yes, the lamp too"], "t1,t4"),
        (&[mixer, "the hose and the saw"], "t1,t2,t3"),
        (&[mixer, "the mixer"], "t1"),
        (&[mixer, "the mixer, the lamp"], "t1,t4"),
        (&[mixer, "everything"], "t1,t2,t3,t4"),
        // What belongs to another rental, or to none, is no part of this one, and keeps nothing else out.
        (&[mixer, "the mixer, the lamp, the party tent"], "t1,t4"),
        (&[mixer, "the folding table and the chipper"], "t1"),
        (&[mixer, "the lamp, the sofa and my scarf"], "t1,t4"),
        // What was said to stay, stays, unless it is asked for by itself.
        (&["please collect the mixer from R-2001, the lamp is fine", "the mixer, the lamp, the hose"], "t1,t3"),
        (&["please collect the mixer from R-2001, keep the lamp here", "the lamp after all"], "t1,t4"),
        (&[mixer, "the hose, not the lamp"], "t1,t3"),
        (&["please collect something from R-2001", "the mixer, the party tent", "that is all"], "t1"),
        (&["please collect something from R-2001", "the saw and the sofa", "the lamp as well"], "t2,t4"),
        // A complaint is no word for what stays.
        (&["I am not happy with the mixer and the lamp from R-2001, please collect them", "no"], "t1,t4"),
        (&["the saw from R-2001 is not good, please collect it", "no"], "t2"),
    ];
    let wrong = dialogues.iter().map(|(said, wanted)| (said, wanted, collected(comes_once(), said)));
    let wrong: Vec<String> = wrong
        .filter(|(_, wanted, got)| **wanted != got.as_str())
        .map(|(said, wanted, got)| format!("{said:?}: {got}, not {wanted}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
