//! Reading requests and writing answers: bodies as typed JSON, header values, JSON with its length.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::response::{IntoResponse, Response};
use hyper::http::request::Parts;
use hyper::{HeaderMap, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::refusal::Refusal;

/// Bodies above this many bytes are refused.
const MOST_BYTES: usize = 256 * 1024;

/// The request's JSON body: as it came, for the ledger, and as read. An empty body counts as an empty object.
pub(crate) struct Given<T> {
    pub(crate) body: Value,
    pub(crate) read: T,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Given<T> {
    type Rejection = Response;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Response> {
        let bytes = axum::body::to_bytes(request.into_body(), MOST_BYTES)
            .await
            .map_err(|error| Refusal::malformed(format!("the body cannot be read: {error}")).into_response())?;
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        let misfit = |error| Refusal::malformed(format!("the body does not fit: {error}")).into_response();
        let body: Value = serde_json::from_slice(text).map_err(misfit)?;
        let read = T::deserialize(&body).map_err(misfit)?;
        Ok(Self { body, read })
    }
}

/// The request's query parameters.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Response> {
        Query::try_from_uri(&parts.uri)
            .map(|Query(asked)| Self(asked))
            .map_err(|error| Refusal::malformed(format!("the query does not fit: {error}")).into_response())
    }
}

/// A header as text; `None` where it is absent or not text.
pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// `value` as a JSON answer.
pub(crate) fn json_response(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => with_type(status, "application/json", bytes),
        Err(error) => with_type(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", error.to_string().into_bytes()),
    }
}

/// An answer with its content type.
pub(crate) fn with_type(status: StatusCode, content_type: &'static str, bytes: impl Into<Body>) -> Response {
    let mut response = Response::new(bytes.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content_type));
    response
}
