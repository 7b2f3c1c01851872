//! The carrier: where a parcel is, and bringing it on another day.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use hyper::StatusCode;
use jiff::{civil::Date, tz::TimeZone};
use serde::Deserialize;
use serde_json::json;

use crate::door::Sender;
use crate::office::{Deed, Office};
use crate::record::Company;
use crate::record::parcel::{Parcel, Window};
use crate::refusal::Refusal;
use crate::request::{Given, json_response};
use crate::view::View;

type Carrier = Office<Company>;

pub(super) fn routes(carrier: Carrier) -> Router {
    Router::new()
        .route("/parcels/{shipment_id}", get(track_parcel))
        .route("/parcels/{shipment_id}/reschedule", post(reschedule))
        .with_state(carrier)
}

async fn track_parcel(State(carrier): State<Carrier>, Path(id): Path<String>, view: View) -> Result<Response, Refusal> {
    let parcel = carrier.record("parcel", &id, view, |company| &company.parcels)?;
    Ok(json_response(StatusCode::OK, &*parcel))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reschedule {
    date: Date,
    window: String,
}

async fn reschedule(
    State(carrier): State<Carrier>,
    Path(id): Path<String>,
    sender: Sender,
    Given { body, read: Reschedule { date, window } }: Given<Reschedule>,
) -> Result<Response, Refusal> {
    carrier.write(Deed::new("rescheduleDelivery", "shipment_id", &id, body, sender), |company, now| {
        let today = now.to_zoned(TimeZone::UTC).date();
        let reschedule = |parcel: &mut Parcel| {
            parcel.reschedule(date, Window::named(&window)?, today)?;
            Ok(json!(&*parcel))
        };
        company.parcels.change(&id, reschedule).unwrap_or_else(|| Err(Refusal::not_found("parcel", &id)))
    })
}
