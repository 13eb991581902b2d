//! What can go wrong with the data: what was found, what was expected, and what to do instead. It decides nothing.

use std::path::{Path, PathBuf};

use super::idx::{Fault, grouped};
use super::set::File;

/// What is wrong with the data, or with getting it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DataError {
    /// The four files are nowhere.
    #[error("the data set is not here: {}", shown(.looked, .lacking))]
    NotFound {
        /// The folders that were looked into.
        looked: Vec<PathBuf>,
        /// The files that each of them lacks.
        lacking: Vec<Vec<File>>,
    },
    /// A file cannot be read.
    #[error("{} cannot be read: {why}", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        why: String,
    },
    /// A file is not the data set's.
    #[error("{} {fault}", .file.display())]
    Broken {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        fault: Fault,
    },
    /// Images and labels of one part are not as many.
    #[error(
        "{} and {} do not belong together: the first holds {} images, the second {} labels (the counts at byte 4); \
         {} of each should be there",
        .images.0.display(), .labels.0.display(), grouped(.images.1), grouped(.labels.1), grouped(*.wanted)
    )]
    Apart {
        /// The file of images, and how many it holds.
        images: (PathBuf, usize),
        /// The file of labels, and how many it holds.
        labels: (PathBuf, usize),
        /// How many there should be.
        wanted: usize,
    },
    /// A file did not come.
    #[error("{address} could not be downloaded: {why}")]
    Download {
        /// The address.
        address: String,
        /// What failed.
        why: String,
    },
    /// A file came, and is not the data set's.
    #[error("what came from {address} {fault}")]
    Came {
        /// The address.
        address: String,
        /// What is wrong with it.
        fault: Fault,
    },
    /// Another file stands where one would be written.
    #[error("{} stands there already, with other bytes; it was left as it is", .file.display())]
    InTheWay {
        /// The file.
        file: PathBuf,
    },
    /// A file cannot be written.
    #[error("{} cannot be written: {why}", .file.display())]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        why: String,
    },
}

fn shown(looked: &[PathBuf], lacking: &[Vec<File>]) -> String {
    let all = looked.iter().zip(lacking).map(|(folder, lacking)| {
        let what = if lacking.len() == File::ALL.len() {
            "none of the four files".to_owned()
        } else {
            let names: Vec<&str> = lacking.iter().map(|file| file.name()).collect();
            format!("no {}", names.join(", no "))
        };
        format!("{} has {what}", folder.display())
    });
    all.collect::<Vec<String>>().join("; ")
}

impl DataError {
    /// What to do instead.
    #[must_use]
    pub fn help(&self) -> String {
        const PACKAGE: &str = "`apt install dataset-fashion-mnist`";
        let names: Vec<&str> = File::ALL.iter().map(|file| file.name()).collect();
        let names = names.join(", ");
        match self {
            Self::NotFound { .. } => format!(
                "put {names} into a folder, compressed (.gz) or not, and give the folder to `backproof data`; or get \
                 them with {PACKAGE}, or without a folder from the data set's own address"
            ),
            Self::Unreadable { .. } => "check its name and who may read it".to_owned(),
            Self::Broken { file, fault } => broken(file, fault, PACKAGE),
            Self::Apart { .. } => {
                "the names of training and test files may be exchanged: those of the test set begin with t10k"
                    .to_owned()
            }
            Self::Download { .. } => format!(
                "nothing was written; try again later, or get the files with {PACKAGE}, or put {names}, compressed \
                 (.gz) or not, into a folder and give it to `backproof data`"
            ),
            Self::Came { .. } => {
                format!(
                    "nothing was written; something between here and there may answer instead; {PACKAGE} has the files too"
                )
            }
            Self::InTheWay { .. } => "remove it, or name another folder with --into".to_owned(),
            Self::Unwritable { .. } => "name a folder that can be written to with --into".to_owned(),
        }
    }
}

fn broken(file: &Path, fault: &Fault, package: &str) -> String {
    match fault {
        Fault::StillCompressed => format!("decompress it, or name it {}.gz", file.display()),
        Fault::NotCompressed { .. } => {
            "take .gz off its name if it was decompressed, or get it again".to_owned()
        }
        Fault::Magic { .. } | Fault::Count { .. } => {
            "the names of the files may be exchanged; get the file again if they are not".to_owned()
        }
        Fault::Content { digits: true, .. } => {
            format!("the two data sets have the same names; Fashion-MNIST comes with {package}")
        }
        _ => format!("get the file again, for example with {package}"),
    }
}
