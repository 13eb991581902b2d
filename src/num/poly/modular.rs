//! Common divisors of integer polynomials by way of residues modulo primes live here.
//!
//! W. S. Brown, *On Euclid's algorithm and the computation of polynomial greatest common divisors*, 1971: modulo a
//! prime the algorithm works with numbers of one word; the residues of enough primes determine the divisor, and a
//! division without remainder proves it.

use num_integer::Integer as _;
use num_traits::{One, ToPrimitive, Zero};

use super::integer::IntPoly;
use crate::num::Integer;

/// The Mersenne prime 2^61 - 1, where the search for primes begins: products of two residues fit 128 bits.
const LARGEST_PRIME: u64 = (1 << 61) - 1;

/// Bits that one prime surely adds.
const BITS_PER_PRIME: u64 = 60;

/// The greatest common divisor of two primitive polynomials, primitive; `None` when one of them is zero or the
/// primes that are tried do not suffice.
///
/// The result is proved: it divides both, and its degree is that modulo a prime which does not divide the leading
/// coefficients, where it can only be higher.
pub(super) fn common_divisor(a: &IntPoly, b: &IntPoly) -> Option<IntPoly> {
    let scale = a.leading()?.gcd(b.leading()?);
    let tries = (a.bits() + b.bits()) / BITS_PER_PRIME + 16;
    let mut prime = LARGEST_PRIME;
    // Coefficients of `scale` times the monic divisor, symmetric about zero modulo `modulus`.
    let mut lifted: Vec<Integer> = Vec::new();
    let mut modulus = Integer::one();
    for _ in 0..tries {
        if let Some(divisor) = divisor_modulo(a, b, &scale, prime) {
            if divisor.len() <= 1 {
                return Some(IntPoly::new(vec![Integer::one()]));
            }
            // A higher degree than before is this prime's bad luck, a lower one that of the primes before.
            if lifted.is_empty() || divisor.len() < lifted.len() {
                lifted = vec![Integer::zero(); divisor.len()];
                modulus = Integer::one();
            }
            if divisor.len() == lifted.len() {
                let stable = lift(&mut lifted, &modulus, &divisor, prime)?;
                modulus *= prime;
                if stable {
                    let candidate = IntPoly::new(lifted.clone()).primitive();
                    if a.div_exact(&candidate).is_some() && b.div_exact(&candidate).is_some() {
                        return Some(candidate);
                    }
                }
            }
        }
        prime = prime_below(prime);
    }
    None
}

/// `scale` times the monic common divisor modulo the prime; `None` where the prime divides a leading coefficient.
fn divisor_modulo(a: &IntPoly, b: &IntPoly, scale: &Integer, prime: u64) -> Option<Vec<u64>> {
    let (mut a, mut b) = (residues(a, prime)?, residues(b, prime)?);
    while !b.is_empty() {
        reduce(&mut a, &b, prime);
        std::mem::swap(&mut a, &mut b);
    }
    let factor = times(residue(scale, prime)?, inverse(*a.last()?, prime), prime);
    Some(a.into_iter().map(|c| times(c, factor, prime)).collect())
}

/// Extends coefficients known modulo `modulus` by their residues modulo the prime (Chinese remainders). Whether
/// none of them changed; `None` only if a residue does not fit a word, which cannot be.
fn lift(lifted: &mut [Integer], modulus: &Integer, divisor: &[u64], prime: u64) -> Option<bool> {
    let step = inverse(residue(modulus, prime)?, prime);
    let mut stable = true;
    for (c, &wanted) in lifted.iter_mut().zip(divisor) {
        let missing = times((wanted + prime - residue(c, prime)?) % prime, step, prime);
        if missing != 0 {
            stable = false;
            *c += modulus * missing;
            if missing > prime / 2 {
                *c -= modulus * prime;
            }
        }
    }
    Some(stable)
}

fn residue(c: &Integer, prime: u64) -> Option<u64> {
    c.mod_floor(&Integer::from(prime)).to_u64()
}

/// The coefficients modulo the prime; `None` when that loses the leading one, or for zero.
fn residues(p: &IntPoly, prime: u64) -> Option<Vec<u64>> {
    let residues: Vec<u64> = p.coefficients().iter().map(|c| residue(c, prime)).collect::<Option<_>>()?;
    residues.last().is_some_and(|&top| top != 0).then_some(residues)
}

/// Replaces `a` by its remainder modulo `b`, without zeros at the top.
fn reduce(a: &mut Vec<u64>, b: &[u64], prime: u64) {
    let Some(&leading) = b.last() else { return };
    let inverse = inverse(leading, prime);
    while a.len() >= b.len() {
        let Some(top) = a.pop() else { break };
        let factor = prime - times(top, inverse, prime);
        let from = a.len() + 1 - b.len();
        for (r, &d) in a.iter_mut().skip(from).zip(b) {
            *r = (*r + times(factor, d, prime)) % prime;
        }
        while a.last() == Some(&0) {
            a.pop();
        }
    }
}

fn times(a: u64, b: u64, modulus: u64) -> u64 {
    // The remainder is below the modulus, so it fits.
    u64::try_from(u128::from(a) * u128::from(b) % u128::from(modulus)).unwrap_or(0)
}

fn power(base: u64, mut exponent: u64, modulus: u64) -> u64 {
    let (mut square, mut result) = (base % modulus, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = times(result, square, modulus);
        }
        square = times(square, square, modulus);
        exponent >>= 1;
    }
    result
}

/// The inverse modulo a prime, by Fermat's little theorem.
fn inverse(a: u64, prime: u64) -> u64 {
    power(a, prime - 2, prime)
}

/// The largest prime below an odd number above 100.
fn prime_below(start: u64) -> u64 {
    let mut candidate = start - 2;
    while !is_prime(candidate) {
        candidate -= 2;
    }
    candidate
}

/// Whether an odd number above 40 is prime: the test of Miller and Rabin with the first twelve primes as bases,
/// which makes no mistake below 3.3 * 10^24 (J. Sorenson, J. Webster, 2017).
fn is_prime(n: u64) -> bool {
    let twos = (n - 1).trailing_zeros();
    let odd = (n - 1) >> twos;
    [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37].into_iter().all(|base| {
        let mut x = power(base, odd, n);
        if x == 1 || x == n - 1 {
            return true;
        }
        (1..twos).any(|_| {
            x = times(x, x, n);
            x == n - 1
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primes_agree_with_trial_division() {
        let naive = |n: u64| (2..n).take_while(|d| d * d <= n).all(|d| !n.is_multiple_of(d));
        assert!((101..20_001).step_by(2).all(|n| is_prime(n) == naive(n)));
        // 2^61 - 1 is the ninth Mersenne prime (I. Pervushin, 1883).
        assert!(is_prime(LARGEST_PRIME));
    }

    #[test]
    fn inverses_are_inverses() {
        assert!((1..200).all(|a| times(a, inverse(a, LARGEST_PRIME), LARGEST_PRIME) == 1));
    }
}
