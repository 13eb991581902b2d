//! Enclosures live here: intervals with dyadic ends in fixed point, rounded outward; nothing is ever rounded inward.
//!
//! # Invariant
//!
//! An [`Interval`] is `[lo, hi]·2⁻ᵇ` with integers `lo ≤ hi` and `b` the number of bits after the point. Every
//! operation returns an interval that contains every value that the operation can take on the operands' points: the
//! lower end is rounded down, the upper end up. So a true value that enters never leaves.
//!
//! # Cost
//!
//! An operation costs one or two products of integers of about `b` bits plus the magnitude. Rationals as ends would
//! grow with every step, fixed point does not.

use num_bigint::{BigInt, Sign};
use num_integer::Integer as _;
use num_traits::{One, Signed, Zero};

use super::Rational;

/// A closed interval with dyadic ends that encloses a real number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    lo: BigInt,
    hi: BigInt,
    bits: u32,
}

/// `⌊a / 2ⁿ⌋`.
pub(super) fn shift_down(a: &BigInt, n: u32) -> BigInt {
    // BigInt's `>>` rounds towards minus infinity, as an arithmetic shift does.
    a >> n
}

/// `⌈a / 2ⁿ⌉`.
pub(super) fn shift_up(a: &BigInt, n: u32) -> BigInt {
    -((-a) >> n)
}

/// `⌈a / b⌉` for `b ≠ 0`.
pub(super) fn div_up(a: &BigInt, b: &BigInt) -> BigInt {
    -((-a).div_floor(b))
}

impl Interval {
    /// The interval `[lo, hi]·2⁻ᵇⁱᵗˢ`; the ends are put in order.
    #[must_use]
    pub fn new(lo: BigInt, hi: BigInt, bits: u32) -> Self {
        if lo <= hi { Self { lo, hi, bits } } else { Self { lo: hi, hi: lo, bits } }
    }

    /// The narrowest interval with `bits` bits after the point around a rational.
    #[must_use]
    pub fn from_rational(value: &Rational, bits: u32) -> Self {
        let scaled = value.numer() << bits;
        let (lo, rest) = scaled.div_mod_floor(value.denom());
        let hi = if rest.is_zero() { lo.clone() } else { &lo + 1 };
        Self { lo, hi, bits }
    }

    /// The narrowest interval around two rationals and all between them.
    #[must_use]
    pub fn hull(a: &Rational, b: &Rational, bits: u32) -> Self {
        let (a, b) = (Self::from_rational(a, bits), Self::from_rational(b, bits));
        Self { lo: a.lo.min(b.lo), hi: a.hi.max(b.hi), bits }
    }

    /// The point zero.
    #[must_use]
    pub fn zero(bits: u32) -> Self {
        Self { lo: BigInt::zero(), hi: BigInt::zero(), bits }
    }

    /// The point one.
    #[must_use]
    pub fn one(bits: u32) -> Self {
        let one = BigInt::one() << bits;
        Self { lo: one.clone(), hi: one, bits }
    }

    /// Bits after the point.
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// Lower end as an integer multiple of `2⁻ᵇⁱᵗˢ`.
    #[must_use]
    pub fn lo(&self) -> &BigInt {
        &self.lo
    }

    /// Upper end as an integer multiple of `2⁻ᵇⁱᵗˢ`.
    #[must_use]
    pub fn hi(&self) -> &BigInt {
        &self.hi
    }

    /// Lower end as a rational.
    #[must_use]
    pub fn lower(&self) -> Rational {
        Rational::new(self.lo.clone(), BigInt::one() << self.bits)
    }

    /// Upper end as a rational.
    #[must_use]
    pub fn upper(&self) -> Rational {
        Rational::new(self.hi.clone(), BigInt::one() << self.bits)
    }

    /// The number of units `2⁻ᵇⁱᵗˢ` between the ends.
    #[must_use]
    pub fn width(&self) -> BigInt {
        &self.hi - &self.lo
    }

    /// Whether the interval is at most `2⁻ⁿ` wide.
    #[must_use]
    pub fn is_narrower_than(&self, n: u32) -> bool {
        let unit = BigInt::one() << self.bits;
        (self.width() << n) <= unit
    }

    /// The same enclosure with another number of bits after the point, rounded outward.
    #[must_use]
    pub fn with_bits(&self, bits: u32) -> Self {
        if bits >= self.bits {
            let n = bits - self.bits;
            Self { lo: &self.lo << n, hi: &self.hi << n, bits }
        } else {
            let n = self.bits - bits;
            Self { lo: shift_down(&self.lo, n), hi: shift_up(&self.hi, n), bits }
        }
    }

    fn common(&self, other: &Self) -> (Self, Self) {
        let bits = self.bits.max(other.bits);
        (self.with_bits(bits), other.with_bits(bits))
    }

    /// Sum.
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        let (a, b) = self.common(other);
        Self { lo: a.lo + b.lo, hi: a.hi + b.hi, bits: a.bits }
    }

    /// Difference.
    #[must_use]
    pub fn sub(&self, other: &Self) -> Self {
        self.add(&other.neg())
    }

    /// Negation.
    #[must_use]
    pub fn neg(&self) -> Self {
        Self { lo: -&self.hi, hi: -&self.lo, bits: self.bits }
    }

    /// Product.
    #[must_use]
    pub fn mul(&self, other: &Self) -> Self {
        let (a, b) = self.common(other);
        let n = a.bits;
        // Where both signs are known, two products are enough.
        let sign = |i: &Self| match (i.lo.is_negative(), i.hi.is_positive()) {
            (false, _) => Some(true),
            (true, false) => Some(false),
            (true, true) => None,
        };
        let ends = match (sign(&a), sign(&b)) {
            (Some(true), Some(true)) => Some((&a.lo * &b.lo, &a.hi * &b.hi)),
            (Some(true), Some(false)) => Some((&a.hi * &b.lo, &a.lo * &b.hi)),
            (Some(false), Some(true)) => Some((&a.lo * &b.hi, &a.hi * &b.lo)),
            (Some(false), Some(false)) => Some((&a.hi * &b.hi, &a.lo * &b.lo)),
            _ => None,
        };
        if let Some((lo, hi)) = ends {
            return Self { lo: shift_down(&lo, n), hi: shift_up(&hi, n), bits: n };
        }
        let products = [&a.lo * &b.lo, &a.lo * &b.hi, &a.hi * &b.lo, &a.hi * &b.hi];
        let (mut lo, mut hi) = (products[0].clone(), products[0].clone());
        for p in &products[1..] {
            if *p < lo {
                lo.clone_from(p);
            }
            if *p > hi {
                hi.clone_from(p);
            }
        }
        Self { lo: shift_down(&lo, n), hi: shift_up(&hi, n), bits: n }
    }

    /// Product with a rational, which stays exact until the one rounding at the end.
    #[must_use]
    pub fn scale(&self, factor: &Rational) -> Self {
        let (a, b) = (&self.lo * factor.numer(), &self.hi * factor.numer());
        let (lo, hi) = if a <= b { (a, b) } else { (b, a) };
        Self { lo: lo.div_floor(factor.denom()), hi: div_up(&hi, factor.denom()), bits: self.bits }
    }

    /// Quotient by a positive integer.
    pub(super) fn over(&self, n: u32) -> Self {
        let n = BigInt::from(n.max(1));
        Self { lo: self.lo.div_floor(&n), hi: div_up(&self.hi, &n), bits: self.bits }
    }

    /// Product with 2⁻ⁿ.
    pub(super) fn scaled_down(&self, n: u32) -> Self {
        Self { lo: shift_down(&self.lo, n), hi: shift_up(&self.hi, n), bits: self.bits }
    }

    /// Quotient; `None` where the divisor may be zero.
    #[must_use]
    pub fn checked_div(&self, other: &Self) -> Option<Self> {
        if other.contains_zero() {
            return None;
        }
        let (a, b) = self.common(other);
        let n = a.bits;
        let mut ends: Option<(BigInt, BigInt)> = None;
        for x in [&a.lo, &a.hi] {
            let x = x << n;
            for y in [&b.lo, &b.hi] {
                let (down, up) = (x.div_floor(y), div_up(&x, y));
                ends = Some(match ends {
                    None => (down, up),
                    Some((lo, hi)) => (lo.min(down), hi.max(up)),
                });
            }
        }
        ends.map(|(lo, hi)| Self { lo, hi, bits: n })
    }

    /// Whether zero lies in the interval.
    #[must_use]
    pub fn contains_zero(&self) -> bool {
        !self.lo.is_positive() && !self.hi.is_negative()
    }

    /// Whether a rational lies in the interval.
    #[must_use]
    pub fn contains(&self, value: &Rational) -> bool {
        let v = value.numer() << self.bits;
        &self.lo * value.denom() <= v && v <= &self.hi * value.denom()
    }

    /// The sign of every point of the interval, `None` where they differ.
    #[must_use]
    pub fn sign(&self) -> Option<Sign> {
        match (self.lo.sign(), self.hi.sign()) {
            (Sign::Plus, _) => Some(Sign::Plus),
            (_, Sign::Minus) => Some(Sign::Minus),
            (Sign::NoSign, Sign::NoSign) => Some(Sign::NoSign),
            _ => None,
        }
    }

    /// Whether no point lies in both intervals.
    #[must_use]
    pub fn is_apart_from(&self, other: &Self) -> bool {
        let (a, b) = self.common(other);
        a.hi < b.lo || b.hi < a.lo
    }

    /// Whether every point of this interval lies in the other.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        let (a, b) = self.common(other);
        b.lo <= a.lo && a.hi <= b.hi
    }

    /// The narrowest interval around both.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        let (a, b) = self.common(other);
        Self { lo: a.lo.min(b.lo), hi: a.hi.max(b.hi), bits: a.bits }
    }

    /// How many decimals two numbers in the interval are sure to share, counted from the width: the largest `n` with
    /// width ≤ 10⁻ⁿ; at most `limit`.
    #[must_use]
    pub fn digits(&self, limit: u32) -> u32 {
        let unit = BigInt::one() << self.bits;
        let mut scaled = self.width();
        for n in 0..limit {
            scaled *= 10;
            if scaled > unit {
                return n;
            }
        }
        limit
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::num::ratio;
    use proptest::prelude::*;

    fn around(r: &Rational) -> Interval {
        Interval::from_rational(r, 24)
    }

    proptest! {
        #[test]
        fn operations_enclose_the_rational_result(a in -999i64..999, b in 1i64..99, c in -999i64..999, d in 1i64..99) {
            let (x, y) = (ratio(a, b), ratio(c, d));
            let (i, j) = (around(&x), around(&y));
            prop_assert!(i.contains(&x) && j.contains(&y));
            prop_assert!(i.add(&j).contains(&(&x + &y)));
            prop_assert!(i.sub(&j).contains(&(&x - &y)));
            prop_assert!(i.mul(&j).contains(&(&x * &y)));
            prop_assert!(i.scale(&y).contains(&(&x * &y)));
            match i.checked_div(&j) {
                Some(q) => prop_assert!(q.contains(&(&x / &y))),
                None => prop_assert!(j.contains_zero()),
            }
            prop_assert!(i.with_bits(7).contains(&x) && i.with_bits(40).contains(&x));
        }
    }

    #[test]
    fn a_negative_number_is_rounded_outward() {
        // -1/3 at two bits lies between -2/4 and -1/4.
        let i = Interval::from_rational(&ratio(-1, 3), 2);
        assert_eq!((i.lower(), i.upper()), (ratio(-1, 2), ratio(-1, 4)));
        assert_eq!(i.digits(9), 0);
    }
}
