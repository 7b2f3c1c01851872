//! Lowers canned replies.

use crate::fitted::Fitted;
use patchbay_core::declare::CannedReply;
use patchbay_core::words::Role;

/// A canned reply; words without a language are in the company's.
pub(super) fn reply(it: &Fitted, language: &str) -> CannedReply {
    let texts = match it.get("text") {
        Fitted::Text(text) => [(language.to_owned(), text.clone())].into(),
        by_language => {
            let words = |(tag, text): &(String, Fitted)| Some((tag.clone(), text.as_text()?.to_owned()));
            by_language.entries().iter().filter_map(words).collect()
        }
    };
    let roles = it.get("roles").texts();
    CannedReply {
        title: it.must("title"),
        texts,
        queues: it.get("queues").texts(),
        roles: roles.iter().filter_map(|role| Role::parse(role)).collect(),
    }
}
