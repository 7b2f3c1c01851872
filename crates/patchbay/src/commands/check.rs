//! `patchbay check`: everything that is wrong with a configuration, offline.

use crate::cli::Check;
use crate::company::Ready;
use crate::failure::{Exit, Failure};
use serde_json::json;

pub(crate) fn run(check: &Check) -> Result<(), Failure> {
    let ready = match Ready::of(&check.configured) {
        Ok(ready) => ready,
        Err(failure) if check.json => {
            println!("{}", json!({ "ok": false, "problems": failure.message.lines().collect::<Vec<_>>() }));
            return Err(Failure::new(failure.exit, ""));
        }
        Err(failure) => return Err(failure),
    };
    crate::minds::check(&ready.house)?;
    if let Some(key) = &check.explain {
        return explain(&ready, key);
    }
    let company = &ready.loaded.company;
    let counts = [
        ("backends", company.backends.len()),
        ("tools", company.tools.len()),
        ("skills", company.skills.len()),
        ("texts", company.texts.len()),
    ];
    let warnings: Vec<String> = ready.loaded.warnings.iter().map(ToString::to_string).collect();
    if check.json {
        let counts: serde_json::Map<_, _> = counts.iter().map(|(what, n)| ((*what).to_owned(), json!(n))).collect();
        println!("{}", json!({ "ok": true, "digest": ready.loaded.digest, "counts": counts, "warnings": warnings }));
        return Ok(());
    }
    for warning in &warnings {
        println!("{warning}\n");
    }
    let counts: Vec<String> = counts.iter().map(|(what, n)| format!("{n} {what}")).collect();
    println!("{} is right: {}", check.configured.config.display(), counts.join(", "));
    Ok(())
}

fn explain(ready: &Ready, key: &str) -> Result<(), Failure> {
    let found = ready.loaded.origins.explain(key);
    if found.is_empty() {
        let nearest = ready.loaded.origins.nearest(key).map(|nearest| format!("; did you mean '{nearest}'?")).unwrap_or_default();
        return Err(Failure::new(Exit::CheckFailed, format!("nothing in the configuration is under '{key}'{nearest}")));
    }
    for origin in found {
        println!("{origin}");
    }
    Ok(())
}
