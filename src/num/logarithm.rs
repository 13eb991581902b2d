//! Numbers c + Σ nᵢ·ln uᵢ live here, rational c and nᵢ, positive uᵢ: a cross-entropy, or a batch of them.
//!
//! # Invariant
//!
//! Each uᵢ is either a rational above 1, or an exponential sum of at least two terms whose least exponent is 0 and whose
//! coefficients are whole without a common factor: powers of e and rational factors were taken out (`-1 + ln(2e)` is
//! `ln 2`), quotients were split. Arguments are distinct, no nᵢ is zero.
//!
//! # What is decided, and why
//!
//! Let D be the common denominator of the nᵢ. If c + Σ nᵢ·ln uᵢ is the rational r then Π uᵢ^{D·nᵢ} = e^{D(r−c)}. On
//! both sides of that equation, cleared of denominators, stand exponential sums with least exponent 0, but for the
//! factor e^{D(r−c)}; sums are equal only term by term, hence r = c. So the only rational that it can be is c, and
//! whether it is, is one comparison of products: [`LogSum::as_rational`]. An enclosure of Σ nᵢ·ln uᵢ apart from zero
//! nearly always answers first; the products are formed under a limit on terms and beyond it the question is undecided.

use num_bigint::Sign;
use num_integer::Integer as _;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::elementary::{MAX_BITS, ln_rational};
use super::exp_sum::ExpSum;
use super::quotient::{Denominator, ExpQuotient};
use super::{Integer, Interval, Rational, Undecided};

/// Largest power that an argument is raised to when a product of powers is compared with one.
const MAX_POWER: u32 = 4096;

/// Bits of the enclosures that may tell a sum of logarithms from zero before products are formed.
const FIRST_BITS: [u32; 2] = [48, 256];

/// The argument of one logarithm, in normal form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogArgument {
    /// A rational above one.
    Rational(Rational),
    /// A sum with least exponent 0 and whole coefficients without common factor.
    Sum(ExpSum),
}

/// A number c + Σ nᵢ·ln uᵢ.
#[derive(Debug, Clone)]
pub struct LogSum {
    rational: Rational,
    terms: Vec<(Rational, LogArgument)>,
    /// That the number is irrational, once it was decided; everything that makes another number starts without it.
    irrational: bool,
}

impl LogSum {
    /// A rational, with no logarithm.
    #[must_use]
    pub fn rational(c: Rational) -> Self {
        Self { rational: c, terms: Vec::new(), irrational: false }
    }

    /// ln u of a quotient; `None` where u is not positive.
    ///
    /// # Errors
    /// [`Undecided`] where the sign of u is.
    pub fn ln(u: &ExpQuotient) -> Result<Option<Self>, Undecided> {
        let (n, s) = (u.numerator().sign()?, u.denominator().sign()?);
        if n == Sign::NoSign || n != s {
            return Ok(None);
        }
        let mut out = Self::rational(Rational::zero());
        for (sum, times) in [(u.numerator(), Rational::one()), (u.denominator(), -Rational::one())] {
            let positive = if n == Sign::Minus { sum.neg() } else { sum.clone() };
            out.push_sum(&positive, &times);
        }
        Ok(Some(out))
    }

    /// Adds n·ln u for a sum u > 0.
    fn push_sum(&mut self, u: &ExpSum, n: &Rational) {
        let Some((normal, c, q)) = Denominator::of(u) else { return };
        self.rational += n * q;
        // The normal form's first coefficient is positive; a negative factor would make it −c·(−S).
        let (c, normal) = if c.is_negative() { (-c, normal.sum().neg()) } else { (c, normal.sum().clone()) };
        self.push(n.clone(), LogArgument::Rational(c));
        match normal.as_rational() {
            Some(r) => self.push(n.clone(), LogArgument::Rational(r)),
            None => self.push(n.clone(), LogArgument::Sum(normal)),
        }
    }

    fn push(&mut self, n: Rational, u: LogArgument) {
        let (n, u) = match u {
            LogArgument::Rational(r) if r.is_one() => return,
            LogArgument::Rational(r) if r < Rational::one() => (-n, LogArgument::Rational(r.recip())),
            u => (n, u),
        };
        match self.terms.iter().position(|(_, v)| *v == u) {
            Some(i) => {
                if let Some(term) = self.terms.get_mut(i) {
                    term.0 += n;
                    if term.0.is_zero() {
                        self.terms.remove(i);
                    }
                }
            }
            None if n.is_zero() => {}
            None => self.terms.push((n, u)),
        }
    }

    /// The same number with the mark that it was decided to be irrational, so that this is not worked out again.
    pub(super) fn known_irrational(self) -> Self {
        Self { irrational: true, ..self }
    }

    /// The rational part c.
    #[must_use]
    pub fn rational_part(&self) -> &Rational {
        &self.rational
    }

    /// The terms (nᵢ, uᵢ).
    #[must_use]
    pub fn terms(&self) -> &[(Rational, LogArgument)] {
        &self.terms
    }

    /// Sum.
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        let mut out = Self { irrational: false, ..self.clone() };
        out.rational += &other.rational;
        for (n, u) in &other.terms {
            out.push(n.clone(), u.clone());
        }
        out
    }

    /// Product with a rational.
    #[must_use]
    pub fn scale(&self, factor: &Rational) -> Self {
        if factor.is_zero() {
            return Self::rational(Rational::zero());
        }
        Self {
            rational: &self.rational * factor,
            terms: self.terms.iter().map(|(n, u)| (n * factor, u.clone())).collect(),
            irrational: self.irrational,
        }
    }

    /// An enclosure of Σ nᵢ·ln uᵢ, without c, with about `bits` good bits.
    fn enclose_logs(&self, bits: u32) -> Result<Interval, Undecided> {
        let mut work = bits.saturating_add(32);
        'finer: loop {
            let mut sum = Interval::zero(work);
            for (n, u) in &self.terms {
                let ln = match u {
                    LogArgument::Rational(r) => ln_rational(r, work)?,
                    LogArgument::Sum(s) => {
                        let zero = Rational::zero();
                        let offset = s.greatest_exponent().unwrap_or(&zero);
                        let rest = s.enclose_shifted(offset, work)?.ln()?;
                        rest.map(|l| l.add(&Interval::from_rational(offset, work)))
                    }
                };
                let Some(ln) = ln else {
                    // The argument is positive, so finer enclosures will show it.
                    work = Self::finer(work)?;
                    continue 'finer;
                };
                sum = sum.add(&ln.scale(n));
            }
            if sum.is_narrower_than(bits) {
                return Ok(sum);
            }
            work = Self::finer(work)?;
        }
    }

    fn finer(work: u32) -> Result<u32, Undecided> {
        let next = work.saturating_mul(2);
        if next > 2 * MAX_BITS {
            return Err(Undecided::because(format!("a logarithm is not enclosed within {MAX_BITS} bits")));
        }
        Ok(next)
    }

    /// An enclosure at most 2⁻ᵇⁱᵗˢ wide.
    ///
    /// # Errors
    /// [`Undecided`] where a limit on precision or exponents is passed.
    pub fn enclose(&self, bits: u32) -> Result<Interval, Undecided> {
        let logs = self.enclose_logs(bits.saturating_add(2))?;
        Ok(logs.add(&Interval::from_rational(&self.rational, logs.bits())))
    }

    /// The rational that this is, if it is one: decided, see the module's page.
    ///
    /// # Errors
    /// [`Undecided`] where the products to compare would pass a limit.
    pub fn as_rational(&self) -> Result<Option<Rational>, Undecided> {
        if self.terms.is_empty() {
            return Ok(Some(self.rational.clone()));
        }
        if self.irrational {
            return Ok(None);
        }
        for bits in FIRST_BITS {
            if !self.enclose_logs(bits)?.contains_zero() {
                return Ok(None);
            }
        }
        let common = self.terms.iter().fold(Integer::one(), |d, (n, _)| d.lcm(n.denom()));
        let (mut above, mut below) = (ExpSum::one(), ExpSum::one());
        for (n, u) in &self.terms {
            let power = (n * Rational::from_integer(common.clone())).to_integer();
            let n = power.abs().to_u32().filter(|p| *p <= MAX_POWER).ok_or_else(|| {
                Undecided::because(format!("a power of {power} would pass the limit of {MAX_POWER}"))
            })?;
            let base = match u {
                LogArgument::Rational(r) => ExpSum::rational(r.clone()),
                LogArgument::Sum(s) => s.clone(),
            };
            let side = if power.is_positive() { &mut above } else { &mut below };
            *side = side.mul(&base.pow(n)?)?;
        }
        Ok((above == below).then(|| self.rational.clone()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::num::ratio;

    fn ln(terms: &[(i64, i64, i64)]) -> LogSum {
        let sum = ExpSum::from_terms(terms.iter().map(|(q, d, c)| (ratio(*q, *d), ratio(*c, 1))));
        LogSum::ln(&ExpQuotient::over(sum, Denominator::one())).unwrap().unwrap()
    }

    #[test]
    fn powers_of_e_come_out() {
        // -1 + ln(2e) = ln 2
        let x = ln(&[(1, 1, 2)]).add(&LogSum::rational(ratio(-1, 1)));
        assert!(x.rational_part().is_zero());
        assert_eq!(x.terms(), ln(&[(0, 1, 2)]).terms());
    }

    #[test]
    fn a_hidden_rational_is_found() {
        // ln(1 + 2e + e²) − 2·ln(1 + e) = 0, by the binomial theorem; with 5 in front it is 5.
        let x = ln(&[(0, 1, 1), (1, 1, 2), (2, 1, 1)]).add(&ln(&[(0, 1, 1), (1, 1, 1)]).scale(&ratio(-2, 1)));
        assert_eq!(x.as_rational().unwrap(), Some(ratio(0, 1)));
        assert_eq!(x.add(&LogSum::rational(ratio(5, 1))).as_rational().unwrap(), Some(ratio(5, 1)));
        // ln 8 − 3·ln 2 = 0, ln 9 − 3·ln 2 is not rational.
        let three_ln2 = ln(&[(0, 1, 2)]).scale(&ratio(-3, 1));
        assert_eq!(ln(&[(0, 1, 8)]).add(&three_ln2).as_rational().unwrap(), Some(ratio(0, 1)));
        assert_eq!(ln(&[(0, 1, 9)]).add(&three_ln2).as_rational().unwrap(), None);
    }

    #[test]
    fn the_logarithm_of_something_negative_does_not_exist() {
        let minus = ExpQuotient::over(ExpSum::rational(ratio(-1, 1)), Denominator::one());
        assert!(LogSum::ln(&minus).unwrap().is_none());
    }
}
