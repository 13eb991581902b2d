//! Constructors of expressions live here, with their light simplification; nothing is expanded or collected.
//!
//! Simplified are: zero terms, unit factors, first powers, nested sums and products, constants among themselves while
//! they stay short, and zero times what has a value everywhere. A division by zero is never simplified away.

use std::ops::{Add, Mul, Neg, Sub};
use std::sync::Arc;

use num_traits::{One, Signed, Zero};

use super::limits::{MAX_FOLD_BITS, MAX_POWER, bits, power, rational_root};
use super::node::{Expr, Node};
use crate::num::{Integer, Rational};

impl Expr {
    /// A rational constant.
    #[must_use]
    pub fn number(value: Rational) -> Self {
        Self::from_node(Node::Number(value))
    }

    /// An integer constant.
    #[must_use]
    pub fn integer(value: i64) -> Self {
        Self::number(Rational::from_integer(Integer::from(value)))
    }

    /// A variable. Names that [`super::parse()`] would not read as one print text that does not read back.
    #[must_use]
    pub fn var(name: &str) -> Self {
        Self::from_node(Node::Variable(Arc::from(name)))
    }

    /// The sum of all terms; zero if there are none.
    #[must_use]
    pub fn sum(terms: impl IntoIterator<Item = Expr>) -> Self {
        let mut flat: Vec<Expr> = Vec::new();
        // Where the constant stands, and what it has grown to.
        let mut constant: Option<(usize, Rational)> = None;
        let mut push = |term: &Expr| match (term.as_number(), &mut constant) {
            (Some(r), Some((_, sum))) if bits(sum).saturating_add(bits(r)) <= MAX_FOLD_BITS => *sum += r,
            (Some(r), None) => constant = Some((flat.len(), r.clone())),
            _ => flat.push(term.clone()),
        };
        for term in terms {
            match term.node() {
                Node::Sum(inner) => inner.iter().for_each(&mut push),
                _ => push(&term),
            }
        }
        if let Some((place, r)) = constant
            && !r.is_zero()
        {
            flat.insert(place.min(flat.len()), Self::number(r));
        }
        match flat.len() {
            0 => Self::integer(0),
            1 => flat.swap_remove(0),
            _ => Self::from_node(Node::Sum(flat)),
        }
    }

    /// The product of all factors; one if there are none. The coefficient comes first.
    #[must_use]
    pub fn product(factors: impl IntoIterator<Item = Expr>) -> Self {
        let mut flat: Vec<Expr> = Vec::new();
        let mut coefficient = Rational::one();
        let mut push = |factor: &Expr| match factor.as_number() {
            Some(r) if bits(&coefficient).saturating_add(bits(r)) <= MAX_FOLD_BITS => coefficient *= r,
            // A long coefficient beside nothing yet: take it as it is.
            Some(r) if coefficient.is_one() => coefficient = r.clone(),
            _ => flat.push(factor.clone()),
        };
        let mut negative = false;
        for factor in factors {
            let factor = match factor.node() {
                Node::Negate(a) => {
                    negative = !negative;
                    a
                }
                _ => &factor,
            };
            match factor.node() {
                Node::Product(inner) => inner.iter().for_each(&mut push),
                _ => push(factor),
            }
        }
        if negative {
            coefficient = -coefficient;
        }
        if coefficient.is_zero() && flat.iter().all(|e| e.0.total) {
            return Self::integer(0);
        }
        let minus = !flat.is_empty() && (-&coefficient).is_one();
        if !minus && (!coefficient.is_one() || flat.is_empty()) {
            flat.insert(0, Self::number(coefficient));
        }
        let product = match flat.len() {
            1 => flat.swap_remove(0),
            _ => Self::from_node(Node::Product(flat)),
        };
        if minus { product.negate() } else { product }
    }

    /// −self
    #[must_use]
    pub fn negate(&self) -> Self {
        match self.node() {
            Node::Number(r) => Self::number(-r),
            Node::Negate(a) => a.clone(),
            Node::Product(all) => match all.split_first() {
                Some((first, rest)) if first.as_number().is_some() => {
                    Self::product(std::iter::once(first.negate()).chain(rest.iter().cloned()))
                }
                _ => Self::from_node(Node::Negate(self.clone())),
            },
            _ => Self::from_node(Node::Negate(self.clone())),
        }
    }

    /// self / divisor. A division by zero stays as it is, for evaluation and the normal form to refuse.
    #[must_use]
    pub fn over(&self, divisor: &Expr) -> Self {
        let quotient = || Self::from_node(Node::Quotient(self.clone(), divisor.clone()));
        let fold = |a: &Rational, b: &Rational| bits(a).saturating_add(bits(b)) <= MAX_FOLD_BITS;
        match (self.node(), divisor.as_number()) {
            (_, Some(d)) if d.is_zero() => quotient(),
            (_, Some(d)) if d.is_one() => self.clone(),
            (_, Some(d)) if (-d).is_one() => self.negate(),
            (Node::Number(n), Some(d)) if fold(n, d) => Self::number(n / d),
            (Node::Product(all), Some(d)) => match all.split_first() {
                Some((first, rest)) if first.as_number().is_some_and(|n| fold(n, d)) => {
                    Self::product(std::iter::once(first.over(divisor)).chain(rest.iter().cloned()))
                }
                _ => quotient(),
            },
            (Node::Quotient(a, b), _) => {
                Self::from_node(Node::Quotient(a.clone(), Self::product([b.clone(), divisor.clone()])))
            }
            _ => quotient(),
        }
    }

    /// self to an integer power. Any exponent can be built; beyond [`MAX_POWER`] nothing folds it.
    #[must_use]
    pub fn pow(&self, exponent: i64) -> Self {
        let plain = || Self::from_node(Node::Power(self.clone(), exponent));
        match (self.node(), exponent) {
            (_, 1) => self.clone(),
            (_, 0) if self.0.total => Self::integer(1),
            (Node::Number(r), n) if bits(r).saturating_mul(n.unsigned_abs()) <= MAX_FOLD_BITS => {
                power(r, n).map_or_else(plain, Self::number)
            }
            // Two negative exponents would give a value at zero to what has none.
            (Node::Power(base, m), n) if *m > 0 || n > 0 => match m.checked_mul(n) {
                Some(mn) if mn != 0 && (-MAX_POWER..=MAX_POWER).contains(&mn) => base.pow(mn),
                _ => plain(),
            },
            _ => plain(),
        }
    }

    /// e to the power self
    #[must_use]
    pub fn exp(&self) -> Self {
        match self.node() {
            Node::Number(r) if r.is_zero() => Self::integer(1),
            _ => Self::from_node(Node::Exp(self.clone())),
        }
    }

    /// The natural logarithm of self.
    #[must_use]
    pub fn ln(&self) -> Self {
        match self.node() {
            Node::Number(r) if r.is_one() => Self::integer(0),
            _ => Self::from_node(Node::Ln(self.clone())),
        }
    }

    /// The non-negative square root of self.
    #[must_use]
    pub fn sqrt(&self) -> Self {
        match self.node() {
            Node::Number(r) if bits(r) <= MAX_FOLD_BITS => {
                rational_root(r).map_or_else(|| Self::from_node(Node::Sqrt(self.clone())), Self::number)
            }
            _ => Self::from_node(Node::Sqrt(self.clone())),
        }
    }

    /// What follows the minus sign, if the expression begins with one: `x` for −x, `2*x` for −2·x.
    pub(crate) fn without_minus(&self) -> Option<Self> {
        let negative = |e: &Expr| match e.node() {
            Node::Number(r) => r.is_negative(),
            Node::Negate(_) => true,
            Node::Product(all) => all.first().and_then(Expr::as_number).is_some_and(Rational::is_negative),
            _ => false,
        };
        match self.node() {
            _ if negative(self) => Some(self.negate()),
            Node::Quotient(a, b) if negative(a) => {
                Some(Self::from_node(Node::Quotient(a.negate(), b.clone())))
            }
            _ => None,
        }
    }
}

impl From<Rational> for Expr {
    fn from(value: Rational) -> Self {
        Self::number(value)
    }
}

/// Writes an operator for owned and borrowed operands alike.
macro_rules! operator {
    ($trait:ident, $method:ident, |$a:ident, $b:ident| $body:expr) => {
        impl $trait<&Expr> for &Expr {
            type Output = Expr;
            fn $method(self, other: &Expr) -> Expr {
                let ($a, $b) = (self.clone(), other.clone());
                $body
            }
        }
        impl $trait<Expr> for Expr {
            type Output = Expr;
            fn $method(self, other: Expr) -> Expr {
                let ($a, $b) = (self, other);
                $body
            }
        }
        impl $trait<&Expr> for Expr {
            type Output = Expr;
            fn $method(self, other: &Expr) -> Expr {
                let ($a, $b) = (self, other.clone());
                $body
            }
        }
        impl $trait<Expr> for &Expr {
            type Output = Expr;
            fn $method(self, other: Expr) -> Expr {
                let ($a, $b) = (self.clone(), other);
                $body
            }
        }
    };
}

operator!(Add, add, |a, b| Expr::sum([a, b]));
operator!(Sub, sub, |a, b| Expr::sum([a, b.negate()]));
operator!(Mul, mul, |a, b| Expr::product([a, b]));

impl Neg for Expr {
    type Output = Expr;
    fn neg(self) -> Expr {
        self.negate()
    }
}

impl Neg for &Expr {
    type Output = Expr;
    fn neg(self) -> Expr {
        self.negate()
    }
}
