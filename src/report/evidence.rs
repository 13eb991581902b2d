//! What another way of working says about a row lives here; it is made without the row's value and never holds it.

use std::collections::BTreeMap;

use super::{Row, Value};
use crate::expr::Expr;
use crate::num::{Interval, Rational};

/// Proved bounds, nested as the value is.
#[derive(Debug, Clone)]
pub enum Bounds {
    /// Bounds of one number.
    Number(Interval),
    /// Bounds of a list's items.
    List(Vec<Bounds>),
}

/// A formula's letters replaced, and what the formula must then be: for every class i, say, `p_i` by the softmax.
#[derive(Debug, Clone)]
pub struct Instance {
    /// Expressions for letters of the row's formula; letters not named stay.
    pub with: BTreeMap<String, Expr>,
    /// What the row's formula is then equal to.
    pub equals: Expr,
}

/// What a sample says about a number, before anyone has claimed one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    /// What the sample gave.
    pub estimate: Rational,
    /// The standard deviation of such estimates. Zero where every draw gives the same, so that the estimate is exact.
    pub standard_error: Rational,
    /// The least value that the sample does not refuse.
    pub from: Rational,
    /// The greatest value that the sample does not refuse.
    pub to: Rational,
    /// The smallest deviation of a claim from the truth that the sample was all but sure to refuse. A value smaller than
    /// this, and not zero, could not have been told from zero.
    pub resolution: Rational,
}

impl Estimate {
    /// An estimate without an error: every draw gave this.
    #[must_use]
    pub fn exact(value: Rational) -> Self {
        let zero = Rational::from_integer(0.into());
        Self {
            from: value.clone(),
            to: value.clone(),
            estimate: value,
            standard_error: zero.clone(),
            resolution: zero,
        }
    }
}

/// An estimate of a row's number, or of what its formula is where letters are numbers.
#[derive(Debug, Clone)]
pub struct Sampled {
    /// Numbers for the letters of the row's formula; a row that is a number has none.
    pub with: BTreeMap<String, Rational>,
    /// What the sample says there.
    pub estimate: Estimate,
}

/// What a run of a program gave for a row: a measurement, however exactly it is compared.
#[derive(Debug, Clone)]
pub struct Measured {
    /// What it gave; `None` where it shows that there is none.
    pub value: Option<Value>,
    /// How far from it a number may lie: 0 where the run repeats the one that the row comes from.
    pub within: Rational,
    /// Where it stands, for a witness: the file's name.
    pub place: String,
}

/// What a source says about a row.
#[derive(Debug, Clone)]
pub enum Says {
    /// The value, found another way.
    Equal(Value),
    /// Proved bounds of the value.
    Within(Bounds),
    /// Proved bounds of the value from another library, against which its printed decimals are held as well.
    Printed(Bounds),
    /// The row's formula (its value, or the formula beside its number) becomes these expressions at these instances.
    Formula(Vec<Instance>),
    /// Samples that the value must be consistent with, all of them.
    Consistent(Vec<Sampled>),
    /// What another record of a measurement has.
    Measured(Measured),
    /// The value does not exist, and this is what shows it.
    Absent(String),
    /// The source cannot tell, and why.
    Nothing(String),
}

/// Evidence about one row from one source.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The row's id within its question.
    pub row: String,
    /// The way of working, in a word or three: `pivots`, `path sums`.
    pub source: &'static str,
    /// What it says.
    pub says: Says,
    /// What was done and seen, short enough for a table.
    pub detail: String,
}

impl Evidence {
    /// The value, found another way.
    #[must_use]
    pub fn equal(
        row: impl Into<String>,
        source: &'static str,
        value: impl Into<Value>,
        detail: impl Into<String>,
    ) -> Self {
        Self { row: row.into(), source, says: Says::Equal(value.into()), detail: detail.into() }
    }

    /// Proved bounds.
    #[must_use]
    pub fn within(
        row: impl Into<String>,
        source: &'static str,
        bounds: Bounds,
        detail: impl Into<String>,
    ) -> Self {
        Self { row: row.into(), source, says: Says::Within(bounds), detail: detail.into() }
    }

    /// Proved bounds that the printed decimals are held against as well.
    #[must_use]
    pub fn printed(
        row: impl Into<String>,
        source: &'static str,
        bounds: Bounds,
        detail: impl Into<String>,
    ) -> Self {
        Self { row: row.into(), source, says: Says::Printed(bounds), detail: detail.into() }
    }

    /// What a run gave.
    #[must_use]
    pub fn measured(
        row: impl Into<String>,
        source: &'static str,
        measured: Measured,
        detail: impl Into<String>,
    ) -> Self {
        Self { row: row.into(), source, says: Says::Measured(measured), detail: detail.into() }
    }

    /// The value does not exist.
    #[must_use]
    pub fn absent(row: impl Into<String>, source: &'static str, because: impl Into<String>) -> Self {
        let because = because.into();
        Self { row: row.into(), source, says: Says::Absent(because.clone()), detail: because }
    }

    /// The source cannot tell.
    #[must_use]
    pub fn nothing(row: impl Into<String>, source: &'static str, because: impl Into<String>) -> Self {
        let because = because.into();
        Self { row: row.into(), source, says: Says::Nothing(because.clone()), detail: because }
    }

    /// The formula at instances.
    #[must_use]
    pub fn formula(
        row: impl Into<String>,
        source: &'static str,
        instances: Vec<Instance>,
        detail: impl Into<String>,
    ) -> Self {
        Self { row: row.into(), source, says: Says::Formula(instances), detail: detail.into() }
    }

    /// What samples say.
    #[must_use]
    pub fn consistent(
        row: impl Into<String>,
        source: &'static str,
        samples: Vec<Sampled>,
        detail: impl Into<String>,
    ) -> Self {
        Self { row: row.into(), source, says: Says::Consistent(samples), detail: detail.into() }
    }

    /// Whether the evidence is about this row.
    #[must_use]
    pub fn concerns(&self, row: &Row) -> bool {
        self.row == row.id
    }
}
