//! `GET /v1/insight/figures`: every figure of a range of days.

use super::asked;
use crate::desk::Params;
use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::Problem;
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door;
use axum::extract::State;
use patchbay_insight::Figures;

/// Read the figures
///
/// Over the conversations opened on these days of the company's that have ended. Each comes with how many it rests on, a 95 %
/// interval, its parts and its course; `few` says that it rests on too few to say much.
#[utoipa::path(
    get,
    path = "/v1/insight/figures",
    operation_id = "read_figures",
    tag = "insight",
    params(
        ("from" = Option<String>, Query, description = "The first day, such as `2026-11-01`; 28 days in all unless told"),
        ("to" = Option<String>, Query, description = "The last day; today unless told"),
        ("channel" = Option<String>, Query, description = "Only this channel"),
        ("by" = Option<String>, Query, description = "Outcomes split by `channel`, `language` or `topic`")
    ),
    responses((status = 200, description = "The figures", body = Figures), Refusals)
)]
pub(crate) async fn read(State(hall): State<Hall>, _by: By<door::Figures>, mut params: Params) -> Result<Shown<Figures>, Problem> {
    let asked = asked(&hall, &mut params)?;
    params.done()?;
    Ok(Shown(hall.insight().figures(&asked, hall.now()).await?))
}
