//! Handing over to people and back, through the doors: what the customer sees, who owns the conversation, what the desk reads.
//!
//! The rules, and the test that each of them fails when it is broken:
//!
//! | rule | test |
//! | --- | --- |
//! | who is handed over reads it at once, with the place in line or the hours | `the_handover_names_the_place_in_line`; in one commit: the turn's laws |
//! | handing over is a typed decision, never a word in a text | `the_handover_names_the_place_in_line` |
//! | the first answer takes the conversation, and one person has it | `the_first_answer_takes_the_conversation_and_only_one_has_it` |
//! | a reply that is being made is never sent late; cards are withdrawn and shown | `a_reply_that_is_being_made_is_never_sent_late`, `what_the_bot_was_about_is_cancelled_and_shown` |
//! | the wait counts from the unanswered message | `the_wait_clock_starts_at_the_unanswered_message` |
//! | after people let go the old reason hands over no more | `after_a_release_the_old_reason_does_not_hand_over_again`; for a while: `cooling` |
//! | asking and handing over exclude each other | `the_handover_names_the_place_in_line`; the turn's laws |
//! | everybody may ask, nobody floods the queue | `nobody_floods_the_queue` |
//! | the brief needs no mind | `the_brief_is_there_when_every_mind_is_down` |
//! | an offer is accepted, declined or runs out; there is one owner | `an_offer_is_accepted_declined_or_runs_out` |
//! | the bot goes on with the note of whoever had it | `the_bot_goes_on_with_the_note_and_without_the_old_words` |

use crate::card;
use patchbay_core::Event;
use patchbay_core::event::Settled;
use patchbay_core::handoff::{HandoffEnd, OfferEnd, Promise, Survey};
use patchbay_core::id::StaffId;
use patchbay_core::mind::{Draft, MindContext, MindDone, MindFailure, MindStep, Speaker};
use patchbay_core::port::{Ear, Later, Mind};
use patchbay_core::words::{ConversationState, ReplyStatus};
use patchbay_engine::scripted::{Act, Ending, Scripted};
use patchbay_service::{Rating, Refused, Transfer};
use patchbay_testkit::{Persona, TestApp};
use patchbay_world::{Fault, FaultKind};
use std::time::Duration;

fn staff(name: &str) -> StaffId {
    StaffId::parse(&format!("stf_{name}")).unwrap()
}

/// Somebody of the staff does something at the desk, where the driver runs.
macro_rules! at_desk {
    ($app:expr, |$service:ident| $work:expr) => {{
        let $service = $app.service();
        $app.inside(async move { $work }).await
    }};
}

/// Mika asks for a person and waits.
async fn waiting(app: &TestApp, mika: &mut Persona) -> patchbay_core::id::ConversationId {
    let reply = mika.says(app, "I want to talk to a person").await;
    assert_eq!(reply.status, ReplyStatus::HandedOver, "{reply:#?}");
    mika.conversation(app).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_handover_names_the_place_in_line() {
    let app = TestApp::start().await;
    let (mut mika, mut bob) = (app.mika(), app.bob());
    let first = mika.says(&app, "I want to talk to a person").await;
    assert!(first.text.contains("You are next in line"), "{}", first.text);
    let second = bob.says(&app, "can I speak to a human?").await;
    assert!(second.text.contains("You are number 2 in line"), "{}", second.text);
    // A typed decision, not a word in a text.
    let events = app.events(&bob.conversation(&app).await).await;
    assert!(events.iter().any(|event| matches!(event, Event::Escalated { reason, .. } if reason == "asked_for_human")));
    assert!(!events.iter().any(|event| matches!(event, Event::QuestionAsked { .. })), "asking and handing over are exclusive");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_button_works_when_every_mind_is_down() {
    let app = TestApp::with_mind(Scripted::forever([Act {
        then: Some(Ending::Fail(MindFailure { code: "provider_down".to_owned(), detail: String::new() })),
        ..Act::default()
    }]))
    .await;
    let mut mika = app.mika();
    let (conversation, session) = (mika.conversation(&app).await, mika.session.clone());
    let pressed = conversation.clone();
    let received = at_desk!(app, |service| service.ask_person(&session, &pressed).await).unwrap();
    let reply = mika.hears(&app, &received).await;
    assert_eq!(reply.status, ReplyStatus::HandedOver);
    assert!(reply.text.contains("next in line"), "{}", reply.text);
    // Pressed again, nobody waits twice.
    let session = mika.session.clone();
    let pressed = conversation.clone();
    at_desk!(app, |service| service.ask_person(&session, &pressed).await).unwrap();
    let events = app.events(&conversation).await;
    assert_eq!(events.iter().filter(|event| matches!(event, Event::HandoffOffered { .. })).count(), 1);
    assert!(!events.iter().any(|event| matches!(event, Event::MindAsked { .. })), "no mind was asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_answer_takes_the_conversation_and_only_one_has_it() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    mika.says(&app, "where is order 12345?").await;
    let id = mika.conversation(&app).await;
    let (kim, ada) = (staff("kim"), staff("ada"));
    let conversation = id.clone();
    let (one, two) = at_desk!(app, |service| {
        futures::join!(
            service.answer(&conversation, &kim, "Hello, I am Kim.", Some("k1".to_owned())),
            service.answer(&conversation, &ada, "Hello, I am Ada.", None)
        )
    });
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    let refused = one.as_ref().err().or(two.as_ref().err()).unwrap();
    assert!(matches!(refused, Refused::AlreadyTaken { .. }), "{refused:?}");
    let owner = if one.is_ok() { staff("kim") } else { staff("ada") };
    let conversation = id.clone();
    let case = at_desk!(app, |service| service.case(&conversation).await).unwrap();
    assert_eq!((case.owner, case.state), (Some(owner), ConversationState::Open));
    assert_eq!(case.handoffs.len(), 1);
    // The customer's words go to the person, not to the bot.
    mika.sends(&app, "where is order 12345?", None).await.unwrap();
    let events = app.events(&id).await;
    let taken = events.iter().position(|event| matches!(event, Event::HandoffAccepted { .. })).unwrap();
    assert!(!events[taken..].iter().any(|event| matches!(event, Event::PartReleased { .. } | Event::TurnOpened { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_sent_twice_is_one_answer() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let id = waiting(&app, &mut mika).await;
    let (conversation, kim) = (id.clone(), staff("kim"));
    let (first, again, other) = at_desk!(app, |service| {
        let first = service.answer(&conversation, &kim, "I am looking into it.", Some("one".to_owned())).await;
        let again = service.answer(&conversation, &kim, "I am looking into it.", Some("one".to_owned())).await;
        let other = service.answer(&conversation, &kim, "Something else.", Some("one".to_owned())).await;
        (first, again, other)
    });
    assert_eq!((first.unwrap().seq, true), again.map(|again| (again.seq, again.replayed)).unwrap());
    assert_eq!(other, Err(Refused::IdempotencyConflict));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_bot_was_about_is_cancelled_and_shown() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let proposal = card(&app, &mut mika).await;
    let id = mika.conversation(&app).await;
    let (conversation, kim) = (id.clone(), staff("kim"));
    at_desk!(app, |service| service.take(&conversation, &kim).await).unwrap();
    let late = mika.decides(&app, &proposal.id, true, Some(&proposal.digest)).await;
    assert!(late.is_err(), "{late:?}");
    let conversation = id.clone();
    let case = at_desk!(app, |service| service.case(&conversation).await).unwrap();
    let cancelled = case.lines.iter().any(|line| line.data["state"] == "cancelled" && line.data["tool"] == "cancel_order");
    assert!(cancelled && case.proposal.is_none(), "{:#?}", case.lines);
    assert_eq!(app.effects().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wait_clock_starts_at_the_unanswered_message() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    mika.says(&app, "where is order 12345?").await;
    app.clock().advance(Duration::from_secs(60));
    let id = waiting(&app, &mut mika).await;
    let asked = app.recorded(&id).await.iter().rfind(|event| matches!(event.event, Event::MessageReceived { .. })).unwrap().at;
    app.clock().advance(Duration::from_secs(90));
    mika.sends(&app, "hello? is anybody there?", None).await.unwrap();
    let conversation = id.clone();
    let case = at_desk!(app, |service| service.case(&conversation).await).unwrap();
    assert_eq!(case.wait_since, Some(asked), "neither the bot's words nor further ones of the customer move it");
    let (conversation, kim) = (id.clone(), staff("kim"));
    at_desk!(app, |service| service.answer(&conversation, &kim, "Here I am.", None).await).unwrap();
    let conversation = id.clone();
    let case = at_desk!(app, |service| service.case(&conversation).await).unwrap();
    assert_eq!(case.wait_since, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_release_the_old_reason_does_not_hand_over_again() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let id = waiting(&app, &mut mika).await;
    let (conversation, kim) = (id.clone(), staff("kim"));
    mika.sends(&app, "I want to talk to a person!", None).await.unwrap();
    let back = at_desk!(app, |service| {
        service.take(&conversation, &kim).await.unwrap();
        service.hand_back(&conversation, &kim, "Order 12345 is on its way; she only wants to know when it comes.").await
    });
    let reply = mika.hears(&app, &back.unwrap()).await;
    assert!(reply.text.contains("handed our conversation back to me"), "{}", reply.text);
    let next = mika.says(&app, "so where is order 12345?").await;
    assert_eq!(next.status, ReplyStatus::Answered, "{next:#?}");
    let events = app.events(&id).await;
    assert_eq!(events.iter().filter(|event| matches!(event, Event::HandoffOffered { .. })).count(), 1);
    assert!(events.iter().any(|event| matches!(event, Event::HandoffEnded { why: HandoffEnd::HandedBack, note: Some(_), .. })));
    // But asking anew always counts.
    let again = mika.says(&app, "I want to talk to a person").await;
    assert_eq!(again.status, ReplyStatus::HandedOver);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_floods_the_queue() {
    let app = TestApp::start().await;
    let mut texts = Vec::new();
    for _ in 0..5 {
        let mut mika = app.mika();
        texts.push(mika.says(&app, "I want to talk to a person").await.text);
    }
    let in_line = texts.iter().filter(|text| text.contains("in line already")).count();
    assert_eq!(in_line, 2, "three conversations of one customer wait: {texts:#?}");
    let mut bob = app.bob();
    let bobs = bob.says(&app, "I want to talk to a person").await;
    assert!(bobs.text.contains("number 4 in line"), "{}", bobs.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_accepted_declined_or_runs_out() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let id = waiting(&app, &mut mika).await;
    let (kim, ada) = (staff("kim"), staff("ada"));
    let to_ada = || Transfer { to: Some(staff("ada")), queue: None, note: "She knows this customer.".to_owned() };
    let (conversation, transfer, by) = (id.clone(), to_ada(), kim.clone());
    let without_note = Transfer { note: " ".to_owned(), ..to_ada() };
    at_desk!(app, |service| {
        service.take(&conversation, &by).await.unwrap();
        let refused = service.transfer(&conversation, &by, without_note).await;
        assert!(matches!(refused, Err(Refused::Invalid { field: "note", .. })), "{refused:?}");
        service.transfer(&conversation, &by, transfer).await.unwrap();
        assert_eq!(service.accept(&conversation, &StaffId::parse("stf_jun").unwrap()).await, Err(Refused::NotOffered));
        service.decline(&conversation, &StaffId::parse("stf_ada").unwrap()).await.unwrap();
        service.take(&conversation, &by).await.unwrap();
    });
    let (conversation, transfer, by) = (id.clone(), to_ada(), kim.clone());
    at_desk!(app, |service| service.transfer(&conversation, &by, transfer).await).unwrap();
    app.clock().advance(Duration::from_secs(61));
    let failed = |event: &Event| matches!(event, Event::HandoffFailed { why: OfferEnd::Timeout, .. });
    let events = app.until(&id, |events| events.iter().any(failed)).await;
    assert!(events.iter().any(|event| matches!(event, Event::HandoffFailed { why: OfferEnd::Declined, .. })));
    let (conversation, by) = (id.clone(), ada.clone());
    let case = at_desk!(app, |service| {
        service.accept(&conversation, &by).await.unwrap();
        service.case(&conversation).await.unwrap()
    });
    assert_eq!((case.owner, case.handoffs.len()), (Some(ada), 1), "one handoff, whoever had it");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_record_is_shown_under_the_number_of_another() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    mika.says(&app, "where is order 12345? it was to be here long ago").await;
    let id = mika.conversation(&app).await;
    let kim = staff("kim");
    let (conversation, by) = (id.clone(), kim.clone());
    let cards = at_desk!(app, |service| service.cards(&conversation, &by).await).unwrap();
    assert!(cards.iter().any(|card| card.tool == "order" && card.args["order_id"] == "12345"), "{cards:#?}");
    mika.says(&app, "cancel order 99999").await;
    app.fault(Fault::of("orders", FaultKind::Error { status: 503, percent: 100 }));
    mika.says(&app, "where is order 12288?").await;
    let cards = at_desk!(app, |service| service.cards(&id, &kim).await).unwrap();
    assert!(cards.iter().all(|card| card.tool != "order"), "nothing is known of the order that was asked for last: {cards:#?}");
    let conversation = mika.conversation(&app).await;
    let brief = at_desk!(app, |service| service.brief(&conversation).await).unwrap();
    assert!(brief.issue.contains("where is order 12288?"), "the words belong to the wish beside them: {}", brief.issue);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_brief_holds_what_is_known_with_its_source() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    mika.says(&app, "where is order 12345? it is late and nobody tells me anything").await;
    app.fault(Fault::of("orders", FaultKind::Error { status: 503, percent: 100 }));
    mika.says(&app, "and cancel it, I do not need it any more").await;
    let id = mika.conversation(&app).await;
    let conversation = id.clone();
    let brief = at_desk!(app, |service| service.brief(&conversation).await).unwrap();
    assert!(brief.complete && brief.issue.contains("12345") || brief.issue.contains("cancel"), "{brief:#?}");
    assert!(brief.facts.iter().any(|fact| fact.name.starts_with("order.") && fact.source == "orders"), "{brief:#?}");
    assert!(brief.tried.iter().any(|tried| tried.outcome != "ok"), "{brief:#?}");
    assert!(!brief.next.is_empty() && brief.facts.len() <= 4 && brief.tried.len() <= 4, "{brief:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_handover_can_be_decided_again_from_what_was_stored() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let id = waiting(&app, &mut mika).await;
    let mut bob = app.bob();
    let (his, session) = (bob.conversation(&app).await, bob.session.clone());
    let conversation = his.clone();
    let received = at_desk!(app, |service| service.ask_person(&session, &conversation).await).unwrap();
    bob.hears(&app, &received).await;
    for conversation in [id, his] {
        let why = at_desk!(app, |service| service.why(&conversation).await).unwrap();
        assert_eq!(why.len(), 1);
        assert!(why[0].reproduced && why[0].current, "{why:#?}");
        assert_eq!(why[0].reason, "asked_for_human");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resolved_conversation_is_rated_once_and_comes_back_to_the_bot() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let id = waiting(&app, &mut mika).await;
    let csat = |score, reason: &str| Rating { kind: Survey::Csat, turn: None, score, reason: Some(reason.to_owned()) };
    let (conversation, kim, session) = (id.clone(), staff("kim"), mika.session.clone());
    let (early, good, bad) = (csat(5, ""), csat(4, "quick"), csat(1, "changed my mind"));
    at_desk!(app, |service| {
        assert_eq!(service.rate(&session, &conversation, early).await, Err(Refused::NotSurveyed));
        service.answer(&conversation, &kim, "It comes tomorrow.", None).await.unwrap();
        service.resolve(&conversation, &kim).await.unwrap();
        service.rate(&session, &conversation, good).await.unwrap();
        assert_eq!(service.rate(&session, &conversation, bad).await, Err(Refused::AlreadyRated));
    });
    let reply = mika.says(&app, "where is order 12345?").await;
    assert_eq!(reply.status, ReplyStatus::Answered, "{reply:#?}");
    let thumb = |score| Rating { kind: Survey::Helpful, turn: Some(reply.turn.clone()), score, reason: None };
    let (conversation, session, up, down) = (id.clone(), mika.session.clone(), thumb(1), thumb(0));
    at_desk!(app, |service| {
        service.rate(&session, &conversation, up).await.unwrap();
        service.rate(&session, &conversation, down).await.unwrap();
    });
    let conversation = id.clone();
    let case = at_desk!(app, |service| service.case(&conversation).await).unwrap();
    assert_eq!(case.ratings.len(), 3);
    assert_eq!((case.state, case.ratings[0].reason.as_deref()), (ConversationState::Bot, Some("quick")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_aside_comes_back_with_time_or_with_words() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let id = waiting(&app, &mut mika).await;
    let (conversation, kim) = (id.clone(), staff("kim"));
    let until = patchbay_core::Clock::now(app.clock()).plus(Duration::from_secs(3600));
    at_desk!(app, |service| service.snooze(&conversation, &kim, until).await).unwrap();
    app.clock().advance(Duration::from_secs(3601));
    let open = |event: &Event| matches!(event, Event::StateChanged { state: ConversationState::Open, by: None });
    app.until(&id, |events| events.iter().any(open)).await;
    let (conversation, kim) = (id.clone(), staff("kim"));
    let until = patchbay_core::Clock::now(app.clock()).plus(Duration::from_secs(3600));
    at_desk!(app, |service| service.snooze(&conversation, &kim, until).await).unwrap();
    mika.sends(&app, "one more thing", None).await.unwrap();
    let conversation = id.clone();
    let case = at_desk!(app, |service| service.case(&conversation).await).unwrap();
    assert_eq!((case.state, case.owner), (ConversationState::Open, Some(staff("kim"))));
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_and_owners_survive_a_kill() {
    let mut app = TestApp::start().await;
    let (mut mika, mut bob) = (app.mika(), app.bob());
    let id = waiting(&app, &mut mika).await;
    app.crash().await;
    let second = bob.says(&app, "I want to talk to a person").await;
    assert!(second.text.contains("number 2 in line"), "{}", second.text);
    let (conversation, kim) = (id.clone(), staff("kim"));
    at_desk!(app, |service| service.take(&conversation, &kim).await).unwrap();
    app.crash().await;
    let (conversation, ada) = (id.clone(), staff("ada"));
    let refused = at_desk!(app, |service| service.take(&conversation, &ada).await);
    assert_eq!(refused, Err(Refused::AlreadyTaken { owner: staff("kim") }));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_reads_and_acts_through_the_same_gate() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let id = waiting(&app, &mut mika).await;
    let kim = staff("kim");
    let order = |number: &str| std::collections::BTreeMap::from([("order_id".to_owned(), serde_json::json!(number))]);
    let (conversation, by, own, foreign) = (id.clone(), kim.clone(), order("12345"), order("99999"));
    let (card, other) = at_desk!(app, |service| {
        let card = service.card(&conversation, &by, "order", own).await.unwrap();
        (card, service.card(&conversation, &by, "order", foreign).await.unwrap())
    });
    assert_eq!(card.outcome.as_str(), "ok", "{card:#?}");
    assert!(!card.hidden.is_empty() && card.actions.iter().any(|action| action.tool == "cancel_order"), "{card:#?}");
    assert_eq!((other.outcome.as_str(), other.facts.len()), ("not_found", 0), "somebody else's order looks like none");
    let mut args = order("12345");
    args.insert("reason".to_owned(), serde_json::json!("no_longer_needed"));
    let (conversation, by) = (id.clone(), kim.clone());
    let decided = at_desk!(app, |service| {
        service.take(&conversation, &by).await.unwrap();
        let proposal = service.propose(&conversation, &by, "cancel_order", args).await.unwrap();
        let wrong = service.decide_at_desk(&conversation, &by, &proposal.id, true, Some("0".repeat(64))).await;
        assert_eq!(wrong, Err(Refused::ConfirmationMismatch));
        let decided = service.decide_at_desk(&conversation, &by, &proposal.id, true, Some(proposal.digest.clone())).await.unwrap();
        let again = service.decide_at_desk(&conversation, &by, &proposal.id, true, Some(proposal.digest)).await;
        assert_eq!(again, Err(Refused::AlreadyDecided));
        decided
    });
    assert_eq!((decided.state, decided.verified), ("done", Some(true)), "{decided:?}");
    assert_eq!(app.effects().len(), 1);
    // The customer never saw the desk's card.
    let session = mika.session.clone();
    let seen = at_desk!(app, |service| service.conversation(&session, &id).await).unwrap();
    assert!(seen.proposal.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_effect_nobody_knows_is_shown_and_settled_by_hand() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let proposal = card(&app, &mut mika).await;
    app.fault(Fault::of("orders", FaultKind::Hang).operation("cancelOrder"));
    mika.confirms(&app, &proposal).await;
    let id = mika.conversation(&app).await;
    let unknown = |event: &Event| matches!(event, Event::ActionSettled { outcome: Settled::Unknown, .. });
    app.until(&id, |events| events.iter().any(unknown)).await;
    let (conversation, kim) = (id.clone(), staff("kim"));
    let (case, brief) = at_desk!(app, |service| {
        service.take(&conversation, &kim).await.unwrap();
        let case = service.case(&conversation).await.unwrap();
        (case, service.brief(&conversation).await.unwrap())
    });
    assert_eq!(case.unknown.len(), 1, "{case:#?}");
    assert!(brief.next.iter().any(|step| step.text.contains("settle")), "{brief:#?}");
    let (conversation, kim, action) = (id.clone(), staff("kim"), case.unknown[0].action.clone());
    let (settled, again) = at_desk!(app, |service| {
        let settled = service.settle(&conversation, &kim, &action, false, "The warehouse says that nothing was cancelled.").await;
        (settled, service.settle(&conversation, &kim, &action, true, "No, it was.").await)
    });
    settled.unwrap();
    assert_eq!(again, Err(Refused::AlreadyDecided));
    let conversation = id.clone();
    let case = at_desk!(app, |service| service.case(&conversation).await).unwrap();
    assert!(case.unknown.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_approve_and_one_counts() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let reply = mika.says(&app, "I was charged twice on INV-70001, please pay back 12 euros").await;
    let proposal = reply.proposal.clone().unwrap_or_else(|| panic!("no card: {reply:#?}"));
    let reply = mika.confirms(&app, &proposal).await;
    assert_eq!((reply.status, reply.escalation.unwrap().reason.as_str()), (ReplyStatus::HandedOver, "needs_approval"));
    assert_eq!(app.effects().len(), 0, "the customer's yes is not enough");
    let id = mika.conversation(&app).await;
    let conversation = id.clone();
    let (case, brief) = at_desk!(app, |service| (service.case(&conversation).await.unwrap(), service.brief(&conversation).await.unwrap()));
    assert_eq!(case.approvals.iter().map(|action| action.tool.as_str()).collect::<Vec<_>>(), ["refund"]);
    assert!(brief.next[0].text.contains("Approve or refuse"), "{brief:#?}");
    let (conversation, action) = (id.clone(), case.approvals[0].action.clone());
    let (one, two) = at_desk!(app, |service| {
        let (kim, ada) = (staff("kim"), staff("ada"));
        futures::join!(
            service.approve(&conversation, &kim, &action, true, None),
            service.approve(&conversation, &ada, &action, false, Some("too much".to_owned()))
        )
    });
    let refused = if one.is_ok() { &two } else { &one };
    assert_eq!(*refused, Err(Refused::AlreadyDecided));
    let ended = |event: &Event| matches!(event, Event::ActionSettled { .. } | Event::ActionCancelled { .. });
    app.until(&id, |events| events.iter().any(ended)).await;
    assert_eq!(app.effects().len(), usize::from(one.is_ok()));
    let case = at_desk!(app, |service| service.case(&id).await).unwrap();
    assert!(case.approvals.is_empty());
}

/// A mind that notes what it is told.
struct Listening(std::sync::Arc<std::sync::Mutex<Vec<MindContext>>>);

impl Mind for Listening {
    fn name(&self) -> &'static str {
        "listening"
    }

    fn answer(&self, context: MindContext, mut ear: Ear) -> Later<'_, Result<MindDone, MindFailure>> {
        self.0.lock().unwrap().push(context);
        ear(MindStep::HandOver { reason: "asked_for_human".to_owned() });
        Box::pin(async { Ok(MindDone { memory: serde_json::json!({ "old": true }) }) })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_goes_on_with_the_note_and_without_the_old_words() {
    let heard = std::sync::Arc::default();
    let app = TestApp::with_mind(Listening(std::sync::Arc::clone(&heard))).await;
    let mut mika = app.mika();
    mika.says(&app, "nobody helps me").await;
    let (conversation, kim) = (mika.conversation(&app).await, staff("kim"));
    let back = at_desk!(app, |service| {
        service.answer(&conversation, &kim, "I have sent a new one.", None).await.unwrap();
        service.hand_back(&conversation, &kim, "A new parcel is on its way.").await.unwrap()
    });
    mika.hears(&app, &back).await;
    mika.says(&app, "when does it come?").await;
    let contexts = heard.lock().unwrap().clone();
    let last = contexts.last().unwrap();
    let said: Vec<(Speaker, &str)> = last.history.iter().map(|line| (line.who, line.text.as_str())).collect();
    assert_eq!(said[0], (Speaker::Agent, "A new parcel is on its way."));
    assert!(said.iter().all(|(_, text)| !text.contains("nobody helps me")), "{said:?}");
    assert!(last.memory.is_null(), "what was remembered from before is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_promise_is_an_event() {
    let queues = "  queues:\n    default: { for: always, sla: { first_reply: 2m, resolve: 1h } }\n";
    let app = TestApp::with_configuration(|text| text.replacen("escalation:\n", &format!("escalation:\n{queues}"), 1)).await;
    let mut mika = app.mika();
    let id = waiting(&app, &mut mika).await;
    let broken = |promise: Promise| move |event: &Event| matches!(event, Event::WaitedTooLong { promise: of, .. } if *of == promise);
    app.clock().advance(Duration::from_secs(121));
    app.until(&id, |events| events.iter().any(broken(Promise::FirstReply))).await;
    app.clock().advance(Duration::from_secs(3600));
    let events = app.until(&id, |events| events.iter().any(broken(Promise::Resolve))).await;
    assert_eq!(events.iter().filter(|event| matches!(event, Event::WaitedTooLong { .. })).count(), 2, "each once");
    // Still in line.
    assert_eq!(at_desk!(app, |service| service.place(&id).await).unwrap().map(|place| place.position), Some(1));
}

/// A mind that thinks until it is told to speak.
struct Thinking {
    began: std::sync::Arc<tokio::sync::Notify>,
    speak: std::sync::Arc<tokio::sync::Notify>,
}

impl Mind for Thinking {
    fn name(&self) -> &'static str {
        "thinking"
    }

    fn answer(&self, _context: MindContext, mut ear: Ear) -> Later<'_, Result<MindDone, MindFailure>> {
        Box::pin(async move {
            self.began.notify_one();
            self.speak.notified().await;
            let text = "Here is what I found.".to_owned();
            ear(MindStep::Say(Draft { text, template: None, facts: Vec::new(), citations: Vec::new() }));
            Ok(MindDone { memory: serde_json::Value::Null })
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_is_being_made_is_never_sent_late() {
    let (began, speak) = (std::sync::Arc::new(tokio::sync::Notify::new()), std::sync::Arc::new(tokio::sync::Notify::new()));
    let app = TestApp::with_mind(Thinking { began: began.clone(), speak: speak.clone() }).await;
    let mut mika = app.mika();
    mika.sends(&app, "where is order 12345?", None).await.unwrap();
    began.notified().await;
    let (id, kim) = (mika.conversation(&app).await, staff("kim"));
    let conversation = id.clone();
    at_desk!(app, |service| service.take(&conversation, &kim).await).unwrap();
    speak.notify_one();
    let conversation = id.clone();
    at_desk!(app, |service| service.answer(&conversation, &staff("kim"), "I am here.", None).await).unwrap();
    let events = app.until(&id, |events| events.iter().any(|event| matches!(event, Event::ReplyCut { .. }))).await;
    assert!(!events.iter().any(|event| matches!(event, Event::PartReleased { .. })), "{events:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_brief_is_there_when_every_mind_is_down() {
    let app = TestApp::with_mind(Scripted::forever([Act {
        then: Some(Ending::Fail(MindFailure { code: "provider_down".to_owned(), detail: String::new() })),
        ..Act::default()
    }]))
    .await;
    let mut mika = app.mika();
    let reply = mika.says(&app, "my lamp flickers").await;
    assert_eq!(reply.escalation.map(|why| why.reason), Some("mind_failed".to_owned()));
    for text in ["it has done so since Monday", "and the box is gone", "can you send a new one?"] {
        mika.sends(&app, text, None).await.unwrap();
    }
    let conversation = mika.conversation(&app).await;
    let brief = at_desk!(app, |service| service.brief(&conversation).await).unwrap();
    assert_eq!(brief.issue, "“it has done so since Monday” · “and the box is gone” · “can you send a new one?”", "the last three messages");
    assert!(brief.complete && !brief.next.is_empty(), "{brief:#?}");
}
