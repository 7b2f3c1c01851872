//! The simulated company as a process of its own, and a configuration that connects the product to it: what `patchbay demo`
//! does in one process, taken apart so that the product can be killed and the company lives on.

use crate::command::command;
use crate::failure::Failure;
use crate::http::Client;
use crate::project::{self, Build};
use crate::server::Server;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What the host page signs its tokens with. It exists only in these runs.
const HOST_SECRET: &str = "a-secret-that-only-these-runs-know-0123456789abcdef";
/// A product that takes longer to be ready is broken.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// The seed's customers have numbers in this range.
pub(crate) const CUSTOMERS: std::ops::Range<u32> = 10_400..11_500;

/// A running company and the folder of its configuration.
pub(crate) struct Town {
    company: Child,
    /// Addresses and credentials, as the company printed them.
    says: Value,
    folder: PathBuf,
    build: Build,
}

/// An order, and whose it is.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) customer: String,
}

impl Town {
    /// Starts the company and writes the configuration into `folder`.
    pub(crate) fn start(build: Build, folder: &Path) -> Result<Self, Failure> {
        let mut company =
            command(project::program(build, "patchbay-world"), ["--json"]).stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(company.stdout.take().expect("invariant: stdout is piped")).read_line(&mut line)?;
        copy(&project::root().join("examples/demo"), folder)?;
        copy(&project::root().join("crates/world/openapi"), &folder.join("specs"))?;
        Ok(Self { company, says: serde_json::from_str(&line)?, folder: folder.to_owned(), build })
    }

    /// Starts the product on a data folder and waits until it is ready.
    pub(crate) fn serve(&self, data: &Path, address: SocketAddr) -> Result<Server, Failure> {
        let program = project::program(self.build, "patchbay");
        let mut serve = command(program, ["serve", "--listen", &address.to_string()]);
        serve.arg("--config").arg(self.folder.join("patchbay.yaml")).arg("--data").arg(data).envs(self.environment(address));
        Server::start(&mut serve, address, &self.folder.join("serve.log"), READY_WITHIN)
    }

    /// The values the configuration asks for.
    pub(crate) fn environment(&self, address: SocketAddr) -> Vec<(String, String)> {
        let public = format!("http://{address}");
        let mut values = vec![
            ("PATCHBAY_PUBLIC_URL".to_owned(), public.clone()),
            ("SHOP_ORIGIN".to_owned(), public),
            ("HOST_SECRET".to_owned(), HOST_SECRET.to_owned()),
        ];
        for service in self.says["services"].as_array().into_iter().flatten() {
            let name = text(&service["service"]).to_uppercase();
            values.push((format!("{name}_URL"), text(&service["url"])));
            values.extend(credential(&service["credentials"]).map(|(ending, secret)| (format!("{name}_{ending}"), secret)));
        }
        values
    }

    /// The configuration it wrote.
    pub(crate) fn configuration(&self) -> PathBuf {
        self.folder.join("patchbay.yaml")
    }

    /// The build of the product that is started.
    pub(crate) fn build(&self) -> Build {
        self.build
    }

    /// A host token for a customer, good for an hour.
    pub(crate) fn token(customer: &str) -> String {
        #[expect(clippy::disallowed_methods, reason = "a developer command signs for the wall clock of this machine")]
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let claims = json!({ "sub": customer, "iss": "halden-shop", "aud": "patchbay", "iat": now, "exp": now + 3600 });
        let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let signed = format!("{}.{}", encode(br#"{"alg":"HS256","typ":"JWT"}"#), encode(claims.to_string().as_bytes()));
        let mut mac = Hmac::<Sha256>::new_from_slice(HOST_SECRET.as_bytes()).expect("invariant: HMAC takes keys of any length");
        mac.update(signed.as_bytes());
        format!("{signed}.{}", encode(&mac.finalize().into_bytes()))
    }

    /// Every order that stands at one of these, asked from the order system itself.
    pub(crate) fn orders(&self, at: &[&str]) -> Result<Vec<Order>, Failure> {
        let orders = self.service("orders")?;
        let secret = text(&orders["credentials"]["o_auth"]["client_secret"]);
        let form = format!("grant_type=client_credentials&client_id=patchbay&client_secret={secret}&scope=orders.read");
        let address = socket(&orders["url"])?;
        let token = Client::new(address).post_form("/oauth/token", &form)?.expect(200)?;
        let mut client = Client::new(address).header("Authorization", &format!("Bearer {}", text(&token["access_token"])));
        let mut found = Vec::new();
        for customer in CUSTOMERS.map(|number| format!("c-{number}")) {
            let listed = client.get(&format!("/orders?customer_id={customer}"))?;
            for id in listed.body["orders"].as_array().into_iter().flatten().map(text) {
                let status = text(&client.get(&format!("/orders/{id}"))?.expect(200)?["status"]);
                if at.contains(&status.as_str()) {
                    found.push(Order { id, customer: customer.clone() });
                }
            }
        }
        Ok(found)
    }

    /// What the company's systems really did: the effects in their ledger.
    pub(crate) fn effects(&self) -> Result<Vec<Value>, Failure> {
        let ledger = Client::new(self.control()?).get("/_control/ledger")?.expect(200)?;
        Ok(ledger["entries"].as_array().into_iter().flatten().filter(|entry| entry["kind"] == "effect").cloned().collect())
    }

    /// Everything back to the seed, the ledger empty.
    pub(crate) fn reset(&self) -> Result<(), Failure> {
        Client::new(self.control()?).post("/_control/reset", &json!({}))?.expect(204).map(drop)
    }

    fn control(&self) -> Result<SocketAddr, Failure> {
        socket(&self.says["control"])
    }

    fn service(&self, name: &str) -> Result<&Value, Failure> {
        let mut services = self.says["services"].as_array().into_iter().flatten();
        services.find(|service| service["service"] == name).ok_or_else(|| Failure::new(format!("the company has no service '{name}'")))
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        // Errors only say that it has ended already.
        let _ = self.company.kill();
        let _ = self.company.wait();
    }
}

/// The ending of the variable that holds a service's secret, and the secret.
fn credential(credentials: &Value) -> Option<(&'static str, String)> {
    let (kind, fields) = credentials.as_object()?.iter().next()?;
    let field = |name: &str| text(&fields[name]);
    Some(match kind.as_str() {
        // A whole header with a scheme before the key: the configuration knows the scheme.
        "api_key" => match field("key").strip_prefix("Token ") {
            Some(token) => ("TOKEN", token.to_owned()),
            None => ("KEY", field("key")),
        },
        "basic" => ("PASSWORD", field("password")),
        "bearer" => ("TOKEN", field("token")),
        "jwt" => ("SECRET", field("secret")),
        _ => ("SECRET", field("client_secret")),
    })
}

fn socket(url: &Value) -> Result<SocketAddr, Failure> {
    Ok(text(url).trim_start_matches("http://").parse()?)
}

/// A JSON text as it is; everything else is empty.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Copies a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() { copy(&from, &to)? } else { std::fs::copy(&from, &to).map(drop)? }
    }
    Ok(())
}
