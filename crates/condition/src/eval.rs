//! Evaluation: exact, bounded, and the same every time.

use crate::rule::Scope;
use crate::term::{Fold, Function, Operator, Term};
use patchbay_core::{Money, Value};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::cell::Cell;
use std::cmp::Ordering;

/// How many steps one evaluation may take; an element copied counts as one.
const STEPS: usize = 200_000;
/// The longest text a pattern is held against, in bytes.
const MATCHED: usize = 16 << 10;

/// Why a rule could not be evaluated. Callers treat it as "does not hold".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// A name or field that is not there now.
    #[error("'{0}' is missing")]
    Missing(String),
    /// A value of another kind than the rule needs.
    #[error("needs {wanted}, got {got}")]
    Mismatch {
        /// What the rule needs.
        wanted: &'static str,
        /// What it found.
        got: &'static str,
    },
    /// Amounts in two currencies.
    #[error("{0} and {1} are not comparable")]
    Currencies(String, String),
    /// A result that does not fit, or a division by zero.
    #[error("the numbers do not work out")]
    Arithmetic,
    /// More steps than a rule may take.
    #[error("too much work for one rule")]
    TooMuch,
}

type Evaluated<'a> = Result<Cow<'a, Value>, EvalError>;

/// The value of a lowered rule.
pub(crate) fn evaluate(term: &Term, scope: &Scope) -> Result<Value, EvalError> {
    let steps = Cell::new(STEPS);
    Evaluation { scope, bound: None, steps: &steps }.term(term).map(Cow::into_owned)
}

/// A name bound by a macro. What is gathered may be an error that a later element makes good.
struct Bound<'a> {
    name: &'a str,
    value: Result<&'a Value, &'a EvalError>,
    outer: Option<&'a Bound<'a>>,
}

#[derive(Clone, Copy)]
struct Evaluation<'a> {
    scope: &'a Scope,
    bound: Option<&'a Bound<'a>>,
    steps: &'a Cell<usize>,
}

impl<'a> Evaluation<'a> {
    fn spend(&self, steps: usize) -> Result<(), EvalError> {
        self.steps.set(self.steps.get().checked_sub(steps).ok_or(EvalError::TooMuch)?);
        Ok(())
    }

    fn term(&self, term: &'a Term) -> Evaluated<'a> {
        self.spend(1)?;
        match term {
            Term::Literal(value) => Ok(Cow::Borrowed(value)),
            Term::Name(name) => self.name(name),
            Term::Field(of, name) => field(self.term(of)?, name)?.ok_or_else(|| EvalError::Missing(name.clone())),
            Term::Has(of, name) => Ok(truth(field(self.term(of)?, name)?.is_some_and(|value| !value.is_null()))),
            Term::Index(of, key) => element(self.term(of)?, &*self.term(key)?),
            Term::List(terms) => {
                let values: Result<Vec<Value>, _> = terms.iter().map(|term| self.term(term).map(Cow::into_owned)).collect();
                Ok(Cow::Owned(Value::List(values?)))
            }
            Term::Not(inner) => Ok(truth(!self.truth(inner)?)),
            Term::Negate(inner) => match &*self.term(inner)? {
                Value::Number(number) => Ok(Cow::Owned(Value::Number(-number))),
                other => Err(mismatch("a number", other)),
            },
            Term::And(one, two) => self.connective(one, two, false),
            Term::Or(one, two) => self.connective(one, two, true),
            Term::If(test, yes, no) => self.term(if self.truth(test)? { yes } else { no }),
            Term::Binary(operator, one, two) => self.binary(*operator, &*self.term(one)?, &*self.term(two)?).map(Cow::Owned),
            Term::Call(function, arguments) => self.call(*function, arguments).map(Cow::Owned),
            Term::Matches(text, pattern) => match &*self.term(text)? {
                Value::Text(text) if text.len() > MATCHED => Err(EvalError::TooMuch),
                Value::Text(text) => Ok(truth(pattern.is_match(text))),
                other => Err(mismatch("text", other)),
            },
            Term::NotFalse(inner) => match self.truth(inner) {
                Err(EvalError::TooMuch) => Err(EvalError::TooMuch),
                other => Ok(truth(other != Ok(false))),
            },
            Term::Fold(fold) => self.fold(fold).map(Cow::Owned),
        }
    }

    fn name(&self, name: &str) -> Evaluated<'a> {
        let mut bound = self.bound;
        while let Some(here) = bound {
            if here.name == name {
                return here.value.map(Cow::Borrowed).map_err(Clone::clone);
            }
            bound = here.outer;
        }
        self.scope.get(name).map(Cow::Borrowed).ok_or_else(|| EvalError::Missing(name.to_owned()))
    }

    fn truth(&self, term: &'a Term) -> Result<bool, EvalError> {
        match &*self.term(term)? {
            Value::Bool(yes) => Ok(*yes),
            other => Err(mismatch("true or false", other)),
        }
    }

    /// `&&` and `||`: one deciding side is enough, even when the other cannot be evaluated.
    fn connective(&self, one: &'a Term, two: &'a Term, decides: bool) -> Evaluated<'a> {
        let first = self.truth(one);
        if first == Ok(decides) {
            return Ok(truth(decides));
        }
        match (first, self.truth(two)) {
            (Err(EvalError::TooMuch), _) | (_, Err(EvalError::TooMuch)) => Err(EvalError::TooMuch),
            (_, Ok(second)) if second == decides => Ok(truth(decides)),
            (Err(error), _) | (_, Err(error)) => Err(error),
            _ => Ok(truth(!decides)),
        }
    }

    fn fold(&self, fold: &'a Fold) -> Result<Value, EvalError> {
        let range = self.term(&fold.range)?;
        let names: Vec<Value>;
        let elements = match &*range {
            Value::List(list) => list,
            Value::Map(map) => {
                names = map.keys().map(Value::text).collect();
                &names
            }
            other => return Err(mismatch("a list", other)),
        };
        let mut gathered = Ok(self.term(&fold.start)?.into_owned());
        for element in elements {
            if self.inside(fold, &gathered, Some(element), &fold.go_on)? == Value::Bool(false) {
                break;
            }
            gathered = match self.inside(fold, &gathered, Some(element), &fold.step) {
                Err(EvalError::TooMuch) => return Err(EvalError::TooMuch),
                other => other,
            };
        }
        self.inside(fold, &gathered, None, &fold.result)
    }

    /// A part of a loop, with what is gathered so far and the element under their names.
    fn inside(&self, fold: &Fold, gathered: &Result<Value, EvalError>, element: Option<&Value>, part: &Term) -> Result<Value, EvalError> {
        let outer = Bound { name: &fold.gathered, value: gathered.as_ref(), outer: self.bound };
        let inner = element.map(|element| Bound { name: &fold.each, value: Ok(element), outer: Some(&outer) });
        let bound = Some(inner.as_ref().unwrap_or(&outer));
        Evaluation { scope: self.scope, bound, steps: self.steps }.term(part).map(Cow::into_owned)
    }

    fn binary(&self, operator: Operator, one: &Value, two: &Value) -> Result<Value, EvalError> {
        use Operator as O;
        let order = |holds: fn(Ordering) -> bool| compare(one, two).map(|order| Value::Bool(holds(order)));
        match operator {
            O::Equal => Ok(Value::Bool(one == two)),
            O::NotEqual => Ok(Value::Bool(one != two)),
            O::Less => order(Ordering::is_lt),
            O::LessOrEqual => order(Ordering::is_le),
            O::Greater => order(Ordering::is_gt),
            O::GreaterOrEqual => order(Ordering::is_ge),
            O::In => match (one, two) {
                (one, Value::List(list)) => self.spend(list.len()).map(|()| Value::Bool(list.contains(one))),
                (Value::Text(name), Value::Map(map)) => Ok(Value::Bool(map.contains_key(name))),
                (_, other) => Err(mismatch("a list", other)),
            },
            O::Add => match (one, two) {
                (Value::List(one), Value::List(two)) => {
                    self.spend(one.len() + two.len())?;
                    Ok(Value::List(one.iter().chain(two).cloned().collect()))
                }
                (Value::Text(one), Value::Text(two)) => {
                    self.spend(one.len() + two.len())?;
                    Ok(Value::Text(format!("{one}{two}")))
                }
                (Value::Money(one), Value::Money(two)) => sum(one, two, i64::checked_add),
                _ => numbers(one, two, Decimal::checked_add),
            },
            O::Subtract => match (one, two) {
                (Value::Money(one), Value::Money(two)) => sum(one, two, i64::checked_sub),
                _ => numbers(one, two, Decimal::checked_sub),
            },
            O::Multiply => numbers(one, two, Decimal::checked_mul),
            O::Divide => numbers(one, two, Decimal::checked_div),
            O::Remainder => numbers(one, two, Decimal::checked_rem),
        }
    }

    fn call(&self, function: Function, arguments: &'a [Term]) -> Result<Value, EvalError> {
        let argument = |place: usize| arguments.get(place).ok_or(EvalError::Arithmetic).and_then(|term| self.term(term));
        let texts = |test: fn(&str, &str) -> bool| match (&*argument(0)?, &*argument(1)?) {
            (Value::Text(text), Value::Text(part)) => Ok(Value::Bool(test(text, part))),
            (Value::Text(_), other) | (other, _) => Err(mismatch("text", other)),
        };
        match function {
            Function::AtMost => amounts(&*argument(0)?, &*argument(1)?).map(|order| Value::Bool(order.is_le())),
            Function::AtLeast => amounts(&*argument(0)?, &*argument(1)?).map(|order| Value::Bool(order.is_ge())),
            Function::Contains => texts(|text, part| text.contains(part)),
            Function::StartsWith => texts(|text, part| text.starts_with(part)),
            Function::EndsWith => texts(|text, part| text.ends_with(part)),
            Function::Size => match &*argument(0)? {
                Value::Text(text) => Ok(Value::Number(text.chars().count().into())),
                Value::List(list) => Ok(Value::Number(list.len().into())),
                Value::Map(map) => Ok(Value::Number(map.len().into())),
                other => Err(mismatch("text, a list or a record", other)),
            },
            Function::Text => match &*argument(0)? {
                Value::Text(text) => Ok(Value::text(text)),
                Value::Number(number) => Ok(Value::Text(number.normalize().to_string())),
                Value::Bool(yes) => Ok(Value::Text(yes.to_string())),
                Value::Money(money) => Ok(Value::Text(money.to_string())),
                Value::Date(day) => Ok(Value::Text(day.to_string())),
                Value::Time(at) => Ok(Value::Text(at.to_string())),
                other => Err(mismatch("one value", other)),
            },
        }
    }
}

fn truth<'a>(yes: bool) -> Cow<'a, Value> {
    Cow::Owned(Value::Bool(yes))
}

/// A record's field; `None` when the record does not have it.
fn field<'a>(of: Cow<'a, Value>, name: &str) -> Result<Option<Cow<'a, Value>>, EvalError> {
    match of {
        Cow::Borrowed(Value::Map(map)) => Ok(map.get(name).map(Cow::Borrowed)),
        Cow::Owned(Value::Map(mut map)) => Ok(map.remove(name).map(Cow::Owned)),
        other => Err(mismatch("a record", &other)),
    }
}

fn element<'a>(of: Cow<'a, Value>, key: &Value) -> Evaluated<'a> {
    match (of, key) {
        (Cow::Borrowed(Value::List(list)), Value::Number(at)) => {
            position(at).and_then(|at| list.get(at)).map(Cow::Borrowed).ok_or_else(|| EvalError::Missing(at.to_string()))
        }
        (Cow::Owned(Value::List(mut list)), Value::Number(at)) => match position(at).filter(|at| *at < list.len()) {
            Some(at) => Ok(Cow::Owned(list.swap_remove(at))),
            None => Err(EvalError::Missing(at.to_string())),
        },
        (of, Value::Text(name)) => field(of, name)?.ok_or_else(|| EvalError::Missing(name.clone())),
        (of, _) => Err(mismatch("a list with a position, or a record with a name", &of)),
    }
}

/// A whole number from zero.
fn position(number: &Decimal) -> Option<usize> {
    number.is_integer().then(|| usize::try_from(*number).ok()).flatten()
}

fn compare(one: &Value, two: &Value) -> Result<Ordering, EvalError> {
    match (one, two) {
        (Value::Number(one), Value::Number(two)) => Ok(one.cmp(two)),
        (Value::Text(one), Value::Text(two)) => Ok(one.cmp(two)),
        (Value::Money(one), Value::Money(two)) => currencies(one, two),
        (Value::Date(one), Value::Date(two)) => Ok(one.cmp(two)),
        (Value::Time(one), Value::Time(two)) => Ok(one.cmp(two)),
        (_, other) => Err(mismatch("two values of one kind", other)),
    }
}

/// What `at_most` and `at_least` compare: money also with its spelling, which may only be known now.
fn amounts(one: &Value, two: &Value) -> Result<Ordering, EvalError> {
    let money = |value: &Value| match value {
        Value::Money(money) => Ok(*money),
        Value::Text(text) => text.parse::<Money>().map_err(|_| mismatch("money", value)),
        other => Err(mismatch("money", other)),
    };
    match (one, two) {
        (Value::Number(one), Value::Number(two)) => Ok(one.cmp(two)),
        _ => currencies(&money(one)?, &money(two)?),
    }
}

fn currencies(one: &Money, two: &Money) -> Result<Ordering, EvalError> {
    one.compare(two).ok_or_else(|| EvalError::Currencies(one.currency.to_string(), two.currency.to_string()))
}

fn sum(one: &Money, two: &Money, of: fn(i64, i64) -> Option<i64>) -> Result<Value, EvalError> {
    currencies(one, two)?;
    of(one.minor, two.minor).map(|minor| Value::Money(Money { minor, currency: one.currency })).ok_or(EvalError::Arithmetic)
}

fn numbers(one: &Value, two: &Value, of: fn(Decimal, Decimal) -> Option<Decimal>) -> Result<Value, EvalError> {
    match (one, two) {
        (Value::Number(one), Value::Number(two)) => of(*one, *two).map(Value::Number).ok_or(EvalError::Arithmetic),
        (Value::Number(_), other) | (other, _) => Err(mismatch("two numbers", other)),
    }
}

fn mismatch(wanted: &'static str, got: &Value) -> EvalError {
    EvalError::Mismatch { wanted, got: kind_of(got) }
}

/// What a value is, in words.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::Text(_) => "text",
        Value::Money(_) => "money",
        Value::Date(_) => "a date",
        Value::Time(_) => "a time",
        Value::List(_) => "a list",
        Value::Map(_) => "a record",
    }
}
