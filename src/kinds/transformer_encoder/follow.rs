//! How later counts of a Transformer encoder follow from a person's earlier ones lives here.

use std::collections::BTreeMap;

use super::given::Given;
use crate::expr::Expr;
use crate::kinds::Rule;
use crate::num::{Exact, Integer, Rational};
use crate::report::Value;

fn number(value: &Value) -> Option<&Exact> {
    if let Value::Number(x) = value { Some(x) } else { None }
}

fn sum(values: &[&Value]) -> Option<Exact> {
    values.iter().try_fold(Exact::zero(), |sum, value| Some(sum.add(number(value)?)))
}

pub(super) fn rules(given: &Given) -> Vec<Rule<'_>> {
    let layers = Rational::from_integer(Integer::from(given.layers));
    vec![
        Rule::new("layer", &["attention", "feedforward", "norm"], |v| sum(v).map(Value::from)),
        Rule::new("total", &["layer", "final-norm"], move |v| {
            let [layer, last] = *v else { return None };
            Some(number(layer)?.scale(&layers).add(number(last)?).into())
        }),
    ]
}

/// The letters of the counts.
pub(super) fn letters(given: &Given) -> BTreeMap<String, Option<Expr>> {
    let value = |n: u64| Some(Expr::number(Rational::from_integer(Integer::from(n))));
    [("d", given.d), ("d_ff", given.d_ff), ("h", given.heads)]
        .map(|(name, n)| (name.to_owned(), value(n)))
        .into()
}
