//! Accounts over the wire: a password with a code, tries that run out, and admins who say who works here.

use super::house::House;
use super::staff::Agent;
use patchbay_core::Clock;
use patchbay_core::words::Role;
use patchbay_factors::CodeSecret;
use serde_json::{Value, json};
use std::time::Duration;

const PASSWORD: &str = "a long walk by the harbour";

/// Aiko with a password and a code app; the next code is one that nobody used.
async fn aiko(house: &House) -> (Agent, CodeSecret) {
    let aiko = Agent::new(house, "Aiko", &[Role::Agent]).await;
    let offer = aiko.post(house, "/v1/staff/me/code").json(&json!({})).send().await.json();
    let secret = CodeSecret::read(offer["secret"].as_str().unwrap()).unwrap();
    assert!(offer["link"].as_str().unwrap().starts_with("otpauth://totp/"));
    let wrong = json!({ "secret": secret.as_str(), "code": "000000" });
    assert_eq!(aiko.post(house, "/v1/staff/me/code/app").json(&wrong).send().await.problem(400, "field_invalid")["field"], "/code");
    let right = json!({ "secret": secret.as_str(), "code": secret.code(house.watch.now()).unwrap(), "label": "phone" });
    let me = aiko.post(house, "/v1/staff/me/code/app").json(&right).send().await;
    assert_eq!((me.status, me.json()["factors"][0]["label"].clone()), (201, json!("phone")));
    house.watch.advance(Duration::from_secs(31));
    (aiko, secret)
}

async fn sign_in(house: &House, email: &str, password: &str, code: &str) -> super::client::Answer {
    let body = json!({ "email": email, "password": password, "code": code });
    house.post("/v1/staff/sign-in/password").header("Patchbay-Desk", "1").json(&body).send().await
}

#[tokio::test]
async fn a_password_with_a_code_opens_the_desk() {
    let house = House::new().await;
    let member = house.office.add("Jun", Some("jun@example.com"), &[Role::Lead]).await.unwrap();
    house.office.set_password(&member.id, PASSWORD).await.unwrap();
    let secret = house.office.code_secret();
    house.office.add_code(&member.id, secret.clone(), &secret.code(house.watch.now()).unwrap(), "phone").await.unwrap();
    house.watch.advance(Duration::from_secs(31));
    let code = secret.code(house.watch.now()).unwrap();
    sign_in(&house, "jun@example.com", "not the password", &code).await.problem(401, "sign_in_wrong");
    sign_in(&house, "nobody@example.com", PASSWORD, &code).await.problem(401, "sign_in_wrong");
    let signed = sign_in(&house, "jun@example.com", PASSWORD, &code).await;
    assert_eq!((signed.status, signed.json()["name"].clone()), (200, json!("Jun")));
    let cookie = signed.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(house.get("/v1/staff/me").header("Cookie", cookie.as_str()).send().await.status, 200);
    sign_in(&house, "jun@example.com", PASSWORD, &code).await.problem(401, "sign_in_wrong");
}

#[tokio::test]
async fn an_account_takes_ten_tries_and_then_rests() {
    let house = House::new().await;
    house.office.add("Jun", Some("jun@example.com"), &[Role::Lead]).await.unwrap();
    for _ in 0..10 {
        sign_in(&house, "jun@example.com", "guess after guess", "123456").await.problem(401, "sign_in_wrong");
        // From many addresses, as it were: the pace of one address is not what is tested.
        house.watch.advance(Duration::from_secs(7));
    }
    let locked = sign_in(&house, " JUN@example.com", "guess after guess", "123456").await;
    locked.problem(429, "rate_limited");
    assert!(locked.header("retry-after").unwrap().parse::<u64>().unwrap() > 600, "half an hour, not seconds");
}

#[tokio::test]
async fn a_weak_password_is_not_taken_and_the_last_factor_stays() {
    let house = House::new().await;
    let (aiko, _) = aiko(&house).await;
    let set = |password: &str| {
        house
            .request("PUT", "/v1/staff/me/password")
            .header("Cookie", aiko.cookie.as_str())
            .header("Patchbay-Desk", "1")
            .json(&json!({ "password": password }))
    };
    assert_eq!(set("short").send().await.problem(400, "field_invalid")["field"], "/password");
    assert_eq!(set(PASSWORD).send().await.status, 204);
    let me = aiko.get(&house, "/v1/staff/me").send().await.json();
    let factor = me["factors"][0]["id"].as_str().unwrap();
    let remove = house.request("DELETE", &format!("/v1/staff/me/factors/{factor}")).header("Cookie", aiko.cookie.as_str());
    remove.header("Patchbay-Desk", "1").send().await.problem(409, "staff_conflict");
}

#[tokio::test]
async fn passkeys_are_offered_where_browsers_allow_them() {
    // The house of these tests stands at an address without TLS.
    let house = House::new().await;
    house.post("/v1/staff/sign-in/passkey").header("Patchbay-Desk", "1").json(&json!({})).send().await.problem(409, "passkeys_impossible");
}

#[tokio::test]
async fn admins_say_who_works_here_and_nobody_else_does() {
    let house = House::new().await;
    let (admin, agent) = (Agent::new(&house, "Ada", &[Role::Admin]).await, Agent::new(&house, "Ben", &[Role::Agent]).await);
    agent.get(&house, "/v1/staff").send().await.problem(403, "role_missing");
    agent.post(&house, "/v1/staff").json(&json!({ "name": "Eve", "roles": ["admin"] })).send().await.problem(403, "role_missing");
    let new = json!({ "name": "Cleo", "email": "cleo@example.com", "roles": ["agent", "lead"] });
    let invited = admin.post(&house, "/v1/staff").json(&new).send().await;
    assert_eq!(invited.status, 201, "{}", invited.text());
    let invited = invited.json();
    let token = invited["link"].as_str().unwrap().split("t=").nth(1).unwrap().to_owned();
    let started = house.post("/v1/staff/start").header("Patchbay-Desk", "1").json(&json!({ "token": token })).send().await;
    assert_eq!(started.json()["roles"], json!(["agent", "lead"]));
    let cleo = started.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    admin.post(&house, "/v1/staff").json(&new).send().await.problem(409, "staff_conflict");
    let wrong = json!({ "name": "Dan", "roles": ["king"] });
    assert_eq!(admin.post(&house, "/v1/staff").json(&wrong).send().await.problem(400, "field_invalid")["field"], "/roles");

    let change = |id: &str, body: Value| {
        house.request("PATCH", &format!("/v1/staff/{id}")).header("Cookie", admin.cookie.as_str()).header("Patchbay-Desk", "1").json(&body)
    };
    let id = invited["member"]["id"].as_str().unwrap();
    assert_eq!(change(id, json!({ "active": false })).send().await.json()["active"], json!(false));
    house.get("/v1/staff/me").header("Cookie", cleo.as_str()).send().await.problem(401, "staff_required");
    change(admin.id.as_str(), json!({ "roles": ["agent"] })).send().await.problem(409, "staff_conflict");
    change("stf_nobody", json!({ "active": true })).send().await.problem(404, "not_found");
    let names: Vec<Value> =
        admin.get(&house, "/v1/staff").send().await.json()["data"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, [json!("Ada"), json!("Ben"), json!("Cleo")]);
}
