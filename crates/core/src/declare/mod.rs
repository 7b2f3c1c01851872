//! What a company declares: backends, types, tools, skills, texts and rules, as the loader hands them on.
//!
//! Plain data without spelling variants: the configuration crate reads files, checks them and lowers them to this.

mod backend;
mod canned;
mod company;
mod conversations;
mod files;
mod hours;
mod kind;
mod knowledge;
mod outcomes;
mod queue;
mod scope;
mod skill;
mod tool;

pub use backend::{Auth, Backend, BackendKind, Limits, Secret};
pub use canned::CannedReply;
pub use company::{Budget, Channel, Company, Composition, Escalation, HostKeys, HostToken, Lookup, Topic, Trigger, TriggerAction, day_at};
pub use conversations::Conversations;
pub use files::Files;
pub use hours::{Hours, NotHours, Span};
pub use kind::{AddressPart, Choice, Kind};
pub use knowledge::{AnswerRule, Knowledge, KnowledgeSource};
pub use outcomes::{AskCsat, Csat, Outcomes, Proof};
pub use queue::{BriefPart, Handover, Offered, Queue, QueueOrder, Sla, TakeOn};
pub use scope::Disagreement;
pub use skill::{Otherwise, Refusal, Skill, Slot, SlotSource, Step};
pub use tool::{Access, Arg, CacheRule, Condition, Confirm, Confirmer, Each, Idempotency, Limit, Selected, Selection, Slow, Tool, Verify};
