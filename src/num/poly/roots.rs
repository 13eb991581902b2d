//! All real roots of a polynomial, each in an interval of its own, live here: Descartes' rule of signs, halving.

use std::collections::VecDeque;

use num_traits::{Signed, Zero};

use super::Poly;
use super::integer::IntPoly;
use super::refine::{Cell, Refined, changes_sign, refine, small};
use crate::num::{Integer, Rational, Undecided};

/// The largest degree whose roots are looked for.
pub const MAX_DEGREE: usize = 64;

/// The largest product of degree and bits of the longest integer coefficient whose roots are looked for.
pub const MAX_SIZE: u64 = 1 << 19;

/// Where one real root lies, and how often it is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootInterval {
    /// The lower end; not a root itself unless it equals the upper end.
    pub lo: Rational,
    /// The upper end; equal to the lower end when the root is exactly that rational.
    pub hi: Rational,
    /// The multiplicity of the root, at least one.
    pub multiplicity: usize,
}

/// All real roots, ascending, in intervals without common points; rational roots exactly.
///
/// # Errors
/// Undecided for the zero polynomial (every number is a root) and beyond [`MAX_DEGREE`] or [`MAX_SIZE`].
pub fn isolate_roots(poly: &Poly) -> Result<Vec<RootInterval>, Undecided> {
    let mut found = Vec::new();
    for factor in separate(poly)? {
        let multiplicity = factor.multiplicity;
        let exact = factor.rational.into_iter().map(|root| (root.clone(), root));
        let open = factor.cells.iter().map(|cell| (cell.lo(), cell.hi()));
        found.extend(exact.chain(open).map(|(lo, hi)| RootInterval { lo, hi, multiplicity }));
    }
    found.sort_by(|a, b| (&a.lo, &a.hi).cmp(&(&b.lo, &b.hi)));
    Ok(found)
}

/// The roots of one multiplicity: the rational ones, and what is left when they are divided out.
#[derive(Debug, Clone)]
pub(crate) struct Separated {
    /// How often each of these roots is one.
    pub multiplicity: usize,
    /// The rational roots.
    pub rational: Vec<Rational>,
    /// The squarefree primitive polynomial of the others.
    pub rest: IntPoly,
    /// One cell for each real root of `rest`, which changes sign between its ends; no two cells of a polynomial
    /// have a common point, nor holds one of them a rational root.
    pub cells: Vec<Cell>,
}

/// The roots of `poly`, sorted by multiplicity.
pub(crate) fn separate(poly: &Poly) -> Result<Vec<Separated>, Undecided> {
    if poly.is_zero() {
        return Err(Undecided::because("every number is a root of the zero polynomial"));
    }
    let whole = poly.primitive();
    let degree = whole.degree().unwrap_or(0);
    if degree > MAX_DEGREE {
        return Err(Undecided::because(format!(
            "roots are looked for up to degree {MAX_DEGREE}; this polynomial has degree {degree}"
        )));
    }
    let size = small(degree).saturating_mul(whole.bits());
    if size > MAX_SIZE {
        return Err(Undecided::because(format!(
            "roots are looked for up to degree times bits of a coefficient = {MAX_SIZE}; here it is {size}"
        )));
    }
    let mut factors: Vec<Separated> = whole
        .squarefree_decomposition()
        .into_iter()
        .map(|(rest, multiplicity)| Separated { multiplicity, rational: Vec::new(), rest, cells: Vec::new() })
        .collect();
    let Some(squarefree) = factors.iter().map(|factor| factor.rest.clone()).reduce(|a, b| a.times(&b)) else {
        return Ok(factors);
    };

    // All roots of the squarefree part are isolated together, so that cells of different factors are apart too.
    let (exact, cells) = isolate(&squarefree);
    for root in exact {
        take_out(&mut factors, root);
    }
    let mut waiting = VecDeque::from(cells);
    while let Some(cell) = waiting.pop_front() {
        let Some(factor) = factors.iter_mut().find(|factor| changes_sign(&factor.rest, &cell)) else {
            continue;
        };
        match settle(&factor.rest, &cell) {
            Some(Refined::Exactly(root)) => take_out(&mut factors, root),
            Some(Refined::Inside(cell)) => factor.cells.push(cell),
            None => {}
        }
    }
    keep_apart(&mut factors);
    Ok(factors)
}

/// Records a rational root and divides it out of the factor that has it.
fn take_out(factors: &mut [Separated], root: Rational) {
    let divisor = IntPoly::with_root(&root);
    for factor in factors {
        if let Some(quotient) = factor.rest.div_exact(&divisor) {
            factor.rest = quotient;
            factor.rational.push(root);
            return;
        }
    }
}

/// Decides whether the root in the cell is rational: its denominator divides the leading coefficient `a`, so once
/// the cell is narrower than `1/|a|` there is at most one candidate.
fn settle(poly: &IntPoly, cell: &Cell) -> Option<Refined> {
    let leading = poly.leading()?;
    if poly.degree() == Some(1) {
        return poly.coefficients().first().map(|c| Refined::Exactly(Rational::new(-c, leading.clone())));
    }
    let cell = match refine(poly, cell, leading.bits() + 1)? {
        Refined::Inside(cell) => cell,
        exactly => return Some(exactly),
    };
    // A shift to the right rounds down, for negative integers too.
    let scaled: Integer = (leading * cell.high()) >> cell.shift;
    let candidate = Rational::new(scaled, leading.clone());
    let inside = candidate > cell.lo() && candidate < cell.hi();
    if inside && poly.sign_at(&candidate).is_eq() {
        return Some(Refined::Exactly(candidate));
    }
    Some(Refined::Inside(cell))
}

/// Makes cells smaller until none ends at a root.
fn keep_apart(factors: &mut [Separated]) {
    let exact: Vec<Rational> = factors.iter().flat_map(|factor| factor.rational.iter().cloned()).collect();
    for factor in factors {
        for cell in &mut factor.cells {
            // An end that is no root of this factor is left behind at last, as the width tends to zero.
            let mut extra = 1;
            while exact.contains(&cell.lo()) || exact.contains(&cell.hi()) {
                let bits = (cell.shift + 1 + extra).saturating_sub(cell.width.bits());
                let Some(Refined::Inside(smaller)) = refine(&factor.rest, cell, bits) else { break };
                *cell = smaller;
                extra *= 2;
            }
        }
    }
}

/// Isolates the real roots of a squarefree polynomial: rational roots met at points of the grid, and open cells
/// with one root each. Ends of cells may be roots that are among the first.
///
/// Descartes' rule in the form of Collins and Akritas (1976): the changes of sign of `(1+x)^n q(1/(1+x))` bound
/// the number of roots of `q` in `(0, 1)`, and 0 and 1 are exact. Halving ends for squarefree polynomials.
pub(super) fn isolate(poly: &IntPoly) -> (Vec<Rational>, Vec<Cell>) {
    let mut exact = Vec::new();
    let mut cells = Vec::new();
    let mut coefficients = poly.coefficients().to_vec();
    if coefficients.first().is_some_and(Zero::is_zero) {
        exact.push(Rational::zero());
        coefficients.remove(0);
    }
    for mirrored in [false, true] {
        if mirrored {
            for c in coefficients.iter_mut().skip(1).step_by(2) {
                *c = -&*c;
            }
        }
        let bound = exponent_of_bound(&coefficients);
        let (points, found) = positive_roots(scale_by_power(&coefficients, bound), bound);
        exact.extend(points.into_iter().map(|root| if mirrored { -root } else { root }));
        cells.extend(found.into_iter().map(|cell| if mirrored { cell.mirrored() } else { cell }));
    }
    (exact, cells)
}

/// Isolates the roots in `(0, 2^exponent)`, given the polynomial with that interval stretched to `(0, 1)`.
fn positive_roots(unit: Vec<Integer>, exponent: i64) -> (Vec<Rational>, Vec<Cell>) {
    let mut exact = Vec::new();
    let mut cells = Vec::new();
    let mut open = vec![(unit, Integer::zero(), exponent)];
    while let Some((q, index, exponent)) = open.pop() {
        match changes_on_unit(&q) {
            0 => {}
            1 => cells.push(Cell::of_grid(&index, exponent)),
            _ => {
                // Halves: q(x/2) and q((x+1)/2), times a power of two.
                let mut left = halve(&q);
                let mut right = shift_by_one(left.clone());
                let index = index * 2;
                if right.first().is_some_and(Zero::is_zero) {
                    let middle = Cell::of_grid(&(&index + 1), exponent - 1);
                    exact.push(middle.lo());
                    right.remove(0);
                    left = without_root_one(&left);
                }
                open.push((right, &index + 1, exponent - 1));
                open.push((left, index, exponent - 1));
            }
        }
    }
    (exact, cells)
}

/// An exponent `m` such that all roots are below `2^m` in size: Fujiwara's bound, twice the largest
/// `|c_{n-i} / c_n|^{1/i}`, rounded up by the lengths of the coefficients.
fn exponent_of_bound(coefficients: &[Integer]) -> i64 {
    let signed = |bits: u64| i64::try_from(bits).unwrap_or(i64::MAX / 4);
    let Some((leading, lower)) = coefficients.split_last() else { return 0 };
    let exponents = lower.iter().rev().zip(1_i64..).filter(|(c, _)| !c.is_zero());
    let largest = exponents
        .map(|(c, i)| num_integer::Integer::div_ceil(&(signed(c.bits()) - signed(leading.bits()) + 1), &i))
        .max();
    largest.map_or(0, |largest| largest + 1)
}

/// A power of two above all roots of the polynomial in size, as an exponent.
#[must_use]
pub fn root_bound_exponent(poly: &IntPoly) -> i64 {
    exponent_of_bound(poly.coefficients())
}

/// A number that no root, real or complex, exceeds in size: Fujiwara's bound rounded up to a power of two.
#[must_use]
pub fn root_bound(poly: &Poly) -> Rational {
    Cell::of_grid(&Integer::from(1), root_bound_exponent(&poly.primitive())).lo()
}

/// A multiple of `p(2^exponent x)` with integer coefficients.
fn scale_by_power(coefficients: &[Integer], exponent: i64) -> Vec<Integer> {
    let step = exponent.unsigned_abs();
    let top = small(coefficients.len().saturating_sub(1));
    let powers = coefficients.iter().zip(0_u64..);
    powers.map(|(c, i)| c << (step * if exponent < 0 { top - i } else { i })).collect()
}

/// `2^n q(x/2)`, without the twos that all coefficients share.
fn halve(q: &[Integer]) -> Vec<Integer> {
    let top = small(q.len().saturating_sub(1));
    let stretched: Vec<Integer> = q.iter().zip(0_u64..).map(|(c, i)| c << (top - i)).collect();
    let twos = stretched.iter().filter_map(Integer::trailing_zeros).min().unwrap_or(0);
    stretched.into_iter().map(|c| c >> twos).collect()
}

/// `q(x + 1)`, by additions alone.
fn shift_by_one(mut q: Vec<Integer>) -> Vec<Integer> {
    let length = q.len();
    for round in 1..length {
        let mut above = Integer::zero();
        for c in q.iter_mut().skip(round - 1).rev() {
            *c += &above;
            above.clone_from(c);
        }
    }
    q
}

/// `q / (x - 1)`, which must be a root.
fn without_root_one(q: &[Integer]) -> Vec<Integer> {
    let mut sum = Integer::zero();
    let mut quotient: Vec<Integer> = Vec::new();
    for c in q.iter().skip(1).rev() {
        sum += c;
        quotient.push(sum.clone());
    }
    quotient.reverse();
    quotient
}

/// Changes of sign of `(1+x)^n q(1/(1+x))`, counted up to two.
fn changes_on_unit(q: &[Integer]) -> usize {
    let shifted = shift_by_one(q.iter().rev().cloned().collect());
    let mut signs = shifted.iter().filter(|c| !c.is_zero()).map(Signed::is_negative);
    let Some(mut last) = signs.next() else { return 0 };
    let mut changes = 0;
    for sign in signs {
        if sign != last {
            changes += 1;
            last = sign;
        }
        if changes == 2 {
            break;
        }
    }
    changes
}
