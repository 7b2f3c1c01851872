//! Strings of JSON: escapes, and surrogates that must come in pairs.

use super::Fault;
use super::reader::Cursor;
use crate::problem::Code;

/// Reads the string whose opening quote is next.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<String, Fault> {
    let mut out = String::new();
    cursor.at += 1;
    loop {
        let rest = &cursor.text[cursor.at..];
        let plain = rest.find(|c: char| c == '"' || c == '\\' || c < ' ').unwrap_or(rest.len());
        out.push_str(&rest[..plain]);
        cursor.at += plain;
        match cursor.peek() {
            Some(b'"') => {
                cursor.at += 1;
                return Ok(out);
            }
            Some(b'\\') => out.push(escape(cursor)?),
            _ => return Err(cursor.fault("A control character stands unescaped in a text")),
        }
    }
}

/// Reads the escape whose backslash is next.
fn escape(cursor: &mut Cursor<'_>) -> Result<char, Fault> {
    let start = cursor.at;
    cursor.at += 1;
    let letter = cursor.peek();
    let plain = match letter {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => {
            cursor.at += 1;
            return unicode(cursor, start);
        }
        _ => return Err(cursor.fault("There is no such escape")),
    };
    cursor.at += 1;
    Ok(plain)
}

/// Reads what follows `\u`: four digits, or two times four for what needs a pair.
fn unicode(cursor: &mut Cursor<'_>, start: usize) -> Result<char, Fault> {
    let lone = || Fault { code: Code::TextNotUtf8, at: start, what: "Half of a surrogate pair stands alone".to_owned() };
    let first = four(cursor)?;
    if !(0xD800..0xE000).contains(&first) {
        return char::from_u32(first).ok_or_else(lone);
    }
    if first >= 0xDC00 || !cursor.text[cursor.at..].starts_with("\\u") {
        return Err(lone());
    }
    cursor.at += 2;
    let second = four(cursor)?;
    if !(0xDC00..0xE000).contains(&second) {
        return Err(lone());
    }
    char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)).ok_or_else(lone)
}

fn four(cursor: &mut Cursor<'_>) -> Result<u32, Fault> {
    let mut value = 0;
    for _ in 0..4 {
        let digit = cursor.peek().and_then(|byte| char::from(byte).to_digit(16));
        value = value << 4 | digit.ok_or_else(|| cursor.fault("Expected four hexadecimal digits"))?;
        cursor.at += 1;
    }
    Ok(value)
}
