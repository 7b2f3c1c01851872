//! Logs on stderr: what operators read while it runs.

use tracing_subscriber::EnvFilter;

/// Starts logging: warnings by default, more with `-v`, or what `PATCHBAY_LOG` says.
pub(crate) fn start_log(verbose: u8) {
    let level = match verbose {
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    let filter = std::env::var("PATCHBAY_LOG").ok().and_then(|filter| EnvFilter::try_new(filter).ok());
    let filter = filter.unwrap_or_else(|| EnvFilter::new(level));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
}
