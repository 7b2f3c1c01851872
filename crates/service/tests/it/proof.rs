//! Identification in words: dialogues of customers without a token.

use super::house::{Home, pseudonym};
use patchbay_core::event::Event;
use patchbay_core::words::{Level, ReplyStatus};
use patchbay_core::{Customer, Personal, Session, Timestamp};
use std::sync::atomic::Ordering;
use std::time::Duration;

const HERE: &str = "Order 123456 is on its way.";
const NOT_FOUND: &str = "I can't find you with that.";
const LOCKED: &str = "I couldn't make sure who you are";

#[tokio::test]
async fn a_wish_waits_for_the_proof_and_goes_on_by_itself() {
    let home = Home::new();
    let talk = home.visit("vis_1").await;
    assert_eq!(talk.says("where is my order 123456").await, "Which e-mail address did you order with?");
    assert_eq!(home.asked(), "");
    assert_eq!(talk.says("fatima@mail.example").await, HERE);
    assert_eq!(home.asked(), "byEmail order");
    // It is asked once.
    assert_eq!(talk.says("track my parcel 123456").await, HERE);
    let events = talk.events().await;
    let proven = events.iter().filter(|event| matches!(&event.event, Event::SessionChanged { by: Some(by), session } if by == "by_email" && session.level == Level::Contact));
    assert!(proven.count() >= 1);
}

#[tokio::test]
async fn what_was_told_already_is_not_asked_for() {
    let home = Home::new();
    let talk = home.visit("vis_1").await;
    assert_eq!(talk.says("Hi, I'm Fatima Taylor, postcode 32169. Where is my order 123456?").await, HERE);
    assert_eq!(home.asked(), "byName order");
    let other = home.visit("vis_2").await;
    assert_eq!(other.says("where is my order 123456").await, "Which e-mail address did you order with?");
    assert_eq!(other.says("I don't know").await, "And what is your first name?");
    assert_eq!(other.says("fatima taylor").await, "And what is your postcode?");
    assert_eq!(other.says("32169").await, HERE);
}

#[tokio::test]
async fn nobody_several_and_a_foreign_record_sound_alike() {
    let home = Home::new();
    let nobody = home.visit("vis_1").await;
    nobody.says("where is my order 123456").await;
    let nobody = nobody.says("I'm Nora Nobody, postcode 99999").await;
    let several = home.visit("vis_2").await;
    several.says("where is my order 123456").await;
    let several = several.says("I'm Ann Lee, postcode 20002").await;
    assert_eq!(nobody, several);
    assert!(nobody.starts_with(NOT_FOUND), "{nobody}");
    // Somebody else's order is as unknown as none.
    let omar = home.visit("vis_3").await;
    omar.says("where is my order 123456").await;
    let foreign = omar.says("omar@mail.example").await;
    let unknown = omar.says("where is my order 999999").await;
    assert_eq!(foreign, unknown);
    assert!(!foreign.contains("on its way"));
}

#[tokio::test]
async fn a_wrong_detail_can_be_put_right() {
    let home = Home::new();
    let talk = home.visit("vis_1").await;
    talk.says("where is my order 123456").await;
    assert!(talk.says("fatma@mail.example").await.starts_with(NOT_FOUND));
    assert_eq!(talk.says("sorry, fatima@mail.example").await, HERE);
}

#[tokio::test]
async fn after_too_many_tries_nobody_is_looked_up_any_more() {
    let home = Home::new();
    let talk = home.visit("vis_1").await;
    talk.says("where is my order 123456").await;
    assert!(talk.says("a@mail.example").await.starts_with(NOT_FOUND));
    assert!(talk.says("b@mail.example").await.starts_with(NOT_FOUND));
    let last = talk.reply("c@mail.example").await.unwrap().unwrap();
    assert!(last.text.starts_with(LOCKED), "{}", last.text);
    assert_eq!(last.status, ReplyStatus::HandedOver);
    assert_eq!(last.escalation.unwrap().reason, "unproven");
    // Nor in another conversation, nor after a restart; but somebody else may try.
    let home = home.restarted().await;
    let again = home.visit("vis_1").await;
    let reply = again.says("I'm Fatima Taylor, 32169, where is my order 123456").await;
    assert!(reply.starts_with(LOCKED), "{reply}");
    let other = home.visit("vis_2").await;
    assert_eq!(other.says("I'm Fatima Taylor, postcode 32169, where is my order 123456").await, HERE);
    // The next day it is forgiven.
    home.watch.advance(Duration::from_secs(24 * 3600));
    let next_day = home.visit("vis_1").await;
    assert_eq!(next_day.says("I'm Fatima Taylor, postcode 32169, where is my order 123456").await, HERE);
}

#[tokio::test]
async fn tries_in_several_conversations_at_once_count_together() {
    let home = Home::new();
    let mut talks = Vec::new();
    for _ in 0..6 {
        let talk = home.visit("vis_1").await;
        talk.says("where is my order 123456").await;
        talks.push(talk);
    }
    let replies = futures::future::join_all(talks.iter().map(|talk| talk.says("wrong@mail.example"))).await;
    assert_eq!(home.asked().matches("byEmail").count(), 3, "{replies:?}");
}

#[tokio::test]
async fn a_shop_that_does_not_answer_is_no_try() {
    let home = Home::new();
    let talk = home.visit("vis_1").await;
    talk.says("where is my order 123456").await;
    home.shop.down.store(true, Ordering::Relaxed);
    let reply = talk.says("fatima@mail.example").await;
    assert!(reply.contains("can't reach"), "{reply}");
    for _ in 0..4 {
        let reply = talk.says("where is my order 123456").await;
        assert!(reply.contains("can't reach"), "{reply}");
    }
    home.shop.down.store(false, Ordering::Relaxed);
    assert_eq!(talk.says("where is my order 123456").await, HERE);
}

#[tokio::test]
async fn a_proof_lasts_while_the_customer_writes_and_a_conversation_stays_theirs() {
    let home = Home::new();
    let talk = home.visit("vis_1").await;
    assert_eq!(talk.says("fatima@mail.example, where is my order 123456").await, HERE);
    for _ in 0..3 {
        home.watch.advance(Duration::from_secs(10 * 60));
        assert_eq!(talk.says("where is my order 123456").await, HERE);
    }
    let id = talk.id.clone();
    let home = home.restarted().await;
    let talk = home.back("vis_1", id);
    assert_eq!(talk.says("where is my order 123456").await, HERE);
    home.watch.advance(Duration::from_secs(16 * 60));
    assert_eq!(talk.says("where is my order 123456").await, "Which e-mail address did you order with?");
    // Another customer's conversation it does not become.
    assert!(talk.says("omar@mail.example").await.starts_with(NOT_FOUND));
    assert_eq!(talk.says("fatima@mail.example").await, HERE);
}

#[tokio::test]
async fn what_a_token_has_proven_words_do_not_replace() {
    let home = Home::new();
    let mut talk = home.visit("vis_1").await;
    let customer = Customer { id: pseudonym("omar"), external: Personal::identity("omar".to_owned()) };
    talk.session = Session { customer: Some(customer), level: Level::Identified, until: Timestamp(i64::MAX), ..talk.session.clone() };
    assert_eq!(talk.says("I'm Fatima Taylor, 32169, fatima@mail.example, where is my order 222222").await, "Order 222222 is delivered.");
    talk.session = Session::anonymous(talk.session.visitor.clone(), "web");
    assert!(talk.says("where is my order 222222").await.starts_with("Please sign in"));
    assert!(!home.asked().contains("by"));
}

#[tokio::test]
async fn another_question_in_between_is_answered_and_the_proof_waits() {
    let home = Home::new();
    let talk = home.visit("vis_1").await;
    talk.says("where is my order 123456").await;
    let between = talk.says("when are you open?").await;
    assert!(between.starts_with("We are open") && between.ends_with("did you order with?"), "{between}");
    assert_eq!(talk.says("fatima@mail.example").await, HERE);
}

#[tokio::test]
async fn what_was_told_stands_nowhere_in_the_clear() {
    let home = Home::new();
    let talk = home.visit("vis_1").await;
    talk.says("Hi, I'm Fatima Taylor, postcode 32169. Where is my order 123456?").await;
    for recorded in talk.everything().await {
        if let Event::ProofTried { .. } | Event::ProofEnded { .. } | Event::Escalated { .. } = &recorded.event {
            assert!(!serde_json::to_string(&recorded.event).unwrap().contains("32169"));
        }
    }
}
