//! `GET /v1/desk/conversations/{conversation}/as-test`: a conversation as a test that plays it again.

use super::{conversation, path};
use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::staff::By;
use crate::staff::door::Engineers;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;

/// Copy a conversation as a test
///
/// A file for `patchbay test`: the customer's words, what is expected, and the backends' answers as they were released. It holds a real
/// customer's words: look through it before you keep it.
#[utoipa::path(
    get,
    path = "/v1/desk/conversations/{conversation}/as-test",
    operation_id = "copy_as_test",
    tag = "traces",
    params(("conversation" = String, Path, description = "The conversation")),
    responses((status = 200, description = "The test", body = String, content_type = "text/yaml"), Refusals)
)]
pub(crate) async fn read(
    State(hall): State<Hall>,
    _by: By<Engineers>,
    Path(conversation): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let id = path::conversation(&conversation)?;
    let events = conversation::events(&hall, &id).await?;
    let test = hall.copy_as_test(&events).map_err(|why| Problem::new(Code::NothingToCopy).detail(why))?;
    Ok(([(header::CONTENT_TYPE, "text/yaml; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], test))
}
