//! Where a host's keys come from: fixed at start, or behind a URL and fetched again when a token names a key we do not know.

use crate::keys::Keys;
use crate::{IdentityInvalid, NotUsable};
use patchbay_core::declare::HostKeys;
use patchbay_core::port::Later;
use patchbay_core::{Clock, Timestamp};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// Fetches the text of the key document. The roof makes one over the only way out of the house; the error is for the log.
pub type FetchKeys = Arc<dyn Fn() -> Later<'static, Result<String, String>> + Send + Sync>;

/// Tokens with invented key ids must not make us knock at the host's door more often than this.
const SOONEST: Duration = Duration::from_secs(30);
/// After this long the keys are fetched again even if none is missing, so that a withdrawn key stops counting.
const STALE: Duration = Duration::from_secs(15 * 60);

/// A host's keys, kept.
pub(crate) struct KeySource {
    keys: RwLock<Option<Arc<Keys>>>,
    remote: Option<Remote>,
}

struct Remote {
    fetch: FetchKeys,
    clock: Arc<dyn Clock>,
    /// When it was last tried. Whoever holds the lock is fetching; the others wait for the result.
    tried: tokio::sync::Mutex<Option<Timestamp>>,
}

impl KeySource {
    pub(crate) fn new(declared: &HostKeys, fetch: Option<FetchKeys>, clock: Arc<dyn Clock>) -> Result<Self, NotUsable> {
        let fixed = |keys| Self { keys: RwLock::new(Some(Arc::new(keys))), remote: None };
        match declared {
            HostKeys::Shared(secret) => Keys::shared(secret.reveal()).map(fixed),
            HostKeys::Document(text) => Keys::document(text).map(fixed),
            HostKeys::Url(url) => {
                let fetch = fetch.ok_or_else(|| NotUsable::NoFetch(url.clone()))?;
                Ok(Self { keys: RwLock::new(None), remote: Some(Remote { fetch, clock, tried: tokio::sync::Mutex::new(None) }) })
            }
        }
    }

    /// The keys, for a token that may be signed with any of those `wanted` accepts. Fetches when there are none yet, when none is
    /// accepted, or when they are old; keeps the ones it has where that fails.
    pub(crate) async fn keys(&self, wanted: impl Fn(&Keys) -> bool) -> Result<Arc<Keys>, IdentityInvalid> {
        if let Some(remote) = &self.remote {
            self.refresh(remote, &wanted).await;
        }
        self.kept().ok_or_else(|| IdentityInvalid::because("the host's keys could not be fetched yet"))
    }

    fn kept(&self) -> Option<Arc<Keys>> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn refresh(&self, remote: &Remote, wanted: &impl Fn(&Keys) -> bool) {
        let missing = || !self.kept().is_some_and(|keys| wanted(&keys));
        let mut tried = match remote.tried.try_lock() {
            Ok(tried) => tried,
            // Whoever has a key that fits need not wait while somebody else fetches.
            Err(_) if !missing() => return,
            Err(_) => remote.tried.lock().await,
        };
        let now = remote.clock.now();
        let pause = if missing() { SOONEST } else { STALE };
        // A time in the future is one from before the clock was set back.
        if tried.is_some_and(|at| at <= now && now.since(at) < pause) {
            return;
        }
        *tried = Some(now);
        match (remote.fetch)().await.and_then(|text| Keys::document(&text).map_err(|error| error.to_string())) {
            Ok(keys) => *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(keys)),
            Err(error) => tracing::warn!(error, "the host's keys could not be fetched; those we have stay in use"),
        }
    }
}
