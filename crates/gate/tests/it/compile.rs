//! Rules that cannot be used are found when they are loaded, all of them.

use crate::company::{company, named, take, tool, when};
use patchbay_core::declare::{Access, Arg, Company, Confirm, Kind, Limit, Selection, Tool, Verify};
use patchbay_core::words::Level;
use patchbay_gate::Rules;
use std::time::Duration;

#[test]
fn every_problem_is_reported_with_its_tool_and_field() {
    let pattern = Kind::Pattern { pattern: "(".to_owned(), write: None, example: "x".to_owned() };
    let wrong = Tool {
        args: named([
            ("id", Arg { kind: pattern, optional: false, from: None }),
            ("shipment", Arg { kind: Kind::Text, optional: false, from: Some("order.shipmentid".to_owned()) }),
            ("owner", Arg { kind: Kind::Text, optional: false, from: None }),
        ]),
        bind: named([("owner", "customer.name".to_owned())]),
        needs: vec!["order".to_owned(), "nothing".to_owned()],
        guard: when("answer.owner == custmer.id"),
        allow: when("order.staus == 'paid'"),
        confirm: Confirm::If { when: when("args.idd == 'x'"), then: Vec::new(), otherwise: Vec::new() },
        verify: Some(Verify { read: "order".to_owned(), expect: when("order.items.all(i, i.prize == 'x')") }),
        select: Selection(named([("place", take("$.a[", Kind::Text, false))])),
        ..tool("wrong", Access::Write, Level::Contact)
    };
    let mut company = company();
    company.tools.insert("wrong".to_owned(), wrong);
    let problems = Rules::compile(&company).unwrap_err();
    assert!(problems.iter().all(|problem| problem.tool == "wrong"), "{problems:#?}");
    let mut fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "allow",
            "args.id",
            "args.shipment.from",
            "bind.owner",
            "bind.owner",
            "confirm.when",
            "guard",
            "needs",
            "select.place",
            "verify.expect"
        ]
    );
    let allow = problems.iter().find(|problem| problem.field == "allow").unwrap();
    assert!(allow.message.contains("did you mean 'status'"), "{}", allow.message);
}

#[test]
fn a_sum_is_of_an_amount_in_its_own_currency() {
    let sum = |of: &str, at_most: &str| {
        let limit = Limit::Sum { of: of.to_owned(), at_most: at_most.parse().unwrap(), within: Duration::from_secs(60) };
        let mut company = company();
        company.tools.get_mut("refund").unwrap().limits = vec![limit];
        Rules::compile(&company).map_err(|problems| (problems[0].field.clone(), problems[0].message.clone()))
    };
    assert!(sum("amount", "5.00 EUR").is_ok());
    let (field, why) = sum("amount", "5.00 USD").unwrap_err();
    assert_eq!((field.as_str(), why.contains("EUR") && why.contains("USD")), ("limit.sum.at_most", true), "{why}");
    assert_eq!(sum("amont", "5.00 EUR").unwrap_err().0, "limit.sum.of");
}

#[test]
fn an_empty_company_has_rules() {
    let rules = Rules::compile(&Company::default()).unwrap();
    assert!(rules.needs("order").is_empty() && rules.limits("order").is_empty());
}
