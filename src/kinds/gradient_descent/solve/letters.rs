//! Formulas of this kind in the notation tree live here: letters, numbers in their place, chains. Nothing is computed.

use num_traits::{One, Signed, Zero};

use crate::notation::{Math, Relation, closed_form};
use crate::num::{Exact, Rational, Rounding};

/// Significant digits of a number that has no closed form.
const DIGITS: u32 = 6;
/// The longest fraction that is printed as one.
const LONGEST: usize = 30;

pub(super) fn sym(name: &str) -> Math {
    Math::sym(name)
}

/// ε
pub(super) fn epsilon() -> Math {
    sym("epsilon")
}

/// L/2
pub(super) fn half_l() -> Math {
    Math::frac(sym("L"), Math::int(2))
}

/// f(x⁽ᵏ⁾) − f*, the gap.
pub(super) fn gap(k: Math) -> Math {
    Math::minus(Math::apply("f", vec![iterate(k)]), sym("f_star"))
}

/// x⁽ᵏ⁾
pub(super) fn iterate(k: Math) -> Math {
    Math::pow(sym("x"), Math::group(k))
}

/// ‖x⁽⁰⁾ − x*‖²
pub(super) fn distance() -> Math {
    Math::pow(Math::norm(Math::minus(iterate(Math::int(0)), sym("x_star"))), Math::int(2))
}

/// A rational: as a fraction, or as a decimal where that is too long.
pub(super) fn rational(r: &Rational) -> Math {
    number(&r.clone().into()).1
}

/// A number with the relation that it stands in to what it is: equal in closed form, else approximately.
pub(super) fn number(x: &Exact) -> (Relation, Math) {
    let short = match x.as_rational() {
        Ok(Some(r)) => r.numer().bits() + r.denom().bits() <= (LONGEST as u64) * 10 / 3,
        _ => true,
    };
    match closed_form(x).filter(|_| short) {
        Some(math) => (Relation::Equal, math),
        None => match x.decimal(Rounding::Significant(DIGITS)) {
            Ok(digits) => (Relation::Approx, Math::decimal(digits)),
            Err(_) => (Relation::Equal, Math::words("…")),
        },
    }
}

/// ≈ where one of the two is: a formula is as good as the numbers in it.
pub(super) fn either(a: Relation, b: Relation) -> Relation {
    if a == Relation::Approx || b == Relation::Approx { Relation::Approx } else { Relation::Equal }
}

/// How a formula with these rationals filled in stands to the true one.
pub(super) fn all<'a>(numbers: impl IntoIterator<Item = &'a Rational>) -> Relation {
    numbers.into_iter().fold(Relation::Equal, |so_far, r| either(so_far, number(&r.clone().into()).0))
}

/// `left = value`, or `left ≈ value`.
pub(super) fn is(left: Math, x: &Exact) -> Math {
    let (relation, math) = number(x);
    left.then(relation, math)
}

/// A matrix of rationals.
pub(super) fn matrix(rows: &[Vec<Rational>]) -> Math {
    Math::matrix(rows.iter().map(|row| row.iter().map(rational).collect()).collect())
}

/// A tuple of rationals.
pub(super) fn tuple(v: &[Rational]) -> Math {
    Math::list(v.iter().map(rational).collect())
}

/// (a₁ − b₁)² + (a₂ − b₂)² + …
pub(super) fn squares(a: &[Rational], b: &[Rational]) -> Math {
    let square = |(a, b): (&Rational, &Rational)| {
        let difference = if b.is_zero() {
            rational(a)
        } else if b.is_negative() {
            Math::sum(vec![rational(a), rational(&-b)])
        } else {
            Math::minus(rational(a), rational(b))
        };
        Math::pow(difference, Math::int(2))
    };
    let mut terms: Vec<Math> = a.iter().zip(b).map(square).collect();
    if terms.len() == 1 { terms.remove(0) } else { Math::sum(terms) }
}

/// A polynomial in z with rational coefficients, lowest power first, as a formula.
pub(super) fn polynomial(coefficients: &[Rational]) -> Math {
    let mut terms = Vec::new();
    for (power, c) in coefficients.iter().enumerate().rev().filter(|(_, c)| !c.is_zero()) {
        let z = match power {
            0 => None,
            1 => Some(sym("z")),
            _ => Some(Math::pow(sym("z"), Math::int(i64::try_from(power).unwrap_or(i64::MAX)))),
        };
        let size = c.abs();
        let term = match z {
            None => rational(&size),
            Some(z) if size.is_one() => z,
            Some(z) => Math::prod(vec![rational(&size), z]),
        };
        terms.push(if c.is_negative() { Math::neg(term) } else { term });
    }
    if terms.len() == 1 { terms.remove(0) } else { Math::sum(terms) }
}
