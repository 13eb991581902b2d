//! A small network with a softmax on top, differentiated by hand, lives here: forward pass, every gradient, one step.

mod backward;
mod evidence;
mod given;
mod mistakes;
mod next;
mod solve;
mod steps;
#[cfg(test)]
mod tests;
mod words;

use super::{Kind, Mistake, Problem};
use crate::report::{Evidence, Row};

pub use given::Given;

/// Forward pass, backpropagation and one step of gradient descent for a network given by its numbers.
pub static KIND: Kind = Kind {
    name: "mlp-backprop",
    title: "Backpropagation through a network",
    source: "∂J/∂h = Wᵀ ∂J/∂z, ∂J/∂W = (∂J/∂z) hᵀ, ∂J/∂z = ∂J/∂h ⊙ 1[z > 0], ∂J/∂θ = p − onehot(y): Goodfellow, \
             Bengio, Courville, Deep Learning (2016), section 6.5, algorithm 6.4. At z = 0, where ReLU has no \
             derivative, 0 is taken (section 6.3).",
    example: EXAMPLE,
    fields: &[
        ("input", "the input x, a list of exact numbers"),
        ("true_class", "the class y that is right, counted from first_class"),
        ("first_class", "the number of the first class; 0 where left out"),
        ("step", "the step size t of one step of gradient descent, positive"),
        (
            "layer",
            "[[question.layer]] from the input on: weights (rows), bias, activation (\"relu\", or \"identity\"; left \
             out on the last), symbols = { weights, bias, pre, out } for printing",
        ),
    ],
    given: |entry, _| Ok(Box::new(Given::read(entry)?)),
};

const EXAMPLE: &str = r#"title = "Backpropagation"
digits = 4

[[question]]
id = "1"
kind = "mlp-backprop"
input = [1, -1]
true_class = 1                 # counted from first_class = 0
step = 0.1                     # of one step of gradient descent

[[question.layer]]             # hidden: z = W x + b, h = ReLU(z)
weights = [[0.5, -0.25], ["1/3", 1]]
bias = [0, 0.1]
activation = "relu"
symbols = { weights = "W", bias = "b", pre = "z", out = "h" }

[[question.layer]]             # the last layer gives the logits theta
weights = [[1, 2], [-1, 0.5]]
bias = [0, 0]
"#;

impl Problem for Given {
    fn solve(&self) -> Vec<Row> {
        solve::solve(self)
    }

    fn evidence(&self) -> Vec<Evidence> {
        evidence::evidence(self)
    }

    fn mistakes(&self) -> Vec<Mistake> {
        mistakes::mistakes(self)
    }
}
