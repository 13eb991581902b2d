//! The four files are written here, where torchvision looks for them: whole or not at all, and never over another.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use super::error::DataError;
use super::set::{Content, File, Part};
use super::{FashionMnist, Split};

/// Where torchvision looks, below its `root`.
pub const TORCHVISION: &str = "FashionMNIST/raw";

/// What became of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laid {
    /// The folder that they are in now.
    pub folder: PathBuf,
    /// The files that were written; the others stood there already, with the same bytes.
    pub written: Vec<File>,
}

/// Writes the four files, decompressed, into `FashionMNIST/raw` below a folder. A file that stands there already with
/// the same bytes is left alone.
///
/// # Errors
/// Another file stands in the way; a file or folder cannot be written. Then nothing half is left behind.
pub fn lay(data: &FashionMnist, into: &Path) -> Result<Laid, DataError> {
    let folder = into.join(TORCHVISION);
    let parts = File::ALL.map(|file| {
        let split = match file.part {
            Part::Train => &data.train,
            Part::Test => &data.test,
        };
        let bytes = match file.content {
            Content::Images => &split.pixels,
            Content::Labels => &split.labels,
        };
        (file, folder.join(file.name()), header(split, file.content), bytes)
    });
    // All are looked at before the first is written.
    let mut wanted = Vec::new();
    for (file, path, header, bytes) in &parts {
        if !stands(path, header, bytes)? {
            wanted.push((*file, path, header, *bytes));
        }
    }
    if !wanted.is_empty() {
        fs::create_dir_all(&folder)
            .map_err(|error| DataError::Unwritable { file: folder.clone(), why: error.to_string() })?;
    }
    let mut written = Vec::new();
    for (file, path, header, bytes) in wanted {
        whole(path, header, bytes)
            .map_err(|error| DataError::Unwritable { file: path.clone(), why: error.to_string() })?;
        written.push(file);
    }
    Ok(Laid { folder, written })
}

fn header(split: &Split, content: Content) -> Vec<u8> {
    let counts: &[usize] = match content {
        Content::Images => &[split.images, split.rows, split.columns],
        Content::Labels => &[split.images],
    };
    let counts = counts.iter().map(|n| u32::try_from(*n).unwrap_or(u32::MAX));
    std::iter::once(content.magic()).chain(counts).flat_map(u32::to_be_bytes).collect()
}

/// Whether a file stands there with these bytes; one with other bytes is an error.
fn stands(path: &Path, header: &[u8], bytes: &[u8]) -> Result<bool, DataError> {
    let unreadable = |why: String| DataError::Unreadable { file: path.to_owned(), why };
    let wanted = header.len().saturating_add(bytes.len());
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(unreadable(error.to_string())),
        Ok(metadata) if !metadata.is_file() || usize::try_from(metadata.len()) != Ok(wanted) => {
            return Err(DataError::InTheWay { file: path.to_owned() });
        }
        Ok(_) => {}
    }
    let mut found = Vec::with_capacity(wanted);
    let limit = u64::try_from(wanted).unwrap_or(u64::MAX).saturating_add(1);
    fs::File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut found))
        .map_err(|error| unreadable(error.to_string()))?;
    match found.strip_prefix(header) {
        Some(rest) if rest == bytes => Ok(true),
        _ => Err(DataError::InTheWay { file: path.to_owned() }),
    }
}

/// Writes beside the place and renames, so that the name never stands for half a file.
fn whole(path: &Path, header: &[u8], bytes: &[u8]) -> std::io::Result<()> {
    let beside = path.with_extension(format!("{}.part", std::process::id()));
    let write = || {
        let mut file = fs::File::create(&beside)?;
        file.write_all(header)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    write().inspect_err(|_| {
        let _ = fs::remove_file(&beside);
    })
}
