//! Reading a request's body: its type, its size before and after unpacking, the time it may take, its JSON, its fields.

use crate::hall::Hall;
use crate::json::{self, Fields};
use crate::problem::{Code, Problem};
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use flate2::read::MultiGzDecoder;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::io::Read;

/// The largest body read, packed and unpacked, in bytes.
pub(crate) const LARGEST: usize = 1 << 20;

/// What a request's object is read into, field by field.
pub(crate) trait FromFields: Sized {
    /// May the body be left out altogether?
    const MAY_BE_EMPTY: bool = false;

    /// Takes its fields out.
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem>;
}

/// Nothing is sent along.
pub(crate) struct Nothing;

impl FromFields for Nothing {
    const MAY_BE_EMPTY: bool = true;

    fn from_fields(_fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self)
    }
}

/// The body of a request, read strictly.
pub(crate) struct Strict<T>(pub(crate) T);

impl<T: FromFields> FromRequest<Hall> for Strict<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, hall: &Hall) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let kind = Kind::of(&parts.headers)?;
        let read = tokio::time::timeout(hall.limits().body_within, collect(&parts.headers, body));
        let bytes = read.await.map_err(|_| Problem::new(Code::RequestTimeout))??;
        let bytes = if kind.packed { unpack(&bytes)? } else { bytes };
        if bytes.is_empty() && T::MAY_BE_EMPTY {
            return T::from_fields(&mut Fields::none()).map(Self);
        }
        if bytes.is_empty() {
            return Err(Code::BodyEmpty.into());
        }
        if !kind.json {
            return Err(unsupported("no `Content-Type`"));
        }
        let mut fields = Fields::of(json::read(&bytes)?)?;
        let value = T::from_fields(&mut fields)?;
        fields.done()?;
        Ok(Self(value))
    }
}

/// What the headers say the body is.
struct Kind {
    json: bool,
    packed: bool,
}

impl Kind {
    fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?").trim().to_ascii_lowercase());
        let packed = match text(header::CONTENT_ENCODING).as_deref() {
            None | Some("" | "identity") => false,
            Some("gzip" | "x-gzip") => true,
            Some(other) => return Err(unsupported(&format!("`Content-Encoding: {}`", shown(other)))),
        };
        let json = match text(header::CONTENT_TYPE) {
            None => false,
            Some(kind) if is_json(&kind) => true,
            Some(other) => return Err(unsupported(&format!("`Content-Type: {}`", shown(&other)))),
        };
        Ok(Self { json, packed })
    }
}

fn is_json(kind: &str) -> bool {
    let mut parts = kind.split(';').map(str::trim);
    let utf8 = |parameter: &str| !parameter.starts_with("charset=") || matches!(parameter, "charset=utf-8" | "charset=\"utf-8\"");
    parts.next() == Some("application/json") && parts.all(utf8)
}

fn unsupported(what: &str) -> Problem {
    Problem::new(Code::ContentTypeUnsupported).detail(format!("The request has {what}. {}", Code::ContentTypeUnsupported.help()))
}

/// What a stranger sent, short enough to be said back.
fn shown(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(64).collect()
}

/// The body as it came. A length that is too large is refused before anything is read.
async fn collect(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > LARGEST as u64) {
        return Err(Code::BodyTooLarge.into());
    }
    match Limited::new(body, LARGEST).collect().await {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Code::BodyTooLarge.into()),
        Err(error) => Err(Problem::new(Code::BodyIncomplete).reason(error.to_string())),
    }
}

/// Unpacks gzip, never further than the limit.
fn unpack(packed: &[u8]) -> Result<Bytes, Problem> {
    let mut out = Vec::new();
    MultiGzDecoder::new(packed)
        .take(LARGEST as u64 + 1)
        .read_to_end(&mut out)
        .map_err(|_| Problem::new(Code::JsonInvalid).detail("The body is marked as gzip but cannot be unpacked."))?;
    if out.len() > LARGEST { Err(Code::BodyTooLargeDecompressed.into()) } else { Ok(out.into()) }
}
