//! The program itself and its host: addresses, signed tokens, channels.

use crate::shape::{DURATION, FILE, LEVEL, Record, SECRET, Scalar, Shape, TEXT, TEXTS, URL, may, must, not_yet, or, record};

/// Where the program listens and keeps its data.
pub(super) static SERVER: Shape = Shape::Record(&record(
    "the section server",
    &[
        or("listen", &TEXT, "localhost:8787", "Address and port to listen on."),
        or("public_url", &URL, "http://localhost:8787", "How the world reaches this server."),
        or("data", &FILE, "patchbay-data", "The folder that holds the log."),
        not_yet("database"),
    ],
));

/// How customers prove who they are. Names of the company's own are for lookups and codes.
pub(super) static IDENTITY: Shape = Shape::Record(&Record {
    what: "the section identity",
    keys: &[
        may("host", &Shape::ByKind(&[("jwt", &Shape::Record(&HOST_TOKEN))]), "The signed token of the page that hosts the widget."),
        not_yet("totp"),
        not_yet("passkey"),
        not_yet("idle"),
    ],
    rest: Some(&Shape::NotYet),
});

static HOST_TOKEN: Record = record(
    "a host token",
    &[
        may("keys", &TEXT, "Where the public keys are: the URL of a JWKS, or a JWKS or PEM document read with ${file:…}."),
        may("secret", &SECRET, "The shared secret (HS256), instead of keys."),
        must("audience", &TEXT, "The expected `aud`."),
        may("issuer", &TEXT, "The expected `iss`; not checked when left out."),
        or("max_age", &DURATION, "12h", "The longest a token is believed after it was issued."),
        or("customer", &Shape::Leaf(Scalar::JsonPath), "$.sub", "The claim that holds the company's own customer id."),
        or("gives", &LEVEL, "identified", "The level it gives."),
    ],
);

/// Where customers come in.
pub(super) static CHANNEL: Shape = Shape::ByKind(&[
    ("widget", &Shape::Record(&WIDGET)),
    ("email", &Shape::NotYet),
    ("form", &Shape::NotYet),
    ("voice", &Shape::NotYet),
    ("webhook", &Shape::NotYet),
]);

static WIDGET: Record = record(
    "a widget",
    &[must("origins", &TEXTS, "The origins of the pages that may embed it."), not_yet("consent"), not_yet("human_button")],
);
