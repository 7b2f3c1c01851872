//! From the library's syntax tree to ours: every name is looked up, every shape worked out, every constant made exact.

use crate::rule::RuleError;
use crate::shape::{Names, Shape};
use crate::source::Tree;
use crate::term::{Fold, Function, Term};
use crate::typing;
use cel::IdedExpr;
use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, LiteralValue, SelectExpr, operators};
use patchbay_core::Value;
use patchbay_core::value::decimal;
use std::collections::BTreeMap;

/// The deepest lowered tree; macros and chains of operators count.
const DEEPEST: usize = 96;
/// The largest compiled pattern, in bytes.
const PATTERN: usize = 1 << 16;

type Lowered = Result<(Term, Shape), RuleError>;

/// Lowers a whole rule.
pub(crate) fn lower(tree: &Tree, names: &Names) -> Lowered {
    Lowering { tree, names, bound: Vec::new(), depth: 0 }.expression(&tree.root)
}

struct Lowering<'a> {
    tree: &'a Tree,
    names: &'a Names,
    /// Names bound by macros, innermost last.
    bound: Vec<(String, Shape)>,
    depth: usize,
}

impl Lowering<'_> {
    fn wrong<T>(&self, node: &IdedExpr, message: impl Into<String>) -> Result<T, RuleError> {
        Err(RuleError::at(self.tree.offset(node), message))
    }

    fn expression(&mut self, node: &IdedExpr) -> Lowered {
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.wrong(node, "too many parts inside one another; write it in simpler parts");
        }
        let lowered = match &node.expr {
            Expr::Literal(literal) => self.literal(node, literal),
            Expr::Ident(name) => self.name(node, name),
            Expr::Select(select) => self.select(node, select),
            Expr::Call(call) => self.call(node, call),
            Expr::List(list) => self.list(&list.elements),
            Expr::Comprehension(fold) => self.fold(fold),
            Expr::Map(_) | Expr::Struct(_) => self.wrong(node, "rules make no records; compare fields one by one"),
            Expr::Unspecified => self.wrong(node, "this is no CEL expression"),
        };
        self.depth -= 1;
        lowered
    }

    fn literal(&self, node: &IdedExpr, literal: &LiteralValue) -> Lowered {
        Ok(match literal {
            LiteralValue::Boolean(yes) => (Term::Literal(Value::Bool(*yes.inner())), Shape::Bool),
            LiteralValue::Int(number) => (Term::Literal(Value::Number((*number.inner()).into())), Shape::Number),
            LiteralValue::UInt(number) => (Term::Literal(Value::Number((*number.inner()).into())), Shape::Number),
            // The shortest text that gives the same double is what was written, up to 15 digits.
            LiteralValue::Double(number) => match decimal(&number.inner().to_string()) {
                Some(number) => (Term::Literal(Value::Number(number)), Shape::Number),
                None => return self.wrong(node, "this number is too large"),
            },
            LiteralValue::String(text) => (Term::Literal(Value::text(text.inner())), Shape::Text),
            LiteralValue::Null => (Term::Literal(Value::Null), Shape::Any),
            LiteralValue::Bytes(_) => return self.wrong(node, "rules have no bytes"),
        })
    }

    fn name(&self, node: &IdedExpr, name: &str) -> Lowered {
        let bound = self.bound.iter().rev().find(|(known, _)| known == name).map(|(_, shape)| shape);
        match bound.or_else(|| self.names.0.get(name)) {
            Some(shape) => Ok((Term::Name(name.to_owned()), shape.clone())),
            None => {
                let known = self.bound.iter().map(|(name, _)| name.as_str()).chain(self.names.0.keys().map(String::as_str));
                let known = known.filter(|name| !name.starts_with('@'));
                self.wrong(node, format!("there is no '{name}' here{}", nearest(name, known)))
            }
        }
    }

    fn select(&mut self, node: &IdedExpr, select: &SelectExpr) -> Lowered {
        let (of, shape) = self.expression(&select.operand)?;
        let field = match &shape {
            Shape::Any => Shape::Any,
            Shape::Map(fields) => match fields.get(&select.field) {
                Some(field) => field.clone(),
                None => {
                    let hint = nearest(&select.field, fields.keys().map(String::as_str));
                    let whole = spelt(&select.operand);
                    return self.wrong(node, format!("there is no '{}' in {whole}{hint}", select.field));
                }
            },
            other => return self.wrong(node, format!("{} is {other} and has no field '{}'", spelt(&select.operand), select.field)),
        };
        let of = Box::new(of);
        Ok(if select.test { (Term::Has(of, select.field.clone()), Shape::Bool) } else { (Term::Field(of, select.field.clone()), field) })
    }

    fn list(&mut self, elements: &[IdedExpr]) -> Lowered {
        let mut terms = Vec::with_capacity(elements.len());
        let mut shape: Option<Shape> = None;
        for element in elements {
            let (term, of) = self.expression(element)?;
            terms.push(term);
            shape = Some(shape.map_or(of.clone(), |known| if known == of { known } else { Shape::Any }));
        }
        Ok((Term::List(terms), Shape::list(shape.unwrap_or_default())))
    }

    fn call(&mut self, node: &IdedExpr, call: &CallExpr) -> Lowered {
        let mut arguments = Vec::with_capacity(call.args.len() + 1);
        for argument in call.target.as_deref().into_iter().chain(&call.args) {
            arguments.push(self.expression(argument)?);
        }
        if let Some(lowered) = self.logic(node, &call.func_name, &mut arguments)? {
            return Ok(lowered);
        }
        if let Some(operator) = typing::operator(&call.func_name) {
            let [one, two] = two(arguments);
            let shape = typing::binary(operator, &one, &two).or_else(|message| self.wrong(node, message))?;
            return Ok((Term::Binary(operator, Box::new(one.0), Box::new(two.0)), shape));
        }
        if call.func_name == "matches" && arguments.len() == 2 {
            return self.pattern(node, arguments);
        }
        let Some((function, takes)) = Function::named(&call.func_name) else {
            let hint = nearest(&call.func_name, Function::NAMES.iter().copied());
            return self.wrong(node, format!("there is no function '{}'{hint}", call.func_name));
        };
        if arguments.len() != takes {
            return self.wrong(node, format!("'{}' takes {takes} values, and these are {}", call.func_name, arguments.len()));
        }
        let shape = typing::function(function, &mut arguments).or_else(|message| self.wrong(node, message))?;
        Ok((Term::Call(function, arguments.into_iter().map(|(term, _)| term).collect()), shape))
    }

    /// Connectives, negation, choice and indexing.
    fn logic(&self, node: &IdedExpr, name: &str, arguments: &mut Vec<(Term, Shape)>) -> Result<Option<(Term, Shape)>, RuleError> {
        let must = |wanted: Shape, arguments: &[(Term, Shape)]| match arguments.iter().find(|(_, shape)| !shape.meets(&wanted)) {
            Some((_, shape)) => self.wrong(node, format!("this needs {wanted}, and finds {shape}")),
            None => Ok(()),
        };
        let boxed = |argument: (Term, Shape)| Box::new(argument.0);
        Ok(Some(match name {
            operators::LOGICAL_AND | operators::LOGICAL_OR => {
                must(Shape::Bool, arguments)?;
                let [one, two] = two(std::mem::take(arguments)).map(boxed);
                (if name == operators::LOGICAL_AND { Term::And(one, two) } else { Term::Or(one, two) }, Shape::Bool)
            }
            operators::LOGICAL_NOT => {
                must(Shape::Bool, arguments)?;
                (Term::Not(boxed(arguments.remove(0))), Shape::Bool)
            }
            operators::NOT_STRICTLY_FALSE => (Term::NotFalse(boxed(arguments.remove(0))), Shape::Bool),
            operators::NEGATE => {
                must(Shape::Number, arguments)?;
                (Term::Negate(boxed(arguments.remove(0))), Shape::Number)
            }
            operators::CONDITIONAL => {
                must(Shape::Bool, &arguments[..1])?;
                let test = boxed(arguments.remove(0));
                let [yes, no] = two(std::mem::take(arguments));
                let shape = if yes.1 == no.1 { yes.1.clone() } else { Shape::Any };
                (Term::If(test, boxed(yes), boxed(no)), shape)
            }
            operators::INDEX => {
                let [of, key] = two(std::mem::take(arguments));
                let shape = typing::index(&of.1, &key).or_else(|message| self.wrong(node, message))?;
                (Term::Index(boxed(of), boxed(key)), shape)
            }
            _ => return Ok(None),
        }))
    }

    /// `text.matches('…')`: the pattern is compiled here, once and bounded.
    fn pattern(&self, node: &IdedExpr, arguments: Vec<(Term, Shape)>) -> Lowered {
        let [text, pattern] = two(arguments);
        if !text.1.meets(&Shape::Text) {
            return self.wrong(node, format!("'matches' needs text, and finds {}", text.1));
        }
        let Term::Literal(Value::Text(pattern)) = pattern.0 else {
            return self.wrong(node, "the pattern of 'matches' must be written out, as '…'");
        };
        let built = regex::RegexBuilder::new(&pattern).size_limit(PATTERN).dfa_size_limit(PATTERN).build();
        match built {
            Ok(regex) => Ok((Term::Matches(Box::new(text.0), regex), Shape::Bool)),
            Err(error) => self.wrong(node, format!("'{pattern}' is no usable pattern: {error}")),
        }
    }

    /// What a macro became. The element has the shape of the list's elements.
    fn fold(&mut self, fold: &ComprehensionExpr) -> Lowered {
        let (range, shape) = self.expression(&fold.iter_range)?;
        let element = match shape {
            Shape::Any => Shape::Any,
            Shape::List(of) => *of,
            Shape::Map(_) => Shape::Text,
            other => return self.wrong(&fold.iter_range, format!("this needs a list, and {} is {other}", spelt(&fold.iter_range))),
        };
        let (start, gathered) = self.expression(&fold.accu_init)?;
        let outside = self.bound.len();
        self.bound.push((fold.iter_var.clone(), element));
        self.bound.push((fold.accu_var.clone(), gathered));
        let (go_on, _) = self.expression(&fold.loop_cond)?;
        let (step, _) = self.expression(&fold.loop_step)?;
        // `filter` keeps what it had or adds one: what it adds tells the shape.
        let gathered = match &fold.loop_step.expr {
            Expr::Call(call) if call.func_name == operators::CONDITIONAL && call.args.len() == 3 => self.expression(&call.args[1])?.1,
            _ => self.expression(&fold.loop_step)?.1,
        };
        self.bound.truncate(outside);
        self.bound.push((fold.accu_var.clone(), gathered));
        let (result, shape) = self.expression(&fold.result)?;
        self.bound.truncate(outside);
        let fold = Fold { range, each: fold.iter_var.clone(), gathered: fold.accu_var.clone(), start, go_on, step, result };
        Ok((Term::Fold(Box::new(fold)), shape))
    }
}

/// The grammar gives operators exactly two sides.
fn two(arguments: Vec<(Term, Shape)>) -> [(Term, Shape); 2] {
    let nothing = || (Term::Literal(Value::Null), Shape::Any);
    let mut arguments = arguments.into_iter();
    [arguments.next().unwrap_or_else(nothing), arguments.next().unwrap_or_else(nothing)]
}

/// How an expression is named in messages: its dotted path, or "this".
fn spelt(node: &IdedExpr) -> String {
    match &node.expr {
        Expr::Ident(name) => format!("'{name}'"),
        Expr::Select(select) => format!("{}.{}'", spelt(&select.operand).trim_end_matches('\''), select.field),
        _ => "this".to_owned(),
    }
}

/// `; did you mean 'status'?`, or what there is, when that is little.
fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    let by_distance: BTreeMap<usize, &str> = known.iter().rev().map(|name| (strsim::damerau_levenshtein(wrong, name), *name)).collect();
    match by_distance.first_key_value() {
        Some((distance, name)) if *distance <= (wrong.len() / 2).max(2) => format!("; did you mean '{name}'?"),
        _ if known.is_empty() => String::new(),
        _ if known.len() <= 12 => format!("; there are {}", known.join(", ")),
        _ => String::new(),
    }
}
