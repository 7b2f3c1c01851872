//! A thousand races for a conversation: customers, their button, and two people of the staff, all at once. `RACES=10000` runs more,
//! `RACE=17` runs one.

use futures::future::join_all;
use patchbay_core::event::Event;
use patchbay_core::id::{ConversationId, StaffId};
use patchbay_core::mind::{Draft, MindStep};
use patchbay_core::words::ConversationState;
use patchbay_core::{Session, Value};
use patchbay_engine::scripted::{Act, Scripted};
use patchbay_service::{Inbound, Refused, Service, Transfer};
use patchbay_testkit::TestApp;
use std::collections::BTreeMap;
use std::time::Duration;

/// So many conversations race at a time.
const AT_ONCE: u64 = 25;

#[tokio::test(flavor = "multi_thread")]
async fn one_owner_one_handoff_and_a_silent_bot() {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let seeds: Vec<u64> = number("RACE").map_or(0..number("RACES").unwrap_or(1_000), |one| one..one + 1).collect();
    let app = TestApp::with_mind(chatty()).await;
    let mut shown = [0_usize; 3];
    for seeds in seeds.chunks(usize::try_from(AT_ONCE).unwrap()) {
        let races = seeds.iter().map(|seed| {
            let (service, seed) = (app.service(), *seed);
            app.inside(async move { race(service, seed).await })
        });
        for (seed, conversation) in seeds.iter().zip(join_all(races).await) {
            let events = app.until(&conversation, at_rest).await;
            for (count, more) in shown.iter_mut().zip(laws(*seed, &events)) {
                *count += more;
            }
        }
    }
    // The races are worth something only if they come to handovers, takeovers and cut replies.
    assert!(seeds.len() < 1_000 || shown.iter().all(|count| *count > 100), "{shown:?}");
}

/// A mind that reads and then answers, so that there is something to interrupt.
fn chatty() -> Scripted {
    let say = |text: &str| MindStep::Say(Draft { text: text.to_owned(), template: None, facts: Vec::new(), citations: Vec::new() });
    let read = MindStep::Call { wish: 1, tool: "order".to_owned(), args: BTreeMap::from([("order_id".to_owned(), Value::text("12345"))]) };
    let over = MindStep::HandOver { reason: "frustrated".to_owned() };
    let act = |say: Vec<MindStep>| Act { say, ..Act::default() };
    Scripted::forever([
        act(vec![say("One moment."), read]),
        act(vec![say("It is on its way.")]),
        act(vec![say("Hello.")]),
        act(vec![say("I had better ask a colleague."), over]),
    ])
}

/// One thing somebody does.
#[derive(Clone, Copy, Debug)]
enum Move {
    Write,
    Press,
    Take,
    Answer,
    Resolve,
    HandBack,
    PassOn,
}

async fn race(service: Service, seed: u64) -> ConversationId {
    let mut dice = Dice(seed);
    let session = Session::anonymous(patchbay_core::id::VisitorId::from_bits(u128::from(seed)), "web");
    let conversation = service.open(&session, None).await.unwrap();
    say(&service, &session, &conversation, "where is order 12345?").await;
    let moves: Vec<(Move, StaffId, u64)> = (0..4 + dice.below(8))
        .map(|_| {
            use Move::{Answer, HandBack, PassOn, Press, Resolve, Take, Write};
            let kind = [Write, Press, Take, Take, Answer, Answer, Resolve, HandBack, PassOn];
            let staff = StaffId::from_bits(u128::from(dice.below(2)));
            (kind[usize::try_from(dice.below(9)).unwrap()], staff, dice.below(40))
        })
        .collect();
    join_all(moves.into_iter().map(|(what, by, after)| {
        let (service, session, conversation) = (service.clone(), session.clone(), conversation.clone());
        async move {
            tokio::time::sleep(Duration::from_millis(after)).await;
            make(&service, &session, &conversation, what, &by).await;
        }
    }))
    .await;
    conversation
}

async fn make(service: &Service, session: &Session, conversation: &ConversationId, what: Move, by: &StaffId) {
    let other = StaffId::from_bits(u128::from(by == &StaffId::from_bits(0)));
    let result = match what {
        Move::Write => return say(service, session, conversation, "and what about it?").await,
        Move::Press => service.ask_person(session, conversation).await,
        Move::Take => service.take(conversation, by).await,
        Move::Answer => service.answer(conversation, by, "Here I am.", None).await,
        Move::Resolve => service.resolve(conversation, by).await,
        Move::HandBack => service.hand_back(conversation, by, "All is said.").await,
        Move::PassOn => {
            let transfer = Transfer { to: Some(other), queue: None, note: "Please.".to_owned() };
            service.transfer(conversation, by, transfer).await
        }
    };
    let fair = matches!(
        result,
        Ok(_) | Err(Refused::AlreadyTaken { .. } | Refused::NotHeld | Refused::NotOffered | Refused::NotResolved | Refused::Busy { .. })
    );
    assert!(fair, "{what:?}: {result:?}");
}

async fn say(service: &Service, session: &Session, conversation: &ConversationId, text: &str) {
    let inbound = Inbound { conversation: conversation.clone(), client: None, text: text.to_owned(), picked: None, files: Vec::new() };
    service.receive(session, inbound).await.unwrap();
}

/// Has every turn ended, and nothing waits for the bot?
fn at_rest(events: &[Event]) -> bool {
    let count = |test: &dyn Fn(&Event) -> bool| events.iter().filter(|event| test(event)).count();
    let opened = count(&|event| matches!(event, Event::TurnOpened { .. }));
    let ended = count(&|event| matches!(event, Event::ReplyClosed { .. } | Event::ReplyCut { .. }));
    opened == ended
}

/// Walks through the log of a race. Gives how often it came to a handover, a takeover and a cut reply.
fn laws(seed: u64, events: &[Event]) -> [usize; 3] {
    let mut shown = [0; 3];
    let (mut open, mut owner, mut state) = (None, None, ConversationState::Bot);
    for (n, event) in events.iter().enumerate() {
        let place = || format!("race {seed}, event {n}: {event:?}\n{events:#?}");
        match event {
            Event::HandoffOffered { handoff, .. } => {
                assert!(open.replace(handoff.clone()).is_none(), "a second handoff: {}", place());
                shown[0] += 1;
            }
            Event::HandoffAccepted { handoff, by } => {
                assert_eq!(open.as_ref(), Some(handoff), "{}", place());
                assert!(owner.replace(by.clone()).is_none(), "a second owner: {}", place());
                shown[1] += 1;
            }
            Event::HandoffPassed { .. } => owner = None,
            Event::HandoffEnded { handoff, .. } => {
                assert_eq!(open.take().as_ref(), Some(handoff), "{}", place());
                owner = None;
            }
            Event::StateChanged { state: now, .. } => state = *now,
            Event::MessageReceived { staff: Some(staff), .. } => {
                assert_eq!(owner.as_ref().map(StaffId::as_str), Some(staff.as_str()), "answered by another than the owner: {}", place());
            }
            Event::PartReleased { .. } | Event::QuestionAsked { .. } | Event::ActionProposed { .. } => {
                assert_eq!(state, ConversationState::Bot, "the bot talks over a person: {}", place());
            }
            Event::ReplyCut { .. } => shown[2] += 1,
            _ => {}
        }
        assert!(owner.is_none() || open.is_some(), "owned by nobody's handoff: {}", place());
    }
    let held = matches!(state, ConversationState::Waiting | ConversationState::Open | ConversationState::Snoozed);
    assert_eq!(held, open.is_some(), "race {seed}: people have it exactly while a handoff is open: {events:#?}");
    shown
}

/// splitmix64
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }
}
