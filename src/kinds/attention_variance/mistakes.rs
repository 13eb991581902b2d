//! Wrong values that people give for the variance of attention scores live here, each with its name.

use num_traits::Zero;

use super::given::Given;
use super::solve::{Moments, times_d_k};
use crate::expr::Expr;
use crate::kinds::Mistake;
use crate::num::{Integer, Rational};
use crate::report::Value;

/// The usual mistakes; those that happen to give the right value are left out.
pub(super) fn usual(given: &Given) -> Vec<Mistake> {
    let m = Moments::of(given);
    let right = &m.product_variance;
    let square = &m.mean * &m.mean;
    let second = &m.variance + &square;
    let mut out = Vec::new();
    let mut add = |row: &str, name: &str, value: Value| {
        out.push(Mistake { row: row.to_owned(), name: name.to_owned(), value });
    };

    if !m.mean.is_zero() {
        if m.mean != square {
            add("mean", "the mean of an entry, not of a product", times_d_k(given, &m.mean));
        }
        add("mean", "a mean of zero taken for granted", Rational::zero().into());
    }
    let by_factor = [
        (&m.variance * &m.variance, "the mean left out"),
        (&second * &second, "the second moment, the squared mean not taken off"),
        (m.variance.clone(), "the variance of one entry in place of that of a product"),
    ];
    for (factor, name) in by_factor {
        if &factor != right {
            add("variance", name, times_d_k(given, &factor));
            add("scaled-variance", name, factor.into());
        }
    }
    if right.is_zero() {
        return out;
    }
    // The factor of d_k that the right answers do not have; it tells nothing where it is 1.
    match given.d_k {
        Some(1) => {}
        Some(d) => {
            let d = Rational::from_integer(Integer::from(d));
            add("variance", "d_k squared, as if the terms were one and the same", (right * &d * &d).into());
            add("variance", "d_k left out", right.clone().into());
            add("scaled-variance", "divided by d_k and not by its root", (right / &d).into());
            add("scaled-variance", "not scaled", (right * &d).into());
        }
        None => {
            let (d, v) = (Expr::var("d_k"), Expr::number(right.clone()));
            add("variance", "d_k squared, as if the terms were one and the same", (&v * &d.pow(2)).into());
            add("variance", "d_k left out", right.clone().into());
            add("scaled-variance", "divided by d_k and not by its root", v.over(&d).into());
            add("scaled-variance", "not scaled", (&v * &d).into());
        }
    }
    out
}
