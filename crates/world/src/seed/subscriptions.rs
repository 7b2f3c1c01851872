//! Subscriptions of about half of the customers, with devices and usage.

use jiff::civil::Date;

use super::{at, days_ago, first_hour};
use crate::dice::Dice;
use crate::record::customer::Customer;
use crate::record::subscription::{Device, FEATURES, Meter, PLANS, ScheduledChange, Subscription};

const MODELS: [&str; 6] = ["Home hub", "Indoor camera", "Outdoor camera", "Doorbell", "Motion sensor", "Door lock"];

const FIRMWARES: [&str; 3] = ["4.2.1", "4.2.0", "4.1.7"];

/// Makes the subscriptions; the known customers have one.
pub(super) fn subscriptions(today: Date, customers: &[Customer], dice: &mut Dice) -> Vec<Subscription> {
    let mut subscriptions = Vec::new();
    for (place, customer) in customers.iter().enumerate() {
        if place >= 2 && !dice.chance(52) {
            continue;
        }
        let number = 5_000 + place * 13;
        subscriptions.push(subscription(format!("sub-{number}"), customer, today, dice));
    }
    subscriptions
}

fn subscription(id: String, customer: &Customer, today: Date, dice: &mut Dice) -> Subscription {
    let plan = *dice.pick(&PLANS);
    let features = FEATURES.iter().filter(|_| dice.chance(30)).copied().collect();
    let count = dice.between(2, i64::from(plan.devices).min(6));
    let devices = (1..=count).map(|place| device(&id, place, today, dice)).collect();
    let renews_on = days_ago(today, -dice.between(2, 27));
    let recorded = dice.between(1, i64::from(plan.recording_gb) * 12 / 10);
    let scheduled =
        if dice.chance(12) { vec![ScheduledChange { on: renews_on, change: "plan", to: "home_plus".to_owned() }] } else { Vec::new() };
    let counted = |number: i64| u32::try_from(number).unwrap_or(0);
    Subscription {
        meters: vec![
            Meter { meter: "recording", unit: "GB", included: plan.recording_gb, used: counted(recorded) },
            Meter { meter: "sms", unit: "messages", included: 50, used: counted(dice.between(0, 60)) },
        ],
        customer_id: customer.id.clone(),
        scheduled: scheduled.into_iter().filter(|_| plan.code != "home_plus").collect(),
        plan,
        features,
        is_suspended: customer.id.starts_with("c-") && dice.chance(6),
        started_on: days_ago(today, dice.between(95, 900)).max(customer.since),
        renews_on,
        devices,
        id,
    }
}

fn device(subscription: &str, place: i64, today: Date, dice: &mut Dice) -> Device {
    let firmware = *dice.pick(&FIRMWARES);
    let model = if place == 1 { MODELS[0] } else { *dice.pick(&MODELS[1..]) };
    let (status, days) = match dice.between(1, 100) {
        1..=82 => ("online", 0),
        83..=92 => ("weak_signal", 0),
        _ => ("offline", dice.between(1, 9)),
    };
    Device {
        id: format!("{subscription}-d{place}"),
        model,
        serial: format!("HH{}", dice.between(10_000_000, 99_999_999)),
        firmware,
        status,
        last_seen: at(days_ago(today, days), 5, dice.between(0, 59)).min(first_hour(today)),
    }
}
