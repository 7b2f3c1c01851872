//! Reading a form with one file in it, piece by piece as it comes: the whole of it is never held in memory.

use crate::hall::Hall;
use crate::problem::{Code, Problem};
use axum::body::Body;
use axum::http::{HeaderMap, header};
use futures::StreamExt;
use multer::{Field, Multipart};
use patchbay_core::declare::Files;
use patchbay_service::{Claimed, FileRefusal, Incoming, Refused, Taken};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use utoipa::ToSchema;

/// The most bytes of a form beside the file.
const BESIDE: u64 = 64 << 10;
/// The field the file stands in.
const FIELD: &str = "file";

/// A form with one file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only the documentation is made from it: a form is read as it comes")]
pub(crate) struct NewFile {
    /// The file, with its name and type; at most as large as `GET /v1/files` says.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Takes the file of a form in.
pub(super) async fn take<F, B>(hall: &Hall, headers: &HeaderMap, body: Body, begin: F) -> Result<Taken, Problem>
where
    F: FnOnce(Claimed) -> B,
    B: Future<Output = Result<Incoming, Refused>>,
{
    let place = hall.upload_place()?;
    let taken = tokio::time::timeout(hall.limits().file_within, read(hall, headers, body, begin)).await;
    drop(place);
    taken.unwrap_or_else(|_| {
        Err(Problem::new(Code::RequestTimeout).detail("The file did not arrive in time. Try again on a faster network."))
    })
}

async fn read<F, B>(hall: &Hall, headers: &HeaderMap, body: Body, begin: F) -> Result<Taken, Problem>
where
    F: FnOnce(Claimed) -> B,
    B: Future<Output = Result<Incoming, Refused>>,
{
    let most = hall.service().house().company.files.largest.min(Files::LARGEST);
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > most + BESIDE) {
        return Err(Refused::File(FileRefusal::TooLarge { most }).into());
    }
    let (mut form, allowed) = form(headers, body)?;
    let mut field = next(hall, &mut form).await?.ok_or_else(|| Problem::new(Code::FieldMissing).field("/file"))?;
    if field.name() != Some(FIELD) {
        return Err(Problem::new(Code::FieldUnknown).detail("A form has one field here: `file`."));
    }
    allowed.store(most + BESIDE, Ordering::Relaxed);
    let name = field.file_name().map(unescaped).unwrap_or_default();
    let claimed = Claimed { name, media: field.content_type().map(ToString::to_string) };
    let mut incoming = begin(claimed).await?;
    while let Some(piece) = within(hall, field.chunk()).await? {
        incoming.write(piece.to_vec()).await?;
    }
    drop(field);
    // Only a form that ends as forms do is whole.
    if next(hall, &mut form).await?.is_some() {
        return Err(Problem::new(Code::FieldUnknown).detail("Send one file in a request."));
    }
    Ok(incoming.finish().await?)
}

/// The form, and how many bytes of it are read before it is given up: few until the file begins.
fn form(headers: &HeaderMap, body: Body) -> Result<(Multipart<'static>, Arc<AtomicU64>), Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(kind).map_err(|_| {
        Problem::new(Code::ContentTypeUnsupported)
            .detail("Send the file as the field `file` of a form: `Content-Type: multipart/form-data`.")
    })?;
    let allowed = Arc::new(AtomicU64::new(BESIDE));
    let limit = Arc::clone(&allowed);
    let mut read = 0_u64;
    let body = body.into_data_stream().map(move |piece| {
        let piece = piece.map_err(std::io::Error::other)?;
        read = read.saturating_add(piece.len() as u64);
        // What came together with the beginning of the file is not held against it.
        if read > limit.load(Ordering::Relaxed).saturating_add(piece.len() as u64) {
            return Err(std::io::Error::other("the form is too long"));
        }
        Ok(piece)
    });
    Ok((Multipart::new(body, boundary), allowed))
}

async fn next<'a>(hall: &Hall, form: &mut Multipart<'a>) -> Result<Option<Field<'a>>, Problem> {
    within(hall, form.next_field()).await
}

/// Whoever sends nothing for so long sends nothing any more.
async fn within<T>(hall: &Hall, reading: impl Future<Output = multer::Result<T>>) -> Result<T, Problem> {
    let read = tokio::time::timeout(hall.limits().body_within, reading).await;
    read.map_err(|_| Problem::new(Code::RequestTimeout))?.map_err(|error| broken(&error))
}

fn broken(error: &multer::Error) -> Problem {
    let cut = matches!(
        error,
        multer::Error::IncompleteStream
            | multer::Error::IncompleteFieldData { .. }
            | multer::Error::IncompleteHeaders
            | multer::Error::StreamReadFailed(_)
    );
    let problem = if cut { Code::BodyIncomplete.into() } else { Problem::new(Code::FieldInvalid).detail("The form cannot be read.") };
    problem.reason(error.to_string())
}

/// A name as browsers write it into a form: they escape three characters, and no others.
fn unescaped(name: &str) -> String {
    name.replace("%0D", "\r").replace("%0A", "\n").replace("%22", "\"")
}
