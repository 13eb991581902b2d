//! Where a wrong value comes from is told here: the one mistake that gives it, or the person's own earlier values that it
//! follows from. Where more than one mistake gives it, nothing is said.

use std::collections::{BTreeSet, HashMap};

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

/// Mistakes of the catalogue that what was written fits as well as the right value, each once and in its order.
pub(super) fn also_fit<'a>(
    catalogue: &'a [Mistake],
    row: &str,
    written: &Written,
    right: &Value,
) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for m in catalogue.iter().filter(|m| m.row == row) {
        if !names.contains(&m.name.as_str()) && is(written, &m.value) && m.value.same(right) != Some(true) {
            names.push(&m.name);
        }
    }
    names
}

/// Slips that any value of this shape can suffer.
fn usual(right: &Value) -> Vec<(&'static str, Value)> {
    let mut out = Vec::new();
    if let Some(turned) = right.negated() {
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
            if let Some(turned) = right.transposed().filter(|t| t.entries() > 0) {
                out.push(("the transpose", turned));
            } else if items.len() > 1 {
                out.push((
                    "the entries in reverse order",
                    Value::List(items.iter().rev().cloned().collect()),
                ));
            }
        }
        Value::Bool(_) | Value::Formula(_) | Value::Name(_) => {}
    }
    out
}

/// What a rule starts from: the value that a person wrote for a row, or where they wrote none, what follows from their
/// earlier ones, or the right one.
#[derive(Clone)]
pub(super) struct Start {
    /// The value.
    pub value: Value,
    /// The person's own rows, by id, that make it another than the right one: itself, or what a blank row follows from.
    pub own: Vec<String>,
}

/// Rules by the row that follows.
pub(super) struct Rules<'a>(HashMap<&'a str, Vec<&'a Rule<'a>>>);

impl<'a> Rules<'a> {
    pub(super) fn of(rules: &'a [Rule<'a>]) -> Self {
        let mut by_row: HashMap<&str, Vec<&Rule<'a>>> = HashMap::new();
        for rule in rules {
            by_row.entry(&rule.row).or_default().push(rule);
        }
        Self(by_row)
    }

    /// What follows for a row, by every rule that starts from a value of the person's own.
    fn values(
        &self,
        row: &str,
        start: impl Fn(&str) -> Option<Start>,
    ) -> impl Iterator<Item = (Value, Vec<String>)> {
        self.0.get(row).into_iter().flatten().filter_map(move |rule| {
            let starts = rule.from.iter().map(|id| start(id)).collect::<Option<Vec<Start>>>()?;
            let mut own: Vec<String> = Vec::new();
            for id in starts.iter().flat_map(|s| &s.own) {
                if !own.contains(id) {
                    own.push(id.clone());
                }
            }
            if own.is_empty() {
                return None;
            }
            let values: Vec<&Value> = starts.iter().map(|s| &s.value).collect();
            (rule.value)(&values).map(|value| (value, own))
        })
    }

    /// What a blank row is for a person who went on with values of their own; `None` where none of them bears on it.
    pub(super) fn carried(&self, row: &str, start: impl Fn(&str) -> Option<Start>) -> Option<Start> {
        self.values(row, start).next().map(|(value, own)| Start { value, own })
    }

    /// The rows of the person's own, by id, that a value rightly follows from; empty where no rule gives it.
    pub(super) fn follows(
        &self,
        row: &str,
        written: &Written,
        start: impl Fn(&str) -> Option<Start>,
    ) -> Vec<String> {
        self.values(row, start).find(|(value, _)| is(written, value)).map(|(_, own)| own).unwrap_or_default()
    }
}
