//! The pages that the `type` of a problem leads to: one for each code, and a list of all.

use crate::problem::Code;
use axum::extract::Path;
use axum::response::Html;
use std::fmt::Write as _;

/// All codes.
pub(crate) async fn list() -> Html<String> {
    let mut rows = String::new();
    for code in Code::ALL {
        let (word, status, title) = (code.as_str(), code.status().as_u16(), code.title());
        let _ = writeln!(rows, "<li><a href=\"/problems/{word}\"><code>{word}</code></a> ({status}): {title}</li>");
    }
    page("Error codes", &format!("<p>Every error of this API carries one of these codes.</p>\n<ul>\n{rows}</ul>"))
}

/// One code.
pub(crate) async fn one(Path(word): Path<String>) -> Result<Html<String>, Code> {
    let code = Code::parse(&word).ok_or(Code::NotFound)?;
    let (status, title, help) = (code.status().as_u16(), code.title(), code.help());
    let body = format!(
        "<p><code>{word}</code>, HTTP status {status}.</p>\n<p>{title}.</p>\n<h2>What to do</h2>\n<p>{help}</p>\n\
         <p><a href=\"/problems\">All error codes</a></p>"
    );
    Ok(page(code.title(), &body))
}

/// A plain page. All its words come from our own list, so nothing needs escaping.
fn page(title: &str, body: &str) -> Html<String> {
    Html(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title} · Patchbay</title>\n</head>\n<body>\n<h1>{title}</h1>\n{body}\n</body>\n</html>\n"
    ))
}
