//! The example of the documentation loads, and means what the page says.

use super::{documented, load};
use patchbay_core::declare::{Access, Auth, Condition, Confirm, Confirmer, Kind, SlotSource, Step};
use patchbay_core::words::Level;

#[test]
fn it_loads_without_a_warning() {
    let loaded = load(&documented()).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(loaded.warnings, []);
    assert_eq!(loaded.server.public_url, "http://localhost:8787");
    assert_eq!(loaded.server.data, std::path::Path::new("shop/patchbay-data"));
}

#[test]
fn tools_have_their_rules_and_defaults() {
    let company = load(&documented()).unwrap().company;
    let cancel = &company.tools["cancel_order"];
    assert_eq!((cancel.access, cancel.auth), (Access::Write, Level::Identified));
    assert_eq!(cancel.allow, Condition::When("order.status in ['placed', 'paid']".to_owned()));
    assert!(matches!(&cancel.confirm, Confirm::If { otherwise, .. } if *otherwise == [Confirmer::Customer, Confirmer::Agent]));
    assert_eq!(company.tools["parcel"].args["shipment"].kind, Kind::Text);
    assert_eq!(company.tools["profile"].confirm, Confirm::By(vec![]));
    assert_eq!(company.tools["recent_orders"].each.as_ref().map(|each| each.at_most), Some(20));
    let Auth::ApiKeyHeader { header, key } = &company.backends["crm"].auth[0] else { panic!("an api key") };
    assert_eq!((header.as_str(), key.reveal()), ("X-Api-Key", "hush-key"));
}

#[test]
fn slots_keep_the_order_in_which_they_are_asked() {
    let company = load(&documented()).unwrap().company;
    let cancel = &company.skills["cancel"];
    assert_eq!(cancel.slots.iter().map(|slot| slot.name.as_str()).collect::<Vec<_>>(), ["order_id", "reason"]);
    assert!(matches!(&cancel.slots[0].from[2], SlotSource::OneOf { take, only: Condition::When(_), .. } if take == "id"));
    assert_eq!(cancel.steps.len(), 2);
    assert!(matches!(&cancel.steps[1], Step::Say(text) if text == "cancelled"));
}

#[test]
fn no_secret_is_printed() {
    let loaded = load(&documented()).unwrap();
    let everything = format!("{loaded:?}{}", serde_json::to_string(&loaded).unwrap());
    assert!(!everything.contains("hush"));
}

#[test]
fn the_digest_follows_the_declarations() {
    let digest = |text: &str| load(text).unwrap().digest;
    let example = documented();
    assert_eq!(digest(&example), digest(&example.replace("localhost:8787\n", "localhost:9999\n")));
    assert_ne!(digest(&example), digest(&example.replace("3/day", "4/day")));
}
