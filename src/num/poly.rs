//! Polynomials in one unknown over the rationals live here; their integer forms and their real roots are the
//! rooms below. No algebraic number and no matrix.

pub mod integer;
mod modular;
pub mod refine;
pub mod roots;
pub mod sturm;

use std::ops::{Add, Mul, Neg, Sub};

use num_traits::{One, Zero};

use crate::num::{Integer, Rational};
use integer::IntPoly;

/// A polynomial with rational coefficients, lowest power first, without zeros at the top: the zero
/// polynomial has no coefficients at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Poly {
    coefficients: Vec<Rational>,
}

impl Poly {
    /// The polynomial with these coefficients, lowest power first; zeros at the top are dropped.
    #[must_use]
    pub fn new(mut coefficients: Vec<Rational>) -> Self {
        while coefficients.last().is_some_and(Zero::is_zero) {
            coefficients.pop();
        }
        Self { coefficients }
    }

    /// The polynomial with these integers as coefficients, lowest power first.
    #[must_use]
    pub fn from_integers(coefficients: &[i64]) -> Self {
        Self::new(coefficients.iter().map(|&c| Rational::from_integer(Integer::from(c))).collect())
    }

    /// The zero polynomial.
    #[must_use]
    pub fn zero() -> Self {
        Self::default()
    }

    /// A constant.
    #[must_use]
    pub fn constant(value: Rational) -> Self {
        Self::new(vec![value])
    }

    /// `x - root`.
    #[must_use]
    pub fn with_root(root: &Rational) -> Self {
        Self::new(vec![-root.clone(), Rational::one()])
    }

    /// Coefficients, lowest power first; empty for zero.
    #[must_use]
    pub fn coefficients(&self) -> &[Rational] {
        &self.coefficients
    }

    /// The coefficient of `x^power`, zero beyond the degree.
    #[must_use]
    pub fn coefficient(&self, power: usize) -> Rational {
        self.coefficients.get(power).cloned().unwrap_or_else(Rational::zero)
    }

    /// The degree; `None` for the zero polynomial.
    #[must_use]
    pub fn degree(&self) -> Option<usize> {
        self.coefficients.len().checked_sub(1)
    }

    /// The coefficient of the highest power; `None` for zero.
    #[must_use]
    pub fn leading(&self) -> Option<&Rational> {
        self.coefficients.last()
    }

    /// Whether this is the zero polynomial.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.coefficients.is_empty()
    }

    /// The value at `x`, by Horner's rule.
    #[must_use]
    pub fn evaluate(&self, x: &Rational) -> Rational {
        self.coefficients.iter().rev().fold(Rational::zero(), |value, c| value * x + c)
    }

    /// Every coefficient times `factor`.
    #[must_use]
    pub fn scaled(&self, factor: &Rational) -> Self {
        Self::new(self.coefficients.iter().map(|c| c * factor).collect())
    }

    /// The derivative.
    #[must_use]
    pub fn derivative(&self) -> Self {
        let powers = (0_u64..).map(|power| Rational::from_integer(Integer::from(power)));
        Self::new(self.coefficients.iter().zip(powers).skip(1).map(|(c, power)| c * power).collect())
    }

    /// `p(q(x))`, by Horner's rule.
    #[must_use]
    pub fn compose(&self, inner: &Self) -> Self {
        let step = |value: Self, c: &Rational| &(&value * inner) + &Self::constant(c.clone());
        self.coefficients.iter().rev().fold(Self::zero(), step)
    }

    /// Quotient and remainder; `None` when the divisor is zero. The remainder's degree is below the divisor's.
    #[must_use]
    pub fn div_rem(&self, divisor: &Self) -> Option<(Self, Self)> {
        let leading = divisor.leading()?;
        let mut rest = self.coefficients.clone();
        let mut quotient = Vec::new();
        while rest.len() >= divisor.coefficients.len() {
            // The quotient grows from its highest power down, so it is turned round at the end.
            let factor = rest.last()? / leading;
            let from = rest.len() - divisor.coefficients.len();
            for (r, d) in rest.iter_mut().skip(from).zip(&divisor.coefficients) {
                *r -= &factor * d;
            }
            rest.pop();
            quotient.push(factor);
        }
        quotient.reverse();
        Some((Self::new(quotient), Self::new(rest)))
    }

    /// The same polynomial with leading coefficient one; zero stays zero.
    #[must_use]
    pub fn monic(&self) -> Self {
        match self.leading() {
            Some(leading) => Self::new(self.coefficients.iter().map(|c| c / leading).collect()),
            None => Self::zero(),
        }
    }

    /// The integer polynomial with the same roots whose coefficients have no common factor and whose leading
    /// coefficient is positive.
    #[must_use]
    pub fn primitive(&self) -> IntPoly {
        let mut denominator = Integer::one();
        for c in &self.coefficients {
            denominator = num_integer::Integer::lcm(&denominator, c.denom());
        }
        IntPoly::new(self.coefficients.iter().map(|c| c.numer() * (&denominator / c.denom())).collect())
            .primitive()
    }

    /// The greatest common divisor, monic; zero only when both are zero.
    #[must_use]
    pub fn gcd(&self, other: &Self) -> Self {
        self.primitive().gcd(&other.primitive()).to_poly().monic()
    }

    /// The polynomial with the same roots, each of them once, monic.
    #[must_use]
    pub fn squarefree_part(&self) -> Self {
        self.primitive().squarefree_part().to_poly().monic()
    }

    /// Monic squarefree factors without common roots, with the multiplicity of their roots, ascending in it;
    /// their product is this polynomial up to its leading coefficient.
    #[must_use]
    pub fn squarefree_decomposition(&self) -> Vec<(Self, usize)> {
        let factors = self.primitive().squarefree_decomposition();
        factors.into_iter().map(|(factor, times)| (factor.to_poly().monic(), times)).collect()
    }
}

impl Add for &Poly {
    type Output = Poly;

    fn add(self, other: &Poly) -> Poly {
        let length = self.coefficients.len().max(other.coefficients.len());
        Poly::new((0..length).map(|power| self.coefficient(power) + other.coefficient(power)).collect())
    }
}

impl Sub for &Poly {
    type Output = Poly;

    fn sub(self, other: &Poly) -> Poly {
        let length = self.coefficients.len().max(other.coefficients.len());
        Poly::new((0..length).map(|power| self.coefficient(power) - other.coefficient(power)).collect())
    }
}

impl Neg for &Poly {
    type Output = Poly;

    fn neg(self) -> Poly {
        Poly::new(self.coefficients.iter().map(|c| -c).collect())
    }
}

impl Mul for &Poly {
    type Output = Poly;

    fn mul(self, other: &Poly) -> Poly {
        if self.is_zero() || other.is_zero() {
            return Poly::zero();
        }
        let mut product = vec![Rational::zero(); self.coefficients.len() + other.coefficients.len() - 1];
        for (i, a) in self.coefficients.iter().enumerate() {
            for (slot, b) in product.iter_mut().skip(i).zip(&other.coefficients) {
                *slot += a * b;
            }
        }
        Poly::new(product)
    }
}

#[cfg(test)]
mod tests;
