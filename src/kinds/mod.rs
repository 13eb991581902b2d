//! The kinds of questions live here: the trait, the registry, a room per kind. A kind knows its mathematics and its
//! fields; it neither judges nor prints.
//!
//! # How a kind is built
//!
//! ```text
//! entry -> given -> Problem -+-> solve    -> rows
//!                            +-> evidence -> (row id, what another way says)
//! ```
//!
//! `evidence` never sees a row and imports nothing of `solve`; a test on imports holds that.

pub mod attention_variance;
pub mod gradient_descent;
pub mod layer_table;
pub mod mlp_backprop;
pub mod softmax_cross_entropy;
pub mod training;
pub mod transformer_encoder;

use crate::report::{Evidence, Row, Value};
use crate::sheet::{Entry, Sheet, SheetError};

/// A validated problem, ready to be solved.
pub trait Problem {
    /// Rows in order: values and the steps that lead to them.
    fn solve(&self) -> Vec<Row>;

    /// What other ways of working say about the rows. Never sees one.
    fn evidence(&self) -> Vec<Evidence>;

    /// Wrong values that people give, each with its name.
    fn mistakes(&self) -> Vec<Mistake> {
        Vec::new()
    }
}

/// A wrong value that people give.
#[derive(Debug, Clone)]
pub struct Mistake {
    /// The row that it is given for.
    pub row: String,
    /// What went wrong: "the transpose", "biases left out".
    pub name: String,
    /// The value.
    pub value: Value,
}

/// Validates an entry: the problem, or the first thing that is wrong with it, at its place.
pub type Given = fn(&Entry, &Sheet) -> Result<Box<dyn Problem>, SheetError>;

/// What a kind of question is: its name, its documentation, and how an entry becomes a problem.
pub struct Kind {
    /// The word in sheets: `gradient-descent`.
    pub name: &'static str,
    /// The title of a question that has none.
    pub title: &'static str,
    /// The theorem or formula that answers rest on, with a reference.
    pub source: &'static str,
    /// A small commented entry that is a sheet of its own, run as a test.
    pub example: &'static str,
    /// Fields that an entry may have, besides the common ones: name and meaning.
    pub fields: &'static [(&'static str, &'static str)],
    /// Validates an entry.
    pub given: Given,
}

/// All kinds, in the order in which they are listed.
#[rustfmt::skip] // A line each.
pub static KINDS: &[&Kind] = &[
    &gradient_descent::KIND,
    &layer_table::KIND,
    &transformer_encoder::KIND,
    &attention_variance::KIND,
    &softmax_cross_entropy::KIND,
    &mlp_backprop::KIND,
    &training::KIND,
];

/// The kind with a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|k| k.name == name).copied()
}
