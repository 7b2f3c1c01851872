//! One client per backend: a pool of connections behind the egress rules, a deadline and a size limit on every exchange.

use crate::egress::Egress;
use crate::failure::{DialFailure, Word};
use crate::resolve::{LookUp, Vetted, system};
use crate::tls;
use reqwest::header::{CONTENT_LENGTH, HeaderMap};
use reqwest::{Method, Response, StatusCode, Url};
use rustls::pki_types::CertificateDer;
use std::sync::Arc;
use std::time::Duration;

/// How long an unused connection is kept. Shorter than what common servers keep, so that they rarely close first.
const IDLE: Duration = Duration::from_secs(50);

/// How a client is built.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The longest a new connection may take: name, TCP and TLS together.
    pub connect_within: Duration,
    /// Roots trusted besides the system's, as DER: a company's own authority.
    pub extra_roots: Vec<Vec<u8>>,
}

impl Default for Settings {
    /// 1 s, no extra roots.
    fn default() -> Self {
        Self { connect_within: Duration::from_secs(1), extra_roots: Vec::new() }
    }
}

/// What is sent.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The full address.
    pub url: Url,
    /// The headers; `host`, lengths and `accept-encoding` are the client's business.
    pub headers: HeaderMap,
    /// The body, if there is one.
    pub body: Option<Vec<u8>>,
}

/// What came back: never a redirect.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body, decompressed, or why it could not be read. The status holds either way.
    pub body: Result<Vec<u8>, DialFailure>,
}

/// The way out to the servers one backend named. Cheap to clone; clones share the pool.
#[derive(Debug, Clone)]
pub struct Dial {
    client: reqwest::Client,
    egress: Arc<Egress>,
}

/// The client could not be built: the system's certificates cannot be read, or an extra root is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Trust.
    #[error("the certificates to trust cannot be read: {0}")]
    Trust(#[from] rustls::Error),
    /// The client itself.
    #[error("the HTTP client cannot be built: {0}")]
    Client(#[from] reqwest::Error),
}

impl Dial {
    /// Opens the way to these servers and no others.
    ///
    /// # Errors
    /// When the certificates to trust cannot be read.
    pub fn open(egress: Egress, settings: &Settings) -> Result<Self, OpenError> {
        Self::open_with(egress, settings, system())
    }

    pub(crate) fn open_with(egress: Egress, settings: &Settings, look_up: LookUp) -> Result<Self, OpenError> {
        let roots: Vec<_> = settings.extra_roots.iter().map(|root| CertificateDer::from(root.clone())).collect();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::configuration(egress.https(), &roots)?)
            .dns_resolver(Arc::new(Vetted(look_up)))
            // A proxy from the environment would look names up itself, past the rules.
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .tcp_nodelay(true)
            .connect_timeout(settings.connect_within)
            .pool_idle_timeout(IDLE)
            .user_agent(concat!("patchbay/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, egress: Arc::new(egress) })
    }

    /// One exchange: sends, and reads the whole answer of at most `answer_bytes`, all `within` this time.
    ///
    /// # Errors
    /// Whatever kept a status from arriving; see [`DialFailure`]. After a status only the body can fail, inside the answer.
    pub async fn send(&self, request: Request, within: Duration, answer_bytes: usize) -> Result<Answer, DialFailure> {
        self.egress.permit(&request.url).map_err(|_| DialFailure::before(Word::EgressRefused))?;
        let deadline = tokio::time::Instant::now() + within;
        let mut sending = reqwest::Request::new(request.method, request.url);
        *sending.headers_mut() = request.headers;
        *sending.body_mut() = request.body.map(reqwest::Body::from);
        let sent = tokio::time::timeout_at(deadline, self.client.execute(sending)).await;
        let response = sent.map_err(|_| DialFailure::after(Word::Timeout))?.map_err(|error| DialFailure::of(&error))?;
        let status = response.status();
        if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
            return Err(DialFailure::after(Word::RedirectRefused));
        }
        let headers = response.headers().clone();
        let reading = tokio::time::timeout_at(deadline, read(response, answer_bytes)).await;
        let body = reading.unwrap_or(Err(DialFailure::after(Word::Timeout)));
        Ok(Answer { status, headers, body })
    }
}

/// Reads a body of at most `limit` bytes, counted as they come out of decompression.
async fn read(mut response: Response, limit: usize) -> Result<Vec<u8>, DialFailure> {
    let announced = response.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(DialFailure::after(Word::TooLarge));
    }
    let mut body = Vec::with_capacity(announced.unwrap_or_default());
    while let Some(chunk) = response.chunk().await.map_err(|error| DialFailure { reached: true, ..DialFailure::of(&error) })? {
        if body.len() + chunk.len() > limit {
            return Err(DialFailure::after(Word::TooLarge));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests;
