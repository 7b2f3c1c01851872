//! The feed: one follower of the log that tells all screens of the staff what happened, in batches that end at a place in the log.
//!
//! A batch is made once and sent to everybody. Only its last event carries the place, so whoever is cut off within a batch gets
//! that batch again: lines and rows say by themselves which they are. Screens that come back within the kept batches get those;
//! later ones are told from the log; after very long they are told to read everything anew.

use super::line::{self, Line};
use super::row::{self, Row};
use crate::hall::Hall;
use crate::problem::Problem;
use patchbay_core::event::{Event, Recorded};
use patchbay_core::handoff::Lines;
use patchbay_core::id::{ConversationId, StaffId};
use patchbay_core::log::Position;
use patchbay_core::words::ConversationState;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// How many batches are kept for those who come back.
const KEPT: usize = 1_024;
/// How many events of the log make a batch at most.
const PAGE: usize = 500;
/// Whoever is further behind than this reads everything anew.
const FURTHEST: u64 = 10_000;
/// How many conversations are followed with what their lines refer to; beyond that it begins anew and reads again what it needs.
const FOLLOWED: usize = 2_048;
/// After a failure to read.
const PAUSE: Duration = Duration::from_millis(500);

/// What happened between two places in the log, as screens are told it.
#[derive(Debug)]
pub(crate) struct Batch {
    /// It follows this place.
    pub(crate) after: Position,
    /// It ends with this one.
    pub(crate) to: Position,
    /// The events, in order.
    pub(crate) told: Vec<Told>,
}

/// One event for the screens.
#[derive(Debug)]
pub(crate) struct Told {
    /// Its name.
    pub(crate) kind: &'static str,
    /// Its JSON.
    pub(crate) data: String,
    /// Only for this person.
    pub(crate) only: Option<StaffId>,
}

/// What a screen is to be told next.
pub(crate) enum Next {
    /// This, and then ask again.
    Batches(Vec<Arc<Batch>>),
    /// Nothing yet: wait until the feed is further.
    Nothing,
    /// Too much to be told: read everything anew, and go on after this place.
    Anew(Position),
}

/// The feed of a hall.
pub(crate) struct Feed {
    kept: Mutex<VecDeque<Arc<Batch>>>,
    done: watch::Sender<Position>,
    started: OnceLock<()>,
}

impl Feed {
    pub(crate) fn new() -> Self {
        Self { kept: Mutex::default(), done: watch::Sender::new(Position(0)), started: OnceLock::new() }
    }

    /// How far it is; begins to follow when somebody asks for the first time.
    pub(crate) fn follow(&self, hall: &Hall) -> watch::Receiver<Position> {
        self.started.get_or_init(|| {
            self.done.send_replace(*hall.reached().borrow());
            tokio::spawn(run(hall.clone()));
        });
        self.done.subscribe()
    }

    /// What comes after a place.
    pub(crate) async fn next(&self, hall: &Hall, after: Position) -> Result<Next, Problem> {
        let done = *self.done.borrow();
        if done <= after {
            return Ok(Next::Nothing);
        }
        // From the end of a batch on there are whole ones; from within one, the rest of it is read from the log.
        let to = match self.kept_after(after) {
            Ok(kept) => return Ok(Next::Batches(kept)),
            Err(to) => to.unwrap_or(done),
        };
        if to.0 - after.0 > FURTHEST {
            return Ok(Next::Anew(done));
        }
        let mut followed = Followed::default();
        Ok(match batch(hall, &mut followed, after, to).await? {
            Some(batch) => Next::Batches(vec![Arc::new(batch)]),
            None => Next::Nothing,
        })
    }

    /// The kept batches after a place; where it lies within one, the end of that one.
    fn kept_after(&self, after: Position) -> Result<Vec<Arc<Batch>>, Option<Position>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let first = kept.iter().position(|batch| after < batch.to).ok_or(None)?;
        match &kept[first] {
            batch if batch.after == after => Ok(kept.iter().skip(first).cloned().collect()),
            batch if batch.after < after => Err(Some(batch.to)),
            // Older than everything that is kept.
            batch => Err(Some(batch.after)),
        }
    }

    fn keep(&self, batch: Batch) {
        let to = batch.to;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back(Arc::new(batch));
        if kept.len() > KEPT {
            kept.pop_front();
        }
        drop(kept);
        self.done.send_replace(to);
    }
}

/// Follows the views, and with them the log, until the house closes.
async fn run(hall: Hall) {
    let mut reached = hall.reached();
    let mut followed = Followed::default();
    let closing = hall.closing().clone();
    loop {
        let to = *reached.borrow_and_update();
        let done = *hall.feed().done.borrow();
        if to < done {
            // The views were built anew: what comes next is what they have not folded yet.
            hall.feed().done.send_replace(to);
        }
        match batch(&hall, &mut followed, done.min(to), to).await {
            Ok(Some(batch)) => {
                hall.feed().keep(batch);
                continue;
            }
            Ok(None) => {}
            Err(problem) => {
                tracing::error!(reason = problem.logged(), "the desk's feed falls behind; trying again");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        }
        tokio::select! {
            () = closing.cancelled() => return,
            changed = reached.changed() => if changed.is_err() { return },
        }
    }
}

/// The next batch after a place and not beyond another; none when there is nothing.
async fn batch(hall: &Hall, followed: &mut Followed, after: Position, to: Position) -> Result<Option<Batch>, Problem> {
    if to <= after {
        return Ok(None);
    }
    let limit = usize::try_from(to.0 - after.0).unwrap_or(PAGE).min(PAGE);
    let events = hall.log().read_all(after, limit).await.map_err(patchbay_service::Refused::from)?;
    let Some(last) = events.last().map(|last| last.position) else { return Ok(None) };
    let mut told = Vec::new();
    let (mut touched, mut bells) = (BTreeSet::new(), BTreeMap::new());
    for recorded in events.iter().filter(|recorded| recorded.stream.kind() == "conversation") {
        let Some(conversation) = ConversationId::parse(recorded.stream.key()) else { continue };
        if let Some(line) = followed.line(hall, &conversation, recorded).await? {
            told.push(tell("line", &NewLine { conversation: conversation.as_str(), line: &line }, None));
        }
        match &recorded.event {
            // Whoever took it at that moment rings for nobody.
            Event::HandoffAccepted { .. } => drop(bells.remove(&conversation)),
            event => bells.extend(bell(&conversation, event).map(|bell| (conversation.clone(), bell))),
        }
        if changes_row(&recorded.event) {
            touched.insert(conversation);
        }
    }
    for conversation in touched {
        let row: Row = row::of(hall, &conversation).await?;
        told.push(tell("row", &row, None));
    }
    told.extend(bells.into_values());
    Ok(Some(Batch { after, to: last, told }))
}

/// The lines of the conversations that are followed: what each one's lines may refer to.
#[derive(Default)]
struct Followed(HashMap<ConversationId, Lines>);

impl Followed {
    /// The line of the next event of a conversation. One that is new here is read up to it first.
    async fn line(&mut self, hall: &Hall, conversation: &ConversationId, recorded: &Recorded) -> Result<Option<Line>, Problem> {
        if !self.0.contains_key(conversation) {
            if self.0.len() >= FOLLOWED {
                self.0.clear();
            }
            let mut lines = Lines::default();
            if recorded.seq > 1 {
                let before = super::conversation::events(hall, conversation).await?;
                before.iter().filter(|event| event.seq < recorded.seq).for_each(|event| drop(lines.take(event)));
            }
            self.0.insert(conversation.clone(), lines);
        }
        let line = self.0.get_mut(conversation).and_then(|lines| lines.take(recorded));
        let ended = matches!(recorded.event, Event::StateChanged { state: ConversationState::Resolved, .. });
        if ended {
            self.0.remove(conversation);
        }
        match line {
            Some(line) => line::shown(hall, line).await.map(Some),
            None => Ok(None),
        }
    }
}

/// Somebody new waits.
fn bell(conversation: &ConversationId, event: &Event) -> Option<Told> {
    let (reason, to) = match event {
        Event::HandoffOffered { reason, to, .. } => (reason.as_str(), to.clone()),
        Event::HandoffPassed { to, .. } => ("passed", to.clone()),
        Event::HandoffFailed { .. } => ("not_accepted", None),
        Event::ApprovalAsked { .. } => ("needs_approval", None),
        _ => return None,
    };
    Some(tell("bell", &Bell { conversation: conversation.as_str(), reason }, to))
}

/// Does the row look different after this event? What a mind or a system says in between does not change it.
fn changes_row(event: &Event) -> bool {
    !matches!(
        event,
        Event::MindAsked { .. }
            | Event::MindFinished { .. }
            | Event::MindFailed { .. }
            | Event::CallStarted { .. }
            | Event::TurnTimerFired { .. }
            | Event::WriteLookedUp { .. }
            | Event::MessageJoined { .. }
            | Event::DraftRejected { .. }
    )
}

#[derive(Serialize)]
struct NewLine<'a> {
    conversation: &'a str,
    line: &'a Line,
}

#[derive(Serialize)]
struct Bell<'a> {
    conversation: &'a str,
    reason: &'a str,
}

fn tell(kind: &'static str, data: &impl Serialize, only: Option<StaffId>) -> Told {
    let mut data = serde_json::to_value(data).expect("invariant: texts, numbers and lists always serialise");
    crate::message::show(&mut data);
    Told { kind, data: data.to_string(), only }
}
