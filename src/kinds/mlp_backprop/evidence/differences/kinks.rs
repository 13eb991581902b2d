//! Units whose pre-activation is exactly zero live here, found in exact numbers, and what the slopes to either side of
//! them are to the slope with such units off. Used only where enclosures leave a sign open.
//!
//! On [w, w + h] a ReLU at its kink is on if the step moves it up and off else; on [w − h, w] it is the other way round.
//! With each ReLU held as it is on one side the logits are affine, and J has one slope for every direction d of them.
//! Two directions have the same slope where Σₖ e^θₖ·(vₖ − v_y) = 0 for their difference v. Powers of e of distinct
//! rationals are linearly independent over the rationals (Lindemann–Weierstrass), so that this sum is zero only where
//! its coefficients are, those of equal logits taken together: it is decided by rationals alone.

use std::cell::Cell;
use std::collections::BTreeMap;

use num_traits::{One, Signed, Zero};

use super::super::super::given::{Given, Layer};
use crate::num::{Rational, Undecided};

/// Work of a product of rationals beyond that of its digits: greatest common divisors.
const WORK_OF_A_PRODUCT: u64 = 2000;

/// What the slope with units at kinks off is to J.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slope {
    /// Its derivative.
    Same,
    /// Not its derivative, which exists and is another.
    Other,
    /// J has no derivative: the slopes to the left and to the right differ.
    None,
}

/// What is moved.
#[derive(Debug, Clone, Copy)]
pub enum Start {
    /// What goes into the activation of a unit.
    Pre { at: usize, unit: usize },
    /// What comes out of it.
    Out { at: usize, unit: usize },
}

/// How ReLUs at a kink are held.
#[derive(Debug, Clone, Copy)]
enum Side {
    /// As they are after a step forward: what goes up passes.
    Right,
    /// As they are after a step back: what goes down on the way forward passes.
    Left,
    Off,
}

/// The network's values in exact numbers.
pub struct Kinks<'a> {
    given: &'a Given,
    pre: Vec<Vec<Rational>>,
    into: Vec<Vec<Rational>>,
    /// Work of one product.
    product: u64,
    /// What work is left.
    left: Cell<u64>,
}

impl<'a> Kinks<'a> {
    /// Looks for them, and keeps to a limit of work, about a nanosecond a unit, when it is asked about slopes.
    pub fn of(given: &'a Given, limit: u64) -> Self {
        let (mut pre, mut into) = (Vec::new(), Vec::new());
        let mut signal = given.input.clone();
        for layer in &given.layers {
            let z = add(through(layer, &signal), &layer.bias);
            let out =
                z.iter().map(|z| if layer.relu && z.is_negative() { Rational::zero() } else { z.clone() });
            into.push(std::mem::replace(&mut signal, out.collect()));
            pre.push(z);
        }
        let bits = |z: &Rational| z.numer().bits().saturating_add(z.denom().bits());
        let words = pre.iter().flatten().map(bits).max().unwrap_or(0).div_ceil(64);
        let product = words.saturating_mul(words).saturating_mul(16).saturating_add(WORK_OF_A_PRODUCT);
        Self { given, pre, into, product, left: Cell::new(limit) }
    }

    /// Whether a unit is at the kink of its ReLU.
    pub fn is_kink(&self, at: usize, unit: usize) -> bool {
        let relu = self.given.layers.get(at).is_some_and(|l| l.relu);
        relu && self.pre.get(at).and_then(|z| z.get(unit)).is_some_and(Zero::is_zero)
    }

    /// Whether entry j of what goes into a layer is exactly zero.
    pub fn nothing_comes_in(&self, at: usize, j: usize) -> bool {
        self.into.get(at).and_then(|x| x.get(j)).is_some_and(Zero::is_zero)
    }

    /// What the slope with units at kinks off is to J.
    ///
    /// # Errors
    /// [`Undecided`] where it takes too much work.
    pub fn slope(&self, start: &Start) -> Result<Slope, Undecided> {
        let right = self.logits_along(start, Side::Right)?;
        let left = self.logits_along(start, Side::Left)?;
        let off = self.logits_along(start, Side::Off)?;
        Ok(match (self.same_slope(&right, &left), self.same_slope(&right, &off)) {
            (false, _) => Slope::None,
            (true, false) => Slope::Other,
            (true, true) => Slope::Same,
        })
    }

    /// The direction in which the logits go, with ReLUs held as on one side.
    fn logits_along(&self, start: &Start, side: Side) -> Result<Vec<Rational>, Undecided> {
        let (Start::Pre { at, unit } | Start::Out { at, unit }) = *start;
        let width = self.given.layers.get(at).map_or(0, |l| l.bias.len());
        let mut along: Vec<Rational> =
            (0..width).map(|i| if i == unit { Rational::one() } else { Rational::zero() }).collect();
        let mut active = matches!(start, Start::Pre { .. });
        for (l, next) in self.given.layers.iter().enumerate().skip(at + 1) {
            if active {
                self.hold(l - 1, &mut along, side);
            }
            self.spend(next, &along)?;
            along = through(next, &along);
            active = true;
        }
        Ok(along)
    }

    /// What comes out of the ReLUs of a layer on one side.
    fn hold(&self, at: usize, along: &mut [Rational], side: Side) {
        let (Some(layer), Some(z)) = (self.given.layers.get(at), self.pre.get(at)) else { return };
        if !layer.relu {
            return;
        }
        for (d, z) in along.iter_mut().zip(z) {
            let passes = match side {
                _ if !z.is_zero() => z.is_positive(),
                Side::Right => d.is_positive(),
                Side::Left => d.is_negative(),
                Side::Off => false,
            };
            if !passes {
                d.set_zero();
            }
        }
    }

    fn spend(&self, layer: &Layer, along: &[Rational]) -> Result<(), Undecided> {
        let moving = along.iter().filter(|d| !d.is_zero()).count();
        let products = u64::try_from(moving.saturating_mul(layer.bias.len())).unwrap_or(u64::MAX);
        match self.left.get().checked_sub(products.saturating_mul(self.product)) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(Undecided::because("too many entries move units at kinks to look at each")),
        }
    }

    /// Whether J has the same slope along two directions of the logits.
    fn same_slope(&self, a: &[Rational], b: &[Rational]) -> bool {
        let v: Vec<Rational> = a.iter().zip(b).map(|(a, b)| a - b).collect();
        let (Some(own), Some(logits)) = (v.get(self.given.classes.index), self.pre.last()) else {
            return true;
        };
        let mut sums: BTreeMap<&Rational, Rational> = BTreeMap::new();
        for (theta, v) in logits.iter().zip(&v) {
            *sums.entry(theta).or_insert_with(Rational::zero) += v - own;
        }
        sums.values().all(Zero::is_zero)
    }
}

/// weights · x
fn through(layer: &Layer, x: &[Rational]) -> Vec<Rational> {
    let row = |row: &Vec<Rational>| {
        let all = row.iter().zip(x).filter(|(w, x)| !w.is_zero() && !x.is_zero());
        all.fold(Rational::zero(), |sum, (w, x)| sum + w * x)
    };
    layer.weights.iter().map(row).collect()
}

fn add(a: Vec<Rational>, b: &[Rational]) -> Vec<Rational> {
    a.into_iter().zip(b).map(|(a, b)| a + b).collect()
}
