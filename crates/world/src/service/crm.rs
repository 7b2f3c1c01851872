//! The CRM: who the customers are. Answers come in an envelope `{"result": …}`.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, put};
use hyper::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::door::Sender;
use crate::office::{Deed, Office};
use crate::record::Company;
use crate::record::customer::{Address, ContactChange, Customer};
use crate::refusal::Refusal;
use crate::request::{Asked, Given, json_response};
use crate::view::View;

type Crm = Office<Company>;

pub(super) fn routes(crm: Crm) -> Router {
    Router::new()
        .route("/customers", get(find_customer))
        .route("/customers/{customer_id}", get(get_customer).patch(update_customer))
        .route("/customers/{customer_id}/address", put(change_address))
        .with_state(crm)
}

async fn get_customer(State(crm): State<Crm>, Path(id): Path<String>, view: View) -> Result<Response, Refusal> {
    let customer = crm.record("customer", &id, view, |company| &company.customers)?;
    Ok(json_response(StatusCode::OK, &json!({ "result": &*customer })))
}

#[derive(Deserialize)]
struct Search {
    last_name: String,
    postcode: String,
    email: String,
}

/// Finds the one customer to whom all three belong. One wrong value and nobody is found.
async fn find_customer(State(crm): State<Crm>, Asked(search): Asked<Search>, view: View) -> Result<Response, Refusal> {
    let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
    let fits = |customer: &Customer| {
        same(&customer.email, &search.email)
            && same(&customer.last_name, &search.last_name)
            && same(&customer.address.postcode, &search.postcode)
    };
    let found = crm.read(|company| {
        let id = company.customers.all().find(|customer| fits(customer)).map(|customer| customer.id.clone())?;
        company.customers.see(&id, view).cloned()
    });
    let customer = found.ok_or_else(|| Refusal::not_found("customer", "with these three"))?;
    Ok(json_response(StatusCode::OK, &json!({ "result": { "id": customer.id, "name": customer.name } })))
}

async fn update_customer(
    State(crm): State<Crm>,
    Path(id): Path<String>,
    sender: Sender,
    Given { body, read: change }: Given<ContactChange>,
) -> Result<Response, Refusal> {
    let deed = Deed::new("updateCustomer", "customer_id", &id, body, sender);
    crm.write(deed, |company, _| changed(company, &id, |customer| customer.update(change)))
}

async fn change_address(
    State(crm): State<Crm>,
    Path(id): Path<String>,
    sender: Sender,
    Given { body, read: address }: Given<Address>,
) -> Result<Response, Refusal> {
    let deed = Deed::new("changeCustomerAddress", "customer_id", &id, body, sender);
    crm.write(deed, |company, _| {
        changed(company, &id, |customer| {
            address.check()?;
            customer.address = address;
            Ok(())
        })
    })
}

fn changed(company: &mut Company, id: &str, change: impl FnOnce(&mut Customer) -> Result<(), Refusal>) -> Result<Value, Refusal> {
    let change = |customer: &mut Customer| {
        change(customer)?;
        Ok(json!({ "result": &*customer }))
    };
    company.customers.change(id, change).unwrap_or_else(|| Err(Refusal::not_found("customer", id)))
}
