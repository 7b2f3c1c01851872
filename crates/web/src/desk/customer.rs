//! `GET /v1/desk/conversations/{conversation}/customer`: whose conversation it is, and what they came with before.

use super::row::{self, RowCustomer};
use super::{cards, path};
use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door::Desk;
use axum::extract::{Path, State};
use futures::future::join_all;
use patchbay_core::attachment;
use patchbay_core::event::Event;
use patchbay_core::fact::Released;
use patchbay_views::DeskRow;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// How many of their conversations are shown.
const LATEST: usize = 50;

/// Whose conversation it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Customer {
    /// Who; none while nobody is proven.
    #[schema(required)]
    customer: Option<Known>,
    /// Their conversations, newest first, this one included.
    conversations: Vec<Before>,
    /// When they came first.
    #[schema(required, format = DateTime)]
    first_seen: Option<String>,
}

/// A customer, and what is known of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Known {
    /// The pseudonym.
    id: String,
    /// The name.
    #[schema(required)]
    name: Option<String>,
    /// Facts about them, as the configuration names them, from the last time a system was asked here.
    facts: Vec<KnownFact>,
}

/// A fact about a customer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KnownFact {
    name: String,
    label: String,
    #[schema(value_type = Object)]
    value: Value,
    source: String,
    #[schema(format = DateTime)]
    fetched_at: String,
}

/// A conversation of theirs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Before {
    conversation: String,
    #[schema(format = DateTime)]
    opened_at: String,
    channel: String,
    state: String,
    outcome: String,
    #[schema(required)]
    reason: Option<String>,
    /// How it felt at the end, in thousandths.
    #[schema(required)]
    feeling: Option<i64>,
    /// Its first words.
    #[schema(required)]
    summary: Option<String>,
}

/// Read whose it is
#[utoipa::path(
    get,
    path = "/v1/desk/conversations/{conversation}/customer",
    operation_id = "read_desk_customer",
    tag = "desk",
    params(("conversation" = String, Path, description = "The conversation")),
    responses((status = 200, description = "The customer", body = Customer), Refusals)
)]
pub(crate) async fn read(State(hall): State<Hall>, _by: By<Desk>, Path(conversation): Path<String>) -> Result<Shown<Customer>, Problem> {
    let id = path::conversation(&conversation)?;
    let here = hall.views().desk_row(id.to_string()).await?.ok_or(Code::NotFound)?;
    let Some(customer) = here.customer.clone() else {
        let first_seen = Some(here.opened_at.to_string());
        return Ok(Shown(Customer { customer: None, conversations: vec![before(&hall, here).await?], first_seen }));
    };
    let name = row::customer_name(&hall, &here).await?;
    let facts = facts(&hall, &here).await?;
    let rows = hall.views().desk_of_customer(customer.clone(), LATEST).await?;
    let first_seen = hall.views().first_seen(customer.clone()).await?.map(|at| at.to_string());
    let conversations = join_all(rows.into_iter().map(|row| before(&hall, row))).await.into_iter().collect::<Result<_, _>>()?;
    let RowCustomer { id, name } = RowCustomer { id: customer, name };
    Ok(Shown(Customer { customer: Some(Known { id, name, facts }), conversations, first_seen }))
}

/// What the configuration calls facts about the customer, where a system was asked for them in this conversation.
async fn facts(hall: &Hall, here: &DeskRow) -> Result<Vec<KnownFact>, Problem> {
    let mut facts = Vec::new();
    for (name, path) in &hall.service().house().company.customer_facts {
        let Some((tool, field)) = path.split_once('.') else { continue };
        let Some(released) = released(hall, here, tool).await? else { continue };
        let Some(value) = released.value.at(field) else { continue };
        facts.push(KnownFact {
            name: name.clone(),
            label: cards::label(name),
            value: value.to_json(),
            source: released.source.clone(),
            fetched_at: released.fetched_at.to_string(),
        });
    }
    Ok(facts)
}

/// The last answer of a tool in this conversation.
async fn released(hall: &Hall, here: &DeskRow, tool: &str) -> Result<Option<Released>, Problem> {
    let Some(seq) = hall.views().last_answer(here.id.clone(), tool.to_owned()).await? else { return Ok(None) };
    Ok(match row::event(hall, &here.id, seq).await?.map(|recorded| recorded.event) {
        Some(Event::CallAnswered { released: Some(released), .. }) => released.into_inner(),
        _ => None,
    })
}

async fn before(hall: &Hall, row: DeskRow) -> Result<Before, Problem> {
    let first = match hall.views().first_message(row.id.clone()).await? {
        Some(seq) => row::event(hall, &row.id, seq).await?,
        None => None,
    };
    let summary = first.and_then(|recorded| match recorded.event {
        Event::MessageReceived { text, files, .. } => attachment::said(text.get().map(String::as_str), &files).map(row::glance),
        _ => None,
    });
    Ok(Before {
        conversation: row.id,
        opened_at: row.opened_at.to_string(),
        channel: row.channel,
        state: row.state,
        outcome: row.outcome,
        reason: row.reason,
        feeling: row.feeling.map(|(last, _)| last),
        summary,
    })
}
