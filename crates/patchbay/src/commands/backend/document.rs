//! A backend's own description: a file, or fetched from where the backend serves it.

use crate::asking::Asking;
use crate::failure::{Exit, Failure};
use patchbay_connect::openapi::Document;
use patchbay_dial::{Dial, Egress, Method, NamedBy, Request, Settings, Url};
use std::path::Path;
use std::time::Duration;

/// The largest document that is fetched, in bytes.
const LARGEST: usize = 32 << 20;
const WITHIN: Duration = Duration::from_secs(20);

/// A document, and where it came from.
pub(super) struct Described {
    pub(super) document: Document,
    /// As it was found.
    pub(super) text: String,
    /// `json` or `yaml`.
    pub(super) extension: &'static str,
    /// Its address, when it was fetched.
    from: Option<Url>,
}

impl Described {
    /// Reads a file or an address.
    pub(super) async fn read(place: &str) -> Result<Self, Failure> {
        let (bytes, from) = if place.contains("://") {
            let (bytes, url) = fetch(place).await?;
            (bytes, Some(url))
        } else {
            let read = std::fs::read(Path::new(place));
            (read.map_err(|error| Failure::new(Exit::Unreachable, format!("{place} cannot be read: {error}")))?, None)
        };
        let document = Document::read(&bytes).map_err(|error| Failure::configuration(format!("{place}: {error}")))?;
        let text = String::from_utf8(bytes).map_err(|_| Failure::configuration(format!("{place} is not text")))?;
        let extension = if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') { "json" } else { "yaml" };
        Ok(Self { document, text, extension, from })
    }

    /// Where the backend is: what was said, what the document says, or where the document came from.
    pub(super) fn base_url(&self, said: Option<&str>, asking: &Asking) -> Result<String, Failure> {
        if let Some(said) = said {
            return Ok(said.trim_end_matches('/').to_owned());
        }
        let of_operations = self.document.operations.values().find_map(|operation| operation.server.as_deref());
        let server = self.document.servers.first().map(String::as_str).or(of_operations).unwrap_or("/");
        let full = match (&self.from, server.contains("://")) {
            (_, true) => server.to_owned(),
            (Some(from), false) => from.join(server).map(|url| url.to_string()).unwrap_or_default(),
            (None, false) => String::new(),
        };
        let full = full.trim_end_matches('/').to_owned();
        asking.must("Where is it (address)", &full, "--base-url URL")
    }
}

async fn fetch(address: &str) -> Result<(Vec<u8>, Url), Failure> {
    let unreachable = |what: String| Failure::new(Exit::Unreachable, format!("{address}: {what}"));
    let mut egress = Egress::none();
    let url = egress.name(address, NamedBy::Configuration).map_err(|error| Failure::new(Exit::Usage, error))?;
    let dial = Dial::open(egress, &Settings::default()).map_err(|error| unreachable(error.to_string()))?;
    let request = Request { method: Method::GET, url: url.clone(), headers: patchbay_dial::header::HeaderMap::new(), body: None };
    let answer = dial.send(request, WITHIN, LARGEST).await.map_err(|failure| unreachable(failure.to_string()))?;
    if !answer.status.is_success() {
        return Err(unreachable(format!("answered {}; download the document and name the file instead", answer.status)));
    }
    Ok((answer.body.map_err(|failure| unreachable(failure.to_string()))?, url))
}
