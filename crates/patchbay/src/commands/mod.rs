//! What each command does.

mod ask;
mod backend;
mod check;
mod export;
mod figures;
mod init;
mod knowledge;
mod search;
mod serve;
mod test;
mod tool;
mod trace;
mod understand;
mod user;
mod whose;
mod why;

pub(crate) use user::demo_agent;

use crate::cli::{Arguments, Command};
use crate::failure::Failure;
use clap::CommandFactory;

/// Runs one command.
///
/// # Errors
/// What the person at the terminal must know.
pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.command {
        #[cfg(feature = "demo")]
        Command::Demo(demo) => crate::demo::run(demo).await,
        Command::Init(init) => init::run(&init),
        Command::Backend(backend) => backend::run(backend).await,
        Command::Serve(serve) => serve::run(serve).await,
        Command::Check(check) => check::run(&check),
        Command::Ask(ask) => ask::run(ask).await,
        Command::Test(test) => test::run(&test).await,
        Command::Tool(tool) => tool::run(tool).await,
        Command::Knowledge(knowledge) => knowledge::run(&knowledge),
        Command::Understand(understand) => understand::run(&understand),
        Command::Why(why) => why::run(why).await,
        Command::Trace(trace) => trace::run(trace).await,
        Command::User(user) => user::run(user).await,
        Command::Rebuild(on) => export::rebuild(&on).await,
        Command::Figures(figures) => figures::run(&figures).await,
        Command::Search(search) => search::run(&search).await,
        Command::Export(on) => export::run(&on).await,
        Command::Schema => {
            println!("{}", serde_json::to_string_pretty(&patchbay_config::schema()).expect("invariant: a schema is JSON"));
            Ok(())
        }
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Arguments::command(), "patchbay", &mut crate::showing::Stdout);
            Ok(())
        }
    }
}

/// Resolves when the process is asked to stop; a second time ends it at once.
pub(crate) async fn stopped() {
    let ask = async {
        let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(terminate) => terminate,
            Err(error) => {
                tracing::warn!(%error, "only Ctrl-C stops this process");
                return std::future::pending().await;
            }
        };
        terminate.recv().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = ask => {}
    }
    tokio::spawn(async {
        let _ = tokio::signal::ctrl_c().await;
        std::process::exit(130);
    });
}
