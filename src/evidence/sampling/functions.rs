//! The few functions that sampling needs live here, in double precision: exp, ln, the tail of the normal distribution
//! and its quantile. They use +, −, ×, ÷ and √ alone, so that they give the same on every processor; the standard
//! library's do not promise that.

use std::f64::consts::{FRAC_1_SQRT_2, LN_2, SQRT_2, TAU};

/// e⁻ˣ for x ≥ 0, to a few roundings; 0 beyond 700.
#[must_use]
pub fn exp_minus(x: f64) -> f64 {
    if x.is_nan() || x > 700.0 {
        return 0.0;
    }
    let x = x.max(0.0);
    // e⁻ˣ = 2⁻ᵏ·e⁻ʳ with x = k·ln 2 + r.
    let halvings = (x / LN_2) as u64;
    let rest = x - halvings as f64 * LN_2;
    let mut sum = 1.0;
    // rest < 0.7: 0.7²⁰/20! is below a rounding.
    for n in (1..=20).rev() {
        sum = 1.0 - rest / f64::from(n) * sum;
    }
    sum * f64::from_bits(1023_u64.saturating_sub(halvings) << 52)
}

/// ln x for a normal x > 0, to a few roundings.
#[must_use]
pub fn ln(x: f64) -> f64 {
    if x <= 0.0 || !x.is_finite() {
        return f64::NAN;
    }
    let (mut m, mut exponent) = (x, 0.0);
    while m > SQRT_2 {
        (m, exponent) = (m / 2.0, exponent + 1.0);
    }
    while m < FRAC_1_SQRT_2 {
        (m, exponent) = (m * 2.0, exponent - 1.0);
    }
    let s = (m - 1.0) / (m + 1.0);
    let z = s * s;
    // 2 artanh s, |s| < 0.172: s²⁵/25 is below a rounding.
    let mut sum = 0.0;
    for n in (0..12).rev() {
        sum = sum * z + 2.0 / f64::from(2 * n + 1);
    }
    exponent * LN_2 + s * sum
}

/// The probability that a standard normal number exceeds z ≥ 0.
#[must_use]
pub fn normal_tail(z: f64) -> f64 {
    let density = exp_minus(z * z / 2.0) / TAU.sqrt();
    if z < 3.0 {
        // z + z³/3 + z⁵/15 + …, all terms positive.
        let (mut term, mut sum) = (z, z);
        for n in 1..60 {
            term *= z * z / f64::from(2 * n + 1);
            sum += term;
        }
        return 0.5 - density * sum;
    }
    // Laplace's continued fraction, from its 200th part inward.
    let mut below = z;
    for n in (1..=200).rev() {
        below = z + f64::from(n) / below;
    }
    density / below
}

/// The z ≥ 0 that a standard normal number exceeds with this probability, at most ½.
#[must_use]
pub fn normal_quantile(tail: f64) -> f64 {
    let (mut low, mut high) = (0.0, 37.0);
    for _ in 0..80 {
        let middle = (low + high) / 2.0;
        if normal_tail(middle) > tail { low = middle } else { high = middle }
    }
    high
}
