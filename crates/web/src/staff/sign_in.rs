//! Signing in without a link: `POST /v1/staff/sign-in/password` with a code, `…/passkey` with a device; `GET /sign-in` is the page.

use super::ceremonies::Asked;
use super::cookie;
use super::me::Me;
use crate::body::{FromFields, Nothing, Strict};
use crate::hall::Hall;
use crate::json::Fields;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::shown::Shown;
use crate::v1::sessions::Address;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use patchbay_identity::staff::SignedIn;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

const PAGE: &str = include_str!("page/sign-in.html");
const SCRIPT: &str = include_str!("page/sign-in.js");

/// An address, a password and a code of the app.
#[derive(Debug, ToSchema)]
pub(crate) struct Proof {
    /// The address for e-mail.
    email: String,
    /// The password.
    password: String,
    /// The six digits of the app.
    #[schema(example = "081804")]
    code: String,
}

impl FromFields for Proof {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self { email: fields.needed_text("email")?, password: fields.needed_text("password")?, code: fields.needed_text("code")? })
    }
}

/// Sign in with a password and a code
///
/// Whatever is wrong is answered alike. A code counts once.
#[utoipa::path(
    post,
    path = "/v1/staff/sign-in/password",
    operation_id = "sign_in_with_password",
    tag = "staff",
    security(()),
    request_body = Proof,
    responses((status = 200, description = "You are signed in", body = Me), Refusals)
)]
pub(crate) async fn password(
    State(hall): State<Hall>,
    Address(address): Address,
    Strict(proof): Strict<Proof>,
) -> Result<(HeaderMap, Shown<Me>), Problem> {
    hall.pace_sign_in(address)?;
    hall.pace_account(&proof.email)?;
    Ok(begun(&hall, &hall.staff().sign_in_with_code(&proof.email, &proof.password, &proof.code).await?))
}

/// What a device is asked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ceremony {
    /// Its name; send it with the answer.
    pub(crate) ceremony: String,
    /// What `navigator.credentials` is given.
    #[schema(value_type = Object)]
    pub(crate) options: Value,
}

/// Ask a device who it is
#[utoipa::path(
    post,
    path = "/v1/staff/sign-in/passkey",
    operation_id = "ask_passkey",
    tag = "staff",
    security(()),
    responses((status = 200, description = "What to ask the device", body = Ceremony), Refusals)
)]
pub(crate) async fn ask(
    State(hall): State<Hall>,
    Address(address): Address,
    _nothing: Strict<Nothing>,
) -> Result<Shown<Ceremony>, Problem> {
    hall.pace_sign_in(address)?;
    let (options, state) = hall.passkeys()?.authenticate()?;
    Ok(Shown(Ceremony { ceremony: hall.keep_ceremony(Asked::Authenticate(state)), options }))
}

/// What a device answered.
#[derive(Debug, ToSchema)]
pub(crate) struct Answer {
    /// The name of what it was asked.
    pub(crate) ceremony: String,
    /// What `navigator.credentials` gave back.
    #[schema(value_type = Object)]
    pub(crate) credential: Value,
    /// A name for a key that was made.
    pub(crate) label: String,
}

impl FromFields for Answer {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        let ceremony = fields.needed_text("ceremony")?;
        let credential = Value::Object(fields.object("credential")?);
        Ok(Self { ceremony, credential, label: fields.text("label")?.unwrap_or_default() })
    }
}

/// Sign in with a passkey
#[utoipa::path(
    post,
    path = "/v1/staff/sign-in/passkey/answer",
    operation_id = "sign_in_with_passkey",
    tag = "staff",
    security(()),
    request_body = Answer,
    responses((status = 200, description = "You are signed in", body = Me), Refusals)
)]
pub(crate) async fn passkey(
    State(hall): State<Hall>,
    Address(address): Address,
    Strict(answer): Strict<Answer>,
) -> Result<(HeaderMap, Shown<Me>), Problem> {
    hall.pace_sign_in(address)?;
    let Some(Asked::Authenticate(state)) = hall.take_ceremony(&answer.ceremony) else { return Err(Code::SignInWrong.into()) };
    let passkeys = hall.passkeys()?;
    let claimed = hall.staff().of_handle(passkeys.claimed(&answer.credential)?).await?;
    let member = claimed.filter(|member| member.active).ok_or(Code::SignInWrong)?;
    passkeys.authenticated(answer.credential, state, &member.passkeys())?;
    Ok(begun(&hall, &hall.staff().sign_in(&member.id, "passkey").await?))
}

fn begun(hall: &Hall, signed: &SignedIn) -> (HeaderMap, Shown<Me>) {
    let mut headers = HeaderMap::new();
    cookie::set(&mut headers, &signed.token, hall.is_https());
    (headers, Shown(Me::of(hall, &signed.member)))
}

/// The page.
pub(crate) async fn page() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], PAGE)
}

/// Its script.
pub(crate) async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], SCRIPT)
}
