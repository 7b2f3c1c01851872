//! Amounts of a real answer become money of the currency that stands beside them.

use patchbay_connect::openapi::Document;
use patchbay_onboard::{Taken, draft, learn, propose};
use serde_json::{Value, json};

/// What is drafted for one reading operation, by an answer of it.
fn drafted(answer: &Value) -> String {
    let id = json!({ "name": "invoice_id", "in": "path", "required": true, "schema": { "type": "string" } });
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Billing", "version": "1" },
        "paths": { "/invoices/{invoice_id}": { "get": { "operationId": "getInvoice", "parameters": [id], "responses": { "200": { "description": "good" } } } } }
    });
    let document = Document::read(document.to_string().as_bytes()).expect("the document");
    let read = propose(&document).proposed.remove(0);
    let learned = learn(read.operation, Some(answer), Some("p-77"));
    draft("billing", &[(read, learned, Some("INV-70001".to_owned()))], &Taken::new()).tools
}

#[test]
fn an_amount_beside_a_currency_is_money() {
    let tools = drafted(&json!({
        "id": "INV-70001", "customer_id": "p-77", "currency": "eur", "total": 59.90, "paid": "12.40", "lines": [{ "title": "Lamp", "price": 47.50, "quantity": 1 }]
    }));
    for line in [
        r#"total: { path: "$.total", type: money, currency: EUR, optional: true }"#,
        r#"paid: { path: "$.paid", type: money, currency: EUR, optional: true }"#,
        r#"price: { path: "$.price", type: money, currency: EUR, optional: true }"#,
        r#"quantity: { path: "$.quantity", type: number, optional: true }"#,
        "left in the backend: currency",
    ] {
        assert!(tools.contains(line), "no '{line}' in:\n{tools}");
    }
}

#[test]
fn what_may_count_cents_or_has_no_currency_stays_a_number() {
    let tools = drafted(&json!({ "id": "INV-70001", "customer_id": "p-77", "currency": "EUR", "total": 5990, "weight": 1.5 }));
    assert!(!tools.contains("money") && tools.contains(r#"total: { path: "$.total", type: number, optional: true }"#), "{tools}");
    let tools = drafted(&json!({ "id": "INV-70001", "customer_id": "p-77", "total": 59.90 }));
    assert!(!tools.contains("money"), "{tools}");
}
