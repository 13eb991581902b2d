//! What is known of runs is gathered here: the records of a folder, and those that are built in. What is not read says
//! why. Which record a question takes is not known here.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::printed::Printed;
use super::{MAX_BYTES, Record};

/// The most records that are read of a folder.
pub const MAX_FILES: usize = 100;
/// The most names of a folder that are looked at.
pub const MAX_NAMES: usize = 10_000;

/// A record under the name that it is told by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The file, or what stands for it.
    pub name: String,
    /// The record.
    pub record: Record,
}

/// A file that was not read, or not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The file.
    pub name: String,
    /// Why.
    pub why: String,
    /// The sheet's title and the question that it says it is about, if it could be read so far.
    pub about: Option<(String, String)>,
}

impl Unread {
    /// Whether it may be about a question: it says so, or nothing could be read of it.
    #[must_use]
    pub fn may_be_about(&self, sheet: &str, question: &str) -> bool {
        self.about.as_ref().is_none_or(|(s, q)| s == sheet && q == question)
    }
}

/// What is known of runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Runs {
    /// Records of a folder, by name.
    pub records: Vec<Named>,
    /// Records that are built in; they come after the others.
    pub built_in: Vec<Named>,
    /// What notebooks print.
    pub printed: Vec<Printed>,
    /// What was not read.
    pub unread: Vec<Unread>,
}

/// A path in print: a name may hold what a terminal obeys.
fn shown(path: &Path) -> String {
    path.display().to_string().replace(char::is_control, "\u{fffd}")
}

impl Runs {
    /// The records of a folder: its files that end in `.json`, in the order of their names. No file makes this fail.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn of_folder(folder: &Path) -> std::io::Result<Self> {
        let mut runs = Self::default();
        let (paths, more) = files(folder, ".json")?;
        if more {
            let why = format!("it has more than {MAX_FILES} records, the limit; the rest were not read");
            runs.unread.push(Unread { name: folder.display().to_string(), why, about: None });
        }
        let mut left = MAX_BYTES;
        for path in paths {
            let name = shown(&path);
            match text(&path, left) {
                Ok(text) => {
                    left = left.saturating_sub(text.len() as u64);
                    runs.read(name, &text);
                }
                Err(why) => runs.unread.push(Unread { name, why, about: None }),
            }
        }
        Ok(runs)
    }

    /// Takes the text of a record in.
    fn read(&mut self, name: String, text: &str) {
        match Record::parse(text) {
            Ok(record) => self.records.push(Named { name, record }),
            Err(error) => {
                let about: Option<About> = serde_json::from_str(text).ok();
                let about = about.map(|a| (a.sheet, a.question));
                self.unread.push(Unread { name, why: error.to_string(), about });
            }
        }
    }

    /// Takes a record that is built in; one that is not in order is told like a file that could not be read.
    #[must_use]
    pub fn with_built_in(mut self, name: &str, text: &str) -> Self {
        match Record::parse(text) {
            Ok(record) => self.built_in.push(Named { name: name.to_owned(), record }),
            Err(error) => {
                self.unread.push(Unread { name: name.to_owned(), why: error.to_string(), about: None });
            }
        }
        self
    }
}

/// What a record is about, whatever else it holds.
#[derive(Deserialize)]
struct About {
    sheet: String,
    question: String,
}

/// The files of a folder whose names end so, at most [`MAX_FILES`] in the order of their names; whether there are more.
pub(super) fn files(folder: &Path, ending: &str) -> std::io::Result<(Vec<PathBuf>, bool)> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)?.take(MAX_NAMES) {
        let path = entry?.path();
        let named = path.file_name().is_some_and(|name| {
            let name = name.to_string_lossy();
            name.ends_with(ending) && !name.starts_with('.')
        });
        // Only files of the usual sort: a pipe would be waited for.
        if named && path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    let more = paths.len() > MAX_FILES;
    paths.truncate(MAX_FILES);
    Ok((paths, more))
}

/// The text of a file of at most so many bytes, or why there is none.
pub(super) fn text(path: &Path, most: u64) -> Result<String, String> {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(most.saturating_add(1)).read_to_string(&mut text));
    match read {
        Err(error) => Err(format!("it cannot be read: {error}")),
        Ok(_) if text.len() as u64 > most => {
            Err(format!("with the files before it, it is larger than {MAX_BYTES} bytes, the limit"))
        }
        Ok(_) => Ok(text),
    }
}
