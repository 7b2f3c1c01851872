//! Documents of real systems, read whole. They stand in the folder that `PATCHBAY_DATA` names.

use patchbay_connect::openapi::{BodyForm, Document, Place, Shape, Style};
use patchbay_dial::{Request, Url};
use serde_json::{Value, json};
use std::path::PathBuf;

/// A document of the data folder, or nothing (said aloud) where there is no such folder.
fn real(name: &str) -> Option<Document> {
    let Some(data) = std::env::var_os("PATCHBAY_DATA") else {
        eprintln!("skipped: PATCHBAY_DATA names no folder with {name}");
        return None;
    };
    Some(Document::read_file(&PathBuf::from(data).join(name)).unwrap())
}

fn request(document: &Document, operation: &str, args: &Value) -> Request {
    let base = Url::parse("https://backend.example/").unwrap();
    let args = args.as_object().unwrap().clone().into_iter().collect();
    document.operations[operation].prepare(&base, &args).unwrap()
}

fn body(request: Request) -> String {
    String::from_utf8(request.body.unwrap()).unwrap()
}

#[test]
fn every_real_document_is_read_whole() {
    for (name, operations) in [
        ("specs/billbee.json", 76),
        ("specs/medusa-admin.json", 308),
        ("specs/medusa-store.json", 46),
        ("specs/stripe-official-2022-04-12.json", 417),
        ("specs/twilio_conversations_v1.json", 103),
        ("specs/twilio_taskrouter_v1.json", 61),
        ("specs/vtex-orders.json", 28),
        ("retail/openapi.json", 16),
    ] {
        let Some(document) = real(name) else { return };
        let unread: Vec<_> = document.problems.iter().map(ToString::to_string).collect();
        assert!(document.operations.len() + unread.len() >= operations, "{name}: {} {unread:#?}", document.operations.len());
        let lost = operations - document.operations.len();
        assert!(lost <= 1, "{name}: {unread:#?}");
        assert!(document.operations.values().all(|operation| operation.server.is_some()), "{name}");
    }
}

#[test]
fn stripe_takes_forms_with_deep_objects() {
    let Some(stripe) = real("specs/stripe-official-2022-04-12.json") else { return };
    let charge = &stripe.operations["PostCharges"];
    assert_eq!(charge.body, BodyForm::Form);
    let card = charge.arg("expand").unwrap();
    assert_eq!((card.style, card.place), (Style::DeepObject, Place::Body));
    let metadata = json!({ "amount": 2000, "currency": "eur", "metadata": { "order": "#W1" }, "expand": ["customer", "invoice"] });
    let sent = body(request(&stripe, "PostCharges", &metadata));
    assert_eq!(sent, "amount=2000&currency=eur&expand%5B0%5D=customer&expand%5B1%5D=invoice&metadata%5Border%5D=%23W1");
    let listed = request(&stripe, "GetCharges", &json!({ "created": { "gte": 1 }, "limit": 3 }));
    assert_eq!(listed.url.query(), Some("created%5Bgte%5D=1&limit=3"));
}

#[test]
fn the_shop_takes_ids_with_a_sign_and_lists_of_objects() {
    let Some(shop) = real("retail/openapi.json") else { return };
    assert_eq!(request(&shop, "get_order_details", &json!({ "order_id": "#W123" })).url.path(), "/orders/%23W123");
    let cancel = &shop.operations["cancel_pending_order"];
    assert!(cancel.writes() && cancel.arg("order_id").unwrap().required);
}

#[test]
fn other_houses_have_other_habits() {
    if let Some(vtex) = real("specs/vtex-orders.json") {
        assert!(vtex.schemes.len() >= 2);
        assert!(vtex.operations.values().all(|operation| operation.arg("Accept").is_none() && operation.arg("Content-Type").is_none()));
    }
    if let Some(twilio) = real("specs/twilio_conversations_v1.json") {
        let fetch = &twilio.operations["FetchConversation"];
        assert_eq!(fetch.server.as_deref(), Some("https://conversations.twilio.com"));
        assert!(matches!(fetch.arg("Sid").unwrap().shape, Shape::Text { .. }));
    }
    if let Some(medusa) = real("specs/medusa-store.json") {
        assert!(medusa.operations.values().any(|operation| matches!(operation.body, BodyForm::Json(_)) && !operation.args.is_empty()));
    }
}

#[test]
fn the_documents_of_the_demo_are_read_without_a_complaint() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../world/openapi");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let document = Document::read_file(&path).unwrap();
        assert!(document.problems.is_empty() && !document.operations.is_empty(), "{}: {:?}", path.display(), document.problems);
    }
}

#[test]
fn a_large_document_in_yaml_is_read_like_the_same_in_json() {
    let Some(data) = std::env::var_os("PATCHBAY_DATA") else {
        eprintln!("skipped: PATCHBAY_DATA names no folder with documents");
        return;
    };
    let json = std::fs::read(PathBuf::from(data).join("specs/stripe-official-2022-04-12.json")).unwrap();
    // JSON behind a comment is YAML.
    let yaml = [b"# the same\n".as_slice(), &json].concat();
    assert_eq!(Document::read(&yaml), Document::read(&json));
}
