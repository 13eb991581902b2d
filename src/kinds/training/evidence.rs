//! Evidence about a training recipe lives here: parameters by listing tensors, batches by dealing; other ways stand
//! beside, in `evidence/halving.rs`, and what further runs say about accuracies in `evidence/runs.rs`.

pub(super) mod halving;
mod runs;

use super::given::Given;
use crate::kinds::layer_table::total_by_tensors;
use crate::report::{Evidence, Value};

/// What the tensors say about the models, dealing about the batches, and what the other ways say.
pub(super) fn evidence(given: &Given) -> Vec<Evidence> {
    let mut said = Vec::new();
    for model in &given.models {
        let Some((total, tensors)) = total_by_tensors(&model.network) else { continue };
        let detail = format!("{tensors} tensors added");
        said.push(Evidence::equal(
            format!("{}.parameters", model.name),
            "tensors",
            Value::integer(total),
            detail,
        ));
    }
    let (batches, last) = dealt(given.dataset.training_images(), given.batch);
    let detail = format!("dealt out, {last} in the last batch");
    said.push(Evidence::equal("batches", "dealing", Value::integer(batches), detail));
    let all = Value::integer(crate::num::Integer::from(batches) * given.epochs);
    said.push(Evidence::equal(
        "updates",
        "dealing",
        all,
        format!("{batches} batches, {} epochs", given.epochs),
    ));
    if given.models.len() < 2 {
        said.push(Evidence::absent("better", "models", "fewer than two models"));
    }
    said.extend(halving::evidence(given));
    said.extend(runs::evidence(given));
    said
}

/// Deals images into batches one batch after the other: how many there are, and how many images the last one has.
fn dealt(images: u64, batch: u64) -> (u64, u64) {
    let (mut left, mut batches) = (images, 0);
    while left > batch {
        left -= batch;
        batches += 1;
    }
    (batches + 1, left)
}
