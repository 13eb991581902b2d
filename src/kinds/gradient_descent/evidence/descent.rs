//! The first k in truth lives here, found by descending: exactly, step by step, while numbers are short; then by powers
//! (I − tH)^(2^j) in fixed point. No eigenvector and no closed form.
//!
//! # Error of the powers
//!
//! For a symmetric H without negative eigenvalues and 0 ≤ t ≤ 2/L, ‖I − tH‖ ≤ 1 in the spectral norm. So an error e in a
//! power becomes at most 2e + e² in its square, plus the rounding, at most n units in the last place; and an error
//! in a vector is not enlarged by a step. All errors are counted in units, upward.

use std::cmp::Ordering;

use num_integer::Integer as _;
use num_traits::{One, Signed, Zero};

use super::super::given::Given;
use super::differences::Differences;
use super::known::Known;
use super::spectrum::bits_of;
use crate::num::{Integer, Interval, Rational};

/// Most steps that are taken exactly.
const EXACT_STEPS: u32 = 256;
/// The longest numbers, in bits over all coordinates, of exact steps.
const EXACT_BITS: u64 = 1 << 12;
/// Most steps that are taken between bounds where t is beyond 2/L.
const BOUNDED_STEPS: u32 = 2_000;
/// Bits of such bounds.
const BOUNDED_BITS: u32 = 1 << 11;
/// Most doublings of the number of steps.
const DOUBLINGS: usize = 256;
/// How often precision is raised.
const ATTEMPTS: u32 = 4;
/// Most products of two numbers, for all powers of one attempt.
const MOST_PRODUCTS: usize = 20_000_000;

/// What descending shows.
pub(super) enum Seen {
    /// First within ε after this many steps.
    First(Integer),
    /// Never within ε, and what shows it.
    Never(String),
    /// Cannot tell, and why.
    Nothing(String),
}

/// What is known of a descent.
pub(super) struct Descent<'a> {
    pub(super) given: &'a Given,
    pub(super) f: &'a Differences,
    /// The minimiser nearest to the start, and the minimum.
    pub(super) minimiser: &'a [Rational],
    pub(super) least: &'a Rational,
    pub(super) t: &'a Known,
    /// Eigenvalues, ascending.
    pub(super) spectrum: &'a [Known],
    /// How t compares with 2/L, where that is known; less where L = 0.
    pub(super) against_limit: Option<Ordering>,
}

impl Descent<'_> {
    fn error(&self) -> Vec<Rational> {
        self.given.start.iter().zip(self.minimiser).map(|(a, b)| a - b).collect()
    }

    pub(super) fn first(&self) -> Seen {
        if let Some(seen) = self.exactly() {
            return seen;
        }
        match self.against_limit {
            Some(Ordering::Less) if !self.t.lo.is_negative() => self.by_powers(),
            Some(Ordering::Equal) => match self.stuck() {
                Some(seen) => seen,
                None => self.by_powers(),
            },
            _ => self.between_bounds(),
        }
    }

    /// Steps of gradient descent on the objective as it is written, in rationals.
    fn exactly(&self) -> Option<Seen> {
        let t = self.t.exact()?;
        let mut x = self.given.start.clone();
        let mut gap = self.f.value(self.given, &x) - self.least;
        for k in 0..EXACT_STEPS {
            if gap <= self.given.accuracy {
                return Some(Seen::First(Integer::from(k)));
            }
            let gradient = self.f.gradient(&x);
            for (x, g) in x.iter_mut().zip(gradient) {
                *x -= t * g;
            }
            if x.iter().map(|x| x.numer().bits() + x.denom().bits()).sum::<u64>() > EXACT_BITS {
                return None;
            }
            let next = self.f.value(self.given, &x) - self.least;
            // The gap is Σ aᵢρᵢᵏ with aᵢ, ρᵢ ≥ 0: convex in k, so once it does not fall it never does.
            if next >= gap {
                return Some(Seen::Never(format!("gap above ε and rising from k = {k}")));
            }
            gap = next;
        }
        None
    }

    /// Steps between bounds, for any t: the bounds widen at every step.
    fn between_bounds(&self) -> Seen {
        let t = self.t.interval(BOUNDED_BITS);
        let mut e: Vec<Interval> =
            self.error().iter().map(|x| Interval::from_rational(x, BOUNDED_BITS)).collect();
        let mut gap = self.bounded_gap(&e);
        for k in 0..BOUNDED_STEPS {
            if gap.upper() <= self.given.accuracy {
                return Seen::First(Integer::from(k));
            }
            if gap.lower() <= self.given.accuracy {
                break;
            }
            let image = self.image(&e);
            for (x, h) in e.iter_mut().zip(image) {
                *x = x.sub(&t.mul(&h));
            }
            let next = self.bounded_gap(&e);
            // Convex in k, as for exact steps.
            if next.lo() >= gap.hi() {
                return Seen::Never(format!("gap above ε and rising from k = {k}"));
            }
            gap = next;
        }
        Seen::Nothing("t is beyond 2/L, and steps between bounds do not settle it".to_owned())
    }

    fn image(&self, e: &[Interval]) -> Vec<Interval> {
        let scalar = |row: &Vec<Rational>| {
            let terms = row.iter().zip(e).filter(|(h, _)| !h.is_zero());
            terms.fold(Interval::zero(BOUNDED_BITS), |sum, (h, x)| sum.add(&x.scale(h)))
        };
        self.f.hessian.iter().map(scalar).collect()
    }

    fn bounded_gap(&self, e: &[Interval]) -> Interval {
        let products = self.image(e).into_iter().zip(e).map(|(h, x)| h.mul(x));
        let form = products.fold(Interval::zero(BOUNDED_BITS), |sum, p| sum.add(&p));
        form.scale(&crate::num::ratio(1, 2))
    }

    fn by_powers(&self) -> Seen {
        let error = self.error();
        let mut bits = 160u32.saturating_add(bits_of(&self.given.accuracy)).saturating_add(self.size_bits());
        for _ in 0..ATTEMPTS {
            let Some(mut powers) = Powers::of(self, bits) else { break };
            if let Some(k) = powers.first(&error, &self.given.accuracy) {
                return Seen::First(k);
            }
            bits = bits.saturating_mul(2);
        }
        Seen::Nothing("the gap is too near to ε, or k too large, for fixed point".to_owned())
    }

    fn size_bits(&self) -> u32 {
        self.f.hessian.iter().flatten().chain(&self.error()).map(bits_of).max().unwrap_or(0).min(4096)
    }

    /// At t = 2/L the component on the eigenvalue L keeps its size: what it leaves of the gap is at least the gap after
    /// N steps without what the others can have kept, ρᴺ of the gap at the start.
    fn stuck(&self) -> Option<Seen> {
        let top = self.spectrum.last()?;
        let others: Vec<&Known> = self
            .spectrum
            .iter()
            .filter(|x| x.hi.is_positive() && x.compare(top) == Some(Ordering::Less))
            .collect();
        let one = Known::from(Rational::one());
        let rate = |lambda: &Known| {
            let rest = one.add(&self.t.mul(lambda).neg());
            rest.mul(&rest).hi
        };
        let rate = others.into_iter().map(rate).max().unwrap_or_else(Rational::zero);
        if rate >= Rational::one() {
            return None;
        }
        let error = self.error();
        let start = self.f.energy(&error);
        let bits = 256u32.saturating_add(bits_of(&self.given.accuracy)).saturating_add(self.size_bits());
        let mut powers = Powers::of(self, bits)?;
        let (mut kept, mut n) = (Interval::from_rational(&rate, bits), Integer::one());
        for j in 0..DOUBLINGS.min(64) {
            let power = powers.power(j)?.clone();
            let at_start = powers.vector(&error);
            let vector = powers.step(&power, &at_start);
            let (lower, upper) = powers.gap(&vector)?;
            if upper <= self.given.accuracy {
                return None;
            }
            if lower - kept.upper() * &start > self.given.accuracy {
                return Some(Seen::Never(format!("t = 2/L keeps a part above ε, N = {n}")));
            }
            kept = kept.mul(&kept);
            n *= 2;
        }
        None
    }
}

/// A matrix in fixed point with the error that it may have, in units.
#[derive(Clone)]
struct Power {
    entries: Vec<Vec<Integer>>,
    error: Integer,
}

/// A vector in fixed point with the error that it may have, in units.
#[derive(Clone)]
struct Vector {
    entries: Vec<Integer>,
    error: Integer,
}

/// (I − tH)^(2^j), j rising.
struct Powers {
    bits: u32,
    all: Vec<Power>,
    /// dH as integers, and d.
    hessian: Vec<Vec<Integer>>,
    denominator: Integer,
    /// A bound of L and of ‖x⁽⁰⁾ − x*‖, as integers.
    smoothness: Integer,
    reach: Integer,
}

fn round(r: &Rational, bits: u32) -> Integer {
    (r.numer() << bits).div_floor(r.denom())
}

impl Powers {
    fn of(descent: &Descent<'_>, bits: u32) -> Option<Self> {
        let h = &descent.f.hessian;
        let n = Integer::from(h.len());
        let top = descent.spectrum.last()?.hi.ceil().to_integer();
        let t = &descent.t.lo;
        let matrix = h.iter().enumerate().map(|(i, row)| {
            let entry = |(j, x): (usize, &Rational)| {
                let unit = if i == j { Rational::one() } else { Rational::zero() };
                round(&(unit - t * x), bits)
            };
            row.iter().enumerate().map(entry).collect()
        });
        let spread = (&descent.t.hi - t) * Rational::from_integer(&top << bits);
        let first = Power { entries: matrix.collect(), error: spread.ceil().to_integer() + n };
        let denominator = h.iter().flatten().fold(Integer::one(), |lcm, x| lcm.lcm(x.denom()));
        let whole = |x: &Rational| x.numer() * (&denominator / x.denom());
        let hessian = h.iter().map(|row| row.iter().map(whole).collect()).collect();
        let error = descent.error();
        let square = error.iter().fold(Rational::zero(), |sum, x| sum + x * x);
        let reach = square.ceil().to_integer().sqrt() + 1u32;
        Some(Self { bits, all: vec![first], hessian, denominator, smoothness: top, reach })
    }

    fn n(&self) -> Integer {
        Integer::from(self.hessian.len())
    }

    /// (I − tH)^(2^j)
    fn power(&mut self, j: usize) -> Option<&Power> {
        let n = self.hessian.len();
        while self.all.len() <= j {
            let last = self.all.last()?;
            if self.all.len().saturating_mul(n.pow(3)) > MOST_PRODUCTS {
                return None;
            }
            // Powers of a symmetric matrix are symmetric, and so are their roundings: rows serve as columns.
            let mut entries = vec![vec![Integer::zero(); n]; n];
            for (i, row) in last.entries.iter().enumerate() {
                for (k, column) in last.entries.iter().enumerate().skip(i) {
                    let sum: Integer =
                        row.iter().zip(column).map(|(a, b)| a * b).sum::<Integer>() >> self.bits;
                    *entries.get_mut(k)?.get_mut(i)? = sum.clone();
                    *entries.get_mut(i)?.get_mut(k)? = sum;
                }
            }
            let square: Integer = (&last.error * &last.error) >> self.bits;
            let error = &last.error * 2 + square + 1u32 + self.n();
            self.all.push(Power { entries, error });
        }
        self.all.get(j)
    }

    fn vector(&self, v: &[Rational]) -> Vector {
        Vector { entries: v.iter().map(|x| round(x, self.bits)).collect(), error: self.n() }
    }

    /// The power times the vector.
    fn step(&self, power: &Power, v: &Vector) -> Vector {
        let product =
            |row: &Vec<Integer>| row.iter().zip(&v.entries).map(|(a, b)| a * b).sum::<Integer>() >> self.bits;
        // ‖Ãṽ − Av‖ ≤ ‖Ã − A‖·‖ṽ‖ + ‖A‖·‖ṽ − v‖, and no vector is longer than the first.
        let longest = &self.reach + 1u32 + (&v.error >> self.bits);
        let error = &v.error + &power.error * longest + self.n() + 1u32;
        Vector { entries: power.entries.iter().map(product).collect(), error }
    }

    /// Bounds of ½vᵀHv.
    fn gap(&self, v: &Vector) -> Option<(Rational, Rational)> {
        let image =
            self.hessian.iter().map(|row| row.iter().zip(&v.entries).map(|(a, b)| a * b).sum::<Integer>());
        let form: Integer = image.zip(&v.entries).map(|(a, b)| a * b).sum();
        let below: Integer = (&self.denominator * 2) << (self.bits.checked_mul(2)?);
        let middle = Rational::new(form, below);
        // |½ṽᵀHṽ − ½vᵀHv| ≤ L(‖v‖e + e²) for an error of length e.
        let units = &self.smoothness * (&self.reach * &v.error + ((&v.error * &v.error) >> self.bits) + 1u32);
        let error = Rational::new(units, Integer::one() << self.bits);
        Some((&middle - &error, middle + error))
    }

    /// The first k with a gap of at most ε, where the gap falls; `None` where bounds do not settle it.
    fn first(&mut self, error: &[Rational], accuracy: &Rational) -> Option<Integer> {
        let start = self.vector(error);
        let above = |(lower, upper): (Rational, Rational)| {
            if lower > *accuracy {
                Some(true)
            } else if upper <= *accuracy {
                Some(false)
            } else {
                None
            }
        };
        if !above(self.gap(&start)?)? {
            return Some(Integer::zero());
        }
        let mut top = 0;
        loop {
            let power = self.power(top)?.clone();
            if !above(self.gap(&self.step(&power, &start))?)? {
                break;
            }
            top += 1;
            if top > DOUBLINGS {
                return None;
            }
        }
        let (mut k, mut v) = (Integer::zero(), start);
        for j in (0..top).rev() {
            let power = self.power(j)?.clone();
            let next = self.step(&power, &v);
            if above(self.gap(&next)?)? {
                k += Integer::one() << j;
                v = next;
            }
        }
        Some(k + 1u32)
    }
}
