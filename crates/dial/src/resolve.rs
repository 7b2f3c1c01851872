//! Names to addresses, vetted: the connection is only ever given addresses that passed the egress rules.

use crate::egress;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

/// A look-up under way.
pub(crate) type Found = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// How names are looked up.
pub(crate) type LookUp = Arc<dyn Fn(String) -> Found + Send + Sync>;

/// Asks the system.
pub(crate) fn system() -> LookUp {
    Arc::new(|name| Box::pin(async move { Ok(tokio::net::lookup_host((name.as_str(), 0)).await?.collect()) }))
}

/// A name that leads nowhere.
#[derive(Debug, thiserror::Error)]
#[error("{0} has no address")]
pub(crate) struct NoAddress(pub(crate) String);

/// The resolver of every client: look up, then vet, then hand on. There is no second look-up in between that could differ.
pub(crate) struct Vetted(pub(crate) LookUp);

impl Resolve for Vetted {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().trim_end_matches('.').to_ascii_lowercase();
        let found = (self.0)(host.clone());
        Box::pin(async move {
            let found = found.await.map_err(|_| NoAddress(host.clone()))?;
            let vetted = egress::vet(&host, found)?;
            if vetted.is_empty() {
                return Err(NoAddress(host).into());
            }
            Ok(Box::new(vetted.into_iter()) as Addrs)
        })
    }
}
