//! Pictures of a training run live here, as SVG drawn by plotters: accuracy and loss by epoch, confusion matrices, a page
//! of misclassified images. All but the page need only the record of the run. Nothing is trained or compared here, and
//! floating point is good enough for where a mark stands.
//!
//! Every line has its name at its end, and is told from the others in print without colour by its dashes and marks.
//! The same record gives the same bytes.
#![allow(clippy::float_arithmetic)]

mod axis;
mod canvas;
mod confusion;
mod epochs;
mod lines;
mod mistaken;
mod png;
mod text;

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

pub use confusion::{MAX_CLASSES, confusion};
pub use epochs::{MAX_MODELS, accuracy, loss};
pub use mistaken::{COLUMNS, ROWS, mistaken};

use crate::dataset::CLASSES;
use crate::record::{By, Record, plain, write_whole};

/// The names of the classes of a data set as sheets call it; none where it is not known.
#[must_use]
pub fn class_names(dataset: &str) -> &'static [&'static str] {
    match dataset {
        "fashion-mnist" => &CLASSES,
        _ => &[],
    }
}

/// The names of models as parts of the names of files, in order; no two are the same.
#[must_use]
pub fn file_names<'a>(models: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut names = Vec::new();
    for model in models {
        let name = plain(model);
        let mut free = name.clone();
        let mut number = 1u64;
        while !taken.insert(free.to_lowercase()) {
            number = number.saturating_add(1);
            free = format!("{name}-{number}");
        }
        names.push(free);
    }
    names
}

/// All pictures that a record gives, each with what its file's name ends with: `accuracy.svg`, `loss.svg` where the
/// record holds losses, `MODEL.confusion.svg`.
#[must_use]
pub fn pictures(record: &Record) -> Vec<(String, String)> {
    let mut all = vec![("accuracy.svg".to_owned(), accuracy(record))];
    all.extend(loss(record).map(|svg| ("loss.svg".to_owned(), svg)));
    let names = file_names(record.models.iter().map(|model| model.name.as_str()));
    for (model, name) in record.models.iter().zip(names) {
        let classes = class_names(&record.recipe.dataset);
        all.extend(confusion(record, &model.name, classes).map(|svg| (format!("{name}.confusion.svg"), svg)));
    }
    all
}

/// Writes [`pictures`] to a folder, their names beginning with `stem`; which they are.
///
/// # Errors
/// The file that cannot be written, and why.
pub fn write(record: &Record, folder: &Path, stem: &str) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
    let mut written = Vec::new();
    for (ending, svg) in pictures(record) {
        let path = folder.join(format!("{stem}.{ending}"));
        write_whole(&path, svg.as_bytes()).map_err(|error| (path.clone(), error))?;
        written.push(path);
    }
    Ok(written)
}

/// What a picture is of, on a line.
fn about(record: &Record) -> String {
    let recipe = &record.recipe;
    let epochs = if recipe.epochs == 1 { "epoch" } else { "epochs" };
    let by = match record.by {
        By::Backproof => record.versions.program.clone(),
        By::Pytorch => format!("PyTorch {}", record.versions.libtorch),
    };
    let mut words = format!(
        "{}, question {} · {}, {} {epochs}, seed {} · {by}",
        text::cut(&record.sheet, 12.0, 300.0),
        record.question,
        recipe.dataset,
        recipe.epochs,
        recipe.seed
    );
    if let Some(batches) = recipe.batches {
        words += &format!(" · only {batches} batches of a pass");
    }
    words
}

/// A share in percent; none of nothing.
fn percent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 * 100.0 / whole as f64)
}
