//! Values become text here, exact or rounded, in a line or over several; layout of rows is elsewhere.

use crate::notation::{self, Math, closed_form, display_width, pad_left};
use crate::num::decimal::{MAX_DIGITS, finite_digits, rational_decimal};
use crate::num::logarithm::LogArgument;
use crate::num::{Exact, Form, Rational, Rounding};
use crate::report::{Answer, Judged, Status, Style, Value};

/// Largest denominator that a table shows as a fraction although the number has a short decimal.
const SMALL_DENOMINATOR: u32 = 12;

/// Longest closed form that is shown in a line of a table.
const SHORT: usize = 24;

/// Lines that a whole number may take in a table.
const MOST_LINES: usize = 3;

/// Digits at each end of a whole number that would take more.
const END_DIGITS: usize = 8;

/// The minus sign of print in place of the hyphen.
pub(super) fn print_minus(text: &str) -> String {
    text.replace('-', "−")
}

/// A value as a formula: numbers in closed form, lists as columns and matrices. `None` where a number has none.
pub(super) fn math(value: &Value) -> Option<Math> {
    match value {
        Value::Bool(b) => Some(Math::Words(if *b { "yes" } else { "no" }.to_owned())),
        Value::Number(x) => closed_form(x),
        Value::Formula(e) => Some(e.to_math()),
        Value::Name(name) => Some(Math::Words(super::printable(name))),
        Value::List(items) => {
            if let Some(rows) = matrix(items) {
                let rows =
                    rows.iter().map(|r| r.iter().map(math).collect()).collect::<Option<Vec<Vec<_>>>>()?;
                return Some(Math::Matrix(rows));
            }
            Some(Math::List(items.iter().map(math).collect::<Option<Vec<_>>>()?))
        }
    }
}

/// The rows of a matrix: a non-empty list of lists of one length.
pub(super) fn matrix(items: &[Value]) -> Option<Vec<&[Value]>> {
    let rows: Vec<&[Value]> = items
        .iter()
        .map(|i| if let Value::List(row) = i { Some(row.as_slice()) } else { None })
        .collect::<Option<_>>()?;
    let width = rows.first()?.len();
    let flat = |r: &[Value]| r.iter().all(|v| !matches!(v, Value::List(_)));
    (width > 0 && rows.iter().all(|r| r.len() == width && flat(r))).then_some(rows)
}

/// All numbers of a value, in order; `None` where something else is among them.
fn numbers(value: &Value) -> Option<Vec<&Exact>> {
    match value {
        Value::Number(x) => Some(vec![x]),
        Value::List(items) => {
            let all: Option<Vec<Vec<&Exact>>> = items.iter().map(numbers).collect();
            Some(all?.into_iter().flatten().collect())
        }
        _ => None,
    }
}

/// The rationals of a value, where all its numbers are rational.
fn rationals(value: &Value) -> Option<Vec<Rational>> {
    numbers(value)?.into_iter().map(|x| x.as_rational().ok().flatten()).collect()
}

/// How the numbers of one value are written, so that they all are written alike.
#[derive(Debug, Clone, Copy)]
enum Manner {
    /// Fractions and closed forms.
    Exact,
    /// Decimals that are exact, each with as many digits as it has.
    FiniteDecimals,
    /// Rounded decimals.
    Rounded(Rounding),
}

fn manner(value: &Value, rounding: Rounding) -> Manner {
    let Some(all) = rationals(value) else { return Manner::Rounded(rounding) };
    let small = Rational::from_integer(SMALL_DENOMINATOR.into());
    if all.iter().all(|r| r.denom() <= small.numer()) {
        return Manner::Exact;
    }
    let Rounding::Digits(digits) = rounding else { return Manner::Exact };
    if all.iter().all(|r| finite_digits(r, digits).is_some()) {
        Manner::FiniteDecimals
    } else {
        Manner::Exact
    }
}

fn number(x: &Exact, manner: Manner) -> String {
    match manner {
        Manner::Exact => {
            closed_form(x).map_or_else(|| rounded(x, Rounding::Digits(6)), |m| notation::text(&m))
        }
        Manner::FiniteDecimals => match x.as_rational() {
            Ok(Some(r)) => {
                // As many as `manner` allowed; fewer would round, and the number would be taken for exact.
                match finite_digits(&r, MAX_DIGITS) {
                    Some(digits) => print_minus(&rational_decimal(&r, digits)),
                    None => notation::rational_text(&r),
                }
            }
            _ => rounded(x, Rounding::Digits(6)),
        },
        Manner::Rounded(rounding) => match (x.as_rational(), rounding) {
            // A whole number among decimals stays whole: 0, 1.
            (Ok(Some(r)), _) if r.is_integer() => notation::rational_text(&r),
            _ => rounded(x, rounding),
        },
    }
}

/// A rounded decimal, or the word for one that could not be settled.
fn rounded(x: &Exact, rounding: Rounding) -> String {
    x.decimal(rounding).map_or_else(|_| "undecided".to_owned(), |t| print_minus(&t))
}

/// A value in lines no wider than `width`, all its numbers in one manner; the first that fits of: one line, a line a
/// row, its shape alone.
pub(super) fn lines(value: &Value, style: Style, rounding: Rounding, width: usize) -> Vec<String> {
    lines_in(value, style, manner(value, rounding), rounding, width)
}

fn lines_in(value: &Value, style: Style, manner: Manner, rounding: Rounding, width: usize) -> Vec<String> {
    match value {
        Value::Bool(b) => vec![if *b { "yes" } else { "no" }.to_owned()],
        Value::Formula(e) => super::wrap(&notation::text(&e.to_math()), width),
        Value::Name(name) => vec![super::printable(name)],
        Value::Number(x) => number_lines(x, rounding, width, false),
        Value::List(items) if style == Style::Shape => vec![sizes(items)],
        Value::List(items) => {
            if style == Style::Items && items.iter().any(|v| matches!(v, Value::List(_))) {
                let groups: Vec<String> = items.iter().map(|v| cell(v, manner)).collect();
                return super::wrap(&groups.join("; "), width);
            }
            let grid = |items: &[Value]| -> Vec<String> { items.iter().map(|v| cell(v, manner)).collect() };
            if let Some(rows) = matrix(items) {
                let rows: Vec<Vec<String>> = rows.iter().map(|r| grid(r)).collect();
                return matrix_lines(&rows, width)
                    .unwrap_or_else(|| vec![format!("{} (see tables)", value.shape())]);
            }
            list_lines(&grid(items), style, width)
                .unwrap_or_else(|| vec![format!("{} (see tables)", value.shape())])
        }
    }
}

fn cell(value: &Value, manner: Manner) -> String {
    match value {
        Value::Number(x) => number(x, manner),
        Value::Bool(b) => if *b { "yes" } else { "no" }.to_owned(),
        Value::Formula(e) => notation::text(&e.to_math()),
        Value::Name(name) => super::printable(name),
        Value::List(items) => {
            let inner: Vec<String> = items.iter().map(|v| cell(v, manner)).collect();
            if inner.is_empty() { "none".to_owned() } else { inner.join(", ") }
        }
    }
}

fn sizes(items: &[Value]) -> String {
    let all: Vec<String> = items.iter().map(|v| cell(v, Manner::Exact)).collect();
    all.join("×")
}

/// A number: its closed form where short, and its decimal where it is not rational or not short.
fn number_lines(x: &Exact, rounding: Rounding, width: usize, wanted: bool) -> Vec<String> {
    // However long, a whole number is not nearly but exactly itself.
    if let Ok(Some(r)) = x.as_rational()
        && r.is_integer()
    {
        return whole_lines(notation::rational_text(&r), width);
    }
    let exact = closed_form(x).map(|m| notation::text(&m)).filter(|t| display_width(t) <= SHORT.min(width));
    let decimal = || rounded(x, rounding);
    match (exact, x.as_rational()) {
        (Some(t), Ok(Some(_))) if !wanted => vec![t],
        (Some(t), _) => {
            let one = format!("{t} ≈ {}", decimal());
            if display_width(&one) <= width { vec![one] } else { vec![t, format!("≈ {}", decimal())] }
        }
        (None, _) => vec![format!("≈ {}", decimal())],
    }
}

/// A whole number: broken where it is wider than a line, shortened where it would take many.
fn whole_lines(text: String, width: usize) -> Vec<String> {
    let digits: Vec<char> = text.chars().collect();
    let width = width.max(1);
    if digits.len() <= width.saturating_mul(MOST_LINES) {
        return digits.chunks(width).map(|line| line.iter().collect()).collect();
    }
    let first: String = digits.iter().take(END_DIGITS).collect();
    let last: String = digits.iter().skip(digits.len().saturating_sub(END_DIGITS)).collect();
    let count = digits.iter().filter(|c| c.is_ascii_digit()).count();
    vec![format!("{first}…{last}"), format!("({count} digits)")]
}

fn matrix_lines(rows: &[Vec<String>], width: usize) -> Option<Vec<String>> {
    let columns = rows.first().map_or(0, Vec::len);
    let inline: Vec<String> = rows.iter().map(|r| r.join(" ")).collect();
    let inline = format!("[{}]", inline.join("; "));
    if display_width(&inline) <= width {
        return Some(vec![inline]);
    }
    let widths: Vec<usize> = (0..columns)
        .map(|c| rows.iter().filter_map(|r| r.get(c)).map(|t| display_width(t)).max().unwrap_or(0))
        .collect();
    if widths.iter().sum::<usize>() + 2 * columns > width || rows.len() > 12 {
        return None;
    }
    Some(
        rows.iter()
            .map(|r| {
                let cells: Vec<String> = r.iter().zip(&widths).map(|(t, w)| pad_left(t, *w)).collect();
                format!("[{}]", cells.join("  "))
            })
            .collect(),
    )
}

fn list_lines(items: &[String], style: Style, width: usize) -> Option<Vec<String>> {
    if items.is_empty() {
        return Some(vec!["none".to_owned()]);
    }
    let inline = items.join(", ");
    let inline = if style == Style::Items || items.len() == 1 { inline } else { format!("({inline})") };
    if display_width(&inline) <= width {
        return Some(vec![inline]);
    }
    if items.len() > 24 {
        return None;
    }
    let wrapped = super::wrap(&inline, width);
    wrapped.iter().all(|l| display_width(l) <= width).then_some(wrapped)
}

/// An answer in lines no wider than `width`.
pub(super) fn answer(row: &Judged, rounding: Rounding, width: usize) -> Vec<String> {
    match &row.row.answer {
        Answer::Value(Value::Number(x)) => number_lines(x, rounding, width, row.row.wants_decimal),
        Answer::Value(v) => lines(v, row.row.style, rounding, width),
        Answer::Absent { .. } => vec!["none".to_owned()],
        Answer::Undecided { .. } => vec!["undecided".to_owned()],
        Answer::NotRun { .. } => vec!["not run".to_owned()],
    }
}

/// An answer inside a sentence. Only a row that holds lends its value to a sentence.
pub(super) fn in_words(row: &Judged, rounding: Rounding) -> String {
    match (&row.row.answer, row.status) {
        (Answer::Value(v), Status::Holds) => match v {
            Value::Number(x) => match x.as_rational() {
                Ok(Some(r)) => notation::rational_text(&r),
                _ => rounded(x, rounding),
            },
            _ => lines(v, row.row.style, rounding, usize::MAX).join(" "),
        },
        (Answer::Absent { reason }, Status::Holds) => reason.clone(),
        (_, Status::NotRun) => "not run".to_owned(),
        _ => "undecided".to_owned(),
    }
}

/// The shape of an answer inside a sentence: `2×3`, `2`.
pub(super) fn shape(row: &Judged) -> String {
    match row.row.answer.value() {
        Some(Value::List(items)) => match matrix(items) {
            Some(rows) => format!("{}×{}", rows.len(), rows.first().map_or(0, |r| r.len())),
            None => items.len().to_string(),
        },
        Some(_) => "1".to_owned(),
        None => "undecided".to_owned(),
    }
}

/// A number as a formula in a manner.
fn number_math(x: &Exact, manner: Manner) -> Option<Math> {
    match manner {
        Manner::Exact => closed_form(x),
        Manner::FiniteDecimals => {
            let r = x.as_rational().ok().flatten()?;
            let text = rational_decimal(&r, finite_digits(&r, MAX_DIGITS)?);
            Some(decimal_number(&text))
        }
        Manner::Rounded(rounding) => match x.as_rational() {
            Ok(Some(r)) if r.is_integer() => Some(Math::Number(r)),
            _ => x.decimal(rounding).ok().map(|t| decimal_number(&t)),
        },
    }
}

/// A decimal as a formula, its sign outside.
fn decimal_number(text: &str) -> Math {
    match text.strip_prefix('-') {
        Some(size) => Math::Negative(Box::new(Math::Decimal(size.to_owned()))),
        None => Math::Decimal(text.to_owned()),
    }
}

fn nested_math(value: &Value, style: Style, manner: Manner) -> Option<Math> {
    match value {
        Value::Number(x) => number_math(x, manner),
        Value::List(items) => {
            if let Some(rows) = matrix(items) {
                let rows: Option<Vec<Vec<Math>>> = rows
                    .iter()
                    .map(|r| r.iter().map(|v| nested_math(v, Style::Plain, manner)).collect())
                    .collect();
                return Some(Math::Matrix(rows?));
            }
            let all: Option<Vec<Math>> = items.iter().map(|v| nested_math(v, Style::Plain, manner)).collect();
            Some(if style == Style::Items { Math::Sequence(all?) } else { Math::List(all?) })
        }
        _ => math(value),
    }
}

/// A value in LaTeX, mathematics in dollars, exact, its numbers all in one manner. `None` where a number has no closed
/// form.
pub(super) fn exact_latex(value: &Value, style: Style, rounding: Rounding) -> Option<String> {
    let manner = match manner(value, rounding) {
        Manner::Rounded(_) => Manner::Exact,
        other => other,
    };
    let dollars = |m: &Math| format!("${}$", notation::latex(m));
    match value {
        Value::List(items) if items.is_empty() => Some("none".to_owned()),
        Value::List(items) if style == Style::Shape => {
            let sizes: Option<Vec<String>> =
                items.iter().map(|v| nested_math(v, style, manner).map(|m| notation::latex(&m))).collect();
            // Sizes are set as a product that nobody works out.
            Some(format!("${}$", sizes?.join(r" \times ")))
        }
        Value::List(items) if style == Style::Items && items.iter().any(|v| matches!(v, Value::List(_))) => {
            let groups: Option<Vec<String>> = items
                .iter()
                .map(|group| match group {
                    Value::List(inner) if inner.is_empty() => Some("none".to_owned()),
                    _ => nested_math(group, style, manner).map(|m| dollars(&m)),
                })
                .collect();
            Some(groups?.join("; "))
        }
        _ => nested_math(value, style, manner).map(|m| dollars(&m)),
    }
}

/// A value as a formula, rounded.
pub(super) fn decimal_math(value: &Value, rounding: Rounding) -> Option<Math> {
    nested_math(value, Style::Plain, Manner::Rounded(rounding))
}

/// Whether a decimal says something new: a number is not rational, or it is asked for and not whole.
pub(super) fn has_decimal(value: &Value, wanted: bool) -> bool {
    let broken = || rationals(value).is_some_and(|all| all.iter().any(|r| !r.is_integer()));
    is_irrational(value) || (wanted && broken())
}

/// Whether a value holds a number that is not rational.
fn is_irrational(value: &Value) -> bool {
    numbers(value).is_some() && rationals(value).is_none()
}

/// A value in lines, exact; what has no short closed form is a dash, and its decimal stands elsewhere.
pub(super) fn exact_lines(value: &Value, style: Style, rounding: Rounding, width: usize) -> Vec<String> {
    if !is_irrational(value) {
        return lines(value, style, rounding, width);
    }
    match math(value).map(|m| notation::text_block_within(&m, width)) {
        Some(lines) if lines.len() <= 8 && lines.iter().all(|l| display_width(l) <= width) => lines,
        _ => vec!["—".to_owned()],
    }
}

/// A value in lines, rounded.
pub(super) fn decimal_lines(value: &Value, rounding: Rounding, width: usize) -> Vec<String> {
    match value {
        Value::Number(x) => vec![rounded(x, rounding)],
        _ => lines_in(value, Style::Plain, Manner::Rounded(rounding), rounding, width),
    }
}

/// A value as text that SymPy reads, nested lists in brackets; empty where a number has no closed form.
pub(super) fn plain_text(value: &Value) -> String {
    match value {
        Value::Bool(b) => b.to_string(),
        Value::Number(x) => closed_form(x).map_or(String::new(), |m| notation::plain(&m)),
        Value::Formula(e) => e.to_string(),
        Value::Name(name) => super::printable(name),
        Value::List(items) => format!("[{}]", items.iter().map(plain_text).collect::<Vec<_>>().join(", ")),
    }
}

/// A value's decimals as text, nested lists in brackets; empty where a decimal means nothing.
pub(super) fn plain_decimal(value: &Value, rounding: Rounding) -> String {
    match value {
        Value::Bool(_) | Value::Formula(_) | Value::Name(_) => String::new(),
        Value::Number(x) => x.decimal(rounding).unwrap_or_default(),
        Value::List(items) => {
            format!("[{}]", items.iter().map(|v| plain_decimal(v, rounding)).collect::<Vec<_>>().join(", "))
        }
    }
}

/// How many terms the closed forms of a value have together.
pub(super) fn terms(value: &Value) -> usize {
    match value {
        Value::Number(x) => match x.form() {
            Form::Quotient(q) => q.numerator().terms().len() + q.denominator().terms().len(),
            Form::Log(l) => l
                .terms()
                .iter()
                .map(|(_, u)| if let LogArgument::Sum(s) = u { s.terms().len() } else { 1 })
                .sum(),
            _ => 1,
        },
        Value::List(items) => items.iter().map(terms).sum(),
        Value::Bool(_) | Value::Formula(_) | Value::Name(_) => 1,
    }
}
