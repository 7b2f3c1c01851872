//! Bad input to writes, through the desk's doors and through the chat: amounts, limits, addresses, states, and two who decide at once
//! (rows 57 to 60, 64 and 65 of the promises).

use super::client::Answer;
use super::house::{House, SHARED, host_token};
use super::staff::Agent;
use patchbay_config::{Memory, load_from};
use patchbay_core::Timestamp;
use patchbay_core::port::{Backends, CallFailure, CallOrder, Later, RawAnswer};
use patchbay_core::words::Role;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, Mutex};

/// A ledger that does whatever it is told, and remembers it.
#[derive(Default)]
struct Ledger(Mutex<Vec<String>>);

impl Ledger {
    /// What was really changed.
    fn effects(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Backends for Ledger {
    fn call(&self, order: CallOrder) -> Later<'_, Result<RawAnswer, CallFailure>> {
        if order.write {
            self.0.lock().unwrap().push(order.operation.clone());
        }
        let id = order.args.get("invoice_id").cloned().unwrap_or_default();
        let state = if id == "INV-002" { "paid" } else { "open" };
        let body = json!({ "id": id, "state": state, "paid": 30.00, "customer": "mika", "name": "Mika" });
        let answer = RawAnswer { body, fetched_at: Timestamp(1_795_183_200_000), ms: 1, cached: false };
        Box::pin(async move { Ok(answer) })
    }
}

struct Bank {
    house: House,
    ledger: Arc<Ledger>,
    aiko: Agent,
    jun: Agent,
    conversation: String,
}

impl Bank {
    /// A bank in which Mika has said hello.
    async fn new() -> Self {
        let files = Memory::new([("bank.yaml", include_str!("money.yaml")), ("ledger.json", "{}")]);
        let loaded =
            load_from(Path::new("bank.yaml"), &files, &|_| Some(SHARED.to_owned())).unwrap_or_else(|problems| panic!("{problems}"));
        let ledger = Arc::new(Ledger::default());
        let house = House::of(loaded.company, ledger.clone()).await;
        let aiko = Agent::new(&house, "Aiko", &[Role::Agent]).await;
        let jun = Agent::new(&house, "Jun", &[Role::Agent]).await;
        let opened = house.post("/v1/conversations").host(&host_token("mika")).send().await;
        let conversation = opened.header("location").unwrap().trim_start_matches("/v1/conversations/").to_owned();
        let bank = Self { house, ledger, aiko, jun, conversation };
        bank.says("hello").await;
        bank
    }

    /// Mika says something; the reply.
    async fn says(&self, text: &str) -> Value {
        let messages = self.house.post(&format!("/v1/conversations/{}/messages", self.conversation)).host(&host_token("mika"));
        let answer = messages.header("Prefer", "wait=10").json(&json!({ "text": text })).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// Mika says yes to a card; the reply.
    async fn confirms(&self, card: &Value) -> Value {
        let path = format!("/v1/conversations/{}/actions/{}", self.conversation, card["id"].as_str().unwrap());
        let yes = self.house.post(&path).host(&host_token("mika")).header("Prefer", "wait=10");
        let answer = yes.json(&json!({ "decision": "yes", "digest": card["digest"] })).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    async fn post(&self, agent: &Agent, what: &str, body: Value) -> Answer {
        agent.post(&self.house, &format!("/v1/desk/conversations/{}/{what}", self.conversation)).json(&body).send().await
    }

    /// Aiko prepares a write.
    async fn prepares(&self, tool: &str, args: Value) -> Answer {
        self.post(&self.aiko, "actions", json!({ "tool": tool, "args": args })).await
    }
}

#[tokio::test]
async fn an_amount_that_cannot_be_is_refused_with_its_reason() {
    let bank = Bank::new().await;
    for (amount, why) in [
        ("-5.00 EUR", "more than zero"),
        ("0.00 EUR", "more than zero"),
        ("31.00 EUR", "more than was paid (€30.00)"),
        ("5.00 USD", "currency"),
    ] {
        let problem = bank.prepares("refund", json!({ "invoice_id": "INV-001", "amount": amount })).await.problem(422, "amount_invalid");
        assert!(problem["detail"].as_str().unwrap().contains(why), "{amount}: {problem}");
        assert_eq!(problem["field"], "/args/amount");
        let reply = bank.says(&format!("do refund invoice_id=INV-001 amount={}", amount.trim_end_matches(" EUR").replace(' ', ""))).await;
        assert!(reply["proposal"].is_null() && reply["status"] != "done", "{reply}");
    }
    let fine = bank.prepares("refund", json!({ "invoice_id": "INV-001", "amount": "30.00 EUR" })).await;
    assert_eq!(fine.status, 200, "{}", fine.text());
    assert_eq!(bank.ledger.effects(), Vec::<String>::new());
}

#[tokio::test]
async fn an_address_that_cannot_be_is_refused_with_its_part() {
    let bank = Bank::new().await;
    let address = |street: String, country: &str| json!({ "address": { "street": street, "city": "Bremen", "country": country } });
    let line = "a".repeat(500);
    for (args, why) in [
        (address(line, "Germany"), "street is longer than 200 characters"),
        (address("Quay 4\nsecond line".to_owned(), "Germany"), "street is more than one line"),
        (address("Quay 4".to_owned(), "Atlantis"), "Atlantis"),
    ] {
        let problem = bank.prepares("move", args).await.problem(422, "address_invalid");
        assert!(problem["detail"].as_str().unwrap().contains(why), "{problem}");
        assert_eq!(problem["field"], "/args/address");
    }
    assert_eq!(bank.prepares("move", address("Quay 4".to_owned(), "Austria")).await.status, 200);
    assert_eq!(bank.ledger.effects(), Vec::<String>::new());
}

#[tokio::test]
async fn what_the_state_or_the_shape_of_an_id_forbids_says_so() {
    let bank = Bank::new().await;
    let problem = bank.prepares("close_invoice", json!({ "invoice_id": "INV-002" })).await.problem(409, "state_forbids");
    assert_eq!(problem["detail"], "Invoice INV-002 is paid, so it cannot be closed. It can be paid back.");
    for id in ["INV-'1", "%", "INV-001' OR 1=1", &"9".repeat(10_000)] {
        bank.prepares("close_invoice", json!({ "invoice_id": id })).await.problem(422, "id_invalid");
    }
    bank.prepares("close_invoice", json!({})).await.problem(422, "id_invalid");
    bank.prepares("close_invoice", json!({ "invoice_id": "INV-001", "customer": "bob" })).await.problem(422, "action_refused");
    bank.prepares("nothing", json!({})).await.problem(422, "action_refused");
    assert_eq!(bank.ledger.effects(), Vec::<String>::new());
}

#[tokio::test]
async fn beyond_the_limit_the_desk_is_refused_and_the_chat_hands_over() {
    let bank = Bank::new().await;
    for n in 1..=2 {
        let reply = bank.says(&format!("do credit invoice_id=INV-001 amount={n}.00")).await;
        assert_eq!(reply["status"], "proposing", "{reply}");
        assert_eq!(bank.confirms(&reply["proposal"]).await["status"], "done");
    }
    let args = json!({ "invoice_id": "INV-001", "amount": "3.00 EUR" });
    bank.prepares("credit", args).await.problem(422, "limit_exceeded");
    let reply = bank.says("do credit invoice_id=INV-001 amount=3.00").await;
    assert_eq!((&reply["status"], &reply["escalation"]["reason"]), (&json!("handed_over"), &json!("policy")), "{reply}");
    let text = reply["text"].as_str().unwrap();
    assert!(text.contains("beyond what our rules allow") && text.contains("in line"), "{text}");
    assert_eq!(bank.ledger.effects(), ["credit", "credit"]);
    let why = bank.aiko.get(&bank.house, &format!("/v1/desk/conversations/{}/why", bank.conversation)).send().await.json();
    let decision = &why["data"][0];
    assert_eq!((&decision["decision"], &decision["reproduced"]), (&json!("handed_over"), &json!(true)), "{why}");
    assert!(decision["evidence"]["limit"].as_str().unwrap().starts_with("credit:"), "{why}");
}

#[tokio::test]
async fn many_small_amounts_stop_at_their_sum() {
    let bank = Bank::new().await;
    let mut paid = 0;
    let last = loop {
        let reply = bank.says("do payback invoice_id=INV-001 amount=9.00").await;
        if reply["status"] != "proposing" {
            break reply;
        }
        assert_eq!(bank.confirms(&reply["proposal"]).await["status"], "done");
        paid += 1;
        assert!(paid < 20, "twenty small ones went through");
    };
    assert_eq!(paid, 11, "99.00 of 100.00 EUR, each far below what one alone may be");
    assert_eq!((&last["status"], &last["escalation"]["reason"]), (&json!("handed_over"), &json!("policy")), "{last}");
    let evidence = last["escalation"]["evidence"]["limit"].as_str().unwrap();
    assert_eq!(evidence, "payback: amount up to 100.00 EUR in 86400 s");

    // People are bound by the same sum: to the cent, and their own actions count as well.
    let amount = |amount: &str| json!({ "invoice_id": "INV-001", "amount": amount });
    bank.prepares("payback", amount("1.01 EUR")).await.problem(422, "limit_exceeded");
    let card = bank.prepares("payback", amount("1.00 EUR")).await.json()["proposal"].clone();
    let decide = format!("actions/{}/decide", card["id"].as_str().unwrap());
    let done = bank.post(&bank.aiko, &decide, json!({ "yes": true, "digest": card["digest"] })).await;
    assert_eq!(done.json()["state"], "done");
    bank.prepares("payback", amount("0.01 EUR")).await.problem(422, "limit_exceeded");
    assert_eq!(bank.ledger.effects().len(), 12);
}

#[tokio::test]
async fn of_two_at_once_one_is_within_the_sum() {
    let mut bank = Bank::new().await;
    for _ in 0..2 {
        let card = bank.says("do payback invoice_id=INV-001 amount=30.00").await["proposal"].clone();
        bank.confirms(&card).await;
    }
    // Two cards are open in two conversations, and there is room for one of them.
    let card = bank.says("do payback invoice_id=INV-001 amount=29.00").await["proposal"].clone();
    let opened = bank.house.post("/v1/conversations").host(&host_token("mika")).send().await;
    let first = std::mem::replace(&mut bank.conversation, opened.json()["id"].as_str().unwrap().to_owned());
    let other = bank.says("do payback invoice_id=INV-001 amount=28.00").await["proposal"].clone();
    let second = std::mem::replace(&mut bank.conversation, first);
    let confirm = |conversation: &str, card: &Value| {
        let path = format!("/v1/conversations/{conversation}/actions/{}", card["id"].as_str().unwrap());
        let yes = bank.house.post(&path).host(&host_token("mika")).header("Prefer", "wait=20");
        yes.json(&json!({ "decision": "yes", "digest": card["digest"] })).send()
    };
    let (one, two) = tokio::join!(confirm(&bank.conversation, &card), confirm(&second, &other));
    let mut ends = [one.json()["status"].clone(), two.json()["status"].clone()];
    ends.sort_by_key(Value::to_string);
    assert_eq!(ends, [json!("done"), json!("handed_over")]);
    assert_eq!(bank.ledger.effects().len(), 3);
}

#[tokio::test]
async fn two_agents_approve_and_one_counts() {
    let bank = Bank::new().await;
    let reply = bank.says("do refund invoice_id=INV-001 amount=5.00").await;
    let card = reply["proposal"].clone();
    assert_eq!(bank.confirms(&card).await["escalation"]["reason"], "needs_approval");
    let what = format!("actions/{}/approve", card["id"].as_str().unwrap());
    let (one, two) = tokio::join!(
        bank.post(&bank.aiko, &what, json!({ "approved": true })),
        bank.post(&bank.jun, &what, json!({ "approved": true, "why": "as agreed" }))
    );
    let (good, late) = if one.status == 200 { (one, two) } else { (two, one) };
    assert_eq!(good.status, 200, "{}", good.text());
    late.problem(409, "already_decided");
    // Carried out once, and the customer reads the end of it where they were told to wait for it.
    let transcript = format!("/v1/conversations/{}", bank.conversation);
    for _ in 0..1_000 {
        let seen = bank.house.get(&transcript).host(&host_token("mika")).send().await.json();
        if seen["state"] == "bot" && bank.ledger.effects() == ["refund"] {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("it was not carried out: {:?}", bank.ledger.effects());
}

#[tokio::test]
async fn a_no_to_an_approval_reaches_the_customer() {
    let bank = Bank::new().await;
    let card = bank.says("do refund invoice_id=INV-001 amount=5.00").await["proposal"].clone();
    bank.confirms(&card).await;
    let what = format!("actions/{}/approve", card["id"].as_str().unwrap());
    assert_eq!(bank.post(&bank.aiko, &what, json!({ "approved": false, "why": "no receipt" })).await.status, 200);
    let transcript = format!("/v1/conversations/{}", bank.conversation);
    for _ in 0..1_000 {
        let seen = bank.house.get(&transcript).host(&host_token("mika")).send().await;
        assert!(!seen.text().contains("no receipt"), "the staff's reason stays with the staff");
        if seen.text().contains("could not approve it") {
            assert_eq!((&seen.json()["state"], bank.ledger.effects().len()), (&json!("bot"), 0));
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("nobody told the customer");
}

#[tokio::test]
async fn cards_and_whose_it_is_are_read_through_the_same_gate() {
    let bank = Bank::new().await;
    let card = bank.post(&bank.aiko, "cards", json!({ "tool": "invoice", "args": { "invoice_id": "INV-001" } })).await.json();
    assert_eq!((&card["outcome"], &card["source"]), (&json!("ok"), &json!("ledger")), "{card}");
    let facts: Vec<&str> = card["facts"].as_array().unwrap().iter().map(|fact| fact["name"].as_str().unwrap()).collect();
    assert_eq!(facts, ["invoice.id", "invoice.paid", "invoice.state"]);
    assert_eq!(card["hidden"], json!(["customer", "name"]), "what the rules leave out is named and not shown");
    let offers: Vec<&str> = card["actions"].as_array().unwrap().iter().map(|action| action["tool"].as_str().unwrap()).collect();
    assert_eq!(offers, ["close_invoice", "credit", "payback", "refund"]);
    bank.post(&bank.aiko, "cards", json!({ "tool": "refund" })).await.problem(422, "action_refused");
    bank.post(&bank.aiko, "cards", json!({ "tool": "nothing" })).await.problem(422, "action_refused");
    let all = bank.aiko.get(&bank.house, &format!("/v1/desk/conversations/{}/cards", bank.conversation)).send().await.json();
    let tools: Vec<&str> = all["data"].as_array().unwrap().iter().map(|card| card["tool"].as_str().unwrap()).collect();
    assert!(tools.contains(&"invoice"), "what was read stays in the conversation: {all}");

    let path = format!("/v1/desk/conversations/{}/customer", bank.conversation);
    for _ in 0..1_000 {
        let customer = bank.aiko.get(&bank.house, &path).send().await.json();
        if customer["customer"]["facts"][0]["value"] == "Mika" && customer["conversations"][0]["summary"] == "hello" {
            assert_eq!(customer["conversations"].as_array().unwrap().len(), 1);
            assert!(!customer["first_seen"].is_null());
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the customer is not shown");
}
