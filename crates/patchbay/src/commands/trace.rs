//! `patchbay trace`: every step of a conversation, from the log.

use crate::cli::Trace;
use crate::company::Ready;
use crate::failure::{Exit, Failure};
use patchbay_core::attachment;
use patchbay_core::event::{Event, Recorded};
use patchbay_core::id::ConversationId;
use patchbay_core::log::StreamId;
use patchbay_core::mind::MindStep;
use patchbay_core::port::Log;
use patchbay_core::words::Route;
use patchbay_rehearsal::as_test;
use serde_json::json;
use std::fmt::Write;

pub(crate) async fn run(trace: Trace) -> Result<(), Failure> {
    let id = ConversationId::parse(&trace.conversation)
        .ok_or_else(|| Failure::new(Exit::Usage, format!("'{}' is no conversation; they look like cnv_01k…", trace.conversation)))?;
    let ready = Ready::of(&trace.configured)?;
    let log = crate::running::open_log(&ready)?;
    let result = if trace.as_test { print_test(&*log, &id, &ready).await } else { print(&*log, &id, trace.json).await };
    log.close().await;
    result
}

/// Prints every step of a conversation.
///
/// # Errors
/// When there is no such conversation or the log cannot be read.
pub(crate) async fn print(log: &dyn Log, conversation: &ConversationId, as_json: bool) -> Result<(), Failure> {
    let mut after = 0;
    let mut began = None;
    loop {
        let page = log.read_stream(StreamId::conversation(conversation), after, 500).await.map_err(Failure::storage)?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        for recorded in &page {
            if as_json {
                println!(
                    "{}",
                    json!({ "seq": recorded.seq, "position": recorded.position, "at": recorded.at.to_string(), "event": recorded.event })
                );
            } else {
                if matches!(recorded.event, Event::TurnOpened { .. }) || began.is_none() {
                    began = Some(recorded.at);
                }
                let since = began.map_or(0, |began| recorded.at.since(began).as_millis());
                println!("{:>4} {since:>6} ms  {}", recorded.seq, line(recorded));
            }
        }
    }
    if began.is_none() && !as_json {
        return Err(Failure::new(Exit::CheckFailed, format!("there is no conversation {conversation} in this data folder")));
    }
    Ok(())
}

/// Prints a conversation as a test.
async fn print_test(log: &dyn Log, conversation: &ConversationId, ready: &Ready) -> Result<(), Failure> {
    let mut events: Vec<Recorded> = Vec::new();
    loop {
        let after = events.last().map_or(0, |last| last.seq);
        let page = log.read_stream(StreamId::conversation(conversation), after, 500).await.map_err(Failure::storage)?;
        if page.is_empty() {
            break;
        }
        events.extend(page);
    }
    let copied = as_test(&events, &ready.loaded.company, None).map_err(|error| Failure::new(Exit::CheckFailed, error))?;
    print!("{}", copied.file());
    Ok(())
}

/// One event in one line.
pub(crate) fn line(recorded: &Recorded) -> String {
    match &recorded.event {
        Event::ConversationOpened { session, language } => {
            format!("conversation opened by {} · {} · {} · {language}", session.visitor, session.level, session.channel)
        }
        Event::MessageReceived { text, by, masked, files, .. } => {
            let masked = if masked.is_empty() { String::new() } else { format!("  (masked: {})", masked.join(", ")) };
            let files = attachment::mention(files).map_or_else(String::new, |mention| format!("  ({mention})"));
            format!("message     {by:?}: {}{masked}{files}", text.get().map_or("(forgotten)", String::as_str))
        }
        Event::TurnOpened { turn, mind, rules, .. } => format!("turn        {turn} · {mind} · rules {}", rules.get(..8).unwrap_or(rules)),
        Event::MindAsked { occasion, .. } => {
            format!("mind asked  {}", occasion.get().map_or("(forgotten)".to_owned(), |occasion| short(&json!(occasion))))
        }
        Event::MindSpoke { step, .. } => format!("mind        {}", step.get().map_or("(forgotten)".to_owned(), step_line)),
        Event::CallStarted { tool, purpose, args, .. } => {
            format!("call        {tool} ({purpose}) {}", args.get().map_or("(forgotten)".to_owned(), |args| short(&json!(args))))
        }
        Event::CallAnswered { tool, outcome, refusal, rule, detail, kept, dropped, ms, cached, .. } => {
            let mut text = format!("answer      {tool}: {outcome} in {ms} ms");
            if *cached {
                text.push_str(" (kept answer)");
            }
            for (what, value) in [("refusal", refusal.map(|code| code.to_string())), ("rule", rule.clone()), ("detail", detail.clone())] {
                if let Some(value) = value {
                    let _ = write!(text, " · {what}: {value}");
                }
            }
            if !kept.is_empty() {
                let _ = write!(text, " · kept {} · dropped {}", kept.len(), dropped.len());
            }
            text
        }
        Event::PartReleased { text, facts, .. } => {
            format!("part        {}  [{}]", text.get().map_or("(forgotten)", String::as_str), facts.join(", "))
        }
        Event::Escalated { reason, rule, evidence, .. } => {
            format!("escalated   {reason} · {} · {}", rule.as_deref().unwrap_or("no rule"), short(&json!(evidence)))
        }
        Event::ReplyClosed { status, zone, refusal, .. } => {
            let refusal = refusal.as_ref().map_or(String::new(), |(code, tool)| format!(" · {code} ({tool})"));
            format!("closed      {status} · {zone}{refusal}")
        }
        other => format!("{:<11} {}", other.name(), short(&json!(other))),
    }
}

fn step_line(step: &MindStep) -> String {
    match step {
        MindStep::Understood(understanding) => {
            let ranked: Vec<String> = understanding.ranked.iter().map(|(label, score)| format!("{label} {score}‰")).collect();
            format!(
                "understood  {} → {} · {} · {} · scope {}‰ (from {}‰) · {}{}",
                understanding.skill.as_deref().unwrap_or("-"),
                understanding.route.map_or("-", Route::as_str),
                understanding.zone.map_or_else(|| "-".to_owned(), |zone| zone.to_string()),
                ranked.join(", "),
                understanding.out_of_scope,
                understanding.threshold,
                understanding.stage,
                known(&understanding.passages)
            )
        }
        other => short(&json!(other)),
    }
}

/// The passages that were looked up, where some were.
fn known(passages: &[(String, i64)]) -> String {
    let known: Vec<String> = passages.iter().take(3).map(|(id, score)| format!("{id} {score}‰")).collect();
    if known.is_empty() { String::new() } else { format!(" · knowledge {}", known.join(", ")) }
}

/// JSON on one line, cut where it gets long.
fn short(value: &serde_json::Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(160) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
