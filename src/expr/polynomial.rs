//! Polynomials with rational coefficients live here, as objectives are read into.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use num_traits::Zero;

use super::evaluate::EvalError;
use super::form::Key;
use super::limits::{Budget, MAX_EVALUATION_WORK, bits, power, same};
use super::monomial::{Monomial, Name};
use super::node::Expr;
use super::normal::Work;
use crate::num::{Integer, Rational, Undecided};

/// A polynomial in named variables: each monomial with its coefficient, none of them zero.
#[derive(Debug, Clone, Default)]
pub struct Polynomial {
    terms: BTreeMap<Monomial, Rational>,
}

/// Why an expression is not read as a polynomial.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotPolynomial {
    /// It divides by something that depends on a variable.
    #[error("not a polynomial: it divides by an expression in its variables")]
    Denominator,
    /// It holds an exponential.
    #[error("not a polynomial: it holds an exponential")]
    Exponential,
    /// It could not be brought to its normal form.
    #[error(transparent)]
    Undecided(#[from] Undecided),
}

/// Reads an expression as a polynomial, expanding products and powers.
///
/// # Errors
///
/// It is none, or it could not be told; see [`NotPolynomial`].
pub fn as_polynomial(expr: &Expr) -> Result<Polynomial, NotPolynomial> {
    let mut work = Work::new();
    let normal = work.normal(expr)?;
    if normal.is_zero() {
        return Ok(Polynomial::default());
    }
    if normal.powers.values().chain(normal.factors.values()).any(|n| *n < 0) {
        return Err(NotPolynomial::Denominator);
    }
    // A factor with an exponential has one in all its multiples: greatest and least exponents of e add.
    let exponential = |key: &Key| key.exponent.is_some();
    if normal.exponent.is_some() || normal.factors.keys().any(|f| f.terms.keys().any(exponential)) {
        return Err(NotPolynomial::Exponential);
    }
    let (form, _) = work.fraction(&normal)?;
    let mut terms = BTreeMap::new();
    for (key, c) in form.terms {
        work.budget
            .spend_bits(c.bits().saturating_add(bits(&normal.coefficient)))
            .map_err(Undecided::from)?;
        terms.insert(key.monomial, &normal.coefficient * Rational::from_integer(c));
    }
    Ok(Polynomial { terms })
}

impl Polynomial {
    /// The sum of the terms given; equal monomials are collected.
    #[must_use]
    pub fn from_terms(terms: impl IntoIterator<Item = (Monomial, Rational)>) -> Self {
        let mut collected: BTreeMap<Monomial, Rational> = BTreeMap::new();
        for (monomial, c) in terms {
            *collected.entry(monomial).or_insert_with(Rational::zero) += c;
        }
        collected.retain(|_, c| !c.is_zero());
        Self { terms: collected }
    }

    /// The greatest degree of a term; zero for constants, the zero polynomial among them.
    #[must_use]
    pub fn degree(&self) -> u32 {
        self.terms.keys().map(Monomial::degree).max().unwrap_or(0)
    }

    /// Whether no term is left.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.terms.is_empty()
    }

    /// The coefficient before a monomial, zero where it does not appear.
    #[must_use]
    pub fn coefficient(&self, monomial: &Monomial) -> Rational {
        self.terms.get(monomial).cloned().unwrap_or_else(Rational::zero)
    }

    /// Monomials with their coefficients, none zero, in the order of [`Monomial`].
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Monomial, &Rational)> {
        self.terms.iter()
    }

    /// The names of the variables that appear.
    #[must_use]
    pub fn variables(&self) -> BTreeSet<String> {
        self.terms.keys().flat_map(Monomial::iter).map(|(name, _)| name.to_string()).collect()
    }

    /// The exact value where each variable has its value in `values`.
    ///
    /// # Errors
    ///
    /// A variable without a value, or a value too long to compute.
    pub fn evaluate(&self, values: &BTreeMap<String, Rational>) -> Result<Rational, EvalError> {
        let mut budget = Budget::new(MAX_EVALUATION_WORK);
        let mut sum = Rational::zero();
        for (monomial, c) in &self.terms {
            let mut term = c.clone();
            for (name, n) in monomial.iter() {
                let x = values.get(name).ok_or_else(|| EvalError::UnknownVariable(name.to_string()))?;
                budget.spend_bits(bits(x).saturating_mul(u64::from(n)).saturating_add(bits(&term)))?;
                term *= power(x, i64::from(n)).ok_or(EvalError::TooLarge)?;
            }
            budget.spend_bits(bits(&sum).saturating_add(bits(&term)))?;
            sum += term;
        }
        Ok(sum)
    }

    /// The partial derivative with respect to `var`.
    #[must_use]
    pub fn derivative(&self, var: &str) -> Self {
        let lowered = self.terms.iter().filter_map(|(monomial, c)| {
            let n = monomial.exponent(var);
            let lower = n.checked_sub(1)?;
            let powers = monomial
                .powers()
                .iter()
                .map(|(name, m)| (name.clone(), if &**name == var { lower } else { *m }));
            Some((Monomial::from_sorted(powers), c * Rational::from_integer(Integer::from(n))))
        });
        Self { terms: lowered.collect() }
    }

    /// A tidy expression: greatest degree first, then along `order`; variables that `order` leaves out come after,
    /// alphabetically: `2*x1 - x2 + 3`.
    #[must_use]
    pub fn to_expr(&self, order: &[String]) -> Expr {
        let rest = self.variables().into_iter().filter(|name| !order.contains(name));
        let names: Vec<Name> = order.iter().cloned().chain(rest).map(Name::from).collect();
        let place: BTreeMap<&str, usize> = names.iter().enumerate().map(|(i, name)| (&**name, i)).collect();
        // Along the names, an earlier variable comes first, and of two powers of it the higher one.
        let along = |m: &Monomial| {
            let mut powers: Vec<_> = m
                .iter()
                .map(|(name, n)| (place.get(name).copied().unwrap_or(usize::MAX), Reverse(n)))
                .collect();
            powers.sort_unstable();
            powers
        };
        let mut terms: Vec<_> =
            self.terms.iter().map(|(m, c)| ((Reverse(m.degree()), along(m)), c)).collect();
        terms.sort_by(|a, b| a.0.cmp(&b.0));
        let variable: Vec<Expr> = names.iter().map(|name| Expr::var(name)).collect();
        Expr::sum(terms.into_iter().map(|((_, powers), c)| {
            let powers =
                powers.into_iter().filter_map(|(i, Reverse(n))| variable.get(i).map(|x| x.pow(i64::from(n))));
            Expr::product(std::iter::once(Expr::number(c.clone())).chain(powers))
        }))
    }
}

/// Equal coefficients before equal monomials.
impl PartialEq for Polynomial {
    fn eq(&self, other: &Self) -> bool {
        self.terms.len() == other.terms.len()
            && self.terms.iter().zip(&other.terms).all(|((m, c), (n, d))| m == n && same(c, d))
    }
}

impl Eq for Polynomial {}
