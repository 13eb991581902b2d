//! Pre-activations as sums over paths live here: along each path from an input or a bias to a unit, through units that
//! are on, weights multiply, and the products add up. Networks with too many paths are left to `integers.rs`. What
//! follows from the pre-activations for the rows is said here for both.

use num_traits::{One, Signed, Zero};

use super::super::given::{Given, Layer};
use super::integers;
use crate::num::{Integer, Rational};
use crate::report::{Evidence, Value};

const SOURCE: &str = "path sums";

/// The most steps of all paths together.
const MAX_STEPS: u64 = 200_000;
/// The most work, as steps times the square of the length of a product in bits.
const MAX_WORK: u64 = 10_000_000_000;

/// Pre-activations of every layer, found in one way.
pub(in super::super) struct Found {
    /// The way.
    pub source: &'static str,
    /// By layers; the last are the logits.
    pub pre: Vec<Vec<Rational>>,
    /// What was done, a layer each.
    pub details: Vec<String>,
}

/// Paths through a network whose layers below are known.
struct Paths<'a> {
    given: &'a Given,
    pre: Vec<Vec<Rational>>,
    walked: u64,
}

impl Paths<'_> {
    /// Whether a unit passes on what comes in; a layer's pre-activations are known when this is asked.
    fn on(&self, at: usize, unit: usize) -> bool {
        let relu = self.given.layers.get(at).is_some_and(|layer| layer.relu);
        !relu || self.pre.get(at).and_then(|z| z.get(unit)).is_some_and(Signed::is_positive)
    }

    /// Adds up all paths that end in a unit and go on from there with this product of weights.
    fn add(&mut self, at: usize, unit: usize, product: &Rational, sum: &mut Rational) {
        let given = self.given;
        let Some(layer) = given.layers.get(at) else { return };
        let (Some(weights), Some(bias)) = (layer.weights.get(unit), layer.bias.get(unit)) else { return };
        *sum += product * bias;
        self.walked += 1;
        for (j, weight) in weights.iter().enumerate().filter(|(_, w)| !w.is_zero()) {
            let longer = product * weight;
            match at.checked_sub(1) {
                Some(below) if self.on(below, j) => self.add(below, j, &longer, sum),
                Some(_) => {}
                None => {
                    if let Some(x) = given.input.get(j) {
                        *sum += longer * x;
                        self.walked += 1;
                    }
                }
            }
        }
    }
}

/// All pre-activations by paths; `None` where that is too much work.
pub(in super::super) fn found(given: &Given) -> Option<Found> {
    let (steps, bits) = (steps(given), bits(given));
    if steps > MAX_STEPS || steps.saturating_mul(bits).saturating_mul(bits) > MAX_WORK {
        return None;
    }
    let mut paths = Paths { given, pre: Vec::new(), walked: 0 };
    let mut details = Vec::new();
    for (at, layer) in given.layers.iter().enumerate() {
        paths.walked = 0;
        let mut z = Vec::with_capacity(layer.bias.len());
        for unit in 0..layer.bias.len() {
            let mut sum = Rational::zero();
            paths.add(at, unit, &Rational::one(), &mut sum);
            z.push(sum);
        }
        details.push(format!("{} paths from inputs and biases", paths.walked));
        paths.pre.push(z);
    }
    Some(Found { source: SOURCE, pre: paths.pre, details })
}

/// How many paths there are to all units if every unit is on.
fn steps(given: &Given) -> u64 {
    let long = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let (mut each, mut all) = (1_u64, 0_u64);
    let mut below = given.input.len();
    for layer in &given.layers {
        each = long(below).saturating_mul(each).saturating_add(1);
        below = layer.bias.len();
        all = all.saturating_add(long(below).saturating_mul(each));
    }
    all
}

/// Bits of a sum of products at most: a common denominator of each layer, and its longest number.
fn bits(given: &Given) -> u64 {
    let mut sum = 0_u64;
    let of = |numbers: &mut dyn Iterator<Item = &Rational>| {
        let (mut longest, mut common) = (0, Integer::one());
        for x in numbers {
            longest = longest.max(x.numer().bits());
            match integers::common(&common, x.denom()) {
                Some(next) => common = next,
                None => return u64::MAX,
            }
        }
        longest.saturating_add(common.bits())
    };
    sum = sum.saturating_add(of(&mut given.input.iter()));
    for layer in &given.layers {
        sum = sum.saturating_add(of(&mut layer.weights.iter().flatten().chain(&layer.bias)));
    }
    sum
}

/// What the pre-activations say about themselves, outputs, dead units and kinks.
pub(super) fn evidence(given: &Given) -> Vec<Evidence> {
    let hidden = given.layers.len().saturating_sub(1);
    let found = match found(given) {
        Some(found) => found,
        None => match integers::found(given) {
            Some(found) => found,
            None => return nothing(hidden),
        },
    };
    let numbers = |z: &[Rational]| -> Value { z.to_vec().into() };
    let mut out = Vec::new();
    for (at, (layer, (z, detail))) in
        given.layers.iter().zip(found.pre.iter().zip(&found.details)).enumerate()
    {
        if at >= hidden {
            out.push(Evidence::equal("theta", found.source, numbers(z), detail.clone()));
            continue;
        }
        out.push(Evidence::equal(format!("layer.{}.z", at + 1), found.source, numbers(z), detail.clone()));
        let off = |z: &&Rational| layer.relu && !z.is_positive();
        let h: Vec<Rational> = z.iter().map(|z| if off(&z) { Rational::zero() } else { z.clone() }).collect();
        let detail = format!("{} of {} units are on", z.len() - z.iter().filter(off).count(), z.len());
        out.push(Evidence::equal(format!("layer.{}.h", at + 1), found.source, numbers(&h), detail));
    }
    let units = |which: fn(&Rational) -> bool| {
        let of = |(layer, z): (&Layer, &Vec<Rational>)| {
            let those = z.iter().enumerate().filter(|(_, z)| layer.relu && which(z));
            Value::List(those.map(|(i, _)| Value::integer(i + 1)).collect())
        };
        Value::List(given.layers.iter().zip(&found.pre).take(hidden).map(of).collect())
    };
    let signs: usize = found.pre.iter().take(hidden).map(Vec::len).sum();
    let detail = format!("{signs} signs from {}", found.source);
    out.push(Evidence::equal("dead", found.source, units(Signed::is_negative), detail.clone()));
    out.push(Evidence::equal("kinks", found.source, units(Zero::is_zero), detail));
    out
}

/// Where the numbers are too long for either way.
fn nothing(hidden: usize) -> Vec<Evidence> {
    let layers = (1..=hidden).flat_map(|n| [format!("layer.{n}.z"), format!("layer.{n}.h")]);
    let rows = layers.chain(["theta", "dead", "kinks"].map(str::to_owned));
    rows.map(|row| Evidence::nothing(row, SOURCE, "too many paths, and too long in integers")).collect()
}
