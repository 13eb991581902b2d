//! A plan as tensors of libtorch: making the model as PyTorch makes it, running it forward. No data, no optimizer.

use std::cell::Cell;

use tch::nn::{Init, VarStore};
use tch::{Device, Kind, TchError, Tensor};

use super::plan::{ModelPlan, Op, Step, Window, float_of};
use super::stream::Stream;

/// `eps` and `momentum` of PyTorch's batch norm.
const BATCH_NORM: (f64, f64) = (1e-5, 0.1);

/// A model.
pub(super) struct Network {
    /// Its tensors, for the optimizer.
    pub(super) store: VarStore,
    layers: Vec<Built>,
    /// The places of the layers in the order in which training runs them.
    training: Vec<usize>,
    /// The same for evaluation, where batch norm is monotone.
    evaluation: Vec<usize>,
    /// Whether to run everything as PyTorch does, since there may be numbers that are not finite.
    plain: Cell<bool>,
}

/// An operation with its tensors.
struct Built {
    step: Step,
    tensors: Vec<Tensor>,
    /// The probability of a dropout.
    p: f64,
}

/// A tensor of a model, for those who save it.
pub(super) struct Named<'a> {
    /// `3.weight`: the place of the operation in the module, from 0, and the name.
    pub(super) name: String,
    pub(super) tensor: &'a Tensor,
    pub(super) trainable: bool,
}

impl Network {
    /// Makes a model on the CPU: its tensors in order of their declaration, drawn from the stream.
    pub(super) fn new(plan: &ModelPlan, stream: &mut Stream) -> Result<Self, TchError> {
        let store = VarStore::new(Device::Cpu);
        let mut layers = Vec::with_capacity(plan.steps.len());
        for (at, step) in plan.steps.iter().enumerate() {
            let path = store.root().sub(at);
            let mut tensors = Vec::with_capacity(step.tensors.len());
            for declared in &step.tensors {
                // Made without a draw, then filled in PyTorch's order.
                let one = f64::from(u8::from(matches!(
                    (&step.op, declared.name.as_str()),
                    (Op::BatchNorm { .. }, "weight" | "running_var")
                )));
                let tensor = if declared.trainable {
                    path.f_var(&declared.name, &declared.shape, Init::Const(one))?
                } else if one > 0.0 {
                    path.f_ones_no_train(&declared.name, &declared.shape)?
                } else {
                    path.f_zeros_no_train(&declared.name, &declared.shape)?
                };
                tensors.push(tensor);
            }
            fill(&plan.name, at, step, &mut tensors, stream)?;
            let p = match &step.op {
                Op::Dropout { p, .. } => float_of(p).unwrap_or(0.0),
                _ => 0.0,
            };
            layers.push(Built { step: step.clone(), tensors, p });
        }
        let (training, evaluation) = (order(&layers, false), order(&layers, true));
        Ok(Self { store, layers, training, evaluation, plain: Cell::new(false) })
    }

    /// Moves the model.
    pub(super) fn to(&mut self, device: Device) {
        if device != Device::Cpu {
            self.store.set_device(device);
        }
    }

    /// All tensors, in order.
    pub(super) fn tensors(&self) -> Vec<Named<'_>> {
        let mut all = Vec::new();
        for (at, layer) in self.layers.iter().enumerate() {
            for (declared, tensor) in layer.step.tensors.iter().zip(&layer.tensors) {
                let name = format!("{at}.{}", declared.name);
                all.push(Named { name, tensor, trainable: declared.trainable });
            }
        }
        all
    }

    /// The tensors that an optimizer moves.
    pub(super) fn trainable(&self) -> impl Iterator<Item = &Tensor> {
        let of = |layer: &'_ Built| {
            layer.step.tensors.iter().map(|declared| declared.trainable).collect::<Vec<_>>()
        };
        self.layers
            .iter()
            .flat_map(move |layer| layer.tensors.iter().zip(of(layer)).filter(|(_, t)| *t).map(|(t, _)| t))
    }

    /// Logits of a batch, while training.
    pub(super) fn forward(&self, images: &Tensor) -> Result<Tensor, TchError> {
        if self.plain.get() {
            return self.through(&self.declared(), images, |layer, x| layer.forward(x, true));
        }
        self.through(&self.training, images, Built::train)
    }

    /// Logits of a batch, without gradients: the same bits as [`Network::plainly`].
    pub(super) fn evaluate(&self, images: &Tensor) -> Result<Tensor, TchError> {
        if self.plain.get() {
            return self.plainly(images);
        }
        let order = if self.is_monotone()? { &self.evaluation } else { &self.training };
        tch::no_grad(|| self.through(order, images, Built::evaluate))
    }

    /// Logits of a batch, without gradients, layer by layer as PyTorch runs them.
    pub(super) fn plainly(&self, images: &Tensor) -> Result<Tensor, TchError> {
        tch::no_grad(|| self.through(&self.declared(), images, |layer, x| layer.forward(x, false)))
    }

    /// From now on, runs layer by layer as PyTorch does. The quicker ways give its bits as long as numbers are finite; of
    /// what is not a number, the largest is told in several ways.
    pub(super) fn be_plain(&self) {
        self.plain.set(true);
    }

    fn declared(&self) -> Vec<usize> {
        (0..self.layers.len()).collect()
    }

    fn through(
        &self,
        order: &[usize],
        images: &Tensor,
        run: impl Fn(&Built, &Tensor) -> Result<Tensor, TchError>,
    ) -> Result<Tensor, TchError> {
        let mut x = images.shallow_clone();
        for layer in order.iter().filter_map(|at| self.layers.get(*at)) {
            x = run(layer, &x)?;
        }
        Ok(x)
    }

    /// Whether no batch norm that a pooling has overtaken turns the order of numbers around: all its scales are positive.
    fn is_monotone(&self) -> Result<bool, TchError> {
        if self.training == self.evaluation {
            return Ok(true);
        }
        for layer in self.layers.iter().filter(|layer| matches!(layer.step.op, Op::BatchNorm { .. })) {
            if let Some(scale) = layer.tensors.first()
                && scale.f_min()?.f_double_value(&[])? <= 0.0
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Runs two images through, in evaluation mode, which draws nothing, and compares every shape with the plan's.
    pub(super) fn check(&self, image: &[i64]) -> Result<(), String> {
        let failed = |e: TchError| e.to_string();
        tch::no_grad(|| {
            let shape: Vec<i64> = [&[2], image].concat();
            let mut x = Tensor::f_zeros(shape, (Kind::Float, self.store.device())).map_err(failed)?;
            for layer in &self.layers {
                x = layer.forward(&x, false).map_err(failed)?;
                let (_, found) = x.size().split_first().map(|(n, s)| (*n, s.to_vec())).unwrap_or_default();
                if found != layer.step.output {
                    return Err(format!(
                        "layer {} gives {found:?} in libtorch, and {:?} in the layer table",
                        layer.step.layer, layer.step.output
                    ));
                }
            }
            Ok(())
        })
    }

    /// Notes the masks of a pass: so many batches, so many images in all.
    pub(super) fn note_masks(&self, stream: &mut Stream, batches: u64, images: u64, what: &str) {
        for layer in &self.layers {
            // With nothing or everything dropped, libtorch draws no mask.
            if let Op::Dropout { numbers, .. } = &layer.step.op
                && layer.p > 0.0
                && layer.p < 1.0
            {
                stream.note_masks(
                    batches,
                    images.saturating_mul(*numbers),
                    format!("{what}: masks of layer {}", layer.step.layer),
                );
            }
        }
    }
}

/// The order in which layers are run: a maximum over windows before what keeps the order of numbers, so that there are
/// fewer of them to come. Rounding keeps the order as well, so every number is the same, and so is every gradient: it
/// goes to the first of the largest entries, and where ReLU is flat to none.
fn order(layers: &[Built], evaluation: bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..layers.len()).collect();
    let op = |at: Option<&usize>| at.and_then(|at| layers.get(*at)).map(|layer| &layer.step.op);
    for pool in 0..layers.len() {
        let mut at = pool;
        while at > 0
            && matches!(op(order.get(at)), Some(Op::MaxPool2d(_)))
            && match op(order.get(at - 1)) {
                Some(Op::Relu) => true,
                Some(Op::BatchNorm { .. }) => evaluation,
                _ => false,
            }
        {
            order.swap(at - 1, at);
            at -= 1;
        }
    }
    order
}

/// The largest entries of windows that lie side by side, from whole rows and columns; `None` for other windows.
fn halved(x: &Tensor, window: &Window) -> Result<Option<Tensor>, TchError> {
    let &[_, _, height, width] = x.size().as_slice() else { return Ok(None) };
    let plain = Window { kernel: [2, 2], stride: [2, 2], padding: [0, 0], ceil: false };
    if *window != plain || height < 2 || width < 2 {
        return Ok(None);
    }
    let slice = |x: &Tensor, dim: i64, start: i64, length: i64| x.f_slice(dim, start, length / 2 * 2, 2);
    let rows = slice(x, 2, 0, height)?.f_maximum(&slice(x, 2, 1, height)?)?;
    slice(&rows, 3, 0, width)?.f_maximum(&slice(&rows, 3, 1, width)?).map(Some)
}

/// Whether windows neither overlap nor reach beyond the map, so that an entry has the gradient of one window at most.
fn side_by_side(w: &Window) -> bool {
    w.padding == [0, 0] && !w.ceil && w.stride.iter().zip(w.kernel).all(|(stride, kernel)| *stride >= kernel)
}

/// Draws initial weights as the constructors of `torch.nn` do: the weight, then the bias.
fn fill(
    model: &str,
    at: usize,
    step: &Step,
    tensors: &mut [Tensor],
    stream: &mut Stream,
) -> Result<(), TchError> {
    if !matches!(step.op, Op::Conv2d { .. } | Op::Linear { .. }) {
        return Ok(());
    }
    let fan_in: i64 = step.tensors.first().map_or(1, |weight| weight.shape.iter().skip(1).product());
    for (declared, tensor) in step.tensors.iter().zip(tensors) {
        let bound = bound(declared.name == "weight", fan_in as f64);
        let _ = tch::no_grad(|| tensor.f_uniform_(-bound, bound))?;
        let words = declared.shape.iter().product::<i64>();
        stream.note(u64::try_from(words).unwrap_or(0), format!("{model}: {at}.{}", declared.name));
    }
    Ok(())
}

/// `kaiming_uniform_(weight, a=sqrt(5))`, and 1/√fan_in for a bias, with the operations of `torch.nn.init`.
fn bound(weight: bool, fan_in: f64) -> f64 {
    if !weight {
        return 1.0 / fan_in.sqrt();
    }
    let slope = 5.0f64.sqrt();
    let gain = (2.0 / (1.0 + slope * slope)).sqrt();
    3.0f64.sqrt() * (gain / fan_in.sqrt())
}

impl Built {
    /// Runs with gradients. Where windows lie side by side, oneDNN finds the same largest entries, and of equal ones the
    /// first as well, several times faster.
    fn train(&self, x: &Tensor) -> Result<Tensor, TchError> {
        match &self.step.op {
            Op::MaxPool2d(w) if side_by_side(w) && x.device() == Device::Cpu && tch::utils::has_mkldnn() => x
                .f_to_mkldnn(None)?
                .f_mkldnn_max_pool2d(w.kernel, w.stride, w.padding, [1, 1], w.ceil)?
                .f_to_dense(None, false),
            _ => self.forward(x, true),
        }
    }

    /// Runs without gradients.
    fn evaluate(&self, x: &Tensor) -> Result<Tensor, TchError> {
        match &self.step.op {
            Op::MaxPool2d(window) => match halved(x, window)? {
                Some(largest) => Ok(largest),
                None => self.forward(x, false),
            },
            _ => self.forward(x, false),
        }
    }

    fn forward(&self, x: &Tensor, train: bool) -> Result<Tensor, TchError> {
        let tensor = |i: usize| self.tensors.get(i);
        let missing = || TchError::Torch(format!("layer {} lacks a tensor", self.step.layer));
        match &self.step.op {
            Op::Conv2d { stride, padding, dilation, groups, .. } => {
                let (weight, bias) = (tensor(0).ok_or_else(missing)?, tensor(1));
                match padding {
                    Some(padding) => x.f_conv2d(weight, bias, stride, padding, dilation, *groups),
                    None => x.f_conv2d_padding(weight, bias, stride, "same", dilation, *groups),
                }
            }
            Op::MaxPool2d(w) => x.f_max_pool2d(w.kernel, w.stride, w.padding, [1, 1], w.ceil),
            Op::AvgPool2d(Window { kernel, stride, padding, ceil }) => {
                x.f_avg_pool2d(kernel, stride, padding, *ceil, true, None)
            }
            Op::GlobalAvgPool => x.f_adaptive_avg_pool2d([1, 1]),
            Op::GlobalMaxPool => x.f_adaptive_max_pool2d([1, 1]).map(|(values, _)| values),
            Op::BatchNorm { .. } => {
                let (eps, momentum) = BATCH_NORM;
                x.f_batch_norm(tensor(0), tensor(1), tensor(2), tensor(3), train, momentum, eps, true)
            }
            Op::Relu => x.f_relu(),
            Op::Dropout { .. } => x.f_dropout(self.p, train),
            Op::Flatten => x.f_flatten(1, -1),
            Op::Linear { .. } => x.f_linear(tensor(0).ok_or_else(missing)?, tensor(1)),
        }
    }
}
