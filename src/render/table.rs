//! Answer tables are laid out here, once for all formats; each format is a file of its own.

mod csv;
mod latex;
mod markdown;
mod terminal;

use super::{Options, value};
use crate::notation::{self, Math};
use crate::num::Rounding;
use crate::report::{Answer, Judged, Question, Report, Status, Style, Value};

/// A format of `tables`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a terminal, drawn with lines.
    Terminal,
    /// GitHub's Markdown, formulas as text.
    Markdown,
    /// LaTeX for `booktabs` and `amsmath`.
    Latex,
    /// One line a row, for programs.
    Csv,
    /// The JSON of `verify`.
    Json,
}

/// A cell in the ways that formats need it.
#[derive(Debug, Clone, Default)]
struct Cell {
    /// Lines of plain text.
    lines: Vec<String>,
    /// LaTeX, mathematics in dollars.
    latex: String,
    /// Whether it holds sizes, which are no number even where there is one of them.
    is_shape: bool,
}

impl Cell {
    fn words(text: &str) -> Self {
        Self { lines: vec![text.to_owned()], latex: notation::escape_latex(text), is_shape: false }
    }

    fn is_empty(&self) -> bool {
        self.lines.iter().all(String::is_empty)
    }

    fn line(&self) -> String {
        self.lines.join(" ")
    }
}

/// One table: a heading a column, a line a row.
#[derive(Debug, Clone)]
struct Table {
    head: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

/// Widest value in a cell of a terminal's table.
const CELL: usize = 34;

/// Widest closed form of a single number in a cell of a terminal's table.
const NUMBER: usize = 44;

/// Most terms of e that the numbers of one cell may have together; a longer closed form helps nobody in a table.
const MOST_TERMS: usize = 600;

/// Prints the answer tables of a report.
#[must_use]
pub fn tables(report: &Report, format: Format, options: &Options) -> String {
    if format == Format::Json {
        return super::json(report, options);
    }
    let report = &super::asked_for(report, options);
    match format {
        Format::Json => super::json(report, options),
        Format::Csv => csv::print(report, options),
        Format::Terminal | Format::Markdown | Format::Latex => {
            let print = match format {
                Format::Markdown => markdown::print,
                Format::Latex => latex::print,
                _ => terminal::print,
            };
            let parts: Vec<String> = report
                .questions
                .iter()
                .filter(|q| !q.rows.is_empty())
                .map(|q| print(q, &lay_out(q, options), options))
                .collect();
            parts.join("\n")
        }
    }
}

/// The tables of a question: rows with a place side by side, all others a line each.
fn lay_out(question: &Question, options: &Options) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut rest = question.rows.as_slice();
    while let Some(first) = rest.first() {
        let table = |r: &Judged| r.row.place.as_ref().map(|p| p.table.clone());
        let name = table(first);
        let end = rest.iter().position(|r| table(r) != name).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        tables.push(match name {
            Some(name) => side_by_side(&name, run, question, options),
            None => in_lines(run, question, options),
        });
        rest = after;
    }
    tables
}

fn side_by_side(name: &str, rows: &[Judged], question: &Question, options: &Options) -> Table {
    let mut head = vec![name.to_owned()];
    let mut lines: Vec<(String, Vec<Cell>)> = Vec::new();
    for row in rows {
        let Some(place) = &row.row.place else { continue };
        let column = head.iter().skip(1).position(|h| *h == place.column).unwrap_or_else(|| {
            head.push(place.column.clone());
            head.len() - 2
        });
        if lines.last().is_none_or(|l| l.0 != place.line) {
            lines.push((place.line.clone(), Vec::new()));
        }
        if let Some((_, cells)) = lines.last_mut() {
            cells.resize(cells.len().max(column + 1), Cell::default());
            if let Some(cell) = cells.get_mut(column) {
                *cell = exact_cell(row, options.rounding(question));
            }
        }
    }
    let width = head.len();
    let rows = lines
        .into_iter()
        .map(|(line, cells)| {
            let mut all = vec![Cell::words(&line)];
            all.extend(cells);
            all.resize(width, Cell::default());
            all
        })
        .collect();
    Table { head, rows }
}

fn in_lines(rows: &[Judged], question: &Question, options: &Options) -> Table {
    let rounding = options.rounding(question);
    let columns: [(&str, Vec<Cell>); 4] = [
        ("Answer", rows.iter().map(|r| Cell::words(&r.row.label)).collect()),
        ("Symbol", rows.iter().map(symbol_cell).collect()),
        ("Exact", rows.iter().map(|r| exact_cell(r, rounding)).collect()),
        ("Decimal", rows.iter().map(|r| decimal_cell(r, rounding)).collect()),
    ];
    let mut table = Table { head: Vec::new(), rows: vec![Vec::new(); rows.len()] };
    // A column that is empty from top to bottom is left out.
    for (head, cells) in columns.into_iter().filter(|(_, cells)| !cells.iter().all(Cell::is_empty)) {
        table.head.push(head.to_owned());
        for (row, cell) in table.rows.iter_mut().zip(cells) {
            row.push(cell);
        }
    }
    table
}

/// The name in letters, where the label is not the same.
fn symbol_cell(row: &Judged) -> Cell {
    match &row.row.symbol {
        Some(symbol) if notation::text(symbol) != row.row.label => {
            let latex = format!("${}$", notation::latex(symbol));
            Cell { lines: vec![notation::text(symbol)], latex, is_shape: false }
        }
        _ => Cell::default(),
    }
}

/// What stands for an answer that is not a value, or is not to be relied on.
fn not_a_value(row: &Judged) -> Option<String> {
    match (&row.row.answer, row.status) {
        (Answer::NotRun { .. }, _) => Some("not run".to_owned()),
        (Answer::Absent { reason }, Status::Holds) => Some(format!("none: {reason}")),
        (_, Status::Fails) => Some("FAILS its check".to_owned()),
        (_, Status::Undecided) | (Answer::Undecided { .. } | Answer::Absent { .. }, _) => {
            Some("undecided".to_owned())
        }
        (Answer::Value(_), _) => None,
    }
}

fn exact_cell(row: &Judged, rounding: Rounding) -> Cell {
    if let Some(text) = not_a_value(row) {
        let latex = notation::escape_latex(&text);
        return Cell { lines: super::wrap(&text, CELL), latex, is_shape: false };
    }
    let Some(value) = row.row.answer.value() else { return Cell::default() };
    // A single number may take more room: a closed form is worth it, and its decimal is short.
    let width = if matches!(value, Value::Number(_)) { NUMBER } else { CELL };
    let lines = value::exact_lines(value, row.row.style, rounding, width);
    let short = value::terms(value) <= MOST_TERMS;
    let latex = short.then(|| value::exact_latex(value, row.row.style, rounding)).flatten();
    let latex = latex.unwrap_or_else(|| "---".to_owned());
    Cell { lines, latex, is_shape: row.row.style == Style::Shape }
}

/// The decimal of a row that is not rational; empty otherwise.
fn decimal_cell(row: &Judged, rounding: Rounding) -> Cell {
    let value = match row.row.answer.value() {
        Some(v) if not_a_value(row).is_none() && value::has_decimal(v, row.row.wants_decimal) => v,
        _ => return Cell::default(),
    };
    let lines = value::decimal_lines(value, rounding, CELL);
    let latex = value::decimal_math(value, rounding)
        .map_or(String::new(), |m: Math| format!("${}$", notation::latex(&m)));
    Cell { lines, latex, is_shape: false }
}
