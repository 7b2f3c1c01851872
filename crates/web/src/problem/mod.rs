//! Errors as everybody outside sees them: `application/problem+json` (RFC 9457) with a stable code and one useful sentence.
//!
//! A handler returns a [`Problem`]; the [request layer](crate::request) writes the body, because only it knows the request's id.

mod code;
mod refused;

pub use code::Code;

use axum::http::header::{CONNECTION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// One thing that went wrong. Holds no stack, path, secret or word about anybody else; `reason` is for the log alone.
#[derive(Debug, Clone)]
pub struct Problem(Box<Inside>);

/// In a box, because results that carry a problem are everywhere and problems are rare.
#[derive(Debug, Clone)]
struct Inside {
    code: Code,
    detail: String,
    field: Option<String>,
    successor: Option<String>,
    reason: Option<String>,
    headers: HeaderMap,
}

/// The body of an error.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemBody {
    /// The page that explains the code.
    #[schema(format = "uri", example = "https://support.example/problems/message_too_long")]
    r#type: String,
    /// What the code means.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// The stable word to branch on.
    #[schema(example = "message_too_long")]
    code: &'static str,
    /// What happened here and what to do.
    detail: String,
    /// JSON pointer to the field at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// The conversation that goes on where this one has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    successor: Option<String>,
    /// The request, for whoever looks into it.
    request_id: String,
    /// Every single fault, where there may be several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Fault>,
}

/// One fault of a request.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Fault {
    /// JSON pointer to the field.
    pointer: String,
    /// What is wrong with it.
    detail: String,
}

impl Problem {
    /// A problem with the code's own words.
    #[must_use]
    pub fn new(code: Code) -> Self {
        let detail = code.help().to_owned();
        let problem = Self(Box::new(Inside { code, detail, field: None, successor: None, reason: None, headers: HeaderMap::new() }));
        match code {
            Code::IdentityInvalid => problem.header(WWW_AUTHENTICATE, "Bearer"),
            // What stays unread of such a body must not be taken for the next request.
            Code::BodyTooLarge | Code::BodyTooLargeDecompressed | Code::FileTooLarge | Code::RequestTimeout | Code::BodyIncomplete => {
                problem.header(CONNECTION, "close")
            }
            Code::Overloaded | Code::StorageUnavailable | Code::NotReady => problem.header(RETRY_AFTER, "1"),
            _ => problem,
        }
    }

    /// Says what exactly happened. The sentence must be fit for everybody.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = detail.into();
        self
    }

    /// Points at the field at fault, by its JSON pointer.
    #[must_use]
    pub fn field(mut self, pointer: impl Into<String>) -> Self {
        self.0.field = Some(pointer.into());
        self
    }

    /// Names the conversation that goes on.
    #[must_use]
    pub fn successor(mut self, conversation: impl Into<String>) -> Self {
        self.0.successor = Some(conversation.into());
        self
    }

    /// Notes the exact reason for the log.
    #[must_use]
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.0.reason = Some(reason.into());
        self
    }

    /// Says when to come back, in whole seconds, at least one.
    #[must_use]
    pub fn retry_after(self, wait: std::time::Duration) -> Self {
        let seconds = wait.as_millis().div_ceil(1000).max(1).to_string();
        self.header(RETRY_AFTER, &seconds)
    }

    fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers.insert(name, value);
        }
        self
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The reason for the log.
    pub(crate) fn logged(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// The body, for this request of this house.
    pub(crate) fn body(&self, public_url: &str, request_id: &str) -> ProblemBody {
        let Inside { code, detail, field, successor, .. } = &*self.0;
        let errors = field.iter().map(|pointer| Fault { pointer: pointer.clone(), detail: detail.clone() }).collect();
        ProblemBody {
            r#type: format!("{public_url}/problems/{}", code.as_str()),
            title: code.title(),
            status: code.status().as_u16(),
            code: code.as_str(),
            detail: detail.clone(),
            field: field.clone(),
            successor: successor.clone(),
            request_id: request_id.to_owned(),
            errors,
        }
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl From<patchbay_identity::IdentityInvalid> for Problem {
    fn from(invalid: patchbay_identity::IdentityInvalid) -> Self {
        Self::new(Code::IdentityInvalid).detail(invalid.to_string()).reason(invalid.reason())
    }
}

impl IntoResponse for Code {
    fn into_response(self) -> Response {
        Problem::new(self).into_response()
    }
}

impl IntoResponse for Problem {
    /// Status and headers; the problem itself rides along for the request layer to write.
    fn into_response(self) -> Response {
        let mut response = (self.0.code.status(), self.0.headers.clone()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}
