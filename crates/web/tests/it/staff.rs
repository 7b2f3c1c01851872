//! The staff's doors: one-time links, the cookie, who may pass which door, brute force, rights that end.

use super::client::{Answer, Request};
use super::house::{House, PUBLIC_URL, SHOP};
use patchbay_core::id::StaffId;
use patchbay_core::words::Role;
use serde_json::json;
use std::time::Duration;

/// A member of the staff at a browser.
pub(crate) struct Agent {
    pub(crate) id: StaffId,
    pub(crate) cookie: String,
}

impl Agent {
    /// Somebody with these roles who has signed in with a link.
    pub(crate) async fn new(house: &House, name: &str, roles: &[Role]) -> Self {
        let member = house.office.add(name, None, roles).await.unwrap();
        let link = house.office.start_link(&member.id).await.unwrap();
        let answer = start(house, &link.token).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()["name"], name);
        let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        Self { id: member.id.clone(), cookie }
    }

    pub(crate) fn get(&self, house: &House, path: &str) -> Request {
        house.get(path).header("Cookie", self.cookie.as_str())
    }

    pub(crate) fn post(&self, house: &House, path: &str) -> Request {
        house.post(path).header("Cookie", self.cookie.as_str()).header("Patchbay-Desk", "1")
    }
}

async fn start(house: &House, token: &str) -> Answer {
    house.post("/v1/staff/start").header("Patchbay-Desk", "1").json(&json!({ "token": token })).send().await
}

#[tokio::test]
async fn a_link_signs_in_once_after_a_press_and_opening_the_page_uses_nothing_up() {
    let house = House::new().await;
    let member = house.office.add("Aiko", None, &[Role::Agent]).await.unwrap();
    let link = house.office.start_link(&member.id).await.unwrap();
    for _ in 0..3 {
        let page = house.get(&format!("/start?t={}", link.token)).send().await;
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
        assert!(!page.text().contains("<script>"), "no script stands in the page itself");
    }
    let answer = start(&house, &link.token).await;
    let cookie = answer.header("set-cookie").unwrap();
    for part in ["patchbay_staff=pd_", "HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert_eq!(answer.json()["roles"], json!(["agent"]));
    assert!(!answer.text().contains(&link.token));
    start(&house, &link.token).await.problem(410, "start_link_used");
    start(&house, "anything").await.problem(410, "start_link_used");
}

#[tokio::test]
async fn nobody_passes_without_a_session_a_role_or_the_desks_own_header() {
    let house = House::new().await;
    let agent = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let officer = Agent::new(&house, "Omar", &[Role::Officer]).await;
    house.get("/v1/desk/queue").send().await.problem(401, "staff_required");
    house.get("/v1/desk/queue").header("Cookie", "patchbay_staff=pd_forged").send().await.problem(401, "staff_required");
    assert_eq!(agent.get(&house, "/v1/desk/queue").send().await.status, 200);
    let missing = officer.get(&house, "/v1/desk/queue").send().await.problem(403, "role_missing");
    assert!(missing["detail"].as_str().unwrap().contains("agent or lead"));
    agent.get(&house, "/v1/desk/traces").send().await.problem(403, "role_missing");
    assert_eq!(officer.get(&house, "/v1/staff/me").send().await.status, 200);

    let bare = house.post("/v1/desk/next").header("Cookie", agent.cookie.as_str());
    bare.send().await.problem(403, "desk_header_missing");
    for foreign in ["https://evil.example", SHOP, "null"] {
        let request = agent.post(&house, "/v1/desk/next").header("Origin", foreign);
        request.send().await.problem(403, "origin_forbidden");
        let request = agent.get(&house, "/v1/desk/events").header("Origin", foreign);
        request.send().await.problem(403, "origin_forbidden");
    }
    assert_eq!(agent.post(&house, "/v1/desk/next").header("Origin", PUBLIC_URL).send().await.status, 200);
    // A customer's pass opens none of these doors.
    let visitor = house.visitor().await;
    house.get("/v1/desk/queue").visitor(&visitor).send().await.problem(401, "staff_required");
}

#[tokio::test]
async fn guessing_links_is_slowed_down() {
    let house = House::new().await;
    let mut refused = 0;
    for n in 0..15 {
        let answer = start(&house, &format!("guess-{n}")).await;
        if answer.status == 429 {
            answer.problem(429, "rate_limited");
            assert!(answer.header("retry-after").is_some());
            refused += 1;
        }
    }
    assert!(refused >= 4, "{refused}");
}

#[tokio::test]
async fn rights_end_at_once_when_they_are_taken_and_streams_within_a_minute() {
    let house = House::new().await;
    let agent = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let lead = Agent::new(&house, "Lena", &[Role::Lead]).await;
    assert_eq!(lead.get(&house, "/v1/desk/traces").send().await.status, 200);
    house.office.change(&lead.id, &[Role::Agent], true).await.unwrap();
    lead.get(&house, "/v1/desk/traces").send().await.problem(403, "role_missing");
    house.office.change(&agent.id, &[Role::Agent], false).await.unwrap();
    agent.get(&house, "/v1/desk/queue").send().await.problem(401, "staff_required");
    agent.get(&house, "/v1/desk/events").send().await.problem(401, "staff_required");
}

#[tokio::test]
async fn signing_out_and_lying_unused_end_a_session() {
    let house = House::new().await;
    let agent = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let answer = agent.post(&house, "/v1/staff/sign-out").send().await;
    assert_eq!(answer.status, 204);
    assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0"));
    agent.get(&house, "/v1/staff/me").send().await.problem(401, "staff_required");

    let agent = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    house.watch.advance(Duration::from_secs(11 * 3600));
    let renewed = agent.get(&house, "/v1/staff/me").send().await.header("set-cookie").unwrap().to_owned();
    house.watch.advance(Duration::from_secs(11 * 3600));
    agent.get(&house, "/v1/staff/me").send().await.problem(401, "staff_required");
    let kept = Agent { cookie: renewed.split(';').next().unwrap().to_owned(), ..agent };
    assert_eq!(kept.get(&house, "/v1/staff/me").send().await.status, 200);
}

#[tokio::test]
async fn pages_of_the_desk_are_one_shell_for_whoever_is_signed_in() {
    let house = House::new().await;
    let agent = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    for path in ["/desk", "/desk/c/cnv_1", "/desk/traces", "/desk/figures"] {
        let page = agent.get(&house, path).send().await;
        assert_eq!((page.status, page.text().contains("Desk")), (200, true), "{path}");
        assert!(page.header("content-security-policy").unwrap().contains("script-src 'self'"));
        let away = house.get(path).send().await;
        assert_eq!((away.status, away.header("location")), (303, Some(format!("/start?next={path}").as_str())));
    }
    let script = house.get("/desk/app.1a2b3c4d.js").send().await;
    assert_eq!((script.status, script.header("content-type")), (200, Some("text/javascript")));
}
