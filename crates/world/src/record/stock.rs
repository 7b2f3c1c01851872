//! What lies in the warehouse of one article.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::money::Cents;
use crate::refusal::Refusal;
use crate::table::Record;

/// One article: a variant of a product. Articles of the same product share the first part of the sku.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Stock {
    pub(crate) sku: String,
    pub(crate) name: String,
    pub(crate) options: BTreeMap<&'static str, &'static str>,
    pub(crate) price: Cents,
    pub(crate) available: u32,
    pub(crate) reserved: u32,
    /// When more comes, where something is on its way.
    pub(crate) restock_on: Option<Date>,
    pub(crate) reservations: Vec<Reservation>,
}

/// Pieces kept for an order.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Reservation {
    pub(crate) id: String,
    pub(crate) order_id: String,
    pub(crate) quantity: u32,
}

impl Record for Stock {
    fn id(&self) -> &str {
        &self.sku
    }
    fn owner(&self) -> &str {
        &self.sku
    }
}

impl Stock {
    /// The product an article belongs to: `LMP-01` for `LMP-01-WHITE`.
    pub(crate) fn product_of(sku: &str) -> &str {
        sku.rsplit_once('-').map_or(sku, |(product, _)| product)
    }

    /// Keeps `quantity` pieces for an order.
    pub(crate) fn reserve(&mut self, order_id: &str, quantity: u32) -> Result<Reservation, Refusal> {
        if quantity == 0 {
            return Err(Refusal::rule("quantity_invalid", "reserve at least one piece"));
        }
        if quantity > self.available {
            let message = format!("only {} of {} are in stock", self.available, self.sku);
            return Err(Refusal::rule("out_of_stock", message));
        }
        self.available -= quantity;
        self.reserved += quantity;
        let id = format!("{}/{}", self.sku, self.reservations.len() + 1);
        let reservation = Reservation { id, order_id: order_id.to_owned(), quantity };
        self.reservations.push(reservation.clone());
        Ok(reservation)
    }
}
