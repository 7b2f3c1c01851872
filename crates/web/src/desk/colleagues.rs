//! `GET /v1/desk/colleagues`: who works at the desk, whether they are there, and which queues there are.

use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::Problem;
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door::{Desk, Door};
use axum::extract::State;
use patchbay_core::declare::Queue;
use patchbay_identity::staff::Member;
use serde::Serialize;
use utoipa::ToSchema;

/// Everybody to whom a conversation can be passed on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Colleagues {
    /// Who works at the desk, those who are there first.
    data: Vec<Colleague>,
    /// The queues, in the order they are tried.
    queues: Vec<DeskQueue>,
}

/// Somebody who works at the desk.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Colleague {
    /// Their id.
    #[schema(example = "stf_01k…")]
    id: String,
    /// Their name.
    name: String,
    /// What they are for.
    roles: Vec<&'static str>,
    /// `online`, `away` or `offline`. Nothing is offered to people who are away.
    standing: &'static str,
    /// How many conversations they have in hand.
    conversations: u64,
}

/// A queue.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeskQueue {
    /// Its name.
    name: String,
    /// The team that works on it.
    team: String,
}

/// Who is there
#[utoipa::path(
    get,
    path = "/v1/desk/colleagues",
    operation_id = "read_colleagues",
    tag = "desk",
    responses((status = 200, description = "The colleagues", body = Colleagues), Refusals)
)]
pub(crate) async fn read(State(hall): State<Hall>, _by: By<Desk>) -> Result<Shown<Colleagues>, Problem> {
    let in_hand = hall.views().in_hand().await?;
    let members = hall.staff().all().await?;
    let at_desk = members.iter().filter(|member| member.active && Desk::ROLES.iter().any(|role| member.roles.contains(role)));
    let mut data: Vec<Colleague> = at_desk
        .map(|member| Colleague {
            id: member.id.to_string(),
            name: member.name.clone(),
            roles: member.roles.iter().map(|role| role.as_str()).collect(),
            standing: standing(&hall, member),
            conversations: in_hand.get(member.id.as_str()).copied().unwrap_or(0),
        })
        .collect();
    let place = |standing| ["online", "away", "offline"].iter().position(|one| *one == standing);
    data.sort_by(|a, b| (place(a.standing), &a.name, &a.id).cmp(&(place(b.standing), &b.name, &b.id)));
    let declared = hall.service().house().company.escalation.queues.clone();
    let queues = if declared.is_empty() { vec![Queue::default()] } else { declared };
    let queues = queues.into_iter().map(|Queue { name, team, .. }| DeskQueue { name, team });
    Ok(Shown(Colleagues { data, queues: queues.collect() }))
}

/// Whether somebody is there: away is what they said, offline is that no screen of theirs is.
fn standing(hall: &Hall, member: &Member) -> &'static str {
    match (hall.presence().is_there(&member.id, hall.now()), member.away) {
        (false, _) => "offline",
        (true, true) => "away",
        (true, false) => "online",
    }
}
