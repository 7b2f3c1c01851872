//! Who is answered first: by the promise, or whoever sounds upset.

use crate::day::{Desk, MORNING, conversation, session};
use patchbay_core::event::Event;
use patchbay_core::id::{HandoffId, TurnId};
use patchbay_core::log::{Append, Expected, StreamId, Subject};
use patchbay_core::mind::{Feeling, MindStep, Understanding};
use patchbay_core::port::Log;
use patchbay_core::words::ConversationState;
use patchbay_core::{Personal, Timestamp};
use patchbay_views::facts::Rules;
use patchbay_views::{Cursor, DeskRow, List, Pressing, Projector, Views};

/// A customer in line: how they sound, and when it happens, in seconds of the morning.
struct Waiting {
    n: u128,
    queue: &'static str,
    feeling: i64,
    since: i64,
    due: Option<i64>,
}

fn at(second: i64) -> Timestamp {
    Timestamp(MORNING.0 + second * 1000)
}

impl Waiting {
    async fn tell(&self, log: &dyn Log) {
        let turn = TurnId::from_bits(self.n);
        let feeling = Feeling { last: self.feeling, ..Feeling::default() };
        let understood = Understanding { feeling, ..Understanding::default() };
        let events = vec![
            Event::ConversationOpened { session: session(), language: "en".to_owned() },
            Event::MindSpoke { turn: turn.clone(), ask: turn.ask(1), n: 0, step: Personal::trace(MindStep::Understood(understood)) },
            Event::HandoffOffered {
                handoff: HandoffId::from_bits(self.n),
                queue: self.queue.to_owned(),
                to: None,
                reason: "asked_for_human".to_owned(),
                wait_since: at(self.since),
                due: self.due.map(at),
                expires: None,
                place: None,
                resolve_by: None,
            },
            Event::StateChanged { state: ConversationState::Waiting, by: None },
        ];
        let mut append = Append::new(at(self.since), StreamId::conversation(&conversation(self.n)), Expected::Any, events);
        append.subject = Some(Subject("cus_ann".to_owned()));
        log.append(append).await.unwrap();
    }
}

async fn line() -> (Desk, Views) {
    let desk = Desk::open();
    let line = [
        Waiting { n: 1, queue: "shop", feeling: 100, since: 0, due: Some(120) },
        Waiting { n: 2, queue: "shop", feeling: -500, since: 30, due: Some(150) },
        Waiting { n: 3, queue: "shop", feeling: -900, since: 200, due: Some(320) },
        Waiting { n: 4, queue: "shop", feeling: 0, since: 10, due: Some(135) },
        Waiting { n: 5, queue: "calls", feeling: -900, since: 20, due: Some(400) },
        Waiting { n: 6, queue: "calls", feeling: 0, since: 40, due: None },
        Waiting { n: 7, queue: "calls", feeling: -500, since: 50, due: None },
    ];
    for waiting in &line {
        waiting.tell(desk.log.as_ref()).await;
    }
    let projector = Projector::open(&desk.views(), Rules::default()).unwrap();
    projector.catch_up(desk.log.as_ref()).await.unwrap();
    let views = Views::open(&desk.views()).unwrap();
    (desk, views)
}

fn numbers(rows: &[DeskRow]) -> Vec<u128> {
    let number = |row: &DeskRow| (1..=7).find(|n| row.id == conversation(*n).to_string()).unwrap();
    rows.iter().map(number).collect()
}

/// The whole line, read row by row: each page begins where the one before ended.
async fn paged(views: &Views, pressing: &Pressing) -> Vec<u128> {
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = views.queue(List::Waiting, "stf_nobody".to_owned(), None, after, 1, pressing.clone()).await.unwrap();
        let Some(last) = page.last() else { return seen };
        // As it travels to a browser and back.
        after = Some(Cursor::of(List::Waiting, last, pressing).to_string().parse().unwrap());
        seen.extend(numbers(&page));
    }
}

#[tokio::test]
async fn the_promise_orders_and_within_its_minute_whoever_sounds_upset() {
    let (_desk, views) = line().await;
    let pressing = Pressing::default();
    let all = views.queue(List::Waiting, "stf_nobody".to_owned(), None, None, 9, pressing.clone()).await.unwrap();
    // 2 is due in the same minute as 1 and 4, though later; without a promise one comes last.
    assert_eq!(numbers(&all), [2, 1, 4, 3, 5, 7, 6]);
    assert_eq!(paged(&views, &pressing).await, numbers(&all));
    assert_eq!(numbers(&views.next_waiting("stf_nobody".to_owned(), 9, &pressing).await.unwrap()), numbers(&all));
    assert_eq!(pressing.at(&all[0]), Some(at(150)));
    assert_eq!(pressing.at(&all[6]), None);
}

#[tokio::test]
async fn in_a_queue_ordered_by_feeling_the_upset_are_due_at_once() {
    let (_desk, views) = line().await;
    let pressing = Pressing::new(["calls".to_owned()]);
    let all = views.queue(List::Waiting, "stf_nobody".to_owned(), None, None, 9, pressing.clone()).await.unwrap();
    // Only in that queue; those of the shop keep the order of their promises.
    assert_eq!(numbers(&all), [5, 7, 2, 1, 4, 3, 6]);
    assert_eq!(paged(&views, &pressing).await, numbers(&all));
    assert_eq!(numbers(&views.next_waiting("stf_nobody".to_owned(), 3, &pressing).await.unwrap()), [5, 7, 2]);
    assert_eq!(pressing.at(&all[0]), Some(at(20)));

    // A promise that was broken before somebody upset came is kept first: nobody waits for ever.
    let both = Pressing::new(["calls".to_owned(), "shop".to_owned()]);
    let all = views.queue(List::Waiting, "stf_nobody".to_owned(), None, None, 9, both.clone()).await.unwrap();
    assert_eq!(numbers(&all), [5, 2, 7, 1, 4, 3, 6]);
    assert_eq!(paged(&views, &both).await, numbers(&all));
}
