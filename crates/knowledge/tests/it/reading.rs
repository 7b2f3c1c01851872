//! From documents to passages.

use super::{document, library};
use patchbay_core::Timestamp;
use patchbay_core::words::{Audience, Level};
use patchbay_knowledge::{Library, Phrasing};

fn ids(text: &str) -> Vec<(String, String)> {
    library(&[("handbook/returns.md", text)]).passages().iter().map(|passage| (passage.title(), passage.id.to_string())).collect()
}

#[test]
fn an_id_survives_every_edit_but_one_of_its_headings() {
    let before = ids("# Returns\n\n## How long\n\n30 days.\n\n## Costs\n\nNone.\n");
    let after = ids("# Returns\n\nNew words.\n\n## Gifts\n\nToo.\n\n## Costs\n\nWe pay.\n\n## How long\n\n14 days.\n");
    assert!(before.iter().all(|passage| after.contains(passage)), "{before:?} {after:?}");
    assert!(before.iter().all(|(_, id)| id.starts_with("kb_")));
    assert!(!ids("# Returns\n\n## Prices\n\nNone.\n").contains(&before[1]));
}

#[test]
fn front_matter_outranks_the_source() {
    let mut source = document(
        "terms.md",
        "---\ntitle: Terms\naudience: identified\nvalid_from: 2026-01-01\nvalid_to: 2026-01-31\nreviewed: 2026-01-10\nreview_every: 90d\nquestions: [what are the rules]\n---\nBe kind.\n",
    );
    source.language = "de".to_owned();
    let library = Library::read(&[source]).unwrap();
    let passage = &library.passages()[0];
    assert_eq!((passage.title().as_str(), passage.audience, passage.language.as_str()), ("Terms", Audience::Identified, "de"));
    assert_eq!(passage.questions, ["what are the rules"]);
    assert_eq!(passage.review.due().unwrap().to_string(), "2026-04-10T00:00:00.000Z");
    let holds = |at: &str| library.open(&passage.id, Level::Identified, at.parse().unwrap()).is_some();
    assert_eq!(
        ["2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-01-31T23:59:59Z", "2026-02-01T00:00:00Z"].map(holds),
        [false, true, true, false]
    );
    assert!(library.open(&passage.id, Level::Contact, "2026-01-15T00:00:00Z".parse().unwrap()).is_none());
}

#[test]
fn everything_wrong_is_said_at_once() {
    let wrong = [
        ("a.md", "---\ntitel: A\n---\nText."),
        ("b.md", "---\ntitle: B\nText."),
        ("c.md", "# Only a heading\n"),
        ("d.md", "# D\n\n## Same\n\none\n\n## Same\n\ntwo\n"),
        ("e.md", "---\nvalid_from: soon\n---\nText."),
        ("f.md", "---\nvalid_from: 2026-02-01\nvalid_to: 2026-01-01\n---\nText."),
        ("g.md", "---\naudience: staff\n---\nText."),
        ("h.md", "---\nreview_every: monthly\n---\nText."),
    ];
    let flaws = Library::read(&wrong.map(|(name, text)| document(name, text))).unwrap_err();
    assert_eq!(flaws.iter().map(|flaw| flaw.document.as_str()).collect::<Vec<_>>(), wrong.map(|(name, _)| name));
    let said: Vec<String> = flaws.iter().map(ToString::to_string).collect();
    assert!(said[0].contains("titel") && said[3].contains("Same") && said[4].contains("2026-11-30"), "{said:#?}");
}

#[test]
fn a_file_without_headings_is_named_after_itself() {
    let library = library(&[("handbook/delivery-times.md", "Three days.\n")]);
    assert_eq!(library.passages()[0].title(), "Delivery times");
    assert_eq!(library.passages()[0].review.due(), None);
    assert!(library.passages()[0].validity.holds(Timestamp(0)));
}

#[test]
fn an_extract_is_whole_paragraphs_from_the_one_that_was_found() {
    let library = library(&[("long.md", "# Long\n\nOne one one.\n\nTwo two two.\n\nThree.\n")]);
    let passage = &library.passages()[0];
    assert_eq!(passage.extract(Phrasing::Paragraph(1), 1000), "One one one.\n\nTwo two two.\n\nThree.");
    assert_eq!(passage.extract(Phrasing::Paragraph(1), 20), "Two two two.\n\nThree.");
    assert_eq!(passage.extract(Phrasing::Heading, 5), "One one one.");
}
