//! Formulas as ASCII that a person and SymPy read are printed here; parentheses were put in before.

use super::group::ratio_parts;
use super::symbol::plain_name;
use super::{Math, Notation, Relation, grouped};
use crate::num::Rational;

/// A formula in the spelling of SymPy: `9/40`, `exp(1/2)/(1 + exp(1/2))`, `10*x1**2`, `[[1, 2], [3, 4]]`.
///
/// Values (arithmetic, `exp`, `log`, `sqrt`, matrices and lists) are read by SymPy as they are meant. Statements, sums
/// with a sign and derivatives have a spelling as near to it as there is. Words pass through unchanged.
#[must_use]
pub fn plain(math: &Math) -> String {
    line(&grouped(math, Notation::Plain))
}

/// A rational in ASCII: `-3/4`, `5`.
#[must_use]
pub fn rational_plain(value: &Rational) -> String {
    plain(&Math::num(value.clone()))
}

fn line(node: &Math) -> String {
    match node {
        Math::Number(value) => match ratio_parts(value) {
            (numerator, Some(denominator)) => format!("{numerator}/{denominator}"),
            (integer, None) => integer,
        },
        Math::Decimal(digits) => digits.clone(),
        Math::Symbol(name) => plain_name(name),
        Math::Words(words) => words.clone(),
        Math::Negative(operand) => format!("-{}", line(operand)),
        Math::Sum(terms) => terms_joined(terms),
        Math::Product(factors) => factors.iter().map(line).collect::<Vec<_>>().join("*"),
        Math::Fraction(numerator, denominator) => format!("{}/{}", line(numerator), line(denominator)),
        Math::Power(base, exponent) => format!("{}**{}", line(base), line(exponent)),
        Math::Root(radicand) => format!("sqrt({})", line(radicand)),
        Math::Apply(name, arguments) => format!("{}({})", function_name(name), commas(arguments)),
        Math::Sub(base, index) => match (&**base, &**index) {
            (Math::Symbol(base), Math::Symbol(index)) => {
                format!("{}_{}", plain_name(base), plain_name(index))
            }
            (Math::Symbol(base), Math::Number(index)) if index.is_integer() => {
                format!("{}_{}", plain_name(base), index.numer())
            }
            _ => format!("Indexed({}, {})", line(base), line(index)),
        },
        Math::Transpose(operand) => format!("transpose({})", line(operand)),
        Math::Partial(of, by) => format!("Derivative({}, {})", line(of), line(by)),
        Math::Norm(operand) => format!("norm({})", line(operand)),
        Math::Abs(operand) => format!("Abs({})", line(operand)),
        Math::Indicator(statement) => format!("Indicator({})", line(statement)),
        Math::BigSum { index, from, to, body } => match (from, to) {
            (Some(from), Some(to)) => {
                format!("Sum({}, ({}, {}, {}))", line(body), line(index), line(from), line(to))
            }
            (Some(from), None) => format!("Sum({}, {} >= {})", line(body), line(index), line(from)),
            (None, Some(to)) => format!("Sum({}, {} <= {})", line(body), line(index), line(to)),
            (None, None) => format!("Sum({}, {})", line(body), line(index)),
        },
        Math::Matrix(rows) => {
            let rows: Vec<String> = rows.iter().map(|row| format!("[{}]", commas(row))).collect();
            format!("[{}]", rows.join(", "))
        }
        Math::List(entries) => format!("[{}]", commas(entries)),
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
            Math::Negative(size) => out.push_str(&format!(" - {}", line(size))),
            _ => out.push_str(&format!(" + {}", line(term))),
        }
    }
    out
}

fn function_name(name: &str) -> String {
    match name {
        "max" => "Max".to_owned(),
        "min" => "Min".to_owned(),
        "abs" => "Abs".to_owned(),
        _ => plain_name(name),
    }
}

fn relation_sign(relation: Relation) -> &'static str {
    match relation {
        Relation::Equal => "=",
        Relation::NotEqual => "!=",
        Relation::Approx => "~",
        Relation::Less => "<",
        Relation::LessEqual => "<=",
        Relation::Greater => ">",
        Relation::GreaterEqual => ">=",
        Relation::Implies => "=>",
        Relation::In => "in",
    }
}
