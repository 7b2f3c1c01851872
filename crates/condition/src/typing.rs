//! Which operators and functions go with which shapes, and what comes of them.

use crate::shape::Shape;
use crate::term::{Function, Operator, Term};
use cel::common::ast::operators;
use patchbay_core::{Money, Value};

/// The operator behind the grammar's name.
pub(crate) fn operator(name: &str) -> Option<Operator> {
    Some(match name {
        operators::EQUALS => Operator::Equal,
        operators::NOT_EQUALS => Operator::NotEqual,
        operators::LESS => Operator::Less,
        operators::LESS_EQUALS => Operator::LessOrEqual,
        operators::GREATER => Operator::Greater,
        operators::GREATER_EQUALS => Operator::GreaterOrEqual,
        operators::ADD => Operator::Add,
        operators::SUBSTRACT => Operator::Subtract,
        operators::MULTIPLY => Operator::Multiply,
        operators::DIVIDE => Operator::Divide,
        operators::MODULO => Operator::Remainder,
        operators::IN => Operator::In,
        _ => return None,
    })
}

/// The shape of an operator's result.
pub(crate) fn binary(operator: Operator, one: &(Term, Shape), two: &(Term, Shape)) -> Result<Shape, String> {
    use Operator as O;
    match operator {
        O::Equal | O::NotEqual => comparable(one, two).map(|()| Shape::Bool),
        O::Less | O::LessOrEqual | O::Greater | O::GreaterOrEqual => {
            for (_, shape) in [one, two] {
                if matches!(shape, Shape::Bool | Shape::List(_) | Shape::Map(_)) {
                    return Err(format!("{shape} has no order"));
                }
            }
            comparable(one, two).map(|()| Shape::Bool)
        }
        O::Add | O::Subtract => sum(operator, &one.1, &two.1),
        O::Multiply | O::Divide | O::Remainder => match [&one.1, &two.1].into_iter().find(|shape| !shape.meets(&Shape::Number)) {
            Some(other) => Err(format!("only numbers are multiplied and divided, and this is {other}")),
            None => Ok(Shape::Number),
        },
        O::In => match &two.1 {
            Shape::Any => Ok(Shape::Bool),
            Shape::Map(_) if one.1.meets(&Shape::Text) => Ok(Shape::Bool),
            Shape::List(of) => comparable(one, &(Term::Literal(Value::Null), (**of).clone())).map(|()| Shape::Bool),
            other => Err(format!("'in' looks into lists, and this is {other}")),
        },
    }
}

/// Two values that could be equal, or a day or time and its spelling.
fn comparable(one: &(Term, Shape), two: &(Term, Shape)) -> Result<(), String> {
    if one.1.meets(&two.1) {
        return Ok(());
    }
    match (&one.1, &two.1) {
        (Shape::Money, Shape::Text | Shape::Number) | (Shape::Text | Shape::Number, Shape::Money) => {
            Err("compare money with at_most(a, '30.00 EUR') or at_least(a, '30.00 EUR')".to_owned())
        }
        (one, two) => Err(format!("{one} and {two} can never be compared")),
    }
}

fn sum(operator: Operator, one: &Shape, two: &Shape) -> Result<Shape, String> {
    match (one, two) {
        (Shape::List(one), Shape::List(two)) if operator == Operator::Add => Ok(Shape::list(match (&**one, &**two) {
            (Shape::Any, known) => known.clone(),
            (known, other) if known == other => known.clone(),
            _ => Shape::Any,
        })),
        (Shape::Text, Shape::Text) if operator == Operator::Add => Ok(Shape::Text),
        (Shape::Number, Shape::Number) => Ok(Shape::Number),
        (Shape::Money, Shape::Money) => Ok(Shape::Money),
        (Shape::Any, other) | (other, Shape::Any) => Ok(other.clone()),
        (one, two) => Err(format!("{one} and {two} cannot be added or subtracted")),
    }
}

/// The shape of an element.
pub(crate) fn index(of: &Shape, key: &(Term, Shape)) -> Result<Shape, String> {
    match (of, key) {
        (Shape::Any, _) => Ok(Shape::Any),
        (Shape::List(element), (_, shape)) if shape.meets(&Shape::Number) => Ok((**element).clone()),
        (Shape::Map(fields), (Term::Literal(Value::Text(name)), _)) => {
            fields.get(name).cloned().ok_or_else(|| format!("there is no '{name}' in this record"))
        }
        (Shape::Map(_), (_, shape)) if shape.meets(&Shape::Text) => Ok(Shape::Any),
        (of, (_, key)) => Err(format!("{of} has no element named by {key}")),
    }
}

/// The shape of a function's result. Money written as text becomes money here.
pub(crate) fn function(function: Function, arguments: &mut [(Term, Shape)]) -> Result<Shape, String> {
    match function {
        Function::AtMost | Function::AtLeast => {
            arguments.iter_mut().try_for_each(money_literal)?;
            let known = |shape: &Shape| matches!(shape, Shape::Any | Shape::Money | Shape::Number);
            match arguments {
                [(_, one), (_, two)] if known(one) && known(two) && one.meets(two) => Ok(Shape::Bool),
                [(_, one), (_, two)] => Err(format!("money is compared with money and numbers with numbers; this is {one} and {two}")),
                _ => Err("two values are compared".to_owned()),
            }
        }
        Function::Size => match &arguments[0].1 {
            Shape::Any | Shape::Text | Shape::List(_) | Shape::Map(_) => Ok(Shape::Number),
            other => Err(format!("{other} has no size")),
        },
        Function::Contains | Function::StartsWith | Function::EndsWith => {
            match arguments.iter().find(|(_, shape)| !shape.meets(&Shape::Text)) {
                Some((_, other)) => Err(format!("this looks into text, and finds {other}")),
                None => Ok(Shape::Bool),
            }
        }
        Function::Text => match &arguments[0].1 {
            Shape::List(_) | Shape::Map(_) => Err(format!("{} has no spelling as text", arguments[0].1)),
            _ => Ok(Shape::Text),
        },
    }
}

/// `'30.00 EUR'` as money, so that a misspelt amount is found at load.
fn money_literal(argument: &mut (Term, Shape)) -> Result<(), String> {
    if let Term::Literal(Value::Text(text)) = &argument.0 {
        let money: Money = text.parse().map_err(|error| format!("{error}; write money as '30.00 EUR'"))?;
        *argument = (Term::Literal(Value::Money(money)), Shape::Money);
    }
    Ok(())
}
