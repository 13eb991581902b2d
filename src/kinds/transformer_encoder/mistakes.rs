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

    let all_attention_biases = Integer::from(4) * &d;
    let all_feedforward_biases = &f + &d;
    let mut found = Vec::new();
    let mut push = |row: &str, name: &str, value: Integer, right: &Integer| {
        if value != *right {
            found.push(Mistake { row: row.to_owned(), name: name.to_owned(), value: Value::integer(value) });
        }
    };
    let bare_attention = Integer::from(4) * &square;
    let bare_feedforward = Integer::from(2) * &d * &f;
    let attentions = [
        ("the output projection left out", Integer::from(3) * &square + &attention_biases),
        ("d × d projections for every head", &right_attention * &h),
        ("the heads counted again", &bare_attention * &h + &attention_biases),
        ("biases the other way round", &bare_attention + (&all_attention_biases - &attention_biases)),
        ("biases left out", bare_attention.clone()),
        ("biases where there are none", &bare_attention + &all_attention_biases),
        (
            "the projections of one head only",
            &bare_attention.checked_div(&h).unwrap_or_default() + &attention_biases,
        ),
    ];
    let feedforwards = [
        ("one matrix only, d_ff used once", &d * &f + &feedforward_biases),
        ("biases left out", bare_feedforward.clone()),
        ("biases where there are none", &bare_feedforward + &all_feedforward_biases),
        ("both biases of length d", &bare_feedforward + flags(&[b.ffn1, b.ffn2]) * &d),
        ("both biases of length d_ff", &bare_feedforward + flags(&[b.ffn1, b.ffn2]) * &f),
        (
            "d_ff = 4d taken for granted",
            Integer::from(8) * &square + flags(&[b.ffn1]) * 4 * &d + flags(&[b.ffn2]) * &d,
        ),
        ("d_ff squared", &f * &f * 2 + &feedforward_biases),
    ];
    let norms = [
        ("one LayerNorm, not two", Integer::from(vectors) * &d),
        ("β left out", Integer::from(2 * vectors.min(1)) * &d),
        ("β where there is none", Integer::from(4) * &d),
        ("LayerNorms left out", Integer::from(0)),
        ("γ and β as one number each", Integer::from(2 * vectors)),
    ];
    let last = if given.final_norm { Integer::from(vectors) * &d } else { Integer::from(0) };
    let layers = Integer::from(given.layers);
    let total = &layers * &one_layer + &last;
    for (part, right, wrong) in [
        ("attention", &right_attention, attentions.as_slice()),
        ("feedforward", &right_feedforward, &feedforwards),
        ("norm", &right_norm, &norms),
    ] {
        for (name, value) in wrong {
            push(part, name, value.clone(), right);
            // The same slip, carried on.
            let layer = &one_layer - right + value;
            let name = if part == "norm" { (*name).to_owned() } else { format!("{part}: {name}") };
            push("total", &name, &layers * &layer + &last, &total);
            push("layer", &name, layer, &one_layer);
        }
    }
    push("final-norm", "counted where there is none", Integer::from(vectors) * &d, &last);
    push("final-norm", "two LayerNorms, not one", &last * 2, &last);
    push("total", "one layer only", &one_layer + &last, &total);
    push("total", "the final LayerNorm left out", &layers * &one_layer, &total);
    push(
        "total",
        "a final LayerNorm where there is none",
        &layers * &one_layer + Integer::from(vectors) * &d,
        &total,
    );
    push("total", "the final LayerNorm in every layer", &layers * (&one_layer + &last), &total);
    let d_k = Integer::from(given.d.checked_div(given.heads).unwrap_or(given.d));
    push("d_k", "the number of heads", h, &d_k);
    push("d_k", "d itself, not shared among the heads", d, &d_k);
    found
}
