//! Answers in JSON whose texts are fit to be shown.

use crate::message;
use crate::problem::{Code, Problem};
use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A JSON answer. Control characters in its texts are shown as U+FFFD; the log keeps them.
pub(crate) struct Shown<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for Shown<T> {
    fn into_response(self) -> Response {
        match serde_json::to_value(self.0) {
            Ok(mut value) => {
                message::show(&mut value);
                Json(value).into_response()
            }
            Err(error) => Problem::new(Code::Internal).reason(format!("an answer does not serialise: {error}")).into_response(),
        }
    }
}
