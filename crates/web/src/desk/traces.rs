//! `GET /v1/desk/traces`: the turns of all conversations, newest first.

use super::params::Params;
use super::row;
use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::Problem;
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door::Traces;
use axum::extract::State;
use futures::future::join_all;
use patchbay_core::attachment;
use patchbay_core::event::Event;
use patchbay_views::TracedTurn;
use serde::Serialize;
use utoipa::ToSchema;

/// A page of turns.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Turns {
    /// The turns, newest first.
    data: Vec<Turn>,
    /// What to send as `after` for the next page; none at the end.
    #[schema(required)]
    next: Option<String>,
}

/// A turn in the list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Turn {
    /// Its conversation.
    conversation: String,
    /// Its id.
    turn: String,
    /// When it began.
    #[schema(format = DateTime)]
    at: String,
    /// What the customer said; none where a decision opened it, or once the words are forgotten.
    #[schema(required)]
    text: Option<String>,
    /// The skill.
    #[schema(required)]
    skill: Option<String>,
    /// How the reply ended.
    #[schema(required)]
    status: Option<String>,
    /// How sure the understanding was.
    #[schema(required)]
    zone: Option<String>,
    /// How long it took, in milliseconds.
    #[schema(required)]
    ms: Option<i64>,
    /// How many calls it made.
    calls: u64,
    /// Where its conversation stands on the outcome ladder.
    outcome: String,
    /// The mind.
    mind: String,
}

/// Read recent turns
#[utoipa::path(
    get,
    path = "/v1/desk/traces",
    operation_id = "read_traces",
    tag = "traces",
    params(
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<usize>, Query, description = "At most so many; 50 unless told, never over 200")
    ),
    responses((status = 200, description = "The page", body = Turns), Refusals)
)]
pub(crate) async fn read(State(hall): State<Hall>, _by: By<Traces>, mut params: Params) -> Result<Shown<Turns>, Problem> {
    let before = params.after::<u64>()?;
    let limit = params.limit(50)?;
    params.done()?;
    let mut turns = hall.views().recent_turns(before, limit + 1).await?;
    let more = turns.len() > limit;
    turns.truncate(limit);
    let next = turns.last().filter(|_| more).map(|turn| turn.opened.to_string());
    let data = join_all(turns.into_iter().map(|turn| shown(&hall, turn))).await.into_iter().collect::<Result<_, _>>()?;
    Ok(Shown(Turns { data, next }))
}

async fn shown(hall: &Hall, turn: TracedTurn) -> Result<Turn, Problem> {
    let said = match turn.said {
        Some(seq) => row::event(hall, &turn.conversation, seq).await?,
        None => None,
    };
    let text = said.and_then(|said| match said.event {
        Event::MessageReceived { text, files, .. } => attachment::said(text.get().map(String::as_str), &files),
        _ => None,
    });
    Ok(Turn {
        conversation: turn.conversation,
        turn: turn.turn,
        at: turn.at.to_string(),
        text,
        skill: turn.skill,
        status: turn.status,
        zone: turn.zone,
        ms: turn.ms,
        calls: turn.calls,
        outcome: turn.outcome,
        mind: turn.mind,
    })
}
