//! The staff through its office: links that work once, sessions that end, rights that go.

use super::{Count, NOW, Watch, secret};
use crate::staff::{Office, StaffRefused};
use patchbay_core::words::Role;
use patchbay_store::{Options, SqliteLog};
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

/// An office on a log of its own, with a second one beside it as another process would have it.
pub(super) struct House {
    pub(super) office: Office,
    pub(super) elsewhere: Office,
    pub(super) watch: Arc<Watch>,
    pub(super) _data: tempfile::TempDir,
}

pub(super) fn house() -> House {
    let data = tempfile::tempdir().unwrap();
    let watch = Watch::new();
    let chance = Arc::new(Count(AtomicI64::new(1)));
    let options = Options { reserve: 0, margin: 0, ..Options::default() };
    let log = Arc::new(SqliteLog::open(&data.path().join("data"), watch.clone(), chance.clone(), options).unwrap());
    let office = || Office::new(log.clone(), secret(), watch.clone(), chance.clone());
    House { office: office(), elsewhere: office(), watch, _data: data }
}

#[tokio::test]
async fn a_link_signs_in_once_and_only_for_half_an_hour() {
    let House { office, watch, _data, .. } = house();
    let aiko = office.add("Aiko", Some("aiko@example.com"), &[Role::Agent]).await.unwrap();
    let link = office.start_link(&aiko.id).await.unwrap();
    let signed = office.use_link(&link.token).await.unwrap();
    assert_eq!(signed.member.name, "Aiko");
    assert_eq!(office.use_link(&link.token).await, Err(StaffRefused::LinkUsed));
    assert_eq!(office.recognise(&signed.token).await.unwrap().member.id, aiko.id);

    let late = office.start_link(&aiko.id).await.unwrap();
    watch.set(NOW + 30 * 60);
    assert_eq!(office.use_link(&late.token).await, Err(StaffRefused::LinkUsed));
    assert_eq!(office.use_link("guessed").await, Err(StaffRefused::LinkUsed));
}

#[tokio::test]
async fn who_is_away_is_so_everywhere_until_they_come_back() {
    let House { office, elsewhere, watch, _data } = house();
    let aiko = office.add("Aiko", None, &[Role::Agent]).await.unwrap();
    assert!(!elsewhere.member(&aiko.id).await.unwrap().unwrap().away);
    assert!(office.set_away(&aiko.id, true).await.unwrap().away);
    assert!(office.member(&aiko.id).await.unwrap().unwrap().away);
    // Another process, or this one after a restart, has it from the log.
    watch.set(NOW + 60);
    assert!(elsewhere.member(&aiko.id).await.unwrap().unwrap().away);
    assert!(!elsewhere.set_away(&aiko.id, false).await.unwrap().away);
    assert!(!office.set_away(&aiko.id, false).await.unwrap().away, "said twice, it is the same");
    let nobody = patchbay_core::id::StaffId::parse("stf_nobody").unwrap();
    assert!(matches!(office.set_away(&nobody, true).await, Err(StaffRefused::Unknown(_))));
}

#[tokio::test]
async fn of_two_who_press_at_once_one_gets_in() {
    let House { office, elsewhere, _data, .. } = house();
    let aiko = office.add("Aiko", None, &[Role::Agent]).await.unwrap();
    let link = office.start_link(&aiko.id).await.unwrap();
    let (one, other) = tokio::join!(office.use_link(&link.token), elsewhere.use_link(&link.token));
    assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
}

#[tokio::test]
async fn a_session_ends_when_it_lies_unused_and_after_a_week() {
    let House { office, watch, _data, .. } = house();
    let aiko = office.add("Aiko", None, &[Role::Agent]).await.unwrap();
    let mut token = office.sign_in(&aiko.id, "test").await.unwrap().token;
    assert_eq!(office.recognise(&token).await.unwrap().renewed, None);
    for hour in 1..=15 {
        watch.set(NOW + hour * 11 * 3600);
        let recognised = office.recognise(&token).await.unwrap();
        token = recognised.renewed.unwrap();
    }
    watch.set(NOW + 7 * 24 * 3600);
    assert_eq!(office.recognise(&token).await, Err(StaffRefused::NotSignedIn), "a week is the most");
    let token = office.sign_in(&aiko.id, "test").await.unwrap().token;
    watch.set(NOW + 7 * 24 * 3600 + 12 * 3600);
    assert_eq!(office.recognise(&token).await, Err(StaffRefused::NotSignedIn), "twelve hours unused");
}

#[tokio::test]
async fn rights_end_within_a_minute_also_where_another_process_took_them() {
    let House { office, elsewhere, watch, _data, .. } = house();
    let aiko = office.add("Aiko", None, &[Role::Agent, Role::Lead]).await.unwrap();
    let token = elsewhere.sign_in(&aiko.id, "test").await.unwrap().token;
    office.change(&aiko.id, &[Role::Agent], true).await.unwrap();
    watch.set(NOW + 59);
    assert_eq!(elsewhere.recognise(&token).await.unwrap().member.roles, [Role::Agent].into());
    office.change(&aiko.id, &[Role::Agent], false).await.unwrap();
    watch.set(NOW + 118);
    assert_eq!(elsewhere.recognise(&token).await, Err(StaffRefused::NotSignedIn));
    office.change(&aiko.id, &[Role::Agent], true).await.unwrap();
    watch.set(NOW + 177);
    assert_eq!(elsewhere.recognise(&token).await, Err(StaffRefused::NotSignedIn), "who comes back signs in anew");
}

#[tokio::test]
async fn signing_out_ends_this_session_and_no_other() {
    let House { office, _data, .. } = house();
    let aiko = office.add("Aiko", None, &[Role::Agent]).await.unwrap();
    let here = office.sign_in(&aiko.id, "test").await.unwrap().token;
    let there = office.sign_in(&aiko.id, "test").await.unwrap().token;
    let session = office.recognise(&here).await.unwrap().session;
    office.sign_out(&aiko.id, Some(session)).await.unwrap();
    assert!(office.recognise(&here).await.is_err());
    assert!(office.recognise(&there).await.is_ok());
    office.sign_out(&aiko.id, None).await.unwrap();
    assert!(office.recognise(&there).await.is_err());
}

#[tokio::test]
async fn a_changed_token_is_nobodys() {
    let House { office, _data, .. } = house();
    let aiko = office.add("Aiko", None, &[Role::Agent]).await.unwrap();
    let token = office.sign_in(&aiko.id, "test").await.unwrap().token;
    for place in 0..token.len() {
        let mut changed = token.clone().into_bytes();
        changed[place] = if changed[place] == b'1' { b'2' } else { b'1' };
        assert_eq!(office.recognise(&String::from_utf8(changed).unwrap()).await, Err(StaffRefused::NotSignedIn), "byte {place}");
    }
}

#[tokio::test]
async fn an_address_belongs_to_one_person_and_finds_them() {
    let House { office, _data, .. } = house();
    let aiko = office.add("Aiko", Some("Aiko@Example.com"), &[Role::Agent]).await.unwrap();
    let again = office.add("Somebody", Some("aiko@example.com"), &[Role::Agent]).await;
    assert_eq!(again, Err(StaffRefused::EmailTaken("aiko@example.com".to_owned())));
    assert_eq!(office.find("AIKO@example.com").await.unwrap().id, aiko.id);
    assert_eq!(office.find("nobody@example.com").await, Err(StaffRefused::Unknown("nobody@example.com".to_owned())));
    for wrong in ["", "aiko", "@example.com", "a b@example.com"] {
        assert!(matches!(office.add("Aiko", Some(wrong), &[]).await, Err(StaffRefused::Invalid(_))), "{wrong}");
    }
    assert_eq!(office.all().await.unwrap().len(), 1);
}
