//! Wrong counts that people give for a Transformer encoder live here, each with its name.

use super::given::Given;
use crate::kinds::Mistake;
use crate::num::Integer;
use crate::report::Value;

/// The mistakes.
pub(super) fn mistakes(given: &Given) -> Vec<Mistake> {
    let (d, f, h) = (Integer::from(given.d), Integer::from(given.d_ff), Integer::from(given.heads));
    let square = &d * &d;
    let b = given.biases;
    let flags = |parts: &[bool]| Integer::from(parts.iter().filter(|p| **p).count());
    let attention_biases = flags(&[b.q, b.k, b.v, b.o]) * &d;
    let feedforward_biases = flags(&[b.ffn1]) * &f + flags(&[b.ffn2]) * &d;
    let right_attention = Integer::from(4) * &square + &attention_biases;
    let right_feedforward = Integer::from(2) * &d * &f + &feedforward_biases;
    let vectors = if given.affine { 1 + i32::from(b.norm) } else { 0 };
    let right_norm = Integer::from(2 * vectors) * &d;
    let one_layer = &right_attention + &right_feedforward + &right_norm;

    let mut found = Vec::new();
    let mut push = |row: &str, name: &str, value: Integer, right: &Integer| {
        if value != *right {
            found.push(Mistake { row: row.to_owned(), name: name.to_owned(), value: Value::integer(value) });
        }
    };
    push(
        "attention",
        "the output projection left out",
        Integer::from(3) * &square + &attention_biases,
        &right_attention,
    );
    push("attention", "d × d projections for every head", &right_attention * &h, &right_attention);
    push(
        "attention",
        "biases the other way round",
        {
            let other = Integer::from(4) * &d - &attention_biases;
            Integer::from(4) * &square + other
        },
        &right_attention,
    );
    push("feedforward", "one matrix only", &d * &f + &feedforward_biases, &right_feedforward);
    push("feedforward", "biases left out", Integer::from(2) * &d * &f, &right_feedforward);
    push(
        "feedforward",
        "both biases of length d",
        Integer::from(2) * &d * &f + flags(&[b.ffn1, b.ffn2]) * &d,
        &right_feedforward,
    );
    push("norm", "one LayerNorm only", Integer::from(vectors) * &d, &right_norm);
    push("norm", "no β", Integer::from(2 * vectors.min(1)) * &d, &right_norm);
    push("layer", "LayerNorms left out", &right_attention + &right_feedforward, &one_layer);
    push(
        "layer",
        "one LayerNorm only",
        &right_attention + &right_feedforward + Integer::from(vectors) * &d,
        &one_layer,
    );
    let last = if given.final_norm { Integer::from(vectors) * &d } else { Integer::from(0) };
    let total = Integer::from(given.layers) * &one_layer + &last;
    push("total", "one layer only", &one_layer + &last, &total);
    push("total", "the final LayerNorm left out", Integer::from(given.layers) * &one_layer, &total);
    push(
        "d_k",
        "the number of heads",
        h.clone(),
        &Integer::from(given.d.checked_div(given.heads).unwrap_or(given.d)),
    );
    found
}
