//! Where the four files are looked for. Nothing is read here.

use std::path::{Path, PathBuf};

use super::error::DataError;
use super::lay::TORCHVISION;
use super::set::File;

/// The project's own folder of data, below the folder that the program runs in.
pub const PROJECT: &str = "data";

/// Where Debian's package `dataset-fashion-mnist` has the files.
pub const DEBIAN: &str = "/usr/share/datasets/fashion-mnist";

/// Four files that are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The folder.
    pub folder: PathBuf,
    /// The files in the order of [`File::ALL`], compressed ones with `.gz`.
    pub files: [PathBuf; 4],
}

/// Finds the four files: in the folder given, else in the project's `data`, else where Debian's package has them; in
/// each folder also where torchvision lays them.
///
/// # Errors
/// No such folder has all four. What is in them is not looked at.
pub fn find(given: Option<&Path>) -> Result<Found, DataError> {
    match given {
        Some(folder) => among(&[folder]),
        None => among(&[Path::new(PROJECT), Path::new(DEBIAN)]),
    }
}

/// The first of these folders that has all four files.
pub(super) fn among(folders: &[&Path]) -> Result<Found, DataError> {
    let mut best: Vec<(PathBuf, Vec<File>)> = Vec::new();
    for folder in folders {
        let mut least: Option<(PathBuf, Vec<File>)> = None;
        for place in [folder.to_path_buf(), folder.join(TORCHVISION), folder.join("raw")] {
            match complete(&place) {
                Ok(files) => return Ok(Found { folder: place, files }),
                Err(lacking) => {
                    if least.as_ref().is_none_or(|(_, fewer)| lacking.len() < fewer.len()) {
                        least = Some((place, lacking));
                    }
                }
            }
        }
        best.extend(least);
    }
    let (looked, lacking) = best.into_iter().unzip();
    Err(DataError::NotFound { looked, lacking })
}

/// The four files of a folder, decompressed ones first; or which it lacks.
fn complete(folder: &Path) -> Result<[PathBuf; 4], Vec<File>> {
    let at = |file: File| {
        let plain = folder.join(file.name());
        let compressed = folder.join(format!("{}.gz", file.name()));
        [plain, compressed].into_iter().find(|path| path.exists())
    };
    let mut lacking = Vec::new();
    let files = File::ALL.map(|file| {
        at(file).unwrap_or_else(|| {
            lacking.push(file);
            PathBuf::new()
        })
    });
    if lacking.is_empty() { Ok(files) } else { Err(lacking) }
}
