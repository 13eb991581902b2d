//! The smallest k that each of the two theorems promises lives here; the first k in truth is in `descent.rs`.

use std::cmp::Ordering;

use num_integer::Integer as _;
use num_traits::{One, Zero};

use super::constants::{Found, Missing};
use super::field;
use crate::num::elementary::ln_rational;
use crate::num::{Exact, Integer, Interval, Rational, Undecided, ratio};

/// Bits to which a count is refined before a tie is left undecided.
pub(super) const MOST_BITS: u32 = 1 << 13;

/// ⌈x⌉, for any exact number.
///
/// # Errors
/// A number that is not told from an integer.
pub(super) fn ceiling(x: &Exact) -> Result<Integer, Undecided> {
    if let Ok(Some(r)) = x.as_rational() {
        return Ok(r.ceil().to_integer());
    }
    let mut bits = 64;
    while bits <= MOST_BITS {
        let i = x.enclose(bits)?;
        let (lo, hi) = (i.lower().ceil().to_integer(), i.upper().ceil().to_integer());
        if lo == hi {
            return Ok(lo);
        }
        bits *= 2;
    }
    Err(Undecided::because(format!("a number is not told from an integer by {MOST_BITS} bits")))
}

/// The k of the convex theorem as a real number, D/(2tε), for t > 0.
pub(super) fn convex_bound(distance: &Rational, t: &Exact, accuracy: &Rational) -> Found<Exact> {
    let twice = accuracy * ratio(2, 1);
    if twice.is_zero() {
        return Err(Missing::Undecided("the accuracy is zero".to_owned()));
    }
    match field::div(&(distance / twice).into(), t)? {
        Some(k) => Ok(k),
        None => Err(Missing::Absent("t = 0: nothing moves".to_owned())),
    }
}

/// The smallest k ≥ 0 with γᵏ·C ≤ ε, for 0 ≤ γ < 1 and C ≥ 0, with 0⁰ = 1.
pub(super) fn strong_count(gamma: &Exact, c: &Exact, accuracy: &Rational) -> Result<Integer, Undecided> {
    if c.compare(&accuracy.clone().into())? != Ordering::Greater {
        return Ok(Integer::zero());
    }
    if gamma.is_zero()? {
        return Ok(Integer::one());
    }
    let ratio = c.scale(&accuracy.recip());
    let rational = gamma.as_rational().ok().flatten().zip(ratio.as_rational().ok().flatten());
    let mut bits = 64;
    while bits <= MOST_BITS {
        let (above, below) = match &rational {
            Some((g, r)) => (ln_rational(r, bits)?, ln_rational(g, bits)?),
            None => (ln_narrow(&ratio, bits)?, ln_narrow(gamma, bits)?),
        };
        let quotient = above.zip(below).and_then(|(above, below)| above.checked_div(&below.neg()));
        if let Some(k) = quotient {
            let (lo, hi) = (k.lower().ceil().to_integer(), k.upper().ceil().to_integer());
            if lo == hi {
                return Ok(lo.max(Integer::zero()));
            }
            // One integer lies inside: the true value may be it.
            let middle = k.hi().div_floor(&(Integer::one() << k.bits()));
            if let Some((g, r)) = &rational
                && is_power(&r.recip(), g, &middle)
            {
                return Ok(middle);
            }
        }
        bits *= 2;
    }
    Err(Undecided::because(format!(
        "whether γᵏ·(L/2)‖x⁽⁰⁾ − x*‖² is ε for an integer k is not told by {MOST_BITS} bits"
    )))
}

/// Whether target = baseᵏ, for 0 < base < 1; the power is computed only where it can be as long as the target.
fn is_power(target: &Rational, base: &Rational, k: &Integer) -> bool {
    let Ok(k) = u32::try_from(k) else { return false };
    // In lowest terms the denominators have to agree: qᵏ has at least k·(bits of q − 1) bits.
    let least = base.denom().bits().saturating_sub(1).saturating_mul(u64::from(k));
    least <= target.denom().bits()
        && base.denom().pow(k) == *target.denom()
        && base.numer().pow(k) == *target.numer()
}

/// ln of a positive exact number; `None` while no enclosure is apart from zero.
fn ln_narrow(x: &Exact, bits: u32) -> Result<Option<Interval>, Undecided> {
    x.enclose(bits.saturating_mul(2))?.ln()
}
