//! What is going to be trained is laid out here, tensor by tensor, before anything runs: from a recipe to operations that
//! PyTorch has, or to the reason why there are none. No numbers are drawn and nothing needs libtorch.

use num_traits::{ToPrimitive, Zero};
use serde::{Deserialize, Serialize};

use crate::kinds::training::{Given, Model};
use crate::net::{self, Axes, Layer, Padding, Shape, Stage};
use crate::num::{Integer, Rational};
use crate::record::{Declared, Optimizer, Recipe};

/// The most parameters of a model that is trained.
pub const MAX_PARAMETERS: u64 = 200_000_000;
/// The most numbers that all layers together hold for one batch.
pub const MAX_ACTIVATIONS: u128 = 1 << 31;

/// A recipe, ready to be followed by this program or by another that reads its JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The sheet's title.
    pub sheet: String,
    /// The question's id.
    pub question: String,
    /// The recipe.
    pub recipe: Recipe,
    /// The models, in the order of training.
    pub models: Vec<ModelPlan>,
}

/// A model as operations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelPlan {
    /// Its name in the sheet.
    pub name: String,
    /// Its trainable parameters, as the layer table counts them.
    pub parameters: u64,
    /// The operations, in order.
    pub steps: Vec<Step>,
}

/// An operation of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The layer that it belongs to, from 1; 0 for the image being made a vector for `Input(n)`.
    pub layer: usize,
    /// What it does.
    #[serde(flatten)]
    pub op: Op,
    /// The tensors that it owns, in the order in which they are made.
    pub tensors: Vec<TensorPlan>,
    /// The shape that comes out, without the batch: channels, rows and columns, or units.
    pub output: Vec<i64>,
}

/// A tensor of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TensorPlan {
    /// Its name in PyTorch's module.
    pub name: String,
    /// Its shape.
    pub shape: Vec<i64>,
    /// Whether the optimizer moves it.
    pub trainable: bool,
}

/// An operation, by the name that it has in `torch.nn`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Op {
    /// `Conv2d`
    Conv2d {
        /// Channels that go in.
        in_channels: i64,
        /// Channels that come out.
        out_channels: i64,
        /// Rows and columns of the kernel.
        kernel: [i64; 2],
        /// Step between windows.
        stride: [i64; 2],
        /// Zeros on either side; none where `same` keeps the size.
        padding: Option<[i64; 2]>,
        /// Distance between neighbouring entries of the kernel.
        dilation: [i64; 2],
        /// Groups of channels.
        groups: i64,
        /// Whether there is a bias.
        bias: bool,
    },
    /// `MaxPool2d`
    MaxPool2d(Window),
    /// `AvgPool2d`
    AvgPool2d(Window),
    /// `AdaptiveAvgPool2d(1)`
    GlobalAvgPool,
    /// `AdaptiveMaxPool2d(1)`
    GlobalMaxPool,
    /// `BatchNorm1d` of a vector, `BatchNorm2d` of maps.
    BatchNorm {
        /// 1 or 2.
        dimensions: u8,
        /// Units or channels.
        features: i64,
    },
    /// `ReLU`
    Relu,
    /// `Dropout`
    Dropout {
        /// The probability, a fraction: `1/5`.
        p: String,
        /// Numbers of one image that go through it.
        numbers: u64,
    },
    /// `Flatten`
    Flatten,
    /// `Linear`
    Linear {
        /// Numbers that go in.
        inputs: i64,
        /// Numbers that come out.
        units: i64,
        /// Whether there is a bias.
        bias: bool,
    },
}

/// The window of a pooling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Rows and columns.
    pub kernel: [i64; 2],
    /// Step between windows.
    pub stride: [i64; 2],
    /// Border on either side.
    pub padding: [i64; 2],
    /// Whether a last window may hang over the end.
    pub ceil: bool,
}

/// Why a recipe cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PlanError(pub String);

/// What a person may ask for beside the sheet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    /// So many epochs instead of the recipe's.
    pub epochs: Option<u64>,
    /// Only so many batches of every pass.
    pub batches: Option<u64>,
}

impl Plan {
    /// Lays a recipe out.
    ///
    /// # Errors
    /// A recipe that cannot be followed: a number that a float cannot hold, a batch norm that would see a single value,
    /// a model too large, a layer whose tensors are not the parameters that the layer table counts.
    pub fn new(sheet: &str, question: &str, given: &Given, changes: Changes) -> Result<Self, PlanError> {
        let rate = |what: &str, value: &Rational| match float(value) {
            Some(float) if float > 0.0 || value.is_zero() => Ok(value.to_string()),
            _ => Err(PlanError(format!("no floating-point number is near {what} = {value}"))),
        };
        let recipe = Recipe {
            dataset: given.dataset.name().to_owned(),
            models: given
                .models
                .iter()
                .map(|m| Declared { name: m.name.clone(), network: m.network.to_string() })
                .collect(),
            optimizer: Optimizer::Sgd {
                lr: rate("lr", &given.sgd.lr)?,
                momentum: rate("momentum", &given.sgd.momentum)?,
            },
            batch: given.batch,
            epochs: changes.epochs.unwrap_or(given.epochs),
            seed: given.seed,
            batches: changes.batches,
        };
        let models = given
            .models
            .iter()
            .map(|model| plan(model, given).map_err(|e| PlanError(format!("the model {}: {e}", model.name))))
            .collect::<Result<_, _>>()?;
        Ok(Self { sheet: sheet.to_owned(), question: question.to_owned(), recipe, models })
    }

    /// The plan as JSON, a line end after it.
    ///
    /// # Errors
    /// None that is known; the writer of JSON may have some.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

/// The float nearest to a fraction; none where it is not finite.
#[must_use]
pub fn float(value: &Rational) -> Option<f64> {
    value.to_f64().filter(|float| float.is_finite())
}

/// The float nearest to a fraction that was written as text.
#[must_use]
pub fn float_of(text: &str) -> Option<f64> {
    float(&text.parse::<Rational>().ok()?)
}

fn plan(model: &Model, given: &Given) -> Result<ModelPlan, PlanError> {
    let stages = net::trace(&model.network).map_err(|e| PlanError(e.to_string()))?;
    let mut steps = Vec::new();
    let image = given.dataset.input();
    let mut numbers = size(image)?;
    if model.network.input != image {
        steps.push(Step { layer: 0, op: Op::Flatten, tensors: Vec::new(), output: vec![count(numbers)?] });
    }
    let (images, batch) = (given.dataset.training_images(), given.batch);
    let last = images.checked_rem(batch).filter(|rest| *rest > 0).unwrap_or(batch);
    for stage in &stages {
        if matches!(stage.layer, Layer::BatchNorm) && last.saturating_mul(positions(stage.input)) < 2 {
            return Err(PlanError(format!(
                "layer {}, BatchNorm, would normalise a single value: the last batch has {last} image",
                stage.number
            )));
        }
        add(stage, &mut steps)?;
        numbers = numbers.saturating_add(size(stage.output)?);
    }
    let parameters = net::total_parameters(&stages);
    let too_many =
        || PlanError(format!("it has {parameters} parameters, and {MAX_PARAMETERS} are the limit"));
    let parameters = parameters.to_u64().filter(|n| *n <= MAX_PARAMETERS).ok_or_else(too_many)?;
    let activations = u128::from(numbers) * u128::from(batch);
    if activations > MAX_ACTIVATIONS {
        return Err(PlanError(format!(
            "its layers hold {activations} numbers for a batch, and {MAX_ACTIVATIONS} are the limit"
        )));
    }
    Ok(ModelPlan { name: model.name.clone(), parameters, steps })
}

/// Adds the steps of a layer.
fn add(stage: &Stage, steps: &mut Vec<Step>) -> Result<(), PlanError> {
    let window = |kernel: &Axes, stride: &Axes, padding: &Axes, ceil: bool| -> Result<Window, PlanError> {
        Ok(Window { kernel: pair(*kernel)?, stride: pair(*stride)?, padding: pair(*padding)?, ceil })
    };
    let mut tensors = Vec::new();
    let mut tensor = |name: &str, shape: &[i64], trainable: bool| {
        tensors.push(TensorPlan { name: name.to_owned(), shape: shape.to_vec(), trainable });
    };
    let op = match &stage.layer {
        Layer::Conv { filters, kernel, stride, padding, dilation, groups, bias } => {
            let (inputs, outputs, kernel) = (stage.input.features(), count(*filters)?, pair(*kernel)?);
            let each = inputs.checked_div(*groups).ok_or_else(|| PlanError("it has 0 groups".to_owned()))?;
            tensor("weight", &[outputs, count(each)?, kernel[0], kernel[1]], true);
            if *bias {
                tensor("bias", &[outputs], true);
            }
            let padding = match padding {
                Padding::Same => None,
                Padding::Explicit(padding) => Some(pair(*padding)?),
            };
            Op::Conv2d {
                in_channels: count(inputs)?,
                out_channels: outputs,
                kernel,
                stride: pair(*stride)?,
                padding,
                dilation: pair(*dilation)?,
                groups: count(*groups)?,
                bias: *bias,
            }
        }
        Layer::MaxPool { kernel, stride, padding, ceil } => {
            Op::MaxPool2d(window(kernel, stride, padding, *ceil)?)
        }
        Layer::AvgPool { kernel, stride, padding, ceil } => {
            Op::AvgPool2d(window(kernel, stride, padding, *ceil)?)
        }
        Layer::GlobalAvgPool => Op::GlobalAvgPool,
        Layer::GlobalMaxPool => Op::GlobalMaxPool,
        Layer::BatchNorm => {
            let features = count(stage.input.features())?;
            for (name, trainable) in
                [("weight", true), ("bias", true), ("running_mean", false), ("running_var", false)]
            {
                tensor(name, &[features], trainable);
            }
            let dimensions = if matches!(stage.input, Shape::Map { .. }) { 2 } else { 1 };
            Op::BatchNorm { dimensions, features }
        }
        Layer::ReLU => Op::Relu,
        Layer::Dropout { p } => Op::Dropout { p: p.to_string(), numbers: size(stage.input)? },
        Layer::Flatten => Op::Flatten,
        Layer::Linear { units, bias } => {
            let (inputs, units) = (count(size(stage.input)?)?, count(*units)?);
            if matches!(stage.input, Shape::Map { .. }) {
                steps.push(Step {
                    layer: stage.number,
                    op: Op::Flatten,
                    tensors: Vec::new(),
                    output: vec![inputs],
                });
            }
            tensor("weight", &[units, inputs], true);
            if *bias {
                tensor("bias", &[units], true);
            }
            Op::Linear { inputs, units, bias: *bias }
        }
    };
    let owned: Integer = tensors
        .iter()
        .filter(|t| t.trainable)
        .map(|t| t.shape.iter().map(|n| Integer::from(*n)).product::<Integer>())
        .sum();
    if owned != stage.parameters.value() {
        return Err(PlanError(format!(
            "the tensors of layer {} hold {owned} parameters, and the layer table counts {}",
            stage.number,
            stage.parameters.value()
        )));
    }
    let output = match stage.output {
        Shape::Map { height, width, channels } => vec![count(channels)?, count(height)?, count(width)?],
        Shape::Flat(n) => vec![count(n)?],
    };
    steps.push(Step { layer: stage.number, op, tensors, output });
    Ok(())
}

fn positions(shape: Shape) -> u64 {
    match shape {
        Shape::Map { height, width, .. } => height.saturating_mul(width),
        Shape::Flat(_) => 1,
    }
}

fn size(shape: Shape) -> Result<u64, PlanError> {
    shape.size().ok_or_else(|| PlanError(format!("{shape} holds more numbers than 64 bits can count")))
}

fn count(n: u64) -> Result<i64, PlanError> {
    i64::try_from(n).map_err(|_| PlanError(format!("{n} is beyond what a tensor's shape can say")))
}

fn pair((rows, columns): Axes) -> Result<[i64; 2], PlanError> {
    Ok([count(rows)?, count(columns)?])
}

#[cfg(test)]
mod tests;
