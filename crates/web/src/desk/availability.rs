//! `POST /v1/desk/availability`: going away and coming back. Nothing is offered to somebody who is away.

use super::settle;
use crate::body::{FromFields, Strict};
use crate::hall::Hall;
use crate::json::Fields;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::staff::By;
use crate::staff::door::Desk;
use axum::extract::State;
use axum::http::StatusCode;
use patchbay_identity::staff::Member;
use utoipa::ToSchema;

/// Whether you are there.
#[derive(Debug, ToSchema)]
pub(crate) struct Availability {
    /// Are you away from now on?
    away: bool,
}

impl FromFields for Availability {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self { away: fields.needed_flag("away")? })
    }
}

/// Go away or come back
///
/// It holds for all your screens, until you say otherwise. What is offered to you goes back to its queue; what is yours stays yours.
#[utoipa::path(
    post,
    path = "/v1/desk/availability",
    operation_id = "say_availability",
    tag = "desk",
    request_body = Availability,
    responses((status = 204, description = "Noted"), Refusals)
)]
pub(crate) async fn say(State(hall): State<Hall>, by: By<Desk>, Strict(said): Strict<Availability>) -> Result<StatusCode, Problem> {
    hall.pace_staff(by.id())?;
    let member = hall.staff().set_away(by.id(), said.away).await?;
    hall.presence().changed();
    if member.away {
        hall.service().give_back_offers(by.id()).await?;
        settle(&hall).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Somebody who may be offered something, or why not.
pub(super) fn there(member: &Member) -> Result<(), Problem> {
    if member.away {
        return Err(Problem::new(Code::Away).detail(format!("{} is away; name somebody else, or a queue.", member.name)));
    }
    Ok(())
}
