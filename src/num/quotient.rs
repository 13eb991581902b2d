//! Quotients N/S of exponential sums live here: every softmax at rational logits and every gradient behind it.
//!
//! # Invariant
//!
//! S is not zero, its least exponent is 0, its coefficients are whole with no common factor and the first of them is
//! positive. Numbers of one network share one S by pointer, so sums over it cost a merge of numerators.
//!
//! # What is decided, and why
//!
//! N/S = N′/S′ exactly when N·S′ − N′·S is the empty sum, and N/S is rational only if N = r·S, where r is read from one
//! pair of coefficients: both by the theorem of Lindemann and Weierstrass, see [`ExpSum`].

use std::sync::{Arc, Mutex};

use num_bigint::Sign;
use num_traits::{Signed, Zero};

use super::elementary::MAX_BITS;
use super::exp_sum::ExpSum;
use super::{Interval, Rational, Undecided};

/// A denominator in its normal form, cheap to share.
#[derive(Debug, Clone)]
pub struct Denominator(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    sum: ExpSum,
    /// The last enclosure of the sum over its greatest power of e, with its bits: thousands of quotients ask for it.
    enclosed: Mutex<Option<(u32, Interval)>>,
}

impl Denominator {
    /// Writes a sum as `c·e^q·S` with S in normal form; `None` for zero.
    #[must_use]
    pub fn of(sum: &ExpSum) -> Option<(Self, Rational, Rational)> {
        let (q, first) = sum.terms().first()?.clone();
        let mut c = sum.content();
        if first.is_negative() {
            c = -c;
        }
        let normal = sum.scale(&c.recip()).shift(&-&q);
        Some((Self::normal(normal), c, q))
    }

    /// The denominator 1.
    #[must_use]
    pub fn one() -> Self {
        Self::normal(ExpSum::one())
    }

    fn normal(sum: ExpSum) -> Self {
        Self(Arc::new(Shared { sum, enclosed: Mutex::new(None) }))
    }

    /// The sum itself.
    #[must_use]
    pub fn sum(&self) -> &ExpSum {
        &self.0.sum
    }

    fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.sum == other.0.sum
    }

    /// An enclosure of the sum over its greatest power of e.
    fn enclose(&self, bits: u32) -> Result<Interval, Undecided> {
        // A lock that a panic left behind is only a missed chance to remember.
        if let Ok(Some((known, i))) = self.0.enclosed.lock().as_deref()
            && *known == bits
        {
            return Ok(i.clone());
        }
        let zero = Rational::zero();
        let i = self.sum().enclose_shifted(self.sum().greatest_exponent().unwrap_or(&zero), bits)?;
        if let Ok(mut enclosed) = self.0.enclosed.lock() {
            *enclosed = Some((bits, i.clone()));
        }
        Ok(i)
    }
}

/// A quotient of exponential sums.
#[derive(Debug, Clone)]
pub struct ExpQuotient {
    numerator: ExpSum,
    denominator: Denominator,
}

impl ExpQuotient {
    /// N over a denominator that is already in normal form.
    #[must_use]
    pub fn over(numerator: ExpSum, denominator: Denominator) -> Self {
        Self { numerator, denominator }
    }

    /// N/S for any S; `None` where S is zero.
    #[must_use]
    pub fn new(numerator: &ExpSum, denominator: &ExpSum) -> Option<Self> {
        let (denominator, c, q) = Denominator::of(denominator)?;
        Some(Self { numerator: numerator.scale(&c.recip()).shift(&-q), denominator })
    }

    /// The numerator N.
    #[must_use]
    pub fn numerator(&self) -> &ExpSum {
        &self.numerator
    }

    /// The denominator S.
    #[must_use]
    pub fn denominator(&self) -> &ExpSum {
        self.denominator.sum()
    }

    /// The rational that this is, if it is one: N = r·S term by term.
    #[must_use]
    pub fn as_rational(&self) -> Option<Rational> {
        let (n, s) = (self.numerator.terms(), self.denominator().terms());
        if n.is_empty() {
            return Some(Rational::zero());
        }
        if n.len() != s.len() {
            return None;
        }
        let r = &n.first()?.1 / &s.first()?.1;
        n.iter().zip(s).all(|(a, b)| a.0 == b.0 && a.1 == &b.1 * &r).then_some(r)
    }

    /// Whether both are the same number: decided.
    ///
    /// # Errors
    /// [`Undecided`] where the cross products pass the limit on terms.
    pub fn equals(&self, other: &Self) -> Result<bool, Undecided> {
        if self.denominator.same(&other.denominator) {
            return Ok(self.numerator == other.numerator);
        }
        Ok(self.numerator.mul(other.denominator())? == other.numerator.mul(self.denominator())?)
    }

    /// Sum.
    ///
    /// # Errors
    /// As [`ExpSum::mul`].
    pub fn add(&self, other: &Self) -> Result<Self, Undecided> {
        if self.denominator.same(&other.denominator) {
            let numerator = self.numerator.add(&other.numerator);
            return Ok(Self { numerator, denominator: self.denominator.clone() });
        }
        if let Some(r) = other.denominator().as_rational() {
            let scaled = other.numerator.scale(&r.recip()).mul(self.denominator())?;
            let numerator = self.numerator.add(&scaled);
            return Ok(Self { numerator, denominator: self.denominator.clone() });
        }
        if self.denominator().as_rational().is_some() {
            return other.add(self);
        }
        let numerator =
            self.numerator.mul(other.denominator())?.add(&other.numerator.mul(self.denominator())?);
        let denominator = self.denominator().mul(other.denominator())?;
        Self::new(&numerator, &denominator).ok_or_else(|| Undecided::because("a denominator vanished"))
    }

    /// Product with a rational.
    #[must_use]
    pub fn scale(&self, factor: &Rational) -> Self {
        Self { numerator: self.numerator.scale(factor), denominator: self.denominator.clone() }
    }

    /// Product.
    ///
    /// # Errors
    /// As [`ExpSum::mul`].
    pub fn mul(&self, other: &Self) -> Result<Self, Undecided> {
        let numerator = self.numerator.mul(&other.numerator)?;
        let denominator = self.denominator().mul(other.denominator())?;
        Self::new(&numerator, &denominator).ok_or_else(|| Undecided::because("a denominator vanished"))
    }

    /// S/N; `None` for zero.
    #[must_use]
    pub fn reciprocal(&self) -> Option<Self> {
        Self::new(self.denominator(), &self.numerator)
    }

    /// The sign.
    ///
    /// # Errors
    /// As [`ExpSum::sign`].
    pub fn sign(&self) -> Result<Sign, Undecided> {
        Ok(self.numerator.sign()? * self.denominator().sign()?)
    }

    /// An enclosure at most 2⁻ᵇⁱᵗˢ wide.
    ///
    /// # Errors
    /// [`Undecided`] where a limit on precision or exponents is passed.
    pub fn enclose(&self, bits: u32) -> Result<Interval, Undecided> {
        let zero = Rational::zero();
        // Everything is taken relative to the greatest power of e below, so that nothing overflows.
        let offset = self.denominator().greatest_exponent().unwrap_or(&zero);
        let mut work = bits.saturating_add(16);
        loop {
            let n = self.numerator.enclose_shifted(offset, work)?;
            let s = self.denominator.enclose(work)?;
            if let Some(i) = n.checked_div(&s).filter(|i| i.is_narrower_than(bits)) {
                return Ok(i);
            }
            work = work.saturating_mul(2);
            if work > 2 * MAX_BITS {
                return Err(Undecided::because(format!(
                    "not enclosed to {bits} bits within {MAX_BITS} bits"
                )));
            }
        }
    }
}
