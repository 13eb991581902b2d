//! Fashion-MNIST lives here: finding its four files, reading and checking them, downloading them, laying them where
//! torchvision looks. It knows files and bytes, and nothing of sheets or networks.
//!
//! ```no_run
//! use backproof::dataset::{self, FASHION_MNIST};
//!
//! let data = dataset::load(&dataset::find(None)?)?;
//! assert_eq!(data.train.images, FASHION_MNIST.train);
//! # Ok::<(), dataset::DataError>(())
//! ```
//!
//! Source: Xiao, Rasul and Vollgraf (2017), "Fashion-MNIST: a novel image dataset for benchmarking machine learning
//! algorithms"; the format is IDX, as the page of MNIST by LeCun, Cortes and Burges describes it.

mod download;
mod error;
mod find;
mod idx;
mod lay;
mod read;
mod set;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub use download::{ADDRESS, download};
pub use error::DataError;
pub use find::{DEBIAN, Found, PROJECT, find};
pub use idx::Fault;
pub use lay::{Laid, TORCHVISION, lay};
pub use set::{CLASSES, Content, Digest, FASHION_MNIST, File, Part, Set};

/// Images with their labels, in the order of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Grey values from 0 to 255, image after image, row after row: images·rows·columns of them.
    pub pixels: Vec<u8>,
    /// The class of each image, from 0 to 9.
    pub labels: Vec<u8>,
    /// How many images there are.
    pub images: usize,
    /// Rows of an image.
    pub rows: usize,
    /// Columns of an image.
    pub columns: usize,
}

/// The data set, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FashionMnist {
    /// What is trained on.
    pub train: Split,
    /// What is tested on.
    pub test: Split,
    /// Where the files were.
    pub folder: PathBuf,
}

/// Reads and checks the four files: format, sizes, that images and labels belong together, SHA-256.
///
/// # Errors
/// A file that cannot be read, or whose bytes are not those of the data set.
pub fn load(found: &Found) -> Result<FashionMnist, DataError> {
    load_as(found, &FASHION_MNIST)
}

/// [`load`] for files of other sizes, as tests have them.
///
/// # Errors
/// As [`load`].
pub fn load_as(found: &Found, set: &Set) -> Result<FashionMnist, DataError> {
    let mut raw = Vec::with_capacity(found.files.len());
    for (file, path) in File::ALL.into_iter().zip(&found.files) {
        raw.push(read::file(file, path, set)?);
    }
    read::checked(raw, set, found.folder.clone())
}
