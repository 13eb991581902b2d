//! The record of a training run lives here: what ran, on what, and what came out, as JSON both ways; reading checks that
//! it is whole. Nothing is trained here, and no sheet is known.
//!
//! All that is compared is a whole number: correct predictions, words, milliseconds. Rates are fractions, as text.
//! A run by PyTorch is recorded in the same form, with [`Record::by`] saying so.

mod printed;
mod runs;

pub use printed::{Decimal, Line, MAX_LINES, Printed};
pub use runs::{MAX_FILES, MAX_NAMES, Named, Runs, Unread};

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The form of record that is written and read.
pub const FORMAT: u64 = 1;
/// The largest record that is read, in bytes.
pub const MAX_BYTES: u64 = 64 << 20;
/// The most classes of a confusion matrix.
pub const MAX_CLASSES: usize = 1000;
/// The folder that records are written to and looked for in.
pub const FOLDER: &str = "runs";

/// A whole run: every model of a recipe, every epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// [`FORMAT`].
    pub format: u64,
    /// The program that trained.
    pub by: By,
    /// The sheet's title.
    pub sheet: String,
    /// The question's id.
    pub question: String,
    /// Versions of what trained.
    pub versions: Versions,
    /// What it ran on.
    pub machine: Machine,
    /// What was asked for.
    pub recipe: Recipe,
    /// How many images every epoch was measured on.
    pub images: Images,
    /// What came out, in the recipe's order.
    pub models: Vec<Trained>,
    /// Words of 32 bits that the run drew from the generator, initial weights and all; 0 where nobody counted.
    pub words: u64,
}

/// Who trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// This program.
    Backproof,
    /// PyTorch, by the script that the parity test runs.
    Pytorch,
}

/// Versions, as each tells its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    /// This program or script.
    pub program: String,
    /// libtorch, or PyTorch as a whole.
    pub libtorch: String,
    /// The binding: tch, or torchvision.
    pub binding: String,
}

/// What a run ran on. On the same machine, with the same versions and threads, it comes out the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// The model of the processor.
    pub cpu: String,
    /// Its features that arithmetic depends on, sorted.
    pub features: Vec<String>,
    /// Threads of one operation.
    pub threads: u64,
    /// `cpu` or `cuda`.
    pub device: String,
}

/// A recipe of training.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// The data set's name in sheets.
    pub dataset: String,
    /// The models, in the order of training.
    pub models: Vec<Declared>,
    /// How weights are moved.
    pub optimizer: Optimizer,
    /// Examples in a step.
    pub batch: u64,
    /// Passes over the training set.
    pub epochs: u64,
    /// Where the random numbers start.
    pub seed: u64,
    /// Where only so many batches of every pass were taken: a trial, not the recipe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batches: Option<u64>,
}

/// A network under its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    /// The name in the sheet.
    pub name: String,
    /// Arrow notation on a line, as networks print.
    pub network: String,
}

/// An optimizer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Optimizer {
    /// Stochastic gradient descent with momentum.
    Sgd {
        /// The rate, a fraction: `1/20`.
        lr: String,
        /// The momentum, a fraction: `9/10`.
        momentum: String,
    },
}

/// Numbers of images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Images {
    /// Of the training set.
    pub train: u64,
    /// Of the test set.
    pub test: u64,
}

/// A model that was trained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trained {
    /// The name in the sheet.
    pub name: String,
    /// Parameters of the model that was trained.
    pub parameters: u64,
    /// After every epoch, in order.
    pub epochs: Vec<Epoch>,
    /// Test images by class (row) and prediction (column) after the last epoch.
    pub confusion: Vec<Vec<u64>>,
    /// SHA-256 of the final weights: of every layer in order the weight, the bias, the running mean and the running
    /// variance, as far as it has them, each number as four bytes, the lowest first.
    pub weights_sha256: String,
}

/// An epoch of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Epoch {
    /// Correct predictions on the training set, afterwards.
    pub train: u64,
    /// Correct predictions on the test set, afterwards.
    pub test: u64,
    /// The mean loss of the training images while they were trained on: the shortest decimal of a 32-bit float, or
    /// `NaN` or `inf`. For pictures; nothing is compared with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss: Option<String>,
    /// Words that the run had drawn by its end; 0 where nobody counted.
    pub words: u64,
    /// Milliseconds of the pass that trains.
    pub training_ms: u64,
    /// Milliseconds of both evaluations.
    pub evaluation_ms: u64,
}

/// Why a record is not read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The file could not be read.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The file is larger than [`MAX_BYTES`].
    #[error("{} is larger than {MAX_BYTES} bytes, the limit of a record", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// It is not the JSON of a record.
    #[error("not the record of a run: {0}")]
    NotARecord(#[from] serde_json::Error),
    /// It contradicts itself, or is not whole.
    #[error("the record is not in order: {0}")]
    Wrong(String),
}

impl Record {
    /// Reads a record and checks it.
    ///
    /// # Errors
    /// A file that cannot be read, is too large, or is no record; a record that is not in order.
    pub fn read(path: &Path) -> Result<Self, RecordError> {
        let unreadable = |error| RecordError::Unreadable { path: path.to_owned(), error };
        let mut text = String::new();
        let file = File::open(path).map_err(unreadable)?;
        file.take(MAX_BYTES + 1).read_to_string(&mut text).map_err(unreadable)?;
        if text.len() as u64 > MAX_BYTES {
            return Err(RecordError::TooLarge { path: path.to_owned() });
        }
        Self::parse(&text)
    }

    /// Parses a record and checks it.
    ///
    /// # Errors
    /// A text that is no record; a record that is not in order.
    pub fn parse(text: &str) -> Result<Self, RecordError> {
        let record: Self = serde_json::from_str(text)?;
        record.check()?;
        Ok(record)
    }

    /// Checks that a record is whole and does not contradict itself: every model and epoch is there, no count passes
    /// the number of images, the confusion matrix holds every test image and agrees with the last count.
    ///
    /// # Errors
    /// The first thing that is not so.
    pub fn check(&self) -> Result<(), RecordError> {
        let wrong = |what: String| Err(RecordError::Wrong(what));
        if self.format != FORMAT {
            return wrong(format!("its form is {}, and the one that is known is {FORMAT}", self.format));
        }
        let texts = [&self.sheet, &self.question, &self.machine.cpu, &self.machine.device];
        let versions = [&self.versions.program, &self.versions.libtorch, &self.versions.binding];
        let mut all = texts.into_iter().chain(versions).chain(&self.machine.features);
        if all.any(|text| text.chars().any(char::is_control)) {
            return wrong("a text in it has control characters".to_owned());
        }
        if self.machine.threads == 0 {
            return wrong("it ran on no thread".to_owned());
        }
        if self.images.train == 0 || self.images.test == 0 {
            return wrong("it was measured on no images".to_owned());
        }
        if self.recipe.models.is_empty() || self.recipe.epochs == 0 || self.recipe.batch == 0 {
            return wrong("its recipe trains nothing".to_owned());
        }
        let asked: Vec<&str> = self.recipe.models.iter().map(|m| m.name.as_str()).collect();
        let trained: Vec<&str> = self.models.iter().map(|m| m.name.as_str()).collect();
        if asked != trained {
            return wrong(format!(
                "the recipe has the models {}, and {} were trained",
                asked.join(", "),
                if trained.is_empty() { "none".to_owned() } else { trained.join(", ") }
            ));
        }
        let mut words = 0;
        for model in &self.models {
            model
                .check(self.recipe.epochs, self.images)
                .or_else(|what| wrong(format!("{}: {what}", model.name)))?;
            for epoch in &model.epochs {
                if epoch.words < words {
                    return wrong(format!("{}: the words drawn become fewer", model.name));
                }
                words = epoch.words;
            }
        }
        if self.words < words {
            return wrong("fewer words were drawn in all than by the last epoch".to_owned());
        }
        Ok(())
    }

    /// The model with a name.
    #[must_use]
    pub fn model(&self, name: &str) -> Option<&Trained> {
        self.models.iter().find(|model| model.name == name)
    }

    /// The record as JSON, a line end after it.
    ///
    /// # Errors
    /// None that is known; the writer of JSON may have some.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

impl Trained {
    /// The counts after the last epoch.
    #[must_use]
    pub fn last(&self) -> Option<&Epoch> {
        self.epochs.last()
    }

    fn check(&self, epochs: u64, images: Images) -> Result<(), String> {
        if self.epochs.len() as u64 != epochs {
            return Err(format!("{} epochs of {epochs} are there", self.epochs.len()));
        }
        for (at, epoch) in self.epochs.iter().enumerate() {
            for (count, of, what) in
                [(epoch.train, images.train, "training"), (epoch.test, images.test, "test")]
            {
                if count > of {
                    return Err(format!("epoch {} has {count} right of {of} {what} images", at + 1));
                }
            }
            if epoch.loss.as_ref().is_some_and(|loss| loss.parse::<f32>().is_err()) {
                return Err(format!("the loss of epoch {} is no number", at + 1));
            }
        }
        let classes = self.confusion.len();
        if classes == 0 || classes > MAX_CLASSES || self.confusion.iter().any(|row| row.len() != classes) {
            return Err("the confusion matrix is not square".to_owned());
        }
        let sum = |mut counts: Box<dyn Iterator<Item = u64> + '_>| counts.try_fold(0u64, u64::checked_add);
        let all = sum(Box::new(self.confusion.iter().flatten().copied()));
        if all != Some(images.test) {
            return Err(format!("the confusion matrix does not hold the {} test images", images.test));
        }
        let diagonal =
            sum(Box::new(self.confusion.iter().enumerate().filter_map(|(i, row)| row.get(i).copied())));
        if diagonal != self.last().map(|epoch| epoch.test) {
            return Err(
                "the diagonal of the confusion matrix is not the last count of the test set".to_owned()
            );
        }
        let digits = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        if self.weights_sha256.len() != 64 || !self.weights_sha256.chars().all(digits) {
            return Err("the weights have no SHA-256".to_owned());
        }
        Ok(())
    }
}

/// What the names of a run's files begin with: the name of the sheet's source without its ending, and the question.
#[must_use]
pub fn stem(sheet: &str, question: &str) -> String {
    let sheet = match sheet.strip_prefix("the built-in sheet ") {
        Some(name) => name.into(),
        None => Path::new(sheet).file_stem().map_or_else(|| sheet.into(), |s| s.to_string_lossy()),
    };
    plain(&format!("{sheet}-{question}"))
}

/// What the names of a model's files begin with.
#[must_use]
pub fn stem_of_model(stem: &str, model: &str) -> String {
    plain(&format!("{stem}-{model}"))
}

/// A text with what every file system takes in a name: letters, digits and `-_.` stay, everything else becomes a dash.
#[must_use]
pub fn plain(text: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    text.chars().map(plain).collect()
}

/// The SHA-256 of bytes, in 64 small hexadecimal digits.
#[must_use]
pub fn sha256(chunks: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    chunks.iter().for_each(|chunk| hash.update(chunk));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a file whole or not at all: to a file beside it, which then takes its name.
///
/// # Errors
/// What writing says.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.tmp", std::process::id()));
    let beside = PathBuf::from(beside);
    let written = File::create(&beside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    } else if let Ok(folder) = File::open(folder) {
        // The new name is on disk as well; where a folder cannot be synced, the file is whole all the same.
        let _ = folder.sync_all();
    }
    written
}

#[cfg(test)]
mod tests;
