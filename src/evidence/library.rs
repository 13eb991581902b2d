//! Intervals of an unrelated library live here: floats of the crate `dashu-float`, whose operations are rounded
//! correctly and in the direction that is asked for, so that an interval of two of them is a proof like ours. Nothing
//! of `num`'s arithmetic, series or decimals is used but the rationals that come in and the bounds that go out.
//!
//! The precision is relative: a probability of 10⁻³⁴⁸ has as many digits as one of 1/2.

use dashu_float::round::mode::{Down, Up};
use dashu_float::round::{Round, Rounded};
use dashu_float::{Context, FBig, FpError, Repr};
use dashu_int::{IBig, Sign};

use crate::num::decimal::bits_of_digits;
use crate::num::{Integer, Interval, Rational, Undecided};
use crate::report::{Bounds, Evidence};

/// What the rows' evidence calls this way of working.
pub const SOURCE: &str = "dashu-float";
/// Bits beyond those that the decimals take, lost to cancellation or to rounding.
const SPARE_BITS: usize = 128;
/// The smallest value that is enclosed to a number of digits of its own, as a power of two; below, it is enclosed to a
/// number of digits after the point.
const LEAST_EXPONENT: isize = -8192;

/// An interval; its ends are floats.
#[derive(Debug, Clone)]
pub struct Float {
    lo: Repr<2>,
    hi: Repr<2>,
}

impl Float {
    /// Whether it is zero and nothing else.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        sign(&self.lo) == 0 && sign(&self.hi) == 0
    }

    /// Whether none of it is below zero.
    #[must_use]
    pub fn is_not_negative(&self) -> bool {
        sign(&self.lo) >= 0
    }

    /// By the lower end, for sorting.
    #[must_use]
    pub fn before(&self, other: &Self) -> std::cmp::Ordering {
        self.lo.cmp(&other.lo)
    }

    /// Whether all of it is above zero.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        sign(&self.lo) > 0
    }

    /// Whether all of it is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        sign(&self.hi) < 0
    }
}

/// The library at a precision.
#[derive(Debug, Clone, Copy)]
pub struct Library {
    bits: usize,
    down: Context<Down>,
    up: Context<Up>,
}

/// −1, 0 or 1.
fn sign(x: &Repr<2>) -> i8 {
    match (x.significand().is_zero(), x.significand().sign()) {
        (true, _) => 0,
        (_, Sign::Negative) => -1,
        _ => 1,
    }
}

fn integer(n: &Integer) -> IBig {
    IBig::from_le_bytes(&n.to_signed_bytes_le())
}

/// A float as it is, without rounding.
fn rational(x: &Repr<2>) -> Rational {
    let n = Integer::from_signed_bytes_le(&x.significand().to_le_bytes());
    let shift = x.exponent().unsigned_abs();
    if x.exponent() >= 0 {
        Rational::from_integer(n << shift)
    } else {
        Rational::new(n, Integer::from(1) << shift)
    }
}

/// A result of the library, or why there is none.
fn done<R: Round>(result: Result<Rounded<FBig<R, 2>>, FpError>) -> Result<Repr<2>, Undecided> {
    match result {
        Ok(value) if !value.value_ref().repr().is_infinite() => Ok(value.value().into_repr()),
        Ok(_) => Err(Undecided::because("a float grew beyond all bounds")),
        Err(error) => Err(Undecided::because(format!("a float has no value: {error}"))),
    }
}

impl Library {
    /// At a precision that settles decimals of values up to some hundreds.
    #[must_use]
    pub fn for_digits(digits: u32) -> Self {
        let bits = usize::try_from(bits_of_digits(digits)).unwrap_or(usize::MAX);
        Self::with_bits(bits.saturating_add(SPARE_BITS))
    }

    /// At a precision of so many bits.
    #[must_use]
    pub fn with_bits(bits: usize) -> Self {
        Self { bits, down: Context::new(bits), up: Context::new(bits) }
    }

    /// Zero.
    #[must_use]
    pub fn zero(&self) -> Float {
        Float { lo: Repr::zero(), hi: Repr::zero() }
    }

    /// One.
    #[must_use]
    pub fn one(&self) -> Float {
        Float { lo: Repr::one(), hi: Repr::one() }
    }

    /// The interval around a rational.
    ///
    /// # Errors
    /// Where the library has no value.
    pub fn number(&self, x: &Rational) -> Result<Float, Undecided> {
        let (n, d) = (Repr::new(integer(x.numer()), 0), Repr::new(integer(x.denom()), 0));
        // Ends are rounded once more where the denominator is one, as a long integer is an exact quotient.
        Ok(Float { lo: done(self.down.div(&n, &d))?, hi: done(self.up.div(&n, &d))? })
    }

    /// Intervals around rationals.
    ///
    /// # Errors
    /// Where the library has no value.
    pub fn numbers(&self, all: &[Rational]) -> Result<Vec<Float>, Undecided> {
        all.iter().map(|x| self.number(x)).collect()
    }

    /// a + b
    ///
    /// # Errors
    /// Where the library has no value.
    pub fn add(&self, a: &Float, b: &Float) -> Result<Float, Undecided> {
        Ok(Float { lo: done(self.down.add(&a.lo, &b.lo))?, hi: done(self.up.add(&a.hi, &b.hi))? })
    }

    /// a − b
    ///
    /// # Errors
    /// Where the library has no value.
    pub fn sub(&self, a: &Float, b: &Float) -> Result<Float, Undecided> {
        Ok(Float { lo: done(self.down.sub(&a.lo, &b.hi))?, hi: done(self.up.sub(&a.hi, &b.lo))? })
    }

    /// −a
    #[must_use]
    pub fn neg(&self, a: &Float) -> Float {
        Float { lo: -a.hi.clone(), hi: -a.lo.clone() }
    }

    /// a · b
    ///
    /// # Errors
    /// Where the library has no value.
    pub fn mul(&self, a: &Float, b: &Float) -> Result<Float, Undecided> {
        let ends = |pairs: &[(&Repr<2>, &Repr<2>)]| -> Result<Float, Undecided> {
            let low = pairs.iter().map(|(x, y)| done(self.down.mul(x, y))).collect::<Result<Vec<_>, _>>()?;
            let high = pairs.iter().map(|(x, y)| done(self.up.mul(x, y))).collect::<Result<Vec<_>, _>>()?;
            let none = || Undecided::because("no product");
            let lo = low.into_iter().min().ok_or_else(none)?;
            Ok(Float { lo, hi: high.into_iter().max().ok_or_else(none)? })
        };
        // Where both keep their signs, two products are the ends; else all four are asked.
        match (sign(&a.lo) >= 0, sign(&a.hi) <= 0, sign(&b.lo) >= 0, sign(&b.hi) <= 0) {
            (true, _, true, _) | (_, true, _, true) => ends(&[(&a.lo, &b.lo), (&a.hi, &b.hi)]),
            (true, _, _, true) | (_, true, true, _) => ends(&[(&a.lo, &b.hi), (&a.hi, &b.lo)]),
            _ => ends(&[(&a.lo, &b.lo), (&a.lo, &b.hi), (&a.hi, &b.lo), (&a.hi, &b.hi)]),
        }
    }

    /// a / b for b > 0
    ///
    /// # Errors
    /// Where b is not told to be positive.
    pub fn over(&self, a: &Float, b: &Float) -> Result<Float, Undecided> {
        if !b.is_positive() {
            return Err(Undecided::because("a float is divided by what is not told from zero"));
        }
        let below = if sign(&a.lo) >= 0 { &b.hi } else { &b.lo };
        let above = if sign(&a.hi) >= 0 { &b.lo } else { &b.hi };
        Ok(Float { lo: done(self.down.div(&a.lo, below))?, hi: done(self.up.div(&a.hi, above))? })
    }

    /// eᵃ
    ///
    /// # Errors
    /// Where the library has no value.
    pub fn exp(&self, a: &Float) -> Result<Float, Undecided> {
        Ok(Float { lo: done(self.down.exp(&a.lo, None))?, hi: done(self.up.exp(&a.hi, None))? })
    }

    /// ln a for a > 0
    ///
    /// # Errors
    /// Where a is not told to be positive.
    pub fn ln(&self, a: &Float) -> Result<Float, Undecided> {
        if !a.is_positive() {
            return Err(Undecided::because("the logarithm of a float that is not told from zero"));
        }
        Ok(Float { lo: done(self.down.ln(&a.lo, None))?, hi: done(self.up.ln(&a.hi, None))? })
    }

    /// √a for a ≥ 0
    ///
    /// # Errors
    /// Where a is not told to be at least zero.
    pub fn sqrt(&self, a: &Float) -> Result<Float, Undecided> {
        if sign(&a.lo) < 0 {
            return Err(Undecided::because("the root of a float that is not told from below zero"));
        }
        Ok(Float { lo: done(self.down.sqrt(&a.lo))?, hi: done(self.up.sqrt(&a.hi))? })
    }

    /// A float of the interval alone, where what is computed need not be proved.
    #[must_use]
    pub fn guess(&self, a: &Float) -> Float {
        Float { lo: a.lo.clone(), hi: a.lo.clone() }
    }

    /// Whether z is so small beside x or y that rounding would lose it, or zero.
    #[must_use]
    pub fn is_negligible(&self, z: &Float, x: &Float, y: &Float) -> bool {
        let size = |f: &Float| match sign(&f.lo) {
            0 => isize::MIN / 2,
            _ => f.lo.exponent().saturating_add_unsigned(f.lo.digits()),
        };
        let lost = isize::try_from(self.bits.saturating_sub(24)).unwrap_or(isize::MAX / 4);
        sign(&z.lo) == 0 || size(z).saturating_add(lost) < size(x).max(size(y))
    }

    /// The interval [−r, r] for the largest |x| of the interval.
    #[must_use]
    pub fn around_zero(&self, a: &Float) -> Float {
        let r = a.hi.clone().max(-a.lo.clone());
        Float { lo: -r.clone(), hi: r }
    }

    /// |a|
    #[must_use]
    pub fn abs(&self, a: &Float) -> Float {
        match (sign(&a.lo) >= 0, sign(&a.hi) <= 0) {
            (true, _) => a.clone(),
            (_, true) => self.neg(a),
            _ => Float { lo: Repr::zero(), hi: self.around_zero(a).hi },
        }
    }

    /// The greater of two numbers.
    #[must_use]
    pub fn max(&self, a: &Float, b: &Float) -> Float {
        Float { lo: a.lo.clone().max(b.lo.clone()), hi: a.hi.clone().max(b.hi.clone()) }
    }

    /// The ends as rationals.
    #[must_use]
    pub fn ends(&self, a: &Float) -> (Rational, Rational) {
        (rational(&a.lo), rational(&a.hi))
    }

    /// The greater of a and zero.
    #[must_use]
    pub fn ramp(&self, a: &Float) -> Float {
        Float { lo: a.lo.clone().max(Repr::zero()), hi: a.hi.clone().max(Repr::zero()) }
    }

    /// Σ aᵢ·bᵢ + c
    ///
    /// # Errors
    /// Where the library has no value.
    pub fn dot<'a>(
        &self,
        pairs: impl Iterator<Item = (&'a Float, &'a Float)>,
        c: &Float,
    ) -> Result<Float, Undecided> {
        pairs.into_iter().try_fold(c.clone(), |sum, (a, b)| self.add(&sum, &self.mul(a, b)?))
    }

    /// Softmax of logits and the cross-entropy of a class, with powers of e relative to the greatest logit.
    ///
    /// # Errors
    /// Where the library has no value, or there is no such class.
    pub fn softmax(&self, logits: &[Float], class: usize) -> Result<(Vec<Float>, Float), Undecided> {
        let none = || Undecided::because("no class");
        let top = logits.iter().max_by(|a, b| a.hi.cmp(&b.hi)).ok_or_else(none)?;
        let powers = logits.iter().map(|q| self.exp(&self.sub(q, top)?)).collect::<Result<Vec<_>, _>>()?;
        let sum = powers.iter().try_fold(self.zero(), |sum, e| self.add(&sum, e))?;
        let p = powers.iter().map(|e| self.over(e, &sum)).collect::<Result<Vec<_>, _>>()?;
        let own = logits.get(class).ok_or_else(none)?;
        let loss = self.add(&self.ln(&sum)?, &self.sub(top, own)?)?;
        Ok((p, loss))
    }

    /// ∂J/∂θ from probabilities: p, and p − 1 of the true class as minus the sum of the others, so that it has digits of
    /// its own where p is nearly 1.
    ///
    /// # Errors
    /// Where the library has no value.
    pub fn slopes(&self, p: &[Float], class: usize) -> Result<Vec<Float>, Undecided> {
        let mut slopes = p.to_vec();
        let others = p.iter().enumerate().filter(|(i, _)| *i != class);
        let sum = others.map(|(_, p)| p).try_fold(self.zero(), |sum, p| self.add(&sum, p))?;
        if let Some(slot) = slopes.get_mut(class) {
            *slot = self.neg(&sum);
        }
        Ok(slopes)
    }

    /// The interval as bounds of a number, with bits enough that a small number keeps its digits.
    #[must_use]
    pub fn bounds(&self, x: &Float) -> Bounds {
        let size = |end: &Repr<2>| match sign(end) {
            0 => 0,
            _ => end.exponent().saturating_add_unsigned(end.digits()).clamp(LEAST_EXPONENT, 0),
        };
        let small = size(&x.lo).min(size(&x.hi)).unsigned_abs();
        let bits = u32::try_from(self.bits.saturating_add(small)).unwrap_or(u32::MAX);
        Bounds::Number(Interval::hull(&rational(&x.lo), &rational(&x.hi), bits))
    }

    /// Bounds of a list.
    #[must_use]
    pub fn list(&self, all: &[Float]) -> Bounds {
        Bounds::List(all.iter().map(|x| self.bounds(x)).collect())
    }

    /// Bounds of a matrix.
    #[must_use]
    pub fn matrix(&self, rows: &[Vec<Float>]) -> Bounds {
        Bounds::List(rows.iter().map(|row| self.list(row)).collect())
    }

    /// Evidence about a row: its value lies within, and so its printed decimals are right.
    #[must_use]
    pub fn evidence(&self, row: impl Into<String>, bounds: Bounds) -> Evidence {
        Evidence::printed(row, SOURCE, bounds, format!("floats of {} bits, rounded outward", self.bits))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::num::ratio;
    use num_traits::Signed;
    use proptest::prelude::*;

    fn bounds_of(library: &Library, x: &Float) -> (Rational, Rational) {
        match library.bounds(x) {
            Bounds::Number(i) => (i.lower(), i.upper()),
            Bounds::List(_) => panic!("a number has bounds of its own"),
        }
    }

    /// e, ln 2, e⁻¹: the first forty decimals as in the Online Encyclopedia of Integer Sequences, A001113, A002162 and
    /// A068985.
    #[test]
    fn known_values_to_forty_digits() {
        let l = Library::for_digits(40);
        let number = |q: Rational| l.number(&q).unwrap();
        let known = [
            (l.exp(&l.one()).unwrap(), "27182818284590452353602874713526624977572"),
            (l.ln(&number(ratio(2, 1))).unwrap(), "6931471805599453094172321214581765680755"),
            (l.exp(&number(ratio(-1, 1))).unwrap(), "3678794411714423215955237701614608674458"),
        ];
        let unit = Rational::new(1.into(), Integer::from(10).pow(40));
        for (x, digits) in known {
            let known = Rational::from_integer(digits.parse().unwrap()) * &unit;
            let (lo, hi) = bounds_of(&l, &x);
            assert!((&hi - &lo) < unit, "{digits}");
            assert!((lo - known).abs() <= unit, "{digits}");
        }
    }

    #[test]
    fn a_small_probability_keeps_its_digits() {
        let l = Library::for_digits(30);
        let logits = [l.zero(), l.number(&ratio(-800, 1)).unwrap()];
        let (p, _) = l.softmax(&logits, 0).unwrap();
        let (lo, hi) = bounds_of(&l, &p[1]);
        // e^(−800) = 3.67…·10^(−348)
        assert!(lo.is_positive() && (&hi - &lo) * Rational::from_integer(Integer::from(10).pow(30)) < lo);
    }

    #[test]
    fn what_has_no_value_is_said() {
        let l = Library::with_bits(100);
        assert!(l.ln(&l.zero()).is_err());
        assert!(l.over(&l.one(), &l.zero()).is_err());
        let huge = l.number(&Rational::from_integer(Integer::from(10).pow(60))).unwrap();
        assert!(l.exp(&huge).is_err());
        // e^(−10⁶⁰) lies below every float: an error, or bounds that begin at zero.
        assert!(l.exp(&l.neg(&huge)).is_ok_and(|x| !x.is_positive()) || l.exp(&l.neg(&huge)).is_err());
    }

    proptest! {
        #[test]
        fn operations_enclose_the_rational_result(a in -99i64..99, b in 1i64..99, c in -99i64..99, d in 1i64..99, wide in 0i64..3) {
            let l = Library::with_bits(20);
            // Wide intervals too, so that every case of signs is met: x within [x − w, x + w].
            let around = |q: &Rational, w: i64| {
                let (lo, hi) = (l.number(&(q - ratio(w * 40, 1))).unwrap(), l.number(&(q + ratio(w * 40, 1))).unwrap());
                Float { lo: lo.lo, hi: hi.hi }
            };
            let (x, y) = (ratio(a, b), ratio(c, d));
            let (p, q) = (around(&x, wide), around(&y, (wide + 1) % 3));
            let holds = |f: Float, r: Rational| {
                let (lo, hi) = (rational(&f.lo), rational(&f.hi));
                lo <= r && r <= hi
            };
            prop_assert!(holds(l.add(&p, &q).unwrap(), &x + &y));
            prop_assert!(holds(l.sub(&p, &q).unwrap(), &x - &y));
            prop_assert!(holds(l.mul(&p, &q).unwrap(), &x * &y));
            prop_assert!(holds(l.neg(&p), -&x));
            prop_assert!(holds(l.ramp(&p), x.clone().max(ratio(0, 1))));
            if let Ok(f) = l.over(&p, &q) {
                prop_assert!(holds(f, x / y));
            }
        }
    }
}
