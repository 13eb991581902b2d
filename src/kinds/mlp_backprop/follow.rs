//! How later rows of a network question follow from a person's earlier ones lives here: the rules of the forward and the
//! backward pass, applied to what was written.

use std::cmp::Ordering;

use num_traits::{Signed, Zero};

use super::given::{Given, Layer};
use crate::kinds::Rule;
use crate::kinds::softmax_cross_entropy::follow::{first, gradient, loss, numbers, softmax, zipped};
use crate::num::{Exact, Rational};
use crate::report::Value;

/// The most products that one rule works out.
const MAX_PRODUCTS: usize = 20_000;

pub(super) fn rules(given: &Given) -> Vec<Rule<'_>> {
    let mut rules = Vec::new();
    let hidden = given.layers.len().saturating_sub(1);
    let z_row = |at: usize| if at == hidden { "theta".to_owned() } else { format!("layer.{}.z", at + 1) };
    let dz_row =
        |at: usize| if at == hidden { "dJ-dtheta".to_owned() } else { format!("layer.{}.dJ-dz", at + 1) };
    for (at, layer) in given.layers.iter().enumerate() {
        let n = at + 1;
        let into = format!("layer.{at}.h");
        if at > 0 {
            rules.push(Rule::new(z_row(at), &[&into], |v| affine(layer, first(v)?)));
        }
        if at < hidden {
            rules.push(Rule::new(format!("layer.{n}.h"), &[&z_row(at)], |v| activated(layer, first(v)?)));
            let (dh, dz) = (format!("layer.{n}.dJ-dh"), dz_row(at));
            if let Some(next) = given.layers.get(at + 1) {
                rules.push(Rule::new(&*dh, &[&dz_row(at + 1)], |v| transposed(next, first(v)?)));
            }
            rules.push(Rule::new(dz, &[&dh, &z_row(at)], |v| through(layer, first(v)?, v.get(1)?)));
        }
        let (dw, db, dz) = (format!("layer.{n}.dJ-dW"), format!("layer.{n}.dJ-db"), dz_row(at));
        if at > 0 {
            rules.push(Rule::new(&*dw, &[&dz, &into], |v| outer(first(v)?, v.get(1)?)));
        } else {
            let input: Vec<Value> = given.input.iter().cloned().map(Value::from).collect();
            let input = Value::List(input);
            rules.push(Rule::new(&*dw, &[&dz], move |v| outer(first(v)?, &input)));
        }
        rules.push(Rule::new(&*db, &[&dz], |v| first(v).cloned()));
        rules.push(Rule::new(format!("layer.{n}.W-next"), &[&dw], |v| {
            let Value::List(rows) = first(v)? else { return None };
            if rows.len() != layer.weights.len() {
                return None;
            }
            let row = |(w, g): (&Vec<Rational>, &Value)| stepped(w, g, &given.step);
            layer.weights.iter().zip(rows).map(row).collect::<Option<Vec<Value>>>().map(Value::List)
        }));
        rules.push(Rule::new(format!("layer.{n}.b-next"), &[&db], |v| {
            stepped(&layer.bias, first(v)?, &given.step)
        }));
    }
    rules.push(Rule::new("p", &["theta"], |v| softmax(first(v)?)));
    rules.push(Rule::new("J", &["p"], |v| loss(first(v)?, &given.classes)));
    rules.push(Rule::new("dJ-dtheta", &["p"], |v| gradient(first(v)?, &given.classes)));
    signs(given, hidden, &mut rules);
    next_loss(given, &mut rules);
    rules
}

/// The units below zero, and those at it, a list a hidden layer.
fn signs<'a>(given: &'a Given, hidden: usize, rules: &mut Vec<Rule<'a>>) {
    let layers: Vec<String> = (1..=hidden).map(|n| format!("layer.{n}.z")).collect();
    let from: Vec<&str> = layers.iter().map(String::as_str).collect();
    for (row, wanted) in [("dead", Ordering::Less), ("kinks", Ordering::Equal)] {
        rules.push(Rule::new(row, &from, move |v| {
            let units = |(layer, z): (&Layer, &&Value)| -> Option<Value> {
                let mut found = Vec::new();
                for (i, z) in numbers(z)?.into_iter().enumerate() {
                    if layer.relu && z.compare(&Exact::zero()).ok()? == wanted {
                        found.push(Value::integer(i + 1));
                    }
                }
                Some(Value::List(found))
            };
            given.layers.iter().zip(v).map(units).collect::<Option<Vec<_>>>().map(Value::List)
        }));
    }
}

/// The loss from the updated parameters.
fn next_loss<'a>(given: &'a Given, rules: &mut Vec<Rule<'a>>) {
    let names =
        (1..=given.layers.len()).flat_map(|n| [format!("layer.{n}.W-next"), format!("layer.{n}.b-next")]);
    let names: Vec<String> = names.collect();
    let from: Vec<&str> = names.iter().map(String::as_str).collect();
    rules.push(Rule::new("J-next", &from, |v| {
        let input: Vec<Value> = given.input.iter().cloned().map(Value::from).collect();
        let mut at = Value::List(input);
        for (layer, parameters) in given.layers.iter().zip(v.chunks(2)) {
            let (weights, bias) = (parameters.first()?, parameters.get(1)?);
            let z = product(weights, &at)?;
            at = activated(layer, &zipped(&z, bias, Exact::add)?)?;
        }
        loss(&softmax(&at)?, &given.classes)
    }));
}

/// W·h
fn product(weights: &Value, h: &Value) -> Option<Value> {
    let Value::List(rows) = weights else { return None };
    let h = numbers(h)?;
    if rows.len().checked_mul(h.len())? > MAX_PRODUCTS {
        return None;
    }
    let unit = |row: &Value| -> Option<Value> {
        let row = numbers(row).filter(|row| row.len() == h.len())?;
        Some(row.into_iter().zip(&h).fold(Exact::zero(), |sum, (w, h)| sum.add(&w.mul(h))).into())
    };
    rows.iter().map(unit).collect::<Option<Vec<_>>>().map(Value::List)
}

/// Σ wᵢxᵢ + b, with w from the sheet.
fn weighted<'a>(weights: impl Iterator<Item = &'a Rational>, x: &[&Exact], b: Exact) -> Exact {
    weights.zip(x).filter(|(w, _)| !w.is_zero()).fold(b, |sum, (w, x)| sum.add(&x.scale(w)))
}

/// W·h + b
fn affine(layer: &Layer, h: &Value) -> Option<Value> {
    let h = numbers(h)?;
    let fits = layer.weights.first()?.len() == h.len();
    if !fits || layer.weights.len().checked_mul(h.len())? > MAX_PRODUCTS {
        return None;
    }
    let unit = |(w, b): (&Vec<Rational>, &Rational)| weighted(w.iter(), &h, b.clone().into());
    Some(layer.weights.iter().zip(&layer.bias).map(unit).collect::<Vec<_>>().into())
}

/// ReLU or the identity.
fn activated(layer: &Layer, z: &Value) -> Option<Value> {
    if !layer.relu {
        return Some(z.clone());
    }
    let unit = |z: &Exact| -> Option<Exact> {
        let below = z.compare(&Exact::zero()).ok()? == Ordering::Less;
        Some(if below { Exact::zero() } else { z.clone() })
    };
    numbers(z)?.into_iter().map(unit).collect::<Option<Vec<_>>>().map(Value::from)
}

/// Wᵀ·∂J/∂z of the layer above.
fn transposed(next: &Layer, dz: &Value) -> Option<Value> {
    let dz = numbers(dz).filter(|dz| dz.len() == next.weights.len())?;
    let width = next.weights.first()?.len();
    if width.checked_mul(dz.len())? > MAX_PRODUCTS {
        return None;
    }
    let unit = |j: usize| weighted(next.weights.iter().filter_map(|row| row.get(j)), &dz, Exact::zero());
    Some((0..width).map(unit).collect::<Vec<_>>().into())
}

/// ∂J/∂h where z > 0, else 0.
fn through(layer: &Layer, dh: &Value, z: &Value) -> Option<Value> {
    if !layer.relu {
        return Some(dh.clone());
    }
    let (dh, z) = (numbers(dh)?, numbers(z)?);
    if dh.len() != z.len() {
        return None;
    }
    let unit = |(dh, z): (&Exact, &Exact)| -> Option<Exact> {
        let open = z.compare(&Exact::zero()).ok()? == Ordering::Greater;
        Some(if open { dh.clone() } else { Exact::zero() })
    };
    dh.into_iter().zip(z).map(unit).collect::<Option<Vec<_>>>().map(Value::from)
}

/// (∂J/∂z)·hᵀ
fn outer(dz: &Value, h: &Value) -> Option<Value> {
    let (dz, h) = (numbers(dz)?, numbers(h)?);
    if dz.len().checked_mul(h.len())? > MAX_PRODUCTS {
        return None;
    }
    let rows = dz.into_iter().map(|d| h.iter().map(|h| d.mul(h)).collect::<Vec<Exact>>());
    Some(rows.collect::<Vec<_>>().into())
}

/// Old − t·gradient.
fn stepped(old: &[Rational], gradient: &Value, t: &Rational) -> Option<Value> {
    let gradient = numbers(gradient).filter(|g| g.len() == old.len())?;
    debug_assert!(t.is_positive(), "the step of a network question is positive");
    let entry = |(w, g): (&Rational, &Exact)| Exact::from(w.clone()).sub(&g.scale(t));
    Some(old.iter().zip(gradient).map(entry).collect::<Vec<_>>().into())
}
