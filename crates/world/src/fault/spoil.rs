//! Healthy answers made unhealthy: cut, endless, with a field of another type or none.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures::stream;
use hyper::StatusCode;
use serde_json::{Map, Value};

use crate::request::{json_response, with_type};

/// What happens to a field.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    Type,
    Absence,
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

/// The same JSON with `field` changed wherever it stands, or the record's first field where none is named.
pub(super) async fn change_field(response: Response, field: Option<&str>, change: Change) -> Response {
    let status = response.status();
    let bytes = bytes_of(response).await;
    let Ok(mut answer) = serde_json::from_slice::<Value>(&bytes) else {
        return with_type(status, "application/json", bytes);
    };
    match field {
        Some(field) => everywhere(&mut answer, field, change),
        None => {
            if let Some(record) = record_in(&mut answer)
                && let Some(first) = record.keys().next().cloned()
            {
                apply(record, &first, change);
            }
        }
    }
    json_response(status, &answer)
}

/// The record inside an envelope such as `{"result": {…}}`, or the answer itself.
fn record_in(answer: &mut Value) -> Option<&mut Map<String, Value>> {
    let is_envelope = answer.as_object().is_some_and(|map| map.len() == 1 && map.values().all(Value::is_object));
    let map = answer.as_object_mut()?;
    if is_envelope { map.values_mut().next()?.as_object_mut() } else { Some(map) }
}

fn everywhere(value: &mut Value, field: &str, change: Change) {
    match value {
        Value::Object(map) => {
            apply(map, field, change);
            map.values_mut().for_each(|inner| everywhere(inner, field, change));
        }
        Value::Array(items) => items.iter_mut().for_each(|inner| everywhere(inner, field, change)),
        _ => {}
    }
}

fn apply(map: &mut Map<String, Value>, field: &str, change: Change) {
    match change {
        Change::Absence => {
            map.remove(field);
        }
        Change::Type => {
            if let Some(value) = map.get_mut(field) {
                *value = other_type(value.take());
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

/// The whole body. It was made in this process, so it is complete and small.
async fn bytes_of(response: Response) -> Bytes {
    axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap_or_default()
}
