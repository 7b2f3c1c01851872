//! Writes at the desk: `POST …/actions` prepares one, `…/{action}/decide` says yes or no to it, `…/{action}/approve` to one the
//! customer wants already, `…/{action}/settle` says what became of one that nobody knew of.

use super::{path, settle};
use crate::body::{FromFields, Strict};
use crate::hall::Hall;
use crate::json::Fields;
use crate::message;
use crate::openapi::Refusals;
use crate::problem::Problem;
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door::Desk;
use crate::wire::Proposal;
use axum::extract::{Path, State};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A write to be prepared.
#[derive(Debug, ToSchema)]
pub(crate) struct NewAction {
    /// The tool; it must be one that writes.
    tool: String,
    /// Its arguments, never identity.
    #[schema(value_type = Option<Object>)]
    args: BTreeMap<String, Value>,
}

impl FromFields for NewAction {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self { tool: fields.needed_text("tool")?, args: fields.object("args")?.into_iter().collect() })
    }
}

/// A write that waits for your yes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Prepared {
    /// The card.
    proposal: Proposal,
}

/// Yes or no to a write prepared at the desk.
#[derive(Debug, ToSchema)]
pub(crate) struct Verdict {
    /// Yes or no.
    yes: bool,
    /// The `digest` of the proposal as it was shown; a yes counts for nothing else.
    digest: Option<String>,
}

impl FromFields for Verdict {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self { yes: fields.needed_flag("yes")?, digest: fields.text("digest")? })
    }
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Became {
    /// `done`, `failed`, `unknown`, `cancelled`, or `running` while it is not known.
    state: &'static str,
    /// Did the system's own state prove it?
    #[schema(required)]
    verified: Option<bool>,
    /// In words.
    text: String,
}

/// Yes or no to a write the customer wants.
#[derive(Debug, ToSchema)]
pub(crate) struct Approving {
    /// Yes or no.
    approved: bool,
    /// Why.
    #[schema(max_length = 8000)]
    why: Option<String>,
}

impl FromFields for Approving {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self { approved: fields.needed_flag("approved")?, why: fields.text("why")? })
    }
}

/// What somebody found out.
#[derive(Debug, ToSchema)]
pub(crate) struct FoundOut {
    /// Was it done?
    done: bool,
    /// How you know.
    #[schema(min_length = 1, max_length = 8000)]
    note: String,
}

impl FromFields for FoundOut {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self { done: fields.needed_flag("done")?, note: fields.needed_text("note")? })
    }
}

/// It is decided.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Noted {
    /// The length of the conversation afterwards.
    seq: u64,
}

/// Prepare a write
///
/// Its needs are read fresh and the same rules decide as for the bot; a refusal says why (409 or 422).
#[utoipa::path(
    post,
    path = "/v1/desk/conversations/{conversation}/actions",
    operation_id = "prepare_action",
    tag = "desk",
    params(("conversation" = String, Path, description = "The conversation")),
    request_body = NewAction,
    responses((status = 200, description = "It waits for your yes", body = Prepared), Refusals)
)]
pub(crate) async fn prepare(
    State(hall): State<Hall>,
    by: By<Desk>,
    Path(conversation): Path<String>,
    Strict(new): Strict<NewAction>,
) -> Result<Shown<Prepared>, Problem> {
    let conversation = path::conversation(&conversation)?;
    hall.pace_staff(by.id())?;
    let proposal = hall.service().propose(&conversation, by.id(), &new.tool, new.args).await?;
    Ok(Shown(Prepared { proposal: proposal.into() }))
}

/// Decide about a write prepared at the desk
#[utoipa::path(
    post,
    path = "/v1/desk/conversations/{conversation}/actions/{action}/decide",
    operation_id = "decide_prepared_action",
    tag = "desk",
    params(("conversation" = String, Path, description = "The conversation"), ("action" = String, Path, description = "The write")),
    request_body = Verdict,
    responses((status = 200, description = "What became of it", body = Became), Refusals)
)]
pub(crate) async fn decide(
    State(hall): State<Hall>,
    by: By<Desk>,
    Path((conversation, action)): Path<(String, String)>,
    Strict(verdict): Strict<Verdict>,
) -> Result<Shown<Became>, Problem> {
    let (conversation, action) = (path::conversation(&conversation)?, path::action(&action)?);
    hall.pace_staff(by.id())?;
    let decided = hall.service().decide_at_desk(&conversation, by.id(), &action, verdict.yes, verdict.digest).await?;
    Ok(Shown(Became { state: decided.state, verified: decided.verified, text: decided.text }))
}

/// Approve a write
///
/// The customer has said yes, and a person has to as well. Once: whoever comes second gets 409 `already_decided`.
#[utoipa::path(
    post,
    path = "/v1/desk/conversations/{conversation}/actions/{action}/approve",
    operation_id = "approve_action",
    tag = "desk",
    params(("conversation" = String, Path, description = "The conversation"), ("action" = String, Path, description = "The write")),
    request_body = Approving,
    responses((status = 200, description = "It is decided", body = Noted), Refusals)
)]
pub(crate) async fn approve(
    State(hall): State<Hall>,
    by: By<Desk>,
    Path((conversation, action)): Path<(String, String)>,
    Strict(approving): Strict<Approving>,
) -> Result<Shown<Noted>, Problem> {
    let (conversation, action) = (path::conversation(&conversation)?, path::action(&action)?);
    approving.why.as_deref().map(|why| message::check_words(why, "why")).transpose()?;
    hall.pace_staff(by.id())?;
    let noted = hall.service().approve(&conversation, by.id(), &action, approving.approved, approving.why).await?;
    settle(&hall).await;
    Ok(Shown(Noted { seq: noted.seq }))
}

/// Say what became of a write
///
/// For a write whose effect nobody knows: somebody looked into the system itself.
#[utoipa::path(
    post,
    path = "/v1/desk/conversations/{conversation}/actions/{action}/settle",
    operation_id = "settle_action",
    tag = "desk",
    params(("conversation" = String, Path, description = "The conversation"), ("action" = String, Path, description = "The write")),
    request_body = FoundOut,
    responses((status = 200, description = "It is settled", body = Noted), Refusals)
)]
pub(crate) async fn settled(
    State(hall): State<Hall>,
    by: By<Desk>,
    Path((conversation, action)): Path<(String, String)>,
    Strict(found): Strict<FoundOut>,
) -> Result<Shown<Noted>, Problem> {
    let (conversation, action) = (path::conversation(&conversation)?, path::action(&action)?);
    message::check_words(&found.note, "note")?;
    hall.pace_staff(by.id())?;
    let noted = hall.service().settle(&conversation, by.id(), &action, found.done, &found.note).await?;
    settle(&hall).await;
    Ok(Shown(Noted { seq: noted.seq }))
}
