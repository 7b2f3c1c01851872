//! What is said about a wrong form: YAML, keys, spellings, secrets, versions.

use super::changed;
use insta::assert_snapshot;

#[test]
fn unknown_key() {
    assert_snapshot!(changed("    guard: \"answer.id", "    gaurd: \"answer.id"), @r"
    shop/patchbay.yaml:59:5  tools.profile.gaurd
        there is no key 'gaurd' in a tool; did you mean 'guard'?
        → `patchbay schema` lists every key

    1 problem in the configuration
    ");
}

#[test]
fn unknown_key_at_the_top() {
    assert_snapshot!(changed("budgets:", "budget:"), @r"
    shop/patchbay.yaml:49:1  budget
        there is no key 'budget' in a configuration; did you mean 'budgets'?
        → `patchbay schema` lists every key

    1 problem in the configuration
    ");
}

#[test]
fn wrong_type() {
    assert_snapshot!(changed("needs: [profile]", "needs: { profile: yes }"), @r"
    shop/patchbay.yaml:87:12  tools.recent_orders.needs
        here stands a map, where a list belongs
        → `patchbay schema` lists every key

    1 problem in the configuration
    ");
    assert_snapshot!(changed("at_most: 20", "at_most: many"), @r"
    shop/patchbay.yaml:88:69  tools.recent_orders.each.at_most
        'many' does not fit here
        → write a whole number

    1 problem in the configuration
    ");
    assert_snapshot!(changed("refuse: cancel_too_late", "refuse:"), @r"
    shop/patchbay.yaml:110:11  tools.cancel_order.refuse
        here stands nothing, where a text belongs
        → write a value, or remove the key

    1 problem in the configuration
    ");
}

#[test]
fn duplicate_key() {
    assert_snapshot!(changed("    auth: identified", "    auth: identified\n    access: write"), @r"
    shop/patchbay.yaml:106:5  tools.cancel_order.access
        the key 'access' stands here twice, first in line 104
        → remove one of the two, or rename it

    1 problem in the configuration
    ");
}

#[test]
fn missing_secret() {
    assert_snapshot!(changed("${CRM_KEY}", "${CRM_TOKEN}"), @r"
    shop/patchbay.yaml:38:50  backends.crm.auth[0].key
        the environment variable CRM_TOKEN is not set
        → set CRM_TOKEN, or give a default: ${CRM_TOKEN:-…}

    1 problem in the configuration
    ");
    assert_snapshot!(changed("secrets/orders", "secrets/order"), @r"
    shop/patchbay.yaml:30:22  backends.orders.auth.client_secret
        the file shop/secrets/order cannot be read: entity not found
        → create it, or correct the path (relative paths are relative to the configuration)

    1 problem in the configuration
    ");
}

#[test]
fn tags_anchors_aliases_and_merge_keys() {
    assert_snapshot!(changed("allow: \"order.status in ['placed', 'paid']\"", "allow: !order.shipped"), @r"
    shop/patchbay.yaml:109:26  tools.cancel_order.allow
        tags are refused, and here stands '!order.shipped'
        → put the value in quotes if the '!' belongs to it, otherwise remove the tag

    1 problem in the configuration
    ");
    assert_snapshot!(changed("limits: {", "limits: &limits {"), @r"
    shop/patchbay.yaml:32:21  backends.orders.limits
        anchors (&name) are refused
        → write the value out wherever it is used

    1 problem in the configuration
    ");
    assert_snapshot!(changed("scopes: [orders.read", "scopes: [*read"), @r"
    shop/patchbay.yaml:31:16  backends.orders.auth.scopes[0]
        aliases (*name) are refused
        → write the value out, or put it in quotes if the '*' belongs to it

    1 problem in the configuration
    ");
    assert_snapshot!(changed("    root: \"$.result\"", "    <<: { root: \"$.result\" }"), @r"
    shop/patchbay.yaml:36:5  backends.crm.<<
        merge keys (<<) are refused
        → write the keys out wherever they are used

    1 problem in the configuration
    ");
}

#[test]
fn no_yaml() {
    assert_snapshot!(changed("needs: [profile]", "needs: [profile"), @r"
    shop/patchbay.yaml:88:9
        this is not YAML: illegal placement of ':' indicator
        → correct the spelling; texts with `:`, `#`, `{` or quotes in them belong in quotes

    1 problem in the configuration
    ");
}

#[test]
fn unknown_kind() {
    assert_snapshot!(changed("kind: openapi", "kind: openai"), @r"
    shop/patchbay.yaml:23:11  backends.orders
        there is no kind 'openai' here; did you mean 'openapi'?
        → kinds are: openapi, graphql, sql, mcp, http

    1 problem in the configuration
    ");
    assert_snapshot!(changed("access: write", "access: change"), @r"
    shop/patchbay.yaml:104:13  tools.cancel_order.access
        'change' is no word that may stand here
        → write one of: read, write, lookup

    1 problem in the configuration
    ");
}

#[test]
fn bad_duration() {
    assert_snapshot!(changed("ttl: 20s", "ttl: 20 seconds"), @r"
    shop/patchbay.yaml:79:32  tools.order.cache.ttl
        '20 seconds' does not fit here
        → write a duration such as 500ms, 2s, 10m, 12h or 180d

    1 problem in the configuration
    ");
}

#[test]
fn missing_and_unknown_version() {
    assert_snapshot!(changed("version: 1\n", ""), @r"
    shop/patchbay.yaml:1:1  version
        a configuration needs the key 'version'
        → add `version:` with the number 1

    1 problem in the configuration
    ");
    assert_snapshot!(changed("version: 1\n", "version: 2\n"), @r"
    shop/patchbay.yaml:1:10  version
        '2' is no version of the language that is known here
        → write the number 1

    1 problem in the configuration
    ");
}

#[test]
fn what_this_version_does_not_have() {
    assert_snapshot!(changed("topics:\n", "pilot: { share: 25% }\ntopics:\n"), @r"
    shop/patchbay.yaml:142:8  pilot
        'pilot' is not supported in this version
        → remove it; what is silently ignored would be worse

    1 problem in the configuration
    ");
    assert_snapshot!(changed("order: [builtin]", "order: [main, builtin]\n  providers: { main: { kind: some } }"), @r"
    shop/patchbay.yaml:10:11  mind.order[0]
        'main' is no word that may stand here
        → write one of: builtin

    shop/patchbay.yaml:11:14  mind.providers
        'mind.providers' is not supported in this version
        → remove it; what is silently ignored would be worse

    2 problems in the configuration
    ");
    assert_snapshot!(changed("  web: { kind: widget,", "  mail: { kind: email, imap: imaps }\n  web: { kind: widget,"), @r"
    shop/patchbay.yaml:19:17  channels.mail
        the kind 'email' is not supported in this version
        → remove it, or use another kind

    1 problem in the configuration
    ");
    assert_snapshot!(changed("customer:\n", "  code: { kind: code, digits: 6 }\ncustomer:\n"), @r"
    shop/patchbay.yaml:15:17  identity.code
        the kind 'code' is not supported in this version
        → remove it, or use another kind

    1 problem in the configuration
    ");
}

#[test]
fn a_broken_secret_is_one_problem() {
    assert_snapshot!(changed("keys: \"https://shop.example/.well-known/jwks.json\"", "secret: \"${HOST_SECRET}\""), @r"
    shop/patchbay.yaml:13:30  identity.host.secret
        the environment variable HOST_SECRET is not set
        → set HOST_SECRET, or give a default: ${HOST_SECRET:-…}

    1 problem in the configuration
    ");
    assert_snapshot!(changed("audience: patchbay", "secret: \"${CRM_KEY}\", audience: patchbay"), @r"
    shop/patchbay.yaml:13:74  identity.host.secret
        a host token has keys or a secret, not both
        → write `keys:` with a URL or ${file:…}, or `secret:` with ${file:…}

    1 problem in the configuration
    ");
}
