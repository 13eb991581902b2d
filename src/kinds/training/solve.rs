//! The rows of a training recipe are made here: what follows from the declarations is counted; what takes a run stands
//! beside, in `solve/measured.rs`.

mod measured;

use super::given::{Given, Model};
use super::steps;
use crate::kinds::layer_table::total_chain;
use crate::net;
use crate::notation::Math;
use crate::num::Rational;
use crate::report::{Answer, Row, Value};

/// Rows in order.
pub(super) fn solve(given: &Given) -> Vec<Row> {
    let mut rows = Vec::with_capacity(3 * given.models.len() + 3);
    rows.extend(updates(given));
    for model in &given.models {
        rows.push(parameters(model));
        rows.extend(measured::accuracies(given, model));
    }
    rows.push(measured::better(given));
    rows
}

/// The batches of an epoch, the last of which may be smaller and is not dropped, and the updates of a whole run.
fn updates(given: &Given) -> [Row; 2] {
    let (images, batch, epochs) = (given.dataset.training_images(), given.batch, given.epochs);
    let number = |n: u64| Math::num(Rational::from_integer(n.into()));
    let batches = images.div_ceil(batch);
    let updates = u128::from(batches) * u128::from(epochs);
    let quotient = Math::apply("ceil", vec![Math::frac(number(images), number(batch))]);
    let mut first = Row::new("batches", "batches an epoch", Value::integer(batches)).step(
        "Every image once an epoch, so many to a batch; a last batch that is smaller is not dropped.",
        vec![quotient.equals(number(batches))],
    );
    let last = images % batch;
    if last != 0 {
        first = first.remark(format!("The last batch of an epoch has {last} images."));
    }
    let product = Math::prod(vec![number(epochs), number(batches)]);
    let updates = Math::num(Rational::from_integer(updates.into()));
    let second =
        Row::new("updates", "updates in all", Value::integer(u128::from(batches) * u128::from(epochs)))
            .step("An update a batch, in every epoch, for each model.", vec![product.equals(updates)]);
    [first, second]
}

/// `MLP parameters`.
fn label(name: &str, what: &str) -> String {
    format!("{} {what}", steps::shown(name))
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
