//! The fields of a training recipe live here: data, models, optimizer, and refusing what cannot be trained. Nothing
//! runs.

mod attached;

pub use attached::{Attached, Other};

use num_traits::{One, Signed, Zero};

use crate::kinds::layer_table::{Named, named_network};
use crate::net::{self, Network, Shape};
use crate::num::{Rational, ratio};
use crate::record::Runs;
use crate::sheet::{Entry, Field, FieldType, Located, Range, Sheet, SheetError, listed, nearest, shown};

/// The most models of a recipe.
pub const MAX_MODELS: usize = 100;

/// The largest batch.
pub const MAX_BATCH: u64 = 60_000;

/// The most epochs.
pub const MAX_EPOCHS: u64 = 1_000_000;

/// The largest seed: what a signed 64-bit generator takes.
pub const MAX_SEED: u64 = i64::MAX as u64;

/// How far apart the accuracies of two machines may lie, a fraction: a percentage point. Machines round sums in other
/// orders, and after thousands of steps that shows; measured runs differ by a few thousandths.
pub const TOLERANCE: (i64, i64) = (1, 100);

/// The fields of an entry.
pub(super) const FIELDS: &[Field] = &[
    Field::optional("dataset", FieldType::OneOf(&DATASETS), "\"fashion-mnist\"", "the data")
        .or("\"fashion-mnist\""),
    Field::optional(
        "models",
        FieldType::List { of: &FieldType::NetworkName, least: 1, most: MAX_MODELS },
        "[\"cnn\", \"mlp\"]",
        "the networks, trained in this order in one process",
    )
    .or("[\"mlp\", \"cnn\"]"),
    Field::optional(
        "optimizer",
        FieldType::Table(OPTIMIZER_FIELDS),
        "{ sgd = { lr = 0.1, momentum = 0.5 } }",
        "how weights are moved",
    )
    .or("{ sgd = { lr = 0.05, momentum = 0.9 } }"),
    Field::optional("batch", FieldType::Count { least: 1, most: MAX_BATCH }, "64", "examples in a step")
        .or("128"),
    Field::optional(
        "epochs",
        FieldType::Count { least: 1, most: MAX_EPOCHS },
        "5",
        "passes over the training set",
    )
    .or("10"),
    Field::optional(
        "seed",
        FieldType::Count { least: 0, most: MAX_SEED },
        "1",
        "where the random numbers start",
    )
    .or("480"),
];

const OPTIMIZER_FIELDS: &[Field] = &[Field::required(
    "sgd",
    FieldType::Table(SGD_FIELDS),
    "{ lr = 0.05, momentum = 0.9 }",
    "stochastic gradient descent",
)];

const SGD_FIELDS: &[Field] = &[
    Field::required("lr", FieldType::Number(Range::Positive), "0.05", "learning rate"),
    Field::optional("momentum", FieldType::Number(Range::BelowOne), "0.9", "momentum").or("0"),
];

const DATASETS: [&str; 1] = [FASHION_MNIST];
const FASHION_MNIST: &str = "fashion-mnist";

/// A data set that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dataset {
    /// Fashion-MNIST (Xiao et al., 2017): 60,000 and 10,000 grey images of 28×28 pixels, ten classes.
    FashionMnist,
}

impl Dataset {
    /// The word in sheets.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::FashionMnist => FASHION_MNIST,
        }
    }

    /// The shape of an image.
    #[must_use]
    pub fn input(self) -> Shape {
        match self {
            Self::FashionMnist => Shape::Map { height: 28, width: 28, channels: 1 },
        }
    }

    /// How many images there are to train on (Xiao, Rasul and Vollgraf 2017, section 2).
    #[must_use]
    pub fn training_images(self) -> u64 {
        match self {
            Self::FashionMnist => 60_000,
        }
    }

    /// How many images there are to test on.
    #[must_use]
    pub fn test_images(self) -> u64 {
        match self {
            Self::FashionMnist => 10_000,
        }
    }

    /// What the classes are called (Xiao, Rasul and Vollgraf 2017, table 2).
    #[must_use]
    pub fn class_names(self) -> &'static [&'static str] {
        match self {
            Self::FashionMnist => &[
                "T-shirt/top",
                "Trouser",
                "Pullover",
                "Dress",
                "Coat",
                "Sandal",
                "Shirt",
                "Sneaker",
                "Bag",
                "Ankle boot",
            ],
        }
    }

    /// How many classes there are.
    #[must_use]
    pub fn classes(self) -> u64 {
        match self {
            Self::FashionMnist => 10,
        }
    }
}

/// Stochastic gradient descent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sgd {
    /// Learning rate; positive.
    pub lr: Rational,
    /// Momentum; at least 0 and less than 1.
    pub momentum: Rational,
}

/// A model: a network under its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// The name in `[networks]`.
    pub name: String,
    /// The network; it takes the images and gives a logit for every class.
    pub network: Network,
}

/// A recipe of training.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The data.
    pub dataset: Dataset,
    /// The models, in the order of training; at least one.
    pub models: Vec<Model>,
    /// The optimizer.
    pub sgd: Sgd,
    /// Examples in a step.
    pub batch: u64,
    /// Passes over the training set.
    pub epochs: u64,
    /// Seed of the random numbers.
    pub seed: u64,
    /// What is known of runs; nothing before it is attached.
    pub runs: Attached,
}

impl Given {
    /// Reads an entry.
    ///
    /// # Errors
    /// A field that is unknown or of the wrong type; a data set, an optimizer or a network that is not known; a model
    /// that does not take the images or does not give a logit for every class; a rate out of range.
    pub fn read(entry: &Entry, sheet: &Sheet) -> Result<Self, SheetError> {
        let dataset = dataset(entry)?;
        let models = models(entry, sheet, dataset)?;
        let sgd = optimizer(entry)?;
        let batch = entry.opt_count("batch", MAX_BATCH)?.map_or(128, |n| n.value);
        let epochs = entry.opt_count("epochs", MAX_EPOCHS)?.map_or(10, |n| n.value);
        let seed = entry.opt_whole("seed", MAX_SEED)?.map_or(480, |n| n.value);
        entry.finish(FIELDS)?;
        Ok(Self { dataset, models, sgd, batch, epochs, seed, runs: Attached::default() })
    }

    /// Takes in what is known of runs of this recipe, which is that of a sheet's question.
    pub fn attach_runs(&mut self, sheet: &str, question: &str, runs: &Runs) {
        self.runs = Attached::of(self, sheet, question, runs);
    }
}

fn dataset(entry: &Entry) -> Result<Dataset, SheetError> {
    let known = Dataset::FashionMnist;
    match entry.opt_text("dataset")? {
        None => Ok(known),
        Some(name) if name.value == known.name() => Ok(known),
        Some(name) => {
            let help = match nearest(&name.value, [known.name()]) {
                Some(near) => format!("did you mean {}?", shown(near)),
                None => format!("the one that is known is {}", shown(known.name())),
            };
            Err(entry.error_at(
                name.span.clone(),
                format!("there is no data set {}", shown(&name.value)),
                help,
            ))
        }
    }
}

fn models(entry: &Entry, sheet: &Sheet, dataset: Dataset) -> Result<Vec<Model>, SheetError> {
    let names = match entry.opt_texts("models")? {
        Some(names) => names,
        None => {
            let names = ["mlp", "cnn"].map(|name| Located::new(name.to_owned(), entry.span()));
            Located::new(names.to_vec(), entry.span())
        }
    };
    if names.value.is_empty() {
        return Err(entry.error("models", "there are no models to train", "name at least one network"));
    }
    if names.value.len() > MAX_MODELS {
        let message = format!("there are more than {MAX_MODELS} models, the limit");
        return Err(entry.error("models", message, "name fewer networks, or ask several questions"));
    }
    let mut models: Vec<Model> = Vec::new();
    for name in &names.value {
        let Named { name: known, network } = named_network(entry, sheet, name)?;
        let model = Model { name: known.unwrap_or_else(|| name.value.clone()), network };
        if models.iter().any(|other| other.name == model.name) {
            let message = format!("the model {} is named twice", shown(&model.name));
            return Err(entry.error_at(name.span.clone(), message, "name every model once"));
        }
        check(entry, name, &model, dataset)?;
        models.push(model);
    }
    Ok(models)
}

/// Whether a model takes the images and gives a logit for every class.
fn check(entry: &Entry, name: &Located<String>, model: &Model, dataset: Dataset) -> Result<(), SheetError> {
    let (image, input) = (dataset.input(), model.network.input);
    let as_vector = image.size().map(Shape::Flat);
    if input != image && Some(input) != as_vector {
        let message = format!(
            "the model {} takes {input}, and the images of {} are {image}",
            shown(&model.name),
            dataset.name()
        );
        let vector = as_vector.map_or_else(String::new, |n| format!(" or with Input({n})"));
        let d: Vec<String> = image.dimensions().iter().map(u64::to_string).collect();
        return Err(entry.error_at(
            name.span.clone(),
            message,
            format!("start the network with Input({}){vector}", d.join("x")),
        ));
    }
    // Reading the network has traced it already.
    let output =
        net::trace(&model.network).ok().and_then(|stages| stages.last().map(|s| s.output)).unwrap_or(input);
    if output != Shape::Flat(dataset.classes()) {
        let message = format!(
            "the model {} gives {output}, and {} has {} classes",
            shown(&model.name),
            dataset.name(),
            dataset.classes()
        );
        return Err(entry.error_at(
            name.span.clone(),
            message,
            format!("end the network with Linear({}), without a softmax", dataset.classes()),
        ));
    }
    Ok(())
}

/// The error for an optimizer that is not SGD.
fn unknown_optimizer(entry: &Entry, table: &Entry) -> SheetError {
    let known = "optimizer = { sgd = { lr = 0.05, momentum = 0.9 } }";
    match table.fields().first() {
        None => entry.error("optimizer", "the optimizer has no name", format!("write {known}")),
        Some((name, _)) => entry.error_at(
            name.span.clone(),
            format!("there is no optimizer {}", shown(&name.name)),
            format!("the one that is known is {}: {known}", shown("sgd")),
        ),
    }
}

fn optimizer(entry: &Entry) -> Result<Sgd, SheetError> {
    let Some(table) = entry.opt_table("optimizer")? else {
        return Ok(Sgd { lr: ratio(1, 20), momentum: ratio(9, 10) });
    };
    if !table.has("sgd") {
        return Err(unknown_optimizer(entry, &table));
    }
    let sgd = table.table("sgd")?;
    table.finish(OPTIMIZER_FIELDS)?;
    let lr = sgd.number("lr")?;
    let momentum = sgd.number_or("momentum", Rational::zero())?;
    sgd.finish(SGD_FIELDS)?;
    if !lr.value.is_positive() {
        return Err(sgd.error_at(
            lr.span.clone(),
            "the learning rate is not positive",
            "write, for example, lr = 0.05",
        ));
    }
    if momentum.value.is_negative() || momentum.value >= Rational::one() {
        return Err(sgd.error_at(
            momentum.span.clone(),
            "the momentum is not in the range from 0 to below 1",
            format!("write, for example, {}", listed(&["momentum = 0.9"])),
        ));
    }
    Ok(Sgd { lr: lr.value, momentum: momentum.value })
}
