//! Passes over the data live here: one that trains, one that counts correct predictions. What is read, saved or printed
//! is not known here.

use tch::nn::{Optimizer, OptimizerConfig, Sgd};
use tch::{Device, Kind, Reduction, TchError, Tensor};

use super::model::Network;
use crate::dataset::Split;

/// A loss that no training that learns anything has; a guess at random has ln 10.
const FAR: f64 = 1e4;

/// Images and labels in memory, ready to be gathered from.
pub(super) struct Images {
    /// `ToTensor` of every image: [n, 1, rows, columns], from 0 to 1.
    pixels: Tensor,
    labels: Tensor,
    count: usize,
}

impl Images {
    /// Converts a split.
    pub(super) fn new(split: &Split, device: Device) -> Result<Self, TchError> {
        let n = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let bytes = Tensor::f_from_slice(&split.pixels)?;
        let maps = bytes.f_view([n(split.images), 1, n(split.rows), n(split.columns)])?;
        let pixels = maps.f_to_kind(Kind::Float)?.f_div_scalar(255)?.f_to_device(device)?;
        let labels = Tensor::f_from_slice(&split.labels)?.f_to_kind(Kind::Int64)?.f_to_device(device)?;
        Ok(Self { pixels, labels, count: split.images })
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The shape of one.
    pub(super) fn shape(&self) -> Vec<i64> {
        self.pixels.size().split_off(1)
    }
}

/// The batches of a pass: the images in their order, or in the one given, so many at a time.
pub(super) struct Batches<'a> {
    images: &'a Images,
    order: Option<Tensor>,
    at: usize,
    end: usize,
    batch: usize,
}

impl<'a> Batches<'a> {
    /// At most `most` batches.
    pub(super) fn new(
        images: &'a Images,
        order: Option<Vec<i64>>,
        batch: usize,
        most: Option<usize>,
    ) -> Result<Self, TchError> {
        let order = match order {
            Some(order) => Some(Tensor::f_from_slice(&order)?.f_to_device(images.pixels.device())?),
            None => None,
        };
        let end = most.map_or(images.count, |most| most.saturating_mul(batch).min(images.count));
        Ok(Self { images, order, at: 0, end, batch })
    }

    /// How many images there are in all.
    pub(super) fn total(&self) -> usize {
        self.end
    }

    /// The next batch: images and labels.
    pub(super) fn next(&mut self) -> Result<Option<(Tensor, Tensor)>, TchError> {
        let length = self.batch.min(self.end.saturating_sub(self.at));
        if length == 0 {
            return Ok(None);
        }
        let (start, n) = (i64::try_from(self.at).unwrap_or(i64::MAX), i64::try_from(length).unwrap_or(0));
        self.at = self.at.saturating_add(length);
        let Images { pixels, labels, .. } = self.images;
        Ok(Some(match &self.order {
            Some(order) => {
                let chosen = order.f_narrow(0, start, n)?;
                (pixels.f_index_select(0, &chosen)?, labels.f_index_select(0, &chosen)?)
            }
            None => (pixels.f_narrow(0, start, n)?, labels.f_narrow(0, start, n)?),
        }))
    }
}

/// Stochastic gradient descent with momentum, as `torch.optim.SGD` has it: v ← momentum·v + g, w ← w − lr·v, and at the
/// first step v = g.
///
/// libtorch's own keeps v out of reach. Here v lives where gradients are summed: it is multiplied by the momentum, and the
/// backward pass adds the gradient to it in place. Those are the same two roundings, so the bits are the same; a step
/// without momentum then moves the weights by it.
pub(super) struct Momentum {
    plain: Optimizer,
    momentum: f64,
}

impl Momentum {
    pub(super) fn new(network: &Network, lr: f64, momentum: f64) -> Result<Self, TchError> {
        Ok(Self { plain: Sgd::default().build(&network.store, lr)?, momentum })
    }

    /// Makes room for the gradient of the next backward pass.
    fn decay(&mut self, network: &Network) -> Result<(), TchError> {
        if self.momentum > 0.0 {
            tch::no_grad(|| {
                for weights in network.trainable() {
                    let mut v = weights.f_grad()?;
                    if v.defined() {
                        let _ = v.f_mul_scalar_(self.momentum)?;
                    }
                }
                Ok(())
            })
        } else {
            self.plain.zero_grad();
            Ok(())
        }
    }
}

/// Trains on one batch; the loss.
pub(super) fn train(
    network: &Network,
    optimizer: &mut Momentum,
    (images, labels): &(Tensor, Tensor),
) -> Result<Tensor, TchError> {
    optimizer.decay(network)?;
    let logits = network.forward(images)?;
    let loss = logits.f_cross_entropy_loss(labels, None::<&Tensor>, Reduction::Mean, -100, 0.0)?;
    loss.f_backward()?;
    optimizer.plain.step();
    let loss = loss.f_detach()?;
    // A loss that has come so far is on its way to infinity, and not there yet.
    let now = loss.f_double_value(&[])?;
    if now.is_nan() || now >= FAR {
        network.be_plain();
    }
    Ok(loss)
}

/// Predicted classes of a batch.
pub(super) fn predict(network: &Network, images: &Tensor) -> Result<Tensor, TchError> {
    network.evaluate(images)?.f_argmax(1, false)
}

/// How many predictions are right, added to a count that stays on the device.
pub(super) fn count(right: &mut Option<Tensor>, predicted: &Tensor, labels: &Tensor) -> Result<(), TchError> {
    let some = predicted.f_eq_tensor(labels)?.f_sum(Kind::Int64)?;
    *right = Some(match right.take() {
        Some(sum) => sum.f_add(&some)?,
        None => some,
    });
    Ok(())
}
