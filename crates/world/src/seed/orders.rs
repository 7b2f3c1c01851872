//! Orders of all ages, with what warehouse and carrier know of them.

use jiff::civil::Date;

use super::{at, days_ago, first_hour};
use crate::dice::Dice;
use crate::money::Cents;
use crate::record::customer::Customer;
use crate::record::fulfilment::{Fulfilment, Line, Stage};
use crate::record::order::{Cancellation, Item, Order, Payment, RETURN_DAYS, Return, Shipment, Status};
use crate::record::parcel::{Parcel, ParcelStatus, Scan, Window};
use crate::record::stock::Stock;

/// The order of which an article was lost.
const LOST_IN: &str = "12345";
const CARRIER: &str = "Polar Parcel";
const HUBS: [&str; 5] = ["Bremen hub", "Duisburg hub", "Venlo hub", "Kassel hub", "Nürnberg hub"];

/// Orders and what other systems hold about them.
pub(super) struct Shipped {
    pub(super) orders: Vec<Order>,
    pub(super) fulfilments: Vec<Fulfilment>,
    pub(super) parcels: Vec<Parcel>,
}

/// Makes the orders of `customers`, newest first for each.
pub(super) fn orders(today: Date, customers: &[Customer], stock: &[Stock], dice: &mut Dice) -> Shipped {
    let mut shipped = Shipped { orders: Vec::new(), fulfilments: Vec::new(), parcels: Vec::new() };
    let mut number = 30_000;
    for customer in customers {
        let plan: Vec<(String, i64, Status)> = match customer.id.as_str() {
            "mika" => vec![
                ("12345".to_owned(), 1, Status::Paid),
                ("12288".to_owned(), 4, Status::Shipped),
                ("11902".to_owned(), 19, Status::Delivered),
            ],
            "bob" => vec![("99999".to_owned(), 1, Status::Paid), ("98310".to_owned(), 40, Status::Delivered)],
            _ => {
                let mut ages: Vec<i64> = (0..dice.between(2, 5)).map(|_| age(dice)).collect();
                ages.sort_unstable();
                let numbered = ages.into_iter().map(|age| {
                    number += dice.between(3, 60);
                    (number.to_string(), age, status_at(age, dice))
                });
                numbered.collect()
            }
        };
        for (id, age, status) in plan {
            let mut order = order(id, customer, age, status, stock, today, dice);
            lose_stock(&mut order);
            shipped.add(order, today, dice);
        }
    }
    shipped
}

/// The warehouse could not find one article of Mika's newest order: the customer may choose another variant for it.
fn lose_stock(order: &mut Order) {
    if let Some(item) = order.items.get_mut(2).filter(|_| order.id == LOST_IN) {
        item.stock = "lost";
    }
}

/// Days since placing: half of the orders are of the last ten days.
fn age(dice: &mut Dice) -> i64 {
    if dice.chance(50) { dice.between(0, 10) } else { dice.between(11, 200) }
}

fn status_at(age: i64, dice: &mut Dice) -> Status {
    if dice.chance(6) {
        return Status::Cancelled;
    }
    match age {
        0 => *dice.pick(&[Status::Placed, Status::Paid]),
        1 => *dice.pick(&[Status::Paid, Status::Packed]),
        2 | 3 => *dice.pick(&[Status::Packed, Status::Shipped]),
        4 | 5 => Status::Shipped,
        _ if age < 40 && dice.chance(8) => Status::ReturnRequested,
        _ => Status::Delivered,
    }
}

fn order(id: String, customer: &Customer, age: i64, status: Status, stock: &[Stock], today: Date, dice: &mut Dice) -> Order {
    let placed = days_ago(today, age);
    let items: Vec<Item> = (1..=dice.between(1, 4)).map(|place| item(place, dice.pick(stock), dice)).collect();
    let has_left = matches!(status, Status::Shipped | Status::Delivered | Status::ReturnRequested);
    let shipment = has_left.then(|| {
        // What is on its way comes today or within the next days; the rest took five.
        let soonest = i64::from(customer.id == "mika");
        let eta = if status == Status::Shipped { -dice.between(soonest, 3) } else { age - 5 };
        let eta = days_ago(today, eta);
        Shipment {
            id: format!("PP{}{}", dice.between(1000, 9999), dice.between(10_000, 99_999)),
            carrier: CARRIER,
            shipped_at: at(days_ago(today, (age - 2).max(1)), 16, dice.between(0, 59)),
            eta,
            delivered_at: (status != Status::Shipped).then(|| at(eta, dice.between(9, 17), dice.between(0, 59))),
        }
    });
    let delivered = shipment.as_ref().filter(|shipment| shipment.delivered_at.is_some());
    let return_until = delivered.map(|shipment| days_ago(shipment.eta, -i64::from(RETURN_DAYS)));
    let total = items.iter().map(|item| item.price * i64::from(item.quantity)).sum();
    let returns = match (&shipment, status) {
        (Some(shipment), Status::ReturnRequested) => vec![Return {
            id: format!("R{id}-1"),
            item_ids: vec![items[0].item_id.clone()],
            reason: "not as expected".to_owned(),
            refund: items[0].price * i64::from(items[0].quantity),
            requested_at: shipment.delivered_at.unwrap_or(shipment.shipped_at),
        }],
        _ => Vec::new(),
    };
    Order {
        id,
        customer_id: customer.id.clone(),
        status,
        placed_at: at(placed, dice.between(6, 21), dice.between(0, 59)).min(first_hour(today)),
        items,
        currency: "EUR",
        total,
        shipping_address: customer.address.clone(),
        delivery_instructions: dice.chance(25).then(|| customer.preferences.leave_parcels.clone()),
        payment: Payment { method: method(dice), authorisation: authorisation(status) },
        shipment,
        return_until,
        cancellation: (status == Status::Cancelled)
            .then(|| Cancellation { reason: "no_longer_needed".to_owned(), at: at(placed, 22, 30).min(first_hour(today)) }),
        returns,
        exchanges: Vec::new(),
        version: 1,
    }
}

fn item(place: i64, article: &Stock, dice: &mut Dice) -> Item {
    let most = if article.price < Cents(4000) { 3 } else { 1 };
    Item {
        item_id: format!("i{place}"),
        sku: article.sku.clone(),
        name: article.name.clone(),
        options: article.options.clone(),
        quantity: u32::try_from(dice.between(1, most)).unwrap_or(1),
        price: article.price,
        stock: "allocated",
    }
}

fn method(dice: &mut Dice) -> String {
    match dice.between(0, 2) {
        0 => format!("visa ending in {}", dice.between(1000, 9999)),
        1 => format!("mastercard ending in {}", dice.between(1000, 9999)),
        _ => "SEPA direct debit".to_owned(),
    }
}

fn authorisation(status: Status) -> &'static str {
    match status {
        Status::Placed => "pending",
        Status::Paid | Status::Packed => "authorised",
        Status::Shipped | Status::Delivered | Status::ReturnRequested => "captured",
        Status::Cancelled => "voided",
    }
}

impl Shipped {
    /// Adds an order, the warehouse's work on it and its parcel.
    fn add(&mut self, order: Order, today: Date, dice: &mut Dice) {
        self.fulfilments.push(fulfilment(&order));
        if let Some(shipment) = &order.shipment {
            self.parcels.push(parcel(&order, shipment, today, dice));
        }
        self.orders.push(order);
    }
}

fn fulfilment(order: &Order) -> Fulfilment {
    let stage = match order.status {
        Status::Placed => Stage::Received,
        Status::Paid => Stage::Allocated,
        Status::Packed => Stage::Packed,
        Status::Shipped | Status::Delivered | Status::ReturnRequested => Stage::HandedOver,
        Status::Cancelled => Stage::Stopped,
    };
    let is_boxed = matches!(stage, Stage::Packed | Stage::HandedOver);
    let line = |item: &Item| Line { sku: item.sku.clone(), quantity: item.quantity, picked: if is_boxed { item.quantity } else { 0 } };
    Fulfilment {
        order_id: order.id.clone(),
        customer_id: order.customer_id.clone(),
        stage,
        site: "Bremen warehouse",
        updated_at: order.shipment.as_ref().map_or(order.placed_at, |shipment| shipment.shipped_at),
        lines: order.items.iter().map(line).collect(),
    }
}

fn parcel(order: &Order, shipment: &Shipment, today: Date, dice: &mut Dice) -> Parcel {
    let scan = |at, place: &str, event| Scan { at, place: place.to_owned(), event };
    let shipped = shipment.shipped_at;
    let hub = *dice.pick(&HUBS);
    let mut history = vec![scan(shipped, "Bremen warehouse", "picked_up")];
    let hours = |count: i64| shipped.saturating_add(jiff::SignedDuration::from_hours(count)).unwrap_or(shipped);
    // The night after pick-up it passes a hub, in time for any delivery.
    let at_hub = hours(7).min(first_hour(today));
    history.push(scan(at_hub, hub, "sorted"));
    let city = &order.shipping_address.city;
    if shipment.eta <= today {
        history.push(scan(at(shipment.eta, 5, 10).min(first_hour(today)), city, "out_for_delivery"));
    }
    let (status, place) = match shipment.delivered_at {
        Some(delivered) => {
            history.push(scan(delivered, city, "delivered"));
            (ParcelStatus::Delivered, city.as_str())
        }
        None if shipment.eta == today => (ParcelStatus::OutForDelivery, city.as_str()),
        None => (ParcelStatus::InTransit, hub),
    };
    Parcel {
        shipment_id: shipment.id.clone(),
        reference: order.id.clone(),
        customer_id: order.customer_id.clone(),
        status,
        place: place.to_owned(),
        eta: shipment.eta,
        window: Window { from: "08:00", to: "12:00" },
        history,
    }
}
