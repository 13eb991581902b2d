//! One value against another lives here: the same, right to the digits that were written, off in the last of them, or
//! another value. No row and no kind.

use std::cmp::Ordering;

use num_traits::{One, Signed, Zero};

use super::constant::power_of_ten;
use super::read::{Number, Written};
use crate::expr;
use crate::num::{Exact, Rational, Undecided, ratio};
use crate::report::Value;

/// Decimals to which numbers are compared where no form decides whether they are equal.
const AGREE: u32 = 100;
/// Decimals beyond which an enclosure grows no finer with them.
const MOST_PLACES: u32 = 2000;

/// How what was written stands to a value, best first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Agreement {
    /// The same value.
    Exact,
    /// The value rounded to so many decimals; negative ones stand before the point.
    Digits(i64),
    /// The same to so many decimals, and whether it is equal no form decides.
    Agrees(u32),
    /// It could not be told.
    Unknown(String),
    /// The last digit is one off; `true` where the rest was cut off and not rounded.
    Off(bool),
    /// Another value.
    Wrong,
}

impl Agreement {
    fn rank(&self) -> u8 {
        match self {
            Self::Exact => 0,
            Self::Digits(_) => 1,
            Self::Agrees(_) => 2,
            Self::Unknown(_) => 3,
            Self::Off(_) => 4,
            Self::Wrong => 5,
        }
    }

    /// Whether the value is what was written, as far as it was written.
    pub(super) fn is_right(&self) -> bool {
        matches!(self, Self::Exact | Self::Digits(_) | Self::Agrees(_))
    }
}

/// The agreement of a whole value: that of its worst entry, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Compared {
    /// The worst.
    pub agreement: Agreement,
    /// The place of the worst entry, counted from 1; empty for a single number.
    pub at: Vec<usize>,
    /// The fewest decimals that an entry is written with, where it is not exactly the value.
    pub places: Option<i64>,
    /// The values are not nested alike.
    pub misshapen: bool,
}

impl Compared {
    fn one(agreement: Agreement) -> Self {
        let places = if let Agreement::Digits(places) = agreement { Some(places) } else { None };
        Self { agreement, at: Vec::new(), places, misshapen: false }
    }

    fn misshapen() -> Self {
        Self { misshapen: true, ..Self::one(Agreement::Wrong) }
    }
}

/// Holds what was written against a value.
pub(super) fn compare(written: &Written, value: &Value) -> Compared {
    match (written, value) {
        (Written::Number(number), Value::Number(x)) => Compared::one(numbers(number, x)),
        (Written::Bool(a), Value::Bool(b)) => {
            Compared::one(if a == b { Agreement::Exact } else { Agreement::Wrong })
        }
        // Names are told apart by more than capitals, and a person may write CNN for cnn.
        (Written::Name(a), Value::Name(b)) => Compared::one(if a.to_lowercase() == b.to_lowercase() {
            Agreement::Exact
        } else {
            Agreement::Wrong
        }),
        (Written::Formula(a), Value::Formula(b)) => Compared::one(match expr::equal(a, b) {
            Ok(true) => Agreement::Exact,
            Ok(false) => Agreement::Wrong,
            Err(why) => Agreement::Unknown(why.reason),
        }),
        (Written::List(a), Value::List(b)) if a.len() == b.len() => {
            let mut worst = Compared::one(Agreement::Exact);
            for (i, (a, b)) in a.iter().zip(b).enumerate() {
                let mut entry = compare(a, b);
                let places = match (worst.places, entry.places) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
                if entry.misshapen {
                    return entry;
                }
                if entry.agreement.rank() > worst.agreement.rank() {
                    entry.at.insert(0, i + 1);
                    worst = entry;
                }
                worst.places = places;
            }
            worst
        }
        _ => Compared::misshapen(),
    }
}

/// Whether what was written is this value, as far as it was written; the first entry that is not ends it.
pub(super) fn is(written: &Written, value: &Value) -> bool {
    match (written, value) {
        (Written::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is(a, b)),
        _ => compare(written, value).agreement.is_right(),
    }
}

/// Holds a number against a value.
pub(super) fn numbers(number: &Number, value: &Exact) -> Agreement {
    let found = match number.places {
        Some(places) => decimal(&number.value, places, value),
        None => constant(&number.value, value),
    };
    found.unwrap_or_else(|why| Agreement::Unknown(why.reason))
}

fn constant(written: &Exact, value: &Exact) -> Result<Agreement, Undecided> {
    match written.equals(value) {
        Ok(true) => Ok(Agreement::Exact),
        Ok(false) => Ok(Agreement::Wrong),
        // Where enclosures do not come apart, as many decimals agree as they settle.
        Err(why) => {
            let bits = AGREE * 10 / 3 + 8;
            let (a, b) = (written.enclose(bits)?, value.enclose(bits)?);
            if a.is_apart_from(&b) {
                return Ok(Agreement::Wrong);
            }
            match a.join(&b).digits(AGREE) {
                0 => Err(why),
                digits => Ok(Agreement::Agrees(digits)),
            }
        }
    }
}

/// Whether a number whose last digit stands before the point says less than two digits: 0e9, 1e0, 4e2.
fn is_vague(written: &Rational, unit: &Rational, places: i64) -> bool {
    places <= 0 && written.abs() < unit * ratio(10, 1)
}

/// A decimal w with its last digit at 10⁻ᵖ: |w − x| against 0, half a unit, and one and a half.
fn decimal(written: &Exact, places: i64, value: &Exact) -> Result<Agreement, Undecided> {
    let too_long = || Undecided::because("more digits than are compared");
    let w = written.as_rational()?.ok_or_else(too_long)?;
    let unit = power_of_ten(places.checked_neg().ok_or_else(too_long)?).ok_or_else(too_long)?;
    if let Ok(Some(x)) = value.as_rational() {
        let apart = (&w - &x).abs();
        if apart.is_zero() {
            return Ok(Agreement::Exact);
        }
        // A whole number has no digits to round, and what is written of it is either it or not.
        if x.is_integer() || is_vague(&w, &unit, places) {
            return Ok(Agreement::Wrong);
        }
        let units = apart / &unit;
        // A value that has no more digits than were written is not rounded at all.
        let is_rounded = !(&x / &unit).is_integer();
        return Ok(if units <= ratio(1, 2) {
            Agreement::Digits(places)
        } else if is_rounded && units <= ratio(3, 2) {
            Agreement::Off(
                units < Rational::one() && w.abs() <= x.abs() && w.signum() * &x >= Rational::zero(),
            )
        } else {
            Agreement::Wrong
        });
    }
    if is_vague(&w, &unit, places) {
        return Ok(Agreement::Wrong);
    }
    // An enclosure far finer than the last digit tells nearly always, and costs less than a difference in closed form.
    let near = value.enclose(finer(places))?;
    let (lower, upper) = (near.lower(), near.upper());
    let within = |reach: Rational| -> Result<bool, Undecided> {
        let reach = reach * &unit;
        let (from, to) = (&w - &reach, &w + &reach);
        if upper < from || lower > to {
            return Ok(false);
        }
        if from < lower && upper < to {
            return Ok(true);
        }
        Ok(value.compare(&from.into())? != Ordering::Less && value.compare(&to.into())? != Ordering::Greater)
    };
    if within(ratio(1, 2))? {
        return Ok(Agreement::Digits(places));
    }
    if !within(ratio(3, 2))? {
        return Ok(Agreement::Wrong);
    }
    let positive = lower.is_positive() || value.compare(&Exact::zero())? == Ordering::Greater;
    let (from, to) = if positive { (w.clone(), &w + &unit) } else { (&w - &unit, w.clone()) };
    let same_side = if positive { !w.is_negative() } else { !w.is_positive() };
    let cut = same_side
        && value.compare(&from.into())? != Ordering::Less
        && value.compare(&to.into())? != Ordering::Greater;
    Ok(Agreement::Off(cut))
}

/// Bits that tell numbers apart that differ in the digit after so many places.
fn finer(places: i64) -> u32 {
    let places = u32::try_from(places).unwrap_or(0).min(MOST_PLACES);
    places.saturating_mul(10).checked_div(3).unwrap_or(0).saturating_add(32)
}
