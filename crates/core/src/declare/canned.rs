//! Canned replies: what the staff says again and again, declared once, with blanks for live values.

use crate::words::Role;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A reply that is ready but for its values. Nothing sends it: a person of the staff reads it first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CannedReply {
    /// What it is for, as the staff reads it.
    pub title: String,
    /// Its words by language (BCP 47), with blanks; the company's language is always among them.
    pub texts: BTreeMap<String, String>,
    /// Only for conversations of these queues; every one when empty.
    pub queues: Vec<String>,
    /// Only for people with one of these roles; everybody when empty.
    pub roles: BTreeSet<Role>,
}

impl CannedReply {
    /// Its words for somebody who speaks this language, and the language they are in: the same one, one of the same family, or the
    /// company's own.
    #[must_use]
    pub fn text(&self, language: &str, own: &str) -> Option<(&str, &str)> {
        let family = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let exact = || self.texts.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(language));
        let related = || self.texts.iter().find(|(tag, _)| family(tag) == family(language));
        let found = exact().or_else(related).or_else(|| self.texts.get_key_value(own)).or_else(|| self.texts.iter().next());
        found.map(|(tag, text)| (tag.as_str(), text.as_str()))
    }
}
