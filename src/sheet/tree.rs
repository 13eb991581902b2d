//! The sheet as a tree of values with their places: TOML in, [`Node`] out. What the values mean is decided elsewhere.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::SheetError;
use super::source::Source;

/// How deep lists and tables may nest.
pub const MAX_DEPTH: usize = 32;

/// The name of a field, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub span: Range<usize>,
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it stands. For a table that has a header of its own, the header.
    pub span: Range<usize>,
    /// What it is.
    pub value: NodeValue,
}

/// A value of a sheet. Numbers are still the text that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeValue {
    /// `true` or `false`
    Bool(bool),
    /// An integer, with its radix prefix if it has one.
    Integer(String),
    /// A number with a point or an exponent; `nan` and `inf` too.
    Float(String),
    /// A text.
    Text(String),
    /// A list.
    Array(Vec<Node>),
    /// A table, in the order of the file.
    Table(Vec<(Key, Node)>),
}

impl NodeValue {
    /// What it is called in a message: `a text`, `a list`.
    #[must_use]
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Bool(_) => "true or false",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::Text(_) => "a text",
            Self::Array(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

/// Parses TOML into the fields of its root table.
///
/// # Errors
///
/// TOML's syntax errors, dates, and nesting beyond [`MAX_DEPTH`], each with its place.
pub fn parse(source: &Source) -> Result<Vec<(Key, Node)>, SheetError> {
    let root = DeTable::parse(&source.text).map_err(|error| syntax_error(source, &error))?;
    fields(source, root.into_inner(), 0)
}

fn fields(source: &Source, table: DeTable<'_>, depth: usize) -> Result<Vec<(Key, Node)>, SheetError> {
    table
        .into_iter()
        .map(|(key, value)| {
            let span = key.span();
            let key = Key { name: key.into_inner().into_owned(), span };
            Ok((key, node(source, value, depth + 1)?))
        })
        .collect()
}

fn node(source: &Source, spanned: Spanned<DeValue<'_>>, depth: usize) -> Result<Node, SheetError> {
    let span = spanned.span();
    if depth > MAX_DEPTH {
        return Err(SheetError::at(
            source,
            span,
            format!("lists and tables nest deeper than {MAX_DEPTH}, the limit"),
            "a sheet needs three levels at most",
        ));
    }
    let value = match spanned.into_inner() {
        DeValue::Boolean(value) => NodeValue::Bool(value),
        DeValue::Integer(value) => NodeValue::Integer(value.to_string()),
        DeValue::Float(value) => NodeValue::Float(value.as_str().to_owned()),
        DeValue::String(value) => NodeValue::Text(value.into_owned()),
        DeValue::Datetime(_) => {
            return Err(SheetError::at(
                source,
                span,
                "a date has no meaning in a sheet",
                "put quotes around it if it is a text",
            ));
        }
        DeValue::Array(items) => NodeValue::Array(
            items.into_iter().map(|item| node(source, item, depth + 1)).collect::<Result<_, _>>()?,
        ),
        DeValue::Table(table) => NodeValue::Table(fields(source, table, depth)?),
    };
    Ok(Node { span, value })
}

/// What to write, by a phrase of the parser's message.
const SYNTAX_HELP: [(&str, &str); 9] = [
    (
        "duplicate key",
        "each name may be given once in a table; a second question starts with its own [[question]]",
    ),
    ("unclosed array table", "write two brackets on either side: [[question]]"),
    ("unclosed array", "close the list with ]"),
    ("unclosed table", "close the name with ]"),
    ("unclosed inline table", "close the table with }"),
    ("invalid basic string", "close the text with a quotation mark, or use three of them for several lines"),
    ("invalid literal string", "close the text with an apostrophe"),
    ("leading zero", "write the number without the zero in front"),
    ("must be quoted", "put a text in quotation marks, and a quotient too: \"1/3\""),
];

fn syntax_error(source: &Source, error: &toml::de::Error) -> SheetError {
    let span = error.span().unwrap_or(0..0);
    let written = source.slice(&span);
    let (message, help) = if written.contains(['“', '”', '‘', '’']) {
        (String::from("curly quotation marks do not enclose a text"), "write straight ones: \" or '")
    } else if written.starts_with(['−', '–']) {
        (String::from("the minus sign is a typographic one"), "write - (the hyphen of the keyboard)")
    } else if error.message().contains("recursion") {
        (String::from("lists and tables nest too deep"), "a sheet needs three levels at most")
    } else {
        let help = SYNTAX_HELP.iter().find(|(phrase, _)| error.message().contains(phrase));
        let usual = "a field is written name = value; a text stands in \"quotes\", a quotient too: \"1/3\"";
        (format!("this is not TOML: {}", error.message()), help.map_or(usual, |(_, help)| *help))
    };
    match error.span() {
        Some(span) => SheetError::at(source, span, message, help),
        None => SheetError::plain(format!("{}: {message}", source.name), help),
    }
}
