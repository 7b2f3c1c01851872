//! What each service reads, writes and refuses.

use patchbay_world::ServiceName::{Billing, Carrier, Crm, Orders, Provisioning, Warehouse};
use serde_json::{Value, json};

use crate::client::Company;

fn ids(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn crm_finds_reads_and_changes_customers() {
    let company = Company::start().await;
    let mika = company.get(Crm, "/customers/mika").await.json()["result"].clone();
    assert_eq!((mika["name"].as_str(), mika["tier"].as_str()), (Some("Mika Sato"), Some("gold")));
    assert!(mika["risk_score"].is_number() && mika["national_id"].is_string(), "internal fields are there to be left out");

    let postcode = mika["address"]["postcode"].as_str().unwrap();
    let search = |postcode: &str| format!("/customers?last_name=sato&postcode={postcode}&email=mika.sato%40example.com");
    let found = company.get(Crm, &search(postcode)).await;
    assert_eq!(found.json(), json!({ "result": { "id": "mika", "name": "Mika Sato" } }));
    assert_eq!(company.get(Crm, &search("00000")).await.status, 404);
    assert_eq!(company.get(Crm, "/customers?last_name=Sato").await.status, 400);

    let updated = company.write(Crm, "PATCH", "/customers/mika", json!({ "phone": "+49 40 1234567" })).await;
    assert_eq!(updated.json()["result"]["phone"], "+49 40 1234567");
    assert_eq!(company.write(Crm, "PATCH", "/customers/mika", json!({ "email": "no address" })).await.code(), "email_invalid");
    assert_eq!(company.write(Crm, "PATCH", "/customers/mika", json!({ "risk_score": 1 })).await.status, 400);

    let address = json!({ "street": "North Quay 4", "postcode": "20457", "city": "Hamburg", "country": "DE" });
    let moved = company.write(Crm, "PUT", "/customers/mika/address", address.clone()).await;
    assert_eq!(moved.json()["result"]["address"], address);
    let abroad = json!({ "street": "x", "postcode": "1", "city": "y", "country": "ZZ" });
    assert_eq!(company.write(Crm, "PUT", "/customers/mika/address", abroad).await.code(), "address_invalid");
    assert_eq!(company.get(Crm, "/customers/nobody").await.status, 404);
    assert_eq!(company.effects(), ["updateCustomer", "changeCustomerAddress"]);
}

#[tokio::test]
async fn orders_are_listed_as_ids_and_cancelled_before_packing() {
    let company = Company::start().await;
    let listed = company.get(Orders, "/orders?customer_id=mika").await.json();
    assert_eq!(ids(&listed["orders"]), ["12345", "12288", "11902"]);
    assert_eq!(company.get(Orders, "/orders?customer_id=nobody").await.status, 404);

    let order = company.get(Orders, "/orders/12345").await;
    assert_eq!(order.header("etag"), "\"1\"");
    let order = order.json();
    assert_eq!((order["customer_id"].as_str(), order["status"].as_str()), (Some("mika"), Some("paid")));
    let price = order["items"][0]["price"].to_string();
    assert!(price.split_once('.').is_some_and(|(_, places)| places.len() == 2), "{price} has two places");

    let reason = json!({ "reason": "no_longer_needed" });
    let cancelled = company.write(Orders, "POST", "/orders/12345/cancel", reason.clone()).await.json();
    assert_eq!((&cancelled["status"], &cancelled["payment"]["authorisation"]), (&json!("cancelled"), &json!("voided")));
    assert_eq!(company.get(Warehouse, "/fulfilments/12345").await.json()["stage"], "stopped");

    for id in ["12345", "12288", "11902"] {
        let refused = company.write(Orders, "POST", &format!("/orders/{id}/cancel"), reason.clone()).await;
        assert_eq!((refused.status, refused.code().as_str()), (422, "state_forbids"), "{id}");
    }
    assert_eq!(company.write(Orders, "POST", "/orders/00000/cancel", reason).await.status, 404);
    assert_eq!(company.write(Orders, "POST", "/orders/99999/cancel", json!({ "reason": "why not" })).await.status, 400);
    assert_eq!(company.effects(), ["cancelOrder"]);
}

#[tokio::test]
async fn orders_change_address_instructions_and_items() {
    let company = Company::start().await;
    let address = json!({ "street": "North Quay 4", "postcode": "20457", "city": "Hamburg", "country": "DE" });
    let changed = company.write(Orders, "PUT", "/orders/12345/address", address.clone()).await.json();
    assert_eq!((&changed["shipping_address"], &changed["version"]), (&address, &json!(2)));
    assert_eq!(company.write(Orders, "PUT", "/orders/12288/address", address.clone()).await.status, 422);

    let stale = company.try_call(Orders, "PUT", "/orders/12345/address", &[("if-match", "\"1\"")], &address).await.unwrap();
    assert_eq!((stale.status, stale.code().as_str()), (412, "changed"));

    let instructions = json!({ "instructions": "at the back door" });
    let told = company.write(Orders, "PUT", "/orders/12288/delivery-instructions", instructions.clone()).await.json();
    assert_eq!(told["delivery_instructions"], "at the back door");
    assert_eq!(company.write(Orders, "PUT", "/orders/11902/delivery-instructions", instructions).await.status, 422);

    let (item, other) = variant_in_stock(&company, "12345").await;
    let swapped = company.write(Orders, "POST", "/orders/12345/substitutions", json!({ "item_id": item, "sku": other })).await;
    assert_eq!(swapped.status, 200, "{}", swapped.text());
    let lines = swapped.json()["items"].clone();
    assert!(lines.as_array().unwrap().iter().any(|line| line["sku"] == other.as_str()));
    let work = company.get(Warehouse, "/fulfilments/12345").await.json();
    assert!(work["lines"].as_array().unwrap().iter().any(|line| line["sku"] == other.as_str()));
    let again = json!({ "item_id": item, "sku": other });
    assert_eq!(company.write(Orders, "POST", "/orders/12345/substitutions", again).await.code(), "same_item");
}

#[tokio::test]
async fn what_the_warehouse_lost_is_replaced_by_what_is_in_stock() {
    let company = Company::start().await;
    let order = company.get(Orders, "/orders/12345").await.json();
    let lost: Vec<&Value> = order["items"].as_array().unwrap().iter().filter(|item| item["stock"] == "lost").collect();
    let [lost] = lost.as_slice() else { panic!("one item is lost") };
    let item = lost["item_id"].as_str().unwrap();
    let path = format!("/orders/12345/items/{item}/substitutes");
    let offered = company.get(Orders, &path).await.json();
    assert_eq!((&offered["customer_id"], &offered["name"]), (&json!("mika"), &lost["name"]));
    let other = offered["substitutes"][0].clone();
    assert!(other["sku"] != lost["sku"] && other["variant"].is_string());
    let swapped =
        company.write(Orders, "POST", "/orders/12345/substitutions", json!({ "item_id": item, "sku": other["sku"] })).await.json();
    assert!(swapped["items"].as_array().unwrap().iter().all(|item| item["stock"] == "allocated"));
    assert_eq!(company.get(Orders, "/orders/12345/items/i99/substitutes").await.status, 404);
    let delivered = company.get(Orders, "/orders/11902").await.json();
    assert!(delivered["return_until"].as_str() > Some("2026-11-20") && order["return_until"].is_null());
}

/// A line of an order and another variant of the same product that is in stock.
async fn variant_in_stock(company: &Company, order: &str) -> (String, String) {
    let order = company.get(Orders, &format!("/orders/{order}")).await.json();
    for line in order["items"].as_array().unwrap() {
        let stock = company.get(Warehouse, &format!("/stock/{}", line["sku"].as_str().unwrap())).await.json();
        let enough = |other: &&Value| other["available"].as_u64() > line["quantity"].as_u64();
        if let Some(other) = stock["alternatives"].as_array().unwrap().iter().find(enough) {
            return (line["item_id"].as_str().unwrap().to_owned(), other["sku"].as_str().unwrap().to_owned());
        }
    }
    panic!("no line of the order has an alternative");
}

#[tokio::test]
async fn delivered_goods_come_back_or_are_exchanged_for_thirty_days() {
    let company = Company::start().await;
    let (item, other) = variant_in_stock(&company, "11902").await;
    let exchanged = company.write(Orders, "POST", "/orders/11902/exchanges", json!({ "item_id": item, "sku": other })).await;
    assert_eq!(exchanged.json()["exchanges"][0]["sku"], other.as_str());
    let back = json!({ "item_ids": [item], "reason": "too large" });
    assert_eq!(company.write(Orders, "POST", "/orders/11902/returns", back).await.code(), "already_returned");
    company.world.panel().reset();

    let back = json!({ "item_ids": ["i1"], "reason": "too large" });
    let returned = company.write(Orders, "POST", "/orders/11902/returns", back.clone()).await.json();
    assert_eq!(returned["status"], "return_requested");
    assert_eq!(company.write(Orders, "POST", "/orders/12288/returns", back.clone()).await.code(), "state_forbids");
    assert_eq!(company.write(Orders, "POST", "/orders/98310/returns", back).await.code(), "return_period_over");
}

#[tokio::test]
async fn the_warehouse_keeps_stock_for_an_order() {
    let company = Company::start().await;
    let (_, sku) = variant_in_stock(&company, "12345").await;
    let before = company.get(Warehouse, &format!("/stock/{sku}")).await.json();
    let reserve = |quantity: u64, order: &str| json!({ "order_id": order, "quantity": quantity });
    let path = format!("/stock/{sku}/reservations");
    let kept = company.write(Warehouse, "POST", &path, reserve(1, "12345")).await.json();
    assert_eq!(kept["available"].as_u64().unwrap() + 1, before["available"].as_u64().unwrap());
    assert_eq!(company.write(Warehouse, "POST", &path, reserve(9_999, "12345")).await.code(), "out_of_stock");
    assert_eq!(company.write(Warehouse, "POST", &path, reserve(1, "00000")).await.code(), "order_unknown");
    assert_eq!(company.get(Warehouse, "/stock/NONE").await.status, 404);
}

#[tokio::test]
async fn the_carrier_tracks_and_reschedules() {
    let company = Company::start().await;
    let shipment = company.get(Orders, "/orders/12288").await.json()["shipment"]["id"].as_str().unwrap().to_owned();
    let parcel = company.get(Carrier, &format!("/parcels/{shipment}")).await.json();
    assert_eq!((&parcel["reference"], &parcel["status"]), (&json!("12288"), &json!("in_transit")));
    assert!(parcel["eta"].as_str().unwrap() > "2026-11-20", "soon, but not before today");
    assert!(parcel["history"].as_array().unwrap().len() >= 2);
    assert!(parcel.get("customer_id").is_none());

    let path = format!("/parcels/{shipment}/reschedule");
    let moved = company.write(Carrier, "POST", &path, json!({ "date": "2026-11-27", "window": "evening" })).await.json();
    assert_eq!((&moved["eta"], &moved["window"]["from"]), (&json!("2026-11-27"), &json!("17:00")));
    for (date, window, code) in [
        ("2026-11-20", "evening", "date_not_possible"),
        ("2026-11-29", "evening", "date_not_possible"),
        ("2027-01-15", "morning", "date_not_possible"),
        ("2026-11-26", "midnight", "window_unknown"),
    ] {
        let refused = company.write(Carrier, "POST", &path, json!({ "date": date, "window": window })).await;
        assert_eq!((refused.status, refused.code().as_str()), (422, code), "{date} {window}");
    }
}

#[tokio::test]
async fn billing_shows_refunds_and_takes_payments() {
    let company = Company::start().await;
    let invoices = company.get(Billing, "/customers/mika/invoices").await.json()["invoices"].clone();
    let paid = invoices.as_array().unwrap().iter().find(|invoice| invoice["status"] == "paid").unwrap();
    let id = paid["id"].as_str().unwrap();
    let invoice = company.get(Billing, &format!("/invoices/{id}")).await.json();
    assert!(!invoice["lines"].as_array().unwrap().is_empty());
    assert_eq!(invoice["customer_id"], "mika");
    for part in ["balance", "payments", "payment-methods", "credits", "recurring"] {
        assert_eq!(company.get(Billing, &format!("/customers/mika/{part}")).await.json()["customer_id"], "mika", "{part}");
    }

    let refunds = format!("/invoices/{id}/refunds");
    let refund = |amount: &str, request: &str| {
        let amount: Value = serde_json::from_str(amount).unwrap();
        json!({ "amount": amount, "reason": "charged twice", "request_id": request })
    };
    let refunded = company.write(Billing, "POST", &refunds, refund("1.50", "r1")).await.json();
    assert_eq!(refunded["invoice"]["refunded"].to_string(), "1.50");
    assert_eq!(refunded["invoice"]["status"], "partly_refunded");
    for amount in ["0", "-5.00", "9999.00"] {
        assert_eq!(company.write(Billing, "POST", &refunds, refund(amount, "r2")).await.code(), "amount_invalid", "{amount}");
    }
    assert_eq!(company.write(Billing, "POST", &refunds, refund("1.005", "r3")).await.status, 400, "not a cent");
}

#[tokio::test]
async fn billing_takes_what_is_outstanding_with_a_method_on_file() {
    let company = Company::start().await;
    let open = find_open_invoice(&company).await;
    let (id, owner) = (open["id"].as_str().unwrap(), open["customer_id"].as_str().unwrap());
    let methods = company.get(Billing, &format!("/customers/{owner}/payment-methods")).await.json();
    let method = methods["methods"][0]["id"].clone();
    let payments = format!("/invoices/{id}/payments");
    let stranger = json!({ "amount": open["total"], "method_id": "pm-mika-1x", "request_id": "p0" });
    assert_eq!(company.write(Billing, "POST", &payments, stranger).await.code(), "method_unknown");
    let pay = json!({ "amount": open["total"], "method_id": method, "request_id": "p1" });
    let paid = company.write(Billing, "POST", &payments, pay).await.json();
    assert_eq!((&paid["invoice"]["status"], &paid["payment"]["status"]), (&json!("paid"), &json!("succeeded")));
    let newest = company.get(Billing, &format!("/customers/{owner}/payments")).await.json()["payments"][0].clone();
    assert_eq!(newest["invoice_id"], id);
}

async fn find_open_invoice(company: &Company) -> Value {
    for number in 70_001..70_200 {
        let reply = company.get(Billing, &format!("/invoices/INV-{number}")).await;
        if reply.status == 200 && ["open", "overdue"].contains(&reply.json()["status"].as_str().unwrap()) {
            return reply.json();
        }
    }
    panic!("no invoice is open");
}

#[tokio::test]
async fn provisioning_reads_and_changes_a_subscription() {
    let company = Company::start().await;
    let own = company.get(Provisioning, "/customers/mika/subscription").await.json();
    let base = format!("/subscriptions/{}", own["id"].as_str().unwrap());
    for part in ["usage", "devices", "scheduled-changes", "diagnosis"] {
        let read = company.get(Provisioning, &format!("{base}/{part}")).await;
        assert_eq!((read.status, &read.json()["customer_id"]), (200, &json!("mika")), "{part}");
    }
    let plans = company.get(Provisioning, "/plans").await.json();
    let other = plans["plans"].as_array().unwrap().iter().rfind(|plan| plan["code"] != own["plan"]["code"]).unwrap();
    let later = company.write(Provisioning, "POST", &format!("{base}/plan"), json!({ "plan": other["code"] })).await.json();
    assert_eq!(later["plan"], own["plan"], "not before the next period");
    assert_eq!(later["scheduled_changes"][0]["to"], other["code"]);
    let now = json!({ "plan": other["code"], "when": "now" });
    assert_eq!(company.write(Provisioning, "POST", &format!("{base}/plan"), now).await.json()["plan"], *other);

    assert_eq!(company.write(Provisioning, "POST", &format!("{base}/suspend"), Value::Null).await.json()["status"], "suspended");
    assert_eq!(company.write(Provisioning, "POST", &format!("{base}/suspend"), Value::Null).await.status, 409);
    let feature = json!({ "feature": "night_watch" });
    assert_eq!(company.write(Provisioning, "POST", &format!("{base}/features"), feature.clone()).await.code(), "suspended");
    assert_eq!(company.write(Provisioning, "POST", &format!("{base}/resume"), Value::Null).await.json()["status"], "active");
    company.write(Provisioning, "DELETE", &format!("{base}/features/night_watch"), Value::Null).await;
    assert_eq!(company.write(Provisioning, "POST", &format!("{base}/features"), feature.clone()).await.status, 200);
    assert_eq!(company.write(Provisioning, "POST", &format!("{base}/features"), feature).await.status, 409);

    let device = company.get(Provisioning, &format!("{base}/devices")).await.json()["devices"][0]["id"].clone();
    let replace = format!("{base}/devices/{}/replace", device.as_str().unwrap());
    let replaced = company.write(Provisioning, "POST", &replace, json!({ "reason": "dead" })).await.json();
    assert_eq!(replaced["device"]["status"], "being_replaced");

    let devices = company.get(Provisioning, &format!("{base}/devices")).await.json()["devices"].clone();
    let second = format!("{base}/devices/{}", devices[1]["id"].as_str().unwrap());
    let before = company.get(Provisioning, "/customers/mika/subscription").await.json()["device_count"].as_u64().unwrap();
    let off = company.write(Provisioning, "POST", &format!("{second}/deactivate"), Value::Null).await.json();
    assert_eq!(off["device"]["status"], "deactivated");
    assert_eq!(company.get(Provisioning, "/customers/mika/subscription").await.json()["device_count"], before - 1);
    assert_eq!(company.write(Provisioning, "POST", &format!("{second}/deactivate"), Value::Null).await.code(), "already_so");
    let broken = company.write(Provisioning, "POST", &format!("{second}/replace"), json!({ "reason": "dead" })).await;
    assert_eq!(broken.code(), "deactivated");
    let on = company.write(Provisioning, "POST", &format!("{second}/activate"), Value::Null).await.json();
    assert_eq!(on["device"]["status"], "online");
    assert_eq!(
        company.get(Provisioning, &format!("{base}/diagnosis")).await.json()["diagnosis"]["verdict"].as_str().map(str::is_empty),
        Some(false)
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_400_and_what_is_unknown_404() {
    let company = Company::start().await;
    let url = format!("{}/orders/12345/cancel", company.world.endpoint(Orders).url);
    let (name, value) = company.credential(Orders).await;
    for body in ["{", "[]", "{\"reason\":1}", "{\"reason\":\"too_slow\",\"extra\":1}", ""] {
        let reply = crate::client::send("POST", &url, &[(name, &value)], body).await.unwrap();
        assert_eq!((reply.status, reply.code().as_str()), (400, "malformed"), "{body}");
    }
    assert_eq!(company.get(Orders, "/nowhere").await.status, 404);
    assert_eq!(company.write(Orders, "DELETE", "/orders/12345", Value::Null).await.status, 405);
    assert!(company.effects().is_empty());
}
