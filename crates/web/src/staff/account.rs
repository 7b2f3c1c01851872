//! One's own account: a password, a code app, passkeys. `GET /account` is the page.

use super::ceremonies::Asked;
use super::door::{Anyone, By};
use super::me::Me;
use super::sign_in::{Answer, Ceremony};
use crate::body::{FromFields, Nothing, Strict};
use crate::hall::Hall;
use crate::json::Fields;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::shown::Shown;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use patchbay_factors::CodeSecret;
use serde::Serialize;
use utoipa::ToSchema;

const PAGE: &str = include_str!("page/account.html");
const SCRIPT: &str = include_str!("page/account.js");

/// A password.
#[derive(Debug, ToSchema)]
pub(crate) struct Password {
    /// At least twelve characters.
    #[schema(min_length = 12, max_length = 200)]
    password: String,
}

impl FromFields for Password {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self { password: fields.needed_text("password")? })
    }
}

/// Set my password
///
/// A password alone lets nobody in: connect a code app too.
#[utoipa::path(
    put,
    path = "/v1/staff/me/password",
    operation_id = "set_password",
    tag = "staff",
    request_body = Password,
    responses((status = 204, description = "Set"), Refusals)
)]
pub(crate) async fn password(State(hall): State<Hall>, by: By<Anyone>, Strict(new): Strict<Password>) -> Result<StatusCode, Problem> {
    hall.pace_staff(by.id())?;
    hall.staff().set_password(by.id(), &new.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A secret for a code app. It counts once a code of it was sent back.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CodeOffer {
    /// To be typed into the app.
    secret: String,
    /// To be opened on the device that has the app.
    link: String,
}

/// A secret for a code app
#[utoipa::path(
    post,
    path = "/v1/staff/me/code",
    operation_id = "offer_code",
    tag = "staff",
    responses((status = 200, description = "For the app", body = CodeOffer), Refusals)
)]
pub(crate) async fn offer_code(State(hall): State<Hall>, by: By<Anyone>, _nothing: Strict<Nothing>) -> Shown<CodeOffer> {
    let secret = hall.staff().code_secret();
    let account = by.member.email.as_deref().unwrap_or(&by.member.name);
    let link = secret.link(&hall.service().house().company.name, account);
    Shown(CodeOffer { secret: secret.as_str().to_owned(), link })
}

/// A code app, proven by a code of it.
#[derive(Debug, ToSchema)]
pub(crate) struct CodeApp {
    /// The secret that was offered.
    secret: String,
    /// The six digits the app shows.
    code: String,
    /// A name for it.
    label: String,
}

impl FromFields for CodeApp {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        let (secret, code) = (fields.needed_text("secret")?, fields.needed_text("code")?);
        Ok(Self { secret, code, label: fields.text("label")?.unwrap_or_default() })
    }
}

/// Connect a code app
#[utoipa::path(
    post,
    path = "/v1/staff/me/code/app",
    operation_id = "add_code",
    tag = "staff",
    request_body = CodeApp,
    responses((status = 201, description = "Connected", body = Me), Refusals)
)]
pub(crate) async fn add_code(
    State(hall): State<Hall>,
    by: By<Anyone>,
    Strict(app): Strict<CodeApp>,
) -> Result<(StatusCode, Shown<Me>), Problem> {
    hall.pace_staff(by.id())?;
    let secret =
        CodeSecret::read(&app.secret).map_err(|error| Problem::new(Code::FieldInvalid).detail(error.to_string()).field("/secret"))?;
    let member = hall.staff().add_code(by.id(), secret, &app.code, &app.label).await?;
    Ok((StatusCode::CREATED, Shown(Me::of(&hall, &member))))
}

/// Ask a device for a key
#[utoipa::path(
    post,
    path = "/v1/staff/me/passkey",
    operation_id = "offer_passkey",
    tag = "staff",
    responses((status = 200, description = "What to ask the device", body = Ceremony), Refusals)
)]
pub(crate) async fn offer_passkey(State(hall): State<Hall>, by: By<Anyone>, _nothing: Strict<Nothing>) -> Result<Shown<Ceremony>, Problem> {
    hall.pace_staff(by.id())?;
    let handle = hall.staff().handle(by.id());
    let (options, state) = hall.passkeys()?.register(handle, &by.member.name, &by.member.passkeys())?;
    let ceremony = hall.keep_ceremony(Asked::Register(by.id().clone(), state));
    Ok(Shown(Ceremony { ceremony, options }))
}

/// Add a passkey
#[utoipa::path(
    post,
    path = "/v1/staff/me/passkey/answer",
    operation_id = "add_passkey",
    tag = "staff",
    request_body = Answer,
    responses((status = 201, description = "Added", body = Me), Refusals)
)]
pub(crate) async fn add_passkey(
    State(hall): State<Hall>,
    by: By<Anyone>,
    Strict(answer): Strict<Answer>,
) -> Result<(StatusCode, Shown<Me>), Problem> {
    let Some(Asked::Register(whose, state)) = hall.take_ceremony(&answer.ceremony) else { return Err(Code::SignInWrong.into()) };
    if whose != *by.id() {
        return Err(Code::SignInWrong.into());
    }
    let passkey = hall.passkeys()?.registered(answer.credential, &state)?;
    let member = hall.staff().add_passkey(by.id(), passkey, &answer.label).await?;
    Ok((StatusCode::CREATED, Shown(Me::of(&hall, &member))))
}

/// Take a factor away
///
/// The last one stays.
#[utoipa::path(
    delete,
    path = "/v1/staff/me/factors/{factor}",
    operation_id = "remove_factor",
    tag = "staff",
    params(("factor" = String, Path, description = "Its id")),
    responses((status = 200, description = "Taken away", body = Me), Refusals)
)]
pub(crate) async fn remove(State(hall): State<Hall>, by: By<Anyone>, Path(factor): Path<String>) -> Result<Shown<Me>, Problem> {
    hall.pace_staff(by.id())?;
    let member = hall.staff().remove_factor(by.id(), &factor).await?;
    Ok(Shown(Me::of(&hall, &member)))
}

/// The page.
pub(crate) async fn page() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], PAGE)
}

/// Its script.
pub(crate) async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], SCRIPT)
}
