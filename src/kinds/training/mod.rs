//! The kind `training` lives here: a recipe of training, checked, with what follows from it without a run. Training
//! itself is not here.

mod evidence;
mod follow;
mod given;
mod mistakes;
mod solve;
mod steps;

#[cfg(test)]
mod tests;

pub use given::{
    Attached, Dataset, Given, MAX_BATCH, MAX_EPOCHS, MAX_MODELS, MAX_SEED, Model, Other, Sgd, TOLERANCE,
};

use super::{Kind, Mistake, Problem, Rule};
use crate::record::Runs;
use crate::report::{Evidence, Row};

/// The kind.
pub static KIND: Kind = Kind {
    name: "training",
    title: "Training networks",
    source: "Parameters as in a layer table: the network that is counted is the network that is trained. Stochastic gradient \
             descent with momentum (Sutskever et al., 2013) as PyTorch has it: v ← momentum·v + gradient, w ← w − lr·v. \
             Fashion-MNIST: Xiao, Rasul and Vollgraf (2017), 60,000 training and 10,000 test images of 28×28 pixels, ten classes.",
    example: EXAMPLE,
    fields: given::FIELDS,
    rows: &[
        ("batches", "steps of an epoch, the last with the rest of the examples"),
        ("updates", "steps of a run"),
        ("MODEL.parameters", "parameters of the model of that name"),
        (
            "MODEL.train-accuracy",
            "share of the training set that it gets right after the last epoch, from the record of a run",
        ),
        ("MODEL.test-accuracy", "share of the test set that it gets right then, from the record"),
        ("better", "the model with the higher test accuracy in the record: its name"),
    ],
    given: |entry, sheet| Ok(Box::new(Given::read(entry, sheet)?)),
};

const EXAMPLE: &str = r#"title = "Two classifiers of clothes"

[networks]
mlp = "Input(784) -> Linear(256) -> BatchNorm -> ReLU -> Dropout(0.2) -> Linear(10)"
cnn = "Input(28x28x1) -> Conv(16, 5x5) -> BatchNorm -> ReLU -> MaxPool(2x2) -> Flatten -> Linear(10)"

[[question]]
id = "1"
kind = "training"
dataset = "fashion-mnist"
models = ["mlp", "cnn"]            # names of [networks], trained in this order
optimizer = { sgd = { lr = 0.05, momentum = 0.9 } }
batch = 128
epochs = 10
seed = 480
"#;

impl Problem for Given {
    fn solve(&self) -> Vec<Row> {
        solve::solve(self)
    }

    fn evidence(&self) -> Vec<Evidence> {
        evidence::evidence(self)
    }

    fn attach(&mut self, sheet: &str, question: &str, runs: &Runs) {
        self.attach_runs(sheet, question, runs);
    }

    fn mistakes(&self) -> Vec<Mistake> {
        mistakes::mistakes(self)
    }

    fn follow(&self) -> Vec<Rule<'_>> {
        follow::rules(self)
    }
}

/// What the record of a run says about the two models that are ahead, a sentence after the other, and where it was made;
/// none where there is no record or no second model.
#[must_use]
pub fn comparison(given: &Given) -> Vec<String> {
    let mut sentences = steps::sentences(given);
    if !sentences.is_empty() {
        sentences.extend(given.runs.run.as_ref().map(steps::origin));
    }
    sentences
}
