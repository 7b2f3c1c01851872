//! The guard before every address of the staff: whose session it is, and that a request which changes something comes from the
//! desk itself and not from another page in the same browser.

use super::cookie;
use crate::hall::Hall;
use crate::problem::{Code, Problem};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use patchbay_factors::PasskeyError;
use patchbay_identity::staff::{Recognised, StaffRefused};

/// No form and no image can send this header, and no foreign page may.
const DESK: HeaderName = HeaderName::from_static("patchbay-desk");
/// Where people are on their way in.
const WAYS_IN: [&str; 2] = ["/v1/staff/start", "/v1/staff/sign-in"];

/// The layer around the API of the staff.
pub(crate) async fn api(State(hall): State<Hall>, mut request: Request, next: Next) -> Response {
    if let Err(problem) = from_desk(&hall, request.method(), request.headers()) {
        return problem.into_response();
    }
    let path = request.uri().path();
    let way_in = WAYS_IN.iter().any(|way| path.strip_prefix(way).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    let recognised = match recognise(&hall, request.headers()).await {
        Ok(recognised) => Some(recognised),
        Err(problem) if way_in && problem.code() == Code::StaffRequired => None,
        Err(problem) => return problem.into_response(),
    };
    let renewed = recognised.as_ref().and_then(|recognised| recognised.renewed.clone());
    if let Some(recognised) = recognised {
        request.extensions_mut().insert(recognised);
    }
    let mut response = next.run(request).await;
    // What a handler says about the cookie counts: signing out must not be undone by a renewal.
    if let Some(renewed) = renewed.filter(|_| !response.headers().contains_key(header::SET_COOKIE)) {
        cookie::set(response.headers_mut(), &renewed, hall.is_https());
    }
    response
}

/// Whose session the request's cookie is.
pub(crate) async fn recognise(hall: &Hall, headers: &HeaderMap) -> Result<Recognised, Problem> {
    let token = cookie::read(headers).ok_or(Code::StaffRequired)?;
    hall.staff().recognise(token).await.map_err(Problem::from)
}

fn from_desk(hall: &Hall, method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    if !hall.origins().is_own_or_none(headers) {
        return Err(Code::OriginForbidden.into());
    }
    let reads = matches!(*method, Method::GET | Method::HEAD);
    if reads || headers.get(DESK).is_some_and(|value| value == "1") { Ok(()) } else { Err(Code::DeskHeaderMissing.into()) }
}

impl From<StaffRefused> for Problem {
    fn from(refused: StaffRefused) -> Self {
        match refused {
            StaffRefused::NotSignedIn => Code::StaffRequired.into(),
            StaffRefused::LinkUsed => Code::StartLinkUsed.into(),
            StaffRefused::WrongProof => Code::SignInWrong.into(),
            StaffRefused::CodeWrong => Self::new(Code::FieldInvalid).detail(refused.to_string()).field("/code"),
            StaffRefused::WeakPassword(_) => Self::new(Code::FieldInvalid).detail(refused.to_string()).field("/password"),
            StaffRefused::LastFactor => Self::new(Code::StaffConflict).detail(refused.to_string()),
            StaffRefused::Unknown(_) => Code::NotFound.into(),
            StaffRefused::Invalid(why) => Self::new(Code::FieldInvalid).detail(why),
            StaffRefused::Log(error) => patchbay_service::Refused::from(error).into(),
            other => Self::new(Code::StaffConflict).detail(other.to_string()),
        }
    }
}

impl From<PasskeyError> for Problem {
    fn from(error: PasskeyError) -> Self {
        match error {
            PasskeyError::Address => Code::PasskeysImpossible.into(),
            PasskeyError::NotAccepted => Code::SignInWrong.into(),
        }
    }
}
