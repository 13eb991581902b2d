//! Where the records of training runs are looked for lives here: a folder, the notebooks beside it, what is built in.
//! Reading them is in the library.

use std::path::Path;

use backproof::record::{self, Runs, Unread};
use backproof::sheet::Sheet;
use backproof::{gallery, notebook};

use crate::Refusal;

/// The kind of question that takes runs.
const KIND: &str = "training";

/// What is known of runs for a sheet; a sheet without training asks for none. A folder that was named has to be there.
pub fn of(sheet: &Sheet, folder: Option<&Path>) -> Result<Runs, Refusal> {
    let questions = sheet.questions.iter().filter(|q| q.kind.value == KIND).count();
    let mut runs = match folder {
        Some(folder) => Runs::of_folder(folder).map_err(|error| {
            Refusal::Words(format!("{} cannot be read: {error}\n  give --runs a folder", folder.display()))
        })?,
        None if questions > 0 => in_order(Path::new(record::FOLDER)),
        None => Runs::default(),
    };
    if questions == 0 {
        return Ok(Runs::default());
    }
    // A notebook does not name the question that it answers.
    if questions == 1 {
        runs.add_printed(Path::new("."), &notebook::ending(sheet));
    }
    Ok(gallery::RECORDS.iter().fold(runs, |runs, record| runs.with_built_in(record.name, record.text)))
}

/// Of the usual folder, where it is there.
fn in_order(folder: &Path) -> Runs {
    if !folder.is_dir() {
        return Runs::default();
    }
    Runs::of_folder(folder).unwrap_or_else(|error| {
        let why = format!("it cannot be read: {error}");
        let unread = Unread { name: folder.display().to_string(), why, about: None };
        Runs { unread: vec![unread], ..Runs::default() }
    })
}
