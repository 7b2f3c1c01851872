//! Who looks at which conversation and who is typing there: in memory only, gone after half a minute without a word.

use crate::body::{FromFields, Strict};
use crate::desk::path;
use crate::hall::Hall;
use crate::json::Fields;
use crate::message;
use crate::openapi::Refusals;
use crate::problem::Problem;
use crate::staff::By;
use crate::staff::door::Desk;
use axum::extract::State;
use axum::http::StatusCode;
use patchbay_core::Timestamp;
use patchbay_core::id::StaffId;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use utoipa::ToSchema;

/// After this long without a word somebody is not there any more.
const LAPSES: Duration = Duration::from_secs(30);

/// Who is where, by their session: the same person may sit at two screens.
pub(crate) struct Presence {
    seen: Mutex<HashMap<String, Seen>>,
    /// Who follows the desk with how many streams, and when their last one ended.
    following: Mutex<HashMap<StaffId, (usize, Timestamp)>>,
    /// Rises with every change.
    changes: watch::Sender<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    who: StaffId,
    conversation: Option<String>,
    /// What they have begun to write, while they do.
    typing: Option<String>,
    at: Timestamp,
}

/// Who is at one conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct There {
    pub(crate) viewing: BTreeSet<StaffId>,
    /// With what they have begun to write.
    pub(crate) typing: BTreeMap<StaffId, String>,
}

impl Presence {
    pub(crate) fn new() -> Self {
        Self { seen: Mutex::default(), following: Mutex::default(), changes: watch::Sender::new(0) }
    }

    /// Somebody says where they are.
    fn note(&self, session: &str, seen: Seen) {
        let mut all = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let now = seen.at;
        all.retain(|_, seen| now.since(seen.at) < LAPSES);
        let same = |known: &Seen| Seen { at: now, ..known.clone() } == seen;
        let changed = !all.get(session).is_some_and(same);
        all.insert(session.to_owned(), seen);
        drop(all);
        if changed {
            self.changes.send_modify(|n| *n += 1);
        }
    }

    /// A stream of somebody begins.
    pub(crate) fn follows(&self, who: &StaffId, now: Timestamp) {
        self.following.lock().unwrap_or_else(PoisonError::into_inner).entry(who.clone()).or_insert((0, now)).0 += 1;
    }

    /// A stream of somebody has ended. They may be back in a moment.
    pub(crate) fn unfollows(&self, who: &StaffId, now: Timestamp) {
        let mut following = self.following.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((streams, until)) = following.get_mut(who) {
            (*streams, *until) = (streams.saturating_sub(1), now);
        }
    }

    /// Is a screen of theirs there, or was it a moment ago?
    pub(crate) fn is_there(&self, who: &StaffId, now: Timestamp) -> bool {
        let following = self.following.lock().unwrap_or_else(PoisonError::into_inner);
        let follows = following.get(who).is_some_and(|(streams, until)| *streams > 0 || now.since(*until) < LAPSES);
        let seen = || {
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).values().any(|seen| seen.who == *who && now.since(seen.at) < LAPSES)
        };
        follows || seen()
    }

    /// Something about somebody has changed that screens show.
    pub(crate) fn changed(&self) {
        self.changes.send_modify(|n| *n += 1);
    }

    /// Wakes whoever shows it, at every change.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Who looks at this conversation.
    pub(crate) fn viewing(&self, conversation: &str, now: Timestamp) -> BTreeSet<StaffId> {
        self.everywhere(now).remove(conversation).unwrap_or_default().viewing
    }

    /// Who is where.
    pub(crate) fn everywhere(&self, now: Timestamp) -> HashMap<String, There> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let mut there: HashMap<String, There> = HashMap::new();
        for seen in seen.values().filter(|seen| now.since(seen.at) < LAPSES) {
            let Some(conversation) = &seen.conversation else { continue };
            let there = there.entry(conversation.clone()).or_default();
            there.viewing.insert(seen.who.clone());
            if let Some(draft) = &seen.typing {
                there.typing.insert(seen.who.clone(), draft.clone());
            }
        }
        there
    }
}

/// Where somebody is.
#[derive(Debug, ToSchema)]
pub(crate) struct Here {
    /// The conversation on the screen; none when it is something else.
    conversation: Option<String>,
    /// Are they typing there?
    typing: bool,
    /// What they have begun to write, for colleagues to see while they type. It is kept nowhere.
    #[schema(max_length = 8000)]
    draft: Option<String>,
}

impl FromFields for Here {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        let conversation = fields.text("conversation")?;
        if let Some(text) = &conversation {
            path::conversation(text)?;
        }
        let draft = fields.text("draft")?.filter(|draft| !draft.trim().is_empty());
        draft.as_deref().map(|draft| message::check_words(draft, "draft")).transpose()?;
        Ok(Self { conversation, typing: fields.flag("typing")?.unwrap_or(false), draft })
    }
}

/// Say where you are
///
/// Lapses after 30 seconds; colleagues see it in the row and as `presence` events.
#[utoipa::path(
    post,
    path = "/v1/desk/presence",
    operation_id = "say_presence",
    tag = "desk",
    request_body = Here,
    responses((status = 204, description = "Noted"), Refusals)
)]
pub(crate) async fn say(State(hall): State<Hall>, by: By<Desk>, Strict(here): Strict<Here>) -> StatusCode {
    let typing = (here.typing && here.conversation.is_some()).then(|| here.draft.unwrap_or_default());
    let seen = Seen { who: by.id().clone(), conversation: here.conversation, typing, at: hall.now() };
    hall.presence().note(&by.session, seen);
    StatusCode::NO_CONTENT
}
