//! `/v1/staff`: who belongs to the staff, for admins: listed, added, changed, given new links.

use super::door::{Admins, By};
use crate::body::{FromFields, Nothing, Strict};
use crate::hall::Hall;
use crate::json::Fields;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::shown::Shown;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use patchbay_core::id::StaffId;
use patchbay_core::words::Role;
use patchbay_identity::staff::Member;
use serde::Serialize;
use utoipa::ToSchema;

/// One of the staff, as admins see them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Colleague {
    /// Their id.
    #[schema(example = "stf_01k…")]
    id: String,
    /// Their name.
    name: String,
    /// Their address for e-mail.
    #[schema(required)]
    email: Option<String>,
    /// What they are for.
    roles: Vec<&'static str>,
    /// Do they belong to the staff now?
    active: bool,
    /// Did they ever sign in?
    came: bool,
    /// Kinds of their ways to sign in without a link: `code`, `passkey`.
    factors: Vec<&'static str>,
}

/// Everybody.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Colleagues {
    /// In the order they came.
    data: Vec<Colleague>,
}

/// Somebody with a link that signs them in once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Invited {
    /// Who.
    member: Colleague,
    /// Give it to them and to nobody else.
    link: String,
    /// Until when it works.
    #[schema(format = DateTime)]
    expires: String,
}

impl From<&Member> for Colleague {
    fn from(member: &Member) -> Self {
        Self {
            id: member.id.to_string(),
            name: member.name.clone(),
            email: member.email.clone(),
            roles: member.roles.iter().map(|role| role.as_str()).collect(),
            active: member.active,
            came: member.came,
            factors: member.factors.iter().map(|factor| factor.checks.kind()).collect(),
        }
    }
}

/// Everybody of the staff
#[utoipa::path(
    get,
    path = "/v1/staff",
    operation_id = "list_staff",
    tag = "staff",
    responses((status = 200, description = "Everybody, also who left", body = Colleagues), Refusals)
)]
pub(crate) async fn list(State(hall): State<Hall>, _by: By<Admins>) -> Result<Shown<Colleagues>, Problem> {
    let all = hall.staff().all().await?;
    Ok(Shown(Colleagues { data: all.iter().map(|member| Colleague::from(&**member)).collect() }))
}

/// Somebody new.
#[derive(Debug, ToSchema)]
pub(crate) struct NewColleague {
    /// Their name, as colleagues and customers read it.
    name: String,
    /// Their address for e-mail.
    email: Option<String>,
    /// What they are for; `agent` where it is left out.
    #[schema(value_type = Vec<String>)]
    roles: Vec<Role>,
}

impl FromFields for NewColleague {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        let (name, email) = (fields.needed_text("name")?, fields.text("email")?);
        let roles = roles(fields)?.unwrap_or_else(|| vec![Role::Agent]);
        Ok(Self { name, email: email.filter(|email| !email.trim().is_empty()), roles })
    }
}

fn roles(fields: &mut Fields) -> Result<Option<Vec<Role>>, Problem> {
    let words = fields.texts("roles")?;
    let known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
    let wrong = |word: &String| {
        let detail = format!("{word:?} is no role; roles are {}.", known.join(", "));
        Problem::new(Code::FieldInvalid).detail(detail).field("/roles")
    };
    let roles: Vec<Role> = words.iter().map(|word| Role::parse(word).ok_or_else(|| wrong(word))).collect::<Result<_, _>>()?;
    Ok(Some(roles).filter(|roles| !roles.is_empty()))
}

/// Add somebody
#[utoipa::path(
    post,
    path = "/v1/staff",
    operation_id = "add_staff",
    tag = "staff",
    request_body = NewColleague,
    responses((status = 201, description = "Added, with a link that signs them in once", body = Invited), Refusals)
)]
pub(crate) async fn add(
    State(hall): State<Hall>,
    by: By<Admins>,
    Strict(new): Strict<NewColleague>,
) -> Result<(StatusCode, Shown<Invited>), Problem> {
    hall.pace_staff(by.id())?;
    let member = hall.staff().add(&new.name, new.email.as_deref(), &new.roles).await?;
    Ok((StatusCode::CREATED, Shown(invited(&hall, &member).await?)))
}

/// A new link for somebody
#[utoipa::path(
    post,
    path = "/v1/staff/{staff}/link",
    operation_id = "link_staff",
    tag = "staff",
    params(("staff" = String, Path, description = "Who")),
    responses((status = 201, description = "A link that signs them in once", body = Invited), Refusals)
)]
pub(crate) async fn link(
    State(hall): State<Hall>,
    by: By<Admins>,
    Path(staff): Path<String>,
    _nothing: Strict<Nothing>,
) -> Result<(StatusCode, Shown<Invited>), Problem> {
    hall.pace_staff(by.id())?;
    let member = hall.staff().find(id(&staff)?.as_str()).await?;
    Ok((StatusCode::CREATED, Shown(invited(&hall, &member).await?)))
}

/// What changes about somebody.
#[derive(Debug, ToSchema)]
pub(crate) struct Change {
    /// What they are for from now on; as before where it is left out.
    #[schema(value_type = Vec<String>)]
    roles: Option<Vec<Role>>,
    /// Do they belong to the staff? As before where it is left out.
    active: Option<bool>,
}

impl FromFields for Change {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self { roles: roles(fields)?, active: fields.flag("active")? })
    }
}

/// Change what somebody is for, or whether they belong to the staff
///
/// Nobody takes their own admin role away: somebody must be left who can give it back.
#[utoipa::path(
    patch,
    path = "/v1/staff/{staff}",
    operation_id = "change_staff",
    tag = "staff",
    params(("staff" = String, Path, description = "Who")),
    request_body = Change,
    responses((status = 200, description = "As they are now", body = Colleague), Refusals)
)]
pub(crate) async fn change(
    State(hall): State<Hall>,
    by: By<Admins>,
    Path(staff): Path<String>,
    Strict(change): Strict<Change>,
) -> Result<Shown<Colleague>, Problem> {
    hall.pace_staff(by.id())?;
    let member = hall.staff().find(id(&staff)?.as_str()).await?;
    let roles = change.roles.unwrap_or_else(|| member.roles.iter().copied().collect());
    let active = change.active.unwrap_or(member.active);
    if member.id == *by.id() && !(active && roles.contains(&Role::Admin)) {
        let detail = "You cannot take your own admin role away; another admin can.";
        return Err(Problem::new(Code::StaffConflict).detail(detail));
    }
    let member = hall.staff().change(&member.id, &roles, active).await?;
    Ok(Shown(Colleague::from(&*member)))
}

async fn invited(hall: &Hall, member: &Member) -> Result<Invited, Problem> {
    let link = hall.staff().start_link(&member.id).await?;
    let address = format!("{}/start?t={}", hall.public_url(), link.token);
    Ok(Invited { member: member.into(), link: address, expires: link.expires.to_string() })
}

fn id(text: &str) -> Result<StaffId, Code> {
    StaffId::parse(text).ok_or(Code::NotFound)
}
