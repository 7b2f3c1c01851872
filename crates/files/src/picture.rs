//! How large a picture is: only its head is read, never a pixel.

use crate::refusal::{CannotLook, Refusal};
use std::io::{BufReader, Read, Seek, SeekFrom};

/// The most pixels of one side.
const LONGEST_SIDE: usize = 20_000;
/// The most pixels of a whole picture: what a large camera makes, and not more than a browser can hold.
const MOST: usize = 120_000_000;

/// Width and height of a picture; none where its head does not say.
pub(crate) fn pixels<R: Read + Seek + ?Sized>(content: &mut R) -> Result<Option<(u32, u32)>, CannotLook> {
    content.seek(SeekFrom::Start(0))?;
    let Ok(size) = imagesize::reader_size(BufReader::new(content)) else { return Ok(None) };
    let (width, height) = (size.width, size.height);
    if width > LONGEST_SIDE || height > LONGEST_SIDE || width.saturating_mul(height) > MOST {
        return Err(Refusal::Picture { width: width as u64, height: height as u64 }.into());
    }
    Ok(u32::try_from(width).ok().zip(u32::try_from(height).ok()))
}
