//! From arguments by name to a request: nothing is sent unless every argument is known and none is missing.

use super::operation::{Argument, BodyForm, Operation, Place};
use super::style::{Style, as_pairs, in_header, in_path};
use patchbay_dial::header::{CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue};
use patchbay_dial::{Method, Request, Url};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Arguments by name.
type Args = BTreeMap<String, Value>;

/// Arguments that are not what the operation takes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// A required argument is not there.
    #[error("the argument '{0}' is missing")]
    Missing(String),
    /// The operation does not take it.
    #[error("there is no argument '{0}'")]
    Unknown(String),
    /// Its value cannot stand in its place.
    #[error("the argument '{0}' {1}")]
    Value(String, &'static str),
    /// Address and path do not make a request.
    #[error("the address cannot be formed")]
    Address,
}

impl Operation {
    /// Makes the request for these arguments, ready for credentials. `base` is the service's address, with or without a final slash.
    ///
    /// # Errors
    /// A missing or unknown argument, or a value that cannot stand in its place.
    pub fn prepare(&self, base: &Url, args: &Args) -> Result<Request, Invalid> {
        if let Some(unknown) = args.keys().find(|name| self.arg(name).is_none()) {
            return Err(Invalid::Unknown(unknown.clone()));
        }
        // A null says nothing everywhere but in a JSON body, where it is a value.
        let given = |arg: &Argument| args.get(&arg.name).filter(|value| arg.place == Place::Body || !value.is_null());
        if let Some(missing) = self.args.iter().find(|arg| arg.required && given(arg).is_none()) {
            return Err(Invalid::Missing(missing.name.clone()));
        }
        let present: Vec<_> = self.args.iter().filter_map(|arg| Some((arg, given(arg)?))).collect();
        let mut url = base.clone();
        url.set_path(&format!("{}{}", base.path().trim_end_matches('/'), self.filled_path(&present)?));
        let mut query: Vec<String> = base.query().filter(|query| !query.is_empty()).map(str::to_owned).into_iter().collect();
        pairs(&present, Place::Query, &mut query);
        url.set_query((!query.is_empty()).then(|| query.join("&")).as_deref());
        let mut headers = headers(&present)?;
        let body = self.filled_body(&present, &mut headers)?;
        let method = Method::from_bytes(self.method.as_bytes()).map_err(|_| Invalid::Address)?;
        Ok(Request { method, url, headers, body })
    }

    /// The path with its parameters. A value cannot add or remove a segment: it is encoded, and may not be empty or a dot segment.
    fn filled_path(&self, present: &[(&Argument, &Value)]) -> Result<String, Invalid> {
        let mut path = self.path.clone();
        for (arg, value) in present.iter().filter(|(arg, _)| arg.place == Place::Path) {
            let written = in_path(&arg.wire, value, arg.style, arg.explode);
            if written.is_empty() {
                return Err(Invalid::Value(arg.name.clone(), "is empty, but stands in the path"));
            }
            if matches!(written.as_str(), "." | "..") {
                return Err(Invalid::Value(arg.name.clone(), "would lead to another path"));
            }
            path = path.replace(&format!("{{{}}}", arg.wire), &written);
        }
        // Two harmless values side by side can still make a dot segment.
        if path.split('/').any(|segment| matches!(segment, "." | "..")) { Err(Invalid::Address) } else { Ok(path) }
    }

    fn filled_body(&self, present: &[(&Argument, &Value)], headers: &mut HeaderMap) -> Result<Option<Vec<u8>>, Invalid> {
        let in_body = || present.iter().filter(|(arg, _)| arg.place == Place::Body);
        let (media, text) = match &self.body {
            BodyForm::None => return Ok(None),
            BodyForm::Whole(media) => match in_body().next() {
                Some((_, value)) => (media.as_str(), value.to_string()),
                None => return Ok(None),
            },
            BodyForm::Json(media) => {
                let object: Map<_, _> = in_body().map(|(arg, value)| (arg.wire.clone(), (*value).clone())).collect();
                (media.as_str(), Value::Object(object).to_string())
            }
            BodyForm::Form => {
                let mut fields = Vec::new();
                pairs(present, Place::Body, &mut fields);
                ("application/x-www-form-urlencoded", fields.join("&"))
            }
        };
        headers.insert(CONTENT_TYPE, HeaderValue::from_str(media).map_err(|_| Invalid::Address)?);
        Ok(Some(text.into_bytes()))
    }
}

fn pairs(present: &[(&Argument, &Value)], place: Place, pairs: &mut Vec<String>) {
    for (arg, value) in present.iter().filter(|(arg, value)| arg.place == place && !value.is_null()) {
        as_pairs(&arg.wire, value, arg.style, arg.explode, pairs);
    }
}

fn headers(present: &[(&Argument, &Value)]) -> Result<HeaderMap, Invalid> {
    let mut headers = HeaderMap::new();
    for (arg, value) in present.iter().filter(|(arg, _)| arg.place == Place::Header) {
        let text = if arg.style == Style::Json { value.to_string() } else { in_header(value, arg.explode) };
        let name = HeaderName::from_bytes(arg.wire.as_bytes());
        let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(text.as_bytes())) else {
            return Err(Invalid::Value(arg.name.clone(), "cannot stand in a header"));
        };
        headers.insert(name, value);
    }
    let mut cookies = Vec::new();
    pairs(present, Place::Cookie, &mut cookies);
    if !cookies.is_empty() {
        headers.insert(COOKIE, HeaderValue::from_str(&cookies.join("; ")).map_err(|_| Invalid::Address)?);
    }
    Ok(headers)
}

#[cfg(test)]
mod tests;
