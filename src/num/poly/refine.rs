//! An interval with dyadic ends round one root, and how it shrinks, live here.

use std::cmp::Ordering;

use num_traits::{One, Signed, ToPrimitive, Zero};

use super::integer::IntPoly;
use crate::num::{Integer, Rational};

/// The open interval from `low / 2^shift` to `(low + width) / 2^shift`, with `width > 0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The lower end, times `2^shift`.
    pub low: Integer,
    /// The width, times `2^shift`.
    pub width: Integer,
    /// The power of two in the denominator of both ends.
    pub shift: u64,
}

impl Cell {
    /// `[index, index + 1] * 2^exponent`.
    #[must_use]
    pub fn of_grid(index: &Integer, exponent: i64) -> Self {
        match u64::try_from(exponent) {
            Ok(up) => Self { low: index << up, width: Integer::one() << up, shift: 0 },
            Err(_) => Self { low: index.clone(), width: Integer::one(), shift: exponent.unsigned_abs() },
        }
    }

    /// The upper end, times `2^shift`.
    #[must_use]
    pub fn high(&self) -> Integer {
        &self.low + &self.width
    }

    /// The lower end.
    #[must_use]
    pub fn lo(&self) -> Rational {
        dyadic(&self.low, self.shift)
    }

    /// The upper end.
    #[must_use]
    pub fn hi(&self) -> Rational {
        dyadic(&self.high(), self.shift)
    }

    /// The interval mirrored at zero.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        Self { low: -self.high(), width: self.width.clone(), shift: self.shift }
    }

    /// Whether the width is at most `2^-bits`.
    #[must_use]
    pub fn is_within(&self, bits: u64) -> bool {
        self.missing_bits(bits) == 0
    }

    /// How many times at least the interval must be halved until its width is at most `2^-bits`.
    fn missing_bits(&self, bits: u64) -> u64 {
        // ceil(log2 width) halvings make the width one unit.
        let halvings = (&self.width - Integer::one()).bits();
        (halvings + bits).saturating_sub(self.shift)
    }
}

/// `numerator / 2^shift`.
#[must_use]
pub fn dyadic(numerator: &Integer, shift: u64) -> Rational {
    // Cheaper than a greatest common divisor: common factors can only be twos.
    let twos = numerator.trailing_zeros().unwrap_or(shift).min(shift);
    Rational::new_raw(numerator >> twos, Integer::one() << (shift - twos))
}

/// What is known of a root after its interval was made smaller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refined {
    /// The root lies strictly inside; the polynomial changes sign between the ends.
    Inside(Cell),
    /// The root is this rational, met on the way.
    Exactly(Rational),
}

/// Shrinks the interval to a width of at most `2^-bits`.
///
/// The polynomial must have one simple root in the interval and be of opposite signs at its ends; `None` if the
/// signs are not opposite. Quadratic interval refinement (J. Abbott, *Quadratic interval refinement for real
/// roots*, 2006): a secant guesses in which of `2^s` equal parts the root lies; signs at the ends of that part
/// decide; `s` doubles after a right guess and halves after a wrong one. So the ends are always proved, and the
/// correct digits double from step to step.
#[must_use]
pub fn refine(poly: &IntPoly, cell: &Cell, bits: u64) -> Option<Refined> {
    let mut cell = cell.clone();
    if cell.is_within(bits) {
        return Some(Refined::Inside(cell));
    }
    let degree = u64::try_from(poly.degree()?).ok()?;
    let mut at_low = poly.dyadic_value(&cell.low, cell.shift);
    let mut at_high = poly.dyadic_value(&cell.high(), cell.shift);
    if at_low.is_zero() || at_high.is_zero() || at_low.is_negative() == at_high.is_negative() {
        return None;
    }
    let mut speed = 1;
    loop {
        let missing = cell.missing_bits(bits);
        if missing == 0 {
            return Some(Refined::Inside(cell));
        }
        let split = speed.min(missing);
        let shift = cell.shift + split;
        let base = &cell.low << split;
        let at = |part: &Integer| poly.dyadic_value(&(&base + part * &cell.width), shift);
        let last = Integer::one() << split;
        let guess: Integer = secant(&at_low, &at_high, split).clamp(Integer::one(), &last - 1);
        let value = at(&guess);
        if value.is_zero() {
            return Some(Refined::Exactly(dyadic(&(&base + &guess * &cell.width), shift)));
        }
        // The root is beyond the guess where the value still has the sign of the lower end.
        let beyond = value.is_negative() == at_low.is_negative();
        let neighbour: Integer = if beyond { &guess + 1 } else { &guess - 1 };
        let other = if neighbour.is_zero() {
            &at_low << (split * degree)
        } else if neighbour == last {
            &at_high << (split * degree)
        } else {
            at(&neighbour)
        };
        if other.is_zero() {
            return Some(Refined::Exactly(dyadic(&(&base + &neighbour * &cell.width), shift)));
        }
        if other.is_negative() == value.is_negative() {
            speed = (split / 2).max(1);
            continue;
        }
        let part = if beyond { &guess } else { &neighbour };
        let low = &base + part * &cell.width;
        cell = Cell { low, width: cell.width, shift };
        (at_low, at_high) = if beyond { (value, other) } else { (other, value) };
        speed = split.saturating_mul(2);
    }
}

/// The nearest integer to `2^split * a / (a - b)`, where the line through the values at both ends crosses zero;
/// from the leading bits alone, since it is only a guess.
fn secant(a: &Integer, b: &Integer, split: u64) -> Integer {
    let fall = a - b;
    let drop = fall.bits().saturating_sub(split + 64);
    let (a, fall) = (a.abs() >> drop, fall.abs() >> drop);
    if fall.is_zero() {
        return Integer::one();
    }
    let half = &fall >> 1_u8;
    ((a << split) + half) / fall
}

/// The interval as a cell inside `(lo, hi)` at whose ends the polynomial is of opposite signs, where there is one
/// root inside, a simple one, and none of the tried ends is a root; `None` after `tries` refinements of the grid.
#[must_use]
pub fn cell_inside(poly: &IntPoly, lo: &Rational, hi: &Rational, tries: u32) -> Option<Cell> {
    let width = hi - lo;
    if !width.is_positive() {
        return None;
    }
    let mut shift = width.denom().bits().saturating_sub(width.numer().bits()) + 2;
    for _ in 0..tries {
        let grid = Rational::from_integer(Integer::one() << shift);
        let low = (lo * &grid).ceil().to_integer();
        let high = (hi * &grid).floor().to_integer();
        if low < high {
            let (a, b) = (poly.dyadic_value(&low, shift), poly.dyadic_value(&high, shift));
            let opposite = a.cmp(&Integer::zero()) == b.cmp(&Integer::zero()).reverse();
            if opposite && !a.is_zero() {
                return Some(Cell { width: high - &low, low, shift });
            }
        }
        shift = shift.checked_mul(2)?;
    }
    None
}

/// Whether the polynomial is of opposite signs, neither zero, at the ends of the cell.
#[must_use]
pub fn changes_sign(poly: &IntPoly, cell: &Cell) -> bool {
    let sign = |end: &Integer| poly.dyadic_value(end, cell.shift).cmp(&Integer::zero());
    let low = sign(&cell.low);
    low != Ordering::Equal && low == sign(&cell.high()).reverse()
}

/// The bits of an exponent that is known to be small; the largest one when it is not.
pub(super) fn small(exponent: usize) -> u64 {
    exponent.to_u64().unwrap_or(u64::MAX)
}
