//! The gap in closed form lives here: f(x⁽ᵏ⁾) − f* = Σ aᵢρᵢᵏ with aᵢ = ½λᵢcᵢ² and ρᵢ = (1 − tλᵢ)², and its enclosures. The
//! search for the first k is in `descent.rs`.
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
use num_traits::{One, Signed, Zero};

use super::constants::{Constants, Optimum, Quadratic, exact};
use crate::linalg::{dot, integer_dot, matvec, over_common_denominator};
use crate::num::algebraic::RealRoot;
use crate::num::elementary::ln_rational;
use crate::num::poly::Poly;
use crate::num::poly::integer::IntPoly;
use crate::num::poly::sturm::count_roots;
use crate::num::real::Real;
use crate::num::{Exact, Integer, Interval, Rational, Undecided, ratio};

/// Bits to which the gap is refined before a tie with ε is left undecided.
pub(super) const MOST_BITS: u32 = 1 << 12;
/// Bits to which irrational eigenvalues are refined once, so that it is not done for every k.
const USUAL_BITS: u32 = 256;
/// Most steps for which a gap is computed exactly, by stepping.
const EXACT_STEPS: u32 = 256;
/// The longest number, in bits, of an exact step.
const EXACT_BITS: u64 = 1 << 12;

/// What becomes of one term aρᵏ as k grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
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
pub(super) struct Term {
    /// Its place among the terms.
    place: usize,
    pub(super) lambda: RealRoot,
    /// The weight where it is known as a rational.
    weight: Option<Rational>,
    pub(super) course: Course,
}

/// The gap as a function of k.
pub(super) struct Gap {
    pub(super) terms: Vec<Term>,
    /// P and q′.
    weights: (Poly, Poly),
    /// The step.
    pub(super) t: Exact,
    pub(super) accuracy: Rational,
    hessian: crate::linalg::Matrix,
    error: Vec<Rational>,
    /// The gap at the start.
    pub(super) start: Rational,
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
        // Roots of one polynomial come one after another, and what it has in common with P is looked for once.
        let mut shared: Option<(&IntPoly, Poly)> = None;
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
                    if shared.as_ref().is_none_or(|(poly, _)| *poly != a.poly()) {
                        shared = Some((a.poly(), weights.0.gcd(&a.poly().to_poly())));
                    }
                    let root = |common: &Poly| count_roots(common, &a.lo(), &a.hi()) > 0;
                    if weights.0.is_zero() || shared.as_ref().is_some_and(|(_, common)| root(common)) {
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

    pub(super) fn of_course(&self, course: Course) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(move |term| term.course == course)
    }

    pub(super) fn has(&self, course: Course) -> bool {
        self.of_course(course).next().is_some()
    }

    /// ln(aρᵏ/ε); `None` for a term that vanished.
    pub(super) fn exponent(
        &self,
        term: &Term,
        k: &Integer,
        bits: u32,
    ) -> Result<Option<Interval>, Undecided> {
        if term.course == Course::Vanishes {
            return Ok(None);
        }
        let work = bits.saturating_add(u32::try_from(k.bits()).unwrap_or(u32::MAX)).saturating_add(4);
        let (weight, rate) = self.logs(term, work)?;
        let many = Rational::from_integer(k.clone());
        Ok(Some(weight.add(&rate.scale(&many)).with_bits(bits)))
    }

    pub(super) fn rho(&self, term: &Term, bits: u32) -> Result<Interval, Undecided> {
        let work = bits.saturating_add(16);
        let product = self.t.enclose(work)?.mul(&exact(&term.lambda).enclose(work)?);
        let rest = Interval::one(product.bits()).sub(&product);
        Ok(rest.mul(&rest))
    }

    /// Enclosures of ln(a/ε) and ln ρ, at most 2⁻ᵇⁱᵗˢ wide.
    pub(super) fn logs(&self, term: &Term, bits: u32) -> Result<(Interval, Interval), Undecided> {
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
    pub(super) fn exactly(&self, k: &Integer) -> Option<Rational> {
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
            // A rational has its logarithm from its two numbers, however near to zero it lies: no bits are lost on it.
            let ln = match rest.as_rational() {
                Ok(Some(r)) => Exact::from(&r * &r).ln().ok().flatten().map(Real::exact),
                _ => None,
            };
            let ln =
                ln.unwrap_or_else(|| Real::ln(Real::product(Real::exact(rest.clone()), Real::exact(rest))));
            let power = Real::exp(Real::product(Real::exact(many.clone()), ln));
            Real::product(Real::exact(exact_weight(self, term)), power)
        });
        Real::sum(terms.collect()).into()
    }
}

/// P and q′ of the module's notes.
fn weights(f: &Quadratic, constants: &Constants, optimum: &Optimum) -> Result<(Poly, Poly), Undecided> {
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
    // All in integers over one denominator: with H = G/h, e = w/d and q = r/c, the moment μⱼ is wᵀGʲ⁺¹w/(2d²hʲ⁺¹).
    let entries: Vec<Rational> = f.rows().into_iter().flatten().collect();
    let (g, h) = over_common_denominator(&entries);
    let (w, d) = over_common_denominator(&optimum.error);
    let (r, c) = over_common_denominator(q.coefficients());
    let mut image = w.clone();
    let mut moments: Vec<Integer> = Vec::new();
    for _ in 1..r.len() {
        image = g.chunks(w.len().max(1)).map(|row| integer_dot(row, &image)).collect();
        // All are over the same power of h.
        moments.iter_mut().for_each(|moment| *moment *= &h);
        moments.push(integer_dot(&w, &image));
    }
    let denominator: Integer = moments.iter().fold(c * &d * &d * 2, |power, _| power * &h);
    let coefficient = |s: usize| {
        let sum = r.get(s + 1..).map_or_else(Integer::zero, |above| integer_dot(above, &moments));
        Rational::new(sum, denominator.clone())
    };
    Ok((Poly::new((0..moments.len()).map(coefficient).collect()), q.derivative()))
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
pub(super) fn exact_weight(gap: &Gap, term: &Term) -> Exact {
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
