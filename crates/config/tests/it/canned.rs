//! Canned replies: what they mean, and what is said about those that could not be filled in.

use super::{changed, documented, load};
use insta::assert_snapshot;
use patchbay_core::words::Role;

#[test]
fn a_reply_has_its_words_by_language() {
    let replies = load(&documented()).unwrap().company.replies;
    let eta = &replies["eta"];
    let words = |language: &str| eta.text(language, "en").map(|(tag, text)| (tag.to_owned(), text[..4].to_owned())).unwrap();
    assert_eq!(words("de-AT"), ("de".to_owned(), "Ihre".to_owned()));
    assert_eq!(words("EN"), ("en".to_owned(), "Your".to_owned()));
    assert_eq!(words("ja"), ("en".to_owned(), "Your".to_owned()), "the company's own, where the customer's is not there");
    let sorry = &replies["sorry"];
    assert_eq!(sorry.queues, ["seniors"]);
    assert!(sorry.roles.contains(&Role::Lead) && !sorry.roles.contains(&Role::Officer));
    assert!(sorry.texts.contains_key("en"), "words without a language are in the company's");
    assert!(eta.queues.is_empty() && eta.roles.is_empty());
}

#[test]
fn a_blank_shows_what_the_desk_can_have() {
    assert_snapshot!(changed("takes longer", "({{ order.stauts }}, {{ oder.status }}) takes longer"), @r"
    shop/patchbay.yaml:170:41  replies.sorry.text
        no tool brings the fact 'oder.status'; did you mean 'order.status'?
        → write a tool, a dot and a name of its `select`: order.status

    shop/patchbay.yaml:170:41  replies.sorry.text
        no tool brings the fact 'order.stauts'; did you mean 'order.status'?
        → write a tool, a dot and a name of its `select`: order.status

    2 problems in the configuration
    ");
    assert_snapshot!(changed("takes longer", "{{ cancel_order.id }} {{ order }} takes longer"), @r"
    shop/patchbay.yaml:170:41  replies.sorry.text
        this shows 'cancel_order.id', and 'cancel_order' does not read
        → show a fact of a tool with `access: read`

    shop/patchbay.yaml:170:41  replies.sorry.text
        'order' is a whole record
        → show one of its fields: order.NAME

    2 problems in the configuration
    ");
    assert_snapshot!(changed("takes longer", "{{ customer.emial }} {{ agent.mail }} takes longer"), @r"
    shop/patchbay.yaml:170:41  replies.sorry.text
        this shows 'agent.mail', which is not known; did you mean 'agent.name'?
        → write agent.name

    shop/patchbay.yaml:170:41  replies.sorry.text
        this shows 'customer.emial', and there is no such fact about customers; did you mean 'customer.email'?
        → declare it under `customer.facts`, or show one that is there

    2 problems in the configuration
    ");
    // By a canonical name, and by every other thing there is.
    assert_snapshot!(changed("takes longer", "{{ shipment.eta }} {{ customer.email }} {{ company.name }} takes longer"), @"");
}

#[test]
fn words_that_could_not_be_filled_in_are_refused() {
    assert_snapshot!(changed("takes longer", "{% if order.eta %}takes longer{% endif %}"), @r"
    shop/patchbay.yaml:170:41  replies.sorry.text
        nothing can be decided here: it only shows values, as in {{ order.status }} (line 1 of the text)
        → `{{ order.id }}` shows a fact

    1 problem in the configuration
    ");
    assert_snapshot!(changed("takes longer", "takes {{ order.eta | dat }} longer"), @r"
    shop/patchbay.yaml:170:41  replies.sorry.text
        there is no filter 'dat'; there are money, date, time, list, plain, default, first, last, length, upper, lower, capitalize, trim (line 1 of the text)
        → `{{ order.id }}` shows a fact

    1 problem in the configuration
    ");
    assert_snapshot!(changed("      de: \"Ihre", "      dee!: \"Ihre"), @r"
    shop/patchbay.yaml:169:7  replies.eta.text.dee!
        'dee!' is no language
        → write a tag like en, de or pt-BR (BCP 47)

    1 problem in the configuration
    ");
    assert_snapshot!(changed("      en: \"Your", "      fr: \"Your"), @r"
    shop/patchbay.yaml:167:5  replies.eta.text
        these words are not there in 'en', the company's language
        → add `en:` with the words for everybody whose language is not here

    1 problem in the configuration
    ");
}

#[test]
fn whom_a_reply_is_for_must_exist() {
    assert_snapshot!(changed("queues: [seniors]", "queues: [default, senors]"), @r"
    shop/patchbay.yaml:170:136  replies.sorry.queues[1]
        there is no queue 'senors'; did you mean 'seniors'?
        → name a queue of `escalation.queues`, or leave `queues` out

    1 problem in the configuration
    ");
    assert_snapshot!(changed("roles: [agent, lead]", "roles: [agnet]"), @r"
    shop/patchbay.yaml:170:145  replies.sorry.roles[0]
        'agnet' is no word that may stand here; did you mean 'agent'?
        → write one of: agent, lead, engineer, officer, admin

    1 problem in the configuration
    ");
    assert_snapshot!(changed("title: Excuse for the delay, ", ""), @r"
    shop/patchbay.yaml:170:3  replies.sorry.title
        a canned reply needs the key 'title'
        → add `title:` with a text

    1 problem in the configuration
    ");
}
