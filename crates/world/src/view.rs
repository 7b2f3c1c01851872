//! How a read looks at the records: as they are, as they were, or at somebody else's.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use hyper::http::request::Parts;

/// What a read is shown. Faults choose it; a healthy service always shows the present.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum View {
    /// The record as it is.
    #[default]
    Now,
    /// The record as it was before its last write: a replica that lags behind.
    Before,
    /// The record of another customer: a mixed-up cache.
    Stranger,
}

impl<S: Sync> FromRequestParts<S> for View {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().copied().unwrap_or_default())
    }
}
