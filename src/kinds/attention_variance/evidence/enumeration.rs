//! Mean and variance of the score by going through every case of a finite distribution live here: the distribution
//! of one product q·k, of sums of them, and the plain definition of mean and variance. No rule for variances of sums,
//! products or multiples is used where the cases can be gone through.

use std::collections::BTreeMap;

use num_integer::Integer as _;
use num_traits::{One, Zero};

use super::Quadratic;
use crate::kinds::attention_variance::given::{Entries, Given};
use crate::num::{Integer, Rational, ratio};
use crate::report::{Evidence, Value};

const SOURCE: &str = "enumeration";

/// The most pairs of cases that are gone through for one sum.
const MAX_PAIRS: usize = 100_000;

/// The longest detail, in characters.
const MAX_DETAIL: usize = 40;

/// A finite distribution over whole numbers: the value is a key over `unit`, its probability a weight over `total`.
#[derive(Debug, Clone)]
struct Distribution {
    weights: BTreeMap<Integer, Integer>,
    unit: Integer,
    total: Integer,
}

impl Distribution {
    fn new(table: &[(Rational, Rational)]) -> Self {
        let unit = table.iter().fold(Integer::one(), |lcm, (v, _)| lcm.lcm(v.denom()));
        let total = table.iter().fold(Integer::one(), |lcm, (_, p)| lcm.lcm(p.denom()));
        let mut weights = BTreeMap::new();
        for (v, p) in table.iter().filter(|(_, p)| !p.is_zero()) {
            let value = v.numer() * (&unit / v.denom());
            *weights.entry(value).or_insert_with(Integer::zero) += p.numer() * (&total / p.denom());
        }
        Self { weights, unit, total }
    }

    /// The distribution of a function of two independent values; `None` where there are too many pairs.
    fn pairs(&self, other: &Self, unit: Integer, value: fn(&Integer, &Integer) -> Integer) -> Option<Self> {
        if self.weights.len().saturating_mul(other.weights.len()) > MAX_PAIRS {
            return None;
        }
        let mut weights = BTreeMap::new();
        for (a, p) in &self.weights {
            for (b, q) in &other.weights {
                *weights.entry(value(a, b)).or_insert_with(Integer::zero) += p * q;
            }
        }
        Some(Self { weights, unit, total: &self.total * &other.total })
    }

    /// The distribution of q·k, both drawn from this one.
    fn product(&self) -> Option<Self> {
        self.pairs(self, &self.unit * &self.unit, |a, b| a * b)
    }

    /// The distribution of a sum of two values in the same unit.
    fn plus(&self, other: &Self) -> Option<Self> {
        self.pairs(other, self.unit.clone(), |a, b| a + b)
    }

    /// The distribution of half the value.
    fn halved(&self) -> Self {
        Self { weights: self.weights.clone(), unit: &self.unit * 2, total: self.total.clone() }
    }

    /// `E[x]`
    fn mean(&self) -> Rational {
        let sum = self.weights.iter().fold(Integer::zero(), |sum, (v, w)| sum + v * w);
        Rational::new(sum, &self.unit * &self.total)
    }

    /// `E[(x − E[x])²]`, by its definition.
    fn variance(&self) -> Rational {
        // Over the common denominator unit·total, the mean is this whole number.
        let mean = self.weights.iter().fold(Integer::zero(), |sum, (v, w)| sum + v * w);
        let sum = self.weights.iter().fold(Integer::zero(), |sum, (v, w)| {
            let apart = v * &self.total - &mean;
            sum + &apart * &apart * w
        });
        let below = &self.unit * &self.total;
        Rational::new(sum, &below * &below * &self.total)
    }
}

/// A distribution of two values with a given mean and variance: μ + a, and μ − σ²/a.
fn two_values(mean: &Rational, variance: &Rational, a: i64) -> Vec<(Rational, Rational)> {
    let a = ratio(a, 1);
    let square = &a * &a;
    // Positive, because a is not zero.
    let below = &square + variance;
    vec![(mean + &a, variance / &below), (mean - variance / &a, &square / &below)]
}

/// What going through all cases says about mean, variance and variance after scaling.
pub(super) fn about(given: &Given) -> Vec<Evidence> {
    let tables = match &given.entries {
        Entries::Table(table) => vec![table.clone()],
        // Only mean and variance are given, so two different distributions with both must give the same.
        Entries::Moments { mean, variance } => {
            vec![two_values(mean, variance, 1), two_values(mean, variance, 2)]
        }
    };
    tables.iter().flat_map(|table| table_says(given, table)).collect()
}

fn table_says(given: &Given, table: &[(Rational, Rational)]) -> Vec<Evidence> {
    let Some(found) = Found::of(&Distribution::new(table)) else {
        let why = format!("more than {MAX_PAIRS} cases");
        return ["mean", "variance", "scaled-variance"]
            .map(|row| Evidence::nothing(row, SOURCE, why.clone()))
            .into();
    };
    let scaled = match &found.halved_four {
        // Var(qᵀk/√d) is affine in d, as Var(qᵀk) has degree 2 and vanishes at d = 0: two values determine it.
        Some(four) => affine(given.d_k, &found.one.1, four),
        None => found.variance().over_d_k(given.d_k),
    };
    let lengths = if found.halved_four.is_some() { "d = 1, 4" } else { "d = 1, 2" };
    vec![
        Evidence::equal("mean", SOURCE, found.mean().at_d_k(given.d_k), detail(table, "d = 1, 2")),
        Evidence::equal("variance", SOURCE, found.variance().at_d_k(given.d_k), detail(table, "d = 1, 2")),
        Evidence::equal("scaled-variance", SOURCE, scaled, detail(table, lengths)),
    ]
}

/// The affine function through `one` at d = 1 and `four` at d = 4, at d_k.
fn affine(d_k: Option<u64>, one: &Rational, four: &Rational) -> Value {
    let b = (four - one) / ratio(3, 1);
    Quadratic { a: one - &b, b, c: Rational::zero() }.at_d_k(d_k)
}

/// Mean and variance of the score for small d.
struct Found {
    one: (Rational, Rational),
    two: (Rational, Rational),
    /// Var(qᵀk/2) for d = 4, if its cases are few enough.
    halved_four: Option<Rational>,
}

impl Found {
    fn of(entry: &Distribution) -> Option<Self> {
        let one = entry.product()?;
        let two = one.plus(&one)?;
        let halved_four = two.plus(&two).map(|four| four.halved().variance());
        let both = |x: &Distribution| (x.mean(), x.variance());
        Some(Self { one: both(&one), two: both(&two), halved_four })
    }

    /// Through d = 0, where the empty sum has mean 0, and d = 1, 2.
    fn mean(&self) -> Quadratic {
        Quadratic::through(0, &[Rational::zero(), self.one.0.clone(), self.two.0.clone()])
    }

    /// Through d = 0, where the empty sum has variance 0, and d = 1, 2.
    fn variance(&self) -> Quadratic {
        Quadratic::through(0, &[Rational::zero(), self.one.1.clone(), self.two.1.clone()])
    }
}

fn detail(table: &[(Rational, Rational)], lengths: &str) -> String {
    let values: Vec<String> =
        table.iter().filter(|(_, p)| !p.is_zero()).map(|(v, _)| v.to_string()).collect();
    let all = format!("entries {}, {lengths}", values.join(" or "));
    if all.chars().count() <= MAX_DETAIL {
        return all;
    }
    format!("entries of {} values, {lengths}", values.len())
}
