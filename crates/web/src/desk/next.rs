//! `POST /v1/desk/next`: take the conversation that waits most pressingly. Nobody picks cherries.

use super::queue::pressing;
use super::settle;
use crate::body::{Nothing, Strict};
use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door::Desk;
use axum::extract::State;
use patchbay_core::id::ConversationId;
use patchbay_service::Refused;
use serde::Serialize;
use utoipa::ToSchema;

/// So many are tried: others may take the first ones at the same moment.
const TRIED: usize = 20;

/// What there is to solve.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Taken {
    /// The conversation, which is yours now; none when nobody waits.
    #[schema(required)]
    conversation: Option<String>,
}

/// Take the next to solve
///
/// What is offered to you comes first, then strictly in the order of the list `waiting`.
#[utoipa::path(
    post,
    path = "/v1/desk/next",
    operation_id = "take_next",
    tag = "desk",
    responses((status = 200, description = "It is yours", body = Taken), Refusals)
)]
pub(crate) async fn take(State(hall): State<Hall>, by: By<Desk>, _nothing: Strict<Nothing>) -> Result<Shown<Taken>, Problem> {
    hall.pace_staff(by.id())?;
    if by.member.away {
        return Err(Problem::new(Code::Away).detail("You are away. Come back to be given conversations."));
    }
    settle(&hall).await;
    for row in hall.views().next_waiting(by.id().to_string(), TRIED, &pressing(&hall)).await? {
        let Some(id) = ConversationId::parse(&row.id) else { continue };
        match hall.service().take(&id, by.id()).await {
            Ok(_) => {
                settle(&hall).await;
                return Ok(Shown(Taken { conversation: Some(row.id) }));
            }
            // Somebody else was faster: the one after it is next.
            Err(Refused::AlreadyTaken { .. } | Refused::NotOffered) => {}
            Err(refused) => return Err(refused.into()),
        }
    }
    Ok(Shown(Taken { conversation: None }))
}
