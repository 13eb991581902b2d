//! Irrational real algebraic numbers live here, each as a polynomial and an interval; sums and products of two of
//! them do not.

mod quadratic;
mod real_root;

use std::cmp::Ordering;

use num_traits::{One, Signed, Zero};

use super::poly::Poly;
use super::poly::integer::IntPoly;
use super::poly::refine::{Cell, Refined, cell_inside, refine};
use super::poly::roots::isolate_roots;
use crate::num::{Integer, Rational, Undecided};

pub use real_root::{RealRoot, real_roots};

/// Two numbers whose difference is below 2 to the minus this are not ordered: [`Algebraic::compare`] is undecided then,
/// unless they are equal.
pub const MAX_SEPARATION_BITS: u64 = 1 << 16;

/// How often a grid is refined in search of ends inside an interval; each time it gets twice as many bits.
const GRID_TRIES: u32 = 24;

/// An irrational real algebraic number: the one root of a squarefree primitive integer polynomial between two
/// dyadic rationals.
///
/// Always: the degree is at least two, the polynomial changes sign between the ends, it has one root there, and
/// that root is not rational. The polynomial need not be irreducible.
#[derive(Debug, Clone)]
pub struct Algebraic {
    poly: IntPoly,
    cell: Cell,
}

impl Algebraic {
    /// The root of `poly` in the open interval `(lo, hi)`; `None` unless there is exactly one there and it is
    /// irrational.
    ///
    /// # Errors
    /// Undecided when the polynomial exceeds the limits of [`isolate_roots`].
    pub fn new(poly: &Poly, lo: &Rational, hi: &Rational) -> Result<Option<Self>, Undecided> {
        if isolate_roots(poly)?.iter().any(|root| root.lo == root.hi && lo < &root.lo && &root.lo < hi) {
            return Ok(None);
        }
        let within = |root: &RealRoot| root.cmp_rational(lo).is_gt() && root.cmp_rational(hi).is_lt();
        let mut inside = real_roots(poly)?.into_iter().map(|(root, _)| root).filter(within);
        match (inside.next(), inside.next()) {
            (Some(RealRoot::Algebraic(root)), None) => Ok(Some(root)),
            _ => Ok(None),
        }
    }

    /// For callers that have proved what the type promises.
    fn of_cell(poly: IntPoly, cell: Cell) -> Self {
        Self { poly, cell }
    }

    /// A squarefree primitive integer polynomial that has this number as a root.
    #[must_use]
    pub fn poly(&self) -> &IntPoly {
        &self.poly
    }

    /// The lower end of the isolating interval, below the number.
    #[must_use]
    pub fn lo(&self) -> Rational {
        self.cell.lo()
    }

    /// The upper end of the isolating interval, above the number.
    #[must_use]
    pub fn hi(&self) -> Rational {
        self.cell.hi()
    }

    /// Two dyadic rationals, the number strictly between them, no further apart than `2^-bits`.
    ///
    /// The time grows about as the square of `bits`; callers bound it.
    #[must_use]
    pub fn enclose(&self, bits: u32) -> (Rational, Rational) {
        let cell = self.cell_within(u64::from(bits));
        (cell.lo(), cell.hi())
    }

    /// The same number with an interval no wider than `2^-bits`, for callers that enclose again and again.
    #[must_use]
    pub fn refined(&self, bits: u32) -> Self {
        Self::of_cell(self.poly.clone(), self.cell_within(u64::from(bits)))
    }

    fn cell_within(&self, bits: u64) -> Cell {
        match refine(&self.poly, &self.cell, bits) {
            Some(Refined::Inside(cell)) => cell,
            // An irrational root is never met exactly, and the signs at the ends are opposite.
            _ => self.cell.clone(),
        }
    }

    /// The sign, as the order against zero; never equal, as zero is rational.
    #[must_use]
    pub fn sign(&self) -> Ordering {
        self.cmp_rational(&Rational::zero())
    }

    /// The order against a rational; never equal. One evaluation settles it.
    #[must_use]
    pub fn cmp_rational(&self, other: &Rational) -> Ordering {
        if *other <= self.lo() {
            return Ordering::Greater;
        }
        if *other >= self.hi() {
            return Ordering::Less;
        }
        // On the number's left the polynomial has the sign that it has at the lower end.
        if self.poly.sign_at(other) == self.poly.sign_at(&self.lo()) {
            Ordering::Greater
        } else {
            Ordering::Less
        }
    }

    /// The order against another. Equal numbers are found equal by the common divisor of their polynomials.
    ///
    /// # Errors
    /// Undecided when they differ by less than `2^-`[`MAX_SEPARATION_BITS`], which needs polynomials of enormous
    /// coefficients.
    pub fn compare(&self, other: &Self) -> Result<Ordering, Undecided> {
        let apart = |a: &Cell, b: &Cell| {
            if a.hi() <= b.lo() {
                Some(Ordering::Less)
            } else if b.hi() <= a.lo() {
                Some(Ordering::Greater)
            } else {
                None
            }
        };
        if let Some(order) = apart(&self.cell, &other.cell) {
            return Ok(order);
        }
        if self == other {
            return Ok(Ordering::Equal);
        }
        let mut bits = 32;
        while bits <= MAX_SEPARATION_BITS {
            if let Some(order) = apart(&self.cell_within(bits), &other.cell_within(bits)) {
                return Ok(order);
            }
            bits *= 2;
        }
        Err(Undecided::because(format!(
            "two different algebraic numbers agree to {MAX_SEPARATION_BITS} binary digits, the limit for ordering them"
        )))
    }

    /// `factor` times this; `None` for a factor of zero, since zero is not irrational.
    #[must_use]
    pub fn scale(&self, factor: &Rational) -> Option<Self> {
        if factor.is_zero() {
            return None;
        }
        // The polynomial of y = qx, q = u/v, is p(y/q): coefficient i is multiplied by v^i u^(n-i).
        let (u, v) = (factor.numer(), factor.denom());
        let mut coefficients = self.poly.coefficients().to_vec();
        // A prime common to all divides u or v, as the polynomial is primitive. One of u is found in full in the highest
        // coefficient, one of v in the lowest that is not zero, and neither in the other's powers.
        let lowest = coefficients.iter().zip(0_u32..).find(|(c, _)| !c.is_zero());
        let low = lowest.map_or_else(Integer::one, |(c, i)| c * v.pow(i));
        let multiple = low * coefficients.last().unwrap_or(&Integer::one());
        let mut power = Integer::one();
        for c in &mut coefficients {
            *c *= &power;
            power *= v;
        }
        power = Integer::one();
        for c in coefficients.iter_mut().rev() {
            *c *= &power;
            power *= u;
        }
        self.mapped(IntPoly::new(coefficients).primitive_within(multiple), |x| x * factor)
    }

    /// This plus `summand`; `None` only if no interval with dyadic ends is found within the limits.
    #[must_use]
    pub fn shift(&self, summand: &Rational) -> Option<Self> {
        // The polynomial of y = x + q is p(y - q).
        let moved = self.poly.to_poly().compose(&Poly::with_root(summand));
        self.mapped(moved.primitive(), |x| x + summand)
    }

    /// One divided by this; `None` only for numbers closer to zero than `2^-`[`MAX_SEPARATION_BITS`].
    #[must_use]
    pub fn reciprocal(&self) -> Option<Self> {
        // The polynomial of y = 1/x is y^n p(1/y); a root zero of p has no reciprocal and drops out.
        let reversed: Vec<Integer> = self.poly.coefficients().iter().rev().cloned().collect();
        self.off_zero()?.mapped(IntPoly::new(reversed).primitive(), Rational::recip)
    }

    /// Minus this.
    #[must_use]
    pub fn neg(&self) -> Self {
        let mut coefficients = self.poly.coefficients().to_vec();
        for c in coefficients.iter_mut().skip(1).step_by(2) {
            *c = -&*c;
        }
        Self::of_cell(IntPoly::new(coefficients).primitive(), self.cell.mirrored())
    }

    /// The absolute value.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.sign().is_lt() { self.neg() } else { self.clone() }
    }

    /// The number as `a + b sqrt(r)` when its polynomial has degree two: `(a, b, r)` with `r > 1` an integer from
    /// which square factors are taken out: those of primes below a bound, and all if what is left over by them is
    /// a square.
    #[must_use]
    pub fn as_quadratic(&self) -> Option<(Rational, Rational, Rational)> {
        quadratic::surd(self)
    }

    /// The same number with zero outside the interval and not one of its ends; `None` for a number closer to zero
    /// than `2^-`[`MAX_SEPARATION_BITS`].
    fn off_zero(&self) -> Option<Self> {
        let off = |cell: &Cell| cell.low.is_positive() || cell.high().is_negative();
        let mut cell = self.cell.clone();
        let mut bits = 16;
        while !off(&cell) && bits <= MAX_SEPARATION_BITS {
            cell = self.cell_within(bits);
            bits *= 2;
        }
        off(&cell).then(|| Self::of_cell(self.poly.clone(), cell))
    }

    /// The image under a monotone rational map whose polynomial is `poly`.
    fn mapped(&self, poly: IntPoly, map: impl Fn(&Rational) -> Rational) -> Option<Self> {
        let (a, b) = (map(&self.lo()), map(&self.hi()));
        let (lo, hi) = if a < b { (a, b) } else { (b, a) };
        let cell = cell_inside(&poly, &lo, &hi, GRID_TRIES)?;
        Some(Self::of_cell(poly, cell))
    }
}

/// Equality of numbers, not of their representations: decided by the common divisor of the polynomials.
impl PartialEq for Algebraic {
    fn eq(&self, other: &Self) -> bool {
        let low = self.lo().max(other.lo());
        let high = self.hi().min(other.hi());
        if low >= high {
            return false;
        }
        if self.poly == other.poly {
            // The numbers are equal iff the common part of the intervals holds a root; no end is a root.
            return self.poly.sign_at(&low) == self.poly.sign_at(&high).reverse();
        }
        // A root of the divisor in the common part is the one root of either polynomial there.
        let common = self.poly.gcd(&other.poly);
        common.sign_at(&low) == common.sign_at(&high).reverse()
    }
}

impl Eq for Algebraic {}

#[cfg(test)]
mod tests;
