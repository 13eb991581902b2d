//! Why attention scores are divided by √d_k: the kind lives here, its formula and its fields; the answers are in
//! `solve.rs`, their derivations in `steps.rs`, what checks them in `evidence.rs`.

mod drawn;
mod evidence;
mod follow;
mod given;
mod mistakes;
mod solve;
mod steps;

#[cfg(test)]
mod tests;

pub use given::{Entries, Given, MAX_BITS, MAX_COMMON_BITS, MAX_D_K, MAX_VALUES};

use std::collections::BTreeMap;

use super::{Kind, Mistake, Problem, Rule};
use crate::expr::Expr;
use crate::report::{Evidence, Row};

/// The kind: mean and variance of qᵀk, of the scaled score, and what growing scores do to a softmax.
pub static KIND: Kind = Kind {
    name: "attention-variance",
    title: "Variance of attention scores",
    source: "The entries of q and k are independent with mean μ and variance σ². Var(q_i k_i) = (σ² + μ²)² − μ⁴, \
             terms of different i are uncorrelated, so Var(qᵀk) = d_k(σ⁴ + 2μ²σ²), and Var(aX) = a²Var(X) gives \
             Var(qᵀk/√d_k) = σ⁴ + 2μ²σ². The scaling: Vaswani et al., Attention Is All You Need (2017), \
             section 3.2.1. The Jacobian of the softmax: diag(p) − ppᵀ.",
    example: r#"title = "Attention scores"

[[question]]
id = "scaling"
kind = "attention-variance"
d_k = 64                 # length of q and k; without it, answers are formulas in d_k
mean = 0                 # of every entry of q and k, 0 if left out
variance = 1             # of every entry, 1 if left out

[[question]]
id = "dice"
kind = "attention-variance"
d_k = 2
# In place of mean and variance: the values that an entry takes. Probabilities sum to 1; without them, all are equal.
entries = { values = [-1, 0, 3], probabilities = ["1/2", "1/4", 0.25] }
"#,
    fields: given::FIELDS,
    rows: &[
        ("mean", "of the score qᵀk"),
        ("variance", "of the score qᵀk"),
        ("scaled-variance", "of qᵀk/√d_k"),
        (
            "saturation",
            "a line for each of several d: d, the gap √d between two scores, the larger probability p of their softmax, \
             its slope p(1 − p)",
        ),
    ],
    given: |entry, sheet| Ok(Box::new(Given::read(entry)?.among(entry, sheet))),
};

impl Problem for Given {
    fn solve(&self) -> Vec<Row> {
        solve::rows(self)
    }

    fn evidence(&self) -> Vec<Evidence> {
        evidence::about(self)
    }

    fn mistakes(&self) -> Vec<Mistake> {
        mistakes::usual(self)
    }

    fn follow(&self) -> Vec<Rule<'_>> {
        follow::rules(self)
    }

    fn letters(&self) -> BTreeMap<String, Option<Expr>> {
        follow::letters(self)
    }
}
