//! Wrong values that people give for a network's answers live here, each with its name.

use num_traits::{One, Signed, Zero};

use super::backward::{Backward, Coefficients, Forward};
use super::given::{Given, Layer};
use super::next;
use crate::kinds::Mistake;
use crate::kinds::softmax_cross_entropy::loss::SoftmaxLoss;
use crate::kinds::softmax_cross_entropy::mistakes::{Collected, of_softmax};
use crate::num::{Exact, Rational};

/// The most weights of a layer for which wrong matrices are written out.
const MOST_WEIGHTS: usize = 4096;

/// Which rows are wanted, by id.
type Wanted<'a> = &'a dyn Fn(&str) -> bool;

/// The mistakes; matrices, whose entries are most of the work, only of the rows that are wanted.
pub(super) fn mistakes(given: &Given, wanted: Wanted<'_>) -> Vec<Mistake> {
    let forward = Forward::of(&given.input, &given.layers);
    let Some(backward) = Backward::of(given, &forward) else { return Vec::new() };
    let mut out = Collected::default();
    of_softmax(forward.logits(), &given.classes, "dJ-dtheta", &mut out);
    for (at, layer) in given.layers.iter().enumerate() {
        one_layer(given, (&forward, &backward), (at, layer), wanted, &mut out);
    }
    wrong_forward(given, &mut out);
    blind_backward(given, (&forward, &backward), wanted, &mut out);
    if let Ok(j) = backward.loss.loss() {
        out.add("J-next", "the loss before the step", j);
    }
    for (name, step) in
        [("a step along the gradient", -&given.step), ("the step size forgotten", Rational::one())]
    {
        let other = Given { step, ..given.clone() };
        if let Ok(wrong) = next::loss_after_step(&other, &forward, &backward) {
            out.add("J-next", name, wrong);
        }
    }
    out.into_mistakes()
}

/// A network with something wrong in it, run to the end: every row on the way has its own wrong value.
fn wrong_forward(given: &Given, out: &mut Collected) {
    let change = |f: &dyn Fn(&mut Layer)| -> Vec<Layer> {
        let mut layers = given.layers.clone();
        layers.iter_mut().for_each(f);
        layers
    };
    let runs = [
        ("biases left out", change(&|layer| layer.bias.iter_mut().for_each(Zero::set_zero))),
        ("ReLU left out, h = z", change(&|layer| layer.relu = false)),
        ("biases subtracted", change(&|layer| layer.bias.iter_mut().for_each(|b| *b = -&*b))),
        ("W transposed", change(&|layer| transpose(&mut layer.weights))),
    ];
    let numbers =
        |loss: &SoftmaxLoss| -> Vec<Exact> { loss.probabilities().map(|n| loss.number(n)).collect() };
    for (name, layers) in runs {
        let wrong = Forward::of(&given.input, &layers);
        for (at, z) in wrong.pre.iter().enumerate() {
            let n = at + 1;
            let row = if n == given.layers.len() { "theta".to_owned() } else { format!("layer.{n}.z") };
            out.add(row, name, z.clone());
            if let Some(h) = wrong.into.get(n) {
                out.add(format!("layer.{n}.h"), name, h.clone());
            }
        }
        let Some(loss) = SoftmaxLoss::new(wrong.logits(), given.classes.index) else { continue };
        out.add("p", name, numbers(&loss));
        if let Ok(j) = loss.loss() {
            out.add("J", name, j);
        }
    }
}

/// The transpose of a square matrix; any other is left as it is, as its transpose does not fit.
fn transpose(rows: &mut [Vec<Rational>]) {
    if rows.iter().all(|row| row.len() == rows.len()) {
        let columns: Vec<Vec<Rational>> =
            (0..rows.len()).map(|j| rows.iter().filter_map(|row| row.get(j).cloned()).collect()).collect();
        rows.clone_from_slice(&columns);
    }
}

/// The backward pass with the mask of ReLU ignored everywhere, carried on to the first layer.
fn blind_backward(
    given: &Given,
    (forward, backward): (&Forward, &Backward),
    wanted: Wanted<'_>,
    out: &mut Collected,
) {
    let name = "the mask of ReLU ignored";
    let mut open = given.clone();
    open.layers.iter_mut().for_each(|layer| layer.relu = false);
    let Some(blind) = Backward::of(&open, forward) else { return };
    let pairs = given.layers.iter().zip(&forward.into).zip(&blind.pre).enumerate();
    for (at, ((layer, into), wrong)) in pairs {
        let n = at + 1;
        let numbers = |all: &[Coefficients]| -> Vec<Exact> {
            all.iter().map(|n| backward.number(n.iter().cloned())).collect()
        };
        if n < given.layers.len() {
            out.add(format!("layer.{n}.dJ-dz"), name, numbers(wrong));
        }
        out.add(format!("layer.{n}.dJ-db"), name, numbers(wrong));
        if let Some(wrong) = blind.out.get(at) {
            out.add(format!("layer.{n}.dJ-dh"), name, numbers(wrong));
        }
        let biases = |slopes: &[Coefficients]| -> Vec<Exact> {
            layer.bias.iter().zip(slopes).map(|(b, n)| backward.shifted(b, &-&given.step, n)).collect()
        };
        out.add(format!("layer.{n}.b-next"), name, biases(wrong));
        if into.len().saturating_mul(layer.bias.len()) > MOST_WEIGHTS {
            continue;
        }
        let gradient = |slopes: &[Coefficients]| -> Vec<Vec<Exact>> {
            let entry = |n: &Coefficients, h: &Rational| backward.number(n.iter().map(|c| c * h));
            slopes.iter().map(|n| into.iter().map(|h| entry(n, h)).collect()).collect()
        };
        let row = format!("layer.{n}.dJ-dW");
        if wanted(&row) {
            out.add(row, name, gradient(wrong));
        }
        let moved = |slopes: &[Coefficients]| -> Vec<Vec<Exact>> {
            let entry =
                |w: &Rational, h: &Rational, n: &Coefficients| backward.shifted(w, &-(&given.step * h), n);
            let row = |(row, n): (&Vec<Rational>, &Coefficients)| {
                row.iter().zip(into).map(|(w, h)| entry(w, h, n)).collect()
            };
            layer.weights.iter().zip(slopes).map(row).collect()
        };
        let row = format!("layer.{n}.W-next");
        if wanted(&row) {
            out.add(row, name, moved(wrong));
        }
    }
}

fn one_layer(
    given: &Given,
    (forward, backward): (&Forward, &Backward),
    (at, layer): (usize, &Layer),
    wanted: Wanted<'_>,
    out: &mut Collected,
) {
    let n = at + 1;
    let last = n == given.layers.len();
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
    // In the first layer it is the same as all biases left out.
    if at > 0 {
        out.add(z_row, "the bias of this layer left out", bare);
    }
    if !last {
        out.add(format!("layer.{n}.h"), "ReLU left out, h = z", z.clone());
        let mask: Vec<Rational> =
            z.iter().map(|z| Rational::from_integer(i64::from(z.is_positive()).into())).collect();
        out.add(format!("layer.{n}.h"), "the mask of ReLU in place of its value", mask);
    }
    if let Some(dh) = backward.out.get(at) {
        out.add(format!("layer.{n}.dJ-dz"), "the mask of ReLU ignored", numbers(dh));
        straight(given, backward, at, dh.len(), out);
    }
    let none = vec![Rational::zero(); slopes.len()];
    out.add(format!("layer.{n}.dJ-db"), "no gradient for the bias", none);
    let biases = |t: &Rational| -> Vec<Exact> {
        layer.bias.iter().zip(slopes).map(|(b, n)| backward.shifted(b, t, n)).collect()
    };
    let row = format!("layer.{n}.b-next");
    out.add(&*row, "a step along the gradient", biases(&given.step));
    out.add(&*row, "the step size forgotten", biases(&-Rational::one()));
    out.add(&*row, "the bias not updated", layer.bias.clone());
    if into.len().saturating_mul(layer.bias.len()) > MOST_WEIGHTS {
        return;
    }
    let row = format!("layer.{n}.dJ-dW");
    if wanted(&row) {
        let entry = |n: &Coefficients, h: &Rational| backward.number(n.iter().map(|c| c * h));
        let columns: Vec<Vec<Exact>> =
            into.iter().map(|h| slopes.iter().map(|n| entry(n, h)).collect()).collect();
        out.add(row, "the transpose", columns);
    }
    let row = format!("layer.{n}.W-next");
    if !wanted(&row) {
        return;
    }
    let moved = |t: &Rational| -> Vec<Vec<Exact>> {
        let row = |(row, n): (&Vec<Rational>, &Coefficients)| {
            row.iter().zip(into).map(|(w, h)| backward.shifted(w, &(t * h), n)).collect()
        };
        layer.weights.iter().zip(slopes).map(row).collect()
    };
    out.add(&*row, "a step along the gradient", moved(&given.step));
    out.add(&*row, "the step size forgotten", moved(&-Rational::one()));
    out.add(&*row, "the weights not updated", layer.weights.clone());
}

/// ∂J/∂h with W in place of its transpose, which only a square W allows.
fn straight(given: &Given, backward: &Backward, at: usize, width: usize, out: &mut Collected) {
    let (Some(next), Some(slopes)) = (given.layers.get(at + 1), backward.pre.get(at + 1)) else { return };
    if next.bias.len() != width {
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
    out.add(format!("layer.{}.dJ-dh", at + 1), "W in place of its transpose", wrong);
}
