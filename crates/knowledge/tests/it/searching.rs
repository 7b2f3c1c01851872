//! Which passages are found, by whom and when, and when none is.

use super::{document, library};
use patchbay_core::Timestamp;
use patchbay_core::words::{Audience, Level};
use patchbay_encoder::Encoder;
use patchbay_knowledge::{Index, Library, Question};
use std::sync::{Arc, LazyLock};

static ENCODER: LazyLock<Encoder> = LazyLock::new(|| Encoder::load().unwrap());

const HANDBOOK: [(&str, &str); 3] = [
    (
        "returns.md",
        "# Returns\n\n## How long can I return something?\n\nAlso asked as:\n\n- until when do you take things back\n\n30 days from delivery.\n\n## Who pays for a return?\n\nWe do.\n",
    ),
    (
        "delivery.md",
        "# Delivery\n\n## How long does delivery take?\n\nTwo to four working days.\n\n## Do you deliver abroad?\n\nNot yet.\n",
    ),
    ("payment.md", "# Payment\n\n## Which cards do you accept?\n\nVisa and Mastercard; paying by invoice needs an account.\n"),
];

fn full(library: Arc<Library>) -> Index {
    let index = Index::from_words(library);
    let vectors = index.texts().iter().map(|text| ENCODER.encode(text)).collect();
    index.with_vectors(vectors)
}

fn asked<'a>(index: &'a Index, text: &str, level: Level, now: &str) -> Vec<(&'a str, f32)> {
    let vector = ENCODER.encode(text);
    let question = Question { text, vector: Some(&vector), level, now: now.parse().unwrap(), language: Some("en-GB") };
    index.search(&question).hits.into_iter().map(|hit| (hit.passage.heading(), hit.probability)).collect()
}

fn best<'a>(index: &'a Index, text: &str) -> (&'a str, f32) {
    asked(index, text, Level::Anonymous, "2026-06-01T00:00:00Z")[0]
}

#[test]
fn other_words_for_the_same_question_find_its_answer() {
    let index = full(library(&HANDBOOK));
    for (question, heading) in [
        ("how many days do I have to send it back?", "How long can I return something?"),
        ("who has to pay when I return it", "Who pays for a return?"),
        ("can I pay with mastercard", "Which cards do you accept?"),
        ("do you ship to other countries", "Do you deliver abroad?"),
    ] {
        let (found, probability) = best(&index, question);
        assert_eq!(found, heading, "{question}");
        assert!(probability > 0.4, "{question}: {probability}");
    }
}

#[test]
fn nothing_is_answered_that_stands_nowhere() {
    let index = full(library(&HANDBOOK));
    for question in ["who won the match yesterday", "what is the meaning of life", "do you sell gift vouchers", ""] {
        let hits = asked(&index, question, Level::Anonymous, "2026-06-01T00:00:00Z");
        assert!(hits.first().is_none_or(|(_, probability)| *probability < 0.4), "{question}: {hits:?}");
    }
}

#[test]
fn words_alone_find_what_they_name() {
    let index = Index::from_words(library(&HANDBOOK));
    let (text, now) = ("until when do you take things back", Timestamp(0));
    let found = index.search(&Question { text, vector: None, level: Level::Anonymous, now, language: None });
    assert!(!found.by_meaning);
    assert_eq!(found.hits[0].text, text);
    assert!(found.hits[0].meaning.is_none() && found.hits[0].coverage > 0.9 && found.hits[0].probability > 0.6, "{:?}", found.hits[0]);
}

#[test]
fn only_those_it_is_for_find_a_passage_and_only_while_it_holds() {
    let offer = "---\nvalid_from: 2026-11-20\nvalid_to: 2026-11-30\n---\n# Winter sale\n\n20 % off everything.\n";
    let mut terms = document("partners.md", "# Winter sale for partners\n\n40 % off everything.\n");
    terms.audience = Audience::Contact;
    let index = full(Arc::new(Library::read(&[document("sale.md", offer), terms]).unwrap()));
    let sees = |level, now| asked(&index, "winter sale", level, now).into_iter().map(|(heading, _)| heading).collect::<Vec<_>>();
    assert_eq!(sees(Level::Anonymous, "2026-11-25T12:00:00Z"), ["Winter sale"]);
    assert_eq!(sees(Level::Contact, "2026-11-25T12:00:00Z").len(), 2);
    assert_eq!(sees(Level::Contact, "2026-12-01T00:00:00Z"), ["Winter sale for partners"]);
    assert_eq!(sees(Level::Anonymous, "2026-11-19T23:59:59Z"), [""; 0]);
}

#[test]
fn a_passage_in_another_language_is_not_found() {
    let mut german = document("rueckgabe.md", "# Returns\n\nDreißig Tage.\n");
    german.language = "de".to_owned();
    let index = full(Arc::new(Library::read(&[german]).unwrap()));
    assert_eq!(asked(&index, "returns", Level::Strong, "2026-06-01T00:00:00Z"), []);
}
