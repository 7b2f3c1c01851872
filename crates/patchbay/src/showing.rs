//! What the person at the terminal sees: the command's own words on stdout, logs on stderr.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use tracing_subscriber::EnvFilter;

/// Something could not be written, and somebody may still wait for it.
static LOST: AtomicBool = AtomicBool::new(false);

/// In this crate, in place of the standard one, which panics when the reader of a pipe has left (`patchbay knowledge list | head`).
macro_rules! println {
    () => { $crate::showing::write(::std::format_args!("\n")) };
    () => { $crate::showing::write(::std::format_args!("\n")) };
    ($($words:tt)*) => { $crate::showing::write(::std::format_args!("{}\n", ::std::format_args!($($words)*))) };
}

/// The same without the end of the line.
macro_rules! print {
    ($($words:tt)*) => { $crate::showing::write(::std::format_args!($($words)*)) };
}

/// Writes on stdout. What cannot be written is said once on stderr; the command goes on and fails at its end.
pub(crate) fn write(words: Arguments<'_>) {
    if let Err(error) = Stdout.write_fmt(words)
        && !LOST.swap(true, Ordering::Relaxed)
    {
        eprintln!("stdout cannot be written: {error}");
    }
}

/// Was something lost that somebody may still wait for?
pub(crate) fn lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// Stdout, without complaint when nobody reads it any more.
pub(crate) struct Stdout;

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match io::stdout().write(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(bytes.len()),
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match io::stdout().flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            flushed => flushed,
        }
    }
}

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
