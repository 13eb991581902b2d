//! What is drawn at random for a problem of this kind lives here; nothing is computed from it.

use super::given::{Entries, Given};
use crate::evidence::sampling;

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
