//! A cursor over one table of a sheet: it remembers which fields were read, so that the rest can be refused with a
//! suggestion. Typed reading is in `fields.rs`.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::SheetError;
use super::field::{COMMON_FIELDS, Field, field_names};
use super::source::{Located, Source};
use super::tree::{Key, Node};
use super::words::{listed, nearest, shown};
use crate::num::Rational;

/// One table of a sheet: a question, a notice, or a table inside one.
///
/// `id`, `kind`, `title`, `points` and `digits` are filled for questions; in other tables `id` and the kind are empty.
#[derive(Debug)]
pub struct Entry {
    /// The question's id.
    pub id: String,
    /// The question's kind, not validated here.
    pub kind: Located<String>,
    /// The question's title.
    pub title: Option<String>,
    /// What the question is worth; positive.
    pub points: Option<Rational>,
    /// Decimals asked for: the question's own, else the sheet's.
    pub digits: u32,
    pub(super) source: Source,
    /// What messages call it: `question 1.1`.
    pub(super) what: String,
    pub(super) span: Range<usize>,
    pub(super) fields: Vec<(Key, Node)>,
    read: Vec<AtomicBool>,
}

impl Clone for Entry {
    fn clone(&self) -> Self {
        let mut copy = self.copy_with(self.fields.clone());
        copy.read = self.read.iter().map(|mark| AtomicBool::new(mark.load(Ordering::Relaxed))).collect();
        copy
    }
}

impl Entry {
    /// A table that is not a question (yet): nothing read, no common fields.
    pub(super) fn new(source: &Source, what: String, span: Range<usize>, fields: Vec<(Key, Node)>) -> Self {
        Self {
            id: String::new(),
            kind: Located::new(String::new(), span.clone()),
            title: None,
            points: None,
            digits: super::DEFAULT_DIGITS,
            source: source.clone(),
            what,
            span,
            read: fields.iter().map(|_| AtomicBool::new(false)).collect(),
            fields,
        }
    }

    /// The same entry over other fields, none of them read yet except the common ones of a question.
    fn copy_with(&self, fields: Vec<(Key, Node)>) -> Self {
        let is_question = !self.kind.value.is_empty();
        let read = fields
            .iter()
            .map(|(key, _)| {
                AtomicBool::new(is_question && COMMON_FIELDS.iter().any(|field| field.name == key.name))
            })
            .collect();
        Self {
            id: self.id.clone(),
            kind: self.kind.clone(),
            title: self.title.clone(),
            points: self.points.clone(),
            digits: self.digits,
            source: self.source.clone(),
            what: self.what.clone(),
            span: self.span.clone(),
            fields,
            read,
        }
    }

    /// A copy in which the given fields are replaced or added.
    ///
    /// No field of the copy counts as read, except the common ones; `id`, `kind` and the like stay as they are.
    #[must_use]
    pub fn with_fields(&self, overrides: &[(Key, Node)]) -> Self {
        let mut fields = self.fields.clone();
        for (key, node) in overrides {
            match fields.iter_mut().find(|(own, _)| own.name == key.name) {
                Some(field) => *field = (key.clone(), node.clone()),
                None => fields.push((key.clone(), node.clone())),
            }
        }
        self.copy_with(fields)
    }

    /// The source that the spans refer to.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// What messages call it: `question 1.1`, `layer 2 of question 2.2`.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }

    /// Where the table stands: its header, or its braces.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// All fields in the order of the file; they count as read.
    #[must_use]
    pub fn fields(&self) -> &[(Key, Node)] {
        for mark in &self.read {
            mark.store(true, Ordering::Relaxed);
        }
        &self.fields
    }

    /// Whether the field is there; it does not count as read.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.fields.iter().any(|(own, _)| own.name == key)
    }

    /// The value of a field, which counts as read from now on.
    #[must_use]
    pub fn node(&self, key: &str) -> Option<&Node> {
        let at = self.fields.iter().position(|(own, _)| own.name == key)?;
        if let Some(mark) = self.read.get(at) {
            mark.store(true, Ordering::Relaxed);
        }
        self.fields.get(at).map(|(_, node)| node)
    }

    /// An error at a span of this sheet.
    #[must_use]
    pub fn error_at(
        &self,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> SheetError {
        SheetError::at(&self.source, span, message, help)
    }

    /// An error at a field's value; at the table where the field is not there.
    #[must_use]
    pub fn error(&self, key: &str, message: impl Into<String>, help: impl Into<String>) -> SheetError {
        let found = self.fields.iter().find(|(own, _)| own.name == key);
        self.error_at(found.map_or_else(|| self.span(), |(_, node)| node.span.clone()), message, help)
    }

    /// Maps a byte range inside a text value to the sheet; see [`Source::locate_in_text`].
    #[must_use]
    pub fn locate_in_text(&self, text: &Located<String>, inner: &Range<usize>) -> Range<usize> {
        self.source.locate_in_text(&text.span, &text.value, inner)
    }

    /// Refuses any field that was not read.
    ///
    /// `known` are the fields of this table, for the suggestion; a question's common fields need not be among them.
    ///
    /// # Errors
    ///
    /// The first field that was not read, with the nearest known one.
    pub fn finish(&self, known: &[Field]) -> Result<(), SheetError> {
        match self.unread().next() {
            None => Ok(()),
            Some(key) => {
                let mut all = field_names(known);
                if !self.kind.value.is_empty() {
                    all.extend(field_names(COMMON_FIELDS));
                }
                Err(self.unknown_field(key, &all))
            }
        }
    }

    fn unknown_field(&self, key: &Key, known: &[&str]) -> SheetError {
        let fields = if known.is_empty() {
            String::from("it has no fields")
        } else {
            format!("its fields are {}", listed(known))
        };
        let name = shown(&key.name);
        if known.contains(&key.name.as_str()) {
            let message = format!("{name} has no meaning here, in {}", self.what);
            return self.error_at(key.span.clone(), message, "leave it out");
        }
        let unread_names = |word: &&str| !self.has(word);
        let help = match nearest(&key.name, known.iter().copied().filter(unread_names)) {
            Some(near) => format!("did you mean {}? {}", shown(near), fields),
            None => fields,
        };
        self.error_at(key.span.clone(), format!("{name} is not a field of {}", self.what), help)
    }

    fn unread(&self) -> impl Iterator<Item = &Key> {
        self.fields
            .iter()
            .zip(&self.read)
            .filter(|(_, mark)| !mark.load(Ordering::Relaxed))
            .map(|((key, _), _)| key)
    }

    /// The error for a field that is not there. `example` is what could be written for it.
    pub(super) fn missing(&self, key: &str, example: &str) -> SheetError {
        let misspelt = self.unread().find(|own| nearest(&own.name, [key]).is_some());
        match misspelt {
            Some(own) => self.error_at(
                own.span.clone(),
                format!("{} is not a field of {}; did you mean {}?", shown(&own.name), self.what, shown(key)),
                format!("write, for example, {example}"),
            ),
            None => self.error_at(
                self.span(),
                format!("{} lacks {}", self.what, shown(key)),
                format!("add it, for example {example}"),
            ),
        }
    }
}
