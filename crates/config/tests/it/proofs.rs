//! What is proven about every way through a skill: it ends, it knows what it says, it can be walked.

use super::changed;
use insta::assert_snapshot;

const CANCEL: &str = "do: [{ call: cancel_order }, { say: cancelled }]";
const WHERE: &str = "do: [{ call: where_is_it }, { say: order_where }]";

#[test]
fn a_way_that_ends_without_a_word() {
    assert_snapshot!(changed(WHERE, "do: [{ call: where_is_it }]"), @r"
    shop/patchbay.yaml:126:10  skills.where_is_my_order.do[0]
        after this the skill ends without a word to the customer
        → say something with `say`, hand over, or end with a call that changes something

    1 problem in the configuration
    ");
    assert_snapshot!(changed(WHERE, "do: [{ call: where_is_it }, { if: \"order.status == 'paid'\", then: [{ say: order_where }] }]"), @r"
    shop/patchbay.yaml:126:33  skills.where_is_my_order.do[1]
        when this does not hold, the skill ends without a word to the customer
        → add `else:` with a text or a hand-over

    1 problem in the configuration
    ");
    assert_snapshot!(
        changed(WHERE, "do: [{ call: where_is_it }, { if: \"order.status == 'paid'\", then: [{ say: order_where }], else: [{ call: order }] }]"),
        @r"
        shop/patchbay.yaml:126:102  skills.where_is_my_order.do[1].else[0]
            after this the skill ends without a word to the customer
            → say something with `say`, hand over, or end with a call that changes something

        1 problem in the configuration
        "
    );
    // The product itself says that a write is done; a hand-over says who goes on.
    assert_snapshot!(changed(CANCEL, "do: [{ call: cancel_order }]"), @r"
    warning: shop/patchbay.yaml:148:3  texts.cancelled
        nobody says the text 'cancelled'
        → use it, or remove it
    ");
    assert_snapshot!(
        changed(WHERE, "do: [{ call: order }, { if: \"order.status == 'lost'\", then: [{ hand_over: policy }], else: [{ call: where_is_it }, { say: order_where }] }]"),
        @""
    );
}

#[test]
fn a_text_that_speaks_of_what_nobody_asked() {
    assert_snapshot!(changed(WHERE, "do: [{ call: profile }, { say: cancelled }]"), @r"
    shop/patchbay.yaml:126:31  skills.where_is_my_order.do[1].say
        the text 'cancelled' shows 'order.id', and nothing before it asks 'order'
        → call 'order' before, or test for it in the text: {% if order.id %}

    1 problem in the configuration
    ");
    assert_snapshot!(
        changed(WHERE, "do: [{ if: \"customer.email == ''\", then: [{ call: order }] }, { say: cancelled }]"),
        @r"
        shop/patchbay.yaml:126:69  skills.where_is_my_order.do[1].say
            the text 'cancelled' shows 'order.id', and not every way here asks 'order'
            → call 'order' before, or test for it in the text: {% if order.id %}

        1 problem in the configuration
        "
    );
    assert_snapshot!(changed("Order {{ order.id }} is cancelled.", "Order {{ order_number }} is cancelled."), @r"
    shop/patchbay.yaml:136:36  skills.cancel.do[1].say
        the text 'cancelled' shows 'order_number', which is no fact and no slot of this skill
        → name a tool's fact, a slot, or something of `customer`

    1 problem in the configuration
    ");
    assert_snapshot!(changed("Cancel order {{ order.id }} over", "Cancel order {{ args.number }} to {{ parcel.place }} over"), @r"
    shop/patchbay.yaml:111:5  tools.cancel_order.preview
        the text 'about_to_cancel' shows 'args.number', and 'cancel_order' takes no argument 'number'
        → name an argument of the tool

    shop/patchbay.yaml:111:5  tools.cancel_order.preview
        the text 'about_to_cancel' shows 'parcel.place', and 'cancel_order' does not need 'parcel'
        → add parcel to tools.cancel_order.needs, or test for it: {% if parcel.place %}

    2 problems in the configuration
    ");
}

#[test]
fn a_text_that_shows_what_may_be_missing() {
    assert_snapshot!(changed("{% if parcel.place %}, now in {{ parcel.place }}{% endif %}", ", now in {{ parcel.place }}"), @r"
    warning: shop/patchbay.yaml:126:35  skills.where_is_my_order.do[1].say
        the text 'order_where' shows 'parcel.place', which is not there when its system does not answer
        → test for it in the text: {% if parcel.place %}…{% endif %}
    ");
    assert_snapshot!(changed("Order {{ order.id }} is cancelled.", "Order {{ order.id }} ({{ order.shipment_id }}) is cancelled."), @r"
    warning: shop/patchbay.yaml:136:36  skills.cancel.do[1].say
        the text 'cancelled' shows 'order.shipment_id', which is optional
        → test for it in the text: {% if order.shipment_id %}…{% endif %}
    ");
    assert_snapshot!(changed("is cancelled. The money", "is cancelled ({{ slots.note }}). The money"), @r"
    shop/patchbay.yaml:136:36  skills.cancel.do[1].say
        the text 'cancelled' shows 'slots.note', which is no fact and no slot of this skill
        → name a tool's fact, a slot, or something of `customer`

    1 problem in the configuration
    ");
}

#[test]
fn a_condition_that_never_holds_and_an_argument_from_nowhere() {
    assert_snapshot!(
        changed(WHERE, "do: [{ if: \"parcel.place == 'Bremen'\", then: [{ hand_over: policy }], else: [{ call: where_is_it }, { say: order_where }] }]"),
        @r"
        shop/patchbay.yaml:126:12  skills.where_is_my_order.do[0].if
            this looks at 'parcel.place', and nothing before it asks 'parcel': it would never hold
            → call 'parcel' before

        1 problem in the configuration
        "
    );
    assert_snapshot!(changed(CANCEL, "do: [{ call: cancel_order, with: { order_id: parcel.place } }, { say: cancelled }]"), @r"
    shop/patchbay.yaml:136:32  skills.cancel.do[0].with
        this argument is taken from 'parcel.place', and nothing before it asks 'parcel'
        → call 'parcel' before

    1 problem in the configuration
    ");
}

#[test]
fn a_level_that_nobody_reaches() {
    assert_snapshot!(changed("    auth: identified\n    args: { order_id: order_id, reason: reason }", "    auth: strong\n    args: { order_id: order_id, reason: reason }"), @r"
    shop/patchbay.yaml:136:12  skills.cancel.do[0].call
        'cancel_order' asks for the level strong, which nobody ever reaches: no way of proof under `identity` gives more than identified
        → write `auth: identified` under tools.cancel_order if your policy allows that, or leave it to people: `hand_over: needs_approval`

    1 problem in the configuration
    ");
    assert_snapshot!(
        changed("  host: { kind: jwt, keys: \"https://shop.example/.well-known/jwks.json\", audience: patchbay, max_age: 12h, customer: \"$.sub\", gives: identified }\n", "  idle: { contact: 5m }\n"),
        @r"
        shop/patchbay.yaml:125:65  skills.where_is_my_order.slots.order_id.from[2]
            'profile' asks for the level contact, which nobody ever reaches: there is no way of proof under `identity`
            → declare the host's token (`identity.host`), or a lookup that gives contact

        shop/patchbay.yaml:126:12  skills.where_is_my_order.do[0].call
            'order' asks for the level contact, which nobody ever reaches: there is no way of proof under `identity`
            → declare the host's token (`identity.host`), or a lookup that gives contact

        shop/patchbay.yaml:133:39  skills.cancel.slots.order_id.from[2]
            'profile' asks for the level contact, which nobody ever reaches: there is no way of proof under `identity`
            → declare the host's token (`identity.host`), or a lookup that gives contact

        shop/patchbay.yaml:136:12  skills.cancel.do[0].call
            'cancel_order' asks for the level identified, which nobody ever reaches: there is no way of proof under `identity`
            → declare the host's token (`identity.host`), which gives identified, or lower `auth` under tools.cancel_order

        4 problems in the configuration
        "
    );
}

#[test]
fn a_step_that_no_way_leads_to() {
    assert_snapshot!(changed("do: [{ hand_over: asked_for_human }]", "do: [{ hand_over: asked_for_human }, { say: handing_over }]"), @r"
    warning: shop/patchbay.yaml:140:42  skills.person.do[1]
        nothing ever gets to this step: every way ends before it
        → remove it, or the end before it
    ");
    assert_snapshot!(
        changed(WHERE, "do: [{ call: order }, { if: \"order.status == 'lost'\", then: [{ hand_over: policy }], else: [{ hand_over: policy }] }, { say: order_where }]"),
        @r"
        warning: shop/patchbay.yaml:126:123  skills.where_is_my_order.do[2]
            nothing ever gets to this step: every way ends before it
            → remove it, or the end before it
        "
    );
}
