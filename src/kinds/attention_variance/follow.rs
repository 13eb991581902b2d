//! How the variance of the scaled score follows from a person's variance of the score lives here.

use std::collections::BTreeMap;

use super::given::Given;
use super::solve::Moments;
use crate::expr::Expr;
use crate::kinds::Rule;
use crate::num::{Integer, Rational};
use crate::report::Value;

pub(super) fn rules(given: &Given) -> Vec<Rule<'_>> {
    // Var(aX) = a²·Var(X) with a = 1/√d_k.
    let scaled = |v: &[&Value]| match (v.first()?, given.d_k) {
        (Value::Number(x), Some(d)) if d > 0 => {
            Some(x.scale(&Rational::new(Integer::from(1), Integer::from(d))).into())
        }
        (Value::Formula(f), None) => {
            let quotient = f.over(&Expr::var("d_k"));
            // The answer is a number, where d_k cancels.
            let number = crate::expr::Normal::of(&quotient).ok().and_then(|n| n.as_rational().ok().flatten());
            Some(number.map_or(Value::Formula(quotient), Value::from))
        }
        _ => None,
    };
    vec![Rule::new("scaled-variance", &["variance"], scaled)]
}

/// The letters of the laws.
pub(super) fn letters(given: &Given) -> BTreeMap<String, Option<Expr>> {
    let moments = Moments::of(given);
    let d_k = given.d_k.map(|d| Expr::number(Rational::from_integer(Integer::from(d))));
    let values = [
        ("d_k", d_k),
        ("mu", Some(Expr::number(moments.mean))),
        ("sigma", Some(Expr::number(moments.variance).sqrt())),
    ];
    values.map(|(name, value)| (name.to_owned(), value)).into()
}
