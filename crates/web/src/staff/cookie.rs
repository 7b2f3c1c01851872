//! The cookie that holds a session of the staff.

use axum::http::{HeaderMap, HeaderValue, header};

/// Its name.
const NAME: &str = "patchbay_staff";
/// How long a browser keeps it, in seconds; whether it still counts, the office says.
const KEPT: u32 = 7 * 24 * 3600;

/// The session's token, as the browser sent it. Two of them are none: nobody knows which one was meant.
pub(crate) fn read(headers: &HeaderMap) -> Option<&str> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    let mut ours = pairs.filter_map(|pair| pair.trim().split_once('=')).filter(|(name, _)| *name == NAME).map(|(_, value)| value);
    let token = ours.next()?;
    ours.next().is_none().then_some(token)
}

/// Tells the browser to keep this token.
pub(crate) fn set(headers: &mut HeaderMap, token: &str, https: bool) {
    put(headers, &format!("{NAME}={token}; Max-Age={KEPT}"), https);
}

/// Tells the browser to forget it.
pub(crate) fn clear(headers: &mut HeaderMap, https: bool) {
    put(headers, &format!("{NAME}=; Max-Age=0"), https);
}

fn put(headers: &mut HeaderMap, start: &str, https: bool) {
    let secure = if https { "; Secure" } else { "" };
    if let Ok(value) = HeaderValue::from_str(&format!("{start}; HttpOnly; SameSite=Strict; Path=/{secure}")) {
        headers.append(header::SET_COOKIE, value);
    }
}
