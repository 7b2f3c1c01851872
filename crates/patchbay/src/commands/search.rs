//! `patchbay search`: what was said, looked through at the terminal, newest first.

use crate::cli::Search;
use crate::company::Ready;
use crate::failure::{Exit, Failure};
use crate::running::{open_log, rules, views_file};
use patchbay_core::mind::Speaker;
use patchbay_core::words::Outcome;
use patchbay_views::find::{self, Hit, Place, Query, Sought};
use patchbay_views::{Projector, Views};

pub(crate) async fn run(search: &Search) -> Result<(), Failure> {
    let ready = Ready::of(&search.configured)?;
    let sought = sought(search, &ready.house.company.zone)?;
    let log = open_log(&ready)?;
    let file = views_file(&ready);
    Projector::open(&file, rules(&ready)).map_err(Failure::storage)?.catch_up(&*log).await.map_err(Failure::storage)?;
    let views = Views::open(&file).map_err(Failure::storage)?;
    let (mut found, mut read, mut next) = (0, 0, None::<Place>);
    loop {
        let look = find::find(&views, &*log, &*ready.clock, &sought, next, search.limit.saturating_sub(found).max(1)).await;
        let look = look.map_err(Failure::storage)?;
        look.hits.iter().for_each(|hit| print(hit, search.json));
        (found, read, next) = (found + look.hits.len(), read + look.messages, look.next);
        let back_to = look.back_to.map(|at| format!(" back to {at}")).unwrap_or_default();
        if next.is_none() || found >= search.limit {
            let rest = if next.is_some() { "; there is more, say --limit or an earlier --to" } else { "; that is everything" };
            eprintln!("{found} found, {read} messages read{back_to}{rest}");
            break;
        }
        eprintln!("{found} found, {read} messages read{back_to} …");
    }
    log.close().await;
    Ok(())
}

fn sought(search: &Search, zone: &str) -> Result<Sought, Failure> {
    let wrong = |what: String| Failure::new(Exit::Usage, what);
    let day = |text: &Option<String>, later: i64| {
        let read = |text: &String| find::day_begins(text, zone, later).ok_or_else(|| wrong(format!("'{text}' is no day like 2026-11-20")));
        text.as_ref().map(read).transpose()
    };
    if let Some(word) = search.outcome.as_ref().filter(|word| Outcome::parse(word).is_none()) {
        let known: Vec<&str> = Outcome::ALL.iter().map(|outcome| outcome.as_str()).collect();
        return Err(wrong(format!("there is no outcome '{word}'; there are {}", known.join(", "))));
    }
    let who = search.who.as_deref().map(|who| match who {
        "customer" => Speaker::Customer,
        "agent" => Speaker::Agent,
        _ => Speaker::Bot,
    });
    Ok(Sought {
        query: Query::read(&search.text).map_err(|error| wrong(error.to_string()))?,
        from: day(&search.from, 0)?,
        to: day(&search.to, 1)?,
        channel: search.channel.clone(),
        topic: search.topic.clone(),
        outcome: search.outcome.clone(),
        reason: search.reason.clone(),
        feeling_below: search.feeling_below,
        who,
    })
}

fn print(hit: &Hit, json: bool) {
    if json {
        println!("{}", serde_json::to_string(hit).expect("invariant: words and numbers always serialise"));
        return;
    }
    let who = match hit.who {
        Speaker::Customer => "customer",
        Speaker::Bot => "bot",
        Speaker::Agent => "agent",
    };
    println!("{}  {}  {who}  {}", hit.at, hit.conversation, hit.topic.as_deref().unwrap_or("–"));
    println!("  {}", marked(hit));
}

/// The sentence with what was found between brackets, on one line and without what a terminal would obey.
fn marked(hit: &Hit) -> String {
    let mut text = String::new();
    let mut at = 0;
    for mark in &hit.marks {
        text.push_str(&hit.text[at..mark.start]);
        text.push('[');
        text.push_str(&hit.text[mark.clone()]);
        text.push(']');
        at = mark.end;
    }
    text.push_str(&hit.text[at..]);
    text.chars().map(|one| if one.is_control() { ' ' } else { one }).collect()
}
