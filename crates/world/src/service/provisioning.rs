//! Provisioning: subscriptions, plans and features, usage, devices and their diagnosis.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{delete, get, post};
use hyper::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::door::Sender;
use crate::office::{Deed, Office};
use crate::record::Company;
use crate::record::subscription::{Device, FEATURES, PLANS, Subscription, When};
use crate::refusal::Refusal;
use crate::request::{Given, json_response};
use crate::view::View;

type Provisioning = Office<Company>;

pub(super) fn routes(provisioning: Provisioning) -> Router {
    Router::new()
        .route("/plans", get(list_plans))
        .route("/customers/{customer_id}/subscription", get(get_subscription))
        .route("/subscriptions/{subscription_id}/usage", get(get_usage))
        .route("/subscriptions/{subscription_id}/devices", get(list_devices))
        .route("/subscriptions/{subscription_id}/devices/{device_id}/replace", post(replace_device))
        .route("/subscriptions/{subscription_id}/devices/{device_id}/activate", post(activate_device))
        .route("/subscriptions/{subscription_id}/devices/{device_id}/deactivate", post(deactivate_device))
        .route("/subscriptions/{subscription_id}/scheduled-changes", get(list_scheduled))
        .route("/subscriptions/{subscription_id}/diagnosis", get(diagnose))
        .route("/subscriptions/{subscription_id}/plan", post(change_plan))
        .route("/subscriptions/{subscription_id}/features", post(add_feature))
        .route("/subscriptions/{subscription_id}/features/{feature}", delete(remove_feature))
        .route("/subscriptions/{subscription_id}/suspend", post(suspend))
        .route("/subscriptions/{subscription_id}/resume", post(resume))
        .with_state(provisioning)
}

async fn list_plans() -> Response {
    json_response(StatusCode::OK, &json!({ "currency": "EUR", "plans": PLANS, "features": FEATURES }))
}

async fn get_subscription(
    State(provisioning): State<Provisioning>,
    Path(customer_id): Path<String>,
    view: View,
) -> Result<Response, Refusal> {
    let found = provisioning.read(|company| {
        let id = company.subscriptions.owned_by(&customer_id).first()?;
        company.subscriptions.see(id, view).cloned()
    });
    let subscription = found.ok_or_else(|| Refusal::not_found("subscription of customer", &customer_id))?;
    Ok(json_response(StatusCode::OK, &summary(&subscription)))
}

fn summary(subscription: &Subscription) -> Value {
    json!({
        "id": subscription.id, "customer_id": subscription.customer_id,
        "status": if subscription.is_suspended { "suspended" } else { "active" },
        "plan": subscription.plan, "features": subscription.features, "price": subscription.price(),
        "currency": "EUR", "started_on": subscription.started_on, "renews_on": subscription.renews_on,
        "device_count": subscription.active_devices(), "scheduled_changes": subscription.scheduled,
    })
}

/// A part of a subscription, with whose it is.
fn part(subscription: &Subscription, name: &str, value: Value) -> Response {
    let mut answer = json!({ "subscription_id": subscription.id, "customer_id": subscription.customer_id });
    answer[name] = value;
    json_response(StatusCode::OK, &answer)
}

async fn get_usage(State(provisioning): State<Provisioning>, Path(id): Path<String>, view: View) -> Result<Response, Refusal> {
    let subscription = subscription(&provisioning, &id, view)?;
    let usage = json!({ "until": subscription.renews_on, "meters": subscription.meters });
    Ok(part(&subscription, "usage", usage))
}

async fn list_devices(State(provisioning): State<Provisioning>, Path(id): Path<String>, view: View) -> Result<Response, Refusal> {
    let subscription = subscription(&provisioning, &id, view)?;
    Ok(part(&subscription, "devices", json!(subscription.devices)))
}

async fn list_scheduled(State(provisioning): State<Provisioning>, Path(id): Path<String>, view: View) -> Result<Response, Refusal> {
    let subscription = subscription(&provisioning, &id, view)?;
    Ok(part(&subscription, "scheduled_changes", json!(subscription.scheduled)))
}

/// Looks at subscription, devices and usage and says what is wrong.
async fn diagnose(State(provisioning): State<Provisioning>, Path(id): Path<String>, view: View) -> Result<Response, Refusal> {
    let subscription = subscription(&provisioning, &id, view)?;
    let mut checks = vec![if subscription.is_suspended {
        json!({ "check": "subscription", "result": "fail", "detail": "the subscription is suspended" })
    } else {
        json!({ "check": "subscription", "result": "ok", "detail": "active" })
    }];
    checks.extend(subscription.devices.iter().map(check_device));
    checks.extend(subscription.meters.iter().filter(|meter| meter.used > meter.included).map(|meter| {
        let detail = format!("{} of {} {} used", meter.used, meter.included, meter.unit);
        json!({ "check": meter.meter, "result": "warn", "detail": detail })
    }));
    let has = |result: &str| checks.iter().any(|check| check["result"] == result);
    let verdict = if has("fail") {
        "fault"
    } else if has("warn") {
        "degraded"
    } else {
        "healthy"
    };
    Ok(part(&subscription, "diagnosis", json!({ "verdict": verdict, "checks": checks })))
}

fn check_device(device: &Device) -> Value {
    let (result, advice) = match device.status {
        "online" => ("ok", "online"),
        "weak_signal" => ("warn", "weak signal: move it closer to the hub"),
        "being_replaced" => ("warn", "a new one is on its way"),
        "deactivated" => ("ok", "deactivated"),
        _ => ("fail", "offline: unplug it for ten seconds"),
    };
    json!({ "check": device.id, "result": result, "detail": format!("{}: {advice}", device.model) })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanChange {
    plan: String,
    #[serde(default)]
    when: When,
}

async fn change_plan(
    State(provisioning): State<Provisioning>,
    Path(id): Path<String>,
    sender: Sender,
    Given { body, read: PlanChange { plan, when } }: Given<PlanChange>,
) -> Result<Response, Refusal> {
    provisioning.write(deed("changePlan", &id, body, sender), |company, _| {
        changed(company, &id, |subscription| subscription.change_plan(&plan, when))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeatureChoice {
    feature: String,
}

async fn add_feature(
    State(provisioning): State<Provisioning>,
    Path(id): Path<String>,
    sender: Sender,
    Given { body, read: FeatureChoice { feature } }: Given<FeatureChoice>,
) -> Result<Response, Refusal> {
    provisioning
        .write(deed("addFeature", &id, body, sender), |company, _| changed(company, &id, |subscription| subscription.add_feature(&feature)))
}

async fn remove_feature(
    State(provisioning): State<Provisioning>,
    Path((id, feature)): Path<(String, String)>,
    sender: Sender,
) -> Result<Response, Refusal> {
    provisioning.write(deed("removeFeature", &id, json!({ "feature": feature }), sender), |company, _| {
        changed(company, &id, |subscription| subscription.remove_feature(&feature))
    })
}

async fn suspend(State(provisioning): State<Provisioning>, Path(id): Path<String>, sender: Sender) -> Result<Response, Refusal> {
    provisioning.write(deed("suspendSubscription", &id, json!({}), sender), |company, _| {
        changed(company, &id, |subscription| subscription.set_suspended(true))
    })
}

async fn resume(State(provisioning): State<Provisioning>, Path(id): Path<String>, sender: Sender) -> Result<Response, Refusal> {
    provisioning.write(deed("resumeSubscription", &id, json!({}), sender), |company, _| {
        changed(company, &id, |subscription| subscription.set_suspended(false))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Complaint {
    reason: String,
}

async fn replace_device(
    State(provisioning): State<Provisioning>,
    Path((id, device_id)): Path<(String, String)>,
    sender: Sender,
    Given { read: Complaint { reason }, .. }: Given<Complaint>,
) -> Result<Response, Refusal> {
    let arguments = json!({ "device_id": device_id, "reason": reason });
    provisioning.write(deed("replaceDevice", &id, arguments, sender), |company, now| {
        device_changed(company, &id, |subscription| subscription.replace_device(&device_id, now))
    })
}

async fn activate_device(
    State(provisioning): State<Provisioning>,
    Path((id, device_id)): Path<(String, String)>,
    sender: Sender,
) -> Result<Response, Refusal> {
    provisioning.write(deed("activateDevice", &id, json!({ "device_id": device_id }), sender), |company, now| {
        device_changed(company, &id, |subscription| subscription.set_active(&device_id, true, now))
    })
}

async fn deactivate_device(
    State(provisioning): State<Provisioning>,
    Path((id, device_id)): Path<(String, String)>,
    sender: Sender,
) -> Result<Response, Refusal> {
    provisioning.write(deed("deactivateDevice", &id, json!({ "device_id": device_id }), sender), |company, now| {
        device_changed(company, &id, |subscription| subscription.set_active(&device_id, false, now))
    })
}

fn device_changed(
    company: &mut Company,
    id: &str,
    change: impl FnOnce(&mut Subscription) -> Result<Device, Refusal>,
) -> Result<Value, Refusal> {
    let change = |subscription: &mut Subscription| {
        let device = change(subscription)?;
        Ok(json!({ "subscription_id": subscription.id, "customer_id": subscription.customer_id, "device": device }))
    };
    company.subscriptions.change(id, change).unwrap_or_else(|| Err(Refusal::not_found("subscription", id)))
}

fn subscription(provisioning: &Provisioning, id: &str, view: View) -> Result<std::sync::Arc<Subscription>, Refusal> {
    provisioning.record("subscription", id, view, |company| &company.subscriptions)
}

fn deed(operation: &'static str, id: &str, body: Value, sender: Sender) -> Deed {
    Deed::new(operation, "subscription_id", id, body, sender)
}

fn changed(company: &mut Company, id: &str, change: impl FnOnce(&mut Subscription) -> Result<(), Refusal>) -> Result<Value, Refusal> {
    let change = |subscription: &mut Subscription| {
        change(subscription)?;
        Ok(summary(subscription))
    };
    company.subscriptions.change(id, change).unwrap_or_else(|| Err(Refusal::not_found("subscription", id)))
}
