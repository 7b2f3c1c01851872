//! Where values came from.

use super::{documented, load};

fn explain(key: &str) -> String {
    let loaded = load(&documented()).unwrap();
    loaded.origins.explain(key).iter().map(|origin| format!("{origin}\n")).collect()
}

#[test]
fn a_file_the_environment_another_file_and_a_default_are_told_apart() {
    insta::assert_snapshot!(explain("server"), @r"
    server.data = patchbay-data   by default
    server.listen = localhost:8787   from shop/patchbay.yaml:6
    server.public_url = http://localhost:8787   from shop/patchbay.yaml:7
    ");
    insta::assert_snapshot!(explain("backends.crm"), @r"
    backends.crm.auth[0].header = X-Api-Key   from shop/patchbay.yaml:38
    backends.crm.auth[0].key = secret (8 bytes)   from the environment (CRM_KEY), named in shop/patchbay.yaml:38
    backends.crm.auth[0].kind = api_key   from shop/patchbay.yaml:38
    backends.crm.auth[0].prefix = ''   by default
    backends.crm.auth[1].kind = basic   from shop/patchbay.yaml:39
    backends.crm.auth[1].password = secret (13 bytes)   from the environment (CRM_PASSWORD), named in shop/patchbay.yaml:39
    backends.crm.auth[1].user = patchbay   from shop/patchbay.yaml:39
    backends.crm.kind = openapi   from shop/patchbay.yaml:34
    backends.crm.limits.answer = 1MiB   by default
    backends.crm.limits.concurrency = 20   by default
    backends.crm.limits.timeout = 2s   by default
    backends.crm.root = $.result   from shop/patchbay.yaml:36
    backends.crm.spec = ./specs/crm.openapi.yaml   from shop/patchbay.yaml:35
    ");
    insta::assert_snapshot!(explain("backends.orders.auth.client_secret"), @r"
    backends.orders.auth.client_secret = secret (11 bytes)   from the file shop/secrets/orders, named in shop/patchbay.yaml:30
    ");
}

#[test]
fn a_key_that_is_not_there_has_a_neighbour() {
    let loaded = load(&documented()).unwrap();
    assert!(loaded.origins.explain("tools.ordr").is_empty());
    assert_eq!(loaded.origins.nearest("tools.ordr").as_deref(), Some("tools.order"));
}
