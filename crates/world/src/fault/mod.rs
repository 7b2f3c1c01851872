//! Faults on demand: which calls go wrong, and how. Where they strike is in `strike`, what they do to answers in `spoil`.

mod list;
mod spoil;
mod strike;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use list::Call;
pub use list::{FaultError, FaultList, PlacedFault};
pub(crate) use strike::with_faults;

/// One way of going wrong and the calls it concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The service, such as `orders`; absent: every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The operation's id in the service's document; absent: every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// What the request's path begins with, percent-encoded as sent; absent: anything. Documents and token endpoints
    /// are spared unless this names them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Strikes the next so many calls that fit and is gone; absent: until removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls: Option<u32>,
    /// What goes wrong. In JSON `{"delay": {"ms": 300}}` or, where there is nothing to say, `"hang"`.
    pub kind: FaultKind,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// The answer comes late.
    Delay {
        /// Milliseconds before the call is looked at.
        ms: u64,
    },
    /// A share of the calls fails before anything happens.
    Error {
        /// The status answered, 400 to 599.
        status: u16,
        /// Calls in a hundred; the same ones in every run.
        #[serde(default = "every_call")]
        percent: u8,
    },
    /// 429 before anything happens.
    RateLimited {
        /// Seconds in `Retry-After`.
        retry_after_s: u64,
    },
    /// Reads show records as they were before their last write.
    StaleRead,
    /// The call is carried out, then the connection closes without an answer.
    CommitThenDrop,
    /// The call is carried out, then something unreadable is answered with 200.
    Garbage(Garbage),
    /// No answer, ever; nothing is carried out.
    Hang,
    /// The call is carried out, then an endless-looking answer of `bytes` is streamed without a length.
    TooLarge {
        /// How many bytes; by default 2 MiB.
        #[serde(default = "two_mebibytes")]
        bytes: u64,
    },
    /// 302 to another host; nothing is carried out.
    Redirect {
        /// Where to.
        #[serde(default = "elsewhere")]
        to: String,
    },
    /// A field of the answer changes its type.
    WrongType {
        /// The field's name, wherever it stands.
        field: String,
    },
    /// A field of the answer is left out.
    MissingField {
        /// The field's name, wherever it stands.
        field: String,
    },
    /// A field of the answer says something else: null, an unknown word, what another system does not say.
    ChangedField {
        /// The field's name, wherever it stands.
        field: String,
        /// What it says.
        value: Value,
    },
    /// The answer is a list that holds the record twice.
    AsList,
    /// Reads show the record of another customer.
    ForeignRecord,
}

/// What an unreadable answer looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Garbage {
    /// An HTML error page with status 200.
    Html,
    /// The right JSON, cut in the middle, with a length that fits the cut.
    CutJson,
}

impl Fault {
    /// `kind` for every call of `service`.
    #[must_use]
    pub fn of(service: &str, kind: FaultKind) -> Self {
        Self { service: Some(service.to_owned()), operation: None, path: None, calls: None, kind }
    }

    /// Only for this operation.
    #[must_use]
    pub fn operation(mut self, id: &str) -> Self {
        self.operation = Some(id.to_owned());
        self
    }

    /// Only for paths that begin so.
    #[must_use]
    pub fn path(mut self, prefix: &str) -> Self {
        self.path = Some(prefix.to_owned());
        self
    }

    /// Only for the next `count` calls that fit.
    #[must_use]
    pub fn calls(mut self, count: u32) -> Self {
        self.calls = Some(count);
        self
    }
}

fn every_call() -> u8 {
    100
}

fn two_mebibytes() -> u64 {
    2 * 1024 * 1024
}

fn elsewhere() -> String {
    "http://elsewhere.invalid/".to_owned()
}
