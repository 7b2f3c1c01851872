//! Looking through what was said: what the filters narrow, how one look ends, and how fast it is.
//! The last is run by hand: `cargo test --release -p patchbay-views --test it -- --ignored --nocapture words_a_second`.

use crate::day::{ANN, Desk, MORNING, asked_for_a_person, cancelled_order, conversation, session};
use patchbay_core::event::Event;
use patchbay_core::id::MessageId;
use patchbay_core::log::{Append, Expected, StreamId, Subject};
use patchbay_core::mind::Speaker;
use patchbay_core::port::Log;
use patchbay_core::{Clock, Personal, Timestamp};
use patchbay_views::facts::Rules;
use patchbay_views::find::{Look, Place, Query, Sought, find};
use patchbay_views::{Projector, Views};
use std::time::{Duration, Instant};

/// A clock that goes on by so much whenever somebody looks.
struct Ticking(std::sync::atomic::AtomicI64, i64);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        Timestamp(MORNING.0 + self.0.fetch_add(self.1, std::sync::atomic::Ordering::Relaxed))
    }
}

fn standing() -> Ticking {
    Ticking(0.into(), 0)
}

fn words(text: &str) -> Sought {
    Sought { query: Query::read(text).unwrap(), ..Sought::default() }
}

async fn shown(desk: &Desk) -> Views {
    Projector::open(&desk.views(), Rules::default()).unwrap().catch_up(desk.log.as_ref()).await.unwrap();
    Views::open(&desk.views()).unwrap()
}

/// Conversations of five messages each, one after another, every hundredth message about a parcel.
async fn fill(desk: &Desk, conversations: u128) {
    for n in 0..conversations {
        let id = conversation(1_000 + n);
        let said = |k: u128| {
            let text = match (n * 5 + k) % 100 {
                0 => "Where is my parcel? It should have come on Tuesday, and nobody tells me anything about it.".to_owned(),
                _ => format!("I have a question about invoice {}, which I do not understand; please have a look at it.", n * 5 + k),
            };
            Event::MessageReceived {
                message: MessageId::from_bits(n * 5 + k),
                client: None,
                by: if k.is_multiple_of(2) { Speaker::Customer } else { Speaker::Agent },
                staff: None,
                text: Personal::message(text),
                masked: Vec::new(),
                picked: None,
                files: Vec::new(),
            }
        };
        let mut events = vec![Event::ConversationOpened { session: session(), language: "en".to_owned() }];
        events.extend((0..5).map(said));
        let at = Timestamp(MORNING.0 + i64::try_from(n).unwrap() * 60_000);
        let append =
            Append { subject: Some(Subject(ANN.to_owned())), ..Append::new(at, StreamId::conversation(&id), Expected::Length(0), events) };
        desk.log.append(append).await.unwrap();
    }
}

#[tokio::test]
async fn what_was_understood_and_where_it_ended_narrow() {
    let desk = Desk::open();
    cancelled_order(desk.log.as_ref()).await;
    asked_for_a_person(desk.log.as_ref()).await;
    let views = shown(&desk).await;
    let all = find(&views, desk.log.as_ref(), &standing(), &words(""), None, 100).await.unwrap();
    assert!(all.next.is_none() && all.hits.len() > 4 && all.messages >= all.hits.len() as u64, "{all:?}");
    assert!(all.hits.windows(2).all(|pair| pair[0].at >= pair[1].at), "newest first");
    let of = async |sought: Sought| find(&views, desk.log.as_ref(), &standing(), &sought, None, 100).await.unwrap().hits;
    for outcome in ["verified", "escalated"] {
        let hits = of(Sought { outcome: Some(outcome.to_owned()), ..Sought::default() }).await;
        assert!(!hits.is_empty() && hits.iter().all(|hit| hit.outcome == outcome), "{hits:?}");
    }
    let topic = all.hits.iter().find_map(|hit| hit.topic.clone()).expect("something was understood");
    let hits = of(Sought { topic: Some(topic.clone()), ..Sought::default() }).await;
    assert!(!hits.is_empty() && hits.len() < all.hits.len() && hits.iter().all(|hit| hit.topic.as_ref() == Some(&topic)), "{hits:?}");
    let later = of(Sought { from: Some(all.hits[0].at), ..Sought::default() }).await;
    let before = of(Sought { to: Some(all.hits[0].at), ..Sought::default() }).await;
    assert_eq!(later.len() + before.len(), all.hits.len(), "a border belongs to one side");
    desk.log.forget(Subject(ANN.to_owned())).await.unwrap();
    assert!(of(Sought::default()).await.is_empty(), "what was forgotten is read by nobody");
}

#[tokio::test]
async fn one_look_ends_in_time_and_the_next_goes_on() {
    let desk = Desk::open();
    fill(&desk, 500).await;
    let views = shown(&desk).await;
    let whole = find(&views, desk.log.as_ref(), &standing(), &words("parcel"), None, 200).await.unwrap();
    assert_eq!((whole.hits.len(), whole.messages, whole.next), (25, 2_500, None));
    // By a clock that goes on by a second each time, a look ends after the first words that are read together.
    let (mut looks, mut hits, mut read, mut after) = (0, Vec::new(), 0, None::<Place>);
    loop {
        let hasty = Ticking(0.into(), 1_000);
        let Look { hits: found, next, messages, back_to } =
            find(&views, desk.log.as_ref(), &hasty, &words("parcel"), after, 200).await.unwrap();
        (looks, read) = (looks + 1, read + messages);
        hits.extend(found);
        assert!(back_to.is_some() || next.is_none());
        let Some(next) = next else { break };
        after = Some(next.to_string().parse().unwrap());
    }
    assert_eq!((looks, read, hits), (3, 2_500, whole.hits));
}

#[tokio::test]
#[ignore = "a measurement, run by hand"]
async fn words_a_second() {
    struct Real(Instant);
    impl Clock for Real {
        fn now(&self) -> Timestamp {
            Timestamp(MORNING.0).plus(self.0.elapsed())
        }
    }
    let desk = Desk::open();
    fill(&desk, 10_000).await;
    let views = shown(&desk).await;
    for text in ["", "parcel", "\"nobody tells me\" tuesday", "not to be found"] {
        let (start, mut after, mut read, mut looks, mut longest) = (Instant::now(), None, 0, 0, Duration::ZERO);
        loop {
            let began = Instant::now();
            let look = find(&views, desk.log.as_ref(), &Real(start), &words(text), after, 200).await.unwrap();
            (read, looks, longest) = (read + look.messages, looks + 1, longest.max(began.elapsed()));
            after = look.next;
            if after.is_none() {
                break;
            }
        }
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{text:>28}: {read} messages in {seconds:.2} s, {:.0} a second, {looks} looks, the longest {longest:?}",
            read as f64 / seconds
        );
    }
}
