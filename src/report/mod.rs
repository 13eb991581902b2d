//! What a sheet's answers and their checks look like lives here: rows, evidence, the judge, the report. No mathematics
//! of any kind of question, and no printing.

mod evidence;
mod judge;
pub mod planted;
mod row;
mod sampled;
pub mod trial;
mod value;

pub use evidence::{Bounds, Estimate, Evidence, Instance, Measured, Sampled, Says};
pub use judge::{Outcome, Strength, Verdict, judge};
pub use row::{Answer, Place, Row, Step, Style, Value};

use crate::num::{Rational, Rounding};

/// Where a row stands after all its evidence was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Some evidence holds and none fails: the only green.
    Holds,
    /// Nothing was there to be judged, and the row says why.
    NotRun,
    /// No evidence settled it.
    Undecided,
    /// Some evidence refuses the value.
    Fails,
}

impl Status {
    /// The word in the JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::NotRun => "not-run",
            Self::Undecided => "undecided",
            Self::Fails => "fails",
        }
    }
}

/// A row with what was said of it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The row.
    pub row: Row,
    /// The verdicts, in the order of the evidence.
    pub verdicts: Vec<Verdict>,
    /// What follows from them.
    pub status: Status,
}

impl Judged {
    /// The strongest strength that holds.
    #[must_use]
    pub fn strength(&self) -> Option<Strength> {
        self.verdicts
            .iter()
            .filter_map(|v| match v.outcome {
                Outcome::Holds(s) => Some(s),
                _ => None,
            })
            .max()
    }

    /// Why the row is not green, if it is not: the first reason that a verdict, or the row itself, gives.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        let from_verdicts = self.verdicts.iter().find_map(|v| match &v.outcome {
            Outcome::Fails(why) if self.status == Status::Fails => Some(why.as_str()),
            Outcome::Undecided(why) if self.status == Status::Undecided => Some(why.as_str()),
            _ => None,
        });
        from_verdicts.or(self.row.answer.reason())
    }
}

/// A question with its judged rows.
#[derive(Debug, Clone)]
pub struct Question {
    /// The id in the sheet: `1.1`.
    pub id: String,
    /// The kind's name.
    pub kind: &'static str,
    /// The title, from the sheet or from the kind.
    pub title: String,
    /// Points, where the sheet gives them.
    pub points: Option<Rational>,
    /// Digits after the point that this question asks for.
    pub digits: u32,
    /// Rows in order.
    pub rows: Vec<Judged>,
}

impl Question {
    /// The row with an id such as `L` within the question.
    #[must_use]
    pub fn row(&self, id: &str) -> Option<&Judged> {
        self.rows.iter().find(|r| r.row.id == id)
    }
}

/// Something the reader of the sheet should know: a contradiction in its text, and how it is read here.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The question that it concerns, if one.
    pub question: Option<String>,
    /// What the sheet says.
    pub says: Vec<Piece>,
    /// How it is read here.
    pub read: Vec<Piece>,
    /// What the other reading would give.
    pub other: Vec<Piece>,
}

/// A piece of a notice's text: words, or a judged row whose value stands there.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Words as they are.
    Words(String),
    /// A row's value, with the digits of its question.
    Value(Box<Judged>, u32),
    /// The shape of a row's value: `2×3`.
    Shape(Box<Judged>),
}

/// How many rows stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// All rows.
    pub answers: usize,
    /// Rows that hold.
    pub hold: usize,
    /// Of those, proved by an independent kernel.
    pub proved: usize,
    /// Of those, decided by exact arithmetic.
    pub decided: usize,
    /// Of those, enclosed.
    pub enclosed: usize,
    /// Of those, measured.
    pub measured: usize,
    /// Rows that fail.
    pub fail: usize,
    /// Rows that are undecided.
    pub undecided: usize,
    /// Rows that did not run.
    pub not_run: usize,
}

/// Why a number of a value cannot be printed so, if one cannot.
fn unprinted(value: &Value, rounding: Rounding) -> Option<String> {
    match value {
        Value::Number(x) => x.decimal(rounding).err().map(|why| why.reason),
        Value::List(items) => items.iter().find_map(|item| unprinted(item, rounding)),
        Value::Bool(_) | Value::Formula(_) | Value::Name(_) => None,
    }
}

/// Everything that a renderer sees.
#[derive(Debug, Clone)]
pub struct Report {
    /// The sheet's title.
    pub title: String,
    /// Questions in order.
    pub questions: Vec<Question>,
    /// Notices in order.
    pub notices: Vec<Notice>,
}

impl Report {
    /// Takes the green from rows whose value cannot be printed so: what has no decimal to be read holds for nobody.
    pub fn hold_to(&mut self, rounding: Rounding) {
        for judged in self.questions.iter_mut().flat_map(|q| &mut q.rows) {
            if judged.status != Status::Holds {
                continue;
            }
            let why = judged.row.answer.value().and_then(|value| unprinted(value, rounding));
            if let Some(why) = why {
                judged.status = Status::Undecided;
                judged.verdicts.push(Verdict {
                    source: "decimals",
                    outcome: Outcome::Undecided(why),
                    detail: String::new(),
                });
            }
        }
    }

    /// Counts rows by status and strength.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut s = Summary::default();
        for row in self.questions.iter().flat_map(|q| &q.rows) {
            s.answers += 1;
            match row.status {
                Status::Holds => {
                    s.hold += 1;
                    match row.strength() {
                        Some(Strength::Proved) => s.proved += 1,
                        Some(Strength::Decided) => s.decided += 1,
                        Some(Strength::Enclosed { .. }) => s.enclosed += 1,
                        Some(Strength::Measured) | None => s.measured += 1,
                    }
                }
                Status::Fails => s.fail += 1,
                Status::Undecided => s.undecided += 1,
                Status::NotRun => s.not_run += 1,
            }
        }
        s
    }
}
