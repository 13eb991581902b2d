//! Wrong values that people give live here, each with its name.

use num_traits::{One, Zero};

use super::Mistake;
use super::given::Given;
use super::solve;
use crate::num::{Exact, Rational, ratio};
use crate::report::{Row, Value};

/// The usual mistakes.
pub(super) fn usual(given: &Given) -> Vec<Mistake> {
    let rows = solve::rows(given);
    let number = |id: &str| rows.iter().find(|row| row.id == id).and_then(rational);
    let mut mistakes = Vec::new();
    let mut add = |row: &str, name: &str, value: Rational| {
        mistakes.push(Mistake {
            row: row.to_owned(),
            name: name.to_owned(),
            value: Exact::from(value).into(),
        });
    };
    if let (Some(l), Some(m)) = (number("L"), number("m"))
        && l != m
    {
        add("L", "L and m exchanged", m.clone());
        add("m", "L and m exchanged", l.clone());
        add("L", "the factor of the square in place of its second derivative", &l * ratio(1, 2));
        if !l.is_zero() && !m.is_zero() {
            add("condition-number", "m/L in place of L/m", &m / &l);
            add("step-strongly-convex", "1/(m + L)", (&m + &l).recip());
            add("step-strongly-convex", "2/L in place of 2/(m + L)", ratio(2, 1) / &l);
        }
        if !l.is_zero() {
            add("step-limit", "the bound of the convex theorem", l.recip());
        }
    }
    for row in ["k-convex", "k-strongly-convex", "k-exact"] {
        if let Some(k) = number(row) {
            if !k.is_zero() {
                add(row, "one iteration too few", &k - Rational::one());
            }
            add(row, "one iteration too many", &k + Rational::one());
        }
    }
    if let Some(k) = number("k-convex") {
        add("k-convex", "the two before tk forgotten", &k * ratio(2, 1));
    }
    mistakes
}

fn rational(row: &Row) -> Option<Rational> {
    match row.answer.value()? {
        Value::Number(x) => x.as_rational().ok().flatten(),
        _ => None,
    }
}
