//! An order from placing to delivery, and what may still be done with it at each stage.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Serialize;

use super::customer::Address;
use super::stock::Stock;
use crate::money::Cents;
use crate::refusal::Refusal;
use crate::table::Record;

/// Days after delivery within which goods may come back.
pub(crate) const RETURN_DAYS: i32 = 30;

/// An order.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) customer_id: String,
    pub(crate) status: Status,
    pub(crate) placed_at: Timestamp,
    pub(crate) items: Vec<Item>,
    pub(crate) currency: &'static str,
    pub(crate) total: Cents,
    pub(crate) shipping_address: Address,
    pub(crate) delivery_instructions: Option<String>,
    pub(crate) payment: Payment,
    pub(crate) shipment: Option<Shipment>,
    /// The last day on which goods may come back; known once they are delivered.
    pub(crate) return_until: Option<Date>,
    pub(crate) cancellation: Option<Cancellation>,
    pub(crate) returns: Vec<Return>,
    pub(crate) exchanges: Vec<Exchange>,
    /// Grows with every change; also the `ETag`.
    pub(crate) version: u32,
}

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    Placed,
    Paid,
    Packed,
    Shipped,
    Delivered,
    Cancelled,
    ReturnRequested,
}

/// One line of an order.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Item {
    pub(crate) item_id: String,
    pub(crate) sku: String,
    pub(crate) name: String,
    pub(crate) options: BTreeMap<&'static str, &'static str>,
    pub(crate) quantity: u32,
    /// Of one piece.
    pub(crate) price: Cents,
    /// `allocated`, or `lost` where the warehouse cannot deliver what was ordered.
    pub(crate) stock: &'static str,
}

/// How an order is paid.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Payment {
    /// Masked, such as `visa ending in 4242`.
    pub(crate) method: String,
    /// `pending`, `authorised`, `captured`, `voided` or `refunded`.
    pub(crate) authorisation: &'static str,
}

/// What the carrier was given.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Shipment {
    pub(crate) id: String,
    pub(crate) carrier: &'static str,
    pub(crate) shipped_at: Timestamp,
    /// As the order system believes; the carrier knows better.
    pub(crate) eta: Date,
    pub(crate) delivered_at: Option<Timestamp>,
}

/// That and why an order was cancelled.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Cancellation {
    pub(crate) reason: String,
    pub(crate) at: Timestamp,
}

/// Goods that are to come back.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Return {
    pub(crate) id: String,
    pub(crate) item_ids: Vec<String>,
    pub(crate) reason: String,
    pub(crate) refund: Cents,
    pub(crate) requested_at: Timestamp,
}

/// Goods that come back for others of the same kind.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Exchange {
    pub(crate) id: String,
    pub(crate) item_id: String,
    pub(crate) sku: String,
    /// What the customer still pays; negative: gets back.
    pub(crate) difference: Cents,
    pub(crate) requested_at: Timestamp,
}

impl Record for Order {
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> &str {
        &self.customer_id
    }
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Paid => "paid",
            Self::Packed => "packed",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
            Self::ReturnRequested => "return_requested",
        }
    }
}

impl Order {
    /// Refuses where the caller has seen another version than `seen`.
    pub(crate) fn expect_version(&self, seen: Option<&str>) -> Result<(), Refusal> {
        match seen {
            Some(version) if version != "*" && version != self.version.to_string() => {
                let now = self.version;
                Err(Refusal::changed(format!("order {} is at version {now}, not {version}", self.id)))
            }
            _ => Ok(()),
        }
    }

    /// Cancels what the warehouse has not packed.
    pub(crate) fn cancel(&mut self, reason: &str, now: Timestamp) -> Result<(), Refusal> {
        self.expect_unpacked("cannot be cancelled")?;
        self.payment.authorisation = if self.payment.authorisation == "captured" { "refunded" } else { "voided" };
        self.status = Status::Cancelled;
        self.cancellation = Some(Cancellation { reason: reason.to_owned(), at: now });
        self.version += 1;
        Ok(())
    }

    /// Sends what is not packed to another address.
    pub(crate) fn change_address(&mut self, address: Address) -> Result<(), Refusal> {
        self.expect_unpacked("keeps its address")?;
        address.check()?;
        self.shipping_address = address;
        self.version += 1;
        Ok(())
    }

    /// Tells the driver something; possible until the parcel is delivered.
    pub(crate) fn change_instructions(&mut self, instructions: String) -> Result<(), Refusal> {
        if !matches!(self.status, Status::Placed | Status::Paid | Status::Packed | Status::Shipped) {
            return Err(self.too_late("takes no more instructions"));
        }
        if instructions.chars().count() > 200 {
            return Err(Refusal::rule("instructions_too_long", "instructions have at most 200 characters"));
        }
        self.delivery_instructions = Some(instructions);
        self.version += 1;
        Ok(())
    }

    /// Puts another variant of the same product in the place of an item, before packing.
    pub(crate) fn substitute(&mut self, item_id: &str, by: &Stock) -> Result<(), Refusal> {
        self.expect_unpacked("cannot be changed")?;
        let item = self.item(item_id)?;
        expect_other_variant(item, by)?;
        let name = by.name.clone();
        if let Some(item) = self.items.iter_mut().find(|item| item.item_id == item_id) {
            (item.sku, item.name, item.options, item.price) = (by.sku.clone(), name, by.options.clone(), by.price);
            item.stock = "allocated";
        }
        self.total = self.items.iter().map(|item| item.price * i64::from(item.quantity)).sum();
        self.version += 1;
        Ok(())
    }

    /// Starts a return of `item_ids`; what they cost comes back.
    pub(crate) fn start_return(&mut self, item_ids: Vec<String>, reason: String, now: Timestamp) -> Result<(), Refusal> {
        self.expect_returnable(now)?;
        if item_ids.is_empty() {
            return Err(Refusal::rule("no_items", "name the items that come back"));
        }
        let mut refund = Cents(0);
        for (place, id) in item_ids.iter().enumerate() {
            let item = self.item(id)?;
            if item_ids[..place].contains(id) || self.is_coming_back(id) {
                return Err(Refusal::rule("already_returned", format!("item {id} is already coming back")));
            }
            refund += item.price * i64::from(item.quantity);
        }
        let id = format!("R{}-{}", self.id, self.returns.len() + 1);
        self.returns.push(Return { id, item_ids, reason, refund, requested_at: now });
        self.status = Status::ReturnRequested;
        self.version += 1;
        Ok(())
    }

    /// Starts an exchange of one item for another variant of the same product.
    pub(crate) fn exchange(&mut self, item_id: &str, by: &Stock, now: Timestamp) -> Result<(), Refusal> {
        self.expect_returnable(now)?;
        let item = self.item(item_id)?;
        expect_other_variant(item, by)?;
        if self.is_coming_back(item_id) {
            return Err(Refusal::rule("already_returned", format!("item {item_id} is already coming back")));
        }
        let difference = (by.price - item.price) * i64::from(item.quantity);
        let id = format!("X{}-{}", self.id, self.exchanges.len() + 1);
        let exchange = Exchange { id, item_id: item_id.to_owned(), sku: by.sku.clone(), difference, requested_at: now };
        self.exchanges.push(exchange);
        self.version += 1;
        Ok(())
    }

    /// The line `item_id`; 422 where the order has none.
    pub(crate) fn item(&self, item_id: &str) -> Result<&Item, Refusal> {
        let found = self.items.iter().find(|item| item.item_id == item_id);
        found.ok_or_else(|| Refusal::rule("item_unknown", format!("order {} has no item '{item_id}'", self.id)))
    }

    fn is_coming_back(&self, item_id: &str) -> bool {
        self.returns.iter().any(|back| back.item_ids.iter().any(|id| id == item_id))
            || self.exchanges.iter().any(|exchange| exchange.item_id == item_id)
    }

    fn expect_unpacked(&self, otherwise: &str) -> Result<(), Refusal> {
        if matches!(self.status, Status::Placed | Status::Paid) { Ok(()) } else { Err(self.too_late(otherwise)) }
    }

    fn expect_returnable(&self, now: Timestamp) -> Result<(), Refusal> {
        let delivered = self.shipment.as_ref().and_then(|shipment| shipment.delivered_at);
        let (Status::Delivered | Status::ReturnRequested, Some(delivered)) = (self.status, delivered) else {
            return Err(self.too_late("was not delivered, so nothing can come back"));
        };
        let date = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
        let days = (date(now) - date(delivered)).get_days();
        if days > RETURN_DAYS {
            let message = format!("order {} was delivered {days} days ago; returns end after {RETURN_DAYS}", self.id);
            return Err(Refusal::rule("return_period_over", message));
        }
        Ok(())
    }

    fn too_late(&self, otherwise: &str) -> Refusal {
        let status = self.status.word();
        Refusal::rule("state_forbids", format!("order {} is {status} and {otherwise}", self.id))
    }
}

/// An item may be replaced by another variant of the same product that is in stock.
fn expect_other_variant(item: &Item, by: &Stock) -> Result<(), Refusal> {
    if item.sku == by.sku {
        return Err(Refusal::rule("same_item", "that is the same variant"));
    }
    if Stock::product_of(&item.sku) != Stock::product_of(&by.sku) {
        return Err(Refusal::rule("other_product", format!("{} is another product than {}", by.sku, item.sku)));
    }
    if by.available < item.quantity {
        return Err(Refusal::rule("out_of_stock", format!("only {} of {} are in stock", by.available, by.sku)));
    }
    Ok(())
}
