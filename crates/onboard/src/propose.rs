//! Which operations are worth being tools: a handful that customers ask for, never the whole document.

use crate::names::{singular, words};
use patchbay_connect::openapi::{Argument, Document, Operation, Place, Shape};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Reads proposed at most.
const MOST_READS: usize = 5;
/// Writes proposed at most.
const MOST_WRITES: usize = 3;
/// A write that wants more from the customer than this is a form, not a sentence.
const MOST_ASKED: usize = 3;

/// What customers of any company come about, with how often they do, roughly.
const SUBJECTS: [(&str, i32); 28] = [
    ("order", 10),
    ("shipment", 9),
    ("delivery", 9),
    ("parcel", 9),
    ("tracking", 9),
    ("fulfillment", 7),
    ("fulfilment", 7),
    ("invoice", 9),
    ("bill", 8),
    ("balance", 8),
    ("payment", 7),
    ("subscription", 9),
    ("plan", 6),
    ("booking", 9),
    ("reservation", 9),
    ("appointment", 9),
    ("return", 7),
    ("refund", 7),
    ("claim", 7),
    ("policy", 6),
    ("contract", 6),
    ("account", 6),
    ("customer", 6),
    ("profile", 6),
    ("device", 5),
    ("ticket", 4),
    ("case", 4),
    ("usage", 5),
];
/// What customers ask to have done.
const DEEDS: [(&str, i32); 17] = [
    ("cancel", 8),
    ("return", 6),
    ("reschedule", 6),
    ("exchange", 5),
    ("pause", 5),
    ("resume", 5),
    ("suspend", 5),
    ("change", 4),
    ("update", 3),
    ("refund", 3),
    ("confirm", 2),
    ("activate", 4),
    ("upgrade", 4),
    ("extend", 4),
    ("add", 3),
    ("remove", 3),
    ("set", 2),
];
/// Whose business is not the customer's.
const BACKSTAGE: [&str; 32] = [
    "admin",
    "webhook",
    "webhooks",
    "hook",
    "batch",
    "bulk",
    "export",
    "import",
    "login",
    "token",
    "auth",
    "oauth",
    "session",
    "sessions",
    "password",
    "config",
    "configuration",
    "settings",
    "internal",
    "health",
    "metrics",
    "upload",
    "workflow",
    "warehouse",
    "staff",
    "user_groups",
    "report",
    "reports",
    "test",
    "draft",
    "drafts",
    "reindex",
];
/// Names of the argument that says who the customer is.
const WHO: [&str; 28] = [
    "customer",
    "user",
    "account",
    "client",
    "member",
    "contact",
    "buyer",
    "subscriber",
    "shopper",
    "patient",
    "guest",
    "tenant",
    "passenger",
    "traveller",
    "traveler",
    "student",
    "resident",
    "policyholder",
    "insured",
    "person",
    "owner",
    "holder",
    "borrower",
    "renter",
    "lessee",
    "employee",
    "learner",
    "payer",
];
/// How often customers come about what is kept of themselves.
const THEMSELVES: i32 = 6;
/// How often they come about what is listed under their name, whatever it is.
const THEIRS: i32 = 3;

/// An operation worth being a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// What it is to customers.
    pub role: Role,
    /// The argument that says who the customer is; bound from the session, never asked.
    pub who: Option<&'a str>,
    /// The word for what it is about: `order`.
    pub noun: String,
    /// How much speaks for it.
    pub score: i32,
}

impl Proposal<'_> {
    /// Is it about the customer, and not about something they have?
    pub(crate) fn is_themselves(&self) -> bool {
        WHO.contains(&self.noun.as_str())
    }
}

/// What an operation is to customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// Reads something of which the customer has one, or all they have.
    Own,
    /// Reads one of the things the customer may have several of, by this argument.
    One(String),
    /// Changes one of them, by this argument, after reading it.
    Change(String),
}

/// An operation that looked right and was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// Why.
    pub why: String,
}

/// What is proposed, best first, reads before writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortlist<'a> {
    /// At most eight.
    pub proposed: Vec<Proposal<'a>>,
    /// What a person may miss in it.
    pub left_out: Vec<LeftOut<'a>>,
}

/// Picks the operations that customers' questions need.
#[must_use]
pub fn propose(document: &Document) -> Shortlist<'_> {
    let mut left_out = Vec::new();
    let everywhere = everywhere(document);
    let operations: Vec<&Operation> = document.operations.values().filter(|operation| !is_backstage(operation, &everywhere)).collect();
    let theirs: BTreeSet<String> = operations.iter().filter_map(|operation| listed_as_theirs(operation)).collect();
    let mut reads: Vec<Proposal<'_>> = operations.iter().filter_map(|operation| read(operation, &theirs, &mut left_out)).collect();
    best(&mut reads, MOST_READS);
    let readable: BTreeSet<String> = reads.iter().filter(|read| matches!(read.role, Role::One(_))).map(|read| read.noun.clone()).collect();
    let mut writes: Vec<Proposal<'_>> =
        operations.iter().filter_map(|operation| write(operation, &theirs, &readable, &mut left_out)).collect();
    best(&mut writes, MOST_WRITES);
    Shortlist { proposed: reads.into_iter().chain(writes).collect(), left_out }
}

/// The best of them; of two that are the same to customers the better one.
fn best(proposals: &mut Vec<Proposal<'_>>, most: usize) {
    proposals.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.operation.path.len().cmp(&b.operation.path.len())));
    let mut seen = HashSet::new();
    proposals.retain(|proposal| {
        let deed = matches!(proposal.role, Role::Change(_)).then_some(proposal.operation.id.as_str());
        seen.insert((proposal.noun.clone(), std::mem::discriminant(&proposal.role), deed))
    });
    proposals.truncate(most);
}

fn read<'a>(operation: &'a Operation, theirs: &BTreeSet<String>, left_out: &mut Vec<LeftOut<'a>>) -> Option<Proposal<'a>> {
    if operation.method != "GET" {
        return None;
    }
    let who = who(operation);
    let asked: Vec<&Argument> = needed(operation).filter(|arg| Some(arg.name.as_str()) != who).collect();
    let (noun, subject) = subject(operation, theirs)?;
    let role = match asked.as_slice() {
        [] if who.is_some() => Role::Own,
        [] => return None,
        [one] if one.place == Place::Path => Role::One(one.name.clone()),
        [one] => {
            left_out.push(LeftOut { operation, why: format!("nobody can tell what it wants with `{}`: declare it by hand", one.name) });
            return None;
        }
        several => {
            let names: Vec<&str> = several.iter().map(|arg| arg.name.as_str()).collect();
            left_out.push(LeftOut { operation, why: format!("it wants several things at once: {}", names.join(", ")) });
            return None;
        }
    };
    let score = subject + bonus(operation) + i32::from(!operation.answer.is_empty()) * 2;
    Some(Proposal { operation, role, who, noun, score })
}

fn write<'a>(
    operation: &'a Operation,
    theirs: &BTreeSet<String>,
    readable: &BTreeSet<String>,
    left_out: &mut Vec<LeftOut<'a>>,
) -> Option<Proposal<'a>> {
    if !operation.writes() {
        return None;
    }
    let names = words(&operation.id);
    // `cancelled` is a deed, an `address` is nothing added.
    let is = |name: &str, deed: &str| name == deed || (deed.len() > 3 && name.starts_with(deed));
    let deed = DEEDS.iter().filter(|(word, _)| names.iter().any(|name| is(name, word))).map(|(_, score)| *score).max()?;
    let who = who(operation);
    let object = operation.args.iter().find(|arg| arg.place == Place::Path && Some(arg.name.as_str()) != who)?;
    let (noun, subject) = subject(operation, theirs)?;
    if !readable.contains(&noun) {
        left_out.push(LeftOut { operation, why: format!("nothing proposed reads the {noun} first, and a write rests on a fresh read") });
        return None;
    }
    let asked: Vec<&Argument> = needed(operation).filter(|arg| Some(arg.name.as_str()) != who && arg.name != object.name).collect();
    if asked.len() > MOST_ASKED || asked.iter().any(|arg| matches!(arg.shape, Shape::Object(_) | Shape::List(_) | Shape::Any)) {
        left_out.push(LeftOut { operation, why: "its body is a form of many parts: declare its arguments by hand".to_owned() });
        return None;
    }
    // What is free text to the document may be an id, a code or a sentence: nobody can tell from here.
    let free =
        |arg: &&&Argument| matches!(&arg.shape, Shape::Text { format, choices } if choices.is_empty() && format.as_deref() != Some("date"));
    if let Some(free) = asked.iter().find(free) {
        left_out.push(LeftOut { operation, why: format!("nobody can tell what `{}` looks like: declare it by hand", free.name) });
        return None;
    }
    Some(Proposal { operation, role: Role::Change(object.name.clone()), who, noun, score: deed + subject + bonus(operation) })
}

/// What must be given and is not set by a person's hand alone.
pub(crate) fn needed(operation: &Operation) -> impl Iterator<Item = &Argument> {
    let sent_by_us = |arg: &Argument| arg.place == Place::Header || arg.place == Place::Cookie;
    operation.args.iter().filter(move |arg| (arg.required || arg.place == Place::Path) && !sent_by_us(arg))
}

/// The argument that says who the customer is.
pub(crate) fn who(operation: &Operation) -> Option<&str> {
    let says_who = |arg: &&Argument| {
        let names = words(&arg.wire);
        let is_id =
            names.len() == 1 || matches!(names.last().map(String::as_str), Some("id" | "number" | "no" | "key" | "ref" | "reference"));
        let named = is_id && names.len() <= 2 && names.first().is_some_and(|first| WHO.contains(&singular(first).as_str()));
        let bare = matches!(names.as_slice(), [only] if only == "id")
            && before(&operation.path, &arg.wire).is_some_and(|word| WHO.contains(&word.as_str()));
        named || bare
    };
    let placed = |place| operation.args.iter().filter(move |arg| arg.place == place).find(says_who);
    placed(Place::Path).or_else(|| placed(Place::Query)).map(|arg| arg.name.as_str())
}

/// The word of the path before `{name}`, for one of it: `/customers/{id}` → `customer`.
fn before(path: &str, name: &str) -> Option<String> {
    let mut last = None;
    for segment in path.split('/') {
        if segment.contains(&format!("{{{name}}}")) {
            return last;
        }
        last = words(segment).last().map(|word| singular(word));
    }
    None
}

/// What a read lists below the customer's own id: `/customers/{customer_id}/inspections` → `inspection`.
fn listed_as_theirs(operation: &Operation) -> Option<String> {
    let who = operation.args.iter().find(|arg| Some(arg.name.as_str()) == who(operation) && arg.place == Place::Path)?;
    let mut below = operation.path.split('/').skip_while(|segment| !segment.contains(&format!("{{{}}}", who.wire))).skip(1);
    let (last, more) = (below.next()?, below.next());
    let name = words(last).pop()?;
    (operation.method == "GET" && more.is_none() && singular(&name) != name).then(|| singular(&name))
}

/// What it is about, and how often customers come about that.
fn subject(operation: &Operation, theirs: &BTreeSet<String>) -> Option<(String, i32)> {
    let of = |name: &str| {
        let one = singular(name);
        let subject = SUBJECTS.iter().find(|(subject, _)| *subject == one).map(|(_, score)| *score);
        let themselves = || WHO.contains(&one.as_str()).then_some(THEMSELVES);
        subject.or_else(themselves).or_else(|| theirs.contains(&one).then_some(THEIRS)).map(|score| (one, score))
    };
    // The thing's own place in the path says more than anything else: `/customers/{id}/addresses/{id}` is about addresses.
    let mut objects = operation.args.iter().filter(|arg| arg.place == Place::Path).filter_map(|arg| before(&operation.path, &arg.wire));
    if let Some(object) = objects.rfind(|noun| !WHO.contains(&noun.as_str())) {
        return of(&object);
    }
    let segments: Vec<String> = operation.path.split('/').filter(|part| !part.contains('{')).flat_map(words).collect();
    segments.iter().rev().find_map(|name| of(name)).or_else(|| words(&operation.id).iter().rev().find_map(|name| of(name)))
}

/// Short paths and plain words speak for an operation, age against it.
fn bonus(operation: &Operation) -> i32 {
    let statics = operation.path.split('/').filter(|part| !part.is_empty() && !part.contains('{')).count();
    let depth = i32::try_from(statics).unwrap_or(i32::MAX).saturating_sub(2).max(0);
    i32::from(!operation.describe.is_empty()) - depth - i32::from(operation.deprecated) * 20
}

fn is_backstage(operation: &Operation, everywhere: &BTreeSet<String>) -> bool {
    let mut named = words(&operation.id).into_iter().chain(in_path(operation));
    named.any(|word| BACKSTAGE.contains(&word.as_str()) && !everywhere.contains(&word))
}

fn in_path(operation: &Operation) -> impl Iterator<Item = String> {
    operation.path.split('/').filter(|part| !part.contains('{')).flat_map(words)
}

/// Words that stand in most paths of a document (`/admin/…`) tell none of its operations from another.
fn everywhere(document: &Document) -> BTreeSet<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for operation in document.operations.values() {
        for word in in_path(operation).collect::<BTreeSet<_>>() {
            *counts.entry(word).or_default() += 1;
        }
    }
    let most = document.operations.len() * 4 / 5;
    counts.into_iter().filter(|(_, count)| *count > most).map(|(word, _)| word).collect()
}
