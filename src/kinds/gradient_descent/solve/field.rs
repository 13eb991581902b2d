//! Sums, products and quotients of eigenvalues that keep a deciding form where one is found; no objective here.
//!
//! [`Exact`] does no arithmetic between two irrational algebraic numbers. Two things are common enough here to be
//! worth more: both numbers lie in one field ℚ(√r), and a sum or a ratio that is rational (m + L in a spectrum that
//! is symmetric about its middle). A rational guess is the simplest fraction of an enclosure, and it is taken only if
//! the algebraic numbers confirm it.

use num_traits::{One, Signed, Zero};

use super::super::simplest::simplest_between;
use crate::num::algebraic::Algebraic;
use crate::num::poly::Poly;
use crate::num::{Exact, Form, Rational, Undecided};

/// Bits to which a sum or ratio is enclosed before a rational is guessed.
const GUESS_BITS: u32 = 160;
/// The longest denominator of a guess, in bits.
const GUESS_DENOMINATOR: u64 = 64;
/// The largest exponent in absolute value for which a power is multiplied out.
const MAX_POWER: i64 = 1_000;

/// a + b·√r with r > 1 an integer; r is one where b is zero.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Surd {
    a: Rational,
    b: Rational,
    r: Rational,
}

impl Surd {
    fn of(x: &Exact) -> Option<Self> {
        match x.form() {
            Form::Rational(a) => Some(Self { a: a.clone(), b: Rational::zero(), r: Rational::one() }),
            Form::Algebraic(x) => x.as_quadratic().map(|(a, b, r)| Self { a, b, r }),
            _ => None,
        }
    }

    /// The two numbers with one radicand, if they have one.
    fn pair(x: &Exact, y: &Exact) -> Option<(Self, Self)> {
        let (mut x, mut y) = (Self::of(x)?, Self::of(y)?);
        if x.b.is_zero() {
            x.r = y.r.clone();
        } else if y.b.is_zero() {
            y.r = x.r.clone();
        }
        (x.r == y.r).then_some((x, y))
    }

    fn reciprocal(&self) -> Option<Self> {
        // 1/(a + b√r) = (a − b√r)/(a² − rb²); the norm is zero only for zero, as √r is irrational.
        let norm = &self.a * &self.a - &self.b * &self.b * &self.r;
        if norm.is_zero() {
            return None;
        }
        Some(Self { a: &self.a / &norm, b: -&self.b / &norm, r: self.r.clone() })
    }

    fn times(&self, other: &Self) -> Self {
        Self {
            a: &self.a * &other.a + &self.b * &other.b * &self.r,
            b: &self.a * &other.b + &self.b * &other.a,
            r: self.r.clone(),
        }
    }

    fn exact(self) -> Option<Exact> {
        if self.b.is_zero() {
            return Some(self.a.into());
        }
        // x² − 2ax + (a² − rb²), with its roots on either side of a and less than |b|(r + 1) away.
        let reach = self.b.abs() * (&self.r + Rational::one());
        let norm = &self.a * &self.a - &self.b * &self.b * &self.r;
        let poly = Poly::new(vec![norm, &self.a * Rational::from_integer((-2).into()), Rational::one()]);
        let (lo, hi) = if self.b.is_positive() {
            (self.a.clone(), &self.a + reach)
        } else {
            (&self.a - reach, self.a.clone())
        };
        Algebraic::new(&poly, &lo, &hi).ok().flatten().map(Exact::from)
    }
}

/// The simplest rational of an enclosure, if it is short enough to be a guess.
fn guess(x: &Exact) -> Option<Rational> {
    let i = x.enclose(GUESS_BITS).ok()?;
    simplest_between(&i.lower(), &i.upper()).filter(|r| r.denom().bits() <= GUESS_DENOMINATOR)
}

fn algebraic<'a>(x: &'a Exact, y: &'a Exact) -> Option<(&'a Algebraic, &'a Algebraic)> {
    match (x.form(), y.form()) {
        (Form::Algebraic(x), Form::Algebraic(y)) => Some((x, y)),
        _ => None,
    }
}

/// x + y
pub(super) fn add(x: &Exact, y: &Exact) -> Exact {
    if let Some((a, b)) = Surd::pair(x, y)
        && let Some(sum) = (Surd { a: a.a + b.a, b: a.b + b.b, r: a.r }).exact()
    {
        return sum;
    }
    let sum = x.add(y);
    if let Some((a, b)) = algebraic(x, y)
        && let Some(r) = guess(&sum)
        && a.neg().shift(&r).is_some_and(|rest| rest == *b)
    {
        return r.into();
    }
    sum
}

/// x·y
pub(super) fn mul(x: &Exact, y: &Exact) -> Exact {
    if let Some((a, b)) = Surd::pair(x, y)
        && let Some(product) = a.times(&b).exact()
    {
        return product;
    }
    x.mul(y)
}

/// x/y; `None` where y is zero.
///
/// # Errors
/// Where it cannot be told whether y is zero.
pub(super) fn div(x: &Exact, y: &Exact) -> Result<Option<Exact>, Undecided> {
    if y.is_zero()? {
        return Ok(None);
    }
    if let Some((a, b)) = Surd::pair(x, y)
        && let Some(quotient) = b.reciprocal().and_then(|inverse| a.times(&inverse).exact())
    {
        return Ok(Some(quotient));
    }
    let Some(quotient) = x.checked_div(y)? else { return Ok(None) };
    if let Some((a, b)) = algebraic(x, y)
        && let Some(r) = guess(&quotient)
        && b.scale(&r).is_some_and(|multiple| multiple == *a)
    {
        return Ok(Some(r.into()));
    }
    Ok(Some(quotient))
}

/// xⁿ; `None` for a negative power of zero.
///
/// # Errors
/// As [`div`], and where the exponent exceeds its limit.
pub(super) fn pow(x: &Exact, n: i64) -> Result<Option<Exact>, Undecided> {
    if n.abs() > MAX_POWER {
        return Err(Undecided::because(format!("an exponent in the step is past the limit of {MAX_POWER}")));
    }
    let mut power = Exact::one();
    for _ in 0..n.unsigned_abs() {
        power = mul(&power, x);
    }
    if n < 0 { div(&Exact::one(), &power) } else { Ok(Some(power)) }
}
