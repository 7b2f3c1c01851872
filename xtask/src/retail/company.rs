//! The shop and the product that serves it, started on free ports for the time of a measurement.

use super::dialogue::Write;
use crate::failure::Failure;
use crate::http::Client;
use crate::project::{self, Build};
use crate::server::{Server, free_address};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

/// A debug build that computes the vectors of a new configuration on a busy machine.
const READY_WITHIN: Duration = Duration::from_secs(180);
/// What the product writes once it hears by meaning.
const HEARS: &str = "messages are understood by meaning";
/// The shared secret of the shop's page; both sides live only as long as the measurement.
const SECRET: &str = "a-secret-of-the-measurement-alone";

/// A shop of the data folder, and the product before it.
pub(crate) struct Company {
    product: Server,
    shop: Shop,
    _folder: TempDir,
}

/// The shop's process, with its control door. Dropped, it is killed.
struct Shop {
    child: Child,
    control: SocketAddr,
    url: String,
    key: String,
}

impl Company {
    /// Starts both, and waits until messages are understood as well as they will be.
    pub(crate) fn start(data: &Path, build: Build) -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let shop = Shop::start(data, build)?;
        let address = free_address()?;
        let mut serve = Command::new(project::program(build, "patchbay"));
        serve.args(["serve", "-v", "--listen", &address.to_string(), "--config"]).arg(project::root().join("examples/retail"));
        serve.arg("--data").arg(folder.path().join("data"));
        serve.env("PATCHBAY_DATA", data).env("RETAIL_URL", &shop.url).env("RETAIL_KEY", &shop.key).env("HOST_SECRET", SECRET);
        let output = folder.path().join("serve.log");
        let product = Server::start(&mut serve, address, &output, READY_WITHIN)?;
        let began = Instant::now();
        while !std::fs::read_to_string(&output)?.contains(HEARS) {
            if began.elapsed() > READY_WITHIN {
                return Err(Failure::new(format!("messages are not understood by meaning yet:\n{}", product.told())));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(Self { product, shop, _folder: folder })
    }

    /// Where the customers' API is.
    pub(crate) fn address(&self) -> SocketAddr {
        self.product.address
    }

    /// Puts the shop back to its seed.
    pub(crate) fn fresh(&self) -> Result<(), Failure> {
        Client::new(self.shop.control).post("/_control/reset", &json!({}))?.expect(204).map(drop)
    }

    /// Every write since the last reset.
    pub(crate) fn writes(&self) -> Result<Vec<Write>, Failure> {
        let ledger = Client::new(self.shop.control).get("/_control/ledger")?.expect(200)?;
        let entries = ledger["entries"].as_array().cloned().unwrap_or_default();
        let write = |entry: Value| Write {
            operation: entry["operation"].as_str().unwrap_or_default().to_owned(),
            arguments: entry["arguments"].as_object().cloned().unwrap_or_default(),
        };
        Ok(entries.into_iter().filter(|entry| entry["kind"] == "effect").map(write).collect())
    }

    /// Stops the product gently, then the shop.
    pub(crate) fn stop(self) -> Result<(), Failure> {
        self.product.stop().map(drop)
    }
}

impl Shop {
    fn start(data: &Path, build: Build) -> Result<Self, Failure> {
        let program = project::program(build, "patchbay-world");
        let mut child = Command::new(&program)
            .arg("--json")
            .arg("--data")
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| Failure::from(error).while_doing(program.display()))?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("invariant: stdout is piped")).read_line(&mut line)?;
        let said: Value = serde_json::from_str(&line).map_err(|error| Failure::from(error).while_doing("reading where the shop is"))?;
        let shop = &said["retail"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let control = text(&shop["control"]).trim_start_matches("http://").parse()?;
        Ok(Self { child, control, url: text(&shop["url"]), key: key(&shop["credentials"]) })
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        // Errors only say that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The API key among the credentials, whatever else they say.
fn key(credentials: &Value) -> String {
    match credentials {
        Value::Object(fields) => match fields.get("key").and_then(Value::as_str) {
            Some(key) => key.to_owned(),
            None => fields.values().map(key).find(|key| !key.is_empty()).unwrap_or_default(),
        },
        _ => String::new(),
    }
}

/// A token as the shop's page signs it for a customer who is signed in there.
pub(crate) fn token(customer: &str) -> Result<String, Failure> {
    #[expect(clippy::disallowed_methods, reason = "a developer command signs for the wall clock of this machine")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let claims = json!({ "sub": customer, "iss": "retail-shop", "aud": "patchbay", "iat": now, "exp": now + 3600 });
    let part = |value: Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(json!({ "alg": "HS256", "typ": "JWT" })), part(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes())?;
    mac.update(signed.as_bytes());
    Ok(format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())))
}
