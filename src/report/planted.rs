//! Wrong values are made here: a row's answer with one thing changed, whatever the kind of question. Whether evidence
//! refuses them is in `trial`; no kind's own mistakes.
//!
//! A value of few entries is changed in every way. Of a longer one, [`MOST_ENTRIES`] entries are changed (the first, the
//! last, and others at equal distances), and the largest; [`MOST_LISTS`] lists of it are rearranged, with [`MOST_PAIRS`]
//! swaps each. So a 64×64 matrix, which has some 20,000 changes, gets some sixty of them, always the same.

mod change;

use super::{Answer, Row, Value};
use crate::expr::{self, Expr};
use crate::num::Rational;
use change::{Alteration, Path, Rearrangement};
use num_traits::Signed;

/// Entries that are changed of a longer value, besides the largest.
pub const MOST_ENTRIES: usize = 12;
/// Lists that are rearranged of a value that has more: itself, and some of its rows.
pub const MOST_LISTS: usize = 4;
/// Pairs of entries that are swapped of a longer list.
pub const MOST_PAIRS: usize = 4;
/// Entries among which the largest is sought.
const MOST_WEIGHED: usize = 256;
/// Bits to which entries are enclosed to find the largest.
const WEIGHING_BITS: u32 = 64;

/// Which changes are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Every one, however many.
    Every,
    /// Those that the module's limits leave.
    Chosen,
}

/// What a wrong value stands in place of.
#[derive(Debug, Clone)]
pub enum Instead {
    /// The answer.
    Answer(Answer),
    /// The formula beside a number.
    Formula(Expr),
}

/// A wrong value, or one that turns out to be the right one.
#[derive(Debug, Clone)]
pub struct Planted {
    /// Where it was changed: `entry 2`, `row 1`; empty where as a whole.
    pub place: String,
    /// What was changed: `a thousandth more`.
    pub change: String,
    /// The value.
    pub instead: Instead,
    /// Whether it differs from the right one; `None` where that was not settled.
    pub differs: Option<bool>,
}

impl Planted {
    /// A value that has a name, in place of a row's answer.
    #[must_use]
    pub fn named(row: &Row, name: impl Into<String>, value: Value) -> Self {
        let differs = row.answer.value().map_or(Some(true), |right| right.same(&value).map(|same| !same));
        let instead = Instead::Answer(Answer::Value(value));
        Self { place: String::new(), change: name.into(), instead, differs }
    }

    /// Place and change in one: `entry 2: a thousandth more`.
    #[must_use]
    pub fn what(&self) -> String {
        if self.place.is_empty() { self.change.clone() } else { format!("{}: {}", self.place, self.change) }
    }

    /// The row as it would be; only what a judge looks at.
    #[must_use]
    pub fn row(&self, right: &Row) -> Row {
        let (answer, formula) = match &self.instead {
            Instead::Answer(answer) => (answer.clone(), right.formula.clone()),
            Instead::Formula(formula) => (right.answer.clone(), Some(formula.clone())),
        };
        let mut row = Row::new(right.id.clone(), right.label.clone(), Value::Bool(true));
        row.answer = answer;
        row.formula = formula;
        row
    }
}

/// A change of a row, before it is made: long values are copied only when it is.
#[derive(Debug, Clone)]
pub struct Change(How);

#[derive(Debug, Clone)]
enum How {
    Entry(Path, Alteration),
    List(Path, Rearrangement),
    Transposed,
    EverySign,
    /// There is said to be none.
    NoValue,
    /// A value where there is none.
    Unasked(Value),
    /// The formula beside the number.
    Beside(Alteration),
}

impl Change {
    /// The changed row; `None` where the change does not apply to it.
    #[must_use]
    pub fn make(&self, row: &Row) -> Option<Planted> {
        let answer = |place: String, change: String, value: Value, differs: Option<bool>| Planted {
            place,
            change,
            instead: Instead::Answer(Answer::Value(value)),
            differs,
        };
        match &self.0 {
            How::Entry(path, alteration) => {
                let old = path.node(row.answer.value()?)?;
                let new = alteration.of(old)?;
                let differs = old.same(&new).map(|same| !same);
                let value = path.replaced(row.answer.value()?, new)?;
                Some(answer(path.of_entry(), alteration.name().to_owned(), value, differs))
            }
            How::List(path, rearrangement) => {
                let Value::List(old) = path.node(row.answer.value()?)? else { return None };
                let (new, differs) = rearrangement.of(old)?;
                let value = path.replaced(row.answer.value()?, Value::List(new))?;
                Some(answer(path.of_list(), rearrangement.name(), value, differs))
            }
            How::Transposed => {
                let old = row.answer.value()?;
                let new = old.transposed()?;
                let differs = old.same(&new).map(|same| !same);
                Some(answer(String::new(), "transposed".to_owned(), new, differs))
            }
            How::EverySign => {
                let old = row.answer.value()?;
                let new = old.negated()?;
                let differs = old.same(&new).map(|same| !same);
                Some(answer(String::new(), "every sign".to_owned(), new, differs))
            }
            How::NoValue => Some(Planted {
                place: String::new(),
                change: "that there is none".to_owned(),
                instead: Instead::Answer(Answer::absent("planted")),
                differs: Some(true),
            }),
            How::Unasked(value) => Some(answer(
                String::new(),
                "a value where there is none".to_owned(),
                value.clone(),
                Some(true),
            )),
            How::Beside(alteration) => {
                let old = row.formula.clone()?;
                let Value::Formula(new) = alteration.of(&Value::Formula(old.clone()))? else { return None };
                Some(Planted {
                    place: "the formula beside it".to_owned(),
                    change: alteration.name().to_owned(),
                    differs: expr::equal(&old, &new).ok().map(|same| !same),
                    instead: Instead::Formula(new),
                })
            }
        }
    }
}

/// The changes of a row; none where it did not run or was not settled.
#[must_use]
pub fn changes(row: &Row, extent: Extent) -> Vec<Change> {
    let mut all = match &row.answer {
        Answer::Value(value) => {
            let mut all = of_value(value, extent);
            all.push(How::NoValue);
            all
        }
        Answer::Absent { .. } => {
            [Value::integer(0), Value::integer(1), Value::Bool(false), Value::List(Vec::new())]
                .map(How::Unasked)
                .to_vec()
        }
        Answer::Undecided { .. } | Answer::NotRun { .. } => return Vec::new(),
    };
    all.extend(beside(row).iter().map(|a| How::Beside(*a)));
    all.into_iter().map(Change).collect()
}

/// How many changes a row has with [`Extent::Every`], without listing them.
#[must_use]
pub fn how_many(row: &Row) -> usize {
    let answer = match &row.answer {
        Answer::Value(value) => 1 + in_lists(value) + whole(value).len(),
        Answer::Absent { .. } => 4,
        Answer::Undecided { .. } | Answer::NotRun { .. } => return 0,
    };
    answer + beside(row).len()
}

/// At most `most` of the numbers below `n`, at equal distances, the first and the last among them.
#[must_use]
pub fn spread(n: usize, most: usize) -> Vec<usize> {
    match (n, most) {
        (0, _) | (_, 0) => Vec::new(),
        (_, 1) => vec![0],
        _ if n <= most => (0..n).collect(),
        // n > most ≥ 2
        _ => (0..most)
            .map(|i| i.saturating_mul(n.saturating_sub(1)).checked_div(most.saturating_sub(1)).unwrap_or(0))
            .collect(),
    }
}

fn beside(row: &Row) -> &'static [Alteration] {
    match (&row.answer, &row.formula) {
        // A row that is a formula is changed as an answer.
        (Answer::Value(Value::Formula(_)), _) => &[],
        (Answer::Value(_), Some(_)) => Alteration::OF_FORMULA,
        _ => &[],
    }
}

fn of_value(value: &Value, extent: Extent) -> Vec<How> {
    let mut all = Vec::new();
    for path in chosen_entries(value, extent) {
        if let Some(entry) = path.node(value) {
            all.extend(Alteration::which(entry).iter().map(|a| How::Entry(path.clone(), *a)));
        }
    }
    let mut lists = Vec::new();
    Path::lists(value, &mut lists);
    let most = if extent == Extent::Every { lists.len() } else { MOST_LISTS };
    for path in spread(lists.len(), most).into_iter().filter_map(|i| lists.get(i)) {
        let Some(Value::List(items)) = path.node(value) else { continue };
        let rearrangements = Rearrangement::which(items.len(), extent);
        all.extend(rearrangements.into_iter().map(|r| How::List(path.clone(), r)));
    }
    all.extend(whole(value));
    all
}

/// Changes of a list as a whole.
fn whole(value: &Value) -> Vec<How> {
    let mut all = Vec::new();
    let Value::List(items) = value else { return all };
    if matches!(items.first(), Some(Value::List(_))) {
        all.push(How::Transposed);
    }
    if !items.is_empty() {
        all.push(How::EverySign);
    }
    all
}

fn chosen_entries(value: &Value, extent: Extent) -> Vec<Path> {
    let n = value.entries();
    let most = if extent == Extent::Every { n } else { MOST_ENTRIES };
    let mut chosen = spread(n, most);
    if n > most {
        chosen.extend(largest(value, n).filter(|i| !chosen.contains(i)));
    }
    chosen.into_iter().filter_map(|i| Path::of_nth(value, i)).collect()
}

/// The position of the largest number in size, among [`MOST_WEIGHED`] at equal distances.
fn largest(value: &Value, n: usize) -> Option<usize> {
    let size = |i: usize| -> Option<Rational> {
        let Value::Number(x) = Path::of_nth(value, i)?.node(value)?.clone() else { return None };
        let i = x.enclose(WEIGHING_BITS).ok()?;
        Some(i.lower().abs().max(i.upper().abs()))
    };
    let sized = spread(n, MOST_WEIGHED).into_iter().filter_map(|i| Some((i, size(i)?)));
    sized.reduce(|most, next| if next.1 > most.1 { next } else { most }).map(|(i, _)| i)
}

/// Changes of entries and lists inside a value, counted.
fn in_lists(value: &Value) -> usize {
    match value {
        Value::List(items) => {
            let own = Rearrangement::which(items.len(), Extent::Every).len();
            own + items.iter().map(in_lists).sum::<usize>()
        }
        entry => Alteration::which(entry).len(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn matrix(n: i64) -> Row {
        let row = |i: i64| Value::List((0..n).map(|j| Value::integer(i * n + j)).collect());
        Row::new("W", "W", Value::List((0..n).map(row).collect()))
    }

    #[test]
    fn a_long_value_gets_few_changes_and_they_are_counted() {
        let small = matrix(2);
        // 4 entries thrice; the matrix and its rows, 1 swap and 2 lengths each; transposed, signs, none.
        assert_eq!(changes(&small, Extent::Every).len(), 12 + 9 + 3);
        assert_eq!(how_many(&small), 24);
        assert_eq!(changes(&small, Extent::Chosen).len(), 24);
        let large = matrix(64);
        assert_eq!(how_many(&large), changes(&large, Extent::Every).len());
        assert!(how_many(&large) > 20_000);
        assert_eq!(changes(&large, Extent::Chosen).len(), 63);
        assert_eq!(how_many(&matrix(0)), changes(&matrix(0), Extent::Every).len());
    }

    #[test]
    fn the_largest_entry_is_among_the_chosen() {
        let mut numbers: Vec<Value> = (0..100).map(Value::integer).collect();
        if let Some(slot) = numbers.get_mut(41) {
            *slot = Value::integer(-1000);
        }
        let row = Row::new("v", "v", Value::List(numbers));
        let made: Vec<String> = changes(&row, Extent::Chosen)
            .iter()
            .filter_map(|c| c.make(&row))
            .map(|planted| planted.what())
            .collect();
        for name in ["entry 1: one more", "entry 42: the sign", "entry 100: a thousandth more"] {
            assert!(made.iter().any(|what| what == name), "{name} is not in {made:?}");
        }
    }

    #[test]
    fn what_is_said_to_differ_does() {
        for row in [matrix(3), Row::new("k", "k", Value::integer(0))] {
            for planted in changes(&row, Extent::Every).iter().filter_map(|c| c.make(&row)) {
                let Instead::Answer(Answer::Value(value)) = &planted.instead else { continue };
                let right = row.answer.value().unwrap();
                assert_eq!(planted.differs, right.same(value).map(|s| !s), "{}", planted.what());
            }
        }
    }

    #[test]
    fn positions_are_spread_from_the_first_to_the_last() {
        assert_eq!(spread(3, 4), [0, 1, 2]);
        assert_eq!(spread(10, 4), [0, 3, 6, 9]);
        assert_eq!((spread(5, 1), spread(0, 4)), (vec![0], vec![]));
    }
}
