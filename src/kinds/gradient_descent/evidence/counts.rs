//! The smallest k of a bound lives here, found by testing its inequality from below: no logarithm is taken and nothing
//! is divided by.

use num_traits::{One, Signed, Zero};

use super::known::Known;
use super::spectrum::bits_of;
use crate::num::{Integer, Interval, Rational};

/// The longest k that is looked for, in bits.
const MOST_BITS: u64 = 512;
/// Bits beyond which precision is not raised.
const LONGEST: u32 = 1 << 14;
/// How often precision is doubled.
const ATTEMPTS: u32 = 5;
/// The longest power, in bits, that is computed exactly where enclosures do not come apart.
const LONGEST_POWER: u64 = 1 << 22;

/// The smallest k ≥ 1 with D ≤ 2tkε, for t > 0: doubling, then halving.
pub(super) fn convex(distance: &Rational, t: &Known, accuracy: &Rational) -> Option<Integer> {
    // D ≤ rk for a rational r, as a comparison of integers: D's numerator times r's denominator, and the other way round.
    let sides = |end: &Rational| {
        let r = end * accuracy * Rational::from_integer(Integer::from(2));
        (distance.numer() * r.denom(), r.numer() * distance.denom())
    };
    let (least, most) = (sides(&t.lo), sides(&t.hi));
    let holds = |k: &Integer| {
        if least.0 <= &least.1 * k {
            Some(true)
        } else if most.0 > &most.1 * k {
            Some(false)
        } else {
            None
        }
    };
    let (mut low, mut high) = (Integer::zero(), Integer::one());
    while !holds(&high)? {
        low.clone_from(&high);
        high *= 2;
        if high.bits() > MOST_BITS.saturating_mul(64) {
            return None;
        }
    }
    while &low + 1u32 < high {
        let middle: Integer = (&low + &high) >> 1u32;
        if holds(&middle)? { high = middle } else { low = middle }
    }
    Some(high)
}

/// The smallest k ≥ 0 with γᵏ·C ≤ ε, 0⁰ = 1, for 0 ≤ γ < 1: powers γ, γ², γ⁴, …, then the sum of those that leave
/// γᵏ·C above ε.
pub(super) fn strongly_convex(gamma: &Known, c: &Known, accuracy: &Rational) -> Option<Integer> {
    if c.hi <= *accuracy {
        return Some(Integer::zero());
    }
    if c.lo <= *accuracy || gamma.hi >= Rational::one() || gamma.lo.is_negative() {
        return None;
    }
    if gamma.is_zero() {
        return Some(Integer::one());
    }
    let mut bits = 192u32.saturating_add(bits_of(accuracy)).saturating_add(bits_of(&c.hi).min(4096));
    for _ in 0..ATTEMPTS {
        if let Some(k) = attempt(gamma, c, accuracy, bits) {
            return Some(k);
        }
        bits = bits.saturating_mul(2);
        if bits > LONGEST {
            break;
        }
    }
    None
}

fn attempt(gamma: &Known, c: &Known, accuracy: &Rational, bits: u32) -> Option<Integer> {
    let exact = gamma.exact().zip(c.exact());
    // Whether γᵏ·C is above ε, given an enclosure of it.
    let above = |value: &Interval, k: &Integer| {
        if value.lower() > *accuracy {
            return Some(true);
        }
        if value.upper() <= *accuracy {
            return Some(false);
        }
        let (gamma, c) = exact?;
        let k = u32::try_from(k).ok()?;
        let longest = gamma.denom().bits().saturating_mul(u64::from(k));
        if longest > LONGEST_POWER {
            return None;
        }
        let power = Rational::new_raw(gamma.numer().pow(k), gamma.denom().pow(k));
        Some(power * c > *accuracy)
    };
    let start = c.interval(bits);
    let mut powers = vec![gamma.interval(bits)];
    let mut doubled = Integer::one();
    while let Some(last) = powers.last() {
        if !above(&start.mul(last), &doubled)? {
            break;
        }
        let square = last.mul(last);
        doubled *= 2;
        if doubled.bits() > MOST_BITS {
            return None;
        }
        powers.push(square);
    }
    powers.pop();
    // γᵏ·C is above ε for this k, and for the largest such k in the end.
    let (mut k, mut value) = (Integer::zero(), start);
    for (j, power) in powers.iter().enumerate().rev() {
        let next = value.mul(power);
        let there = &k + (Integer::one() << j);
        if above(&next, &there)? {
            k = there;
            value = next;
        }
    }
    Some(k + 1u32)
}
