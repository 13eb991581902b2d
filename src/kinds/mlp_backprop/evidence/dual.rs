//! A forward pass and forward-mode derivatives for evidence live here, apart from the solver's: tangents pushed from
//! one unit or one parameter at a time to the logits, through the ReLUs as they stand. No reverse pass.

use num_traits::{One, Signed, Zero};

use super::super::given::{Given, Layer};
use crate::num::Rational;
use crate::num::exp_sum::ExpSum;
use crate::num::quotient::{Denominator, ExpQuotient};

/// Up to this many parameters each has a tangent of its own; beyond, each unit has, and its weights follow because a
/// tangent is linear in the seed.
pub const SEED_EVERY_PARAMETER: usize = 2000;
/// The most products of rationals that pushing all tangents may take.
const MAX_PRODUCTS: u64 = 2_000_000;

/// Every value of a forward pass.
pub struct Run {
    /// What goes into the activation, layer by layer; the last are the logits.
    pub pre: Vec<Vec<Rational>>,
    /// What comes out of it.
    pub out: Vec<Vec<Rational>>,
}

impl Run {
    /// Sends an input through layers, column by column of the weights.
    pub fn of(input: &[Rational], layers: &[Layer]) -> Self {
        let mut run = Self { pre: Vec::new(), out: Vec::new() };
        let mut signal = input.to_vec();
        for layer in layers {
            let mut z = layer.bias.clone();
            for (j, x) in signal.iter().enumerate() {
                for (total, row) in z.iter_mut().zip(&layer.weights) {
                    if let Some(w) = row.get(j) {
                        *total += w * x;
                    }
                }
            }
            let zero = Rational::zero();
            signal = z.iter().map(|v| if layer.relu { v.max(&zero).clone() } else { v.clone() }).collect();
            run.pre.push(z);
            run.out.push(signal.clone());
        }
        run
    }

    /// The logits.
    pub fn logits(&self) -> &[Rational] {
        self.pre.last().map_or(&[], Vec::as_slice)
    }

    /// What goes into a layer.
    pub fn into<'a>(&'a self, given: &'a Given, at: usize) -> &'a [Rational] {
        match at.checked_sub(1) {
            None => &given.input,
            Some(below) => self.out.get(below).map_or(&[], Vec::as_slice),
        }
    }
}

/// Derivatives of the loss along tangents.
pub struct Tangents<'a> {
    given: &'a Given,
    run: &'a Run,
    /// The normal form S of Σⱼ e^θⱼ = c·e^q·S.
    sum: Denominator,
    /// 1/c
    share: Rational,
    /// θⱼ − q
    shifted: Vec<Rational>,
}

impl<'a> Tangents<'a> {
    /// For a run of the network; `None` where all tangents together would be too much work.
    pub fn of(given: &'a Given, run: &'a Run) -> Option<Self> {
        if products(given) > MAX_PRODUCTS {
            return None;
        }
        let total = ExpSum::from_terms(run.logits().iter().map(|q| (q.clone(), Rational::one())));
        let (sum, c, q) = Denominator::of(&total)?;
        let shifted = run.logits().iter().map(|theta| theta - &q).collect();
        Some(Self { given, run, sum, share: c.recip(), shifted })
    }

    /// −t_y + Σ_k t_k·e^{θ_k}/Σ_k e^{θ_k} = Σ_k (t_k − t_y)·e^{θ_k}/Σ_k e^{θ_k} for a tangent t of the logits.
    fn loss(&self, t: &[Rational]) -> ExpQuotient {
        let zero = Rational::zero();
        let own = t.get(self.given.classes.index).unwrap_or(&zero);
        let terms = t.iter().zip(&self.shifted).map(|(t, q)| (q.clone(), (t - own) * &self.share));
        ExpQuotient::over(ExpSum::from_terms(terms), self.sum.clone())
    }

    /// w − t·g for a derivative g: (w·S − t·N)/S.
    pub fn moved(&self, w: &Rational, g: &ExpQuotient) -> ExpQuotient {
        let numerator = self.sum.sum().scale(w).add(&g.numerator().scale(&-&self.given.step));
        ExpQuotient::over(numerator, self.sum.clone())
    }

    /// The derivative of J along a tangent of what goes into the activation of a layer.
    pub fn along_pre(&self, at: usize, mut tangent: Vec<Rational>) -> ExpQuotient {
        for l in at..self.given.layers.len() {
            let (Some(layer), Some(next)) = (self.given.layers.get(l), self.given.layers.get(l + 1)) else {
                break;
            };
            if let Some(z) = self.run.pre.get(l).filter(|_| layer.relu) {
                for (t, z) in tangent.iter_mut().zip(z) {
                    if !z.is_positive() {
                        t.set_zero();
                    }
                }
            }
            tangent = through(next, &tangent);
        }
        self.loss(&tangent)
    }

    /// The derivative of J along a tangent of what comes out of a hidden layer.
    fn along_out(&self, at: usize, tangent: &[Rational]) -> ExpQuotient {
        match self.given.layers.get(at + 1) {
            Some(next) => self.along_pre(at + 1, through(next, tangent)),
            None => self.loss(tangent),
        }
    }

    fn width(&self, at: usize) -> usize {
        self.given.layers.get(at).map_or(0, |l| l.bias.len())
    }

    /// ∂J/∂z of a layer, a unit at a time.
    pub fn pre(&self, at: usize) -> Vec<ExpQuotient> {
        let n = self.width(at);
        (0..n).map(|i| self.along_pre(at, seed(n, i, Rational::one()))).collect()
    }

    /// ∂J/∂h of a hidden layer, a unit at a time.
    pub fn out(&self, at: usize) -> Vec<ExpQuotient> {
        let n = self.width(at);
        (0..n).map(|i| self.along_out(at, &seed(n, i, Rational::one()))).collect()
    }

    /// ∂J/∂W of a layer: a weight w_ij moves z_i by h_j.
    pub fn weights(&self, at: usize) -> Vec<Vec<ExpQuotient>> {
        let (n, into) = (self.width(at), self.run.into(self.given, at));
        let every = self.given.parameters() <= SEED_EVERY_PARAMETER;
        let row = |i: usize| -> Vec<ExpQuotient> {
            if every {
                return into.iter().map(|h| self.along_pre(at, seed(n, i, h.clone()))).collect();
            }
            let unit = self.along_pre(at, seed(n, i, Rational::one()));
            into.iter().map(|h| unit.scale(h)).collect()
        };
        (0..n).map(row).collect()
    }
}

/// A tangent with one entry that is not zero.
fn seed(width: usize, at: usize, value: Rational) -> Vec<Rational> {
    let mut tangent = vec![Rational::zero(); width];
    if let Some(slot) = tangent.get_mut(at) {
        *slot = value;
    }
    tangent
}

/// W · t, over the entries of t that move.
fn through(layer: &Layer, t: &[Rational]) -> Vec<Rational> {
    let moving: Vec<(usize, &Rational)> = t.iter().enumerate().filter(|(_, t)| !t.is_zero()).collect();
    let unit = |row: &Vec<Rational>| {
        moving.iter().fold(Rational::zero(), |sum, (j, t)| match row.get(*j) {
            Some(w) => sum + w * *t,
            None => sum,
        })
    };
    layer.weights.iter().map(unit).collect()
}

/// How many products all tangents take: a seed goes through one column of the next layer, then through whole layers.
fn products(given: &Given) -> u64 {
    let every = given.parameters() <= SEED_EVERY_PARAMETER;
    let size = |l: &Layer| l.weights.iter().map(Vec::len).sum::<usize>();
    let mut sum = 0usize;
    for (at, layer) in given.layers.iter().enumerate() {
        let units = layer.bias.len();
        let seeds = if every { size(layer) + 2 * units } else { 3 * units };
        let column = given.layers.get(at + 1).map_or(0, |l| l.bias.len());
        let rest: usize = given.layers.iter().skip(at + 2).map(size).sum();
        let push = column.saturating_add(rest).saturating_add(given.classes.count);
        sum = sum.saturating_add(seeds.saturating_mul(push));
    }
    u64::try_from(sum).unwrap_or(u64::MAX)
}
