//! Proving ourselves: keys, passwords, fetched and minted tokens, several at once.

use crate::server::{Does, Heard, Server};
use crate::shop::{Setup, Shop, document, read, write};
use patchbay_core::declare::{Auth, Secret};
use serde_json::json;
use std::time::Duration;

fn with(auth: Vec<Auth>) -> Setup {
    Setup { auth, ..Setup::default() }
}

#[tokio::test]
async fn several_credentials_are_all_sent() {
    let server = Server::doing([Does::Says(200, "{}")]).await;
    let shop = Shop::with(
        &server,
        with(vec![
            Auth::ApiKeyHeader { header: "X-Key".to_owned(), key: Secret::new("k1") },
            Auth::ApiKeyQuery { parameter: "token".to_owned(), key: Secret::new("k 2") },
            Auth::Basic { user: "Aladdin".to_owned(), password: Secret::new("open sesame") },
        ]),
    );
    shop.call(read()).await.unwrap();
    let heard = server.only();
    assert_eq!(heard.headers["x-key"], "k1");
    assert_eq!(heard.target, "/api/orders/%23W1?token=k+2");
    assert_eq!(heard.headers["authorization"], "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

#[tokio::test]
async fn two_claims_on_one_header_are_refused_at_the_start() {
    let both = vec![Auth::Bearer { token: Secret::new("t") }, Auth::Basic { user: "u".to_owned(), password: Secret::new("p") }];
    let refused = Shop::try_with(Some("http://127.0.0.1:9/".to_owned()), with(both)).err().unwrap();
    assert!(refused.contains("Authorization"), "{refused}");
}

#[tokio::test]
async fn what_a_credential_fills_is_no_argument() {
    let server = Server::doing([Does::Says(200, "{}")]).await;
    let mut document = document();
    document["paths"]["/orders/{order_id}"]["get"]["parameters"] =
        json!([{ "name": "X-Key", "in": "header", "required": true, "schema": { "type": "string" } }]);
    let auth = vec![Auth::ApiKeyHeader { header: "x-key".to_owned(), key: Secret::new("k1") }];
    let shop = Shop::with(&server, Setup { auth, document, ..Setup::default() });
    assert!(shop.connectors.operation("shop", "getOrder").unwrap().arg("X-Key").is_none());
    shop.call(read()).await.unwrap();
    assert_eq!(server.only().headers["x-key"], "k1");
}

#[tokio::test]
async fn a_minted_token_says_who_for_whom_and_until_when() {
    let server = Server::doing([Does::Says(200, "{}")]).await;
    let (secret, issuer, audience) = (Secret::new("0123456789abcdef0123456789abcdef"), "patchbay".to_owned(), "billing".to_owned());
    let shop = Shop::with(&server, with(vec![Auth::Jwt { secret, issuer, audience, lifetime: Duration::from_secs(60) }]));
    shop.call(read()).await.unwrap();
    let bearer = server.only().headers["authorization"].clone();
    let token = bearer.strip_prefix("Bearer ").unwrap();
    let mut wanted = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::HS256);
    wanted.set_issuer(&["patchbay"]);
    wanted.set_audience(&["billing"]);
    let key = jsonwebtoken::DecodingKey::from_secret(b"0123456789abcdef0123456789abcdef");
    // The test's clock begins in 2027, so the token is valid for the machine's clock too.
    let said = jsonwebtoken::decode::<serde_json::Value>(token, &key, &wanted).unwrap().claims;
    assert_eq!(said["exp"].as_i64().unwrap() - said["iat"].as_i64().unwrap(), 60);
}

fn oauth(server: &Server) -> Setup {
    with(vec![Auth::Oauth2ClientCredentials {
        token_url: format!("{}/token", server.url),
        client_id: "patchbay".to_owned(),
        client_secret: Secret::new("halden-secret"),
        scopes: vec!["orders.read".to_owned(), "orders.write".to_owned()],
    }])
}

fn tokens_asked(heard: &[Heard]) -> usize {
    heard.iter().filter(|each| each.target == "/token").count()
}

const TOKEN: &str = r#"{"access_token": "t1", "token_type": "Bearer", "expires_in": 300}"#;

#[tokio::test]
async fn a_token_is_fetched_once_and_renewed_before_it_expires() {
    let server = Server::answering(|heard, _| match heard.target.as_str() {
        "/token" => Does::SaysAfter(Duration::from_millis(30), 200, TOKEN),
        _ => Does::Says(200, "{}"),
    })
    .await;
    let shop = Shop::with(&server, oauth(&server));
    let answers = futures::future::join_all((0..20).map(|_| shop.call(read()))).await;
    assert!(answers.iter().all(Result::is_ok));
    let heard = server.heard();
    assert_eq!(tokens_asked(&heard), 1);
    let asked = heard.iter().find(|each| each.target == "/token").unwrap();
    assert_eq!(asked.body, "grant_type=client_credentials&scope=orders%2Eread%20orders%2Ewrite");
    assert_eq!(asked.headers["authorization"], "Basic cGF0Y2hiYXk6aGFsZGVuLXNlY3JldA==");
    assert!(heard.iter().filter(|each| each.target != "/token").all(|each| each.headers["authorization"] == "Bearer t1"));
    shop.clock.advance(Duration::from_secs(239));
    shop.call(read()).await.unwrap();
    assert_eq!(tokens_asked(&server.heard()), 1);
    shop.clock.advance(Duration::from_secs(2));
    shop.call(read()).await.unwrap();
    assert_eq!(tokens_asked(&server.heard()), 2);
}

#[tokio::test]
async fn a_refused_token_is_replaced_once_even_for_a_write() {
    let server = Server::answering(|heard, number| match (heard.target.as_str(), number) {
        ("/token", _) => Does::Says(200, TOKEN),
        (_, 1) => Does::Says(401, "{}"),
        _ => Does::Says(200, "{}"),
    })
    .await;
    let shop = Shop::with(&server, oauth(&server));
    assert!(shop.call(write()).await.is_ok());
    assert_eq!(tokens_asked(&server.heard()), 2);

    let server = Server::answering(|heard, _| if heard.target == "/token" { Does::Says(200, TOKEN) } else { Does::Says(401, "{}") }).await;
    let shop = Shop::with(&server, oauth(&server));
    assert_eq!(shop.failure(write()).await, ("unreachable", "backend_unauthorised: 401".to_owned()));
    assert_eq!(server.heard().len(), 4);
}

#[tokio::test]
async fn a_token_server_that_fails_is_named_and_the_write_was_never_sent() {
    let server = Server::doing([Does::Says(401, r#"{"error": "invalid_client"}"#)]).await;
    let shop = Shop::with(&server, oauth(&server));
    let expected = ("unreachable", "backend_unauthorised: token server said 401 invalid_client".to_owned());
    assert_eq!(shop.failure(write()).await, expected);
    server.only();
}
