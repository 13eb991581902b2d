//! Files are read here, no further than they should go, decompressed, and checked together. What is checked is in
//! `idx`.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use super::error::DataError;
use super::idx::{self, Fault, GZIP, Header};
use super::set::{Content, File, Part, Set};
use super::{FashionMnist, Split};

/// The most bytes of a compressed file: more than the data set's largest takes without any compression.
pub(super) const MAX_COMPRESSED: u64 = 48 << 20;

/// A file's decompressed bytes, no more than one beyond its size, with where they came from.
pub(super) struct Raw {
    pub file: File,
    pub path: PathBuf,
    pub bytes: Vec<u8>,
}

/// Reads a file, and decompresses it where its name ends in `.gz`.
pub(super) fn file(file: File, path: &Path, set: &Set) -> Result<Raw, DataError> {
    let unreadable = |why: String| DataError::Unreadable { file: path.to_owned(), why };
    // A pipe or a device under a file's name could keep its reader waiting for ever.
    let metadata = fs::metadata(path).map_err(|error| unreadable(error.to_string()))?;
    if !metadata.is_file() {
        return Err(unreadable("it is not a file".to_owned()));
    }
    let is_compressed = path.extension().is_some_and(|e| e == "gz");
    let limit = if is_compressed { MAX_COMPRESSED } else { bound(file, set) };
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|opened| opened.take(limit).read_to_end(&mut bytes))
        .map_err(|error| unreadable(error.to_string()))?;
    if is_compressed {
        bytes = decompressed(&bytes, file, set).map_err(|fault| broken(path, fault))?;
    } else if bytes.starts_with(&GZIP) {
        return Err(broken(path, Fault::StillCompressed));
    }
    Ok(Raw { file, path: path.to_owned(), bytes })
}

/// One byte more than a file should have, so that a longer one is noticed.
fn bound(file: File, set: &Set) -> u64 {
    u64::try_from(set.bytes(file)).unwrap_or(u64::MAX).saturating_add(1)
}

fn broken(path: &Path, fault: Fault) -> DataError {
    DataError::Broken { file: path.to_owned(), fault }
}

/// The bytes behind gzip, no more than one beyond the file's size.
pub(super) fn decompressed(compressed: &[u8], file: File, set: &Set) -> Result<Vec<u8>, Fault> {
    if !compressed.starts_with(&GZIP) {
        return Err(Fault::NotCompressed { found: compressed.iter().take(4).copied().collect() });
    }
    let mut decoder = MultiGzDecoder::new(compressed);
    let mut bytes = Vec::new();
    match decoder.by_ref().take(bound(file, set)).read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => {
            let at = compressed.len().saturating_sub(decoder.get_ref().len());
            let why = match error.kind() {
                std::io::ErrorKind::UnexpectedEof => "the file ends there".to_owned(),
                _ => error.to_string(),
            };
            Err(Fault::Gzip { at, given: bytes.len(), why })
        }
    }
}

/// Checks four files, in the order of [`File::ALL`], alone and against each other.
pub(super) fn checked(raw: Vec<Raw>, set: &Set, folder: PathBuf) -> Result<FashionMnist, DataError> {
    let mut headers = Vec::with_capacity(raw.len());
    for one in &raw {
        headers.push(idx::header(&one.bytes, one.file.content).map_err(|fault| broken(&one.path, fault))?);
    }
    // Before the counts are held against the data set's, so that a mixed pair is told as a pair.
    for part in [Part::Train, Part::Test] {
        belong(part, &raw, &headers, set)?;
    }
    for (one, header) in raw.iter().zip(&headers) {
        idx::form(&one.bytes, *header, one.file, set).map_err(|fault| broken(&one.path, fault))?;
    }
    for one in &raw {
        idx::content(&one.bytes, one.file, set).map_err(|fault| broken(&one.path, fault))?;
    }
    let mut bytes = raw.into_iter().map(|one| data(one.bytes, one.file.content));
    let mut split = |part: Part| Split {
        pixels: bytes.next().unwrap_or_default(),
        labels: bytes.next().unwrap_or_default(),
        images: set.count(part),
        rows: set.rows,
        columns: set.columns,
    };
    let train = split(Part::Train);
    Ok(FashionMnist { train, test: split(Part::Test), folder })
}

/// Whether there is a label for every image.
fn belong(part: Part, raw: &[Raw], headers: &[Header], set: &Set) -> Result<(), DataError> {
    let (i, l) = part.places();
    let (Some(images), Some(labels)) = (raw.get(i), raw.get(l)) else { return Ok(()) };
    let (Some(some), Some(others)) = (headers.get(i), headers.get(l)) else { return Ok(()) };
    if some.count == others.count {
        return Ok(());
    }
    Err(DataError::Apart {
        images: (images.path.clone(), some.count),
        labels: (labels.path.clone(), others.count),
        wanted: set.count(part),
    })
}

/// What follows the header.
fn data(mut bytes: Vec<u8>, content: Content) -> Vec<u8> {
    bytes.drain(..content.header().min(bytes.len()));
    bytes
}
