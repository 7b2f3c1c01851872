//! `patchbay ask`: one message as a customer, through the same driver as production.

use super::{trace, whose};
use crate::cli::Ask;
use crate::company::Ready;
use crate::failure::{Exit, Failure};
use crate::running::Running;
use patchbay_core::Session;
use patchbay_core::id::ConversationId;
use patchbay_core::reply::Reply;
use patchbay_service::{Inbound, Received};
use std::time::Duration;

/// Longer than any turn takes.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) async fn run(ask: Ask) -> Result<(), Failure> {
    #[cfg(feature = "demo")]
    if ask.demo {
        let company = crate::demo::Company::start(None).await?;
        let result = with(&ask, &company.ready()?).await;
        company.stop().await;
        return result;
    }
    let ready = Ready::of(&ask.configured)?;
    with(&ask, &ready).await
}

async fn with(ask: &Ask, ready: &Ready) -> Result<(), Failure> {
    let running = Running::start(ready)?;
    running.ears_ready().await;
    let result = answer(ask, ready, &running).await;
    running.stop().await;
    result
}

async fn answer(ask: &Ask, ready: &Ready, running: &Running) -> Result<(), Failure> {
    let session = whose::session(&running.secret, ask.customer.as_deref(), &ask.level)?;
    let (received, reply) = say(ask, running, &session).await?;
    let Some(reply) = reply else {
        return Err(Failure::new(
            Exit::CheckFailed,
            format!("{} was accepted, but no answer came within {} s", received.conversation, PATIENCE.as_secs()),
        ));
    };
    if ask.json {
        println!(
            "{}",
            serde_json::to_string_pretty(&patchbay_web::wire::Reply::from(reply))
                .map_err(|error| Failure::new(Exit::CheckFailed, error))?
        );
    } else {
        show(&reply, &ready.loaded.company.name);
    }
    if ask.trace {
        trace::print(&*running.log, &received.conversation, false).await?;
    }
    Ok(())
}

async fn say(ask: &Ask, running: &Running, session: &Session) -> Result<(Received, Option<Reply>), Failure> {
    let conversation = match &ask.conversation {
        Some(id) => ConversationId::parse(id)
            .ok_or_else(|| Failure::new(Exit::Usage, format!("'{id}' is no conversation; they look like cnv_01k…")))?,
        None => running.service.open(session, None).await.map_err(refused)?,
    };
    let inbound = Inbound { conversation, client: None, text: ask.text.clone(), picked: None, files: Vec::new() };
    let received = running.service.receive(session, inbound).await.map_err(refused)?;
    let reply = running.service.wait_reply(&received, PATIENCE).await.map_err(refused)?;
    Ok((received, reply))
}

fn refused(refused: patchbay_service::Refused) -> Failure {
    match refused {
        patchbay_service::Refused::StorageFull(_) | patchbay_service::Refused::Broken(_) => Failure::storage(refused),
        other => Failure::new(Exit::CheckFailed, other),
    }
}

/// The reply as a person reads it.
fn show(reply: &Reply, company: &str) {
    println!("{company}: {}", reply.text);
    for choice in reply.question.iter().flat_map(|question| &question.choices) {
        println!("  · {} [{}]", choice.label, choice.value);
    }
    for fact in &reply.facts {
        println!("  {} = {}  ({}, {} ms old)", fact.name, fact.value, fact.source, fact.age_ms);
    }
    for citation in &reply.citations {
        println!("  from {}  [{}]", citation.title, citation.id);
    }
    println!("{} · {} · {} ms · go on with --conversation {}", reply.status, reply.turn, reply.timings.whole_ms, reply.conversation);
}
