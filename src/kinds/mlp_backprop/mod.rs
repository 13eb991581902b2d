//! A small network with a softmax on top, differentiated by hand, lives here: forward pass, every gradient, one step.

mod backward;
mod evidence;
mod follow;
mod given;
mod mistakes;
mod next;
mod solve;
mod steps;
#[cfg(test)]
mod tests;
mod words;

use super::{Kind, Mistake, Problem, Rule};
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
    fields: given::FIELDS,
    rows: &[
        ("layer.N.z", "pre-activation of hidden layer N"),
        ("layer.N.h", "output of hidden layer N"),
        ("theta", "the logits θ"),
        ("p", "the probabilities"),
        ("J", "the loss −ln p_y"),
        ("dead", "a list for each hidden layer: the units, from 1, with z < 0"),
        (
            "kinks",
            "a list for each hidden layer: the units with z exactly 0, where the derivative does not exist and relu′(0) = 0 \
             is taken",
        ),
        ("dJ-dtheta", "∂J/∂θ"),
        ("layer.N.dJ-dW", "gradient in the weights of layer N, of their shape"),
        ("layer.N.dJ-db", "gradient in the bias of layer N"),
        ("layer.N.dJ-dh", "gradient in the output of hidden layer N"),
        ("layer.N.dJ-dz", "gradient in the pre-activation of hidden layer N"),
        ("layer.N.W-next", "the weights of layer N after the step"),
        ("layer.N.b-next", "the bias of layer N after the step"),
        ("J-next", "the loss after the step"),
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

    fn thousandths(&self) -> u64 {
        self.thousandths()
    }

    fn mistakes(&self) -> Vec<Mistake> {
        mistakes::mistakes(self, &|_| true)
    }

    fn mistakes_of(&self, wanted: &dyn Fn(&str) -> bool) -> Vec<Mistake> {
        let all = mistakes::mistakes(self, wanted);
        all.into_iter().filter(|m| wanted(&m.row)).collect()
    }

    fn follow(&self) -> Vec<Rule<'_>> {
        follow::rules(self)
    }
}
