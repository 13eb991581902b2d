//! Quadratic factors of a polynomial without rational roots, and square roots with square factors taken out, live
//! here.

use num_integer::Integer as _;
use num_traits::{One, Signed, Zero};

use super::Algebraic;
use crate::num::poly::integer::IntPoly;
use crate::num::poly::refine::{Cell, Refined, refine};
use crate::num::poly::roots::root_bound_exponent;
use crate::num::{Integer, Rational};

/// Squares of primes below this are taken out from under a root sign.
pub const SQUARE_FACTOR_BOUND: u32 = 1 << 12;

/// Bits beyond those that make the integer candidates unique: each makes a wrong candidate half as likely, and a
/// wrong candidate costs a division.
const GUARD_BITS: u64 = 24;

/// See [`Algebraic::as_quadratic`].
pub(super) fn surd(number: &Algebraic) -> Option<(Rational, Rational, Rational)> {
    let [c, b, a] = number.poly().coefficients() else { return None };
    let twice: Integer = a * 2;
    let centre = Rational::new(-b, twice.clone());
    let (outside, inside) = split_square(&(b * b - a * c * 4))?;
    let size = Rational::new(outside, twice);
    // The leading coefficient is positive, so the larger root is the one with the plus.
    let factor = if number.cmp_rational(&centre).is_gt() { size } else { -size };
    Some((centre, factor, Rational::from_integer(inside)))
}

/// `(s, r)` with `s^2 r` the positive integer given.
fn split_square(number: &Integer) -> Option<(Integer, Integer)> {
    if !number.is_positive() {
        return None;
    }
    let (mut outside, mut inside, mut rest) = (Integer::one(), Integer::one(), number.clone());
    let mut trial = 2;
    while trial < SQUARE_FACTOR_BOUND && Integer::from(trial) * trial <= rest {
        loop {
            let (once, remainder) = rest.div_rem(&Integer::from(trial));
            if !remainder.is_zero() {
                break;
            }
            rest = once;
            // An odd prime factor waits in `inside` for its partner.
            let (paired, left) = inside.div_rem(&Integer::from(trial));
            if left.is_zero() {
                inside = paired;
                outside *= trial;
            } else {
                inside *= trial;
            }
        }
        trial += if trial == 2 { 1 } else { 2 };
    }
    let root = rest.sqrt();
    if &root * &root == rest { Some((outside * root, inside)) } else { Some((outside, inside * rest)) }
}

/// Splits what it can of a squarefree primitive polynomial without rational roots into quadratic factors, by its
/// isolated real roots: pairs of a factor and the cells of its roots. The last one holds what no quadratic with
/// rational coefficients and real roots divides.
///
/// With `a` the leading coefficient, `ax` is an algebraic integer for each root `x`; so if two roots belong to one
/// rational quadratic, sum and product of their `ax` are integers, the only ones in narrow enough intervals. A
/// division without remainder decides. At most one pass over the pairs.
pub(super) fn split_quadratics(poly: &IntPoly, cells: &[Cell]) -> Vec<(IntPoly, Vec<Cell>)> {
    let Some(leading) = poly.leading().filter(|_| poly.degree() > Some(2)) else {
        return vec![(poly.clone(), cells.to_vec())];
    };
    let size = u64::try_from(root_bound_exponent(poly)).unwrap_or(0);
    let bits = leading.bits() * 2 + size + GUARD_BITS;
    let scaled: Vec<Option<Wide>> =
        cells.iter().map(|cell| Wide::of_root(poly, leading, cell, bits)).collect();
    let mut left: Vec<(&Cell, &Wide)> =
        cells.iter().zip(&scaled).filter_map(|(cell, wide)| Some((cell, wide.as_ref()?))).collect();
    let mut whole = poly.clone();
    let mut found = Vec::new();
    let mut alone = Vec::new();
    while let Some((cell, root)) = left.pop() {
        let partner = left.iter().enumerate().find_map(|(place, (_, other))| {
            let (sum, product) = (root.plus(other).integer()?, root.times(other).integer()?);
            // y^2 - sum y + product at y = ax.
            let factor = IntPoly::new(vec![product, -(sum * leading), leading * leading]).primitive();
            let quotient = whole.div_exact(&factor)?;
            Some((place, factor, quotient))
        });
        match partner {
            Some((place, factor, quotient)) => {
                let (other, _) = left.remove(place);
                whole = quotient;
                found.push((factor, vec![cell.clone(), other.clone()]));
            }
            None => alone.push(cell.clone()),
        }
    }
    found.push((whole, alone));
    found
}

/// An interval with ends `low / 2^shift` and `high / 2^shift`.
struct Wide {
    low: Integer,
    high: Integer,
    shift: u64,
}

impl Wide {
    /// `leading` times the root in the cell.
    fn of_root(poly: &IntPoly, leading: &Integer, cell: &Cell, bits: u64) -> Option<Self> {
        match refine(poly, cell, bits)? {
            Refined::Inside(cell) => {
                Some(Self { low: leading * &cell.low, high: leading * cell.high(), shift: cell.shift })
            }
            Refined::Exactly(_) => None,
        }
    }

    fn plus(&self, other: &Self) -> Self {
        let shift = self.shift.max(other.shift);
        let (up, other_up) = (shift - self.shift, shift - other.shift);
        Self {
            low: (&self.low << up) + (&other.low << other_up),
            high: (&self.high << up) + (&other.high << other_up),
            shift,
        }
    }

    fn times(&self, other: &Self) -> Self {
        let corner = [
            &self.low * &other.low,
            &self.low * &other.high,
            &self.high * &other.low,
            &self.high * &other.high,
        ];
        let [first, rest @ ..] = corner;
        let (mut low, mut high) = (first.clone(), first);
        for value in rest {
            low = low.min(value.clone());
            high = high.max(value);
        }
        Self { low, high, shift: self.shift + other.shift }
    }

    /// The least integer in it, if there is one.
    fn integer(&self) -> Option<Integer> {
        let ceiling: Integer = -(-&self.low >> self.shift);
        (&ceiling << self.shift <= self.high).then_some(ceiling)
    }
}
