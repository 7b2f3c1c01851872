//! YAML as people would have written it: one file for each section, every text quoted.

/// A text that is that text in YAML, whatever it holds.
pub(crate) fn quoted(text: &str) -> String {
    // A JSON string is a YAML string.
    serde_json::Value::from(text).to_string()
}

/// A name as a key: quoted only where it must be.
pub(crate) fn key(name: &str) -> String {
    let plain = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    // YAML would read these as something else.
    let special = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&name.to_ascii_lowercase().as_str());
    if plain && !special { name.to_owned() } else { quoted(name) }
}

/// A list on one line.
pub(crate) fn list(texts: impl IntoIterator<Item = String>) -> String {
    let all: Vec<String> = texts.into_iter().collect();
    format!("[{}]", all.join(", "))
}

/// Lines of a comment.
pub(crate) fn comment(indent: &str, text: &str) -> String {
    text.lines().map(|line| format!("{indent}# {line}\n")).collect()
}
