//! The order system: reading, cancelling and changing orders, returns and exchanges.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post, put};
use hyper::StatusCode;
use hyper::header::{ETAG, HeaderValue};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::door::Sender;
use crate::oauth::{TokenDesk, give_token};
use crate::office::{Deed, Office};
use crate::record::Company;
use crate::record::customer::Address;
use crate::record::order::Order;
use crate::record::stock::Stock;
use crate::refusal::Refusal;
use crate::request::{Asked, Given, json_response};
use crate::view::View;

type Orders = Office<Company>;

pub(super) fn routes(orders: Orders) -> Router {
    Router::new()
        .route("/orders", get(list_orders))
        .route("/orders/find", get(find_order))
        .route("/orders/{order_id}", get(get_order))
        .route("/orders/{order_id}/items/{item_id}/substitutes", get(list_substitutes))
        .route("/orders/{order_id}/cancel", post(cancel_order))
        .route("/orders/{order_id}/address", put(change_address))
        .route("/orders/{order_id}/delivery-instructions", put(change_instructions))
        .route("/orders/{order_id}/substitutions", post(substitute_item))
        .route("/orders/{order_id}/returns", post(start_return))
        .route("/orders/{order_id}/exchanges", post(exchange_item))
        .with_state(orders)
}

pub(super) fn token_route(path: &str, desk: TokenDesk) -> Router {
    Router::new().route(path, post(give_token)).with_state(desk)
}

async fn get_order(State(orders): State<Orders>, Path(id): Path<String>, view: View) -> Result<Response, Refusal> {
    let order = orders.record("order", &id, view, |company| &company.orders)?;
    let mut response = json_response(StatusCode::OK, &*order);
    if let Ok(tag) = HeaderValue::try_from(format!("\"{}\"", order.version)) {
        response.headers_mut().insert(ETAG, tag);
    }
    Ok(response)
}

#[derive(Deserialize)]
struct OfCustomer {
    customer_id: String,
}

/// Ids only, newest first: each order is read on its own.
async fn list_orders(State(orders): State<Orders>, Asked(of): Asked<OfCustomer>, view: View) -> Result<Response, Refusal> {
    let customer = orders.record("customer", &of.customer_id, view, |company| &company.customers)?;
    let ids = orders.read(|company| company.orders.owned_by(&customer.id).to_vec());
    Ok(json_response(StatusCode::OK, &json!({ "customer_id": customer.id, "orders": ids })))
}

#[derive(Deserialize)]
struct Delivered {
    order_id: String,
    postcode: String,
}

/// Whose order it is, to whoever also knows where it goes. A wrong postcode finds no more than a wrong number.
async fn find_order(State(orders): State<Orders>, Asked(delivered): Asked<Delivered>, view: View) -> Result<Response, Refusal> {
    let found = orders.read(|company| company.orders.see(delivered.order_id.trim(), view).cloned());
    let found = found.filter(|order| order.shipping_address.postcode.trim() == delivered.postcode.trim());
    let order = found.ok_or_else(|| Refusal::not_found("order", "with this number and postcode"))?;
    Ok(json_response(StatusCode::OK, &json!({ "order_id": order.id, "customer_id": order.customer_id })))
}

/// The other variants of an ordered article of which there is enough in stock.
async fn list_substitutes(
    State(orders): State<Orders>,
    Path((id, item_id)): Path<(String, String)>,
    view: View,
) -> Result<Response, Refusal> {
    let order = orders.record("order", &id, view, |company| &company.orders)?;
    let found = order.items.iter().find(|item| item.item_id == item_id);
    let item = found.ok_or_else(|| Refusal::not_found("item of this order", &item_id))?;
    let fits = |other: &Stock| {
        other.sku != item.sku && other.available >= item.quantity && Stock::product_of(&other.sku) == Stock::product_of(&item.sku)
    };
    let substitutes = orders.read(|company| {
        let others = company.stock.all().filter(|other| fits(other));
        let shown = |other: &Stock| {
            let variant = other.options.values().copied().collect::<Vec<_>>().join(", ");
            json!({ "sku": other.sku, "name": other.name, "variant": variant, "price": other.price, "available": other.available })
        };
        others.map(|other| shown(other)).collect::<Vec<_>>()
    });
    let answer = json!({
        "order_id": order.id, "customer_id": order.customer_id, "item_id": item.item_id, "name": item.name,
        "quantity": item.quantity, "price": item.price, "substitutes": substitutes,
    });
    Ok(json_response(StatusCode::OK, &answer))
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum CancelReason {
    NoLongerNeeded,
    OrderedByMistake,
    FoundCheaper,
    TooSlow,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cancel {
    reason: CancelReason,
}

async fn cancel_order(
    State(orders): State<Orders>,
    Path(id): Path<String>,
    sender: Sender,
    Given { body, read: Cancel { reason } }: Given<Cancel>,
) -> Result<Response, Refusal> {
    let reason = match reason {
        CancelReason::NoLongerNeeded => "no_longer_needed",
        CancelReason::OrderedByMistake => "ordered_by_mistake",
        CancelReason::FoundCheaper => "found_cheaper",
        CancelReason::TooSlow => "too_slow",
    };
    let seen = sender.if_match.clone();
    orders.write(deed("cancelOrder", &id, body, sender), |company, now| {
        let answer = changed(company, &id, seen.as_deref(), |order| order.cancel(reason, now))?;
        company.fulfilments.edit(&id, |work| work.stop(now));
        Ok(answer)
    })
}

async fn change_address(
    State(orders): State<Orders>,
    Path(id): Path<String>,
    sender: Sender,
    Given { body, read: address }: Given<Address>,
) -> Result<Response, Refusal> {
    let seen = sender.if_match.clone();
    orders.write(deed("changeOrderAddress", &id, body, sender), |company, _| {
        changed(company, &id, seen.as_deref(), |order| order.change_address(address))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Instructions {
    instructions: String,
}

async fn change_instructions(
    State(orders): State<Orders>,
    Path(id): Path<String>,
    sender: Sender,
    Given { body, read: Instructions { instructions } }: Given<Instructions>,
) -> Result<Response, Refusal> {
    let seen = sender.if_match.clone();
    orders.write(deed("changeDeliveryInstructions", &id, body, sender), |company, _| {
        changed(company, &id, seen.as_deref(), |order| order.change_instructions(instructions))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OtherVariant {
    item_id: String,
    sku: String,
}

async fn substitute_item(
    State(orders): State<Orders>,
    Path(id): Path<String>,
    sender: Sender,
    Given { body, read: OtherVariant { item_id, sku } }: Given<OtherVariant>,
) -> Result<Response, Refusal> {
    let seen = sender.if_match.clone();
    orders.write(deed("substituteItem", &id, body, sender), |company, now| {
        let by = article(company, &sku)?;
        let old = company.orders.get(&id).and_then(|order| Some(order.item(&item_id).ok()?.sku.clone()));
        let answer = changed(company, &id, seen.as_deref(), |order| order.substitute(&item_id, &by))?;
        if let Some(old) = old {
            company.fulfilments.edit(&id, |work| work.substitute(&old, &sku, now));
        }
        Ok(answer)
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Return {
    item_ids: Vec<String>,
    reason: String,
}

async fn start_return(
    State(orders): State<Orders>,
    Path(id): Path<String>,
    sender: Sender,
    Given { body, read: Return { item_ids, reason } }: Given<Return>,
) -> Result<Response, Refusal> {
    let seen = sender.if_match.clone();
    orders.write(deed("startReturn", &id, body, sender), |company, now| {
        changed(company, &id, seen.as_deref(), |order| order.start_return(item_ids, reason, now))
    })
}

async fn exchange_item(
    State(orders): State<Orders>,
    Path(id): Path<String>,
    sender: Sender,
    Given { body, read: OtherVariant { item_id, sku } }: Given<OtherVariant>,
) -> Result<Response, Refusal> {
    let seen = sender.if_match.clone();
    orders.write(deed("exchangeItem", &id, body, sender), |company, now| {
        let by = article(company, &sku)?;
        changed(company, &id, seen.as_deref(), |order| order.exchange(&item_id, &by, now))
    })
}

fn deed(operation: &'static str, id: &str, body: Value, sender: Sender) -> Deed {
    Deed::new(operation, "order_id", id, body, sender)
}

fn article(company: &Company, sku: &str) -> Result<Stock, Refusal> {
    let found = company.stock.get(sku).map(|stock| Stock::clone(stock));
    found.ok_or_else(|| Refusal::rule("sku_unknown", format!("there is no article '{sku}'")))
}

fn changed(
    company: &mut Company,
    id: &str,
    seen: Option<&str>,
    change: impl FnOnce(&mut Order) -> Result<(), Refusal>,
) -> Result<Value, Refusal> {
    let change = |order: &mut Order| {
        order.expect_version(seen)?;
        change(order)?;
        Ok(json!(&*order))
    };
    company.orders.change(id, change).unwrap_or_else(|| Err(Refusal::not_found("order", id)))
}
