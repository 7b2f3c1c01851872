//! Who of the staff sends a request, and whether they may pass this door.

use crate::hall::Hall;
use crate::problem::{Code, Problem};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use patchbay_core::id::StaffId;
use patchbay_core::words::Role;
use patchbay_identity::staff::{Member, Recognised};
use std::marker::PhantomData;
use std::sync::Arc;

/// A door: one of these roles opens it.
pub(crate) trait Door: Send {
    /// The roles; empty means everybody of the staff.
    const ROLES: &'static [Role];
}

macro_rules! doors {
    ($($(#[$doc:meta])* $name:ident = [$($role:ident),*];)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name;
        impl Door for $name {
            const ROLES: &'static [Role] = &[$(Role::$role),*];
        }
    )*};
}

doors! {
    /// Whoever is signed in.
    Anyone = [];
    /// The desk.
    Desk = [Agent, Lead];
    /// Traces: their content is for engineers, see [`By::reads_content`].
    Traces = [Lead, Engineer];
    /// Looking through what was said in all conversations.
    Words = [Agent, Lead, Engineer, Officer];
    /// What people and systems said.
    Engineers = [Engineer];
    /// Who belongs to the staff.
    Admins = [Admin];
    /// Figures.
    Figures = [Lead, Engineer, Admin];
}

/// The member of the staff who sent the request, behind this door.
pub(crate) struct By<D> {
    /// Who.
    pub(crate) member: Arc<Member>,
    /// Their session, as the log knows it.
    pub(crate) session: String,
    door: PhantomData<D>,
}

impl<D> By<D> {
    /// Who.
    pub(crate) fn id(&self) -> &StaffId {
        &self.member.id
    }

    /// May they read what people and systems said in a trace?
    pub(crate) fn reads_content(&self) -> bool {
        self.member.roles.contains(&Role::Engineer)
    }
}

impl<D: Door> FromRequestParts<Hall> for By<D> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _hall: &Hall) -> Result<Self, Problem> {
        let Recognised { member, session, .. } = parts.extensions.get::<Recognised>().cloned().ok_or(Code::StaffRequired)?;
        if !D::ROLES.is_empty() && !D::ROLES.iter().any(|role| member.roles.contains(role)) {
            let roles: Vec<&str> = D::ROLES.iter().map(|role| role.as_str()).collect();
            let detail = format!("This needs the role {}. An admin can give it to you.", roles.join(" or "));
            return Err(Problem::new(Code::RoleMissing).detail(detail));
        }
        Ok(Self { member, session, door: PhantomData })
    }
}
