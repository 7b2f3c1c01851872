//! Backends: what they speak, how we prove ourselves, how hard we may lean on them.

use crate::shape::{COUNT, DURATION, FILE, JSON_PATH, RATE, Record, SECRET, SIZE, Shape, TEXT, TEXTS, URL, may, must, not_yet, or, record};

/// A backend.
pub(super) static BACKEND: Shape = Shape::ByKind(&[
    ("openapi", &Shape::Record(&OPENAPI)),
    ("graphql", &Shape::NotYet),
    ("sql", &Shape::NotYet),
    ("mcp", &Shape::NotYet),
    ("http", &Shape::NotYet),
]);

static OPENAPI: Record = record(
    "an openapi backend",
    &[
        must("spec", &FILE, "The OpenAPI document (3.0 or 3.1, JSON or YAML)."),
        may("base_url", &URL, "Where the service is; the document's first server when left out."),
        may("auth", &Shape::Either(&[&AUTH, &Shape::List(&AUTH)]), "How we prove ourselves: one way, or a list of several at once."),
        may("root", &JSON_PATH, "Where the useful part of every answer stands; the whole body when left out."),
        or("limits", &Shape::Record(&LIMITS), "{}", "How hard we may lean on it."),
        not_yet("events"),
    ],
);

static LIMITS: Record = record(
    "limits",
    &[
        or("timeout", &DURATION, "2s", "The longest one call may take, retries included."),
        or("concurrency", &COUNT, "20", "Calls at the same time."),
        may("rate", &RATE, "Calls per second; unlimited when left out."),
        or("answer", &SIZE, "1MiB", "The largest answer that is read."),
    ],
);

static AUTH: Shape = Shape::ByKind(&[
    ("api_key", &Shape::Record(&API_KEY)),
    ("basic", &Shape::Record(&BASIC)),
    ("bearer", &Shape::Record(&BEARER)),
    ("oauth2_client_credentials", &Shape::Record(&CLIENT_CREDENTIALS)),
    ("jwt", &Shape::Record(&JWT)),
    ("mtls", &Shape::NotYet),
]);

static API_KEY: Record = record(
    "an api key",
    &[
        may("header", &TEXT, "The header that carries the key."),
        may("query", &TEXT, "The query parameter that carries the key, instead of a header."),
        or("prefix", &TEXT, "''", "What stands before the key, such as `Token `."),
        must("key", &SECRET, "The key."),
    ],
);

static BASIC: Record = record("basic authentication", &[must("user", &TEXT, "The user name."), must("password", &SECRET, "The password.")]);

static BEARER: Record = record("a bearer token", &[must("token", &SECRET, "The token.")]);

static CLIENT_CREDENTIALS: Record = record(
    "client credentials",
    &[
        must("token_url", &URL, "Where tokens are given."),
        must("client_id", &TEXT, "Our client id."),
        must("client_secret", &SECRET, "Our client secret."),
        or("scopes", &TEXTS, "[]", "What we ask for."),
    ],
);

static JWT: Record = record(
    "a token signed by us",
    &[
        must("secret", &SECRET, "The signing secret (HS256)."),
        must("issuer", &TEXT, "`iss`."),
        must("audience", &TEXT, "`aud`."),
        or("lifetime", &DURATION, "60s", "How long each token is valid."),
    ],
);
