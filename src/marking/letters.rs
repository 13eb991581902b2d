//! The letters that the formulas of a question are written in live here: which there are, and which a text uses. Whether a
//! formula is right is not known here.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::expr::{Expr, Monomial, Node, Normal, as_polynomial};
use crate::num::Rational;
use crate::report::{Question, Value};

/// The most letters that an error lists.
const LISTED: usize = 12;
/// Names in a formula that are no letters.
const FUNCTIONS: [&str; 4] = ["exp", "log", "ln", "sqrt"];

/// The letters of a value's formulas.
pub(super) fn of_value(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Formula(e) => e.variables(),
        Value::List(items) => items.iter().flat_map(of_value).collect(),
        _ => BTreeSet::new(),
    }
}

/// The letters of a question: those of all its formulas, so that none tells which of them it takes, and those that the
/// problem has.
pub(super) fn of_question(question: &Question, given: &BTreeMap<String, Option<Expr>>) -> BTreeSet<String> {
    let answers = question.rows.iter().filter_map(|r| r.row.answer.value()).flat_map(of_value);
    let beside = question.rows.iter().filter_map(|r| r.row.formula.as_ref()).flat_map(Expr::variables);
    answers.chain(beside).chain(given.keys().cloned()).collect()
}

/// Where the names of a formula stand in its text, functions left out.
pub(super) fn names(text: &str) -> Vec<Range<usize>> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some(c) = rest.chars().next()
    {
        let word = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        if word > 0 && !c.is_ascii_digit() && !rest.get(..word).is_some_and(|w| FUNCTIONS.contains(&w)) {
            out.push(at..at + word);
        }
        // A number takes its exponent with it: 2e5 has no letter.
        at += word.max(c.len_utf8());
    }
    out
}

/// Letters in a list, cut short.
pub(super) fn listed(letters: &BTreeSet<String>) -> String {
    let first: Vec<&str> = letters.iter().take(LISTED).map(String::as_str).collect();
    let more = if letters.len() > LISTED { ", …" } else { "" };
    format!("{}{more}", first.join(", "))
}

/// A formula with values in the place of letters.
///
/// An irrational root has no normal form: the square of such a letter is put in, and where a single one is left over, it
/// stays a letter. As 1 and the root are independent over the rationals, that tells formulas apart as well.
pub(super) fn filled(formula: &Expr, values: &BTreeMap<String, Expr>) -> Expr {
    let square = |name: &str| match values.get(name)?.node() {
        Node::Sqrt(square) => Some(square.clone()),
        _ => None,
    };
    let (roots, plain): (BTreeMap<_, _>, BTreeMap<_, _>) = values
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .partition(|(name, _)| square(name).is_some());
    let filled = formula.substitute(&plain);
    if roots.is_empty() {
        return filled;
    }
    let Ok(polynomial) = as_polynomial(&filled) else { return filled.substitute(&roots) };
    let power = |(name, n): (&str, u32)| match square(name) {
        Some(square) => Expr::product([square.pow(i64::from(n / 2)), Expr::var(name).pow(i64::from(n % 2))]),
        None => Expr::var(name).pow(i64::from(n)),
    };
    let term = |(monomial, c): (&Monomial, &Rational)| {
        Expr::product(std::iter::once(Expr::number(c.clone())).chain(monomial.iter().map(power)))
    };
    Expr::sum(polynomial.iter().map(term))
}

/// A formula with the sheet's values in the place of its letters, where it is a number then.
pub(super) fn number(formula: &Expr, given: &BTreeMap<String, Option<Expr>>) -> Option<Rational> {
    let values: BTreeMap<String, Expr> =
        given.iter().filter_map(|(name, value)| Some((name.clone(), value.clone()?))).collect();
    Normal::of(&filled(formula, &values)).ok()?.as_rational().ok()?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_numbers_and_functions_are_not() {
        let found = |text: &str| -> Vec<String> {
            names(text).into_iter().map(|at| text.get(at).unwrap_or("").to_owned()).collect()
        };
        assert_eq!(found("4*d^2 + 2e5*d_ff"), ["d", "d_ff"]);
        assert_eq!(found("sqrt(x1)−ln(e)"), ["x1", "e"]);
        assert!(found("1e-3 + 5").is_empty());
    }
}
