//! What a service of the company answers instead of a result: `{ "error": { "code", "message" } }` with its status.

use axum::response::{IntoResponse, Response};
use hyper::StatusCode;
use serde_json::{Value, json};

use crate::request::json_response;

/// A request that was not carried out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Refusal {
    /// 400: the request cannot be read.
    pub(crate) fn malformed(message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code: "malformed", message: message.into() }
    }

    /// 401: who calls is not proven.
    pub(crate) fn unauthorised(message: impl Into<String>) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, code: "unauthorised", message: message.into() }
    }

    /// 403: who calls may not do this.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self { status: StatusCode::FORBIDDEN, code: "forbidden", message: message.into() }
    }

    /// 404: there is no such `kind` of record.
    pub(crate) fn not_found(kind: &str, id: &str) -> Self {
        let id: String = id.chars().take(80).collect();
        Self { status: StatusCode::NOT_FOUND, code: "not_found", message: format!("there is no {kind} '{id}'") }
    }

    /// 409: it contradicts what already happened.
    pub(crate) fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self { status: StatusCode::CONFLICT, code, message: message.into() }
    }

    /// 412: the record is no longer the one the caller has seen.
    pub(crate) fn changed(message: impl Into<String>) -> Self {
        Self { status: StatusCode::PRECONDITION_FAILED, code: "changed", message: message.into() }
    }

    /// In the words of the six services: `{"error": {"code", "message"}}`.
    pub(crate) fn coded(&self) -> Value {
        json!({ "error": { "code": self.code, "message": self.message } })
    }

    /// 422: a rule of the business forbids it.
    pub(crate) fn rule(code: &'static str, message: impl Into<String>) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, code, message: message.into() }
    }
}

impl IntoResponse for Refusal {
    /// Worded as the six services do; the refusal itself travels along, for a service that words it otherwise.
    fn into_response(self) -> Response {
        let mut response = json_response(self.status, &self.coded());
        response.extensions_mut().insert(self);
        response
    }
}
