//! Training lives here: from the recipe of a sheet to the record of a run that a CPU reproduces to the last bit, as PyTorch
//! runs it. The plan is made in every build; what follows it needs libtorch, and the feature `train`.
//!
//! What makes a run PyTorch's: every word comes from one generator, in PyTorch's order, and is entered in a ledger
//! (`stream`); the tensors are made and filled in the order of its constructors (`model`); sums and products happen in
//! the same operations of the same library (`step`).
#![cfg_attr(feature = "train", allow(clippy::float_arithmetic))]

pub mod plan;

#[cfg(feature = "train")]
mod checkpoint;
#[cfg(feature = "train")]
mod machine;
#[cfg(feature = "train")]
mod model;
#[cfg(feature = "train")]
mod progress;
#[cfg(feature = "train")]
mod run;
#[cfg(feature = "train")]
mod step;
#[cfg(feature = "train")]
mod stream;

#[cfg(all(test, feature = "train"))]
mod tests;

use std::io;
use std::path::{Path, PathBuf};

use crate::record::{Record, RecordError};

/// Exit status of a run that was stopped, as shells have it for Ctrl-C.
pub const STOPPED: i32 = 130;

/// Where to compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceChoice {
    /// The processor: the same bits as PyTorch.
    Cpu,
    /// A CUDA device: the same up to rounding, so the same accuracy within a percent point.
    Cuda,
}

/// How a run is made, beside its plan.
#[derive(Debug, Clone)]
pub struct Options<'a> {
    /// The folder of records, checkpoints and weights.
    pub runs: &'a Path,
    /// What their names begin with.
    pub stem: &'a str,
    /// Whether to go on from a checkpoint, where there is one.
    pub resume: bool,
    /// Threads of one operation; libtorch decides where it is not said.
    pub threads: Option<u64>,
    /// The device; CUDA where there is one.
    pub device: Option<DeviceChoice>,
    /// Whether to draw a page of misclassified images of every model beside the record.
    pub plots: bool,
    /// Only the lines of epochs, and no bar.
    pub quiet: bool,
    /// Whether the bar may have colour.
    pub color: bool,
    /// Where to write the ledger of the generator.
    pub ledger: Option<&'a Path>,
}

/// How a run ended.
#[derive(Debug)]
pub enum Outcome {
    /// All epochs of all models.
    Finished {
        /// The record.
        record: Box<Record>,
        /// Where it was written.
        path: PathBuf,
    },
    /// Somebody stopped it.
    Stopped {
        /// The model that was being trained.
        model: String,
        /// Its epochs that are kept.
        epochs: usize,
        /// The checkpoint, where one is there.
        checkpoint: Option<PathBuf>,
    },
}

/// Why a run did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The recipe or a network cannot be followed.
    #[error("{0}")]
    Recipe(String),
    /// There is no CUDA device.
    #[error("libtorch sees no CUDA device; leave --device out, or say --device cpu")]
    NoCuda,
    /// A checkpoint that cannot be written or gone on from.
    #[error("checkpoint: {0}")]
    Checkpoint(String),
    /// The record would not be one.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A file cannot be written.
    #[error("{}: {error}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Standard output is gone.
    #[error("the lines cannot be printed: {0}")]
    Output(#[from] io::Error),
    /// libtorch says no.
    #[cfg(feature = "train")]
    #[error("libtorch: {0}")]
    Torch(#[from] tch::TchError),
}

/// Trains the models of a plan, printing a line an epoch.
///
/// # Errors
/// A recipe that cannot be followed, before the first batch; a checkpoint of another run; a file that cannot be written.
#[cfg(feature = "train")]
pub fn train(
    plan: &plan::Plan,
    data: &crate::dataset::FashionMnist,
    options: &Options<'_>,
    out: &mut dyn io::Write,
) -> Result<Outcome, TrainError> {
    run::run(plan, data, options, out)
}
