//! The six services: their names, their documents, their credentials and what to call them by.

mod billing;
mod carrier;
mod crm;
mod orders;
mod provisioning;
mod warehouse;

use axum::Router;
use serde::Serialize;

use crate::door::Credentials;
use crate::oauth::{self, TokenDesk};
use crate::office::Office;
use crate::record::Company;

/// One of the company's systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceName {
    /// Customers and their data.
    Crm,
    /// Orders from placing to delivery.
    Orders,
    /// Fulfilment and stock.
    Warehouse,
    /// Parcels.
    Carrier,
    /// Invoices, payments, refunds.
    Billing,
    /// Subscriptions, usage, devices.
    Provisioning,
}

impl ServiceName {
    /// All six, in the order of their ports.
    pub const ALL: [Self; 6] = [Self::Crm, Self::Orders, Self::Warehouse, Self::Carrier, Self::Billing, Self::Provisioning];

    /// The name in faults, ledger and configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Crm => "crm",
            Self::Orders => "orders",
            Self::Warehouse => "warehouse",
            Self::Carrier => "carrier",
            Self::Billing => "billing",
            Self::Provisioning => "provisioning",
        }
    }

    /// The OpenAPI document as written, without the address it is served at.
    #[must_use]
    pub fn document(self) -> &'static str {
        match self {
            Self::Crm => include_str!("../../openapi/crm.json"),
            Self::Orders => include_str!("../../openapi/orders.json"),
            Self::Warehouse => include_str!("../../openapi/warehouse.json"),
            Self::Carrier => include_str!("../../openapi/carrier.json"),
            Self::Billing => include_str!("../../openapi/billing.json"),
            Self::Provisioning => include_str!("../../openapi/provisioning.json"),
        }
    }

    /// What a caller must show. `url` is where the service is served.
    pub(crate) fn credentials(self, url: &str) -> Credentials {
        match self {
            Self::Crm => Credentials::ApiKey { header: "X-Api-Key", key: "halden-crm-key".to_owned() },
            Self::Orders => Credentials::OAuth {
                token_url: format!("{url}{TOKEN_PATH}"),
                client_id: oauth::CLIENT_ID,
                client_secret: oauth::CLIENT_SECRET,
                scopes: oauth::SCOPES,
            },
            Self::Warehouse => Credentials::Basic { user: "patchbay", password: "halden-warehouse-password" },
            Self::Carrier => Credentials::Bearer { token: "halden-carrier-token" },
            Self::Billing => Credentials::Jwt { secret: "halden-billing-shared-secret", issuer: "patchbay", audience: "halden-billing" },
            Self::Provisioning => Credentials::ApiKey { header: "Authorization", key: "Token halden-provisioning-token".to_owned() },
        }
    }

    /// The path that is open to callers without a credential.
    pub(crate) fn open_path(self) -> Option<&'static str> {
        (self == Self::Orders).then_some(TOKEN_PATH)
    }

    /// The service's routes over the company's records.
    pub(crate) fn routes(self, office: &Office<Company>, tokens: &TokenDesk) -> Router {
        let office = office.for_service(self.as_str());
        match self {
            Self::Crm => crm::routes(office),
            Self::Orders => orders::routes(office).merge(orders::token_route(TOKEN_PATH, tokens.clone())),
            Self::Warehouse => warehouse::routes(office),
            Self::Carrier => carrier::routes(office),
            Self::Billing => billing::routes(office),
            Self::Provisioning => provisioning::routes(office),
        }
    }
}

const TOKEN_PATH: &str = "/oauth/token";
