//! Evidence about a training recipe lives here: parameters by listing tensors. Accuracies have none without a run.

use super::given::Given;
use crate::kinds::layer_table::total_by_tensors;
use crate::report::{Evidence, Value};

/// What the tensors say about the models.
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
    if given.models.len() < 2 {
        said.push(Evidence::absent("better", "models", "fewer than two models"));
    }
    said
}
