//! `GET /v1/desk/conversations/{conversation}/why`: why a conversation went to people, each decision made again.

use super::path;
use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::Problem;
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door::Desk;
use axum::extract::{Path, State};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Every decision to hand over.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Whys {
    /// The decisions, oldest first.
    data: Vec<Why>,
}

/// One decision to hand over.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Why {
    /// What was decided: `handed_over`, or `offered` where the customer may choose a person.
    decision: &'static str,
    /// The turn that decided.
    turn: String,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// The reason's word.
    reason: String,
    /// The trigger as it stood in the configuration, when one decided.
    #[schema(required)]
    rule: Option<String>,
    /// The values it saw.
    evidence: BTreeMap<String, String>,
    /// Does what was stored lead to the same decision again?
    reproduced: bool,
    /// What that was made from, or why it could not be.
    basis: String,
    /// Digest of the configuration it was made under.
    #[schema(required)]
    config: Option<String>,
    /// Is that the configuration in force now?
    current: bool,
}

/// Ask why it went to people
#[utoipa::path(
    get,
    path = "/v1/desk/conversations/{conversation}/why",
    operation_id = "ask_why",
    tag = "traces",
    params(("conversation" = String, Path, description = "The conversation")),
    responses((status = 200, description = "The decisions", body = Whys), Refusals)
)]
pub(crate) async fn read(State(hall): State<Hall>, _by: By<Desk>, Path(conversation): Path<String>) -> Result<Shown<Whys>, Problem> {
    let found = hall.service().why(&path::conversation(&conversation)?).await?;
    let why = |why: patchbay_service::Why| Why {
        decision: why.decision.as_str(),
        turn: why.turn.to_string(),
        at: why.at.to_string(),
        reason: why.reason,
        rule: why.rule,
        evidence: why.evidence,
        reproduced: why.reproduced,
        basis: why.basis,
        config: why.config,
        current: why.current,
    };
    Ok(Shown(Whys { data: found.into_iter().map(why).collect() }))
}
