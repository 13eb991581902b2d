//! Numbers between proved bounds live here, exact where the bounds meet: what evidence computes with.

use std::cmp::Ordering;

use num_traits::{One, Signed, Zero};

use crate::num::{Interval, Rational};
use crate::report::{Bounds, Evidence, Value};

/// The largest exponent that is multiplied out.
const MAX_POWER: u64 = 256;

/// A number in `[lo, hi]`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    pub(super) lo: Rational,
    pub(super) hi: Rational,
}

impl From<Rational> for Known {
    fn from(r: Rational) -> Self {
        Self { lo: r.clone(), hi: r }
    }
}

impl From<&Interval> for Known {
    fn from(i: &Interval) -> Self {
        Self { lo: i.lower(), hi: i.upper() }
    }
}

impl Known {
    /// The number, where the bounds meet.
    pub(super) fn exact(&self) -> Option<&Rational> {
        (self.lo == self.hi).then_some(&self.lo)
    }

    pub(super) fn interval(&self, bits: u32) -> Interval {
        Interval::hull(&self.lo, &self.hi, bits)
    }

    pub(super) fn is_zero(&self) -> bool {
        self.exact().is_some_and(Zero::is_zero)
    }

    pub(super) fn neg(&self) -> Self {
        Self { lo: -&self.hi, hi: -&self.lo }
    }

    pub(super) fn abs(&self) -> Self {
        if !self.lo.is_negative() {
            return self.clone();
        }
        if !self.hi.is_positive() {
            return self.neg();
        }
        Self { lo: Rational::zero(), hi: (-&self.lo).max(self.hi.clone()) }
    }

    /// The larger of two numbers.
    pub(super) fn max(&self, other: &Self) -> Self {
        Self { lo: self.lo.clone().max(other.lo.clone()), hi: self.hi.clone().max(other.hi.clone()) }
    }

    pub(super) fn add(&self, other: &Self) -> Self {
        Self { lo: &self.lo + &other.lo, hi: &self.hi + &other.hi }
    }

    pub(super) fn mul(&self, other: &Self) -> Self {
        if let Some((a, b)) = self.exact().zip(other.exact()) {
            return (a * b).into();
        }
        let products =
            [&self.lo * &other.lo, &self.lo * &other.hi, &self.hi * &other.lo, &self.hi * &other.hi];
        let [first, rest @ ..] = products;
        let start = Self::from(first);
        rest.into_iter().fold(start, |all, p| Self { lo: all.lo.min(p.clone()), hi: all.hi.max(p) })
    }

    pub(super) fn scale(&self, factor: &Rational) -> Self {
        self.mul(&factor.clone().into())
    }

    /// 1/x; `None` where x may be zero.
    pub(super) fn recip(&self) -> Option<Self> {
        let apart = self.lo.is_positive() || self.hi.is_negative();
        apart.then(|| Self { lo: self.hi.recip(), hi: self.lo.recip() })
    }

    pub(super) fn pow(&self, n: i64) -> Option<Self> {
        let size = n.unsigned_abs();
        if size > MAX_POWER {
            return None;
        }
        let power = (0..size).fold(Self::from(Rational::one()), |power, _| power.mul(self));
        if n < 0 { power.recip() } else { Some(power) }
    }

    /// A function of enclosures; `None` where it has no value or is past a limit.
    pub(super) fn through(&self, bits: u32, f: impl Fn(&Interval) -> Option<Interval>) -> Option<Self> {
        f(&self.interval(bits)).as_ref().map(Self::from)
    }

    /// The order, where the bounds show it.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        if self.hi < other.lo {
            return Some(Ordering::Less);
        }
        if other.hi < self.lo {
            return Some(Ordering::Greater);
        }
        match (self.exact(), other.exact()) {
            (Some(_), Some(_)) => Some(Ordering::Equal),
            _ => None,
        }
    }

    /// Evidence that a row is this number.
    pub(super) fn evidence(&self, row: &str, source: &'static str, bits: u32, detail: String) -> Evidence {
        match self.exact() {
            Some(r) => Evidence::equal(row, source, r.clone(), detail),
            None => Evidence::within(row, source, Bounds::Number(self.interval(bits)), detail),
        }
    }

    /// Evidence that a row is a list of such numbers.
    pub(super) fn list_evidence(
        all: &[Self],
        row: &str,
        source: &'static str,
        bits: u32,
        detail: String,
    ) -> Evidence {
        let exact: Option<Vec<Rational>> = all.iter().map(|x| x.exact().cloned()).collect();
        match exact {
            Some(list) => Evidence::equal(row, source, Value::from(list), detail),
            None => {
                let bounds = all.iter().map(|x| Bounds::Number(x.interval(bits))).collect();
                Evidence::within(row, source, Bounds::List(bounds), detail)
            }
        }
    }
}
