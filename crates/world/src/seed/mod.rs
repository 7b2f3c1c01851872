//! The company as it stands at the start: the same for the same day, made from a fixed sequence.
//!
//! Two customers have orders known by number, for demonstrations: Mika Sato (`mika`) with 12345 (paid, may be
//! cancelled), 12288 (on its way) and 11902 (delivered), and Bob Miller (`bob`) with 99999.

mod catalogue;
mod money;
mod orders;
mod people;
mod subscriptions;

use jiff::{Timestamp, ToSpan, civil::Date, civil::Time, tz::TimeZone};

use crate::dice::Dice;
use crate::record::Company;
use crate::table::Table;

/// Makes the company for `today`.
pub(crate) fn company(today: Date) -> Company {
    let mut dice = Dice::new(0x68_61_6c_64_65_6e);
    let stock = catalogue::stock(today, &mut dice);
    let customers = people::customers(today, &mut dice);
    let shipped = orders::orders(today, &customers, &stock, &mut dice);
    let subscriptions = subscriptions::subscriptions(today, &customers, &mut dice);
    let (invoices, accounts) = money::books(today, &customers, &subscriptions, &mut dice);
    Company {
        customers: Table::seeded(customers),
        orders: Table::seeded(shipped.orders),
        fulfilments: Table::seeded(shipped.fulfilments),
        parcels: Table::seeded(shipped.parcels),
        stock: Table::seeded(stock),
        invoices: Table::seeded(invoices),
        accounts: Table::seeded(accounts),
        subscriptions: Table::seeded(subscriptions),
    }
}

/// `days` before `today`; negative: after it.
fn days_ago(today: Date, days: i64) -> Date {
    today.saturating_sub(days.days())
}

/// A time of day on a date, in UTC.
fn at(date: Date, hour: i64, minute: i64) -> Timestamp {
    let part = |number: i64| i8::try_from(number).unwrap_or(0);
    let time = Time::new(part(hour), part(minute), 0, 0).unwrap_or(Time::midnight());
    date.to_datetime(time).to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

/// The latest that anything seeded has happened: past at almost any time of `today`.
fn first_hour(today: Date) -> Timestamp {
    at(today, 0, 10)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::company;
    use crate::record::order::Status;

    #[test]
    fn is_large_enough_and_always_the_same() {
        let (one, two) = (company(date(2026, 11, 20)), company(date(2026, 11, 20)));
        assert!(one.customers.all().count() >= 120);
        assert!(one.orders.all().count() >= 400, "{}", one.orders.all().count());
        assert!(one.invoices.all().count() >= 90);
        assert!(one.parcels.all().count() >= 200 && one.subscriptions.all().count() >= 50);
        let text = |company: &crate::record::Company| {
            let orders: Vec<_> = company.orders.all().map(|order| serde_json::to_string(&**order).unwrap()).collect();
            orders.join("\n")
        };
        assert_eq!(text(&one), text(&two));
    }

    #[test]
    fn belongs_together() {
        let company = company(date(2026, 11, 20));
        for order in company.orders.all() {
            assert!(company.customers.get(&order.customer_id).is_some());
            assert!(company.fulfilments.get(&order.id).is_some());
            if let Some(shipment) = &order.shipment {
                let parcel = company.parcels.get(&shipment.id).unwrap();
                assert_eq!(parcel.reference, order.id);
                assert!(!parcel.history.is_empty());
            }
        }
        let mika = company.orders.owned_by("mika");
        assert_eq!(mika, ["12345", "12288", "11902"]);
        assert_eq!(company.orders.get("12345").unwrap().status, Status::Paid);
        assert_eq!(company.orders.get("12288").unwrap().status, Status::Shipped);
        assert_eq!(company.orders.get("99999").unwrap().customer_id, "bob");
    }
}
