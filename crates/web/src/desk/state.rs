//! `POST /v1/desk/conversations/{conversation}/take`, `accept`, `decline`, `resolve`, `reopen`, `unmerge`: who has the conversation,
//! and whether it goes on by itself.

use super::row::{self, Row};
use super::{path, settle};
use crate::body::{Nothing, Strict};
use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::Problem;
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door::Desk;
use axum::extract::{Path, State};
use patchbay_core::id::ConversationId;

/// The row after what was just done.
pub(super) async fn now(hall: &Hall, conversation: &ConversationId) -> Result<Shown<Row>, Problem> {
    settle(hall).await;
    row::of(hall, conversation).await.map(Shown)
}

macro_rules! doors {
    ($($(#[$doc:meta])* $name:ident = $path:literal, $operation:literal, $what:literal;)*) => {$(
        $(#[$doc])*
        #[utoipa::path(
            post,
            path = $path,
            operation_id = $operation,
            tag = "desk",
            params(("conversation" = String, Path, description = "The conversation")),
            responses((status = 200, description = $what, body = Row), Refusals)
        )]
        pub(crate) async fn $name(
            State(hall): State<Hall>,
            by: By<Desk>,
            Path(conversation): Path<String>,
            _nothing: Strict<Nothing>,
        ) -> Result<Shown<Row>, Problem> {
            let conversation = path::conversation(&conversation)?;
            hall.pace_staff(by.id())?;
            hall.service().$name(&conversation, by.id()).await?;
            now(&hall, &conversation).await
        }
    )*};
}

doors! {
    /// Take a conversation
    ///
    /// The bot is silent from then on. Of several who try, one has it; the others get 409 `already_taken` with the owner's id.
    take = "/v1/desk/conversations/{conversation}/take", "take", "You have it";
    /// Accept what is offered
    accept = "/v1/desk/conversations/{conversation}/accept", "accept", "You have it";
    /// Decline what is offered
    ///
    /// It goes back to its queue.
    decline = "/v1/desk/conversations/{conversation}/decline", "decline", "It is back in its queue";
    /// Resolve a conversation
    resolve = "/v1/desk/conversations/{conversation}/resolve", "resolve", "It is resolved";
    /// Reopen a conversation
    reopen = "/v1/desk/conversations/{conversation}/reopen", "reopen", "You have it again";
    /// Take a merge back
    unmerge = "/v1/desk/conversations/{conversation}/unmerge", "unmerge", "It goes on by itself again";
}
