//! The blank form of a sheet is written here: a commented line a row, in TOML. It gives no answer away: what a row wants
//! is told from its kind of value, never from the value.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::letters::of_value;
use crate::notation;
use crate::report::{Answer, Judged, Question, Report, Style, Value};

/// The field that names the sheet.
pub const SHEET: &str = "sheet";

/// The widest name that comments wait for; they start in one column.
const WIDEST_NAME: usize = 34;

const HEAD: &str = r#"# Write each answer between its quotation marks, and leave what you do not have
# as it is. Then: backproof check FILE
#
#   a number    "416", "1/10", "-0.0333", "ln 2", "e^0.5/(1 + e^0.5)", "sqrt(2)"
#   a list      "[1/2, 0, 1/2]"; sizes also "24x24x16"; an empty one is "none"
#   a matrix    "[[1, 2], [3, 4]]" by rows, or "[1 2; 3 4]"
#   yes or no   "yes", "no"
#   a formula   "2*d*d_ff + d", every multiplication with its sign
#   no value    "none", where there is no such value
#
# Fractions and closed forms are held against the answer exactly, a decimal to the
# digits that you write.
"#;

/// The blank form of a sheet that `check` finds under this name.
#[must_use]
pub fn form(report: &Report, sheet: &str) -> String {
    let mut out = format!("# Answers: {}\n#\n{HEAD}\n", in_comment(&report.title));
    // A question of that name takes the table, and the sheet has to be named on the command line.
    if report.questions.iter().all(|q| q.id != SHEET) {
        let _ = writeln!(out, "{SHEET} = {}", quoted(sheet));
    }
    for question in &report.questions {
        let _ = writeln!(out, "\n{}", heading(question));
        let fronts = question.rows.iter().map(|r| front(r).chars().count());
        let width = fronts.filter(|w| *w <= WIDEST_NAME).max().unwrap_or(0);
        // The letters of all rows together, so that none tells which of them it takes.
        let letters = question.rows.iter().filter_map(|r| r.row.formula.as_ref());
        let letters: BTreeSet<String> = letters.flat_map(|e| e.variables()).collect();
        for row in &question.rows {
            let _ = writeln!(out, "{}", line(row, width, &letters));
        }
    }
    out
}

fn heading(question: &Question) -> String {
    let points = question.points.as_ref().map_or(String::new(), |points| {
        let text = notation::rational_text(points);
        format!(", {text} {}", if text == "1" { "point" } else { "points" })
    });
    let digits = question.digits;
    let decimals = if digits == 1 { "1 decimal" } else { &format!("{digits} decimals") };
    format!("[{}]\n# {}{points}; {decimals}", quoted(&question.id), in_comment(&question.title))
}

fn front(row: &Judged) -> String {
    format!("{} = \"\"", bare(&row.row.id))
}

fn line(row: &Judged, width: usize, letters: &BTreeSet<String>) -> String {
    if let Answer::NotRun { .. } = row.row.answer {
        return format!(
            "# {}: {}, not marked, as it takes a run",
            bare(&row.row.id),
            in_comment(&row.row.label)
        );
    }
    // A symbol such as 2/(m + L) would be the answer.
    let symbol = row.row.symbol.as_ref().map(notation::text);
    let symbol = symbol.filter(|s| *s != row.row.label && (row.row.known_by_symbol || !s.contains('/')));
    let name = symbol.map_or_else(|| row.row.label.clone(), |s| format!("{} {s}", row.row.label));
    let room = notation::pad_right(&front(row), width);
    format!("{room}  # {} ({})", in_comment(&name), wants(row, letters))
}

/// What a row wants, in words that do not depend on its value.
fn wants(row: &Judged, of_question: &BTreeSet<String>) -> String {
    let formula = |letters: &BTreeSet<String>| {
        let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
        if letters.is_empty() {
            "a formula".to_owned()
        } else {
            format!("a formula in {}", letters.join(", "))
        }
    };
    match row.row.answer.value() {
        Some(Value::Bool(_)) => "yes or no".to_owned(),
        Some(Value::Name(_)) => "a name".to_owned(),
        Some(Value::List(_)) if row.row.style == Style::Shape => "sizes".to_owned(),
        Some(Value::List(_)) if row.row.style == Style::Items => "a list, ascending".to_owned(),
        Some(value @ Value::List(items)) => match items.first() {
            Some(Value::Formula(_)) => format!("a list of {}, {}", items.len(), formula(&of_value(value))),
            _ => value.shape(),
        },
        Some(value @ Value::Formula(_)) => formula(&of_value(value)),
        Some(Value::Number(_)) => match &row.row.formula {
            Some(_) if !of_question.is_empty() => format!("a number, or {}", formula(of_question)),
            _ => "a number".to_owned(),
        },
        None => "a number".to_owned(),
    }
}

/// A key as TOML wants it: bare where it may be.
fn bare(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !key.is_empty() && key.chars().all(plain) { key.to_owned() } else { quoted(key) }
}

/// A text as TOML wants it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Text that a comment may hold, which ends with its line.
fn in_comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
