//! The screen of `verify` lives here: a row an answer, its value, the verdict; notices; a summary line.

use std::fmt::Write as _;

use super::{Options, Paint, heading, mark, notices, value, wrap};
use crate::notation::{display_width, pad_right, text};
use crate::report::{Judged, Outcome, Question, Report, Status, Summary};

/// Columns before a row's label.
const INDENT: usize = 5;

/// Widest label and widest value that get a column of their own; the verdict takes what is left.
const WIDEST_LABEL: usize = 24;
const WIDEST_VALUE: usize = 30;
/// What a verdict gets at least: a strength and a source.
const LEAST_VERDICT: usize = 20;

/// Widths of the columns of one question.
struct Columns {
    label: usize,
    value: usize,
    verdict: usize,
}

impl Columns {
    /// As narrow as the rows allow, so that verdicts have room.
    fn of(rows: &[&Judged], question: &Question, options: &Options) -> Self {
        let widest = |lines: Vec<String>| lines.iter().map(|l| display_width(l)).max().unwrap_or(0);
        let label = rows.iter().map(|r| display_width(&name(r))).max().unwrap_or(0).min(WIDEST_LABEL);
        // The sign and the blanks between columns take six.
        let room = options.width.saturating_sub(INDENT + label + 6);
        let widest_value = WIDEST_VALUE.min(room.saturating_sub(LEAST_VERDICT)).max(1);
        let value = rows
            .iter()
            .map(|r| widest(value::answer(r, options.rounding(question), widest_value)))
            .max()
            .unwrap_or(0)
            .min(widest_value);
        let verdict = room.saturating_sub(value).max(LEAST_VERDICT);
        Self { label, value, verdict }
    }
}

/// The whole screen.
#[must_use]
pub fn verify(report: &Report, options: &Options) -> String {
    let mut out = String::new();
    for question in &report.questions {
        let rows: Vec<&Judged> =
            question.rows.iter().filter(|r| !options.quiet || r.status != Status::Holds).collect();
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{}", heading(question, options));
        let columns = Columns::of(&rows, question, options);
        for row in rows {
            for line in row_lines(row, &columns, question, options) {
                let _ = writeln!(out, "{}", line.trim_end());
            }
        }
        out.push('\n');
    }
    if !options.quiet {
        let lines = notices(report, options);
        if !lines.is_empty() {
            let _ = writeln!(out, "{}\n", lines.join("\n"));
        }
    }
    for line in wrap(&summary(report), options.width) {
        let _ = writeln!(out, "{line}");
    }
    out
}

fn row_lines(row: &Judged, columns: &Columns, question: &Question, options: &Options) -> Vec<String> {
    let label = wrap(&name(row), columns.label);
    let value = value::answer(row, options.rounding(question), columns.value.max(1));
    let (sign, paint) = mark(row.status);
    let verdict: Vec<String> = wrap(&verdict(row, columns.verdict), columns.verdict);
    let height = label.len().max(value.len()).max(verdict.len());
    let cell = |cells: &[String], i: usize, width: usize| {
        let text = cells.get(i).map_or("", String::as_str);
        pad_right(text, width)
    };
    (0..height)
        .map(|i| {
            let sign = if i == 0 { options.paint(paint, sign) } else { " ".to_owned() };
            let said = options.paint(Paint::Dim, verdict.get(i).map_or("", String::as_str));
            format!(
                "{}{}  {}  {sign} {said}",
                " ".repeat(INDENT),
                cell(&label, i, columns.label),
                cell(&value, i, columns.value),
            )
        })
        .collect()
}

/// A row's name: its symbol where people know it by that, else its label, with its symbol where both fit.
pub(super) fn name(row: &Judged) -> String {
    let label = &row.row.label;
    let Some(symbol) = row.row.symbol.as_ref().map(text) else { return label.clone() };
    let both = format!("{label} {symbol}");
    if row.row.known_by_symbol && display_width(&symbol) <= WIDEST_LABEL {
        symbol
    } else if symbol != *label && display_width(&both) <= WIDEST_LABEL {
        both
    } else {
        label.clone()
    }
}

/// What is said of a row in a few words: the strength and the sources, or the reason. Sources that do not fit the
/// line are counted; `explain` names them all.
fn verdict(row: &Judged, width: usize) -> String {
    match row.status {
        Status::Holds => {
            let word = row.strength().map_or("", |s| s.word());
            let mut sources: Vec<&str> = Vec::new();
            for v in row.verdicts.iter().filter(|v| matches!(v.outcome, Outcome::Holds(_))) {
                if !sources.contains(&v.source) {
                    sources.push(v.source);
                }
            }
            match row.row.answer.reason() {
                // What was shown is the evidence's reason; the row's own stands in `explain`.
                Some(reason) => {
                    let shown = row.verdicts.iter().find(|v| v.holds()).map(|v| v.detail.as_str());
                    format!("{word}: {}", shown.filter(|d| !d.is_empty()).unwrap_or(reason))
                }
                None => {
                    let all = format!("{word}: {}", sources.join(", "));
                    match sources.first() {
                        Some(first) if sources.len() > 1 && display_width(&all) > width => {
                            format!("{word}: {first} +{}", sources.len() - 1)
                        }
                        _ => all,
                    }
                }
            }
        }
        Status::Fails => format!("fails: {}", failing(row)),
        Status::Undecided => format!("undecided: {}", row.reason().unwrap_or("no evidence about this row")),
        Status::NotRun => row.reason().unwrap_or("not run").to_owned(),
    }
}

fn failing(row: &Judged) -> String {
    let mut all: Vec<String> = Vec::new();
    for v in &row.verdicts {
        if let Outcome::Fails(witness) = &v.outcome {
            all.push(format!("{}: {witness}", v.source));
        }
    }
    all.join("; ")
}

/// The summary line. Short only where everything holds.
fn summary(report: &Report) -> String {
    let s: Summary = report.summary();
    let mut strengths: Vec<String> = Vec::new();
    for (n, word) in
        [(s.proved, "proved"), (s.decided, "decided"), (s.enclosed, "enclosed"), (s.measured, "measured")]
    {
        if n > 0 {
            strengths.push(format!("{n} {word}"));
        }
    }
    let answers = if s.answers == 1 { "answer" } else { "answers" };
    let hold = if s.hold == 1 { "holds" } else { "hold" };
    let mut out = format!("{} {answers}: {} {hold}", s.answers, s.hold);
    if !strengths.is_empty() {
        let _ = write!(out, " ({})", strengths.join(", "));
    }
    out.push('.');
    let rest = [(s.fail, "failed"), (s.undecided, "undecided"), (s.not_run, "left out")];
    let told: Vec<String> = rest
        .iter()
        .map(|(n, word)| if *n == 0 { format!("nothing {word}") } else { format!("{n} {word}") })
        .collect();
    let told = told.join(", ");
    let mut letters = told.chars();
    if let Some(first) = letters.next() {
        let _ = write!(out, " {}{}.", first.to_uppercase(), letters.as_str());
    }
    let left: Vec<String> = report
        .questions
        .iter()
        .flat_map(|q| {
            q.rows
                .iter()
                .filter(|r| r.status == Status::NotRun)
                .map(move |r| format!("{}.{}", q.id, r.row.id))
        })
        .collect();
    if !left.is_empty() {
        let _ = write!(out, " Did not run: {}.", left.join(", "));
    }
    out
}
