//! Failures of the way out, each with one stable word and the answer to "may the server have seen the request?".

use crate::egress::EgressError;
use crate::resolve::NoAddress;
use rustls::CertificateError as Bad;
use std::error::Error;
use std::{fmt, io};

/// What went wrong, in one word. The words are shown to operators and are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Word {
    /// Nobody listens there.
    Refused,
    /// The name has no address.
    Dns,
    /// There is no way to that network.
    NoRoute,
    /// The certificate is not valid now.
    TlsExpired,
    /// The certificate is for another name.
    TlsWrongHost,
    /// The certificate comes from nobody we trust.
    TlsUntrusted,
    /// Any other failure of the handshake.
    TlsFailed,
    /// The connection broke.
    Reset,
    /// The deadline passed.
    Timeout,
    /// The answer is over the size limit.
    TooLarge,
    /// The answer is no HTTP, or its body cannot be decoded.
    BadHttp,
    /// The answer sends us elsewhere; we never follow.
    RedirectRefused,
    /// The rules forbid the address.
    EgressRefused,
}

impl Word {
    /// The word as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Dns => "dns",
            Self::NoRoute => "no_route",
            Self::TlsExpired => "tls_expired",
            Self::TlsWrongHost => "tls_wrong_host",
            Self::TlsUntrusted => "tls_untrusted",
            Self::TlsFailed => "tls_failed",
            Self::Reset => "reset",
            Self::Timeout => "timeout",
            Self::TooLarge => "too_large",
            Self::BadHttp => "bad_http",
            Self::RedirectRefused => "redirect_refused",
            Self::EgressRefused => "egress_refused",
        }
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An exchange that brought no answer. Its text holds no address beyond host names, no values and no secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{word}")]
pub struct DialFailure {
    /// What it was.
    pub word: Word,
    /// May the server have received the request? False only when it surely did not.
    pub reached: bool,
}

impl DialFailure {
    /// A failure before anything was sent.
    pub(crate) fn before(word: Word) -> Self {
        Self { word, reached: false }
    }

    /// A failure after the request may have arrived.
    pub(crate) fn after(word: Word) -> Self {
        Self { word, reached: true }
    }

    /// Reads the client's error.
    pub(crate) fn of(error: &reqwest::Error) -> Self {
        let reached = !(error.is_connect() || error.is_builder());
        let word = if error.is_timeout() { Word::Timeout } else { word_of(error) };
        Self { word, reached }
    }
}

/// The word of the first cause that has one, from the outside in; the most telling cause lies deepest.
fn word_of(error: &(dyn Error + 'static)) -> Word {
    let mut word = Word::BadHttp;
    let mut next = Some(error);
    while let Some(cause) = next {
        word = telling(cause).unwrap_or(word);
        // An I/O error made from another error hides that error from `source`.
        let inner = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref).map(|inner| inner as &(dyn Error + 'static));
        next = inner.or_else(|| cause.source());
    }
    word
}

fn telling(cause: &(dyn Error + 'static)) -> Option<Word> {
    if cause.is::<EgressError>() {
        return Some(Word::EgressRefused);
    }
    if cause.is::<NoAddress>() {
        return Some(Word::Dns);
    }
    if let Some(error) = cause.downcast_ref::<rustls::Error>() {
        return Some(word_of_tls(error));
    }
    if let Some(error) = cause.downcast_ref::<hyper::Error>() {
        return match error {
            error if error.is_timeout() => Some(Word::Timeout),
            error if error.is_incomplete_message() || error.is_closed() || error.is_canceled() => Some(Word::Reset),
            error if error.is_parse() => Some(Word::BadHttp),
            _ => None,
        };
    }
    match cause.downcast_ref::<io::Error>()?.kind() {
        io::ErrorKind::ConnectionRefused => Some(Word::Refused),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => Some(Word::NoRoute),
        io::ErrorKind::TimedOut => Some(Word::Timeout),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::NotConnected
        | io::ErrorKind::UnexpectedEof => Some(Word::Reset),
        _ => None,
    }
}

fn word_of_tls(error: &rustls::Error) -> Word {
    match error {
        rustls::Error::InvalidCertificate(bad) => match bad {
            Bad::Expired | Bad::ExpiredContext { .. } | Bad::NotValidYet | Bad::NotValidYetContext { .. } => Word::TlsExpired,
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => Word::TlsWrongHost,
            _ => Word::TlsUntrusted,
        },
        _ => Word::TlsFailed,
    }
}
