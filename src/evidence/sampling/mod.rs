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
//! Loops run over arrays of sixteen lanes, which the compiler turns into whatever vector instructions the target has;
//! no code here names one. `just bench` times it.

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

#[cfg(test)]
mod tests;

pub use average::{Average, Law};
pub use entries::Entries;
pub use scores::Sums;

use lanes::{LANES, Lanes};

/// Normal numbers in a chunk of [`fill_normal`].
const CHUNK: usize = 1 << 15;

/// Fills a slice with standard normal numbers: the same for a seed, whatever the number of threads.
pub fn fill_normal(out: &mut [f32], seed: u64, threads: usize) {
    let chunks: Vec<_> = out.chunks_mut(CHUNK).map(std::sync::Mutex::new).collect();
    threads::in_order(chunks.len() as u64, threads, |chunk| {
        let Some(Ok(mut part)) = usize::try_from(chunk).ok().and_then(|c| chunks.get(c)).map(|c| c.lock())
        else {
            return;
        };
        let mut lanes = Lanes::new(seed, 0, chunk);
        for two in part.chunks_mut(2 * LANES) {
            let (radius, angle) = (lanes.next(), lanes.next());
            let (a, b) = normal::pair(&radius, &angle);
            for (to, x) in two.iter_mut().zip(a.iter().chain(&b)) {
                *to = *x;
            }
        }
    });
}
