//! `GET /v1/staff/me`: who is signed in; `POST /v1/staff/sign-out`: not any more.

use super::cookie;
use super::door::{Anyone, By};
use crate::body::{Nothing, Strict};
use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::Problem;
use crate::shown::Shown;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use patchbay_identity::staff::Member;
use serde::Serialize;
use utoipa::ToSchema;

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    /// Their id.
    #[schema(example = "stf_01k…")]
    id: String,
    /// Their name.
    name: String,
    /// Their address for e-mail.
    #[schema(required)]
    email: Option<String>,
    /// What they are for: `agent`, `lead`, `engineer`, `officer`, `admin`.
    roles: Vec<&'static str>,
    /// Are they away, so that nothing is offered to them?
    away: bool,
    /// Further ways they have to prove who they are.
    factors: Vec<Factor>,
    /// Whose staff they are.
    company: MyCompany,
    /// Is this a demonstration with simulated systems?
    demo: bool,
}

/// A way to prove who one is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Factor {
    /// Its id.
    id: String,
    /// Its kind: `code`, `passkey`.
    kind: &'static str,
    /// Its name for people.
    label: String,
}

impl Factor {
    fn of(factor: &patchbay_identity::staff::Factor) -> Self {
        Self { id: factor.id.clone(), kind: factor.checks.kind(), label: factor.label.clone() }
    }
}

/// The company.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MyCompany {
    /// Its name.
    name: String,
    /// The language of its texts (BCP 47).
    language: String,
    /// What of an agent takes a conversation that is nobody's: `reply` or `keystroke`.
    take_on: &'static str,
}

impl Me {
    /// What a member of the staff is told about themselves.
    pub(crate) fn of(hall: &Hall, member: &Member) -> Self {
        let company = &hall.service().house().company;
        Self {
            id: member.id.to_string(),
            name: member.name.clone(),
            email: member.email.clone(),
            roles: member.roles.iter().map(|role| role.as_str()).collect(),
            away: member.away,
            factors: member.factors.iter().map(Factor::of).collect(),
            company: MyCompany {
                name: company.name.clone(),
                language: company.language.clone(),
                take_on: company.escalation.handover.take_on.as_str(),
            },
            demo: hall.is_demo(),
        }
    }
}

/// Who am I?
#[utoipa::path(
    get,
    path = "/v1/staff/me",
    operation_id = "who_am_i",
    tag = "staff",
    responses((status = 200, description = "You", body = Me), Refusals)
)]
pub(crate) async fn read(State(hall): State<Hall>, by: By<Anyone>) -> Shown<Me> {
    Shown(Me::of(&hall, &by.member))
}

/// Sign out
///
/// Ends this session everywhere at once; other sessions of the same person go on.
#[utoipa::path(
    post,
    path = "/v1/staff/sign-out",
    operation_id = "sign_out",
    tag = "staff",
    responses((status = 204, description = "Signed out"), Refusals)
)]
pub(crate) async fn sign_out(
    State(hall): State<Hall>,
    by: By<Anyone>,
    _nothing: Strict<Nothing>,
) -> Result<(StatusCode, HeaderMap), Problem> {
    hall.staff().sign_out(by.id(), Some(by.session.clone())).await?;
    let mut headers = HeaderMap::new();
    cookie::clear(&mut headers, hall.is_https());
    Ok((StatusCode::NO_CONTENT, headers))
}
