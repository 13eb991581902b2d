//! A forward pass without fractions lives here: each layer is brought to a common denominator, and integers go through.
//! Only what comes out is divided. No path is followed.

use num_integer::Integer as _;
use num_traits::{One, Signed, Zero};

use super::super::given::Given;
use super::paths::Found;
use crate::num::{Integer, Rational};

const SOURCE: &str = "integers";

/// The longest common denominator of a layer, in bits.
const MAX_BITS: u64 = 1 << 16;
/// The most work, as products of words of 64 bits.
const MAX_WORK: u64 = 200_000_000;
/// How many products of words a division by a common divisor takes for each pair of words.
const DIVISION: u64 = 8;

/// The least common multiple of two denominators; `None` beyond the limit.
pub(super) fn common(a: &Integer, b: &Integer) -> Option<Integer> {
    if a.is_multiple_of(b) {
        return Some(a.clone());
    }
    Some(a.lcm(b)).filter(|least| least.bits() <= MAX_BITS)
}

fn common_of<'a>(numbers: impl Iterator<Item = &'a Rational>) -> Option<Integer> {
    let mut least = Integer::one();
    for x in numbers {
        if !least.is_multiple_of(x.denom()) {
            least = common(&least, x.denom())?;
        }
    }
    Some(least)
}

/// A number times a multiple of its denominator.
fn whole(x: &Rational, times: &Integer) -> Integer {
    x.numer() * (times / x.denom())
}

fn words(n: &Integer) -> u64 {
    n.bits() / 64 + 1
}

/// All pre-activations; `None` where that is too much work.
pub(in super::super) fn found(given: &Given) -> Option<Found> {
    let mut scale = common_of(given.input.iter())?;
    let mut signal: Vec<Integer> = given.input.iter().map(|x| whole(x, &scale)).collect();
    let mut work = 0_u64;
    let (mut pre, mut details) = (Vec::new(), Vec::new());
    for layer in &given.layers {
        let own = common_of(layer.weights.iter().flatten().chain(&layer.bias))?;
        let longest = signal.iter().map(words).max().unwrap_or(1).max(words(&scale));
        let entries = layer.weights.iter().map(Vec::len).sum::<usize>().saturating_add(layer.bias.len());
        let numerators = layer.weights.iter().flatten().chain(&layer.bias).map(|x| words(x.numer())).max();
        let factor = words(&own).saturating_add(numerators.unwrap_or(0));
        let products = long(entries).saturating_mul(factor).saturating_mul(longest);
        let next = longest.saturating_add(factor);
        let divisions = long(layer.bias.len()).saturating_mul(next.saturating_mul(next));
        work = work.saturating_add(products).saturating_add(divisions.saturating_mul(DIVISION));
        if work > MAX_WORK {
            return None;
        }
        // own·scale·(W h + b) = (own·W)(scale·h) + (own·b)·scale
        let mut sums: Vec<Integer> = layer.bias.iter().map(|b| whole(b, &own) * &scale).collect();
        for (j, h) in signal.iter().enumerate().filter(|(_, h)| !h.is_zero()) {
            for (sum, row) in sums.iter_mut().zip(&layer.weights) {
                *sum += whole(row.get(j)?, &own) * h;
            }
        }
        scale *= own;
        pre.push(sums.iter().map(|n| Rational::new(n.clone(), scale.clone())).collect());
        details.push(format!("in units of 1 over {} bits", scale.bits()));
        signal = sums;
        if layer.relu {
            for n in signal.iter_mut().filter(|n| n.is_negative()) {
                n.set_zero();
            }
        }
    }
    Some(Found { source: SOURCE, pre, details })
}

fn long(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
