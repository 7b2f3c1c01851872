//! Our own OpenAPI 3.1 document: what every address of the API has in common; the rest stands at each handler.

use crate::problem::ProblemBody;
use crate::wire;
use axum::body::Bytes;
use axum::http::header;
use axum::response::IntoResponse;
use std::collections::BTreeMap;
use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ContentBuilder, RefOr, Response, ResponseBuilder, ResponsesBuilder, Schema};
use utoipa::{IntoResponses, Modify, OpenApi, PartialSchema, ToSchema, openapi};

/// The parts of the document that belong to no single address.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Patchbay customer API",
        version = "1",
        description = "Talk to a company's support as its customer: widget, app or program. Errors are `application/problem+json` \
                       with a stable `code`. Send `Patchbay-Version: 1` to be told when this version is gone.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "sessions", description = "Who the browser is"),
        (name = "conversations", description = "Conversations and their live streams"),
        (name = "messages", description = "What is said, and what comes back"),
        (name = "files", description = "Files sent along with messages"),
        (name = "actions", description = "Deciding about proposed writes"),
        (name = "knowledge", description = "What the company has written down"),
        (name = "operations", description = "Signs of life")
    ),
    components(schemas(
        wire::MessageEvent,
        wire::PartEvent,
        wire::ProgressEvent,
        wire::QuestionEvent,
        wire::ProposalEvent,
        wire::ActionEvent,
        wire::ClosedEvent,
        wire::CutEvent,
        wire::EndedEvent,
        wire::StateEvent,
        wire::RatedEvent,
        wire::SurveyEvent
    )),
    modifiers(&Keys)
)]
pub(crate) struct Document;

/// How callers prove who they are.
struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let visitor = ApiKeyValue::with_description("Patchbay-Visitor", "A browser's pass, from `POST /v1/sessions`.");
        components.add_security_scheme("visitor", SecurityScheme::ApiKey(ApiKey::Header(visitor)));
        let mut host = Http::new(HttpAuthScheme::Bearer);
        host.bearer_format = Some("JWT".to_owned());
        host.description = Some("The token the company's own page signs for a customer who is logged in there.".to_owned());
        components.add_security_scheme("host", SecurityScheme::Http(host));
    }
}

/// What callers send: a field that is not listed is refused.
const STRICT: &[&str] = &[
    "NewConversation",
    "NewMessage",
    "Decision",
    "Start",
    "Here",
    "Availability",
    "NewReply",
    "NewNote",
    "Snooze",
    "HandBack",
    "PassOn",
    "Look",
    "FillIn",
    "NewAction",
    "Verdict",
    "Approving",
    "FoundOut",
];

/// The errors any address may answer with.
pub(crate) struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let problem = |description: &str| {
            let content = ContentBuilder::new().schema(Some(openapi::Ref::from_schema_name(ProblemBody::name()))).build();
            ResponseBuilder::new().description(description).content("application/problem+json", content).build()
        };
        ResponsesBuilder::new()
            .response("4XX", problem("Not accepted; `code` says why"))
            .response("5XX", problem("We cannot just now; `Retry-After` says when to come back"))
            .build()
            .into()
    }
}

/// The document as it is served: made once, when the table of addresses is.
pub(crate) fn finish(mut document: openapi::OpenApi, public_url: &str) -> Bytes {
    let components = document.components.get_or_insert_default();
    components.schemas.insert(ProblemBody::name().into_owned(), ProblemBody::schema());
    let mut nested = Vec::new();
    ProblemBody::schemas(&mut nested);
    components.schemas.extend(nested);
    for name in STRICT {
        if let Some(RefOr::T(Schema::Object(object))) = components.schemas.get_mut(*name) {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        }
    }
    document.servers = Some(vec![openapi::Server::new(public_url)]);
    document.to_pretty_json().unwrap_or_default().into()
}

/// Serves the document.
pub(crate) fn serve(document: Bytes) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], document)
}
