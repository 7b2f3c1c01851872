//! `GET /v1/desk/conversations/{conversation}`: everything the staff needs of one conversation.

use super::brief::Brief;
use super::line::{self, Line};
use super::path;
use super::row::{self, Person, Row};
use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door::Desk;
use axum::extract::{Path, State};
use patchbay_core::ending::MERGE_UNDONE_WITHIN;
use patchbay_core::event::Recorded;
use patchbay_core::handoff::{self, Case, CaseAction, CaseHandoff, CaseLine, HandoffEnd, People, Survey};
use patchbay_core::id::ConversationId;
use patchbay_core::log::StreamId;
use patchbay_service::Refused;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How many events are read at once.
const PAGE: usize = 500;

/// A conversation at the desk.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Whole {
    /// Its row.
    row: Row,
    /// How long it is: lines up to this number are here.
    seq: u64,
    /// What was said and decided, oldest first.
    lines: Vec<Line>,
    /// What whoever takes over reads first.
    #[schema(required)]
    brief: Option<Brief>,
    /// The write whose card is open: for the customer, or for the desk.
    #[schema(required)]
    proposal: Option<Write>,
    /// Writes that wait for a person's approval.
    approvals: Vec<Write>,
    /// Writes whose effect nobody knows: somebody has to find out and say so.
    unknown: Vec<Write>,
    /// Every time people had it, oldest first.
    handoffs: Vec<Handoff>,
    /// What was merged into it, oldest first: read them as one.
    merged: Vec<Merged>,
    /// What the customer said about it.
    ratings: Vec<Rating>,
    /// What you may do with it now.
    may: Vec<&'static str>,
}

/// A write that waits for somebody.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Write {
    /// Its id.
    action: String,
    /// The tool.
    tool: String,
    /// The exact arguments.
    #[schema(value_type = Object)]
    args: BTreeMap<String, serde_json::Value>,
    /// What will happen, in words.
    effect: String,
    /// What a yes must name.
    digest: String,
    /// Until when a yes counts.
    #[schema(format = DateTime)]
    expires: String,
    /// Was it prepared at the desk, so that the desk decides?
    at_desk: bool,
    /// Since when it waits.
    #[schema(format = DateTime)]
    asked_at: String,
    /// What is known of why it is not settled.
    #[schema(required)]
    reason: Option<String>,
}

/// One time that people had the conversation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Handoff {
    /// Its id.
    handoff: String,
    /// The reason's word.
    reason: String,
    /// The trigger as it stands in the configuration, when one decided.
    #[schema(required)]
    rule: Option<String>,
    /// The values it saw.
    evidence: BTreeMap<String, String>,
    /// When it was offered.
    #[schema(format = DateTime)]
    offered_at: String,
    /// When somebody accepted.
    #[schema(required, format = DateTime)]
    accepted_at: Option<String>,
    /// Who has it, or had it last.
    #[schema(required)]
    by: Option<Person>,
    /// When it ended.
    #[schema(required, format = DateTime)]
    ended_at: Option<String>,
    /// How it ended: `handed_back` or `resolved`.
    #[schema(required)]
    why: Option<&'static str>,
}

/// A conversation of the same customer that was merged into this one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Merged {
    /// Its id.
    conversation: String,
    /// Who merged it.
    by: Person,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// Until when that can be taken back.
    #[schema(format = DateTime)]
    until: String,
    /// What was said and decided in it, oldest first.
    lines: Vec<Line>,
}

/// What a customer said about it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Rating {
    /// `csat` or `helpful`.
    kind: &'static str,
    /// The answer that is rated.
    #[schema(required)]
    turn: Option<String>,
    /// The score.
    score: u8,
    /// The best score.
    scale: u8,
    /// Why, in the customer's words.
    #[schema(required)]
    reason: Option<String>,
    /// When.
    #[schema(format = DateTime)]
    at: String,
}

/// Read a conversation
#[utoipa::path(
    get,
    path = "/v1/desk/conversations/{conversation}",
    operation_id = "read_desk_conversation",
    tag = "desk",
    params(("conversation" = String, Path, description = "The conversation")),
    responses((status = 200, description = "The conversation", body = Whole), Refusals)
)]
pub(crate) async fn read(State(hall): State<Hall>, by: By<Desk>, Path(conversation): Path<String>) -> Result<Shown<Whole>, Problem> {
    let conversation = path::conversation(&conversation)?;
    let events = events(&hall, &conversation).await?;
    let row = row::of(&hall, &conversation).await?;
    let case = Case::fold(&conversation, &events).ok_or(Code::NotFound)?;
    let brief = handoff::Brief::fold(&hall.service().house().company, &conversation, &events).map(Brief::from);
    let may = handoff::may(&People::fold(&events), by.id());
    let lines = shown_lines(&hall, case.lines).await?;
    let merged = merged(&hall, &conversation).await?;
    let mut handoffs = Vec::with_capacity(case.handoffs.len());
    for handoff in case.handoffs {
        handoffs.push(shown(&hall, handoff).await?);
    }
    let writes = |writes: Vec<CaseAction>| writes.into_iter().map(Write::from).collect();
    let rating = |rating: handoff::CaseRating| Rating {
        kind: match rating.kind {
            Survey::Csat => "csat",
            Survey::Helpful => "helpful",
        },
        turn: rating.turn.map(|turn| turn.to_string()),
        score: rating.score,
        scale: rating.scale,
        reason: rating.reason,
        at: rating.at.to_string(),
    };
    Ok(Shown(Whole {
        row,
        seq: case.seq,
        lines,
        brief,
        proposal: case.proposal.map(Write::from),
        approvals: writes(case.approvals),
        unknown: writes(case.unknown),
        handoffs,
        merged,
        ratings: case.ratings.into_iter().map(rating).collect(),
        may,
    }))
}

async fn shown_lines(hall: &Hall, lines: Vec<CaseLine>) -> Result<Vec<Line>, Problem> {
    let mut shown = Vec::with_capacity(lines.len());
    for line in lines {
        shown.push(line::shown(hall, line).await?);
    }
    Ok(shown)
}

/// What was merged into a conversation, with all that was said there.
async fn merged(hall: &Hall, conversation: &ConversationId) -> Result<Vec<Merged>, Problem> {
    let mut merged = Vec::new();
    for row in hall.views().merged_into(conversation.to_string()).await? {
        let Some(id) = ConversationId::parse(&row.id) else { continue };
        let Some(case) = Case::fold(&id, &events(hall, &id).await?) else { continue };
        merged.push(Merged {
            conversation: row.id,
            by: row::person(hall, &row.by).await?,
            at: row.at.to_string(),
            until: row.at.plus(MERGE_UNDONE_WITHIN).to_string(),
            lines: shown_lines(hall, case.lines).await?,
        });
    }
    Ok(merged)
}

/// Every event of a conversation.
pub(super) async fn events(hall: &Hall, conversation: &ConversationId) -> Result<Vec<Recorded>, Problem> {
    let mut events: Vec<Recorded> = Vec::new();
    loop {
        let after = events.last().map_or(0, |last| last.seq);
        let page = hall.log().read_stream(StreamId::conversation(conversation), after, PAGE).await.map_err(Refused::from)?;
        let full = page.len() == PAGE;
        events.extend(page);
        if !full {
            return if events.is_empty() { Err(Code::NotFound.into()) } else { Ok(events) };
        }
    }
}

async fn shown(hall: &Hall, handoff: CaseHandoff) -> Result<Handoff, Problem> {
    let by = match &handoff.by {
        Some(id) => Some(row::person(hall, id.as_str()).await?),
        None => None,
    };
    Ok(Handoff {
        handoff: handoff.handoff.to_string(),
        reason: handoff.reason,
        rule: handoff.rule,
        evidence: handoff.evidence,
        offered_at: handoff.offered_at.to_string(),
        accepted_at: handoff.accepted_at.map(|at| at.to_string()),
        by,
        ended_at: handoff.ended_at.map(|at| at.to_string()),
        why: handoff.why.map(|why| match why {
            HandoffEnd::HandedBack => "handed_back",
            HandoffEnd::Resolved => "resolved",
        }),
    })
}

impl From<CaseAction> for Write {
    fn from(write: CaseAction) -> Self {
        Self {
            action: write.action.to_string(),
            tool: write.tool,
            args: write.args,
            effect: write.effect,
            digest: write.digest,
            expires: write.expires.to_string(),
            at_desk: write.at_desk,
            asked_at: write.asked_at.to_string(),
            reason: write.detail,
        }
    }
}
