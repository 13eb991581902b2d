//! What people and programs read is printed here, from reports and marked papers alone: nothing is computed and nothing
//! judged.

mod explain;
mod json;
mod marks;
mod plant;
mod table;
mod value;
mod verify;

pub use explain::explain;
pub use json::json;
pub use marks::{marks, marks_json};
pub use plant::{plant, plant_json};
pub use table::{Format, tables};
pub use verify::verify;

use std::borrow::Cow;

use crate::num::{Rational, Rounding};
use crate::report::{Piece, Question, Report, Status};

/// How to print.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Rounding asked for on the command line; without it, each question's own digits.
    pub rounding: Option<Rounding>,
    /// Whether colour may help; nothing is said by colour alone.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Only what is not green, and the summary; JSON is always whole.
    pub quiet: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { rounding: None, color: false, width: 80, quiet: false }
    }
}

impl Options {
    /// The rounding for a question.
    fn rounding(&self, question: &Question) -> Rounding {
        self.rounding.unwrap_or(Rounding::Digits(question.digits))
    }

    /// Text in one of the few colours, where colour may help.
    fn paint(&self, paint: Paint, text: &str) -> String {
        if !self.color || text.is_empty() {
            return text.to_owned();
        }
        let code = match paint {
            Paint::Bold => "1",
            Paint::Dim => "2",
            Paint::Green => "32",
            Paint::Red => "31",
            Paint::Yellow => "33",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// The few colours.
#[derive(Debug, Clone, Copy)]
enum Paint {
    Bold,
    Dim,
    Green,
    Red,
    Yellow,
}

/// The mark of a status, its colour, and the word that says the same.
fn mark(status: Status) -> (&'static str, Paint) {
    match status {
        Status::Holds => ("✓", Paint::Green),
        Status::Fails => ("✗", Paint::Red),
        Status::Undecided => ("?", Paint::Yellow),
        Status::NotRun => ("–", Paint::Dim),
    }
}

/// Pieces of a notice as text.
fn pieces(pieces: &[Piece], options: &Options) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Words(words) => printable(words),
            Piece::Value(row, digits) => {
                value::in_words(row, options.rounding.unwrap_or(Rounding::Digits(*digits)))
            }
            Piece::Shape(row) => value::shape(row),
        })
        .collect()
}

/// Breaks text at spaces into lines of at most `width` columns; a longer word stands alone.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let room = crate::notation::display_width(&line) + 1 + crate::notation::display_width(word);
        if !line.is_empty() && room > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// `id  title … points`, the heading of a question, filled to the width.
fn heading(question: &Question, options: &Options) -> String {
    heading_of(&question.id, &question.title, question.points.as_ref(), options)
}

fn heading_of(id: &str, title: &str, points: Option<&Rational>, options: &Options) -> String {
    let id = crate::notation::pad_right(&printable(id), 4);
    let left = format!("{id} {}", printable(title));
    let right = points.map_or(String::new(), |p| {
        let text = crate::notation::rational_text(p);
        format!("{text} {}", if text == "1" { "pt" } else { "pts" })
    });
    let room = options.width.saturating_sub(crate::notation::display_width(&right));
    let line = format!("{}{right}", crate::notation::pad_right(&left, room));
    options.paint(Paint::Bold, line.trim_end())
}

/// The report with the rows that are asked for: all, or those that are not green.
fn asked_for<'a>(report: &'a Report, options: &Options) -> Cow<'a, Report> {
    if !options.quiet {
        return Cow::Borrowed(report);
    }
    let mut report = report.clone();
    for question in &mut report.questions {
        question.rows.retain(|row| row.status != Status::Holds);
    }
    Cow::Owned(report)
}

/// Text of a sheet as it may be shown: without characters that steer a terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// The notices of a report, as a list of paragraphs.
fn notices(report: &Report, options: &Options) -> Vec<String> {
    let mut lines = Vec::new();
    if report.notices.is_empty() {
        return lines;
    }
    lines.push(options.paint(Paint::Bold, "Notices"));
    for notice in &report.notices {
        let head = notice.question.clone().unwrap_or_else(|| "–".to_owned());
        let parts = [("", &notice.says), ("read here: ", &notice.read), ("otherwise: ", &notice.other)];
        for (i, (lead, part)) in parts.iter().filter(|p| !p.1.is_empty()).enumerate() {
            let text = format!("{lead}{}", pieces(part, options));
            for (j, line) in wrap(&text, options.width.saturating_sub(5)).into_iter().enumerate() {
                let first = if i == 0 && j == 0 { format!("{head:<5}") } else { " ".repeat(5) };
                let first = if first.ends_with(' ') { first } else { format!("{first} ") };
                lines.push(format!("{first}{line}"));
            }
        }
    }
    lines
}
