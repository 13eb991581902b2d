//! What the Hessian says: eigenvalues, L, m, the minimiser, the value of the step. Counts of iterations are in
//! `counts.rs` and `descent.rs`, rows in `mod.rs`.

use std::cmp::Ordering;

use num_traits::{One, Signed, Zero};

use super::super::given::Given;
use super::field;
use crate::expr::{self, Expr, Node, Polynomial};
use crate::linalg::ldlt::{Inertia, inertia, negative_direction};
use crate::linalg::nearest::nearest_solution;
use crate::linalg::spectrum::eigenvalues;
use crate::linalg::{Matrix, dot, from_rows, matvec};
use crate::num::algebraic::RealRoot;
use crate::num::real::Real;
use crate::num::{Exact, Rational, Undecided, ratio};

/// Why there is no number: it does not exist, or it could not be settled.
#[derive(Debug, Clone)]
pub(super) enum Missing {
    /// It does not exist.
    Absent(String),
    /// It could not be settled.
    Undecided(String),
}

impl From<Undecided> for Missing {
    fn from(why: Undecided) -> Self {
        Self::Undecided(why.reason)
    }
}

/// A number or the reason why there is none.
pub(super) type Found<T> = Result<T, Missing>;

/// An eigenvalue as an exact number.
pub(super) fn exact(root: &RealRoot) -> Exact {
    match root {
        RealRoot::Rational(r) => r.clone().into(),
        RealRoot::Algebraic(a) => a.clone().into(),
    }
}

/// The objective taken apart: f(x) = ½xᵀHx + bᵀx + c.
pub(super) struct Quadratic {
    pub(super) polynomial: Polynomial,
    pub(super) hessian: Matrix,
    pub(super) linear: Vec<Rational>,
    pub(super) inertia: Inertia,
    pub(super) negative: Option<Vec<Rational>>,
}

impl Quadratic {
    /// From the coefficients of the polynomial; the Hessian is ∂²f/∂xᵢ∂xⱼ.
    pub(super) fn of(given: &Given) -> Result<Self, Undecided> {
        let polynomial =
            expr::as_polynomial(&given.objective).map_err(|why| Undecided::because(why.to_string()))?;
        let constant = expr::Monomial::one();
        let first: Vec<Polynomial> = given.variables.iter().map(|x| polynomial.derivative(x)).collect();
        let linear = first.iter().map(|g| g.coefficient(&constant)).collect();
        let rows: Vec<Vec<Rational>> = first
            .iter()
            .map(|g| given.variables.iter().map(|x| g.derivative(x).coefficient(&constant)).collect())
            .collect();
        let fault = |why: crate::linalg::ShapeError| Undecided::because(why.to_string());
        let hessian = from_rows(&rows).map_err(fault)?;
        let inertia = inertia(&hessian).map_err(fault)?;
        let negative = negative_direction(&hessian).map_err(fault)?;
        Ok(Self { polynomial, hessian, linear, inertia, negative })
    }

    pub(super) fn rows(&self) -> Vec<Vec<Rational>> {
        self.hessian.row_iter().map(|row| row.iter().cloned().collect()).collect()
    }
}

/// The eigenvalues and the constants that are read from them.
pub(super) struct Constants {
    /// Distinct eigenvalues, ascending, with multiplicities.
    pub(super) spectrum: Vec<(RealRoot, usize)>,
    /// No eigenvalue is negative.
    pub(super) convex: bool,
    /// L, the largest absolute eigenvalue.
    pub(super) smoothness: Exact,
    /// m, the smallest eigenvalue; only where convex.
    pub(super) strong: Option<Exact>,
}

impl Constants {
    pub(super) fn of(hessian: &Matrix) -> Result<Self, Undecided> {
        let spectrum = eigenvalues(hessian).map_err(|why| Undecided::because(why.to_string()))?;
        let (Some((least, _)), Some((greatest, _))) = (spectrum.first(), spectrum.last()) else {
            return Err(Undecided::because("a matrix without rows has no eigenvalues"));
        };
        let convex = least.sign() != Ordering::Less;
        let largest =
            if least.neg().compare(greatest)? == Ordering::Greater { least.neg() } else { greatest.clone() };
        let (smoothness, strong) = (exact(&largest), convex.then(|| exact(least)));
        Ok(Self { spectrum, convex, smoothness, strong })
    }

    /// m where it is positive.
    pub(super) fn positive_m(&self) -> Option<&Exact> {
        self.strong.as_ref().filter(|m| m.is_zero() == Ok(false))
    }

    /// L where it is positive.
    pub(super) fn positive_l(&self) -> Option<&Exact> {
        (self.smoothness.is_zero() == Ok(false)).then_some(&self.smoothness)
    }

    /// c/L
    pub(super) fn over_l(&self, c: i64) -> Found<Exact> {
        match field::div(&Exact::integer(c), &self.smoothness)? {
            Some(bound) => Ok(bound),
            None => Err(Missing::Absent(format!("{c}/L divides by zero: L = 0, the gradient is constant"))),
        }
    }

    /// 2/(m + L)
    pub(super) fn two_over_sum(&self) -> Found<Exact> {
        let Some(m) = self.positive_m() else {
            return Err(Missing::Absent(self.not_strongly_convex().to_owned()));
        };
        match field::div(&Exact::integer(2), &field::add(m, &self.smoothness))? {
            Some(bound) => Ok(bound),
            None => Err(Missing::Absent("2/(m + L) divides by zero".to_owned())),
        }
    }

    pub(super) fn not_strongly_convex(&self) -> &'static str {
        if self.convex {
            "f is not strongly convex: m = 0, and the theorem needs m > 0"
        } else {
            "f is not convex, and the theorem is about strongly convex functions"
        }
    }

    /// How t compares with a bound that has this formula; a formula that equals the step's is a tie without numbers.
    pub(super) fn compare(
        &self,
        given: &Given,
        t: &Exact,
        bound: &Exact,
        formula: &str,
    ) -> Result<Ordering, Undecided> {
        if expr::parse(formula).is_ok_and(|bound| expr::equal(&given.step, &bound) == Ok(true)) {
            return Ok(Ordering::Equal);
        }
        t.compare(bound)
    }

    /// The value of the step.
    pub(super) fn step(&self, given: &Given) -> Found<Exact> {
        value(&given.step, self)
    }
}

/// The value of an expression in `L` and `m`.
fn value(step: &Expr, constants: &Constants) -> Found<Exact> {
    let computed = step.fold(|node, operands: Vec<Exact>| -> Found<Exact> {
        let first = operands.first().cloned().unwrap_or_else(Exact::zero);
        let real = |f: fn(Real) -> Real, x: &Exact| Exact::from(f(Real::exact(x.clone())));
        Ok(match node.node() {
            Node::Number(r) => r.clone().into(),
            Node::Variable(name) if &**name == "L" => constants.smoothness.clone(),
            Node::Variable(_) => match &constants.strong {
                Some(m) => m.clone(),
                None => return Err(Missing::Absent("the step needs m, and f is not convex".to_owned())),
            },
            Node::Negate(_) => first.neg(),
            Node::Sum(_) => operands.iter().fold(Exact::zero(), |sum, x| field::add(&sum, x)),
            Node::Product(_) => operands.iter().fold(Exact::one(), |product, x| field::mul(&product, x)),
            Node::Quotient(..) => {
                let below = operands.get(1).cloned().unwrap_or_else(Exact::zero);
                match field::div(&first, &below)? {
                    Some(quotient) => quotient,
                    None => return Err(division_by_zero(step, constants)),
                }
            }
            Node::Power(_, n) => match field::pow(&first, *n)? {
                Some(power) => power,
                None => return Err(division_by_zero(step, constants)),
            },
            Node::Exp(_) => match first.as_rational() {
                Ok(Some(q)) => Exact::exp(&q),
                _ => real(Real::exp, &first),
            },
            Node::Ln(_) => match first.ln()? {
                Some(ln) => ln,
                None => {
                    return Err(Missing::Absent(
                        "the step takes the logarithm of a number that is not positive".into(),
                    ));
                }
            },
            Node::Sqrt(_) => square_root(node, &first)?,
        })
    })?;
    computed.ok_or_else(|| Missing::Undecided("the step has no value".to_owned()))
}

fn division_by_zero(step: &Expr, constants: &Constants) -> Missing {
    let why = match (&constants.strong, constants.positive_l()) {
        (_, None) => "L = 0",
        (Some(_), _) if constants.positive_m().is_none() => "m = 0",
        _ => "a divisor is zero",
    };
    Missing::Absent(format!("the step {step} divides by zero: {why}"))
}

/// √x: rational where that is, else e^(½·ln x).
fn square_root(node: &Expr, x: &Exact) -> Found<Exact> {
    let none = || Missing::Absent(format!("{node} is the root of a negative number"));
    if let Ok(Some(r)) = x.as_rational() {
        let root = Expr::number(r.clone()).sqrt();
        if let Some(root) = root.as_number() {
            return Ok(root.clone().into());
        }
        if r.is_negative() {
            return Err(none());
        }
        let poly = crate::num::poly::Poly::new(vec![-r.clone(), Rational::zero(), Rational::one()]);
        let above = &r + Rational::one();
        if let Some(root) = crate::num::algebraic::Algebraic::new(&poly, &Rational::zero(), &above)? {
            return Ok(root.into());
        }
    }
    if x.is_zero()? {
        return Ok(Exact::zero());
    }
    match x.ln()? {
        Some(ln) => Ok(Real::exp(Real::exact(ln.scale(&ratio(1, 2)))).into()),
        None => Err(none()),
    }
}

/// The minimiser nearest to the start, and what follows from it.
pub(super) struct Optimum {
    /// x*
    pub(super) minimiser: Vec<Rational>,
    /// f* = f(x*)
    pub(super) least: Rational,
    /// x⁽⁰⁾ − x*
    pub(super) error: Vec<Rational>,
    /// ‖x⁽⁰⁾ − x*‖²
    pub(super) distance: Rational,
    /// f(x⁽⁰⁾) − f*
    pub(super) gap: Rational,
}

impl Optimum {
    pub(super) fn of(given: &Given, f: &Quadratic, constants: &Constants) -> Found<Self> {
        let fault = |why: crate::linalg::ShapeError| Missing::Undecided(why.to_string());
        if !constants.convex {
            return Err(Missing::Absent(
                "f is not convex: it falls without end along a direction v with vᵀHv < 0".into(),
            ));
        }
        let Some(minimiser) = nearest_solution(&f.hessian, &f.linear, &given.start).map_err(fault)? else {
            return Err(Missing::Absent(
                "f has no minimum: its gradient vanishes nowhere, so f falls without end along a straight line".into(),
            ));
        };
        let error: Vec<Rational> = given.start.iter().zip(&minimiser).map(|(a, b)| a - b).collect();
        let half = ratio(1, 2);
        let constant = f.polynomial.coefficient(&expr::Monomial::one());
        // At a stationary point Hx* = −b, so f* = c + ½bᵀx*; and f(x) − f* = ½(x − x*)ᵀH(x − x*).
        let least = constant + &half * dot(&f.linear, &minimiser).map_err(fault)?;
        let gap = half * dot(&error, &matvec(&f.hessian, &error).map_err(fault)?).map_err(fault)?;
        let distance = dot(&error, &error).map_err(fault)?;
        Ok(Self { minimiser, least, error, distance, gap })
    }
}
