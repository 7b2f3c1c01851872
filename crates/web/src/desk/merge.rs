//! `POST /v1/desk/conversations/{conversation}/merge`: two conversations of one customer become one.

use super::row::Row;
use super::{path, state};
use crate::body::{FromFields, Strict};
use crate::hall::Hall;
use crate::json::Fields;
use crate::openapi::Refusals;
use crate::problem::Problem;
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door::Desk;
use axum::extract::{Path, State};
use utoipa::ToSchema;

/// Where a conversation goes on.
#[derive(Debug, ToSchema)]
pub(crate) struct Merging {
    /// The conversation that goes on; of the same customer.
    #[schema(example = "cnv_01k…")]
    into: String,
}

impl FromFields for Merging {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self { into: fields.needed_text("into")? })
    }
}

/// Merge a conversation into another one
///
/// Both must be of the same proven customer: what is somebody else's is answered like what does not exist. The one that is merged is
/// silent from then on, its customer is sent on, and it can be taken back for 30 days.
#[utoipa::path(
    post,
    path = "/v1/desk/conversations/{conversation}/merge",
    operation_id = "merge",
    tag = "desk",
    params(("conversation" = String, Path, description = "The conversation that is merged")),
    request_body = Merging,
    responses((status = 200, description = "It is merged", body = Row), Refusals)
)]
pub(crate) async fn merge(
    State(hall): State<Hall>,
    by: By<Desk>,
    Path(conversation): Path<String>,
    Strict(merging): Strict<Merging>,
) -> Result<Shown<Row>, Problem> {
    let (conversation, into) = (path::conversation(&conversation)?, path::conversation(&merging.into)?);
    hall.pace_staff(by.id())?;
    hall.service().merge(&conversation, by.id(), &into).await?;
    state::now(&hall, &conversation).await
}
