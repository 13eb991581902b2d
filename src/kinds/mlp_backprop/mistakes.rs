//! Wrong values that people give for a network's answers live here, each with its name.

use num_traits::{One, Signed, Zero};

use super::backward::{Backward, Coefficients, Forward};
use super::given::{Given, Layer};
use super::next;
use crate::kinds::Mistake;
use crate::kinds::softmax_cross_entropy::mistakes::{Collected, of_softmax};
use crate::num::{Exact, Rational};

/// The most weights of a layer for which wrong matrices are written out.
const MOST_WEIGHTS: usize = 4096;

pub(super) fn mistakes(given: &Given) -> Vec<Mistake> {
    let forward = Forward::of(&given.input, &given.layers);
    let Some(backward) = Backward::of(given, &forward) else { return Vec::new() };
    let mut out = Collected::default();
    of_softmax(forward.logits(), &given.classes, "dJ-dtheta", &mut out);
    for (at, layer) in given.layers.iter().enumerate() {
        let last = at + 1 == given.layers.len();
        one_layer(given, &forward, &backward, (at, layer), last, &mut out);
    }
    wrong_forward(given, &forward, &backward, &mut out);
    blind_backward(given, &forward, &backward, &mut out);
    if let Ok(j) = backward.loss.loss()
        && let Ok(next) = next::loss_after_step(given, &forward, &backward)
    {
        out.add("J-next", "the loss before the step", j, next.clone());
        let along = Given { step: -&given.step, ..given.clone() };
        if let Ok(wrong) = next::loss_after_step(&along, &forward, &backward) {
            out.add("J-next", "a step along the gradient", wrong, next.clone());
        }
        let whole = Given { step: Rational::one(), ..given.clone() };
        if let Ok(wrong) = next::loss_after_step(&whole, &forward, &backward) {
            out.add("J-next", "the step size forgotten", wrong, next);
        }
    }
    out.into_mistakes()
}

/// A network with something wrong in it, run to the end: every row on the way has its own wrong value.
fn wrong_forward(given: &Given, forward: &Forward, backward: &Backward, out: &mut Collected) {
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
    let numbers = |backward: &Backward| -> Vec<Exact> {
        backward.loss.probabilities().map(|n| backward.loss.number(n)).collect()
    };
    for (name, layers) in runs {
        let wrong = Forward::of(&given.input, &layers);
        for (at, (z, right)) in wrong.pre.iter().zip(&forward.pre).enumerate() {
            let n = at + 1;
            let row = if n == given.layers.len() { "theta".to_owned() } else { format!("layer.{n}.z") };
            out.add(row, name, z.clone(), right.clone());
            if let (Some(h), Some(right)) = (wrong.into.get(n), forward.into.get(n)) {
                out.add(format!("layer.{n}.h"), name, h.clone(), right.clone());
            }
        }
        let Some(slopes) = Backward::of(&Given { layers, ..given.clone() }, &wrong) else { continue };
        out.add("p", name, numbers(&slopes), numbers(backward));
        if let (Ok(j), Ok(right)) = (slopes.loss.loss(), backward.loss.loss()) {
            out.add("J", name, j, right);
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
fn blind_backward(given: &Given, forward: &Forward, backward: &Backward, out: &mut Collected) {
    let name = "the mask of ReLU ignored";
    let mut open = given.clone();
    open.layers.iter_mut().for_each(|layer| layer.relu = false);
    let Some(blind) = Backward::of(&open, forward) else { return };
    let pairs = given.layers.iter().zip(&forward.into).zip(blind.pre.iter().zip(&backward.pre)).enumerate();
    for (at, ((layer, into), (wrong, right))) in pairs {
        let n = at + 1;
        let numbers = |all: &[Coefficients]| -> Vec<Exact> {
            all.iter().map(|n| backward.number(n.iter().cloned())).collect()
        };
        if n < given.layers.len() {
            out.add(format!("layer.{n}.dJ-dz"), name, numbers(wrong), numbers(right));
        }
        out.add(format!("layer.{n}.dJ-db"), name, numbers(wrong), numbers(right));
        if let (Some(wrong), Some(right)) = (blind.out.get(at), backward.out.get(at)) {
            out.add(format!("layer.{n}.dJ-dh"), name, numbers(wrong), numbers(right));
        }
        let biases = |slopes: &[Coefficients]| -> Vec<Exact> {
            layer.bias.iter().zip(slopes).map(|(b, n)| backward.shifted(b, &-&given.step, n)).collect()
        };
        out.add(format!("layer.{n}.b-next"), name, biases(wrong), biases(right));
        if into.len().saturating_mul(layer.bias.len()) > MOST_WEIGHTS {
            continue;
        }
        let gradient = |slopes: &[Coefficients]| -> Vec<Vec<Exact>> {
            let entry = |n: &Coefficients, h: &Rational| backward.number(n.iter().map(|c| c * h));
            slopes.iter().map(|n| into.iter().map(|h| entry(n, h)).collect()).collect()
        };
        out.add(format!("layer.{n}.dJ-dW"), name, gradient(wrong), gradient(right));
        let moved = |slopes: &[Coefficients]| -> Vec<Vec<Exact>> {
            let entry =
                |w: &Rational, h: &Rational, n: &Coefficients| backward.shifted(w, &-(&given.step * h), n);
            let row = |(row, n): (&Vec<Rational>, &Coefficients)| {
                row.iter().zip(into).map(|(w, h)| entry(w, h, n)).collect()
            };
            layer.weights.iter().zip(slopes).map(row).collect()
        };
        out.add(format!("layer.{n}.W-next"), name, moved(wrong), moved(right));
    }
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
        out.add(format!("layer.{n}.h"), "ReLU left out, h = z", z.clone(), h.clone());
        let mask: Vec<Rational> =
            z.iter().map(|z| Rational::from_integer(i64::from(z.is_positive()).into())).collect();
        out.add(format!("layer.{n}.h"), "the mask of ReLU in place of its value", mask, h.clone());
    }
    if let Some(dh) = backward.out.get(at) {
        out.add(format!("layer.{n}.dJ-dz"), "the mask of ReLU ignored", numbers(dh), numbers(slopes));
        straight(given, backward, at, numbers(dh), out);
    }
    let db: Vec<Exact> = numbers(slopes);
    let none = vec![Rational::zero(); db.len()];
    out.add(format!("layer.{n}.dJ-db"), "no gradient for the bias", none, db);
    let against = -&given.step;
    let biases = |t: &Rational| -> Vec<Exact> {
        layer.bias.iter().zip(slopes).map(|(b, n)| backward.shifted(b, t, n)).collect()
    };
    let row = format!("layer.{n}.b-next");
    out.add(&*row, "a step along the gradient", biases(&given.step), biases(&against));
    out.add(&*row, "the step size forgotten", biases(&-Rational::one()), biases(&against));
    out.add(&*row, "the bias not updated", layer.bias.clone(), biases(&against));
    if into.len().saturating_mul(layer.bias.len()) > MOST_WEIGHTS {
        return;
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
    let row = format!("layer.{n}.W-next");
    out.add(&*row, "a step along the gradient", moved(&given.step), moved(&against));
    out.add(&*row, "the step size forgotten", moved(&-Rational::one()), moved(&against));
    out.add(&*row, "the weights not updated", layer.weights.clone(), moved(&against));
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
