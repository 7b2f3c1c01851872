//! `POST /v1/desk/conversations/{conversation}/note`: a note that only the staff reads.

use super::path;
use super::reply::Written;
use crate::body::{FromFields, Strict};
use crate::hall::Hall;
use crate::json::Fields;
use crate::message;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door::Desk;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use patchbay_core::id::StaffId;
use patchbay_identity::staff::Member;
use std::sync::Arc;
use utoipa::ToSchema;

/// The most people one note calls.
const MOST: usize = 20;

/// A note.
#[derive(Debug, ToSchema)]
pub(crate) struct NewNote {
    /// The words, at most 8,000 characters.
    #[schema(min_length = 1, max_length = 8000)]
    text: String,
    /// The writer's own id; the same id with the same words again gives the first result.
    #[schema(min_length = 1, max_length = 255)]
    client: Option<String>,
    /// Who of the staff should read it, by their ids.
    #[schema(value_type = Option<Vec<String>>)]
    mentions: Vec<String>,
}

impl FromFields for NewNote {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self { text: fields.needed_text("text")?, client: fields.text("client")?, mentions: fields.texts("mentions")? })
    }
}

/// Write a note
#[utoipa::path(
    post,
    path = "/v1/desk/conversations/{conversation}/note",
    operation_id = "write_note",
    tag = "desk",
    params(("conversation" = String, Path, description = "The conversation")),
    request_body = NewNote,
    responses(
        (status = 201, description = "On the disk", body = Written),
        (status = 200, description = "The same was sent before: the first result again", body = Written),
        Refusals
    )
)]
pub(crate) async fn send(
    State(hall): State<Hall>,
    by: By<Desk>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
    Strict(new): Strict<NewNote>,
) -> Result<(StatusCode, HeaderMap, Shown<Written>), Problem> {
    let conversation = path::conversation(&conversation)?;
    let client = message::client_id(&headers, new.client)?;
    message::check_text(&new.text)?;
    let mentions = mentioned(&hall, &new.mentions).await?;
    hall.pace_staff(by.id())?;
    let received = hall.service().note(&conversation, by.id(), &new.text, client, mentions).await?;
    Ok(Written::answer(&received))
}

async fn mentioned(hall: &Hall, ids: &[String]) -> Result<Vec<StaffId>, Problem> {
    let wrong = |what: String| Problem::new(Code::FieldInvalid).detail(what).field("/mentions");
    if ids.len() > MOST {
        return Err(wrong(format!("`mentions` names {} people; {MOST} are the most.", ids.len())));
    }
    let mut mentioned = Vec::new();
    for id in ids {
        mentioned.push(colleague(hall, id).await?.ok_or_else(|| wrong("`mentions` names somebody who is not of the staff.".to_owned()))?);
    }
    Ok(mentioned)
}

/// What is known of somebody who belongs to the staff now.
pub(super) async fn member(hall: &Hall, id: &str) -> Result<Option<Arc<Member>>, Problem> {
    let Some(id) = StaffId::parse(id) else { return Ok(None) };
    Ok(hall.staff().member(&id).await?.filter(|member| member.active))
}

/// Somebody who belongs to the staff now.
pub(super) async fn colleague(hall: &Hall, id: &str) -> Result<Option<StaffId>, Problem> {
    Ok(member(hall, id).await?.map(|member| member.id.clone()))
}
