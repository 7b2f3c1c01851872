//! Documents and files: the OpenAPI document, the pages of the error codes, the widget, signs of life.

use super::house::House;
use patchbay_web::Code;
use serde_json::Value;

#[tokio::test]
async fn the_openapi_document_is_the_one_we_reviewed() {
    let house = House::new().await;
    let answer = house.get("/openapi.json").send().await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    let document = answer.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    // As text: it is what callers get, letter by letter.
    insta::assert_snapshot!("openapi", answer.text());
}

#[tokio::test]
async fn every_reference_of_the_document_leads_somewhere() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|value| references(value, found));
            }
            Value::Array(list) => list.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let document = House::new().await.get("/openapi.json").send().await.json();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 20);
    for reference in found {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn every_code_has_its_page() {
    let house = House::new().await;
    let list = house.get("/problems").send().await.text();
    for code in Code::ALL {
        let page = house.get(&format!("/problems/{}", code.as_str())).send().await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains(code.help()) && list.contains(code.as_str()));
    }
    house.get("/problems/nonsense").send().await.problem(404, "not_found");
}

#[tokio::test]
async fn widget_files_are_served_packed_and_revalidated() {
    let house = House::new().await;
    let plain = house.get("/widget.js").send().await;
    assert_eq!((plain.status, plain.header("content-type"), plain.text().as_str()), (200, Some("text/javascript"), "\"the loader\";"));
    assert_eq!(plain.header("cross-origin-resource-policy"), Some("cross-origin"));
    let packed = house.get("/widget.js").header("Accept-Encoding", "br, gzip").send().await;
    assert_eq!((packed.header("content-encoding"), packed.text().as_str()), (Some("gzip"), "packed"));
    let refused = house.get("/widget.js").header("Accept-Encoding", "gzip;q=0").send().await;
    assert_eq!(refused.header("content-encoding"), None);
    let known = house.get("/widget.js").header("If-None-Match", plain.header("etag").unwrap()).send().await;
    assert_eq!(known.status, 304);
    house.get("/widget/none.js").send().await.problem(404, "not_found");
}

#[tokio::test]
async fn signs_of_life() {
    let house = House::new().await;
    assert_eq!(house.get("/healthz").send().await.json()["status"], "ok");
    assert_eq!(house.get("/readyz").send().await.status, 200);
}
