//! Wrong values that people give for a network's answers live here, each with its name.

use num_traits::Zero;

use super::backward::{Backward, Coefficients, Forward};
use super::given::{Given, Layer};
use crate::kinds::Mistake;
use crate::kinds::softmax_cross_entropy::mistakes::{Collected, of_softmax};
use crate::num::{Exact, Rational};

pub(super) fn mistakes(given: &Given) -> Vec<Mistake> {
    let forward = Forward::of(&given.input, &given.layers);
    let Some(backward) = Backward::of(given, &forward) else { return Vec::new() };
    let mut out = Collected::default();
    of_softmax(forward.logits(), &given.classes, "dJ-dtheta", &mut out);
    for (at, layer) in given.layers.iter().enumerate() {
        let last = at + 1 == given.layers.len();
        one_layer(given, &forward, &backward, (at, layer), last, &mut out);
    }
    out.into_mistakes()
}

fn one_layer(
    given: &Given,
    forward: &Forward,
    backward: &Backward,
    (at, layer): (usize, &Layer),
    last: bool,
    out: &mut Collected,
) {
    let n = at + 1;
    let (Some(z), Some(into), Some(slopes)) =
        (forward.pre.get(at), forward.into.get(at), backward.pre.get(at))
    else {
        return;
    };
    let numbers = |all: &[Coefficients]| -> Vec<Exact> {
        all.iter().map(|n| backward.number(n.iter().cloned())).collect()
    };
    let bare: Vec<Rational> = z.iter().zip(&layer.bias).map(|(z, b)| z - b).collect();
    let z_row = if last { "theta".to_owned() } else { format!("layer.{n}.z") };
    out.add(z_row, "the bias left out", bare, z.clone());
    if let Some(h) = forward.into.get(at + 1) {
        out.add(format!("layer.{n}.h"), "ReLU left out", z.clone(), h.clone());
    }
    if let Some(dh) = backward.out.get(at) {
        out.add(format!("layer.{n}.dJ-dz"), "the derivative of ReLU left out", numbers(dh), numbers(slopes));
        straight(given, backward, at, numbers(dh), out);
    }
    let gradient = |sign: &dyn Fn(&Coefficients, &Rational) -> Exact| -> Vec<Vec<Exact>> {
        slopes.iter().map(|n| into.iter().map(|h| sign(n, h)).collect()).collect()
    };
    let right = gradient(&|n, h| backward.number(n.iter().map(|c| c * h)));
    let columns: Vec<Vec<Exact>> =
        (0..into.len()).map(|j| right.iter().filter_map(|row| row.get(j).cloned()).collect()).collect();
    out.add(format!("layer.{n}.dJ-dW"), "the transpose", columns, right);

    let moved = |t: &Rational| -> Vec<Vec<Exact>> {
        let row = |(row, n): (&Vec<Rational>, &Coefficients)| {
            row.iter().zip(into).map(|(w, h)| backward.shifted(w, &(t * h), n)).collect()
        };
        layer.weights.iter().zip(slopes).map(row).collect()
    };
    let biases = |t: &Rational| -> Vec<Exact> {
        layer.bias.iter().zip(slopes).map(|(b, n)| backward.shifted(b, t, n)).collect()
    };
    let against = -&given.step;
    out.add(format!("layer.{n}.W-next"), "a step along the gradient", moved(&given.step), moved(&against));
    out.add(format!("layer.{n}.b-next"), "a step along the gradient", biases(&given.step), biases(&against));
    let still: Vec<Rational> = layer.bias.clone();
    out.add(format!("layer.{n}.b-next"), "the bias not updated", still, biases(&against));
}

/// ∂J/∂h with W in place of its transpose, which only a square W allows.
fn straight(given: &Given, backward: &Backward, at: usize, right: Vec<Exact>, out: &mut Collected) {
    let (Some(next), Some(slopes)) = (given.layers.get(at + 1), backward.pre.get(at + 1)) else { return };
    if next.bias.len() != right.len() {
        return;
    }
    let terms = slopes.first().map_or(0, Vec::len);
    let unit = |row: &Vec<Rational>| {
        let mut sum = vec![Rational::zero(); terms];
        for (w, slope) in row.iter().zip(slopes) {
            for (total, c) in sum.iter_mut().zip(slope) {
                *total += w * c;
            }
        }
        backward.number(sum)
    };
    let wrong: Vec<Exact> = next.weights.iter().map(unit).collect();
    out.add(format!("layer.{}.dJ-dh", at + 1), "W in place of its transpose", wrong, right);
}
