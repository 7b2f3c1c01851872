//! The strict reader: what is read, and the code and place of everything that is not.

use super::read;
use crate::problem::Code;
use proptest::prelude::*;
use serde_json::{Value, json};

fn refused(bytes: impl AsRef<[u8]>) -> (Code, String) {
    let problem = read(bytes.as_ref()).unwrap_err();
    let body = serde_json::to_value(problem.body("", "")).unwrap();
    (problem.code(), body["detail"].as_str().unwrap().to_owned())
}

#[test]
fn json_is_read_as_it_stands() {
    let text = r#" {"text": "a\u00e9\ud83d\ude00\n\/", "list": [1, -0.50, 1E+2, true, false, null, {}, []], "": {"a": "\u0000"}} "#;
    let value = read(text.as_bytes()).unwrap();
    assert_eq!(value["text"], json!("aé😀\n/"));
    assert_eq!(value["list"][1].to_string(), "-0.50", "numbers keep their spelling");
    assert_eq!(value[""]["a"], json!("\u{0}"));
    assert_eq!(value, serde_json::from_str::<Value>(text).unwrap());
}

#[test]
fn what_is_not_json_is_placed_by_line_and_column() {
    for (text, place) in [
        ("{", "line 1, column 2"),
        ("{\"text\": \"hel", "line 1, column 14"),
        ("{\n  \"é\": tru\n}", "line 2, column 8"),
        ("{\"a\":1,}", "line 1, column 8"),
        ("[1 2]", "line 1, column 4"),
        ("{} x", "line 1, column 4"),
        ("{'a':1}", "line 1, column 2"),
        ("[01]", "line 1, column 3"),
        ("[1.]", "line 1, column 4"),
        ("[+1]", "line 1, column 2"),
        ("[\"\\x\"]", "line 1, column 4"),
        ("[\"\t\"]", "line 1, column 3"),
        ("\u{feff}{}", "line 1, column 1"),
        (" ", "line 1, column 2"),
    ] {
        let (code, detail) = refused(text);
        assert_eq!(code, Code::JsonInvalid, "{text}");
        assert!(detail.contains(place), "{text}: {detail}");
    }
}

#[test]
fn ambiguity_is_refused() {
    assert_eq!(refused(r#"{"a": 1, "\u0061": 2}"#).0, Code::JsonDuplicateKey);
    assert_eq!(refused(r#"{"x": {"id": 1, "id": 1}}"#).0, Code::JsonDuplicateKey);
    for number in ["1e400", "-1e400", "NaN", "Infinity", "-Infinity", &"9".repeat(400)] {
        assert_eq!(refused(format!("[{number}]")).0, Code::NumberOutOfRange, "{number}");
    }
    for half in [r#""\ud800""#, r#""\udc00""#, r#""\ud800\ud800""#, r#""\ud800x""#, r#""\ud800\n""#] {
        assert_eq!(refused(half).0, Code::TextNotUtf8, "{half}");
    }
    for bytes in [&b"\"\xff\""[..], b"\"\xc0\xaf\"", b"\"\xed\xa0\x80\""] {
        assert_eq!(refused(bytes).0, Code::TextNotUtf8);
    }
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(nested(64).as_bytes()).is_ok());
    assert_eq!(refused(nested(65)).0, Code::JsonTooDeep);
    assert_eq!(refused("[".repeat(10_000)).0, Code::JsonTooDeep);
    assert_eq!(refused("{\"a\":".repeat(10_000)).0, Code::JsonTooDeep);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_is_written_is_read_back(value in any_json()) {
        prop_assert_eq!(read(value.to_string().as_bytes()).unwrap(), value);
    }

    #[test]
    fn no_bytes_make_it_panic_and_nothing_else_accepts_less(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        if read(&bytes).is_ok() {
            prop_assert!(serde_json::from_slice::<Value>(&bytes).is_ok());
        }
    }

    #[test]
    fn no_json_like_text_makes_it_panic(text in r#"[\[\]{}:,"\\u0-9aedntrfl.\-+ ]{0,40}"#) {
        if let Ok(value) = read(text.as_bytes()) {
            prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }
    }
}
