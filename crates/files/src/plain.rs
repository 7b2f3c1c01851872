//! Is it text? Then there is no character in it that only machines read.

use std::io::{self, Read, Seek, SeekFrom};

/// Are these bytes text, in UTF-8 or an older encoding? No signature of another kind, and no control characters but those of texts.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    // Texts have a few signatures of their own; they are texts still.
    let other = infer::get(bytes).is_some_and(|found| found.matcher_type() != infer::MatcherType::Text);
    !other && is_readable(bytes)
}

/// Is the whole of it readable? Read piece by piece: it may be long.
pub(crate) fn all_text<R: Read + Seek + ?Sized>(content: &mut R) -> io::Result<bool> {
    content.seek(SeekFrom::Start(0))?;
    let mut piece = [0; 16 << 10];
    loop {
        match content.read(&mut piece)? {
            0 => return Ok(true),
            read if !is_readable(&piece[..read]) => return Ok(false),
            _ => {}
        }
    }
}

fn is_readable(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| !matches!(byte, 0..=8 | 11 | 14..=26 | 28..=31 | 127))
}
