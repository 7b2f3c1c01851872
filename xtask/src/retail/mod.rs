//! `cargo xtask retail`: plays the dialogues of the retail data set through the public HTTP API, and counts what came of them.

mod chat;
mod company;
mod dialogue;
mod play;
mod strangers;
mod table;
mod verdict;

use crate::command::{cargo, run as run_command};
use crate::failure::Failure;
use crate::project::{self, Build};
use company::Company;
use dialogue::Dialogue;
use play::{Manner, Played, play};
use std::path::{Path, PathBuf};
use strangers::Strangers;
use verdict::Verdict;

/// Kinds whose floors the tests assert, with the least share done in percent.
const FLOORS: [(&str, f64); 2] = [("cancel", 70.0), ("status", 60.0)];

/// What is measured, and how.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Arguments {
    /// Only dialogues of these kinds.
    #[arg(long, value_delimiter = ',', value_name = "KINDS")]
    kinds: Vec<String>,
    /// Only these dialogues.
    #[arg(long = "id", value_name = "ID")]
    ids: Vec<String>,
    /// Customers are not signed in and say who they are.
    #[arg(long)]
    by_words: bool,
    /// Every proposal is answered with what the customer would say without looking at it.
    #[arg(long)]
    blind: bool,
    /// Take the programs as they were built last.
    #[arg(long)]
    built: bool,
    /// Measure release builds.
    #[arg(long)]
    release: bool,
    /// Write every dialogue with its figures to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Print every dialogue that is not done.
    #[arg(short, long)]
    verbose: bool,
}

/// Measures and prints. Fails when a figure that must be zero is not.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let data = project::data().ok_or_else(|| Failure::new("PATCHBAY_DATA names no folder: it must hold `retail/dialogues.jsonl`"))?;
    let build = if arguments.release { Build::Release } else { Build::Debug };
    let flag = if arguments.release { vec!["--release"] } else { Vec::new() };
    if !arguments.built {
        run_command(&mut cargo(["build", "-q", "-p", "patchbay", "-p", "patchbay-world"].into_iter().chain(flag)))?;
    }
    let played = measure(&data, build, arguments)?;
    for one in played.iter().filter(|one| arguments.verbose && one.verdict != Verdict::Done) {
        println!("\n{} ({}): {:?}\n{}", one.id, one.kind, one.verdict, one.lines.join("\n"));
    }
    table::print(if arguments.by_words { "by words" } else { "signed in" }, &played);
    if let Some(file) = &arguments.json {
        std::fs::write(file, serde_json::to_string_pretty(&table::as_json(&played))?)?;
    }
    must_be_zero(&played)
}

/// Holds the floors of `cargo xtask test`, with programs that are built already. Gives one line with the shares.
pub(crate) fn hold_floors(data: &Path) -> Result<String, Failure> {
    let kinds = FLOORS.iter().map(|(kind, _)| (*kind).to_owned()).collect();
    let played = measure(data, Build::Debug, &Arguments { kinds, ..Arguments::default() })?;
    table::print("signed in", &played);
    must_be_zero(&played)?;
    let figures = table::by_kind(&played);
    let mut shares = Vec::new();
    for (kind, floor) in FLOORS {
        let share = figures.get(kind).map_or(0.0, table::Figures::share);
        if share < floor {
            return Err(Failure::new(format!("only {share:.1} % of the {kind} dialogues are done; the floor is {floor} %")));
        }
        shares.push(format!("{kind} {share:.1} %"));
    }
    Ok(shares.join(", "))
}

fn measure(data: &Path, build: Build, arguments: &Arguments) -> Result<Vec<Played>, Failure> {
    let wanted = |dialogue: &Dialogue| {
        (arguments.kinds.is_empty() || arguments.kinds.contains(&dialogue.kind))
            && (arguments.ids.is_empty() || arguments.ids.contains(&dialogue.id))
    };
    let dialogues: Vec<Dialogue> = dialogue::read_all(data)?.into_iter().filter(wanted).collect();
    let strangers = Strangers::read(data)?;
    let company = Company::start(data, build)?;
    let manner = Manner { by_words: arguments.by_words, blind: arguments.blind };
    let mut all = Vec::new();
    for dialogue in &dialogues {
        all.push(play(&company, dialogue, &strangers, manner).map_err(|failure| failure.while_doing(&dialogue.id))?);
    }
    company.stop()?;
    Ok(all)
}

fn must_be_zero(played: &[Played]) -> Result<(), Failure> {
    let all = table::together(played);
    if all.wrong_writes == 0 && all.leaks == 0 {
        return Ok(());
    }
    let bad = played.iter().filter(|one| one.wrong_writes > 0 || !one.leaks.is_empty());
    let named: Vec<String> = bad.map(|one| format!("{}: {} wrong writes, said {:?}", one.id, one.wrong_writes, one.leaks)).collect();
    Err(Failure::new(format!("these must be zero:\n{}", named.join("\n"))))
}
