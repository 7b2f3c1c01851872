//! Plain messages, and those that only sound like something.

use super::{asks_for_a_person, feeling, sentiment};

fn good(text: &str) -> bool {
    sentiment(text) >= 150
}

fn bad(text: &str) -> bool {
    sentiment(text) <= -150
}

#[test]
fn what_is_said_plainly_is_felt() {
    for text in ["Great, thank you so much!", "this is wonderful", "I'm very happy with it", "well done"] {
        assert!(good(text), "{text}: {}", sentiment(text));
    }
    for text in [
        "This is ridiculous.",
        "I am really disappointed",
        "you are useless",
        "I'm fed up with this",
        "I am not happy at all",
        "what a joke",
    ] {
        assert!(bad(text), "{text}: {}", sentiment(text));
    }
}

#[test]
fn requests_are_neither() {
    let plain = [
        "cancel my order",
        "I want to return the lamp",
        "where is 12345?",
        "the lamp is broken",
        "what kind of lamp is it",
        "best before 2027",
        "no",
    ];
    for text in plain {
        assert_eq!(sentiment(text), 0, "{text}");
    }
}

#[test]
fn words_that_sound_bad_may_mean_good_and_the_other_way_round() {
    assert!(good("terribly good") && good("awfully nice of you") && bad("that went terribly"));
    assert!(sentiment("not bad") > 0 && sentiment("not bad") < sentiment("good"));
    assert!(bad("not good") && bad("it isn't helpful") && bad("thanks for nothing"));
    assert!(good("no problem, thanks") && good("No. Great!"));
}

#[test]
fn the_way_it_is_written_counts() {
    let calm = sentiment("this is bad");
    for louder in ["this is VERY bad", "this is bad!!!", "THIS IS BAD ENOUGH", "this is sooo bad", "this is baaaad"] {
        assert!(sentiment(louder) < calm, "{louder}: {} and {calm}", sentiment(louder));
    }
    assert!(sentiment("this is a bit bad") > sentiment("this is very bad"));
    assert!((-1000..=1000).contains(&sentiment(&"FURIOUS idiots!!! ".repeat(100))));
}

#[test]
fn the_course_is_its_slope() {
    let down = feeling(&["Hello, great shop!", "where is my parcel", "this is annoying"], "This is ridiculous, you are useless!");
    assert!(down.slope < -200 && down.last < -500, "{down:?}");
    assert!(feeling(&["this is annoying"], "ah, perfect, thank you").slope > 200);
    assert_eq!(feeling(&[], "this is annoying").slope, 0);
}

#[test]
fn the_same_request_again_is_counted() {
    let again = feeling(&["where is my blue parcel?", "yes", "Where is my blue parcel"], "I asked: where is my blue parcel???");
    assert_eq!(again.repeated, 2);
    assert_eq!(feeling(&["yes", "no"], "yes").repeated, 0);
    assert_eq!(feeling(&["where is my blue parcel"], "cancel the red lamp").repeated, 0);
}

#[test]
fn asking_for_a_person_is_heard() {
    for text in ["can I talk to a human", "I want to speak to someone!", "get me your manager", "a real person, please"] {
        assert!(asks_for_a_person(text), "{text}");
    }
    for text in ["what is a personal account", "the cleaning agent leaks", "is there a manual"] {
        assert!(!asks_for_a_person(text), "{text}");
    }
}
