//! Checkpoints live here: all that a run needs to go on to the same end, in one file of safetensors that is whole at any
//! moment. Training is not here.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};
use tch::{Device, Kind, TchError, Tensor};

use super::TrainError;
use super::model::Network;
use super::plan::Plan;
use crate::record::{Epoch, Images, Machine, Trained, Versions, sha256, write_whole};

/// The form of checkpoint that is written and read.
const FORMAT: u64 = 1;
/// The key of the state among a file's metadata.
const STATE: &str = "backproof";
/// The key of the tensors' SHA-256.
const DIGEST: &str = "sha256";
/// What a momentum's name begins with.
const MOMENTUM: &str = "momentum.";
/// The largest checkpoint that is read, in bytes: weights and momenta of the largest model, and room for the state.
const MAX_BYTES: u64 = 2 << 30;

/// Where a run stands at the end of an epoch. The generator stands where it is after so many words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) format: u64,
    pub(super) versions: Versions,
    pub(super) machine: Machine,
    pub(super) images: Images,
    pub(super) plan: Plan,
    /// Words drawn.
    pub(super) drawn: u64,
    /// Models that are trained.
    pub(super) done: Vec<Trained>,
    /// Epochs of the model after those.
    pub(super) epochs: Vec<Epoch>,
}

impl State {
    /// A run that has not begun.
    pub(super) fn new(versions: Versions, machine: Machine, images: Images, plan: Plan) -> Self {
        Self {
            format: FORMAT,
            versions,
            machine,
            images,
            plan,
            drawn: 0,
            done: Vec::new(),
            epochs: Vec::new(),
        }
    }

    /// Why this state is not one that a run like `other` came by; `None` where it is.
    fn differs(&self, other: &Self) -> Option<String> {
        let was = |what: &str, old: &str, new: &str| {
            Some(format!("it was made with {what} {old}, and now it is {new}"))
        };
        let (old, new) = (&self.machine, &other.machine);
        if self.plan.recipe != other.plan.recipe || self.plan.models != other.plan.models {
            return Some("it belongs to another recipe or other networks".to_owned());
        }
        if old.threads != new.threads {
            return was("threads:", &old.threads.to_string(), &new.threads.to_string());
        }
        if old.device != new.device {
            return was("the device", &old.device, &new.device);
        }
        if old.features != new.features {
            return was("a processor that has", &old.features.join(" "), &new.features.join(" "));
        }
        if self.versions != other.versions {
            let told = |v: &Versions| format!("{} with libtorch {} by {}", v.program, v.libtorch, v.binding);
            return was("the version", &told(&self.versions), &told(&other.versions));
        }
        if self.images != other.images {
            return Some("it belongs to other data".to_owned());
        }
        let epochs = self.plan.recipe.epochs;
        let models = self.plan.models.len();
        let whole = self.done.iter().all(|model| model.epochs.len() as u64 == epochs);
        let places = self.done.len() < models || (self.done.len() == models && self.epochs.is_empty());
        let names = self.done.iter().zip(&self.plan.models).all(|(d, m)| d.name == m.name);
        if !whole || !places || !names || self.epochs.len() as u64 >= epochs {
            return Some("it contradicts itself".to_owned());
        }
        None
    }
}

/// Writes a checkpoint, whole or not at all. The momenta are of the model whose epochs the state holds.
pub(super) fn save(path: &Path, state: &State, network: &Network) -> Result<(), TrainError> {
    let mut tensors = weights(network)?;
    for named in network.tensors().into_iter().filter(|named| named.trainable) {
        let momentum = named.tensor.f_grad()?;
        if momentum.defined() {
            tensors.push(Stored::new(format!("{MOMENTUM}{}", named.name), &momentum)?);
        }
    }
    let state = serde_json::to_string(state).map_err(|e| TrainError::Checkpoint(e.to_string()))?;
    let metadata = HashMap::from([(STATE.to_owned(), state), (DIGEST.to_owned(), digest(&tensors))]);
    write(path, &tensors, Some(metadata))
}

/// Writes the weights alone, for others to use.
pub(super) fn save_weights(path: &Path, network: &Network) -> Result<(), TrainError> {
    write(path, &weights(network)?, None)
}

/// The SHA-256 of all weights and running statistics, in order.
pub(super) fn weights_sha256(network: &Network) -> Result<String, TrainError> {
    let stored = weights(network)?;
    let chunks: Vec<&[u8]> = stored.iter().map(|s| s.bytes.as_slice()).collect();
    Ok(sha256(&chunks))
}

/// A checkpoint that was read.
pub(super) struct Saved {
    pub(super) state: State,
    tensors: HashMap<String, (Vec<i64>, Vec<f32>)>,
}

/// Reads a checkpoint and checks that it is whole and that a run like `expected` can go on with it.
pub(super) fn load(path: &Path, expected: &State) -> Result<Saved, TrainError> {
    let wrong = |what: String| TrainError::Checkpoint(format!("{}: {what}", path.display()));
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|e| wrong(e.to_string()))?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|e| wrong(e.to_string()))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(wrong(format!("larger than {MAX_BYTES} bytes, the limit")));
    }
    let broken = |what: String| wrong(format!("not a whole checkpoint ({what})"));
    let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|e| broken(e.to_string()))?;
    let file = SafeTensors::deserialize(&bytes).map_err(|e| broken(e.to_string()))?;
    let said = |key: &str| {
        header.metadata().as_ref().and_then(|m| m.get(key)).ok_or_else(|| broken(format!("no {key}")))
    };
    let state: State = serde_json::from_str(said(STATE)?).map_err(|e| broken(e.to_string()))?;
    if state.format != FORMAT {
        return Err(wrong(format!("its form is {}, and the one that is known is {FORMAT}", state.format)));
    }
    if let Some(why) = state.differs(expected) {
        return Err(wrong(format!("this run cannot go on from it: {why}")));
    }
    let mut stored = Vec::new();
    for (name, view) in file.iter() {
        if view.dtype() != Dtype::F32 {
            return Err(broken(format!("{name} does not hold 32-bit floats")));
        }
        let shape = view.shape().to_vec();
        stored.push(Stored { name: name.to_owned(), shape, bytes: view.data().to_vec() });
    }
    if digest(&stored) != *said(DIGEST)? {
        return Err(broken("the SHA-256 of the tensors is another".to_owned()));
    }
    let tensors = stored.into_iter().map(Stored::numbers).collect();
    Ok(Saved { state, tensors })
}

impl Saved {
    /// Puts weights, running statistics and momenta into a model.
    pub(super) fn restore(&self, network: &Network) -> Result<(), TrainError> {
        let missing =
            |name: &str| TrainError::Checkpoint(format!("the tensor {name} is missing or of another shape"));
        for named in network.tensors() {
            let saved = self.tensor(&named.name, named.tensor)?.ok_or_else(|| missing(&named.name))?;
            let mut tensor = named.tensor.shallow_clone();
            tch::no_grad(|| tensor.f_copy_(&saved))?;
        }
        for named in network.tensors().into_iter().filter(|named| named.trainable) {
            let name = format!("{MOMENTUM}{}", named.name);
            let Some(saved) = self.tensor(&name, named.tensor)? else { continue };
            // The gradient of Σ w·v with respect to w is v, bit for bit, and it lands where momenta live.
            named.tensor.f_mul(&saved)?.f_sum(Kind::Float)?.f_backward()?;
            if numbers(&named.tensor.f_grad()?)?
                .iter()
                .map(|x| x.to_bits())
                .ne(numbers(&saved)?.iter().map(|x| x.to_bits()))
            {
                return Err(TrainError::Checkpoint(format!("{name} does not come back as it was")));
            }
        }
        Ok(())
    }

    fn tensor(&self, name: &str, like: &Tensor) -> Result<Option<Tensor>, TrainError> {
        match self.tensors.get(name) {
            Some((shape, numbers)) if *shape == like.size() => {
                Ok(Some(Tensor::f_from_slice(numbers)?.f_reshape(shape)?.f_to_device(like.device())?))
            }
            _ => Ok(None),
        }
    }
}

/// A tensor as bytes, the lowest byte of a number first.
struct Stored {
    name: String,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Stored {
    fn new(name: String, tensor: &Tensor) -> Result<Self, TchError> {
        let shape = tensor.size().iter().map(|n| usize::try_from(*n).unwrap_or(0)).collect();
        let bytes = numbers(tensor)?.into_iter().flat_map(f32::to_le_bytes).collect();
        Ok(Self { name, shape, bytes })
    }

    fn numbers(self) -> (String, (Vec<i64>, Vec<f32>)) {
        let shape = self.shape.iter().map(|n| i64::try_from(*n).unwrap_or(0)).collect();
        let numbers = self.bytes.chunks_exact(4).filter_map(|b| b.try_into().ok()).map(f32::from_le_bytes);
        (self.name, (shape, numbers.collect()))
    }
}

fn numbers(tensor: &Tensor) -> Result<Vec<f32>, TchError> {
    let flat = tensor.detach().f_to_device(Device::Cpu)?.f_contiguous()?;
    let mut numbers = vec![0.0f32; flat.numel()];
    let length = numbers.len();
    flat.f_copy_data(&mut numbers, length)?;
    Ok(numbers)
}

fn weights(network: &Network) -> Result<Vec<Stored>, TrainError> {
    network.tensors().into_iter().map(|named| Ok(Stored::new(named.name.clone(), named.tensor)?)).collect()
}

/// The SHA-256 of tensors with their names, in the order of the names.
fn digest(tensors: &[Stored]) -> String {
    let mut sorted: Vec<&Stored> = tensors.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    let chunks: Vec<&[u8]> = sorted.iter().flat_map(|s| [s.name.as_bytes(), b"\0", &s.bytes]).collect();
    sha256(&chunks)
}

fn write(
    path: &Path,
    tensors: &[Stored],
    metadata: Option<HashMap<String, String>>,
) -> Result<(), TrainError> {
    let failed = |what: String| TrainError::Checkpoint(format!("{}: {what}", path.display()));
    let mut views = Vec::with_capacity(tensors.len());
    for Stored { name, shape, bytes } in tensors {
        let view = TensorView::new(Dtype::F32, shape.clone(), bytes).map_err(|e| failed(e.to_string()))?;
        views.push((name.as_str(), view));
    }
    let bytes = safetensors::serialize(views, metadata).map_err(|e| failed(e.to_string()))?;
    write_whole(path, &bytes).map_err(|e| failed(e.to_string()))
}
