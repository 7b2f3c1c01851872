//! Request bodies: which of the offered forms is sent, and which arguments it is made of.

use super::at::At;
use super::operation::{Argument, BodyForm, Place};
use super::shape::{Shape, kind, properties};
use super::style::Style;
use super::{Problem, read};

/// The body's form and its arguments.
pub(super) fn body(operation: &At<'_>) -> Result<(BodyForm, Vec<Argument>), Problem> {
    let Some(body) = operation.get("requestBody")? else {
        return Ok((BodyForm::None, Vec::new()));
    };
    let content = body.seek("content");
    let media: Vec<_> = content.iter().flat_map(At::entries).collect();
    let chosen = media.iter().filter_map(|(name, at)| Some((rank(name)?, *name, at))).min_by_key(|(rank, ..)| *rank);
    match chosen {
        Some((Rank::Form, _, at)) => Ok((BodyForm::Form, form_args(at)?)),
        Some((_, name, at)) => json_args(name, at, body.says("required")),
        None if body.says("required") && !media.is_empty() => {
            let offered: Vec<_> = media.iter().map(|(name, _)| *name).collect();
            Err(body.problem(format!("takes neither JSON nor a form, only {}", offered.join(", "))))
        }
        None => Ok((BodyForm::None, Vec::new())),
    }
}

/// Which form is preferred, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Json,
    JsonLike,
    Form,
    Anything,
}

fn rank(media: &str) -> Option<Rank> {
    match read::essence(media).as_str() {
        "application/json" => Some(Rank::Json),
        "application/x-www-form-urlencoded" => Some(Rank::Form),
        "*/*" => Some(Rank::Anything),
        "text/json" => Some(Rank::JsonLike),
        other if other.ends_with("+json") => Some(Rank::JsonLike),
        _ => None,
    }
}

fn json_args(media: &str, at: &At<'_>, required: bool) -> Result<(BodyForm, Vec<Argument>), Problem> {
    let media = if media.contains('*') { "application/json".to_owned() } else { media.to_owned() };
    let schema = at.get("schema")?;
    let known = schema.as_ref().filter(|schema| kind(schema) != Some("array")).map(properties).unwrap_or_default();
    if known.is_empty() {
        let shape = schema.as_ref().map_or(Shape::Any, Shape::of);
        let whole = argument("body", required, shape, schema.as_ref(), Style::Json, true);
        return Ok((BodyForm::Whole(media), vec![whole]));
    }
    let mut args = Vec::new();
    for property in known {
        let schema = property.schema.follow()?;
        if !schema.says("readOnly") {
            args.push(argument(&property.name, property.required, Shape::of(&schema), Some(&schema), Style::Json, true));
        }
    }
    Ok((BodyForm::Json(media), args))
}

fn form_args(at: &At<'_>) -> Result<Vec<Argument>, Problem> {
    let encoding = at.seek("encoding");
    let mut args = Vec::new();
    for property in at.get("schema")?.as_ref().map(properties).unwrap_or_default() {
        let schema = property.schema.follow()?;
        let shape = Shape::of(&schema);
        let said = encoding.as_ref().and_then(|encoding| encoding.seek(&property.name));
        let style = said.as_ref().and_then(|said| Style::parse(said.text("style")?));
        // Without a word on it, an object is sent as JSON text and a list as one field per element.
        let style = style.unwrap_or(if matches!(shape, Shape::Object(_)) { Style::Json } else { Style::Form });
        let explode = said.and_then(|said| said.value.get("explode")?.as_bool()).unwrap_or(style == Style::Form);
        args.push(argument(&property.name, property.required, shape, Some(&schema), style, explode));
    }
    Ok(args)
}

fn argument(name: &str, required: bool, shape: Shape, schema: Option<&At<'_>>, style: Style, explode: bool) -> Argument {
    let describe = schema.map(read::sentence).unwrap_or_default();
    Argument { name: name.to_owned(), wire: name.to_owned(), place: Place::Body, required, shape, describe, style, explode }
}
