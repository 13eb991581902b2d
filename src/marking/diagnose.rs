//! Where a wrong value comes from is told here: the one mistake that gives it, or the person's own earlier values that it
//! follows from. Where more than one mistake gives it, nothing is said.

use std::collections::BTreeSet;

use num_traits::One;

use super::compare::is;
use super::read::Written;
use crate::kinds::{Mistake, Rule};
use crate::num::Rational;
use crate::report::Value;

/// How a wrong value can have come about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Slip {
    /// No mistake that is known gives it.
    Unknown,
    /// One does, and no other.
    One(String),
    /// More than one does.
    Several,
}

/// Which mistake gives what was written: of the catalogue, or else of those that any value can suffer.
pub(super) fn mistake(catalogue: &[Mistake], row: &str, written: &Written, right: &Value) -> Slip {
    let of_row = catalogue.iter().filter(|m| m.row == row && is(written, &m.value));
    let mut named: BTreeSet<&str> = of_row.map(|m| m.name.as_str()).collect();
    let usual = if named.is_empty() { usual(right) } else { Vec::new() };
    named.extend(usual.iter().filter(|(_, value)| is(written, value)).map(|(name, _)| *name));
    match (named.len(), named.first()) {
        (1, Some(name)) => Slip::One((*name).to_owned()),
        (0, _) => Slip::Unknown,
        _ => Slip::Several,
    }
}

/// Slips that any value of this shape can suffer.
fn usual(right: &Value) -> Vec<(&'static str, Value)> {
    let mut out = Vec::new();
    if let Some(turned) = negated(right) {
        let name = if matches!(right, Value::List(_)) { "every sign turned" } else { "the sign turned" };
        out.push((name, turned));
    }
    match right {
        Value::Number(x) => {
            if let Ok(Some(r)) = x.as_rational()
                && r.is_integer()
            {
                out.push(("one too many", (&r + Rational::one()).into()));
                out.push(("one too few", (&r - Rational::one()).into()));
            }
        }
        Value::List(items) => {
            if let Some(turned) = transposed(items) {
                out.push(("the transpose", turned));
            } else if items.len() > 1 {
                out.push((
                    "the entries in reverse order",
                    Value::List(items.iter().rev().cloned().collect()),
                ));
            }
        }
        Value::Bool(_) | Value::Formula(_) => {}
    }
    out
}

fn negated(value: &Value) -> Option<Value> {
    match value {
        Value::Number(x) => Some(Value::Number(x.neg())),
        Value::Formula(e) => Some(Value::Formula(e.negate())),
        Value::List(items) => items.iter().map(negated).collect::<Option<_>>().map(Value::List),
        Value::Bool(_) => None,
    }
}

/// The transpose of a matrix; `None` for what is no matrix.
fn transposed(items: &[Value]) -> Option<Value> {
    let rows: Vec<&[Value]> = items
        .iter()
        .map(|i| if let Value::List(row) = i { Some(row.as_slice()) } else { None })
        .collect::<Option<_>>()?;
    let width = rows.first()?.len();
    if width == 0 || rows.iter().any(|r| r.len() != width) {
        return None;
    }
    let column = |j: usize| Value::List(rows.iter().filter_map(|r| r.get(j).cloned()).collect());
    Some(Value::List((0..width).map(column).collect()))
}

/// What a rule starts from: the value that a person wrote for a row, or where they wrote none, the right one.
pub(super) struct Start {
    /// The value.
    pub value: Value,
    /// The person wrote it, and it is not exactly the right one.
    pub own: bool,
}

/// The rows of the person's own, by id, that a value rightly follows from; empty where no rule gives it.
pub(super) fn follows(
    rules: &[Rule<'_>],
    row: &str,
    written: &Written,
    start: impl Fn(&str) -> Option<Start>,
) -> Vec<String> {
    for rule in rules.iter().filter(|rule| rule.row == row) {
        let Some(starts) = rule.from.iter().map(|id| start(id)).collect::<Option<Vec<Start>>>() else {
            continue;
        };
        if !starts.iter().any(|s| s.own) {
            continue;
        }
        let values: Vec<&Value> = starts.iter().map(|s| &s.value).collect();
        if (rule.value)(&values).is_some_and(|value| is(written, &value)) {
            let own = rule.from.iter().zip(&starts).filter(|(_, s)| s.own);
            return own.map(|(id, _)| id.clone()).collect();
        }
    }
    Vec::new()
}
