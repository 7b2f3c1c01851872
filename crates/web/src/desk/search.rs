//! `GET /v1/desk/search`: what was said, looked through from the newest words back.

use super::params::Params;
use super::row::{self, Person};
use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door::Words;
use crate::wire::speaker;
use axum::extract::State;
use patchbay_core::mind::Speaker;
use patchbay_core::words::Outcome;
use patchbay_views::find::{self, Hit, Query, Sought};
use serde::Serialize;
use std::ops::Range;
use utoipa::ToSchema;

/// What one look found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Found {
    /// Where something was found, newest first.
    data: Vec<FoundWords>,
    /// What to send as `after` to go on; none when everything was looked through.
    #[schema(required)]
    next: Option<String>,
    /// How far this look went.
    searched: Searched,
}

/// How far a look went. Words are sealed: they are read one after another, and one look takes about a second at most.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Searched {
    /// How many messages were read.
    messages: u64,
    /// How far back.
    #[schema(required, format = DateTime)]
    back_to: Option<String>,
    /// Was everything looked through?
    done: bool,
}

/// Words in which something was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundWords {
    /// The conversation.
    conversation: String,
    /// Their place in it.
    seq: u64,
    /// When they were said.
    #[schema(format = DateTime)]
    at: String,
    /// Who said them: `customer`, `bot` or `agent`.
    who: &'static str,
    /// The member of the staff, when one said them.
    #[schema(required)]
    staff: Option<Person>,
    /// The sentence.
    text: String,
    /// Where in it: from and to, in UTF-16 units, as scripts of pages count.
    marks: Vec<[usize; 2]>,
    /// Was more said than this sentence?
    cut: bool,
    /// The customer's pseudonym, once proven.
    #[schema(required)]
    customer: Option<String>,
    /// The channel.
    channel: String,
    /// What it was understood as, or what the conversation is about.
    #[schema(required)]
    topic: Option<String>,
    /// Where the conversation stands on the outcome ladder.
    outcome: String,
    /// How the customer seemed to feel, from -1000 to 1000; of their own words alone.
    #[schema(required)]
    feeling: Option<i64>,
}

/// Look through what was said
///
/// All of several words, "phrases" in quotes; case and accents do not matter; without `q` everything is found. The filters narrow first.
/// Newest first; where `searched.done` is false, go on with `next`, also when nothing was found yet.
#[utoipa::path(
    get,
    path = "/v1/desk/search",
    operation_id = "search_words",
    tag = "desk",
    params(
        ("q" = Option<String>, Query, description = "What is looked for; at most 200 characters"),
        ("from" = Option<String>, Query, description = "The first day, such as `2026-11-01`, where the company is"),
        ("to" = Option<String>, Query, description = "The last day"),
        ("channel" = Option<String>, Query, description = "Of this channel"),
        ("topic" = Option<String>, Query, description = "Understood as this skill, or in a conversation about it"),
        ("outcome" = Option<String>, Query, description = "In conversations with this outcome"),
        ("reason" = Option<String>, Query, description = "In conversations that went to people for this reason"),
        ("feeling_below" = Option<i64>, Query, description = "By a customer who felt worse, from -1000 to 1000"),
        ("who" = Option<String>, Query, description = "`customer`, `bot` or `agent`"),
        ("after" = Option<String>, Query, description = "`next` of the look before"),
        ("limit" = Option<usize>, Query, description = "At most so many; 50 unless told, never over 200")
    ),
    responses((status = 200, description = "What one look found", body = Found), Refusals)
)]
pub(crate) async fn read(State(hall): State<Hall>, by: By<Words>, mut params: Params) -> Result<Shown<Found>, Problem> {
    let sought = sought(&hall, &mut params)?;
    let after = params.after()?;
    let limit = params.limit(50)?;
    params.done()?;
    hall.pace_staff(by.id())?;
    let look = find::find(hall.views(), &**hall.log(), hall.clock(), &sought, after, limit).await?;
    let searched = Searched { messages: look.messages, back_to: look.back_to.map(|at| at.to_string()), done: look.next.is_none() };
    let mut data = Vec::with_capacity(look.hits.len());
    for hit in look.hits {
        data.push(shown(&hall, hit).await?);
    }
    Ok(Shown(Found { data, next: look.next.map(|next| next.to_string()), searched }))
}

fn sought(hall: &Hall, params: &mut Params) -> Result<Sought, Problem> {
    let invalid = |field: &str, why: String| Problem::new(Code::FieldInvalid).detail(format!("`{field}`: {why}")).field(field.to_owned());
    let company = &hall.service().house().company;
    let day = |field: &str, text: Option<String>, days: i64| {
        let read = |text: String| {
            find::day_begins(&text, &company.zone, days).ok_or_else(|| invalid(field, format!("'{text}' is no day like 2026-11-20")))
        };
        text.map(read).transpose()
    };
    let query = Query::read(&params.text("q").unwrap_or_default()).map_err(|error| invalid("q", error.to_string()))?;
    let (from, to) = (day("from", params.text("from"), 0)?, day("to", params.text("to"), 1)?);
    let outcome = params.text("outcome");
    if let Some(word) = outcome.as_ref().filter(|word| Outcome::parse(word).is_none()) {
        let known: Vec<&str> = Outcome::ALL.iter().map(|outcome| outcome.as_str()).collect();
        return Err(invalid("outcome", format!("there is no outcome '{word}'; there are {}", known.join(", "))));
    }
    let who = params.text("who").map(|word| {
        let all = [Speaker::Customer, Speaker::Bot, Speaker::Agent].into_iter();
        all.into_iter().find(|who| speaker(*who) == word).ok_or_else(|| invalid("who", "write customer, bot or agent".to_owned()))
    });
    let feeling = params.text("feeling_below").map(|text| {
        let below = text.parse().ok().filter(|below| (-1_000..=1_000).contains(below));
        below.ok_or_else(|| invalid("feeling_below", "write a number from -1000 to 1000".to_owned()))
    });
    Ok(Sought {
        query,
        from,
        to,
        channel: params.text("channel"),
        topic: params.text("topic"),
        outcome,
        reason: params.text("reason"),
        feeling_below: feeling.transpose()?,
        who: who.transpose()?,
    })
}

async fn shown(hall: &Hall, hit: Hit) -> Result<FoundWords, Problem> {
    let staff = match &hit.staff {
        Some(id) => Some(row::person(hall, id).await?),
        None => None,
    };
    let units = |end: usize| hit.text[..end].encode_utf16().count();
    let marks = hit.marks.iter().map(|Range { start, end }| [units(*start), units(*end)]).collect();
    Ok(FoundWords {
        marks,
        conversation: hit.conversation,
        seq: hit.seq,
        at: hit.at.to_string(),
        who: speaker(hit.who),
        staff,
        text: hit.text,
        cut: hit.cut,
        customer: hit.customer,
        channel: hit.channel,
        topic: hit.topic,
        outcome: hit.outcome,
        feeling: hit.feeling,
    })
}
