//! A small shop's document, a configuration for it, and orders to call it with.

use crate::server::Server;
use patchbay_connect::Connectors;
use patchbay_core::declare::{Auth, Backend, BackendKind, Idempotency, Limits};
use patchbay_core::port::{Backends, CallFailure, CallOrder, RawAnswer};
use patchbay_core::{Chance, Clock, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

/// A clock that runs, and can be moved on.
pub(crate) struct TestClock {
    started: Instant,
    moved: AtomicI64,
}

impl TestClock {
    pub(crate) fn advance(&self, by: Duration) {
        self.moved.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(1_800_000_000_000 + self.moved.load(Ordering::SeqCst)).plus(self.started.elapsed())
    }
}

struct NoChance;

impl Chance for NoChance {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

/// The shop's connectors and what they stand on.
pub(crate) struct Shop {
    pub(crate) connectors: Connectors,
    pub(crate) clock: Arc<TestClock>,
    _spec: tempfile::NamedTempFile,
}

/// What is special about a shop under test.
pub(crate) struct Setup {
    pub(crate) auth: Vec<Auth>,
    pub(crate) root: Option<&'static str>,
    pub(crate) limits: Limits,
    pub(crate) document: Value,
}

impl Default for Setup {
    fn default() -> Self {
        Self { auth: Vec::new(), root: None, limits: Limits::default(), document: document() }
    }
}

impl Shop {
    pub(crate) fn at(server: &Server) -> Self {
        Self::with(server, Setup::default())
    }

    pub(crate) fn with(server: &Server, setup: Setup) -> Self {
        Self::try_with(Some(format!("{}/api/", server.url)), setup).unwrap()
    }

    pub(crate) fn try_with(base_url: Option<String>, setup: Setup) -> Result<Self, String> {
        let spec = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(spec.path(), setup.document.to_string()).unwrap();
        let backend = Backend {
            name: "shop".to_owned(),
            kind: BackendKind::Openapi { spec: spec.path().to_owned(), base_url },
            auth: setup.auth,
            root: setup.root.map(str::to_owned),
            limits: setup.limits,
        };
        let clock = Arc::new(TestClock { started: Instant::now(), moved: AtomicI64::new(0) });
        let (as_clock, chance): (Arc<dyn Clock>, Arc<dyn Chance>) = (clock.clone(), Arc::new(NoChance));
        let opened = Connectors::open(&BTreeMap::from([("shop".to_owned(), backend)]), &as_clock, &chance);
        let connectors = opened.map_err(|errors| errors[0].to_string())?;
        Ok(Self { connectors, clock, _spec: spec })
    }

    pub(crate) async fn call(&self, order: CallOrder) -> Result<RawAnswer, CallFailure> {
        self.connectors.call(order).await
    }

    /// Outcome and detail of a call that fails.
    pub(crate) async fn failure(&self, order: CallOrder) -> (&'static str, String) {
        let failure = self.call(order).await.unwrap_err();
        (failure.outcome.as_str(), failure.detail)
    }
}

/// Reads order `#W1`.
pub(crate) fn read() -> CallOrder {
    order("getOrder", &json!({ "order_id": "#W1" }), false)
}

/// Cancels order `#W1`.
pub(crate) fn write() -> CallOrder {
    order("cancelOrder", &json!({ "order_id": "#W1", "reason": "by mistake" }), true)
}

/// The same with a key the backend knows it by.
pub(crate) fn keyed_write() -> CallOrder {
    CallOrder { idempotency: Some((Idempotency::Header("Idempotency-Key".to_owned()), "act_1".to_owned())), ..write() }
}

pub(crate) fn order(operation: &str, args: &Value, write: bool) -> CallOrder {
    CallOrder {
        backend: "shop".to_owned(),
        operation: operation.to_owned(),
        args: args.as_object().unwrap().clone().into_iter().collect(),
        write,
        within: Duration::from_secs(2),
        idempotency: None,
        cache: None,
    }
}

/// The shop's document.
pub(crate) fn document() -> Value {
    let id = json!({ "name": "order_id", "in": "path", "required": true, "schema": { "type": "string" } });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Shop", "version": "1" },
        "paths": {
            "/orders": {
                "get": { "operationId": "listOrders", "parameters": [
                    { "name": "status", "in": "query", "schema": { "type": "array", "items": { "type": "string" } } },
                    { "name": "page", "in": "query", "style": "deepObject", "schema": { "type": "object" } },
                    { "name": "X-Trace", "in": "header", "schema": { "type": "string" } },
                    { "name": "session", "in": "cookie", "schema": { "type": "string" } }
                ] }
            },
            "/orders/{order_id}": {
                "parameters": [id],
                "get": { "operationId": "getOrder" },
                "patch": { "operationId": "changeOrder", "requestBody": { "content": { "application/json": { "schema": {
                    "type": "object", "required": ["items"], "properties": { "items": { "type": "array" }, "note": { "type": "string" } }
                } } } } }
            },
            "/orders/{order_id}/cancel": {
                "parameters": [id],
                "post": { "operationId": "cancelOrder", "requestBody": { "content": { "application/json": { "schema": {
                    "type": "object", "properties": { "reason": { "type": "string" } }
                } } } } }
            },
            "/charges": {
                "post": { "operationId": "charge", "requestBody": { "content": { "application/x-www-form-urlencoded": {
                    "encoding": { "card": { "style": "deepObject", "explode": true } },
                    "schema": { "type": "object", "properties": { "amount": { "type": "integer" }, "card": { "type": "object" } } }
                } } } }
            }
        }
    })
}
