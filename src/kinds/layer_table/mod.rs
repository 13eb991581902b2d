//! The kind `layer-table` lives here: sizes and parameters of a network, layer by layer, and what a comparison with
//! another tells. No weights and no data.

mod evidence;
mod follow;
mod given;
mod lesson;
mod mistakes;
mod solve;

#[cfg(test)]
mod tests;

pub use given::{Given, Named};

pub(super) use evidence::{total_by_tensors, total_counted};
pub(super) use given::named_network;
pub(super) use solve::total_chain;

use super::{Kind, Mistake, Problem, Rule};
use crate::report::{Evidence, Row};

/// The kind.
pub static KIND: Kind = Kind {
    name: "layer-table",
    title: "Sizes and parameters, layer by layer",
    source: "Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016): a kernel k with stride s on an input n \
             with padding p has floor((n + 2p − k)/s) + 1 positions (relationship 6); a dilation d widens k to d(k − 1) + 1 \
             (section 5.1). Parameters: a·b·c_in·c_out weights and c_out biases for a convolution, γ and β for every channel of \
             a BatchNorm (Ioffe and Szegedy, 2015), n_in·n_out and n_out for a dense layer; none for pooling, ReLU, dropout.",
    example: EXAMPLE,
    fields: given::FIELDS,
    rows: &[
        (
            "layer.N.shape",
            "what the layer gives, `[H, W, C]` or `[n]`; N counts the items after `Input` from 1",
        ),
        ("layer.N.parameters", "weights, biases, γ and β"),
        ("total", "all parameters"),
        ("compare.layer.N.shape", "the same of `compare`"),
        ("compare.layer.N.parameters", "the same of `compare`"),
        ("compare.total", "the same of `compare`"),
        ("ratio", "the total of `compare` over `total`"),
        ("same-count", "whether the total of `same_count` is the same"),
    ],
    given: |entry, sheet| Ok(Box::new(Given::read(entry, sheet)?)),
};

const EXAMPLE: &str = r#"title = "A small CNN, layer by layer"

[networks]                         # name = arrow notation
dense = "Input(784) -> Linear(256) -> Linear(10)"

[[question]]
id = "1"
kind = "layer-table"
network = """
  Input(28x28x1) -> Conv(16, 5x5) -> BatchNorm -> MaxPool(2x2)
  -> Conv(32, 3x3) -> BatchNorm -> MaxPool(2x2) -> Dropout(0.2) -> Linear(10)
"""
compare = "dense"                  # a name of [networks], or arrow notation
# same_count = "other"             # a network that should have as many parameters
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

    fn follow(&self) -> Vec<Rule<'_>> {
        follow::rules(self)
    }
}
