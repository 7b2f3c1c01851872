//! The desk live: how long a customer's message, a colleague's typing and the bell take to every screen of the staff, how long an
//! agent's answer takes to the customer, and how long a page of the queue takes with ten thousand rows. Reported beside the targets.

use super::figure::Figure;
use crate::command::command;
use crate::events::{Event, Events};
use crate::failure::Failure;
use crate::http::Client;
use crate::project::program;
use crate::server::{Server, free_address};
use crate::town::{Town, text};
use clap::Args;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Agents, as many as one address may sign in at once, and screens that follow the desk.
const AGENTS: usize = 10;
const SCREENS: usize = 50;
/// Messages and answers that are timed, and the pause between two.
const SAMPLES: usize = 300;
const PAUSE: Duration = Duration::from_millis(50);
/// Customers who press the button for a person while that is timed.
const ASKING: usize = 50;
/// How often each page of the queue is read.
const PAGES: usize = 40;
/// Requests at the same time while the house is filled.
const AT_ONCE: usize = 8;
/// Longer nothing takes that works.
const PATIENCE: Duration = Duration::from_secs(10);

/// How large the house is.
#[derive(Debug, Args)]
pub(crate) struct House {
    /// Conversations that wait for a person while messages are timed.
    #[arg(long, default_value_t = 1_000)]
    waiting: usize,
    /// Rows in the queue while its pages are timed.
    #[arg(long, default_value_t = 10_000)]
    rows: usize,
}

/// A customer's conversation.
#[derive(Clone)]
struct Opened {
    id: String,
    token: String,
}

/// Measures it on a fresh data folder.
pub(super) fn measure(town: &Town, folder: &Path, house: &House) -> Result<Vec<Figure>, Failure> {
    let data = folder.join("desk");
    let address = free_address()?;
    let links = (0..AGENTS).map(|n| link(town, &data, address, n)).collect::<Result<Vec<_>, _>>()?;
    let server = town.serve(&data, address)?;
    let cookies = links.iter().map(|link| sign_in(address, link)).collect::<Result<Vec<_>, _>>()?;
    eprintln!("  desk: {} conversations are opened", house.waiting);
    let opened = fill(&server, house.waiting)?;
    eprintln!("  desk: {SAMPLES} messages to {SCREENS} screens");
    let lines = messages(address, &cookies, &opened)?;
    eprintln!("  desk: typing in {SAMPLES} conversations");
    let typing = typing(address, &cookies, &opened)?;
    eprintln!("  desk: {} customers ask for a person", crate::town::CUSTOMERS.len().saturating_sub(opened.len()).min(SAMPLES));
    let bells = bells(address, &cookies, opened.len())?;
    eprintln!("  desk: {SAMPLES} answers");
    let answers = to_customers(address, &cookies, &opened)?;
    eprintln!("  desk: {ASKING} customers press the button");
    let heard = to_people(address)?;
    eprintln!("  desk: {} rows in the queue", house.rows);
    fill(&server, house.rows.saturating_sub(house.waiting))?;
    let mut desk = at_desk(address, &cookies[0]);
    let rows = desk.get("/v1/desk/queue?list=all&limit=1")?.expect(200)?["counts"].clone();
    let whole = pages(&mut desk, "list=all")?;
    let pressing = pages(&mut desk, "list=waiting")?;
    let deep = pages(&mut desk, &deep(&mut at_desk(address, &cookies[0]))?)?;
    server.stop()?;
    let count = |name: &str| rows[name].as_u64().unwrap_or(0);
    Ok(vec![
        Figure::time(format!("message to {SCREENS} screens, p95 ({} arrivals)", lines.len()), p95(lines.clone()), Some(250)),
        Figure::time("  the middle", super::figure::median(lines), None),
        Figure::time(format!("typing to {SCREENS} screens, p95"), p95(typing), Some(500)),
        Figure::time(format!("bell on {SCREENS} screens, p95 ({} arrivals)", bells.len()), p95(bells), Some(1_000)),
        Figure::time("agent's answer to customer, p95", p95(answers.clone()), Some(250)),
        Figure::time("  the middle", super::figure::median(answers), None),
        Figure::time("button to the words with the place in line, p95", p95(heard.clone()), Some(1_000)),
        Figure::time("  the middle", super::figure::median(heard), None),
        Figure::time(format!("page of the queue, {} rows, p95", count("all")), p95(whole), Some(100)),
        Figure::time(format!("  the {} who wait, by promise, p95", count("waiting")), p95(pressing), Some(100)),
        Figure::time("  the twentieth page, p95", p95(deep), Some(100)),
    ])
}

/// A one-time link for a new agent.
fn link(town: &Town, data: &Path, address: SocketAddr, n: usize) -> Result<String, Failure> {
    let mut add = command(program(town.build(), "patchbay"), ["user", "add", &format!("Agent {n}"), "--json"]);
    add.arg("--config").arg(town.configuration()).arg("--data").arg(data).envs(town.environment(address));
    let output = add.stdin(Stdio::null()).output()?;
    if !output.status.success() {
        return Err(Failure::new(format!("no agent could be added: {}", String::from_utf8_lossy(&output.stderr))));
    }
    let said: Value = serde_json::from_slice(&output.stdout)?;
    let link = text(&said["link"]);
    link.split_once("t=").map(|(_, token)| token.to_owned()).ok_or_else(|| Failure::new(format!("no link in {said}")))
}

/// The cookie of a session.
fn sign_in(address: SocketAddr, token: &str) -> Result<String, Failure> {
    let mut client = Client::new(address).header("Patchbay-Desk", "1");
    let cookie = client.post_for_cookie("/v1/staff/start", &json!({ "token": token }))?;
    cookie.ok_or_else(|| Failure::new("signing in with a link gave no cookie"))
}

fn at_desk(address: SocketAddr, cookie: &str) -> Client {
    Client::new(address).header("Cookie", cookie).header("Patchbay-Desk", "1")
}

/// Opens conversations of many customers; each waits for a person where its customer may wait for one more.
fn fill(server: &Server, wanted: usize) -> Result<Vec<Opened>, Failure> {
    let customers: Vec<String> = crate::town::CUSTOMERS.map(|number| format!("c-{number}")).collect();
    let next = AtomicUsize::new(0);
    let opened = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        let opening: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                scope.spawn(|| -> Result<(), Failure> {
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        if n >= wanted {
                            return Ok(());
                        }
                        let token = Town::token(&customers[n % customers.len()]);
                        let mut client = Client::new(server.address).header("Authorization", &format!("Bearer {token}"));
                        let id = text(&client.post("/v1/conversations", &json!({}))?.expect(201)?["id"]);
                        client.post(&format!("/v1/conversations/{id}/person"), &json!({}))?;
                        opened.lock().unwrap_or_else(PoisonError::into_inner).push(Opened { id, token });
                    }
                })
            })
            .collect();
        opening.into_iter().try_for_each(|opening| opening.join().map_err(|_| Failure::new("an opening thread panicked"))?)
    })?;
    Ok(opened.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// From a customer's message to the line on every screen.
fn messages(address: SocketAddr, cookies: &[String], opened: &[Opened]) -> Result<Vec<Duration>, Failure> {
    let words = |n: usize| format!("is anybody there, for the {n}. time?");
    let shown = |event: &Event| (event.kind == "line").then(|| text(&event.data["line"]["text"]));
    to_screens(address, cookies, SAMPLES, words, shown, |n| {
        let opened = &opened[n % opened.len()];
        let path = format!("/v1/conversations/{}/messages", opened.id);
        customer(address, &opened.token).post(&path, &json!({ "text": words(n) }))?.expect(202).map(drop)
    })
}

/// From an agent's first key in a conversation to every screen.
fn typing(address: SocketAddr, cookies: &[String], opened: &[Opened]) -> Result<Vec<Duration>, Failure> {
    let samples = SAMPLES.min(opened.len());
    let shown = |event: &Event| {
        let typing = event.kind == "presence" && event.data["typing"].as_array().is_some_and(|typing| !typing.is_empty());
        typing.then(|| text(&event.data["conversation"]))
    };
    to_screens(
        address,
        cookies,
        samples,
        |n| opened[n].id.clone(),
        shown,
        |n| {
            let here = json!({ "conversation": opened[n].id, "typing": true });
            at_desk(address, &cookies[n % cookies.len()]).post("/v1/desk/presence", &here)?.expect(204).map(drop)
        },
    )
}

/// From a customer's wish for a person to the bell on every screen; asked by customers who do not wait yet.
fn bells(address: SocketAddr, cookies: &[String], waiting: usize) -> Result<Vec<Duration>, Failure> {
    let fresh = crate::town::CUSTOMERS.skip(waiting).take(SAMPLES).map(|number| {
        let token = Town::token(&format!("c-{number}"));
        let id = text(&customer(address, &token).post("/v1/conversations", &json!({}))?.expect(201)?["id"]);
        Ok(Opened { id, token })
    });
    let fresh = fresh.collect::<Result<Vec<_>, Failure>>()?;
    let shown = |event: &Event| (event.kind == "bell").then(|| text(&event.data["conversation"]));
    to_screens(
        address,
        cookies,
        fresh.len(),
        |n| fresh[n].id.clone(),
        shown,
        |n| {
            let path = format!("/v1/conversations/{}/person", fresh[n].id);
            customer(address, &fresh[n].token).post(&path, &json!({})).map(drop).map_err(Failure::from)
        },
    )
}

/// Does something again and again, and says how long each took to each screen: `shown` finds the name of what was done in what a
/// screen is told.
fn to_screens(
    address: SocketAddr,
    cookies: &[String],
    samples: usize,
    name: impl Fn(usize) -> String,
    shown: impl Fn(&Event) -> Option<String> + Sync,
    act: impl Fn(usize) -> Result<(), Failure>,
) -> Result<Vec<Duration>, Failure> {
    let sent: Mutex<HashMap<String, Instant>> = Mutex::default();
    let arrived: Mutex<Vec<Duration>> = Mutex::default();
    let (over, ready) = (AtomicBool::new(false), AtomicUsize::new(0));
    let screen = |cookie: &str| -> Result<(), Failure> {
        let mut live = Events::open(address, "/v1/desk/events", &format!("Cookie: {cookie}\r\n"))?;
        ready.fetch_add(1, Ordering::Relaxed);
        let (mut quiet, mut seen) = (0, HashSet::new());
        while quiet < 20 {
            let event = live.next(Duration::from_millis(100))?;
            let now = Instant::now();
            quiet = if over.load(Ordering::Relaxed) && event.is_none() { quiet + 1 } else { 0 };
            let Some(name) = event.as_ref().and_then(&shown) else { continue };
            let at = sent.lock().unwrap_or_else(PoisonError::into_inner).get(&name).copied();
            if let Some(at) = at.filter(|_| seen.insert(name)) {
                arrived.lock().unwrap_or_else(PoisonError::into_inner).push(now - at);
            }
        }
        Ok(())
    };
    std::thread::scope(|scope| -> Result<(), Failure> {
        let screens: Vec<_> = cookies.iter().cycle().take(SCREENS).map(|cookie| scope.spawn(|| screen(cookie))).collect();
        let began = Instant::now();
        while ready.load(Ordering::Relaxed) < SCREENS && began.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(10));
        }
        let acted: Result<(), Failure> = (0..samples).try_for_each(|n| {
            sent.lock().unwrap_or_else(PoisonError::into_inner).insert(name(n), Instant::now());
            act(n)?;
            std::thread::sleep(PAUSE);
            Ok(())
        });
        // The screens end also where something could not be done.
        over.store(true, Ordering::Relaxed);
        acted?;
        screens.into_iter().try_for_each(|screen| screen.join().map_err(|_| Failure::new("a screen's thread panicked"))?)
    })?;
    let arrived = arrived.into_inner().unwrap_or_else(PoisonError::into_inner);
    let expected = samples * SCREENS;
    if arrived.len() == expected { Ok(arrived) } else { Err(Failure::new(format!("{} of {expected} arrived", arrived.len()))) }
}

fn customer(address: SocketAddr, token: &str) -> Client {
    Client::new(address).header("Authorization", &format!("Bearer {token}"))
}

/// From an agent's answer to the customer's own stream.
fn to_customers(address: SocketAddr, cookies: &[String], opened: &[Opened]) -> Result<Vec<Duration>, Failure> {
    let mut times = Vec::new();
    for (n, (place, opened)) in opened.iter().enumerate().cycle().take(SAMPLES).enumerate() {
        // Each conversation has its own agent: the first answer takes it.
        let mut desk = at_desk(address, &cookies[place % cookies.len()]);
        let mut live = Events::follow(address, &opened.token, &opened.id, 0)?;
        let words = format!("answer {n}");
        let began = Instant::now();
        desk.post(&format!("/v1/desk/conversations/{}/reply", opened.id), &json!({ "text": words }))?.expect(201)?;
        loop {
            let event = live.next(PATIENCE)?.ok_or_else(|| Failure::new("an answer did not reach its customer"))?;
            if event.kind == "message" && event.data["text"] == words.as_str() {
                break;
            }
        }
        times.push(began.elapsed());
        std::thread::sleep(PAUSE);
    }
    Ok(times)
}

/// From the button for a person to the words that name the place in line, on the customer's own stream.
fn to_people(address: SocketAddr) -> Result<Vec<Duration>, Failure> {
    let mut times = Vec::new();
    for number in crate::town::CUSTOMERS.take(ASKING) {
        let token = Town::token(&format!("c-{number}"));
        let mut client = customer(address, &token);
        let id = text(&client.post("/v1/conversations", &json!({}))?.expect(201)?["id"]);
        let mut live = Events::follow(address, &token, &id, 0)?;
        let began = Instant::now();
        client.post(&format!("/v1/conversations/{id}/person"), &json!({}))?.expect(202)?;
        loop {
            let event = live.next(PATIENCE)?.ok_or_else(|| Failure::new("nobody told a visitor that they wait"))?;
            if event.kind == "part" && text(&event.data["text"]).contains("in line") {
                break;
            }
        }
        times.push(began.elapsed());
    }
    Ok(times)
}

/// How long a page of the queue takes, again and again.
fn pages(desk: &mut Client, query: &str) -> Result<Vec<Duration>, Failure> {
    let mut times = Vec::new();
    for _ in 0..PAGES {
        let began = Instant::now();
        desk.get(&format!("/v1/desk/queue?{query}"))?.expect(200)?;
        times.push(began.elapsed());
    }
    Ok(times)
}

/// The query of a page far down.
fn deep(desk: &mut Client) -> Result<String, Failure> {
    let mut query = "list=all".to_owned();
    for _ in 0..19 {
        let next = text(&desk.get(&format!("/v1/desk/queue?{query}"))?.expect(200)?["next"]);
        if next.is_empty() {
            break;
        }
        query = format!("list=all&after={next}");
    }
    Ok(query)
}

/// What 95 of 100 do not exceed.
fn p95(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get((times.len() * 95).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default()
}
