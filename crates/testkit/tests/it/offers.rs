//! A person is offered before one is needed: once, with the reason kept, and the choice means what it says.

use patchbay_core::Event;
use patchbay_core::id::ConversationId;
use patchbay_core::reply::{PERSON, Question, WANTS_PERSON};
use patchbay_core::words::ReplyStatus;
use patchbay_service::{Decision, Inbound};
use patchbay_testkit::{Persona, TestApp};

/// The demo, which offers a person where this holds.
async fn app(when: &str) -> TestApp {
    let trigger = format!("  triggers:\n    - {{ reason: review, when: \"{when}\", do: offer }}\n");
    TestApp::with_configuration(|text| text.replacen("  triggers:\n", &trigger, 1)).await
}

/// Whoever asks where an order is is offered a person.
const ASKED: &str = "skill == 'where_is_my_order'";

/// Mika asks, is answered, and is offered a person.
async fn offered(app: &TestApp, mika: &mut Persona) -> ConversationId {
    let reply = mika.says(app, "where is order 12345?").await;
    assert!(reply.status == ReplyStatus::Answered && reply.text.contains("12345"), "the bot goes on: {reply:#?}");
    let question = reply.question.clone().unwrap_or_else(|| panic!("nothing was offered: {reply:#?}"));
    assert_eq!(question.slot, PERSON);
    assert!(has_person(&question), "{question:#?}");
    mika.conversation(app).await
}

fn has_person(question: &Question) -> bool {
    question.choices.iter().any(|choice| choice.value == WANTS_PERSON && choice.label == "Talk to a person")
}

fn offers(events: &[Event]) -> usize {
    events.iter().filter(|event| matches!(event, Event::PersonOffered { .. })).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_offered_once_and_the_reason_can_be_decided_again() {
    let app = app(ASKED).await;
    let mut mika = app.mika();
    let conversation = offered(&app, &mut mika).await;
    let again = mika.says(&app, "where is order 12345?").await;
    assert_eq!(again.question, None);
    assert_eq!(offers(&app.events(&conversation).await), 1, "once is enough");
    let service = app.service();
    let why = app.inside(async move { service.why(&conversation).await }).await.unwrap();
    assert_eq!((why.len(), why[0].decision, why[0].reason.as_str()), (1, Decision::Offered, "review"), "{why:#?}");
    assert_eq!((why[0].reproduced, why[0].rule.as_deref()), (true, Some(ASKED)));
    assert_eq!(why[0].evidence["skill"], "where_is_my_order");
}

#[tokio::test(flavor = "multi_thread")]
async fn choosing_the_person_hands_over_without_a_mind() {
    let app = app(ASKED).await;
    let mut mika = app.mika();
    let conversation = offered(&app, &mut mika).await;
    let asked = |events: &[Event]| events.iter().filter(|event| matches!(event, Event::MindAsked { .. })).count();
    let before = asked(&app.events(&conversation).await);
    let inbound = Inbound {
        conversation: conversation.clone(),
        client: None,
        text: "Talk to a person".to_owned(),
        picked: Some(WANTS_PERSON.to_owned()),
        files: Vec::new(),
    };
    let (service, session) = (app.service(), mika.session.clone());
    let received = app.inside(async move { service.receive(&session, inbound).await }).await.unwrap();
    let reply = mika.hears(&app, &received).await;
    assert_eq!(reply.status, ReplyStatus::HandedOver, "{reply:#?}");
    assert!(reply.text.contains("in line"), "{}", reply.text);
    assert_eq!(asked(&app.events(&conversation).await), before);
    let service = app.service();
    let why = app.inside(async move { service.why(&conversation).await }).await.unwrap();
    let last = why.last().unwrap();
    assert_eq!((last.decision, last.reason.as_str(), last.reproduced), (Decision::HandedOver, "asked_for_human", true), "{why:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_yes_or_no_counts_like_the_choice() {
    let app = app(ASKED).await;
    for (typed, status) in [("yes", ReplyStatus::HandedOver), ("no", ReplyStatus::Answered)] {
        let mut mika = app.mika();
        offered(&app, &mut mika).await;
        let reply = mika.says(&app, typed).await;
        assert_eq!(reply.status, status, "{typed}: {reply:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_bot_asks_anyway_the_person_is_one_more_choice() {
    let app = app("zone == 'ask_back'").await;
    let mut mika = app.mika();
    let reply = mika.says(&app, "qwrtz plmokn").await;
    let question = reply.question.unwrap_or_else(|| panic!("nothing was asked: {}", reply.text));
    assert_ne!(question.slot, PERSON, "there is one question");
    assert!(has_person(&question) && question.choices.len() > 1, "{question:#?}");
}
