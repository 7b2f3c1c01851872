//! Accounts: a password with a code of an app; one way in that nobody guesses, and none that is left by mistake.

use super::staff::{House, house};
use super::{NOW, Watch};
use crate::staff::{Office, StaffRefused};
use patchbay_core::words::Role;
use patchbay_core::{Clock, Timestamp};
use patchbay_factors::CodeSecret;
use std::sync::Arc;

const PASSWORD: &str = "a long walk by the harbour";

/// Aiko with a password and a code app, at the next half minute.
async fn aiko(office: &Office, watch: &Watch) -> (patchbay_core::id::StaffId, CodeSecret) {
    let aiko = office.add("Aiko", Some("aiko@example.com"), &[Role::Agent]).await.unwrap();
    office.set_password(&aiko.id, PASSWORD).await.unwrap();
    let secret = office.code_secret();
    office.add_code(&aiko.id, secret.clone(), &code(&secret, watch.now()), "phone").await.unwrap();
    watch.set(NOW + 30);
    (aiko.id.clone(), secret)
}

fn code(secret: &CodeSecret, now: Timestamp) -> String {
    secret.code(now).unwrap()
}

#[tokio::test]
async fn a_password_with_its_code_signs_in_once_for_each_code() {
    let House { office, watch, _data, .. } = house();
    let (id, secret) = aiko(&office, &watch).await;
    let now = code(&secret, watch.now());
    let signed = office.sign_in_with_code(" Aiko@Example.com ", PASSWORD, &now).await.unwrap();
    assert_eq!(office.recognise(&signed.token).await.unwrap().member.id, id);
    assert_eq!(office.sign_in_with_code("aiko@example.com", PASSWORD, &now).await.map(drop), Err(StaffRefused::WrongProof));
    watch.set(NOW + 60);
    assert!(office.sign_in_with_code("aiko@example.com", PASSWORD, &code(&secret, watch.now())).await.is_ok());
}

#[tokio::test]
async fn of_two_with_the_same_code_one_gets_in() {
    let House { office, elsewhere, watch, _data } = house();
    let (_, secret) = aiko(&office, &watch).await;
    let now = code(&secret, watch.now());
    let sign_in = |office: &Office| {
        let (office, now) = (office.clone(), now.clone());
        async move { office.sign_in_with_code("aiko@example.com", PASSWORD, &now).await.is_ok() }
    };
    let (one, other) = tokio::join!(sign_in(&office), sign_in(&elsewhere));
    assert_eq!(usize::from(one) + usize::from(other), 1);
}

#[tokio::test]
async fn whatever_is_wrong_is_answered_alike() {
    let House { office, watch, _data, .. } = house();
    let (id, secret) = aiko(&office, &watch).await;
    let now = code(&secret, watch.now());
    let wrong = |email: &'static str, password: &'static str, code: String| {
        let office = office.clone();
        async move { office.sign_in_with_code(email, password, &code).await.map(drop) }
    };
    for (email, password, code) in [
        ("nobody@example.com", PASSWORD, now.clone()),
        ("aiko@example.com", "another long sentence", now.clone()),
        ("aiko@example.com", PASSWORD, "000000".to_owned()),
        ("aiko@example.com", PASSWORD, String::new()),
    ] {
        assert_eq!(wrong(email, password, code).await, Err(StaffRefused::WrongProof));
    }
    office.change(&id, &[Role::Agent], false).await.unwrap();
    assert_eq!(wrong("aiko@example.com", PASSWORD, now).await, Err(StaffRefused::WrongProof), "who left stays out");
}

#[tokio::test]
async fn a_password_alone_lets_nobody_in() {
    let House { office, _data, .. } = house();
    let jun = office.add("Jun", Some("jun@example.com"), &[Role::Lead]).await.unwrap();
    office.set_password(&jun.id, PASSWORD).await.unwrap();
    assert_eq!(office.sign_in_with_code("jun@example.com", PASSWORD, "").await.map(drop), Err(StaffRefused::WrongProof));
}

#[tokio::test]
async fn the_last_factor_stays() {
    let House { office, watch, _data, .. } = house();
    let (id, _) = aiko(&office, &watch).await;
    let member = office.member(&id).await.unwrap().unwrap();
    let only = member.factors[0].id.clone();
    assert_eq!(office.remove_factor(&id, &only).await.map(drop), Err(StaffRefused::LastFactor));
    let second = office.code_secret();
    office.add_code(&id, second.clone(), &code(&second, watch.now()), "").await.unwrap();
    let left = office.remove_factor(&id, &only).await.unwrap();
    assert_eq!(left.factors.iter().map(|factor| factor.label.as_str()).collect::<Vec<_>>(), ["code"]);
    assert!(!Arc::ptr_eq(&left, &member));
}

#[tokio::test]
async fn a_device_knows_people_by_a_name_that_says_nothing() {
    let House { office, _data, .. } = house();
    let aiko = office.add("Aiko", None, &[Role::Agent]).await.unwrap();
    let handle = office.handle(&aiko.id);
    assert_eq!(office.of_handle(handle).await.unwrap().map(|member| member.id.clone()), Some(aiko.id.clone()));
    assert_eq!(office.of_handle(uuid::Uuid::nil()).await.unwrap(), None);
}
