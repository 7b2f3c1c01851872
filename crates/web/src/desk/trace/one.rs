//! `GET /v1/desk/conversations/{conversation}/turns/{turn}/trace`: one turn, step by step.

use super::Span;
use super::build::{Build, between, understanding};
use crate::desk::{conversation, path};
use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door::Traces;
use axum::extract::{Path, State};
use patchbay_core::declare::Company;
use patchbay_core::event::{Event, Recorded, TurnCause};
use patchbay_core::id::TurnId;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A turn, step by step.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Trace {
    /// The conversation.
    conversation: String,
    /// The turn.
    turn: String,
    /// Why it began: `message`, `confirmed`, `declined`, `person_asked`, `handed_back` or `settle`.
    cause: &'static str,
    /// The mind it began with.
    mind: String,
    /// Digest of the configuration it ran under.
    rules: String,
    /// How the reply ended; none while it has not, or where it was cut.
    #[schema(required)]
    status: Option<&'static str>,
    /// How sure the understanding was.
    #[schema(required)]
    zone: Option<&'static str>,
    /// Why it was refused: code and tool.
    #[schema(required, value_type = Option<Object>)]
    refusal: Option<Value>,
    /// When it began.
    #[schema(format = DateTime)]
    started_at: String,
    /// How long it took, until its reply was closed or, while it is not, until the last thing that happened.
    ms: i64,
    /// What people and systems said is shown to engineers alone.
    content: bool,
    /// The steps, in the order they began.
    spans: Vec<Span>,
    /// How the message was understood.
    #[schema(required, value_type = Option<Object>)]
    understanding: Option<Value>,
    /// Why it went to a person: reason, rule and values.
    #[schema(required)]
    escalation: Option<Escalation>,
    /// What the customer read, part by part.
    parts: Vec<TracePart>,
}

/// Why a turn went to a person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Escalation {
    reason: String,
    #[schema(required)]
    rule: Option<String>,
    evidence: BTreeMap<String, String>,
}

/// A part of the reply.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TracePart {
    n: u32,
    #[schema(required)]
    text: Option<String>,
    facts: Vec<String>,
    at_ms: i64,
}

/// Read a trace
///
/// Leads see the steps; what people and systems said (arguments, values, words) only engineers see.
#[utoipa::path(
    get,
    path = "/v1/desk/conversations/{conversation}/turns/{turn}/trace",
    operation_id = "read_trace",
    tag = "traces",
    params(("conversation" = String, Path, description = "The conversation"), ("turn" = String, Path, description = "The turn")),
    responses((status = 200, description = "The trace", body = Trace), Refusals)
)]
pub(crate) async fn read(
    State(hall): State<Hall>,
    by: By<Traces>,
    Path((conversation, turn)): Path<(String, String)>,
) -> Result<Shown<Trace>, Problem> {
    let (id, turn) = (path::conversation(&conversation)?, path::turn(&turn)?);
    let events = conversation::events(&hall, &id).await?;
    let house = hall.service().house();
    let trace = trace(conversation, &turn, &events, (&house.company, &house.digest), by.reads_content());
    trace.map(Shown).ok_or_else(|| Code::NotFound.into())
}

/// The trace, with the configuration in force and its digest.
fn trace(conversation: String, turn: &TurnId, events: &[Recorded], force: (&Company, &str), content: bool) -> Option<Trace> {
    let opens = |recorded: &Recorded| matches!(&recorded.event, Event::TurnOpened { turn: opened, .. } if opened == turn);
    let opened = events.iter().position(opens)?;
    let Event::TurnOpened { cause, mind, rules, .. } = &events[opened].event else { return None };
    let own = &events[opened..];
    // Rules that are not in force any more cannot be shown as if they had decided.
    let company = (rules == force.1).then_some(force.0);
    let build = Build::of(turn, company, &events[..opened], own, content);
    let began = own[0].at;
    let mut trace = Trace {
        conversation,
        turn: turn.to_string(),
        cause: word(cause),
        mind: mind.clone(),
        rules: rules.clone(),
        status: None,
        zone: None,
        refusal: None,
        started_at: began.to_string(),
        ms: 0,
        content,
        understanding: build.understood.map(|understood| understanding(understood, content)),
        spans: build.spans,
        escalation: None,
        parts: Vec::new(),
    };
    for recorded in own {
        let at = between(began, recorded.at);
        match &recorded.event {
            Event::PartReleased { turn: of, part, text, facts, .. } if of == turn => {
                let text = text.get().filter(|_| content).cloned();
                trace.parts.push(TracePart { n: *part, text, facts: facts.clone(), at_ms: at });
            }
            Event::Escalated { turn: of, reason, rule, evidence, .. } if of == turn => {
                let (reason, rule, evidence) = (reason.clone(), rule.clone(), evidence.clone());
                trace.escalation = Some(Escalation { reason, rule, evidence });
            }
            Event::ReplyClosed { turn: of, status, zone, refusal } if of == turn => {
                (trace.status, trace.zone, trace.ms) = (Some(status.as_str()), Some(zone.as_str()), at);
                trace.refusal = refusal.as_ref().map(|(code, tool)| json!({ "code": code.as_str(), "tool": tool }));
                return Some(trace);
            }
            Event::ReplyCut { turn: of, .. } if of == turn => {
                trace.ms = at;
                return Some(trace);
            }
            _ => {}
        }
    }
    // Still open: as long as its steps say.
    trace.ms = trace.spans.iter().map(|span| span.start_ms + span.ms).max().unwrap_or(0);
    Some(trace)
}

fn word(cause: &TurnCause) -> &'static str {
    match cause {
        TurnCause::Message => "message",
        TurnCause::Confirmed { .. } => "confirmed",
        TurnCause::Declined => "declined",
        TurnCause::PersonAsked => "person_asked",
        TurnCause::HandedBack { .. } => "handed_back",
        TurnCause::NotApproved => "not_approved",
        TurnCause::Settle { .. } => "settle",
    }
}
