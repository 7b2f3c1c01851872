//! `GET /v1/conversations/{conversation}/events`: the conversation live, as Server-Sent Events, resumed without a gap.

use super::path;
use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::who::Who;
use crate::wire::Told;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt};
use patchbay_core::Session;
use patchbay_service::{Public, Refused};
use std::convert::Infallible;
use std::time::Duration;

/// Follow a conversation
///
/// Events `message`, `part`, `progress`, `question`, `proposal`, `action`, `closed`, `cut`, `state`, `survey` and `rated`; the fields of each are the
/// schema of that name (`PartEvent` …). Ids are places in the conversation: after a reconnect send the last one as `Last-Event-ID`
/// (or `?after=`), and nothing is missed or doubled. The stream ends when the sign-in expires or the server goes down: reconnect.
#[utoipa::path(
    get,
    path = "/v1/conversations/{conversation}/events",
    operation_id = "follow_conversation",
    tag = "conversations",
    params(
        ("conversation" = String, Path, description = "The conversation"),
        ("after" = Option<u64>, Query, description = "Resume after this place; 0 or nothing is the beginning"),
        ("Last-Event-ID" = Option<String>, Header, description = "The same, as browsers send it; it counts before `after`")
    ),
    security(("visitor" = []), ("host" = [])),
    responses((status = 200, description = "The stream", body = String, content_type = "text/event-stream"), Refusals)
)]
pub(crate) async fn follow(
    State(hall): State<Hall>,
    Who(session): Who,
    Path(conversation): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let conversation = path::conversation(&conversation)?;
    let after = cursor(&headers, query.as_deref())?;
    // Errors inside a stream cannot become a status any more, so both questions are asked before it begins.
    if after > hall.service().conversation(&session, &conversation).await?.seq {
        return Err(Code::CursorInvalid.into());
    }
    let place = hall.stream_place()?;
    let over = ends(&hall, &session);
    let events = hall.service().events(session, conversation, after);
    let stream = told(hall.clone(), events).take_until(over).map(move |event| {
        let _held_while_the_stream_lives = &place;
        Ok::<_, Infallible>(event)
    });
    let alive = KeepAlive::new().interval(hall.limits().heartbeat).text("heartbeat");
    let mut response = Sse::new(stream).keep_alive(alive).into_response();
    // Proxies that collect answers before passing them on would hold the stream back.
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

/// Where to resume: the header a browser sends by itself, else the query.
fn cursor(headers: &HeaderMap, query: Option<&str>) -> Result<u64, Code> {
    let invalid = Code::CursorInvalid;
    let header = headers.get("last-event-id").map(|value| value.to_str().map_err(|_| invalid)).transpose()?;
    let query = query.unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("after="));
    match header.filter(|text| !text.is_empty()).or(query) {
        None | Some("") => Ok(0),
        // `parse` alone would take a sign.
        Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().map_err(|_| invalid),
        Some(_) => Err(invalid),
    }
}

/// Resolves when the stream must end: the proof behind it runs out, or we are going down.
fn ends(hall: &Hall, session: &Session) -> impl Future<Output = ()> + Send + use<> {
    let left = session.until.since(hall.now()).min(Duration::from_secs(24 * 3600));
    let closing = hall.closing().clone();
    async move {
        tokio::select! {
            () = closing.cancelled() => {}
            () = tokio::time::sleep(left) => {}
        }
    }
}

/// Public events as Server-Sent Events. One that cannot be read any more ends the stream; the client reconnects and learns why.
fn told(hall: Hall, events: impl Stream<Item = Result<Public, Refused>> + Send) -> impl Stream<Item = Event> + Send {
    events
        .take_while(|event| {
            let refused = event.as_ref().err();
            if let Some(refused) = refused {
                tracing::warn!(reason = %refused, "a live stream ended");
            }
            std::future::ready(refused.is_none())
        })
        .filter_map(|event| std::future::ready(event.ok()))
        .then(move |public| {
            let hall = hall.clone();
            async move {
                let name = match public.event.staff() {
                    // A name that cannot be read just now keeps nothing back.
                    Some(staff) => hall.staff().member(staff).await.ok().flatten().map(|member| member.name.clone()),
                    None => None,
                };
                (public, name.filter(|name| !name.is_empty()))
            }
        })
        .map(|(public, name)| {
            let told = Told::new(public, name);
            let event = Event::default().event(told.kind).data(told.data.to_string());
            match told.id {
                Some(id) => event.id(id.to_string()),
                None => event,
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_a_plain_number_from_the_header_or_the_query() {
        let header =
            |text: &'static str| HeaderMap::from_iter([(HeaderName::from_static("last-event-id"), HeaderValue::from_static(text))]);
        assert_eq!(cursor(&HeaderMap::new(), None), Ok(0));
        assert_eq!(cursor(&HeaderMap::new(), Some("x=1&after=12")), Ok(12));
        assert_eq!(cursor(&header("7"), Some("after=12")), Ok(7));
        assert_eq!(cursor(&header(""), Some("after=")), Ok(0));
        for bad in ["-1", "+1", "1.5", "abc", "99999999999999999999999", "1 "] {
            assert_eq!(cursor(&header(bad), None), Err(Code::CursorInvalid), "{bad}");
        }
    }
}
