//! Each service wants its own credential, and nothing else opens it.

use patchbay_world::{Claims, ServiceName, mint};

use crate::client::{Company, send};

const SECRET: &str = "halden-billing-shared-secret";

fn path(service: ServiceName) -> &'static str {
    match service {
        ServiceName::Crm => "/customers/mika",
        ServiceName::Orders => "/orders/12345",
        ServiceName::Warehouse => "/fulfilments/12345",
        ServiceName::Carrier => "/parcels/none",
        ServiceName::Billing => "/customers/mika/balance",
        ServiceName::Provisioning => "/customers/mika/subscription",
    }
}

#[tokio::test]
async fn no_credential_and_a_wrong_one_are_refused_everywhere() {
    let company = Company::start().await;
    for service in ServiceName::ALL {
        let url = format!("{}{}", company.world.endpoint(service).url, path(service));
        let bare = send("GET", &url, &[], "").await.unwrap();
        assert_eq!((bare.status, bare.code().as_str()), (401, "unauthorised"), "{service:?}");
        let (name, value) = company.credential(service).await;
        let wrong = send("GET", &url, &[(name, &format!("{value}x"))], "").await.unwrap();
        assert_eq!(wrong.status, 401, "{service:?}");
        let right = send("GET", &url, &[(name, &value)], "").await.unwrap();
        assert_ne!(right.status, 401, "{service:?}");
        let document = send("GET", &company.world.endpoint(service).document, &[], "").await.unwrap();
        assert_eq!(document.status, 200, "{service:?}");
    }
}

#[tokio::test]
async fn tokens_have_scopes_and_an_end() {
    let company = Company::start().await;
    let url = format!("{}/orders/12345", company.world.endpoint(ServiceName::Orders).url);
    let reader = format!("Bearer {}", company.token("orders.read").await);
    let headers = [("authorization", reader.as_str())];
    assert_eq!(send("GET", &url, &headers, "").await.unwrap().status, 200);
    let cancel = send("POST", &format!("{url}/cancel"), &headers, r#"{"reason":"too_slow"}"#).await.unwrap();
    assert_eq!((cancel.status, cancel.code().as_str()), (403, "forbidden"));

    company.world.panel().clock().advance(301_000);
    let late = send("GET", &url, &headers, "").await.unwrap();
    assert_eq!(late.status, 401);
    assert!(late.text().contains("expired"), "{}", late.text());
    assert_eq!(company.get(ServiceName::Orders, "/orders/12345").await.status, 200, "a fresh token is given");
}

#[tokio::test]
async fn the_token_endpoint_refuses_in_the_words_of_its_standard() {
    let company = Company::start().await;
    let url = format!("{}/oauth/token", company.world.endpoint(ServiceName::Orders).url);
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let good = "grant_type=client_credentials&client_id=patchbay&client_secret=halden-orders-client-secret";
    for (body, status, error) in [
        ("grant_type=client_credentials&client_id=patchbay&client_secret=guess".to_owned(), 401, "invalid_client"),
        (good.replace("client_credentials", "password"), 400, "unsupported_grant_type"),
        (format!("{good}&scope=orders.delete"), 400, "invalid_scope"),
    ] {
        let reply = send("POST", &url, &form, &body).await.unwrap();
        assert_eq!(reply.status, status, "{body}");
        assert_eq!(reply.json()["error"], error, "{body}");
    }
    assert_eq!(send("POST", &url, &form, good).await.unwrap().json()["scope"], "orders.read orders.write");
}

#[tokio::test]
async fn billing_believes_only_tokens_for_itself_in_their_time() {
    let company = Company::start().await;
    let url = format!("{}/customers/mika/balance", company.world.endpoint(ServiceName::Billing).url);
    let now = company.world.panel().clock().now().as_second();
    let claims = |iss: &str, aud: &str, exp| Claims { iss: iss.into(), aud: aud.into(), exp };
    for (claims, secret, status) in [
        (claims("patchbay", "halden-billing", now + 60), SECRET, 200),
        (claims("patchbay", "halden-billing", now - 1), SECRET, 401),
        (claims("patchbay", "halden-crm", now + 60), SECRET, 401),
        (claims("somebody", "halden-billing", now + 60), SECRET, 401),
        (claims("patchbay", "halden-billing", now + 60), "another secret", 401),
    ] {
        let token = format!("Bearer {}", mint(&claims, secret));
        let reply = send("GET", &url, &[("authorization", &token)], "").await.unwrap();
        assert_eq!(reply.status, status, "{claims:?}");
    }
}
