//! `GET /v1/insight/figures/{name}/rows`: the conversations behind a number.

use super::asked;
use crate::desk::Params;
use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::Problem;
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door;
use axum::extract::{Path, State};
use patchbay_insight::{InsightError, Rows, definition};

/// How many conversations a page has unless told.
const USUAL: usize = 50;

/// Read the conversations behind a figure
///
/// Exactly those that count for it, or for one of its parts; those of the newest day first.
#[utoipa::path(
    get,
    path = "/v1/insight/figures/{name}/rows",
    operation_id = "read_figure_rows",
    tag = "insight",
    params(
        ("name" = String, Path, description = "The figure, as the dictionary names it"),
        ("part" = Option<String>, Query, description = "Only this part of it"),
        ("from" = Option<String>, Query, description = "The first day"),
        ("to" = Option<String>, Query, description = "The last day"),
        ("channel" = Option<String>, Query, description = "Only this channel"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<usize>, Query, description = "At most so many; 50 unless told, never over 200")
    ),
    responses((status = 200, description = "The conversations", body = Rows), Refusals)
)]
pub(crate) async fn read(
    State(hall): State<Hall>,
    _by: By<door::Figures>,
    Path(name): Path<String>,
    mut params: Params,
) -> Result<Shown<Rows>, Problem> {
    let definition = definition(&name).ok_or(InsightError::Unknown(name))?;
    let asked = asked(&hall, &mut params)?;
    let (part, after, limit) = (params.text("part"), params.text("after"), params.limit(USUAL)?);
    params.done()?;
    Ok(Shown(hall.insight().rows(definition, part, &asked, hall.now(), after, limit).await?))
}
