//! Wrong sizes and counts that people give for a layer table live here, each with its name.

use num_traits::{One, Zero};

use super::given::{Given, Named};
use crate::kinds::Mistake;
use crate::net::{self, Parameters, Shape, SizeWork, Stage};
use crate::num::{Integer, Rational};
use crate::report::Value;

/// The mistakes.
pub(super) fn mistakes(given: &Given) -> Vec<Mistake> {
    let mut found = Vec::new();
    let total = table(&mut found, &given.network, "");
    if let Some(compare) = &given.compare {
        let other = table(&mut found, compare, "compare.");
        if !total.is_zero() && !other.is_zero() && total != other {
            let (upside_down, difference) = (Rational::new(total.clone(), other.clone()), &other - &total);
            let ratio = Rational::new(other, total);
            let differs = ratio != Rational::from_integer(difference.clone());
            push(&mut found, "ratio", "the wrong way up", Value::from(upside_down), true);
            push(&mut found, "ratio", "the difference", Value::integer(difference), differs);
        }
    }
    found
}

fn table(found: &mut Vec<Mistake>, named: &Named, prefix: &str) -> Integer {
    let Ok(stages) = net::trace(&named.network) else { return Integer::zero() };
    for stage in &stages {
        shapes(found, stage, &format!("{prefix}layer.{}.shape", stage.number));
        counts(found, stage, &format!("{prefix}layer.{}.parameters", stage.number));
    }
    let total = net::total_parameters(&stages);
    let biases: Integer = stages.iter().map(|s| biases(&s.parameters)).sum();
    let norms: Integer = stages
        .iter()
        .filter(|s| matches!(s.parameters, Parameters::BatchNorm { .. }))
        .map(|s| s.parameters.value())
        .sum();
    let row = format!("{prefix}total");
    push(found, &row, "biases left out", Value::integer(&total - &biases), !biases.is_zero());
    push(found, &row, "BatchNorm left out", Value::integer(&total - &norms), !norms.is_zero());
    let ones = &norms / 2;
    push(
        found,
        &row,
        "BatchNorm counted once, γ without β",
        Value::integer(&total - &ones),
        !norms.is_zero(),
    );
    push(found, &row, "running statistics counted", Value::integer(&total + &norms), !norms.is_zero());
    let none: Integer = stages.iter().map(|s| absent_biases(&s.parameters)).sum();
    push(found, &row, "biases where there are none", Value::integer(&total + &none), !none.is_zero());
    let last = stages.iter().rev().map(|s| s.parameters.value()).find(|n| !n.is_zero()).unwrap_or_default();
    push(found, &row, "the last layer left out", Value::integer(&total - &last), !last.is_zero());
    total
}

fn push(found: &mut Vec<Mistake>, row: &str, name: &str, value: Value, wrong: bool) {
    if wrong {
        found.push(Mistake { row: row.to_owned(), name: name.to_owned(), value });
    }
}

fn biases(parameters: &Parameters) -> Integer {
    match *parameters {
        Parameters::Conv { c_out, bias: true, .. } => Integer::from(c_out),
        Parameters::Linear { n_out, bias: true, .. } => Integer::from(n_out),
        _ => Integer::zero(),
    }
}

/// Biases that a layer would have if it had any.
fn absent_biases(parameters: &Parameters) -> Integer {
    match *parameters {
        Parameters::Conv { c_out, bias: false, .. } => Integer::from(c_out),
        Parameters::Linear { n_out, bias: false, .. } => Integer::from(n_out),
        _ => Integer::zero(),
    }
}

fn sizes(height: Integer, width: Integer, channels: u64) -> Value {
    Value::List(vec![Value::integer(height), Value::integer(width), Value::integer(channels)])
}

fn shapes(found: &mut Vec<Mistake>, stage: &Stage, row: &str) {
    let Shape::Map { height, width, channels } = stage.output else { return };
    let (h, w) = (Integer::from(height), Integer::from(width));
    push(found, row, "height and width swapped", sizes(w.clone(), h.clone(), channels), h != w);
    let in_front = Value::List(vec![Value::integer(channels), Value::integer(height), Value::integer(width)]);
    push(found, row, "channels first", in_front, channels != height || height != width);
    let input = stage.input.features();
    push(found, row, "the input's channels", sizes(h.clone(), w.clone(), input), input != channels);
    let Some((rows, columns)) = &stage.sizes else { return };
    for (name, other) in [
        ("rounded the other way", other_rounding as fn(&SizeWork) -> Integer),
        ("padding forgotten", |work| formula(work, &Integer::zero(), work.stride)),
        ("padding on one side only", |work| formula(work, &Integer::from(work.before), work.stride)),
        ("a padding of one more", |work| formula(work, &(padding(work) + 2), work.stride)),
        ("a stride of 1", |work| formula(work, &padding(work), 1)),
        ("a stride of one more", |work| formula(work, &padding(work), work.stride.saturating_add(1))),
        ("dilation forgotten", |work| {
            let gaps = Integer::from(work.kernel) - work.extent();
            formula(work, &(padding(work) - gaps), work.stride)
        }),
        ("the 1 forgotten", |work| Integer::from(work.output) - 1),
        ("the size unchanged", |work| Integer::from(work.input)),
    ] {
        let (a, b) = (other(rows), other(columns));
        let wrong = a != h || b != w;
        push(found, row, name, sizes(a, b, channels), wrong);
    }
    if rows.kernel != columns.kernel {
        // What one kernel side is longer than the other is room that the axis gets or loses.
        let longer = columns.extent() - rows.extent();
        let (a, b) = (
            formula(rows, &(padding(rows) - &longer), rows.stride),
            formula(columns, &(padding(columns) + &longer), columns.stride),
        );
        let wrong = a != h || b != w;
        push(found, row, "the kernel's height and width swapped", sizes(a, b, channels), wrong);
    }
}

/// Padding on both sides.
fn padding(work: &SizeWork) -> Integer {
    Integer::from(work.before) + work.after
}

fn other_rounding(work: &SizeWork) -> Integer {
    let rounded = if work.ceil { work.quotient.floor() } else { work.quotient.ceil() };
    rounded.to_integer()
}

/// Positions with another padding in all and another stride, rounded as the layer rounds.
fn formula(work: &SizeWork, padding: &Integer, stride: u64) -> Integer {
    let travel = Integer::from(work.input) + padding - work.extent();
    if stride.is_zero() {
        return Integer::zero();
    }
    let positions = Rational::new(travel, Integer::from(stride)) + Rational::one();
    if work.ceil { positions.ceil() } else { positions.floor() }.to_integer()
}

fn counts(found: &mut Vec<Mistake>, stage: &Stage, row: &str) {
    let right = stage.parameters.value();
    let without = &right - biases(&stage.parameters);
    push(found, row, "biases left out", Value::integer(without.clone()), without != right);
    let mut wrong = |name: &str, value: Integer| {
        let differs = value != right;
        push(found, row, name, Value::integer(value), differs);
    };
    match &stage.parameters {
        Parameters::Conv { kernel, c_in, c_out, bias, .. } => {
            let area = Integer::from(kernel.0) * kernel.1;
            let bias = if *bias { Integer::from(*c_out) } else { Integer::zero() };
            wrong("input channels left out", &area * c_out + &bias);
            wrong("groups left out", &area * c_in * c_out + &bias);
            wrong("one bias in all", &right - &bias + 1);
            wrong("a bias where there is none", &right + absent_biases(&stage.parameters));
            wrong("input and output channels swapped", &right - &bias + Integer::from(*c_in));
            wrong("one side of the kernel left out", Integer::from(kernel.0) * c_in * c_out + &bias);
            if let Some(size) = stage.output.size() {
                wrong("a bias for every entry of the output", &right - &bias + Integer::from(size));
            }
        }
        Parameters::BatchNorm { c } => {
            wrong("running statistics counted", Integer::from(*c) * 4);
            wrong("counted once, γ without β", Integer::from(*c));
            wrong("not counted", Integer::zero());
            if let Some(size) = stage.input.size() {
                wrong("γ and β for every entry", Integer::from(size) * 2);
            }
        }
        Parameters::Linear { n_in, n_out, .. } => {
            wrong("a bias where there is none", &right + absent_biases(&stage.parameters));
            wrong("a bias for every input", &right - biases(&stage.parameters) + Integer::from(*n_in));
            wrong("inputs and units added, not multiplied", Integer::from(*n_in) + Integer::from(*n_out));
            wrong("the channels as inputs", (Integer::from(stage.input.features()) + 1) * n_out);
        }
        Parameters::None => {
            if let Some((rows, columns)) = &stage.sizes {
                wrong("counted like a convolution", Integer::from(rows.kernel) * columns.kernel);
            } else if let Some(size) = stage.output.size() {
                wrong("one for every entry", Integer::from(size));
            }
        }
    }
}
