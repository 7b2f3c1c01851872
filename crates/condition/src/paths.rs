//! What a rule speaks about: the values it reads, and those that must be equal for it to hold.

use crate::rule::Rule;
use crate::term::{Fold, Operator, Term};
use patchbay_core::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The other side of an equality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Side {
    /// A value of the scope, by its dotted path.
    Path(String),
    /// A constant.
    Value(Value),
}

/// Names that macros bind, with the paths behind them; nothing for what has none.
type Bound = BTreeMap<String, Option<String>>;

impl Rule {
    /// The dotted paths of everything it reads (`order.status`). Elements of a list are `orders[*]`.
    #[must_use]
    pub fn paths(&self) -> BTreeSet<String> {
        let mut paths = BTreeSet::new();
        if let Some(term) = self.term() {
            read(term, &Bound::new(), &mut paths);
        }
        paths
    }

    /// What must be equal for it to hold, as far as it says so plainly: equalities it joins by `&&`, those of every element of a
    /// list (`orders[*].customer_id`) among them.
    #[must_use]
    pub fn equalities(&self) -> Vec<(String, Side)> {
        let mut pairs = Vec::new();
        if let Some(term) = self.term() {
            demand(term, &Bound::new(), &mut pairs);
        }
        pairs
    }
}

fn read(term: &Term, bound: &Bound, paths: &mut BTreeSet<String>) {
    if let Some(path) = path(term, bound) {
        paths.insert(path);
        return;
    }
    match term {
        Term::Literal(_) | Term::Name(_) => {}
        Term::Field(of, _) | Term::Not(of) | Term::Negate(of) | Term::NotFalse(of) | Term::Matches(of, _) => read(of, bound, paths),
        Term::Has(of, field) => match path(of, bound) {
            Some(path) => {
                paths.insert(format!("{path}.{field}"));
            }
            None => read(of, bound, paths),
        },
        Term::Index(one, two) | Term::And(one, two) | Term::Or(one, two) | Term::Binary(_, one, two) => {
            read(one, bound, paths);
            read(two, bound, paths);
        }
        Term::List(terms) | Term::Call(_, terms) => terms.iter().for_each(|term| read(term, bound, paths)),
        Term::If(test, yes, no) => [test, yes, no].into_iter().for_each(|term| read(term, bound, paths)),
        Term::Fold(fold) => {
            read(&fold.range, bound, paths);
            let inside = within(fold, bound);
            [&fold.start, &fold.go_on, &fold.step, &fold.result].into_iter().for_each(|term| read(term, &inside, paths));
        }
    }
}

fn demand(term: &Term, bound: &Bound, pairs: &mut Vec<(String, Side)>) {
    match term {
        Term::And(one, two) => {
            demand(one, bound, pairs);
            demand(two, bound, pairs);
        }
        Term::Binary(Operator::Equal, one, two) => {
            for (this, other) in [(one, two), (two, one)] {
                let other = match &**other {
                    Term::Literal(value) => Some(Side::Value(value.clone())),
                    other => path(other, bound).map(Side::Path),
                };
                pairs.extend(path(this, bound).zip(other));
            }
        }
        // `all` begins with yes and goes on with "and"; the other macros demand nothing of every element.
        Term::Fold(fold) if matches!(fold.start, Term::Literal(Value::Bool(true))) => demand(&fold.step, &within(fold, bound), pairs),
        _ => {}
    }
}

/// The names bound inside a loop.
fn within(fold: &Fold, bound: &Bound) -> Bound {
    let mut inside = bound.clone();
    inside.insert(fold.each.clone(), path(&fold.range, bound).map(|path| format!("{path}[*]")));
    inside.insert(fold.gathered.clone(), None);
    inside
}

fn path(term: &Term, bound: &Bound) -> Option<String> {
    match term {
        Term::Name(name) => bound.get(name).cloned().unwrap_or_else(|| Some(name.clone())),
        Term::Field(of, field) => Some(format!("{}.{field}", path(of, bound)?)),
        Term::Index(of, key) => match &**key {
            Term::Literal(Value::Text(field)) => Some(format!("{}.{field}", path(of, bound)?)),
            Term::Literal(Value::Number(place)) => Some(format!("{}[{place}]", path(of, bound)?)),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Names, Shape};
    use patchbay_core::declare::Condition;

    fn rule(text: &str) -> Rule {
        let names = ["answer", "customer", "order", "args"].into_iter().fold(Names::default(), |names, name| names.with(name, Shape::Any));
        Rule::compile(&Condition::When(text.to_owned()), &names).unwrap()
    }

    #[test]
    fn everything_that_is_read_is_named() {
        let rule =
            rule("order.status in ['paid'] && (has(order.eta) || order.items.exists(item, item.id == args.id)) && size(order.note) < 3");
        let paths: Vec<String> = rule.paths().into_iter().collect();
        assert_eq!(paths, ["args.id", "order.eta", "order.items", "order.items[*].id", "order.note", "order.status"]);
        assert!(Rule::compile(&Condition::Always, &Names::default()).unwrap().paths().is_empty());
    }

    #[test]
    fn what_must_be_equal_is_known_from_both_sides() {
        let pairs = |text: &str| rule(text).equalities();
        let path = |path: &str| Side::Path(path.to_owned());
        assert_eq!(
            pairs("answer.owner.id == customer.id && answer.kind == 'own'"),
            [
                ("answer.owner.id".to_owned(), path("customer.id")),
                ("customer.id".to_owned(), path("answer.owner.id")),
                ("answer.kind".to_owned(), Side::Value(Value::text("own"))),
            ]
        );
        assert_eq!(
            pairs("answer.orders.all(o, o.customer == customer.id)")[0],
            ("answer.orders[*].customer".to_owned(), path("customer.id"))
        );
        assert!(pairs("answer.a == customer.id || answer.b == customer.id").is_empty());
        assert!(pairs("answer.orders.exists(o, o.customer == customer.id)").is_empty());
    }
}
