//! Host tokens: what is believed, and every way not to be.

use super::signer::{Signer, jwks};
use super::{NOW, Watch, secret};
use crate::{FetchKeys, HostDoor, NotUsable};
use patchbay_core::declare::{HostKeys, HostToken, Secret};
use patchbay_core::id::VisitorId;
use patchbay_core::words::Level;
use patchbay_core::{Clock, Timestamp};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const SHARED: &str = "a shared secret of at least 32 bytes";

fn declared(keys: HostKeys) -> HostToken {
    HostToken {
        keys,
        audience: "patchbay".to_owned(),
        issuer: Some("https://shop.example".to_owned()),
        max_age: Duration::from_secs(12 * 3600),
        customer: "$.sub".to_owned(),
        gives: Level::Identified,
    }
}

fn door(keys: HostKeys) -> HostDoor {
    HostDoor::new(&declared(keys), None, secret(), Watch::new()).unwrap()
}

fn shared() -> HostDoor {
    door(HostKeys::Shared(Secret::new(SHARED)))
}

fn claims() -> Value {
    json!({ "sub": "mika", "aud": "patchbay", "iss": "https://shop.example", "iat": NOW - 10, "exp": NOW + 600 })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

/// The reason in the log; the public text is checked to be the one everybody gets.
async fn refused(door: &HostDoor, token: &str) -> String {
    let error = door.session(token, None, "web").await.unwrap_err();
    assert_eq!(error.to_string(), crate::IdentityInvalid::missing().to_string());
    error.reason().to_owned()
}

#[tokio::test]
async fn a_good_token_makes_a_session_with_a_pseudonym() {
    let session = shared().session(&Signer::shared(SHARED).token(None, &claims()), None, "web").await.unwrap();
    let customer = session.customer.clone().unwrap();
    assert_eq!(customer.external.get().map(String::as_str), Some("mika"));
    assert!(!customer.id.as_str().contains("mika"));
    assert_eq!((session.level, session.until, session.channel.as_str()), (Level::Identified, Timestamp((NOW + 600) * 1000), "web"));

    let again = shared().session(&Signer::shared(SHARED).token(None, &claims()), None, "web").await.unwrap();
    assert_eq!(again, session, "the same customer is the same visitor and the same pseudonym");
    let visitor = VisitorId::parse("vis_b").unwrap();
    let browser = shared().session(&Signer::shared(SHARED).token(None, &claims()), Some(visitor.clone()), "web").await.unwrap();
    assert_eq!((browser.visitor, browser.customer), (visitor, session.customer));
}

#[tokio::test]
async fn every_kind_of_public_key_is_accepted_as_jwks_and_as_pem() {
    for signer in [Signer::rsa(), Signer::p256(), Signer::ed()] {
        let token = signer.token(Some("one"), &claims());
        for document in [jwks(&[signer.jwk("one")]), signer.pem()] {
            door(HostKeys::Document(document)).session(&token, None, "web").await.unwrap();
        }
    }
}

#[tokio::test]
async fn claims_that_do_not_hold_are_refused() {
    let old = json!(NOW - 12 * 3600);
    for (claims, reason) in [
        (with("aud", json!("another")), "wrong audience"),
        (with("aud", json!(["a", "b"])), "wrong audience"),
        (without("aud"), "wrong audience"),
        (with("iss", json!("https://evil.example")), "wrong issuer"),
        (without("iss"), "wrong issuer"),
        (with("exp", json!(NOW)), "expired"),
        (with("exp", json!("soon")), "`exp` is no time"),
        (with("exp", json!(null)), "`exp` is no time"),
        (with("exp", json!(i64::MAX)), "`exp` is no time"),
        (with("iat", old), "older than `max_age`"),
        (with("iat", json!(NOW + 61)), "issued in the future"),
        (without("iat"), "no `iat`, so its age is not known"),
        (with("nbf", json!(NOW + 61)), "not valid yet"),
        (with("sub", json!("")), "the customer claim is empty, too long or holds control characters"),
        (with("sub", json!({ "id": 1 })), "the customer claim is not exactly one text or whole number"),
        (without("sub"), "the customer claim is not exactly one text or whole number"),
    ] {
        assert_eq!(refused(&shared(), &Signer::shared(SHARED).token(None, &claims)).await, reason, "{claims}");
    }
    for claims in [with("aud", json!(["other", "patchbay"])), with("iat", json!(NOW + 59)), without("exp"), with("sub", json!(4711))] {
        shared().session(&Signer::shared(SHARED).token(None, &claims), None, "web").await.unwrap();
    }
}

#[tokio::test]
async fn a_token_cannot_choose_how_it_is_checked() {
    let rsa = Signer::rsa();
    let public = door(HostKeys::Document(rsa.pem()));
    // The classic: the public key used as an HMAC secret.
    assert_eq!(refused(&public, &Signer::shared(&rsa.pem()).token(None, &claims())).await, "no key of ours fits its algorithm and key id");
    for name in ["none", "None", "HS512", ""] {
        let token = Signer::shared(SHARED).with_header(&json!({ "alg": name }), &claims());
        assert_eq!(refused(&shared(), &token).await, "its algorithm is not RS256, ES256, EdDSA or HS256");
        let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
        assert_eq!(refused(&shared(), &unsigned).await, "its algorithm is not RS256, ES256, EdDSA or HS256");
    }
    let critical = Signer::shared(SHARED).with_header(&json!({ "alg": "HS256", "crit": ["b64"], "b64": false }), &claims());
    assert_eq!(refused(&shared(), &critical).await, "it has critical extensions (`crit`) we do not know");
    assert_eq!(refused(&public, &Signer::rsa().token(None, &claims())).await, "wrong signature");
    let good = Signer::shared(SHARED).token(None, &claims());
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (header, _) = message.split_once('.').unwrap();
    let payload = Signer::shared(SHARED).token(None, &with("sub", json!("bob")));
    let swapped = format!("{header}.{}.{signature}", payload.split('.').nth(1).unwrap());
    assert_eq!(refused(&shared(), &swapped).await, "wrong signature");
    for garbage in ["", "a", "a.b", "a.b.c", "....", &format!("{good}.x"), &"x".repeat(9000)] {
        refused(&shared(), garbage).await;
    }
}

#[tokio::test]
async fn a_secret_in_a_document_or_a_short_one_is_no_key() {
    let document = jwks(&[Signer::shared(SHARED).jwk("s"), Signer::ed().jwk("e")]);
    assert_eq!(
        refused(&door(HostKeys::Document(document)), &Signer::shared(SHARED).token(Some("s"), &claims())).await,
        "no key of ours fits its algorithm and key id"
    );
    let short = HostDoor::new(&declared(HostKeys::Shared(Secret::new("short"))), None, secret(), Watch::new());
    assert_eq!(short.err(), Some(NotUsable::ShortSecret(5)));
    for document in ["", "{}", "{\"keys\": []}", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"] {
        let none = HostDoor::new(&declared(HostKeys::Document(document.to_owned())), None, secret(), Watch::new());
        assert!(matches!(none.err(), Some(NotUsable::NoKeys(_))), "{document}");
    }
}

/// A host whose published keys can be exchanged, and how often they were fetched.
fn published(document: String) -> (Arc<Mutex<String>>, Arc<AtomicUsize>, FetchKeys) {
    let (document, fetched) = (Arc::new(Mutex::new(document)), Arc::new(AtomicUsize::new(0)));
    let (text, count) = (document.clone(), fetched.clone());
    let fetch: FetchKeys = Arc::new(move || {
        count.fetch_add(1, Ordering::Relaxed);
        let text = text.lock().unwrap().clone();
        Box::pin(async move { if text.is_empty() { Err("connection refused".to_owned()) } else { Ok(text) } })
    });
    (document, fetched, fetch)
}

#[tokio::test]
async fn keys_behind_a_url_follow_a_rotation_without_hammering_the_host() {
    let (first, second) = (Signer::ed(), Signer::p256());
    let (document, fetched, fetch) = published(String::new());
    let watch = Watch::new();
    let clock: Arc<dyn Clock> = watch.clone();
    let url = HostKeys::Url("https://shop.example/jwks".to_owned());
    let door = HostDoor::new(&declared(url), Some(fetch), secret(), clock).unwrap();
    let token = first.token(Some("one"), &claims());

    assert_eq!(refused(&door, &token).await, "the host's keys could not be fetched yet");
    *document.lock().unwrap() = jwks(&[first.jwk("one")]);
    assert_eq!(refused(&door, &token).await, "the host's keys could not be fetched yet", "not again so soon");
    watch.set(NOW + 30);
    door.session(&token, None, "web").await.unwrap();
    assert_eq!(fetched.load(Ordering::Relaxed), 2);

    *document.lock().unwrap() = jwks(&[second.jwk("two")]);
    let rotated = second.token(Some("two"), &claims());
    watch.set(NOW + 60);
    door.session(&rotated, None, "web").await.unwrap();
    assert_eq!(refused(&door, &token).await, "no key of ours fits its algorithm and key id");
    for kid in 0..100 {
        refused(&door, &second.token(Some(&kid.to_string()), &claims())).await;
    }
    assert_eq!(fetched.load(Ordering::Relaxed), 3, "invented key ids do not reach the host");

    *document.lock().unwrap() = String::new();
    watch.set(NOW + 500);
    door.session(&rotated, None, "web").await.unwrap();
    assert_eq!(fetched.load(Ordering::Relaxed), 3, "known keys are believed without asking");

    *document.lock().unwrap() = jwks(&[first.jwk("one")]);
    watch.set(NOW - 5);
    door.session(&token, None, "web").await.unwrap();
    assert_eq!(fetched.load(Ordering::Relaxed), 4, "a clock that was set back does not keep us from asking");
}

#[tokio::test]
async fn a_withdrawn_key_stops_counting() {
    let (first, second) = (Signer::ed(), Signer::ed());
    let (document, _, fetch) = published(jwks(&[first.jwk("one")]));
    let watch = Watch::new();
    let clock: Arc<dyn Clock> = watch.clone();
    let door = HostDoor::new(&declared(HostKeys::Url("u".to_owned())), Some(fetch), secret(), clock).unwrap();
    let token = first.token(Some("one"), &with("exp", json!(NOW + 4000)));
    door.session(&token, None, "web").await.unwrap();
    *document.lock().unwrap() = jwks(&[second.jwk("two")]);
    door.session(&token, None, "web").await.unwrap();
    watch.set(NOW + 15 * 60);
    assert_eq!(refused(&door, &token).await, "no key of ours fits its algorithm and key id");
}
