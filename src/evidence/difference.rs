//! Difference quotients as proofs live here: values of a cross-entropy near a point, in enclosures, and the bracket
//! that they put around a slope. Nothing is differentiated here, and nothing known of a network.
//!
//! # Why it is a proof
//!
//! J = ln Σₖ e^θₖ − θ_y is convex in the logits θ, so it is convex in w wherever the logits are affine in w. A convex
//! function lies above its tangents, hence, for every h > 0 for which the logits are affine on [w − h, w + h],
//!
//! ```text
//! (J(w) − J(w−h))/h  ≤  J′(w)  ≤  (J(w+h) − J(w))/h.
//! ```
//!
//! No tolerance and no limit are involved: both quotients are enclosed, and the slope lies between the lower end of the
//! first and the upper end of the second. They differ by about h·J″(w), so that a small h makes the bracket narrow.
//!
//! # How the values are found
//!
//! J(w+h) − J(w) is ln Σₖ pₖ·e^δₖ − δ_y, where pₖ = e^θₖ/Σⱼ e^θⱼ at w and δ is how far the logits move. As δ is tiny,
//! e^δ − 1 and ln(1 + u) are short series with a proved remainder: no full exponential is computed for an entry.

use num_bigint::BigInt;
use num_integer::Integer as _;
use num_traits::{One, Signed, Zero};

use crate::num::decimal::bits_of_digits;
use crate::num::{Interval, Undecided};

/// What the rows' evidence calls this way of working.
pub const SOURCE: &str = "differences";

/// Decimals that every bracket settles, however few the question asks for.
const LEAST_DIGITS: u32 = 20;
/// Decimals settled beyond those that the question asks for.
const SPARE_DIGITS: u32 = 4;
/// How much shorter a step is, in bits, than the bracket has to be narrow: room for h·J″.
const SPARE_STEP: u32 = 13;
/// Bits of working beyond those that a bracket keeps, which sums of rounded terms use up.
const SPARE_BITS: u32 = 40;
/// How often the step's bits are doubled where a step is too long.
const DOUBLINGS: u32 = 4;
/// Most decimals that are counted for print.
const MOST_DIGITS: u32 = 9999;

/// How far along one goes and how precisely one works: h = 2^−step, `bits` bits after the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fineness {
    /// A bracket has to be at most 2^−wanted wide.
    pub wanted: u32,
    /// The step is 2^−step.
    pub step: u32,
    /// Bits after the point of all enclosures, more than `step`.
    pub bits: u32,
    doublings: u32,
}

impl Fineness {
    /// The first to try where so many decimals are asked for: h = 2⁻⁸⁰ and 200 bits for 16 or fewer.
    #[must_use]
    pub fn first(digits: u32) -> Self {
        let digits = digits.saturating_add(SPARE_DIGITS).max(LEAST_DIGITS);
        // 10/3 exceeds the logarithm of 10 to base 2.
        let wanted = bits_of_digits(digits);
        Self { wanted, step: 0, bits: 0, doublings: DOUBLINGS }.with_step(wanted.saturating_add(SPARE_STEP))
    }

    /// A step of twice as many bits; `None` past the limit.
    #[must_use]
    pub fn finer(self) -> Option<Self> {
        let doublings = self.doublings.checked_sub(1)?;
        Some(Self { doublings, ..self }.with_step(self.step.saturating_mul(2)))
    }

    /// Rounding costs about 2^−bits, which the division by h makes 2^−(bits − step): far below the width h.
    fn with_step(self, step: u32) -> Self {
        Self { step, bits: step.saturating_mul(2).saturating_add(SPARE_BITS), ..self }
    }

    /// The step h, exactly.
    #[must_use]
    pub fn h(&self) -> Interval {
        let h = BigInt::one() << self.bits.saturating_sub(self.step);
        Interval::new(h.clone(), h, self.bits)
    }

    /// Bits that the shares of the classes take.
    #[must_use]
    pub fn share_bits(&self) -> u32 {
        self.bits.saturating_sub(self.step)
    }

    /// x·h
    #[must_use]
    pub fn times_h(&self, x: &Interval) -> Interval {
        let bits = x.bits();
        Interval::new(x.lo().clone(), x.hi().clone(), bits.saturating_add(self.step)).with_bits(bits)
    }

    /// What a table says about brackets that were found: the step, and decimals on which both quotients agree in all.
    #[must_use]
    pub fn detail<'a>(&self, brackets: impl Iterator<Item = &'a Interval>) -> String {
        match brackets.max_by(|a, b| a.width().cmp(&b.width())).filter(|widest| !widest.width().is_zero()) {
            Some(widest) => format!("h = 2^-{}, {} digits agree", self.step, widest.digits(MOST_DIGITS)),
            None => format!("h = 2^-{}, J does not change", self.step),
        }
    }

    /// The bracket, if it is narrow enough.
    ///
    /// # Errors
    /// [`Undecided`] where it is wider than wanted.
    pub fn narrow(&self, bracket: Interval) -> Result<Interval, Undecided> {
        if bracket.is_narrower_than(self.wanted) {
            return Ok(bracket);
        }
        Err(Undecided::because(format!("quotients with h = 2^-{} are still too far apart", self.step)))
    }
}

/// How far some of the logits move, by their index; each index once, those that are left out stay.
pub type Moves = Vec<(usize, Interval)>;

/// Softmax and cross-entropy at a point, ready to say how the loss changes near it.
#[derive(Debug, Clone)]
pub struct CrossEntropy {
    /// e^θₖ/Σⱼ e^θⱼ
    shares: Vec<Interval>,
    true_class: usize,
    bits: u32,
}

impl CrossEntropy {
    /// At enclosed logits, powers of e taken relative to the greatest of them and kept to so many bits. Where moves are
    /// of the size of h, [`Fineness::share_bits`] are enough: h multiplies what the shares are off by.
    ///
    /// # Errors
    /// [`Undecided`] where the enclosures are too wide to take powers of, and where there is no such class.
    pub fn at(logits: &[Interval], true_class: usize, share_bits: u32) -> Result<Self, Undecided> {
        let greatest = logits.iter().max_by(|a, b| a.lo().cmp(b.lo()));
        let (Some(top), Some(_)) = (greatest, logits.get(true_class)) else {
            return Err(Undecided::because("there is no logit for the true class"));
        };
        let bits = top.bits();
        let top = Interval::new(top.lo().clone(), top.lo().clone(), bits);
        let power = |q: &Interval| q.sub(&top).with_bits(share_bits).exp();
        let powers = logits.iter().map(power).collect::<Result<Vec<_>, _>>()?;
        let sum = powers.iter().fold(Interval::zero(share_bits), |sum, e| sum.add(e));
        let shares = powers.iter().map(|e| e.checked_div(&sum)).collect::<Option<_>>();
        let shares =
            shares.ok_or_else(|| Undecided::because("a sum of powers of e was not told from zero"))?;
        Ok(Self { shares, true_class, bits })
    }

    /// J at the moved logits less J where they are.
    ///
    /// # Errors
    /// [`Undecided`] where logits move too far for short series; a fifth each way is never too far.
    pub fn change(&self, moves: &[(usize, Interval)]) -> Result<Interval, Undecided> {
        let (mut grown, mut own) = (Interval::zero(self.bits), Interval::zero(self.bits));
        for (k, by) in moves {
            if let Some(share) = self.shares.get(*k) {
                grown = grown.add(&share.mul(&power_less_one(by)?));
            }
            if *k == self.true_class {
                own = own.add(by);
            }
        }
        Ok(log_of_one_and(&grown)?.sub(&own))
    }

    /// The bracket around the slope of J along a line on which the logits are affine, from how far a step h moves them.
    /// A step back moves them as far the other way.
    ///
    /// # Errors
    /// As [`CrossEntropy::change`].
    pub fn bracket(&self, moves: &[(usize, Interval)], fine: &Fineness) -> Result<Interval, Undecided> {
        let back: Moves = moves.iter().map(|(k, by)| (*k, by.neg())).collect();
        let (below, above) = (self.change(&back)?, self.change(moves)?);
        // (J(w) − J(w−h))/h from below, (J(w+h) − J(w))/h from above; to divide by h is to move the point.
        Ok(Interval::new(-below.hi(), above.hi().clone(), fine.share_bits()))
    }
}

/// The larger of the ends' sizes.
fn size(x: &Interval) -> BigInt {
    x.lo().abs().max(x.hi().abs())
}

/// Whether |x| ≤ 1/4 all over the interval.
fn is_small(x: &Interval) -> bool {
    (size(x) << 2u32) <= (BigInt::one() << x.bits())
}

fn over(x: &Interval, n: u32) -> Interval {
    let n = BigInt::from(n.max(1));
    Interval::new(x.lo().div_floor(&n), -(-x.hi()).div_floor(&n), x.bits())
}

fn too_long() -> Undecided {
    Undecided::because("the step moves the logits too far for a short series")
}

/// e^x − 1 = Σ xⁿ/n! for |x| ≤ 1/4. From its n-th term on the series is at most twice that term: each term is less than
/// half of the one before.
fn power_less_one(x: &Interval) -> Result<Interval, Undecided> {
    if !is_small(x) {
        return Err(too_long());
    }
    let (mut sum, mut term, mut n) = (Interval::zero(x.bits()), x.clone(), 1u32);
    while size(&term) > BigInt::one() {
        sum = sum.add(&term);
        n = n.saturating_add(1);
        term = over(&term.mul(x), n);
    }
    let rest = size(&term) << 1u32;
    Ok(Interval::new(sum.lo() - &rest, sum.hi() + &rest, x.bits()))
}

/// ln(1 + u) = Σ (−1)ⁿ⁺¹·uⁿ/n for |u| ≤ 1/4, whose rest is at most twice its first term as that of e^x − 1 is.
fn log_of_one_and(u: &Interval) -> Result<Interval, Undecided> {
    if !is_small(u) {
        return Err(too_long());
    }
    let minus = u.neg();
    let (mut sum, mut power, mut n) = (Interval::zero(u.bits()), u.clone(), 1u32);
    while size(&power) > BigInt::one() {
        sum = sum.add(&over(&power, n));
        n = n.saturating_add(1);
        power = power.mul(&minus);
    }
    // The power is at least as large as the term.
    let rest = size(&power) << 1u32;
    Ok(Interval::new(sum.lo() - &rest, sum.hi() + &rest, u.bits()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::num::elementary::{exp_rational, ln_rational};
    use crate::num::{Rational, ratio};
    use proptest::prelude::*;

    fn around(q: &Rational) -> Interval {
        Interval::from_rational(q, 160)
    }

    #[test]
    fn steps_follow_the_digits_asked_for() {
        let first = Fineness::first(4);
        assert_eq!((first.step, first.bits), (80, 200));
        assert!(Fineness::first(50).wanted >= 180, "54 decimals take more than 179 bits");
        let all: Vec<u32> =
            std::iter::successors(Some(first), |f| f.finer()).map(|f: Fineness| f.step).collect();
        assert_eq!(all, [80, 160, 320, 640, 1280]);
        assert_eq!(first.h().lower(), Rational::new(BigInt::one(), BigInt::one() << 80u32));
    }

    #[test]
    fn a_bracket_holds_a_slope_that_is_known() {
        // θ = (0, 0), class 0: J = ln 2 and ∂J/∂θ = (−1/2, 1/2). Along θ₀: J″ = 1/4, so h = 2^−80 gives 2^−82.
        let fine = Fineness::first(4);
        let at =
            CrossEntropy::at(&[Interval::zero(fine.bits), Interval::zero(fine.bits)], 0, fine.share_bits())
                .unwrap();
        for (k, slope) in [(0, ratio(-1, 2)), (1, ratio(1, 2))] {
            let bracket = at.bracket(&[(k, fine.h())], &fine).unwrap();
            assert!(bracket.contains(&slope));
            assert_eq!(bracket.digits(99), 24);
            // A value that is off by 10^−23 lies outside.
            let off = Rational::new(BigInt::one(), BigInt::from(10).pow(23));
            assert!(!bracket.contains(&(&slope + &off)) && !bracket.contains(&(&slope - &off)));
        }
        // Along (1, 1) the loss does not change.
        let both = at.bracket(&[(0, fine.h()), (1, fine.h())], &fine).unwrap();
        assert!(both.contains(&Rational::zero()));
    }

    #[test]
    fn a_step_that_is_too_long_is_refused() {
        let at = CrossEntropy::at(&[Interval::zero(64), Interval::zero(64)], 0, 64).unwrap();
        assert!(at.change(&[(1, Interval::one(64))]).is_err());
        assert!(CrossEntropy::at(&[Interval::zero(64)], 1, 64).is_err());
        let fine = Fineness::first(4);
        assert!(fine.narrow(Interval::one(8)).is_ok(), "a point is narrow");
        assert!(fine.narrow(Interval::new(BigInt::zero(), BigInt::one(), 60)).is_err());
    }

    proptest! {
        #[test]
        fn short_series_agree_with_long_ones(a in -1000i64..1001, shift in 0u32..150) {
            let x = ratio(a, 4000) / Rational::from_integer(BigInt::one() << shift);
            let power = exp_rational(&x, 160).unwrap().sub(&Interval::one(160));
            let short = power_less_one(&around(&x)).unwrap();
            prop_assert!(!power.is_apart_from(&short) && short.is_narrower_than(150));
            let log = ln_rational(&(Rational::one() + &x), 160).unwrap().unwrap();
            let short = log_of_one_and(&around(&x)).unwrap();
            prop_assert!(!log.is_apart_from(&short) && short.is_narrower_than(150));
        }

        #[test]
        fn a_change_is_a_difference_of_losses(
            logits in prop::collection::vec((-30i64..30, 1i64..5), 1..5),
            moves in prop::collection::vec(-80i64..81, 5),
            pick in 0usize..5,
        ) {
            let y = pick % logits.len();
            let old: Vec<Rational> = logits.into_iter().map(|(a, b)| ratio(a, b)).collect();
            let by: Vec<Rational> = moves.iter().take(old.len()).map(|m| ratio(*m, 400)).collect();
            // ln Σ e^θ − θ_y as it is written, before and after.
            let loss = |logits: &[Rational]| {
                let sum = logits.iter().map(|q| exp_rational(q, 160).unwrap()).reduce(|a, b| a.add(&b)).unwrap();
                sum.ln().unwrap().unwrap().sub(&around(logits.get(y).unwrap()))
            };
            let new: Vec<Rational> = old.iter().zip(&by).map(|(a, b)| a + b).collect();
            let enclosed: Vec<Interval> = old.iter().map(around).collect();
            let moves: Moves = by.iter().map(around).enumerate().collect();
            let change = CrossEntropy::at(&enclosed, y, 160).unwrap().change(&moves).unwrap();
            let plain = loss(&new).sub(&loss(&old));
            prop_assert!(!change.is_apart_from(&plain) && change.is_narrower_than(100));
        }
    }
}
