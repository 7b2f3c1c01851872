//! The warehouse: how far an order is, what is in stock, keeping stock for an order.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use hyper::StatusCode;
use serde::Deserialize;
use serde_json::json;

use crate::door::Sender;
use crate::office::{Deed, Office};
use crate::record::Company;
use crate::record::stock::Stock;
use crate::refusal::Refusal;
use crate::request::{Given, json_response};
use crate::view::View;

type Warehouse = Office<Company>;

pub(super) fn routes(warehouse: Warehouse) -> Router {
    Router::new()
        .route("/fulfilments/{order_id}", get(get_fulfilment))
        .route("/stock/{sku}", get(get_stock))
        .route("/stock/{sku}/reservations", post(reserve_stock))
        .with_state(warehouse)
}

async fn get_fulfilment(State(warehouse): State<Warehouse>, Path(id): Path<String>, view: View) -> Result<Response, Refusal> {
    let work = warehouse.record("order", &id, view, |company| &company.fulfilments)?;
    Ok(json_response(StatusCode::OK, &*work))
}

/// An article with the other variants of its product that are in stock.
async fn get_stock(State(warehouse): State<Warehouse>, Path(sku): Path<String>, view: View) -> Result<Response, Refusal> {
    let stock = warehouse.record("article", &sku, view, |company| &company.stock)?;
    let is_alternative =
        |other: &Stock| other.available > 0 && other.sku != stock.sku && Stock::product_of(&other.sku) == Stock::product_of(&stock.sku);
    let alternatives = warehouse.read(|company| {
        let others = company.stock.all().filter(|other| is_alternative(other));
        let shown = |other: &Stock| {
            json!({
                "sku": other.sku, "name": other.name, "options": other.options, "price": other.price,
                "available": other.available,
            })
        };
        others.map(|other| shown(other)).collect::<Vec<_>>()
    });
    let answer = json!({
        "sku": stock.sku, "name": stock.name, "options": stock.options, "price": stock.price, "currency": "EUR",
        "available": stock.available, "reserved": stock.reserved, "restock_on": stock.restock_on,
        "alternatives": alternatives,
    });
    Ok(json_response(StatusCode::OK, &answer))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reserve {
    order_id: String,
    quantity: u32,
}

async fn reserve_stock(
    State(warehouse): State<Warehouse>,
    Path(sku): Path<String>,
    sender: Sender,
    Given { body, read: Reserve { order_id, quantity } }: Given<Reserve>,
) -> Result<Response, Refusal> {
    warehouse.write(Deed::new("reserveStock", "sku", &sku, body, sender), |company, _| {
        if company.orders.get(&order_id).is_none() {
            return Err(Refusal::rule("order_unknown", format!("there is no order '{order_id}'")));
        }
        let reserve = |stock: &mut Stock| {
            let reservation = stock.reserve(&order_id, quantity)?;
            Ok(json!({ "reservation": reservation, "sku": stock.sku, "available": stock.available }))
        };
        company.stock.change(&sku, reserve).unwrap_or_else(|| Err(Refusal::not_found("article", &sku)))
    })
}
