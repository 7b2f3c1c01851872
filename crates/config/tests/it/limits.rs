//! Limits: each says something, and a sum is of an amount in its own currency.

use super::{changed, documented, load};

#[test]
fn a_limit_limits_something() {
    let of = |limit: &str| changed("limit: { per_customer: 3/day }", limit);
    assert!(of("limit: { sum: { of: reason, at_most: '100.00 EUR', within: 24h } }").contains("'reason' is no amount of money"));
    assert!(of("limit: { sum: { of: amount, at_most: '100.00 EUR', within: 24h } }").contains("there is no argument 'amount'"));
    let bare = of("limit: { sum: { of: reason, at_most: '100.00', within: 24h } }");
    assert!(bare.contains("tools.cancel_order.limit.sum.at_most") && bare.contains("write an amount and its currency"), "{bare}");
    assert!(of("limit: { sum: { of: reason, at_most: '0.00 EUR', within: 24h } }").contains("allows nothing"));
    assert!(of("limit: {}").contains("a limit that limits nothing"));
}

#[test]
fn what_is_added_up_is_in_the_limits_currency() {
    let money = "args: { order_id: order_id, reason: reason, amount: { type: money, currency: EUR } }";
    let example = documented().replacen("args: { order_id: order_id, reason: reason }", money, 1);
    let with = |at_most: &str| {
        let limit = format!("limit: {{ sum: {{ of: amount, at_most: '{at_most}', within: 24h }} }}");
        load(&example.replacen("limit: { per_customer: 3/day }", &limit, 1)).err().map(|problems| problems.to_string()).unwrap_or_default()
    };
    let wrong = with("100.00 USD");
    assert!(wrong.contains("tools.cancel_order.limit.sum.at_most") && wrong.contains("in EUR") && wrong.contains("in USD"), "{wrong}");
    assert!(!with("100.00 EUR").contains("limit"), "the other mistakes a new argument brings are not about the limit");
}

#[test]
fn a_conversation_is_reopened_for_a_while() {
    let of = |section: &str| changed("topics:\n", &format!("{section}\ntopics:\n"));
    assert!(of("conversations: { reopen: 0s }").contains("conversations.reopen"));
    assert!(of("conversations: { reopen: 400d }").contains("conversations.reopen"));
}
