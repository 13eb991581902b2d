//! The kind `transformer-encoder` lives here: parameters of a Transformer encoder, in letters and in numbers. No shapes
//! of activations and no attention scores.

mod evidence;
mod follow;
mod given;
mod mistakes;
mod solve;

#[cfg(test)]
mod tests;

pub use given::{Biases, Given, MAX_LAYERS, MAX_WIDTH};

use std::collections::BTreeMap;

use super::{Kind, Mistake, Problem, Rule};
use crate::expr::Expr;
use crate::report::{Evidence, Row};

/// The kind.
pub static KIND: Kind = Kind {
    name: "transformer-encoder",
    title: "Parameters of a Transformer encoder",
    source: "Vaswani et al., Attention Is All You Need (2017), section 3: multi-head attention has W_Q, W_K, W_V, W_O, together \
             d × d each over all heads (d_k = d/h, section 3.2.2); the feedforward sublayer is max(0, xW₁ + b₁)W₂ + b₂ with inner \
             width d_ff (section 3.3); a LayerNorm, γ and β of length d (Ba et al., 2016), stands at each of the two sublayers.",
    example: EXAMPLE,
    fields: given::FIELDS,
    rows: &[
        ("attention", "parameters of the attention sublayer of one layer, as a number and in `d` and `d_ff`"),
        ("feedforward", "parameters of the feedforward sublayer of one layer"),
        ("norm", "parameters of the two LayerNorms of one layer"),
        ("layer", "parameters of one layer"),
        ("final-norm", "parameters of the LayerNorm after the last layer"),
        ("total", "all parameters"),
        ("d_k", "columns of each head, d/h"),
    ],
    given: |entry, _| Ok(Box::new(Given::read(entry)?)),
};

const EXAMPLE: &str = r#"title = "Parameters of a Transformer encoder layer"

[[question]]
id = "1"
kind = "transformer-encoder"
d = 256                            # model dimension
heads = 8                          # must divide d
d_ff = 1024                        # inner width of the feedforward sublayer
biases = ["feedforward", "norm"]   # no biases in the attention projections
# layers = 1                       # how many equal layers
# norm = "affine"                  # or "none": LayerNorms without parameters
# final_norm = false               # one LayerNorm more after the last layer
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

    fn letters(&self) -> BTreeMap<String, Option<Expr>> {
        follow::letters(self)
    }
}
