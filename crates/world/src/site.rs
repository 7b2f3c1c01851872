//! One service on its port: faults first, then the document for everybody, then the door, then the routes.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use hyper::{Method, StatusCode, header};
use serde_json::{Value, json};
use tower::Service;

use crate::clock::Clock;
use crate::door::Door;
use crate::fault::{Call, FaultList, with_faults};
use crate::refusal::Refusal;
use crate::request::{json_response, with_type};
use crate::serve::{Answer, Dropped};

/// How a service words a refusal: the body of the answer.
pub(crate) type Dialect = fn(&Refusal) -> Value;

/// A service with everything around it.
pub(crate) struct Site {
    pub(crate) service: &'static str,
    /// Where the document stands, such as `/openapi.json`.
    pub(crate) document_path: &'static str,
    pub(crate) document: Bytes,
    pub(crate) door: Door,
    /// A path of `routes` that is open to all: a token endpoint.
    pub(crate) open_path: Option<&'static str>,
    pub(crate) routes: Router,
    pub(crate) dialect: Dialect,
    pub(crate) clock: Clock,
    pub(crate) faults: Arc<FaultList>,
}

impl Answer for Site {
    async fn answer(&self, request: Request) -> Result<Response, Dropped> {
        if self.faults.is_empty() {
            return Ok(self.worded(self.handle(request).await));
        }
        let path = request.uri().path();
        let struck = self.faults.strike(Call {
            service: self.service,
            method: request.method(),
            path,
            spared: path == self.document_path || self.open_path == Some(path),
        });
        Ok(self.worded(with_faults(struck, request, |request| self.handle(request)).await?))
    }
}

impl Site {
    async fn handle(&self, mut request: Request) -> Response {
        let path = request.uri().path();
        if path == self.document_path && request.method() == Method::GET {
            return with_type(StatusCode::OK, "application/json", self.document.clone());
        }
        if self.open_path != Some(path) {
            match self.door.admit(request.method(), request.headers(), self.clock.now()) {
                Ok(caller) => request.extensions_mut().insert(caller),
                Err(refusal) => return refusal.into_response(),
            };
        }
        let Ok(response) = self.routes.clone().call(request).await;
        response
    }

    /// A refusal in the words of this service; everything else as it is. What a 429 says in its headers stays.
    fn worded(&self, mut response: Response) -> Response {
        if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
            let words = json_response(refusal.status, &(self.dialect)(&refusal));
            *response.body_mut() = words.into_body();
            response.headers_mut().remove(header::CONTENT_LENGTH);
        }
        response
    }
}

/// `document` with the address it is really served at.
pub(crate) fn addressed(mut document: Value, url: &str) -> Bytes {
    document["servers"] = json!([{ "url": url }]);
    document.to_string().into()
}
