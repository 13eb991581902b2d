//! Normal numbers live here: Box and Muller's pair from two draws of 32 bits, in single precision.
//!
//! Only +, −, ×, ÷, √ and conversions are used, which IEEE 754 rounds in one way, and never a fused multiply-add: the
//! same bits give the same numbers on every processor. Logarithm, sine and cosine are polynomials, cut where the first
//! term left out is smaller than a rounding. The largest number is √(−2 ln 2⁻³²) = 6.66; what lies beyond has a
//! probability of 3·10⁻¹¹.

use super::lanes::{Bits, LANES};

/// A number in every lane.
pub type Numbers = [f32; LANES];

const TO_UNIT: f32 = 1.0 / 2_147_483_648.0;
/// The bits of √½: mantissas are taken from √½ to √2, where the series for the logarithm is shortest.
const ROOT_HALF: u32 = 0x3f35_04f3;
const MANTISSA: u32 = 0x007f_ffff;
const SIGN: u32 = 0x8000_0000;

/// −2 ln u for u in (0, 1], where u is a whole number and a half over 2³¹.
#[inline(always)]
fn minus_two_ln(bits: u32) -> f32 {
    let u = ((bits >> 1) as i32 as f32 + 0.5) * TO_UNIT;
    let above = u.to_bits().wrapping_sub(ROOT_HALF);
    let exponent = ((above as i32) >> 23) as f32;
    let m = f32::from_bits((above & MANTISSA).wrapping_add(ROOT_HALF));
    // ln m = 2 artanh s = 2(s + s³/3 + s⁵/5 + …) with |s| < 0.172: s¹¹/11 is below 4·10⁻¹⁰.
    let s = (m - 1.0) / (m + 1.0);
    let z = s * s;
    let series = 2.0 + z * (2.0 / 3.0 + z * (2.0 / 5.0 + z * (2.0 / 7.0 + z * (2.0 / 9.0))));
    -2.0 * (exponent * std::f32::consts::LN_2 + s * series)
}

/// Sine and cosine of a uniform angle: one between −π/4 and π/4 from 29 bits, then swapped and with signs by three
/// bits more.
#[inline(always)]
fn direction(bits: u32) -> (f32, f32) {
    let a = (bits << 3) as i32 as f32 * (std::f32::consts::FRAC_PI_4 * TO_UNIT);
    let z = a * a;
    // The first terms left out: a¹¹/11! < 2·10⁻⁹ and a¹⁰/10! < 3·10⁻⁸.
    let sin = a * (1.0 + z * (-1.0 / 6.0 + z * (1.0 / 120.0 + z * (-1.0 / 5_040.0 + z * (1.0 / 362_880.0)))));
    let cos = 1.0 + z * (-1.0 / 2.0 + z * (1.0 / 24.0 + z * (-1.0 / 720.0 + z * (1.0 / 40_320.0))));
    let (x, y) = if bits & (SIGN >> 2) == 0 { (cos, sin) } else { (sin, cos) };
    (f32::from_bits(x.to_bits() ^ (bits & SIGN)), f32::from_bits(y.to_bits() ^ ((bits << 1) & SIGN)))
}

/// Two independent standard normal numbers a lane.
#[inline(always)]
#[must_use]
pub fn pair(radius: &Bits, angle: &Bits) -> (Numbers, Numbers) {
    let (mut a, mut b) = ([0.0; LANES], [0.0; LANES]);
    for l in 0..LANES {
        let r = minus_two_ln(radius[l]).sqrt();
        let (x, y) = direction(angle[l]);
        (a[l], b[l]) = (r * x, r * y);
    }
    (a, b)
}
