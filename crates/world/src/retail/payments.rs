//! Money in the shop: the methods of a customer, gift cards, refunds, and paying an order another way.

use serde_json::Value;

use super::orders::{expect_status, order_of, put};
use super::shop::{Direction, Order, PaymentMethod, Shop, Transaction, User};
use crate::money::Cents;
use crate::refusal::Refusal;

/// The method `id` of the customer; 422 where they have none by that id.
pub(super) fn method_of(shop: &Shop, user_id: &str, id: &str) -> Result<PaymentMethod, Refusal> {
    let user = shop.users.get(user_id).ok_or_else(|| Refusal::not_found("user", user_id))?;
    let method = user.payment_methods.get(id).cloned();
    method.ok_or_else(|| Refusal::rule("method_unknown", format!("the customer has no payment method '{id}'")))
}

/// Refuses where a gift card is too small for `amount`.
pub(super) fn expect_cover(method: &PaymentMethod, amount: Cents) -> Result<(), Refusal> {
    if method.covers(amount) {
        return Ok(());
    }
    Err(Refusal::rule("gift_card_too_small", format!("the gift card's balance does not cover {amount}")))
}

/// Moves `amount` onto the customer's gift card (negative: off it). Nothing happens for other methods.
pub(super) fn credit(shop: &mut Shop, user_id: &str, method_id: &str, amount: Cents) {
    let credit = |user: &mut User| {
        if let Some(method) = user.payment_methods.get_mut(method_id) {
            method.credit(amount);
        }
    };
    shop.users.edit(user_id, credit);
}

/// Enters a refund of all that was paid and not yet refunded, method by method.
pub(super) fn refund_everything(shop: &mut Shop, order: &mut Order) {
    let mut held: Vec<(String, Cents)> = Vec::new();
    for Transaction { transaction_type, amount, payment_method_id } in &order.payment_history {
        let signed = if *transaction_type == Direction::Payment { *amount } else { -*amount };
        match held.iter_mut().find(|(id, _)| id == payment_method_id) {
            Some((_, sum)) => *sum += signed,
            None => held.push((payment_method_id.clone(), signed)),
        }
    }
    for (payment_method_id, amount) in held.into_iter().filter(|(_, sum)| *sum > Cents(0)) {
        credit(shop, &order.user_id, &payment_method_id, amount);
        let transaction_type = Direction::Refund;
        order.payment_history.push(Transaction { transaction_type, amount, payment_method_id });
    }
}

/// Pays a pending order with a single other method; the first one has its money back.
pub(super) fn change_payment(shop: &mut Shop, order_id: &str, method_id: &str) -> Result<Value, Refusal> {
    let mut order = order_of(shop, order_id)?;
    expect_status(&order, "pending", "can be modified")?;
    let method = method_of(shop, &order.user_id, method_id)?;
    let [Transaction { transaction_type: Direction::Payment, amount, payment_method_id: original }] = order.payment_history.as_slice()
    else {
        let message = format!("order {order_id} was already paid anew; this can be done once");
        return Err(Refusal::rule("already_changed", message));
    };
    if original == method_id {
        return Err(Refusal::rule("same_method", "the order is already paid with this method"));
    }
    expect_cover(&method, *amount)?;
    let (amount, original) = (*amount, original.clone());
    credit(shop, &order.user_id, method_id, -amount);
    credit(shop, &order.user_id, &original, amount);
    order.payment_history.extend([
        Transaction { transaction_type: Direction::Payment, amount, payment_method_id: method_id.to_owned() },
        Transaction { transaction_type: Direction::Refund, amount, payment_method_id: original },
    ]);
    put(shop, order)
}
