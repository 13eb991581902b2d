//! Exponents of e live here: a linear form in the variables plus a rational constant.

use std::cmp::Ordering;
use std::sync::Arc;

use num_traits::{Signed, Zero};

use super::limits::{Budget, Exhausted, bits, compare};
use super::monomial::{Name, paired};
use crate::num::Rational;

/// An affine form l(x) + q that is not zero; zero is `None` of [`Exponent`].
///
/// Ordered lexicographically by coefficients along the names, the constant last; the order is kept by addition.
#[derive(Debug, Clone)]
pub(crate) struct Affine {
    /// Names in alphabetical order with coefficients that are not zero.
    linear: Vec<(Name, Rational)>,
    constant: Rational,
}

/// An exponent of e; `None` is zero, which nearly all terms have.
pub(crate) type Exponent = Option<Arc<Affine>>;

impl Affine {
    /// From names in alphabetical order; `None` if everything is zero.
    pub(crate) fn exponent(
        linear: impl IntoIterator<Item = (Name, Rational)>,
        constant: Rational,
    ) -> Exponent {
        let linear: Vec<_> = linear.into_iter().filter(|(_, c)| !c.is_zero()).collect();
        (!linear.is_empty() || !constant.is_zero()).then(|| Arc::new(Self { linear, constant }))
    }

    pub(crate) fn linear(&self) -> &[(Name, Rational)] {
        &self.linear
    }

    pub(crate) fn constant(&self) -> &Rational {
        &self.constant
    }

    fn bits(&self) -> u64 {
        self.linear.iter().fold(bits(&self.constant), |sum, (_, c)| sum.saturating_add(bits(c)))
    }

    fn order(&self, other: &Self) -> Ordering {
        let zero = Rational::zero();
        paired(&self.linear, &other.linear)
            .map(|(_, a, b)| compare(a.unwrap_or(&zero), b.unwrap_or(&zero)))
            .find(|o| o.is_ne())
            .unwrap_or_else(|| compare(&self.constant, &other.constant))
    }

    /// The order of this form to zero.
    fn order_to_zero(&self) -> Ordering {
        let leading = self.linear.first().map_or(&self.constant, |(_, c)| c);
        if leading.is_negative() { Ordering::Less } else { Ordering::Greater }
    }
}

/// The order of two exponents.
pub(crate) fn compare_exponents(a: &Exponent, b: &Exponent) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (Some(a), None) => a.order_to_zero(),
        (None, Some(b)) => b.order_to_zero().reverse(),
        (Some(a), Some(b)) if Arc::ptr_eq(a, b) => Ordering::Equal,
        (Some(a), Some(b)) => a.order(b),
    }
}

/// a + factor·b
pub(crate) fn add_scaled(
    a: &Exponent,
    b: &Exponent,
    factor: &Rational,
    budget: &mut Budget,
) -> Result<Exponent, Exhausted> {
    let Some(b) = b else { return Ok(a.clone()) };
    budget.spend_bits(
        b.bits().saturating_add(bits(factor)).saturating_add(a.as_ref().map_or(0, |a| a.bits())),
    )?;
    let empty = Affine { linear: Vec::new(), constant: Rational::zero() };
    let a = a.as_deref().unwrap_or(&empty);
    budget.spend(u64::try_from(a.linear.len().saturating_add(b.linear.len())).unwrap_or(u64::MAX))?;
    let linear = paired(&a.linear, &b.linear).map(|(name, x, y)| {
        let scaled = y.map_or_else(Rational::zero, |y| y * factor);
        (name.clone(), x.map_or(scaled.clone(), |x| x + scaled))
    });
    Ok(Affine::exponent(linear, &a.constant + &b.constant * factor))
}
