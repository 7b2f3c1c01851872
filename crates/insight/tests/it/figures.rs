//! Figures over a made-up quarter: each number is the count of its rows, and the ladder holds everything once.

use crate::year::{MadeUp, Plan};
use patchbay_core::Timestamp;
use patchbay_core::declare::Outcomes;
use patchbay_insight::{Asked, DEFINITIONS, Figures, Insight, InsightError, Question, Row, definition};
use patchbay_views::facts::Rules;
use patchbay_views::{Projector, Views};
use tempfile::TempDir;

const DAY: i64 = 86_400_000;

/// Monday, 3 August 2026.
const BEGINS: Timestamp = Timestamp(1_785_715_200_000);

const PLAN: Plan = Plan { begins: BEGINS, days: 90, events: 16_000, seed: 7 };

fn later(days: i64) -> Timestamp {
    Timestamp(BEGINS.0 + days * DAY)
}

async fn quarter() -> (TempDir, Insight) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("views.db");
    let rules = Rules::new("Europe/Berlin", Outcomes::default());
    let projector = Projector::open(&file, rules.clone()).unwrap();
    projector.catch_up(&MadeUp::new(PLAN)).await.unwrap();
    let insight = Insight::new(Views::open(&file).unwrap(), rules);
    (folder, insight)
}

fn asked(insight: &Insight, from: &str, to: &str, channel: Option<&str>, by: Option<&str>, now: Timestamp) -> Asked {
    let [from, to] = [from, to].map(|day| Some(day.to_owned()));
    let question = Question { from, to, channel: channel.map(str::to_owned), by: by.map(str::to_owned) };
    question.read(insight.rules(), now).unwrap()
}

async fn all_rows(insight: &Insight, name: &str, part: Option<&str>, asked: &Asked, now: Timestamp) -> Vec<Row> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = insight.rows(definition(name).unwrap(), part.map(str::to_owned), asked, now, after, 97).await.unwrap();
        rows.extend(page.data);
        match page.next {
            Some(next) => after = Some(next),
            None => return rows,
        }
    }
}

fn value(figures: &Figures, name: &str) -> f64 {
    figures.figures.iter().find(|figure| figure.name == name).and_then(|figure| figure.value).unwrap()
}

#[tokio::test]
async fn every_number_is_the_count_of_its_rows() {
    let (_folder, insight) = quarter().await;
    // The middle of the quarter, looked at while its last days still run.
    let now = later(60);
    for (from, to, channel) in
        [("2026-08-10", "2026-10-01", None), ("2026-09-01", "2026-09-30", Some("app")), ("2026-09-28", "2026-10-02", None)]
    {
        let asked = asked(&insight, from, to, channel, None, now);
        let figures = insight.figures(&asked, now).await.unwrap();
        assert_eq!(figures.figures.len(), DEFINITIONS.len());
        for figure in &figures.figures {
            let rows = all_rows(&insight, figure.name, None, &asked, now).await;
            assert_eq!(rows.len() as u64, figure.count, "{} from {from} to {to}", figure.name);
            for part in figure.parts.iter().filter(|part| part.name != "p90").take(4) {
                let rows = all_rows(&insight, figure.name, Some(&part.name), &asked, now).await;
                assert_eq!(rows.len() as u64, part.count, "{} {} from {from} to {to}", figure.name, part.name);
            }
            let course: u64 = figure.course.iter().map(|point| point.count).sum();
            assert!(figure.course.is_empty() || course == figure.count, "the course of {} adds up", figure.name);
        }
    }
}

#[tokio::test]
async fn the_ladder_holds_every_conversation_once_and_intervals_hold_their_number() {
    let (_folder, insight) = quarter().await;
    let now = later(200);
    let figures = insight.figures(&asked(&insight, "2026-08-01", "2026-11-30", None, None, now), now).await.unwrap();
    let ladder = figures.figures.iter().find(|figure| figure.name == "outcomes").unwrap();
    assert_eq!(ladder.parts.len(), 6);
    assert_eq!(ladder.parts.iter().map(|part| part.count).sum::<u64>(), ladder.n);
    assert_eq!((figures.running, value(&figures, "conversations") as u64), (0, ladder.n));
    let shares = value(&figures, "verified") + value(&figures, "contained");
    assert!(value(&figures, "first_contact") <= value(&figures, "durable") && value(&figures, "durable") <= shares);
    for figure in &figures.figures {
        for (value, interval) in figure.parts.iter().map(|part| (part.value, part.interval)).chain([(figure.value, figure.interval)]) {
            if let (Some(value), Some([low, high])) = (value, interval) {
                assert!(low <= value && value <= high, "{}: {low} {value} {high}", figure.name);
            }
        }
        assert_eq!(figure.few, figure.name != "conversations" && figure.n < figures.few, "{}", figure.name);
    }
}

#[tokio::test]
async fn days_add_up_to_months_and_channels_to_all() {
    let (_folder, insight) = quarter().await;
    let now = later(200);
    let count = async |from: &str, to: &str, channel| {
        let asked = asked(&insight, from, to, channel, None, now);
        value(&insight.figures(&asked, now).await.unwrap(), "conversations")
    };
    let all = count("2026-08-01", "2026-11-30", None).await;
    let pieces = [("2026-08-01", "2026-08-20"), ("2026-08-21", "2026-10-15"), ("2026-10-16", "2026-11-30")];
    let mut sum = 0.0;
    for (from, to) in pieces {
        sum += count(from, to, None).await;
    }
    assert_eq!(sum, all);
    assert_eq!(count("2026-08-01", "2026-11-30", Some("web")).await + count("2026-08-01", "2026-11-30", Some("app")).await, all);
    let split = asked(&insight, "2026-08-01", "2026-11-30", None, Some("topic"), now);
    let figures = insight.figures(&split, now).await.unwrap();
    assert_eq!(figures.split.iter().map(|one| one.n).sum::<u64>() as f64, all);
    assert_eq!(figures.split[0].name, "where_is_it");
    assert_eq!(figures.channels, ["app", "web"]);
}

#[tokio::test]
async fn a_summary_reads_as_it_should() {
    let (_folder, insight) = quarter().await;
    let now = later(95);
    let figures = insight.figures(&asked(&insight, "2026-09-01", "2026-10-31", None, None, now), now).await.unwrap();
    let told: Vec<String> = figures
        .figures
        .iter()
        .map(|figure| {
            let interval = figure.interval.map(|[low, high]| format!(" ({low:.3} to {high:.3})")).unwrap_or_default();
            let value = figure.value.map_or("-".to_owned(), |value| format!("{value:.3}"));
            let parts: Vec<&str> = figure.parts.iter().take(3).map(|part| part.name.as_str()).collect();
            format!("{} {value}{interval} n={} {:?} {}", figure.name, figure.n, figure.standing, parts.join(" "))
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    conversations 641.000 n=641 None 
    outcomes - n=641 None abandoned unassisted escalated
    durable 0.658 (0.621 to 0.694) n=641 None 
    first_contact 0.616 (0.578 to 0.653) n=641 None 
    verified 0.193 (0.165 to 0.226) n=641 None 
    contained 0.470 (0.431 to 0.508) n=641 None 
    escalated 0.190 (0.162 to 0.223) n=641 None 
    escalation_reasons - n=122 None misunderstood no_answer asked_for_human
    abandoned 0.089 (0.069 to 0.113) n=641 None 
    drop_off - n=94 None 1 2 3
    first_answer 1622.000 (1472.000 to 1704.000) n=540 None p90 escalated assisted_escalation
    wait_for_person 300216.000 (246988.000 to 364914.000) n=110 None p90 escalated assisted_escalation
    resolution_time 315227.000 (272305.000 to 347538.000) n=535 None p90 escalated assisted_escalation
    depth 2.000 (2.000 to 2.000) n=641 None p90 abandoned unassisted
    too_short 0.048 (0.034 to 0.068) n=641 None 
    too_long 0.000 (0.000 to 0.006) n=641 None 
    csat 4.273 (4.027 to 4.518) n=33 Some(Good) person
    helpful 0.844 (0.756 to 0.905) n=90 None 
    reopened 0.044 (0.030 to 0.062) n=641 None 
    repeat_contact 0.012 (0.006 to 0.024) n=641 None 
    volume - n=641 None 1-00 1-02 1-07
    failing_topics 0.287 (0.253 to 0.323) n=641 None invoice talk none
    inquiries - n=641 None where_is_it knowledge cancel
    ");
}

#[tokio::test]
async fn what_cannot_be_meant_is_said() {
    let (_folder, insight) = quarter().await;
    let wrong = |question: Question| match question.read(insight.rules(), later(9)) {
        Err(InsightError::Asked { field, message }) => format!("{field}: {message}"),
        other => panic!("{other:?}"),
    };
    let text = |text: &str| Some(text.to_owned());
    insta::assert_snapshot!(wrong(Question { from: text("yesterday"), ..Question::default() }), @"from: 'yesterday' is no day like 2026-11-20");
    insta::assert_snapshot!(wrong(Question { from: text("2026-11-20"), to: text("2026-11-01"), ..Question::default() }), @"from: 2026-11-20 is after 2026-11-01: write the earlier day under `from`");
    insta::assert_snapshot!(wrong(Question { from: text("1999-01-01"), to: text("2026-11-01"), ..Question::default() }), @"from: from 1999-01-01 to 2026-11-01 is too long: ask for at most 3660 days");
    insta::assert_snapshot!(wrong(Question { by: text("mood"), ..Question::default() }), @"by: nothing is split by 'mood': write channel, language or topic");
}
