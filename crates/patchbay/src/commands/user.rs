//! `patchbay user`: who belongs to the staff, and the links that sign them in. There are no passwords to begin with.

use crate::cli::{Configured, User, Whom};
use crate::company::Ready;
use crate::failure::{Exit, Failure};
use crate::running::{office, open_log};
use patchbay_core::words::Role;
use patchbay_identity::staff::{Link, Member, Office, StaffRefused};
use serde_json::json;
use std::sync::Arc;

pub(crate) async fn run(user: User) -> Result<(), Failure> {
    match user {
        User::Add { name, email, roles, configured, json } => {
            let roles = read_roles(&roles)?;
            with_office(&configured, async |office, public_url| {
                let member = office.add(&name, email.as_deref(), &roles).await.map_err(refused)?;
                let link = office.start_link(&member.id).await.map_err(refused)?;
                show_link(&member, &link, public_url, json);
                Ok(())
            })
            .await
        }
        User::List { configured, json } => {
            with_office(&configured, async |office, _| {
                let members = office.all().await.map_err(refused)?;
                list(&members, json);
                Ok(())
            })
            .await
        }
        User::Link { whom } => {
            with_office(&whom.configured, async |office, public_url| {
                let member = office.find(&whom.who).await.map_err(refused)?;
                let link = office.start_link(&member.id).await.map_err(refused)?;
                show_link(&member, &link, public_url, whom.json);
                Ok(())
            })
            .await
        }
        User::Roles { whom, roles } => {
            let roles = read_roles(&roles)?;
            change(&whom, |member| (roles.clone(), member.active)).await
        }
        User::Disable { whom } => change(&whom, |member| (member.roles.iter().copied().collect(), false)).await,
        User::Enable { whom } => change(&whom, |member| (member.roles.iter().copied().collect(), true)).await,
    }
}

/// The link for the first admin, as long as nobody has ever signed in.
///
/// # Errors
/// When the log cannot be used.
pub(crate) async fn first(office: &Office, public_url: &str) -> Result<Option<String>, Failure> {
    let members = office.all().await.map_err(refused)?;
    if members.iter().any(|member| member.came) {
        return Ok(None);
    }
    let admin = members.into_iter().find(|member| member.active && member.roles.contains(&Role::Admin));
    let admin = match admin {
        Some(admin) => admin,
        // Who is first is everything: whoever comes later can be given less.
        None => office.add("Administrator", None, Role::ALL).await.map_err(refused)?,
    };
    let link = office.start_link(&admin.id).await.map_err(refused)?;
    Ok(Some(address(public_url, &link)))
}

/// A link for the demo's support agent, who may see everything.
///
/// # Errors
/// When the log cannot be used.
pub(crate) async fn demo_agent(office: &Office, public_url: &str) -> Result<String, Failure> {
    const EMAIL: &str = "aiko@halden.example";
    let aiko = match office.find(EMAIL).await {
        Err(StaffRefused::Unknown(_)) => office.add("Aiko", Some(EMAIL), Role::ALL).await,
        found => found,
    };
    let link = office.start_link(&aiko.map_err(refused)?.id).await.map_err(refused)?;
    Ok(address(public_url, &link))
}

/// Runs something in the office of a data folder that no server uses.
async fn with_office(configured: &Configured, work: impl AsyncFnOnce(&Office, &str) -> Result<(), Failure>) -> Result<(), Failure> {
    let ready = Ready::of(configured)?;
    let log = open_log(&ready)?;
    let done = match office(&ready, &log) {
        Ok(office) => work(&office, &ready.loaded.server.public_url).await,
        Err(failure) => Err(failure),
    };
    log.close().await;
    done
}

async fn change(whom: &Whom, to: impl FnOnce(&Member) -> (Vec<Role>, bool)) -> Result<(), Failure> {
    with_office(&whom.configured, async |office, _| {
        let member = office.find(&whom.who).await.map_err(refused)?;
        let (roles, active) = to(&member);
        list(&[office.change(&member.id, &roles, active).await.map_err(refused)?], whom.json);
        Ok(())
    })
    .await
}

fn read_roles(given: &[String]) -> Result<Vec<Role>, Failure> {
    let read = |text: &String| {
        Role::parse(text.trim()).ok_or_else(|| {
            let known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
            Failure::new(Exit::Usage, format!("there is no role '{text}'; roles are {}", known.join(", ")))
        })
    };
    given.iter().map(read).collect()
}

fn list(members: &[Arc<Member>], as_json: bool) {
    if as_json {
        let members: Vec<_> = members.iter().map(|member| shown(member)).collect();
        println!("{}", json!(members));
        return;
    }
    if members.is_empty() {
        println!("nobody yet; `patchbay user add NAME` adds somebody");
    }
    for member in members {
        let roles: Vec<&str> = member.roles.iter().map(|role| role.as_str()).collect();
        let state = if member.active { "" } else { "   (disabled)" };
        println!("{}  {:<24} {:<32} {}{state}", member.id, member.name, member.email.as_deref().unwrap_or("-"), roles.join(", "));
    }
}

fn shown(member: &Member) -> serde_json::Value {
    let roles: Vec<&str> = member.roles.iter().map(|role| role.as_str()).collect();
    json!({ "id": member.id, "name": member.name, "email": member.email, "roles": roles, "active": member.active, "signed_in_before": member.came })
}

fn show_link(member: &Member, link: &Link, public_url: &str, as_json: bool) {
    let address = address(public_url, link);
    if as_json {
        println!("{}", json!({ "user": shown(member), "link": address, "expires": link.expires.to_string() }));
    } else {
        println!("{} ({})", member.name, member.id);
        println!("{address}   works once, 30 min");
    }
}

fn address(public_url: &str, link: &Link) -> String {
    format!("{}/start?t={}", public_url.trim_end_matches('/'), link.token)
}

fn refused(refused: StaffRefused) -> Failure {
    let exit = if matches!(refused, StaffRefused::Log(_)) { Exit::Storage } else { Exit::CheckFailed };
    Failure::new(exit, refused)
}
