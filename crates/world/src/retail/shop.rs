//! The records of the shop, typed as its data file has them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::money::Cents;
use crate::table::{Record, Table};

/// The shop's state: what changes is kept apart from the data file, which all shops of a process share.
pub(crate) struct Shop {
    pub(crate) orders: Table<Order>,
    pub(crate) users: Table<User>,
    pub(crate) products: Table<Product>,
}

/// The data file.
#[derive(Deserialize)]
struct DataFile {
    orders: BTreeMap<String, Order>,
    users: BTreeMap<String, User>,
    products: BTreeMap<String, Product>,
}

/// A customer of the shop.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct User {
    /// The key in the data file; the shop does not tell it in the record.
    #[serde(skip)]
    pub(crate) user_id: String,
    pub(crate) name: Name,
    pub(crate) address: Address,
    pub(crate) email: String,
    pub(crate) payment_methods: BTreeMap<String, PaymentMethod>,
    pub(crate) orders: Vec<String>,
}

/// A customer's name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Name {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
}

/// A postal address, in the words of the shop's operations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Address {
    address1: String,
    address2: String,
    city: String,
    country: String,
    state: String,
    pub(crate) zip: String,
}

/// A way to pay; only gift cards have a balance.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PaymentMethod {
    source: Source,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    brand: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_four: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    balance: Option<Cents>,
    id: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Source {
    CreditCard,
    GiftCard,
    Paypal,
}

/// An order. What cancelling, returning or exchanging add is absent until then.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) order_id: String,
    pub(crate) user_id: String,
    pub(crate) address: Address,
    pub(crate) items: Vec<Item>,
    fulfillments: Vec<Fulfillment>,
    pub(crate) status: String,
    pub(crate) payment_history: Vec<Transaction>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cancel_reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) return_items: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) return_payment_method_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) exchange_items: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) exchange_new_items: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) exchange_payment_method_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) exchange_price_difference: Option<Cents>,
}

/// One piece in an order. Two of the same article are two entries.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) product_id: String,
    pub(crate) item_id: String,
    pub(crate) price: Cents,
    pub(crate) options: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Fulfillment {
    tracking_id: Vec<String>,
    item_ids: Vec<String>,
}

/// Money that went to the shop or back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Transaction {
    pub(crate) transaction_type: Direction,
    pub(crate) amount: Cents,
    pub(crate) payment_method_id: String,
}

/// Which way money went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Direction {
    Payment,
    Refund,
}

/// A product with its variants, by item id.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Product {
    pub(crate) name: String,
    pub(crate) product_id: String,
    pub(crate) variants: BTreeMap<String, Variant>,
}

/// One article that can be ordered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Variant {
    pub(crate) item_id: String,
    pub(crate) options: BTreeMap<String, String>,
    pub(crate) available: bool,
    pub(crate) price: Cents,
}

impl Record for User {
    fn id(&self) -> &str {
        &self.user_id
    }
    fn owner(&self) -> &str {
        &self.user_id
    }
}

impl Record for Order {
    fn id(&self) -> &str {
        &self.order_id
    }
    fn owner(&self) -> &str {
        &self.user_id
    }
}

impl Record for Product {
    fn id(&self) -> &str {
        &self.product_id
    }
    fn owner(&self) -> &str {
        &self.product_id
    }
}

impl Shop {
    /// Reads a data file.
    pub(crate) fn read(text: &[u8]) -> Result<Self, serde_json::Error> {
        let data: DataFile = serde_json::from_slice(text)?;
        let users = data.users.into_iter().map(|(user_id, user)| User { user_id, ..user });
        Ok(Self {
            orders: Table::seeded(data.orders.into_values()),
            users: Table::seeded(users),
            products: Table::seeded(data.products.into_values()),
        })
    }

    /// Back to the data file.
    pub(crate) fn reset(&mut self) {
        self.orders.reset();
        self.users.reset();
        self.products.reset();
    }
}

impl PaymentMethod {
    /// Whether it is a gift card.
    pub(crate) fn is_gift_card(&self) -> bool {
        self.source == Source::GiftCard
    }

    /// Whether `amount` can be taken; only a gift card can be too small.
    pub(crate) fn covers(&self, amount: Cents) -> bool {
        !self.is_gift_card() || self.balance.unwrap_or_default() >= amount
    }

    /// Puts money on a gift card at once (negative: takes it off); other methods are settled elsewhere.
    pub(crate) fn credit(&mut self, amount: Cents) {
        if self.is_gift_card() {
            self.balance = Some(self.balance.unwrap_or_default() + amount);
        }
    }
}
