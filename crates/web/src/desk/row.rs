//! A row of the queue: what the views know, with names, last words and who is looking joined when it is read.

use crate::hall::Hall;
use crate::problem::{Code, Problem};
use futures::future::join_all;
use patchbay_core::Timestamp;
use patchbay_core::attachment;
use patchbay_core::event::{Event, Recorded};
use patchbay_core::id::{ConversationId, StaffId};
use patchbay_core::log::StreamId;
use patchbay_views::DeskRow;
use serde::Serialize;
use utoipa::ToSchema;

/// The longest last words a row shows, in characters.
const GLANCE: usize = 160;

/// A conversation in the queue.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Row {
    /// Its id.
    #[schema(example = "cnv_01k…")]
    pub(crate) conversation: String,
    /// Whose it is, once proven.
    #[schema(required)]
    customer: Option<RowCustomer>,
    /// What the session has proven.
    level: String,
    /// The channel.
    channel: String,
    /// The language (BCP 47).
    language: String,
    /// `bot`, `waiting`, `open`, `snoozed` or `resolved`.
    pub(crate) state: String,
    /// Who of the staff has it.
    #[schema(required)]
    pub(crate) owner: Option<Person>,
    /// To whom it is offered.
    #[schema(required)]
    pub(crate) offered_to: Option<Person>,
    /// The queue it is in.
    #[schema(required)]
    queue: Option<String>,
    /// Why it came to people.
    #[schema(required)]
    reason: Option<String>,
    /// When it began.
    #[schema(format = DateTime)]
    opened_at: String,
    /// When something was said or decided last.
    #[schema(format = DateTime)]
    last_at: String,
    /// Since when the customer waits.
    #[schema(required, format = DateTime)]
    wait_since: Option<String>,
    /// Until when a person should have answered.
    #[schema(required, format = DateTime)]
    due_at: Option<String>,
    /// Until when somebody should answer as the queue's order sees it: `due_at`, or at once for whoever sounds upset in a queue
    /// that is ordered by feeling. Those who wait are in this order, by the minute.
    #[schema(required, format = DateTime)]
    pressing_at: Option<String>,
    /// Until when it is put aside.
    #[schema(required, format = DateTime)]
    snoozed_until: Option<String>,
    /// The last words; none once they are forgotten.
    #[schema(required)]
    last: Option<LastWords>,
    /// How the customer seems to feel.
    #[schema(required)]
    feeling: Option<Feeling>,
    /// Who looks at it just now.
    viewing: Vec<Person>,
    /// Was the same customer or visitor here before?
    repeat: bool,
    /// Where it stands on the outcome ladder.
    outcome: String,
    /// The conversation it is merged into: then it stands in no list but `all`.
    #[schema(required)]
    merged_into: Option<String>,
    /// Is it closed? Its customer's next words begin another one.
    closed: bool,
    /// The conversation that follows this closed one.
    #[schema(required)]
    successor: Option<String>,
    /// The closed conversation that this one follows.
    #[schema(required)]
    earlier: Option<String>,
}

/// A customer, by pseudonym and, where a system said it, name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RowCustomer {
    /// The pseudonym.
    pub(crate) id: String,
    /// The name.
    #[schema(required)]
    pub(crate) name: Option<String>,
}

/// A member of the staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Person {
    /// Their id.
    pub(crate) id: String,
    /// Their name.
    pub(crate) name: String,
}

/// The last words of a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LastWords {
    /// Who said them: `customer`, `bot` or `agent`.
    who: String,
    /// The words, or their beginning.
    text: String,
    /// When.
    #[schema(format = DateTime)]
    at: String,
}

/// How a customer seems to feel, in thousandths.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct Feeling {
    /// The last message, from -1000 (furious) to 1000 (delighted).
    last: i64,
    /// Where it goes.
    slope: i64,
}

/// Rows as they are shown, in the same order.
pub(crate) async fn shown(hall: &Hall, rows: Vec<DeskRow>) -> Result<Vec<Row>, Problem> {
    join_all(rows.into_iter().map(|row| one(hall, row))).await.into_iter().collect()
}

/// The row of one conversation.
pub(crate) async fn of(hall: &Hall, conversation: &ConversationId) -> Result<Row, Problem> {
    let found = hall.views().desk_row(conversation.to_string()).await?;
    one(hall, found.ok_or(Code::NotFound)?).await
}

/// Somebody of the staff by their id; who was forgotten keeps the id alone.
pub(crate) async fn person(hall: &Hall, id: &str) -> Result<Person, Problem> {
    let member = match StaffId::parse(id) {
        Some(staff) => hall.staff().member(&staff).await?,
        None => None,
    };
    let name = member.map(|member| member.name.clone()).filter(|name| !name.is_empty());
    Ok(Person { id: id.to_owned(), name: name.unwrap_or_else(|| id.to_owned()) })
}

async fn one(hall: &Hall, row: DeskRow) -> Result<Row, Problem> {
    let named = async |id: &Option<String>| match id {
        Some(id) => person(hall, id).await.map(Some),
        None => Ok(None),
    };
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let last = last_words(hall, &row).await?;
    let name = customer_name(hall, &row).await?;
    let mut viewing = Vec::new();
    for id in hall.presence().viewing(&row.id, hall.now()) {
        viewing.push(person(hall, id.as_str()).await?);
    }
    let pressing_at = time(super::queue::pressing(hall).at(&row));
    Ok(Row {
        owner: named(&row.owner).await?,
        offered_to: named(&row.offered_to).await?,
        customer: row.customer.map(|id| RowCustomer { id, name }),
        conversation: row.id,
        level: row.level,
        channel: row.channel,
        language: row.language,
        state: row.state,
        queue: row.queue,
        reason: row.reason,
        opened_at: row.opened_at.to_string(),
        last_at: row.last_at.to_string(),
        wait_since: time(row.wait_since),
        due_at: time(row.due),
        pressing_at,
        snoozed_until: time(row.snoozed_until),
        last,
        feeling: row.feeling.map(|(last, slope)| Feeling { last, slope }),
        viewing,
        repeat: row.repeat,
        outcome: row.outcome,
        merged_into: row.merged_into,
        closed: row.closed,
        successor: row.successor,
        earlier: row.earlier,
    })
}

async fn last_words(hall: &Hall, row: &DeskRow) -> Result<Option<LastWords>, Problem> {
    let (Some(seq), Some(who)) = (row.last_seq, row.last_who.clone()) else { return Ok(None) };
    let Some(recorded) = event(hall, &row.id, seq).await? else { return Ok(None) };
    let text = match &recorded.event {
        Event::MessageReceived { text, files, .. } => attachment::said(text.get().map(String::as_str), files),
        Event::PartReleased { text, .. } => text.get().cloned(),
        Event::QuestionAsked { question, .. } => question.get().map(|question| question.text.clone()),
        Event::ActionProposed { action, .. } => action.get().map(|action| action.effect.clone()),
        _ => None,
    };
    Ok(text.map(|text| LastWords { who, text: glance(text), at: recorded.at.to_string() }))
}

/// The beginning of words, where they are long.
pub(super) fn glance(text: String) -> String {
    match text.char_indices().nth(GLANCE) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// The customer's name, where the configuration says which answer of which system holds it.
pub(crate) async fn customer_name(hall: &Hall, row: &DeskRow) -> Result<Option<String>, Problem> {
    let company = &hall.service().house().company;
    let Some((tool, field)) = company.customer_facts.get("name").and_then(|path| path.split_once('.')) else { return Ok(None) };
    if row.customer.is_none() {
        return Ok(None);
    }
    let Some(seq) = hall.views().last_answer(row.id.clone(), tool.to_owned()).await? else { return Ok(None) };
    let Some(recorded) = event(hall, &row.id, seq).await? else { return Ok(None) };
    let Event::CallAnswered { released: Some(released), .. } = &recorded.event else { return Ok(None) };
    let value = released.get().and_then(|released| released.value.at(field)).map(patchbay_core::Value::to_json);
    Ok(value.and_then(|value| value.as_str().map(str::to_owned)))
}

/// One event of a conversation.
pub(crate) async fn event(hall: &Hall, conversation: &str, seq: u64) -> Result<Option<Recorded>, Problem> {
    let Some(id) = ConversationId::parse(conversation) else { return Ok(None) };
    let found = hall.log().read_stream(StreamId::conversation(&id), seq.saturating_sub(1), 1).await;
    Ok(found.map_err(patchbay_service::Refused::from)?.pop())
}
