//! `patchbay tool`: the company's tools, listed and tried.

use super::whose;
use crate::cli::Tool;
use crate::company::Ready;
use crate::failure::{Exit, Failure};
use patchbay_core::declare::{self, Access};
use patchbay_core::fact::Released;
use patchbay_core::id::TurnId;
use patchbay_core::words::CallOutcome;
use patchbay_core::{Session, Value};
use patchbay_gate::{Actor, Admission, Request};
use patchbay_identity::InstanceSecret;
use patchbay_service::{Carrier, carry_out};
use patchbay_turn::{Answer, CallStart};
use serde_json::json;
use std::collections::BTreeMap;

pub(crate) async fn run(tool: Tool) -> Result<(), Failure> {
    match tool {
        Tool::List { configured, json } => list(&Ready::of(&configured)?, json),
        Tool::Try { tool, configured, customer, level, args, json } => {
            let ready = Ready::of(&configured)?;
            // Trying needs no data folder: the pseudonym of a customer tried here is never stored.
            let secret = InstanceSecret::new(vec![0; 32]).map_err(Failure::storage)?;
            let session = whose::session(&secret, customer.as_deref(), &level)?;
            try_one(&ready, &session, &tool, arguments(&args)?, json).await
        }
    }
}

fn list(ready: &Ready, as_json: bool) -> Result<(), Failure> {
    let tools = ready.loaded.company.tools.values();
    if as_json {
        let tools: Vec<_> = tools.collect();
        println!("{}", json!(tools));
        return Ok(());
    }
    for tool in tools {
        let access = match tool.access {
            Access::Read => "read",
            Access::Write => "write",
            Access::Lookup => "lookup",
        };
        let args: Vec<&str> = tool.args.iter().filter(|(_, arg)| arg.from.is_none()).map(|(name, _)| name.as_str()).collect();
        println!("{:<20} {access:<6} {:<10} {}.{}({})", tool.name, tool.auth.to_string(), tool.backend, tool.operation, args.join(", "));
        if !tool.describe.is_empty() {
            println!("{:<20} {}", "", tool.describe);
        }
    }
    Ok(())
}

fn arguments(given: &[String]) -> Result<BTreeMap<String, Value>, Failure> {
    let pair = |text: &String| match text.split_once('=') {
        Some((name, value)) => Ok((name.to_owned(), Value::text(value))),
        None => Err(Failure::new(Exit::Usage, format!("'{text}' is no argument; write NAME=VALUE"))),
    };
    given.iter().map(pair).collect()
}

/// Reads the tool's needs, then the tool, each through all doors of the gate.
async fn try_one(ready: &Ready, session: &Session, name: &str, args: BTreeMap<String, Value>, as_json: bool) -> Result<(), Failure> {
    let company = &ready.loaded.company;
    let Some(tool) = company.tools.get(name) else {
        let known: Vec<&str> = company.tools.keys().map(String::as_str).collect();
        return Err(Failure::new(Exit::Usage, format!("there is no tool '{name}'; tools are {}", known.join(", "))));
    };
    if tool.access == Access::Write {
        return Err(Failure::new(
            Exit::Usage,
            format!("'{name}' writes; try it in a conversation, where its effect is shown and confirmed: patchbay ask … --as CUSTOMER"),
        ));
    }
    let mut facts = BTreeMap::new();
    let mut last = None;
    for step in in_order(company, name) {
        let answer = call(ready, session, step, &args, &facts).await?;
        let failed = answer.outcome != CallOutcome::Ok;
        if let Some(released) = &answer.released {
            facts.insert(step.name.clone(), released.clone());
        }
        show(step, &answer, as_json);
        last = Some(answer);
        if failed {
            break;
        }
    }
    match last {
        Some(answer) if answer.outcome == CallOutcome::Ok => Ok(()),
        Some(answer) => Err(Failure::new(Exit::CheckFailed, format!("'{name}' ended with {}", answer.outcome))),
        None => Ok(()),
    }
}

/// Tries a reading tool as this customer, who is taken to be signed in.
pub(super) async fn try_as(ready: &Ready, customer: &str, name: &str, args: &[String]) -> Result<(), Failure> {
    let secret = InstanceSecret::new(vec![0; 32]).map_err(Failure::storage)?;
    let session = whose::session(&secret, Some(customer), "identified")?;
    try_one(ready, &session, name, arguments(args)?, false).await
}

/// A tool after everything it needs.
fn in_order<'a>(company: &'a declare::Company, name: &str) -> Vec<&'a declare::Tool> {
    let mut order: Vec<&declare::Tool> = Vec::new();
    visit(company, name, &mut order);
    order
}

fn visit<'a>(company: &'a declare::Company, name: &str, order: &mut Vec<&'a declare::Tool>) {
    let Some(tool) = company.tools.get(name).filter(|tool| !order.iter().any(|seen| seen.name == tool.name)) else { return };
    for need in &tool.needs {
        visit(company, need, order);
    }
    order.push(tool);
}

async fn call(
    ready: &Ready,
    session: &Session,
    tool: &declare::Tool,
    args: &BTreeMap<String, Value>,
    facts: &BTreeMap<String, Released>,
) -> Result<Answer, Failure> {
    let args: BTreeMap<String, Value> = args
        .iter()
        .filter(|(name, _)| tool.args.get(*name).is_some_and(|arg| arg.from.is_none()))
        .map(|(n, v)| (n.clone(), v.clone()))
        .collect();
    let customer = BTreeMap::new();
    let admission = ready.house.gate.admit(&Request {
        tool: &tool.name,
        args: &args,
        session,
        customer: &customer,
        facts,
        used: &[],
        confirmed: None,
        tools_allowed: None,
        now: ready.clock.now(),
        by: Actor::Try,
    });
    let admitted = match admission {
        Admission::Admitted(admitted) => admitted,
        other => return Ok(Answer::none(CallOutcome::Refused, format!("{other:?}"))),
    };
    let carrier = Carrier { backends: ready.connectors.clone(), house: ready.house.clone() };
    let within = ready.loaded.company.backends.get(&tool.backend).map(|backend| backend.limits.timeout).unwrap_or_default();
    let start = CallStart {
        call: TurnId::from_bits(0).call(0),
        tool: tool.name.clone(),
        admitted,
        operation_id: None,
        within,
        fresh: true,
        session: session.clone(),
        facts: facts.clone(),
        customer,
    };
    Ok(carry_out(&carrier, &start).await)
}

fn show(tool: &declare::Tool, answer: &Answer, as_json: bool) {
    let released = answer.released.as_ref();
    let kept = released.map(|released| released.kept.clone()).unwrap_or_default();
    let dropped = released.map(|released| released.dropped.clone()).unwrap_or_default();
    let value = released.map(|released| released.value.to_json());
    if as_json {
        println!(
            "{}",
            json!({ "tool": tool.name, "outcome": answer.outcome, "ms": answer.ms, "refusal": answer.refusal, "rule": answer.rule,
                    "detail": answer.detail, "value": value, "kept": kept, "dropped": dropped })
        );
        return;
    }
    println!("{} → {}.{}: {} in {} ms", tool.name, tool.backend, tool.operation, answer.outcome, answer.ms);
    for (what, text) in [("rule", &answer.rule), ("detail", &answer.detail)] {
        if let Some(text) = text {
            println!("  {what:<8} {text}");
        }
    }
    if let Some(value) = value {
        println!("  kept     {value:#}");
    }
    if !dropped.is_empty() {
        println!("  dropped  {}", dropped.join(", "));
    }
}
