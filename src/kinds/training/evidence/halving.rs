//! Other ways to the rows of a training recipe live here: batches by an inequality, updates by adding epochs up,
//! parameters by counting weights where they are used. Nothing is dealt out and no tensor listed.

use super::super::given::Given;
use crate::evidence::counting::last_that;
use crate::kinds::layer_table::total_counted;
use crate::num::Integer;
use crate::report::{Evidence, Value};

/// The number b for which (b − 1)·batch < images ≤ b·batch: there is a b-th batch if those before leave an image.
pub(in super::super) fn batches(images: u64, batch: u64) -> u128 {
    let (images, batch) = (u128::from(images), u128::from(batch));
    last_that(images, |b| b.saturating_sub(1).saturating_mul(batch) < images)
}

/// Batches of an epoch, added up an epoch at a time.
fn updates(batches: u128, epochs: u64) -> u128 {
    let mut done = 0_u128;
    for _ in 0..epochs {
        done = done.saturating_add(batches);
    }
    done
}

/// What these ways say about every row that takes no run.
pub(super) fn evidence(given: &Given) -> Vec<Evidence> {
    let (images, batch) = (given.dataset.training_images(), given.batch);
    let b = batches(images, batch);
    let (before, after) =
        (b.saturating_sub(1).saturating_mul(u128::from(batch)), b.saturating_mul(u128::from(batch)));
    let inequality = format!("{before} < {images} ≤ {after}");
    let added = format!("{b} added up, {} epochs", given.epochs);
    let mut said = vec![
        Evidence::equal("batches", "inequality", Value::integer(Integer::from(b)), inequality),
        Evidence::equal(
            "updates",
            "epochs added",
            Value::integer(Integer::from(updates(b, given.epochs))),
            added,
        ),
    ];
    for model in &given.models {
        if let Some((total, detail)) = total_counted(&model.network) {
            let id = format!("{}.parameters", model.name);
            said.push(Evidence::equal(id, "weights counted", Value::integer(total), detail));
        }
    }
    let pairs: usize = (0..given.models.len()).sum();
    if pairs == 0 {
        said.push(Evidence::absent("better", "pairs", "no pair of models to compare"));
    }
    said
}
