//! Files at the desk: sending one to a customer, and reading what was sent.

use super::form::{self, NewFile};
use super::link::{self, FileLink};
use super::{file, given};
use crate::desk::Params;
use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door::Desk;
use crate::wire::SentFile;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use patchbay_core::id::ConversationId;

/// Send a file to a customer
///
/// One file in a request. It is looked at, and kept for a day; nobody sees it before a reply names it in `files`.
#[utoipa::path(
    post,
    path = "/v1/desk/conversations/{conversation}/files",
    operation_id = "send_desk_file",
    tag = "desk",
    params(("conversation" = String, Path, description = "The conversation")),
    request_body(content = NewFile, content_type = "multipart/form-data"),
    responses((status = 201, description = "It is kept; name it in a reply", body = SentFile), Refusals)
)]
pub(crate) async fn send(
    State(hall): State<Hall>,
    by: By<Desk>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Shown<SentFile>), Problem> {
    let conversation = ConversationId::parse(&conversation).ok_or(Code::NotFound)?;
    hall.pace_staff(by.id())?;
    let service = hall.service();
    let taken = form::take(&hall, &headers, body, |claimed| service.take_file_of_staff(&conversation, by.id(), claimed)).await?;
    Ok((StatusCode::CREATED, Shown(SentFile::new(&taken.file, taken.about))))
}

/// Read what a file is
///
/// Of a file that was sent in the conversation, with a link to its bytes that is good for a few minutes and for you.
#[utoipa::path(
    get,
    path = "/v1/desk/conversations/{conversation}/files/{file}",
    operation_id = "read_desk_file",
    tag = "desk",
    params(("conversation" = String, Path, description = "The conversation"), ("file" = String, Path, description = "The file")),
    responses((status = 200, description = "The file", body = FileLink), Refusals)
)]
pub(crate) async fn read(
    State(hall): State<Hall>,
    by: By<Desk>,
    Path((conversation, id)): Path<(String, String)>,
) -> Result<Shown<FileLink>, Problem> {
    let (conversation, id) = (ConversationId::parse(&conversation).ok_or(Code::NotFound)?, file(&id)?);
    let about = hall.service().file_at_desk(&conversation, &id).await?;
    Ok(Shown(link::make(&hall, "/v1/desk/conversations", &conversation, &id, about, by.id().as_str())))
}

/// Read a file's bytes
///
/// By the link of `read_desk_file`, signed in as whoever asked for it. Every other request is answered with 404.
#[utoipa::path(
    get,
    path = "/v1/desk/conversations/{conversation}/files/{file}/content",
    operation_id = "read_desk_file_content",
    tag = "desk",
    params(
        ("conversation" = String, Path, description = "The conversation"),
        ("file" = String, Path, description = "The file"),
        ("until" = i64, Query, description = "From the link"),
        ("seal" = String, Query, description = "From the link")
    ),
    responses((status = 200, description = "The bytes", body = String, content_type = "application/octet-stream"), Refusals)
)]
pub(crate) async fn content(
    State(hall): State<Hall>,
    by: By<Desk>,
    Path((conversation, id)): Path<(String, String)>,
    mut params: Params,
) -> Result<Response, Problem> {
    let (conversation, id) = (ConversationId::parse(&conversation).ok_or(Code::NotFound)?, file(&id)?);
    link::check(&hall, &mut params, &conversation, &id, by.id().as_str())?;
    let about = hall.service().file_at_desk(&conversation, &id).await?;
    Ok(given::give(hall.service().open_file(&id, about).await?))
}
