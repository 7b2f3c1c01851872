//! The command `patchbay-world`: serves the simulated company, and the shop of a data folder where one is named.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use jiff::civil::Date;
use patchbay_world::{Credentials, Retail, RetailOptions, Running, RunningRetail, World, WorldOptions};

/// Serves a simulated company on this machine until it is interrupted.
#[derive(Debug, Parser)]
#[command(name = "patchbay-world", version)]
struct Arguments {
    /// Also serve the shop of this folder (it contains retail/db.json and retail/openapi.json).
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The day that all seeded dates are relative to; by default today.
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
    /// The port of the first service; the five others follow it. Taken ports become free ones.
    #[arg(long, default_value_t = 8801)]
    port: u16,
    /// The port of the control door.
    #[arg(long, default_value_t = 8800)]
    control_port: u16,
    /// The port of the shop.
    #[arg(long, default_value_t = 8807)]
    retail_port: u16,
    /// The port of the shop's control door.
    #[arg(long, default_value_t = 8808)]
    retail_control_port: u16,
    /// Print addresses and credentials as one line of JSON.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("patchbay-world: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let mut options = WorldOptions { first_port: Some(arguments.port), control_port: Some(arguments.control_port), ..WorldOptions::new() };
    options.today = arguments.today.unwrap_or(options.today);
    let retail = match arguments.data {
        Some(data) => {
            let port = Some(arguments.retail_port);
            let control_port = Some(arguments.retail_control_port);
            Some(Retail::start(RetailOptions { port, control_port, ..RetailOptions::new(data) }).await?)
        }
        None => None,
    };
    let world = World::start(options).await?;
    if arguments.json {
        println!("{}", as_json(&world, retail.as_ref()));
    } else {
        print(&world, retail.as_ref());
    }
    tokio::signal::ctrl_c().await?;
    world.stop().await;
    if let Some(retail) = retail {
        retail.stop().await;
    }
    Ok(())
}

fn as_json(world: &Running, retail: Option<&RunningRetail>) -> serde_json::Value {
    let shop = retail.map(|shop| {
        serde_json::json!({
            "url": shop.url(), "document": shop.document(), "credentials": shop.credentials(), "control": shop.control_url(),
        })
    });
    serde_json::json!({ "services": world.endpoints(), "control": world.control_url(), "retail": shop })
}

fn print(world: &Running, retail: Option<&RunningRetail>) {
    println!("A simulated company; its credentials are constants and open nothing else.\n");
    for endpoint in world.endpoints() {
        println!("{:<13} {}  {}", endpoint.service.as_str(), endpoint.document, in_words(&endpoint.credentials));
    }
    println!("{:<13} {}/_control/ledger", "control", world.control_url());
    if let Some(shop) = retail {
        println!("{:<13} {}  {}", "retail", shop.document(), in_words(shop.credentials()));
        println!("{:<13} {}/_control/ledger", "", shop.control_url());
    }
    println!("\nStop with Ctrl-C.");
}

fn in_words(credentials: &Credentials) -> String {
    match credentials {
        Credentials::ApiKey { header, key } => format!("{header}: {key}"),
        Credentials::Basic { user, password } => format!("basic {user} / {password}"),
        Credentials::Bearer { token } => format!("bearer {token}"),
        Credentials::Jwt { secret, issuer, audience } => format!("JWT HS256 iss={issuer} aud={audience} secret={secret}"),
        Credentials::OAuth { token_url, client_id, client_secret, .. } => {
            format!("OAuth2 {client_id} / {client_secret} at {token_url}")
        }
    }
}
