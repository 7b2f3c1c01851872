//! The company's backends as a test has them: the real connectors, pointed at the stand-in, or at a port where nobody listens.

use crate::script::Script;
use crate::stand_in::TOKENS;
use patchbay_connect::{ConnectError, Connectors};
use patchbay_core::declare::{Auth, Backend, BackendKind, Company};
use patchbay_core::port::{Backends, CallFailure, CallOrder, Later, RawAnswer};
use patchbay_core::{Chance, Clock};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

/// Connectors that reach the stand-in, and the same ones that reach nobody.
pub(crate) struct Pointed {
    there: Connectors,
    nobody: Connectors,
    script: Arc<Script>,
}

impl Pointed {
    /// Opens the company's backends with the addresses of the stand-in and of nobody.
    pub(crate) fn open(
        company: &Company,
        [stand_in, nobody]: [SocketAddr; 2],
        script: Arc<Script>,
        clock: &Arc<dyn Clock>,
        chance: &Arc<dyn Chance>,
    ) -> Result<Self, Vec<ConnectError>> {
        let open = |to| Connectors::open(&pointed_to(company, to), clock, chance);
        Ok(Self { there: open(stand_in)?, nobody: open(nobody)?, script })
    }
}

impl Backends for Pointed {
    fn call(&self, order: CallOrder) -> Later<'_, Result<RawAnswer, CallFailure>> {
        let operation = format!("{}.{}", order.backend, order.operation);
        if self.script.is_unreachable(&operation, &order.args) {
            return self.nobody.call(order);
        }
        Box::pin(async move {
            let args = order.args.clone();
            let answer = self.there.call(order).await;
            self.script.ended(&operation, &args);
            answer
        })
    }
}

/// The declared backends, all of them at this address: each below its own name, their token servers with them.
fn pointed_to(company: &Company, to: SocketAddr) -> BTreeMap<String, Backend> {
    let mut backends = company.backends.clone();
    for (name, backend) in &mut backends {
        let BackendKind::Openapi { base_url, .. } = &mut backend.kind;
        *base_url = Some(format!("http://{to}/{name}"));
        for auth in &mut backend.auth {
            if let Auth::Oauth2ClientCredentials { token_url, .. } = auth {
                *token_url = format!("http://{to}{TOKENS}");
            }
        }
    }
    backends
}
