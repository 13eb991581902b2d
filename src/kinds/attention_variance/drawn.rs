//! How saturated a softmax over several keys is, of scores drawn at random, lives here. It is shown beside the example
//! and not judged; no answer is made from it, and evidence draws by itself.

use super::given::{Entries, Given};
use crate::evidence::sampling::softmax::{Softmax, saturation};
use crate::evidence::sampling::{self, threads};

/// The seed: a sheet shows the same numbers each time.
const SEED: u64 = 480;

/// Keys that the drawn query is held against.
pub(super) const KEYS: usize = 8;
/// How often a query and its keys are drawn, for each length.
pub(super) const QUERIES: u64 = 1024;
/// The greatest length for which they are.
const MAX_LENGTH: u64 = 1024;

/// For lengths d of the example: the softmax over raw scores, and over scores divided by √d. Empty where the entries do
/// not vary, or cannot be drawn.
pub(super) fn softmaxes(given: &Given) -> Vec<(u64, [Softmax; 2])> {
    let entries = match &given.entries {
        Entries::Moments { mean, variance } => sampling::Entries::normal(mean, variance),
        Entries::Table(table) => sampling::Entries::table(table),
    };
    let Ok(entries) = entries else { return Vec::new() };
    let lengths = given.example_lengths().into_iter().filter(|d| *d <= MAX_LENGTH);
    lengths
        .filter_map(|d| Some((d, saturation(&entries, d, KEYS, QUERIES, SEED, threads::available())?)))
        .collect()
}
