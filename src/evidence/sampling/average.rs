//! What is known beforehand about an average of many independent numbers lives here, from their moments: its standard
//! error, its quantiles, the probability of what was seen. Nothing is estimated from the sample itself.
//!
//! The distribution of an average is near a normal one; what the skewness γ and the excess kurtosis κ of the average
//! change of its quantiles is taken into account by the expansion of Cornish and Fisher (1938), whose next term is
//! smaller by another root of the number of draws. Where its terms are not small, nothing is claimed.

use super::entries::{Entries, MOMENTS};
use super::functions::{normal_quantile, normal_tail};
use crate::num::Rational;
use crate::report::Estimate;

/// The most that skewness may move a quantile, in standard errors.
const MAX_FIRST: f64 = 1.0;
/// The most that the terms of second order may move it.
const MAX_SECOND: f64 = 0.2;
/// A deviation that is called visible is refused with a probability of 999 in 1000: so many standard errors beyond the
/// bound, 1 in 1000 being the tail beyond 3.09.
const POWER: f64 = 3.09;

/// The score qᵀk of two vectors: its mean, and its central moments to the eighth, in the unit of a product.
#[derive(Debug, Clone)]
pub struct Law {
    /// E(qᵀk)
    pub mean: f64,
    /// E[(qᵀk − mean)ⁿ] for n = 0, …, 8.
    pub central: [f64; MOMENTS],
}

impl Law {
    /// For vectors of length d with such entries.
    #[must_use]
    pub fn of_scores(entries: &Entries, d: u64) -> Self {
        // With a and b the entries less their mean m, a product less m² is ab + ma + mb.
        let (m, c) = (entries.mean(), entries.central());
        let mut product = [0.0; MOMENTS];
        for (n, moment) in product.iter_mut().enumerate() {
            for i in 0..=n {
                for j in 0..=n - i {
                    let l = n - i - j;
                    // (ab)ⁱ(ma)ʲ(mb)ˡ, so often as n things fall into such parts.
                    let often = factorial(n) / (factorial(i) * factorial(j) * factorial(l));
                    *moment += often * power(m, j + l) * at(c, i + j) * at(c, i + l);
                }
            }
        }
        // A sum of independent terms has the product of their moment generating functions Σ E[xⁿ]tⁿ/n!.
        let (mut base, mut all, mut left) = (series(&product), [0.0; MOMENTS], d);
        all[0] = 1.0;
        while left > 0 {
            if left % 2 == 1 {
                all = times(&all, &base);
            }
            base = times(&base, &base);
            left /= 2;
        }
        for (n, moment) in all.iter_mut().enumerate() {
            *moment *= factorial(n);
        }
        Self { mean: d as f64 * m * m, central: all }
    }

    /// The average of so many scores.
    #[must_use]
    pub fn mean_of(&self, count: u64) -> Average {
        let [_, _, two, three, four, ..] = self.central;
        Average::new(self.mean, [two, three, four], count)
    }

    /// The average of so many squares (qᵀk − mean)²: what estimates the variance where the mean is known.
    #[must_use]
    pub fn squares_of(&self, count: u64) -> Average {
        let [_, _, v, _, four, _, six, _, eight] = self.central;
        let second = four - v * v;
        let third = six - 3.0 * four * v + 2.0 * v * v * v;
        let fourth = eight - 4.0 * six * v + 6.0 * four * v * v - 3.0 * v * v * v * v;
        Average::new(v, [second, third, fourth], count)
    }
}

/// How often a test may refuse what is right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level(f64);

impl Level {
    /// The same rate for each of so many tests, all of which together refuse anything right at most at the rate
    /// `of_all` (Bonferroni): independent or not.
    #[must_use]
    pub fn shared(of_all: f64, tests: u64) -> Self {
        Self(of_all / tests.max(1) as f64)
    }
}

/// An average of independent numbers, before it is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Average {
    /// What it is on average.
    pub expectation: f64,
    /// Its standard deviation.
    pub standard_error: f64,
    /// E(z³), z being its distance from the expectation in standard errors.
    skewness: f64,
    /// E(z⁴) − 3
    kurtosis: f64,
}

impl Average {
    /// From the second, third and fourth central moment of one of the numbers.
    #[must_use]
    pub fn new(expectation: f64, [two, three, four]: [f64; 3], count: u64) -> Self {
        let n = count.max(1) as f64;
        let (skewness, kurtosis) = if two > 0.0 {
            (three / (two * two.sqrt()) / n.sqrt(), (four / (two * two) - 3.0) / n)
        } else {
            (0.0, 0.0)
        };
        Self { expectation, standard_error: (two.max(0.0) / n).sqrt(), skewness, kurtosis }
    }

    /// The same average in a unit so many times as large.
    #[must_use]
    pub fn over(self, unit: f64) -> Self {
        Self { expectation: self.expectation / unit, standard_error: self.standard_error / unit, ..self }
    }

    /// The root of the expectation; that of an average of squares is the deviation of what is squared.
    #[must_use]
    pub fn root(&self) -> f64 {
        self.expectation.max(0.0).sqrt()
    }

    /// What takes the place of a normal quantile u: first and second order of the expansion.
    fn terms(&self, u: f64) -> (f64, f64) {
        let (g, k, cube) = (self.skewness, self.kurtosis, u * u * u);
        let second = k * (cube - 3.0 * u) / 24.0 - g * g * (2.0 * cube - 5.0 * u) / 36.0;
        (g * (u * u - 1.0) / 6.0, second)
    }

    fn quantile(&self, u: f64) -> f64 {
        let (first, second) = self.terms(u);
        u + first + second
    }

    /// Whether quantiles are known well enough out to u, on either side.
    fn is_near_normal(&self, u: f64) -> bool {
        let (first, second) = self.terms(u);
        first.abs() <= MAX_FIRST && second.abs() <= MAX_SECOND
    }

    /// The probability of an average at least as far out as this one, on either side, where all is as it should be.
    #[must_use]
    pub fn p_value(&self, seen: f64) -> f64 {
        let z = (seen - self.expectation) / self.standard_error;
        // The quantile grows with u where its terms are small.
        let (mut low, mut high) = (-37.0, 37.0);
        for _ in 0..60 {
            let middle = (low + high) / 2.0;
            if self.quantile(middle) < z { low = middle } else { high = middle }
        }
        2.0 * normal_tail(high.abs())
    }

    /// What an average that was seen says about its expectation, at a level: the rate at which the right value is
    /// refused. Numbers are given in `unit`.
    ///
    /// # Errors
    /// Says why it cannot tell: the average is too far from normal at that level, or the run could not have told its
    /// expectation from zero.
    pub fn estimate(&self, seen: f64, level: Level, unit: &Rational) -> Result<Estimate, String> {
        let u = normal_quantile(level.0 / 2.0);
        if !self.is_near_normal(u) {
            return Err("tails too heavy for so few draws".to_owned());
        }
        let (above, below) = (self.quantile(u), self.quantile(-u));
        let resolution = (above.max(-below) + POWER) * self.standard_error;
        if self.expectation.abs() > 0.0 && self.expectation.abs() < resolution {
            return Err("smaller than such a sample can see".to_owned());
        }
        let exact =
            |x: f64| Rational::from_float(x).map(|x| x * unit).ok_or_else(|| "the draws overflow".to_owned());
        Ok(Estimate {
            estimate: exact(seen)?,
            standard_error: exact(self.standard_error)?,
            from: exact(seen - above * self.standard_error)?,
            to: exact(seen - below * self.standard_error)?,
            resolution: exact(resolution)?,
        })
    }
}

fn at(moments: &[f64; MOMENTS], n: usize) -> f64 {
    moments.get(n).copied().unwrap_or(0.0)
}

fn power(x: f64, n: usize) -> f64 {
    (0..n).fold(1.0, |product, _| product * x)
}

fn factorial(n: usize) -> f64 {
    (1..=n).fold(1.0, |product, n| product * n as f64)
}

fn series(moments: &[f64; MOMENTS]) -> [f64; MOMENTS] {
    let mut out = *moments;
    for (n, coefficient) in out.iter_mut().enumerate() {
        *coefficient /= factorial(n);
    }
    out
}

/// The product of two power series, as far as they are known.
fn times(a: &[f64; MOMENTS], b: &[f64; MOMENTS]) -> [f64; MOMENTS] {
    let mut out = [0.0; MOMENTS];
    for (i, a) in a.iter().enumerate() {
        for (to, b) in out.iter_mut().skip(i).zip(b) {
            *to += a * b;
        }
    }
    out
}
