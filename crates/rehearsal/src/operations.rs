//! From a request on the wire back to the operation of the backend's document and its arguments.

use crate::heard::Heard;
use patchbay_connect::Connectors;
use patchbay_connect::openapi::{BodyForm, Operation, Place};
use patchbay_core::declare::Company;
use percent_encoding::percent_decode_str;
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeMap;
use url::form_urlencoded;

/// The operations of all backends, each with the pattern of its path below the backend's address.
pub(crate) struct Operations(Vec<Known>);

struct Known {
    backend: String,
    operation: Operation,
    path: Regex,
    /// How much of the path is fixed: `/orders/latest` is rather itself than an order called `latest`.
    fixed: usize,
}

/// A request as it came in.
pub(crate) struct Incoming<'a> {
    pub(crate) method: &'a str,
    /// Still encoded.
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: &'a [u8],
}

impl Operations {
    /// Every operation the connectors know.
    pub(crate) fn of(company: &Company, connectors: &Connectors) -> Self {
        let known = company
            .backends
            .keys()
            .flat_map(|backend| connectors.operations(backend).into_iter().flatten().filter_map(|operation| Known::of(backend, operation)));
        let mut known: Vec<Known> = known.collect();
        known.sort_by_key(|known| std::cmp::Reverse(known.fixed));
        Self(known)
    }

    /// Every `backend.operation`.
    pub(crate) fn names(&self) -> Vec<String> {
        self.0.iter().map(Known::name).collect()
    }

    /// What a request is; `None` where no operation has such a path.
    pub(crate) fn read(&self, incoming: Incoming<'_>) -> Option<Heard> {
        let (known, captures) = self
            .0
            .iter()
            .filter(|known| known.operation.method == incoming.method)
            .find_map(|known| Some((known, known.path.captures(incoming.path)?)))?;
        let operation = &known.operation;
        let query: BTreeMap<_, _> = form_urlencoded::parse(incoming.query.as_bytes()).into_owned().collect();
        let body = body(operation, incoming.body);
        let mut in_path = operation.args.iter().filter(|arg| arg.place == Place::Path).map(|arg| arg.wire.as_str()).collect::<Vec<_>>();
        in_path.sort_by_key(|wire| operation.path.find(&format!("{{{wire}}}")));
        let mut args = BTreeMap::new();
        for arg in &operation.args {
            let value = match arg.place {
                Place::Path => {
                    in_path.iter().position(|wire| *wire == arg.wire).and_then(|n| captures.get(n + 1)).map(|text| decoded(text.as_str()))
                }
                Place::Query => query.get(&arg.wire).map(|text| Value::String(text.clone())),
                Place::Header => incoming.headers.get(&arg.wire.to_lowercase()).map(|text| Value::String(text.clone())),
                Place::Cookie => None,
                Place::Body if matches!(operation.body, BodyForm::Whole(_)) => body.clone(),
                Place::Body => body.as_ref().and_then(|body| body.get(&arg.wire)).cloned(),
            };
            args.extend(value.map(|value| (arg.name.clone(), value)));
        }
        Some(Heard { operation: known.name(), args, headers: incoming.headers })
    }
}

impl Known {
    fn of(backend: &str, operation: &Operation) -> Option<Self> {
        let whole = format!("/{backend}{}", operation.path);
        let mut pattern = String::from("^");
        let mut rest = whole.as_str();
        while let Some((fixed, after)) = rest.split_once('{') {
            pattern.push_str(&regex::escape(fixed));
            pattern.push_str("([^/]+)");
            rest = after.split_once('}')?.1;
        }
        pattern.push_str(&regex::escape(rest));
        pattern.push('$');
        let path = Regex::new(&pattern).ok()?;
        let fixed = whole.split('/').filter(|segment| !segment.contains('{')).count();
        Some(Self { backend: backend.to_owned(), operation: operation.clone(), path, fixed })
    }

    fn name(&self) -> String {
        format!("{}.{}", self.backend, self.operation.id)
    }
}

fn decoded(text: &str) -> Value {
    Value::String(percent_decode_str(text).decode_utf8_lossy().into_owned())
}

/// A request's body as JSON; a form as an object of texts.
fn body(operation: &Operation, bytes: &[u8]) -> Option<Value> {
    match operation.body {
        BodyForm::None => None,
        BodyForm::Json(_) | BodyForm::Whole(_) => serde_json::from_slice(bytes).ok(),
        BodyForm::Form => {
            let fields = form_urlencoded::parse(bytes).into_owned().map(|(name, value)| (name, Value::String(value)));
            Some(Value::Object(fields.collect()))
        }
    }
}
