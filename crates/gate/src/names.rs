//! The names a tool's rules may use, with the shapes its needs' selections promise.

use patchbay_condition::{Names, Shape};
use patchbay_core::declare::{Company, Kind, Selected, Selection, Tool};

/// The names of `allow` and `confirm.when`: the arguments, the customer, and the facts of every need.
pub(crate) fn of(company: &Company, tool: &Tool) -> Names {
    let needs = tool.needs.iter().filter_map(|need| company.tools.get(need));
    let names = Names::default().with("args", args(tool)).with("customer", customer(company));
    needs.fold(names, |names, need| names.with(&need.name, facts(need)))
}

/// The arguments a mind may give or that are taken from facts. Identity is under `customer`.
pub(crate) fn args(tool: &Tool) -> Shape {
    Shape::Map(tool.args.iter().map(|(name, arg)| (name.clone(), shape(&arg.kind))).collect())
}

/// What a tool's answer is released as.
pub(crate) fn facts(tool: &Tool) -> Shape {
    let one = selection(&tool.select);
    match &tool.each {
        None => one,
        Some(each) => Shape::Map([(each.take_as.clone(), Shape::list(one)), (crate::release::LEFT_OUT.to_owned(), Shape::Number)].into()),
    }
}

/// Is there a fact at this path (`order.shipment_id`)?
pub(crate) fn known(company: &Company, path: &str) -> bool {
    at(company, path).is_some()
}

fn at(company: &Company, path: &str) -> Option<Shape> {
    let (tool, field) = path.split_once('.')?;
    field.split('.').try_fold(facts(company.tools.get(tool)?), |shape, name| match shape {
        Shape::Map(mut fields) => fields.remove(name),
        _ => None,
    })
}

fn customer(company: &Company) -> Shape {
    let facts = company.customer_facts.iter().map(|(name, path)| (name.clone(), at(company, path).unwrap_or_default()));
    Shape::Map(facts.chain([("id".to_owned(), Shape::Text)]).collect())
}

fn selection(selection: &Selection) -> Shape {
    let selected = |selected: &Selected| match selected {
        Selected::One { kind, .. } => shape(kind),
        Selected::Each { take, .. } => Shape::list(self::selection(take)),
    };
    Shape::Map(selection.0.iter().map(|(name, one)| (name.clone(), selected(one))).collect())
}

fn shape(kind: &Kind) -> Shape {
    match kind {
        Kind::Text | Kind::Pattern { .. } | Kind::OneOf(_) => Shape::Text,
        Kind::Number | Kind::Integer => Shape::Number,
        Kind::Bool => Shape::Bool,
        Kind::Date => Shape::Date,
        Kind::Time => Shape::Time,
        Kind::Money(_) => Shape::Money,
        Kind::Record(fields) => Shape::Map(fields.iter().map(|(name, kind)| (name.clone(), shape(kind))).collect()),
        Kind::List(of) => Shape::list(shape(of)),
    }
}
