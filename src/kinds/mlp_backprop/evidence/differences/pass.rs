//! A forward pass in enclosures and steps away from it live here: how far a step moves the logits while every ReLU stays
//! on, or off, and the bracket that follows. No derivative is formed.

use num_bigint::Sign;
use num_traits::{Signed, Zero};

use super::super::super::given::{Given, Layer};
use super::kinks::{Kinks, Slope, Start};
use crate::evidence::difference::{CrossEntropy, Fineness, Moves};
use crate::num::{Integer, Interval, Undecided};

/// A gradient's entry.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Around the slope of J with every ReLU at a kink left off.
    pub bracket: Interval,
    /// What that slope is to J itself.
    pub slope: Slope,
}

/// The network's values at the given parameters.
pub struct Pass<'a> {
    /// The network.
    pub given: &'a Given,
    /// The step, and the bits of enclosures.
    pub fine: Fineness,
    /// Which units are at a kink, where enclosures did not settle that none is.
    pub kinks: Option<&'a Kinks<'a>>,
    /// What goes into the activation, layer by layer.
    pre: Vec<Vec<Interval>>,
    /// What goes into a layer.
    into: Vec<Vec<Interval>>,
    loss: CrossEntropy,
}

fn is_exactly_zero(x: &Interval) -> bool {
    x.sign() == Some(Sign::NoSign)
}

impl<'a> Pass<'a> {
    /// Sends the input through the network.
    ///
    /// # Errors
    /// [`Undecided`] where enclosures of the logits are too wide.
    pub fn of(given: &'a Given, fine: Fineness) -> Result<Self, Undecided> {
        let (mut pre, mut into) = (Vec::new(), Vec::new());
        let mut signal: Vec<Interval> =
            given.input.iter().map(|x| Interval::from_rational(x, fine.bits)).collect();
        let mut logits = Vec::new();
        for layer in &given.layers {
            let z: Vec<Interval> = layer
                .weights
                .iter()
                .zip(&layer.bias)
                .map(|(row, bias)| {
                    let all = row.iter().zip(&signal).filter(|(w, _)| !w.is_zero());
                    all.fold(Interval::from_rational(bias, fine.bits), |sum, (w, h)| sum.add(&h.scale(w)))
                })
                .collect();
            let larger = |end: &Integer| if end.is_negative() { Integer::zero() } else { end.clone() };
            let activated = |z: &Interval| match layer.relu {
                true => Interval::new(larger(z.lo()), larger(z.hi()), z.bits()),
                false => z.clone(),
            };
            into.push(std::mem::replace(&mut signal, z.iter().map(activated).collect()));
            logits.clone_from(&z);
            pre.push(z);
        }
        let loss = CrossEntropy::at(&logits, given.classes.index, fine.share_bits())?;
        Ok(Self { given, fine, kinks: None, pre, into, loss })
    }

    /// Whether some ReLU is not seen to be on or off.
    pub fn is_unsure_of_a_sign(&self) -> bool {
        let strict = |z: &Interval| matches!(z.sign(), Some(Sign::Plus | Sign::Minus));
        self.given.layers.iter().zip(&self.pre).any(|(layer, z)| layer.relu && !z.iter().all(strict))
    }

    fn width(&self, at: usize) -> usize {
        self.given.layers.get(at).map_or(0, |l| l.bias.len())
    }

    /// What goes into the activation, a unit at a time by h. To move the bias by h does just that.
    ///
    /// # Errors
    /// [`Undecided`] where h is too long, as in the functions below.
    pub fn units(&self, at: usize) -> Result<Vec<Entry>, Undecided> {
        let one = |i| {
            let (bracket, kinked) = self.along_pre(at, vec![(i, self.fine.h())])?;
            let slope = self.slope(kinked, || Start::Pre { at, unit: i })?;
            Ok(Entry { bracket: self.fine.narrow(bracket)?, slope })
        };
        (0..self.width(at)).map(one).collect()
    }

    /// What comes out of the activation of a hidden layer, a unit at a time by h.
    ///
    /// # Errors
    /// As [`Pass::units`].
    pub fn outs(&self, at: usize) -> Result<Vec<Entry>, Undecided> {
        let one = |i| {
            let moves = vec![(i, self.fine.h())];
            let (bracket, kinked) = match self.given.layers.get(at + 1) {
                Some(next) => self.along_pre(at + 1, through(next, &moves))?,
                None => self.along_pre(at, moves)?,
            };
            let slope = self.slope(kinked, || Start::Out { at, unit: i })?;
            Ok(Entry { bracket: self.fine.narrow(bracket)?, slope })
        };
        (0..self.width(at)).map(one).collect()
    }

    /// The weights of a layer, one at a time: a weight is moved by h and its unit by h times what comes in.
    ///
    /// Without steps of their own, weight j into a unit is moved by h/x_j, x_j what comes in, so that the unit moves by
    /// h whatever j: its quotient is x_j times the unit's.
    ///
    /// # Errors
    /// As [`Pass::units`].
    pub fn weights(&self, at: usize, own_steps: bool) -> Result<Vec<Vec<Entry>>, Undecided> {
        let into = self.into.get(at).map_or(&[][..], Vec::as_slice);
        let row = |i: usize| {
            let shared = if own_steps { None } else { Some(self.along_pre(at, vec![(i, self.fine.h())])?) };
            let mut of_unit: Option<Slope> = None;
            let mut entry = |(j, x): (usize, &Interval)| {
                let (bracket, kinked) = match &shared {
                    _ if is_exactly_zero(x) => (Interval::zero(self.fine.step), false),
                    Some((bracket, kinked)) => (bracket.mul(x).with_bits(bracket.bits()), *kinked),
                    None => self.along_pre(at, vec![(i, self.fine.times_h(x))])?,
                };
                // Which slopes there are does not change with the length of a step, unless it is none at all.
                let still = self.kinks.is_some_and(|k| k.nothing_comes_in(at, j));
                let slope = match of_unit {
                    _ if !kinked || still => Slope::Same,
                    Some(known) => known,
                    None => *of_unit.insert(self.slope(true, || Start::Pre { at, unit: i })?),
                };
                Ok(Entry { bracket: self.fine.narrow(bracket)?, slope })
            };
            into.iter().enumerate().map(&mut entry).collect()
        };
        (0..self.width(at)).map(row).collect()
    }

    fn slope(&self, kinked: bool, start: impl Fn() -> Start) -> Result<Slope, Undecided> {
        match self.kinks.filter(|_| kinked) {
            Some(kinks) => kinks.slope(&start()),
            None => Ok(Slope::Same),
        }
    }

    /// The bracket where so much is added to what goes into the activation of a layer, and whether a unit at a kink is
    /// moved.
    fn along_pre(&self, mut at: usize, mut moves: Moves) -> Result<(Interval, bool), Undecided> {
        let mut kinked = false;
        while let (Some(layer), Some(next)) = (self.given.layers.get(at), self.given.layers.get(at + 1)) {
            if layer.relu {
                moves = self.through_relu(at, moves, &mut kinked)?;
            }
            moves = through(next, &moves);
            at += 1;
        }
        Ok((self.loss.bracket(&moves, &self.fine)?, kinked))
    }

    /// What comes out of ReLUs is moved as what goes in where they are on all along the step, and not at all where they
    /// are off. What goes in is affine in the step as long as this holds below, so its signs at both ends are enough.
    fn through_relu(&self, at: usize, moves: Moves, kinked: &mut bool) -> Result<Moves, Undecided> {
        let mut on = Vec::with_capacity(moves.len());
        for (i, by) in moves {
            let Some(z) = self.pre.get(at).and_then(|z| z.get(i)) else { continue };
            if self.kinks.is_some_and(|k| k.is_kink(at, i)) {
                *kinked = true;
                continue;
            }
            match (z.sub(&by).sign(), z.add(&by).sign()) {
                (Some(Sign::Plus), Some(Sign::Plus)) => on.push((i, by)),
                (Some(Sign::Minus), Some(Sign::Minus)) => {}
                _ => {
                    return Err(Undecided::because(format!(
                        "a step of 2^-{} may cross the kink of a ReLU",
                        self.fine.step
                    )));
                }
            }
        }
        Ok(on)
    }
}

/// How far a layer's pre-activations move where what goes into it moves.
fn through(layer: &Layer, moves: &[(usize, Interval)]) -> Moves {
    let Some((_, first)) = moves.first() else { return Vec::new() };
    let mut out = Vec::with_capacity(layer.bias.len());
    for (i, row) in layer.weights.iter().enumerate() {
        let mut sum = Interval::zero(first.bits());
        for (w, by) in moves.iter().filter_map(|(j, by)| row.get(*j).map(|w| (w, by))) {
            if !w.is_zero() {
                sum = sum.add(&by.scale(w));
            }
        }
        if !is_exactly_zero(&sum) {
            out.push((i, sum));
        }
    }
    out
}
