//! The names a tool's rules may use, with the shapes its needs' selections promise.

use patchbay_condition::{Names, Shape};
use patchbay_core::declare::{Company, Tool};

/// The names of `allow` and `confirm.when`: the arguments, the customer, the day (where the company is), and the facts of every need.
pub(crate) fn of(company: &Company, tool: &Tool) -> Names {
    let needs = tool.needs.iter().filter_map(|need| company.tools.get(need));
    let names = Names::default().with("args", Shape::of_args(tool)).with("customer", customer(company)).with("today", Shape::Date);
    needs.fold(names, |names, need| names.with(&need.name, Shape::of_facts(need)))
}

/// The shape of the fact at this path (`order.shipment_id`), if there is one.
pub(crate) fn fact(company: &Company, path: &str) -> Option<Shape> {
    let (tool, field) = path.split_once('.')?;
    Shape::of_facts(company.tools.get(tool)?).at(field).cloned()
}

/// The id and the declared facts of the customer.
fn customer(company: &Company) -> Shape {
    let facts = company.customer_facts.iter().map(|(name, path)| (name.clone(), fact(company, path).unwrap_or_default()));
    Shape::Map(facts.chain([("id".to_owned(), Shape::Text)]).collect())
}
