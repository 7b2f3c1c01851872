//! The program itself and its host: addresses, signed tokens, channels.

use crate::shape::{COUNT, DURATION, FILE, LEVEL, Record, SECRET, Scalar, Shape, TEXT, TEXTS, URL, may, must, not_yet, or, record};

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
        or("idle", &Shape::Record(&IDLE), "{}", "How long a proof holds while the customer writes nothing."),
    ],
    rest: Some(&PROOF),
});

/// A way of proof with a name of the company's own.
static PROOF: Shape = Shape::ByKind(&[("lookup", &Shape::Record(&LOOKUP)), ("code", &Shape::NotYet)]);

static LOOKUP: Record = record(
    "a lookup",
    &[
        must("tool", &TEXT, "The tool with `access: lookup` that finds customers."),
        must("ask", &TEXTS, "Arguments of the tool that the customer is asked for, in this order."),
        must("customer", &TEXT, "The fact that holds the company's own customer id: `find_customer.customer_id`."),
        or("attempts", &COUNT, "5", "Tries without a match: so many in a conversation, and so many of a visitor in a day."),
        or("gives", &LEVEL, "contact", "The level it gives; knowledge proves no more than contact."),
    ],
);

static IDLE: Record = record("the idle times", &[or("contact", &DURATION, "15m", "For a customer proven by a lookup."), not_yet("strong")]);

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
