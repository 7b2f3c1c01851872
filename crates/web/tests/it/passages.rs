//! Passages that answers cite: for whom, and until when.

use super::house::{House, host_token};
use patchbay_core::words::Audience;
use patchbay_knowledge::{Document, Library};
use std::sync::Arc;
use std::time::Duration;

/// A passage for everybody until the next day, and one for customers the host knows.
pub(crate) fn library() -> Arc<Library> {
    let document = |name: &str, text: &str, audience| Document {
        name: name.to_owned(),
        text: text.to_owned(),
        audience,
        language: "en".to_owned(),
        review_every: None,
    };
    let returns =
        "---\nvalid_to: 2026-11-20\n---\n# Returns\n\n## How long?\n\n**30 days** <script>alert(1)</script> [more](javascript:x).\n";
    let documents = [
        document("handbook/returns.md", returns, Audience::Everyone),
        document("handbook/members.md", "# Members\n\nFree returns.\n", Audience::Identified),
    ];
    Arc::new(Library::read(&documents).unwrap())
}

fn address(n: usize) -> String {
    format!("/v1/passages/{}", library().passages()[n].id)
}

#[tokio::test]
async fn a_cited_passage_opens_while_it_is_valid() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let passage = house.get(&address(0)).visitor(&visitor).send().await.json();
    assert_eq!(passage["title"], "Returns › How long?");
    assert_eq!(passage["source"], "handbook/returns.md");
    assert_eq!(passage["html"], "<p><strong>30 days</strong> alert(1) more.</p>\n");
    assert_eq!((passage["valid_from"].as_str(), passage["valid_until"].as_str()), (None, Some("2026-11-21T00:00:00.000Z")));
    house.watch.advance(Duration::from_secs(10 * 3600));
    house.get(&address(0)).visitor(&visitor).send().await.problem(404, "not_found");
}

#[tokio::test]
async fn to_others_a_passage_does_not_exist() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    house.get(&address(1)).send().await.problem(401, "identity_invalid");
    let withheld = house.get(&address(1)).visitor(&visitor).send().await.problem(404, "not_found");
    let unknown = house.get("/v1/passages/kb_nothing").visitor(&visitor).send().await.problem(404, "not_found");
    assert_eq!(withheld["detail"], unknown["detail"]);
    house.get("/v1/passages/nothing").visitor(&visitor).send().await.problem(404, "not_found");
    assert_eq!(house.get(&address(1)).host(&host_token("mika")).send().await.status, 200);
}
