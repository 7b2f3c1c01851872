//! A small company: orders of one customer, a cancellation, a refund, a parcel, a list read one by one, a lookup.

use patchbay_core::action::Use;
use patchbay_core::declare::{
    Access, Arg, Choice, Company, Condition, Confirm, Confirmer, Each, Idempotency, Kind, Limit, Selected, Selection, Tool, Verify,
};
use patchbay_core::fact::Released;
use patchbay_core::id::{CustomerId, VisitorId};
use patchbay_core::words::{FactClass, Level};
use patchbay_core::{Customer, Personal, Session, Timestamp, Value};
use patchbay_gate::{Actor, Admission, Admitted, Confirmed, Request, Rules};
use std::collections::BTreeMap;
use std::time::Duration;

pub(crate) const NOW: Timestamp = Timestamp(1_795_000_000_000);

pub(crate) fn when(rule: &str) -> Condition {
    Condition::When(rule.to_owned())
}

pub(crate) fn named<T, const N: usize>(pairs: [(&str, T); N]) -> BTreeMap<String, T> {
    pairs.map(|(name, value)| (name.to_owned(), value)).into()
}

pub(crate) fn take(path: &str, kind: Kind, optional: bool) -> Selected {
    Selected::One { path: path.to_owned(), kind, optional, canonical: None, class: None }
}

fn arg(kind: Kind) -> Arg {
    Arg { kind, optional: false, from: None }
}

fn euros() -> Kind {
    Kind::Money("EUR".parse().unwrap())
}

pub(crate) fn tool(name: &str, access: Access, auth: Level) -> Tool {
    Tool {
        name: name.to_owned(),
        backend: "shop".to_owned(),
        operation: format!("{name}Operation"),
        describe: format!("{name}."),
        access,
        auth,
        args: BTreeMap::new(),
        bind: BTreeMap::new(),
        needs: Vec::new(),
        each: None,
        guard: Condition::Always,
        allow: Condition::Always,
        refuse: None,
        preview: None,
        confirm: Confirm::By(Vec::new()),
        select: Selection::default(),
        idempotency: Idempotency::None,
        verify: None,
        limits: Vec::new(),
        cache: None,
        slow: None,
        authority: Vec::new(),
    }
}

fn order() -> Tool {
    let item = named([("title", take("$.name", Kind::Text, false)), ("price", take("$.price", euros(), true))]);
    let pattern = Kind::Pattern { pattern: "#?W?([0-9]{5,10})".to_owned(), write: Some("W$1".to_owned()), example: "#W12345".to_owned() };
    Tool {
        args: named([("order_id", arg(pattern))]),
        bind: named([("customer_id", "customer.id".to_owned())]),
        guard: when("answer.customer_id == customer.id"),
        select: Selection(named([
            ("id", take("$.id", Kind::Text, false)),
            ("status", take("$.status", Kind::Text, false)),
            ("paid", take("$.paid", euros(), false)),
            ("shipment_id", take("$.shipment.id", Kind::Text, true)),
            (
                "eta",
                Selected::One {
                    path: "$.shipment.eta".to_owned(),
                    kind: Kind::Date,
                    optional: true,
                    canonical: Some("shipment.eta".to_owned()),
                    class: None,
                },
            ),
            ("note", take("$.note", Kind::Text, true)),
            ("items", Selected::Each { path: "$.items[*]".to_owned(), take: Selection(item) }),
        ])),
        ..tool("order", Access::Read, Level::Contact)
    }
}

fn cancel() -> Tool {
    let choice = |value: &str| Choice { value: value.to_owned(), phrases: Vec::new() };
    Tool {
        args: named([
            ("order_id", order().args["order_id"].clone()),
            ("reason", arg(Kind::OneOf(vec![choice("mistake"), choice("no_need")]))),
        ]),
        bind: named([("customer_id", "customer.id".to_owned())]),
        needs: vec!["order".to_owned()],
        allow: when("order.status in ['placed', 'paid'] && order.id == args.order_id"),
        refuse: Some("cancel_too_late".to_owned()),
        confirm: Confirm::By(vec![Confirmer::Customer]),
        verify: Some(Verify { read: "order".to_owned(), expect: when("order.status == 'cancelled' && order.id == args.order_id") }),
        limits: vec![Limit::Times { times: 3, per: Duration::from_secs(86_400) }],
        ..tool("cancel", Access::Write, Level::Identified)
    }
}

fn refund() -> Tool {
    Tool {
        args: named([("amount", arg(euros()))]),
        bind: named([("tier", "customer.tier".to_owned())]),
        needs: vec!["order".to_owned()],
        allow: when("at_most(args.amount, order.paid)"),
        confirm: Confirm::If {
            when: when("at_most(args.amount, '30.00 EUR')"),
            then: vec![Confirmer::Customer],
            otherwise: vec![Confirmer::Customer, Confirmer::Agent],
        },
        limits: vec![Limit::Sum { of: "amount".to_owned(), at_most: "100.00 EUR".parse().unwrap(), within: Duration::from_secs(86_400) }],
        ..tool("refund", Access::Write, Level::Strong)
    }
}

/// The company.
pub(crate) fn company() -> Company {
    let parcel = Tool {
        args: named([("shipment", Arg { from: Some("order.shipment_id".to_owned()), ..arg(Kind::Text) })]),
        needs: vec!["order".to_owned()],
        guard: when("answer.reference == order.id"),
        select: Selection(named([("place", take("$..city", Kind::Text, false))])),
        ..tool("parcel", Access::Read, Level::Contact)
    };
    let profile = Tool {
        bind: named([("id", "customer.id".to_owned())]),
        guard: when("answer.id == customer.id"),
        select: Selection(named([
            ("orders", take("$.orders", Kind::List(Box::new(Kind::Text)), false)),
            ("tier", take("$.tier", Kind::Text, false)),
        ])),
        ..tool("profile", Access::Read, Level::Contact)
    };
    let each = Each { arg: "order_id".to_owned(), of: "profile.orders".to_owned(), take_as: "orders".to_owned(), at_most: 3 };
    let orders = Tool { args: BTreeMap::new(), needs: vec!["profile".to_owned()], each: Some(each), name: "orders".to_owned(), ..order() };
    let find = Tool { args: named([("email", arg(Kind::Text))]), ..tool("find", Access::Lookup, Level::Anonymous) };
    let address = Kind::Record(named([("street", Kind::Text), ("until", Kind::Date)]));
    let typed = Tool {
        args: named([
            ("count", Arg { optional: true, ..arg(Kind::Integer) }),
            ("on", Arg { optional: true, ..arg(Kind::Date) }),
            ("at", Arg { optional: true, ..arg(Kind::Time) }),
            ("yes", Arg { optional: true, ..arg(Kind::Bool) }),
            ("address", Arg { optional: true, ..arg(address) }),
            ("names", Arg { optional: true, ..arg(Kind::List(Box::new(Kind::Text))) }),
            ("amount", Arg { optional: true, ..arg(euros()) }),
        ]),
        ..tool("typed", Access::Read, Level::Anonymous)
    };
    let tools = [order(), cancel(), refund(), parcel, profile, orders, find, typed];
    Company {
        tools: tools.into_iter().map(|tool| (tool.name.clone(), tool)).collect(),
        customer_facts: named([("tier", "profile.tier".to_owned())]),
        ..Company::default()
    }
}

/// Everything a decision rests on; tests change one thing and ask.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) tool: &'static str,
    pub(crate) args: BTreeMap<String, Value>,
    pub(crate) session: Session,
    pub(crate) customer: BTreeMap<String, Value>,
    pub(crate) facts: BTreeMap<String, Released>,
    pub(crate) used: Vec<Use>,
    pub(crate) confirmed: Option<Confirmed>,
    pub(crate) allowed: Option<Vec<String>>,
    pub(crate) by: Actor,
}

pub(crate) fn session(customer: &str, level: Level) -> Session {
    Session {
        visitor: VisitorId::from_bits(1),
        customer: Some(Customer { id: CustomerId::from_bits(2), external: Personal::identity(customer.to_owned()) }),
        level,
        until: NOW.plus(Duration::from_secs(60)),
        channel: "web".to_owned(),
    }
}

pub(crate) fn released(tool: &str, value: BTreeMap<String, Value>) -> (String, Released) {
    let released = Released {
        tool: tool.to_owned(),
        source: "shop".to_owned(),
        fetched_at: NOW,
        class: FactClass::Live,
        value: Value::Map(value),
        canonical: BTreeMap::new(),
        kept: Vec::new(),
        dropped: Vec::new(),
    };
    (tool.to_owned(), released)
}

impl Case {
    /// Mika, strongly proven, with one paid order, asking for this tool.
    pub(crate) fn of<const N: usize>(tool: &'static str, args: [(&str, Value); N]) -> Self {
        let order = named([
            ("id", "W12345".into()),
            ("status", "paid".into()),
            ("paid", Value::Money("50.00 EUR".parse().unwrap())),
            ("shipment_id", "S1".into()),
        ]);
        let profile = named([("orders", Value::List(["W1", "W2", "W3", "W4"].map(Value::from).into())), ("tier", "gold".into())]);
        Self {
            tool,
            args: named(args),
            session: session("mika", Level::Strong),
            customer: named([("tier", "gold".into())]),
            facts: [released("order", order), released("profile", profile)].into(),
            used: Vec::new(),
            confirmed: None,
            allowed: None,
            by: Actor::Mind,
        }
    }

    pub(crate) fn ask(&self, rules: &Rules) -> Admission {
        rules.admit(&Request {
            tool: self.tool,
            args: &self.args,
            session: &self.session,
            customer: &self.customer,
            facts: &self.facts,
            used: &self.used,
            confirmed: self.confirmed.as_ref(),
            tools_allowed: self.allowed.as_deref(),
            now: NOW,
            by: self.by,
        })
    }

    /// Says yes to exactly what is proposed, as everybody who has to.
    pub(crate) fn with_a_yes(mut self, rules: &Rules) -> Self {
        if let Admission::NeedsConfirmation { confirmers, digest } = self.ask(rules) {
            self.confirmed = Some(Confirmed { digest, by: confirmers });
        }
        self
    }
}

pub(crate) fn cancel_case() -> Case {
    Case::of("cancel", [("order_id", "#w12345".into()), ("reason", "mistake".into())])
}

pub(crate) fn refund_case(amount: &str) -> Case {
    Case::of("refund", [("amount", Value::Money(amount.parse().unwrap()))])
}

pub(crate) fn rules() -> Rules {
    Rules::compile(&company()).unwrap()
}

#[track_caller]
pub(crate) fn admitted(admission: Admission) -> Admitted {
    match admission {
        Admission::Admitted(admitted) => admitted,
        other => panic!("not admitted: {other:?}"),
    }
}
