//! Decimals that are right by construction live here: every digit printed is a digit of the number.
//!
//! A rational is rounded exactly, ties away from zero. An irrational number never sits on a tie, so refining its
//! enclosure until both ends round to the same digits ends. A number that cannot be told rational or not may sit on a
//! tie for ever; it stops at the limit of precision and is undecided.

use num_bigint::Sign;
use num_integer::Integer as _;
use num_traits::{Signed, ToPrimitive};

use super::elementary::MAX_BITS;
use super::{Exact, Integer, Interval, Rational, Undecided};

/// Most digits after the point, or significant digits, that are printed.
pub const MAX_DIGITS: u32 = 1000;

/// Decimal exponents from which a number with significant digits is written as `d.ddde±n`.
const SCIENTIFIC_BELOW: i64 = -5;

/// How a number is to be rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// So many digits after the point.
    Digits(u32),
    /// So many significant digits.
    Significant(u32),
}

fn ten_to(n: u32) -> Integer {
    Integer::from(10).pow(n)
}

/// ⌊|x| + 1/2⌋ with the sign of x: ties away from zero.
fn round_half_away(numer: &Integer, denom: &Integer) -> Integer {
    let twice: Integer = numer.abs() * 2 + denom;
    let magnitude = twice.div_floor(&(denom * 2));
    if numer.is_negative() { -magnitude } else { magnitude }
}

/// Writes n/10^digits.
fn place_point(n: &Integer, digits: u32) -> String {
    let sign = if n.is_negative() { "-" } else { "" };
    let text = n.abs().to_string();
    let digits = digits as usize;
    if digits == 0 {
        return format!("{sign}{text}");
    }
    let padded = format!("{text:0>width$}", width = digits + 1);
    let (head, tail) = padded.split_at(padded.len() - digits);
    format!("{sign}{head}.{tail}")
}

/// x·10^digits rounded to an integer.
fn scaled_rational(x: &Rational, digits: u32) -> Integer {
    round_half_away(&(x.numer() * ten_to(digits)), x.denom())
}

/// The integer both ends round to, if they do.
fn scaled_interval(i: &Interval, digits: u32) -> Option<Integer> {
    let unit = Integer::from(1) << i.bits();
    let lo = round_half_away(&(i.lo() * ten_to(digits)), &unit);
    let hi = round_half_away(&(i.hi() * ten_to(digits)), &unit);
    (lo == hi).then_some(lo)
}

/// Bits after the point that are as fine as so many decimals: log₂ 10 < 10/3.
#[must_use]
pub fn bits_of_digits(digits: u32) -> u32 {
    digits.saturating_mul(10).div_ceil(3)
}

/// x·10^digits rounded to an integer, for any exact number.
fn scaled(x: &Exact, digits: u32) -> Result<Integer, Undecided> {
    if let Ok(Some(r)) = x.as_rational() {
        return Ok(scaled_rational(&r, digits));
    }
    let mut bits = bits_of_digits(digits).saturating_add(16);
    loop {
        if let Some(n) = scaled_interval(&x.enclose(bits)?, digits) {
            return Ok(n);
        }
        bits = bits.saturating_mul(2);
        if bits > MAX_BITS {
            return Err(Undecided::because(format!(
                "{digits} decimals are not settled within {MAX_BITS} bits"
            )));
        }
    }
}

/// The decimal exponent e of |x| in [10^e, 10^(e+1)), for x ≠ 0.
fn exponent(x: &Exact) -> Result<i64, Undecided> {
    let mut bits = 64;
    let (lo, hi) = loop {
        let i = x.enclose(bits)?;
        if !i.contains_zero() {
            let (a, b) = (i.lower().abs(), i.upper().abs());
            break if a <= b { (a, b) } else { (b, a) };
        }
        bits *= 2;
        if bits > MAX_BITS {
            return Err(Undecided::because(format!("not told from zero within {MAX_BITS} bits")));
        }
    };
    let e = floor_log10(&lo)?;
    if floor_log10(&hi)? == e {
        return Ok(e);
    }
    // The enclosure straddles a power of ten: compare with that power.
    let power = power_of_ten(e + 1)?;
    let magnitude = if x.sign()? == Sign::Minus { x.neg() } else { x.clone() };
    Ok(if magnitude.compare(&power.into())? == std::cmp::Ordering::Less { e } else { e + 1 })
}

fn power_of_ten(e: i64) -> Result<Rational, Undecided> {
    let n =
        u32::try_from(e.unsigned_abs()).map_err(|_| Undecided::because("a power of ten past any limit"))?;
    let p = Rational::from_integer(ten_to(n));
    Ok(if e < 0 { p.recip() } else { p })
}

/// ⌊log₁₀ x⌋ for a rational x > 0.
fn floor_log10(x: &Rational) -> Result<i64, Undecided> {
    let digits = |n: &Integer| i64::try_from(n.to_string().len()).unwrap_or(i64::MAX);
    // The quotient of an a-digit by a b-digit number lies between 10^(a−b−1) and 10^(a−b+1).
    let guess = digits(x.numer()) - digits(x.denom());
    Ok(if *x >= power_of_ten(guess)? { guess } else { guess - 1 })
}

impl Exact {
    /// The number rounded, ties away from zero; a negative number that rounds to zero is written without its sign.
    ///
    /// # Errors
    /// [`Undecided`] where the digits are not settled within the limit of precision, or too many are asked for.
    pub fn decimal(&self, rounding: Rounding) -> Result<String, Undecided> {
        let (Rounding::Digits(n) | Rounding::Significant(n)) = rounding;
        if n > MAX_DIGITS {
            return Err(Undecided::because(format!("{n} digits are past the limit of {MAX_DIGITS}")));
        }
        match rounding {
            Rounding::Digits(digits) => Ok(place_point(&scaled(self, digits)?, digits)),
            Rounding::Significant(digits) => self.significant(digits.max(1)),
        }
    }

    fn significant(&self, digits: u32) -> Result<String, Undecided> {
        if self.is_zero()? {
            return Ok("0".to_owned());
        }
        let e = exponent(self)?;
        // Shift so that the first significant digit is the units digit of x·10^(−e), then round to digits − 1 places.
        let mantissa = scaled(&self.scale(&power_of_ten(-e)?), digits - 1)?;
        // Rounding may carry into one more digit: 9.96 to 10.0.
        let carried = mantissa.abs() >= ten_to(digits);
        let (mantissa, e) = if carried { (mantissa / 10, e + 1) } else { (mantissa, e) };
        let places = i64::from(digits) - 1 - e;
        if e < SCIENTIFIC_BELOW || places < 0 {
            return Ok(format!("{}e{e}", place_point(&mantissa, digits - 1)));
        }
        Ok(place_point(&mantissa, places.to_u32().unwrap_or(0)))
    }
}

/// A rational rounded to so many digits after the point, ties away from zero. Whoever calls bounds the digits.
#[must_use]
pub fn rational_decimal(x: &Rational, digits: u32) -> String {
    place_point(&scaled_rational(x, digits), digits)
}

/// Whether a rational has a finite decimal: its denominator has no factor but 2 and 5. Gives the number of digits.
#[must_use]
pub fn finite_digits(x: &Rational, limit: u32) -> Option<u32> {
    let mut scaled = x.clone();
    for digits in 0..=limit {
        if scaled.is_integer() {
            return Some(digits);
        }
        scaled *= Rational::from_integer(Integer::from(10));
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::num::ratio;
    use proptest::prelude::*;

    fn digits(x: &Exact, n: u32) -> String {
        x.decimal(Rounding::Digits(n)).unwrap()
    }

    fn significant(x: &Exact, n: u32) -> String {
        x.decimal(Rounding::Significant(n)).unwrap()
    }

    #[test]
    fn ties_go_away_from_zero() {
        for (a, b, want) in
            [(1, 8, "0.13"), (-1, 8, "-0.13"), (5, 1000, "0.01"), (-4, 1000, "0.00"), (5, 2, "2.50")]
        {
            assert_eq!(digits(&ratio(a, b).into(), 2), want, "{a}/{b}");
        }
        assert_eq!(digits(&ratio(5, 2).into(), 0), "3");
    }

    #[test]
    fn known_decimals() {
        // e^(-100) = 3.7200759760208359630e-44 (mpmath 1.4, 20 digits).
        assert_eq!(significant(&Exact::exp(&ratio(-100, 1)), 20), "3.7200759760208359630e-44");
        assert_eq!(digits(&Exact::exp(&ratio(-100, 1)), 4), "0.0000");
        // ln 2 = 0.69314718055994530942
        let ln2 = Exact::integer(2).ln().unwrap().unwrap();
        assert_eq!(digits(&ln2, 20), "0.69314718055994530942");
        assert_eq!(significant(&ln2, 3), "0.693");
        assert_eq!(significant(&ratio(999_999, 1000).into(), 4), "1000");
        assert_eq!(significant(&ratio(123_456_789, 1).into(), 4), "1.235e8");
        assert_eq!(significant(&ratio(-1, 3).into(), 5), "-0.33333");
        assert_eq!(significant(&ratio(1, 10).into(), 2), "0.10");
    }

    proptest! {
        #[test]
        fn a_rounded_rational_is_within_half_a_unit(a in -99_999i64..99_999, b in 1i64..9_999, n in 0u32..6) {
            let x = ratio(a, b);
            let text = rational_decimal(&x, n);
            let back: Integer = text.replace('.', "").parse().unwrap();
            let back = Rational::new(back, ten_to(n));
            let half = Rational::new(1.into(), ten_to(n) * 2);
            prop_assert!((&x - back).abs() <= half);
        }

        #[test]
        fn significant_digits_agree_with_more_of_them(a in -400i64..400, b in 1i64..40, n in 1u32..12) {
            let x = Exact::exp(&ratio(a, b));
            let (short, long) = (significant(&x, n), significant(&x, n + 20));
            let value = |t: &str| -> Rational {
                let (m, e) = t.split_once('e').unwrap_or((t, "0"));
                let places = m.split_once('.').map_or(0, |p| p.1.len());
                let n: Integer = m.replace('.', "").parse().unwrap();
                let shift = e.parse::<i64>().unwrap() - i64::try_from(places).unwrap();
                Rational::from_integer(n) * power_of_ten(shift).unwrap()
            };
            let unit = power_of_ten(exponent(&x).unwrap() + 1 - i64::from(n)).unwrap();
            prop_assert!((value(&short) - value(&long)).abs() * ratio(2, 1) <= unit * (Rational::from_integer(1.into()) + power_of_ten(-5).unwrap()));
        }
    }
}
