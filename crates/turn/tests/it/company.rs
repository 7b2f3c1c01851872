//! The company of the schedules, its customer, and the ways a turn of theirs begins.

use patchbay_config::{Memory, load_from};
use patchbay_core::action::{self, ProposedAction};
use patchbay_core::declare::Confirmer;
use patchbay_core::fact::Released;
use patchbay_core::id::{ConversationId, CustomerId, TurnId, VisitorId};
use patchbay_core::words::Level;
use patchbay_core::{Customer, Personal, Session, Timestamp, Value};
use patchbay_turn::{Cause, House, Opening};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

pub(crate) const NOW: Timestamp = Timestamp(1_795_000_000_000);
/// The company's own id of the customer.
pub(crate) const CUSTOMER: &str = "mika";
/// The minds there are to ask.
pub(crate) const MINDS: usize = 2;

static HOUSE: LazyLock<Arc<House>> = LazyLock::new(|| {
    let files = Memory::new([("patchbay.yaml", include_str!("company.yaml")), ("shop.json", "{}")]);
    let loaded = load_from(Path::new("patchbay.yaml"), &files, &|name| (name == "SHOP_TOKEN").then(|| "t0ken".to_owned()));
    let loaded = loaded.unwrap_or_else(|problems| panic!("{problems}"));
    Arc::new(House::compile(loaded.company, loaded.digest).unwrap())
});

/// The rules in force.
pub(crate) fn house() -> Arc<House> {
    Arc::clone(&HOUSE)
}

pub(crate) fn customer() -> Customer {
    Customer { id: CustomerId::parse("cus_mika").unwrap(), external: Personal::identity(CUSTOMER.to_owned()) }
}

fn session() -> Session {
    Session {
        visitor: VisitorId::parse("vis_1").unwrap(),
        customer: Some(customer()),
        level: Level::Identified,
        until: NOW.plus(Duration::from_secs(3600)),
        channel: "web".to_owned(),
    }
}

/// A turn of Mika's that begins like this.
pub(crate) fn opening(cause: Cause) -> Opening {
    Opening {
        standing: Default::default(),
        earlier: None,
        id: TurnId::parse("trn_1").unwrap(),
        conversation: ConversationId::parse("cnv_1").unwrap(),
        session: session(),
        history: Vec::new(),
        memory: serde_json::Value::Null,
        misunderstood: 0,
        proven_by: None,
        tries: 0,
        customer: BTreeMap::new(),
        used: BTreeMap::new(),
        minds: MINDS,
        notes: Vec::new(),
        files: Vec::new(),
        silent: false,
        cause,
    }
}

/// A write proposed in an earlier turn, when its order looked like this.
pub(crate) fn proposed(tool: &str, order: &str, seen: &BTreeMap<String, Released>) -> ProposedAction {
    let args = BTreeMap::from([("order_id".to_owned(), Value::text(order))]);
    let seen = house().gate.seen(tool, seen);
    ProposedAction {
        id: TurnId::parse("trn_0").unwrap().action(0),
        conversation: ConversationId::parse("cnv_1").unwrap(),
        wish: 1,
        tool: tool.to_owned(),
        digest: action::digest(tool, &args, Some(&customer()), &seen),
        args,
        seen,
        effect: "Do it?".to_owned(),
        confirmers: vec![Confirmer::Customer],
        expires: NOW.plus(Duration::from_secs(600)),
    }
}
