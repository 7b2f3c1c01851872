//! `GET /v1/desk/queue`: the conversations of a list, the most pressing or the newest first.

use super::params::Params;
use super::row::{self, Row};
use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door::Desk;
use axum::extract::State;
use patchbay_core::declare::QueueOrder;
use patchbay_views::{Counts, Cursor, List, Pressing, Search};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of the queue.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Queue {
    /// The rows, in the list's order.
    data: Vec<Row>,
    /// What to send as `after` for the next page; none at the end.
    #[schema(required)]
    next: Option<String>,
    /// How many conversations are in each list.
    counts: ShownCounts,
    /// Since when the one waits who has waited longest.
    #[schema(required, format = DateTime)]
    oldest_wait_at: Option<String>,
    /// The place in the log this page belongs to: follow the events after it and nothing is missed.
    position: u64,
}

/// How many conversations are in each list, as this person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ShownCounts {
    mine: u64,
    waiting: u64,
    open: u64,
    bot: u64,
    snoozed: u64,
    all: u64,
}

impl From<Counts> for ShownCounts {
    fn from(counts: Counts) -> Self {
        let Counts { mine, waiting, open, bot, snoozed, all, .. } = counts;
        Self { mine, waiting, open, bot, snoozed, all }
    }
}

/// Read the queue
///
/// `waiting` is in the order people should be answered: by the minute of `pressing_at`, then whoever sounds upset, then by how long
/// they wait; those without it come last.
/// Every other list begins with what happened last. `q` looks for ids, customers (by the company's own id), members of the staff,
/// reasons, queues, channels; words that were said are sealed and not searched.
#[utoipa::path(
    get,
    path = "/v1/desk/queue",
    operation_id = "read_queue",
    tag = "desk",
    params(
        ("list" = Option<String>, Query, description = "`mine`, `waiting` (as it is left out), `open`, `bot`, `snoozed`, `resolved`, `all`"),
        ("q" = Option<String>, Query, description = "What is looked for"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<usize>, Query, description = "At most so many rows; 50 unless told, never over 200")
    ),
    responses((status = 200, description = "The page", body = Queue), Refusals)
)]
pub(crate) async fn read(State(hall): State<Hall>, by: By<Desk>, mut params: Params) -> Result<Shown<Queue>, Problem> {
    let list = match params.text("list") {
        None => List::Waiting,
        Some(word) => List::parse(&word).ok_or_else(|| {
            let known = "`list` must be mine, waiting, open, bot, snoozed, resolved or all.";
            Problem::new(Code::FieldInvalid).detail(known).field("list")
        })?,
    };
    let search = match params.text("q") {
        Some(text) => Some(search(&hall, text).await?),
        None => None,
    };
    let after: Option<Cursor> = params.after()?;
    let limit = params.limit(50)?;
    params.done()?;
    let me = by.id().to_string();
    let position = *hall.reached().borrow();
    let pressing = pressing(&hall);
    let mut rows = hall.views().queue(list, me.clone(), search, after, limit + 1, pressing.clone()).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| Cursor::of(list, row, &pressing).to_string());
    let counts = hall.views().desk_counts(me).await?;
    let oldest_wait_at = counts.oldest_wait.map(|at| at.to_string());
    Ok(Shown(Queue { data: row::shown(&hall, rows).await?, next, counts: counts.into(), oldest_wait_at, position: position.0 }))
}

/// The order in which those who wait are answered, as the queues declare it.
pub(super) fn pressing(hall: &Hall) -> Pressing {
    let queues = hall.service().house().company.escalation.queues.iter();
    Pressing::new(queues.filter(|queue| queue.order == QueueOrder::Feeling).map(|queue| queue.name.clone()))
}

/// What a text typed into the search may mean.
async fn search(hall: &Hall, text: String) -> Result<Search, Problem> {
    let lower = text.trim().to_lowercase();
    let known = hall.staff().all().await?;
    let owners = known.iter().filter(|member| member.name.to_lowercase().contains(&lower)).map(|member| member.id.to_string());
    let customers = vec![text.trim().to_owned(), hall.pseudonym(text.trim()).to_string()];
    Ok(Search { owners: owners.collect(), customers, text })
}
