//! The fold behind a case: one event after another.

use super::case::{CaseAction, CaseFacts, CaseHandoff, CaseLine, CaseRating, LineFact, LineKind, Who, settled};
use super::{Case, Feelings, HandoffEnd, OfferEnd, People};
use crate::Timestamp;
use crate::attachment::Attachment;
use crate::conversation::Conversation;
use crate::event::{Event, Recorded, Settled};
use crate::fact::{Released, named};
use crate::id::{ActionId, CallId, ConversationId, StaffId, TurnId};
use crate::mind::{MindStep, Speaker};
use crate::words::{ConversationState, Level};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

impl Case {
    /// Folds a conversation's stream; `None` when it has no beginning.
    #[must_use]
    pub fn fold(conversation: &ConversationId, events: &[Recorded]) -> Option<Self> {
        let opened = events.first()?;
        let Event::ConversationOpened { language, .. } = &opened.event else { return None };
        let mut folding = Folding::default();
        for recorded in events {
            folding.take(recorded);
        }
        let (people, fold) = (People::fold(events), Conversation::fold(events));
        let open = people.open();
        let last = people.handoffs.last();
        let session = fold.session?;
        let state = people.state.unwrap_or(ConversationState::Bot);
        let actions = |ids: &mut dyn Iterator<Item = &ActionId>| ids.filter_map(|id| folding.actions.get(id).cloned()).collect::<Vec<_>>();
        let held = matches!(state, ConversationState::Waiting | ConversationState::Open | ConversationState::Snoozed);
        Some(Self {
            conversation: conversation.clone(),
            seq: fold.length,
            state,
            language: language.clone(),
            level: people.proven.as_ref().map_or(session.level, |proven| proven.level.max(Level::Anonymous)),
            customer: people.proven.as_ref().and_then(|proven| proven.customer.as_ref()).map(|customer| customer.id.clone()),
            channel: session.channel,
            opened_at: opened.at,
            last_at: events.last().map_or(opened.at, |event| event.at),
            owner: people.owner().cloned(),
            offered_to: open.and_then(|open| open.to.clone()),
            queue: last.map(|last| last.queue.clone()),
            reason: last.map(|last| last.reason.clone()),
            wait_since: if held {
                people.unanswered.or(open.filter(|open| open.owner.is_none()).map(|open| open.wait_since))
            } else {
                None
            },
            due_at: open.filter(|_| held && people.unanswered.is_some()).and_then(|open| open.due),
            snoozed_until: people.snoozed_until,
            proposal: actions(&mut fold.open_proposals.iter()).pop(),
            approvals: actions(&mut people.approvals.iter()),
            unknown: actions(&mut people.unknown.iter()),
            handoffs: folding.handoffs(&people),
            lines: folding.lines,
            facts: folding.facts.into_values().collect(),
            question: fold.question,
            ratings: folding.ratings,
            feeling: folding.feeling,
        })
    }
}

/// The lines of a conversation one after another, for whoever follows it live. Remembers what lines refer to: facts, writes.
#[derive(Debug, Default)]
pub struct Lines(Folding);

impl Lines {
    /// Takes in the next event of the stream, and gives the line it is, if it is one.
    pub fn take(&mut self, recorded: &Recorded) -> Option<CaseLine> {
        self.0.learn(recorded.at, &recorded.event);
        self.0.line(&recorded.event).map(|line| CaseLine { seq: recorded.seq, at: recorded.at, ..line })
    }
}

#[derive(Debug, Default)]
struct Folding {
    lines: Vec<CaseLine>,
    known: BTreeMap<String, Released>,
    facts: BTreeMap<String, CaseFacts>,
    asked: BTreeMap<CallId, BTreeMap<String, Json>>,
    actions: BTreeMap<ActionId, CaseAction>,
    ratings: Vec<CaseRating>,
    feeling: Option<Feelings>,
    /// Reason, rule and evidence of each escalation, in order.
    why: Vec<(String, Option<String>, BTreeMap<String, String>)>,
}

impl Folding {
    fn take(&mut self, recorded: &Recorded) {
        let Recorded { seq, at, event, .. } = recorded;
        self.learn(*at, event);
        if let Some(line) = self.line(event) {
            self.lines.push(CaseLine { seq: *seq, at: *at, ..line });
        }
    }

    /// What an event teaches, apart from its line.
    fn learn(&mut self, at: Timestamp, event: &Event) {
        match event {
            Event::CallStarted { call, args, .. } => {
                let args = args.get().map(|args| args.iter().map(|(name, value)| (name.clone(), value.to_json())).collect());
                self.asked.insert(call.clone(), args.unwrap_or_default());
            }
            Event::CallAnswered { call, tool, outcome, rule, detail, released, .. } => {
                let released = released.as_ref().and_then(|released| released.get().cloned());
                let args = self.asked.remove(call).unwrap_or_default();
                // What was known of another record says nothing about the one that was asked for now.
                let earlier = self.facts.remove(tool).filter(|earlier| earlier.args == args).and_then(|earlier| earlier.released);
                self.known.extend(released.clone().map(|released| (tool.clone(), released)));
                let facts = CaseFacts {
                    tool: tool.clone(),
                    outcome: *outcome,
                    released: released.or(earlier),
                    detail: detail.clone(),
                    rule: rule.clone(),
                    args,
                    at,
                };
                self.facts.insert(tool.clone(), facts);
            }
            Event::ActionProposed { action, .. } => {
                if let Some(action) = action.get() {
                    self.actions.insert(action.id.clone(), CaseAction::of(action, at));
                }
            }
            Event::ActionSettled { id, outcome: Settled::Unknown, detail, .. } => {
                if let Some(action) = self.actions.get_mut(id) {
                    action.detail.clone_from(detail);
                }
            }
            Event::MindSpoke { step, .. } => {
                if let Some(MindStep::Understood(understanding)) = step.get() {
                    self.feeling = Some(Feelings::after(self.feeling.take(), understanding.feeling, at));
                }
            }
            Event::Escalated { reason, rule, evidence, .. } => self.why.push((reason.clone(), rule.clone(), evidence.clone())),
            Event::Rated { survey, turn, score, scale, reason, .. } => {
                let reason = reason.as_ref().and_then(|reason| reason.get().cloned());
                self.ratings.push(CaseRating { kind: *survey, turn: turn.clone(), score: *score, scale: *scale, reason, at });
            }
            _ => {}
        }
    }

    /// The line of an event, if it has one.
    fn line(&self, event: &Event) -> Option<CaseLine> {
        Some(match event {
            Event::MessageReceived { by, text, staff, masked, client, files, .. } => {
                let who = match by {
                    Speaker::Customer => Who::Customer,
                    Speaker::Bot => Who::Bot,
                    Speaker::Agent => Who::Agent,
                };
                let mut data = json!({ "masked": masked, "client": client });
                if !files.is_empty() {
                    data["files"] = files.iter().map(file).collect();
                }
                CaseLine { staff: staff.as_deref().and_then(StaffId::parse), ..line(LineKind::Message, who, text.get(), data) }
            }
            Event::PartReleased { turn, part, text, facts, citations } => CaseLine {
                turn: Some(turn.clone()),
                facts: facts.iter().filter_map(|path| self.fact(path)).collect(),
                citations: citations.clone(),
                ..line(LineKind::Part, Who::Bot, text.get(), json!({ "part": part }))
            },
            Event::QuestionAsked { turn, question } => {
                let text = question.get().map(|question| &question.text);
                of_turn(turn, line(LineKind::Question, Who::Bot, text, json!({ "question": question.get() })))
            }
            Event::ActionProposed { turn, action, id, tool, .. } => {
                let effect = action.get().map(|action| &action.effect);
                of_turn(turn, line(LineKind::Proposal, Who::Bot, effect, json!({ "action": id, "tool": tool })))
            }
            Event::ReplyCut { turn, why } => of_turn(turn, line(LineKind::Cut, Who::System, Some(why), Json::Null)),
            Event::NoteWritten { by, text, mentions, client, .. } => {
                by_staff(by, line(LineKind::Note, Who::Agent, text.get(), json!({ "mentions": mentions, "client": client })))
            }
            Event::StateChanged { state, by } => {
                let staff = by.as_deref().and_then(StaffId::parse);
                CaseLine { staff, ..line(LineKind::State, Who::System, None, json!({ "state": state })) }
            }
            Event::Rated { survey, score, scale, reason, turn, .. } => {
                let text = reason.as_ref().and_then(|reason| reason.get());
                let data = json!({ "kind": survey, "score": score, "scale": scale });
                CaseLine { turn: turn.clone(), ..line(LineKind::Rating, Who::Customer, text, data) }
            }
            _ => return self.step_of_action(event).or_else(|| step_of_handoff(event)),
        })
    }

    fn step_of_action(&self, event: &Event) -> Option<CaseLine> {
        let (id, state, why, by) = match event {
            Event::ActionConfirmed { id, by, .. } => (id, "confirmed", None, StaffId::parse(by)),
            Event::ActionCancelled { id, why } => (id, "cancelled", Some(why.clone()), None),
            Event::ActionClaimed { id, .. } => (id, "sent", None, None),
            Event::ActionSettled { id, outcome, detail, .. } => (id, settled(*outcome), detail.clone(), None),
            Event::ApprovalAsked { id, .. } => (id, "needs_approval", None, None),
            Event::ApprovalDecided { id, by, approved, why } => {
                let why = why.as_ref().and_then(|why| why.get().cloned());
                (id, if *approved { "approved" } else { "refused" }, why, Some(by.clone()))
            }
            _ => return None,
        };
        let tool = self.actions.get(id).map(|action| action.tool.clone());
        let verified = match event {
            Event::ActionSettled { verified, .. } => *verified,
            _ => None,
        };
        let data = json!({ "action": id, "tool": tool, "state": state, "verified": verified });
        Some(CaseLine { staff: by, ..line(LineKind::Action, Who::System, why.as_ref(), data) })
    }

    fn fact(&self, path: &str) -> Option<LineFact> {
        let (released, _) = named(&self.known, path)?;
        Some(LineFact { name: path.to_owned(), source: released.source.clone(), fetched_at: released.fetched_at, class: released.class })
    }

    fn handoffs(&self, people: &People) -> Vec<CaseHandoff> {
        // An escalation while people have the conversation begins no handoff: the reasons are matched in order.
        let mut why = self.why.iter();
        let shown = |handoff: &super::Handoff| {
            let (_, rule, evidence) = why.by_ref().find(|(reason, ..)| *reason == handoff.reason).cloned().unwrap_or_default();
            CaseHandoff {
                handoff: handoff.id.clone(),
                reason: handoff.reason.clone(),
                rule,
                evidence,
                offered_at: handoff.offered_at,
                accepted_at: handoff.accepted_at,
                by: handoff.owners.last().cloned(),
                failed: handoff.failed.clone(),
                ended_at: handoff.ended.map(|(at, _)| at),
                why: handoff.ended.map(|(_, why)| why),
            }
        };
        people.handoffs.iter().map(shown).collect()
    }
}

/// The line of a step in a handoff's life.
fn step_of_handoff(event: &Event) -> Option<CaseLine> {
    let step = |what: &str, by: Option<&StaffId>, mut data: Json| {
        data["step"] = json!(what);
        CaseLine { staff: by.cloned(), ..line(LineKind::Handoff, Who::System, None, data) }
    };
    Some(match event {
        Event::PersonAsked { turn } => of_turn(turn, step("person_asked", None, json!({}))),
        Event::HandoffOffered { queue, to, reason, .. } => step("offered", to.as_ref(), json!({ "queue": queue, "reason": reason })),
        Event::HandoffAccepted { by, .. } => step("accepted", Some(by), json!({})),
        Event::HandoffFailed { to, why, queue, .. } => {
            let what = if *why == OfferEnd::Timeout { "timed_out" } else { "declined" };
            step(what, Some(to), json!({ "queue": queue }))
        }
        Event::HandoffPassed { by, to, queue, .. } => step("passed", Some(by), json!({ "to": to, "queue": queue })),
        Event::HandoffEnded { by, why, .. } => {
            step(if *why == HandoffEnd::HandedBack { "handed_back" } else { "resolved" }, by.as_ref(), json!({}))
        }
        Event::ConversationClosed {} => step("closed", None, json!({})),
        Event::ConversationSucceeded { successor } => step("succeeded", None, json!({ "successor": successor })),
        Event::ConversationFollowed { earlier } => step("followed", None, json!({ "earlier": earlier })),
        Event::ConversationMerged { into, by, .. } => step("merged", Some(by), json!({ "into": into })),
        Event::ConversationUnmerged { into, by, .. } => step("unmerged", Some(by), json!({ "into": into })),
        Event::Snoozed { by, until } => step("snoozed", Some(by), json!({ "until": until.to_string() })),
        Event::WaitedTooLong { due, promise, .. } => step("waited_too_long", None, json!({ "due": due.to_string(), "promise": promise })),
        _ => return None,
    })
}

fn line(kind: LineKind, who: Who, text: Option<&String>, data: Json) -> CaseLine {
    CaseLine {
        seq: 0,
        at: Timestamp(0),
        kind,
        who,
        staff: None,
        text: text.cloned().unwrap_or_default(),
        turn: None,
        facts: Vec::new(),
        citations: Vec::new(),
        data,
    }
}

/// A file as screens are told of it; once it is forgotten, only that there was one.
fn file(file: &Attachment) -> Json {
    let about = file.about.get();
    let pixels = about.and_then(|about| about.pixels);
    json!({
        "file": file.file,
        "name": about.map(|about| &about.name),
        "type": about.map(|about| &about.media),
        "size": about.map(|about| about.size),
        "width": pixels.map(|(width, _)| width),
        "height": pixels.map(|(_, height)| height),
        "shown": about.is_some_and(|about| about.shown),
    })
}

fn of_turn(turn: &TurnId, line: CaseLine) -> CaseLine {
    CaseLine { turn: Some(turn.clone()), ..line }
}

fn by_staff(by: &StaffId, line: CaseLine) -> CaseLine {
    CaseLine { staff: Some(by.clone()), ..line }
}
