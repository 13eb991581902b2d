//! What a notebook is made of, and how it is written: nbformat 4.5, keys in order, one space a level, as Jupyter saves
//! it. What stands in the cells is not known here.
//!
//! Source: the notebook format 4.5, <https://nbformat.readthedocs.io/en/latest/format_description.html>.

use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Value, json};

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What it is called within its notebook: letters, digits, hyphens; the same each time that it is made.
    pub id: String,
    /// Whether it holds code; else it holds Markdown.
    pub code: bool,
    /// Its text.
    pub source: String,
}

/// A notebook that has not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notebook {
    /// The cells in order.
    pub cells: Vec<Cell>,
}

impl Notebook {
    /// Adds Markdown.
    pub(super) fn text(&mut self, id: impl Into<String>, source: impl Into<String>) {
        self.cells.push(Cell { id: id.into(), code: false, source: source.into() });
    }

    /// Adds code.
    pub(super) fn code(&mut self, id: impl Into<String>, lines: &[String]) {
        self.cells.push(Cell { id: id.into(), code: true, source: lines.join("\n") });
    }

    /// The text of the file.
    #[must_use]
    pub fn to_json(&self) -> String {
        let cells: Vec<Value> = self.cells.iter().map(cell).collect();
        written(&json!({
            "cells": cells,
            "metadata": {
                "kernelspec": { "display_name": "Python 3", "language": "python", "name": "python3" },
                "language_info": { "name": "python" },
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        }))
    }
}

fn cell(cell: &Cell) -> Value {
    let source: Vec<&str> = cell.source.split_inclusive('\n').collect();
    if cell.code {
        json!({
            "cell_type": "code",
            "execution_count": null,
            "id": cell.id,
            "metadata": {},
            "outputs": [],
            "source": source,
        })
    } else {
        json!({ "cell_type": "markdown", "id": cell.id, "metadata": {}, "source": source })
    }
}

/// JSON as Jupyter writes it.
pub(super) fn written(value: &Value) -> String {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(b" "));
    // Values with texts for keys always print.
    let _ = value.serialize(&mut serializer);
    bytes.push(b'\n');
    String::from_utf8(bytes).unwrap_or_default()
}
