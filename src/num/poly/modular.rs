//! A quick proof that two integer polynomials have no common root lives here; it never proves that they have one.

use num_traits::ToPrimitive;

use super::integer::IntPoly;
use crate::num::Integer;

/// The Mersenne prime 2^61 - 1: products of two residues fit 128 bits.
const PRIME: u64 = (1 << 61) - 1;

/// Whether the polynomials are coprime modulo a prime that divides neither leading coefficient; then their
/// resultant is not zero modulo it, so not zero, and they are coprime over the rationals.
///
/// `false` says nothing.
pub(super) fn surely_coprime(a: &IntPoly, b: &IntPoly) -> bool {
    let (Some(mut a), Some(mut b)) = (residues(a), residues(b)) else { return false };
    loop {
        if a.len() < b.len() {
            std::mem::swap(&mut a, &mut b);
        }
        match b.len() {
            0 => return a.len() == 1,
            1 => return true,
            _ => reduce(&mut a, &b),
        }
    }
}

/// The coefficients modulo the prime; `None` when that loses the leading one, or for zero.
fn residues(p: &IntPoly) -> Option<Vec<u64>> {
    let modulus = Integer::from(PRIME);
    let residue = |c: &Integer| num_integer::Integer::mod_floor(c, &modulus).to_u64();
    let residues: Vec<u64> = p.coefficients().iter().map(residue).collect::<Option<_>>()?;
    (residues.last().is_some_and(|&top| top != 0)).then_some(residues)
}

/// Replaces `a` by its remainder modulo `b`, without zeros at the top.
fn reduce(a: &mut Vec<u64>, b: &[u64]) {
    let Some(inverse) = b.last().map(|&top| power(top, PRIME - 2)) else { return };
    while a.len() >= b.len() {
        let Some(top) = a.pop() else { break };
        let factor = PRIME - times(top, inverse);
        let from = a.len() + 1 - b.len();
        for (r, &d) in a.iter_mut().skip(from).zip(b) {
            *r = (*r + times(factor, d)) % PRIME;
        }
        while a.last() == Some(&0) {
            a.pop();
        }
    }
}

fn times(a: u64, b: u64) -> u64 {
    // Both are at most the prime, so the product has 122 bits and the remainder fits.
    let product = u128::from(a) * u128::from(b) % u128::from(PRIME);
    u64::try_from(product).unwrap_or(0)
}

fn power(base: u64, mut exponent: u64) -> u64 {
    let (mut square, mut result) = (base, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = times(result, square);
        }
        square = times(square, square);
        exponent >>= 1;
    }
    result
}
