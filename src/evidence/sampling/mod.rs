//! Sampling lives here: random numbers, scores qᵀk whose entries are drawn one by one, and what an average of so many
//! draws says about its expectation. It knows no kind and sees no answer.
//!
//! # What is promised
//!
//! - The same seed gives the same result on any number of threads and on any processor: work is cut into chunks whose
//!   streams follow from seed and number, sums run in the order of the chunks, and floating point does nothing that
//!   IEEE 754 leaves open.
//! - The standard error is not estimated: it follows from the moments of the entries. (Softmaxes, which are only shown,
//!   take theirs from the sample.)
//! - The right value is refused at the rate asked for and no other; the tests hold the rates.
//!
//! # Speed
//!
//! Loops run over arrays of sixteen lanes, which the compiler turns into vector instructions: those that every target
//! has, and better ones beside them, from which [`pulp`] chooses. `just bench` times it. A question takes a tenth of a
//! second at most on two cores, so that no progress needs to be shown.

// The one room of the library where numbers may be inexact: they are random anyway, and their error is stated.
#![allow(clippy::float_arithmetic)]

pub mod average;
pub mod entries;
pub mod functions;
pub mod lanes;
pub mod normal;
pub mod scores;
pub mod softmax;
pub mod threads;
mod vectors;

#[cfg(test)]
mod tests;

pub use average::{Average, Law, Level};
pub use entries::Entries;
pub use scores::Sums;

use lanes::{LANES, Lanes};

/// Normal numbers in a chunk of [`fill_normal`].
const CHUNK: usize = 1 << 15;

/// Fills a slice with standard normal numbers: the same for a seed, whatever the number of threads.
pub fn fill_normal(out: &mut [f32], seed: u64, threads: usize) {
    let chunks: Vec<_> = out.chunks_mut(CHUNK).map(std::sync::Mutex::new).collect();
    threads::in_order(chunks.len() as u64, threads, |chunk| {
        let part = usize::try_from(chunk).ok().and_then(|c| chunks.get(c)).map(std::sync::Mutex::lock);
        if let Some(Ok(mut part)) = part {
            vectors::with_best(
                #[inline(always)]
                || fill_chunk(&mut part, &mut Lanes::new(seed, 0, chunk)),
            );
        }
    });
}

#[inline(always)]
fn fill_chunk(part: &mut [f32], lanes: &mut Lanes) {
    for two in part.chunks_mut(2 * LANES) {
        let (radius, angle) = (lanes.step(), lanes.step());
        let (a, b) = normal::pair(&radius, &angle);
        let (first, second) = two.split_at_mut(LANES.min(two.len()));
        if let (Ok(first), Ok(second)) =
            (<&mut normal::Numbers>::try_from(&mut *first), <&mut normal::Numbers>::try_from(&mut *second))
        {
            (*first, *second) = (a, b);
        } else {
            for (to, x) in first.iter_mut().chain(second).zip(a.iter().chain(&b)) {
                *to = *x;
            }
        }
    }
}
