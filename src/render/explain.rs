//! The worked steps are printed here: formula, numbers filled in, result; then how the answer was checked.

use std::fmt::Write as _;

use super::{Options, Paint, asked_for, heading, mark, notices, value, wrap};
use crate::notation::{text, text_block_within};
use crate::report::{Judged, Outcome, Question, Report, Strength};

/// Columns before a row's text.
const INDENT: usize = 5;

/// Columns before a formula.
const FORMULA: usize = 9;

/// Digits from here on are not counted out: an enclosure that is a point has any number of them.
const MOST_DIGITS: u32 = 100;

/// The steps of every row; of those that are not green, where that is asked for.
#[must_use]
pub fn explain(report: &Report, options: &Options) -> String {
    let report = &asked_for(report, options);
    let mut out = String::new();
    for question in report.questions.iter().filter(|q| !q.rows.is_empty()) {
        let _ = writeln!(out, "{}\n", heading(question, options));
        for row in &question.rows {
            explain_row(&mut out, row, question, options);
        }
    }
    let lines = if options.quiet { Vec::new() } else { notices(report, options) };
    if !lines.is_empty() {
        let _ = writeln!(out, "{}", lines.join("\n"));
    }
    out
}

fn explain_row(out: &mut String, row: &Judged, question: &Question, options: &Options) {
    let mut title = row.row.label.clone();
    if let Some(symbol) = row.row.symbol.as_ref().map(text).filter(|s| *s != title) {
        let _ = write!(title, "  {symbol}");
    }
    let pad = " ".repeat(INDENT);
    let _ = writeln!(out, "{pad}{}", options.paint(Paint::Bold, &title));
    for step in &row.row.steps {
        paragraph(out, &step.words, INDENT, options);
        for math in &step.math {
            for line in text_block_within(math, options.width.saturating_sub(FORMULA)) {
                let _ = writeln!(out, "{}{}", " ".repeat(FORMULA), line.trim_end());
            }
        }
    }
    let width = options.width.saturating_sub(FORMULA + 2);
    let answer = value::answer(row, options.rounding(question), width);
    for (i, line) in answer.iter().enumerate() {
        // A value without a short closed form brings its own sign.
        let lead = if i > 0 {
            "  "
        } else if line.starts_with('≈') {
            ""
        } else {
            "→ "
        };
        let _ = writeln!(out, "{pad}{lead}{}", line.trim_end());
    }
    if let Some(reason) = row.row.answer.reason() {
        paragraph(out, reason, INDENT + 2, options);
    }
    for remark in &row.row.remarks {
        paragraph(out, remark, INDENT + 2, options);
    }
    for verdict in &row.verdicts {
        let (sign, paint) = match &verdict.outcome {
            Outcome::Holds(_) => mark(crate::report::Status::Holds),
            Outcome::Fails(_) => mark(crate::report::Status::Fails),
            Outcome::Undecided(_) => mark(crate::report::Status::Undecided),
        };
        let said = match &verdict.outcome {
            Outcome::Holds(Strength::Enclosed { digits }) if *digits >= MOST_DIGITS => {
                format!("enclosed, {MOST_DIGITS}+ digits")
            }
            Outcome::Holds(Strength::Enclosed { digits }) => format!("enclosed, {digits} digits"),
            Outcome::Holds(s) => s.word().to_owned(),
            Outcome::Fails(witness) => format!("fails, {witness}"),
            Outcome::Undecided(why) => format!("undecided, {why}"),
        };
        let text = format!("{said}: {}: {}", verdict.source, verdict.detail);
        for (i, line) in wrap(&text, options.width.saturating_sub(INDENT + 2)).iter().enumerate() {
            let lead = if i == 0 { options.paint(paint, sign) } else { " ".to_owned() };
            let _ = writeln!(out, "{pad}{lead} {}", options.paint(Paint::Dim, line));
        }
    }
    out.push('\n');
}

fn paragraph(out: &mut String, words: &str, indent: usize, options: &Options) {
    if words.is_empty() {
        return;
    }
    for line in wrap(words, options.width.saturating_sub(indent)) {
        let _ = writeln!(out, "{}{line}", " ".repeat(indent));
    }
}
