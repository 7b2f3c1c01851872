//! `GET /v1/desk/events`: everything that happens at the desk, live, resumed without a gap.

use super::feed::{Batch, Next, Told};
use super::params::Params;
use super::queue::ShownCounts;
use super::row::{self, Person};
use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::staff::By;
use crate::staff::door::Desk;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures::Stream;
use patchbay_core::id::StaffId;
use patchbay_core::log::Position;
use serde::Serialize;
use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use super::presence::There;

/// Counts are told at most this often.
const COUNTED: Duration = Duration::from_secs(1);
/// How often it is asked whether the session still counts: well below the minute within which rights end.
const ASKED: Duration = Duration::from_secs(15);

/// Follow the desk
///
/// Events: `row` (a row of the queue has changed; its fields are those of `Row`), `line` `{conversation, line}`, `counts`,
/// `presence` `{conversation, viewing, typing}` (whoever is typing with their `draft`), `availability` `{away}` (your own),
/// `bell` `{conversation, reason}` (somebody new waits), `ping` (all is well),
/// `anew` (too much has happened: read everything again). Ids are places in the log: after a reconnect send the last one as
/// `Last-Event-ID` (or `?after=`, such as the `position` of a page of the queue), and nothing is missed. What comes a second time
/// after a reconnect is the same: a line has the same `seq`, a row replaces the one before.
#[utoipa::path(
    get,
    path = "/v1/desk/events",
    operation_id = "follow_desk",
    tag = "desk",
    params(
        ("after" = Option<u64>, Query, description = "Resume after this place; nothing is now"),
        ("Last-Event-ID" = Option<String>, Header, description = "The same, as browsers send it; it counts before `after`")
    ),
    responses((status = 200, description = "The stream", body = String, content_type = "text/event-stream"), Refusals)
)]
pub(crate) async fn follow(State(hall): State<Hall>, by: By<Desk>, mut params: Params, headers: HeaderMap) -> Result<Response, Problem> {
    let query = params.text("after");
    params.done()?;
    let after = cursor(&headers, query.as_deref())?;
    let done = hall.feed().follow(&hall);
    // A place nobody has come to yet is none of ours.
    if after.is_some_and(|after| after > *hall.reached().borrow()) {
        return Err(Code::CursorInvalid.into());
    }
    let place = hall.stream_place()?;
    let begin = after.unwrap_or_else(|| *done.borrow());
    let screen = Screen::new(hall, by, done, begin, place);
    let mut response = Sse::new(told(screen)).into_response();
    // Proxies that collect answers before passing them on would hold the stream back.
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

fn cursor(headers: &HeaderMap, query: Option<&str>) -> Result<Option<Position>, Code> {
    let header = headers.get("last-event-id").map(|value| value.to_str().map_err(|_| Code::CursorInvalid)).transpose()?;
    match header.filter(|text| !text.is_empty()).or(query) {
        None => Ok(None),
        // `parse` alone would take a sign.
        Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().map(|place| Some(Position(place))).map_err(|_| Code::CursorInvalid)
        }
        Some(_) => Err(Code::CursorInvalid),
    }
}

/// One browser that follows the desk.
struct Screen {
    hall: Hall,
    who: StaffId,
    session: String,
    /// Whether they are away, as they were told last.
    away: Option<bool>,
    done: watch::Receiver<Position>,
    presence: watch::Receiver<u64>,
    /// Everything up to here was told.
    sent: Position,
    ready: VecDeque<Event>,
    /// What was told last, so that only changes are.
    counts: Option<ShownCounts>,
    there: HashMap<String, There>,
    counting: Interval,
    asking: Interval,
    beating: Interval,
    /// Has something happened since the counts were told?
    stale: bool,
    _place: OwnedSemaphorePermit,
}

impl Screen {
    fn new(hall: Hall, by: By<Desk>, done: watch::Receiver<Position>, begin: Position, place: OwnedSemaphorePermit) -> Self {
        let every = |span: Duration| {
            let mut interval = interval_at(Instant::now() + span, span);
            interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
            interval
        };
        let beat = hall.limits().heartbeat;
        // The first event says where the stream begins, so that a reconnect before anything happened resumes there.
        let ready = VecDeque::from([ping().id(begin.0.to_string())]);
        let mut presence = hall.presence().changes();
        presence.mark_changed();
        hall.presence().follows(by.id(), hall.now());
        Self {
            presence,
            away: None,
            who: by.id().clone(),
            session: by.session,
            done,
            sent: begin,
            ready,
            counts: None,
            there: HashMap::new(),
            counting: every(COUNTED),
            asking: every(ASKED),
            beating: every(beat),
            stale: true,
            hall,
            _place: place,
        }
    }

    /// The next event; none when the stream is over.
    async fn next(&mut self) -> Option<Event> {
        let closing = self.hall.closing().clone();
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            match self.read_on().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(problem) => {
                    tracing::warn!(reason = problem.logged(), "a stream of the desk ended");
                    return None;
                }
            }
            tokio::select! {
                () = closing.cancelled() => return None,
                changed = self.done.changed() => changed.ok()?,
                changed = self.presence.changed() => { changed.ok()?; self.tell_presence().await.ok()?; self.tell_away().await.ok()?; }
                _ = self.counting.tick() => self.tell_counts().await.ok()?,
                _ = self.beating.tick() => { self.tell_presence().await.ok()?; self.ready.push_back(ping().id(self.sent.0.to_string())); }
                _ = self.asking.tick() => if !self.hall.staff().lasts(&self.who, &self.session).await.ok()? { return None },
            }
        }
    }

    /// Reads what is new; true when there was something.
    async fn read_on(&mut self) -> Result<bool, Problem> {
        match self.hall.feed().next(&self.hall, self.sent).await? {
            Next::Nothing => Ok(false),
            Next::Batches(batches) => {
                batches.iter().for_each(|batch| self.take(batch));
                Ok(true)
            }
            Next::Anew(place) => {
                self.sent = place;
                self.ready.push_back(Event::default().event("anew").data("{}").id(place.0.to_string()));
                Ok(true)
            }
        }
    }

    fn take(&mut self, batch: &Arc<Batch>) {
        self.sent = batch.to;
        let mine: Vec<_> = batch.told.iter().filter(|told| self.hears(told)).collect();
        self.stale |= !mine.is_empty();
        let last = mine.len().saturating_sub(1);
        for (n, told) in mine.into_iter().enumerate() {
            let event = Event::default().event(told.kind).data(&told.data);
            self.ready.push_back(if n == last { event.id(batch.to.0.to_string()) } else { event });
        }
    }

    /// Is this for them? Nobody who is away is rung for.
    fn hears(&self, told: &Told) -> bool {
        let rings = told.kind == "bell" && self.away == Some(true);
        !rings && told.only.as_ref().is_none_or(|only| *only == self.who)
    }

    /// Tells all screens of somebody that they are away, or back.
    async fn tell_away(&mut self) -> Result<(), Problem> {
        let away = self.hall.staff().member(&self.who).await?.map(|member| member.away);
        if let Some(said) = away.filter(|_| self.away != away) {
            self.ready.push_back(event("availability", &Said { away: said }));
            self.away = away;
        }
        Ok(())
    }

    async fn tell_counts(&mut self) -> Result<(), Problem> {
        if !std::mem::take(&mut self.stale) {
            return Ok(());
        }
        let found = self.hall.views().desk_counts(self.who.to_string()).await?;
        let oldest = found.oldest_wait.map(|at| at.to_string());
        let counts = ShownCounts::from(found);
        if self.counts.as_ref() != Some(&counts) {
            self.ready.push_back(event("counts", &Counted { counts: &counts, oldest_wait_at: oldest }));
            self.counts = Some(counts);
        }
        Ok(())
    }

    async fn tell_presence(&mut self) -> Result<(), Problem> {
        let now = self.hall.presence().everywhere(self.hall.now());
        let gone = self.there.keys().filter(|known| !now.contains_key(*known)).map(|known| (known.clone(), There::default()));
        let changed = now.iter().filter(|(place, there)| self.there.get(*place) != Some(there)).map(|(a, b)| (a.clone(), b.clone()));
        for (conversation, there) in gone.chain(changed).collect::<Vec<_>>() {
            let viewing = people(&self.hall, &there.viewing).await?;
            let mut typing = Vec::new();
            for (who, draft) in &there.typing {
                let draft = (!draft.is_empty()).then(|| draft.clone());
                typing.push(Typing { who: row::person(&self.hall, who.as_str()).await?, draft });
            }
            self.ready.push_back(event("presence", &Present { conversation: &conversation, viewing, typing }));
        }
        self.there = now;
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.hall.presence().unfollows(&self.who, self.hall.now());
    }
}

#[derive(Serialize)]
struct Said {
    away: bool,
}

#[derive(Serialize)]
struct Counted<'a> {
    #[serde(flatten)]
    counts: &'a ShownCounts,
    oldest_wait_at: Option<String>,
}

#[derive(Serialize)]
struct Present<'a> {
    conversation: &'a str,
    viewing: Vec<Person>,
    typing: Vec<Typing>,
}

#[derive(Serialize)]
struct Typing {
    #[serde(flatten)]
    who: Person,
    #[serde(skip_serializing_if = "Option::is_none")]
    draft: Option<String>,
}

async fn people(hall: &Hall, ids: impl IntoIterator<Item = &StaffId>) -> Result<Vec<Person>, Problem> {
    let mut people = Vec::new();
    for id in ids {
        people.push(row::person(hall, id.as_str()).await?);
    }
    Ok(people)
}

fn ping() -> Event {
    Event::default().event("ping").data("{}")
}

fn event(kind: &'static str, data: &impl Serialize) -> Event {
    let mut data = serde_json::to_value(data).expect("invariant: texts, numbers and lists always serialise");
    crate::message::show(&mut data);
    Event::default().event(kind).data(data.to_string())
}

fn told(screen: Screen) -> impl Stream<Item = Result<Event, Infallible>> {
    futures::stream::unfold(screen, |mut screen| async move { screen.next().await.map(|event| (Ok(event), screen)) })
}
