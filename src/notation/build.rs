//! Short constructors for formulas live here; they build what was asked for and simplify nothing.

use super::{Math, Relation};
use crate::num::{Integer, Rational};

impl Math {
    /// An exact rational.
    #[must_use]
    pub fn num(value: Rational) -> Self {
        Self::Number(value)
    }

    /// An integer.
    #[must_use]
    pub fn int(value: i64) -> Self {
        Self::Number(Rational::from_integer(Integer::from(value)))
    }

    /// A rounded decimal, as text.
    pub fn decimal(digits: impl Into<String>) -> Self {
        Self::Decimal(digits.into())
    }

    /// A name in the spelling of sheets: `x1`, `theta_y`, `p_hat`, `x_star`, `W_next`.
    pub fn sym(name: impl Into<String>) -> Self {
        Self::Symbol(name.into())
    }

    /// Words inside a formula.
    pub fn words(words: impl Into<String>) -> Self {
        Self::Words(words.into())
    }

    /// −a
    #[must_use]
    #[expect(
        clippy::should_implement_trait,
        reason = "a constructor without self, named as its siblings are"
    )]
    pub fn neg(operand: Self) -> Self {
        Self::Negative(Box::new(operand))
    }

    /// a + b + …; sums among the terms stay sums of their own, in parentheses.
    #[must_use]
    pub fn sum(terms: Vec<Self>) -> Self {
        Self::Sum(terms)
    }

    /// a − b
    #[must_use]
    pub fn minus(left: Self, right: Self) -> Self {
        Self::Sum(vec![left, Self::neg(right)])
    }

    /// a · b · …; products among the factors stay products of their own, in parentheses.
    #[must_use]
    pub fn prod(factors: Vec<Self>) -> Self {
        Self::Product(factors)
    }

    /// a / b
    #[must_use]
    pub fn frac(numerator: Self, denominator: Self) -> Self {
        Self::Fraction(Box::new(numerator), Box::new(denominator))
    }

    /// aᵇ
    #[must_use]
    pub fn pow(base: Self, exponent: Self) -> Self {
        Self::Power(Box::new(base), Box::new(exponent))
    }

    /// √a
    #[must_use]
    pub fn sqrt(radicand: Self) -> Self {
        Self::Root(Box::new(radicand))
    }

    /// A function of arguments.
    pub fn apply(name: impl Into<String>, arguments: Vec<Self>) -> Self {
        Self::Apply(name.into(), arguments)
    }

    /// eᵃ
    #[must_use]
    pub fn exp(exponent: Self) -> Self {
        Self::apply("exp", vec![exponent])
    }

    /// The natural logarithm of a.
    #[must_use]
    pub fn ln(argument: Self) -> Self {
        Self::apply("log", vec![argument])
    }

    /// A base with a subscript.
    #[must_use]
    #[expect(
        clippy::should_implement_trait,
        reason = "a constructor without self, named as its siblings are"
    )]
    pub fn sub(base: Self, index: Self) -> Self {
        Self::Sub(Box::new(base), Box::new(index))
    }

    /// aᵀ
    #[must_use]
    pub fn transpose(operand: Self) -> Self {
        Self::Transpose(Box::new(operand))
    }

    /// ∂a/∂b
    #[must_use]
    pub fn partial(of: Self, by: Self) -> Self {
        Self::Partial(Box::new(of), Box::new(by))
    }

    /// ‖a‖
    #[must_use]
    pub fn norm(operand: Self) -> Self {
        Self::Norm(Box::new(operand))
    }

    /// |a|
    #[must_use]
    pub fn abs(operand: Self) -> Self {
        Self::Abs(Box::new(operand))
    }

    /// `1[a]`
    #[must_use]
    pub fn indicator(statement: Self) -> Self {
        Self::Indicator(Box::new(statement))
    }

    /// Σ of `body` over `index`, without bounds.
    #[must_use]
    pub fn sum_over(index: Self, body: Self) -> Self {
        Self::BigSum { index: Box::new(index), from: None, to: None, body: Box::new(body) }
    }

    /// Σ of `body` for `index` from `from` to `to`.
    #[must_use]
    pub fn sum_between(index: Self, from: Self, to: Self, body: Self) -> Self {
        Self::BigSum {
            index: Box::new(index),
            from: Some(Box::new(from)),
            to: Some(Box::new(to)),
            body: Box::new(body),
        }
    }

    /// A matrix by rows.
    #[must_use]
    pub fn matrix(rows: Vec<Vec<Self>>) -> Self {
        Self::Matrix(rows)
    }

    /// A column vector.
    #[must_use]
    pub fn column(entries: Vec<Self>) -> Self {
        Self::Matrix(entries.into_iter().map(|entry| vec![entry]).collect())
    }

    /// A tuple or list.
    #[must_use]
    pub fn list(entries: Vec<Self>) -> Self {
        Self::List(entries)
    }

    /// Things set side by side with commas.
    #[must_use]
    pub fn sequence(items: Vec<Self>) -> Self {
        Self::Sequence(items)
    }

    /// Parentheses that are asked for.
    #[must_use]
    pub fn group(inner: Self) -> Self {
        Self::Group(Box::new(inner))
    }

    /// `self = other`, see [`Math::then`].
    #[must_use]
    pub fn equals(self, other: Self) -> Self {
        self.then(Relation::Equal, other)
    }

    /// Goes on with a chain: `(a = b).then(≤, c)` is `a = b ≤ c`, and so is `a.then(=, b ≤ c)`.
    ///
    /// To relate a statement as one thing, put it into [`Math::group`] first.
    #[must_use]
    pub fn then(self, relation: Relation, other: Self) -> Self {
        let (first, mut links) = match self {
            Self::Chain(first, links) => (first, links),
            single => (Box::new(single), Vec::new()),
        };
        match other {
            Self::Chain(next, more) => {
                links.push((relation, *next));
                links.extend(more);
            }
            single => links.push((relation, single)),
        }
        Self::Chain(first, links)
    }
}
