//! Eigenvalues by counting live here: as many lie below q as H − qI has negative pivots (Sylvester), and q is one
//! as often as zero is a pivot.
//!
//! With d the common denominator of the entries, dH is a matrix of integers, so its rational eigenvalues are integers
//! and those of H are multiples of 1/d. Bisection over multiples of 1/d therefore meets every rational eigenvalue
//! exactly; what lies strictly between two neighbours is irrational and is bracketed further.

use std::collections::BTreeMap;

use num_bigint::Sign;
use num_integer::Integer as _;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::known::Known;
use crate::linalg::ldlt::inertia;
use crate::linalg::spectrum::characteristic_polynomial;
use crate::linalg::{Matrix, shifted};
use crate::num::poly::Poly;
use crate::num::{Integer, Interval, Rational};

/// Steps of Newton's method at most; each doubles the digits.
const NEWTON_STEPS: u32 = 40;

/// Bits of q from which pivots are enclosed rather than computed, whose fractions would grow long.
const LONG_BITS: u32 = 96;

/// Bits beyond those of q to which pivots are enclosed at first.
const FEW_BITS: u32 = 96;

/// Bits of the distance of two multiples of 1/d from which a guess saves bisection.
const WIDE_BITS: u64 = 8;

/// Eigenvalues between bounds, ascending, each as often as it occurs.
pub(super) struct Spectrum {
    pub(super) all: Vec<Known>,
    /// How many different numbers were tried.
    pub(super) counted: usize,
}

struct Counting<'a> {
    h: &'a Matrix,
    denominator: Integer,
    seen: BTreeMap<Integer, (usize, usize)>,
    extra: usize,
    /// The characteristic polynomial without repeated roots and its derivative, once they are wanted for guesses.
    polynomial: Option<(Poly, Poly)>,
}

impl Counting<'_> {
    /// How many eigenvalues lie below q, and how many are q.
    fn at(&mut self, q: &Rational) -> Option<(usize, usize)> {
        self.extra += 1;
        let bits = bits_of(q);
        if bits > LONG_BITS {
            // A pivot beside an eigenvalue is about as small as their distance; few bits beyond that mostly do.
            let tried = [bits.saturating_add(FEW_BITS), bits.saturating_mul(2).saturating_add(256)];
            if let Some(below) = tried.into_iter().find_map(|bits| below_by_enclosures(self.h, q, bits)) {
                return Some((below, 0));
            }
        }
        let inertia = inertia(&shifted(self.h, q).ok()?).ok()?;
        Some((inertia.negative, inertia.zero))
    }

    fn polynomials(&mut self) -> Option<&(Poly, Poly)> {
        if self.polynomial.is_none() {
            let poly = characteristic_polynomial(self.h).ok()?.squarefree_part();
            let slope = poly.derivative();
            self.polynomial = Some((poly, slope));
        }
        self.polynomial.as_ref()
    }

    fn at_multiple(&mut self, k: &Integer) -> Option<(usize, usize)> {
        if let Some(known) = self.seen.get(k) {
            return Some(*known);
        }
        let counts = self.at(&Rational::new(k.clone(), self.denominator.clone()))?;
        self.seen.insert(k.clone(), counts);
        Some(counts)
    }
}

/// How many eigenvalues of a symmetric H lie below q, by enclosures of the pivots of H − qI, the one furthest from zero first; `None`
/// where the sign of one is not certain. Then every sign is that of the true pivot, and none of them is zero.
fn below_by_enclosures(h: &Matrix, q: &Rational, bits: u32) -> Option<usize> {
    let shift = Interval::from_rational(q, bits);
    let mut rows: Vec<Vec<Interval>> =
        h.row_iter().map(|row| row.iter().map(|x| Interval::from_rational(x, bits)).collect()).collect();
    for (i, row) in rows.iter_mut().enumerate() {
        let entry = row.get_mut(i)?;
        *entry = entry.sub(&shift);
    }
    let mut negative = 0;
    while !rows.is_empty() {
        let distance = |i: usize| {
            let pivot = rows.get(i)?.get(i)?;
            pivot.sign().filter(|sign| *sign != Sign::NoSign).map(|_| pivot.lo().abs().min(pivot.hi().abs()))
        };
        let at = (0..rows.len()).filter(|&i| distance(i).is_some()).max_by_key(|&i| distance(i))?;
        let mut used = rows.remove(at);
        let pivot = used.remove(at);
        negative += usize::from(pivot.sign() == Some(Sign::Minus));
        // What is left stays symmetric: each row is worked out from its diagonal on, and the rest is its mirror image.
        for i in 0..rows.len() {
            let (above, rest) = rows.split_at_mut(i);
            let row = rest.first_mut()?;
            let factor = row.remove(at).checked_div(&pivot)?;
            if *factor.lo() == Integer::zero() && *factor.hi() == Integer::zero() {
                continue;
            }
            for (x, above) in row.iter_mut().zip(above) {
                x.clone_from(above.get(i)?);
            }
            for (x, y) in row.iter_mut().zip(&used).skip(i) {
                *x = x.sub(&factor.mul(y));
            }
        }
    }
    Some(negative)
}

impl Spectrum {
    /// All eigenvalues, the irrational ones between bounds 2⁻ᵇⁱᵗˢ apart.
    pub(super) fn of(h: &Matrix, bits: u32) -> Option<Self> {
        let denominator = h.iter().fold(Integer::one(), |lcm, x| lcm.lcm(x.denom()));
        let rows = h.row_iter().map(|row| row.iter().fold(Rational::zero(), |sum, x| sum + x.abs()));
        // Gershgorin: no eigenvalue is larger than the largest absolute row sum.
        let bound = rows.max().unwrap_or_else(Rational::zero) * Rational::from_integer(denominator.clone());
        let bound = bound.ceil().to_integer() + 1u32;
        let mut counting = Counting { h, denominator, seen: BTreeMap::new(), extra: 0, polynomial: None };
        let mut all = Vec::new();
        let mut pending = vec![(-&bound, bound)];
        while let Some((lo, hi)) = pending.pop() {
            let (below, here) = counting.at_multiple(&lo)?;
            let between = counting.at_multiple(&hi)?.0.checked_sub(below + here)?;
            if between == 0 {
                continue;
            }
            if &lo + 1u32 == hi {
                let ends = [&lo, &hi].map(|k| Rational::new(k.clone(), counting.denominator.clone()));
                all.extend(irrational(&mut counting, ends, below + here, between, bits)?);
                continue;
            }
            if between == 1
                && (&hi - &lo).bits() > WIDE_BITS
                && let Some(found) = alone(&mut counting, [&lo, &hi], below + here, bits)
            {
                all.push(found);
                continue;
            }
            let middle: Integer = (&lo + &hi).div_floor(&Integer::from(2));
            let times = counting.at_multiple(&middle)?.1;
            let q = Rational::new(middle.clone(), counting.denominator.clone());
            all.extend(std::iter::repeat_n(Known::from(q), times));
            pending.push((lo, middle.clone()));
            pending.push((middle, hi));
        }
        all.sort_by(|a, b| a.lo.cmp(&b.lo));
        (all.len() == h.nrows()).then_some(Self { all, counted: counting.extra })
    }
}

/// The one eigenvalue strictly between two multiples of 1/d, by a guess that counting confirms; `below` lie below or on
/// the lower one. Rational if the one multiple that may lie in the bracket is an eigenvalue, irrational else.
fn alone(counting: &mut Counting<'_>, ends: [&Integer; 2], below: usize, bits: u32) -> Option<Known> {
    let [lo, hi] = ends.map(|k| Rational::new(k.clone(), counting.denominator.clone()));
    let fine = bits.saturating_add(u32::try_from(counting.denominator.bits()).ok()?);
    let (a, b) = guess(counting.polynomials()?, &lo, &hi, fine)?;
    if counting.at(&a)?.0 != below || counting.at(&b)? != (below + 1, 0) {
        return None;
    }
    let multiple = (&a * Rational::from_integer(counting.denominator.clone())).ceil().to_integer();
    let candidate = Rational::new(multiple.clone(), counting.denominator.clone());
    if candidate <= b && counting.at_multiple(&multiple)?.1 > 0 {
        return Some(candidate.into());
    }
    Some(Known { lo: a, hi: b })
}

/// Brackets of the irrational eigenvalues between two ends that are none; `below` lie below the lower end.
fn irrational(
    counting: &mut Counting<'_>,
    [lo, hi]: [Rational; 2],
    below: usize,
    between: usize,
    bits: u32,
) -> Option<Vec<Known>> {
    let narrow = Rational::new(Integer::one(), Integer::one() << bits);
    let mut found = Vec::new();
    let mut pending = vec![(lo, hi, below, between)];
    while let Some((lo, hi, below, between)) = pending.pop() {
        if &hi - &lo <= narrow {
            found.extend(std::iter::repeat_n(Known { lo, hi }, between));
            continue;
        }
        // A guess costs nothing in trust: the counts at its two sides decide.
        if let Some((a, b)) = guess(counting.polynomials()?, &lo, &hi, bits)
            && counting.at(&a)?.0 == below
            && counting.at(&b)?.0 == below + between
        {
            found.extend(std::iter::repeat_n(Known { lo: a, hi: b }, between));
            continue;
        }
        let middle = (&lo + &hi) / Rational::from_integer(Integer::from(2));
        let left = counting.at(&middle)?.0.checked_sub(below)?;
        if left > 0 {
            pending.push((lo, middle.clone(), below, left));
        }
        if between > left {
            pending.push((middle, hi, below + left, between - left));
        }
    }
    Some(found)
}

/// Two numbers 2⁻ᵇⁱᵗˢ apart around where Newton's method, begun in the middle, comes to rest within the ends. Rounded as it
/// comes: whoever takes the guess has to prove it.
fn guess(
    (poly, slope): &(Poly, Poly),
    lo: &Rational,
    hi: &Rational,
    bits: u32,
) -> Option<(Rational, Rational)> {
    // Room for the largest coefficient, so that rounding stays far below the bits asked for.
    let largest = poly.coefficients().iter().map(bits_of).max().unwrap_or(0);
    let fine = bits.saturating_add(64).saturating_add(largest);
    let value = |poly: &Poly, x: &Interval| {
        let horner = |sum: Interval, c: &Rational| sum.mul(x).add(&Interval::from_rational(c, fine));
        let sum = poly.coefficients().iter().rev().fold(Interval::zero(fine), horner);
        Interval::new(sum.lo().clone(), sum.lo().clone(), fine)
    };
    let half = Rational::new(Integer::one(), Integer::one() << bits.saturating_add(1));
    let still = Integer::one() << largest.saturating_add(48);
    let mut x = Interval::from_rational(&((lo + hi) / Rational::from_integer(Integer::from(2))), fine);
    for _ in 0..NEWTON_STEPS {
        let step = value(poly, &x).checked_div(&value(slope, &x))?;
        let step = Interval::new(step.lo().clone(), step.lo().clone(), fine);
        x = x.sub(&step);
        let at = x.lower();
        if at <= *lo || at >= *hi {
            return None;
        }
        if step.lo().abs() < still {
            return Some((&at - &half, &at + &half)).filter(|(a, b)| a > lo && b < hi);
        }
    }
    None
}

/// How long a denominator is, for limits on bits.
pub(super) fn bits_of(x: &Rational) -> u32 {
    x.numer().bits().max(x.denom().bits()).to_u32().unwrap_or(u32::MAX)
}
