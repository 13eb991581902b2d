//! An entry of a sheet becomes a problem here; nothing is computed but what decides whether the entry is one.

use num_integer::Integer as _;
use num_traits::{One, Signed, Zero};

use crate::num::{Integer, Rational, ratio};
use crate::sheet::{Entry, Field, FieldType, Located, NUMBER, Range, Sheet, SheetError};

/// The greatest d_k.
pub const MAX_D_K: u64 = 1_000_000_000_000;
/// The most values in a table of entries: all pairs of products of two of them are enumerated.
pub const MAX_VALUES: usize = 24;
/// The most bits in the numerator and in the denominator of a mean, a variance, a value or a probability.
pub const MAX_BITS: u64 = 128;
/// The most bits in the common denominator of a table's values, and in that of its probabilities.
pub const MAX_COMMON_BITS: u64 = 512;
/// The example of a saturated softmax goes on at least to this d, a power of four.
const LEAST_EXAMPLE: u64 = 64;
/// Where no d_k is given, the example goes on to this d, a power of four.
const USUAL_EXAMPLE: u64 = 256;
/// The example stops at this d, a power of four: 4⁸, a gap of 256.
pub const MOST_EXAMPLE: u64 = 65_536;

/// The fields of an entry.
pub(super) const FIELDS: &[Field] = &[
    Field::optional(
        "d_k",
        FieldType::Count { least: 1, most: MAX_D_K },
        "64",
        "length of q and k; where left out, the answers are formulas in d_k",
    ),
    Field::optional("mean", NUMBER, "\"1/2\"", "mean of every entry of q and k").or("0"),
    Field::optional(
        "variance",
        FieldType::Number(Range::NotNegative),
        "\"1/12\"",
        "variance of every entry of q and k",
    )
    .or("1"),
    Field::optional(
        "entries",
        FieldType::Table(TABLE_FIELDS),
        "{ values = [-1, 0, 3], probabilities = [\"1/2\", \"1/4\", 0.25] }",
        "in place of `mean` and `variance`: what an entry is drawn from",
    )
    .without(&MOMENTS),
];

const MOMENTS: [&str; 2] = ["mean", "variance"];

const TABLE_FIELDS: &[Field] = &[
    Field::required(
        "values",
        FieldType::List { of: &NUMBER, least: 1, most: MAX_VALUES },
        "[-1, 0, 3]",
        "the values that an entry takes",
    ),
    Field::optional(
        "probabilities",
        FieldType::List { of: &FieldType::Number(Range::Probability), least: 1, most: MAX_VALUES },
        "[\"1/2\", \"1/4\", 0.25]",
        "their probabilities, which sum to 1; all are equally likely where left out",
    ),
];

/// What every entry of q and of k is drawn from, independently.
#[derive(Debug, Clone, PartialEq)]
pub enum Entries {
    /// Anything with this mean and this variance.
    Moments {
        /// μ
        mean: Rational,
        /// σ² ≥ 0
        variance: Rational,
    },
    /// A value with its probability; the probabilities are not negative and sum to 1.
    Table(Vec<(Rational, Rational)>),
}

/// A problem of this kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// The length of q and k, if it is a number.
    pub d_k: Option<u64>,
    /// The distribution of an entry.
    pub entries: Entries,
    /// Decimals that the question asks for.
    pub digits: u32,
    /// Questions of this kind in the sheet, and its notices, which may read one otherwise: a sample's rate of false
    /// alarms is shared among them.
    pub questions: u64,
}

impl Given {
    /// Reads and validates an entry.
    ///
    /// # Errors
    ///
    /// A field that is not of its type, beyond its limit ([`MAX_D_K`], [`MAX_VALUES`], [`MAX_BITS`],
    /// [`MAX_COMMON_BITS`]) or unknown; a
    /// negative variance or probability; probabilities that do not sum to 1; a table beside a mean or a variance.
    pub fn read(entry: &Entry) -> Result<Self, SheetError> {
        let d_k = entry.opt_count("d_k", MAX_D_K)?.map(|d| d.value);
        let entries = match entry.opt_table("entries")? {
            Some(table) => {
                if let Some(field) = MOMENTS.into_iter().find(|field| entry.has(field)) {
                    return Err(entry.error(
                        field,
                        format!("{} has both `entries` and `{field}`", entry.what()),
                        format!("the table of entries has its own mean and variance: leave out `{field}` or `entries`"),
                    ));
                }
                Entries::Table(read_table(&table)?)
            }
            None => read_moments(entry)?,
        };
        entry.finish(FIELDS)?;
        Ok(Self { d_k, entries, digits: entry.digits, questions: 1 })
    }

    /// The same problem as one of all in its sheet.
    #[must_use]
    pub fn among(self, entry: &Entry, sheet: &Sheet) -> Self {
        let questions = sheet.questions.iter().filter(|q| q.kind.value == entry.kind.value).count();
        let all = questions.saturating_add(sheet.notices.len());
        Self { questions: u64::try_from(all).unwrap_or(u64::MAX), ..self }
    }

    /// The lengths d for which the saturation of a softmax is shown: 1, 4, 16, … up to the first power of four that
    /// reaches d_k, so that √d is whole; at least to 64, at most to 65,536.
    #[must_use]
    pub fn example_lengths(&self) -> Vec<u64> {
        let end = self.d_k.map_or(USUAL_EXAMPLE, |d| d.clamp(LEAST_EXAMPLE, MOST_EXAMPLE));
        let mut lengths = vec![1u64];
        while let Some(last) = lengths.last().copied().filter(|last| *last < end) {
            lengths.push(last.saturating_mul(4));
        }
        lengths
    }
}

fn read_moments(entry: &Entry) -> Result<Entries, SheetError> {
    let mean = entry.number_or("mean", Rational::zero())?;
    let variance = entry.number_or("variance", Rational::one())?;
    for number in [&mean, &variance] {
        bounded(entry, number)?;
    }
    if variance.value.is_negative() {
        return Err(entry.error_at(
            variance.span,
            format!("the variance of {} is negative: {}", entry.what(), variance.value),
            "a variance is 0 or more",
        ));
    }
    Ok(Entries::Moments { mean: mean.value, variance: variance.value })
}

fn read_table(table: &Entry) -> Result<Vec<(Rational, Rational)>, SheetError> {
    let values = table.numbers("values")?;
    let count = values.value.len();
    if count > MAX_VALUES {
        return Err(table.error_at(
            values.span,
            format!("{} has {count} values, the limit is {MAX_VALUES}", table.what()),
            "give fewer values, or a mean and a variance in place of the table",
        ));
    }
    let probabilities = table.opt_numbers("probabilities")?;
    table.finish(TABLE_FIELDS)?;
    if let Some(probabilities) = &probabilities
        && probabilities.value.len() != count
    {
        return Err(table.error_at(
            probabilities.span.clone(),
            format!("{} has {count} values and {} probabilities", table.what(), probabilities.value.len()),
            "give every value its probability, or leave `probabilities` out where all are equal",
        ));
    }
    for number in values.value.iter().chain(probabilities.iter().flat_map(|p| &p.value)) {
        bounded(table, number)?;
    }
    for list in std::iter::once(&values).chain(&probabilities) {
        common_denominator(table, list)?;
    }
    let values = values.value.into_iter().map(|v| v.value);
    let Some(probabilities) = probabilities else {
        let equal = ratio(1, i64::try_from(count).unwrap_or(1));
        return Ok(values.map(|v| (v, equal.clone())).collect());
    };
    if let Some(negative) = probabilities.value.iter().find(|p| p.value.is_negative()) {
        return Err(table.error_at(
            negative.span.clone(),
            format!("a probability of {} is negative: {}", table.what(), negative.value),
            "a probability is 0 or more",
        ));
    }
    let sum = probabilities.value.iter().fold(Rational::zero(), |sum, p| sum + &p.value);
    if !sum.is_one() {
        return Err(table.error_at(
            probabilities.span,
            format!("the probabilities of {} sum to {sum}, not to 1", table.what()),
            "write probabilities that sum to exactly 1; \"1/3\" in quotes is exact",
        ));
    }
    Ok(values.zip(probabilities.value.into_iter().map(|p| p.value)).collect())
}

fn common_denominator(table: &Entry, list: &Located<Vec<Located<Rational>>>) -> Result<(), SheetError> {
    // At most MAX_VALUES numbers of MAX_BITS bits, so that this is no work itself.
    let common = list.value.iter().fold(Integer::one(), |lcm, number| lcm.lcm(number.value.denom()));
    if common.bits() <= MAX_COMMON_BITS {
        return Ok(());
    }
    Err(table.error_at(
        list.span.clone(),
        format!(
            "the common denominator of these numbers of {} is longer than the limit of {MAX_COMMON_BITS} bits",
            table.what()
        ),
        "write numbers with smaller denominators, or with fewer different ones",
    ))
}

fn bounded(entry: &Entry, number: &Located<Rational>) -> Result<(), SheetError> {
    if number.value.numer().bits().max(number.value.denom().bits()) <= MAX_BITS {
        return Ok(());
    }
    Err(entry.error_at(
        number.span.clone(),
        format!("a number of {} is longer than the limit of {MAX_BITS} bits (38 digits)", entry.what()),
        "write it with fewer digits",
    ))
}
