//! What a reader should know about a network's answers lives here: remarks, computed from the problem; no values.

use num_traits::{Signed, Zero};

use super::backward::{Backward, Forward};
use super::given::{Given, Layer};
use crate::notation::{Math, rational_text, text};
use crate::num::Rational;

/// The most units of a layer that remarks go through one by one.
const MAX_NAMED: usize = 8;

/// What a dead unit is.
pub const DEAD: &str = "A unit is dead for this input if its pre-activation is negative: ReLU gives 0 there, and its \
                        derivative is 0. Units are numbered from 1 in every hidden layer.";
/// What a kink is.
pub const KINK: &str = "ReLU has no derivative at 0, so pre-activations that are exactly 0 are looked for. Units are \
                        numbered from 1 in every hidden layer.";

/// A quantity's entry as it is written: `z₂`.
fn entry(name: &str, index: usize) -> String {
    text(&Math::sym(format!("{name}_{}", index + 1)))
}

fn slope_of(name: &str) -> String {
    text(&Math::partial(Math::sym("J"), Math::sym(name)))
}

/// What goes into a layer: `x`, or the output of the layer before.
pub fn input_name(layers: &[Layer], at: usize) -> &str {
    at.checked_sub(1).and_then(|below| layers.get(below)).map_or("x", |l| l.symbols.out.as_str())
}

/// `1`, `1 and 2`, `1, 2 and 3`, with the first few only where there are many.
fn numbers(indices: &[usize]) -> String {
    let named: Vec<String> = indices.iter().take(MAX_NAMED).map(|i| (i + 1).to_string()).collect();
    let more = indices.len().saturating_sub(named.len());
    match (named.split_last(), more) {
        (None, _) => String::new(),
        (Some((only, [])), 0) => only.clone(),
        (Some((last, rest)), 0) => format!("{} and {last}", rest.join(", ")),
        _ => format!("{} and {more} more", named.join(", ")),
    }
}

/// One remark a unit, or one for all where they are many.
fn each(indices: &[usize], one: impl Fn(usize) -> String, many: impl Fn(String) -> String) -> Vec<String> {
    if indices.len() > MAX_NAMED {
        return vec![many(numbers(indices))];
    }
    indices.iter().map(|i| one(*i)).collect()
}

/// Units of every hidden layer with ReLU whose pre-activation is as asked for.
pub fn units(given: &Given, forward: &Forward, which: fn(&Rational) -> bool) -> Vec<Vec<usize>> {
    let hidden = given.layers.len().saturating_sub(1);
    let of = |(layer, z): (&Layer, &Vec<Rational>)| {
        let found = z.iter().enumerate().filter(|(_, z)| layer.relu && which(z)).map(|(i, _)| i);
        found.collect()
    };
    given.layers.iter().zip(&forward.pre).take(hidden).map(of).collect()
}

/// Which units are dead for this input, and why.
pub fn dead(given: &Given, forward: &Forward, dead: &[Vec<usize>]) -> Vec<String> {
    if dead.iter().all(Vec::is_empty) {
        return vec![
            "No hidden unit has a negative pre-activation, so none is dead for this input.".to_owned(),
        ];
    }
    let mut out = Vec::new();
    for (at, (layer, z)) in given.layers.iter().zip(&forward.pre).enumerate() {
        let (pre, h) = (&layer.symbols.pre, &layer.symbols.out);
        let one = |i: usize| {
            let z = z.get(i).map(rational_text).unwrap_or_default();
            format!(
                "Unit {} of layer {} is dead for this input: {} = {z} < 0, so ReLU gives {} = 0 and passes no gradient.",
                i + 1,
                at + 1,
                entry(pre, i),
                entry(h, i)
            )
        };
        let many = |all: String| {
            format!(
                "Units {all} of layer {} are dead for this input: their pre-activations are negative.",
                at + 1
            )
        };
        out.extend(each(dead.get(at).map_or(&[], Vec::as_slice), one, many));
    }
    out
}

/// Which pre-activations are exactly zero, and what is done there.
pub fn kinks(given: &Given, kinks: &[Vec<usize>]) -> Vec<String> {
    if kinks.iter().all(Vec::is_empty) {
        return vec!["No pre-activation is exactly 0, so every derivative exists.".to_owned()];
    }
    let mut out = Vec::new();
    for (at, layer) in given.layers.iter().enumerate() {
        let one = |i: usize| {
            format!(
                "{} = 0 exactly (unit {} of layer {}): ReLU has no derivative there, and 0 is taken by convention.",
                entry(&layer.symbols.pre, i),
                i + 1,
                at + 1
            )
        };
        let many = |all: String| {
            format!(
                "The pre-activations of units {all} of layer {} are exactly 0: ReLU has no derivative there, and 0 is \
                 taken by convention.",
                at + 1
            )
        };
        out.extend(each(kinks.get(at).map_or(&[], Vec::as_slice), one, many));
    }
    out
}

/// Why entries of ∂J/∂z of a hidden layer are zero, with all reasons for each.
pub fn zeros(given: &Given, forward: &Forward, backward: &Backward, at: usize) -> Vec<String> {
    let (Some(layer), Some(z), Some(slopes)) =
        (given.layers.get(at), forward.pre.get(at), backward.pre.get(at))
    else {
        return Vec::new();
    };
    let is_zero = |s: &[Rational]| s.iter().all(Zero::is_zero);
    let found: Vec<usize> = slopes.iter().enumerate().filter(|(_, s)| is_zero(s)).map(|(i, _)| i).collect();
    let (pre, out) = (&layer.symbols.pre, &layer.symbols.out);
    let one = |i: usize| {
        let mut reasons = Vec::new();
        if let Some(z) = z.get(i).filter(|z| layer.relu && !z.is_positive()) {
            reasons.push(if z.is_zero() {
                format!("{} is exactly 0, where ReLU′ is taken to be 0", entry(pre, i))
            } else {
                format!("{} = {} < 0, so ReLU′ there is 0", entry(pre, i), rational_text(z))
            });
        }
        if backward.out.get(at).and_then(|o| o.get(i)).is_some_and(|s| is_zero(s)) {
            let through = above(given, backward, at, i);
            reasons
                .push(format!("{} is 0 already, because {through}", slope_of(&format!("{out}_{}", i + 1))));
        }
        let text = match reasons.as_slice() {
            [a, b] => format!("for two reasons: {a}; and {b}"),
            _ => format!("because {}", reasons.join("; and ")),
        };
        format!("Entry {} is 0 {text}.", i + 1)
    };
    let many =
        |all: String| format!("Entries {all} are 0: their units are off, or nothing comes back to them.");
    each(&found, one, many)
}

/// Why nothing comes back from the layer above to output i of layer `at`.
fn above(given: &Given, backward: &Backward, at: usize, i: usize) -> String {
    let (Some(next), Some(slopes)) = (given.layers.get(at + 1), backward.pre.get(at + 1)) else {
        return "nothing depends on it".to_owned();
    };
    let (weights, pre) = (text(&Math::sym(&*next.symbols.weights)), slope_of(&next.symbols.pre));
    let zero_weight = |row: &Vec<Rational>| row.get(i).is_none_or(Zero::is_zero);
    if next.weights.iter().all(zero_weight) {
        return format!("column {} of {weights} is zero", i + 1);
    }
    if slopes.iter().flatten().all(Zero::is_zero) {
        return format!("{pre} is zero");
    }
    let alive =
        next.weights.iter().zip(slopes).any(|(row, s)| !zero_weight(row) && !s.iter().all(Zero::is_zero));
    if alive {
        format!("what comes back along column {} of {weights} cancels", i + 1)
    } else {
        format!("where column {} of {weights} is not zero, {pre} is", i + 1)
    }
}

/// Which rows and columns of the weights the step does not move.
pub fn unmoved_weights(given: &Given, forward: &Forward, backward: &Backward, at: usize) -> Vec<String> {
    let (Some(layer), Some(slopes), Some(into)) =
        (given.layers.get(at), backward.pre.get(at), forward.into.get(at))
    else {
        return Vec::new();
    };
    let rows = still_rows(slopes);
    let columns: Vec<usize> = into.iter().enumerate().filter(|(_, h)| h.is_zero()).map(|(j, _)| j).collect();
    let (weights, pre) = (text(&Math::sym(&*layer.symbols.weights)), &layer.symbols.pre);
    if rows.len() == slopes.len() || columns.len() == into.len() {
        return vec![format!("The step moves no entry of {weights}: its gradient is zero.")];
    }
    let mut out = each(
        &rows,
        |i| {
            let slope = slope_of(&format!("{pre}_{}", i + 1));
            format!("Row {} of {weights} does not move, because {slope} = 0.", i + 1)
        },
        |all| format!("Rows {all} of {weights} do not move, because {} is 0 there.", slope_of(pre)),
    );
    let name = input_name(&given.layers, at);
    out.extend(each(
        &columns,
        |j| format!("Column {} of {weights} does not move, because {} = 0.", j + 1, entry(name, j)),
        |all| {
            format!("Columns {all} of {weights} do not move, because {} is 0 there.", text(&Math::sym(name)))
        },
    ));
    out
}

fn still_rows(slopes: &[Vec<Rational>]) -> Vec<usize> {
    let still = slopes.iter().enumerate().filter(|(_, s)| s.iter().all(Zero::is_zero));
    still.map(|(i, _)| i).collect()
}

/// Which biases the step does not move.
pub fn unmoved_biases(given: &Given, backward: &Backward, at: usize) -> Vec<String> {
    let (Some(layer), Some(slopes)) = (given.layers.get(at), backward.pre.get(at)) else { return Vec::new() };
    let bias = text(&Math::sym(&*layer.symbols.bias));
    let rows = still_rows(slopes);
    if rows.len() == slopes.len() {
        return vec![format!("The step moves no entry of {bias}: its gradient is zero.")];
    }
    each(
        &rows,
        |i| format!("Entry {} of {bias} does not move, because its gradient is 0.", i + 1),
        |all| format!("Entries {all} of {bias} do not move, because their gradients are 0."),
    )
}

/// A gradient has the shape of what it is taken by.
pub fn same_shape(name: &str, rows: usize, columns: usize) -> String {
    format!("{} is {rows}×{columns}, like {}.", slope_of(name), text(&Math::sym(name)))
}
