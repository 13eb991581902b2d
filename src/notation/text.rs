//! Formulas as one line of Unicode, for terminals, are printed here; parentheses were put in before.

use super::group::{bare_log, is_column, ratio_parts, subscript, superscript};
use super::symbol::{Name, nabla};
use super::{Math, Notation, Relation, grouped};
use crate::num::Rational;

/// A formula as one line of Unicode: `1/2·(10·x₁² + x₂²)`, `[10 0; 0 1]`, `∂J/∂W = e^(1/2)`.
#[must_use]
pub fn text(math: &Math) -> String {
    line(&grouped(math, Notation::Text))
}

/// A rational as text: `−3/4`, with a minus sign and not a hyphen.
#[must_use]
pub fn rational_text(value: &Rational) -> String {
    line(&grouped(&Math::num(value.clone()), Notation::Text))
}

/// One line for a node after the pass.
pub(super) fn line(node: &Math) -> String {
    match node {
        Math::Number(value) => match ratio_parts(value) {
            (numerator, Some(denominator)) => format!("{numerator}/{denominator}"),
            (integer, None) => integer,
        },
        Math::Decimal(digits) => digits.clone(),
        Math::Symbol(name) => Name::parse(name).text(),
        Math::Words(words) => words.clone(),
        Math::Negative(operand) => format!("−{}", line(operand)),
        Math::Sum(terms) => terms_joined(terms),
        Math::Product(factors) => {
            let parts: Vec<String> = factors.iter().map(line).collect();
            parts.join(product_sign(factors))
        }
        Math::Fraction(numerator, denominator) => format!("{}/{}", line(numerator), line(denominator)),
        Math::Power(base, exponent) => format!("{}{}", line(base), raised(exponent)),
        Math::Root(radicand) => format!("√{}", line(radicand)),
        Math::Apply(name, arguments) => apply(name, arguments),
        Math::Sub(base, index) => format!("{}{}", line(base), lowered(index)),
        Math::Transpose(operand) => format!("{}ᵀ", line(operand)),
        Math::Partial(of, by) => format!("∂{}/∂{}", line(of), line(by)),
        Math::Norm(operand) => format!("‖{}‖", line(operand)),
        Math::Abs(operand) => format!("|{}|", line(operand)),
        Math::Indicator(statement) => format!("1[{}]", line(statement)),
        Math::BigSum { index, from, to, body } => {
            format!("{} {}", sum_sign(index, from.as_deref(), to.as_deref()), line(body))
        }
        Math::Matrix(rows) => matrix(rows),
        Math::List(entries) => format!("({})", commas(entries)),
        Math::Chain(first, links) => {
            let mut out = line(first);
            for (relation, side) in links {
                out.push_str(&format!(" {} {}", relation_sign(*relation), line(side)));
            }
            out
        }
        Math::Sequence(items) => commas(items),
        Math::Group(inner) => format!("({})", line(inner)),
    }
}

fn commas(items: &[Math]) -> String {
    items.iter().map(line).collect::<Vec<_>>().join(", ")
}

fn terms_joined(terms: &[Math]) -> String {
    let mut out = String::new();
    for (i, term) in terms.iter().enumerate() {
        match term {
            _ if i == 0 => out.push_str(&line(term)),
            Math::Negative(size) => out.push_str(&format!(" − {}", line(size))),
            _ => out.push_str(&format!(" + {}", line(term))),
        }
    }
    out
}

/// Between factors: nothing where a transposed letter leads and all are single letters, qᵀk; wider where a ∂a/∂b is among them, so that the dot does not seem to belong to the ∂b.
pub(super) fn product_sign(factors: &[Math]) -> &'static str {
    let letter =
        |node: &Math| matches!(node, Math::Symbol(name) if Name::parse(name).text().chars().count() == 1);
    let transposed = |node: &Math| matches!(node, Math::Transpose(inner) if letter(inner));
    if factors.first().is_some_and(transposed) && factors.iter().all(|f| letter(f) || transposed(f)) {
        ""
    } else if factors.iter().any(|factor| matches!(factor, Math::Partial(..))) {
        " · "
    } else {
        "·"
    }
}

pub(super) fn raised(exponent: &Math) -> String {
    superscript(exponent).unwrap_or_else(|| format!("^{}", line(exponent)))
}

pub(super) fn lowered(index: &Math) -> String {
    subscript(index).unwrap_or_else(|| format!("_{}", line(index)))
}

pub(super) fn function_name(name: &str) -> String {
    if name == "log" { "ln".to_owned() } else { Name::parse(name).text() }
}

fn apply(name: &str, arguments: &[Math]) -> String {
    let function = function_name(name);
    let inside = commas(arguments);
    if let Some((nabla, _)) = nabla(name, arguments) {
        format!("{nabla}{inside}")
    } else if bare_log(name, arguments) {
        format!("{function} {inside}")
    } else if name == "E" {
        format!("{function}[{inside}]")
    } else {
        format!("{function}({inside})")
    }
}

pub(super) fn sum_sign(index: &Math, from: Option<&Math>, to: Option<&Math>) -> String {
    match (from, to) {
        (None, None) => match subscript(index) {
            Some(small) => format!("Σ{small}"),
            None => format!("Σ_({})", line(index)),
        },
        (Some(from), None) => format!("Σ_({} ≥ {})", line(index), line(from)),
        (None, Some(to)) => format!("Σ_({} ≤ {})", line(index), line(to)),
        (Some(from), Some(to)) => match (subscript(index), subscript(from), superscript(to)) {
            (Some(index), Some(from), Some(to)) => format!("Σ{index}₌{from}{to}"),
            _ => format!("Σ_({} = {}..{})", line(index), line(from), line(to)),
        },
    }
}

fn matrix(rows: &[Vec<Math>]) -> String {
    if is_column(rows) {
        let entries: Vec<String> = rows.iter().flatten().map(line).collect();
        return format!("({})ᵀ", entries.join(", "));
    }
    let cells: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(line).collect()).collect();
    let spaced = cells.iter().flatten().any(|cell| cell.contains(' '));
    let separator = if spaced { ", " } else { " " };
    let rows: Vec<String> = cells.iter().map(|row| row.join(separator)).collect();
    format!("[{}]", rows.join("; "))
}

pub(super) fn relation_sign(relation: Relation) -> &'static str {
    match relation {
        Relation::Equal => "=",
        Relation::NotEqual => "≠",
        Relation::Approx => "≈",
        Relation::Less => "<",
        Relation::LessEqual => "≤",
        Relation::Greater => ">",
        Relation::GreaterEqual => "≥",
        Relation::Implies => "⟹",
        Relation::In => "∈",
    }
}
