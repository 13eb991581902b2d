//! The answers of a network question are put into rows here, in the order in which they are worked out by hand:
//! forward, back from the logits, the step.

use num_traits::Signed;

use super::backward::{Backward, Coefficients, Forward};
use super::given::{Given, Layer};
use super::{next, steps, words};
use crate::kinds::softmax_cross_entropy::solve::settled;
use crate::kinds::softmax_cross_entropy::steps as softmax;
use crate::notation::{Math, Relation};
use crate::num::{Exact, Form, Rational};
use crate::report::{Answer, Row, Style, Value};

/// All rows.
pub fn solve(given: &Given) -> Vec<Row> {
    let forward = Forward::of(&given.input, &given.layers);
    // `Given` promises a network with outputs, so there is always something to differentiate.
    let Some(backward) = Backward::of(given, &forward) else { return Vec::new() };
    let solver = Solver { given, forward, backward };
    let mut rows = Vec::new();
    solver.forward_rows(&mut rows);
    solver.backward_rows(&mut rows);
    solver.step_rows(&mut rows);
    rows
}

struct Solver<'a> {
    given: &'a Given,
    forward: Forward,
    backward: Backward,
}

fn exact(values: &[Rational]) -> Vec<Exact> {
    values.iter().cloned().map(Exact::from).collect()
}

/// Asks for decimals where a number is irrational.
fn with_decimals(row: Row) -> Row {
    fn rational(value: &Value) -> bool {
        match value {
            Value::Number(x) => matches!(x.form(), Form::Rational(_)),
            Value::List(items) => items.iter().all(rational),
            Value::Bool(_) | Value::Formula(_) | Value::Name(_) => true,
        }
    }
    if row.answer.value().is_none_or(rational) { row } else { row.with_decimal() }
}

fn numbered(units: &[Vec<usize>]) -> Value {
    let list = |units: &Vec<usize>| Value::List(units.iter().map(|i| Value::integer(i + 1)).collect());
    Value::List(units.iter().map(list).collect())
}

fn with_remarks(mut row: Row, remarks: Vec<String>) -> Row {
    row.remarks.extend(remarks);
    row
}

fn with_steps(mut row: Row, steps: Vec<crate::report::Step>) -> Row {
    row.steps = steps;
    row
}

impl Solver<'_> {
    fn hidden(&self) -> usize {
        self.given.layers.len().saturating_sub(1)
    }

    /// ∂J/∂z of a layer as numbers.
    fn slopes(&self, at: usize) -> Vec<Exact> {
        self.backward.pre.get(at).map_or_else(Vec::new, |all| self.numbers(all))
    }

    fn numbers(&self, all: &[Coefficients]) -> Vec<Exact> {
        all.iter().map(|n| self.backward.number(n.iter().cloned())).collect()
    }

    fn forward_rows(&self, rows: &mut Vec<Row>) {
        let (given, forward) = (self.given, &self.forward);
        for (at, ((layer, z), into)) in given.layers.iter().zip(&forward.pre).zip(&forward.into).enumerate() {
            let (n, worked) = (at + 1, steps::affine(given, at, into, z));
            let symbol = Math::sym(&*layer.symbols.pre);
            let Some(h) = forward.into.get(at + 1) else {
                rows.push(with_steps(Row::new("theta", "logits", exact(z)).symbol(symbol), worked));
                break;
            };
            let row = Row::new(format!("layer.{n}.z"), "pre-activation", exact(z));
            rows.push(with_steps(row.known_as(symbol), worked));
            let row = Row::new(format!("layer.{n}.h"), "layer output", exact(h));
            let row = row.known_as(Math::sym(&*layer.symbols.out));
            rows.push(with_steps(row, steps::activation(given, at, z, h)));
        }
        let (p, j) = (self.probabilities(), self.backward.loss.loss());
        let row = Row::new("p", "probabilities", p.clone()).symbol(Math::sym("p_hat")).with_decimal();
        rows.push(with_steps(row, softmax::probabilities(forward.logits(), &p, given.digits)));
        let worked = softmax::loss(forward.logits(), &given.classes, j.as_ref().ok(), given.digits);
        let row = Row::new("J", "cross-entropy loss", settled(j)).symbol(Math::sym("J")).with_decimal();
        rows.push(with_steps(row, worked));

        let dead = words::units(given, forward, Rational::is_negative);
        let row = Row::new("dead", "dead units", numbered(&dead)).style(Style::Items);
        let row = with_remarks(row, words::dead(given, forward, &dead));
        rows.push(with_steps(row, steps::signs(words::DEAD, Relation::Less)));
        let kinks = words::units(given, forward, num_traits::Zero::is_zero);
        let row = Row::new("kinks", "units at a kink", numbered(&kinks)).style(Style::Items);
        let row = with_remarks(row, words::kinks(given, &kinks));
        rows.push(with_steps(row, steps::signs(words::KINK, Relation::Equal)));
    }

    fn probabilities(&self) -> Vec<Exact> {
        self.backward.loss.probabilities().map(|n| self.backward.loss.number(n)).collect()
    }

    fn backward_rows(&self, rows: &mut Vec<Row>) {
        let given = self.given;
        let theta = given.layers.last().map_or("theta", |l| l.symbols.pre.as_str());
        let slope = self.slopes(self.hidden());
        let row =
            Row::new("dJ-dtheta", "logit gradient", slope.clone()).known_as(steps::slope(Math::sym(theta)));
        let worked = softmax::gradient(&given.classes, &self.probabilities(), &slope, given.digits);
        rows.push(with_steps(with_decimals(row), worked));
        for at in (0..given.layers.len()).rev() {
            if at < self.hidden() {
                self.through_activation(at, rows);
            }
            self.parameter_gradients(at, rows);
        }
    }

    /// ∂J/∂h and ∂J/∂z of a hidden layer.
    fn through_activation(&self, at: usize, rows: &mut Vec<Row>) {
        let (given, n) = (self.given, at + 1);
        let (Some(layer), Some(out), Some(z)) =
            (given.layers.get(at), self.backward.out.get(at), self.forward.pre.get(at))
        else {
            return;
        };
        let (dh, dz) = (self.numbers(out), self.slopes(at));
        let row = Row::new(format!("layer.{n}.dJ-dh"), "gradient", dh.clone())
            .known_as(steps::slope(Math::sym(&*layer.symbols.out)))
            .remark(words::same_shape(&layer.symbols.out, dh.len(), 1));
        let worked = steps::output(given, at, &self.slopes(at + 1), &dh);
        rows.push(with_steps(with_decimals(row), worked));
        let row = Row::new(format!("layer.{n}.dJ-dz"), "gradient", dz.clone())
            .known_as(steps::slope(Math::sym(&*layer.symbols.pre)));
        let row = with_remarks(row, words::zeros(given, &self.forward, &self.backward, at));
        let worked = steps::pre(given, at, z, &dh, &dz);
        rows.push(with_steps(with_decimals(row), worked));
    }

    /// ∂J/∂W by rows.
    fn weight_gradient(&self, at: usize) -> Vec<Vec<Exact>> {
        let (Some(slopes), Some(into)) = (self.backward.pre.get(at), self.forward.into.get(at)) else {
            return Vec::new();
        };
        let entry = |n: &Coefficients, h: &Rational| self.backward.number(n.iter().map(|c| c * h));
        slopes.iter().map(|n| into.iter().map(|h| entry(n, h)).collect()).collect()
    }

    /// ∂J/∂W and ∂J/∂b.
    fn parameter_gradients(&self, at: usize, rows: &mut Vec<Row>) {
        let (given, n) = (self.given, at + 1);
        let (Some(layer), Some(into)) = (given.layers.get(at), self.forward.into.get(at)) else { return };
        let (dw, dz) = (self.weight_gradient(at), self.slopes(at));
        let worked = steps::weights(given, at, &dz, into, &dw);
        let row = Row::new(format!("layer.{n}.dJ-dW"), "weight gradient", dw.clone())
            .known_as(steps::slope(Math::sym(&*layer.symbols.weights)))
            .remark(words::same_shape(&layer.symbols.weights, dz.len(), into.len()));
        rows.push(with_steps(with_decimals(row), worked));
        let worked = steps::bias(given, at, &dz);
        let row = Row::new(format!("layer.{n}.dJ-db"), "bias gradient", dz.clone())
            .known_as(steps::slope(Math::sym(&*layer.symbols.bias)))
            .remark(words::same_shape(&layer.symbols.bias, dz.len(), 1));
        rows.push(with_steps(with_decimals(row), worked));
    }

    fn step_rows(&self, rows: &mut Vec<Row>) {
        let given = self.given;
        for (at, layer) in given.layers.iter().enumerate() {
            let n = at + 1;
            let (weights, bias) = self.updated(at, layer);
            let s = &layer.symbols;
            let columns = weights.first().map_or(0, Vec::len);
            let written = steps::fits(weights.len(), columns);
            let gradient = if written { self.weight_gradient(at) } else { Vec::new() };
            let worked = steps::update(given, &s.weights, &layer.weights, &gradient, &weights);
            let row = Row::new(format!("layer.{n}.W-next"), "new weights", weights.clone())
                .known_as(Math::sym(format!("{}_next", s.weights)));
            let row = with_remarks(row, words::unmoved_weights(given, &self.forward, &self.backward, at));
            rows.push(with_steps(with_decimals(row), worked));

            let old: Vec<Vec<Rational>> = layer.bias.iter().map(|b| vec![b.clone()]).collect();
            let (gradient, new) = (steps::as_column(&self.slopes(at)), steps::as_column(&bias));
            let worked = steps::update(given, &s.bias, &old, &gradient, &new);
            let row = Row::new(format!("layer.{n}.b-next"), "new bias", bias.clone())
                .known_as(Math::sym(format!("{}_next", s.bias)));
            let row = with_remarks(row, words::unmoved_biases(given, &self.backward, at));
            rows.push(with_steps(with_decimals(row), worked));
        }
        let after = next::loss_after_step(given, &self.forward, &self.backward);
        let worked = match (self.backward.loss.loss(), &after) {
            (Ok(before), Ok(after)) => steps::next_loss(given, &before, after),
            _ => Vec::new(),
        };
        let closed = after.as_ref().is_ok_and(|j| j.as_real().is_none());
        let answer: Answer = settled(after);
        let mut row = Row::new("J-next", "new loss", answer).symbol(Math::sym("J_next")).with_decimal();
        if !closed {
            row = row
                .remark("It has no closed form here: the updated logits are themselves made of powers of e.");
        }
        rows.push(with_steps(row, worked));
    }

    /// W − t ∂J/∂W and b − t ∂J/∂b.
    fn updated(&self, at: usize, layer: &Layer) -> (Vec<Vec<Exact>>, Vec<Exact>) {
        let (Some(slopes), Some(into)) = (self.backward.pre.get(at), self.forward.into.get(at)) else {
            return (Vec::new(), Vec::new());
        };
        let t = &self.given.step;
        let row = |(row, n): (&Vec<Rational>, &Coefficients)| {
            row.iter().zip(into).map(|(w, h)| self.backward.shifted(w, &-(t * h), n)).collect()
        };
        let weights = layer.weights.iter().zip(slopes).map(row).collect();
        let bias = layer.bias.iter().zip(slopes).map(|(b, n)| self.backward.shifted(b, &-t, n)).collect();
        (weights, bias)
    }
}
