//! Other variants for what was ordered: modifying the items of a pending order, exchanging those of a delivered one.

use serde_json::Value;

use super::orders::{expect_items, expect_status, order_of, put};
use super::payments::{credit, expect_cover, method_of};
use super::shop::{Direction, Order, Shop, Transaction, Variant};
use crate::money::Cents;
use crate::refusal::Refusal;

/// Puts other variants in the place of items of a pending order; afterwards nothing about it can be changed.
pub(super) fn modify(shop: &mut Shop, order_id: &str, swap: &Swap) -> Result<Value, Refusal> {
    let mut order = order_of(shop, order_id)?;
    expect_status(&order, "pending", "can be modified")?;
    let difference = swap.check(shop, &order)?;
    credit(shop, &order.user_id, &swap.payment_method_id, -difference);
    order.payment_history.push(Transaction {
        transaction_type: if difference > Cents(0) { Direction::Payment } else { Direction::Refund },
        amount: difference.abs(),
        payment_method_id: swap.payment_method_id.clone(),
    });
    let mut changed = vec![false; order.items.len()];
    for (old, new) in swap.pairs() {
        // Two of the same article may be asked to become two different ones: take each piece once.
        let place = (0..order.items.len()).find(|place| !changed[*place] && order.items[*place].item_id == *old);
        if let Some(place) = place {
            let variant = variant_for(shop, &order, old, new)?;
            let item = &mut order.items[place];
            (item.item_id, item.price, item.options) = (variant.item_id, variant.price, variant.options);
            changed[place] = true;
        }
    }
    "pending (item modified)".clone_into(&mut order.status);
    put(shop, order)
}

/// Asks for items of a delivered order to be exchanged.
pub(super) fn exchange(shop: &mut Shop, order_id: &str, swap: &Swap) -> Result<Value, Refusal> {
    let mut order = order_of(shop, order_id)?;
    expect_status(&order, "delivered", "can be exchanged")?;
    let difference = swap.check(shop, &order)?;
    let sorted = |ids: &[String]| {
        let mut ids = ids.to_vec();
        ids.sort();
        Some(ids)
    };
    "exchange requested".clone_into(&mut order.status);
    order.exchange_items = sorted(&swap.item_ids);
    order.exchange_new_items = sorted(&swap.new_item_ids);
    order.exchange_payment_method_id = Some(swap.payment_method_id.clone());
    order.exchange_price_difference = Some(difference);
    put(shop, order)
}

/// Which items become which, and what pays or receives the difference.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Swap {
    item_ids: Vec<String>,
    new_item_ids: Vec<String>,
    payment_method_id: String,
}

impl Swap {
    fn pairs(&self) -> impl Iterator<Item = (&String, &String)> {
        self.item_ids.iter().zip(&self.new_item_ids)
    }

    /// Refuses what the shop does not allow; otherwise what the customer still pays (negative: gets back).
    fn check(&self, shop: &Shop, order: &Order) -> Result<Cents, Refusal> {
        expect_items(order, &self.item_ids)?;
        if self.item_ids.len() != self.new_item_ids.len() {
            return Err(Refusal::rule("items_do_not_match", "name one new item for each item"));
        }
        let mut difference = Cents(0);
        for (old, new) in self.pairs() {
            if old == new {
                return Err(Refusal::rule("same_item", format!("item {old} would stay as it is")));
            }
            let variant = variant_for(shop, order, old, new)?;
            let paid = order.items.iter().find(|item| item.item_id == *old).map(|item| item.price);
            difference += variant.price - paid.unwrap_or_default();
        }
        let method = method_of(shop, &order.user_id, &self.payment_method_id)?;
        expect_cover(&method, difference)?;
        Ok(difference)
    }
}

/// The available variant `new` of the product that item `old` of the order is.
fn variant_for(shop: &Shop, order: &Order, old: &str, new: &str) -> Result<Variant, Refusal> {
    let item = order.items.iter().find(|item| item.item_id == old);
    let product = item.and_then(|item| shop.products.get(&item.product_id));
    let variant = product.and_then(|product| product.variants.get(new));
    match variant {
        Some(variant) if variant.available => Ok(variant.clone()),
        Some(_) => Err(Refusal::rule("not_available", format!("item {new} is not available"))),
        None => Err(Refusal::rule("other_product", format!("item {new} is no variant of the product that {old} is"))),
    }
}
