//! `patchbay init`: five questions, and a configuration that is right.

use crate::asking::Asking;
use crate::cli::{Configured, Init};
use crate::company::Ready;
use crate::failure::{Exit, Failure};
use patchbay_onboard::{Start, start};
use std::path::Path;

pub(crate) fn run(init: &Init) -> Result<(), Failure> {
    let main = init.folder.join("patchbay.yaml");
    if main.exists() {
        return Err(Failure::new(Exit::Usage, format!("{} is there already; name another folder: patchbay init FOLDER", main.display())));
    }
    let asking = Asking::new(init.no_input);
    let given = |option: &Option<String>, question: &str, default: &str| option.clone().unwrap_or_else(|| asking.or(question, default));
    let answers = Start {
        name: match &init.name {
            Some(name) => name.clone(),
            None => asking.must("1/5  What is the company's name, as customers read it", "", "--name NAME")?,
        },
        language: given(&init.language, "2/5  In which language are its texts (BCP 47)", "en"),
        zone: given(&init.zone, "3/5  In which time zone does it work (IANA)", "UTC"),
        origins: origins(&given(
            &init.origin,
            "4/5  Which pages will show the widget (origins, with spaces between)",
            "http://localhost:8787",
        )),
        signs_in: match init.sign_in {
            Some(yes) => yes,
            None => asking
                .or("5/5  Do your pages sign customers in, so that they can sign a token for us? (yes, no)", "yes")
                .starts_with(['y', 'Y', 'j', 'J']),
        },
    };
    for (path, text) in start(&answers) {
        write(&init.folder.join(path), &text)?;
    }
    if answers.signs_in {
        secret(&init.folder.join("secrets/host"))?;
    }
    let configured = Configured { config: main.clone(), data: None };
    // What was answered may still be wrong: a zone that does not exist, an origin with a path.
    if let Err(failure) = Ready::of(&configured) {
        return Err(Failure::new(
            failure.exit,
            format!("{}\n\nThe files are in {}: correct the place and run patchbay check", failure.message, init.folder.display()),
        ));
    }
    let folder = init.folder.display();
    eprintln!("\n{folder} is ready. Next:");
    eprintln!("  cd {folder}");
    eprintln!("  patchbay backend add https://your-system.example/openapi.json   wire in a system");
    eprintln!("  patchbay check                                                  read everything, offline");
    eprintln!("  patchbay serve                                                  answer customers");
    Ok(())
}

fn origins(text: &str) -> Vec<String> {
    text.split([' ', ',']).map(|origin| origin.trim_end_matches('/')).filter(|origin| !origin.is_empty()).map(str::to_owned).collect()
}

/// Writes a file and the folders above it.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::new(Exit::Storage, format!("{} cannot be written: {error}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(path, text).map_err(failed)
}

/// A fresh secret that only this account may read.
fn secret(path: &Path) -> Result<(), Failure> {
    use std::fmt::Write as _;
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt;
    let failed = |error: std::io::Error| Failure::new(Exit::Storage, format!("{} cannot be written: {error}", path.display()));
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| Failure::new(Exit::Storage, format!("the system gives no randomness: {error}")))?;
    let text = bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)
}
