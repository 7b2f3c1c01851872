//! Merging and taking it back, whatever happened in a conversation before: nothing of it is lost, nothing is said meanwhile, and nobody
//! is merged with somebody else.

use super::house::{Home, pseudonym};
use patchbay_core::handoff::Case;
use patchbay_core::id::{ConversationId, StaffId, VisitorId};
use patchbay_core::log::DueTimer;
use patchbay_core::port::Log;
use patchbay_core::words::{ConversationState, Level};
use patchbay_core::{Customer, Personal, Session, Timestamp};
use patchbay_service::{Inbound, Refused, Transfer};
use std::time::Duration;

const ROUNDS: u64 = 24;

fn session(customer: &str) -> Session {
    Session {
        visitor: VisitorId::parse("vis_1").unwrap(),
        customer: Some(Customer { id: pseudonym(customer), external: Personal::identity(customer.to_owned()) }),
        level: Level::Identified,
        until: Timestamp(i64::MAX),
        channel: "web".to_owned(),
    }
}

fn staff(name: &str) -> StaffId {
    StaffId::parse(&format!("stf_{name}")).unwrap()
}

impl Home {
    async fn says(&self, conversation: &ConversationId, text: &str) -> Result<(), Refused> {
        let inbound = Inbound { conversation: conversation.clone(), client: None, text: text.to_owned(), picked: None, files: Vec::new() };
        let received = self.service.receive(&session("fatima"), inbound).await?;
        self.service.wait_reply(&received, Duration::from_secs(30)).await.map(drop)
    }

    /// Something that may happen to a conversation. What cannot happen just now is refused, and changes nothing.
    async fn happens(&self, conversation: &ConversationId, dice: u64) {
        let (aiko, jun) = (staff("aiko"), staff("jun"));
        let service = &self.service;
        let note = || "please see to it".to_owned();
        let to_the_queue = Transfer { to: None, queue: Some("default".to_owned()), note: note() };
        let to_jun = Transfer { to: Some(jun.clone()), queue: None, note: note() };
        let done = match dice % 11 {
            0 => self.says(conversation, "where is order 123456?").await,
            1 => self.says(conversation, "opening hours please").await,
            2 => service.ask_person(&session("fatima"), conversation).await.map(drop),
            3 => service.take(conversation, &aiko).await.map(drop),
            4 => service.answer(conversation, &aiko, "I am looking into it.", None).await.map(drop),
            5 => service.note(conversation, &aiko, "calls in the morning", None, Vec::new()).await.map(drop),
            6 => service.transfer(conversation, &aiko, to_the_queue).await.map(drop),
            7 => service.transfer(conversation, &aiko, to_jun).await.map(drop),
            8 => service
                .snooze(conversation, &aiko, patchbay_core::Clock::now(&*self.watch).plus(Duration::from_secs(86_400)))
                .await
                .map(drop),
            9 => service.resolve(conversation, &aiko).await.map(drop),
            _ => service.hand_back(conversation, &aiko, &note()).await.map(drop),
        };
        if let Err(refused) = done {
            assert!(!matches!(refused, Refused::Broken(_) | Refused::Closed { .. }), "{refused:?}");
        }
    }

    /// What a conversation is, apart from how long its stream is: its case, its place in line, its timers.
    async fn standing(&self, conversation: &ConversationId) -> (Case, Option<u32>, Vec<DueTimer>) {
        // What is under way comes to its end first, and the lines follow what was written a moment later.
        for _ in 0..6_000 {
            let timers = self.log.due_timers(Timestamp(i64::MAX), 10_000).await.unwrap();
            let has = |word: &str| timers.iter().any(|timer| timer.name == format!("{word}/{conversation}"));
            let place = self.service.place(conversation).await.unwrap();
            if !has("turn") && has("wait") == place.is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let case = self.service.case(conversation).await.unwrap();
        let case = Case { seq: 0, last_at: Timestamp(0), lines: Vec::new(), ..case };
        let place = self.service.place(conversation).await.unwrap().map(|place| place.position);
        let timers = self.log.due_timers(Timestamp(i64::MAX), 10_000).await.unwrap();
        let ours = timers.into_iter().filter(|timer| timer.name.ends_with(conversation.as_str())).collect();
        (case, place, ours)
    }
}

#[tokio::test]
async fn what_was_merged_and_taken_back_is_as_it_was() {
    let home = Home::new();
    for seed in 0..ROUNDS {
        let one = home.service.open(&session("fatima"), None).await.unwrap();
        let other = home.service.open(&session("fatima"), None).await.unwrap();
        let mut dice = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        for _ in 0..seed % 7 {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            home.happens(&one, dice >> 33).await;
        }
        let before = home.standing(&one).await;
        if let Err(refused) = home.service.merge(&one, &staff("aiko"), &other).await {
            // Somebody else has it: then it is not hers to merge.
            assert!(matches!(refused, Refused::AlreadyTaken { .. }), "seed {seed}: {refused:?}");
            continue;
        }
        let (merged, place, timers) = home.standing(&one).await;
        assert_eq!((place, timers), (None, Vec::new()), "seed {seed}: nobody waits in it");
        assert_eq!(merged.state, before.0.state, "seed {seed}");
        let silent = home.says(&one, "hello?").await;
        assert_eq!(silent, Err(Refused::Closed { successor: Some(other.clone()) }), "seed {seed}");
        let again = home.service.merge(&one, &staff("aiko"), &other).await;
        assert_eq!(again, Err(Refused::Closed { successor: Some(other.clone()) }), "seed {seed}");
        let back = home.service.merge(&other, &staff("aiko"), &one).await;
        assert_eq!(back, Err(Refused::Closed { successor: Some(other.clone()) }), "seed {seed}: no circle");
        home.service.unmerge(&one, &staff("aiko")).await.unwrap();
        assert_eq!(home.standing(&one).await, before, "seed {seed}");
        assert_eq!(home.service.unmerge(&one, &staff("aiko")).await, Err(Refused::NotMerged));
    }
}

#[tokio::test]
async fn two_customers_are_never_merged_and_strangers_look_like_nobody() {
    let home = Home::new();
    let aiko = staff("aiko");
    let mine = home.service.open(&session("fatima"), None).await.unwrap();
    let theirs = home.service.open(&session("omar"), None).await.unwrap();
    let nobodys = home.visit("vis_2").await.id;
    let unknown = ConversationId::parse("cnv_none").unwrap();
    for into in [&theirs, &nobodys, &unknown] {
        assert_eq!(home.service.merge(&mine, &aiko, into).await, Err(Refused::NotFound));
        assert_eq!(home.service.merge(into, &aiko, &mine).await, Err(Refused::NotFound));
    }
    assert!(matches!(home.service.merge(&mine, &aiko, &mine).await, Err(Refused::Invalid { field: "into", .. })));
    assert_eq!(home.service.case(&mine).await.unwrap().state, ConversationState::Bot);
}

#[tokio::test]
async fn of_two_merges_that_cross_one_counts() {
    let home = Home::new();
    for _ in 0..10 {
        let one = home.service.open(&session("fatima"), None).await.unwrap();
        let other = home.service.open(&session("fatima"), None).await.unwrap();
        let (aiko, jun) = (staff("aiko"), staff("jun"));
        let (first, second) = tokio::join!(home.service.merge(&one, &aiko, &other), home.service.merge(&other, &jun, &one));
        assert!(first.is_ok() ^ second.is_ok(), "{first:?} {second:?}");
        let lost = first.and(second).unwrap_err();
        assert!(matches!(lost, Refused::Closed { .. } | Refused::Busy { .. }), "{lost:?}");
    }
}

#[tokio::test]
async fn a_merge_is_final_after_thirty_days() {
    let home = Home::new();
    let one = home.service.open(&session("fatima"), None).await.unwrap();
    let other = home.service.open(&session("fatima"), None).await.unwrap();
    home.service.merge(&one, &staff("aiko"), &other).await.unwrap();
    home.watch.advance(Duration::from_secs(30 * 86_400));
    assert_eq!(home.service.unmerge(&one, &staff("jun")).await, Err(Refused::MergeFinal));
}
