//! How far a softmax over drawn scores is saturated lives here: the largest probability, the entropy, the Frobenius
//! norm of the Jacobian, each on average and with its standard error, for raw scores and for scores over √d.

use num_traits::ToPrimitive;

use super::entries::Entries;
use super::functions::{exp_minus, ln};
use super::lanes::{LANES, Lanes};
use super::normal::Numbers;
use super::scores::{GROUP, add_products};
use super::{threads, vectors};

/// Stands in the label of a stream, so that no score of [`super::scores`] is drawn again.
const LABEL: u64 = 1 << 63;
/// Entries of single precision that are summed before they go to double.
const BLOCK: usize = 64;

/// An average that was seen, and its standard error as the sample has it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// The average.
    pub mean: f64,
    /// From the sample's own variance.
    pub standard_error: f64,
}

impl Seen {
    /// The average as far as its error lets it be known, with the error of the last digit in parentheses: `0.871(2)`.
    #[must_use]
    pub fn text(&self) -> String {
        let mut places = 0_usize;
        let mut error = self.standard_error;
        while error < 0.95 && places < MOST_PLACES {
            (error, places) = (error * 10.0, places + 1);
        }
        let mean = self.mean;
        if error < 0.95 {
            return format!("{mean:.places$}");
        }
        format!("{mean:.places$}({error:.0})")
    }
}

/// What a softmax over several keys is like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Softmax {
    /// The largest probability.
    pub largest: Seen,
    /// −Σ pᵢ ln pᵢ
    pub entropy: Seen,
    /// ‖diag(p) − ppᵀ‖, the root of the sum of the squares of all entries.
    pub jacobian: Seen,
}

/// The most places that are shown.
const MOST_PLACES: usize = 6;

/// Sums and sums of squares of the three.
type Totals = [[f64; 2]; 3];

/// Draws a query and so many keys of length d, again and again: the softmax of the raw scores, and that of the scores
/// over √d. `None` where the numbers are too large, or there is nothing to draw.
#[must_use]
pub fn saturation(
    entries: &Entries,
    d: u64,
    keys: usize,
    draws: u64,
    seed: u64,
    threads: usize,
) -> Option<[Softmax; 2]> {
    let unit = entries.square().to_f64().filter(|x| x.is_finite())?;
    let length = usize::try_from(d).ok().filter(|d| *d > 0)?;
    if keys == 0 || draws < 2 {
        return None;
    }
    let root = (d as f64).sqrt();
    let groups = draws.div_ceil(GROUP);
    let parts = threads::in_order(groups, threads, |chunk| {
        let mut lanes = Lanes::new(seed, LABEL | d, chunk);
        let scores = vectors::with_best(
            #[inline(always)]
            || one_query(entries, &mut lanes, length, keys),
        );
        let mut totals = [Totals::default(); 2];
        for lane in 0..LANES {
            let raw: Vec<f64> = scores.iter().map(|s| s[lane] * unit).collect();
            let scaled: Vec<f64> = raw.iter().map(|s| s / root).collect();
            for (totals, scores) in totals.iter_mut().zip([raw, scaled]) {
                add(totals, &of_one(&scores));
            }
        }
        totals
    });
    let mut all = [Totals::default(); 2];
    for part in parts {
        for (all, part) in all.iter_mut().flatten().zip(part.iter().flatten()) {
            all[0] += part[0];
            all[1] += part[1];
        }
    }
    Some(all.map(|totals| {
        let [largest, entropy, jacobian] = totals.map(|t| seen(t, groups.saturating_mul(GROUP)));
        Softmax { largest, entropy, jacobian }
    }))
}

/// The scores of a query against every key, in every lane.
#[inline(always)]
fn one_query(entries: &Entries, lanes: &mut Lanes, length: usize, keys: usize) -> Vec<[f64; LANES]> {
    let query = vector(entries, lanes, length);
    (0..keys)
        .map(|_| {
            let key = vector(entries, lanes, length);
            let mut scores = [0.0; LANES];
            for (q, k) in query.chunks(BLOCK).zip(key.chunks(BLOCK)) {
                let mut block = [0.0; LANES];
                for (q, k) in q.iter().zip(k) {
                    add_products(&mut block, q, k);
                }
                for l in 0..LANES {
                    scores[l] += f64::from(block[l]);
                }
            }
            scores
        })
        .collect()
}

#[inline(always)]
fn vector(entries: &Entries, lanes: &mut Lanes, length: usize) -> Vec<Numbers> {
    let mut out = Vec::with_capacity(length.saturating_add(1));
    while out.len() < length {
        let (a, b) = entries.two(lanes);
        out.extend([a, b]);
    }
    out.truncate(length);
    out
}

/// Largest probability, entropy and norm of the Jacobian of one softmax.
fn of_one(scores: &[f64]) -> [f64; 3] {
    let top = scores.iter().copied().fold(f64::MIN, f64::max);
    let apart: Vec<f64> = scores.iter().map(|s| top - s).collect();
    let weights: Vec<f64> = apart.iter().map(|a| exp_minus(*a)).collect();
    let total: f64 = weights.iter().sum();
    let (mut entropy, mut squares, mut cubes) = (ln(total), 0.0, 0.0);
    for (weight, apart) in weights.iter().zip(&apart) {
        let p = weight / total;
        // −ln p = apart + ln total; where p is 0 so is its share.
        entropy += if p > 0.0 { p * apart } else { 0.0 };
        squares += p * p;
        cubes += p * p * p;
    }
    // Σᵢⱼ (pᵢ[i = j] − pᵢpⱼ)² = Σ pᵢ² − 2Σ pᵢ³ + (Σ pᵢ²)²
    let norm = (squares - 2.0 * cubes + squares * squares).max(0.0).sqrt();
    [1.0 / total, entropy, norm]
}

fn add(totals: &mut Totals, values: &[f64; 3]) {
    for (total, x) in totals.iter_mut().zip(values) {
        total[0] += x;
        total[1] += x * x;
    }
}

fn seen([sum, squares]: [f64; 2], count: u64) -> Seen {
    let n = count as f64;
    let mean = sum / n;
    let variance = (squares / n - mean * mean).max(0.0);
    Seen { mean, standard_error: (variance / (n - 1.0)).sqrt() }
}
