//! A person's own answers are marked here: the blank form, reading what was written, holding it against the answers that
//! were judged, and telling where a value went wrong. Nothing is printed, and no answer is made.
//!
//! ```text
//! file -> read -> what was written -> compare, judge -> verdict -> diagnose -> Paper
//! ```
//!
//! | file | holds |
//! | --- | --- |
//! | `form.rs` | the blank form of a sheet |
//! | `read.rs`, `list.rs`, `plain.rs`, `letters.rs`, `constant.rs` | text to values, with how precisely each was written |
//! | `compare.rs` | one value against another: equal, right to its digits, off, wrong |
//! | `mark.rs` | a whole file: rows, verdicts, points |
//! | `diagnose.rs` | which mistake gives a value, and what it follows from |
//!
//! Nothing is guessed. A mistake is named only where it alone gives the value that was written, and a row is said to
//! follow from another only where the rule, applied to what the person wrote there, gives what the person wrote here; a
//! formula in place of a number is followed at the sheet's numbers. Decimals so few that they fit a usual mistake as well
//! as the value are not taken for the value.
//!
//! A formula is right where a number is asked if it is the law, or is the law once the letters that it leaves out are what
//! the sheet gives: with μ = 0 and σ = 1, `d_k` stands for d_k(σ⁴ + 2μ²σ²), and 4·d_k² for nothing, though it may be the
//! number.

mod compare;
mod constant;
mod diagnose;
mod form;
mod letters;
mod list;
mod mark;
mod plain;
mod read;
#[cfg(test)]
mod tests;

pub use form::{SHEET, form};
pub use mark::{Form, paper};
pub use read::{MAX_ANSWER, Number, Written};

use num_traits::Zero;

use crate::num::{Integer, Rational};
use crate::report::{Judged, Status};
use crate::sheet::SheetError;

/// What comes of marking one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The value itself, written exactly; or that there is none, where there is none.
    Exact,
    /// A decimal that is the value rounded to the digits that were written.
    Digits,
    /// A measured value, and another run may well give what was written.
    Near,
    /// The value to the digits written, and they are so few that a usual mistake gives the same.
    TooFew,
    /// A decimal whose last digit is one off.
    Off,
    /// Another value.
    Wrong,
    /// What was written is not an answer of any kind.
    Unreadable,
    /// Nothing was written.
    Blank,
    /// There is nothing to hold it against: the answer did not run, or is undecided.
    NotJudged,
}

impl Verdict {
    /// The word in print.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Digits => "right to the digits written",
            Self::Near => "within tolerance",
            Self::TooFew => "too few digits",
            Self::Off => "off in the last digit",
            Self::Wrong => "wrong",
            Self::Unreadable => "cannot read",
            Self::Blank => "blank",
            Self::NotJudged => "not judged",
        }
    }

    /// The word in the JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Digits => "digits",
            Self::Near => "near",
            Self::TooFew => "too-few",
            Self::Off => "off",
            Self::Wrong => "wrong",
            Self::Unreadable => "unreadable",
            Self::Blank => "blank",
            Self::NotJudged => "not-judged",
        }
    }

    /// Whether the answer is right.
    #[must_use]
    pub fn is_right(self) -> bool {
        matches!(self, Self::Exact | Self::Digits | Self::Near)
    }
}

/// One row of a person's file, marked.
#[derive(Debug, Clone)]
pub struct MarkedRow {
    /// The row that it is held against. A renderer takes its id and its names, never its value.
    pub row: Judged,
    /// What was written, as it stands in the file; `None` where the row is not in it or blank.
    pub text: Option<String>,
    /// What comes of it.
    pub verdict: Verdict,
    /// What to know about the verdict: the entry, the digits, the shapes; may be empty.
    pub detail: String,
    /// Fewer decimals were written than the question asks for.
    pub short: bool,
    /// The one mistake that gives this value.
    pub diagnosis: Option<String>,
    /// The names of the person's own rows that this value rightly follows from; empty where it does not.
    pub follows: Vec<String>,
    /// Why it cannot be read, with its place.
    pub fault: Option<SheetError>,
}

/// A question of a person's file, marked.
#[derive(Debug, Clone)]
pub struct MarkedQuestion {
    /// Its id in the sheet.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: &'static str,
    /// Points of the sheet.
    pub points: Option<Rational>,
    /// Rows in order.
    pub rows: Vec<MarkedRow>,
}

/// How many rows of a file came out how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows that can be marked.
    pub rows: usize,
    /// Exact.
    pub exact: usize,
    /// Right to the digits written.
    pub digits: usize,
    /// Of those, with fewer decimals than asked for.
    pub short: usize,
    /// Measured, and within what another run may give.
    pub near: usize,
    /// With too few digits to tell the value from a usual mistake.
    pub too_few: usize,
    /// Off in the last digit.
    pub off: usize,
    /// Wrong.
    pub wrong: usize,
    /// Of those that are off or wrong, what follows rightly from an earlier value of the person's.
    pub follow: usize,
    /// Cannot be read.
    pub unreadable: usize,
    /// Blank.
    pub blank: usize,
    /// Filled, and nothing to hold it against.
    pub not_judged: usize,
}

impl Tally {
    /// Exact, right to the digits written, or within the tolerance of what is measured.
    #[must_use]
    pub fn right(&self) -> usize {
        self.exact + self.digits + self.near
    }

    fn count(&mut self, row: &MarkedRow) {
        if row.verdict == Verdict::NotJudged {
            self.not_judged += usize::from(row.text.is_some());
            // What the program itself has no answer to counts for nobody; what was written and could not be told from
            // the answer is a row that is not right.
            self.rows += usize::from(row.row.status == Status::Holds);
            return;
        }
        self.rows += 1;
        let slot = match row.verdict {
            Verdict::Exact => &mut self.exact,
            Verdict::Digits => &mut self.digits,
            Verdict::Near => &mut self.near,
            Verdict::TooFew => &mut self.too_few,
            Verdict::Off => &mut self.off,
            Verdict::Wrong => &mut self.wrong,
            Verdict::Unreadable => &mut self.unreadable,
            Verdict::Blank | Verdict::NotJudged => &mut self.blank,
        };
        *slot += 1;
        self.short += usize::from(row.short);
        self.follow += usize::from(!row.follows.is_empty());
    }
}

impl MarkedQuestion {
    /// Its rows by verdict.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        self.rows.iter().for_each(|row| tally.count(row));
        tally
    }

    /// The points for so many rows: the question's, split equally over the rows that can be marked. `None` where the sheet
    /// gives no points, or nothing can be marked.
    #[must_use]
    pub fn points_for(&self, rows: usize) -> Option<Rational> {
        let all = Integer::from(self.tally().rows);
        if all.is_zero() {
            return None;
        }
        self.points.as_ref().map(|points| points * Rational::new(Integer::from(rows), all))
    }
}

/// A person's file, marked.
#[derive(Debug, Clone)]
pub struct Paper {
    /// The name of the file.
    pub name: String,
    /// The title of the sheet.
    pub title: String,
    /// Questions in the order of the sheet.
    pub questions: Vec<MarkedQuestion>,
}

impl Paper {
    /// All rows by verdict.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        self.questions.iter().flat_map(|q| &q.rows).for_each(|row| tally.count(row));
        tally
    }

    /// Points earned by right rows, by right rows and those that follow, and to be had: over the questions that have
    /// points and rows that can be marked. `None` where there are none.
    #[must_use]
    pub fn points(&self) -> Option<(Rational, Rational, Rational)> {
        let mut sums: Option<(Rational, Rational, Rational)> = None;
        for question in &self.questions {
            let tally = question.tally();
            let of = |rows: usize| question.points_for(rows);
            let (Some(right), Some(followed), Some(all)) =
                (of(tally.right()), of(tally.right() + tally.follow), of(tally.rows))
            else {
                continue;
            };
            sums = Some(match sums {
                None => (right, followed, all),
                Some((a, b, c)) => (a + right, b + followed, c + all),
            });
        }
        sums
    }

    /// Whether every row that can be marked is right.
    #[must_use]
    pub fn is_all_right(&self) -> bool {
        let tally = self.tally();
        tally.right() == tally.rows
    }
}
