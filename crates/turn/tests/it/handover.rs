//! What a customer is told when people are there, and when they are not. The page "handing over" is the configuration.

use crate::company;
use patchbay_config::{Memory, load_from};
use patchbay_core::event::Event;
use patchbay_core::{Timestamp, Value};
use patchbay_turn::{Cause, Effect, House, Lately, Opening, Standing, Turn, Waiting};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The corner shop with the queues and texts of the documentation.
fn house() -> Arc<House> {
    let page = include_str!("../../../../docs/handing-over.md");
    let start = page.find("```yaml\n").expect("the page has an example") + "```yaml\n".len();
    let example = &page[start..start + page[start..].find("```").expect("the example ends")];
    let (escalation, texts) = example.split_once("texts:\n").expect("the example declares a text");
    let shop = include_str!("company.yaml");
    let (rest, _) = shop.split_once("\nescalation:").expect("the shop hands over");
    let shop = format!("{}\n{escalation}", rest.replace("\ntexts:\n", &format!("\ntexts:\n{texts}")));
    let files = Memory::new([("shop.yaml", shop.as_str()), ("shop.json", "openapi: 3.1.0")]);
    let loaded = load_from(Path::new("shop.yaml"), &files, &|_| Some("token".to_owned())).unwrap_or_else(|problems| panic!("{problems}"));
    Arc::new(House::compile(loaded.company, loaded.digest).unwrap_or_else(|errors| panic!("{errors:?}")))
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The button is pressed at this time: the words, and the offer.
fn pressed(now: &str, standing: Standing, tier: &str) -> (String, Option<Event>) {
    let customer = BTreeMap::from([("tier".to_owned(), Value::text(tier))]);
    let opening = Opening { standing, customer, ..company::opening(Cause::PersonAsked) };
    let (turn, effects) = Turn::open(house(), opening, at(now));
    assert!(turn.closed(), "the button needs nobody");
    let mut events = effects.into_iter().filter_map(|effect| match effect {
        Effect::Record(event) => Some(*event),
        _ => None,
    });
    let mut words = Vec::new();
    let offer = events.find(|event| {
        if let Event::PartReleased { text, .. } = event {
            words.extend(text.get().cloned());
        }
        matches!(event, Event::HandoffOffered { .. })
    });
    (words.join("\n"), offer)
}

#[test]
fn while_the_team_is_there_the_place_in_line_is_named() {
    let waiting = Waiting { people: 2, upset: [2, 2], lately: Some(Lately { median_s: 130, of: 9 }) };
    let standing = Standing {
        queues: BTreeMap::from([("default".to_owned(), waiting)]),
        wait_since: Some(at("2026-11-20T01:59:00Z")),
        ..Standing::default()
    };
    // Friday, 11:00 in Tokyo.
    let (words, offer) = pressed("2026-11-20T02:00:00Z", standing, "basic");
    assert_eq!(
        words,
        "I am handing you to a colleague who sees everything we wrote. You are number 3 in line; people waited about 3 min lately."
    );
    let Some(Event::HandoffOffered { queue, wait_since, due, place: Some(place), reason, .. }) = offer else { panic!("no offer") };
    assert_eq!((queue.as_str(), reason.as_str(), place.position), ("default", "asked_for_human", 3));
    assert_eq!((wait_since, due), (at("2026-11-20T01:59:00Z"), Some(at("2026-11-20T02:01:00Z"))));
}

#[test]
fn while_nobody_is_there_the_hours_are_named() {
    // Saturday in Tokyo.
    let (words, offer) = pressed("2026-11-21T02:00:00Z", Standing::default(), "basic");
    assert_eq!(
        words,
        "I am handing you to a colleague who sees everything we wrote. Our team is not there right now and is back on Monday at 09:00 \
         (Asia/Tokyo). Leave an e-mail address here and we will write to you, or wait: your place is number 1 in line."
    );
    let Some(Event::HandoffOffered { place: Some(place), .. }) = offer else { panic!("no offer") };
    assert_eq!((place.open, place.opens_at), (false, Some(at("2026-11-23T00:00:00Z"))));
}

#[test]
fn the_first_queue_whose_condition_holds_takes_it() {
    let (words, offer) = pressed("2026-11-21T02:00:00Z", Standing::default(), "platinum");
    assert!(words.ends_with("You are next in line."), "{words}");
    assert!(matches!(offer, Some(Event::HandoffOffered { queue, .. }) if queue == "priority"));
}

#[test]
fn who_waits_in_three_conversations_does_not_wait_in_a_fourth() {
    let (words, offer) = pressed("2026-11-20T02:00:00Z", Standing { elsewhere: 3, ..Standing::default() }, "basic");
    assert!(words.contains("in line already"), "{words}");
    assert_eq!(offer, None);
}
