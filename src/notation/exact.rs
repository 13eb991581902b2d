//! Exact numbers become formulas here; how a formula is printed is the printers' business.

use num_traits::{One, Signed, Zero};

use super::Math;
use crate::num::algebraic::Algebraic;
use crate::num::exp_sum::ExpSum;
use crate::num::logarithm::{LogArgument, LogSum};
use crate::num::quotient::ExpQuotient;
use crate::num::{Exact, Form, Rational};

/// The closed form of a number; `None` where it has none that is short enough to be one.
#[must_use]
pub fn closed_form(x: &Exact) -> Option<Math> {
    match x.form() {
        Form::Rational(r) => Some(Math::Number(r.clone())),
        Form::Quotient(q) => Some(quotient(q)),
        Form::Log(l) => Some(logarithms(l)),
        Form::Algebraic(a) => algebraic(a),
        Form::Real(_) => None,
    }
}

/// A sign in front, where the coefficient has one.
fn signed(negative: bool, m: Math) -> Math {
    if negative { Math::Negative(Box::new(m)) } else { m }
}

/// |c|·e^q, without what is one, and whether c is negative.
fn term(c: &Rational, q: &Rational) -> (bool, Math) {
    let size = Math::Number(c.abs());
    let power = || Math::Apply("exp".to_owned(), vec![Math::Number(q.clone())]);
    let m = match (q.is_zero(), c.abs().is_one()) {
        (true, _) => size,
        (false, true) => power(),
        (false, false) => Math::Product(vec![size, power()]),
    };
    (c.is_negative(), m)
}

/// Σ c·e^q, exponents rising.
fn sum(s: &ExpSum) -> Math {
    let mut terms: Vec<Math> = s
        .terms()
        .iter()
        .map(|(q, c)| {
            let (n, m) = term(c, q);
            signed(n, m)
        })
        .collect();
    match terms.len() {
        0 => Math::Number(Rational::zero()),
        1 => terms.remove(0),
        _ => Math::Sum(terms),
    }
}

/// N/S with the rational factor of N beside it: `-2·(1 + e)/(3·S)`.
fn quotient(q: &ExpQuotient) -> Math {
    let mut c = q.numerator().content();
    if q.numerator().terms().first().is_some_and(|t| t.1.is_negative()) {
        c = -c;
    }
    if c.is_zero() {
        return Math::Number(Rational::zero());
    }
    let primitive = q.numerator().scale(&c.recip());
    let times = |factor: Rational, m: Math| {
        if factor.is_one() {
            m
        } else if matches!(&m, Math::Number(r) if r.is_one()) {
            Math::Number(factor)
        } else {
            Math::Product(vec![Math::Number(factor), m])
        }
    };
    let above = times(Rational::from_integer(c.numer().abs()), sum(&primitive));
    let below = times(Rational::from_integer(c.denom().clone()), sum(q.denominator()));
    let whole = if matches!(&below, Math::Number(r) if r.is_one()) {
        above
    } else {
        Math::Fraction(Box::new(above), Box::new(below))
    };
    signed(c.is_negative(), whole)
}

/// c + Σ n·ln u, the rational first.
fn logarithms(l: &LogSum) -> Math {
    let mut terms = Vec::new();
    if !l.rational_part().is_zero() {
        let c = l.rational_part();
        terms.push(signed(c.is_negative(), Math::Number(c.abs())));
    }
    for (n, u) in l.terms() {
        let argument = match u {
            LogArgument::Rational(r) => Math::Number(r.clone()),
            LogArgument::Sum(s) => sum(s),
        };
        let log = Math::Apply("log".to_owned(), vec![argument]);
        let size = n.abs();
        let m = if size.is_one() { log } else { Math::Product(vec![Math::Number(size), log]) };
        terms.push(signed(n.is_negative(), m));
    }
    if terms.len() == 1 { terms.remove(0) } else { Math::Sum(terms) }
}

/// a + b·√r where the number is a root of a quadratic.
fn algebraic(x: &Algebraic) -> Option<Math> {
    let (a, b, r) = x.as_quadratic()?;
    let root = Math::Root(Box::new(Math::Number(r)));
    let scaled = match (b.numer().abs().is_one(), b.denom().is_one()) {
        (true, true) => root,
        (false, true) => Math::Product(vec![Math::Number(b.abs()), root]),
        (numerator_is_one, false) => {
            let above = if numerator_is_one {
                root
            } else {
                Math::Product(vec![Math::Number(Rational::from_integer(b.numer().abs())), root])
            };
            Math::Fraction(Box::new(above), Box::new(Math::Number(Rational::from_integer(b.denom().clone()))))
        }
    };
    let scaled = signed(b.is_negative(), scaled);
    if a.is_zero() {
        Some(scaled)
    } else {
        Some(Math::Sum(vec![signed(a.is_negative(), Math::Number(a.abs())), scaled]))
    }
}
