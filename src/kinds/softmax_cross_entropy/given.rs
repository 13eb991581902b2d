//! The fields of a softmax question become a validated problem here; nothing is computed from them.

use num_traits::{Signed, ToPrimitive};

use crate::num::{Rational, ratio};
use crate::sheet::{Entry, Field, FieldType, Range, SheetError, shown};

/// The most logits of one question.
pub const MAX_CLASSES: usize = 1000;
/// The largest logit in absolute value.
pub const MAX_LOGIT: i64 = 40_000;
/// The largest number that the first class may have.
const MAX_FIRST_CLASS: u64 = 1_000_000;

/// The fields of an entry.
pub(super) const FIELDS: &[Field] = &[
    Field::required(
        "logits",
        FieldType::List { of: &FieldType::Number(Range::Within(MAX_LOGIT)), least: 1, most: MAX_CLASSES },
        "[1, -0.5, \"1/3\"]",
        "the logits θ, one a class",
    ),
    TRUE_CLASS,
    FIRST_CLASS,
];

/// The field of the class that is right.
pub(in crate::kinds) const TRUE_CLASS: Field = Field::required(
    "true_class",
    FieldType::Count { least: 0, most: MAX_FIRST_CLASS + MAX_CLASSES as u64 },
    "1",
    "the class y that is right, counted from `first_class`",
);

/// The field that says where counting starts.
pub(in crate::kinds) const FIRST_CLASS: Field = Field::optional(
    "first_class",
    FieldType::Count { least: 0, most: MAX_FIRST_CLASS },
    "1",
    "the number of the first class",
)
.or("0");

/// Which classes there are, and which is the true one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classes {
    /// The number of the first class.
    pub first: u64,
    /// How many there are, at least one.
    pub count: usize,
    /// The true class as an index from 0, below `count`.
    pub index: usize,
}

impl Classes {
    /// Reads `true_class` and `first_class` of a question with so many classes.
    ///
    /// # Errors
    /// A class that does not exist.
    pub fn read(entry: &Entry, count: usize) -> Result<Self, SheetError> {
        let first = entry.opt_whole("first_class", MAX_FIRST_CLASS)?.map_or(0, |first| first.value);
        let wanted = entry.number_like("true_class", first)?;
        let index = if wanted.value.is_integer() {
            (wanted.value.to_integer() - first).to_usize().filter(|i| *i < count)
        } else {
            None
        };
        let last = first.saturating_add(u64::try_from(count).unwrap_or(u64::MAX)).saturating_sub(1);
        let range = if count == 1 {
            format!("the one class is {first}")
        } else {
            format!("classes are {first} to {last}")
        };
        match index {
            Some(index) => Ok(Self { first, count, index }),
            None => Err(entry.error_at(
                wanted.span,
                format!("{} has no class {}: {range}", entry.what(), shown(&wanted.value.to_string())),
                format!(
                    "write true_class = N with N from {first} to {last}; first_class says where counting starts"
                ),
            )),
        }
    }

    /// The number of a class that has this index.
    #[must_use]
    pub fn number(&self, index: usize) -> u64 {
        self.first.saturating_add(u64::try_from(index).unwrap_or(u64::MAX))
    }

    /// The number of the true class.
    #[must_use]
    pub fn true_class(&self) -> u64 {
        self.number(self.index)
    }
}

/// A softmax question.
#[derive(Debug, Clone)]
pub struct Given {
    /// The logits θ.
    pub logits: Vec<Rational>,
    /// The classes, as many as logits.
    pub classes: Classes,
    /// Decimals that the question asks for.
    pub digits: u32,
}

impl Given {
    /// Reads the fields of an entry.
    ///
    /// # Errors
    /// A field that is missing or wrong, too many logits, a logit past the limit, a class that does not exist.
    pub fn read(entry: &Entry) -> Result<Self, SheetError> {
        let logits = entry.numbers("logits")?;
        if logits.value.len() > MAX_CLASSES {
            return Err(entry.error_at(
                logits.span,
                format!("{} has {} logits, and the limit is {MAX_CLASSES}", entry.what(), logits.value.len()),
                "give fewer logits",
            ));
        }
        let limit = ratio(MAX_LOGIT, 1);
        if let Some(far) = logits.value.iter().find(|l| l.value.abs() > limit) {
            return Err(entry.error_at(
                far.span.clone(),
                format!("a logit of {} is past the limit of {MAX_LOGIT} either way", entry.what()),
                "subtract the same number from every logit: that changes neither p nor J",
            ));
        }
        let classes = Classes::read(entry, logits.value.len())?;
        let logits = logits.value.into_iter().map(|l| l.value).collect();
        Ok(Self { logits, classes, digits: entry.digits })
    }
}
