//! Around every request: its id, what is refused before any handler sees it, the body of errors, the shield, one log line.

use crate::hall::Hall;
use crate::origin;
use crate::problem::{Code, Problem};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

/// The header that names the request, in every answer.
const REQUEST_ID: HeaderName = HeaderName::from_static("patchbay-request-id");
/// The header with which a client names the version of the API it was written for.
const VERSION: HeaderName = HeaderName::from_static("patchbay-version");
/// The versions there are.
const VERSIONS: [&str; 1] = ["1"];
/// Names that keys and tokens go by; none belongs in an address.
const KEY_NAMES: [&str; 9] = ["key", "api_key", "apikey", "token", "access_token", "id_token", "authorization", "jwt", "patchbay-visitor"];

/// The layer around all addresses.
pub(crate) async fn around(State(hall): State<Hall>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = hall.request_id();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    // The pattern, not the path: what strangers write into an address stays out of the log.
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "-".to_owned(), |route| route.as_str().to_owned());
    let api = path.starts_with("/v1/");
    let origin = hall.origins().admit(request.headers());

    let mut response = match refuse(&request, api, origin.is_err()) {
        Some(problem) => problem.into_response(),
        None if api && origin::is_preflight(&request) => origin::preflight(),
        None => handle(&hall, request, next).await,
    };
    let problem = response.extensions_mut().remove::<Problem>();
    if let Some(problem) = &problem {
        response = written(problem, response, hall.public_url(), id.as_str());
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id.as_str()) {
        headers.insert(REQUEST_ID, id);
    }
    if api {
        origin::vary(headers);
        if let Ok(Some(origin)) = origin {
            origin::open_to(origin, headers);
        }
    }
    hall.shield().cover(&path, headers);
    log(&LogLine { id: id.as_str(), method: method.as_str(), route: &route, started }, response.status().as_u16(), problem.as_ref());
    response
}

/// Hands the request on, unless the house is full. A panic is one failed request, not a lost connection.
async fn handle(hall: &Hall, request: Request, next: Next) -> Response {
    let place = match hall.request_place() {
        Ok(place) => place,
        Err(problem) => return problem.into_response(),
    };
    let response = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    drop(place);
    response.unwrap_or_else(|_| Problem::new(Code::Internal).reason("a handler panicked").into_response())
}

/// What no handler needs to see.
fn refuse(request: &Request, api: bool, foreign: bool) -> Option<Problem> {
    // No address of ours needs an escape, a backslash or an empty step, so whatever has one is not ours.
    let path = request.uri().path();
    if path.contains(['%', '\\']) || path.contains("//") || path.split('/').any(|step| step == "." || step == "..") {
        return Some(Code::NotFound.into());
    }
    if !api {
        return None;
    }
    if foreign {
        return Some(Code::OriginForbidden.into());
    }
    if request.uri().query().is_some_and(names_a_key) {
        return Some(Code::KeyInUrl.into());
    }
    version(request.headers())
}

/// Does a query carry a key, by its name or by its looks?
fn names_a_key(query: &str) -> bool {
    query.split('&').any(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = name.to_ascii_lowercase();
        KEY_NAMES.contains(&name.as_str()) || value.starts_with(patchbay_identity::Visitors::PREFIX) || value.starts_with("eyJ")
    })
}

fn version(headers: &HeaderMap) -> Option<Problem> {
    let asked = headers.get(VERSION)?;
    let known = asked.to_str().is_ok_and(|asked| VERSIONS.contains(&asked.trim()));
    let detail = format!("Supported versions: {}. {}", VERSIONS.join(", "), Code::VersionUnsupported.help());
    (!known).then(|| Problem::new(Code::VersionUnsupported).detail(detail))
}

/// The response with the problem's body.
fn written(problem: &Problem, response: Response, public_url: &str, id: &str) -> Response {
    let body = serde_json::to_vec(&problem.body(public_url, id)).unwrap_or_default();
    let (mut parts, _) = response.into_parts();
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, body.into())
}

struct LogLine<'a> {
    id: &'a str,
    method: &'a str,
    route: &'a str,
    started: Instant,
}

/// One line for one request, with nothing personal in it.
fn log(line: &LogLine<'_>, status: u16, problem: Option<&Problem>) {
    let ms = u64::try_from(line.started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (code, reason) = problem.map_or(("-", "-"), |problem| (problem.code().as_str(), problem.logged().unwrap_or("-")));
    let LogLine { id, method, route, .. } = line;
    if status >= 500 {
        tracing::error!(request_id = id, method, route, status, code, reason, ms, "request failed");
    } else {
        tracing::info!(request_id = id, method, route, status, code, reason, ms, "request");
    }
}
