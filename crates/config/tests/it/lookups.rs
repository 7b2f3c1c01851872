//! Lookups: in the order they are written, with their defaults; what is wrong with one is said with its place.

use super::{documented, load};
use patchbay_core::words::Level;
use std::time::Duration;

const TOOL: &str =
    "  find:\n    use: crm.findCustomer\n    access: lookup\n    args: { email: text, postcode: text }\n    select: { id: \"$.id\" }\n";

/// The documented example with these lines under `identity`, and a lookup tool.
fn with(identity: &str) -> String {
    documented().replacen("\ncustomer:\n", &format!("\n{identity}\ncustomer:\n"), 1).replacen("\ntools:\n", &format!("\ntools:\n{TOOL}"), 1)
}

/// Keys and messages of everything that is wrong.
fn wrong(identity: &str) -> Vec<String> {
    load(&with(identity)).unwrap_err().0.into_iter().map(|problem| format!("{}: {}", problem.key, problem.message)).collect()
}

#[test]
fn they_keep_their_order_and_have_defaults() {
    let second = "  second: { kind: lookup, tool: find, ask: [email, postcode], customer: find.id, attempts: 3 }\n";
    let first = "  first: { kind: lookup, tool: find, ask: [postcode, email], customer: find.id }\n";
    let loaded = load(&with(&format!("{second}{first}  idle: {{ contact: 5m }}\n")));
    let lookups = loaded.unwrap_or_else(|problems| panic!("{problems}")).company.lookups;
    assert_eq!(lookups.iter().map(|lookup| lookup.name.as_str()).collect::<Vec<_>>(), ["second", "first"]);
    assert_eq!((lookups[0].attempts, lookups[1].attempts), (3, 5));
    assert_eq!((lookups[1].gives, lookups[1].lasts), (Level::Contact, Duration::from_secs(300)));
    let left_out = load(&with(first)).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(left_out.company.lookups[0].lasts, Duration::from_secs(15 * 60));
}

#[test]
fn what_is_wrong_is_said() {
    assert_eq!(
        wrong("  one: { kind: lookup, tool: find, ask: [email, zip], customer: find.id, attempts: 50, gives: identified }\n"),
        [
            "identity.one.ask: 'find' needs the argument 'postcode', which nobody is asked for",
            "identity.one.ask[1]: 'find' takes no argument 'zip'",
            "identity.one.attempts: so many tries invite guessing",
            "identity.one.gives: knowing something proves a contact, not the level identified",
        ]
    );
    let other = wrong("  one: { kind: lookup, tool: order, ask: [order_id], customer: find.id }\n");
    assert!(other.iter().any(|one| one.starts_with("identity.one.tool: 'order' is no lookup")), "{other:?}");
    assert!(other.iter().any(|one| one.starts_with("identity.one.customer: 'find.id' is no fact of 'order'")), "{other:?}");
}
