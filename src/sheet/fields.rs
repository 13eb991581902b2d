//! Typed reading of an entry's fields: texts, exact numbers, lists, matrices, tables. Each error names the field, says
//! what stands there and what to write instead. No field has a meaning here.

use num_traits::{Signed, ToPrimitive};

use super::entry::Entry;
use super::error::SheetError;
use super::number::{parse_constant, parse_toml_integer};
use super::source::Located;
use super::tree::{Key, Node, NodeValue};
use super::words::shown;
use crate::num::Rational;

/// The most entries of a list, and the most numbers of a matrix.
pub const MAX_LIST: usize = 100_000;

impl Entry {
    /// A text.
    ///
    /// # Errors
    ///
    /// The field is missing or not a text.
    pub fn text(&self, key: &str) -> Result<Located<String>, SheetError> {
        self.opt_text(key)?.ok_or_else(|| self.missing(key, &format!("{key} = \"…\"")))
    }

    /// A text, if the field is there.
    ///
    /// # Errors
    ///
    /// The field is not a text.
    pub fn opt_text(&self, key: &str) -> Result<Option<Located<String>>, SheetError> {
        self.node(key).map(|node| self.text_of(node, key)).transpose()
    }

    /// A value as a text; `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// The value is not a text.
    pub fn text_of(&self, node: &Node, name: &str) -> Result<Located<String>, SheetError> {
        match &node.value {
            NodeValue::Text(text) => Ok(Located::new(text.clone(), node.span.clone())),
            _ => Err(self.wrong(node, name, "a text", "\"…\", in quotation marks")),
        }
    }

    /// A list of texts.
    ///
    /// # Errors
    ///
    /// The field is missing, not a list, or an item is not a text.
    pub fn texts(&self, key: &str) -> Result<Located<Vec<Located<String>>>, SheetError> {
        self.opt_texts(key)?.ok_or_else(|| self.missing(key, &format!("{key} = [\"…\", \"…\"]")))
    }

    /// A list of texts, if the field is there; it may be empty.
    ///
    /// # Errors
    ///
    /// The field is not a list, or an item is not a text.
    pub fn opt_texts(&self, key: &str) -> Result<Option<Located<Vec<Located<String>>>>, SheetError> {
        let Some(node) = self.node(key) else { return Ok(None) };
        let items = self.items(node, key, "a list of texts", &format!("{key} = [\"…\", \"…\"]"))?;
        let texts = items.iter().enumerate().map(|(at, item)| self.text_of(item, &nth(key, at)));
        Ok(Some(Located::new(texts.collect::<Result<_, _>>()?, node.span.clone())))
    }

    /// `true` or `false`, with a default.
    ///
    /// # Errors
    ///
    /// The field is something else.
    pub fn bool_or(&self, key: &str, default: bool) -> Result<bool, SheetError> {
        match self.node(key) {
            None => Ok(default),
            Some(Node { value: NodeValue::Bool(value), .. }) => Ok(*value),
            Some(node) => Err(self.wrong(node, key, "true or false", &format!("{key} = {}", !default))),
        }
    }

    /// An exact number.
    ///
    /// # Errors
    ///
    /// The field is missing or not a number.
    pub fn number(&self, key: &str) -> Result<Located<Rational>, SheetError> {
        self.opt_number(key)?.ok_or_else(|| self.missing(key, &format!("{key} = 0.1")))
    }

    /// An exact number of which an error shows such an example: `true_class = 0`.
    ///
    /// # Errors
    ///
    /// The field is missing or not a number.
    pub fn number_like(&self, key: &str, example: u64) -> Result<Located<Rational>, SheetError> {
        self.opt_number(key)?.ok_or_else(|| self.missing(key, &format!("{key} = {example}")))
    }

    /// An exact number, if the field is there.
    ///
    /// # Errors
    ///
    /// The field is not a number.
    pub fn opt_number(&self, key: &str) -> Result<Option<Located<Rational>>, SheetError> {
        self.node(key).map(|node| self.number_of(node, key)).transpose()
    }

    /// An exact number, with a default (which is placed at the table).
    ///
    /// # Errors
    ///
    /// The field is not a number.
    pub fn number_or(&self, key: &str, default: Rational) -> Result<Located<Rational>, SheetError> {
        Ok(self.opt_number(key)?.unwrap_or_else(|| Located::new(default, self.span())))
    }

    /// A value as an exact number; `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// The value is neither a number nor a text that holds an exact constant, or it is beyond the limits.
    pub fn number_of(&self, node: &Node, name: &str) -> Result<Located<Rational>, SheetError> {
        let read = match &node.value {
            NodeValue::Integer(text) => parse_toml_integer(text),
            NodeValue::Float(text) | NodeValue::Text(text) => parse_constant(text),
            _ => {
                return Err(self.wrong(node, name, "a number", "0.1, or \"1/3\" for a quotient"));
            }
        };
        match read {
            Ok(value) => Ok(Located::new(value, node.span.clone())),
            Err(fault) => Err(self.error_at(
                node.span.clone(),
                format!("{} of {}: {}", shown(name), self.what, fault.message),
                fault.help,
            )),
        }
    }

    /// A positive integer, at most `limit`.
    ///
    /// # Errors
    ///
    /// The field is missing, or not such a number.
    pub fn count(&self, key: &str, limit: u64) -> Result<Located<u64>, SheetError> {
        self.opt_count(key, limit)?.ok_or_else(|| self.missing(key, &format!("{key} = 1")))
    }

    /// A positive integer, at most `limit`, if the field is there.
    ///
    /// # Errors
    ///
    /// The field is not such a number.
    pub fn opt_count(&self, key: &str, limit: u64) -> Result<Option<Located<u64>>, SheetError> {
        self.integer_between(key, 1, limit)
    }

    /// An integer from 0 to `limit`.
    ///
    /// # Errors
    ///
    /// The field is missing, or not such a number.
    pub fn whole(&self, key: &str, limit: u64) -> Result<Located<u64>, SheetError> {
        self.opt_whole(key, limit)?.ok_or_else(|| self.missing(key, &format!("{key} = 0")))
    }

    /// An integer from 0 to `limit`, if the field is there.
    ///
    /// # Errors
    ///
    /// The field is not such a number.
    pub fn opt_whole(&self, key: &str, limit: u64) -> Result<Option<Located<u64>>, SheetError> {
        self.integer_between(key, 0, limit)
    }

    fn integer_between(&self, key: &str, least: u64, limit: u64) -> Result<Option<Located<u64>>, SheetError> {
        let Some(number) = self.opt_number(key)? else { return Ok(None) };
        let value = if number.value.is_integer() && !number.value.is_negative() {
            number.value.to_integer().to_u64().filter(|value| (least..=limit).contains(value))
        } else {
            None
        };
        match value {
            Some(value) => Ok(Some(Located::new(value, number.span))),
            None => Err(self.error_at(
                number.span.clone(),
                format!(
                    "{} of {} wants an integer from {least} to {limit}, not {}",
                    shown(key),
                    self.what,
                    shown(self.source.slice(&number.span))
                ),
                format!("write {key} = N with N from {least} to {limit}"),
            )),
        }
    }

    /// A list of exact numbers, at least one.
    ///
    /// # Errors
    ///
    /// The field is missing, empty, not a list, or an item is not a number.
    pub fn numbers(&self, key: &str) -> Result<Located<Vec<Located<Rational>>>, SheetError> {
        self.opt_numbers(key)?.ok_or_else(|| self.missing(key, &format!("{key} = [1, -0.5, \"1/3\"]")))
    }

    /// A list of exact numbers, at least one, if the field is there.
    ///
    /// # Errors
    ///
    /// The field is empty, not a list, or an item is not a number.
    pub fn opt_numbers(&self, key: &str) -> Result<Option<Located<Vec<Located<Rational>>>>, SheetError> {
        let Some(node) = self.node(key) else { return Ok(None) };
        let items = self.items(node, key, "a list of numbers", &format!("{key} = [1, -0.5, \"1/3\"]"))?;
        if items.is_empty() {
            return Err(self.empty(node, key, "a number"));
        }
        let numbers = items.iter().enumerate().map(|(at, item)| self.number_of(item, &nth(key, at)));
        Ok(Some(Located::new(numbers.collect::<Result<_, _>>()?, node.span.clone())))
    }

    /// A matrix by rows: at least one row, rows of one length, at least one number in each.
    ///
    /// # Errors
    ///
    /// The field is missing, empty, ragged, or an entry is not a number.
    pub fn matrix(&self, key: &str) -> Result<Located<Vec<Vec<Rational>>>, SheetError> {
        let example = format!("{key} = [[1, 2], [3, 4]]");
        let Some(node) = self.node(key) else { return Err(self.missing(key, &example)) };
        let items = self.items(node, key, "a matrix (a list of rows)", &example)?;
        let mut rows: Vec<Vec<Rational>> = Vec::with_capacity(items.len());
        let mut entries = 0;
        for (at, item) in items.iter().enumerate() {
            let name = format!("row {} of {key}", at + 1);
            let row = self.items(item, &name, "a list of numbers", &example)?;
            if row.is_empty() {
                return Err(self.empty(item, &name, "a number"));
            }
            if let (Some(first), Some(top)) = (rows.first(), items.first())
                && first.len() != row.len()
            {
                let error = self.error_at(
                    item.span.clone(),
                    format!(
                        "the rows of {} of {} differ in length: row 1 has {}, row {} has {}",
                        shown(key),
                        self.what,
                        entries_text(first.len()),
                        at + 1,
                        entries_text(row.len())
                    ),
                    "give every row the same number of entries",
                );
                return Err(error.also(&top.span, "row 1"));
            }
            entries += row.len();
            if entries > MAX_LIST {
                return Err(self.too_long(node, key));
            }
            let numbers = row.iter().map(|entry| self.number_of(entry, &name).map(|number| number.value));
            rows.push(numbers.collect::<Result<_, _>>()?);
        }
        if rows.is_empty() {
            return Err(self.empty(node, key, "a row"));
        }
        Ok(Located::new(rows, node.span.clone()))
    }

    /// A table of names and exact numbers, in the order of the file.
    ///
    /// # Errors
    ///
    /// The field is missing, empty, not a table, or a value is not a number.
    pub fn number_table(&self, key: &str) -> Result<Vec<(Key, Located<Rational>)>, SheetError> {
        let example = format!("{key} = {{ x1 = 1, x2 = \"1/2\" }}");
        let Some(node) = self.node(key) else { return Err(self.missing(key, &example)) };
        match &node.value {
            NodeValue::Table(fields) if fields.is_empty() => {
                Err(self.empty(node, key, "a name with its number"))
            }
            NodeValue::Table(fields) => fields
                .iter()
                .map(|(name, value)| {
                    let number = self.number_of(value, &format!("{key}.{}", name.name))?;
                    Ok((name.clone(), number))
                })
                .collect(),
            _ => Err(self.wrong(node, key, "a table of numbers", &example)),
        }
    }

    /// A table inside this one, to be read and finished on its own.
    ///
    /// # Errors
    ///
    /// The field is missing or not a table.
    pub fn table(&self, key: &str) -> Result<Self, SheetError> {
        self.opt_table(key)?.ok_or_else(|| self.missing(key, &format!("{key} = {{ name = value }}")))
    }

    /// A table inside this one, if the field is there.
    ///
    /// # Errors
    ///
    /// The field is not a table.
    pub fn opt_table(&self, key: &str) -> Result<Option<Self>, SheetError> {
        let Some(node) = self.node(key) else { return Ok(None) };
        match &node.value {
            NodeValue::Table(fields) => {
                Ok(Some(self.child(format!("{} of {}", shown(key), self.what), node, fields)))
            }
            _ => Err(self.wrong(node, key, "a table", &format!("{key} = {{ name = value }}"))),
        }
    }

    /// The tables of an array of tables (`[[question.layer]]`), at least one.
    ///
    /// # Errors
    ///
    /// The field is missing, empty, or not a list of tables.
    pub fn tables(&self, key: &str) -> Result<Vec<Self>, SheetError> {
        let example = format!("a table that starts with [[question.{key}]]");
        let Some(node) = self.node(key) else { return Err(self.missing(key, &example)) };
        let items = match &node.value {
            NodeValue::Array(items) => items,
            _ => return Err(self.wrong(node, key, "a list of tables", &example)),
        };
        if items.is_empty() {
            return Err(self.empty(node, key, "a table"));
        }
        let tables = items.iter().enumerate().map(|(at, item)| match &item.value {
            NodeValue::Table(fields) => {
                Ok(self.child(format!("{key} {} of {}", at + 1, self.what), item, fields))
            }
            _ => Err(self.wrong(item, &nth(key, at), "a table", &example)),
        });
        tables.collect()
    }

    fn child(&self, what: String, node: &Node, fields: &[(Key, Node)]) -> Self {
        let mut child = Self::new(&self.source, what, node.span.clone(), fields.to_vec());
        child.digits = self.digits;
        child
    }

    fn items<'a>(
        &self,
        node: &'a Node,
        name: &str,
        wanted: &str,
        example: &str,
    ) -> Result<&'a [Node], SheetError> {
        match &node.value {
            NodeValue::Array(items) if items.len() > MAX_LIST => Err(self.too_long(node, name)),
            NodeValue::Array(items) => Ok(items),
            _ => Err(self.wrong(node, name, wanted, example)),
        }
    }

    fn wrong(&self, node: &Node, name: &str, wanted: &str, example: &str) -> SheetError {
        self.error_at(
            node.span.clone(),
            format!("{} of {} wants {wanted}, not {}", shown(name), self.what, node.value.describe()),
            format!("write, for example, {example}"),
        )
    }

    fn empty(&self, node: &Node, name: &str, needed: &str) -> SheetError {
        self.error_at(
            node.span.clone(),
            format!("{} of {} is empty", shown(name), self.what),
            format!("give at least {needed}"),
        )
    }

    fn too_long(&self, node: &Node, name: &str) -> SheetError {
        self.error_at(
            node.span.clone(),
            format!("{} of {} has more than {MAX_LIST} entries, the limit", shown(name), self.what),
            "give fewer entries",
        )
    }
}

fn nth(key: &str, at: usize) -> String {
    format!("{key}[{}]", at + 1)
}

fn entries_text(count: usize) -> String {
    if count == 1 { String::from("1 entry") } else { format!("{count} entries") }
}
