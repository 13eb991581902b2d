//! What further runs say about accuracies lives here: reruns, and the lines that a notebook prints. The count that a row comes from is not looked at.

use num_traits::Signed;

use super::super::given::{Given, Model, Other, TOLERANCE};
use crate::num::decimal::rational_decimal;
use crate::num::{Integer, Rational, ratio};
use crate::record::{By, Decimal, Printed, Trained};
use crate::report::{Evidence, Measured, Value};

/// Decimals in details.
const DECIMALS: u32 = 4;

/// What all runs say; nothing where there is no record to hold against them.
pub(super) fn evidence(given: &Given) -> Vec<Evidence> {
    let runs = &given.runs;
    if runs.run.is_none() {
        return Vec::new();
    }
    let mut said = Vec::new();
    for other in &runs.others {
        rerun(given, other, &mut said);
    }
    for notebook in &runs.printed {
        printed(given, notebook, &mut said);
    }
    if runs.others.is_empty() && runs.printed.is_empty() {
        // What a record says twice, as in the diagonal of its confusion matrix, is no second witness.
        let because = "only this record tells it: neither a rerun by PyTorch nor a notebook was found";
        for model in &given.models {
            said.extend(["train", "test"].map(|what| Evidence::nothing(row(model, what), "rerun", because)));
        }
        if given.models.len() > 1 {
            said.push(Evidence::nothing("better", "rerun", because));
        }
    }
    said
}

fn row(model: &Model, what: &str) -> String {
    format!("{}.{what}-accuracy", model.name)
}

fn share(right: u64, of: u64) -> Rational {
    Rational::new(right.into(), of.max(1).into())
}

fn near(value: Rational, within: Rational, place: &str) -> Measured {
    Measured { value: Some(value.into()), within, place: place.to_owned() }
}

/// The model with the greatest share; that there is none where two share it.
fn leader(shares: &[(&str, Rational)], source: &'static str, place: &str, detail: &str) -> Evidence {
    let most = shares.iter().map(|(_, share)| share).max();
    let mut at = shares.iter().filter(|(_, share)| Some(share) == most);
    let value = match (at.next(), at.next()) {
        (Some((name, _)), None) => Some(Value::Name((*name).to_owned())),
        _ => None,
    };
    let measured = Measured { value, within: ratio(0, 1), place: place.to_owned() };
    Evidence::measured("better", source, measured, detail)
}

/// By how much the greatest share is ahead of the next.
fn ahead(shares: &[(&str, Rational)]) -> Rational {
    let mut sorted: Vec<&Rational> = shares.iter().map(|(_, share)| share).collect();
    sorted.sort_unstable();
    match sorted.as_slice() {
        [.., next, most] => *most - *next,
        _ => ratio(0, 1),
    }
}

/// A further run: to the image where it has to come out the same, else within what is promised between machines.
fn rerun(given: &Given, other: &Other, said: &mut Vec<Evidence>) {
    let (record, name) = (&other.named.record, &other.named.name);
    let (source, who) = match record.by {
        By::Pytorch => ("rerun", "PyTorch, "),
        By::Backproof => ("another run", ""),
    };
    let tolerance = ratio(TOLERANCE.0, TOLERANCE.1);
    let mut tests = Vec::new();
    for model in &given.models {
        let Some(last) = record.model(&model.name).and_then(Trained::last) else { continue };
        if other.parted.contains(&model.name) {
            let place = format!("{name}, which ran on the same machine and has other counts or weights");
            for what in ["train", "test"] {
                let measured = Measured { value: None, within: ratio(0, 1), place: place.clone() };
                let detail = "same machine, another course";
                said.push(Evidence::measured(row(model, what), source, measured, detail));
            }
            continue;
        }
        let sets = [("train", last.train, record.images.train), ("test", last.test, record.images.test)];
        for (what, right, of) in sets {
            let value = share(right, of);
            let decimal = rational_decimal(&value, DECIMALS);
            let (within, detail) = if other.repeats {
                (ratio(0, 1), format!("{who}same machine: {right} of {of}"))
            } else {
                (
                    tolerance.clone(),
                    format!("{who}other machine: {decimal} ± {}", rational_decimal(&tolerance, 2)),
                )
            };
            said.push(Evidence::measured(row(model, what), source, near(value, within, name), detail));
        }
        tests.push((model.name.as_str(), share(last.test, record.images.test)));
    }
    if given.models.len() < 2 || !other.parted.is_empty() {
        return;
    }
    // Both accuracies may move by as much, in opposite directions.
    said.push(if other.repeats || ahead(&tests) > tolerance * Integer::from(2) {
        leader(&tests, source, name, "test accuracies compared")
    } else {
        let gap = rational_decimal(&ahead(&tests), DECIMALS);
        let because = format!("another machine, and a gap of {gap}, within what machines differ by");
        Evidence::nothing("better", source, because)
    });
}

/// A decimal as a fraction, and half a unit of its last place: as far as rounding moves a number.
fn read(decimal: Decimal) -> (Rational, Rational) {
    let unit = Integer::from(10).pow(decimal.places);
    (Rational::new(decimal.units.into(), unit.clone()), Rational::new(1.into(), unit * 2))
}

/// What a notebook prints after the last epochs.
fn printed(given: &Given, notebook: &Printed, said: &mut Vec<Evidence>) {
    let (source, place) = ("notebook", &notebook.name);
    let mut tests = Vec::new();
    let mut half = ratio(0, 1);
    for (model, lines) in given.models.iter().zip(&notebook.runs) {
        let Some(last) = lines.last() else { continue };
        for (what, decimal) in [("train", last.train), ("test", last.test)] {
            let (value, within) = read(decimal);
            let detail = format!("prints {}", rational_decimal(&value, decimal.places));
            if within > ratio(TOLERANCE.0, TOLERANCE.1) {
                let because =
                    format!("prints {}: too few decimals to tell", rational_decimal(&value, decimal.places));
                said.push(Evidence::nothing(row(model, what), source, because));
                continue;
            }
            half = if within > half { within.clone() } else { half };
            said.push(Evidence::measured(row(model, what), source, near(value, within, place), detail));
        }
        tests.push((model.name.as_str(), read(last.test).0));
    }
    if given.models.len() < 2 {
        return;
    }
    said.push(if (ahead(&tests) - half * Integer::from(2)).is_positive() {
        leader(&tests, source, place, "printed accuracies compared")
    } else {
        Evidence::nothing("better", source, "the same in print")
    });
}
