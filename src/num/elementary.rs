//! exp and ln of enclosures live here, by series whose remainders are proved; no other functions, no floats.
//!
//! Both functions rise, so the image of `[lo, hi]` is enclosed by the lower bound at `lo` and the upper bound at `hi`.
//! At one dyadic point:
//!
//! * **exp**: `x = k·ln 2 + r` with |r| < 1, `eˣ = 2ᵏ·(e^{r/2ˢ})^{2ˢ}`. The series of `e^y`, |y| ≤ 1/2, cut before
//!   the n-th power leaves at most `2·|y|ⁿ/n!` (a geometric series with ratio below 1/2 bounds the rest).
//! * **ln**: `y = m·2ᵉ` with m in [2/3, 4/3), `ln y = e·ln 2 + 2·artanh t`, t = (m − 1)/(m + 1), |t| ≤ 1/5. The series
//!   of artanh cut before t²ⁿ⁺¹/(2n+1) leaves at most `|t|²ⁿ⁺¹/((2n+1)(1 − t²))`, which is below
//!   `2·|t|²ⁿ⁺¹/(2n+1)`.
//!
//! Every step in between is interval arithmetic, so rounding is part of the enclosure and needs no estimate.

use std::cell::RefCell;
use std::collections::HashMap;

use num_bigint::BigInt;
use num_integer::Integer as _;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::interval::{Interval, div_up, shift_up};
use super::{Rational, Undecided};

/// Largest number of bits after the point that any enclosure is refined to; past it a question is `undecided`.
pub const MAX_BITS: u32 = 1 << 17;

/// Largest x for which eˣ is computed: the result has about 1.44·x bits before the point.
pub const MAX_EXPONENT: u32 = 100_000;

fn too_precise(bits: u32) -> Undecided {
    Undecided::because(format!("it would take {bits} bits after the point, and the limit is {MAX_BITS}"))
}

/// Twice the series Σ t²ⁱ⁺¹/(2i+1), t an interval with |t| ≤ 1/3: an enclosure of ln((1+t)/(1−t)).
fn twice_artanh(t: &Interval) -> Interval {
    let bits = t.bits();
    let square = t.mul(t);
    let mut power = t.clone();
    let mut sum = Interval::zero(bits);
    let mut odd: u32 = 1;
    loop {
        let largest = power.lo().abs().max(power.hi().abs());
        // What is left is at most 2·|t|^odd/odd; stop when that is a unit in the last place.
        let rest = div_up(&(&largest * 2), &BigInt::from(odd));
        if rest <= BigInt::one() {
            let sum = Interval::new(sum.lo() - &rest, sum.hi() + &rest, bits);
            return sum.add(&sum);
        }
        sum = sum.add(&power.over(odd));
        power = power.mul(&square);
        odd += 2;
    }
}

thread_local! {
    // Every exponential and every logarithm needs ln 2; the longest one known serves all shorter ones.
    static LN2: RefCell<Interval> = RefCell::new(ln2_series(512));
}

/// An enclosure of ln 2, a few units wide.
fn ln2(bits: u32) -> Interval {
    LN2.with_borrow_mut(|known| {
        if known.bits() < bits {
            *known = ln2_series(bits.max(known.bits().saturating_mul(2)).min(bits.saturating_add(bits / 4)));
        }
        known.with_bits(bits)
    })
}

/// ln 2 = 2·artanh(1/3) = 2·Σ 1/(3²ⁱ⁺¹·(2i+1)), by divisions by small numbers only.
///
/// Every quotient is rounded down, which loses less than a unit in the power and less than a unit in the term; the
/// error of the power shrinks with every division by 9. So each term is short by less than three units, and what is
/// left out once the power is gone is less than one.
fn ln2_series(bits: u32) -> Interval {
    let work = bits.saturating_add(16);
    let mut power = (BigInt::one() << work) / 3u32;
    let (mut sum, mut odd, mut short) = (BigInt::zero(), 1u32, BigInt::one());
    while !power.is_zero() {
        sum += &power / odd;
        short += 3;
        power /= 9u32;
        odd += 2;
    }
    Interval::new(&sum * 2, (sum + short) * 2, work).with_bits(bits)
}

/// An enclosure of eˣ at the point x = a·2⁻ᵖ with about `bits` good bits after the point.
fn exp_point(a: &BigInt, p: u32, bits: u32) -> Result<Interval, Undecided> {
    if a.is_zero() {
        return Ok(Interval::one(bits));
    }
    let whole = shift_up(&a.abs(), p);
    if a.is_negative() && whole > BigInt::from(bits) + 1 {
        // e⁻ⁿ < 2⁻ⁿ: below the last place, and above zero.
        return Ok(Interval::new(BigInt::zero(), BigInt::one(), bits));
    }
    let whole =
        whole.to_u32().filter(|w| *w <= MAX_EXPONENT.max(bits.saturating_add(2))).ok_or_else(|| {
            Undecided::because(format!(
                "e to a power above {MAX_EXPONENT} is past the limit of what is computed"
            ))
        })?;
    // 3/2 > 1/ln 2: bits that the power of two may put before the point.
    let head = if a.is_negative() { 0 } else { whole + whole / 2 + 2 };
    let squarings = 4 + bits.isqrt() / 2;
    let work = bits.checked_add(head + squarings + 24).filter(|w| *w <= 2 * MAX_BITS + 3 * MAX_EXPONENT);
    let work = work.ok_or_else(|| too_precise(bits))?;
    let x = Interval::new(a.clone(), a.clone(), p).with_bits(work);
    let ln2 = ln2(work + 24);
    // k is only a choice; whatever it is, r is enclosed.
    let k = (x.lo() << 24u32).div_floor(ln2.lo());
    let k = k.to_i64().ok_or_else(|| too_precise(bits))?;
    let r = x.sub(&ln2.scale(&Rational::from_integer(BigInt::from(k)))).with_bits(work);
    let y = r.scaled_down(squarings);
    let mut e = exp_series(&y);
    for _ in 0..squarings {
        e = e.mul(&e);
    }
    let e = if k >= 0 {
        let k = u32::try_from(k).map_err(|_| too_precise(bits))?;
        Interval::new(e.lo() << k, e.hi() << k, work)
    } else {
        let k = u32::try_from(-k).map_err(|_| too_precise(bits))?;
        e.scaled_down(k)
    };
    Ok(e.with_bits(bits))
}

/// Σ yⁱ/i! with its remainder, for |y| ≤ 1/2.
fn exp_series(y: &Interval) -> Interval {
    let bits = y.bits();
    let mut term = Interval::one(bits);
    let mut sum = Interval::one(bits);
    let mut n: u32 = 0;
    loop {
        n += 1;
        term = term.mul(y).over(n);
        let largest = term.lo().abs().max(term.hi().abs());
        // The terms from here on sum to at most twice the first of them.
        if largest <= BigInt::one() {
            let rest = largest * 2;
            return Interval::new(sum.lo() - &rest, sum.hi() + &rest, bits);
        }
        sum = sum.add(&term);
    }
}

/// An enclosure of ln y at the point y = a·2⁻ᵖ > 0 with about `bits` good bits after the point.
fn ln_point(a: &BigInt, p: u32, bits: u32) -> Result<Interval, Undecided> {
    let length = u32::try_from(a.bits()).map_err(|_| too_precise(bits))?;
    let work = bits.checked_add(40).filter(|w| *w <= 2 * MAX_BITS).ok_or_else(|| too_precise(bits))?;
    // a = m·2^length with m in [1/2, 1); one more doubling where m < 2/3 brings it to [2/3, 4/3).
    let doubled = a * 3 < (BigInt::one() << (length + 1));
    let scale = if doubled { length - 1 } else { length };
    let e = i64::from(scale) - i64::from(p);
    let m = Rational::new(a.clone(), BigInt::one() << scale);
    let one = Rational::one();
    let t = Interval::from_rational(&((&m - &one) / (&m + &one)), work);
    let e_ln2 = ln2(work + 32).scale(&Rational::from_integer(BigInt::from(e))).with_bits(work);
    Ok(twice_artanh(&t).add(&e_ln2).with_bits(bits))
}

impl Interval {
    /// An enclosure of eˣ over the interval.
    ///
    /// # Errors
    /// [`Undecided`] where x exceeds [`MAX_EXPONENT`] or the precision its limit.
    pub fn exp(&self) -> Result<Self, Undecided> {
        let low = exp_point(self.lo(), self.bits(), self.bits())?;
        let width = self.width();
        if width.is_zero() {
            return Ok(low);
        }
        if width.bits() <= u64::from(self.bits()) {
            // eᵈ ≤ 1 + 2d for 0 ≤ d ≤ 1, as eᵈ is convex and the line is above it at both ends.
            let more = shift_up(&(low.hi() * width * 2), self.bits());
            return Ok(Interval::new(low.lo().clone(), low.hi() + more, self.bits()));
        }
        let high = exp_point(self.hi(), self.bits(), self.bits())?;
        Ok(Interval::new(low.lo().clone(), high.hi().clone(), self.bits()))
    }

    /// An enclosure of ln over the interval; `None` where a point may be zero or negative.
    ///
    /// # Errors
    /// [`Undecided`] where the precision exceeds its limit.
    pub fn ln(&self) -> Result<Option<Self>, Undecided> {
        if !self.lo().is_positive() {
            return Ok(None);
        }
        let low = ln_point(self.lo(), self.bits(), self.bits())?;
        let width = self.width();
        if width.is_zero() {
            return Ok(Some(low));
        }
        if (&width << 10u32) < *self.lo() {
            // ln(a + d) − ln a = ln(1 + d/a) ≤ d/a, and for small d/a that is nearly equal.
            let more = div_up(&(width << self.bits()), self.lo());
            return Ok(Some(Interval::new(low.lo().clone(), low.hi() + more, self.bits())));
        }
        let high = ln_point(self.hi(), self.bits(), self.bits())?;
        Ok(Some(Interval::new(low.lo().clone(), high.hi().clone(), self.bits())))
    }
}

/// An enclosure of e^q for a rational q, with about `bits` good bits after the point.
///
/// # Errors
/// As [`Interval::exp`].
pub fn exp_rational(q: &Rational, bits: u32) -> Result<Interval, Undecided> {
    // A point that is not dyadic is enclosed finely enough for the slope e^q not to matter much.
    let magnitude = if q.is_positive() { q.ceil().to_integer().to_u32().unwrap_or(u32::MAX) } else { 0 };
    if magnitude > MAX_EXPONENT {
        return Err(Undecided::because(format!("e to the power {q} is past the limit {MAX_EXPONENT}")));
    }
    let extra = magnitude + magnitude / 2 + 8;
    Ok(Interval::from_rational(q, bits.saturating_add(extra)).exp()?.with_bits(bits))
}

/// Most entries that [`exp_shared`] remembers before it starts anew.
const REMEMBERED: usize = 4096;

thread_local! {
    // A network's numbers share a handful of exponents, so their powers of e are worth keeping.
    static POWERS: RefCell<HashMap<(Rational, u32), Interval>> = RefCell::new(HashMap::new());
}

/// As [`exp_rational`], remembering what was computed before on this thread.
///
/// # Errors
/// As [`Interval::exp`].
pub fn exp_shared(q: &Rational, bits: u32) -> Result<Interval, Undecided> {
    if q.is_zero() {
        return Ok(Interval::one(bits));
    }
    let rounded = bits.div_ceil(64).saturating_mul(64);
    let key = (q.clone(), rounded);
    if let Some(known) = POWERS.with_borrow(|powers| powers.get(&key).cloned()) {
        return Ok(known);
    }
    let value = exp_rational(q, rounded)?;
    POWERS.with_borrow_mut(|powers| {
        if powers.len() >= REMEMBERED {
            powers.clear();
        }
        powers.insert(key, value.clone());
    });
    Ok(value)
}

/// An enclosure of ln r for a rational r > 0; `None` otherwise.
///
/// # Errors
/// As [`Interval::ln`].
pub fn ln_rational(r: &Rational, bits: u32) -> Result<Option<Interval>, Undecided> {
    if !r.is_positive() {
        return Ok(None);
    }
    // Scale by a power of two so that few bits are lost however small r is.
    let numer = Interval::new(r.numer().clone(), r.numer().clone(), 0).with_bits(bits + 8);
    let denom = Interval::new(r.denom().clone(), r.denom().clone(), 0).with_bits(bits + 8);
    match (numer.ln()?, denom.ln()?) {
        (Some(n), Some(d)) => Ok(Some(n.sub(&d).with_bits(bits))),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::num::ratio;
    use proptest::prelude::*;

    /// A decimal written out, as a rational.
    fn dec(text: &str) -> Rational {
        let (head, tail) = text.split_once('.').unwrap();
        let digits: BigInt = format!("{head}{tail}").parse().unwrap();
        Rational::new(digits, BigInt::from(10).pow(u32::try_from(tail.len()).unwrap()))
    }

    fn holds_to_40_digits(i: &Interval, known: &str) {
        let v = dec(known);
        let unit = Rational::new(BigInt::one(), BigInt::from(10).pow(40));
        assert!(i.lower() <= &v + &unit && &v - &unit <= i.upper(), "{known}");
        assert!(i.is_narrower_than(140), "{known} is too wide");
    }

    #[test]
    fn known_values_to_forty_digits() {
        // e, ln 2, e^(-1/2), ln 10, e^10: digits as mpmath 1.4 prints them at 50 digits.
        holds_to_40_digits(
            &exp_rational(&ratio(1, 1), 150).unwrap(),
            "2.7182818284590452353602874713526624977572470937",
        );
        holds_to_40_digits(
            &ln_rational(&ratio(2, 1), 150).unwrap().unwrap(),
            "0.6931471805599453094172321214581765680755001344",
        );
        holds_to_40_digits(
            &exp_rational(&ratio(-1, 2), 150).unwrap(),
            "0.6065306597126334236037995349911804534419181354872",
        );
        holds_to_40_digits(
            &ln_rational(&ratio(10, 1), 150).unwrap().unwrap(),
            "2.3025850929940456840179914546843642076011014886",
        );
        holds_to_40_digits(
            &exp_rational(&ratio(10, 1), 150).unwrap(),
            "22026.465794806716516957900645284244366353512618557",
        );
    }

    #[test]
    fn the_two_series_of_ln_2_agree() {
        for bits in [1, 64, 300, 2000] {
            let third = Interval::from_rational(&ratio(1, 3), bits + 8);
            let (a, b) = (ln2_series(bits), twice_artanh(&third));
            assert!(!a.is_apart_from(&b) && a.width() <= BigInt::from(2), "{bits}");
        }
    }

    #[test]
    fn far_below_the_last_place_is_a_sliver_above_zero() {
        let i = exp_rational(&ratio(-5000, 1), 64).unwrap();
        assert_eq!((i.lo().clone(), i.hi().clone()), (BigInt::zero(), BigInt::one()));
        assert!(exp_rational(&ratio(10_000_000, 1), 64).is_err());
    }

    proptest! {
        #[test]
        fn exp_and_ln_undo_one_another(a in -4000i64..4000, b in 1i64..400) {
            let q = ratio(a, b);
            if q < ratio(40, 1) && q > ratio(-40, 1) {
                let e = exp_rational(&q, 200).unwrap();
                let back = e.ln().unwrap().unwrap();
                prop_assert!(back.contains(&q));
                prop_assert!(back.is_narrower_than(100));
            }
        }

        #[test]
        fn the_image_of_an_interval_holds_the_images_of_its_points(
            a in 1i64..4000, b in 1i64..400, narrow in 0i64..64, at in 0i64..64,
        ) {
            let lo = ratio(a, b);
            let width = Rational::new(BigInt::one(), BigInt::one() << narrow);
            let hi = &lo + &width;
            let inside = &lo + &width * ratio(at, 63);
            if hi < ratio(60, 1) && at < 64 {
                let image = |f: fn(&Interval) -> Interval| {
                    (f(&Interval::hull(&lo, &hi, 100)), f(&Interval::from_rational(&inside, 300)))
                };
                for (whole, point) in [image(|i| i.exp().unwrap()), image(|i| i.ln().unwrap().unwrap())] {
                    prop_assert!(point.is_within(&whole));
                }
            }
        }

        #[test]
        fn exp_turns_sums_into_products(a in -300i64..300, b in 1i64..60, c in -300i64..300) {
            let (x, y) = (ratio(a, b), ratio(c, b));
            let (ex, ey) = (exp_rational(&x, 160).unwrap(), exp_rational(&y, 160).unwrap());
            let both = exp_rational(&(&x + &y), 160).unwrap();
            prop_assert!(!ex.mul(&ey).is_apart_from(&both));
        }
    }
}
