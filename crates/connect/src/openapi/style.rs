//! How a value is written into a path, a query, a header or a form: the styles of the specification.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use std::borrow::Cow;

/// Everything but the unreserved characters of RFC 3986 is encoded, so that no value can leave its place.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How lists and objects are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `a,b` in paths and headers.
    Simple,
    /// `.a.b` in paths.
    Label,
    /// `;name=a` in paths.
    Matrix,
    /// `name=a&name=b`, or `name=a,b` when not exploded.
    Form,
    /// `name=a%20b`.
    SpaceDelimited,
    /// `name=a|b`.
    PipeDelimited,
    /// `name[key]=a`, to any depth; elements of lists by their number.
    DeepObject,
    /// JSON text.
    Json,
}

impl Style {
    /// Reads the word of the specification.
    pub(super) fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "simple" => Self::Simple,
            "label" => Self::Label,
            "matrix" => Self::Matrix,
            "form" => Self::Form,
            "spaceDelimited" => Self::SpaceDelimited,
            "pipeDelimited" => Self::PipeDelimited,
            "deepObject" => Self::DeepObject,
            _ => return None,
        })
    }
}

/// Percent-encodes one component.
pub(super) fn encode(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, RESERVED).into()
}

/// A value as plain text; what is nested is written as JSON.
pub(super) fn plain(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// A value inside a path, encoded.
pub(super) fn in_path(name: &str, value: &Value, style: Style, explode: bool) -> String {
    let (prefix, between) = match (style, explode) {
        (Style::Label, true) => (".".to_owned(), "."),
        (Style::Label, false) => (".".to_owned(), ","),
        (Style::Matrix, true) => (";".to_owned(), ";"),
        (Style::Matrix, false) => (format!(";{}=", encode(name)), ","),
        _ => (String::new(), ","),
    };
    let alone = matches!((style, explode), (Style::Matrix, true));
    let parts: Vec<String> = match value {
        Value::Array(list) if alone => list.iter().map(|one| format!("{}={}", encode(name), encode(&plain(one)))).collect(),
        Value::Array(list) => list.iter().map(|one| encode(&plain(one)).into_owned()).collect(),
        Value::Object(map) if explode => map.iter().map(|(key, one)| format!("{}={}", encode(key), encode(&plain(one)))).collect(),
        Value::Object(map) => map.iter().flat_map(|(key, one)| [encode(key).into_owned(), encode(&plain(one)).into_owned()]).collect(),
        one if alone => vec![format!("{}={}", encode(name), encode(&plain(one)))],
        one => vec![encode(&plain(one)).into_owned()],
    };
    prefix + &parts.join(between)
}

/// A value inside a header: simple style, not encoded.
pub(super) fn in_header(value: &Value, explode: bool) -> String {
    match value {
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(","),
        Value::Object(map) => {
            let between = if explode { '=' } else { ',' };
            map.iter().map(|(key, one)| format!("{key}{between}{}", plain(one))).collect::<Vec<_>>().join(",")
        }
        one => plain(one).into_owned(),
    }
}

/// A value inside a query, a form or a cookie: adds its `name=value` pairs, encoded.
pub(super) fn as_pairs(name: &str, value: &Value, style: Style, explode: bool, pairs: &mut Vec<String>) {
    let joined = |list: Vec<Cow<'_, str>>, between: &str| {
        let encoded: Vec<_> = list.iter().map(|one| encode(one).into_owned()).collect();
        format!("{}={}", encode(name), encoded.join(between))
    };
    let between = match style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        _ => ",",
    };
    match (style, value) {
        (Style::Json, value) => pairs.push(format!("{}={}", encode(name), encode(&value.to_string()))),
        (Style::DeepObject, value) => deep(name, value, pairs),
        (_, Value::Array(list)) if explode => list.iter().for_each(|one| pairs.push(joined(vec![plain(one)], ""))),
        (_, Value::Array(list)) => pairs.push(joined(list.iter().map(plain).collect(), between)),
        (_, Value::Object(map)) if explode => {
            pairs.extend(map.iter().map(|(key, one)| format!("{}={}", encode(key), encode(&plain(one)))));
        }
        (_, Value::Object(map)) => pairs.push(joined(map.iter().flat_map(|(key, one)| [Cow::from(key), plain(one)]).collect(), between)),
        (_, one) => pairs.push(joined(vec![plain(one)], "")),
    }
}

fn deep(name: &str, value: &Value, pairs: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, one)| deep(&format!("{name}[{key}]"), one, pairs)),
        Value::Array(list) => list.iter().enumerate().for_each(|(index, one)| deep(&format!("{name}[{index}]"), one, pairs)),
        one => pairs.push(format!("{}={}", encode(name), encode(&plain(one)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn query(value: &Value, style: Style, explode: bool) -> String {
        let mut pairs = Vec::new();
        as_pairs("color", value, style, explode, &mut pairs);
        pairs.join("&")
    }

    #[test]
    fn queries_follow_the_table_of_the_specification() {
        let (one, list, object) = (json!("blue"), json!(["blue", "black"]), json!({ "R": 100, "G": 200 }));
        assert_eq!(query(&one, Style::Form, true), "color=blue");
        assert_eq!(query(&list, Style::Form, true), "color=blue&color=black");
        assert_eq!(query(&list, Style::Form, false), "color=blue,black");
        assert_eq!(query(&list, Style::SpaceDelimited, false), "color=blue%20black");
        assert_eq!(query(&list, Style::PipeDelimited, false), "color=blue%7Cblack");
        assert_eq!(query(&object, Style::Form, true), "G=200&R=100");
        assert_eq!(query(&object, Style::Form, false), "color=G,200,R,100");
        assert_eq!(query(&object, Style::DeepObject, true), "color%5BG%5D=200&color%5BR%5D=100");
        let nested = json!({ "items": [{ "price": "p 1" }] });
        assert_eq!(query(&nested, Style::DeepObject, true), "color%5Bitems%5D%5B0%5D%5Bprice%5D=p%201");
        assert_eq!(query(&object, Style::Json, true), "color=%7B%22G%22%3A200%2C%22R%22%3A100%7D");
    }

    #[test]
    fn paths_and_headers_follow_it_too() {
        let (list, object) = (json!(["a", "b/c"]), json!({ "x": 1 }));
        assert_eq!(in_path("id", &json!("#W1"), Style::Simple, false), "%23W1");
        assert_eq!(in_path("id", &list, Style::Simple, false), "a,b%2Fc");
        assert_eq!(in_path("id", &list, Style::Label, true), ".a.b%2Fc");
        assert_eq!(in_path("id", &list, Style::Matrix, true), ";id=a;id=b%2Fc");
        assert_eq!(in_path("id", &list, Style::Matrix, false), ";id=a,b%2Fc");
        assert_eq!(in_path("id", &object, Style::Simple, true), "x=1");
        assert_eq!(in_path("id", &object, Style::Simple, false), "x,1");
        assert_eq!(in_header(&list, false), "a,b/c");
        assert_eq!(in_header(&object, true), "x=1");
    }
}
