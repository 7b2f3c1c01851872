//! Where faults strike: around the healthy handling of one call.

use std::time::Duration;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use hyper::{StatusCode, header};

use super::spoil::{self, Change};
use super::{FaultKind, Garbage};
use crate::refusal::Refusal;
use crate::request::with_type;
use crate::serve::Dropped;
use crate::view::View;

/// Lets `struck` happen around `handle`. What strikes before wins over what strikes after.
pub(crate) async fn with_faults<F: Future<Output = Response>>(
    struck: Vec<FaultKind>,
    mut request: Request,
    handle: impl FnOnce(Request) -> F,
) -> Result<Response, Dropped> {
    for fault in &struck {
        if let Some(response) = before(fault, &mut request).await {
            return Ok(response);
        }
    }
    let mut response = handle(request).await;
    for fault in struck {
        response = after(fault, response).await?;
    }
    Ok(response)
}

/// What a fault does before the call is handled; an answer means that it never will be.
async fn before(fault: &FaultKind, request: &mut Request) -> Option<Response> {
    match fault {
        FaultKind::Delay { ms } => tokio::time::sleep(Duration::from_millis(*ms)).await,
        FaultKind::Hang => std::future::pending().await,
        FaultKind::StaleRead => {
            request.extensions_mut().insert(View::Before);
        }
        FaultKind::ForeignRecord => {
            request.extensions_mut().insert(View::Stranger);
        }
        FaultKind::Error { status, .. } => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let message = "this service is out of order".to_owned();
            return Some(Refusal { status, code: "unavailable", message }.into_response());
        }
        FaultKind::RateLimited { retry_after_s } => {
            let (status, message) = (StatusCode::TOO_MANY_REQUESTS, "too many requests, come back later".to_owned());
            let mut response = Refusal { status, code: "rate_limited", message }.into_response();
            response.headers_mut().insert(header::RETRY_AFTER, (*retry_after_s).into());
            return Some(response);
        }
        FaultKind::Redirect { to } => {
            return Some((StatusCode::FOUND, [(header::LOCATION, to.clone())]).into_response());
        }
        FaultKind::CommitThenDrop
        | FaultKind::Garbage(_)
        | FaultKind::TooLarge { .. }
        | FaultKind::WrongType { .. }
        | FaultKind::MissingField { .. }
        | FaultKind::ChangedField { .. }
        | FaultKind::AsList => {}
    }
    None
}

/// What a fault makes of the answer once the call was handled.
async fn after(fault: FaultKind, response: Response) -> Result<Response, Dropped> {
    Ok(match fault {
        FaultKind::CommitThenDrop => return Err(Dropped),
        FaultKind::Garbage(Garbage::Html) => {
            let page = "<!doctype html><title>Error</title><h1>Something went wrong</h1><p>Please try again later.</p>";
            with_type(StatusCode::OK, "text/html; charset=utf-8", page)
        }
        FaultKind::Garbage(Garbage::CutJson) => spoil::cut(response).await,
        FaultKind::TooLarge { bytes } => spoil::endless(bytes),
        FaultKind::WrongType { field } => spoil::change_field(response, &field, &Change::Type).await,
        FaultKind::MissingField { field } => spoil::change_field(response, &field, &Change::Absence).await,
        FaultKind::ChangedField { field, value } => spoil::change_field(response, &field, &Change::To(value)).await,
        FaultKind::AsList => spoil::as_list(response).await,
        FaultKind::Delay { .. }
        | FaultKind::Error { .. }
        | FaultKind::RateLimited { .. }
        | FaultKind::StaleRead
        | FaultKind::Hang
        | FaultKind::Redirect { .. }
        | FaultKind::ForeignRecord => response,
    })
}
