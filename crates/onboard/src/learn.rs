//! What a real answer, or at least the document, teaches about an operation: which values are worth keeping, and where it says
//! whose record it is.

use crate::money;
use crate::names::{key, words};
use patchbay_connect::openapi::{Operation, Shape};
use serde_json::Value;

/// Values kept of one record at most; the rest is named in a comment.
const MOST_FIELDS: usize = 12;
/// Values kept of each record of a list.
const MOST_IN_LIST: usize = 6;
/// How deep values are looked for.
const DEEPEST: usize = 3;
/// Longer texts are documents, not facts.
const LONGEST: usize = 120;

/// Words in names of values that nobody is to see by default.
const SECRET: [&str; 22] = [
    "password",
    "secret",
    "token",
    "hash",
    "card",
    "iban",
    "bic",
    "ssn",
    "cvv",
    "cvc",
    "pin",
    "tax",
    "passport",
    "birth",
    "birthday",
    "dob",
    "fingerprint",
    "metadata",
    "ip",
    "salt",
    "signature",
    "internal",
];
/// Names under which records say whose they are, best first.
const OWNER: [&str; 12] = [
    "customer_id",
    "customer",
    "user_id",
    "account_id",
    "client_id",
    "member_id",
    "owner_id",
    "buyer_id",
    "subscriber_id",
    "contact_id",
    "user",
    "account",
];

/// What is known of an operation's answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Learned {
    /// Where the answer says whose it is, as names one below the other; and whether that is a number.
    pub owner: Option<(Vec<String>, bool)>,
    /// Single values worth keeping.
    pub fields: Vec<Field>,
    /// A list of records worth keeping.
    pub list: Option<Listed>,
    /// Names of what is dropped.
    pub dropped: Vec<String>,
}

/// A value worth keeping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name as a fact.
    pub name: String,
    /// Where it stands, as names one below the other.
    pub path: Vec<String>,
    /// Its type in the configuration's words.
    pub kind: &'static str,
    /// The currency of an amount, where the answer names it.
    pub currency: Option<String>,
}

/// A list of records worth keeping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name as a fact.
    pub name: String,
    /// Where it stands; nothing is the answer itself.
    pub path: Vec<String>,
    /// What is kept of each record; nothing when the list holds plain texts.
    pub fields: Vec<Field>,
}

/// Learns from a real answer of this customer's, or from the document where there is none.
#[must_use]
pub fn learn(operation: &Operation, answer: Option<&Value>, customer: Option<&str>) -> Learned {
    let mut learned = Learned::default();
    match answer {
        Some(answer) => {
            let (record, prefix) = unwrapped(answer);
            learned.owner = customer
                .and_then(|customer| owner_by_value(record, customer, &mut prefix.clone()))
                .or_else(|| owner_by_name(record, &prefix));
            look(record, &prefix, Around { wrapped: prefix.len(), depth: DEEPEST, currency: None }, &mut learned);
            if let Value::Array(_) = record {
                learned.list = listed("all", prefix, record, customer, None);
            }
        }
        None => by_document(operation, &mut learned),
    }
    learned.fields.sort_by_key(|field| rank(&field.name));
    let over = learned.fields.split_off(learned.fields.len().min(MOST_FIELDS));
    learned.dropped.extend(over.into_iter().map(|field| field.path.join(".")));
    learned
}

/// Many answers wrap the record into `{"data": …}` or `{"result": …}`.
fn unwrapped(answer: &Value) -> (&Value, Vec<String>) {
    match answer {
        Value::Object(fields) if fields.len() == 1 => match fields.iter().next() {
            Some((name, inner @ (Value::Object(_) | Value::Array(_)))) => (inner, vec![name.clone()]),
            _ => (answer, Vec::new()),
        },
        _ => (answer, Vec::new()),
    }
}

fn by_document(operation: &Operation, learned: &mut Learned) {
    for field in &operation.answer {
        let path = vec![field.name.clone()];
        let kind = match &field.shape {
            Shape::Integer | Shape::Number => "number",
            Shape::Bool => "bool",
            Shape::Text { format: Some(format), .. } if format == "date" => "date",
            Shape::Text { format: Some(format), .. } if format == "date-time" => "time",
            Shape::Text { .. } => "text",
            _ => {
                learned.dropped.push(field.name.clone());
                continue;
            }
        };
        if learned.owner.is_none() && OWNER.contains(&key(&words(&field.name)).as_str()) {
            learned.owner = Some((path, kind == "number"));
        } else {
            keep(path, 0, kind, None, learned);
        }
    }
}

/// What is known around a record.
#[derive(Clone, Copy)]
struct Around<'a> {
    /// So many names of a path only wrap the record.
    wrapped: usize,
    /// So deep values are still looked for.
    depth: usize,
    /// The currency that the record around it names.
    currency: Option<&'a str>,
}

/// Takes in what stands in a record.
fn look(value: &Value, prefix: &[String], around: Around<'_>, learned: &mut Learned) {
    let Value::Object(fields) = value else { return };
    let own = money::currency(fields);
    let currency = own.as_deref().or(around.currency);
    let wrapped = around.wrapped;
    for (name, value) in fields {
        let path: Vec<String> = prefix.iter().cloned().chain([name.clone()]).collect();
        if learned.owner.as_ref().is_some_and(|(owner, _)| *owner == path) {
            continue;
        }
        match value {
            Value::Object(_) if is_secret(name) => learned.dropped.push(path.join(".")),
            Value::Object(_) if around.depth > 1 => {
                look(value, &path, Around { depth: around.depth - 1, currency, ..around }, learned);
            }
            Value::Array(_) if learned.list.is_none() => match listed(name, path.clone(), value, None, currency) {
                Some(list) => learned.list = Some(list),
                None => learned.dropped.push(path.join(".")),
            },
            // What an amount says already.
            _ if own.is_some() && money::names_currency(name) && fields.iter().any(|(name, value)| money::is_amount(name, value)) => {
                learned.dropped.push(path.join("."));
            }
            _ if currency.is_some() && money::is_amount(name, value) => keep(path, wrapped, "money", currency.map(str::to_owned), learned),
            _ => match kind(value) {
                Some(kind) => keep(path, wrapped, kind, None, learned),
                None => learned.dropped.push(path.join(".")),
            },
        }
    }
}

fn keep(path: Vec<String>, wrapped: usize, kind: &'static str, currency: Option<String>, learned: &mut Learned) {
    let usable = path.iter().all(|name| is_plain(name)) && !path.iter().any(|name| is_secret(name));
    let name = key(&path.iter().skip(wrapped).flat_map(|name| words(name)).collect::<Vec<_>>());
    if usable && !learned.fields.iter().any(|field| field.name == name) {
        learned.fields.push(Field { name, path, kind, currency });
    } else {
        learned.dropped.push(path.join("."));
    }
}

/// What is worth keeping of a list's records; not again whose they are.
fn listed(name: &str, path: Vec<String>, value: &Value, customer: Option<&str>, currency: Option<&str>) -> Option<Listed> {
    let first = value.as_array()?.first()?;
    if is_secret(name) || !path.iter().all(|name| is_plain(name)) {
        return None;
    }
    let name = key(&words(name));
    if first.is_string() {
        return Some(Listed { name, path, fields: Vec::new() });
    }
    // Whose they are says the answer around them already.
    let mut inner = Learned { owner: owner_by_name(first, &[]), ..Learned::default() };
    let flat: serde_json::Map<String, Value> = first
        .as_object()?
        .iter()
        .filter(|(_, value)| !value.is_array() && (customer.is_none() || value.as_str() != customer))
        .map(|(n, v)| (n.clone(), v.clone()))
        .collect();
    look(&Value::Object(flat), &[], Around { wrapped: 0, depth: 2, currency }, &mut inner);
    inner.fields.sort_by_key(|field| rank(&field.name));
    inner.fields.truncate(MOST_IN_LIST);
    (!inner.fields.is_empty()).then_some(Listed { name, path, fields: inner.fields })
}

/// What people ask for first.
fn rank(name: &str) -> usize {
    const FIRST: [&str; 18] = [
        "id", "number", "name", "title", "model", "product", "status", "state", "starts", "placed", "created", "due", "ends", "total",
        "amount", "eta", "carrier", "quantity",
    ];
    FIRST.iter().position(|word| words(name).iter().any(|part| part == word)).unwrap_or(FIRST.len())
}

fn kind(value: &Value) -> Option<&'static str> {
    match value {
        Value::String(text) if text.len() > LONGEST => None,
        Value::String(text) if is_date(text) => Some("date"),
        Value::String(text) if text.len() > 18 && is_date(&text[..10.min(text.len())]) && text.as_bytes().get(10) == Some(&b'T') => {
            Some("time")
        }
        Value::String(_) => Some("text"),
        Value::Number(_) => Some("number"),
        Value::Bool(_) => Some("bool"),
        _ => None,
    }
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10 && bytes.iter().enumerate().all(|(n, byte)| if n == 4 || n == 7 { *byte == b'-' } else { byte.is_ascii_digit() })
}

fn is_secret(name: &str) -> bool {
    words(name).iter().any(|word| SECRET.contains(&word.as_str()))
}

/// May the name stand in a path and in a condition as it is?
fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Where the customer's own id stands in their record: the surest sign there is.
fn owner_by_value(value: &Value, customer: &str, path: &mut Vec<String>) -> Option<(Vec<String>, bool)> {
    let Value::Object(fields) = value else { return None };
    let same = |value: &Value| match value {
        Value::String(text) => text == customer,
        Value::Number(number) => number.to_string() == customer,
        _ => false,
    };
    let here = fields.iter().filter(|(name, value)| is_plain(name) && same(value));
    // `id` of the customer's own record is right too, but a name that speaks of a customer is better.
    let best = here.max_by_key(|(name, _)| OWNER.contains(&key(&words(name)).as_str()));
    if let Some((name, value)) = best {
        let found = path.iter().cloned().chain([name.clone()]).collect();
        return Some((found, value.is_number()));
    }
    for (name, inner) in fields.iter().filter(|(name, _)| is_plain(name)) {
        path.push(name.clone());
        let found = if path.len() <= DEEPEST { owner_by_value(inner, customer, path) } else { None };
        path.pop();
        if found.is_some() {
            return found;
        }
    }
    None
}

fn owner_by_name(value: &Value, prefix: &[String]) -> Option<(Vec<String>, bool)> {
    let fields = value.as_object()?;
    OWNER.iter().find_map(|owner| {
        let (name, value) = fields.iter().find(|(name, value)| key(&words(name)) == *owner && (value.is_string() || value.is_number()))?;
        Some((prefix.iter().cloned().chain([name.clone()]).collect(), value.is_number()))
    })
}
