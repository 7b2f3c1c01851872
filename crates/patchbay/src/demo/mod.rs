//! `patchbay demo`: a shop, its six simulated systems and the widget, on this machine, without a key.

mod page;
mod systems;

use crate::cli::Demo;
use crate::company::Ready;
use crate::failure::{Exit, Failure};
use crate::running::{self, Running};
use patchbay_world::{World, WorldOptions};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Instant;
use tempfile::TempDir;
use tokio::net::TcpListener;

/// The first port of the simulated systems; taken ports become free ones.
const FIRST_PORT: u16 = 8801;
/// The port of their control door.
const CONTROL_PORT: u16 = 8800;

/// The demo's company: simulated systems, and a configuration for them in a folder of its own.
pub(crate) struct Company {
    world: patchbay_world::Running,
    folder: PathBuf,
    address: String,
    secret: String,
    /// Gone with its content when the demo ends.
    _temporary: Option<TempDir>,
}

impl Company {
    /// Starts the systems and writes the configuration: into `data`, or into a fresh temporary folder.
    ///
    /// # Errors
    /// When no port can be bound or nothing can be written.
    pub(crate) async fn start(data: Option<&Path>) -> Result<Self, Failure> {
        Self::start_at(data, "localhost:8787").await
    }

    async fn start_at(data: Option<&Path>, listen: &str) -> Result<Self, Failure> {
        let options = WorldOptions { first_port: Some(FIRST_PORT), control_port: Some(CONTROL_PORT), ..WorldOptions::new() };
        let world = World::start(options).await.map_err(|error| Failure::new(Exit::Unreachable, error))?;
        let (folder, temporary) = match data {
            Some(folder) => (folder.to_owned(), None),
            None => {
                let temporary = tempfile::Builder::new().prefix("patchbay-demo-").tempdir().map_err(Failure::storage)?;
                (temporary.path().to_owned(), Some(temporary))
            }
        };
        systems::write_configuration(&folder).map_err(|error| Failure::storage(format!("{}: {error}", folder.display())))?;
        Ok(Self { world, folder, address: listen.to_owned(), secret: systems::host_secret(), _temporary: temporary })
    }

    /// The company, ready to be served.
    ///
    /// # Errors
    /// When the configuration is wrong.
    pub(crate) fn ready(&self) -> Result<Ready, Failure> {
        let values = systems::environment(&self.world, &self.folder, &self.address, &self.secret);
        Ready::load(&self.folder.join("patchbay.yaml"), &|name| values.get(name).cloned().or_else(|| std::env::var(name).ok()))
    }

    /// Stops the simulated systems.
    pub(crate) async fn stop(self) {
        self.world.stop().await;
    }
}

pub(crate) async fn run(demo: Demo) -> Result<(), Failure> {
    let began = Instant::now();
    let listener = running::listen(&demo.listen).await?;
    let address = bound(&demo.listen, &listener);
    let company = Company::start_at(demo.data.as_deref(), &address).await?;
    let ready = company.ready()?;
    let running = Running::start(&ready)?;
    let pages = page::router(&company.secret, ready.clock.clone());
    let doors = running::doors(&ready, &running, listener, pages, true)?;
    let shop = format!("http://{address}/demo");
    let desk = crate::commands::demo_agent(&running.staff, &format!("http://{address}")).await?;
    introduce(&company, &running, &shop, &desk, began);
    if !demo.no_browser && std::io::stdout().is_terminal() && std::env::var_os("SSH_CONNECTION").is_none() {
        open_browser(&shop);
    }
    doors.serve(crate::commands::stopped()).await;
    running.stop().await;
    company.stop().await;
    Ok(())
}

/// The address as people reach it: where port 0 was asked for, with the free port that was found.
fn bound(asked: &str, listener: &TcpListener) -> String {
    match (asked.rsplit_once(':'), listener.local_addr()) {
        (Some((host, "0")), Ok(at)) => format!("{host}:{}", at.port()),
        _ => asked.to_owned(),
    }
}

/// What the person at the terminal reads first.
fn introduce(company: &Company, running: &Running, shop: &str, desk: &str, began: Instant) {
    let kept = if company._temporary.is_some() { "a fresh temporary folder" } else { "" };
    let data = if kept.is_empty() { company.folder.display().to_string() } else { kept.to_owned() };
    let systems: Vec<String> = company
        .world
        .endpoints()
        .iter()
        .map(|endpoint| format!("{} :{}", endpoint.service.as_str(), endpoint.url.rsplit(':').next().unwrap_or_default()))
        .collect();
    let ready = began.elapsed().as_secs_f64();
    println!(
        "Patchbay {} · data in {data} · engine {} (no key)   ready in {ready:.1} s",
        env!("CARGO_PKG_VERSION"),
        running.service.minds().join(", ")
    );
    println!(" ├─ Shop      {shop}   you are the customer \"Mika\" (signed in)");
    println!(" ├─ Desk      {desk}   you are the support agent; link works once, 30 min");
    println!(" ├─ Trace     {}/desk/traces   every step of every answer", shop.trim_end_matches("/demo"));
    println!(" ├─ API       {}/openapi.json", shop.trim_end_matches("/demo"));
    println!(" ├─ Config    {}", company.folder.join("patchbay.yaml").display());
    println!(" └─ Backends  {}   (each with /openapi.json; control door {})", systems.join(" · "), company.world.control_url());
    println!("Try in the shop:  where is order 12345?  ·  cancel it  ·  I want a person");
    println!("Stop: Ctrl-C    Start for real: patchbay init");
}

/// Opens the shop where a browser can be opened; nothing is lost where it cannot.
fn open_browser(address: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let opened = std::process::Command::new(opener)
        .arg(address)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn();
    if let Err(error) = opened {
        tracing::debug!(%error, "no browser was opened");
    }
}
