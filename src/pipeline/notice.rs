//! Notices of a sheet live here: where its text leaves two readings, both are computed and judged, and the text's
//! placeholders are filled from rows. No number of a notice is typed.

use std::ops::Range;

use super::{Posed, read};
use crate::kinds;
use crate::record::Runs;
use crate::report::{Judged, Notice, Piece, Question};
use crate::sheet::{
    COMMON_FIELDS, Entry, Located, NOTICE_FIELDS, Sheet, SheetError, field_names, listed, nearest, shown,
};

/// A notice as it was written, with the question under the other reading.
pub(super) struct Reading {
    entry: Entry,
    question: Option<String>,
    says: Located<String>,
    read: Located<String>,
    other: Option<Located<String>>,
    otherwise: Option<Posed>,
}

impl Reading {
    /// Reads a notice; `otherwise` replaces fields of its question and is validated like any other entry.
    pub(super) fn of(entry: &Entry, sheet: &Sheet, runs: &Runs) -> Result<Self, SheetError> {
        let entry = entry.clone();
        let question = entry.opt_text("question")?;
        let asked = match &question {
            None => None,
            Some(id) => Some(sheet.questions.iter().find(|q| q.id == id.value).ok_or_else(|| {
                let ids: Vec<&str> = sheet.questions.iter().map(|q| q.id.as_str()).collect();
                let message = format!("there is no question {}", shown(&id.value));
                entry.error_at(id.span.clone(), message, format!("the questions are {}", listed(&ids)))
            })?),
        };
        let otherwise = match (entry.opt_table("otherwise")?, asked) {
            (None, _) => None,
            (Some(fields), Some(asked)) => {
                misspelt(&fields, asked)?;
                Some(read(&asked.with_fields(fields.fields()), sheet, runs)?)
            }
            (Some(_), None) => {
                let message = "another reading needs the question that it is about";
                return Err(entry.error("otherwise", message, "add question = \"…\" with the question's id"));
            }
        };
        let notice = Self {
            question: question.map(|q| q.value),
            says: entry.text("says")?,
            read: entry.text("read")?,
            other: entry.opt_text("other")?,
            otherwise,
            entry,
        };
        notice.entry.finish(NOTICE_FIELDS)?;
        Ok(notice)
    }

    /// The question under the other reading, where there is one.
    pub(super) fn otherwise(&self) -> Option<&Posed> {
        self.otherwise.as_ref()
    }

    /// Fills the placeholders from judged rows: of the sheet, and of the question under the other reading.
    pub(super) fn notice(
        &self,
        questions: &[Question],
        otherwise: Option<&Question>,
    ) -> Result<Notice, SheetError> {
        let fill = |text: &Located<String>| self.fill(text, questions, otherwise);
        Ok(Notice {
            question: self.question.clone(),
            says: fill(&self.says)?,
            read: fill(&self.read)?,
            other: self.other.as_ref().map_or(Ok(Vec::new()), fill)?,
        })
    }

    fn fill(
        &self,
        text: &Located<String>,
        questions: &[Question],
        otherwise: Option<&Question>,
    ) -> Result<Vec<Piece>, SheetError> {
        let mut pieces = Vec::new();
        let mut rest = text.value.as_str();
        let mut at = 0;
        while let Some(open) = rest.find('{') {
            let (words, after) = rest.split_at(open);
            let end = after.find('}').ok_or_else(|| {
                self.error(
                    text,
                    at + open..at + open + 1,
                    "a brace that is not closed",
                    "write {row} or {other.row}",
                )
            })?;
            let name = after.get(1..end).unwrap_or_default();
            let span = at + open..at + open + end + 1;
            if !words.is_empty() {
                pieces.push(Piece::Words(words.to_owned()));
            }
            let (id, shape) = match name.strip_suffix(":shape") {
                Some(id) => (id, true),
                None => (name, false),
            };
            let (row, digits) = match id.strip_prefix("other.") {
                Some(id) => otherwise.and_then(|q| q.row(id).map(|r| (r, q.digits))),
                None => find(questions, id),
            }
            .ok_or_else(|| {
                let (message, help) = no_row(id, questions, otherwise);
                self.error(text, span.clone(), message, help)
            })?;
            let row = Box::new(row.clone());
            pieces.push(if shape { Piece::Shape(row) } else { Piece::Value(row, digits) });
            at = span.end;
            rest = after.get(end + 1..).unwrap_or_default();
        }
        if !rest.is_empty() {
            pieces.push(Piece::Words(rest.to_owned()));
        }
        Ok(pieces)
    }

    fn error(
        &self,
        text: &Located<String>,
        inner: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> SheetError {
        self.entry.error_at(self.entry.locate_in_text(text, &inner), message, help)
    }
}

/// A field of `otherwise` that no reading changes, or that its question does not know where one of its own was meant.
fn misspelt(fields: &Entry, asked: &Entry) -> Result<(), SheetError> {
    let Some(kind) = kinds::find(&asked.kind.value) else { return Ok(()) };
    let (known, common) = (field_names(kind.fields), field_names(COMMON_FIELDS));
    for (key, _) in fields.fields() {
        let name = key.name.as_str();
        if common.contains(&name) {
            let message = format!("another reading does not change {}", shown(name));
            let help = format!("leave it out; what may be read otherwise is {}", listed(&known));
            return Err(fields.error_at(key.span.clone(), message, help));
        }
        if !known.contains(&name)
            && let Some(near) = nearest(name, known.iter().copied())
        {
            let message = format!("{} is not a field of {}", shown(name), asked.what());
            let help = format!("did you mean {}? Its fields are {}", shown(near), listed(&known));
            return Err(fields.error_at(key.span.clone(), message, help));
        }
    }
    Ok(())
}

/// What is wrong with a row that is not there, and what to write.
fn no_row(id: &str, questions: &[Question], otherwise: Option<&Question>) -> (String, String) {
    let message = format!("there is no row {}", shown(id));
    let other = id.strip_prefix("other.").is_some();
    if other && otherwise.is_none() {
        let message = format!("{} needs another reading, and `otherwise` is missing", shown(id));
        return (
            message,
            "add otherwise = { field = value } with the field that is read otherwise".to_owned(),
        );
    }
    let of = |q: &Question, lead: &str| -> Vec<String> {
        q.rows.iter().map(|r| format!("{lead}.{}", r.row.id)).collect()
    };
    let rows: Vec<String> = match otherwise.filter(|_| other) {
        Some(q) => of(q, "other"),
        None => questions.iter().flat_map(|q| of(q, &q.id)).collect(),
    };
    let help = match nearest(id, rows.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {{{near}}}?"),
        None if other => "write other, a point and a row: {other.J}".to_owned(),
        None => "write a question's id, a point and a row: {1.1.L}".to_owned(),
    };
    (message, help)
}

/// A row by its full id; ids of questions may hold points, so every question is tried.
fn find<'a>(questions: &'a [Question], id: &str) -> Option<(&'a Judged, u32)> {
    questions.iter().find_map(|q| {
        let row = id.strip_prefix(q.id.as_str())?.strip_prefix('.')?;
        q.row(row).map(|r| (r, q.digits))
    })
}
