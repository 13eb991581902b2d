//! Every limit of the expression code lives here, with the arithmetic that is measured against them; no algorithm.
//!
//! Each limit is checked before the work that it bounds, and the error names it.

use std::cmp::Ordering;

use num_traits::{One, Signed, Zero};

use crate::num::{Integer, Rational, Undecided};

/// The longest text that is read, in bytes.
pub const MAX_TEXT: usize = 100_000;
/// How deep parentheses, functions and exponents may stand in one another in a text.
pub const MAX_NESTING: usize = 64;
/// How deep the tree of a parsed expression may be, counted in nodes.
pub const MAX_DEPTH: u32 = 400;
/// How many operands (numbers and names) a text may hold.
pub const MAX_OPERANDS: usize = 10_000;
/// How many digits one number may be written with.
pub const MAX_DIGITS: usize = 1_000;
/// The largest decimal exponent in absolute value: `1e-1000` is read, `1e-1001` is not.
pub const MAX_DECIMAL_EXPONENT: i64 = 1_000;
/// The largest exponent of `^` in absolute value.
pub const MAX_POWER: i64 = 1_000;
/// The size in bits up to which constants are folded as an expression is built; longer ones stay as written.
pub const MAX_FOLD_BITS: u64 = 4_096;
/// The number of nodes up to which an expression is printed, shared parts counted every time they appear.
pub const MAX_PRINT_SIZE: u64 = 1_000_000;
/// The depth up to which an expression is turned into the notation tree, whose printers recurse.
pub const MAX_PRINT_DEPTH: u32 = 1_000;
/// The number of terms that a sum of a normal form or a polynomial may have.
pub const MAX_TERMS: usize = 50_000;
/// The work that one normal form may cost, in steps of about half a microsecond.
pub const MAX_NORMAL_WORK: u64 = 3_000_000;
/// The work that one evaluation may cost, in steps of about half a microsecond.
pub const MAX_EVALUATION_WORK: u64 = 3_000_000;

/// The work that is left; spent before each step, so that nothing large is ever begun.
#[derive(Debug)]
pub(crate) struct Budget {
    left: u64,
}

/// The work left is not enough for the next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exhausted;

impl From<Exhausted> for Undecided {
    fn from(_: Exhausted) -> Self {
        Undecided::because(format!(
            "the normal form takes more than {MAX_NORMAL_WORK} steps (the limit on its work)"
        ))
    }
}

impl Budget {
    pub(crate) fn new(steps: u64) -> Self {
        Self { left: steps }
    }

    /// Takes `steps` off.
    pub(crate) fn spend(&mut self, steps: u64) -> Result<(), Exhausted> {
        self.left = self.left.checked_sub(steps).ok_or(Exhausted)?;
        Ok(())
    }

    /// Takes off what arithmetic on numbers of so many bits in all costs.
    ///
    /// A greatest common divisor by halving takes a pass over all limbs for every bit or two.
    pub(crate) fn spend_bits(&mut self, bits: u64) -> Result<(), Exhausted> {
        let limbs = bits / 64;
        self.spend(1u64.saturating_add(limbs.saturating_mul(limbs) / 16))
    }
}

/// Bits of numerator and denominator together.
pub(crate) fn bits(r: &Rational) -> u64 {
    r.numer().bits().saturating_add(r.denom().bits())
}

/// Compares by cross-multiplication.
///
/// The comparison of `num_rational` (and with it `==`) recurses once for every term of the continued fraction that
/// both numbers share, which long decimals that nearly agree can use to exhaust the stack.
pub(crate) fn compare(a: &Rational, b: &Rational) -> Ordering {
    if a.denom() == b.denom() {
        return a.numer().cmp(b.numer());
    }
    match (a.is_negative(), b.is_negative()) {
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        _ => (a.numer() * b.denom()).cmp(&(b.numer() * a.denom())),
    }
}

/// Whether both are the same number; both are in lowest terms.
pub(crate) fn same(a: &Rational, b: &Rational) -> bool {
    a.numer() == b.numer() && a.denom() == b.denom()
}

/// r to an integer power, or `None` for a negative power of zero and for exponents beyond 32 bits.
///
/// The result has |exponent| times the bits of `r`: callers spend or check that first.
pub(crate) fn power(r: &Rational, exponent: i64) -> Option<Rational> {
    let size = u32::try_from(exponent.unsigned_abs()).ok()?;
    let (numer, denom) = (r.numer().pow(size), r.denom().pow(size));
    if exponent >= 0 {
        return Some(Rational::new_raw(numer, denom));
    }
    if numer.is_zero() {
        return None;
    }
    // Lowest terms keep under powers; only the sign has to move to the new numerator.
    Some(if numer.is_negative() {
        Rational::new_raw(-denom, -numer)
    } else {
        Rational::new_raw(denom, numer)
    })
}

/// The rational whose square is `r`, if there is one; it is the non-negative one.
pub(crate) fn rational_root(r: &Rational) -> Option<Rational> {
    if r.is_negative() {
        return None;
    }
    let root = |n: &Integer| {
        let s = n.sqrt();
        (&s * &s == *n).then_some(s)
    };
    // In lowest terms, a fraction is a square only if both its parts are.
    Some(Rational::new_raw(root(r.numer())?, root(r.denom())?))
}

/// The integer that `r` is, if it fits 64 bits.
pub(crate) fn small_integer(r: &Rational) -> Option<i64> {
    if !r.denom().is_one() {
        return None;
    }
    i64::try_from(r.numer()).ok()
}
