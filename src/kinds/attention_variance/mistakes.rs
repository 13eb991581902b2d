//! Wrong values that people give for the variance of attention scores live here, each with its name.

use num_traits::{One, Signed, Zero};

use super::given::Given;
use super::solve::{Moments, saturations, times_d_k};
use crate::expr::Expr;
use crate::kinds::Mistake;
use crate::num::algebraic::Algebraic;
use crate::num::poly::Poly;
use crate::num::{Exact, Integer, Rational};
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
    saturation(given, &mut add);
    if right.is_zero() {
        return out;
    }
    let deviation = "the standard deviation in place of the variance";
    let (of_scores, of_scaled) = if right.is_one() { (None, None) } else { (root(right), root(right)) };
    if let Some(scaled) = of_scaled {
        add("scaled-variance", deviation, scaled.into());
    }
    // The factor of d_k that the right answers do not have; it tells nothing where it is 1.
    match given.d_k {
        Some(1) => {
            if let Some(root) = of_scores {
                add("variance", deviation, root.into());
            }
        }
        Some(d) => {
            let d = Rational::from_integer(Integer::from(d));
            add("variance", "d_k squared, as if the terms were one and the same", (right * &d * &d).into());
            add("variance", "d_k left out", right.clone().into());
            add("scaled-variance", "1/d_k in place of 1/√d_k", (right / &d).into());
            add("scaled-variance", "not scaled", (right * &d).into());
            let whole = right * &d;
            if !whole.is_one()
                && let Some(root) = root(&whole)
            {
                add("variance", deviation, root.into());
            }
            if let Some(root) = root(&d) {
                let wrong = root.scale(right);
                add("scaled-variance", "1/√d_k not squared in the variance", wrong.into());
            }
        }
        None => {
            let (d, v) = (Expr::var("d_k"), Expr::number(right.clone()));
            add("variance", "d_k squared, as if the terms were one and the same", (&v * &d.pow(2)).into());
            add("variance", "d_k left out", right.clone().into());
            add("variance", deviation, (&v * &d).sqrt().into());
            add("scaled-variance", "1/d_k in place of 1/√d_k", v.over(&d).into());
            add("scaled-variance", "1/√d_k not squared in the variance", (&v.pow(2) * &d).sqrt().into());
            add("scaled-variance", "not scaled", (&v * &d).into());
        }
    }
    out
}

/// √x of a positive number, where it is settled.
fn root(x: &Rational) -> Option<Exact> {
    let expr = Expr::number(x.clone()).sqrt();
    if let Some(root) = expr.as_number() {
        return Some(root.clone().into());
    }
    if !x.is_positive() {
        return None;
    }
    let poly = Poly::new(vec![-x.clone(), Rational::zero(), Rational::one()]);
    let above = x + Rational::one();
    Algebraic::new(&poly, &Rational::zero(), &above).ok().flatten().map(Exact::from)
}

/// The example's table with one column wrong.
fn saturation(given: &Given, add: &mut impl FnMut(&str, &str, Value)) {
    let Some(lines) = saturations(given) else { return };
    let table = |numbers: &dyn Fn(&Exact, &Exact) -> (Exact, Exact)| {
        let line = |line: &super::solve::Saturation| {
            let (largest, slope) = numbers(&line.largest, &line.slope);
            Value::from(vec![Exact::integer(line.length), line.gap.clone().into(), largest, slope])
        };
        Value::List(lines.iter().map(line).collect())
    };
    let one = Exact::one();
    for (name, wrong) in [
        ("the smaller probability", table(&|p, slope| (one.sub(p), slope.clone()))),
        ("p in place of its derivative p(1 − p)", table(&|p, _| (p.clone(), p.clone()))),
        ("1 − p in place of the derivative p(1 − p)", table(&|p, _| (p.clone(), one.sub(p)))),
        ("the derivative with the wrong sign", table(&|p, slope| (p.clone(), slope.neg()))),
    ] {
        add("saturation", name, wrong);
    }
}
