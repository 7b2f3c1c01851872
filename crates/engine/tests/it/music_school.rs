//! A music school: lessons told by their time, free hours to choose from, and what is told before it is asked.

use crate::companies::{call, company, map, named, one_of, pattern, records, say, skill, slot, tool};
use crate::stage::Stage;
use insta::assert_snapshot;
use patchbay_core::Value;
use patchbay_core::declare::{Access, Company, Kind, Skill, Slot, SlotSource, Step};
use patchbay_core::words::CallOutcome;
use std::collections::BTreeMap;

fn number() -> Kind {
    pattern("L-[0-9]{3}", None, "L-101")
}

fn which(only: Option<&str>) -> Slot {
    slot("lesson_id", &number(), vec![SlotSource::Message, SlotSource::Conversation, records("lessons.list", "id", only)], "which_lesson")
}

fn skills() -> Vec<Skill> {
    let hour = || slot("hour", &Kind::Text, vec![records("free.hours", "id", None)], "which_hour");
    let booked = Some("record.state == 'booked'");
    vec![
        skill(
            "when",
            "See when a lesson is",
            &["when is my next lesson", "which lessons do I have", "at what time is the piano lesson", "tell me when I have to come"],
            vec![which(booked)],
            vec![call("lesson"), say("lesson_is")],
        ),
        skill(
            "drop",
            "Cancel a lesson",
            &["cancel my lesson", "I can not come to my lesson", "call off the violin lesson", "please cancel L-101"],
            vec![which(booked)],
            vec![call("drop"), say("dropped")],
        ),
        skill(
            "shift",
            "Move a lesson to another hour",
            &["move my lesson", "shift my lesson to another day", "can we have the lesson at another time", "change the hour of a lesson"],
            vec![which(booked), hour()],
            vec![call("shift"), say("shifted")],
        ),
        skill(
            "rent",
            "Rent an instrument",
            &["rent an instrument", "I would like to rent a cello", "can I borrow a flute from you", "lend me a trumpet please"],
            vec![
                slot(
                    "kind",
                    &one_of(&[("cello", &["cello"]), ("flute", &["flute"]), ("trumpet", &["trumpet"])]),
                    vec![SlotSource::Message],
                    "which_kind",
                ),
                slot("months", &Kind::Integer, vec![SlotSource::Message], "how_long"),
                slot("insured", &Kind::Bool, vec![SlotSource::Message], "is_it_insured"),
                slot("from", &Kind::Date, vec![SlotSource::Message], "from_when"),
                slot("note", &pattern("N-[0-9]+", None, "N-1"), vec![SlotSource::Message], "which_note"),
            ],
            vec![call("rent"), say("rented")],
        ),
        skill(
            "person",
            "Talk to a person",
            &["I want a person", "talk to a human"],
            vec![],
            vec![Step::HandOver("asked_for_human".to_owned())],
        ),
    ]
}

fn school() -> Company {
    let tools = vec![
        tool("lessons", "desk", Access::Read, &[]),
        tool("free", "desk", Access::Read, &[]),
        tool("lesson", "desk", Access::Read, &[("lesson_id", number())]),
        tool("drop", "desk", Access::Write, &[("lesson_id", number())]),
        tool("shift", "desk", Access::Write, &[("lesson_id", number()), ("hour", Kind::Text)]),
        tool("rent", "desk", Access::Write, &[("months", Kind::Integer), ("insured", Kind::Bool), ("from", Kind::Date)]),
    ];
    let mut school = company("Quayside Music School", tools, skills());
    school.zone = "Europe/Lisbon".to_owned();
    let text = |text: &str| text.to_owned();
    school.texts = named([
        ("which_lesson", text("Which lesson?")),
        ("which_hour", text("Which hour?")),
        ("which_kind", text("What would you like to rent?")),
        ("how_long", text("For how many months?")),
        ("is_it_insured", text("Do you have a household insurance?")),
        ("from_when", text("From which day on?")),
        ("which_note", text("What is the number of your reference?")),
        ("lesson_is", text("{{ lesson.subject }} with {{ lesson.teacher }} is on {{ lesson.at }}.")),
        ("dropped", text("{{ slots.lesson_id }} is cancelled.")),
        ("shifted", text("{{ slots.lesson_id }} is moved.")),
        ("rented", text("It is yours.")),
    ]);
    school
}

/// It is the twentieth of November, a Friday.
fn desk(tool: &str, args: &BTreeMap<String, Value>) -> Result<Value, CallOutcome> {
    let lesson = |id: &str, subject: &str, teacher: &str, at: &str, state: &str| {
        let at = Value::Time(at.parse().unwrap());
        map([("id", id.into()), ("subject", subject.into()), ("teacher", teacher.into()), ("at", at), ("state", state.into())])
    };
    let lessons = [
        lesson("L-101", "Piano", "Rui", "2026-11-24T15:00:00Z", "booked"),
        lesson("L-102", "Violin", "Ana", "2026-11-26T09:30:00Z", "booked"),
        lesson("L-103", "Piano", "Rui", "2026-12-01T15:00:00Z", "booked"),
        lesson("L-090", "Piano", "Rui", "2026-11-17T15:00:00Z", "held"),
    ];
    let hour = |id: &str, at: &str, room: &str| map([("id", id.into()), ("at", Value::Time(at.parse().unwrap())), ("room", room.into())]);
    let hours = ["2026-11-25T10:00:00Z", "2026-11-25T17:00:00Z", "2026-11-27T09:00:00Z"];
    match tool {
        "lessons" => Ok(map([("list", Value::List(lessons.to_vec()))])),
        "free" => Ok(map([("hours", Value::List(hours.iter().zip(["h1", "h2", "h3"]).map(|(at, id)| hour(id, at, "Blue")).collect()))])),
        "lesson" => lessons.iter().find(|lesson| lesson.at("id") == args.get("lesson_id")).cloned().ok_or(CallOutcome::NotFound),
        _ => Ok(Value::Map(BTreeMap::new())),
    }
}

fn stage() -> Stage {
    Stage::new(school(), desk)
}

#[test]
fn records_are_told_by_their_place_in_time() {
    assert_snapshot!(stage().says("when is my next lesson?").script());
    assert_snapshot!(stage().says("when was my last lesson").script());
    assert_snapshot!(stage().says("cancel the earliest piano lesson").refuses().script());
}

#[test]
fn records_are_told_by_their_day_and_hour() {
    assert_snapshot!(stage().says("I can not come to my lesson on Thursday").confirms().script());
    assert_snapshot!(stage().says("cancel my lesson").says("the one on the 1st of December").script());
}

#[test]
fn a_day_to_which_something_is_moved_tells_no_record_to_move() {
    assert_snapshot!(stage().says("move my violin lesson to Wednesday").says("the later one").confirms().script());
    assert_snapshot!(stage().says("shift my lesson to Thursday").script());
    assert_snapshot!(stage().says("move my lesson on Thursday to Wednesday evening").confirms().script());
}

#[test]
fn names_that_contradict_the_day_are_asked_about() {
    assert_snapshot!(stage().says("cancel the violin lesson on Tuesday").script());
}

#[test]
fn a_week_or_a_name_tells_no_record() {
    assert_snapshot!(stage().says("cancel my lesson next week").script());
    assert_snapshot!(stage().says("cancel my lesson, my last name is Silva").script());
}

#[test]
fn what_was_told_is_not_asked_again() {
    assert_snapshot!(stage().says("I would like to rent a cello for 6 months, we have no household insurance").script());
    assert_snapshot!(stage().says("I would like to rent a flute").says("3").says("well, the insurance we got in May covers it").script());
}

#[test]
fn an_earlier_answer_is_corrected_at_a_later_question() {
    assert_snapshot!(
        stage()
            .says("I would like to rent a cello for 6 months from Monday, we are insured")
            .says("sorry, from Tuesday")
            .says("N-4")
            .script()
    );
}

#[test]
fn the_name_of_what_was_offered_is_no_other_wish() {
    assert_snapshot!(stage().says("cancel my lesson").says("actually no, the violin").script());
}
