//! The three systems that know where an order is, called with a bare client.

use reqwest::Client;
use serde_json::Value;

/// The systems, with what they want to be shown.
pub(crate) struct Backends {
    client: Client,
    orders: String,
    token: String,
    warehouse: String,
    password: String,
    carrier: String,
    carrier_token: String,
}

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

impl Backends {
    /// Reads addresses and secrets from the environment and fetches the order system's token.
    pub(crate) async fn connect() -> Outcome<Self> {
        // Nothing here speaks TLS, but the client wants to be able to. Installed twice does no harm.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let client = Client::builder().build()?;
        let orders = std::env::var("ORDERS_URL")?;
        let secret = std::env::var("ORDERS_SECRET")?;
        let form = [("grant_type", "client_credentials"), ("client_id", "patchbay"), ("client_secret", &secret)];
        let given: Value = client.post(format!("{orders}/oauth/token")).form(&form).send().await?.json().await?;
        Ok(Self {
            client,
            orders,
            token: given["access_token"].as_str().unwrap_or_default().to_owned(),
            warehouse: std::env::var("WAREHOUSE_URL")?,
            password: std::env::var("WAREHOUSE_PASSWORD")?,
            carrier: std::env::var("CARRIER_URL")?,
            carrier_token: std::env::var("CARRIER_TOKEN")?,
        })
    }

    /// Where an order is, in words: the order first, then the warehouse and the carrier at once.
    pub(crate) async fn where_is(&self, order: &str) -> Outcome<String> {
        let asked = self.client.get(format!("{}/orders/{order}", self.orders)).bearer_auth(&self.token);
        let found: Value = asked.send().await?.error_for_status()?.json().await?;
        let shipment = found["shipment"]["id"].as_str().unwrap_or_default();
        let fulfilment = self.client.get(format!("{}/fulfilments/{order}", self.warehouse)).basic_auth("patchbay", Some(&self.password));
        let parcel = self.client.get(format!("{}/parcels/{shipment}", self.carrier)).bearer_auth(&self.carrier_token);
        let (fulfilment, parcel) = tokio::try_join!(fulfilment.send(), parcel.send())?;
        let fulfilment: Value = fulfilment.error_for_status()?.json().await?;
        let parcel: Value = parcel.error_for_status()?.json().await?;
        Ok(format!("Order {order} is {}, {}, at {}.", found["status"], fulfilment["stage"], parcel["place"]))
    }
}
