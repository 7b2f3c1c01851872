//! The OpenAPI document of the staff's addresses, apart from the customers'.

use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::{Modify, OpenApi, openapi};

/// The parts of the document that belong to no single address.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Patchbay desk API",
        version = "1",
        description = "What the company's own people do: answer customers, look into traces. Every request but reads carries \
                       `Patchbay-Desk: 1` and comes from our own pages. Errors are `application/problem+json` with a stable `code`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "staff", description = "Signing in and out"),
        (name = "desk", description = "The queue and the conversations in it"),
        (name = "traces", description = "Every step of every answer"),
        (name = "insight", description = "What became of conversations")
    ),
    security(("staff" = [])),
    modifiers(&Cookie)
)]
pub(crate) struct Document;

/// How the staff prove who they are.
struct Cookie;

impl Modify for Cookie {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let cookie = ApiKeyValue::with_description("patchbay_staff", "The session, from a one-time link.");
        document.components.get_or_insert_default().add_security_scheme("staff", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}
