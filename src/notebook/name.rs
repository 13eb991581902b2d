//! Under which name a notebook is handed in. Nothing is written here.

use std::path::Path;

use super::error::NotebookError;
use crate::sheet::Sheet;

/// The longest name, in bytes; file systems take 255 with what follows it.
const MAX_NAME: usize = 120;
/// The longest part of a file's name that a title gives, in characters.
const MAX_SLUG: usize = 60;

/// A person's name as files carry it: the last name, an underscore, the first name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// Checks a name: parts of letters with underscores between them. A part may hold hyphens and apostrophes.
    ///
    /// # Errors
    /// A name of one part, an empty part, or a character that does not belong into a name.
    pub fn read(name: &str) -> Result<Self, NotebookError> {
        let wrong = |why: String| Err(NotebookError::Name { name: name.to_owned(), why });
        if name.len() > MAX_NAME {
            return wrong(format!("is longer than {MAX_NAME} bytes, the limit"));
        }
        let parts: Vec<&str> = name.split('_').collect();
        if parts.len() < 2 {
            return wrong("has no underscore between last name and first name".to_owned());
        }
        for part in parts {
            let Some(first) = part.chars().next() else {
                return wrong("has nothing on one side of an underscore".to_owned());
            };
            let belongs = |c: char| c.is_alphabetic() || is_mark(c) || matches!(c, '-' | '\'' | '’');
            if let Some(other) = part.chars().find(|c| !belongs(*c)) {
                return wrong(format!("holds {other:?}, which is neither a letter nor a hyphen"));
            }
            if !first.is_alphabetic() {
                return wrong(format!("has a part that begins with {first:?}, not with a letter"));
            }
        }
        Ok(Self(name.to_owned()))
    }

    /// The name as it was given.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The name of the file: `Lastname_Firstname_assignment2.ipynb`, where the last part is the sheet's title after its
    /// last comma, without spaces, in lower case.
    #[must_use]
    pub fn file(&self, sheet: &Sheet) -> String {
        format!("{}{}", self.0, ending(sheet))
    }
}

/// What the names of a sheet's notebooks end in: `_assignment2.ipynb`.
#[must_use]
pub fn ending(sheet: &Sheet) -> String {
    format!("_{}.ipynb", slug(sheet))
}

/// Accents that stand as characters of their own, as some systems write names.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

fn slug(sheet: &Sheet) -> String {
    let last = |text: &str| -> String {
        let part = text.rsplit(',').next().unwrap_or(text);
        part.chars().filter(char::is_ascii_alphanumeric).take(MAX_SLUG).collect::<String>().to_lowercase()
    };
    // A sheet without a title has the name of its source, which may be a path.
    let stem =
        Path::new(&sheet.source.name).file_stem().map_or(String::new(), |s| last(&s.to_string_lossy()));
    let titled = if sheet.title == sheet.source.name { String::new() } else { last(&sheet.title) };
    let named = if titled.is_empty() { stem } else { titled };
    if named.is_empty() { "notebook".to_owned() } else { named }
}
