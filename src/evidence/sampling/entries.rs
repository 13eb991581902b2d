//! What the entries of two vectors are drawn from lives here: normal, uniform, or a finite table, each with its central
//! moments to the eighth.
//!
//! Entries are drawn in a unit of their own, so that single precision holds whatever numbers a problem has: the
//! standard deviation of a normal or uniform one, a power of two for a table, which keeps whole numbers whole.

use num_integer::Integer as _;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::lanes::{Bits, LANES, Lanes};
use super::normal::{self, Numbers};
use crate::num::{Integer, Rational};

/// The greatest size of a mean, in standard deviations: beyond, too few of single precision's 24 bits are left for what
/// varies.
pub const MAX_MEAN: f64 = 100.0;

/// How many moments are known, the zeroth included.
pub const MOMENTS: usize = 9;

#[derive(Debug, Clone)]
enum Shape {
    /// Mean 0 and variance 1.
    Normal,
    /// Mean 0 and variance 1: from −√3 to √3.
    Uniform,
    /// The first value, then a bound and the value from there on: what 32 random bits give is the last whose bound they
    /// reach.
    Table(f32, Vec<(u32, f32)>),
}

/// A distribution of entries that vary.
#[derive(Debug, Clone)]
pub struct Entries {
    shape: Shape,
    /// In the unit.
    mean: f64,
    /// E[(x − mean)ⁿ] for n = 0, …, 8, in powers of the unit.
    central: [f64; MOMENTS],
    /// The square of the unit, which is the unit of a product of two entries.
    square: Rational,
}

impl Entries {
    /// Normal entries.
    ///
    /// # Errors
    /// Says why they cannot be drawn: they do not vary, or hardly beside their mean ([`MAX_MEAN`]).
    pub fn normal(mean: &Rational, variance: &Rational) -> Result<Self, String> {
        let central = [1.0, 0.0, 1.0, 0.0, 3.0, 0.0, 15.0, 0.0, 105.0];
        Self::standard(Shape::Normal, central, mean, variance)
    }

    /// Uniform entries.
    ///
    /// # Errors
    /// As [`Entries::normal`].
    pub fn uniform(mean: &Rational, variance: &Rational) -> Result<Self, String> {
        // E[xⁿ] = √3ⁿ/(n + 1) for even n.
        let central = [1.0, 0.0, 1.0, 0.0, 9.0 / 5.0, 0.0, 27.0 / 7.0, 0.0, 9.0];
        Self::standard(Shape::Uniform, central, mean, variance)
    }

    fn standard(
        shape: Shape,
        central: [f64; MOMENTS],
        mean: &Rational,
        variance: &Rational,
    ) -> Result<Self, String> {
        if !variance.is_positive() {
            return Err("the entries do not vary".to_owned());
        }
        let size = float(&(mean * mean / variance))?.sqrt();
        let mean = if mean.is_negative() { -size } else { size };
        Self { shape, mean, central, square: variance.clone() }.checked()
    }

    /// Entries that take values with probabilities, which sum to 1.
    ///
    /// # Errors
    /// As [`Entries::normal`].
    pub fn table(table: &[(Rational, Rational)]) -> Result<Self, String> {
        let unit = power_of_two(table);
        let sum = |of: &dyn Fn(&Rational) -> Rational| {
            table.iter().fold(Rational::zero(), |sum, (v, p)| sum + of(v) * p)
        };
        let mean = sum(&|v| v / &unit);
        let mut central = [0.0; MOMENTS];
        for (v, p) in table {
            let (apart, p) = (float(&(v / &unit - &mean))?, float(p)?);
            let mut power = 1.0;
            for moment in &mut central {
                *moment += p * power;
                power *= apart;
            }
        }
        // By definition, where the sums above leave a rounding.
        (central[0], central[1]) = (1.0, 0.0);
        let whole = Rational::from_integer(Integer::one() << 32);
        let (mut first, mut rest, mut below) = (0.0, Vec::new(), Rational::zero());
        for (v, p) in table.iter().filter(|(_, p)| p.is_positive()) {
            let value = float(&(v / &unit))? as f32;
            match (&below * &whole).round().to_integer().to_u32() {
                Some(0) => first = value,
                Some(bound) => rest.push((bound, value)),
                // What lies beyond has a probability below 2⁻³³.
                None => {}
            }
            below += p;
        }
        Self { shape: Shape::Table(first, rest), mean: float(&mean)?, central, square: &unit * &unit }
            .checked()
    }

    fn checked(self) -> Result<Self, String> {
        let [_, _, variance, ..] = self.central;
        if variance <= 0.0 {
            return Err("the entries do not vary".to_owned());
        }
        if self.mean.abs() > MAX_MEAN * variance.sqrt() {
            return Err(format!("a mean over {MAX_MEAN} standard deviations"));
        }
        Ok(self)
    }

    /// The mean of an entry, in the unit.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// E[(x − mean)ⁿ] of an entry for n = 0, …, 8, in powers of the unit.
    #[must_use]
    pub fn central(&self) -> &[f64; MOMENTS] {
        &self.central
    }

    /// The unit of a product of two entries.
    #[must_use]
    pub fn square(&self) -> &Rational {
        &self.square
    }

    /// Two entries in every lane, in the unit.
    #[inline(always)]
    #[must_use]
    pub fn two(&self, lanes: &mut Lanes) -> (Numbers, Numbers) {
        let (x, y) = (lanes.step(), lanes.step());
        match &self.shape {
            Shape::Normal => {
                let (a, b) = normal::pair(&x, &y);
                (moved(&a, self.mean as f32), moved(&b, self.mean as f32))
            }
            Shape::Uniform => (uniform(&x, self.mean as f32), uniform(&y, self.mean as f32)),
            Shape::Table(first, rest) => (looked_up(*first, rest, &x), looked_up(*first, rest, &y)),
        }
    }
}

#[inline(always)]
fn moved(x: &Numbers, by: f32) -> Numbers {
    let mut out = [0.0; LANES];
    for l in 0..LANES {
        out[l] = x[l] + by;
    }
    out
}

#[inline(always)]
fn uniform(bits: &Bits, mean: f32) -> Numbers {
    const STEP: f32 = 1.732_050_8 / 2_147_483_648.0;
    let mut out = [0.0; LANES];
    for l in 0..LANES {
        // The middle of each of 2³¹ parts.
        out[l] = ((bits[l] as i32) as f32 + 0.5) * STEP + mean;
    }
    out
}

#[inline(always)]
fn looked_up(first: f32, rest: &[(u32, f32)], bits: &Bits) -> Numbers {
    let mut out = [first.to_bits(); LANES];
    for (bound, value) in rest {
        for l in 0..LANES {
            // All ones where the bound is reached: masks are taken in every lane at once, branches would not be.
            let reached = 0_u32.wrapping_sub(u32::from(bits[l] >= *bound));
            out[l] ^= (out[l] ^ value.to_bits()) & reached;
        }
    }
    out.map(f32::from_bits)
}

/// The least power of two that no value exceeds in size; 1 where all are zero.
fn power_of_two(table: &[(Rational, Rational)]) -> Rational {
    let largest = table.iter().map(|(v, _)| v.abs()).max().unwrap_or_else(Rational::zero);
    let (mut up, mut down) = (Integer::one(), Integer::one());
    if largest >= Rational::one() {
        up <<= largest.numer().div_ceil(largest.denom()).bits();
    } else if !largest.is_zero() {
        down <<= largest.denom().div_floor(largest.numer()).bits().saturating_sub(1);
    }
    Rational::new(up, down)
}

/// The nearest number of double precision.
pub(super) fn float(x: &Rational) -> Result<f64, String> {
    x.to_f64().filter(|x| x.is_finite()).ok_or_else(|| "a number is too large for floating point".to_owned())
}
