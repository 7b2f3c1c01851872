//! Files of customers: which are taken, sending one to a conversation, and reading what was sent in it.

use super::form::{self, NewFile};
use super::link::{self, FileLink};
use super::{file, given};
use crate::desk::Params;
use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::shown::Shown;
use crate::who::{self, Who, pace_key};
use crate::wire::SentFile;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use patchbay_core::Session;
use patchbay_core::id::ConversationId;
use serde::Serialize;
use utoipa::ToSchema;

/// Which files are taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct FileRules {
    /// Endings of names; none when no files are taken.
    #[schema(example = json!(["png", "pdf"]))]
    endings: Vec<&'static str>,
    /// The most bytes of one file.
    largest: u64,
}

/// Read which files are taken
#[utoipa::path(
    get,
    path = "/v1/files",
    operation_id = "read_file_rules",
    tag = "files",
    security(()),
    responses((status = 200, description = "The rules", body = FileRules), Refusals)
)]
pub(crate) async fn rules(State(hall): State<Hall>) -> Shown<FileRules> {
    let files = &hall.service().house().company.files;
    Shown(FileRules { endings: patchbay_service::endings(&files.allow), largest: files.largest })
}

/// Send a file
///
/// One file in a request. It is looked at, and kept for a day; nobody sees it before a message names it in `files`.
#[utoipa::path(
    post,
    path = "/v1/conversations/{conversation}/files",
    operation_id = "send_file",
    tag = "files",
    params(("conversation" = String, Path, description = "The conversation")),
    security(("visitor" = []), ("host" = [])),
    request_body(content = NewFile, content_type = "multipart/form-data"),
    responses((status = 201, description = "It is kept; name it in a message", body = SentFile), Refusals)
)]
pub(crate) async fn send(
    State(hall): State<Hall>,
    Who(session): Who,
    Path(conversation): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Shown<SentFile>), Problem> {
    let conversation = ConversationId::parse(&conversation).ok_or(Code::NotFound)?;
    hall.pace_file(pace_key(&session))?;
    let service = hall.service();
    let taken = form::take(&hall, &headers, body, |claimed| service.take_file(&session, &conversation, claimed)).await?;
    Ok((StatusCode::CREATED, Shown(SentFile::new(&taken.file, taken.about))))
}

/// Read what a file is
///
/// Of a file that was sent in the conversation, with a link to its bytes that is good for a few minutes and for this session.
#[utoipa::path(
    get,
    path = "/v1/conversations/{conversation}/files/{file}",
    operation_id = "read_file",
    tag = "files",
    params(("conversation" = String, Path, description = "The conversation"), ("file" = String, Path, description = "The file")),
    security(("visitor" = []), ("host" = [])),
    responses((status = 200, description = "The file", body = FileLink), Refusals)
)]
pub(crate) async fn read(
    State(hall): State<Hall>,
    Who(session): Who,
    Path((conversation, id)): Path<(String, String)>,
) -> Result<Shown<FileLink>, Problem> {
    let (conversation, id) = (ConversationId::parse(&conversation).ok_or(Code::NotFound)?, file(&id)?);
    let about = hall.service().file(&session, &conversation, &id).await?;
    Ok(Shown(link::make(&hall, "/v1/conversations", &conversation, &id, about, &whom(&session))))
}

/// Read a file's bytes
///
/// By the link of `read_file`, with the same session. Every other request is answered with 404.
#[utoipa::path(
    get,
    path = "/v1/conversations/{conversation}/files/{file}/content",
    operation_id = "read_file_content",
    tag = "files",
    params(
        ("conversation" = String, Path, description = "The conversation"),
        ("file" = String, Path, description = "The file"),
        ("until" = i64, Query, description = "From the link"),
        ("seal" = String, Query, description = "From the link")
    ),
    security(("visitor" = []), ("host" = [])),
    responses((status = 200, description = "The bytes", body = String, content_type = "application/octet-stream"), Refusals)
)]
pub(crate) async fn content(
    State(hall): State<Hall>,
    Path((conversation, id)): Path<(String, String)>,
    headers: HeaderMap,
    mut params: Params,
) -> Result<Response, Problem> {
    let (conversation, id) = (ConversationId::parse(&conversation).ok_or(Code::NotFound)?, file(&id)?);
    let session = who::recognise(&headers, &hall).await.ok().flatten().ok_or(Code::NotFound)?;
    link::check(&hall, &mut params, &conversation, &id, &whom(&session))?;
    let about = hall.service().file(&session, &conversation, &id).await.map_err(|_| Code::NotFound)?;
    Ok(given::give(hall.service().open_file(&id, about).await?))
}

/// For whom a link is: this browser, with whoever is signed in there.
fn whom(session: &Session) -> String {
    format!("{}\n{}", session.visitor, session.customer.as_ref().map_or("", |customer| customer.id.as_str()))
}
