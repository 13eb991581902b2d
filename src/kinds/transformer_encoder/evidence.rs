//! Evidence about a Transformer encoder lives here: its tensors by name and shape, as a framework holds them, entries
//! added up; once in numbers, once in letters. Nothing of the solver is used. Counting by fan-in stands beside, in
//! `evidence/fan_in.rs`.

mod fan_in;

use std::collections::BTreeMap;

use num_traits::Zero;

use super::given::Given;
use crate::expr::Expr;
use crate::num::{Integer, Rational};
use crate::report::{Evidence, Instance, Value};

/// A length of an axis, known by its letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Axis {
    Model,
    Hidden,
}

/// Where a tensor belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Attention,
    Feedforward,
    Norm,
    FinalNorm,
}

struct Tensor {
    part: Part,
    name: &'static str,
    axes: &'static [Axis],
}

/// The tensors of one layer and of the last norm: `weight` as (out, in), `bias` as (out).
fn tensors(given: &Given) -> Vec<Tensor> {
    const D: Axis = Axis::Model;
    const F: Axis = Axis::Hidden;
    let b = given.biases;
    let every: [(bool, Part, &'static str, &'static [Axis]); 18] = [
        (true, Part::Attention, "q.weight", &[D, D]),
        (b.q, Part::Attention, "q.bias", &[D]),
        (true, Part::Attention, "k.weight", &[D, D]),
        (b.k, Part::Attention, "k.bias", &[D]),
        (true, Part::Attention, "v.weight", &[D, D]),
        (b.v, Part::Attention, "v.bias", &[D]),
        (true, Part::Attention, "o.weight", &[D, D]),
        (b.o, Part::Attention, "o.bias", &[D]),
        (true, Part::Feedforward, "ffn1.weight", &[F, D]),
        (b.ffn1, Part::Feedforward, "ffn1.bias", &[F]),
        (true, Part::Feedforward, "ffn2.weight", &[D, F]),
        (b.ffn2, Part::Feedforward, "ffn2.bias", &[D]),
        (given.affine, Part::Norm, "norm1.weight", &[D]),
        (given.affine && b.norm, Part::Norm, "norm1.bias", &[D]),
        (given.affine, Part::Norm, "norm2.weight", &[D]),
        (given.affine && b.norm, Part::Norm, "norm2.bias", &[D]),
        (given.final_norm && given.affine, Part::FinalNorm, "norm.weight", &[D]),
        (given.final_norm && given.affine && b.norm, Part::FinalNorm, "norm.bias", &[D]),
    ];
    every
        .into_iter()
        .filter(|(there, ..)| *there)
        .map(|(_, part, name, axes)| Tensor { part, name, axes })
        .collect()
}

impl Tensor {
    /// Entries: the lengths of the axes multiplied.
    fn entries(&self, given: &Given) -> Integer {
        self.axes.iter().fold(Integer::from(1), |n, axis| {
            n * Integer::from(match axis {
                Axis::Model => given.d,
                Axis::Hidden => given.d_ff,
            })
        })
    }

    fn in_letters(&self) -> Expr {
        Expr::product(self.axes.iter().map(|axis| match axis {
            Axis::Model => Expr::var("d"),
            Axis::Hidden => Expr::var("d_ff"),
        }))
    }
}

/// What the tensors say about every row, and what fan-in says.
pub(super) fn evidence(given: &Given) -> Vec<Evidence> {
    let all = tensors(given);
    let of = |parts: &[Part]| -> Vec<&Tensor> { all.iter().filter(|t| parts.contains(&t.part)).collect() };
    let layer_parts = [Part::Attention, Part::Feedforward, Part::Norm];
    let mut said = Vec::new();
    for (row, parts) in [
        ("attention", &layer_parts[..1]),
        ("feedforward", &layer_parts[1..2]),
        ("norm", &layer_parts[2..]),
        ("layer", &layer_parts[..]),
        ("final-norm", &[Part::FinalNorm][..]),
    ] {
        let tensors = of(parts);
        said.push(Evidence::equal(row, "tensors", Value::integer(entries(given, &tensors)), names(&tensors)));
        said.push(letters(row, Expr::sum(tensors.iter().map(|t| t.in_letters())), tensors.len()));
    }
    let (layer, last) = (of(&layer_parts), of(&[Part::FinalNorm]));
    let one = entries(given, &layer);
    // Layer by layer, as a model's list of tensors has them.
    let mut total = Integer::zero();
    for _ in 0..given.layers {
        total += &one;
    }
    total += entries(given, &last);
    let count = Integer::from(given.layers) * Integer::from(layer.len()) + Integer::from(last.len());
    said.push(Evidence::equal(
        "total",
        "tensors",
        Value::integer(total),
        format!("{count} tensors, layer by layer"),
    ));
    let stack = layer.iter().map(|t| {
        let copies = Rational::from_integer(Integer::from(given.layers));
        Expr::product([Expr::number(copies), t.in_letters()])
    });
    let in_letters = Expr::sum(stack.chain(last.iter().map(|t| t.in_letters())));
    said.push(letters("total", in_letters, layer.len() + last.len()));
    said.extend(head_size(given));
    said.extend(fan_in::evidence(given));
    said
}

fn entries(given: &Given, tensors: &[&Tensor]) -> Integer {
    tensors.iter().map(|t| t.entries(given)).sum()
}

fn letters(row: &str, sum: Expr, count: usize) -> Evidence {
    let instance = Instance { with: BTreeMap::new(), equals: sum };
    Evidence::formula(row, "tensors in letters", vec![instance], format!("{count} shapes added"))
}

/// `q.weight … o.weight`, or that there are none.
fn names(tensors: &[&Tensor]) -> String {
    match tensors {
        [] => "no tensors".to_owned(),
        [only] => only.name.to_owned(),
        [first, .., last] => format!("{} tensors, {} … {}", tensors.len(), first.name, last.name),
    }
}

/// The width of a head: the c for which h heads of c columns fill the d columns, found by bisection.
fn head_size(given: &Given) -> Vec<Evidence> {
    let (mut least, mut most) = (1_u64, given.d);
    while least < most {
        let middle = least + (most - least) / 2;
        if u128::from(middle) * u128::from(given.heads) < u128::from(given.d) {
            least = middle + 1;
        } else {
            most = middle;
        }
    }
    if u128::from(least) * u128::from(given.heads) != u128::from(given.d) {
        return vec![Evidence::absent("d_k", "columns", "the heads do not fill the columns")];
    }
    let filled = format!("{}·{least} columns are {}", given.heads, given.d);
    let (c, h) = (Expr::var("c"), Expr::var("h"));
    let with = BTreeMap::from([("d".to_owned(), Expr::product([c.clone(), h]))]);
    vec![
        Evidence::equal("d_k", "columns", Value::integer(least), filled),
        Evidence::formula(
            "d_k",
            "columns in letters",
            vec![Instance { with, equals: c }],
            "h heads of c: d = c·h",
        ),
    ]
}
