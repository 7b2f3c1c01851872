//! Messages whose intents are known, read from a file.

use crate::failure::{Exit, Failure};
use patchbay_config::nearest;
use patchbay_core::declare::Company;
use patchbay_engine::builtin::label_of;
use serde::Deserialize;
use std::path::Path;

/// What stands for «nobody's business here», beside an empty field.
const NONE: &str = "none";

/// A message and the label of the understanding that it belongs to.
pub(super) struct Labelled {
    pub(super) text: String,
    pub(super) label: Option<String>,
}

/// A line of the file.
#[derive(Deserialize)]
struct Line {
    text: String,
    #[serde(default)]
    intent: Option<String>,
}

/// Reads JSON Lines where the name ends like that, otherwise CSV.
///
/// # Errors
/// Every line that is wrong, with what to do.
pub(super) fn read(company: &Company, file: &Path) -> Result<Vec<Labelled>, Failure> {
    let content = std::fs::read_to_string(file).map_err(|error| wrong(file, &[format!("it cannot be read: {error}")]))?;
    let is_json = file.extension().is_some_and(|ending| ["jsonl", "ndjson", "json"].iter().any(|json| ending.eq_ignore_ascii_case(json)));
    let lines = if is_json { json_lines(&content) } else { csv_lines(&content) };
    let (mut read, mut problems) = (Vec::new(), Vec::new());
    for (number, line) in lines {
        match line.and_then(|line| labelled(company, line)) {
            Ok(labelled) => read.push(labelled),
            Err(problem) => problems.push(format!("line {number}: {problem}")),
        }
    }
    if problems.is_empty() { Ok(read) } else { Err(wrong(file, &problems)) }
}

type Numbered = Vec<(u64, Result<Line, String>)>;

fn json_lines(content: &str) -> Numbered {
    let lines = (1..).zip(content.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(number, line)| (number, serde_json::from_str(line).map_err(|error| error.to_string()))).collect()
}

fn csv_lines(content: &str) -> Numbered {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(content.as_bytes());
    let headers = reader.headers().cloned().unwrap_or_default();
    if !headers.iter().any(|header| header == "text") {
        return vec![(1, Err("there is no column 'text'; the first line must name the columns `text` and `intent`".to_owned()))];
    }
    let mut record = csv::StringRecord::new();
    let mut lines = Vec::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => return lines,
            Ok(true) => {
                let number = record.position().map_or(0, csv::Position::line);
                lines.push((number, record.deserialize(Some(&headers)).map_err(|error| error.to_string())));
            }
            Err(error) => {
                let number = error.position().map_or(0, csv::Position::line);
                lines.push((number, Err(error.to_string())));
            }
        }
    }
}

fn labelled(company: &Company, line: Line) -> Result<Labelled, String> {
    if line.text.trim().is_empty() {
        return Err("the text is empty".to_owned());
    }
    let label = match line.intent.as_deref().map(str::trim) {
        None | Some("" | NONE) => None,
        Some(name) => Some(label_of(company, name).ok_or_else(|| unknown(company, name))?),
    };
    Ok(Labelled { text: line.text, label })
}

fn unknown(company: &Company, name: &str) -> String {
    let names = company.skills.keys().chain(company.topics.keys()).map(String::as_str).chain(["knowledge", NONE]);
    let near = nearest(name, names).map(|near| format!("; did you mean '{near}'?")).unwrap_or_default();
    format!(
        "no skill and no topic is called '{name}'{near} Write 'knowledge' for what the knowledge answers, '{NONE}' for what is nobody's business here"
    )
}

fn wrong(file: &Path, problems: &[String]) -> Failure {
    let told: Vec<String> = problems.iter().map(|problem| format!("{}: {problem}", file.display())).collect();
    Failure::new(Exit::Usage, told.join("\n"))
}
