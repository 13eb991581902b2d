//! Exact values of expressions at rational points live here.

use std::collections::BTreeMap;

use num_traits::{One, Signed, Zero};

use super::limits::{Budget, Exhausted, MAX_EVALUATION_WORK, bits, power, rational_root};
use super::node::{Expr, Node};
use crate::num::Rational;

/// Why an expression has no rational value at a point.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// A divisor is zero there.
    #[error("division by zero")]
    DivisionByZero,
    /// A variable has been given no value.
    #[error("`{0}` has no value")]
    UnknownVariable(String),
    /// The logarithm of a number that is not positive, or the square root of a negative one.
    #[error("{0} has no real value there")]
    NotReal(&'static str),
    /// The value of a function is not rational.
    #[error("the value of {0} is not rational")]
    Irrational(&'static str),
    /// The numbers grow too long.
    #[error("the value takes more than {MAX_EVALUATION_WORK} steps to compute (the limit on its work)")]
    TooLarge,
}

impl From<Exhausted> for EvalError {
    fn from(_: Exhausted) -> Self {
        Self::TooLarge
    }
}

impl Expr {
    /// The exact value where each variable has its value in `values`.
    ///
    /// # Errors
    ///
    /// No value there, no rational value, or one too long to compute; see [`EvalError`].
    pub fn evaluate(&self, values: &BTreeMap<String, Rational>) -> Result<Rational, EvalError> {
        let mut budget = Budget::new(MAX_EVALUATION_WORK);
        let value = self.fold(|expr, operands| node_value(expr, &operands, values, &mut budget))?;
        value.ok_or(EvalError::TooLarge)
    }
}

/// The value of one node from those of its operands.
fn node_value(
    expr: &Expr,
    operands: &[Rational],
    values: &BTreeMap<String, Rational>,
    budget: &mut Budget,
) -> Result<Rational, EvalError> {
    let first = || operands.first().ok_or(EvalError::TooLarge);
    match expr.node() {
        Node::Number(r) => Ok(r.clone()),
        Node::Variable(name) => {
            values.get(&**name).cloned().ok_or_else(|| EvalError::UnknownVariable(name.to_string()))
        }
        Node::Negate(_) => first().map(|a| -a),
        Node::Sum(_) => operands.iter().try_fold(Rational::zero(), |sum, r| {
            budget.spend_bits(bits(&sum).saturating_add(bits(r)))?;
            // Most terms vanish at a point with few coordinates, and a fraction is dear to add.
            Ok(if r.is_zero() { sum } else { sum + r })
        }),
        Node::Product(_) => operands.iter().try_fold(Rational::one(), |product, r| {
            budget.spend_bits(bits(&product).saturating_add(bits(r)))?;
            Ok(if product.is_zero() || r.is_one() { product } else { product * r })
        }),
        Node::Quotient(..) => {
            let (a, b) = (first()?, operands.get(1).ok_or(EvalError::TooLarge)?);
            if b.is_zero() {
                return Err(EvalError::DivisionByZero);
            }
            budget.spend_bits(bits(a).saturating_add(bits(b)))?;
            Ok(a / b)
        }
        Node::Power(_, n) => {
            let a = first()?;
            if a.is_zero() && *n < 0 {
                return Err(EvalError::DivisionByZero);
            }
            budget.spend_bits(bits(a).saturating_mul(n.unsigned_abs()))?;
            power(a, *n).ok_or(EvalError::TooLarge)
        }
        Node::Exp(_) if first()?.is_zero() => Ok(Rational::one()),
        Node::Exp(_) => Err(EvalError::Irrational("exp")),
        Node::Ln(_) if first()?.is_one() => Ok(Rational::zero()),
        Node::Ln(_) if !first()?.is_positive() => Err(EvalError::NotReal("log")),
        Node::Ln(_) => Err(EvalError::Irrational("log")),
        Node::Sqrt(_) => {
            let a = first()?;
            if a.is_negative() {
                return Err(EvalError::NotReal("sqrt"));
            }
            budget.spend_bits(bits(a))?;
            rational_root(a).ok_or(EvalError::Irrational("sqrt"))
        }
    }
}
