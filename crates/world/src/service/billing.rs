//! Billing: invoices with their charges, balance, payments, ways to pay, credits, refunds.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use hyper::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::door::Sender;
use crate::money::Cents;
use crate::office::{Deed, Office};
use crate::record::Company;
use crate::record::account::Account;
use crate::record::invoice::Invoice;
use crate::refusal::Refusal;
use crate::request::{Given, json_response};
use crate::view::View;

type Billing = Office<Company>;

pub(super) fn routes(billing: Billing) -> Router {
    Router::new()
        .route("/customers/{customer_id}/invoices", get(list_invoices))
        .route("/customers/{customer_id}/balance", get(get_balance))
        .route("/customers/{customer_id}/payments", get(list_payments))
        .route("/customers/{customer_id}/payment-methods", get(list_methods))
        .route("/customers/{customer_id}/credits", get(list_credits))
        .route("/customers/{customer_id}/recurring", get(list_recurring))
        .route("/invoices/{invoice_id}", get(get_invoice))
        .route("/invoices/{invoice_id}/refunds", post(refund_invoice))
        .route("/invoices/{invoice_id}/payments", post(pay_invoice))
        .with_state(billing)
}

async fn get_invoice(State(billing): State<Billing>, Path(id): Path<String>, view: View) -> Result<Response, Refusal> {
    let invoice = billing.record("invoice", &id, view, |company| &company.invoices)?;
    Ok(json_response(StatusCode::OK, &*invoice))
}

async fn list_invoices(State(billing): State<Billing>, Path(id): Path<String>, view: View) -> Result<Response, Refusal> {
    let customer_id = account(&billing, &id, view)?.customer_id.clone();
    let invoices = billing.read(|company| {
        let ids = company.invoices.owned_by(&customer_id);
        ids.iter().filter_map(|id| company.invoices.get(id)).map(|invoice| summary(invoice)).collect::<Vec<_>>()
    });
    Ok(json_response(StatusCode::OK, &json!({ "customer_id": customer_id, "invoices": invoices })))
}

fn summary(invoice: &Invoice) -> Value {
    json!({
        "id": invoice.id, "customer_id": invoice.customer_id, "issued_on": invoice.issued_on,
        "due_on": invoice.due_on, "status": invoice.status, "total": invoice.total, "paid": invoice.paid,
        "currency": invoice.currency,
    })
}

async fn get_balance(State(billing): State<Billing>, Path(id): Path<String>, view: View) -> Result<Response, Refusal> {
    let account = account(&billing, &id, view)?;
    let outstanding: Cents = billing.read(|company| {
        let ids = company.invoices.owned_by(&account.customer_id);
        ids.iter().filter_map(|id| company.invoices.get(id)).map(|invoice| invoice.outstanding()).sum()
    });
    let answer = json!({
        "customer_id": account.customer_id, "currency": "EUR", "outstanding": outstanding,
        "credit": account.credit(), "due": (outstanding - account.credit()).max(Cents(0)),
    });
    Ok(json_response(StatusCode::OK, &answer))
}

async fn list_payments(State(billing): State<Billing>, Path(id): Path<String>, view: View) -> Result<Response, Refusal> {
    let account = account(&billing, &id, view)?;
    let answer = json!({ "customer_id": account.customer_id, "currency": "EUR", "payments": account.payments });
    Ok(json_response(StatusCode::OK, &answer))
}

async fn list_methods(State(billing): State<Billing>, Path(id): Path<String>, view: View) -> Result<Response, Refusal> {
    let account = account(&billing, &id, view)?;
    let answer = json!({ "customer_id": account.customer_id, "methods": account.methods });
    Ok(json_response(StatusCode::OK, &answer))
}

async fn list_credits(State(billing): State<Billing>, Path(id): Path<String>, view: View) -> Result<Response, Refusal> {
    let account = account(&billing, &id, view)?;
    let answer = json!({ "customer_id": account.customer_id, "currency": "EUR", "credits": account.credits });
    Ok(json_response(StatusCode::OK, &answer))
}

async fn list_recurring(State(billing): State<Billing>, Path(id): Path<String>, view: View) -> Result<Response, Refusal> {
    let account = account(&billing, &id, view)?;
    let answer = json!({ "customer_id": account.customer_id, "currency": "EUR", "recurring": account.recurring });
    Ok(json_response(StatusCode::OK, &answer))
}

fn account(billing: &Billing, id: &str, view: View) -> Result<std::sync::Arc<Account>, Refusal> {
    billing.record("customer", id, view, |company| &company.accounts)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefundRequest {
    amount: Cents,
    reason: String,
    /// Makes a repetition harmless.
    request_id: String,
}

async fn refund_invoice(
    State(billing): State<Billing>,
    Path(id): Path<String>,
    sender: Sender,
    Given { body, read: RefundRequest { amount, reason, request_id } }: Given<RefundRequest>,
) -> Result<Response, Refusal> {
    let deed = Deed::new("refundInvoice", "invoice_id", &id, body, sender).keyed_by(Some(&request_id));
    billing.write(deed, |company, now| {
        let refund = |invoice: &mut Invoice| {
            let refund = invoice.refund(amount, reason, now)?;
            Ok(json!({ "refund": refund, "invoice": &*invoice }))
        };
        company.invoices.change(&id, refund).unwrap_or_else(|| Err(Refusal::not_found("invoice", &id)))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PaymentRequest {
    amount: Cents,
    method_id: String,
    /// Makes a repetition harmless.
    request_id: String,
}

async fn pay_invoice(
    State(billing): State<Billing>,
    Path(id): Path<String>,
    sender: Sender,
    Given { body, read: PaymentRequest { amount, method_id, request_id } }: Given<PaymentRequest>,
) -> Result<Response, Refusal> {
    let deed = Deed::new("payInvoice", "invoice_id", &id, body, sender).keyed_by(Some(&request_id));
    billing.write(deed, |company, now| {
        let invoice = company.invoices.get(&id).ok_or_else(|| Refusal::not_found("invoice", &id))?;
        let customer_id = invoice.customer_id.clone();
        let no_account = || Refusal::not_found("account", &customer_id);
        company.accounts.get(&customer_id).ok_or_else(no_account)?.usable_method(&method_id)?;
        let paid = |invoice: &mut Invoice| {
            invoice.pay(amount)?;
            Ok(json!(&*invoice))
        };
        let invoice = company.invoices.change(&id, paid).unwrap_or_else(|| Err(Refusal::not_found("invoice", &id)))?;
        let entered = |account: &mut Account| Ok(account.enter_payment(&id, &method_id, amount, now));
        let payment = company.accounts.change(&customer_id, entered).unwrap_or_else(|| Err(no_account()))?;
        Ok(json!({ "payment": payment, "invoice": invoice }))
    })
}
