//! Polynomials with integer coefficients live here: content, pseudo-remainders, common divisors, exact division.
//!
//! Work with rational polynomials passes through here, because integers whose common factor is taken out at each
//! step stay far shorter than fractions do.

use std::cmp::Ordering;

use num_integer::Integer as _;
use num_traits::{One, Signed, Zero};

use super::Poly;
use super::modular;
use crate::num::{Integer, Rational};

/// A polynomial with integer coefficients, lowest power first, without zeros at the top.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct IntPoly {
    coefficients: Vec<Integer>,
}

impl IntPoly {
    /// The polynomial with these coefficients, lowest power first; zeros at the top are dropped.
    #[must_use]
    pub fn new(mut coefficients: Vec<Integer>) -> Self {
        while coefficients.last().is_some_and(Zero::is_zero) {
            coefficients.pop();
        }
        Self { coefficients }
    }

    /// The primitive polynomial of degree one whose root is this rational.
    #[must_use]
    pub fn with_root(root: &Rational) -> Self {
        Self::new(vec![-root.numer(), root.denom().clone()])
    }

    /// Coefficients, lowest power first; empty for zero.
    #[must_use]
    pub fn coefficients(&self) -> &[Integer] {
        &self.coefficients
    }

    /// The degree; `None` for the zero polynomial.
    #[must_use]
    pub fn degree(&self) -> Option<usize> {
        self.coefficients.len().checked_sub(1)
    }

    /// Whether there is no unknown in it: zero or a constant.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        self.coefficients.len() <= 1
    }

    /// The coefficient of the highest power; `None` for zero.
    #[must_use]
    pub fn leading(&self) -> Option<&Integer> {
        self.coefficients.last()
    }

    /// Bits of the longest coefficient.
    #[must_use]
    pub fn bits(&self) -> u64 {
        self.coefficients.iter().map(Integer::bits).max().unwrap_or(0)
    }

    /// The same coefficients as rationals.
    #[must_use]
    pub fn to_poly(&self) -> Poly {
        Poly::new(self.coefficients.iter().cloned().map(Rational::from_integer).collect())
    }

    /// The greatest common divisor of the coefficients, at least zero; zero only for zero.
    #[must_use]
    pub fn content(&self) -> Integer {
        // From the shortest on, and reduced first: a common divisor of two long integers is slow to find, of a
        // short one and a remainder by it quick.
        let mut order: Vec<&Integer> = self.coefficients.iter().filter(|c| !c.is_zero()).collect();
        order.sort_by_key(|c| c.bits());
        let mut content = Integer::zero();
        for c in order {
            content = if content.is_zero() { c.abs() } else { content.gcd(&(c % &content)) };
            if content.is_one() {
                break;
            }
        }
        content
    }

    /// The coefficients without their common factor; the sign stays.
    fn without_content(self) -> Self {
        let content = self.content();
        if content.is_zero() || content.is_one() {
            return self;
        }
        Self::new(self.coefficients.into_iter().map(|c| c / &content).collect())
    }

    /// The multiple with the same roots whose coefficients have no common factor and whose leading coefficient
    /// is positive.
    #[must_use]
    pub fn primitive(self) -> Self {
        let negative = self.leading().is_some_and(Signed::is_negative);
        let primitive = self.without_content();
        if negative { primitive.negated() } else { primitive }
    }

    /// As [`Self::primitive`], for coefficients whose common factor is known to divide `multiple`, which is not zero: what long
    /// coefficients have in common with a short number is found soon.
    #[must_use]
    pub fn primitive_within(self, multiple: Integer) -> Self {
        let content = self.coefficients.iter().fold(multiple.abs(), |content, c| {
            match content.is_one() || content.is_zero() {
                true => content,
                false => content.gcd(&(c % &content)),
            }
        });
        if content.is_zero() {
            return self.primitive();
        }
        let negative = self.leading().is_some_and(Signed::is_negative);
        let content = if negative { -content } else { content };
        if content.is_one() {
            return self;
        }
        Self::new(self.coefficients.into_iter().map(|c| c / &content).collect())
    }

    fn negated(self) -> Self {
        Self::new(self.coefficients.into_iter().map(|c| -c).collect())
    }

    /// The derivative.
    #[must_use]
    pub fn derivative(&self) -> Self {
        Self::new(self.coefficients.iter().zip(0_u64..).skip(1).map(|(c, power)| c * power).collect())
    }

    /// The sign of the value at a rational, as its order against zero.
    #[must_use]
    pub fn sign_at(&self, x: &Rational) -> Ordering {
        // The homogeneous form: the value times a positive power of the denominator, all in integers.
        let mut value = Integer::zero();
        let mut power = Integer::one();
        for c in self.coefficients.iter().rev() {
            value = value * x.numer() + c * &power;
            power *= x.denom();
        }
        value.cmp(&Integer::zero())
    }

    /// The value at `numerator / 2^shift`, times `2^(shift * degree)`.
    #[must_use]
    pub fn dyadic_value(&self, numerator: &Integer, shift: u64) -> Integer {
        let mut value = Integer::zero();
        for (c, power) in self.coefficients.iter().rev().zip(0_u64..) {
            value = value * numerator + (c << (shift * power));
        }
        value
    }

    /// A positive multiple of the remainder of the division by `divisor`, without content; `None` when the divisor
    /// is zero.
    ///
    /// That the multiple is positive is what a Sturm sequence needs.
    #[must_use]
    pub fn positive_pseudo_remainder(&self, divisor: &Self) -> Option<Self> {
        let leading = divisor.leading()?;
        let scale = leading.abs();
        let mut rest = self.coefficients.clone();
        while rest.len() >= divisor.coefficients.len() {
            let Some(top) = rest.pop() else { break };
            if top.is_zero() {
                continue;
            }
            let top = if leading.is_negative() { -top } else { top };
            let from = rest.len() + 1 - divisor.coefficients.len();
            for r in &mut rest {
                *r *= &scale;
            }
            for (r, d) in rest.iter_mut().skip(from).zip(&divisor.coefficients) {
                *r -= &top * d;
            }
        }
        Some(Self::new(rest).without_content())
    }

    /// The next member of a Sturm sequence after `self` and `divisor`: minus a positive multiple of the remainder.
    pub(super) fn sturm_step(&self, divisor: &Self) -> Option<Self> {
        self.positive_pseudo_remainder(divisor).map(Self::negated)
    }

    /// The greatest common divisor, primitive; zero only when both are zero.
    #[must_use]
    pub fn gcd(&self, other: &Self) -> Self {
        let (mut a, mut b) = (self.clone().primitive(), other.clone().primitive());
        if let Some(divisor) = modular::common_divisor(&a, &b) {
            return divisor;
        }
        // One of them is zero, or primes did not suffice: Euclid's algorithm, content taken out at each step.
        while let Some(rest) = a.positive_pseudo_remainder(&b) {
            a = b;
            b = rest.primitive();
        }
        if a.degree() == Some(0) { Self::new(vec![Integer::one()]) } else { a }
    }

    /// The product.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        let length = (self.coefficients.len() + other.coefficients.len()).saturating_sub(1);
        let mut product = vec![Integer::zero(); length];
        for (i, a) in self.coefficients.iter().enumerate() {
            for (slot, b) in product.iter_mut().skip(i).zip(&other.coefficients) {
                *slot += a * b;
            }
        }
        Self::new(product)
    }

    /// The quotient when the division leaves nothing and its coefficients are integers, which they are for
    /// primitive polynomials (Gauss's lemma); `None` otherwise, and when the divisor is zero.
    #[must_use]
    pub fn div_exact(&self, divisor: &Self) -> Option<Self> {
        let leading = divisor.leading()?;
        let mut rest = self.coefficients.clone();
        let mut quotient = Vec::new();
        while rest.len() >= divisor.coefficients.len() {
            let (factor, remainder) = rest.pop()?.div_rem(leading);
            if !remainder.is_zero() {
                return None;
            }
            let from = rest.len() + 1 - divisor.coefficients.len();
            for (r, d) in rest.iter_mut().skip(from).zip(&divisor.coefficients) {
                *r -= &factor * d;
            }
            quotient.push(factor);
        }
        quotient.reverse();
        rest.iter().all(Zero::is_zero).then(|| Self::new(quotient))
    }

    /// The polynomial with the same roots, each of them once, primitive.
    #[must_use]
    pub fn squarefree_part(&self) -> Self {
        let primitive = self.clone().primitive();
        let repeated = primitive.gcd(&primitive.derivative());
        primitive.div_exact(&repeated).unwrap_or(primitive)
    }

    /// Primitive squarefree factors without common roots, with the multiplicity of their roots, ascending in it;
    /// constants are left out.
    ///
    /// What all roots share is taken off layer by layer: `gcd(f, f')` holds each root once less than `f` does.
    #[must_use]
    pub fn squarefree_decomposition(&self) -> Vec<(Self, usize)> {
        let primitive = self.clone().primitive();
        let mut deeper = primitive.gcd(&primitive.derivative());
        let mut layer = primitive.div_exact(&deeper).unwrap_or(primitive);
        let mut factors = Vec::new();
        let mut times = 1;
        while !layer.is_constant() {
            let below = layer.gcd(&deeper);
            // Both divisions are exact, as the divisors are common ones.
            let (Some(here), Some(rest)) = (layer.div_exact(&below), deeper.div_exact(&below)) else { break };
            if !here.is_constant() {
                factors.push((here, times));
            }
            layer = below;
            deeper = rest;
            times += 1;
        }
        factors
    }
}
