//! Exact values of expressions at rational points live here.

use std::collections::{BTreeMap, BTreeSet};

use num_traits::{One, Signed, Zero};

use super::limits::{Budget, Exhausted, MAX_EVALUATION_WORK, bits, power, rational_root, same};
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

    /// The exact values at points near one another: at `base` with the variables in each of `moves` at other values. A part
    /// of the expression is computed again only at the points where one of its variables has moved.
    ///
    /// # Errors
    ///
    /// As [`Expr::evaluate`], where one of the points has no value.
    pub fn evaluate_near(
        &self,
        base: &BTreeMap<String, Rational>,
        moves: &[BTreeMap<String, Rational>],
    ) -> Result<Vec<Rational>, EvalError> {
        let points = u64::try_from(moves.len()).unwrap_or(u64::MAX).saturating_add(1);
        let mut budget = Budget::new(MAX_EVALUATION_WORK.saturating_mul(points));
        let near = self.fold(|expr, operands| Near::of(expr, &operands, base, moves, &mut budget))?;
        let near = near.ok_or(EvalError::TooLarge)?;
        Ok((0..moves.len()).map(|point| near.at(point).clone()).collect())
    }
}

/// The value of a part at one point, and at those of many others where it differs.
#[derive(Clone)]
struct Near {
    base: Rational,
    moved: BTreeMap<usize, Rational>,
}

impl Near {
    fn at(&self, point: usize) -> &Rational {
        self.moved.get(&point).unwrap_or(&self.base)
    }

    fn of(
        expr: &Expr,
        operands: &[Self],
        base: &BTreeMap<String, Rational>,
        moves: &[BTreeMap<String, Rational>],
        budget: &mut Budget,
    ) -> Result<Self, EvalError> {
        let at_base: Vec<Rational> = operands.iter().map(|operand| operand.base.clone()).collect();
        let value = node_value(expr, &at_base, base, budget)?;
        let mut moved = BTreeMap::new();
        match expr.node() {
            Node::Variable(name) => {
                let here =
                    |(point, values): (usize, &BTreeMap<_, _>)| Some((point, values.get(&**name).cloned()?));
                moved.extend(moves.iter().enumerate().filter_map(here));
            }
            // Of many terms few move at once: the sum changes by as much as they do.
            Node::Sum(_) => {
                for operand in operands {
                    for (&point, there) in &operand.moved {
                        let sum = moved.entry(point).or_insert_with(|| value.clone());
                        budget.spend_bits(bits(sum).saturating_add(bits(there)))?;
                        *sum += there - &operand.base;
                    }
                }
            }
            _ => {
                let points: BTreeSet<usize> = operands.iter().flat_map(|x| x.moved.keys().copied()).collect();
                for point in points {
                    let there: Vec<Rational> = operands.iter().map(|x| x.at(point).clone()).collect();
                    moved.insert(point, node_value(expr, &there, base, budget)?);
                }
            }
        }
        moved.retain(|_, there| !same(there, &value));
        Ok(Self { base: value, moved })
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
