//! What is drawn at random for a problem of this kind lives here, and what is shown of it without being judged: how
//! saturated a softmax over several keys is. No answer is made from it.

use super::given::{Entries, Given};
use crate::evidence::sampling::softmax::{Softmax, saturation};
use crate::evidence::sampling::{self, threads};

/// Every drawing's seed: a sheet gives the same numbers each time.
pub(super) const SEED: u64 = 480;

/// Entries to draw. Where only a mean and a variance are given, normal ones stand for all that have them: the mean and
/// the variance of the score depend on no more.
///
/// # Errors
/// Says why such entries cannot be drawn.
pub(super) fn entries(given: &Given) -> Result<sampling::Entries, String> {
    match &given.entries {
        Entries::Moments { mean, variance } => sampling::Entries::normal(mean, variance),
        Entries::Table(table) => sampling::Entries::table(table),
    }
}

/// Keys that the drawn query is held against.
pub(super) const KEYS: usize = 8;
/// How often a query and its keys are drawn, for each length.
pub(super) const QUERIES: u64 = 1024;
/// The greatest length for which they are.
const MAX_LENGTH: u64 = 1024;

/// For lengths d of the example: the softmax over raw scores, and over scores divided by √d. Empty where the entries do
/// not vary, or cannot be drawn.
pub(super) fn softmaxes(given: &Given) -> Vec<(u64, [Softmax; 2])> {
    let Ok(entries) = entries(given) else { return Vec::new() };
    let lengths = given.example_lengths().into_iter().filter(|d| *d <= MAX_LENGTH);
    lengths
        .filter_map(|d| Some((d, saturation(&entries, d, KEYS, QUERIES, SEED, threads::available())?)))
        .collect()
}
