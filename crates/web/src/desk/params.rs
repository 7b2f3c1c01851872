//! What stands after the question mark, read as strictly as a body.

use crate::problem::{Code, Problem};
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;

/// The most rows one page gives.
const MOST: usize = 200;

/// The parameters of a list, taken out one by one.
pub(crate) struct Params(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let unreadable = |_| Problem::new(Code::FieldInvalid).detail("The part of the address after `?` cannot be read.");
        Query::from_request_parts(parts, state).await.map(|Query(pairs)| Self(pairs)).map_err(unreadable)
    }
}

impl Params {
    /// A parameter's text; an empty one counts as absent.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let place = self.0.iter().position(|(known, _)| known == name)?;
        let (_, text) = self.0.remove(place);
        (!text.is_empty()).then_some(text)
    }

    /// How many rows are wanted.
    pub(crate) fn limit(&mut self, usual: usize) -> Result<usize, Problem> {
        let Some(text) = self.text("limit") else { return Ok(usual) };
        let limit = text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
        limit.ok_or_else(|| Problem::new(Code::FieldInvalid).detail(format!("`limit` must be a number from 1 to {MOST}.")).field("limit"))
    }

    /// Where the page before ended.
    pub(crate) fn after<T: std::str::FromStr>(&mut self) -> Result<Option<T>, Problem> {
        self.text("after").map(|text| text.parse().map_err(|_| Code::CursorInvalid.into())).transpose()
    }

    /// Ends the reading; a parameter nobody asked for is an error.
    pub(crate) fn done(self) -> Result<(), Problem> {
        let Some((name, _)) = self.0.first() else { return Ok(()) };
        let shown: String = name.chars().filter(|one| !one.is_control()).take(64).collect();
        Err(Problem::new(Code::FieldUnknown).detail(format!("There is no parameter `{shown}` here, or it is there twice.")))
    }
}
