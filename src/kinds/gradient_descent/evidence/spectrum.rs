//! Eigenvalues by counting live here: as many lie below q as H − qI has negative pivots (Sylvester), and q is one
//! as often as zero is a pivot.
//!
//! With d the common denominator of the entries, dH is a matrix of integers, so its rational eigenvalues are integers
//! and those of H are multiples of 1/d: one that lies at a multiple of 1/d is met exactly there.
//!
//! Where to count is guessed, and a guess costs nothing in trust: the counts decide, and they have to come out as all
//! eigenvalues, one after another. Where they do not, bisection finds them without a guess.

use std::collections::BTreeMap;

use num_bigint::Sign;
use num_integer::Integer as _;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::guess;
use super::known::Known;
use crate::linalg::ldlt::inertia;
use crate::linalg::spectrum::characteristic_polynomial;
use crate::linalg::{Matrix, shifted};
use crate::num::{Integer, Interval, Rational, ratio};

/// Bits of q from which pivots are enclosed rather than computed, whose fractions would grow long.
const LONG_BITS: u32 = 96;

/// Bits beyond those of q to which pivots are enclosed at first.
const FEW_BITS: u32 = 96;

/// Bits of a guess beyond those of the bounds that are to be proved around it.
const SPARE_BITS: u32 = 48;

/// How often pivots are counted at most.
const MOST_COUNTS: usize = 2_048;

/// Eigenvalues between bounds, ascending, each as often as it occurs.
pub(super) struct Spectrum {
    pub(super) all: Vec<Known>,
    /// How many different numbers were tried.
    pub(super) counted: usize,
}

struct Counting<'a> {
    h: &'a Matrix,
    denominator: Integer,
    /// No eigenvalue is larger in size.
    bound: Rational,
    seen: BTreeMap<Integer, (usize, usize)>,
    extra: usize,
}

/// The precisions with which pivots at a q of so many bits are enclosed: a pivot beside an eigenvalue is about as small as
/// their distance, and few bits beyond that mostly do.
fn precisions(bits: u32) -> [u32; 2] {
    [bits.saturating_add(FEW_BITS), bits.saturating_mul(2).saturating_add(256)]
}

impl<'a> Counting<'a> {
    fn of(h: &'a Matrix) -> Self {
        let denominator = h.iter().fold(Integer::one(), |lcm, x| lcm.lcm(x.denom()));
        let rows = h.row_iter().map(|row| row.iter().fold(Rational::zero(), |sum, x| sum + x.abs()));
        // Gershgorin: no eigenvalue is larger than the largest absolute row sum.
        let bound = rows.max().unwrap_or_else(Rational::zero);
        Self { h, denominator, bound, seen: BTreeMap::new(), extra: 0 }
    }

    /// How many eigenvalues lie below q, and how many are q.
    fn at(&mut self, q: &Rational) -> Option<(usize, usize)> {
        self.extra += 1;
        if self.extra > MOST_COUNTS {
            return None;
        }
        let bits = bits_of(q);
        if bits > LONG_BITS {
            let apart = |bits| near(self.h, q, &Rational::zero(), bits).filter(|(_, here)| *here == 0);
            if let Some(counts) = precisions(bits).into_iter().find_map(apart) {
                return Some(counts);
            }
        }
        let inertia = inertia(&shifted(self.h, q).ok()?).ok()?;
        Some((inertia.negative, inertia.zero))
    }

    fn at_multiple(&mut self, k: &Integer) -> Option<(usize, usize)> {
        if let Some(known) = self.seen.get(k) {
            return Some(*known);
        }
        let counts = self.at(&Rational::new(k.clone(), self.denominator.clone()))?;
        self.seen.insert(k.clone(), counts);
        Some(counts)
    }

    /// All eigenvalues around guesses, the irrational ones between bounds 2⁻ᵇⁱᵗˢ apart.
    fn by_guesses(&mut self, bits: u32) -> Option<Vec<Known>> {
        // So few that one multiple of 1/d at most lies between the bounds.
        let bits = bits.checked_add(u32::try_from(self.denominator.bits()).ok()?)?;
        let reach = Rational::new(Integer::one(), Integer::one() << bits.checked_add(1)?);
        let poly = characteristic_polynomial(self.h).ok()?.squarefree_part();
        let d = Rational::from_integer(self.denominator.clone());
        let mut all: Vec<Known> = Vec::new();
        for q in guess::roots(&poly, &self.bound, bits.checked_add(SPARE_BITS)?)? {
            let multiple = (&q * &d).round().to_integer();
            let exact = Rational::new(multiple.clone(), self.denominator.clone());
            if (&exact - &q).abs() <= reach
                && let (below, times @ 1..) = self.at_multiple(&multiple)?
            {
                (below == all.len()).then(|| all.extend(std::iter::repeat_n(Known::from(exact), times)))?;
                continue;
            }
            self.extra += 1;
            let within = |bits| near(self.h, &q, &reach, bits).filter(|(_, here)| *here > 0);
            let long = bits.checked_add(u32::try_from(self.bound.to_integer().bits()).ok()?)?;
            let (below, here) = precisions(long).into_iter().find_map(within)?;
            // Several that lie that close together were all met at the first of their guesses.
            if below + here <= all.len() {
                continue;
            }
            let around = Known { lo: &q - &reach, hi: &q + &reach };
            (below == all.len()).then(|| all.extend(std::iter::repeat_n(around, here)))?;
        }
        (all.len() == self.h.nrows()).then_some(all)
    }

    /// All eigenvalues by bisection over multiples of 1/d; what lies strictly between two neighbours is irrational and is
    /// bracketed further.
    fn by_bisection(&mut self, bits: u32) -> Option<Vec<Known>> {
        let bound =
            (&self.bound * Rational::from_integer(self.denominator.clone())).ceil().to_integer() + 1u32;
        let mut all = Vec::new();
        let mut pending = vec![(-&bound, bound)];
        while let Some((lo, hi)) = pending.pop() {
            let (below, here) = self.at_multiple(&lo)?;
            let between = self.at_multiple(&hi)?.0.checked_sub(below + here)?;
            if between == 0 {
                continue;
            }
            if &lo + 1u32 == hi {
                let ends = [&lo, &hi].map(|k| Rational::new(k.clone(), self.denominator.clone()));
                all.extend(self.irrational(ends, below + here, between, bits)?);
                continue;
            }
            let middle: Integer = (&lo + &hi).div_floor(&Integer::from(2));
            let times = self.at_multiple(&middle)?.1;
            let q = Rational::new(middle.clone(), self.denominator.clone());
            all.extend(std::iter::repeat_n(Known::from(q), times));
            pending.push((lo, middle.clone()));
            pending.push((middle, hi));
        }
        all.sort_by(|a, b| a.lo.cmp(&b.lo));
        (all.len() == self.h.nrows()).then_some(all)
    }

    /// Brackets of the irrational eigenvalues between two ends that are none; `below` lie below the lower end.
    fn irrational(
        &mut self,
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
            let middle = (&lo + &hi) * ratio(1, 2);
            let left = self.at(&middle)?.0.checked_sub(below)?;
            if left > 0 {
                pending.push((lo, middle.clone(), below, left));
            }
            if between > left {
                pending.push((middle, hi, below + left, between - left));
            }
        }
        Some(found)
    }
}

/// How many eigenvalues of a symmetric H lie below q but for those that lie within `reach` of it, and how many these are; `None`
/// where enclosures do not tell.
///
/// By enclosures of the pivots of H − qI, the one furthest from zero first, until a block S is left whose absolute row sums
/// are at most `reach`. The signs of pivots are those of the true ones. Without S, H − qI would have as many eigenvalues zero as S
/// has rows and as many negative as there are negative pivots; and S moves no eigenvalue further than its norm, which no row sum of
/// absolute values is below (H. Weyl, *Das asymptotische Verteilungsgesetz der Eigenwerte*, 1912).
fn near(h: &Matrix, q: &Rational, reach: &Rational, bits: u32) -> Option<(usize, usize)> {
    let shift = Interval::from_rational(q, bits);
    let mut rows: Vec<Vec<Interval>> =
        h.row_iter().map(|row| row.iter().map(|x| Interval::from_rational(x, bits)).collect()).collect();
    for (i, row) in rows.iter_mut().enumerate() {
        let entry = row.get_mut(i)?;
        *entry = entry.sub(&shift);
    }
    let reach = (reach * Rational::from_integer(Integer::one() << bits)).floor().to_integer();
    let size = |x: &Interval| x.lo().abs().max(x.hi().abs());
    let mut negative = 0;
    while !rows.is_empty() {
        if rows.iter().all(|row| row.iter().map(size).sum::<Integer>() <= reach) {
            break;
        }
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
    Some((negative, rows.len()))
}

impl Spectrum {
    /// All eigenvalues, the irrational ones between bounds 2⁻ᵇⁱᵗˢ apart.
    pub(super) fn of(h: &Matrix, bits: u32) -> Option<Self> {
        let mut counting = Counting::of(h);
        let all = match counting.by_guesses(bits) {
            Some(all) => all,
            None => counting.by_bisection(bits)?,
        };
        Some(Self { all, counted: counting.extra })
    }
}

/// How long a denominator is, for limits on bits.
pub(super) fn bits_of(x: &Rational) -> u32 {
    x.numer().bits().max(x.denom().bits()).to_u32().unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::linalg::from_rows;

    /// Guessing and bisection meet the same eigenvalues: rational ones exactly, and brackets of irrational ones overlap.
    #[test]
    fn guesses_lead_where_bisection_does() {
        let matrices: [&[&[i64]]; 5] = [
            // Irrational, twice each: two blocks with eigenvalues (3 ± √5)/2.
            &[&[1, 1, 0, 0], &[1, 2, 0, 0], &[0, 0, 1, 1], &[0, 0, 1, 2]],
            // ±√5 twice, with zeros on the diagonal.
            &[&[0, 0, 1, 2], &[0, 0, 2, -1], &[1, 2, 0, 0], &[2, -1, 0, 0]],
            // Of rank one: 0 twice and 14.
            &[&[1, 2, 3], &[2, 4, 6], &[3, 6, 9]],
            // An irreducible cubic.
            &[&[2, 1, 0], &[1, 3, 1], &[0, 1, 7]],
            // Far apart in size.
            &[&[1_000_000_000_000, 1, 0], &[1, 1, 1], &[0, 1, -3]],
        ];
        for rows in matrices {
            let rows: Vec<Vec<Rational>> =
                rows.iter().map(|row| row.iter().map(|&x| ratio(x, 6)).collect()).collect();
            let h = from_rows(&rows).unwrap();
            let mut counting = Counting::of(&h);
            let (guessed, bisected) = (counting.by_guesses(64).unwrap(), counting.by_bisection(64).unwrap());
            assert_eq!(guessed.len(), h.nrows());
            for (a, b) in guessed.iter().zip(&bisected) {
                assert!(a.lo <= b.hi && b.lo <= a.hi, "{a:?} {b:?}");
                assert_eq!(a.exact(), b.exact());
            }
        }
    }
}
