//! `POST /v1/desk/conversations/{conversation}/transfer`: a colleague or another queue goes on, with a note.

use super::row::Row;
use super::{availability, note, path, state};
use crate::body::{FromFields, Strict};
use crate::hall::Hall;
use crate::json::Fields;
use crate::message;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door::Desk;
use axum::extract::{Path, State};
use patchbay_service::Transfer;
use utoipa::ToSchema;

/// Where it goes on.
#[derive(Debug, ToSchema)]
pub(crate) struct PassOn {
    /// A colleague, by their id.
    to: Option<String>,
    /// A queue, by its name.
    queue: Option<String>,
    /// What whoever comes next should know.
    #[schema(min_length = 1, max_length = 8000)]
    note: String,
}

impl FromFields for PassOn {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self { to: fields.text("to")?, queue: fields.text("queue")?, note: fields.needed_text("note")? })
    }
}

/// Pass a conversation on
///
/// To a colleague (`to`), to a queue (`queue`), or to a colleague of a queue; never without a note.
#[utoipa::path(
    post,
    path = "/v1/desk/conversations/{conversation}/transfer",
    operation_id = "transfer",
    tag = "desk",
    params(("conversation" = String, Path, description = "The conversation")),
    request_body = PassOn,
    responses((status = 200, description = "It is passed on", body = Row), Refusals)
)]
pub(crate) async fn transfer(
    State(hall): State<Hall>,
    by: By<Desk>,
    Path(conversation): Path<String>,
    Strict(on): Strict<PassOn>,
) -> Result<Shown<Row>, Problem> {
    let conversation = path::conversation(&conversation)?;
    message::check_words(&on.note, "note")?;
    if on.to.is_none() && on.queue.is_none() {
        return Err(Problem::new(Code::FieldMissing).detail("Say where it goes on: `to`, `queue`, or both.").field("/to"));
    }
    let to = match &on.to {
        Some(id) => {
            let nobody = || Problem::new(Code::FieldInvalid).detail("`to` is nobody who belongs to the staff now.").field("/to");
            let member = note::member(&hall, id).await?.ok_or_else(nobody)?;
            availability::there(&member)?;
            Some(member.id.clone())
        }
        None => None,
    };
    hall.pace_staff(by.id())?;
    hall.service().transfer(&conversation, by.id(), Transfer { to: to.clone(), queue: on.queue, note: on.note }).await?;
    // Whoever went away at this very moment may not have seen the offer yet: it is taken back for them.
    if let Some(to) = to
        && let Some(member) = hall.staff().member(&to).await?.filter(|member| member.away)
    {
        hall.service().give_back_offer(&conversation, &to).await?;
        let detail = format!("{} went away just now; the conversation waits in its queue.", member.name);
        return Err(Problem::new(Code::Away).detail(detail));
    }
    state::now(&hall, &conversation).await
}
