//! `cargo xtask kill`: is anything acknowledged lost, is anything done twice, when the process is killed under load?

mod once;
mod reconnect;
mod rounds;
mod verify;
mod visit;

use crate::failure::Failure;
use crate::project::Build;
use crate::tally::Tally;
use crate::town::Town;
use clap::Args;

/// How long to go on.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Kill {
    /// How often the process is killed.
    #[arg(long, default_value_t = 100)]
    pub(crate) rounds: u32,
    /// How often a live stream is cut and resumed.
    #[arg(long, default_value_t = 200)]
    pub(crate) reconnects: u32,
    /// Begins the sequence of delays before each kill; the same seed gives the same ones.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// Runs the three checks against the debug build, which must be there, and fails if one does.
pub(crate) fn run(kill: Kill) -> Result<(), Failure> {
    let tally = check(kill)?;
    println!("kill: {tally}");
    if tally.failed == 0 { Ok(()) } else { Err(Failure::new("something was lost, doubled or left open: see above")) }
}

/// The three checks, each counted as one.
pub(crate) fn check(kill: Kill) -> Result<Tally, Failure> {
    let mut folder = tempfile::Builder::new().prefix("patchbay-kill-").tempdir()?;
    let town = Town::start(Build::Debug, folder.path())?;
    let mut tally = Tally::default();
    let checks = [
        ("kill -9 under load", rounds::run(&town, folder.path(), kill)),
        ("one id five times", once::run(&town, folder.path())),
        ("live stream resumed", reconnect::run(&town, folder.path(), kill)),
    ];
    for (name, result) in checks {
        let passed = result.is_ok();
        match result {
            Ok(line) => println!("{name}: {line}"),
            Err(failure) => println!("{name}: FAILED\n{failure}"),
        }
        tally += Tally::one(passed);
    }
    if tally.failed > 0 {
        folder.disable_cleanup(true);
        println!("configuration, data folders and logs are kept in {}", folder.path().display());
    }
    Ok(tally)
}

/// A small sequence of numbers that look like chance: the same for the same seed, so that a run can be repeated.
pub(crate) struct Dice(u64);

impl Dice {
    /// Begins a sequence.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// The next number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        // xorshift64
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}
