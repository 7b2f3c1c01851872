//! `POST /v1/staff/start` uses a one-time link up; `GET /start` is the page it leads to, which wants one press: previews of
//! links open pages, but they press nothing.

use super::cookie;
use super::me::Me;
use crate::body::{FromFields, Strict};
use crate::hall::Hall;
use crate::json::Fields;
use crate::openapi::Refusals;
use crate::problem::Problem;
use crate::shown::Shown;
use crate::v1::sessions::Address;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use utoipa::ToSchema;

const PAGE: &str = include_str!("page/start.html");
const STYLE: &str = include_str!("page/start.css");
const SCRIPT: &str = include_str!("page/start.js");

/// What stands in the link.
#[derive(Debug, ToSchema)]
pub(crate) struct Start {
    /// The `t` of the link's address.
    token: String,
}

impl FromFields for Start {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self { token: fields.needed_text("token")? })
    }
}

/// Sign in with a link
///
/// A link works once and for half an hour. The answer sets the session's cookie.
#[utoipa::path(
    post,
    path = "/v1/staff/start",
    operation_id = "start",
    tag = "staff",
    security(()),
    request_body = Start,
    responses((status = 200, description = "You are signed in", body = Me), Refusals)
)]
pub(crate) async fn start(
    State(hall): State<Hall>,
    Address(address): Address,
    Strict(start): Strict<Start>,
) -> Result<(HeaderMap, Shown<Me>), Problem> {
    hall.pace_sign_in(address)?;
    let signed = hall.staff().use_link(&start.token).await?;
    let mut headers = HeaderMap::new();
    cookie::set(&mut headers, &signed.token, hall.is_https());
    Ok((headers, Shown(Me::of(&hall, &signed.member))))
}

/// The page of the link.
pub(crate) async fn page() -> impl IntoResponse {
    file("text/html; charset=utf-8", PAGE)
}

/// Its style.
pub(crate) async fn style() -> impl IntoResponse {
    file("text/css; charset=utf-8", STYLE)
}

/// Its script.
pub(crate) async fn script() -> impl IntoResponse {
    file("text/javascript; charset=utf-8", SCRIPT)
}

fn file(mime: &'static str, content: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, mime), (header::CACHE_CONTROL, "no-store")], content)
}
