//! Forward and backward pass in exact numbers live here, for the solver; no rows, no words.
//!
//! Every gradient is N/S with the one denominator S of the softmax, and N = Σ_c n_c·e^{q_c} over the few exponents of
//! S. So a gradient is a short vector of rationals (n_c), the backward pass is linear algebra on such vectors, and an
//! exponential is written only where a number is handed out.

use num_traits::{One, Signed, Zero};

use super::given::{Given, Layer};
use crate::kinds::softmax_cross_entropy::loss::SoftmaxLoss;
use crate::num::exp_sum::ExpSum;
use crate::num::{Exact, Rational};

/// The coefficients n_c of a number Σ_c n_c·e^{q_c}/S.
pub type Coefficients = Vec<Rational>;

/// weights · input + bias.
fn affine(layer: &Layer, input: &[Rational]) -> Vec<Rational> {
    let unit = |(row, bias): (&Vec<Rational>, &Rational)| {
        let products = row.iter().zip(input).filter(|(w, x)| !w.is_zero() && !x.is_zero());
        products.fold(bias.clone(), |sum, (w, x)| sum + w * x)
    };
    layer.weights.iter().zip(&layer.bias).map(unit).collect()
}

fn activate(layer: &Layer, pre: &[Rational]) -> Vec<Rational> {
    pre.iter().map(|z| if layer.relu && z.is_negative() { Rational::zero() } else { z.clone() }).collect()
}

/// The forward pass.
pub struct Forward {
    /// z of every layer; the last are the logits.
    pub pre: Vec<Vec<Rational>>,
    /// What goes into every layer: the input first, then what the layer before gives.
    pub into: Vec<Vec<Rational>>,
}

impl Forward {
    /// Runs a network.
    pub fn of(input: &[Rational], layers: &[Layer]) -> Self {
        let (mut pre, mut into) = (Vec::with_capacity(layers.len()), Vec::with_capacity(layers.len()));
        let mut at = input.to_vec();
        for layer in layers {
            let z = affine(layer, &at);
            let h = activate(layer, &z);
            into.push(std::mem::replace(&mut at, h));
            pre.push(z);
        }
        Self { pre, into }
    }

    /// The logits.
    pub fn logits(&self) -> &[Rational] {
        self.pre.last().map_or(&[], Vec::as_slice)
    }
}

/// Everything that is differentiated.
pub struct Backward {
    /// Softmax and loss at the logits.
    pub loss: SoftmaxLoss,
    /// ∂J/∂z of every layer, unit by unit.
    pub pre: Vec<Vec<Coefficients>>,
    /// ∂J/∂h of every layer but the last, unit by unit.
    pub out: Vec<Vec<Coefficients>>,
    /// The exponents q_c, rising.
    exponents: Vec<Rational>,
    /// The coefficients of S itself, which are those of the number 1.
    one: Coefficients,
}

impl Backward {
    /// Differentiates J; `None` only for a network without units, which [`Given`] excludes.
    pub fn of(given: &Given, forward: &Forward) -> Option<Self> {
        let loss = SoftmaxLoss::new(forward.logits(), given.classes.index)?;
        let (exponents, one): (Vec<_>, Vec<_>) = loss.denominator().sum().terms().iter().cloned().unzip();
        let dense = |n: ExpSum| -> Coefficients {
            let mut out = vec![Rational::zero(); exponents.len()];
            for (q, c) in n.terms() {
                if let Some(slot) = exponents.binary_search(q).ok().and_then(|at| out.get_mut(at)) {
                    slot.clone_from(c);
                }
            }
            out
        };
        let mut slope: Vec<Coefficients> = loss.gradient().map(dense).collect();
        let (mut pre, mut out) = (Vec::new(), Vec::new());
        for at in (1..given.layers.len()).rev() {
            let (layer, below, z) =
                (given.layers.get(at)?, given.layers.get(at - 1)?, forward.pre.get(at - 1)?);
            let h_slope = transposed(layer, &slope, below.bias.len(), exponents.len());
            let through = |(s, z): (&Coefficients, &Rational)| {
                let blocked = below.relu && !z.is_positive();
                if blocked { vec![Rational::zero(); s.len()] } else { s.clone() }
            };
            let z_slope = h_slope.iter().zip(z).map(through).collect();
            out.push(h_slope);
            pre.push(std::mem::replace(&mut slope, z_slope));
        }
        pre.push(slope);
        pre.reverse();
        out.reverse();
        Some(Self { loss, pre, out, exponents, one })
    }

    /// The number Σ_c n_c·e^{q_c}/S.
    pub fn number(&self, n: impl IntoIterator<Item = Rational>) -> Exact {
        self.loss.number(self.loss.denominator().sum().with_coefficients(n))
    }

    /// The number r + factor·Σ_c n_c·e^{q_c}/S.
    pub fn shifted(&self, r: &Rational, factor: &Rational, n: &[Rational]) -> Exact {
        if factor.is_zero() || n.iter().all(Zero::is_zero) {
            return r.clone().into();
        }
        // Most coefficients of S are 1, and a product of rationals costs two greatest common divisors.
        let own = |s: &Rational| if s.is_one() { r.clone() } else { r * s };
        self.number(
            self.one.iter().zip(n).map(|(s, n)| if n.is_zero() { own(s) } else { own(s) + factor * n }),
        )
    }

    /// Whether p, and with it every gradient, is rational: all logits are equal.
    pub fn is_rational(&self) -> bool {
        self.exponents.len() == 1
    }

    /// A number that is rational, from its one coefficient; [`Backward::is_rational`] has to hold.
    pub fn rational(&self, n: &[Rational]) -> Rational {
        let one = Rational::one();
        let unit = self.one.first().filter(|u| !u.is_zero()).unwrap_or(&one);
        n.first().map_or_else(Rational::zero, |n| n / unit)
    }

    /// The exponents of S with its coefficients.
    pub fn denominator(&self) -> impl Iterator<Item = (&Rational, &Rational)> {
        self.exponents.iter().zip(&self.one)
    }
}

/// Wᵀ · slope.
fn transposed(layer: &Layer, slope: &[Coefficients], width: usize, terms: usize) -> Vec<Coefficients> {
    let mut out = vec![vec![Rational::zero(); terms]; width];
    for (row, s) in layer.weights.iter().zip(slope) {
        if s.iter().all(Zero::is_zero) {
            continue;
        }
        for (w, sum) in row.iter().zip(&mut out).filter(|(w, _)| !w.is_zero()) {
            for (n, total) in s.iter().zip(sum).filter(|(n, _)| !n.is_zero()) {
                *total += w * n;
            }
        }
    }
    out
}
