//! Where the eigenvalues may lie, from the characteristic polynomial in rounded fixed point, lives here. Nothing is promised:
//! whoever takes a guess has to prove it.

use num_integer::Integer as _;
use num_traits::{Signed, Zero};

use super::spectrum::bits_of;
use crate::num::poly::Poly;
use crate::num::{Integer, Rational};

/// Steps of Laguerre's method at most; each triples the digits.
const MOST_STEPS: u32 = 80;

/// Guesses for the roots of a polynomial with real roots only and none twice, ascending, mostly within 2⁻ᵇⁱᵗˢ; none of the
/// roots may lie above `bound`.
///
/// Laguerre's method, begun at or above the largest root of such a polynomial, falls to it, cubically in the end (see J. H. Wilkinson,
/// *The algebraic eigenvalue problem*, 1965). The root is divided out, and what is left has its largest root below it.
pub(super) fn roots(poly: &Poly, bound: &Rational, bits: u32) -> Option<Vec<Rational>> {
    // Room for the largest coefficient, so that rounding stays far below the bits asked for.
    let largest = poly.coefficients().iter().map(bits_of).max().unwrap_or(0);
    let fine = bits.checked_add(64)?.checked_add(largest)?;
    let fixed = |r: &Rational| (r.numer() << fine).div_floor(r.denom());
    let whole: Vec<Integer> = poly.coefficients().iter().map(fixed).collect();
    let still = Integer::from(1) << (fine - bits);
    let mut left = whole.clone();
    let mut x = fixed(bound);
    let mut found = Vec::new();
    while left.len() > 1 {
        let mut steps = 0..MOST_STEPS;
        loop {
            steps.next()?;
            let step = laguerre(&left, &x, fine)?;
            x -= &step;
            if step.abs() < still {
                break;
            }
        }
        left = without_root(&left, &x, fine);
        // What was divided out before was rounded; a step on the whole polynomial mends what that did.
        let [value, slope, _] = values(&whole, &x, fine);
        let mended = &x - if slope.is_zero() { Integer::zero() } else { (value << fine) / slope };
        found.push(Rational::new(mended >> (fine - bits), Integer::from(1) << bits));
    }
    found.sort();
    Some(found)
}

/// p(x), p′(x) and p″(x)/2, by Horner's rule.
fn values(poly: &[Integer], x: &Integer, fine: u32) -> [Integer; 3] {
    let start = [Integer::zero(), Integer::zero(), Integer::zero()];
    poly.iter().rev().fold(start, |[value, slope, bend], c| {
        let times = |y: &Integer| (y * x) >> fine;
        [times(&value) + c, times(&slope) + value, times(&bend) + slope]
    })
}

/// How far Laguerre's method goes down from x: n·p/(p′ + √((n − 1)((n − 1)p′² − n·p·p″))).
fn laguerre(poly: &[Integer], x: &Integer, fine: u32) -> Option<Integer> {
    let n = poly.len().checked_sub(1)?;
    let [value, slope, bend] = values(poly, x, fine);
    let under: Integer = (&slope * &slope * (n - 1) - &value * bend * n * 2) * (n - 1);
    // Below zero by rounding alone.
    let root = if under.is_negative() { Integer::zero() } else { under.sqrt() };
    let below = slope + root;
    (!below.is_zero()).then(|| ((value * n) << fine) / below)
}

/// p(z)/(z − x) without the rest.
fn without_root(poly: &[Integer], x: &Integer, fine: u32) -> Vec<Integer> {
    let mut sum = Integer::zero();
    let mut quotient = Vec::with_capacity(poly.len());
    for c in poly.iter().skip(1).rev() {
        sum = ((&sum * x) >> fine) + c;
        quotient.push(sum.clone());
    }
    quotient.reverse();
    quotient
}
