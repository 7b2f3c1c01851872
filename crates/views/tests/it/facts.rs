//! Facts and cells: every history ends in one outcome, cells are a recount of rows, and following equals rebuilding.

use crate::day::{Desk, MORNING, conversation, dump};
use patchbay_core::declare::Outcomes;
use patchbay_core::event::{Event, Settled};
use patchbay_core::handoff::Survey;
use patchbay_core::id::{ActionId, CustomerId, MessageId, TurnId, VisitorId};
use patchbay_core::log::{Append, Expected, StreamId, Subject};
use patchbay_core::mind::{MindStep, Speaker, Understanding};
use patchbay_core::port::Log;
use patchbay_core::reply::Citation;
use patchbay_core::session::{Customer, Session};
use patchbay_core::words::{ConversationState, Level, Outcome, ReplyStatus, Route, Zone};
use patchbay_core::{Personal, Timestamp};
use patchbay_views::facts::{Cell, Cube, Fact, Lasting, Range, Rules, Step};
use patchbay_views::{Filter, Projector, Views, rebuild};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// What may happen in a conversation.
#[derive(Debug, Clone, Copy)]
enum Happening {
    Asks,
    Understood(u8),
    Useful,
    Greeting,
    Question,
    Closed(u8),
    Settled(bool),
    Escalated(u8),
    PersonWrites,
    State(u8),
    SignsIn(u8),
    Csat(u8),
    Thumb(bool),
}

fn happening() -> impl Strategy<Value = Happening> {
    use Happening::*;
    prop_oneof![
        4 => Just(Asks),
        2 => (0..4_u8).prop_map(Understood),
        3 => Just(Useful),
        2 => Just(Greeting),
        1 => Just(Question),
        3 => (0..8_u8).prop_map(Closed),
        1 => any::<bool>().prop_map(Settled),
        1 => (0..3_u8).prop_map(Escalated),
        1 => Just(PersonWrites),
        1 => (0..5_u8).prop_map(State),
        1 => (0..3_u8).prop_map(SignsIn),
        1 => (1..6_u8).prop_map(Csat),
        1 => any::<bool>().prop_map(Thumb),
    ]
}

/// One step of a history: in which conversation, after how many minutes, what.
type Happened = (u8, i64, Happening);

fn history() -> impl Strategy<Value = Vec<Happened>> {
    proptest::collection::vec((0..5_u8, prop_oneof![5 => 0..20_i64, 1 => 100..5_000_i64], happening()), 1..60)
}

fn session(visitor: u8, customer: Option<u8>) -> Session {
    let customer =
        customer.map(|n| Customer { id: CustomerId::parse(&format!("cus_{n}")).unwrap(), external: Personal::identity(format!("C-{n}")) });
    let channel = if visitor == 0 { "app" } else { "web" };
    Session {
        visitor: VisitorId::from_bits(u128::from(visitor)),
        customer,
        level: Level::Contact,
        until: Timestamp(i64::MAX),
        channel: channel.to_owned(),
    }
}

fn message(by: Speaker, n: usize) -> Event {
    let text = Personal::message("words".to_owned());
    Event::MessageReceived {
        message: MessageId::from_bits(n as u128),
        client: None,
        by,
        staff: None,
        text,
        masked: Vec::new(),
        picked: None,
        files: Vec::new(),
    }
}

fn event(what: Happening, conversation: u8, n: usize) -> Event {
    let turn = TurnId::from_bits(n as u128);
    let part = |citations| {
        let text = Personal::message("words".to_owned());
        Event::PartReleased { turn: turn.clone(), part: 1, text, facts: Vec::new(), citations }
    };
    let rated = |survey, score, scale| {
        let (n, turn) = (Some(1), None);
        Event::Rated { survey, turn, n, score, scale, staff: None, reason: None }
    };
    match what {
        Happening::Asks => message(Speaker::Customer, n),
        Happening::PersonWrites => message(Speaker::Agent, n),
        Happening::Understood(skill) => {
            let skills = [Some("track"), Some("cancel"), None, None];
            let understanding = Understanding {
                skill: skills[usize::from(skill)].map(str::to_owned),
                route: Some([Route::Skill, Route::Skill, Route::Knowledge, Route::Talk][usize::from(skill)]),
                ..Understanding::default()
            };
            Event::MindSpoke { ask: turn.ask(1), turn, n: 0, step: Personal::trace(MindStep::Understood(understanding)) }
        }
        Happening::Useful => part(vec![Citation { id: "kb_returns".to_owned(), title: "Returns".to_owned() }]),
        Happening::Greeting => part(Vec::new()),
        Happening::Question => part(Vec::new()),
        Happening::Closed(status) => {
            Event::ReplyClosed { turn, status: ReplyStatus::ALL[usize::from(status)], zone: Zone::Answer, refusal: None }
        }
        Happening::Settled(verified) => {
            let id = ActionId::from_bits(n as u128);
            Event::ActionSettled { id, outcome: Settled::Done, verified: Some(verified), detail: None }
        }
        Happening::Escalated(reason) => {
            let reason = ["asked_for_human", "no_answer", "backend_down"][usize::from(reason)].to_owned();
            Event::Escalated { turn, reason, rule: None, evidence: BTreeMap::new(), config: None, seen: None }
        }
        Happening::State(state) => Event::StateChanged { state: ConversationState::ALL[usize::from(state)], by: None },
        Happening::SignsIn(who) => Event::SessionChanged { session: session(conversation % 2, (who > 0).then_some(who)), by: None },
        Happening::Csat(score) => rated(Survey::Csat, score, 5),
        Happening::Thumb(up) => rated(Survey::Helpful, u8::from(up), 1),
    }
}

/// Writes histories to a log, piece by piece.
#[derive(Default)]
struct Teller {
    minutes: i64,
    told: usize,
    opened: BTreeSet<u8>,
}

impl Teller {
    async fn tell(&mut self, log: &dyn Log, piece: &[Happened]) {
        for (who, minutes, what) in piece {
            self.minutes += minutes;
            self.told += 1;
            let at = Timestamp(MORNING.0 + self.minutes * MINUTE);
            let opening = Event::ConversationOpened { session: session(who % 2, None), language: "en".to_owned() };
            let opening = self.opened.insert(*who).then_some(opening);
            let events = opening.into_iter().chain([event(*what, *who, self.told)]).collect();
            let stream = StreamId::conversation(&conversation(u128::from(*who) + 1));
            let mut append = Append::new(at, stream, Expected::Any, events);
            append.subject = Some(Subject("cnv_any".to_owned()));
            log.append(append).await.unwrap();
        }
    }
}

/// A desk where a history happened, and its views, brought up to date after every so many steps.
async fn told(history: &[Happened], piece: usize) -> (Desk, Views) {
    let desk = Desk::open();
    let projector = Projector::open(&desk.views(), rules()).unwrap();
    let mut teller = Teller::default();
    for piece in history.chunks(piece) {
        teller.tell(desk.log.as_ref(), piece).await;
        projector.catch_up(desk.log.as_ref()).await.unwrap();
    }
    let views = Views::open(&desk.views()).unwrap();
    (desk, views)
}

fn rules() -> Rules {
    Rules::new("Asia/Kolkata", Outcomes::default())
}

async fn everything(views: &Views) -> Vec<Fact> {
    let range = Range { from: 0, to: 100_000, channel: None };
    views.facts(range, None, None, usize::MAX, |_| true).await.unwrap()
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_history_ends_in_exactly_one_outcome_and_cells_are_a_recount(history in history(), now in 0..400_i64) {
        run(async {
            let (_desk, views) = told(&history, 9).await;
            let facts = everything(&views).await;
            let opened: BTreeSet<u8> = history.iter().map(|(who, _, _)| *who).collect();
            prop_assert_eq!(facts.len(), opened.len());
            let now = Timestamp(MORNING.0 + now * HOUR);
            let range = Range { from: rules().day(MORNING), to: rules().day(MORNING) + 400, channel: None };
            let counted = views.counted(range, Step::Month, Cube::ALL.to_vec(), rules(), now).await.unwrap();
            let mut recount: BTreeMap<Cell, i64> = BTreeMap::new();
            let mut running = 0;
            for fact in facts.iter().filter(|fact| fact.messages > 0) {
                if !fact.has_ended(&rules(), now) {
                    running += 1;
                    continue;
                }
                for cell in fact.cells(&rules()) {
                    if cell.cube != Cube::Lasting || fact.is_judged(&rules(), now) {
                        *recount.entry(cell).or_default() += 1;
                    }
                }
            }
            prop_assert_eq!(&counted.cells, &recount);
            prop_assert_eq!(counted.running, running);
            // One outcome each: the six add up to all of them.
            let outcomes: i64 = counted.cells.iter().filter(|(cell, _)| cell.cube == Cube::Outcome).map(|(_, n)| n).sum();
            let ended = facts.iter().filter(|fact| fact.messages > 0 && fact.has_ended(&rules(), now)).count();
            prop_assert_eq!(outcomes, i64::try_from(ended).unwrap());
            // And lists show the same one.
            for row in views.conversations_after(Filter::default(), 0, 99).await.unwrap() {
                let fact = facts.iter().find(|fact| fact.id == row.id).unwrap();
                prop_assert_eq!(row.outcome.as_str(), fact.outcome(&rules()).as_str());
            }
            Ok(())
        })?;
    }

    #[test]
    fn pieces_do_not_show_and_a_rebuild_gives_the_same(history in history(), piece in 1..60_usize) {
        run(async {
            let (desk, views) = told(&history, piece).await;
            drop(views);
            let followed = dump(&desk.views());
            rebuild(desk.log.as_ref(), &desk.views(), rules(), |_| {}).await.unwrap();
            prop_assert_eq!(dump(&desk.views()), followed);
            Ok(())
        })?;
    }
}

/// The only fact of a short history.
async fn fact(history: &[Happened]) -> Fact {
    let (_desk, views) = told(history, 99).await;
    everything(&views).await.remove(0)
}

#[tokio::test]
async fn the_ladder_says_what_the_words_say() {
    use Happening::*;
    let ends = async |steps: &[Happening]| {
        let history: Vec<Happened> = steps.iter().map(|step| (0, 1, *step)).collect();
        fact(&history).await.outcome(&rules())
    };
    let (answered, asking, failed) = (Closed(0), Closed(1), Closed(7));
    assert_eq!(ends(&[Asks]).await, Outcome::Abandoned);
    assert_eq!(ends(&[Asks, Question, asking]).await, Outcome::Abandoned);
    assert_eq!(ends(&[Asks, Greeting, answered]).await, Outcome::Unassisted);
    assert_eq!(ends(&[Asks, Greeting, failed]).await, Outcome::Unassisted);
    assert_eq!(ends(&[Asks, Escalated(0)]).await, Outcome::Escalated);
    assert_eq!(ends(&[Asks, Useful, answered, PersonWrites]).await, Outcome::AssistedEscalation);
    assert_eq!(ends(&[Asks, Useful, answered]).await, Outcome::Contained);
    assert_eq!(ends(&[Asks, Useful, answered, Thumb(true)]).await, Outcome::Verified);
    assert_eq!(ends(&[Asks, Useful, answered, Thumb(true), Thumb(false)]).await, Outcome::Contained);
    assert_eq!(ends(&[Asks, Settled(true)]).await, Outcome::Verified);
    assert_eq!(ends(&[Asks, Settled(false)]).await, Outcome::Contained);
}

#[tokio::test]
async fn a_success_lasts_until_the_same_comes_back() {
    use Happening::*;
    let first = [(1, 0, Asks), (1, 0, Understood(0)), (1, 1, Useful), (1, 0, Closed(0))];
    // The same browser: with the same after a day, with something else, with the same after four days.
    let later = |after: i64, skill: u8| [(3, after, Asks), (3, 0, Understood(skill))];
    let lasted = async |after: i64, skill: u8| {
        let (_desk, views) = told(&[&first[..], &later(after, skill)].concat(), 2).await;
        let facts = everything(&views).await;
        let fact = facts.into_iter().find(|fact| fact.id == conversation(2).to_string()).unwrap();
        (fact.came_back, fact.lasting(&rules()))
    };
    assert_eq!(lasted(24 * 60, 0).await, (Some(24 * HOUR), Lasting::CameBack));
    assert_eq!(lasted(24 * 60, 1).await, (None, Lasting::AtOnce));
    assert_eq!(lasted(96 * 60, 0).await, (Some(96 * HOUR), Lasting::AtOnce));
}

#[tokio::test]
async fn other_rules_judge_everything_anew() {
    use Happening::*;
    let history = [(0, 0, Asks), (0, 1, Useful), (0, 0, Closed(0)), (0, 1, Thumb(true))];
    let (desk, views) = told(&history, 9).await;
    let range = Range { from: 0, to: 100_000, channel: None };
    let later = Timestamp(MORNING.0 + 1_000 * HOUR);
    let outcome = async |views: &Views, rules: &Rules| {
        let counted = views.counted(range.clone(), Step::Month, Cube::ALL.to_vec(), rules.clone(), later).await.unwrap();
        let outcome = counted.cells.into_iter().find(|(cell, _)| cell.cube == Cube::Outcome).unwrap();
        (outcome.0.a, outcome.1)
    };
    assert_eq!(outcome(&views, &rules()).await, ("verified".to_owned(), 1));
    let strict = Rules::new("UTC", Outcomes { verified_by: Vec::new(), durable_after: Duration::from_secs(9_000), ..Outcomes::default() });
    drop(Projector::open(&desk.views(), strict.clone()).unwrap());
    assert_eq!(outcome(&views, &strict).await, ("contained".to_owned(), 1));
    assert_eq!(views.conversations_after(Filter::default(), 0, 9).await.unwrap()[0].outcome, "contained");
}

#[tokio::test]
async fn times_people_and_ratings_are_told() {
    use Happening::*;
    let history = [(0, 0, Asks), (0, 1, Escalated(1)), (0, 5, PersonWrites), (0, 10, State(4)), (0, 1, Csat(4)), (0, 60, Asks)];
    let fact = fact(&history).await;
    assert_eq!((fact.waited, fact.answered, fact.solved(&rules())), (Some(5 * MINUTE), Some(6 * MINUTE), None));
    assert_eq!((fact.reason.as_deref(), fact.csat, fact.reopened, fact.messages), (Some("no_answer"), Some((4, 5)), true, 2));
}

#[tokio::test]
async fn facts_page_from_the_newest_day_on() {
    use Happening::*;
    let history: Vec<Happened> = (0..5).flat_map(|who| [(who, 1_500, Asks), (who, 1, Useful)]).collect();
    let (_desk, views) = told(&history, 3).await;
    let all = everything(&views).await;
    let range = Range { from: 0, to: 100_000, channel: None };
    let mut paged = Vec::new();
    loop {
        let after = paged.last().map(|fact: &Fact| fact.id.clone());
        let page = views.facts(range.clone(), Some(Outcome::Contained), after, 2, |_| true).await.unwrap();
        if page.is_empty() {
            break;
        }
        paged.extend(page);
    }
    assert_eq!(paged, all);
    assert!(all.windows(2).all(|pair| pair[0].opened_at > pair[1].opened_at));
    let web = Range { channel: Some("web".to_owned()), ..range };
    assert_eq!(views.facts(web, None, None, 9, |_| true).await.unwrap().len(), 2);
}
