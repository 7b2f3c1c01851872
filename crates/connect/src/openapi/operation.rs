//! One operation: everything a call needs to know, and everything people are shown of it.

use super::shape::Shape;
use super::style::Style;
use serde::Serialize;

/// One operation of a backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Its `operationId`, or one made of method and path (`get_orders_id`).
    pub id: String,
    /// The method, in capitals.
    pub method: String,
    /// The path template, beginning with `/`.
    pub path: String,
    /// One sentence about it; empty where the document has none.
    pub describe: String,
    /// What it takes.
    pub args: Vec<Argument>,
    /// How the arguments placed in the body are sent.
    pub body: BodyForm,
    /// What its good answer holds at the top, as far as the document says.
    pub answer: Vec<Field>,
    /// Its server, where the document names one; may be relative.
    pub server: Option<String>,
    /// Which schemes it wants: any of the lists, all of one list.
    pub security: Vec<Vec<String>>,
    /// Do its authors advise against it?
    pub deprecated: bool,
}

impl Operation {
    /// Does the method say that it changes something?
    #[must_use]
    pub fn writes(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE")
    }

    /// The argument of this name.
    #[must_use]
    pub fn arg(&self, name: &str) -> Option<&Argument> {
        self.args.iter().find(|arg| arg.name == name)
    }
}

/// One argument of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// The name by which it is given. Where two places use one name, the later is called `place.name` (`body.id`).
    pub name: String,
    /// Its name on the wire.
    pub wire: String,
    /// Where it goes.
    pub place: Place,
    /// Must it be given?
    pub required: bool,
    /// What it looks like.
    pub shape: Shape,
    /// One sentence about it; empty where the document has none.
    pub describe: String,
    /// How lists and objects are written there.
    pub style: Style,
    /// Is each element written on its own?
    pub explode: bool,
}

/// Where an argument goes. The order is the order in which names are given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Into the path.
    Path,
    /// Into the query.
    Query,
    /// Into a header.
    Header,
    /// Into the cookie header.
    Cookie,
    /// Into the body.
    Body,
}

impl Place {
    /// The word of the specification.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
            Self::Body => "body",
        }
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        [Self::Path, Self::Query, Self::Header, Self::Cookie].into_iter().find(|place| place.as_str() == word)
    }
}

/// How a body is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyForm {
    /// There is none.
    None,
    /// A JSON object whose properties are arguments.
    Json(String),
    /// JSON that is one argument as a whole, because it is no object or has no known properties.
    Whole(String),
    /// A form (`application/x-www-form-urlencoded`) whose fields are arguments.
    Form,
}

/// One top-level property of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it looks like.
    pub shape: Shape,
}
