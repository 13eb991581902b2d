//! Marked papers are printed here, for a terminal and as JSON: a row an answer, what was written, what comes of it. The
//! right values are not printed; `verify` and `explain` do that.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json, json as object};

use super::{Options, Paint, heading_of, printable, wrap};
use crate::marking::{MarkedQuestion, MarkedRow, Paper, Tally, Verdict};
use crate::notation::{self, display_width, pad_right};
use crate::num::decimal::rational_decimal;
use crate::num::{Rational, ratio};
use crate::report::Judged;

/// The version of the JSON.
const FORMAT: u32 = 1;
/// Columns before a row's label.
const INDENT: usize = 5;
/// Widest label and widest text that get a column of their own; the verdict takes what is left.
const WIDEST_LABEL: usize = 24;
const WIDEST_TEXT: usize = 22;
/// Longest text of an answer that is shown in full, in characters.
const LONGEST_TEXT: usize = 66;

/// The screen of one paper; its name stands above it where several are marked.
#[must_use]
pub fn marks(paper: &Paper, named: bool, options: &Options) -> String {
    let mut out = String::new();
    if named {
        let _ = writeln!(out, "{}\n", options.paint(Paint::Bold, &printable(&paper.name)));
    }
    for question in &paper.questions {
        question_lines(question, options, &mut out);
    }
    for line in wrap(&summary(paper), options.width) {
        let _ = writeln!(out, "{line}");
    }
    out
}

/// The mark of a verdict and its colour.
fn mark(verdict: Verdict) -> (&'static str, Paint) {
    match verdict {
        Verdict::Exact | Verdict::Digits | Verdict::Near => ("✓", Paint::Green),
        Verdict::TooFew | Verdict::Off => ("≈", Paint::Yellow),
        Verdict::Wrong => ("✗", Paint::Red),
        Verdict::Unreadable => ("?", Paint::Red),
        Verdict::Blank | Verdict::NotJudged => ("–", Paint::Dim),
    }
}

/// Whether a row is printed: rows that did not run and were left alone never are.
fn is_shown(row: &MarkedRow, options: &Options) -> bool {
    let left_alone = row.verdict == Verdict::NotJudged && row.text.is_none();
    let in_order = row.verdict.is_right() && !row.short;
    !(left_alone || options.quiet && in_order)
}

/// Whether nothing was written for a question.
fn is_blank(question: &MarkedQuestion) -> bool {
    question.rows.iter().all(|r| r.text.is_none())
}

fn question_lines(question: &MarkedQuestion, options: &Options, out: &mut String) {
    let rows: Vec<&MarkedRow> = question.rows.iter().filter(|r| is_shown(r, options)).collect();
    // A question that was not begun is named in the summary.
    if rows.is_empty() || is_blank(question) {
        return;
    }
    let _ = writeln!(out, "{}", heading_of(&question.id, &question.title, question.points.as_ref(), options));
    let widest = |all: &mut dyn Iterator<Item = usize>, most: usize| all.max().unwrap_or(0).min(most);
    let label = widest(&mut rows.iter().map(|r| display_width(&name(&r.row))), WIDEST_LABEL);
    let text = widest(&mut rows.iter().map(|r| display_width(&shown(r))), WIDEST_TEXT);
    let room = options.width.saturating_sub(INDENT + label + text + 6).max(20);
    for row in &rows {
        let cells = [wrap(&name(&row.row), label.max(1)), broken(&shown(row), text.max(1))];
        let said = wrap(&said(row), room);
        let height = cells.iter().map(Vec::len).max().unwrap_or(0).max(said.len());
        let (sign, paint) = mark(row.verdict);
        for i in 0..height {
            let at = |lines: &[String], width| pad_right(lines.get(i).map_or("", String::as_str), width);
            let [names, texts] = &cells;
            let sign = if i == 0 { options.paint(paint, sign) } else { " ".to_owned() };
            let line = format!(
                "{}{}  {}  {sign} {}",
                " ".repeat(INDENT),
                at(names, label),
                at(texts, text),
                said.get(i).map_or("", String::as_str)
            );
            let _ = writeln!(out, "{}", line.trim_end());
        }
    }
    let line = format!("{}{}", " ".repeat(INDENT), options.paint(Paint::Dim, &right_of(question)));
    let _ = writeln!(out, "{line}\n");
    for fault in rows.iter().filter_map(|r| r.fault.as_ref()) {
        let _ = writeln!(out, "{}", fault.render(options.color));
    }
}

/// What was written, in one line, its middle cut out where it is long.
fn shown(row: &MarkedRow) -> String {
    let text = row.text.as_deref().unwrap_or("");
    let line = printable(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    let count = line.chars().count();
    if count <= LONGEST_TEXT {
        return line;
    }
    let end = line.chars().skip(count - LONGEST_TEXT / 4);
    line.chars().take(LONGEST_TEXT * 3 / 4 - 1).chain(['…']).chain(end).collect()
}

/// Breaks text at spaces, and words that are wider than the column inside.
fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in wrap(text, width) {
        let mut part = String::new();
        for c in line.chars() {
            if display_width(&part) + display_width(c.encode_utf8(&mut [0; 4])) > width {
                lines.push(std::mem::take(&mut part));
            }
            part.push(c);
        }
        lines.push(part);
    }
    lines
}

/// The verdict in words, what to know about it, and where the value comes from.
fn said(row: &MarkedRow) -> String {
    let mut out = row.verdict.words().to_owned();
    // The place of a wrong entry helps only where nothing says where it comes from.
    match &row.diagnosis {
        None if row.verdict == Verdict::Wrong && !row.follows.is_empty() => {}
        Some(name) => {
            let _ = write!(out, ": {name}");
        }
        None if row.detail.is_empty() => {}
        None if row.verdict == Verdict::Exact || row.short => {
            let _ = write!(out, " ({})", row.detail);
        }
        None => {
            let _ = write!(out, ": {}", row.detail);
        }
    }
    if !row.follows.is_empty() {
        let _ = write!(out, "; {}", consistent(row));
    }
    printable(&out)
}

/// `consistent with your p̂`
fn consistent(row: &MarkedRow) -> String {
    let names = match row.follows.as_slice() {
        [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        all => all.join(", "),
    };
    format!("consistent with your {names}")
}

/// A number of points: exact where it is a short decimal, else rounded and said to be.
fn points(value: &Rational) -> String {
    if (value * ratio(100, 1)).is_integer() {
        let text = rational_decimal(value, 2);
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    format!("≈ {}", rational_decimal(value, 2))
}

fn right_of(question: &MarkedQuestion) -> String {
    let tally = question.tally();
    let mut out = format!("rows right: {} of {}", tally.right(), tally.rows);
    if let (Some(right), Some(all)) = (question.points_for(tally.right()), question.points_for(tally.rows)) {
        let _ = write!(out, "; points: {} of {}", points(&right), notation::rational_text(&all));
        if tally.follow > 0
            && let Some(more) = question.points_for(tally.right() + tally.follow)
        {
            let _ = write!(out, ", {} with follow-through", points(&more));
        }
    }
    out
}

fn summary(paper: &Paper) -> String {
    let t: Tally = paper.tally();
    let parts = [
        (t.exact, "exact"),
        (t.digits, "right to the digits written"),
        (t.near, "within tolerance"),
        (t.too_few, "with too few digits"),
        (t.off, "off in the last digit"),
        (t.wrong, "wrong"),
        (t.unreadable, "not readable"),
        (t.blank, "blank"),
    ];
    let told: Vec<String> =
        parts.iter().filter(|p| p.0 > 0).map(|(n, words)| format!("{n} {words}")).collect();
    let answers = if t.rows == 1 { "answer" } else { "answers" };
    let mut out = format!("{} {answers}: {} right", t.rows, t.right());
    if !told.is_empty() {
        let _ = write!(out, " ({})", told.join(", "));
    }
    out.push('.');
    let blank: Vec<String> =
        paper.questions.iter().filter(|q| is_blank(q)).map(|q| printable(&q.id)).collect();
    if !blank.is_empty() {
        let _ = write!(out, " Not begun: {}.", blank.join(", "));
    }
    if t.short > 0 {
        let _ = write!(out, " {} with fewer decimals than asked.", t.short);
    }
    if t.follow > 0 {
        let verb = if t.follow == 1 { "follows" } else { "follow" };
        let _ = write!(out, " {} {verb} rightly from an earlier value.", t.follow);
    }
    if t.not_judged > 0 {
        let _ = write!(out, " {} not judged.", t.not_judged);
    }
    if let Some((right, followed, all)) = paper.points() {
        let _ = write!(out, " Points: {} of {}", points(&right), points(&all));
        if followed != right {
            let _ = write!(out, ", {} with follow-through", points(&followed));
        }
        out.push('.');
    }
    out
}

/// Papers as one JSON object, indented.
#[must_use]
pub fn marks_json(papers: &[Paper]) -> String {
    let object = object!({
        "format": FORMAT,
        "papers": papers.iter().map(paper_json).collect::<Vec<_>>(),
    });
    serde_json::to_string_pretty(&object).unwrap_or_default()
}

fn paper_json(paper: &Paper) -> Json {
    object!({
        "file": paper.name,
        "title": paper.title,
        "questions": paper.questions.iter().map(question_json).collect::<Vec<_>>(),
        "summary": tally_json(&paper.tally(), paper.points()),
    })
}

fn question_json(question: &MarkedQuestion) -> Json {
    let tally = question.tally();
    let of = |rows: usize| question.points_for(rows);
    let points = match (of(tally.right()), of(tally.right() + tally.follow), of(tally.rows)) {
        (Some(right), Some(followed), Some(all)) => Some((right, followed, all)),
        _ => None,
    };
    object!({
        "id": question.id,
        "kind": question.kind,
        "title": question.title,
        "rows": question.rows.iter().map(|row| row_json(row, question)).collect::<Vec<_>>(),
        "summary": tally_json(&tally, points),
    })
}

fn tally_json(t: &Tally, points: Option<(Rational, Rational, Rational)>) -> Json {
    let points = points.map(|(right, followed, all)| {
        object!({
            "right": right.to_string(),
            "with-follow-through": followed.to_string(),
            "of": all.to_string(),
        })
    });
    object!({
        "rows": t.rows,
        "right": t.right(),
        "exact": t.exact,
        "digits": t.digits,
        "short": t.short,
        "near": t.near,
        "too-few": t.too_few,
        "off": t.off,
        "wrong": t.wrong,
        "follow": t.follow,
        "unreadable": t.unreadable,
        "blank": t.blank,
        "not-judged": t.not_judged,
        "points": points,
    })
}

fn row_json(row: &MarkedRow, question: &MarkedQuestion) -> Json {
    let mut out = Map::new();
    out.insert("id".into(), format!("{}.{}", question.id, row.row.row.id).into());
    out.insert("label".into(), row.row.row.label.clone().into());
    out.insert("written".into(), row.text.clone().into());
    out.insert("verdict".into(), row.verdict.key().into());
    out.insert("detail".into(), row.detail.clone().into());
    out.insert("diagnosis".into(), row.diagnosis.clone().into());
    out.insert("follows".into(), row.follows.clone().into());
    if let Some((line, column)) = row.fault.as_ref().and_then(|fault| fault.line_column()) {
        out.insert("line".into(), line.into());
        out.insert("column".into(), column.into());
    }
    if let Some(help) = row.fault.as_ref().and_then(|fault| fault.help_text()) {
        out.insert("help".into(), help.into());
    }
    Json::Object(out)
}

/// A row's name; a symbol such as 2/(m + L) would be the answer.
fn name(row: &Judged) -> String {
    let shown = super::verify::name(row);
    if row.row.known_by_symbol || !shown.contains('/') { shown } else { row.row.label.clone() }
}
