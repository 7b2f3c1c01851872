//! Vectors kept between starts: one file per set of texts, in a folder that may be deleted at any time.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::model::Encoder;
use crate::vector::{DIMENSIONS, Vector};

const VECTOR_BYTES: usize = DIMENSIONS * 4;
const DIGEST_BYTES: usize = 32;

/// A folder of computed vectors, found again by the content they were computed from.
#[derive(Clone, Debug)]
pub struct VectorCache {
    folder: PathBuf,
}

/// Vectors could not be written to the cache; nothing but time is lost.
#[derive(Debug, thiserror::Error)]
#[error("cannot keep vectors in {file}: {cause}")]
pub struct CacheError {
    /// The file that was to be written.
    pub file: PathBuf,
    /// What the system said.
    #[source]
    pub cause: io::Error,
}

impl VectorCache {
    /// Uses `folder`, which is made when something is first stored.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The vectors of exactly these texts in this order, if they were stored; a damaged file counts as none.
    pub fn load<T: AsRef<str>>(&self, texts: &[T]) -> Option<Vec<Vector>> {
        let file = fs::read(self.file(texts)).ok()?;
        let (vectors, digest) = file.split_last_chunk::<DIGEST_BYTES>()?;
        let whole = vectors.len() == texts.len() * VECTOR_BYTES && Sha256::digest(vectors).as_slice() == digest;
        whole.then(|| vectors.as_chunks::<VECTOR_BYTES>().0.iter().map(read).collect())
    }

    /// Stores the vectors of these texts, at once or not at all.
    pub fn store<T: AsRef<str>>(&self, texts: &[T], vectors: &[Vector]) -> Result<(), CacheError> {
        let numbers = vectors.iter().flat_map(Vector::values);
        let mut bytes: Vec<u8> = numbers.flat_map(|number| number.to_le_bytes()).collect();
        bytes.extend_from_slice(&Sha256::digest(&bytes));
        let file = self.file(texts);
        replace(&self.folder, &file, &bytes).map_err(|cause| CacheError { file, cause })
    }

    /// The model's name is part of the content: another model finds nothing of the old one's.
    fn file<T: AsRef<str>>(&self, texts: &[T]) -> PathBuf {
        let mut content = Sha256::new();
        for part in std::iter::once(Encoder::MODEL).chain(texts.iter().map(AsRef::as_ref)) {
            content.update((part.len() as u64).to_le_bytes());
            content.update(part);
        }
        self.folder.join(format!("{}.vectors", hex::encode(content.finalize())))
    }
}

fn read(bytes: &[u8; VECTOR_BYTES]) -> Vector {
    let numbers = bytes.as_chunks::<4>().0;
    Vector::stored(Box::new(std::array::from_fn(|at| f32::from_le_bytes(numbers[at]))))
}

/// Writes beside the file and then takes its place, so that a reader sees the old or the new, never half.
fn replace(folder: &Path, file: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut beside = tempfile::NamedTempFile::new_in(folder)?;
    beside.write_all(bytes)?;
    beside.persist(file)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vectors() -> Vec<Vector> {
        (1..3).map(|n| Vector::towards(Box::new(std::array::from_fn(|at| (at * n) as f32 - 7.0)))).collect()
    }

    #[test]
    fn gives_back_what_was_stored_for_these_texts_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = VectorCache::new(folder.path().join("deeper"));
        assert_eq!(cache.load(&["a", "b"]), None);
        cache.store(&["a", "b"], &vectors()).expect("stored");
        assert_eq!(cache.load(&["a", "b"]), Some(vectors()));
        assert_eq!(cache.load(&["ab", ""]), None);
        assert_eq!(cache.load(&["b", "a"]), None);
    }

    #[test]
    fn a_damaged_file_counts_as_none_and_is_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = VectorCache::new(folder.path());
        cache.store(&["a", "b"], &vectors()).expect("stored");
        let file = fs::read_dir(folder.path()).expect("readable").next().expect("one file").expect("readable").path();
        let whole = fs::read(&file).expect("readable");
        for damaged in [&whole[..100], &[&whole[..whole.len() - 40], &[0; 40]].concat(), &[]] {
            fs::write(&file, damaged).expect("written");
            assert_eq!(cache.load(&["a", "b"]), None);
        }
        cache.store(&["a", "b"], &vectors()).expect("stored");
        assert_eq!(cache.load(&["a", "b"]), Some(vectors()));
    }

    #[test]
    fn an_impossible_folder_is_named() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let error = VectorCache::new(file.path()).store(&["a"], &vectors()[..1]).expect_err("not a folder");
        assert!(error.to_string().contains(&file.path().display().to_string()), "{error}");
    }
}
