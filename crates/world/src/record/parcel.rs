//! A parcel on its way, with every scan.

use jiff::{Timestamp, ToSpan, civil::Date};
use serde::Serialize;

use crate::refusal::Refusal;
use crate::table::Record;

/// A parcel as the carrier knows it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Parcel {
    pub(crate) shipment_id: String,
    /// The sender's reference: the order's id.
    pub(crate) reference: String,
    /// Whose it is; the carrier does not tell.
    #[serde(skip)]
    pub(crate) customer_id: String,
    pub(crate) status: ParcelStatus,
    pub(crate) place: String,
    pub(crate) eta: Date,
    pub(crate) window: Window,
    pub(crate) history: Vec<Scan>,
}

/// Where a parcel stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ParcelStatus {
    InTransit,
    OutForDelivery,
    Delivered,
}

/// The part of the day in which the driver comes, local time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Window {
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
}

/// One time a parcel was seen.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Scan {
    pub(crate) at: Timestamp,
    pub(crate) place: String,
    pub(crate) event: &'static str,
}

impl Record for Parcel {
    fn id(&self) -> &str {
        &self.shipment_id
    }
    fn owner(&self) -> &str {
        &self.customer_id
    }
}

impl Window {
    /// The windows there are, by name.
    pub(crate) fn named(name: &str) -> Result<Self, Refusal> {
        let (from, to) = match name {
            "morning" => ("08:00", "12:00"),
            "afternoon" => ("12:00", "17:00"),
            "evening" => ("17:00", "21:00"),
            _ => return Err(Refusal::rule("window_unknown", "window is morning, afternoon or evening")),
        };
        Ok(Self { from, to })
    }
}

impl Parcel {
    /// Brings the parcel on another day of the next two weeks, Sundays apart.
    pub(crate) fn reschedule(&mut self, date: Date, window: Window, today: Date) -> Result<(), Refusal> {
        if self.status != ParcelStatus::InTransit {
            let message = format!("parcel {} is already out for delivery or delivered", self.shipment_id);
            return Err(Refusal::rule("state_forbids", message));
        }
        let last = today.saturating_add(14.days());
        if date <= today || date > last || date.weekday() == jiff::civil::Weekday::Sunday {
            let message = format!("choose a day after {today} and up to {last} that is no Sunday");
            return Err(Refusal::rule("date_not_possible", message));
        }
        self.eta = date;
        self.window = window;
        Ok(())
    }
}
