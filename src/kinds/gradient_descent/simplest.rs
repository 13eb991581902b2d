//! The simplest fraction of an interval lives here: plain arithmetic that knows no objective.

use num_integer::Integer as _;
use num_traits::{One, Signed, Zero};

use crate::num::{Integer, Rational};

/// The fraction with the least denominator in `[lo, hi]`, by continued fractions (the Stern–Brocot tree); the one
/// nearest to zero where an integer lies there. `None` where `hi < lo`.
pub(super) fn simplest_between(lo: &Rational, hi: &Rational) -> Option<Rational> {
    if hi < lo {
        return None;
    }
    if !lo.is_positive() && !hi.is_negative() {
        return Some(Rational::zero());
    }
    if hi.is_negative() {
        return simplest_positive(&-hi, &-lo).map(|r| -r);
    }
    simplest_positive(lo, hi)
}

/// As above for `0 < lo ≤ hi`.
fn simplest_positive(lo: &Rational, hi: &Rational) -> Option<Rational> {
    let (mut lo, mut hi) = (lo.clone(), hi.clone());
    let mut quotients: Vec<Integer> = Vec::new();
    // Each turn takes the whole part off and turns the rest over, as Euclid's algorithm does; it ends with the
    // shorter of the two continued fractions.
    loop {
        let whole = lo.ceil().to_integer();
        if Rational::from_integer(whole.clone()) <= hi {
            quotients.push(whole);
            break;
        }
        let floor = lo.numer().div_floor(lo.denom());
        let below = Rational::from_integer(floor.clone());
        quotients.push(floor);
        let (a, b) = (&lo - &below, &hi - &below);
        if a.is_zero() || b.is_zero() {
            return None;
        }
        (lo, hi) = (b.recip(), a.recip());
    }
    let (mut numer, mut denom) = (Integer::one(), Integer::zero());
    for q in quotients.iter().rev() {
        (numer, denom) = (q * &numer + &denom, numer);
    }
    (!denom.is_zero()).then(|| Rational::new(numer, denom))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::num::ratio;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_fraction_with_a_smaller_denominator_lies_between(a in -300i64..300, b in 1i64..40, w in 0i64..9, d in 1i64..90) {
            let lo = ratio(a, b);
            let hi = &lo + ratio(w, d);
            let found = simplest_between(&lo, &hi).unwrap();
            prop_assert!(lo <= found && found <= hi);
            let denominators = 1..i64::try_from(found.denom()).unwrap();
            for n in denominators {
                let n = ratio(n, 1);
                prop_assert!((&lo * &n).ceil() > &hi * &n);
            }
        }
    }
}
