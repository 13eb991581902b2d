//! A run from its first word to its record: models in order, epochs, lines, checkpoints. How a batch is trained on is in
//! `step`.

use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use tch::{Cuda, Device, Tensor};

use super::checkpoint::{self, Saved, State};
use super::machine::{machine, versions};
use super::model::Network;
use super::plan::{ModelPlan, Plan, float_of};
use super::progress::Progress;
use super::step::{self, Batches, Images, Momentum};
use super::stream::Stream;
use super::{DeviceChoice, Options, Outcome, TrainError};
use crate::dataset::FashionMnist;
use crate::plots;
use crate::record::{self, By, Epoch, Optimizer, Record, Trained, write_whole};

/// The classes of the data.
const CLASSES: usize = 10;

/// Set by Ctrl-C.
static STOP: AtomicBool = AtomicBool::new(false);

/// Stops at the next batch on Ctrl-C, and at once on the second.
fn listen() {
    // Where somebody listens already, they decide.
    let _ = ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::SeqCst) {
            std::process::exit(super::STOPPED);
        }
    });
}

/// All that stays the same in a run.
struct Run<'a> {
    plan: &'a Plan,
    data: &'a FashionMnist,
    options: &'a Options<'a>,
    device: Device,
    train: Images,
    test: Images,
    batch: usize,
    most: Option<usize>,
    lr: f64,
    momentum: f64,
}

/// Trains the models of a plan.
///
/// # Errors
/// Anything that keeps the run from its end: the device, a layer, the checkpoint, libtorch.
pub(super) fn run(
    plan: &Plan,
    data: &FashionMnist,
    options: &Options<'_>,
    out: &mut dyn Write,
) -> Result<Outcome, TrainError> {
    listen();
    let device = device(options.device)?;
    if let Some(threads) = options.threads {
        tch::set_num_threads(i32::try_from(threads).unwrap_or(i32::MAX));
    }
    let threads = u64::try_from(tch::get_num_threads()).unwrap_or(1);
    let Optimizer::Sgd { lr, momentum } = &plan.recipe.optimizer;
    let number =
        |text: &str| float_of(text).ok_or_else(|| TrainError::Recipe(format!("{text} is no number")));
    let size = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let run = Run {
        plan,
        data,
        options,
        device,
        train: Images::new(&data.train, device)?,
        test: Images::new(&data.test, device)?,
        batch: size(plan.recipe.batch),
        most: plan.recipe.batches.map(size),
        lr: number(lr)?,
        momentum: number(momentum)?,
    };
    let measured = |images: &Images| {
        let most = run.most.map_or(usize::MAX, |most| most.saturating_mul(run.batch));
        images.count().min(most) as u64
    };
    let images = record::Images { train: measured(&run.train), test: measured(&run.test) };
    let name = if device == Device::Cpu { "cpu" } else { "cuda" };
    let state = State::new(versions(), machine(threads, name), images, plan.clone());
    run.all(state, out)
}

fn device(choice: Option<DeviceChoice>) -> Result<Device, TrainError> {
    match choice {
        Some(DeviceChoice::Cpu) => Ok(Device::Cpu),
        Some(DeviceChoice::Cuda) if !Cuda::is_available() => Err(TrainError::NoCuda),
        Some(DeviceChoice::Cuda) => Ok(Device::Cuda(0)),
        None => Ok(Device::cuda_if_available()),
    }
}

impl Run<'_> {
    fn path(&self, ending: &str) -> PathBuf {
        self.options.runs.join(format!("{}.{ending}", self.options.stem))
    }

    /// All models.
    fn all(&self, mut state: State, out: &mut dyn Write) -> Result<Outcome, TrainError> {
        self.check()?;
        let checkpoint = self.path("checkpoint.safetensors");
        let mut saved = None;
        if self.options.resume && checkpoint.exists() {
            let found = checkpoint::load(&checkpoint, &state)?;
            state = found.state.clone();
            saved = Some(found);
        }
        let mut stream = Stream::seeded(self.plan.recipe.seed)?;
        if self.device != Device::Cpu {
            Cuda::manual_seed_all(self.plan.recipe.seed.wrapping_add(state.drawn));
        }
        if state.epochs.is_empty() {
            stream.discard_to(state.drawn)?;
        }
        let trained_on = state.images.train;
        let epochs = self.plan.recipe.epochs;
        let all = trained_on.saturating_mul(epochs).saturating_mul(self.plan.models.len() as u64);
        let passes =
            (state.done.len() as u64).saturating_mul(epochs).saturating_add(state.epochs.len() as u64);
        let mut progress =
            Progress::new(!self.options.quiet, self.options.color, all, passes.saturating_mul(trained_on));
        for (at, model) in self.plan.models.iter().enumerate() {
            if !self.options.quiet {
                let (name, parameters) = (&model.name, model.parameters);
                progress.line(out, &format!("{name}: {parameters} parameters"))?;
            }
            if let Some(done) = state.done.get(at) {
                for (at, epoch) in done.epochs.iter().enumerate() {
                    progress.line(out, &line(at + 1, epoch, &state))?;
                }
                continue;
            }
            let stopped = self.model(model, saved.take(), &mut state, &mut stream, &mut progress, out);
            progress.finish();
            self.write_ledger(&stream)?;
            if stopped? {
                let passes = state.epochs.len();
                return Ok(Outcome::Stopped {
                    model: model.name.clone(),
                    epochs: passes,
                    checkpoint: checkpoint.exists().then_some(checkpoint),
                });
            }
        }
        self.write_ledger(&stream)?;
        let record = Record {
            format: record::FORMAT,
            by: By::Backproof,
            sheet: self.plan.sheet.clone(),
            question: self.plan.question.clone(),
            versions: state.versions,
            machine: state.machine,
            recipe: self.plan.recipe.clone(),
            images: state.images,
            models: state.done,
            words: stream.drawn(),
        };
        record.check()?;
        let path = self.path("json");
        let text = record.to_json().map_err(|e| TrainError::Recipe(e.to_string()))?;
        write_whole(&path, text.as_bytes())
            .map_err(|error| TrainError::Write { path: path.clone(), error })?;
        Ok(Outcome::Finished { record: Box::new(record), path })
    }

    /// Refuses what libtorch or the layer table would not agree with, before the first batch.
    fn check(&self) -> Result<(), TrainError> {
        for model in &self.plan.models {
            // What is drawn here is drawn before the seed is set.
            let network = Network::new(model, &mut Stream::seeded(0)?)?;
            let refuse = |why: String| TrainError::Recipe(format!("the model {}: {why}", model.name));
            network.check(&self.train.shape()).map_err(refuse)?;
            let parameters: usize = network.trainable().map(Tensor::numel).sum();
            if parameters as u64 != model.parameters {
                return Err(refuse(format!(
                    "it has {parameters} parameters, and the layer table counts {}",
                    model.parameters
                )));
            }
        }
        Ok(())
    }

    /// One model, from its first epoch or from where it was left; whether it was stopped.
    fn model(
        &self,
        plan: &ModelPlan,
        saved: Option<Saved>,
        state: &mut State,
        stream: &mut Stream,
        progress: &mut Progress,
        out: &mut dyn Write,
    ) -> Result<bool, TrainError> {
        let going_on = !state.epochs.is_empty();
        // A model that is gone on with has drawn its weights already; what it draws here is overwritten and not counted.
        let mut network = if going_on {
            let network = Network::new(plan, &mut Stream::seeded(0)?)?;
            *stream = Stream::seeded(self.plan.recipe.seed)?;
            stream.discard_to(state.drawn)?;
            network
        } else {
            Network::new(plan, stream)?
        };
        network.to(self.device);
        let mut optimizer = Momentum::new(&network, self.lr, self.momentum)?;
        if let (true, Some(saved)) = (going_on, saved) {
            saved.restore(&network)?;
            for (at, epoch) in state.epochs.iter().enumerate() {
                progress.line(out, &line(at + 1, epoch, state))?;
            }
        }
        let epochs = self.plan.recipe.epochs;
        while (state.epochs.len() as u64) < epochs {
            let number = state.epochs.len().saturating_add(1);
            let last = number as u64 == epochs;
            progress.epoch(&plan.name, number, epochs, state.images.train);
            let what = format!("{} epoch {number}", plan.name);
            let Some(done) = self.epoch(&network, &mut optimizer, stream, progress, &what)? else {
                return Ok(true);
            };
            let (epoch, confusion, predictions) = done;
            progress.line(out, &line(number, &epoch, state))?;
            state.epochs.push(epoch);
            state.drawn = stream.drawn();
            if last {
                state.done.push(Trained {
                    name: plan.name.clone(),
                    parameters: plan.parameters,
                    epochs: std::mem::take(&mut state.epochs),
                    confusion,
                    weights_sha256: checkpoint::weights_sha256(&network)?,
                });
                let stem = record::stem_of_model(self.options.stem, &plan.name);
                checkpoint::save_weights(&self.options.runs.join(format!("{stem}.safetensors")), &network)?;
                self.draw_mistaken(&plan.name, &predictions)?;
            }
            checkpoint::save(&self.path("checkpoint.safetensors"), state, &network)?;
            if last {
                break;
            }
        }
        Ok(false)
    }

    /// One epoch: training, then counting on both sets; `None` where it was stopped.
    #[allow(clippy::type_complexity)]
    fn epoch(
        &self,
        network: &Network,
        optimizer: &mut Momentum,
        stream: &mut Stream,
        progress: &mut Progress,
        what: &str,
    ) -> Result<Option<(Epoch, Vec<Vec<u64>>, Vec<u8>)>, TrainError> {
        let began = Instant::now();
        let order = stream.pass(self.train.count(), true, &format!("{what}: training"))?;
        let mut batches = Batches::new(&self.train, order, self.batch, self.most)?;
        let (mut taken, images) = (0u64, batches.total() as u64);
        let mut losses = 0.0;
        while let Some(batch) = batches.next()? {
            if STOP.load(Ordering::SeqCst) {
                return Ok(None);
            }
            let loss = step::train(network, optimizer, &batch)?;
            taken = taken.saturating_add(1);
            losses += loss.f_double_value(&[])? * batch.1.numel() as f64;
            progress.step(u64::try_from(batch.1.numel()).unwrap_or(0), &loss)?;
        }
        if self.device == Device::Cpu {
            network.note_masks(stream, taken, images, &format!("{what}: training"));
        }
        let training_ms = milliseconds(began);
        let began = Instant::now();
        progress.measuring();
        let Some((train, _, _)) =
            self.measure(network, &self.train, true, stream, &format!("{what}: training set"))?
        else {
            return Ok(None);
        };
        let Some((test, confusion, predictions)) =
            self.measure(network, &self.test, false, stream, &format!("{what}: test set"))?
        else {
            return Ok(None);
        };
        let evaluation_ms = milliseconds(began);
        let loss = Some(((losses / images as f64) as f32).to_string());
        let epoch = Epoch { train, test, loss, words: stream.drawn(), training_ms, evaluation_ms };
        Ok(Some((epoch, confusion, predictions)))
    }

    /// Counts correct predictions, in the batches that a loader gives; with them, for the test set, what was taken for
    /// what, and every prediction in order.
    #[allow(clippy::type_complexity)]
    fn measure(
        &self,
        network: &Network,
        images: &Images,
        shuffled: bool,
        stream: &mut Stream,
        what: &str,
    ) -> Result<Option<(u64, Vec<Vec<u64>>, Vec<u8>)>, TrainError> {
        let order = stream.pass(images.count(), shuffled, what)?;
        let mut batches = Batches::new(images, order, self.batch, self.most)?;
        let mut right = None;
        let mut confusion = vec![vec![0u64; CLASSES]; if shuffled { 0 } else { CLASSES }];
        let mut predictions = Vec::new();
        while let Some((pixels, labels)) = batches.next()? {
            if STOP.load(Ordering::SeqCst) {
                return Ok(None);
            }
            let predicted = step::predict(network, &pixels)?;
            step::count(&mut right, &predicted, &labels)?;
            if !shuffled {
                let pairs = classes(&labels)?.into_iter().zip(classes(&predicted)?);
                for (class, prediction) in pairs {
                    predictions.push(u8::try_from(prediction).unwrap_or(u8::MAX));
                    if let Some(n) = confusion.get_mut(class).and_then(|row| row.get_mut(prediction)) {
                        *n = n.saturating_add(1);
                    }
                }
            }
        }
        let right = right.map_or(Ok(0), |sum: Tensor| sum.f_int64_value(&[]))?;
        Ok(Some((u64::try_from(right).unwrap_or(0), confusion, predictions)))
    }

    /// Draws the page of misclassified images of a model, where pictures are wanted.
    fn draw_mistaken(&self, model: &str, predictions: &[u8]) -> Result<(), TrainError> {
        let models = self.plan.models.iter().map(|model| model.name.as_str());
        let names = plots::file_names(models.clone());
        let Some((_, name)) = models.zip(names).find(|(other, _)| self.options.plots && *other == model)
        else {
            return Ok(());
        };
        let classes = plots::class_names(&self.plan.recipe.dataset);
        let svg = plots::mistaken(&self.data.test, predictions, model, classes);
        let path = self.path(&format!("{name}.mistaken.svg"));
        write_whole(&path, svg.as_bytes()).map_err(|error| TrainError::Write { path: path.clone(), error })
    }

    fn write_ledger(&self, stream: &Stream) -> Result<(), TrainError> {
        let Some(path) = self.options.ledger else { return Ok(()) };
        let failed = |error| TrainError::Write { path: path.to_owned(), error };
        let mut text = Vec::new();
        stream.write(&mut text).map_err(failed)?;
        write_whole(path, &text).map_err(failed)
    }
}

fn classes(tensor: &Tensor) -> Result<Vec<usize>, TrainError> {
    let tensor = tensor.f_to_device(Device::Cpu)?.f_contiguous()?;
    let mut numbers = vec![0i64; tensor.numel()];
    let length = numbers.len();
    tensor.f_copy_data(&mut numbers, length)?;
    Ok(numbers.into_iter().map(|n| usize::try_from(n).unwrap_or(usize::MAX)).collect())
}

fn milliseconds(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// A line as the assignment's program prints it: the quotient as a float, to four decimals, as Python rounds it.
fn line(number: usize, epoch: &Epoch, state: &State) -> String {
    let share = |right: u64, of: u64| right as f64 / of as f64;
    let (train, test) = (share(epoch.train, state.images.train), share(epoch.test, state.images.test));
    format!("Epoch {number:2} Train: {train:.4} Test: {test:.4}")
}
