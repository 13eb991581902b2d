//! What can be said of values and done with them, whatever they answer, lives here; no row and no evidence.

use super::Value;
use crate::expr;

impl Value {
    /// Entries at all depths: what comparing it takes.
    #[must_use]
    pub fn entries(&self) -> usize {
        match self {
            Self::List(items) => items.iter().map(Self::entries).sum(),
            _ => 1,
        }
    }

    /// Whether it is the same as another; `None` where that was not settled.
    #[must_use]
    pub fn same(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => Some(a == b),
            (Self::Name(a), Self::Name(b)) => Some(a == b),
            (Self::Number(a), Self::Number(b)) => a.equals(b).ok(),
            (Self::Formula(a), Self::Formula(b)) => expr::equal(a, b).ok(),
            (Self::List(a), Self::List(b)) if a.len() == b.len() => {
                let mut all = Some(true);
                for (a, b) in a.iter().zip(b) {
                    match a.same(b) {
                        Some(false) => return Some(false),
                        Some(true) => {}
                        None => all = None,
                    }
                }
                all
            }
            _ => Some(false),
        }
    }

    /// Every number and formula with the other sign; `None` where yes or no is among them.
    #[must_use]
    pub fn negated(&self) -> Option<Self> {
        match self {
            Self::Number(x) => Some(x.neg().into()),
            Self::Formula(e) => Some(e.negate().into()),
            Self::List(items) => items.iter().map(Self::negated).collect::<Option<_>>().map(Self::List),
            Self::Bool(_) | Self::Name(_) => None,
        }
    }

    /// The transpose of a list of rows of one length; `None` of anything else.
    #[must_use]
    pub fn transposed(&self) -> Option<Self> {
        let Self::List(rows) = self else { return None };
        let rows: Vec<&Vec<Self>> =
            rows.iter().map(|r| if let Self::List(r) = r { Some(r) } else { None }).collect::<Option<_>>()?;
        let width = rows.first()?.len();
        if rows.iter().any(|r| r.len() != width) {
            return None;
        }
        let column =
            |j: usize| rows.iter().map(|r| r.get(j).cloned()).collect::<Option<Vec<_>>>().map(Self::List);
        (0..width).map(column).collect::<Option<Vec<_>>>().map(Self::List)
    }
}
