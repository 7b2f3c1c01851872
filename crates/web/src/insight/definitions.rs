//! `GET /v1/insight/definitions`: what every figure means.

use crate::openapi::Refusals;
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door;
use patchbay_insight::{DEFINITIONS, Definition};
use serde::Serialize;
use utoipa::ToSchema;

/// The dictionary.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Dictionary {
    /// Every figure there is.
    data: &'static [Definition],
}

/// Read what the figures mean
#[utoipa::path(
    get,
    path = "/v1/insight/definitions",
    operation_id = "read_definitions",
    tag = "insight",
    responses((status = 200, description = "The dictionary", body = Dictionary), Refusals)
)]
pub(crate) async fn read(_by: By<door::Figures>) -> Shown<Dictionary> {
    Shown(Dictionary { data: DEFINITIONS })
}
