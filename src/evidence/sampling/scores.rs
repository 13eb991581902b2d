//! Scores qᵀk are drawn here, every entry of q and of k by itself, and summed up.

use super::average::Law;
use super::entries::Entries;
use super::lanes::{LANES, Lanes};
use super::normal::Numbers;
use super::{threads, vectors};

/// Products that are summed in single precision before they go to double.
const BLOCK: u64 = 64;
/// Products in a chunk, in every lane: a fraction of a millisecond's work.
const CHUNK: u64 = 4096;
/// The least number of scores in a drawing.
pub(super) const GROUP: u64 = LANES as u64;

/// Sums over scores, in the unit of a product.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sums {
    /// How many scores were drawn.
    pub count: u64,
    /// Σ (s − E(s))
    pub first: f64,
    /// Σ (s − E(s))²
    pub second: f64,
    /// Σ (s/√d − E[s/√d])²
    pub scaled: f64,
}

impl Sums {
    /// The average score.
    #[must_use]
    pub fn mean(&self, law: &Law) -> f64 {
        law.mean + self.first / self.count.max(1) as f64
    }

    /// The variance of the score about its known mean.
    #[must_use]
    pub fn variance(&self) -> f64 {
        self.second / self.count.max(1) as f64
    }

    /// The variance of the score over √d.
    #[must_use]
    pub fn scaled_variance(&self) -> f64 {
        self.scaled / self.count.max(1) as f64
    }
}

/// How many scores make that many, in whole drawings.
#[must_use]
pub fn whole(scores: u64) -> u64 {
    scores.div_ceil(GROUP).saturating_mul(GROUP)
}

/// Draws scores of vectors of length d, [`whole`]`(scores)` of them. The same arguments give the same sums, whatever
/// the number of threads.
#[must_use]
pub fn draw(entries: &Entries, law: &Law, d: u64, scores: u64, seed: u64, threads: usize) -> Sums {
    let groups = scores.div_ceil(GROUP);
    let per_chunk = (CHUNK / d.max(1)).max(1);
    let root = (d as f64).sqrt();
    let parts = threads::in_order(groups.div_ceil(per_chunk), threads, |chunk| {
        let mut lanes = Lanes::new(seed, d, chunk);
        let here = per_chunk.min(groups.saturating_sub(chunk.saturating_mul(per_chunk)));
        vectors::with_best(
            #[inline(always)]
            || chunk_sums(entries, &mut lanes, d, here, law.mean, root),
        )
    });
    let mut all = Sums::default();
    for part in parts {
        all.count += part.count;
        all.first += part.first;
        all.second += part.second;
        all.scaled += part.scaled;
    }
    all
}

#[inline(always)]
fn chunk_sums(entries: &Entries, lanes: &mut Lanes, d: u64, groups: u64, mean: f64, root: f64) -> Sums {
    let (mut first, mut second, mut scaled) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    for _ in 0..groups {
        let scores = one_group(entries, lanes, d);
        for l in 0..LANES {
            let apart = scores[l] - mean;
            let over_root = scores[l] / root - mean / root;
            first[l] += apart;
            second[l] += apart * apart;
            scaled[l] += over_root * over_root;
        }
    }
    Sums {
        count: groups.saturating_mul(GROUP),
        first: first.iter().sum(),
        second: second.iter().sum(),
        scaled: scaled.iter().sum(),
    }
}

/// One score in every lane.
#[inline(always)]
fn one_group(entries: &Entries, lanes: &mut Lanes, d: u64) -> [f64; LANES] {
    let mut scores = [0.0; LANES];
    let mut left = d;
    while left > 0 {
        let now = left.min(BLOCK);
        let mut block = [0.0; LANES];
        for _ in 0..now / 2 {
            let (q, other_q) = entries.two(lanes);
            let (k, other_k) = entries.two(lanes);
            add_products(&mut block, &q, &k);
            add_products(&mut block, &other_q, &other_k);
        }
        if now % 2 == 1 {
            let (q, _) = entries.two(lanes);
            let (k, _) = entries.two(lanes);
            add_products(&mut block, &q, &k);
        }
        for l in 0..LANES {
            scores[l] += f64::from(block[l]);
        }
        left -= now;
    }
    scores
}

/// Adds the products of entries, lane by lane; the rounding of each is fixed, as nothing is fused.
#[inline(always)]
pub(super) fn add_products(to: &mut Numbers, q: &Numbers, k: &Numbers) {
    for l in 0..LANES {
        to[l] += q[l] * k[l];
    }
}
