//! TOML text becomes entries with places here, and errors with carets. What a kind's fields mean is not known here.
//!
//! [`Source`] is the text, [`Sheet::parse`] reads what all sheets share (title, digits, networks, questions, notices),
//! and each question is handed on as an [`Entry`], from which its kind reads its own fields. Numbers are read from
//! their source text, exactly.

mod entry;
mod error;
mod excerpt;
mod field;
mod fields;
mod number;
mod source;
mod tree;
mod words;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::ops;

use num_traits::Signed;

pub use entry::Entry;
pub use error::SheetError;
pub use field::{COMMON_FIELDS, Field, FieldType, NOTICE_FIELDS, NUMBER, Range, TOP_FIELDS, field_names};
pub use fields::MAX_LIST;
pub use number::{MAX_DIGITS, MAX_EXPONENT, NumberFault, parse_constant};
pub use source::{Located, MAX_SHEET_BYTES, Source};
pub use tree::{Key, MAX_DEPTH, Node, NodeValue, parse as parse_toml};
pub use words::{listed, nearest, shown};

/// Decimals that are printed where a sheet does not say.
pub const DEFAULT_DIGITS: u32 = 4;
/// The most decimals that a sheet may ask for.
pub const MAX_PRINTED_DIGITS: u32 = 1000;
/// The most questions of a sheet; the same limit holds for notices and for networks.
pub const MAX_QUESTIONS: usize = 1000;
/// The longest id, in characters.
pub const MAX_ID: usize = 64;

const FIRST_QUESTION: &str = "write, for example,\n[[question]]\nid = \"1.1\"\nkind = \"softmax-cross-entropy\"\nlogits = [1, 2]\ntrue_class = 0";

/// A sheet as it was written: what all kinds share is read, what belongs to a kind is not.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The text that all spans refer to.
    pub source: Source,
    /// The title; the name of the source where the sheet gives none.
    pub title: String,
    /// Decimals that the questions ask for, at most [`MAX_PRINTED_DIGITS`].
    pub digits: u32,
    /// The networks, in the order of the file.
    pub networks: Vec<NamedNetwork>,
    /// The questions, in the order of the file; at least one.
    pub questions: Vec<Entry>,
    /// The notices, in the order of the file.
    pub notices: Vec<Entry>,
}

/// A network of `[networks]`, not parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedNetwork {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub name_span: ops::Range<usize>,
    /// Its arrow notation.
    pub text: String,
    /// Where the text stands, quotes included.
    pub text_span: ops::Range<usize>,
}

impl Sheet {
    /// Parses a sheet.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, with its place: syntax, an unknown top-level field, a question without id or
    /// kind, an id that is used twice, a limit that is passed, a sheet without questions.
    pub fn parse(source: Source) -> Result<Self, SheetError> {
        if source.text.len() as u64 > MAX_SHEET_BYTES {
            return Err(SheetError::plain(
                format!(
                    "{} is larger than {MAX_SHEET_BYTES} bytes, the limit for a sheet",
                    shown(&source.name)
                ),
                "split it into several sheets",
            ));
        }
        let fields = tree::parse(&source)?;
        let root = Entry::new(&source, String::from("the sheet"), 0..0, fields);
        let title = root.opt_text("title")?.map_or_else(|| source.name.clone(), |title| title.value);
        let digits = read_digits(&root)?.unwrap_or(DEFAULT_DIGITS);
        let networks = read_networks(&root)?;
        let questions = read_tables(&root, "question")?;
        let notices = read_tables(&root, "notice")?;
        root.finish(TOP_FIELDS)?;

        let mut entries = Vec::with_capacity(questions.len());
        let mut seen: HashMap<String, ops::Range<usize>> = HashMap::new();
        for question in questions {
            let (question, id_span) = read_question(question, digits)?;
            if let Some(first) = seen.get(&question.id) {
                let message = format!("the id {} is used twice", shown(&question.id));
                let error = SheetError::at(&source, id_span, message, "give every question an id of its own");
                return Err(error.also(first, "first used here"));
            }
            seen.insert(question.id.clone(), id_span);
            entries.push(question);
        }
        if entries.is_empty() {
            return Err(SheetError::plain(
                format!("{} has no questions", shown(&source.name)),
                FIRST_QUESTION,
            ));
        }
        Ok(Self { source, title, digits, networks, questions: entries, notices })
    }

    /// The network of that name.
    #[must_use]
    pub fn network(&self, name: &str) -> Option<&NamedNetwork> {
        self.networks.iter().find(|network| network.name == name)
    }
}

fn read_digits(entry: &Entry) -> Result<Option<u32>, SheetError> {
    let digits = entry.opt_whole("digits", u64::from(MAX_PRINTED_DIGITS))?;
    Ok(digits.map(|digits| u32::try_from(digits.value).unwrap_or(MAX_PRINTED_DIGITS)))
}

fn read_networks(root: &Entry) -> Result<Vec<NamedNetwork>, SheetError> {
    let Some(table) = root.opt_table("networks")? else { return Ok(Vec::new()) };
    let fields = table.fields();
    if fields.len() > MAX_QUESTIONS {
        return Err(root.error(
            "networks",
            format!("the sheet has more than {MAX_QUESTIONS} networks, the limit"),
            "split it into several sheets",
        ));
    }
    let read = |(key, node): &(Key, Node)| {
        let NodeValue::Text(text) = &node.value else {
            return Err(root.error_at(
                node.span.clone(),
                format!("the network {} is not a text but {}", shown(&key.name), node.value.describe()),
                "write arrow notation: \"Input(28x28x1) -> Flatten -> Linear(10)\"",
            ));
        };
        Ok(NamedNetwork {
            name: key.name.clone(),
            name_span: key.span.clone(),
            text: text.clone(),
            text_span: node.span.clone(),
        })
    };
    fields.iter().map(read).collect()
}

/// The tables of `[[question]]` or `[[notice]]`; none where the name does not occur.
fn read_tables(root: &Entry, key: &str) -> Result<Vec<Entry>, SheetError> {
    let Some(node) = root.node(key) else { return Ok(Vec::new()) };
    let help = format!("start each {key} with [[{key}]], in two pairs of brackets");
    let wrong = |node: &Node| {
        let message = format!("{} wants tables, not {}", shown(key), node.value.describe());
        root.error_at(node.span.clone(), message, help.clone())
    };
    let items = match &node.value {
        NodeValue::Array(items) => items,
        NodeValue::Table(_) => {
            let message = format!("[{key}] starts a single table; a sheet has a list of them");
            return Err(root.error_at(node.span.clone(), message, help.clone()));
        }
        _ => return Err(wrong(node)),
    };
    if items.len() > MAX_QUESTIONS {
        return Err(root.error_at(
            node.span.clone(),
            format!("the sheet has more than {MAX_QUESTIONS} {key}s, the limit"),
            "split it into several sheets",
        ));
    }
    let read = |(at, item): (usize, &Node)| match &item.value {
        NodeValue::Table(fields) => {
            let what = format!("{key} number {}", at + 1);
            Ok(Entry::new(&root.source, what, item.span.clone(), fields.clone()))
        }
        _ => Err(wrong(item)),
    };
    items.iter().enumerate().map(read).collect()
}

/// Reads the fields that all questions share; also says where the id stands.
fn read_question(mut entry: Entry, sheet_digits: u32) -> Result<(Entry, ops::Range<usize>), SheetError> {
    let id = entry.text("id")?;
    let fault = if id.value.is_empty() {
        Some(String::from("an id must not be empty"))
    } else if id.value.chars().any(|c| c.is_whitespace() || words::is_unprintable(c)) {
        Some(format!("the id {} holds a space or a control character", shown(&id.value)))
    } else if id.value.chars().count() > MAX_ID {
        Some(format!("the id {} is longer than {MAX_ID} characters, the limit", shown(&id.value)))
    } else {
        None
    };
    if let Some(message) = fault {
        return Err(entry.error_at(
            id.span,
            message,
            "write a short id without spaces, such as id = \"1.1\"",
        ));
    }
    entry.what = format!("question {}", id.value);
    let kind = entry.text("kind")?;
    if kind.value.is_empty() {
        return Err(entry.error_at(
            kind.span,
            format!("the kind of {} is empty", entry.what),
            "write, for example, kind = \"layer-table\"",
        ));
    }
    let title = entry.opt_text("title")?.map(|title| title.value);
    let points = entry.opt_number("points")?;
    if let Some(points) = points.as_ref().filter(|points| !points.value.is_positive()) {
        return Err(entry.error_at(
            points.span.clone(),
            format!("the points of {} are not positive", entry.what),
            "write a positive number, or leave the field out",
        ));
    }
    let digits = read_digits(&entry)?.unwrap_or(sheet_digits);
    entry.id = id.value;
    entry.kind = kind;
    entry.title = title;
    entry.points = points.map(|points| points.value);
    entry.digits = digits;
    Ok((entry, id.span))
}
