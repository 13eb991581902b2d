//! The loss after one step lives here, for the solver: exact where all gradients are rational, else computed in
//! enclosures to any precision.
//!
//! The updated parameters are quotients of exponential sums, and products of them run along every path: with every
//! layer a closed form would grow as a product does, and the logits then stand in exponents. So the number is given by
//! how it is computed, one forward pass in enclosures. Where an updated pre-activation cannot be told from zero,
//! max(0, [lo, hi]) = [max(0, lo), max(0, hi)] encloses its ReLU all the same.

use num_traits::{Signed, Zero};

use super::backward::{Backward, Coefficients, Forward};
use super::given::{Given, Layer};
use crate::kinds::softmax_cross_entropy::loss::SoftmaxLoss;
use crate::num::elementary::exp_rational;
use crate::num::real::Real;
use crate::num::{Exact, Integer, Interval, Rational, Undecided};

/// J with all parameters after one step of gradient descent.
///
/// # Errors
/// [`Undecided`] where the exact form passes a limit.
pub fn loss_after_step(given: &Given, forward: &Forward, backward: &Backward) -> Result<Exact, Undecided> {
    if backward.is_rational() {
        let layers = updated(given, forward, backward);
        let next = Forward::of(&given.input, &layers);
        let loss = SoftmaxLoss::new(next.logits(), given.classes.index)
            .ok_or_else(|| Undecided::because("the network has no outputs"))?;
        return loss.loss();
    }
    let pass = Pass {
        given: given.clone(),
        into: forward.into.clone(),
        slopes: backward.pre.clone(),
        denominator: backward.denominator().map(|(q, c)| (q.clone(), c.clone())).collect(),
    };
    Ok(Real::computed(move |bits| pass.at(bits)).into())
}

/// Rational parameters after the step.
fn updated(given: &Given, forward: &Forward, backward: &Backward) -> Vec<Layer> {
    let mut layers = given.layers.clone();
    for ((layer, slopes), into) in layers.iter_mut().zip(&backward.pre).zip(&forward.into) {
        for ((row, bias), slope) in layer.weights.iter_mut().zip(&mut layer.bias).zip(slopes) {
            let move_by = backward.rational(slope) * &given.step;
            for (w, h) in row.iter_mut().zip(into) {
                *w -= &move_by * h;
            }
            *bias -= move_by;
        }
    }
    layers
}

/// What one pass in enclosures takes.
struct Pass {
    given: Given,
    into: Vec<Vec<Rational>>,
    slopes: Vec<Vec<Coefficients>>,
    denominator: Vec<(Rational, Rational)>,
}

impl Pass {
    /// The loss with `bits` bits throughout; `None` where that is too coarse.
    fn at(&self, bits: u32) -> Result<Option<Interval>, Undecided> {
        let Some(units) = self.units(bits)? else { return Ok(None) };
        let mut at: Vec<Interval> =
            self.given.input.iter().map(|x| Interval::from_rational(x, bits)).collect();
        for ((layer, slopes), into) in self.given.layers.iter().zip(&self.slopes).zip(&self.into) {
            let mut next = Vec::with_capacity(layer.bias.len());
            for ((row, bias), slope) in layer.weights.iter().zip(&layer.bias).zip(slopes) {
                let slope = slope
                    .iter()
                    .zip(&units)
                    .filter(|(n, _)| !n.is_zero())
                    .fold(Interval::zero(bits), |sum, (n, unit)| sum.add(&unit.scale(n)));
                let move_by = slope.scale(&self.given.step);
                let mut z = Interval::from_rational(bias, bits).sub(&move_by);
                for ((w, h), x) in row.iter().zip(into).zip(&at) {
                    z = z.add(&Interval::from_rational(w, bits).sub(&move_by.scale(h)).mul(x));
                }
                next.push(if layer.relu { positive_part(&z) } else { z });
            }
            at = next;
        }
        cross_entropy(&at, self.given.classes.index)
    }

    /// e^{q_c}/S for every exponent of S.
    fn units(&self, bits: u32) -> Result<Option<Vec<Interval>>, Undecided> {
        let zero = Rational::zero();
        let top = self.denominator.last().map_or(&zero, |t| &t.0);
        let mut powers = Vec::with_capacity(self.denominator.len());
        let mut sum = Interval::zero(bits);
        for (q, c) in &self.denominator {
            let power = exp_rational(&(q - top), bits)?;
            sum = sum.add(&power.scale(c));
            powers.push(power);
        }
        Ok(powers.iter().map(|p| p.checked_div(&sum)).collect())
    }
}

/// [max(0, lo), max(0, hi)]
fn positive_part(z: &Interval) -> Interval {
    let cut = |end: &Integer| if end.is_negative() { Integer::zero() } else { end.clone() };
    Interval::new(cut(z.lo()), cut(z.hi()), z.bits())
}

/// (m − θ_y) + ln Σⱼ e^(θⱼ − m) with m the logit whose upper end is greatest, so that no power of e is large.
fn cross_entropy(logits: &[Interval], y: usize) -> Result<Option<Interval>, Undecided> {
    let Some((top, m)) = logits.iter().enumerate().max_by(|a, b| a.1.hi().cmp(b.1.hi())) else {
        return Ok(None);
    };
    let Some(own) = logits.get(y) else { return Ok(None) };
    let mut sum = Interval::zero(m.bits());
    for (i, logit) in logits.iter().enumerate() {
        sum = sum.add(&if i == top { Interval::one(m.bits()) } else { logit.sub(m).exp()? });
    }
    let Some(log) = sum.ln()? else { return Ok(None) };
    Ok(Some(if y == top { log } else { m.sub(own).add(&log) }))
}
