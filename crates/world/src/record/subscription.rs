//! A subscription: plan, features, devices, usage, and what is scheduled to change.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use crate::money::Cents;
use crate::refusal::Refusal;
use crate::table::Record;

/// A plan that can be subscribed to.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Plan {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) price: Cents,
    pub(crate) devices: u8,
    pub(crate) recording_gb: u32,
}

/// Something added to a plan.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Feature {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) price: Cents,
}

/// The plans on sale, smallest first.
pub(crate) const PLANS: [Plan; 3] = [
    Plan { code: "home", name: "Home", price: Cents(990), devices: 5, recording_gb: 20 },
    Plan { code: "home_plus", name: "Home Plus", price: Cents(1490), devices: 12, recording_gb: 80 },
    Plan { code: "pro", name: "Pro", price: Cents(2490), devices: 40, recording_gb: 400 },
];

/// The features on sale.
pub(crate) const FEATURES: [Feature; 4] = [
    Feature { code: "extra_storage", name: "Extra storage", price: Cents(300) },
    Feature { code: "night_watch", name: "Night watch", price: Cents(450) },
    Feature { code: "family_access", name: "Family access", price: Cents(250) },
    Feature { code: "sms_alerts", name: "SMS alerts", price: Cents(190) },
];

/// A subscription.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub(crate) id: String,
    pub(crate) customer_id: String,
    pub(crate) plan: Plan,
    pub(crate) features: Vec<Feature>,
    pub(crate) is_suspended: bool,
    pub(crate) started_on: Date,
    pub(crate) renews_on: Date,
    pub(crate) meters: Vec<Meter>,
    pub(crate) devices: Vec<Device>,
    pub(crate) scheduled: Vec<ScheduledChange>,
}

/// What is counted, in the period that runs.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Meter {
    pub(crate) meter: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) included: u32,
    pub(crate) used: u32,
}

/// A device of the customer.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Device {
    pub(crate) id: String,
    pub(crate) model: &'static str,
    pub(crate) serial: String,
    pub(crate) firmware: &'static str,
    /// `online`, `offline`, `weak_signal`, `being_replaced` or `deactivated`.
    pub(crate) status: &'static str,
    pub(crate) last_seen: Timestamp,
}

/// A change that comes on a day.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ScheduledChange {
    pub(crate) on: Date,
    pub(crate) change: &'static str,
    pub(crate) to: String,
}

/// When a plan changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum When {
    Now,
    #[default]
    NextPeriod,
}

impl Record for Subscription {
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> &str {
        &self.customer_id
    }
}

impl Subscription {
    /// What is charged each month.
    pub(crate) fn price(&self) -> Cents {
        self.plan.price + self.features.iter().map(|feature| feature.price).sum()
    }

    /// Moves to another plan that has room for the devices.
    pub(crate) fn change_plan(&mut self, code: &str, when: When) -> Result<(), Refusal> {
        self.expect_active()?;
        let plan = PLANS.iter().find(|plan| plan.code == code);
        let plan = plan.ok_or_else(|| Refusal::rule("plan_unknown", format!("there is no plan '{code}'")))?;
        if plan.code == self.plan.code {
            return Err(Refusal::rule("same_plan", format!("the plan is already {}", plan.name)));
        }
        if self.active_devices() > usize::from(plan.devices) {
            let message = format!("{} holds {} devices, there are {}", plan.name, plan.devices, self.active_devices());
            return Err(Refusal::rule("too_many_devices", message));
        }
        self.scheduled.retain(|change| change.change != "plan");
        match when {
            When::Now => {
                self.plan = *plan;
                self.meters.iter_mut().filter(|meter| meter.meter == "recording").for_each(|m| m.included = plan.recording_gb);
            }
            When::NextPeriod => {
                self.scheduled.push(ScheduledChange { on: self.renews_on, change: "plan", to: plan.code.to_owned() });
            }
        }
        Ok(())
    }

    /// Adds a feature at once.
    pub(crate) fn add_feature(&mut self, code: &str) -> Result<(), Refusal> {
        self.expect_active()?;
        let feature = FEATURES.iter().find(|feature| feature.code == code);
        let feature = feature.ok_or_else(|| Refusal::rule("feature_unknown", format!("there is no feature '{code}'")))?;
        if self.features.iter().any(|own| own.code == code) {
            return Err(Refusal::conflict("already_so", format!("{} is already part of it", feature.name)));
        }
        self.features.push(*feature);
        Ok(())
    }

    /// Takes a feature away at once.
    pub(crate) fn remove_feature(&mut self, code: &str) -> Result<(), Refusal> {
        let place = self.features.iter().position(|own| own.code == code);
        let place = place.ok_or_else(|| Refusal::not_found("feature of this subscription", code))?;
        self.features.remove(place);
        Ok(())
    }

    /// Suspends or resumes.
    pub(crate) fn set_suspended(&mut self, suspended: bool) -> Result<(), Refusal> {
        if self.is_suspended == suspended {
            let state = if suspended { "suspended" } else { "active" };
            return Err(Refusal::conflict("already_so", format!("the subscription is already {state}")));
        }
        self.is_suspended = suspended;
        Ok(())
    }

    /// Sends a new device for a broken one.
    pub(crate) fn replace_device(&mut self, device_id: &str, now: Timestamp) -> Result<Device, Refusal> {
        self.expect_active()?;
        let device = self.devices.iter_mut().find(|device| device.id == device_id);
        let device = device.ok_or_else(|| Refusal::not_found("device", device_id))?;
        match device.status {
            "being_replaced" => return Err(Refusal::conflict("already_so", format!("device {device_id} is already being replaced"))),
            "deactivated" => return Err(Refusal::rule("deactivated", format!("device {device_id} is deactivated; activate it first"))),
            _ => {}
        }
        device.status = "being_replaced";
        device.last_seen = device.last_seen.min(now);
        Ok(device.clone())
    }

    /// Takes a device out of service, or puts it back where the plan has room for it.
    pub(crate) fn set_active(&mut self, device_id: &str, active: bool, now: Timestamp) -> Result<Device, Refusal> {
        self.expect_active()?;
        let has_room = self.active_devices() < usize::from(self.plan.devices);
        let most = format!("{} holds {} devices, and all are in use", self.plan.name, self.plan.devices);
        let device = self.devices.iter_mut().find(|device| device.id == device_id);
        let device = device.ok_or_else(|| Refusal::not_found("device", device_id))?;
        if (device.status != "deactivated") == active {
            let state = if active { "active" } else { "deactivated" };
            return Err(Refusal::conflict("already_so", format!("device {device_id} is already {state}")));
        }
        if active && !has_room {
            return Err(Refusal::rule("too_many_devices", most));
        }
        (device.status, device.last_seen) = if active { ("online", now) } else { ("deactivated", device.last_seen) };
        Ok(device.clone())
    }

    /// How many devices the plan has to hold.
    pub(crate) fn active_devices(&self) -> usize {
        self.devices.iter().filter(|device| device.status != "deactivated").count()
    }

    fn expect_active(&self) -> Result<(), Refusal> {
        if self.is_suspended {
            return Err(Refusal::rule("suspended", "the subscription is suspended; resume it first"));
        }
        Ok(())
    }
}
