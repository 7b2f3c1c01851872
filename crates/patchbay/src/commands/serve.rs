//! `patchbay serve`: answers customers until it is stopped.

use crate::cli::Serve;
use crate::company::Ready;
use crate::failure::Failure;
use crate::running::{self, Running};
use axum::Router;

pub(crate) async fn run(serve: Serve) -> Result<(), Failure> {
    let ready = Ready::of(&serve.configured)?;
    for warning in &ready.loaded.warnings {
        eprintln!("{warning}");
    }
    let running = Running::start(&ready)?;
    let listen = serve.listen.as_deref().unwrap_or(&ready.loaded.server.listen);
    let doors = running::doors(&ready, &running, running::listen(listen).await?, Router::new(), false)?;
    println!(
        "Patchbay {} · {} · data in {}",
        env!("CARGO_PKG_VERSION"),
        ready.loaded.server.public_url,
        ready.loaded.server.data.display()
    );
    if let Some(link) = super::user::first(&running.staff, &ready.loaded.server.public_url).await? {
        println!("Nobody has signed in yet. First admin: {link}   works once, 30 min");
    }
    println!("engine {} · Ctrl-C stops", running.service.minds().join(", "));
    doors.serve(super::stopped()).await;
    running.stop().await;
    Ok(())
}
