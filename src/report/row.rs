//! Rows live here: an answer, its label, and the steps that lead to it. Nothing here says whether it is right.

use crate::expr::Expr;
use crate::notation::Math;
use crate::num::{Exact, Rational};

/// A value: what stands behind `exact` and `decimal` in the JSON, with the same nesting.
#[derive(Debug, Clone)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A number.
    Number(Exact),
    /// A formula in letters.
    Formula(Expr),
    /// One of the names that the sheet gives: a model's.
    Name(String),
    /// A vector, a matrix by rows, or any nesting.
    List(Vec<Value>),
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self::Bool(b)
    }
}

impl From<Exact> for Value {
    fn from(x: Exact) -> Self {
        Self::Number(x)
    }
}

impl From<Rational> for Value {
    fn from(x: Rational) -> Self {
        Self::Number(x.into())
    }
}

impl From<Expr> for Value {
    fn from(x: Expr) -> Self {
        Self::Formula(x)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl Value {
    /// A whole number.
    #[must_use]
    pub fn integer(n: impl Into<crate::num::Integer>) -> Self {
        Self::Number(Exact::integer(n))
    }

    /// How a value is nested, in words: `a number`, `a 3×2 matrix`, `a list of 4`.
    #[must_use]
    pub fn shape(&self) -> String {
        match self {
            Self::Bool(_) => "yes or no".to_owned(),
            Self::Number(_) => "a number".to_owned(),
            Self::Formula(_) => "a formula".to_owned(),
            Self::Name(_) => "a name".to_owned(),
            Self::List(items) => {
                let widths: Vec<_> = items
                    .iter()
                    .map(|i| if let Self::List(row) = i { Some(row.len()) } else { None })
                    .collect();
                match widths.first() {
                    Some(Some(n)) if widths.iter().all(|w| *w == Some(*n)) => {
                        format!("a {}×{n} matrix", items.len())
                    }
                    _ => format!("a list of {}", items.len()),
                }
            }
        }
    }
}

/// What a row answers.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A value.
    Value(Value),
    /// There is none, and this is why: `null` in the JSON.
    Absent {
        /// Names the condition that fails.
        reason: String,
    },
    /// The solver could not settle it within its limits.
    Undecided {
        /// What stood in the way.
        reason: String,
    },
    /// It takes something that did not run.
    NotRun {
        /// What is missing, and how to get it.
        reason: String,
    },
}

impl<T: Into<Value>> From<T> for Answer {
    fn from(value: T) -> Self {
        Self::Value(value.into())
    }
}

impl Answer {
    /// There is no such value, for this reason.
    #[must_use]
    pub fn absent(reason: impl Into<String>) -> Self {
        Self::Absent { reason: reason.into() }
    }

    /// The value, if there is one.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Value(v) => Some(v),
            _ => None,
        }
    }

    /// The reason, where there is no value.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Value(_) => None,
            Self::Absent { reason } | Self::Undecided { reason } | Self::NotRun { reason } => Some(reason),
        }
    }
}

/// How a value is laid out where the nesting alone does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// Numbers, columns and matrices as they are.
    #[default]
    Plain,
    /// A list of sizes: 24×24×16.
    Shape,
    /// A list as a set of items: eigenvalues, unit numbers.
    Items,
}

/// One step of the way to an answer: words, then formulas, a line each.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What is done and why; may be empty.
    pub words: String,
    /// Formula, numbers filled in, result: usually one chain of equalities.
    pub math: Vec<Math>,
}

impl Step {
    /// Words alone.
    #[must_use]
    pub fn words(words: impl Into<String>) -> Self {
        Self { words: words.into(), math: Vec::new() }
    }

    /// Words, then formulas.
    #[must_use]
    pub fn new(words: impl Into<String>, math: Vec<Math>) -> Self {
        Self { words: words.into(), math }
    }
}

/// Where a row stands in a table of several columns: consecutive rows with a place make one table, a line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The table, and the heading of its first column: `Layer`.
    pub table: String,
    /// The line's heading: `1  Conv 16, 5×5`.
    pub line: String,
    /// The column's heading: `output size`.
    pub column: String,
}

/// One answer.
#[derive(Debug, Clone)]
pub struct Row {
    /// The id within its question: `k-convex`.
    pub id: String,
    /// What it is, in words.
    pub label: String,
    /// What it is, in letters, where it has a usual name.
    pub symbol: Option<Math>,
    /// Whether people know it by its letters rather than by words: ∂J/∂W.
    pub known_by_symbol: bool,
    /// The answer.
    pub answer: Answer,
    /// Layout of the value.
    pub style: Style,
    /// Its place in a table of several columns, if it has one.
    pub place: Option<Place>,
    /// A formula in letters beside the number, where the kind promises one.
    pub formula: Option<Expr>,
    /// The way to it.
    pub steps: Vec<Step>,
    /// What a reader should know about it: conventions, conditions, what it tells.
    pub remarks: Vec<String>,
    /// Whether the question asks for decimals, so that tables show them beside the exact value.
    pub wants_decimal: bool,
    /// How far from the value another run of the same may come out, where the value was measured in one.
    pub tolerance: Option<Rational>,
}

impl Row {
    /// A row with an id, a label and an answer; the rest is added by the methods below.
    #[must_use]
    pub fn new(id: impl Into<String>, label: impl Into<String>, answer: impl Into<Answer>) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            symbol: None,
            known_by_symbol: false,
            answer: answer.into(),
            style: Style::Plain,
            place: None,
            formula: None,
            steps: Vec::new(),
            remarks: Vec::new(),
            wants_decimal: false,
            tolerance: None,
        }
    }

    /// Sets the name in letters.
    #[must_use]
    pub fn symbol(mut self, symbol: Math) -> Self {
        self.symbol = Some(symbol);
        self
    }

    /// Sets the name in letters, by which people know it.
    #[must_use]
    pub fn known_as(mut self, symbol: Math) -> Self {
        self.known_by_symbol = true;
        self.symbol(symbol)
    }

    /// Sets the layout.
    #[must_use]
    pub fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// Sets the place in a table of several columns.
    #[must_use]
    pub fn place(
        mut self,
        table: impl Into<String>,
        line: impl Into<String>,
        column: impl Into<String>,
    ) -> Self {
        self.place = Some(Place { table: table.into(), line: line.into(), column: column.into() });
        self
    }

    /// Sets the formula in letters.
    #[must_use]
    pub fn formula(mut self, formula: Expr) -> Self {
        self.formula = Some(formula);
        self
    }

    /// Adds a step.
    #[must_use]
    pub fn step(mut self, words: impl Into<String>, math: Vec<Math>) -> Self {
        self.steps.push(Step::new(words, math));
        self
    }

    /// Adds a remark.
    #[must_use]
    pub fn remark(mut self, remark: impl Into<String>) -> Self {
        self.remarks.push(remark.into());
        self
    }

    /// Says how far from the value another run may come out.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Rational) -> Self {
        self.tolerance = Some(tolerance);
        self
    }

    /// Asks for decimals beside the exact value.
    #[must_use]
    pub fn with_decimal(mut self) -> Self {
        self.wants_decimal = true;
        self
    }
}
