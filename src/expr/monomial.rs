//! Monomials live here: products of variables with non-negative integer exponents.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A variable's name, shared by all terms that hold it.
pub(crate) type Name = Arc<str>;

/// A product of powers of variables, such as `x1²·x2`; the empty one is 1.
///
/// Ordered lexicographically by exponents along the names in alphabetical order. The order is kept by
/// multiplication: a < b gives a·c < b·c.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Monomial {
    /// Names in alphabetical order, each with an exponent of one or more.
    powers: Vec<(Name, u32)>,
}

impl Monomial {
    /// The monomial 1.
    #[must_use]
    pub fn one() -> Self {
        Self::default()
    }

    /// The product of the names given, each as often as it appears: `["x", "x", "y"]` is x²·y.
    #[must_use]
    pub fn product<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        let mut counts: BTreeMap<Name, u32> = BTreeMap::new();
        for name in names {
            let count = counts.entry(Name::from(name.as_ref())).or_default();
            *count = count.saturating_add(1);
        }
        Self { powers: counts.into_iter().collect() }
    }

    /// From names in alphabetical order; zero exponents are left out.
    pub(crate) fn from_sorted(powers: impl IntoIterator<Item = (Name, u32)>) -> Self {
        Self { powers: powers.into_iter().filter(|(_, n)| *n > 0).collect() }
    }

    /// The exponent of a variable, zero where it does not appear.
    #[must_use]
    pub fn exponent(&self, name: &str) -> u32 {
        match self.powers.binary_search_by(|(n, _)| (**n).cmp(name)) {
            Ok(i) => self.powers.get(i).map_or(0, |p| p.1),
            Err(_) => 0,
        }
    }

    /// The sum of all exponents.
    #[must_use]
    pub fn degree(&self) -> u32 {
        self.powers.iter().fold(0, |sum, (_, n)| sum.saturating_add(*n))
    }

    /// Whether this is the monomial 1.
    #[must_use]
    pub fn is_one(&self) -> bool {
        self.powers.is_empty()
    }

    /// The variables with their exponents, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u32)> {
        self.powers.iter().map(|(name, n)| (&**name, *n))
    }

    /// How many variables appear.
    pub(crate) fn len(&self) -> u64 {
        u64::try_from(self.powers.len()).unwrap_or(u64::MAX)
    }

    pub(crate) fn powers(&self) -> &[(Name, u32)] {
        &self.powers
    }

    /// The product of both, or `None` where an exponent leaves 32 bits.
    pub(crate) fn times(&self, other: &Self) -> Option<Self> {
        if other.is_one() {
            return Some(self.clone());
        }
        let mut powers = Vec::with_capacity(self.powers.len() + other.powers.len());
        for (name, a, b) in paired(&self.powers, &other.powers) {
            powers.push((name.clone(), a.unwrap_or(&0).checked_add(*b.unwrap_or(&0))?));
        }
        Some(Self { powers })
    }

    /// The quotient by a monomial that divides this one; exponents that would turn negative are left at zero.
    pub(crate) fn divided(&self, divisor: &Self) -> Self {
        let less = |(name, n): &(Name, u32)| (name.clone(), n.saturating_sub(divisor.exponent(name)));
        Self::from_sorted(self.powers.iter().map(less))
    }

    /// The greatest common divisor of both.
    pub(crate) fn common(&self, other: &Self) -> Self {
        let least = |(name, n): &(Name, u32)| (name.clone(), (*n).min(other.exponent(name)));
        Self::from_sorted(self.powers.iter().map(least))
    }
}

impl Ord for Monomial {
    fn cmp(&self, other: &Self) -> Ordering {
        paired(&self.powers, &other.powers)
            .map(|(_, a, b)| a.unwrap_or(&0).cmp(b.unwrap_or(&0)))
            .find(|o| o.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

impl PartialOrd for Monomial {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Two lists that are sorted by name, side by side: every name once, with the value of each list where it has one.
pub(crate) fn paired<'a, T>(
    a: &'a [(Name, T)],
    b: &'a [(Name, T)],
) -> impl Iterator<Item = (&'a Name, Option<&'a T>, Option<&'a T>)> {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    std::iter::from_fn(move || {
        let order = match (a.peek(), b.peek()) {
            (None, None) => return None,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((x, _)), Some((y, _))) => x.cmp(y),
        };
        let left = order.is_le().then(|| a.next()).flatten();
        let right = order.is_ge().then(|| b.next()).flatten();
        let name = left.or(right).map(|(name, _)| name)?;
        Some((name, left.map(|l| &l.1), right.map(|r| &r.1)))
    })
}
