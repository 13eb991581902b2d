//! The one type of exact numbers lives here; its forms have files of their own, its decimals too.
//!
//! # Forms
//!
//! | form | written | equality |
//! | --- | --- | --- |
//! | rational | p/q | decided |
//! | exponential sums | N/S, sums of c·e^q | decided (Lindemann–Weierstrass) |
//! | logarithms | c + Σ n·ln u | decided under a limit on terms |
//! | algebraic | a polynomial and an isolating interval | decided |
//! | real | how it is computed | only "different" is decided |
//!
//! # Invariant
//!
//! A number that is rational is held as a rational wherever that could be told, so forms compare cheaply. The form is
//! private; every constructor keeps the invariant.

use std::cmp::Ordering;

use num_bigint::Sign;
use num_traits::{One, Signed, Zero};

use super::algebraic::Algebraic;
use super::exp_sum::ExpSum;
use super::logarithm::LogSum;
use super::quotient::{Denominator, ExpQuotient};
use super::real::Real;
use super::{Integer, Interval, Rational, Undecided};

/// Bits to which two numbers without a deciding form are compared before the question is left undecided.
const COMPARE_BITS: u32 = 4096;

/// An exact number.
#[derive(Debug, Clone)]
pub struct Exact(Form);

/// The form of an exact number, for printers.
#[derive(Debug, Clone)]
pub enum Form {
    /// A rational.
    Rational(Rational),
    /// A quotient of exponential sums that is not rational.
    Quotient(ExpQuotient),
    /// A rational and logarithms.
    Log(LogSum),
    /// A real root of a polynomial with whole coefficients.
    Algebraic(Algebraic),
    /// A number known by its enclosures only.
    Real(Real),
}

impl From<Rational> for Exact {
    fn from(value: Rational) -> Self {
        Self(Form::Rational(value))
    }
}

impl From<Integer> for Exact {
    fn from(value: Integer) -> Self {
        Self(Form::Rational(Rational::from_integer(value)))
    }
}

impl From<ExpQuotient> for Exact {
    fn from(value: ExpQuotient) -> Self {
        match value.as_rational() {
            Some(r) => Self(Form::Rational(r)),
            None => Self(Form::Quotient(value)),
        }
    }
}

impl From<LogSum> for Exact {
    fn from(value: LogSum) -> Self {
        // Undecided here is no loss: the form stays, and the question comes back when somebody asks.
        match value.as_rational() {
            Ok(Some(r)) => Self(Form::Rational(r)),
            Ok(None) => Self(Form::Log(value.known_irrational())),
            Err(_) => Self(Form::Log(value)),
        }
    }
}

impl From<Algebraic> for Exact {
    fn from(value: Algebraic) -> Self {
        Self(Form::Algebraic(value))
    }
}

impl From<Real> for Exact {
    fn from(value: Real) -> Self {
        Self(Form::Real(value))
    }
}

impl Exact {
    /// Zero.
    #[must_use]
    pub fn zero() -> Self {
        Rational::zero().into()
    }

    /// One.
    #[must_use]
    pub fn one() -> Self {
        Rational::one().into()
    }

    /// A whole number.
    #[must_use]
    pub fn integer(n: impl Into<Integer>) -> Self {
        n.into().into()
    }

    /// e^q for a rational q.
    #[must_use]
    pub fn exp(q: &Rational) -> Self {
        ExpQuotient::over(ExpSum::term(Rational::one(), q.clone()), Denominator::one()).into()
    }

    /// The natural logarithm; `None` where the number is not positive.
    ///
    /// # Errors
    /// [`Undecided`] where the sign is.
    pub fn ln(&self) -> Result<Option<Self>, Undecided> {
        match &self.0 {
            Form::Rational(r) => {
                let u = ExpQuotient::over(ExpSum::rational(r.clone()), Denominator::one());
                Ok(LogSum::ln(&u)?.map(Self::from))
            }
            Form::Quotient(u) => Ok(LogSum::ln(u)?.map(Self::from)),
            _ => Ok((self.sign()? == Sign::Plus).then(|| Real::ln(Real::exact(self.clone())).into())),
        }
    }

    /// The form.
    #[must_use]
    pub fn form(&self) -> &Form {
        &self.0
    }

    /// The tree of operations, where the number has no other form.
    #[must_use]
    pub fn as_real(&self) -> Option<&Real> {
        match &self.0 {
            Form::Real(real) => Some(real),
            _ => None,
        }
    }

    /// The rational that this is, `None` if it is irrational.
    ///
    /// # Errors
    /// [`Undecided`] where neither can be told.
    pub fn as_rational(&self) -> Result<Option<Rational>, Undecided> {
        match &self.0 {
            Form::Rational(r) => Ok(Some(r.clone())),
            // The constructor took rational quotients out; the isolating interval holds no rational root.
            Form::Quotient(_) | Form::Algebraic(_) => Ok(None),
            Form::Log(l) => l.as_rational(),
            Form::Real(_) => Err(Undecided::because("whether this number is rational cannot be told")),
        }
    }

    /// Whether the number is zero.
    ///
    /// # Errors
    /// [`Undecided`] where that cannot be told.
    pub fn is_zero(&self) -> Result<bool, Undecided> {
        match &self.0 {
            Form::Rational(r) => Ok(r.is_zero()),
            Form::Quotient(_) | Form::Algebraic(_) => Ok(false),
            Form::Log(l) => Ok(l.as_rational()?.is_some_and(|r| r.is_zero())),
            Form::Real(_) => match self.sign_by_enclosure()? {
                Some(_) => Ok(false),
                None => {
                    Err(Undecided::because(format!("zero or not: not told apart by {COMPARE_BITS} bits")))
                }
            },
        }
    }

    fn sign_by_enclosure(&self) -> Result<Option<Sign>, Undecided> {
        let mut bits = 64;
        while bits <= COMPARE_BITS {
            if let Some(sign) = self.enclose(bits)?.sign() {
                return Ok(Some(sign));
            }
            bits *= 4;
        }
        Ok(None)
    }

    /// The sign.
    ///
    /// # Errors
    /// [`Undecided`] where no enclosure within the limit shows it.
    pub fn sign(&self) -> Result<Sign, Undecided> {
        match &self.0 {
            Form::Rational(r) => Ok(r.numer().sign()),
            Form::Quotient(q) => q.sign(),
            Form::Algebraic(a) => Ok(match a.sign() {
                Ordering::Less => Sign::Minus,
                Ordering::Equal => Sign::NoSign,
                Ordering::Greater => Sign::Plus,
            }),
            _ => {
                if let Ok(Some(r)) = self.as_rational() {
                    return Ok(r.numer().sign());
                }
                self.sign_by_enclosure()?.ok_or_else(|| {
                    Undecided::because(format!("the sign is not shown by {COMPARE_BITS} bits"))
                })
            }
        }
    }

    /// An enclosure at most 2⁻ᵇⁱᵗˢ wide.
    ///
    /// # Errors
    /// [`Undecided`] where a limit on precision or exponents is passed.
    pub fn enclose(&self, bits: u32) -> Result<Interval, Undecided> {
        match &self.0 {
            Form::Rational(r) => Ok(Interval::from_rational(r, bits)),
            Form::Quotient(q) => q.enclose(bits),
            Form::Log(l) => l.enclose(bits),
            Form::Algebraic(a) => {
                let (lo, hi) = a.enclose(bits.saturating_add(1));
                Ok(Interval::hull(&lo, &hi, bits.saturating_add(4)))
            }
            Form::Real(r) => r.enclose(bits),
        }
    }

    fn as_quotient(&self) -> Option<ExpQuotient> {
        match &self.0 {
            Form::Rational(r) => Some(ExpQuotient::over(ExpSum::rational(r.clone()), Denominator::one())),
            Form::Quotient(q) => Some(q.clone()),
            _ => None,
        }
    }

    fn as_log(&self) -> Option<LogSum> {
        match &self.0 {
            Form::Rational(r) => Some(LogSum::rational(r.clone())),
            Form::Log(l) => Some(l.clone()),
            _ => None,
        }
    }

    /// Sum; keeps a deciding form where the two have one in common.
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (Form::Rational(a), Form::Rational(b)) => return (a + b).into(),
            (Form::Rational(a), _) if a.is_zero() => return other.clone(),
            (_, Form::Rational(b)) if b.is_zero() => return self.clone(),
            (Form::Algebraic(a), Form::Rational(r)) | (Form::Rational(r), Form::Algebraic(a)) => {
                if let Some(sum) = a.shift(r) {
                    return sum.into();
                }
            }
            _ => {}
        }
        if let Some((a, b)) = self.as_quotient().zip(other.as_quotient())
            && let Ok(sum) = a.add(&b)
        {
            return sum.into();
        }
        if let Some((a, b)) = self.as_log().zip(other.as_log()) {
            return a.add(&b).into();
        }
        Real::sum(vec![Real::exact(self.clone()), Real::exact(other.clone())]).into()
    }

    /// Negation.
    #[must_use]
    pub fn neg(&self) -> Self {
        self.scale(&-Rational::one())
    }

    /// Difference.
    #[must_use]
    pub fn sub(&self, other: &Self) -> Self {
        self.add(&other.neg())
    }

    /// Product with a rational.
    #[must_use]
    pub fn scale(&self, factor: &Rational) -> Self {
        if factor.is_zero() {
            return Self::zero();
        }
        match &self.0 {
            Form::Rational(r) => (r * factor).into(),
            Form::Quotient(q) => q.scale(factor).into(),
            Form::Log(l) => l.scale(factor).into(),
            Form::Algebraic(a) => match a.scale(factor) {
                Some(scaled) => scaled.into(),
                None => Real::product(Real::exact(factor.clone().into()), Real::exact(self.clone())).into(),
            },
            Form::Real(r) => Real::product(Real::exact(factor.clone().into()), r.clone()).into(),
        }
    }

    /// Product.
    #[must_use]
    pub fn mul(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (Form::Rational(r), _) => return other.scale(r),
            (_, Form::Rational(r)) => return self.scale(r),
            _ => {}
        }
        if let Some((a, b)) = self.as_quotient().zip(other.as_quotient())
            && let Ok(product) = a.mul(&b)
        {
            return product.into();
        }
        Real::product(Real::exact(self.clone()), Real::exact(other.clone())).into()
    }

    /// 1/x; `None` for zero.
    ///
    /// # Errors
    /// [`Undecided`] where it cannot be told whether the number is zero.
    pub fn reciprocal(&self) -> Result<Option<Self>, Undecided> {
        if self.is_zero()? {
            return Ok(None);
        }
        let known: Option<Self> = match &self.0 {
            Form::Rational(r) => Some(r.recip().into()),
            Form::Quotient(q) => q.reciprocal().map(Self::from),
            Form::Algebraic(a) => a.reciprocal().map(Self::from),
            _ => None,
        };
        let tree = || Real::quotient(Real::exact(Self::one()), Real::exact(self.clone())).into();
        Ok(Some(known.unwrap_or_else(tree)))
    }

    /// Quotient; `None` where the divisor is zero.
    ///
    /// # Errors
    /// As [`Exact::reciprocal`].
    pub fn checked_div(&self, other: &Self) -> Result<Option<Self>, Undecided> {
        Ok(other.reciprocal()?.map(|r| self.mul(&r)))
    }

    /// Whether two numbers are the same.
    ///
    /// # Errors
    /// [`Undecided`] where no form decides and enclosures do not come apart.
    pub fn equals(&self, other: &Self) -> Result<bool, Undecided> {
        match (&self.0, &other.0) {
            (Form::Rational(a), Form::Rational(b)) => return Ok(a == b),
            (Form::Quotient(a), Form::Quotient(b)) => return a.equals(b),
            // A rational is neither an irrational quotient nor an irrational root.
            (Form::Rational(_), Form::Quotient(_) | Form::Algebraic(_))
            | (Form::Quotient(_) | Form::Algebraic(_), Form::Rational(_)) => return Ok(false),
            (Form::Algebraic(a), Form::Algebraic(b)) => return Ok(a.compare(b)? == Ordering::Equal),
            _ => {}
        }
        if let Some((a, b)) = self.as_log().zip(other.as_log()) {
            let rest = a.add(&b.scale(&-Rational::one()));
            return Ok(rest.as_rational()?.is_some_and(|r| r.is_zero()));
        }
        let mut bits = 64;
        while bits <= COMPARE_BITS {
            if self.enclose(bits)?.is_apart_from(&other.enclose(bits)?) {
                return Ok(false);
            }
            bits *= 4;
        }
        Err(Undecided::because(format!("equal or not: the same to {COMPARE_BITS} bits, and no form decides")))
    }

    /// How two numbers compare.
    ///
    /// # Errors
    /// As [`Exact::equals`] and [`Exact::sign`].
    pub fn compare(&self, other: &Self) -> Result<Ordering, Undecided> {
        if let (Form::Rational(a), Form::Rational(b)) = (&self.0, &other.0) {
            return Ok(a.cmp(b));
        }
        match (&self.0, &other.0) {
            (Form::Algebraic(a), Form::Algebraic(b)) => return a.compare(b),
            (Form::Algebraic(a), Form::Rational(r)) => return Ok(a.cmp_rational(r)),
            (Form::Rational(r), Form::Algebraic(a)) => return Ok(a.cmp_rational(r).reverse()),
            _ => {}
        }
        Ok(match self.sub(other).sign()? {
            Sign::Minus => Ordering::Less,
            Sign::NoSign => Ordering::Equal,
            Sign::Plus => Ordering::Greater,
        })
    }

    /// Whether the number is known to be negative; for signs in print, where nothing hangs on it.
    #[must_use]
    pub fn looks_negative(&self) -> bool {
        match &self.0 {
            Form::Rational(r) => r.is_negative(),
            _ => self.sign().is_ok_and(|s| s == Sign::Minus),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::num::ratio;
    use proptest::prelude::*;

    fn number() -> impl Strategy<Value = Exact> {
        let small = (-5i64..6, 1i64..4).prop_map(|(a, b)| ratio(a, b));
        let sum = proptest::collection::vec((small.clone(), small.clone()), 1..4);
        (small.clone(), sum.clone(), sum).prop_map(|(r, n, s)| {
            let s = ExpSum::from_terms(s);
            match ExpQuotient::new(&ExpSum::from_terms(n), &s) {
                Some(q) => q.into(),
                None => r.into(),
            }
        })
    }

    proptest! {
        #[test]
        fn quotients_form_a_field(a in number(), b in number(), c in number()) {
            prop_assert!(a.add(&b).equals(&b.add(&a)).unwrap());
            prop_assert!(a.add(&b).add(&c).equals(&a.add(&b.add(&c))).unwrap());
            prop_assert!(a.mul(&b).equals(&b.mul(&a)).unwrap());
            prop_assert!(a.mul(&b.add(&c)).equals(&a.mul(&b).add(&a.mul(&c))).unwrap());
            prop_assert!(a.sub(&a).is_zero().unwrap());
            if let Some(r) = a.reciprocal().unwrap() {
                prop_assert!(a.mul(&r).equals(&Exact::one()).unwrap());
            }
        }

        #[test]
        fn enclosures_hold_sums_and_products(a in number(), b in number()) {
            let (i, j) = (a.enclose(100).unwrap(), b.enclose(100).unwrap());
            prop_assert!(i.is_narrower_than(100));
            prop_assert!(!i.add(&j).is_apart_from(&a.add(&b).enclose(100).unwrap()));
            prop_assert!(!i.mul(&j).is_apart_from(&a.mul(&b).enclose(100).unwrap()));
        }

        #[test]
        fn logarithms_add_up(a in 1i64..40, b in 1i64..40, c in -3i64..3) {
            let ln = |n: i64| Exact::integer(n).ln().unwrap().unwrap();
            prop_assert!(ln(a).add(&ln(b)).equals(&ln(a * b)).unwrap());
            let shifted = ln(a).add(&Exact::integer(c));
            prop_assert_eq!(shifted.equals(&ln(b)).unwrap(), a == b && c == 0);
        }
    }

    #[test]
    fn a_real_is_never_said_to_be_equal() {
        let e_to_e = || -> Exact { Real::exp(Real::exact(Exact::exp(&ratio(1, 1)))).into() };
        assert!(e_to_e().equals(&e_to_e()).is_err());
        assert!(!e_to_e().equals(&Exact::integer(15)).unwrap());
        // e^e = 15.154262241479264…, as mpmath prints it.
        let fifteen = ratio(15_154_262_241_479, 1_000_000_000_000);
        assert!(e_to_e().compare(&fifteen.into()).unwrap() == Ordering::Greater);
    }
}
