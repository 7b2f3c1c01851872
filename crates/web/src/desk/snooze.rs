//! `POST /v1/desk/conversations/{conversation}/snooze`: put a conversation aside until a time, or until the customer writes.

use super::row::Row;
use super::{path, state};
use crate::body::{FromFields, Strict};
use crate::hall::Hall;
use crate::json::Fields;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door::Desk;
use axum::extract::{Path, State};
use patchbay_core::Timestamp;
use utoipa::ToSchema;

/// Until when.
#[derive(Debug, ToSchema)]
pub(crate) struct Snooze {
    /// A time to come.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

impl FromFields for Snooze {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        let until = fields.needed_text("until")?.parse();
        let wrong = |_| Problem::new(Code::FieldInvalid).detail("`until` must be a time like 2026-11-20T14:02:10Z.").field("/until");
        Ok(Self { until: until.map_err(wrong)? })
    }
}

/// Put a conversation aside
#[utoipa::path(
    post,
    path = "/v1/desk/conversations/{conversation}/snooze",
    operation_id = "snooze",
    tag = "desk",
    params(("conversation" = String, Path, description = "The conversation")),
    request_body = Snooze,
    responses((status = 200, description = "It is put aside", body = Row), Refusals)
)]
pub(crate) async fn snooze(
    State(hall): State<Hall>,
    by: By<Desk>,
    Path(conversation): Path<String>,
    Strict(snooze): Strict<Snooze>,
) -> Result<Shown<Row>, Problem> {
    let conversation = path::conversation(&conversation)?;
    hall.pace_staff(by.id())?;
    hall.service().snooze(&conversation, by.id(), snooze.until).await?;
    state::now(&hall, &conversation).await
}
