//! What is said about slots that choose: things of a record, variants for each of them, ways to pay, addresses that are known.

use super::{documented, load};

/// What a company adds to the example to let things be exchanged and sent elsewhere.
const TOOLS: &str = r#"
  catalogue:
    use: orders.getProduct
    describe: The products of an order with their variants.
    access: read
    auth: contact
    needs: [order]
    each: { arg: product, of: order.products, as: products }
    guard: always
    select:
      id: "$.id"
      variants: { each: "$.variants[*]", take: { id: "$.sku", colour: "$.colour", available: { path: "$.available", type: bool } } }
  wallet:
    use: crm.getCustomer
    describe: The customer's ways to pay.
    access: read
    auth: contact
    bind: { customer_id: customer.id }
    guard: "answer.id == customer.id"
    select:
      ways: { each: "$.ways[*]", take: { id: "$.id", kind: "$.kind" } }
      email: "$.email"
      home: { path: "$.address", type: postal }
      parcels: { each: "$.parcels[*]", take: { id: "$.id", address: { path: "$.address", type: postal } } }
  exchange_items:
    use: orders.exchange
    describe: Exchange things.
    access: write
    auth: identified
    args: { order_id: order_id, item_ids: { type: { list: text } }, new_item_ids: { type: { list: text } }, way: { type: text }, address: { type: postal } }
    needs: [order, catalogue, wallet]
    allow: "order.status == 'delivered'"
    preview: about_to_cancel
    confirm: customer
    idempotency: { header: Idempotency-Key }
"#;

const SKILL: &str = r#"
  exchange:
    describe: Exchange something for another variant
    examples: [exchange it for another one]
    slots:
      order_id: { type: order_id, from: [message, conversation], else: { ask: which_order } }
      items: { type: { list: text }, from: [{ one_of: order.items, take: id }], more: why_cancel, else: { ask: which_order, choices: order.items } }
      new_items:
        type: { list: text }
        for_each: items
        from: [{ one_of: catalogue.products.variants, take: id, only: "record.available && record.id != item.id" }]
        else: { ask: which_order }
      way: { type: text, from: [{ one_of: wallet.ways, take: id, only: "record.kind != 'voucher'" }], else: { ask: which_order, choices: wallet.ways } }
      address: { type: postal, from: [message, { same_as: wallet.home, said: [my home] }, { same_as: wallet.parcels.address }], else: { ask: which_order } }
    refuse: [{ when: "order.status != 'delivered'", say: cancel_too_late }]
    do: [{ call: exchange_items, with: { item_ids: items, new_item_ids: new_items } }, { say: cancelled }]
"#;

/// What is said about the example with these, after one change; nothing is changed where both are empty.
fn with_choosing(from: &str, to: &str) -> String {
    let example = documented()
        .replacen(
            "types:\n",
            "types:\n  postal: { address: { line1: street, town: city, zip: postcode, country: country }, country: USA }\n",
            1,
        )
        .replacen(
            "      items: { each: \"$.items[*]\"",
            "      products: { path: \"$.items[*].product\", type: { list: text } }\n      items: { each: \"$.items[*]\"",
            1,
        )
        .replacen("\ncompositions:\n", &format!("{TOOLS}\ncompositions:\n"), 1)
        .replacen("\ntopics:\n", &format!("{SKILL}\ntopics:\n"), 1);
    assert!(from.is_empty() || example.contains(from), "the example has no '{from}'");
    match load(&if from.is_empty() { example } else { example.replacen(from, to, 1) }) {
        Ok(loaded) => loaded.warnings.iter().map(|warning| format!("warning: {warning}\n")).collect(),
        Err(problems) => problems.to_string(),
    }
}

#[track_caller]
fn says(from: &str, to: &str, place: &str, what: &str) {
    let said = with_choosing(from, to);
    assert!(said.contains(place) && said.contains(what), "no '{place}' with '{what}' in:\n{said}");
    assert!(said.contains("\n1 problem in the configuration"), "{said}");
}

#[test]
fn things_variants_ways_to_pay_and_addresses_together_are_right() {
    let said = with_choosing("", "");
    assert!(!said.contains("problem"), "{said}");
}

#[test]
fn things_are_chosen_from_a_list_of_records() {
    says(
        "one_of: order.items, take: id",
        "one_of: order.item, take: id",
        "skills.exchange.slots.items.from[0]",
        "no tool brings the fact 'order.item'",
    );
    says(
        "one_of: order.items, take: id",
        "one_of: order.items, take: sku",
        "skills.exchange.slots.items.from[0].take",
        "the records of 'order.items' have no field 'sku'",
    );
    says(
        "one_of: order.items, take: id",
        "one_of: order.status, take: id",
        "skills.exchange.slots.items.from[0]",
        "'order.status' is no list of records",
    );
    says(
        "one_of: order.items, take: id",
        "one_of: order.products, take: id",
        "skills.exchange.slots.items.from[0]",
        "'order.products' is a list, but not of records",
    );
}

#[test]
fn more_is_asked_for_lists_that_are_chosen_from_records() {
    says(
        "take: id }], more: why_cancel,",
        "take: id }], more: why_cancl,",
        "skills.exchange.slots.items.more",
        "there is no text 'why_cancl'; did you mean 'why_cancel'?",
    );
    says(
        "way: { type: text,",
        "way: { type: text, more: why_cancel,",
        "skills.exchange.slots.way.more",
        "the slot 'way' is no list of records",
    );
}

#[test]
fn a_variant_is_chosen_for_each_thing_that_was_chosen_before() {
    says(
        "for_each: items",
        "for_each: item",
        "skills.exchange.slots.new_items.for_each",
        "there is no slot 'item' before 'new_items'; did you mean 'items'?",
    );
    says(
        "for_each: items",
        "for_each: order_id",
        "skills.exchange.slots.new_items.for_each",
        "'order_id' is no list that is chosen from records",
    );
    says(
        "one_of: catalogue.products.variants",
        "one_of: catalogue.products.variant",
        "skills.exchange.slots.new_items.from[0]",
        "'catalogue.products.variant'",
    );
}

#[test]
fn a_way_to_pay_is_one_of_the_customers_own() {
    says(
        "one_of: wallet.ways, take: id",
        "one_of: wallet.way, take: id",
        "skills.exchange.slots.way.from[0]",
        "no tool brings the fact 'wallet.way'; did you mean 'wallet.ways'?",
    );
}

#[test]
fn an_address_is_known_where_an_address_stands() {
    says(
        "same_as: wallet.home,",
        "same_as: wallet.house,",
        "skills.exchange.slots.address.from[1].same_as",
        "no tool brings the fact 'wallet.house'",
    );
    says(
        "same_as: wallet.home,",
        "same_as: wallet.email,",
        "skills.exchange.slots.address.from[1].same_as",
        "'wallet.email' is no value for the slot 'address'",
    );
    says(
        "same_as: wallet.parcels.address",
        "same_as: wallet.parcels.id",
        "skills.exchange.slots.address.from[2].same_as",
        "'wallet.parcels.id' is no value for the slot 'address'",
    );
}

#[test]
fn parts_of_an_address_have_their_own_words() {
    says("town: city,", "town: village,", "types.postal.address.town", "village");
}
