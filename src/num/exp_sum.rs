//! Sums Σ cᵢ·e^{qᵢ} with rational cᵢ and qᵢ live here; quotients and logarithms of them are elsewhere.
//!
//! # Invariant
//!
//! Terms are sorted by exponent, exponents are distinct, coefficients are not zero.
//!
//! # What is decided, and why
//!
//! By the theorem of Lindemann and Weierstrass (Baker, *Transcendental Number Theory*, theorem 1.4) the numbers e^{qᵢ}
//! with distinct algebraic qᵢ are linearly independent over the algebraic numbers. So a sum in this form is zero only
//! when it has no terms, and two sums are equal only when they are the same list: equality is *decided*, and a sum
//! that is not empty has a sign that refining an enclosure is sure to find.
//!
//! # Cost
//!
//! Adding merges two sorted lists; a product has at most the product of the lengths, bounded by [`MAX_TERMS`].

use num_bigint::Sign;
use num_traits::{One, Signed, Zero};

use super::elementary::{MAX_BITS, exp_shared};
use super::{Integer, Interval, Rational, Undecided};

/// Most terms that a product of sums may have before it is left undone.
pub const MAX_TERMS: usize = 20_000;

/// A finite sum Σ cᵢ·e^{qᵢ}.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ExpSum {
    terms: Vec<(Rational, Rational)>,
}

impl ExpSum {
    /// The empty sum, zero.
    #[must_use]
    pub fn zero() -> Self {
        Self { terms: Vec::new() }
    }

    /// The number one, 1·e⁰.
    #[must_use]
    pub fn one() -> Self {
        Self::rational(Rational::one())
    }

    /// A rational number, c·e⁰.
    #[must_use]
    pub fn rational(c: Rational) -> Self {
        Self::term(c, Rational::zero())
    }

    /// c·e^q.
    #[must_use]
    pub fn term(c: Rational, q: Rational) -> Self {
        if c.is_zero() { Self::zero() } else { Self { terms: vec![(q, c)] } }
    }

    /// A sum of terms (exponent, coefficient) in any order, equal exponents merged.
    #[must_use]
    pub fn from_terms(terms: impl IntoIterator<Item = (Rational, Rational)>) -> Self {
        let mut all: Vec<_> = terms.into_iter().collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        let mut out: Vec<(Rational, Rational)> = Vec::with_capacity(all.len());
        for (q, c) in all {
            match out.last_mut() {
                Some(last) if last.0 == q => last.1 += c,
                _ => out.push((q, c)),
            }
        }
        out.retain(|(_, c)| !c.is_zero());
        Self { terms: out }
    }

    /// The sum with the same exponents and other coefficients, one for each term of this one in order.
    #[must_use]
    pub fn with_coefficients(&self, coefficients: impl IntoIterator<Item = Rational>) -> Self {
        let terms = self.terms.iter().zip(coefficients).filter(|(_, c)| !c.is_zero());
        Self { terms: terms.map(|((q, _), c)| (q.clone(), c)).collect() }
    }

    /// The terms (exponent, coefficient), exponents rising.
    #[must_use]
    pub fn terms(&self) -> &[(Rational, Rational)] {
        &self.terms
    }

    /// Whether the sum is zero: decided, see the module's page.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.terms.is_empty()
    }

    /// The rational number that this is, if it is one.
    #[must_use]
    pub fn as_rational(&self) -> Option<Rational> {
        match self.terms.as_slice() {
            [] => Some(Rational::zero()),
            [(q, c)] if q.is_zero() => Some(c.clone()),
            _ => None,
        }
    }

    /// Sum.
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        let (mut a, mut b) = (self.terms.iter().peekable(), other.terms.iter().peekable());
        let mut terms = Vec::with_capacity(self.terms.len() + other.terms.len());
        loop {
            match (a.peek(), b.peek()) {
                (Some(x), Some(y)) if x.0 == y.0 => {
                    let c = &x.1 + &y.1;
                    if !c.is_zero() {
                        terms.push((x.0.clone(), c));
                    }
                    a.next();
                    b.next();
                }
                (Some(x), Some(y)) if x.0 > y.0 => {
                    terms.push((*y).clone());
                    b.next();
                }
                (Some(x), _) => {
                    terms.push((*x).clone());
                    a.next();
                }
                (None, Some(y)) => {
                    terms.push((*y).clone());
                    b.next();
                }
                (None, None) => return Self { terms },
            }
        }
    }

    /// Product with a rational.
    #[must_use]
    pub fn scale(&self, factor: &Rational) -> Self {
        if factor.is_zero() {
            return Self::zero();
        }
        Self { terms: self.terms.iter().map(|(q, c)| (q.clone(), c * factor)).collect() }
    }

    /// Negation.
    #[must_use]
    pub fn neg(&self) -> Self {
        Self { terms: self.terms.iter().map(|(q, c)| (q.clone(), -c)).collect() }
    }

    /// Product with e^q.
    #[must_use]
    pub fn shift(&self, q: &Rational) -> Self {
        Self { terms: self.terms.iter().map(|(p, c)| (p + q, c.clone())).collect() }
    }

    /// Product.
    ///
    /// # Errors
    /// [`Undecided`] where it could have more than [`MAX_TERMS`] terms.
    pub fn mul(&self, other: &Self) -> Result<Self, Undecided> {
        if self.terms.len().saturating_mul(other.terms.len()) > MAX_TERMS {
            return Err(Undecided::because(format!(
                "a product of sums would pass the limit of {MAX_TERMS} terms"
            )));
        }
        if let [(q, c)] = self.terms.as_slice() {
            return Ok(other.scale(c).shift(q));
        }
        if let [(q, c)] = other.terms.as_slice() {
            return Ok(self.scale(c).shift(q));
        }
        Ok(Self::from_terms(
            self.terms.iter().flat_map(|(q, c)| other.terms.iter().map(move |(p, d)| (q + p, c * d))),
        ))
    }

    /// Power, by repeated squaring.
    ///
    /// # Errors
    /// As [`ExpSum::mul`].
    pub fn pow(&self, mut n: u32) -> Result<Self, Undecided> {
        let (mut base, mut out) = (self.clone(), Self::one());
        while n > 0 {
            if n & 1 == 1 {
                out = out.mul(&base)?;
            }
            n >>= 1;
            if n > 0 {
                base = base.mul(&base)?;
            }
        }
        Ok(out)
    }

    /// The least exponent, `None` for zero.
    #[must_use]
    pub fn least_exponent(&self) -> Option<&Rational> {
        self.terms.first().map(|t| &t.0)
    }

    /// The greatest exponent, `None` for zero.
    #[must_use]
    pub fn greatest_exponent(&self) -> Option<&Rational> {
        self.terms.last().map(|t| &t.0)
    }

    /// The positive rational r for which the coefficients of self/r are whole and share no factor; one for zero.
    #[must_use]
    pub fn content(&self) -> Rational {
        use num_integer::Integer as _;
        let (mut gcd, mut lcm) = (Integer::zero(), Integer::one());
        for (_, c) in &self.terms {
            gcd = gcd.gcd(c.numer());
            lcm = lcm.lcm(c.denom());
        }
        if gcd.is_zero() { Rational::one() } else { Rational::new(gcd, lcm) }
    }

    /// An enclosure of self·e^{−offset}, with about `bits` good bits after the point.
    ///
    /// # Errors
    /// [`Undecided`] where an exponent or the precision passes its limit.
    pub fn enclose_shifted(&self, offset: &Rational, bits: u32) -> Result<Interval, Undecided> {
        // Room for the coefficients' size and for one unit lost a term.
        let extra = self.terms.iter().map(|(_, c)| c.numer().bits()).max().unwrap_or(0).min(1 << 20);
        let extra = u32::try_from(extra).unwrap_or(u32::MAX).saturating_add(16);
        let work = bits.saturating_add(extra);
        let mut sum = Interval::zero(work);
        for (q, c) in &self.terms {
            sum = sum.add(&exp_shared(&(q - offset), work)?.scale(c));
        }
        Ok(sum.with_bits(bits))
    }

    /// The sign: decided by refining, which ends because a non-empty sum is not zero.
    ///
    /// # Errors
    /// [`Undecided`] where the precision passes its limit first.
    pub fn sign(&self) -> Result<Sign, Undecided> {
        let Some(greatest) = self.greatest_exponent() else { return Ok(Sign::NoSign) };
        if self.terms.iter().all(|(_, c)| c.is_positive()) {
            return Ok(Sign::Plus);
        }
        if self.terms.iter().all(|(_, c)| c.is_negative()) {
            return Ok(Sign::Minus);
        }
        let mut bits = 64;
        loop {
            if let Some(sign) = self.enclose_shifted(greatest, bits)?.sign() {
                return Ok(sign);
            }
            bits *= 2;
            if bits > MAX_BITS {
                return Err(Undecided::because(format!("no sign within {MAX_BITS} bits")));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::num::ratio;
    use proptest::prelude::*;

    fn sum() -> impl Strategy<Value = ExpSum> {
        proptest::collection::vec((-6i64..6, 1i64..4, -5i64..5, 1i64..4), 0..5)
            .prop_map(|v| ExpSum::from_terms(v.into_iter().map(|(a, b, c, d)| (ratio(a, b), ratio(c, d)))))
    }

    proptest! {
        #[test]
        fn sums_form_a_ring(a in sum(), b in sum(), c in sum()) {
            prop_assert_eq!(a.add(&b), b.add(&a));
            prop_assert_eq!(a.add(&b).add(&c), a.add(&b.add(&c)));
            prop_assert_eq!(a.mul(&b).unwrap(), b.mul(&a).unwrap());
            prop_assert_eq!(a.mul(&b.add(&c)).unwrap(), a.mul(&b).unwrap().add(&a.mul(&c).unwrap()));
            prop_assert!(a.add(&a.neg()).is_zero());
            prop_assert_eq!(a.pow(3).unwrap(), a.mul(&a).unwrap().mul(&a).unwrap());
        }

        #[test]
        fn the_sign_agrees_with_an_enclosure(a in sum()) {
            let i = a.enclose_shifted(&ratio(0, 1), 80).unwrap();
            match a.sign().unwrap() {
                Sign::NoSign => prop_assert!(a.is_zero()),
                s => prop_assert!(i.sign().is_none_or(|t| t == s)),
            }
        }
    }

    #[test]
    fn cancellation_is_exact() {
        // (e^1 + 1)(e^1 - 1) - e^2 = -1: found without any digits.
        let (plus, minus) = (
            ExpSum::from_terms([(ratio(1, 1), ratio(1, 1)), (ratio(0, 1), ratio(1, 1))]),
            ExpSum::from_terms([(ratio(1, 1), ratio(1, 1)), (ratio(0, 1), ratio(-1, 1))]),
        );
        let rest = plus.mul(&minus).unwrap().add(&ExpSum::term(ratio(-1, 1), ratio(2, 1)));
        assert_eq!(rest.as_rational(), Some(ratio(-1, 1)));
    }
}
