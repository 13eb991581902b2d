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

use std::collections::BTreeMap;

use crate::expr::Expr;
use crate::record::Runs;
use crate::report::{Evidence, Row, Step, Value};
use crate::sheet::{Entry, Field, Sheet, SheetError};

/// A validated problem, ready to be solved.
pub trait Problem: Send + Sync {
    /// Rows in order: values and the steps that lead to them.
    fn solve(&self) -> Vec<Row>;

    /// Takes in what is known of training runs, before anything is solved; of a sheet by its title and a question by its id.
    fn attach(&mut self, _sheet: &str, _question: &str, _runs: &Runs) {}

    /// Steps that are only to be looked at, each list to follow those of the row that is named. They are made where worked
    /// steps are printed and nowhere else.
    fn illustrations(&self) -> Vec<(String, Vec<Step>)> {
        Vec::new()
    }

    /// What other ways of working say about the rows. Never sees one.
    fn evidence(&self) -> Vec<Evidence>;

    /// How much of the work that one question may take this one takes, in thousandths, at least 1: of a whole sheet's
    /// questions, that is bounded too.
    fn thousandths(&self) -> u64 {
        1
    }

    /// Wrong values that people give, each with its name.
    fn mistakes(&self) -> Vec<Mistake> {
        Vec::new()
    }

    /// Those of the rows that are wanted, and no others: of a large problem only these are worked out.
    fn mistakes_of(&self, wanted: &dyn Fn(&str) -> bool) -> Vec<Mistake> {
        self.mistakes().into_iter().filter(|m| wanted(&m.row)).collect()
    }

    /// The letters that answers may be written in, besides those of the rows' own formulas, each with the value that the
    /// sheet gives it, if it gives one.
    fn letters(&self) -> BTreeMap<String, Option<Expr>> {
        BTreeMap::new()
    }

    /// How later rows follow from earlier ones, for a person who went on with a value of their own.
    fn follow(&self) -> Vec<Rule<'_>> {
        Vec::new()
    }
}

/// What a row is when others are what a person says they are.
pub struct Rule<'a> {
    /// The row that follows.
    pub row: String,
    /// The rows that it follows from.
    pub from: Vec<String>,
    /// The row's value from those of `from`, in their order; `None` where there is none, or values of another shape.
    pub value: Box<Follows<'a>>,
}

/// A value from others, where there is one.
pub type Follows<'a> = dyn Fn(&[&Value]) -> Option<Value> + 'a;

impl<'a> Rule<'a> {
    /// A row that follows from others.
    #[must_use]
    pub fn new(
        row: impl Into<String>,
        from: &[&str],
        value: impl Fn(&[&Value]) -> Option<Value> + 'a,
    ) -> Self {
        let from = from.iter().map(|id| (*id).to_owned()).collect();
        Self { row: row.into(), from, value: Box::new(value) }
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
    /// Fields that an entry may have, besides the common ones.
    pub fields: &'static [Field],
    /// Rows in order: id and meaning. A part in capitals stands for many: `N` for a number from 1, [`MODEL`] for a name.
    pub rows: &'static [(&'static str, &'static str)],
    /// Validates an entry.
    pub given: Given,
}

/// In the id of a documented row, the name of a model.
pub const MODEL: &str = "MODEL";

impl Kind {
    /// The documented row that an id belongs to: the id as [`Kind::rows`] has it, and its meaning.
    #[must_use]
    pub fn row(&self, id: &str) -> Option<(&'static str, &'static str)> {
        self.rows.iter().find(|(pattern, _)| matches(pattern, id)).copied()
    }
}

fn matches(pattern: &str, id: &str) -> bool {
    // A name may hold points, so that it takes all that the rest of the id leaves.
    if let Some(rest) = pattern.strip_prefix(MODEL) {
        return id.strip_suffix(rest).is_some_and(|name| !name.is_empty());
    }
    let (mut wanted, mut parts) = (pattern.split('.'), id.split('.'));
    loop {
        match (wanted.next(), parts.next()) {
            (None, None) => return true,
            (Some("N"), Some(part)) if part.parse::<u64>().is_ok_and(|n| n > 0) => {}
            (Some(word), Some(part)) if word == part => {}
            _ => return false,
        }
    }
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
