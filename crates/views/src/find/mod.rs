//! Looking through what was said. Words are sealed, so no index of them may lie on the disk: they are unsealed one after another, newest
//! first, and each look takes only so long and goes on where the one before ended.

mod query;
mod sentence;
mod walk;

pub use query::{LONGEST, Query, TooLong};
pub(crate) use walk::word;

use crate::said::line;
use crate::{Views, ViewsError};
use patchbay_core::log::StreamId;
use patchbay_core::mind::Speaker;
use patchbay_core::port::Log;
use patchbay_core::{Clock, Timestamp};
use serde::Serialize;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::time::Duration;

/// How many words are looked at together.
const TOGETHER: usize = 1_000;
/// How many are unsealed in one look.
const MOST: u64 = 20_000;
/// How long one look takes, about.
const WITHIN: Duration = Duration::from_secs(1);

/// What is looked for; everything, by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sought {
    /// The words.
    pub query: Query,
    /// Said then or later.
    pub from: Option<Timestamp>,
    /// Said before then.
    pub to: Option<Timestamp>,
    /// In conversations of this channel.
    pub channel: Option<String>,
    /// Understood as this, or said in a conversation that is about this.
    pub topic: Option<String>,
    /// In conversations with this outcome.
    pub outcome: Option<String>,
    /// In conversations that went to people for this reason.
    pub reason: Option<String>,
    /// By a customer who felt worse than this, in thousandths.
    pub feeling_below: Option<i64>,
    /// By whom.
    pub who: Option<Speaker>,
}

/// A place among everything that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    at: Timestamp,
    conversation: String,
    seq: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.at.0, self.seq, self.conversation)
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, '.');
        let mut next = || parts.next().ok_or(());
        let (at, seq) = (next()?.parse().map_err(drop)?, next()?.parse().map_err(drop)?);
        Ok(Self { at: Timestamp(at), seq, conversation: next()?.to_owned() })
    }
}

/// Words in which something was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// The conversation.
    pub conversation: String,
    /// Their number in its stream.
    pub seq: u64,
    /// When they were said.
    #[serde(serialize_with = "crate::said::rfc3339")]
    pub at: Timestamp,
    /// By whom.
    pub who: Speaker,
    /// The member of the staff, when one said them.
    pub staff: Option<String>,
    /// The sentence.
    pub text: String,
    /// Where in the sentence, in bytes.
    pub marks: Vec<Range<usize>>,
    /// Was more said than this sentence?
    pub cut: bool,
    /// The customer's pseudonym, once proven.
    pub customer: Option<String>,
    /// The channel.
    pub channel: String,
    /// What it was understood as, or what the conversation is about.
    pub topic: Option<String>,
    /// Where the conversation stands on the outcome ladder.
    pub outcome: String,
    /// How the customer seemed to feel, in thousandths; of their own words alone.
    pub feeling: Option<i64>,
}

/// What one look found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Look {
    /// Where something was found, newest first.
    pub hits: Vec<Hit>,
    /// Where the next look goes on; none when everything was looked through.
    pub next: Option<Place>,
    /// How many messages were unsealed and read.
    pub messages: u64,
    /// How far back that was.
    pub back_to: Option<Timestamp>,
}

/// Looks through what was said, newest first, after the place where the look before ended, until so many hits are found or the time of
/// one look is used up.
///
/// # Errors
/// When the views or the log cannot be read.
pub async fn find(
    views: &Views,
    log: &dyn Log,
    clock: &dyn Clock,
    sought: &Sought,
    after: Option<Place>,
    hits: usize,
) -> Result<Look, ViewsError> {
    let began = clock.now();
    let mut look = Look { next: after, ..Look::default() };
    loop {
        let said = views.said_before(sought, look.next.as_ref(), TOGETHER).await?;
        let whole = said.len() == TOGETHER;
        let places = said.iter().filter(|said| said.wanted).filter_map(|said| Some((stream(&said.conversation)?, said.seq))).collect();
        let read = log.read_each(places).await?;
        let mut words: HashMap<(String, u64), _> =
            read.into_iter().map(|recorded| ((recorded.stream.key().to_owned(), recorded.seq), recorded)).collect();
        for said in said {
            look.next = Some(said.place());
            look.back_to = Some(said.at);
            let Some(recorded) = words.remove(&(said.conversation.clone(), said.seq)) else { continue };
            look.messages += 1;
            let Some(spoken) = line(recorded.seq, recorded.at, &recorded.event) else { continue };
            let Some(text) = spoken.text.filter(|text| !text.is_empty()) else { continue };
            let Some(marks) = sought.query.marks(&text) else { continue };
            look.hits.push(hit(said, spoken.staff, &text, &marks));
            if look.hits.len() >= hits {
                return Ok(look);
            }
        }
        if !whole {
            look.next = None;
            return Ok(look);
        }
        if look.messages >= MOST || clock.now().since(began) >= WITHIN {
            return Ok(look);
        }
    }
}

/// When a day, so many days later, begins where the company is; `None` when the text is no day.
#[must_use]
pub fn day_begins(text: &str, zone: &str, later: i64) -> Option<Timestamp> {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let day = text.parse::<jiff::civil::Date>().ok()?.checked_add(jiff::Span::new().try_days(later).ok()?).ok()?;
    Some(Timestamp(day.to_zoned(zone).ok()?.timestamp().as_millisecond()))
}

fn stream(conversation: &str) -> Option<StreamId> {
    patchbay_core::id::ConversationId::parse(conversation).map(|id| StreamId::conversation(&id))
}

fn hit(said: walk::Said, staff: Option<String>, text: &str, marks: &[Range<usize>]) -> Hit {
    let shown = sentence::around(text, marks);
    let inside = marks.iter().filter(|mark| mark.start < shown.end);
    let marks = inside.map(|mark| mark.start - shown.start..mark.end.min(shown.end) - shown.start).collect();
    let sentence = text[shown.clone()].trim_end();
    Hit {
        conversation: said.conversation,
        seq: said.seq,
        at: said.at,
        who: said.who,
        staff,
        text: sentence.to_owned(),
        marks,
        cut: sentence.len() < text.trim_end().len(),
        customer: said.customer,
        channel: said.channel,
        topic: said.topic,
        outcome: said.outcome,
        feeling: said.feeling,
    }
}
