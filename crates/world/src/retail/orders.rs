//! Cancelling, readdressing and returning orders.

use serde_json::{Value, json};

use super::payments::{method_of, refund_everything};
use super::shop::{Address, Order, Shop};
use crate::refusal::Refusal;

/// Reasons for which an order may be cancelled.
const REASONS: [&str; 2] = ["no longer needed", "ordered by mistake"];

/// The order, or 404.
pub(super) fn order_of(shop: &Shop, order_id: &str) -> Result<Order, Refusal> {
    let order = shop.orders.get(order_id).map(|order| Order::clone(order));
    order.ok_or_else(|| Refusal::not_found("order", order_id))
}

/// Puts `order` in the place of the one with its id.
pub(super) fn put(shop: &mut Shop, order: Order) -> Result<Value, Refusal> {
    let id = order.order_id.clone();
    let replace = |old: &mut Order| {
        *old = order;
        Ok(json!(&*old))
    };
    shop.orders.change(&id, replace).unwrap_or_else(|| Err(Refusal::not_found("order", &id)))
}

/// Refuses unless `order` has exactly this status.
pub(super) fn expect_status(order: &Order, status: &str, otherwise: &str) -> Result<(), Refusal> {
    if order.status == status {
        return Ok(());
    }
    let message = format!("order {} is '{}': only {status} orders {otherwise}", order.order_id, order.status);
    Err(Refusal::rule("state_forbids", message))
}

/// Cancels a pending order: gift cards have their money back at once, the rest is refunded as it was paid.
pub(super) fn cancel(shop: &mut Shop, order_id: &str, reason: &str) -> Result<Value, Refusal> {
    let mut order = order_of(shop, order_id)?;
    expect_status(&order, "pending", "can be cancelled")?;
    if !REASONS.contains(&reason) {
        return Err(Refusal::rule("reason_invalid", format!("the reason must be one of: {}", REASONS.join(", "))));
    }
    refund_everything(shop, &mut order);
    "cancelled".clone_into(&mut order.status);
    order.cancel_reason = Some(reason.to_owned());
    put(shop, order)
}

/// Sends a pending order to another address.
pub(super) fn change_address(shop: &mut Shop, order_id: &str, address: Address) -> Result<Value, Refusal> {
    let mut order = order_of(shop, order_id)?;
    expect_status(&order, "pending", "can be modified")?;
    order.address = address;
    put(shop, order)
}

/// Asks for items of a delivered order back; the money goes the way it came or to a gift card of the customer.
pub(super) fn request_return(
    shop: &mut Shop,
    order_id: &str,
    mut item_ids: Vec<String>,
    payment_method_id: &str,
) -> Result<Value, Refusal> {
    let mut order = order_of(shop, order_id)?;
    expect_status(&order, "delivered", "can be returned")?;
    let method = method_of(shop, &order.user_id, payment_method_id)?;
    let is_original = order.payment_history.first().is_some_and(|paid| paid.payment_method_id == payment_method_id);
    if !is_original && !method.is_gift_card() {
        let message = "the refund goes to the original payment method or to an existing gift card";
        return Err(Refusal::rule("method_not_allowed", message));
    }
    expect_items(&order, &item_ids)?;
    item_ids.sort();
    "return requested".clone_into(&mut order.status);
    order.return_items = Some(item_ids);
    order.return_payment_method_id = Some(payment_method_id.to_owned());
    put(shop, order)
}

/// Refuses where `item_ids` is empty or names a piece more often than the order holds it.
pub(super) fn expect_items(order: &Order, item_ids: &[String]) -> Result<(), Refusal> {
    if item_ids.is_empty() {
        return Err(Refusal::rule("no_items", "name at least one item"));
    }
    for id in item_ids {
        let asked = item_ids.iter().filter(|other| *other == id).count();
        let held = order.items.iter().filter(|item| item.item_id == *id).count();
        if asked > held {
            let message = format!("order {} holds item {id} {held} times, not {asked}", order.order_id);
            return Err(Refusal::rule("item_unknown", message));
        }
    }
    Ok(())
}
