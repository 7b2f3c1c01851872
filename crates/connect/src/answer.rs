//! Reading answers: strict JSON with its decimals as text, the useful part of it, and the words of a refusal.

use serde_json::Value;
use serde_json_path::JsonPath;
use std::fmt;

/// The longest refusal passed on, in characters.
const WORDS: usize = 300;

/// Reads a body. An empty one is nothing; anything else must be JSON to its last byte, whatever its content type claims.
/// The parser refuses nesting deeper than 128.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, &'static str> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Null);
    }
    serde_json::from_slice(bytes).map_err(|error| match bytes.trim_ascii_start().first() {
        Some(b'<') => "html",
        _ if error.is_eof() => "cut",
        _ => "no json",
    })
}

/// Where the useful part of every answer stands.
#[derive(Debug, Clone)]
pub(crate) struct Root {
    path: JsonPath,
    text: String,
}

impl Root {
    /// Reads a JSONPath (RFC 9535).
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let path = JsonPath::parse(text).map_err(|error| format!("root '{text}' is no JSONPath: {error}"))?;
        Ok(Self { path, text: text.to_owned() })
    }

    /// The one node there; several nodes are a list; none is none.
    pub(crate) fn of(&self, body: &Value) -> Option<Value> {
        match self.path.query(body).all().as_slice() {
            [] => None,
            [one] => Some((*one).clone()),
            several => Some(several.iter().map(|one| (*one).clone()).collect()),
        }
    }
}

impl fmt::Display for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What a refusal says in words: a message in JSON at one of the usual places, or short plain text.
pub(crate) fn words(bytes: &[u8]) -> Option<String> {
    let text = match serde_json::from_slice::<Value>(bytes) {
        Ok(body) => in_json(&body, 4)?.to_owned(),
        Err(_) => std::str::from_utf8(bytes).ok().filter(|text| !text.contains('<'))?.to_owned(),
    };
    let clean: String =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    (!clean.is_empty() && clean.chars().count() <= WORDS).then_some(clean)
}

/// The usual places, most telling first: an `error` may be a mere code beside a `message`.
const PLACES: [&str; 9] = ["message", "detail", "error_description", "error", "errors", "title", "reason", "description", "result"];

fn in_json(body: &Value, depth: usize) -> Option<&str> {
    let depth = depth.checked_sub(1)?;
    match body {
        Value::String(text) => Some(text),
        Value::Array(list) => in_json(list.first()?, depth),
        Value::Object(map) => PLACES.iter().find_map(|place| in_json(map.get(*place)?, depth)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_is_read_strictly_and_decimals_keep_their_text() {
        assert_eq!(read(br#"{"price": 59.90}"#).unwrap()["price"].to_string(), "59.90");
        assert_eq!(read(b" \r\n"), Ok(Value::Null));
        assert_eq!(read(b"<html>oops</html>"), Err("html"));
        assert_eq!(read(br#"{"id": "1"#), Err("cut"));
        assert_eq!(read(br#"{"id": 1} x"#), Err("no json"));
        assert_eq!(read(br#"{"id": NaN}"#), Err("no json"));
        assert!(read("[".repeat(200).as_bytes()).is_err());
    }

    #[test]
    fn the_words_of_a_refusal_are_found_where_backends_put_them() {
        let cases = [
            (r#"{"message": "Too late."}"#, Some("Too late.")),
            (r#"{"error": {"code": "x", "message": "Too late."}}"#, Some("Too late.")),
            (r#"{"error": "too_late", "error_description": "Too late."}"#, Some("Too late.")),
            (r#"{"type": "about:blank", "title": "Conflict", "detail": "Too  late.\n"}"#, Some("Too late.")),
            (r#"{"errors": [{"message": "Too late."}]}"#, Some("Too late.")),
            (r#"{"result": "Error: too late"}"#, Some("Error: too late")),
            ("Too late.", Some("Too late.")),
            ("<h1>Too late.</h1>", None),
            (r#"{"code": 7}"#, None),
            ("", None),
        ];
        for (body, expected) in cases {
            assert_eq!(words(body.as_bytes()).as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn the_root_picks_the_useful_part() {
        let body = json!({ "result": { "id": 1 }, "list": [1, 2] });
        assert_eq!(Root::parse("$.result").unwrap().of(&body), Some(json!({ "id": 1 })));
        assert_eq!(Root::parse("$.list[*]").unwrap().of(&body), Some(json!([1, 2])));
        assert_eq!(Root::parse("$.other").unwrap().of(&body), None);
        assert!(Root::parse("result").is_err());
    }
}
