//! The kind `gradient-descent` lives here: its theorems, its fields, an example. Answers are made in `solve/`, what
//! checks them in `evidence/`, which shares nothing with it but the problem.

mod evidence;
mod given;
mod mistakes;
mod simplest;
mod solve;

#[cfg(test)]
mod tests;

pub use given::{Given, MAX_HESSIAN_BITS, MAX_NUMBER_BITS, MAX_VARIABLES};

use std::collections::BTreeMap;

use super::{Kind, Mistake, Problem, Rule};
use crate::expr::Expr;
use crate::report::{Evidence, Row};

/// The kind: convexity, constants, step sizes and numbers of iterations for a quadratic objective.
pub static KIND: Kind = Kind {
    name: "gradient-descent",
    title: "Gradient descent on a quadratic",
    source: "Convex theorem: f convex and L-smooth, 0 < t ≤ 1/L: f(x⁽ᵏ⁾) − f* ≤ ‖x⁽⁰⁾ − x*‖²/(2tk). Strongly convex theorem: f \
             m-strongly convex and L-smooth, 0 < t ≤ 2/(m + L): f(x⁽ᵏ⁾) − f* ≤ γᵏ(L/2)‖x⁽⁰⁾ − x*‖² with γ = 1 − m·min(t, 1/L). \
             Both: Yu. Nesterov, Introductory Lectures on Convex Optimization (2004), section 2.1.5; S. Boyd and L. \
             Vandenberghe, Convex Optimization (2004), section 9.3. On a quadratic x⁽ᵏ⁾ − x* = (I − tH)ᵏ(x⁽⁰⁾ − x*), so \
             descent converges from every start exactly for 0 < t < 2/L.",
    example: EXAMPLE,
    fields: given::FIELDS,
    rows: &[
        ("gradient", "∇f, a formula for each variable"),
        ("hessian", "the matrix H of second derivatives"),
        ("convex", "whether f is convex"),
        ("strongly-convex", "whether f is strongly convex"),
        ("eigenvalues", "of H, ascending"),
        ("L", "smoothness constant: the largest absolute eigenvalue"),
        ("m", "constant of strong convexity: the smallest eigenvalue, where f is convex"),
        ("condition-number", "L/m"),
        ("minimiser", "the minimiser nearest to the start"),
        ("f-star", "the minimum"),
        ("step-convex", "the largest step of the convex theorem, 1/L"),
        ("step-strongly-convex", "the largest step of the strongly convex theorem, 2/(m + L)"),
        ("step-limit", "2/L: below it descent converges from every start, at it not"),
        ("step", "the value of the step t"),
        ("k-convex", "least k ≥ 1 for which the convex theorem guarantees ε"),
        (
            "k-strongly-convex",
            "least k ≥ 0 for which the strongly convex theorem guarantees ε, with γ = 1 − m·min(t, 1/L)",
        ),
        ("k-exact", "first k ≥ 0 at which f is within ε of its minimum"),
    ],
    given: |entry, _| Ok(Box::new(Given::read(entry)?)),
};

const EXAMPLE: &str = r#"title = "Gradient descent"

[[question]]
id = "1"
kind = "gradient-descent"
objective = "1/2*(10*x1^2 + x2^2)"   # a quadratic; every product with its sign
start = { x1 = 1, x2 = 1 }           # the first iterate; it fixes the order of the variables
accuracy = 0.01                      # how close f(x) has to come to its minimum
step = "1/L"                         # a number, or an expression in L and m such as "2/(m + L)"
"#;

impl Problem for Given {
    fn solve(&self) -> Vec<Row> {
        solve::rows(self)
    }

    fn evidence(&self) -> Vec<Evidence> {
        evidence::about(self)
    }

    fn thousandths(&self) -> u64 {
        self.thousandths()
    }

    fn mistakes(&self) -> Vec<Mistake> {
        mistakes::usual(self)
    }

    fn follow(&self) -> Vec<Rule<'_>> {
        solve::follow::rules(self)
    }

    fn letters(&self) -> BTreeMap<String, Option<Expr>> {
        self.variables.iter().map(|name| (name.clone(), None)).collect()
    }
}
