//! Exact numbers live here, their enclosures and their decimals; nothing that knows a sheet.

pub mod algebraic;
pub mod decimal;
pub mod elementary;
pub mod exact;
pub mod exp_sum;
pub mod interval;
pub mod logarithm;
pub mod poly;
pub mod quotient;
pub mod real;

use num_bigint::BigInt;

pub use decimal::Rounding;
pub use exact::{Exact, Form};
pub use interval::Interval;

/// A rational number with numerator and denominator of any length, always in lowest terms.
pub type Rational = num_rational::BigRational;

/// An integer of any length.
pub type Integer = BigInt;

/// What a question of exact arithmetic answers when it cannot be settled: why not.
///
/// An undecided question is never taken for a yes or a no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("undecided: {reason}")]
pub struct Undecided {
    /// Why it could not be settled, and what limit stood in the way.
    pub reason: String,
}

impl Undecided {
    /// An undecided question, with the reason.
    pub fn because(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}

/// Shorthand for building rationals in code whose numbers are small and known: `ratio(1, 2)`.
///
/// A zero denominator gives zero, which no caller asks for.
#[must_use]
pub fn ratio(numerator: i64, denominator: i64) -> Rational {
    if denominator == 0 {
        return Rational::from_integer(BigInt::from(0));
    }
    Rational::new(BigInt::from(numerator), BigInt::from(denominator))
}
