//! The quadratic behind an objective, from its values alone, lives here: exact second and central differences. The
//! objective is evaluated as it is written; it is not expanded and not differentiated.

use std::collections::BTreeMap;

use num_traits::{One, Zero};

use super::super::given::Given;
use crate::expr::Expr;
use crate::linalg::{integer_dot, over_common_denominator};
use crate::num::{Rational, ratio};

/// f(x) = ½xᵀHx + bᵀx + c as its values show it.
pub(super) struct Differences {
    pub(super) hessian: Vec<Vec<Rational>>,
    pub(super) linear: Vec<Rational>,
    constant: Rational,
}

/// f at a point, as it is written.
fn value(given: &Given, x: &[Rational]) -> Option<Rational> {
    let at: BTreeMap<String, Rational> = given.variables.iter().cloned().zip(x.iter().cloned()).collect();
    given.objective.evaluate(&at).ok()
}

/// H·v
pub(super) fn apply(h: &[Vec<Rational>], v: &[Rational]) -> Vec<Rational> {
    let (v, below) = over_common_denominator(v);
    h.iter()
        .map(|row| {
            let (row, below_row) = over_common_denominator(row);
            Rational::new(integer_dot(&row, &v), &below * below_row)
        })
        .collect()
}

pub(super) fn dot(a: &[Rational], b: &[Rational]) -> Rational {
    let ((a, below_a), (b, below_b)) = (over_common_denominator(a), over_common_denominator(b));
    Rational::new(integer_dot(&a, &b), below_a * below_b)
}

impl Differences {
    /// From values around a point; another point where the objective, as it is written, has no value at the first.
    pub(super) fn of(given: &Given) -> Option<Self> {
        let n = i64::try_from(given.variables.len()).ok()?;
        let origin: Vec<Rational> = (0..n).map(|_| Rational::zero()).collect();
        let elsewhere: Vec<Rational> = (0..n).map(|i| ratio(3 * i + 8, 7)).collect();
        Self::around(given, &origin).or_else(|| Self::around(given, &elsewhere))
    }

    fn around(given: &Given, base: &[Rational]) -> Option<Self> {
        let n = base.len();
        let named = given.variables.iter().cloned().zip(base.iter().cloned()).collect();
        let moved =
            |(i, by): (usize, i64)| Some((given.variables.get(i)?.clone(), base.get(i)? + ratio(by, 1)));
        let pairs = (0..n).flat_map(|i| (i + 1..n).map(move |j| vec![(i, 1), (j, 1)]));
        let moves = std::iter::once(Vec::new())
            .chain((0..n).map(|i| vec![(i, 1)]))
            .chain((0..n).map(|i| vec![(i, -1)]))
            .chain(pairs)
            .map(|all| all.into_iter().map(moved).collect())
            .collect::<Option<Vec<_>>>()?;
        let mut values = given.objective.evaluate_near(&named, &moves).ok()?.into_iter();
        let centre = values.next()?;
        let ahead: Vec<Rational> = values.by_ref().take(n).collect();
        let behind: Vec<Rational> = values.by_ref().take(n).collect();
        let mut hessian = vec![vec![Rational::zero(); n]; n];
        for (i, (up, down)) in ahead.iter().zip(&behind).enumerate() {
            for (j, other) in ahead.iter().enumerate().skip(i) {
                // f(x + eᵢ + eⱼ) − f(x + eᵢ) − f(x + eⱼ) + f(x), and f(x + eᵢ) − 2f(x) + f(x − eᵢ) on the diagonal.
                let second = if i == j {
                    up + down - ratio(2, 1) * &centre
                } else {
                    values.next()? - up - other + &centre
                };
                *hessian.get_mut(i)?.get_mut(j)? = second.clone();
                *hessian.get_mut(j)?.get_mut(i)? = second;
            }
        }
        // (f(x + eᵢ) − f(x − eᵢ))/2 is the derivative of a quadratic at x: bᵢ + (Hx)ᵢ.
        let moved = apply(&hessian, base);
        let bend = dot(base, &moved) * ratio(1, 2);
        let linear: Vec<Rational> = ahead
            .iter()
            .zip(&behind)
            .zip(moved)
            .map(|((up, down), m)| (up - down) * ratio(1, 2) - m)
            .collect();
        let constant = centre - dot(base, &linear) - bend;
        Some(Self { hessian, linear, constant })
    }

    /// f at a point: the objective as it is written, or as its differences say where that has no value.
    pub(super) fn value(&self, given: &Given, x: &[Rational]) -> Rational {
        value(given, x).unwrap_or_else(|| &self.constant + dot(&self.linear, x) + self.energy(x))
    }

    /// Hx + b
    pub(super) fn gradient(&self, x: &[Rational]) -> Vec<Rational> {
        apply(&self.hessian, x).into_iter().zip(&self.linear).map(|(h, b)| h + b).collect()
    }

    /// The components of Hx + b in letters.
    pub(super) fn gradient_formulas(&self, variables: &[String]) -> Vec<Expr> {
        let term = |(c, x): (&Rational, &String)| Expr::number(c.clone()) * Expr::var(x);
        let rows = self.hessian.iter().zip(&self.linear);
        rows.map(|(row, b)| {
            let terms = row.iter().zip(variables).map(term);
            Expr::sum(terms.chain([Expr::number(b.clone())]))
        })
        .collect()
    }

    /// No term is quadratic.
    pub(super) fn is_flat(&self) -> bool {
        self.hessian.iter().flatten().all(Zero::is_zero)
    }

    /// ½eᵀHe
    pub(super) fn energy(&self, e: &[Rational]) -> Rational {
        ratio(1, 2) * dot(e, &apply(&self.hessian, e))
    }
}

/// Where the minimum is, as far as evidence can tell.
pub(super) enum Minimum {
    /// At this point, the nearest one to the start.
    At(Vec<Rational>),
    /// Nowhere: f falls along this direction for ever.
    Nowhere(Vec<Rational>),
}

/// The minimiser of a convex quadratic nearest to a start, by conjugate gradients in exact arithmetic.
///
/// Every iterate lies in start + span{r, Hr, H²r, …}, and r is the gradient at the start. If the gradient vanishes
/// there after all, r and so the whole way lie in the range of H, which is orthogonal to the set of minimisers: the
/// minimiser that is met is the nearest. `None` beyond the number of steps that exact arithmetic needs.
pub(super) fn conjugate_gradients(f: &Differences, start: &[Rational]) -> Option<Minimum> {
    let mut x = start.to_vec();
    let mut r: Vec<Rational> = f.gradient(&x).into_iter().map(|g| -g).collect();
    let mut p = r.clone();
    for _ in 0..=start.len() {
        let size = dot(&r, &r);
        if size.is_zero() {
            return Some(Minimum::At(x));
        }
        let image = apply(&f.hessian, &p);
        let curvature = dot(&p, &image);
        if curvature.is_zero() {
            return Some(Minimum::Nowhere(p));
        }
        let step = &size / &curvature;
        for ((x, p), (r, h)) in x.iter_mut().zip(&p).zip(r.iter_mut().zip(&image)) {
            *x += &step * p;
            *r -= &step * h;
        }
        let turn = dot(&r, &r) / &size;
        for (p, r) in p.iter_mut().zip(&r) {
            *p = r + &turn * &*p;
        }
    }
    None
}

/// As [`conjugate_gradients`] for many variables: start + Hy with H²y = −(gradient at the start).
pub(super) fn through_the_square(f: &Differences, start: &[Rational]) -> Option<Minimum> {
    use crate::linalg::elimination::{nullspace, solve};
    let h = crate::linalg::from_rows(&f.hessian).ok()?;
    let columns: Vec<Vec<Rational>> = f.hessian.iter().map(|row| apply(&f.hessian, row)).collect();
    let square = crate::linalg::from_rows(&columns).ok()?;
    let downhill: Vec<Rational> = f.gradient(start).into_iter().map(|g| -g).collect();
    let image: Vec<Rational> =
        solve(&square, &downhill).ok().flatten().map(|y| apply(&f.hessian, &y)).unwrap_or_default();
    if image.len() == start.len() {
        let x: Vec<Rational> = start.iter().zip(&image).map(|(a, b)| a + b).collect();
        if f.gradient(&x).iter().all(Zero::is_zero) {
            return Some(Minimum::At(x));
        }
    }
    let falls = nullspace(&h).ok()?.into_iter().find(|v| !dot(v, &f.linear).is_zero())?;
    let sign = if dot(&falls, &f.linear) > Rational::zero() { -Rational::one() } else { Rational::one() };
    Some(Minimum::Nowhere(falls.into_iter().map(|c| c * &sign).collect()))
}
