//! The rows of a training recipe are made here: what follows from the declarations is counted, what takes a run says
//! that it did not run.

use super::given::{Given, Model};
use crate::kinds::layer_table::total_chain;
use crate::net;
use crate::report::{Answer, Row, Value};

/// Why accuracies are missing.
const NOT_TRAINED: &str = "not trained here: no record of a run was found";

/// Rows in order.
pub(super) fn solve(given: &Given) -> Vec<Row> {
    let mut rows = Vec::with_capacity(3 * given.models.len() + 1);
    for model in &given.models {
        rows.push(parameters(model));
        for (what, words) in [("train", "training"), ("test", "test")] {
            let not_run = Answer::NotRun { reason: NOT_TRAINED.to_owned() };
            let id = format!("{}.{what}-accuracy", model.name);
            rows.push(Row::new(id, label(&model.name, &format!("{words} accuracy")), not_run));
        }
    }
    rows.push(better(given));
    rows
}

/// `MLP parameters`: a short name is taken for an abbreviation.
fn label(name: &str, what: &str) -> String {
    let abbreviation = name.chars().count() <= 4 && name.chars().all(|c| c.is_ascii_lowercase());
    let name = if abbreviation { name.to_ascii_uppercase() } else { name.to_owned() };
    format!("{name} {what}")
}

fn parameters(model: &Model) -> Row {
    let id = format!("{}.parameters", model.name);
    let label = label(&model.name, "parameters");
    match net::trace(&model.network) {
        Ok(stages) => {
            let total = net::total_parameters(&stages);
            Row::new(id, label, Value::integer(total.clone())).step(
                "The layers' parameters together; layers without parameters are left out of the sum.",
                vec![total_chain(&stages, &total)],
            )
        }
        // Reading has traced the network already, so this says only what it would say.
        Err(error) => Row::new(id, label, Answer::absent(error.message)),
    }
}

fn better(given: &Given) -> Row {
    let names: Vec<&str> = given.models.iter().map(|m| m.name.as_str()).collect();
    let answer = match names.as_slice() {
        [only] => Answer::absent(format!("{only} is the only model, so there is nothing to compare")),
        _ => Answer::NotRun {
            reason: format!(
                "it takes the test accuracies of {}, and no record of a run was found",
                names.join(", ")
            ),
        },
    };
    Row::new("better", "better model", answer)
}
