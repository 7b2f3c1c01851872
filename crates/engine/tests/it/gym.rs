//! A gym: bookings that are asked about, moved and cancelled.

use crate::companies::{call, company, composition, map, named, one_of, pattern, records, say, shared, skill, slot, tool, topic};
use crate::stage::Stage;
use insta::assert_snapshot;
use patchbay_core::Value;
use patchbay_core::declare::{Access, Company, Kind, SlotSource, Step};
use patchbay_core::words::{CallOutcome, Level};
use std::collections::BTreeMap;

pub(crate) fn gym() -> Company {
    let booking = pattern("#?B?([0-9]{4})", Some("#B$1"), "#B1041");
    let reason = one_of(&[("ill", &["i am ill", "sick", "injured"]), ("no_time", &["no time", "cannot make it", "busy"])]);
    let id = [("booking", booking.clone())];
    let from = |only| vec![SlotSource::Message, SlotSource::Conversation, records("bookings.list", "id", only)];
    let tools = vec![
        tool("bookings", "calendar", Access::Read, &[]),
        patchbay_core::declare::Tool { select: shared("trainer", "class.trainer"), ..tool("details", "calendar", Access::Read, &id) },
        patchbay_core::declare::Tool { select: shared("who", "class.trainer"), ..tool("staffing", "staff", Access::Read, &id) },
        tool("cancel_booking", "calendar", Access::Write, &[("booking", booking.clone()), ("reason", reason.clone())]),
        tool("move_booking", "calendar", Access::Write, &[("booking", booking.clone()), ("day", Kind::Date)]),
    ];
    let skills = vec![
        skill(
            "when_is_it",
            "Say when a class is and who gives it.",
            &["when is my class", "what time is my booking", "who gives my class", "tell me about my booking"],
            vec![slot("booking", &booking, from(None), "which_booking")],
            vec![call("whole_class"), say("class_when")],
        ),
        skill(
            "cancel",
            "Cancel a booking.",
            &["cancel my booking", "cancel my class", "i can not come to my class", "take me off the list"],
            vec![
                slot("booking", &booking, from(Some("record.state == 'booked'")), "which_booking"),
                slot("reason", &reason, vec![SlotSource::Message], "why"),
            ],
            vec![call("cancel_booking"), say("cancelled")],
        ),
        skill(
            "move",
            "Move a booking to another day.",
            &["move my booking to another day", "change the day of my class", "reschedule my class"],
            vec![slot("booking", &booking, from(None), "which_booking"), slot("day", &Kind::Date, vec![SlotSource::Message], "which_day")],
            vec![call("move_booking"), say("moved")],
        ),
        skill(
            "person",
            "Talk to a person.",
            &["talk to a person", "i want a human", "agent"],
            vec![],
            vec![Step::HandOver("asked_for_human".to_owned())],
        ),
    ];
    let mut gym = company("Northside Gym", tools, skills);
    gym.compositions = named([("whole_class", composition("whole_class", &["details", "staffing"], &["details"]))]);
    gym.topics = named([("medical", topic(&["is this exercise safe with my knee", "should i train with a fever"], "not_medical"))]);
    gym.texts = named([
        (
            "class_when",
            "{{ details.title }} is on {{ details.day | date }}{% if class.trainer %}, with {{ class.trainer }}{% endif %}.".to_owned(),
        ),
        ("which_booking", "Which booking do you mean?".to_owned()),
        ("which_day", "To which day?".to_owned()),
        ("why", "May I ask why: are you ill, or is there no time?".to_owned()),
        ("cancelled", "Booking {{ booking }} is cancelled.".to_owned()),
        ("moved", "Done: it is on {{ day | date }} now.".to_owned()),
        ("not_medical", "That is one for your doctor. I can help with bookings.".to_owned()),
    ]);
    gym
}

fn class(id: &'static str) -> Option<(&'static str, &'static str, &'static str, &'static str)> {
    let classes = [
        ("#B1041", "Yoga for beginners", "2026-11-23", "booked"),
        ("#B1066", "Spinning", "2026-11-24", "booked"),
        ("#B1077", "Boxing", "2026-11-12", "attended"),
    ];
    classes.into_iter().find(|(known, ..)| known.ends_with(id.trim_start_matches(['#', 'B', 'b'])))
}

fn list(ids: &[&'static str]) -> Value {
    let record = |id: &&'static str| {
        let (id, title, day, state) = class(id).unwrap();
        map([("id", id.into()), ("title", title.into()), ("day", Value::Date(day.parse().unwrap())), ("state", state.into())])
    };
    map([("list", Value::List(ids.iter().map(record).collect()))])
}

pub(crate) fn calendar(tool: &str, args: &BTreeMap<String, Value>) -> Result<Value, CallOutcome> {
    let id = args.get("booking").and_then(Value::as_text).map(|id| id.to_owned().leak() as &'static str);
    match (tool, id.and_then(class)) {
        ("bookings", _) => Ok(list(&["1041", "1066", "1077"])),
        ("details", Some((id, title, day, _))) => {
            Ok(map([("id", id.into()), ("title", title.into()), ("day", Value::Date(day.parse().unwrap())), ("trainer", "Ines".into())]))
        }
        ("staffing", Some(_)) => Ok(map([("who", "Ines".into())])),
        ("cancel_booking" | "move_booking", Some(_)) => Ok(map([])),
        _ => Err(CallOutcome::NotFound),
    }
}

fn quiet(tool: &str, args: &BTreeMap<String, Value>) -> Result<Value, CallOutcome> {
    if tool == "bookings" { Ok(list(&["1066"])) } else { calendar(tool, args) }
}

fn disagreeing(tool: &str, args: &BTreeMap<String, Value>) -> Result<Value, CallOutcome> {
    if tool == "staffing" { Ok(map([("who", "Tom".into())])) } else { calendar(tool, args) }
}

fn stage() -> Stage {
    Stage::new(gym(), calendar)
}

#[test]
fn a_question_with_its_number() {
    assert_snapshot!(stage().says("Hi, when is my class b1041?").says("thanks!").script());
}

#[test]
fn a_question_about_the_only_one() {
    assert_snapshot!(Stage::new(gym(), quiet).says("when is my class").script());
}

#[test]
fn a_question_about_one_of_several() {
    assert_snapshot!(stage().says("when is my class?").picks("#B1066").says("and the yoga?").script());
}

#[test]
fn the_words_say_which_one() {
    assert_snapshot!(stage().says("when is my spinning class").says("cancel it").says("I am ill").confirms().script());
}

#[test]
fn a_cancellation_with_its_reason() {
    assert_snapshot!(stage().says("please cancel my yoga class, I'm busy").confirms().says("when is my class 1077").script());
}

#[test]
fn a_digression_and_back() {
    assert_snapshot!(
        stage().says("cancel my booking").says("oh wait, when is my class 1066?").says("the yoga one").says("no time").refuses().script()
    );
}

#[test]
fn of_an_answer_in_parts_the_one_about_the_question_counts() {
    assert_snapshot!(stage().says("cancel my booking").says("yoga is with my sister, the booking is spinning").says("no time").script());
}

#[test]
fn a_proposal_is_corrected() {
    assert_snapshot!(stage().says("cancel my booking 1041, no time").says("no, not 1041 but 1066").confirms().script());
}

#[test]
fn the_other_one() {
    assert_snapshot!(stage().says("cancel my yoga class, i am ill").says("sorry, the other one").confirms().script());
}

#[test]
fn two_of_the_same_kind() {
    assert_snapshot!(stage().says("cancel my booking 1041 and 1066, no time").confirms().confirms().script());
}

#[test]
fn two_wishes_in_one_message() {
    assert_snapshot!(stage().says("when is my class 1041? And please cancel my booking 1066, I am sick").confirms().script());
}

#[test]
fn a_day_in_words() {
    assert_snapshot!(stage().says("move my booking 1041 to another day").says("next Friday").confirms().script());
}

#[test]
fn not_understood_twice() {
    assert_snapshot!(stage().says("purple monkey dishwasher").says("blah").script());
}

#[test]
fn not_sure_which_wish() {
    assert_snapshot!(stage().says("1041, please").says("the first").script());
}

#[test]
fn small_talk_and_stopping() {
    assert_snapshot!(stage().says("hello").says("cancel my class").says("what did you say?").says("never mind").says("bye").script());
}

#[test]
fn a_topic_that_is_not_ours() {
    assert_snapshot!(stage().says("cancel my booking 1041").says("should I train with a fever?").says("i am ill").script());
}

#[test]
fn a_person() {
    assert_snapshot!(stage().says("I want a human").script());
}

#[test]
fn an_unknown_number() {
    assert_snapshot!(stage().says("when is my class 9999").says("sorry, 1066").script());
}

#[test]
fn a_backend_that_does_not_answer() {
    let mut stage = stage();
    stage.broken.insert("staffing", CallOutcome::Timeout);
    stage.says("when is my class 1041");
    stage.broken.insert("details", CallOutcome::Unreachable);
    assert_snapshot!(stage.says("when is my class 1041").script());
}

#[test]
fn a_late_backend() {
    let mut stage = stage();
    stage.slow.push("staffing");
    stage.says("when is my class 1041");
    stage.slow.push("details");
    assert_snapshot!(stage.says("when is my class 1066").script());
}

#[test]
fn two_systems_that_disagree() {
    assert_snapshot!(Stage::new(gym(), disagreeing).says("when is my class 1041").script());
}

#[test]
fn a_refusal_ends_the_wish() {
    let mut stage = stage();
    stage.refusing.insert("cancel_booking", "It starts within the hour, so I cannot cancel it.");
    assert_snapshot!(stage.says("cancel my booking 1041, no time").script());
}

#[test]
fn nobody_signed_in() {
    let mut stage = stage();
    stage.level = Level::Anonymous;
    stage.broken.insert("bookings", CallOutcome::NeedsStepUp);
    assert_snapshot!(stage.says("cancel my booking").script());
}

#[test]
fn a_follow_up_to_a_write() {
    assert_snapshot!(
        stage().says("cancel my booking 1041, I am ill").confirms().says("and 1066 as well").says("and when is my class 1077?").script()
    );
}

#[test]
fn a_story_around_the_wish() {
    let story = "My trainer told me about my class 1066 and I liked it. But my mother is visiting. Please cancel my booking, no time.";
    assert_snapshot!(stage().says(story).says("yes").script());
}
