//! The first k in truth lives here, searched by doubling and halving over enclosures of the closed form in `gap.rs`;
//! nothing iterates.

use std::cmp::Ordering;

use num_bigint::Sign;
use num_integer::Integer as _;
use num_traits::{One, Signed, Zero};

use super::gap::{Course, Gap, MOST_BITS, exact_weight};
use crate::num::{Exact, Integer, Interval, Rational, Undecided};

/// The longest k that is searched for, in bits.
const MOST_COUNT_BITS: u64 = 512;
/// Where descent first comes within ε.
#[derive(Debug, Clone)]
pub(super) enum First {
    /// At this k; with the last k at which it still is, where it leaves again.
    At(Integer, Option<Integer>),
    /// Never, and why.
    Never(String),
}

impl Gap {
    /// The first k with a gap of at most ε.
    pub(super) fn first(&self) -> Result<First, Undecided> {
        if self.start <= self.accuracy {
            let last = if self.has(Course::Grows) { Some(self.last(&Integer::zero())?) } else { None };
            return Ok(First::At(Integer::zero(), last));
        }
        if self.t.is_zero()? {
            return Ok(First::Never("t = 0: the iterates never move".to_owned()));
        }
        // No two eigenvalues are 2/t, so one term at most keeps its size.
        if let Some(stays) = self.of_course(Course::Stays).next() {
            let rest = exact_weight(self, stays);
            let order = rest.compare(&self.accuracy.clone().into())?;
            let others = self.has(Course::Shrinks) || self.has(Course::Grows);
            if order == Ordering::Greater || (order == Ordering::Equal && others) {
                return Ok(First::Never(format!(
                    "f(x⁽ᵏ⁾) − f* stays above ε: with tλ = 2 for an eigenvalue λ of the Hessian, a component of the error \
                     changes its sign at every step and keeps its size, so the gap never comes below {}",
                    describe(&rest)
                )));
            }
        }
        let one = Integer::one();
        if self.within(&one)? {
            let last = if self.has(Course::Grows) { Some(self.last(&one)?) } else { None };
            return Ok(First::At(one, last));
        }
        if self.has(Course::Grows) {
            return self.first_before_leaving();
        }
        // Falling: below this bound one term alone is above ε.
        let from = self.least()?.max(one);
        let (mut low, mut step) = (from - 1u32, Integer::one());
        // Invariant: the gap at `low` is above ε.
        let mut high = loop {
            let next = &low + &step;
            if self.within(&next)? {
                break next;
            }
            if next.bits() > MOST_COUNT_BITS {
                return Err(Undecided::because(format!(
                    "k is longer than {MOST_COUNT_BITS} bits, the limit"
                )));
            }
            low = next;
            step *= 2;
        };
        while &low + 1u32 < high {
            let middle: Integer = (&low + &high) >> 1u32;
            if self.within(&middle)? { high = middle } else { low = middle }
        }
        Ok(First::At(high, None))
    }

    /// Some terms grow: the gap is convex in k, so it falls to its least value and rises from there.
    fn first_before_leaving(&self) -> Result<First, Undecided> {
        let lowest = self.lowest()?;
        if !self.within(&lowest)? {
            return Ok(First::Never(format!(
                "with this step the iterates diverge: from k = 1 on, f(x⁽ᵏ⁾) − f* is least at k = {lowest}, where it is above ε"
            )));
        }
        let (mut low, mut high) = (Integer::one(), lowest);
        while &low + 1u32 < high {
            let middle: Integer = (&low + &high) >> 1u32;
            if self.within(&middle)? { high = middle } else { low = middle }
        }
        let last = self.last(&high)?;
        Ok(First::At(high, Some(last)))
    }

    /// The k ≥ 1 with the least gap, where some terms grow: the first from which the gap does not fall.
    fn lowest(&self) -> Result<Integer, Undecided> {
        let (mut low, mut high) = (Integer::zero(), Integer::one());
        while self.falls_after(&high)? {
            low.clone_from(&high);
            high *= 2;
            if high.bits() > MOST_COUNT_BITS {
                return Err(Undecided::because(format!(
                    "k is longer than {MOST_COUNT_BITS} bits, the limit"
                )));
            }
        }
        while &low + 1u32 < high {
            let middle: Integer = (&low + &high) >> 1u32;
            if self.falls_after(&middle)? { low = middle } else { high = middle }
        }
        Ok(high)
    }

    /// The last k with a gap of at most ε, where some terms grow and the gap at `within` is within ε.
    fn last(&self, within: &Integer) -> Result<Integer, Undecided> {
        let (mut low, mut step) = (within.clone(), Integer::one());
        let mut high = loop {
            let next = &low + &step;
            if next > Integer::one() && !self.within(&next)? && !self.falls_after(&next)? {
                break next;
            }
            if next.bits() > MOST_COUNT_BITS {
                return Err(Undecided::because(format!(
                    "k is longer than {MOST_COUNT_BITS} bits, the limit"
                )));
            }
            if next <= Integer::one() && !self.within(&next)? {
                return Ok(within.clone());
            }
            low = next;
            step *= 2;
        };
        while &low + 1u32 < high {
            let middle: Integer = (&low + &high) >> 1u32;
            if self.within(&middle)? { low = middle } else { high = middle }
        }
        Ok(low)
    }

    /// A k that the first one is not below, where nothing grows: one term alone is above ε before it.
    fn least(&self) -> Result<Integer, Undecided> {
        let mut least = Integer::zero();
        for term in self.of_course(Course::Shrinks) {
            let (weight, rate) = self.logs(term, 64)?;
            if let Some(k) = weight.checked_div(&rate.neg()) {
                least = least.max(k.lo().div_floor(&(Integer::one() << k.bits())));
            }
        }
        Ok(least)
    }

    /// Whether the gap after k ≥ 1 steps is at most ε.
    fn within(&self, k: &Integer) -> Result<bool, Undecided> {
        if let Some(gap) = self.exactly(k) {
            return Ok(gap <= self.accuracy);
        }
        let mut bits = 64;
        while bits <= MOST_BITS {
            let one = Integer::one();
            if let Some(sum) = self.in_units(k, bits)? {
                let unit = one << sum.bits();
                if *sum.hi() <= unit {
                    return Ok(true);
                }
                if *sum.lo() > unit {
                    return Ok(false);
                }
            } else {
                return Ok(false);
            }
            bits *= 4;
        }
        Err(Undecided::because(format!(
            "whether the gap after {k} steps is exactly ε is not told by {MOST_BITS} bits"
        )))
    }

    /// The gap divided by ε; `None` where one term alone is above it.
    fn in_units(&self, k: &Integer, bits: u32) -> Result<Option<Interval>, Undecided> {
        let mut sum = Interval::zero(bits);
        for term in &self.terms {
            if let Some(exponent) = self.exponent(term, k, bits)? {
                if exponent.lo().is_positive() {
                    return Ok(None);
                }
                // Above e the sum is above ε anyway, unless the enclosure is that coarse.
                if exponent.upper() > Rational::one() {
                    return Ok(Some(Interval::new(Integer::zero(), Integer::from(4) << bits, bits)));
                }
                sum = sum.add(&exponent.exp()?);
            }
        }
        Ok(Some(sum))
    }

    /// Whether the gap at k + 1 is below that at k ≥ 1: the sign of Σ aᵢ(ρᵢ − 1)ρᵢᵏ.
    fn falls_after(&self, k: &Integer) -> Result<bool, Undecided> {
        let mut bits = 64;
        while bits <= MOST_BITS {
            let mut parts = Vec::new();
            for term in self.terms.iter().filter(|term| term.course != Course::Stays) {
                if let Some(exponent) = self.exponent(term, k, bits)? {
                    parts.push((exponent, self.rho(term, bits)?));
                }
            }
            // Divided by the largest power, so that nothing is too large to compute.
            let largest = parts.iter().map(|(exponent, _)| exponent.hi().clone()).max().unwrap_or_default();
            let shift = Interval::new(largest.clone(), largest, bits);
            let mut sum = Interval::zero(bits);
            for (exponent, rho) in parts {
                let change = rho.sub(&Interval::one(bits));
                sum = sum.add(&exponent.sub(&shift).exp()?.mul(&change));
            }
            match sum.sign() {
                Some(Sign::Minus) => return Ok(true),
                Some(_) => return Ok(false),
                None => bits *= 4,
            }
        }
        Err(Undecided::because(format!(
            "whether the gap falls after {k} steps is not told by {MOST_BITS} bits"
        )))
    }
}

fn describe(x: &Exact) -> String {
    match x.as_rational() {
        Ok(Some(r)) if r.to_string().len() <= 24 => r.to_string(),
        _ => {
            x.decimal(crate::num::Rounding::Significant(6)).unwrap_or_else(|_| "a positive number".to_owned())
        }
    }
}
