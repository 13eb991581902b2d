//! Single changes of a value live here: an entry altered, a list rearranged, and where in a value they are made.

use super::{Extent, MOST_PAIRS, spread};
use crate::expr::Expr;
use crate::num::{Exact, ratio};
use crate::report::Value;

/// Where something stands in a value: positions from the outermost list inward.
#[derive(Debug, Clone)]
pub(super) struct Path(Vec<usize>);

impl Path {
    /// The n-th entry, in the order in which entries are written.
    pub(super) fn of_nth(value: &Value, n: usize) -> Option<Self> {
        let (mut at, mut left, mut path) = (value, n, Vec::new());
        while let Value::List(items) = at {
            let mut found = None;
            for (i, item) in items.iter().enumerate() {
                let inside = item.entries();
                if left < inside {
                    found = Some((i, item));
                    break;
                }
                left -= inside;
            }
            let (i, item) = found?;
            path.push(i);
            at = item;
        }
        (left == 0).then_some(Self(path))
    }

    /// The lists of a value, outermost first.
    pub(super) fn lists(value: &Value, found: &mut Vec<Self>) {
        fn inside(value: &Value, path: &mut Vec<usize>, found: &mut Vec<Path>) {
            let Value::List(items) = value else { return };
            found.push(Path(path.clone()));
            for (i, item) in items.iter().enumerate() {
                path.push(i);
                inside(item, path, found);
                path.pop();
            }
        }
        inside(value, &mut Vec::new(), found);
    }

    /// What stands there.
    pub(super) fn node<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(value, |at, i| if let Value::List(items) = at { items.get(*i) } else { None })
    }

    /// The value with something else there.
    pub(super) fn replaced(&self, value: &Value, new: Value) -> Option<Value> {
        let mut whole = value.clone();
        let mut at = &mut whole;
        for i in &self.0 {
            let Value::List(items) = at else { return None };
            at = items.get_mut(*i)?;
        }
        *at = new;
        Some(whole)
    }

    /// `entry 2`, `entry (1, 2)`; empty for the value itself.
    pub(super) fn of_entry(&self) -> String {
        self.named("entry")
    }

    /// `row 2`; empty for the value itself.
    pub(super) fn of_list(&self) -> String {
        self.named("row")
    }

    fn named(&self, word: &str) -> String {
        let numbers: Vec<String> = self.0.iter().map(|i| (i + 1).to_string()).collect();
        match numbers.as_slice() {
            [] => String::new(),
            [one] => format!("{word} {one}"),
            many => format!("{word} ({})", many.join(", ")),
        }
    }
}

/// A change of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alteration {
    Thousandth,
    OneMore,
    Sign,
    Opposite,
    Twice,
}

impl Alteration {
    pub(super) const OF_FORMULA: &'static [Self] = &[Self::OneMore, Self::Sign, Self::Twice];

    /// Those of an entry.
    pub(super) fn which(entry: &Value) -> &'static [Self] {
        match entry {
            Value::Number(_) => &[Self::Thousandth, Self::OneMore, Self::Sign],
            Value::Formula(_) => Self::OF_FORMULA,
            Value::Bool(_) => &[Self::Opposite],
            // Wrong names are among the mistakes that their kind knows.
            Value::List(_) | Value::Name(_) => &[],
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Thousandth => "a thousandth more",
            Self::OneMore => "one more",
            Self::Sign => "the sign",
            Self::Opposite => "the opposite",
            Self::Twice => "twice as much",
        }
    }

    pub(super) fn of(self, entry: &Value) -> Option<Value> {
        Some(match (self, entry) {
            // Nothing is a thousandth of zero.
            (Self::Thousandth, Value::Number(x)) if x.is_zero() == Ok(true) => ratio(1, 1000).into(),
            (Self::Thousandth, Value::Number(x)) => x.scale(&ratio(1001, 1000)).into(),
            (Self::OneMore, Value::Number(x)) => x.add(&Exact::one()).into(),
            (Self::Sign, Value::Number(x)) => x.neg().into(),
            (Self::Twice, Value::Number(x)) => x.scale(&ratio(2, 1)).into(),
            (Self::OneMore, Value::Formula(f)) => Expr::sum([f.clone(), Expr::integer(1)]).into(),
            (Self::Sign, Value::Formula(f)) => f.negate().into(),
            (Self::Twice, Value::Formula(f)) => Expr::product([Expr::integer(2), f.clone()]).into(),
            (Self::Opposite, Value::Bool(b)) => (!b).into(),
            _ => return None,
        })
    }
}

/// A change of a list's order or length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rearrangement {
    Swapped(usize, usize),
    LastMissing,
    LastTwice,
    OneTooMany,
}

impl Rearrangement {
    /// Those of a list: neighbours swapped, and each with the last.
    pub(super) fn which(length: usize, extent: Extent) -> Vec<Self> {
        let Some(last) = length.checked_sub(1) else { return vec![Self::OneTooMany] };
        let with_last = last.saturating_sub(1);
        // Neighbours first, then pairs with the last that are not neighbours.
        let pair = |i: usize| if i < last { (i, i + 1) } else { (i - last, last) };
        let pairs = last + with_last;
        let most = if extent == Extent::Every { pairs } else { MOST_PAIRS };
        let mut all: Vec<Self> = spread(pairs, most)
            .into_iter()
            .map(|i| {
                let (i, j) = pair(i);
                Self::Swapped(i, j)
            })
            .collect();
        all.extend([Self::LastMissing, Self::LastTwice]);
        all
    }

    pub(super) fn name(self) -> String {
        match self {
            Self::Swapped(i, j) => format!("entries {} and {} swapped", i + 1, j + 1),
            Self::LastMissing => "the last entry missing".to_owned(),
            Self::LastTwice => "the last entry twice".to_owned(),
            Self::OneTooMany => "an entry too many".to_owned(),
        }
    }

    /// The rearranged list, and whether it differs.
    pub(super) fn of(self, items: &[Value]) -> Option<(Vec<Value>, Option<bool>)> {
        let mut list = items.to_vec();
        let differs = match self {
            Self::Swapped(i, j) => {
                let differs = items.get(i)?.same(items.get(j)?).map(|same| !same);
                list.swap(i, j);
                differs
            }
            Self::LastMissing => {
                list.pop()?;
                Some(true)
            }
            Self::LastTwice => {
                list.push(items.last()?.clone());
                Some(true)
            }
            Self::OneTooMany => {
                list.push(Value::integer(1));
                Some(true)
            }
        };
        Some((list, differs))
    }
}
