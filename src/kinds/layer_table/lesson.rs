//! What a comparison of two networks tells about convolutions is put into words here; every number comes from the
//! networks.

use num_traits::Zero;

use super::solve::Table;
use crate::net::{Layer, Parameters, Stage};
use crate::num::{Exact, Integer, Rational, Rounding};

/// Sentences for the comparison, in order.
pub(super) fn remarks(table: &Table, compare: &Table) -> Vec<String> {
    let mut said = vec![totals(table, compare)];
    let convolution = |t: &Table| t.stages.iter().position(|s| matches!(s.layer, Layer::Conv { .. }));
    let (with, at, without) = match (convolution(table), convolution(compare)) {
        (Some(at), None) => (table, at, compare),
        (None, Some(at)) => (compare, at, table),
        // Two of a kind tell nothing about what a convolution saves.
        _ => {
            said.extend([table, compare].into_iter().filter_map(|t| largest(t, "")));
            return said;
        }
    };
    if let Some(stage) = with.stages.get(at) {
        said.extend(sharing(with, stage));
    }
    said.extend(largest(without, ""));
    if with.stages.iter().any(|s| matches!(s.layer, Layer::Linear { .. })) {
        said.extend(largest(with, &format!("Even in {}, ", with.name)));
    }
    said.push(
        "So a convolution's parameters depend on its kernel and its channels, not on the size of the image: an output sees \
         only its neighbourhood, and all positions share one set of weights. A dense layer pays for every pair of input and \
         output."
            .to_owned(),
    );
    said
}

/// Four significant digits, or all before the point where there are more; whole numbers as they are.
fn about(x: Rational) -> String {
    if x.is_integer() {
        return x.to_string();
    }
    let long = x >= Rational::from_integer(Integer::from(1000));
    let rounding = if long { Rounding::Digits(0) } else { Rounding::Significant(4) };
    let shown = Exact::from(x.clone()).decimal(rounding);
    shown.map_or_else(|_| x.to_string(), |digits| format!("about {digits}"))
}

/// A network's name at the start of a sentence; names of the sheet stay as they are.
pub(super) fn at_start(text: &str) -> String {
    text.strip_prefix("the ").map_or_else(|| text.to_owned(), |rest| format!("The {rest}"))
}

fn totals(table: &Table, compare: &Table) -> String {
    let (more, less) = if compare.total >= table.total { (compare, table) } else { (table, compare) };
    let sentence =
        format!("{} has {} parameters, {} has {}", at_start(&more.name), more.total, less.name, less.total);
    if more.total == less.total {
        return format!("{sentence}: as many.");
    }
    if less.total.is_zero() {
        return format!("{sentence}.");
    }
    format!("{sentence}: {} times as many.", about(Rational::new(more.total.clone(), less.total.clone())))
}

/// The first convolution against a dense layer between the same sizes.
fn sharing(table: &Table, stage: &Stage) -> Option<String> {
    let Parameters::Conv { .. } = stage.parameters else { return None };
    let parameters = stage.parameters.value();
    let product = |sizes: &[u64]| sizes.iter().fold(Integer::from(1), |n, s| n * Integer::from(*s));
    let (from, to) = (stage.input.dimensions(), stage.output.dimensions());
    let positions = product(to.get(..2)?);
    let (inputs, outputs) = (product(&from), product(&to));
    let dense = &inputs * &outputs + &outputs;
    let mut text = format!(
        "The first convolution of {} (layer {}) has {parameters} parameters and uses them at all {} = {positions} positions. \
         A dense layer between the same sizes, {} to {}, would need {inputs}·{outputs} + {outputs} = {dense}",
        table.name,
        stage.number,
        joined(to.get(..2)?, "·"),
        stage.input,
        stage.output,
    );
    if !parameters.is_zero() {
        text += &format!(": {} times as many", about(Rational::new(dense, parameters)));
    }
    Some(text + ".")
}

fn joined(sizes: &[u64], with: &str) -> String {
    sizes.iter().map(u64::to_string).collect::<Vec<_>>().join(with)
}

/// Where most of a network's parameters sit, if it has any.
fn largest(table: &Table, front: &str) -> Option<String> {
    let mut most: Option<&Stage> = None;
    for stage in &table.stages {
        if most.is_none_or(|m| stage.parameters.value() > m.parameters.value()) {
            most = Some(stage);
        }
    }
    let stage = most?;
    let parameters = stage.parameters.value();
    if parameters.is_zero() || table.total.is_zero() {
        return None;
    }
    let share = Rational::new(&parameters * Integer::from(100), table.total.clone());
    let percent = Exact::from(share).decimal(Rounding::Digits(1)).ok()?;
    let what = match stage.parameters {
        Parameters::Linear { n_in, n_out, .. } => {
            format!(", a weight for every pair of {n_in} inputs and {n_out} outputs")
        }
        _ => String::new(),
    };
    let name = if front.is_empty() { format!("In {}, ", table.name) } else { front.to_owned() };
    Some(format!(
        "{name}most parameters sit in layer {} ({}): {parameters} of {}, or {percent} %{what}.",
        stage.number,
        stage.layer.label(),
        table.total
    ))
}
