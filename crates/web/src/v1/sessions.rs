//! `POST /v1/sessions`: a pass for a browser, so that its conversations stay its own.

use crate::body::{FromFields, Strict};
use crate::hall::Hall;
use crate::json::Fields;
use crate::openapi::Refusals;
use crate::problem::Problem;
use crate::shown::Shown;
use crate::who;
use crate::wire::Visitor;
use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use patchbay_core::words::Level;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

/// The body: an empty object, or nothing.
pub(crate) struct NewSession;

impl FromFields for NewSession {
    const MAY_BE_EMPTY: bool = true;

    fn from_fields(_fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self)
    }
}

/// The network address the request came from, if it is known.
pub(crate) struct Address(pub(crate) Option<IpAddr>);

impl FromRequestParts<Hall> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, hall: &Hall) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        // The last entry is the one our own proxy wrote; whatever stands before it, strangers may have sent.
        let forwarded =
            || parts.headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim().parse().ok();
        Ok(Self(if hall.limits().behind_proxy { forwarded().or(peer) } else { peer }))
    }
}

/// Get a visitor's pass
///
/// Without anything: a new anonymous visitor. With a pass in `Patchbay-Visitor`: the same visitor with a fresh pass. With the
/// host's token in `Authorization`: checks that token and gives the customer's browser a pass.
#[utoipa::path(
    post,
    path = "/v1/sessions",
    operation_id = "open_session",
    tag = "sessions",
    security((), ("visitor" = []), ("host" = [])),
    responses((status = 201, description = "The pass", body = Visitor), Refusals)
)]
pub(crate) async fn open(
    State(hall): State<Hall>,
    Address(address): Address,
    headers: HeaderMap,
    _body: Strict<NewSession>,
) -> Result<(StatusCode, Shown<Visitor>), Problem> {
    let session = who::recognise(&headers, &hall).await?;
    let level = session.as_ref().map_or(Level::Anonymous, |session| session.level_at(hall.now()));
    // Only a pass is exchanged for a pass. A host token alone earns a new visitor: the one that stands for the customer
    // everywhere must not stay behind in a browser when they have signed out.
    let pass = match session.filter(|_| headers.contains_key(who::VISITOR)) {
        Some(session) => hall.visitors().renew(session.visitor),
        None => {
            hall.pace_visitor(address)?;
            hall.visitors().admit()
        }
    };
    Ok((StatusCode::CREATED, Shown(Visitor::new(pass, level))))
}
