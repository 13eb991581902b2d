//! Softmax and cross-entropy of given logits live here: probabilities, loss, gradient. Nothing of a network.

pub(in crate::kinds) mod evidence;
pub(in crate::kinds) mod follow;
pub(in crate::kinds) mod given;
pub(in crate::kinds) mod loss;
pub(in crate::kinds) mod mistakes;
pub(in crate::kinds) mod solve;
pub(in crate::kinds) mod steps;
#[cfg(test)]
pub(in crate::kinds) mod tests;

use super::{Kind, Mistake, Problem, Rule};
use crate::report::{Evidence, Row};

pub use given::Given;

/// Softmax, cross-entropy and their gradient at given logits.
pub static KIND: Kind = Kind {
    name: "softmax-cross-entropy",
    title: "Softmax and cross-entropy",
    source: "p_i = e^θᵢ / Σⱼ e^θⱼ, J = −ln p_y, ∂J/∂θᵢ = p_i − 1[i = y]: Goodfellow, Bengio, Courville, \
             Deep Learning (2016), sections 4.1 and 6.2.2.3. Equality is decided by the theorem of Lindemann and \
             Weierstrass (Baker, Transcendental Number Theory, theorem 1.4).",
    example: EXAMPLE,
    fields: given::FIELDS,
    rows: &[
        ("p", "the probabilities, the softmax of θ"),
        ("J", "the loss −ln p_y"),
        ("gradient-formula", "∂J/∂θ in letters"),
        ("gradient", "∂J/∂θ"),
        ("gradient-sum", "the sum of its entries"),
    ],
    given: |entry, _| Ok(Box::new(Given::read(entry)?)),
};

const EXAMPLE: &str = r#"title = "Softmax and cross-entropy"
digits = 4

[[question]]
id = "1"
kind = "softmax-cross-entropy"
logits = [1, -0.5, "1/3"]     # exact: a string may hold a fraction
true_class = 3                # counted from first_class
first_class = 1               # 0 where left out
"#;

impl Problem for Given {
    fn solve(&self) -> Vec<Row> {
        solve::solve(self)
    }

    fn evidence(&self) -> Vec<Evidence> {
        evidence::evidence(self)
    }

    fn thousandths(&self) -> u64 {
        (self.logits.len() as u64).saturating_mul(1000).div_ceil(given::MAX_CLASSES as u64).max(1)
    }

    fn mistakes(&self) -> Vec<Mistake> {
        mistakes::mistakes(self)
    }

    fn follow(&self) -> Vec<Rule<'_>> {
        follow::rules(self)
    }
}
