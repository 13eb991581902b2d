//! The normal form of expressions lives here, and with it equality, decided; the sums it is made of are in `form.rs`.
//!
//! An expression without irrational functions other than e to an affine form is a quotient N/D, where N and D are
//! sums of terms c·x^a·e^{l(x)+q}: c and q rational, a of non-negative integers, l linear with rational coefficients.
//!
//! **Different terms are linearly independent over the rationals.** Let Σ c·x^a·e^{l+q} = 0 as a function on all of
//! Rⁿ, and gather it by l: Σₗ pₗ(x)·e^{l(x)} = 0 with polynomials pₗ whose coefficients are Σ_q c·e^q. Along a ray on
//! which the finitely many l differ and the greatest one's polynomial does not vanish, its exponential outgrows all
//! others, so its polynomial is zero after all; then the next; so every pₗ is zero, and so is every coefficient
//! Σ_q c·e^q. Distinct rational q are distinct algebraic numbers, and by the theorem of Lindemann and Weierstrass
//! (Baker, *Transcendental Number Theory*, theorem 1.4) their e^q are linearly independent over the algebraic
//! numbers: every c is zero.
//!
//! So a sum is the zero function only if no term is left, and N/D = N'/D' is decided by N·D' − N'·D. The functions
//! are analytic, hence form an integral domain, and a denominator that is not the zero function can be crossed with.
//!
//! In practice the value is held as c·x^a·e^l·Π fᵢ^{nᵢ}, with sums fᵢ of two terms or more and integers nᵢ of either
//! sign: a softmax of many classes is over one sum throughout, and crossing with twelve copies of it would not end.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use num_integer::Integer as _;
use num_traits::{One, Zero};

use super::affine::{Affine, Exponent, add_scaled};
use super::form::{Form, Key, exponent_too_large};
use super::limits::{Budget, MAX_NORMAL_WORK, bits, power, rational_root};
use super::monomial::{Monomial, Name};
use super::node::{Expr, Node};
use crate::num::{Integer, Rational, Undecided};

/// The normal form of an expression; see the head of this module's file for what it is and why it decides equality.
///
/// Two normal forms of one function need not look alike: ask [`equal`], or [`Normal::is_zero`] of the difference.
#[derive(Debug, Clone)]
pub struct Normal {
    /// c; zero for the zero function, and then nothing else is held.
    pub(super) coefficient: Rational,
    /// x^a, exponents of either sign and never zero.
    pub(super) powers: BTreeMap<Name, i64>,
    /// l(x) + q
    pub(super) exponent: Exponent,
    /// Sums of two terms or more, as [`Form::primitive`] leaves them, with exponents that are not zero.
    pub(super) factors: BTreeMap<Arc<Form>, i64>,
}

/// Whether two expressions are the same function, wherever both are defined.
///
/// # Errors
///
/// Undecided where an expression has no normal form (an irrational function, a denominator that is identically zero)
/// or where a limit is met, and a square root's square does not tell them apart.
pub fn equal(a: &Expr, b: &Expr) -> Result<bool, Undecided> {
    let settled = by_normal_form(a, b);
    if settled.is_err() && (squares_differ(a, b) || squares_differ(b, a)) { Ok(false) } else { settled }
}

fn by_normal_form(a: &Expr, b: &Expr) -> Result<bool, Undecided> {
    let mut work = Work::new();
    let left = work.normal(a)?;
    let right = work.normal(b)?.scaled(&-Rational::one());
    Ok(work.sum(&[Rc::new(left), Rc::new(right)])?.is_zero())
}

/// Whether `root` is the square root of another expression than the square of `other`: then it is not `other`.
fn squares_differ(root: &Expr, other: &Expr) -> bool {
    matches!(root.node(), Node::Sqrt(square) if by_normal_form(square, &other.pow(2)) == Ok(false))
}

impl Normal {
    /// The normal form of an expression.
    ///
    /// # Errors
    ///
    /// Undecided as for [`equal`].
    pub fn of(expr: &Expr) -> Result<Self, Undecided> {
        Work::new().normal(expr)
    }

    /// Whether the expression is the zero function.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.coefficient.is_zero()
    }

    /// The rational number that the expression is everywhere, if it is one.
    ///
    /// # Errors
    ///
    /// Undecided where a limit is met.
    pub fn as_rational(&self) -> Result<Option<Rational>, Undecided> {
        if self.factors.is_empty() {
            let constant = self.powers.is_empty() && self.exponent.is_none();
            return Ok(constant.then(|| self.coefficient.clone()));
        }
        // N/D = r only if N = r·D, and then r can be read from their least terms.
        let mut work = Work::new();
        let (above, below) = work.fraction(self)?;
        let (Some((_, n)), Some((_, d))) = (above.terms.first_key_value(), below.terms.first_key_value())
        else {
            return Ok(None);
        };
        work.budget.spend_bits(n.bits().saturating_add(d.bits()))?;
        let ratio = Rational::new(n.clone(), d.clone());
        let proportional = above.terms.len() == below.terms.len()
            && above
                .terms
                .iter()
                .zip(&below.terms)
                .all(|((k, n), (l, d))| k == l && n * ratio.denom() == d * ratio.numer());
        Ok(proportional.then(|| &self.coefficient * ratio))
    }

    fn constant(coefficient: Rational) -> Self {
        Self { coefficient, powers: BTreeMap::new(), exponent: None, factors: BTreeMap::new() }
    }

    fn variable(name: &Name) -> Self {
        Self { powers: BTreeMap::from([(name.clone(), 1)]), ..Self::constant(Rational::one()) }
    }

    fn scaled(mut self, by: &Rational) -> Self {
        self.coefficient *= by;
        if self.coefficient.is_zero() { Self::constant(Rational::zero()) } else { self }
    }

    /// Whether this is c·e^l.
    fn without_powers(&self) -> bool {
        self.powers.is_empty() && self.factors.is_empty()
    }
}

/// The work behind one question: its budget, and the operations on normal forms.
pub(super) struct Work {
    pub(super) budget: Budget,
}

impl Work {
    pub(super) fn new() -> Self {
        Self { budget: Budget::new(MAX_NORMAL_WORK) }
    }

    pub(super) fn normal(&mut self, expr: &Expr) -> Result<Normal, Undecided> {
        let value = expr.fold(|expr, operands: Vec<Rc<Normal>>| self.node(expr, &operands).map(Rc::new))?;
        let value = value.ok_or_else(|| Undecided::because("the expression is empty"))?;
        Ok(Rc::unwrap_or_clone(value))
    }

    fn node(&mut self, expr: &Expr, operands: &[Rc<Normal>]) -> Result<Normal, Undecided> {
        match (expr.node(), operands) {
            (Node::Number(r), _) => Ok(Normal::constant(r.clone())),
            (Node::Variable(name), _) => Ok(Normal::variable(name)),
            (Node::Negate(_), [a]) => Ok(Normal::clone(a).scaled(&-Rational::one())),
            (Node::Sum(_), all) => self.sum(all),
            (Node::Product(_), all) => {
                let mut product = Normal::constant(Rational::one());
                for factor in all {
                    self.multiply(&mut product, factor, 1)?;
                }
                Ok(product)
            }
            (Node::Quotient(..), [a, b]) => {
                let mut quotient = Normal::clone(a);
                self.multiply(&mut quotient, b, -1)?;
                Ok(quotient)
            }
            (Node::Power(_, n), [a]) => {
                let mut result = Normal::constant(Rational::one());
                self.multiply(&mut result, a, *n)?;
                Ok(result)
            }
            (Node::Exp(_), [a]) => {
                let exponent = self.affine(a)?;
                Ok(Normal { exponent, ..Normal::constant(Rational::one()) })
            }
            (Node::Ln(_), [a]) => self.logarithm(a),
            (Node::Sqrt(_), [a]) => self.root(a),
            _ => Err(Undecided::because("a node has the wrong number of operands")),
        }
    }

    /// Multiplies `product` by b^n.
    fn multiply(&mut self, product: &mut Normal, b: &Normal, n: i64) -> Result<(), Undecided> {
        if b.is_zero() && n <= 0 {
            return Err(Undecided::because(if n < 0 {
                "a denominator is identically zero"
            } else {
                "zero to the power zero appears"
            }));
        }
        if product.is_zero() {
            return Ok(());
        }
        if b.is_zero() {
            *product = Normal::constant(Rational::zero());
            return Ok(());
        }
        let grown = bits(&b.coefficient).saturating_mul(n.unsigned_abs());
        self.budget.spend_bits(bits(&product.coefficient).saturating_add(grown))?;
        let coefficient = power(&b.coefficient, n).ok_or_else(exponent_too_large)?;
        product.coefficient *= coefficient;
        let scale = Rational::from_integer(Integer::from(n));
        product.exponent = add_scaled(&product.exponent, &b.exponent, &scale, &mut self.budget)?;
        raise(&mut product.powers, &b.powers, n)?;
        raise(&mut product.factors, &b.factors, n)?;
        self.budget.spend(count(b.powers.len().saturating_add(b.factors.len())))?;
        Ok(())
    }

    /// The sum: what all terms share is taken out, the rest is expanded and added term by term.
    pub(super) fn sum(&mut self, terms: &[Rc<Normal>]) -> Result<Normal, Undecided> {
        let terms: Vec<&Normal> = terms.iter().map(|t| &**t).filter(|t| !t.is_zero()).collect();
        if let [one] = terms.as_slice() {
            return Ok(Normal::clone(one));
        }
        let powers = least_exponents(terms.iter().map(|t| &t.powers));
        let factors = least_exponents(terms.iter().map(|t| &t.factors));
        self.budget.spend(count(terms.len()).saturating_mul(count(powers.len() + factors.len())))?;
        let mut denominator = Integer::one();
        for term in &terms {
            let d = term.coefficient.denom();
            if !d.is_one() && *d != denominator {
                self.budget.spend_bits(denominator.bits().saturating_add(d.bits()))?;
                denominator = denominator.lcm(d);
            }
        }
        let mut sum = Form::default();
        for term in terms {
            self.budget.spend_bits(denominator.bits().saturating_add(bits(&term.coefficient)))?;
            let c = term.coefficient.numer() * (&denominator / term.coefficient.denom());
            let monomial = monomial(without(&term.powers, &powers))?;
            let mut expanded = Form::term(Key { monomial, exponent: term.exponent.clone() }, c);
            for (form, n) in without(&term.factors, &factors) {
                expanded = self.times_power(expanded, &form, n)?;
            }
            for (key, c) in expanded.terms {
                sum.add(key, c, &mut self.budget)?;
            }
        }
        let Some((content, unit, rest)) = sum.primitive(&mut self.budget)? else {
            return Ok(Normal::constant(Rational::zero()));
        };
        self.budget.spend_bits(content.bits().saturating_add(denominator.bits()))?;
        let mut result = Normal {
            coefficient: Rational::new(content, denominator),
            powers,
            exponent: unit.exponent,
            factors,
        };
        let shared = unit.monomial.powers().iter().map(|(name, n)| (name.clone(), i64::from(*n))).collect();
        raise(&mut result.powers, &shared, 1)?;
        if rest.terms.len() > 1 {
            raise(&mut result.factors, &BTreeMap::from([(Arc::new(rest), 1)]), 1)?;
        }
        Ok(result)
    }

    /// form · factorⁿ for n ≥ 0.
    fn times_power(&mut self, mut form: Form, factor: &Form, n: i64) -> Result<Form, Undecided> {
        let n = u32::try_from(n).map_err(|_| exponent_too_large())?;
        // A short sum is multiplied in one factor at a time; for a long one the power is made first.
        if form.terms.len() <= 1 {
            let power = factor.pow(n, &mut self.budget)?;
            return if n == 0 { Ok(form) } else { form.times(&power, &mut self.budget) };
        }
        for _ in 0..n {
            form = form.times(factor, &mut self.budget)?;
        }
        Ok(form)
    }

    /// Numerator and denominator, expanded, without the coefficient; the exponential stands in the numerator.
    pub(super) fn fraction(&mut self, normal: &Normal) -> Result<(Form, Form), Undecided> {
        let side = |sign: i64| normal.powers.iter().map(move |(name, n)| (name.clone(), (n * sign).max(0)));
        let unit = |monomial, exponent| Form::term(Key { monomial, exponent }, Integer::one());
        let mut above = unit(monomial(side(1))?, normal.exponent.clone());
        let mut below = unit(monomial(side(-1))?, None);
        for (form, n) in &normal.factors {
            if *n > 0 {
                above = self.times_power(above, form, *n)?;
            } else {
                below = self.times_power(below, form, n.saturating_neg())?;
            }
        }
        Ok((above, below))
    }

    /// The affine form that a value is, for an exponent of e.
    fn affine(&mut self, value: &Normal) -> Result<Exponent, Undecided> {
        let refuse = || Undecided::because("exp of what is not a linear form plus a rational constant");
        if value.is_zero() {
            return Ok(None);
        }
        let (above, below) = self.fraction(value)?;
        if below.terms.len() != 1 || below.terms.first_key_value().is_some_and(|(k, _)| *k != Key::default())
        {
            return Err(refuse());
        }
        let mut linear = BTreeMap::new();
        let mut constant = Rational::zero();
        for (key, c) in above.terms {
            self.budget.spend_bits(c.bits().saturating_add(bits(&value.coefficient)))?;
            let c = &value.coefficient * Rational::from_integer(c);
            match key.monomial.powers() {
                _ if key.exponent.is_some() => return Err(refuse()),
                [] => constant = c,
                [(name, 1)] => {
                    linear.insert(name.clone(), c);
                }
                _ => return Err(refuse()),
            }
        }
        Ok(Affine::exponent(linear, constant))
    }

    /// ln e^l = l; every other logarithm is left undecided.
    fn logarithm(&mut self, value: &Normal) -> Result<Normal, Undecided> {
        if !value.coefficient.is_one() || !value.without_powers() {
            return Err(Undecided::because("log of what is not a power of e"));
        }
        let Some(l) = &value.exponent else { return Ok(Normal::constant(Rational::zero())) };
        let terms = l.linear().iter().map(|(name, c)| Rc::new(Normal::variable(name).scaled(c)));
        let terms: Vec<_> = terms.chain([Rc::new(Normal::constant(l.constant().clone()))]).collect();
        self.sum(&terms)
    }

    /// √(r²·e^l) = |r|·e^{l/2}; every other root is left undecided.
    fn root(&mut self, value: &Normal) -> Result<Normal, Undecided> {
        self.budget.spend_bits(bits(&value.coefficient))?;
        let root = rational_root(&value.coefficient).filter(|_| value.without_powers());
        let root = root.ok_or_else(|| Undecided::because("sqrt of what is not the square of a rational"))?;
        let half = Rational::new_raw(Integer::one(), Integer::from(2));
        let exponent = add_scaled(&None, &value.exponent, &half, &mut self.budget)?;
        Ok(Normal { exponent, ..Normal::constant(root) })
    }
}

/// Multiplies in others^n: exponents add, those that become zero go.
fn raise<K: Ord + Clone>(
    exponents: &mut BTreeMap<K, i64>,
    others: &BTreeMap<K, i64>,
    n: i64,
) -> Result<(), Undecided> {
    for (key, m) in others {
        let more = m.checked_mul(n).ok_or_else(exponent_too_large)?;
        let sum = exponents.get(key).unwrap_or(&0).checked_add(more);
        // Within 32 bits, later sums and differences cannot leave 64.
        let sum = sum.filter(|s| i32::try_from(*s).is_ok()).ok_or_else(exponent_too_large)?;
        if sum == 0 {
            exponents.remove(key);
        } else {
            exponents.insert(key.clone(), sum);
        }
    }
    Ok(())
}

/// The exponents that are left when what is shared is taken out.
fn without<K: Ord + Clone>(
    exponents: &BTreeMap<K, i64>,
    shared: &BTreeMap<K, i64>,
) -> impl Iterator<Item = (K, i64)> {
    let mut left = exponents.clone();
    for (key, n) in shared {
        let place = left.entry(key.clone()).or_insert(0);
        *place = place.saturating_sub(*n);
    }
    left.into_iter()
}

/// The least exponent of every key over all maps, where it is not zero; a missing key has exponent zero.
fn least_exponents<'a, K: Ord + Clone + 'a>(
    maps: impl ExactSizeIterator<Item = &'a BTreeMap<K, i64>>,
) -> BTreeMap<K, i64> {
    let total = maps.len();
    let mut least: BTreeMap<K, (i64, usize)> = BTreeMap::new();
    for map in maps {
        for (key, n) in map {
            match least.get_mut(key) {
                Some((m, seen)) => {
                    *m = (*m).min(*n);
                    *seen += 1;
                }
                None => {
                    least.insert(key.clone(), (*n, 1));
                }
            }
        }
    }
    let least = least.into_iter().map(|(key, (n, seen))| (key, if seen < total { n.min(0) } else { n }));
    least.filter(|(_, n)| *n != 0).collect()
}

/// A monomial from exponents that are not negative.
fn monomial(powers: impl Iterator<Item = (Name, i64)>) -> Result<Monomial, Undecided> {
    let powers: Result<Vec<_>, _> = powers
        .map(|(name, n)| u32::try_from(n).map(|n| (name, n)).map_err(|_| exponent_too_large()))
        .collect();
    Ok(Monomial::from_sorted(powers?))
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
