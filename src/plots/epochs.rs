//! What a record says by epoch lives here: accuracies and losses become lines. How lines are drawn is in `lines`.

use super::axis::Axis;
use super::lines::{Chart, Line};
use super::{about, percent};
use crate::record::{Record, Trained};

/// The most models of a chart; of more, the first are drawn, and the chart says so.
pub const MAX_MODELS: usize = 12;

/// Accuracy by epoch on training and test set, in percent, a line each for every model. The record should have been
/// checked; what is wrong in one that was not is left out.
#[must_use]
pub fn accuracy(record: &Record) -> String {
    let images = record.images;
    let mut lines = Vec::new();
    for (place, model) in drawn(record) {
        for (heavy, set, of) in [(true, "test", images.test), (false, "training", images.train)] {
            let values: Vec<Option<f64>> = model
                .epochs
                .iter()
                .map(|epoch| percent(if heavy { epoch.test } else { epoch.train }, of))
                .map(|value| value.filter(|value| *value <= 100.0))
                .collect();
            let last = values.last().copied().flatten();
            let ending = last.map_or_else(|| set.to_owned(), |value| format!("{set} {value:.2} %"));
            lines.push(Line { model: place, name: model.name.clone(), ending, heavy, values });
        }
    }
    let vertical = Axis::of_numbers(&values(&lines), 4.0, 0.0, 100.0);
    let about = about_models(record);
    let chart = Chart {
        title: "Accuracy by epoch",
        about: &about,
        unit: "images classified correctly, in %",
        vertical,
        epochs: epochs(&lines),
    };
    chart.draw(&lines)
}

/// The mean loss of the training images by epoch, a line for every model; `None` where the record holds no losses. A
/// loss that is not finite breaks its line.
#[must_use]
pub fn loss(record: &Record) -> Option<String> {
    let mut lines = Vec::new();
    for (place, model) in drawn(record) {
        let told = |text: &String| text.parse::<f32>().ok().map(f64::from);
        let losses: Vec<Option<f64>> =
            model.epochs.iter().map(|epoch| epoch.loss.as_ref().and_then(told)).collect();
        if losses.iter().all(Option::is_none) {
            continue;
        }
        let ending = match losses.last().copied().flatten() {
            Some(last) if !last.is_finite() || (last != 0.0 && !(1e-4..1e6).contains(&last.abs())) => {
                format!("{last:.3e}")
            }
            Some(last) => format!("{last:.4}"),
            None => String::new(),
        };
        let values = losses.into_iter().map(|loss| loss.filter(|loss| loss.is_finite())).collect();
        lines.push(Line { model: place, name: model.name.clone(), ending, heavy: true, values });
    }
    if lines.is_empty() {
        return None;
    }
    let values = values(&lines);
    // A loss is not below zero; one that says so has its place.
    let floor = if values.iter().all(|loss| *loss >= 0.0) { 0.0 } else { f64::NEG_INFINITY };
    let vertical = Axis::of_numbers(&values, 1e-3, floor, f64::INFINITY);
    let about = about_models(record);
    let chart = Chart {
        title: "Training loss by epoch",
        about: &about,
        unit: "mean loss of the training images in an epoch",
        vertical,
        epochs: epochs(&lines),
    };
    Some(chart.draw(&lines))
}

fn drawn(record: &Record) -> impl Iterator<Item = (usize, &Trained)> {
    record.models.iter().take(MAX_MODELS).enumerate()
}

fn about_models(record: &Record) -> String {
    let about = about(record);
    match record.models.len() {
        models if models > MAX_MODELS => format!("the first {MAX_MODELS} of {models} models · {about}"),
        _ => about,
    }
}

fn values(lines: &[Line]) -> Vec<f64> {
    lines.iter().flat_map(|line| line.values.iter().copied().flatten()).collect()
}

fn epochs(lines: &[Line]) -> usize {
    lines.iter().map(|line| line.values.len()).max().unwrap_or(0)
}
