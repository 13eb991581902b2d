//! What a notebook that has run prints of its training is read here: the lines of epochs, a run after the other. No
//! code of it is understood.

use std::path::Path;

use serde_json::Value;

use super::MAX_BYTES;
use super::runs::{Runs, Unread, files, text};

/// The most epochs that are read of a notebook.
pub const MAX_LINES: usize = 1_000_000;
/// The most digits of a number that is read.
const MAX_DIGITS: usize = 15;

/// The lines of epochs in a notebook's outputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The file.
    pub name: String,
    /// Runs in the order of printing; each begins with its first epoch.
    pub runs: Vec<Vec<Line>>,
}

/// `Epoch 10 Train: 0.9250 Test: 0.9014`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The epoch, from 1.
    pub epoch: u64,
    /// The share of the training set.
    pub train: Decimal,
    /// The share of the test set.
    pub test: Decimal,
}

/// A decimal as it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    /// Its digits as a whole number.
    pub units: u64,
    /// How many of them stand after the point.
    pub places: u32,
}

impl Decimal {
    /// Reads `0.9250`.
    fn read(word: &str) -> Option<Self> {
        let (whole, fraction) = word.split_once('.')?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || whole.len() + fraction.len() > MAX_DIGITS {
            return None;
        }
        let units = format!("{whole}{fraction}").parse().ok()?;
        Some(Self { units, places: u32::try_from(fraction.len()).ok()? })
    }
}

impl Runs {
    /// Takes in what the notebooks of a folder print whose names end so. A notebook without such lines has not run, and
    /// is passed over.
    pub fn add_printed(&mut self, folder: &Path, ending: &str) {
        let Ok((paths, _)) = files(folder, ending) else { return };
        let mut left = MAX_BYTES;
        for path in paths {
            let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
            let read = text(&path, left).and_then(|text| {
                left = left.saturating_sub(text.len() as u64);
                Printed::of(&name, &text)
            });
            match read {
                Ok(printed) if printed.runs.is_empty() => {}
                Ok(printed) => self.printed.push(printed),
                Err(why) => self.unread.push(Unread { name, why, about: None }),
            }
        }
    }
}

impl Printed {
    /// The lines of epochs in the outputs of a notebook's cells.
    ///
    /// # Errors
    /// It is no notebook, or prints too much.
    pub fn of(name: &str, text: &str) -> Result<Self, String> {
        let notebook: Value =
            serde_json::from_str(text).map_err(|error| format!("it is no notebook: {error}"))?;
        let mut runs: Vec<Vec<Line>> = Vec::new();
        let mut count = 0usize;
        for line in printed(&notebook).lines().filter_map(line) {
            count = count.saturating_add(1);
            if count > MAX_LINES {
                return Err(format!("it prints more than {MAX_LINES} epochs, the limit"));
            }
            match runs.last_mut() {
                Some(run) if line.epoch != 1 => run.push(line),
                _ => runs.push(vec![line]),
            }
        }
        Ok(Self { name: name.to_owned(), runs })
    }
}

/// All that the cells of code print, in order.
fn printed(notebook: &Value) -> String {
    let list =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut all = String::new();
    for output in list(notebook, "cells").iter().flat_map(|cell| list(cell, "outputs")) {
        match output.get("text") {
            Some(Value::String(text)) => all.push_str(text),
            Some(Value::Array(lines)) => all.extend(lines.iter().filter_map(Value::as_str)),
            _ => {}
        }
        all.push('\n');
    }
    all
}

fn line(text: &str) -> Option<Line> {
    let words: Vec<&str> = text.split_whitespace().take(7).collect();
    match words.as_slice() {
        ["Epoch", epoch, "Train:", train, "Test:", test] => Some(Line {
            epoch: epoch.trim_end_matches([':', ',']).parse().ok()?,
            train: Decimal::read(train.trim_end_matches(','))?,
            test: Decimal::read(test)?,
        }),
        _ => None,
    }
}
