//! A real root of a rational polynomial, rational or not, and the list of all of them live here.

use std::cmp::Ordering;

use num_traits::{Signed, Zero};

use super::Algebraic;
use super::quadratic::split_quadratics;
use crate::num::poly::Poly;
use crate::num::poly::roots::separate;
use crate::num::{Rational, Undecided};

/// A real root of a polynomial with rational coefficients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RealRoot {
    /// A rational number.
    Rational(Rational),
    /// An irrational one.
    Algebraic(Algebraic),
}

impl From<Rational> for RealRoot {
    fn from(value: Rational) -> Self {
        Self::Rational(value)
    }
}

impl From<Algebraic> for RealRoot {
    fn from(value: Algebraic) -> Self {
        Self::Algebraic(value)
    }
}

impl RealRoot {
    /// The rational, if it is one.
    #[must_use]
    pub fn as_rational(&self) -> Option<&Rational> {
        match self {
            Self::Rational(value) => Some(value),
            Self::Algebraic(_) => None,
        }
    }

    /// Two rationals no further apart than `2^-bits` with the number between them; both are the number when it is
    /// rational.
    #[must_use]
    pub fn enclose(&self, bits: u32) -> (Rational, Rational) {
        match self {
            Self::Rational(value) => (value.clone(), value.clone()),
            Self::Algebraic(value) => value.enclose(bits),
        }
    }

    /// The sign, as the order against zero.
    #[must_use]
    pub fn sign(&self) -> Ordering {
        self.cmp_rational(&Rational::zero())
    }

    /// The order against a rational.
    #[must_use]
    pub fn cmp_rational(&self, other: &Rational) -> Ordering {
        match self {
            Self::Rational(value) => value.cmp(other),
            Self::Algebraic(value) => value.cmp_rational(other),
        }
    }

    /// The order against another.
    ///
    /// # Errors
    /// As for [`Algebraic::compare`].
    pub fn compare(&self, other: &Self) -> Result<Ordering, Undecided> {
        match (self, other) {
            (_, Self::Rational(right)) => Ok(self.cmp_rational(right)),
            (Self::Rational(left), _) => Ok(other.cmp_rational(left).reverse()),
            (Self::Algebraic(left), Self::Algebraic(right)) => left.compare(right),
        }
    }

    /// `factor` times this; `None` only if an interval for it cannot be found within the limits.
    #[must_use]
    pub fn scale(&self, factor: &Rational) -> Option<Self> {
        match self {
            Self::Rational(value) => Some(Self::Rational(value * factor)),
            Self::Algebraic(_) if factor.is_zero() => Some(Self::Rational(Rational::zero())),
            Self::Algebraic(value) => value.scale(factor).map(Self::Algebraic),
        }
    }

    /// This plus `summand`; `None` only if an interval for it cannot be found within the limits.
    #[must_use]
    pub fn shift(&self, summand: &Rational) -> Option<Self> {
        match self {
            Self::Rational(value) => Some(Self::Rational(value + summand)),
            Self::Algebraic(value) => value.shift(summand).map(Self::Algebraic),
        }
    }

    /// One divided by this; `None` for zero.
    #[must_use]
    pub fn reciprocal(&self) -> Option<Self> {
        match self {
            Self::Rational(value) if value.is_zero() => None,
            Self::Rational(value) => Some(Self::Rational(value.recip())),
            Self::Algebraic(value) => value.reciprocal().map(Self::Algebraic),
        }
    }

    /// Minus this.
    #[must_use]
    pub fn neg(&self) -> Self {
        match self {
            Self::Rational(value) => Self::Rational(-value),
            Self::Algebraic(value) => Self::Algebraic(value.neg()),
        }
    }

    /// The absolute value.
    #[must_use]
    pub fn abs(&self) -> Self {
        match self {
            Self::Rational(value) => Self::Rational(value.abs()),
            Self::Algebraic(value) => Self::Algebraic(value.abs()),
        }
    }
}

/// All distinct real roots, ascending, with their multiplicities. Rational roots come out rational; quadratic
/// factors with rational coefficients are split off, so that their roots have polynomials of degree two.
///
/// # Errors
/// As for [`crate::num::poly::roots::isolate_roots`].
pub fn real_roots(poly: &Poly) -> Result<Vec<(RealRoot, usize)>, Undecided> {
    let mut found = Vec::new();
    for part in separate(poly)? {
        found.extend(
            part.rational.into_iter().map(|root| (root.clone(), RealRoot::Rational(root), part.multiplicity)),
        );
        for (factor, cells) in split_quadratics(&part.rest, &part.cells) {
            for cell in cells {
                found.push((
                    cell.lo(),
                    RealRoot::Algebraic(Algebraic::of_cell(factor.clone(), cell)),
                    part.multiplicity,
                ));
            }
        }
    }
    // Cells hold no rational root and do not overlap, so the lower ends have the order of the roots.
    found.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    Ok(found.into_iter().map(|(_, root, multiplicity)| (root, multiplicity)).collect())
}
