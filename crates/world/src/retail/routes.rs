//! The sixteen operations of the shop. Results stand under `result`; a refusal is `{"error": "…"}`.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post, put};
use hyper::{StatusCode, Uri};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::calculator::calculate;
use super::items::{self, Swap};
use super::orders;
use super::payments;
use super::shop::{Address, Shop, User};
use crate::door::Sender;
use crate::office::{Deed, Office};
use crate::refusal::Refusal;
use crate::request::{Asked, Given, json_response};
use crate::view::View;

type Counter = Office<Shop>;
type Outcome = Result<Response, Refusal>;

/// A refusal in the words of this shop.
pub(super) fn plain(refusal: &Refusal) -> Value {
    json!({ "error": refusal.message })
}

/// The routes under `base`.
pub(super) fn routes(base: &str, counter: Counter) -> Router {
    let operations = Router::new()
        .route("/customers/by-email", get(find_by_email))
        .route("/customers/by-name", get(find_by_name))
        .route("/customers/{user_id}", get(user))
        .route("/customers/{user_id}/address", put(change_user_address))
        .route("/orders/{order_id}", get(order))
        .route("/orders/{order_id}/cancel", post(cancel))
        .route("/orders/{order_id}/address", put(change_order_address))
        .route("/orders/{order_id}/items", put(modify_items))
        .route("/orders/{order_id}/payment", put(change_payment))
        .route("/orders/{order_id}/return", post(request_return))
        .route("/orders/{order_id}/exchange", post(exchange))
        .route("/products", get(products))
        .route("/products/{product_id}", get(product))
        .route("/handoffs", post(hand_over))
        .route("/calculations", post(calculation))
        .route("/tools/think", post(think))
        .with_state(counter);
    let unknown = async |uri: Uri| Refusal::not_found("address", uri.path());
    Router::new().nest(base, operations).fallback(unknown)
}

fn result(value: &impl serde::Serialize) -> Response {
    json_response(StatusCode::OK, &json!({ "result": value }))
}

#[derive(Deserialize)]
struct ByEmail {
    email: String,
}

async fn find_by_email(State(counter): State<Counter>, Asked(by): Asked<ByEmail>, view: View) -> Outcome {
    let wanted = by.email.trim().to_lowercase();
    find(&counter, view, |user| user.email.to_lowercase() == wanted)
}

#[derive(Deserialize)]
struct ByName {
    first_name: String,
    last_name: String,
    zip: String,
}

async fn find_by_name(State(counter): State<Counter>, Asked(by): Asked<ByName>, view: View) -> Outcome {
    let same = |a: &str, b: &str| a.to_lowercase() == b.trim().to_lowercase();
    find(&counter, view, |user| {
        same(&user.name.first_name, &by.first_name) && same(&user.name.last_name, &by.last_name) && user.address.zip == by.zip.trim()
    })
}

fn find(counter: &Counter, view: View, fits: impl Fn(&User) -> bool) -> Outcome {
    let found = counter.read(|shop| {
        let id = shop.users.all().find(|user| fits(user)).map(|user| user.user_id.clone())?;
        shop.users.see(&id, view).map(|user| user.user_id.clone())
    });
    let id = found.ok_or_else(|| Refusal::not_found("user", "with these data"))?;
    Ok(result(&id))
}

async fn user(State(counter): State<Counter>, Path(id): Path<String>, view: View) -> Outcome {
    Ok(result(&*counter.record("user", &id, view, |shop| &shop.users)?))
}

async fn order(State(counter): State<Counter>, Path(id): Path<String>, view: View) -> Outcome {
    Ok(result(&*counter.record("order", &id, view, |shop| &shop.orders)?))
}

async fn product(State(counter): State<Counter>, Path(id): Path<String>, view: View) -> Outcome {
    Ok(result(&*counter.record("product", &id, view, |shop| &shop.products)?))
}

async fn products(State(counter): State<Counter>) -> Response {
    let types: Map<String, Value> =
        counter.read(|shop| shop.products.all().map(|product| (product.name.clone(), product.product_id.clone().into())).collect());
    result(&types)
}

async fn change_user_address(
    State(counter): State<Counter>,
    Path(id): Path<String>,
    sender: Sender,
    Given { body, read: address }: Given<Address>,
) -> Outcome {
    let deed = Deed::new("modify_user_address", "user_id", &id, body, sender);
    write(&counter, deed, |shop| {
        let readdress = |user: &mut User| {
            user.address = address;
            Ok(json!(&*user))
        };
        shop.users.change(&id, readdress).unwrap_or_else(|| Err(Refusal::not_found("user", &id)))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cancel {
    reason: String,
}

async fn cancel(
    State(counter): State<Counter>,
    Path(id): Path<String>,
    sender: Sender,
    Given { body, read: Cancel { reason } }: Given<Cancel>,
) -> Outcome {
    let deed = of_order("cancel_pending_order", &id, body, sender);
    write(&counter, deed, |shop| orders::cancel(shop, &id, &reason))
}

async fn change_order_address(
    State(counter): State<Counter>,
    Path(id): Path<String>,
    sender: Sender,
    Given { body, read: address }: Given<Address>,
) -> Outcome {
    let deed = of_order("modify_pending_order_address", &id, body, sender);
    write(&counter, deed, |shop| orders::change_address(shop, &id, address))
}

async fn modify_items(
    State(counter): State<Counter>,
    Path(id): Path<String>,
    sender: Sender,
    Given { body, read: swap }: Given<Swap>,
) -> Outcome {
    let deed = of_order("modify_pending_order_items", &id, body, sender);
    write(&counter, deed, |shop| items::modify(shop, &id, &swap))
}

async fn exchange(
    State(counter): State<Counter>,
    Path(id): Path<String>,
    sender: Sender,
    Given { body, read: swap }: Given<Swap>,
) -> Outcome {
    let deed = of_order("exchange_delivered_order_items", &id, body, sender);
    write(&counter, deed, |shop| items::exchange(shop, &id, &swap))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Payment {
    payment_method_id: String,
}

async fn change_payment(
    State(counter): State<Counter>,
    Path(id): Path<String>,
    sender: Sender,
    Given { body, read: Payment { payment_method_id } }: Given<Payment>,
) -> Outcome {
    let deed = of_order("modify_pending_order_payment", &id, body, sender);
    write(&counter, deed, |shop| payments::change_payment(shop, &id, &payment_method_id))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Return {
    item_ids: Vec<String>,
    payment_method_id: String,
}

async fn request_return(
    State(counter): State<Counter>,
    Path(id): Path<String>,
    sender: Sender,
    Given { body, read: Return { item_ids, payment_method_id } }: Given<Return>,
) -> Outcome {
    let deed = of_order("return_delivered_order_items", &id, body, sender);
    write(&counter, deed, |shop| orders::request_return(shop, &id, item_ids, &payment_method_id))
}

fn of_order(operation: &'static str, id: &str, body: Value, sender: Sender) -> Deed {
    Deed::new(operation, "order_id", id, body, sender)
}

fn write(counter: &Counter, deed: Deed, act: impl FnOnce(&mut Shop) -> Result<Value, Refusal>) -> Outcome {
    counter.write(deed, |shop, _| Ok(json!({ "result": act(shop)? })))
}

#[derive(Deserialize)]
struct Handoff {
    #[serde(rename = "summary")]
    _summary: String,
}

async fn hand_over(Given { .. }: Given<Handoff>) -> Response {
    result(&"Transfer successful")
}

#[derive(Deserialize)]
struct Calculation {
    expression: String,
}

async fn calculation(Given { read: Calculation { expression }, .. }: Given<Calculation>) -> Outcome {
    let value = calculate(&expression).map_err(|wrong| Refusal::rule("expression_invalid", wrong))?;
    Ok(result(&value))
}

#[derive(Deserialize)]
struct Thought {
    #[serde(rename = "thought")]
    _thought: String,
}

async fn think(Given { .. }: Given<Thought>) -> Response {
    result(&"")
}
