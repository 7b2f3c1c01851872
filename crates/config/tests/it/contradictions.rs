//! What is said about parts that do not go together: names, rules, circles, slots; and what is only warned about.

use super::{changed, documented, load};
use insta::assert_snapshot;

#[test]
fn names_that_are_declared_nowhere() {
    assert_snapshot!(changed("use: crm.getCustomer", "use: cmr.getCustomer"), @r"
    shop/patchbay.yaml:54:5  tools.profile.use
        there is no backend 'cmr'; did you mean 'crm'?
        → declare it under `backends`, or use one that is there

    1 problem in the configuration
    ");
    assert_snapshot!(changed("needs: [profile]", "needs: [profil]"), @r"
    shop/patchbay.yaml:87:13  tools.recent_orders.needs[0]
        there is no tool 'profil'; did you mean 'profile'?
        → declare it under `tools`, or use one that is there

    1 problem in the configuration
    ");
    assert_snapshot!(changed("args: { order_id: order_id }", "args: { order_id: oder_id }"), @r"
    shop/patchbay.yaml:69:13  tools.order.args.order_id
        there is no type 'oder_id'; did you mean 'order_id'?
        → declare it under `types`, or use one that is there

    1 problem in the configuration
    ");
    assert_snapshot!(changed("refuse: cancel_too_late", "refuse: cancel_to_late"), @r"
    shop/patchbay.yaml:110:5  tools.cancel_order.refuse
        there is no text 'cancel_to_late'; did you mean 'cancel_too_late'?
        → declare it under `texts`, or use one that is there

    1 problem in the configuration
    ");
    assert_snapshot!(changed("budget: order_tracking", "budget: tracking"), @r"
    shop/patchbay.yaml:118:61  compositions.where_is_it.budget
        there is no budget 'tracking'
        → declare it under `budgets`, or use one that is there

    1 problem in the configuration
    ");
    assert_snapshot!(changed("read: [order, parcel]", "read: [order, parcels]"), @r"
    shop/patchbay.yaml:118:32  compositions.where_is_it.read[1]
        there is no tool 'parcels'; did you mean 'parcel'?
        → declare it under `tools`, or use one that is there

    1 problem in the configuration
    ");
    assert_snapshot!(changed("{ call: cancel_order }", "{ call: cancel_ordr }"), @r"
    shop/patchbay.yaml:136:12  skills.cancel.do[0].call
        there is no tool and no composition 'cancel_ordr'; did you mean 'cancel_order'?
        → declare it under `tools` or `compositions`

    1 problem in the configuration
    ");
    assert_snapshot!(changed("email: profile.email", "email: profile.mail"), @r"
    shop/patchbay.yaml:16:12  customer.facts.email
        no tool brings the fact 'profile.mail'; did you mean 'profile.email'?
        → write a tool, a dot and a name of its `select`: order.status

    1 problem in the configuration
    ");
    assert_snapshot!(changed("type: order_id, from: [message, conversation, { one_of: recent_orders.orders", "type: orderid, from: [message, conversation, { one_of: recent_orders.order"), @r"
    shop/patchbay.yaml:125:19  skills.where_is_my_order.slots.order_id.type
        there is no type 'orderid'; did you mean 'order_id'?
        → declare it under `types`, or use one that is there

    shop/patchbay.yaml:125:64  skills.where_is_my_order.slots.order_id.from[2]
        no tool brings the fact 'recent_orders.order'; did you mean 'recent_orders.orders'?
        → write a tool, a dot and a name of its `select`: order.status

    2 problems in the configuration
    ");
}

#[test]
fn operation_without_a_backend() {
    assert_snapshot!(changed("use: crm.getCustomer", "use: getCustomer"), @r"
    shop/patchbay.yaml:54:5  tools.profile.use
        'getCustomer' names no operation
        → write the backend, a dot and the operation: orders.getOrder

    1 problem in the configuration
    ");
}

#[test]
fn missing_conditions() {
    assert_snapshot!(changed("    allow: \"order.status in ['placed', 'paid']\"\n", ""), @r"
    shop/patchbay.yaml:101:3  tools.cancel_order.allow
        a write has no allow
        → add `allow:` with the condition under which it may happen, or spell out `allow: always`

    1 problem in the configuration
    ");
    assert_snapshot!(changed("    guard: \"answer.id == customer.id\"\n", ""), @r"
    shop/patchbay.yaml:53:3  tools.profile.guard
        a customer's read has no guard
        → add `guard:` with a condition on `answer` that proves whose record it is, or spell out `guard: always`

    1 problem in the configuration
    ");
    assert_snapshot!(changed("guard: \"answer.id == customer.id\"", "guard: answer.id == customer.id"), @r"
    shop/patchbay.yaml:59:12  tools.profile.guard
        'answer.id == customer.id' is not in quotes: YAML would read some of its signs as its own
        → write a condition: `always`, or an expression in quotes

    1 problem in the configuration
    ");
}

#[test]
fn rules_and_texts_that_would_fail_at_work() {
    assert_snapshot!(changed("allow: \"order.status in", "allow: \"order.state in"), @r"
    shop/patchbay.yaml:109:5  tools.cancel_order.allow
        at byte 5: there is no 'state' in 'order'; did you mean 'status'?
        → correct the rule, then run `patchbay check` again

    1 problem in the configuration
    ");
    assert_snapshot!(changed("guard: \"answer.id == customer.id\"", "guard: \"answer.id == \""), @r"
    shop/patchbay.yaml:59:5  tools.profile.guard
        at byte 0: this is no CEL expression: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}
        → correct the rule, then run `patchbay check` again

    1 problem in the configuration
    ");
    assert_snapshot!(changed("Order {{ order.id }} is cancelled.", "Order {{ order.idd }} is cancelled."), @r"
    shop/patchbay.yaml:148:3  texts.cancelled
        this text shows 'order.idd', which the tool 'order' does not bring; did you mean 'order.id'?
        → select it under tools.order.select, or correct the text

    1 problem in the configuration
    ");
    assert_snapshot!(changed("shipment.eta | date", "shipment.eta | dat"), @r"
    shop/patchbay.yaml:146:3  texts.order_where
        this text is no template: there is no filter 'dat'; there are money, date, time, list, plain, default, first, last, length, upper, lower, capitalize, trim (line 1 of the text)
        → correct the text; `{{ order.id }}` shows a fact

    1 problem in the configuration
    ");
    assert_snapshot!(changed("Order {{ order.id }} is cancelled.", "Order {{ order.id is cancelled."), @r"
    shop/patchbay.yaml:148:3  texts.cancelled
        this text is no template: unexpected identifier, expected end of variable block (line 1 of the text)
        → correct the text; `{{ order.id }}` shows a fact

    1 problem in the configuration
    ");
}

#[test]
fn identity_that_is_not_bound() {
    assert_snapshot!(changed("key: [customer_id, order_id]", "key: [order_id]"), @r"
    shop/patchbay.yaml:79:37  tools.order.cache.key
        the key lacks the bound identity 'customer_id': one customer could get the answer of another
        → add customer_id to the key

    1 problem in the configuration
    ");
    assert_snapshot!(changed("bind: { customer_id: customer.id }", "bind: { customer_id: customer.ids }"), @r"
    shop/patchbay.yaml:58:13  tools.profile.bind.customer_id
        'customer.ids' is nothing known of a proven customer; did you mean 'customer.id'?
        → write customer.id, or customer.FACT with a fact of `customer.facts`

    1 problem in the configuration
    ");
}

#[test]
fn essential_that_is_not_read() {
    assert_snapshot!(changed("essential: [order]", "essential: [profile]"), @r"
    shop/patchbay.yaml:118:53  compositions.where_is_it.essential[0]
        'profile' is essential, but not read
        → add it to `read`, or remove it here

    1 problem in the configuration
    ");
}

#[test]
fn circles() {
    assert_snapshot!(changed("    guard: \"answer.id == customer.id\"", "    needs: [recent_orders]\n    guard: \"answer.id == customer.id\""), @r"
    shop/patchbay.yaml:59:5  tools.profile.needs
        these tools need each other in a circle: profile → recent_orders → profile
        → break the circle

    1 problem in the configuration
    ");
    assert_snapshot!(changed("do: [{ hand_over: asked_for_human }]", "do: [{ skill: person }]"), @r"
    shop/patchbay.yaml:140:5  skills.person.do
        these skills use each other in a circle: person → person
        → break the circle

    1 problem in the configuration
    ");
    assert_snapshot!(changed("types:\n", "types:\n  box: { record: { inner: box } }\n"), @r"
    shop/patchbay.yaml:42:20  types.box.record.inner
        the type 'box' is made of itself
        → break the circle

    1 problem in the configuration
    ");
}

#[test]
fn slots_and_arguments_that_nothing_fills() {
    assert_snapshot!(changed("from: [message], else: { ask: why_cancel }", "from: [], else: leave_out"), @r"
    shop/patchbay.yaml:135:31  skills.cancel.slots.reason.from
        the slot 'reason' is never filled
        → say where it may come `from`, or ask for it under `else`

    1 problem in the configuration
    ");
    assert_snapshot!(changed("      reason: { type: reason, from: [message], else: { ask: why_cancel } }\n", ""), @r"
    shop/patchbay.yaml:135:12  skills.cancel.do[0].call
        nothing fills the argument 'reason' of 'cancel_order'
        → add a slot 'reason' to the skill, or `with: { reason: … }` to the step

    1 problem in the configuration
    ");
}

#[test]
fn money_without_a_currency() {
    assert_snapshot!(changed("type: money, currency: EUR", "type: money"), @r"
    shop/patchbay.yaml:75:33  tools.order.select.total.type
        money needs a currency
        → write { type: money, currency: EUR }

    1 problem in the configuration
    ");
}

#[test]
fn an_example_that_is_none() {
    assert_snapshot!(changed("example: \"#W1234567\"", "example: \"#W12\""), @r"
    shop/patchbay.yaml:42:57  types.order_id.example
        the example '#W12' does not match the pattern
        → correct one of the two

    1 problem in the configuration
    ");
}

#[test]
fn everything_wrong_is_said_at_once() {
    let text = "version: one\nbackend: {}\ntools:\n  order:\n    use: nowhere.getOrder\n    acess: read\n  cancel: { use: x.y, allow: always, auth: all }\nskills:\n  a: { describe: A., do: [{ call: ordr }, { say: nothing }] }\n";
    assert_snapshot!(load(text).unwrap_err(), @r"
    shop/patchbay.yaml:1:10  version
        'one' is no version of the language that is known here
        → write the number 1

    shop/patchbay.yaml:2:1  backend
        there is no key 'backend' in a configuration; did you mean 'backends'?
        → `patchbay schema` lists every key

    shop/patchbay.yaml:4:3  tools.order.allow
        a write has no allow
        → add `allow:` with the condition under which it may happen, or spell out `allow: always`

    shop/patchbay.yaml:6:5  tools.order.acess
        there is no key 'acess' in a tool; did you mean 'access'?
        → `patchbay schema` lists every key

    shop/patchbay.yaml:7:44  tools.cancel.auth
        'all' is no word that may stand here
        → write one of: anonymous, contact, identified, strong

    shop/patchbay.yaml:9:29  skills.a.do[0].call
        there is no tool and no composition 'ordr'; did you mean 'order'?
        → declare it under `tools` or `compositions`

    shop/patchbay.yaml:9:45  skills.a.do[1].say
        there is no text 'nothing'
        → declare it under `texts`, or use one that is there

    7 problems in the configuration
    ");
}

#[test]
fn warnings() {
    assert_snapshot!(changed("args: { order_id: order_id, reason: reason }", "args: { order_id: order_id, reason: reason, fee: { type: money, currency: EUR, optional: true } }"), @r"
    warning: shop/patchbay.yaml:105:5  tools.cancel_order.auth
        a write that takes an amount of money usually asks for the level strong, this one for identified
        → write `auth: strong`, unless your policy says otherwise
    ");
    assert_snapshot!(changed("texts:\n", "texts:\n  forgotten: Nobody says this.\n"), @r"
    warning: shop/patchbay.yaml:146:3  texts.forgotten
        nobody says the text 'forgotten'
        → use it, or remove it
    ");
    // The greeting of whoever comes back is said too.
    let greeting = documented().replacen("\ncustomer:\n", "\ncustomer:\n  welcome_back: hello_again\n", 1);
    let greeting = greeting.replacen("\ntexts:\n", "\ntexts:\n  hello_again: Hello again.\n", 1);
    assert!(load(&greeting).unwrap_or_else(|problems| panic!("{problems}")).warnings.is_empty());
    assert_snapshot!(changed("confirm: { when: \"at_most(order.total, '300.00 EUR')\", then: customer, else: [customer, agent] }", "confirm: nobody"), @r"
    warning: shop/patchbay.yaml:112:5  tools.cancel_order.confirm
        this write may happen without anybody's yes
        → write `confirm: customer`, unless the write really is harmless
    ");
}

#[test]
fn ends_and_zones_that_cannot_be() {
    let wrong = "language: en\nzone: Europe/Atlantis\noutcomes: { contained_after_quiet: 80h, durable_after: 1h, csat: { scale: 1 } }\n";
    assert_snapshot!(changed("language: en\n", wrong), @r"
    shop/patchbay.yaml:4:1  zone
        there is no time zone 'Europe/Atlantis'
        → write a name of the IANA list: UTC, Europe/Berlin, Asia/Tokyo

    shop/patchbay.yaml:5:13  outcomes.contained_after_quiet
        a conversation cannot end after no quiet at all, and not after more than 72h
        → write a duration of at most 72h: 2h

    shop/patchbay.yaml:5:41  outcomes.durable_after
        a success cannot have lasted before its conversation has ended
        → write at least as much as `contained_after_quiet`: 72h

    shop/patchbay.yaml:5:68  outcomes.csat.scale
        nobody can answer on a scale from 1 to 1
        → write a number from 2 to 10: 5

    4 problems in the configuration
    ");
}
