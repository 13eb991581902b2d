//! Sums of terms c·x^a·e^{l(x)+q} with integer coefficients live here; quotients of them are in `normal.rs`.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use num_integer::Integer as _;
use num_traits::{One, Signed, Zero};

use super::affine::{Exponent, add_scaled, compare_exponents};
use super::limits::{Budget, MAX_TERMS};
use super::monomial::Monomial;
use crate::num::{Integer, Rational, Undecided};

/// What a coefficient stands before: x^a·e^{l(x)+q}.
///
/// The order is kept by multiplication with a fixed key, so the least term of a sum stays the least.
#[derive(Debug, Clone, Default)]
pub(crate) struct Key {
    pub(crate) monomial: Monomial,
    pub(crate) exponent: Exponent,
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        self.monomial.cmp(&other.monomial).then_with(|| compare_exponents(&self.exponent, &other.exponent))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Key {}

impl Key {
    fn times(&self, other: &Self, budget: &mut Budget) -> Result<Self, Undecided> {
        budget.spend((self.monomial.len() + other.monomial.len()) / 8)?;
        let monomial = self.monomial.times(&other.monomial).ok_or_else(exponent_too_large)?;
        Ok(Self {
            monomial,
            exponent: add_scaled(&self.exponent, &other.exponent, &Rational::one(), budget)?,
        })
    }
}

/// A sum of terms; no coefficient is zero.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Form {
    pub(crate) terms: BTreeMap<Key, Integer>,
}

pub(crate) fn exponent_too_large() -> Undecided {
    Undecided::because("an exponent does not fit 32 bits (the limit on exponents)")
}

impl Form {
    pub(crate) fn term(key: Key, coefficient: Integer) -> Self {
        let mut form = Self::default();
        if !coefficient.is_zero() {
            form.terms.insert(key, coefficient);
        }
        form
    }

    /// Adds one term.
    pub(crate) fn add(
        &mut self,
        key: Key,
        coefficient: Integer,
        budget: &mut Budget,
    ) -> Result<(), Undecided> {
        budget.spend_bits(coefficient.bits())?;
        match self.terms.entry(key) {
            std::collections::btree_map::Entry::Vacant(place) => {
                if !coefficient.is_zero() {
                    place.insert(coefficient);
                }
            }
            std::collections::btree_map::Entry::Occupied(mut place) => {
                *place.get_mut() += coefficient;
                if place.get().is_zero() {
                    place.remove();
                }
            }
        }
        if self.terms.len() > MAX_TERMS {
            return Err(Undecided::because(format!(
                "a sum of the normal form has more than {MAX_TERMS} terms (the limit)"
            )));
        }
        Ok(())
    }

    /// The product, term by term.
    pub(crate) fn times(&self, other: &Self, budget: &mut Budget) -> Result<Self, Undecided> {
        let mut product = Self::default();
        for (key, c) in &self.terms {
            for (other_key, d) in &other.terms {
                product.add(key.times(other_key, budget)?, c * d, budget)?;
            }
        }
        Ok(product)
    }

    /// The power, by repeated multiplication: for sums of several variables that is cheaper than by squares.
    pub(crate) fn pow(&self, exponent: u32, budget: &mut Budget) -> Result<Self, Undecided> {
        let mut power = Self::term(Key::default(), Integer::one());
        for _ in 0..exponent {
            power = power.times(self, budget)?;
        }
        Ok(power)
    }

    /// Takes out what all terms share: coefficient·key, so that what stays has content 1, no common monomial, a
    /// positive least coefficient, and e⁰ in its least term. `None` for the empty sum.
    pub(crate) fn primitive(self, budget: &mut Budget) -> Result<Option<(Integer, Key, Self)>, Undecided> {
        let Some((least, lead)) = self.terms.first_key_value() else { return Ok(None) };
        let mut content = Integer::zero();
        let mut monomial = least.monomial.clone();
        for (key, c) in &self.terms {
            if !content.is_one() {
                budget.spend_bits(content.bits().saturating_add(c.bits()))?;
                content = content.gcd(c);
            }
            if !monomial.is_one() {
                budget.spend(monomial.len())?;
                monomial = monomial.common(&key.monomial);
            }
        }
        if lead.is_negative() {
            content = -content;
        }
        let unit = Key { monomial, exponent: least.exponent.clone() };
        if content.is_one() && unit.monomial.is_one() && unit.exponent.is_none() {
            return Ok(Some((content, unit, self)));
        }
        let minus_one = -Rational::one();
        let mut terms = BTreeMap::new();
        for (key, c) in self.terms {
            let exponent = add_scaled(&key.exponent, &unit.exponent, &minus_one, budget)?;
            terms.insert(Key { monomial: key.monomial.divided(&unit.monomial), exponent }, c / &content);
        }
        Ok(Some((content, unit, Self { terms })))
    }
}
