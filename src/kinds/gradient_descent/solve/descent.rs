//! The first k in truth lives here: f(x⁽ᵏ⁾) − f* = Σ aᵢρᵢᵏ with aᵢ = ½λᵢcᵢ² and ρᵢ = (1 − tλᵢ)², searched by
//! enclosures of the closed form; nothing iterates.
//!
//! # Weights without eigenvectors
//!
//! With q the polynomial whose roots are the distinct eigenvalues, the component of e on the eigenspace of λ is
//! ℓ(H)e, ℓ(z) = q(z)/((z − λ)q′(λ)). So aᵢ = ½eᵀHℓᵢ(H)e = P(λᵢ)/q′(λᵢ), where P has rational coefficients made of
//! the moments μⱼ = ½eᵀHʲ⁺¹e: q(z)/(z − λ) = Σⱼ bⱼ(λ)zʲ with bⱼ(λ) = Σ_{i>j} qᵢλ^{i−j−1}, and P(λ) = Σⱼ bⱼ(λ)μⱼ.
//! A weight is zero exactly where P is, which is decided.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;

use num_bigint::Sign;
use num_integer::Integer as _;
use num_traits::{One, Signed, Zero};

use super::constants::{Constants, Optimum, Quadratic, exact};
use crate::linalg::{dot, matvec};
use crate::num::algebraic::RealRoot;
use crate::num::elementary::ln_rational;
use crate::num::poly::Poly;
use crate::num::poly::sturm::count_roots;
use crate::num::real::Real;
use crate::num::{Exact, Integer, Interval, Rational, Undecided, ratio};

/// Bits to which the gap is refined before a tie with ε is left undecided.
const MOST_BITS: u32 = 1 << 12;
/// The longest k that is searched for, in bits.
const MOST_COUNT_BITS: u64 = 512;
/// Bits to which irrational eigenvalues are refined once, so that it is not done for every k.
const USUAL_BITS: u32 = 256;
/// Most steps for which a gap is computed exactly, by stepping.
const EXACT_STEPS: u32 = 256;
/// The longest number, in bits, of an exact step.
const EXACT_BITS: u64 = 1 << 12;

/// What becomes of one term aρᵏ as k grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    /// ρ = 0: gone after a step.
    Vanishes,
    /// ρ < 1
    Shrinks,
    /// ρ = 1
    Stays,
    /// ρ > 1
    Grows,
}

/// One term of the gap with a positive weight.
struct Term {
    /// Its place among the terms.
    place: usize,
    lambda: RealRoot,
    /// The weight where it is known as a rational.
    weight: Option<Rational>,
    course: Course,
}

/// Where descent first comes within ε.
#[derive(Debug, Clone)]
pub(super) enum First {
    /// At this k; with the last k at which it still is, where it leaves again.
    At(Integer, Option<Integer>),
    /// Never, and why.
    Never(String),
}

/// The gap as a function of k.
pub(super) struct Gap {
    terms: Vec<Term>,
    /// P and q′.
    weights: (Poly, Poly),
    t: Exact,
    accuracy: Rational,
    hessian: crate::linalg::Matrix,
    error: Vec<Rational>,
    start: Rational,
    /// Logarithms that were enclosed before, by term and bits.
    known: RefCell<HashMap<(usize, u32), (Interval, Interval)>>,
}

impl Gap {
    pub(super) fn of(
        f: &Quadratic,
        constants: &Constants,
        optimum: &Optimum,
        t: &Exact,
        accuracy: &Rational,
    ) -> Result<Self, Undecided> {
        let weights = weights(f, constants, optimum)?;
        let inverse = t.reciprocal()?;
        let mut terms = Vec::new();
        for (lambda, _) in &constants.spectrum {
            let weight = match lambda {
                RealRoot::Rational(r) => {
                    let slope = weights.1.evaluate(r);
                    let weight =
                        if slope.is_zero() { Rational::zero() } else { weights.0.evaluate(r) / slope };
                    if weight.is_zero() {
                        continue;
                    }
                    Some(weight)
                }
                RealRoot::Algebraic(a) => {
                    let common = weights.0.gcd(&a.poly().to_poly());
                    if weights.0.is_zero() || count_roots(&common, &a.lo(), &a.hi()) > 0 {
                        continue;
                    }
                    None
                }
            };
            let lambda = match lambda {
                RealRoot::Algebraic(a) => RealRoot::Algebraic(a.refined(USUAL_BITS)),
                rational => rational.clone(),
            };
            let lambda = &lambda;
            terms.push(Term {
                place: terms.len(),
                lambda: lambda.clone(),
                weight,
                course: course(lambda, t, inverse.as_ref())?,
            });
        }
        Ok(Self {
            terms,
            weights,
            t: t.clone(),
            accuracy: accuracy.clone(),
            hessian: f.hessian.clone(),
            error: optimum.error.clone(),
            start: optimum.gap.clone(),
            known: RefCell::new(HashMap::new()),
        })
    }

    fn of_course(&self, course: Course) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(move |term| term.course == course)
    }

    fn has(&self, course: Course) -> bool {
        self.of_course(course).next().is_some()
    }

    /// The first k with a gap of at most ε.
    pub(super) fn first(&self) -> Result<First, Undecided> {
        if self.start <= self.accuracy {
            let last = if self.has(Course::Grows) { Some(self.last(&Integer::zero())?) } else { None };
            return Ok(First::At(Integer::zero(), last));
        }
        if self.t.is_zero()? {
            return Ok(First::Never("t = 0: the iterates never move".to_owned()));
        }
        // No two eigenvalues are 2/t, so one term at most keeps its size.
        if let Some(stays) = self.of_course(Course::Stays).next() {
            let rest = exact_weight(self, stays);
            let order = rest.compare(&self.accuracy.clone().into())?;
            let others = self.has(Course::Shrinks) || self.has(Course::Grows);
            if order == Ordering::Greater || (order == Ordering::Equal && others) {
                return Ok(First::Never(format!(
                    "f(x⁽ᵏ⁾) − f* stays above ε: with tλ = 2 for an eigenvalue λ of the Hessian, a component of the error \
                     changes its sign at every step and keeps its size, so the gap never comes below {}",
                    describe(&rest)
                )));
            }
        }
        let one = Integer::one();
        if self.within(&one)? {
            let last = if self.has(Course::Grows) { Some(self.last(&one)?) } else { None };
            return Ok(First::At(one, last));
        }
        if self.has(Course::Grows) {
            return self.first_before_leaving();
        }
        // Falling: below this bound one term alone is above ε.
        let from = self.least()?.max(one);
        let (mut low, mut step) = (from - 1u32, Integer::one());
        // Invariant: the gap at `low` is above ε.
        let mut high = loop {
            let next = &low + &step;
            if self.within(&next)? {
                break next;
            }
            if next.bits() > MOST_COUNT_BITS {
                return Err(Undecided::because(format!(
                    "k is longer than {MOST_COUNT_BITS} bits, the limit"
                )));
            }
            low = next;
            step *= 2;
        };
        while &low + 1u32 < high {
            let middle: Integer = (&low + &high) >> 1u32;
            if self.within(&middle)? { high = middle } else { low = middle }
        }
        Ok(First::At(high, None))
    }

    /// Some terms grow: the gap is convex in k, so it falls to its least value and rises from there.
    fn first_before_leaving(&self) -> Result<First, Undecided> {
        let lowest = self.lowest()?;
        if !self.within(&lowest)? {
            return Ok(First::Never(format!(
                "with this step the iterates diverge: from k = 1 on, f(x⁽ᵏ⁾) − f* is least at k = {lowest}, where it is above ε"
            )));
        }
        let (mut low, mut high) = (Integer::one(), lowest);
        while &low + 1u32 < high {
            let middle: Integer = (&low + &high) >> 1u32;
            if self.within(&middle)? { high = middle } else { low = middle }
        }
        let last = self.last(&high)?;
        Ok(First::At(high, Some(last)))
    }

    /// The k ≥ 1 with the least gap, where some terms grow: the first from which the gap does not fall.
    fn lowest(&self) -> Result<Integer, Undecided> {
        let (mut low, mut high) = (Integer::zero(), Integer::one());
        while self.falls_after(&high)? {
            low.clone_from(&high);
            high *= 2;
            if high.bits() > MOST_COUNT_BITS {
                return Err(Undecided::because(format!(
                    "k is longer than {MOST_COUNT_BITS} bits, the limit"
                )));
            }
        }
        while &low + 1u32 < high {
            let middle: Integer = (&low + &high) >> 1u32;
            if self.falls_after(&middle)? { low = middle } else { high = middle }
        }
        Ok(high)
    }

    /// The last k with a gap of at most ε, where some terms grow and the gap at `within` is within ε.
    fn last(&self, within: &Integer) -> Result<Integer, Undecided> {
        let (mut low, mut step) = (within.clone(), Integer::one());
        let mut high = loop {
            let next = &low + &step;
            if next > Integer::one() && !self.within(&next)? && !self.falls_after(&next)? {
                break next;
            }
            if next.bits() > MOST_COUNT_BITS {
                return Err(Undecided::because(format!(
                    "k is longer than {MOST_COUNT_BITS} bits, the limit"
                )));
            }
            if next <= Integer::one() && !self.within(&next)? {
                return Ok(within.clone());
            }
            low = next;
            step *= 2;
        };
        while &low + 1u32 < high {
            let middle: Integer = (&low + &high) >> 1u32;
            if self.within(&middle)? { low = middle } else { high = middle }
        }
        Ok(low)
    }

    /// A k that the first one is not below, where nothing grows: one term alone is above ε before it.
    fn least(&self) -> Result<Integer, Undecided> {
        let mut least = Integer::zero();
        for term in self.of_course(Course::Shrinks) {
            let (weight, rate) = self.logs(term, 64)?;
            if let Some(k) = weight.checked_div(&rate.neg()) {
                least = least.max(k.lo().div_floor(&(Integer::one() << k.bits())));
            }
        }
        Ok(least)
    }

    /// Whether the gap after k ≥ 1 steps is at most ε.
    fn within(&self, k: &Integer) -> Result<bool, Undecided> {
        if let Some(gap) = self.exactly(k) {
            return Ok(gap <= self.accuracy);
        }
        let mut bits = 64;
        while bits <= MOST_BITS {
            let one = Integer::one();
            if let Some(sum) = self.in_units(k, bits)? {
                let unit = one << sum.bits();
                if *sum.hi() <= unit {
                    return Ok(true);
                }
                if *sum.lo() > unit {
                    return Ok(false);
                }
            } else {
                return Ok(false);
            }
            bits *= 4;
        }
        Err(Undecided::because(format!(
            "whether the gap after {k} steps is exactly ε is not told by {MOST_BITS} bits"
        )))
    }

    /// The gap divided by ε; `None` where one term alone is above it.
    fn in_units(&self, k: &Integer, bits: u32) -> Result<Option<Interval>, Undecided> {
        let mut sum = Interval::zero(bits);
        for term in &self.terms {
            if let Some(exponent) = self.exponent(term, k, bits)? {
                if exponent.lo().is_positive() {
                    return Ok(None);
                }
                // Above e the sum is above ε anyway, unless the enclosure is that coarse.
                if exponent.upper() > Rational::one() {
                    return Ok(Some(Interval::new(Integer::zero(), Integer::from(4) << bits, bits)));
                }
                sum = sum.add(&exponent.exp()?);
            }
        }
        Ok(Some(sum))
    }

    /// ln(aρᵏ/ε); `None` for a term that vanished.
    fn exponent(&self, term: &Term, k: &Integer, bits: u32) -> Result<Option<Interval>, Undecided> {
        if term.course == Course::Vanishes {
            return Ok(None);
        }
        let work = bits.saturating_add(u32::try_from(k.bits()).unwrap_or(u32::MAX)).saturating_add(4);
        let (weight, rate) = self.logs(term, work)?;
        let many = Rational::from_integer(k.clone());
        Ok(Some(weight.add(&rate.scale(&many)).with_bits(bits)))
    }

    /// Whether the gap at k + 1 is below that at k ≥ 1: the sign of Σ aᵢ(ρᵢ − 1)ρᵢᵏ.
    fn falls_after(&self, k: &Integer) -> Result<bool, Undecided> {
        let mut bits = 64;
        while bits <= MOST_BITS {
            let mut parts = Vec::new();
            for term in self.terms.iter().filter(|term| term.course != Course::Stays) {
                if let Some(exponent) = self.exponent(term, k, bits)? {
                    parts.push((exponent, self.rho(term, bits)?));
                }
            }
            // Divided by the largest power, so that nothing is too large to compute.
            let largest = parts.iter().map(|(exponent, _)| exponent.hi().clone()).max().unwrap_or_default();
            let shift = Interval::new(largest.clone(), largest, bits);
            let mut sum = Interval::zero(bits);
            for (exponent, rho) in parts {
                let change = rho.sub(&Interval::one(bits));
                sum = sum.add(&exponent.sub(&shift).exp()?.mul(&change));
            }
            match sum.sign() {
                Some(Sign::Minus) => return Ok(true),
                Some(_) => return Ok(false),
                None => bits *= 4,
            }
        }
        Err(Undecided::because(format!(
            "whether the gap falls after {k} steps is not told by {MOST_BITS} bits"
        )))
    }

    fn rho(&self, term: &Term, bits: u32) -> Result<Interval, Undecided> {
        let work = bits.saturating_add(16);
        let product = self.t.enclose(work)?.mul(&exact(&term.lambda).enclose(work)?);
        let rest = Interval::one(product.bits()).sub(&product);
        Ok(rest.mul(&rest))
    }

    /// Enclosures of ln(a/ε) and ln ρ, at most 2⁻ᵇⁱᵗˢ wide.
    fn logs(&self, term: &Term, bits: u32) -> Result<(Interval, Interval), Undecided> {
        let key = (term.place, bits.div_ceil(64).saturating_mul(64));
        if let Some(known) = self.known.borrow().get(&key) {
            return Ok(known.clone());
        }
        let logs = self.enclose_logs(term, key.1)?;
        self.known.borrow_mut().insert(key, logs.clone());
        Ok(logs)
    }

    fn enclose_logs(&self, term: &Term, bits: u32) -> Result<(Interval, Interval), Undecided> {
        let known = || Undecided::because("a logarithm of zero in the gap");
        let rational = self.t.as_rational().ok().flatten().zip(term.lambda.as_rational());
        let fine = bits.saturating_add(4);
        let weight = match &term.weight {
            Some(a) => ln_rational(&(a / &self.accuracy), fine)?.ok_or_else(known)?,
            None => narrow(fine, |work| {
                Ok(self
                    .weight_enclosure(term, work)?
                    .and_then(|a| a.checked_div(&Interval::from_rational(&self.accuracy, work))))
            })?,
        };
        let rate = match rational {
            Some((t, lambda)) => {
                let rest = (Rational::one() - t * lambda).abs();
                ln_rational(&rest, fine.saturating_add(1))?.ok_or_else(known)?.scale(&ratio(2, 1))
            }
            None => narrow(fine, |work| self.rho(term, work).map(Some))?,
        };
        Ok((weight, rate))
    }

    /// P(λ)/q′(λ); `None` while q′ is not told from zero.
    fn weight_enclosure(&self, term: &Term, bits: u32) -> Result<Option<Interval>, Undecided> {
        let lambda = exact(&term.lambda).enclose(bits)?.with_bits(bits);
        Ok(enclose(&self.weights.0, &lambda).checked_div(&enclose(&self.weights.1, &lambda)))
    }

    /// The gap after k steps as a rational, by stepping, where t is rational, k small and the numbers short.
    fn exactly(&self, k: &Integer) -> Option<Rational> {
        let k = u32::try_from(k).ok().filter(|k| *k <= EXACT_STEPS)?;
        let t = self.t.as_rational().ok().flatten()?;
        let mut e = self.error.clone();
        for _ in 0..k {
            let gradient = matvec(&self.hessian, &e).ok()?;
            for (x, g) in e.iter_mut().zip(gradient) {
                *x -= &t * g;
            }
            if e.iter().map(|x| x.denom().bits().max(x.numer().bits())).sum::<u64>() > EXACT_BITS {
                return None;
            }
        }
        Some(ratio(1, 2) * dot(&e, &matvec(&self.hessian, &e).ok()?).ok()?)
    }

    /// The gap after k steps, for print.
    pub(super) fn at(&self, k: &Integer) -> Exact {
        if k.is_zero() {
            return self.start.clone().into();
        }
        if let Some(gap) = self.exactly(k) {
            return gap.into();
        }
        let many = Exact::integer(k.clone());
        let terms = self.terms.iter().filter(|term| term.course != Course::Vanishes).map(|term| {
            let rest = Exact::one().sub(&self.t.mul(&exact(&term.lambda)));
            let square = Real::product(Real::exact(rest.clone()), Real::exact(rest));
            let power = Real::exp(Real::product(Real::exact(many.clone()), Real::ln(square)));
            Real::product(Real::exact(exact_weight(self, term)), power)
        });
        Real::sum(terms.collect()).into()
    }
}

/// P and q′ of the module's notes.
fn weights(f: &Quadratic, constants: &Constants, optimum: &Optimum) -> Result<(Poly, Poly), Undecided> {
    let fault = |why: crate::linalg::ShapeError| Undecided::because(why.to_string());
    let mut known: Vec<Poly> = Vec::new();
    let mut q = Poly::constant(Rational::one());
    for (root, _) in &constants.spectrum {
        let factor = match root {
            RealRoot::Rational(r) => Poly::with_root(r),
            RealRoot::Algebraic(a) => a.poly().to_poly().monic(),
        };
        if !known.contains(&factor) {
            q = &q * &factor;
            known.push(factor);
        }
    }
    // Polynomials of different roots may share factors where they were not split.
    let q = q.squarefree_part();
    let count = q.degree().unwrap_or(0);
    let mut moments = Vec::with_capacity(count);
    let mut image = optimum.error.clone();
    for _ in 0..count {
        image = matvec(&f.hessian, &image).map_err(fault)?;
        moments.push(ratio(1, 2) * dot(&optimum.error, &image).map_err(fault)?);
    }
    let coefficients = (0..count).map(|s| {
        moments
            .iter()
            .enumerate()
            .fold(Rational::zero(), |sum, (j, moment)| sum + q.coefficient(s + j + 1) * moment)
    });
    Ok((Poly::new(coefficients.collect()), q.derivative()))
}

/// How ρ = (1 − tλ)² compares with 0 and 1.
fn course(lambda: &RealRoot, t: &Exact, inverse: Option<&Exact>) -> Result<Course, Undecided> {
    let Some(inverse) = inverse else { return Ok(Course::Stays) };
    if t.sign()? == Sign::Minus {
        return Ok(Course::Grows);
    }
    let order = |bound: &Exact| exact(lambda).compare(bound);
    if order(inverse)? == Ordering::Equal {
        return Ok(Course::Vanishes);
    }
    Ok(match order(&inverse.scale(&ratio(2, 1)))? {
        Ordering::Less => Course::Shrinks,
        Ordering::Equal => Course::Stays,
        Ordering::Greater => Course::Grows,
    })
}

/// The logarithm of a positive number that `at` encloses with so many bits, at most 2⁻ᵇⁱᵗˢ wide.
fn narrow(bits: u32, at: impl Fn(u32) -> Result<Option<Interval>, Undecided>) -> Result<Interval, Undecided> {
    let mut work = bits.saturating_add(32);
    while work <= MOST_BITS.saturating_mul(8) {
        if let Some(i) = at(work)?
            && let Some(ln) = i.ln()?
            && ln.is_narrower_than(bits)
        {
            return Ok(ln);
        }
        work = work.saturating_mul(2);
    }
    Err(Undecided::because("a weight of the gap is not told from zero within the limit of precision"))
}

/// The value of a polynomial on an interval, by Horner's rule.
fn enclose(poly: &Poly, x: &Interval) -> Interval {
    let bits = x.bits();
    poly.coefficients()
        .iter()
        .rev()
        .fold(Interval::zero(bits), |value, c| value.mul(x).add(&Interval::from_rational(c, bits)))
}

/// The weight of a term as an exact number.
fn exact_weight(gap: &Gap, term: &Term) -> Exact {
    if let Some(weight) = &term.weight {
        return weight.clone().into();
    }
    let horner = |poly: &Poly| {
        let x = Real::exact(exact(&term.lambda));
        poly.coefficients().iter().rev().fold(Real::exact(Exact::zero()), |value, c| {
            Real::sum(vec![Real::product(value, x.clone()), Real::exact(c.clone().into())])
        })
    };
    Real::quotient(horner(&gap.weights.0), horner(&gap.weights.1)).into()
}

fn describe(x: &Exact) -> String {
    match x.as_rational() {
        Ok(Some(r)) if r.to_string().len() <= 24 => r.to_string(),
        _ => {
            x.decimal(crate::num::Rounding::Significant(6)).unwrap_or_else(|_| "a positive number".to_owned())
        }
    }
}
