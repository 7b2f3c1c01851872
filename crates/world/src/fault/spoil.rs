//! Healthy answers made unhealthy: cut, endless, with a field of another type or none.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures::stream;
use hyper::StatusCode;
use serde_json::{Map, Value};

use crate::request::{json_response, with_type};

/// What happens to a field.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Type,
    Absence,
    To(Value),
}

/// The same JSON up to its middle, with status 200.
pub(super) async fn cut(response: Response) -> Response {
    let bytes = bytes_of(response).await;
    let half = bytes.slice(..bytes.len() / 2);
    with_type(StatusCode::OK, "application/json", half)
}

/// A JSON string of about `bytes` that is streamed in pieces, without a length in the header.
pub(super) fn endless(bytes: u64) -> Response {
    const PIECE: &[u8] = &[b'x'; 16 * 1024];
    let pieces = bytes.div_ceil(PIECE.len() as u64);
    let body = (0..=pieces + 1).map(move |piece| match piece {
        0 => Bytes::from_static(b"{\"filler\":\""),
        _ if piece > pieces => Bytes::from_static(b"\"}"),
        _ => Bytes::from_static(PIECE),
    });
    let body = Body::from_stream(stream::iter(body.map(Ok::<_, Infallible>)));
    with_type(StatusCode::OK, "application/json", body)
}

/// The same JSON with `field` changed wherever it stands.
pub(super) async fn change_field(response: Response, field: &str, change: &Change) -> Response {
    let (status, mut answer) = json_of(response).await;
    everywhere(&mut answer, field, change);
    json_response(status, &answer)
}

/// The same JSON twice, in a list.
pub(super) async fn as_list(response: Response) -> Response {
    let (status, answer) = json_of(response).await;
    json_response(status, &[&answer, &answer])
}

fn everywhere(value: &mut Value, field: &str, change: &Change) {
    match value {
        Value::Object(map) => {
            apply(map, field, change);
            map.values_mut().for_each(|inner| everywhere(inner, field, change));
        }
        Value::Array(items) => items.iter_mut().for_each(|inner| everywhere(inner, field, change)),
        _ => {}
    }
}

fn apply(map: &mut Map<String, Value>, field: &str, change: &Change) {
    match change {
        Change::Absence => {
            map.remove(field);
        }
        Change::Type => {
            if let Some(value) = map.get_mut(field) {
                *value = other_type(value.take());
            }
        }
        Change::To(new) => {
            if let Some(value) = map.get_mut(field) {
                value.clone_from(new);
            }
        }
    }
}

/// Something of another JSON type that a careless reader might still accept.
fn other_type(value: Value) -> Value {
    match value {
        Value::String(text) => Value::Array(vec![Value::String(text)]),
        Value::Number(number) => Value::String(format!("about {number}")),
        Value::Bool(flag) => Value::String(flag.to_string()),
        Value::Null => Value::Bool(false),
        Value::Array(items) => Value::from(items.len()),
        Value::Object(_) => Value::String("[object Object]".to_owned()),
    }
}

/// Status and body; an empty body counts as null.
async fn json_of(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    (status, serde_json::from_slice(&bytes_of(response).await).unwrap_or_default())
}

/// The whole body. It was made in this process, so it is complete and small.
async fn bytes_of(response: Response) -> Bytes {
    axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap_or_default()
}
