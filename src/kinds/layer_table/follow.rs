//! How later rows of a layer table follow from a person's earlier ones lives here: the size of a layer from that of the
//! layer before, parameters from what comes in, totals from the layers.

use num_traits::ToPrimitive;

use super::given::{Given, Named};
use crate::kinds::Rule;
use crate::net::{self, Declared, MAX_SIZE, Network, Shape};
use crate::num::{Exact, Rational};
use crate::report::Value;

pub(super) fn rules(given: &Given) -> Vec<Rule<'_>> {
    let mut rules = table(&given.network, "");
    if let Some(compare) = &given.compare {
        rules.extend(table(compare, "compare."));
        rules.push(Rule::new("ratio", &["compare.total", "total"], |v| {
            let (above, below) = (number(v.first()?)?, number(v.get(1)?)?);
            Some(above.checked_div(below).ok()??.into())
        }));
    }
    rules
}

fn number(value: &Value) -> Option<&Exact> {
    if let Value::Number(x) = value { Some(x) } else { None }
}

fn table<'a>(named: &'a Named, prefix: &str) -> Vec<Rule<'a>> {
    let mut rules = Vec::new();
    for (at, layer) in named.network.layers.iter().enumerate().skip(1) {
        let before = format!("{prefix}layer.{at}.shape");
        let n = at + 1;
        rules.push(Rule::new(format!("{prefix}layer.{n}.shape"), &[&before], |v| {
            let stage = alone(layer, v.first()?)?;
            Some(Value::List(stage.output.dimensions().into_iter().map(Value::integer).collect()))
        }));
        rules.push(Rule::new(format!("{prefix}layer.{n}.parameters"), &[&before], |v| {
            Some(Value::integer(alone(layer, v.first()?)?.parameters.value()))
        }));
    }
    let counts: Vec<String> =
        (1..=named.network.layers.len()).map(|n| format!("{prefix}layer.{n}.parameters")).collect();
    let from: Vec<&str> = counts.iter().map(String::as_str).collect();
    rules.push(Rule::new(format!("{prefix}total"), &from, |v| {
        let mut sum = Exact::zero();
        for value in v {
            sum = sum.add(number(value)?);
        }
        Some(sum.into())
    }));
    rules
}

/// A layer on an input of sizes that a person gave.
fn alone(layer: &Declared, sizes: &Value) -> Option<net::Stage> {
    let Value::List(items) = sizes else { return None };
    let size = |item: &Value| -> Option<u64> {
        let r: Rational = number(item)?.as_rational().ok()??;
        if r.is_integer() { r.to_integer().to_u64().filter(|n| (1..=MAX_SIZE).contains(n)) } else { None }
    };
    let sizes: Vec<u64> = items.iter().map(size).collect::<Option<_>>()?;
    let input = match *sizes.as_slice() {
        [units] => Shape::Flat(units),
        [height, width, channels] => Shape::Map { height, width, channels },
        _ => return None,
    };
    net::trace(&Network { input, layers: vec![layer.clone()] }).ok()?.into_iter().next()
}
