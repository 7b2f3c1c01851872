//! Whatever a value is, it stays in its place.

use crate::openapi::{Document, Operation};
use patchbay_dial::Url;
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn operation() -> Operation {
    let document = json!({ "openapi": "3.1.0", "paths": { "/a/{id}/b{kind}": { "get": {
        "operationId": "a",
        "parameters": [{ "name": "q", "in": "query" }, { "name": "c", "in": "cookie" }, { "name": "X-H", "in": "header" }]
    } } } });
    Document::read(document.to_string().as_bytes()).unwrap().operations.remove("a").unwrap()
}

fn args(pairs: &[(&str, &str)]) -> BTreeMap<String, Value> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect()
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

proptest! {
    #[test]
    fn values_cannot_leave_the_path_or_the_query(id in "\\PC{0,12}|[./%\\\\?#;@:]{1,6}", q in "\\PC{0,12}|[&=#?+%]{1,6}") {
        let base = Url::parse("https://shop.example/api/").unwrap();
        let prepared = operation().prepare(&base, &args(&[("id", &id), ("kind", "x"), ("q", &q)]));
        prop_assert_eq!(prepared.is_err(), matches!(id.as_str(), "" | "." | ".."));
        if let Ok(request) = prepared {
            prop_assert_eq!(request.url.origin(), base.origin());
            let segments: Vec<_> = request.url.path_segments().unwrap().map(decoded).collect();
            prop_assert_eq!(segments, ["api", "a", id.as_str(), "bx"]);
            let query: Vec<_> = request.url.query_pairs().into_owned().collect();
            prop_assert_eq!(query, [("q".to_owned(), q)]);
            prop_assert_eq!(request.url.fragment(), None);
        }
    }

    #[test]
    fn values_cannot_leave_a_header_or_a_cookie(text in "[ -~\\r\\n\\t;=,]{0,20}") {
        let base = Url::parse("https://shop.example/").unwrap();
        let prepared = operation().prepare(&base, &args(&[("id", "1"), ("kind", "x"), ("c", &text), ("X-H", &text)]));
        if let Ok(request) = prepared {
            prop_assert_eq!(request.headers.len(), 2);
            prop_assert_eq!(request.headers["x-h"].as_bytes(), text.as_bytes());
            let cookie = request.headers["cookie"].to_str().unwrap().strip_prefix("c=").unwrap().to_owned();
            prop_assert!(!cookie.contains([';', ' ', '=']));
            prop_assert_eq!(decoded(&cookie), text);
        } else {
            prop_assert!(text.contains(['\r', '\n']));
        }
    }
}
