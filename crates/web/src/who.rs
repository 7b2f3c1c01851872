//! Who sends a request. One rule: `Authorization: Bearer` carries the host's signed token and says which customer it is;
//! `Patchbay-Visitor` carries our own pass and says which browser it is. Either will do, both together bind the browser's
//! conversations to the customer. A token that is not believed is an error even beside a good pass: the client drops it and
//! goes on as the visitor.

use crate::hall::Hall;
use crate::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use patchbay_core::Session;
use patchbay_identity::IdentityInvalid;

/// The header of a visitor's pass.
pub(crate) const VISITOR: HeaderName = HeaderName::from_static("patchbay-visitor");

/// Whoever sent the request; there is always somebody.
pub(crate) struct Who(pub(crate) Session);

impl FromRequestParts<Hall> for Who {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, hall: &Hall) -> Result<Self, Problem> {
        Ok(Self(recognise(&parts.headers, hall).await?.ok_or_else(IdentityInvalid::missing)?))
    }
}

/// The session the headers prove, or none where they say nothing about it.
pub(crate) async fn recognise(headers: &HeaderMap, hall: &Hall) -> Result<Option<Session>, IdentityInvalid> {
    let visitor = match only(headers, &VISITOR)? {
        Some(pass) => Some(hall.visitors().read(pass)?),
        None => None,
    };
    let Some(authorization) = only(headers, &header::AUTHORIZATION)? else {
        return Ok(visitor.map(|visitor| Session::anonymous(visitor, hall.channel())));
    };
    let no = |reason: &str| IdentityInvalid::because(reason);
    let (scheme, token) = authorization.split_once(' ').ok_or_else(|| no("`Authorization` holds no scheme and token"))?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(no("the scheme of `Authorization` is not Bearer"));
    }
    let host = hall.host().ok_or_else(|| no("a host token was sent, but no host is declared"))?;
    host.session(token.trim(), visitor, hall.channel()).await.map(Some)
}

/// The header's value; twice is as bad as unreadable.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, IdentityInvalid> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    match (value.to_str(), values.next()) {
        (Ok(text), None) => Ok(Some(text)),
        _ => Err(IdentityInvalid::because(format!("`{name}` is unreadable or there twice"))),
    }
}

/// Whose pace a message counts towards: the customer's, whatever browser they use, else the visitor's.
pub(crate) fn pace_key(session: &Session) -> &str {
    session.customer.as_ref().map_or(session.visitor.as_str(), |customer| customer.id.as_str())
}
