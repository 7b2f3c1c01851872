//! Files that people send along: taken in as forms, told of, and given out behind links that end.

pub(crate) mod at_desk;
pub(crate) mod customer;
mod form;
mod given;
mod link;

use crate::problem::{Code, Problem};
use patchbay_core::id::FileId;

/// The most files of one message.
const MOST: usize = 10;

/// The files a message names. One that cannot be an id is not there.
pub(crate) fn named(ids: &[String]) -> Result<Vec<FileId>, Problem> {
    if ids.len() > MOST {
        let detail = format!("The message names {} files; {MOST} are the most.", ids.len());
        return Err(Problem::new(Code::FieldInvalid).detail(detail).field("/files"));
    }
    ids.iter().map(|id| FileId::parse(id).ok_or_else(|| Problem::new(Code::FileUnknown).field("/files"))).collect()
}

fn file(text: &str) -> Result<FileId, Code> {
    FileId::parse(text).ok_or(Code::NotFound)
}
