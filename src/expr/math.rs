//! Turning expressions into the notation tree lives here; printing is the notation's.

use std::convert::Infallible;

use num_traits::{Signed, ToPrimitive};

use super::limits::{MAX_PRINT_DEPTH, MAX_PRINT_SIZE};
use super::node::{Expr, Node};
use crate::notation::Math;
use crate::num::{Integer, Rational};

impl Expr {
    /// The formula in the notation tree: quotients are fractions, minus signs stand in front, coefficients first.
    ///
    /// An expression too large or too deep to print ([`MAX_PRINT_SIZE`], [`MAX_PRINT_DEPTH`]) gives words that say so.
    #[must_use]
    pub fn to_math(&self) -> Math {
        if self.size() > MAX_PRINT_SIZE || self.depth() > MAX_PRINT_DEPTH {
            let nodes = self.size().to_u64().unwrap_or(u64::MAX);
            return Math::Words(format!(
                "an expression too large to print: {nodes} nodes, {} deep",
                self.depth()
            ));
        }
        let formula: Result<Option<Math>, Infallible> =
            self.fold(|expr, operands| Ok(node_math(expr, operands)));
        match formula {
            Ok(math) => math.unwrap_or_else(|| Math::Words(String::new())),
            Err(never) => match never {},
        }
    }
}

/// The formula of one node from those of its operands.
fn node_math(expr: &Expr, mut operands: Vec<Math>) -> Math {
    let mut one = || Box::new(operands.pop().unwrap_or_else(|| Math::Words(String::new())));
    match expr.node() {
        Node::Number(r) => Math::Number(r.clone()),
        Node::Variable(name) => Math::Symbol(name.to_string()),
        Node::Negate(_) => Math::Negative(one()),
        Node::Sum(_) => Math::Sum(operands.into_iter().map(minus_in_front).collect()),
        Node::Product(_) => product(operands),
        Node::Quotient(..) => {
            let below = one();
            match minus_in_front(*one()) {
                Math::Negative(above) => Math::Negative(Box::new(Math::Fraction(above, below))),
                above => Math::Fraction(Box::new(above), below),
            }
        }
        Node::Power(_, n) => {
            Math::Power(one(), Box::new(Math::Number(Rational::from_integer(Integer::from(*n)))))
        }
        Node::Exp(_) => Math::Apply("exp".into(), vec![*one()]),
        Node::Ln(_) => Math::Apply("log".into(), vec![*one()]),
        Node::Sqrt(_) => Math::Root(one()),
    }
}

/// A product whose coefficient, already first, gives its sign to the whole.
fn product(mut factors: Vec<Math>) -> Math {
    if let Some(Math::Number(r)) = factors.first_mut()
        && r.is_negative()
    {
        *r = -&*r;
        return Math::Negative(Box::new(Math::Product(factors)));
    }
    Math::Product(factors)
}

/// A negative number as the negative of a positive one, so that a sum prints it as a subtraction.
fn minus_in_front(math: Math) -> Math {
    match math {
        Math::Number(r) if r.is_negative() => Math::Negative(Box::new(Math::Number(-r))),
        other => other,
    }
}
