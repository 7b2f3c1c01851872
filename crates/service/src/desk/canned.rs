//! Canned replies: which there are for a conversation, and one of them with live values, for an agent to read and send.

use super::Act;
use super::candidates::Candidate;
use super::filling::Filling;
use crate::{Refused, Service};
use patchbay_core::Timestamp;
use patchbay_core::declare::CannedReply;
use patchbay_core::handoff::Case;
use patchbay_core::id::{ConversationId, StaffId};
use patchbay_core::words::Role;
use patchbay_text::{Blank, Form, Piece};
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// Who wants to write.
#[derive(Debug, Clone)]
pub struct Writer<'a> {
    /// Who.
    pub id: &'a StaffId,
    /// Their name, as customers read it.
    pub name: &'a str,
    /// What they are for.
    pub roles: &'a BTreeSet<Role>,
}

/// A canned reply that may be used in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfferedReply {
    /// What is typed for it.
    pub shortcode: String,
    /// What it is for.
    pub title: String,
    /// Its words, with marks where values will stand.
    pub preview: String,
}

/// A canned reply with its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FilledReply {
    /// What was typed for it.
    pub shortcode: String,
    /// The language of its words.
    pub language: String,
    /// The words, with a mark wherever a value could not be had.
    pub text: String,
    /// Every value in it.
    pub values: Vec<FilledValue>,
    /// Every mark in it: what the agent has to find out.
    pub open: Vec<OpenBlank>,
    /// Which records the values are of: argument and value.
    pub about: BTreeMap<String, Json>,
    /// Where several records could be meant: what there is to choose from.
    pub choices: Vec<Choice>,
}

/// A value that was filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FilledValue {
    /// Its name: `order.eta`.
    pub name: String,
    /// As it reads in the text.
    pub text: String,
    /// The system it came from; none for what the desk knows by itself.
    pub source: Option<String>,
    /// When the system gave it.
    pub fetched_at: Option<Timestamp>,
}

/// A value that could not be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenBlank {
    /// Its name: `order.eta`.
    pub name: String,
    /// What stands in the text instead.
    pub mark: String,
    /// Why, in one word: how the call ended, or `several`, `none`, `absent`.
    pub why: &'static str,
    /// Why, in words.
    pub detail: String,
}

/// Several records that could be meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// The argument that chooses.
    pub arg: String,
    /// What there is.
    pub options: Vec<Candidate>,
}

impl Service {
    /// The canned replies for a conversation whose shortcode, title or words hold what is sought; those whose shortcode begins with
    /// it come first.
    ///
    /// # Errors
    /// When there is no such conversation, or the log cannot be read.
    pub async fn replies(&self, conversation: &ConversationId, by: &Writer<'_>, sought: &str) -> Result<Vec<OfferedReply>, Refused> {
        let case = self.case(conversation).await?;
        let own = &self.house().company.language;
        let sought = sought.trim().to_lowercase();
        let mut found = Vec::new();
        for (shortcode, reply) in self.house().company.replies.iter().filter(|(_, reply)| is_for(reply, &case, by)) {
            let Some((language, text)) = reply.text(&case.language, own) else { continue };
            let preview = preview(&read(shortcode, text, language)?);
            let held = |text: &str| text.to_lowercase().contains(&sought);
            if held(shortcode) || held(&reply.title) || held(&preview) {
                found.push(OfferedReply { shortcode: shortcode.clone(), title: reply.title.clone(), preview });
            }
        }
        found.sort_by_key(|offer| !offer.shortcode.to_lowercase().starts_with(&sought));
        Ok(found)
    }

    /// A canned reply with live values, read now through the gate for the customer of the conversation. `chosen` says which of
    /// several records is meant. Nothing is sent: where a value could not be had, a mark stands in the words, and words with a mark
    /// cannot be sent.
    ///
    /// # Errors
    /// When there is no such conversation or no such reply for it, or `chosen` names what no tool of this reply asks for.
    pub async fn fill_reply(
        &self,
        conversation: &ConversationId,
        by: &Writer<'_>,
        shortcode: &str,
        chosen: BTreeMap<String, Json>,
    ) -> Result<FilledReply, Refused> {
        let case = self.case(conversation).await?;
        let company = &self.house().company;
        let reply = company.replies.get(shortcode).filter(|reply| is_for(reply, &case, by)).ok_or(Refused::NotFound)?;
        let (language, text) = reply.text(&case.language, &company.language).ok_or(Refused::NotFound)?;
        let form = read(shortcode, text, language)?;
        let mut filling = Filling::begin(self, conversation, &case, chosen, by.name).await?;
        filling.check_chosen(&form)?;
        for path in form.blanks().flat_map(|blank| &blank.paths) {
            filling.have(path).await?;
        }
        let filled = compose(shortcode, language, &form, &filling);
        let looked = filling.looked();
        if !looked.is_empty() {
            self.desk(conversation, by.id, Act::Looked(looked)).await?;
        }
        Ok(filled)
    }
}

/// The words of a form with what could be had.
fn compose(shortcode: &str, language: &str, form: &Form, filling: &Filling<'_>) -> FilledReply {
    let scope = filling.scope();
    let (mut text, mut values, mut open) = (String::new(), Vec::<FilledValue>::new(), Vec::<OpenBlank>::new());
    for piece in form.pieces() {
        let blank = match piece {
            Piece::Words(words) => {
                text.push_str(words);
                continue;
            }
            Piece::Blank(blank) => blank,
        };
        let hindrance = blank.paths.iter().find_map(|path| filling.hindrance(path));
        match (hindrance, form.fill(blank, &scope)) {
            (None, Ok(words)) => {
                text.push_str(&words);
                for name in &blank.paths {
                    let (source, fetched_at) = filling.source(name).unzip();
                    if values.iter().any(|known| known.name == *name) {
                        continue;
                    }
                    values.push(FilledValue { name: name.clone(), text: words.clone(), source, fetched_at });
                }
            }
            (hindrance, _) => {
                let mark = mark(blank);
                text.push_str(&mark);
                if !open.iter().any(|known| known.mark == mark) {
                    let absent = || ("absent", "the record has no such value".to_owned());
                    let (why, detail) = hindrance.unwrap_or_else(absent);
                    open.push(OpenBlank { name: blank.paths.join(" "), mark, why, detail });
                }
            }
        }
    }
    let (shortcode, language) = (shortcode.to_owned(), language.to_owned());
    FilledReply { shortcode, language, text, values, open, about: filling.about(), choices: filling.choices() }
}

/// Is a reply for this conversation, and for whoever wants to write?
fn is_for(reply: &CannedReply, case: &Case, by: &Writer<'_>) -> bool {
    let here = reply.queues.is_empty() || case.queue.as_ref().is_some_and(|queue| reply.queues.contains(queue));
    here && (reply.roles.is_empty() || !reply.roles.is_disjoint(by.roles))
}

fn read(shortcode: &str, text: &str, language: &str) -> Result<Form, Refused> {
    let first = |errors: Vec<patchbay_text::TextError>| errors.first().map(ToString::to_string).unwrap_or_default();
    Form::read(shortcode, text, language).map_err(|errors| Refused::Broken(format!("replies.{shortcode}: {}", first(errors))))
}

fn preview(form: &Form) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Words(words) => words.clone(),
        Piece::Blank(blank) => mark(blank),
    };
    form.pieces().iter().map(piece).collect()
}

/// What opens a mark. Nobody writes these by accident, so that words with one in them can be kept from customers.
const OPEN: char = '⟦';
/// What closes a mark.
const CLOSE: char = '⟧';

/// What stands in the words for a value that is not there: `⟦order eta⟧`.
fn mark(blank: &Blank) -> String {
    format!("{OPEN}{}{CLOSE}", blank.paths.join(", ").replace(['.', '_'], " "))
}

/// The first mark in words that somebody wants to send.
pub(crate) fn first_mark(text: &str) -> Option<&str> {
    let open = text.find(OPEN)?;
    let close = open + text[open..].find(CLOSE)?;
    Some(&text[open..close + CLOSE.len_utf8()])
}
