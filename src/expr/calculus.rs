//! Derivatives and substitution live here; values are in `evaluate.rs`.

use std::collections::BTreeMap;
use std::convert::Infallible;

use super::node::{Expr, Node};
use crate::num::{Integer, Rational};

/// The number of factors times moving factors up to which the product rule is written out flat.
const FLAT_PRODUCT_RULE: usize = 4_096;

impl Expr {
    /// The partial derivative with respect to `var`, by the rules of calculus; lightly simplified, not expanded.
    ///
    /// It holds wherever the expression is differentiable.
    #[must_use]
    pub fn derivative(&self, var: &str) -> Self {
        // `None` is a derivative that vanishes because `var` does not appear.
        let derived: Result<_, Infallible> = self.fold(|expr, operands| Ok(rule(expr, &operands, var)));
        match derived {
            Ok(derivative) => derivative.flatten().unwrap_or_else(|| Self::integer(0)),
            Err(never) => match never {},
        }
    }

    /// The expression with every variable that `values` names replaced, all at once.
    #[must_use]
    pub fn substitute(&self, values: &BTreeMap<String, Expr>) -> Self {
        let replaced: Result<_, Infallible> = self.fold(|expr, operands| Ok(rebuild(expr, operands, values)));
        match replaced {
            Ok(expr) => expr.unwrap_or_else(|| self.clone()),
            Err(never) => match never {},
        }
    }
}

/// The derivative of one node from those of its operands.
fn rule(expr: &Expr, operands: &[Option<Expr>], var: &str) -> Option<Expr> {
    let first = operands.first().cloned().flatten();
    match expr.node() {
        Node::Number(_) => None,
        Node::Variable(name) => (&**name == var).then(|| Expr::integer(1)),
        Node::Negate(_) => first.map(|d| d.negate()),
        Node::Sum(_) => {
            let moving: Vec<Expr> = operands.iter().flatten().cloned().collect();
            (!moving.is_empty()).then(|| Expr::sum(moving))
        }
        Node::Product(factors) => product_rule(factors, operands),
        Node::Quotient(a, b) => match (first, operands.get(1).cloned().flatten()) {
            (None, None) => None,
            (Some(da), None) => Some(da.over(b)),
            (None, Some(db)) => Some((a * db).over(&b.pow(2)).negate()),
            (Some(da), Some(db)) => Some((da * b - a * db).over(&b.pow(2))),
        },
        Node::Power(_, 0) => None,
        Node::Power(a, n) => first.map(|da| {
            let exponent = Expr::number(Rational::from_integer(Integer::from(*n)));
            let lower = n.checked_sub(1).map_or_else(|| expr.over(a), |lower| a.pow(lower));
            Expr::product([exponent, lower, da])
        }),
        Node::Exp(_) => first.map(|da| da * expr),
        Node::Ln(a) => first.map(|da| da.over(a)),
        Node::Sqrt(_) => first.map(|da| da.over(&(Expr::integer(2) * expr))),
    }
}

/// The product rule: flat while it stays short, in halves beyond, so that its size never grows as a square.
fn product_rule(factors: &[Expr], derivatives: &[Option<Expr>]) -> Option<Expr> {
    let moving = derivatives.iter().flatten().count();
    if moving == 0 {
        return None;
    }
    if moving <= 1 || moving.saturating_mul(factors.len()) <= FLAT_PRODUCT_RULE {
        let terms = derivatives.iter().enumerate().filter_map(|(i, d)| {
            let d = d.as_ref()?;
            Some(Expr::product(factors.iter().enumerate().map(|(j, f)| if i == j { d } else { f }.clone())))
        });
        return Some(Expr::sum(terms));
    }
    let half = factors.len() / 2;
    let (left, right) = factors.split_at_checked(half)?;
    let (d_left, d_right) = derivatives.split_at_checked(half)?;
    // Each half is built once and shared by all terms that hold it.
    let (whole_left, whole_right) = (Expr::product(left.to_vec()), Expr::product(right.to_vec()));
    let terms = [
        product_rule(left, d_left).map(|d| nested(d, whole_right)),
        product_rule(right, d_right).map(|d| nested(whole_left, d)),
    ];
    Some(Expr::sum(terms.into_iter().flatten()))
}

/// a·b without merging the factors of either.
fn nested(a: Expr, b: Expr) -> Expr {
    Expr::from_node(Node::Product(vec![a, b]))
}

/// The node over new operands.
fn rebuild(expr: &Expr, operands: Vec<Expr>, values: &BTreeMap<String, Expr>) -> Expr {
    match (expr.node(), operands.as_slice()) {
        (Node::Variable(name), _) => values.get(&**name).unwrap_or(expr).clone(),
        (Node::Sum(_), _) => Expr::sum(operands),
        (Node::Product(_), _) => Expr::product(operands),
        (Node::Quotient(..), [a, b]) => a.over(b),
        (Node::Negate(_), [a]) => a.negate(),
        (Node::Power(_, n), [a]) => a.pow(*n),
        (Node::Exp(_), [a]) => a.exp(),
        (Node::Ln(_), [a]) => a.ln(),
        (Node::Sqrt(_), [a]) => a.sqrt(),
        _ => expr.clone(),
    }
}
