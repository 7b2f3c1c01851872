//! The rules of a customer's message: how long, what counts as empty, which ids a client may give, how it is shown.

use crate::json::Fields;
use crate::problem::{Code, Problem};
use axum::http::HeaderMap;
use patchbay_core::id::FileId;
use serde_json::Value;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The longest message, in Unicode scalar values.
pub(crate) const LONGEST: usize = 8_000;
/// The longest id a client may give, and the longest value of a choice, in characters.
const LONGEST_ID: usize = 255;

/// Checks a message's text. It is kept exactly as it was written.
pub(crate) fn check_text(text: &str) -> Result<(), Problem> {
    let count = text.chars().count();
    if count > LONGEST {
        let detail = format!("The message has {count} characters; {LONGEST} are the most.");
        return Err(Problem::new(Code::MessageTooLong).detail(detail).field("/text"));
    }
    if text.chars().any(visible) { Ok(()) } else { Err(Problem::new(Code::MessageEmpty).field("/text")) }
}

/// The words of a message: only one with files may be without.
pub(crate) fn text_with(fields: &mut Fields, files: &[String]) -> Result<String, Problem> {
    if files.is_empty() { fields.needed_text("text") } else { Ok(fields.text("text")?.unwrap_or_default()) }
}

/// Checks a message's text beside its files: with them it may be empty.
pub(crate) fn check_text_with(text: &str, files: &[FileId]) -> Result<(), Problem> {
    if text.is_empty() && !files.is_empty() { Ok(()) } else { check_text(text) }
}

/// Checks the words of another field in the same way, such as a note's.
pub(crate) fn check_words(text: &str, field: &str) -> Result<(), Problem> {
    check_text(text).map_err(|problem| problem.field(format!("/{field}")))
}

/// Checks the value of a choice. Which values there are, the question said; here only its size matters.
pub(crate) fn check_picked(picked: Option<&str>) -> Result<(), Problem> {
    let count = picked.map_or(0, |value| value.chars().count());
    if count <= LONGEST_ID {
        return Ok(());
    }
    let detail = format!("`picked` has {count} characters; {LONGEST_ID} are the most.");
    Err(Problem::new(Code::FieldInvalid).detail(detail).field("/picked"))
}

/// Does this character leave a trace on the screen by itself?
fn visible(character: char) -> bool {
    // Fillers and blanks that Unicode files under letters, symbols and marks.
    const BLANK: [char; 7] = ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}', '\u{2800}', '\u{34f}', '\u{17b4}'];
    let selector = matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
    let category = character.general_category();
    let unseen = matches!(
        category,
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::SpaceSeparator
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::Unassigned
    );
    !(unseen || selector || BLANK.contains(&character))
}

/// The id the client gave the message, in the body or in `Idempotency-Key`; both must agree.
pub(crate) fn client_id(headers: &HeaderMap, body: Option<String>) -> Result<Option<String>, Problem> {
    let invalid = |detail: &str| Problem::new(Code::IdempotencyKeyInvalid).detail(detail);
    let mut sent = headers.get_all("idempotency-key").iter();
    let header = match sent.next() {
        Some(value) => Some(value.to_str().map_err(|_| invalid("`Idempotency-Key` must be visible ASCII."))?.to_owned()),
        None => None,
    };
    if sent.next().is_some() || matches!((&header, &body), (Some(header), Some(body)) if header != body) {
        return Err(invalid("The request gives two different ids: send one, in `id` or in `Idempotency-Key`."));
    }
    let Some(id) = body.or(header) else { return Ok(None) };
    let count = id.chars().count();
    if id.is_empty() || count > LONGEST_ID || id.chars().any(char::is_control) {
        return Err(invalid(&format!("The id has {count} characters; 1 to {LONGEST_ID} printable ones are allowed.")).field("/id"));
    }
    Ok(Some(id))
}

/// Makes every text in `value` fit to be shown: control characters become U+FFFD, so that nothing is cut short or hidden.
/// What is stored keeps them.
pub(crate) fn show(value: &mut Value) {
    match value {
        Value::String(text) if text.chars().any(unshowable) => {
            *text = text.chars().map(|character| if unshowable(character) { '\u{fffd}' } else { character }).collect();
        }
        Value::Array(list) => list.iter_mut().for_each(show),
        Value::Object(map) => map.values_mut().for_each(show),
        _ => {}
    }
}

fn unshowable(character: char) -> bool {
    character.is_control() && !matches!(character, '\n' | '\r' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_visible_characters_make_a_message() {
        for text in ["", " \n\t", "\u{200b}\u{200d}\u{feff}", "\u{3164}\u{2800}", "\u{0}\u{1}", "\u{e0041}", "\u{202e}", "\u{fe0f}"] {
            assert!(matches!(check_text(text), Err(problem) if problem.code() == Code::MessageEmpty), "{text:?}");
        }
        for text in ["?", " 1 ", "\u{1f468}\u{200d}\u{1f469}", "\u{202e}abc", "\u{0}a", "é"] {
            assert!(check_text(text).is_ok(), "{text:?}");
        }
    }

    #[test]
    fn length_counts_scalar_values_not_bytes_or_clusters() {
        let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}";
        assert!(check_text(&family.repeat(1_600)).is_ok());
        let over = check_text(&(family.repeat(1_600) + "x")).unwrap_err();
        assert_eq!(over.code(), Code::MessageTooLong);
        assert!(serde_json::to_string(&over.body("", "")).unwrap().contains("8001 characters"));
        assert!(check_text(&("a".to_owned() + &"\u{301}".repeat(10_000))).is_err());
    }

    #[test]
    fn control_characters_are_shown_and_nothing_else_changes() {
        let mut value = json!({ "text": "a\u{0}b\nc\u{9b}", "list": ["\u{202e}x"] });
        show(&mut value);
        assert_eq!(value, json!({ "text": "a\u{fffd}b\nc\u{fffd}", "list": ["\u{202e}x"] }));
    }
}
