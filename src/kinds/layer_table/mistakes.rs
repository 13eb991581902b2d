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
            found.push(Mistake {
                row: "ratio".to_owned(),
                name: "the wrong way up".to_owned(),
                value: Value::from(Rational::new(total, other)),
            });
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
    push(found, &row, "running statistics counted", Value::integer(&total + &norms), !norms.is_zero());
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
        ("padding forgotten", |work| formula(work, &Integer::zero())),
        ("padding on one side only", |work| formula(work, &Integer::from(work.before))),
        ("the 1 forgotten", |work| Integer::from(work.output) - 1),
    ] {
        let (a, b) = (other(rows), other(columns));
        let wrong = a != h || b != w;
        push(found, row, name, sizes(a, b, channels), wrong);
    }
}

fn other_rounding(work: &SizeWork) -> Integer {
    let rounded = if work.ceil { work.quotient.floor() } else { work.quotient.ceil() };
    rounded.to_integer()
}

/// Positions with another padding in all, rounded down.
fn formula(work: &SizeWork, padding: &Integer) -> Integer {
    let travel = Integer::from(work.input) + padding - work.extent();
    if work.stride.is_zero() {
        return Integer::zero();
    }
    (Rational::new(travel, Integer::from(work.stride)) + Rational::one()).floor().to_integer()
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
        }
        Parameters::BatchNorm { c } => {
            wrong("running statistics counted", Integer::from(*c) * 4);
            wrong("γ only", Integer::from(*c));
            if let Some(size) = stage.input.size() {
                wrong("γ and β for every entry", Integer::from(size) * 2);
            }
        }
        Parameters::Linear { n_out, .. } => {
            wrong("the channels as inputs", (Integer::from(stage.input.features()) + 1) * n_out);
        }
        Parameters::None => {
            if let Some((rows, columns)) = &stage.sizes {
                wrong("counted like a convolution", Integer::from(rows.kernel) * columns.kernel);
            }
        }
    }
}
