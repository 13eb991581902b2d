//! Answers are made here: mean and variance of qᵀk by the law, of the scaled score, and the example of a softmax that
//! saturates. The derivations that rows show are in `steps.rs`.

use num_traits::{One, Zero};

use super::given::{Entries, Given};
use super::steps;
use crate::expr::Expr;
use crate::num::exp_sum::ExpSum;
use crate::num::quotient::ExpQuotient;
use crate::num::{Exact, Integer, Rational, ratio};
use crate::report::{Answer, Row, Value};

/// Mean and variance of one entry, and what follows from them.
#[derive(Debug, Clone)]
pub(super) struct Moments {
    /// μ
    pub mean: Rational,
    /// σ²
    pub variance: Rational,
    /// σ⁴ + 2μ²σ², the variance of one product q_i k_i.
    pub product_variance: Rational,
}

impl Moments {
    /// The moments of the entries of a problem.
    pub fn of(given: &Given) -> Self {
        let (mean, variance) = match &given.entries {
            Entries::Moments { mean, variance } => (mean.clone(), variance.clone()),
            Entries::Table(table) => {
                let mean = table.iter().fold(Rational::zero(), |sum, (v, p)| sum + v * p);
                let variance = table.iter().fold(Rational::zero(), |sum, (v, p)| {
                    let apart = v - &mean;
                    sum + &apart * &apart * p
                });
                (mean, variance)
            }
        };
        let product_variance = &variance * &variance + ratio(2, 1) * &mean * &mean * &variance;
        Self { mean, variance, product_variance }
    }
}

/// The letters of the laws.
fn letters() -> (Expr, Expr, Expr) {
    (Expr::var("d_k"), Expr::var("mu"), Expr::var("sigma"))
}

/// σ⁴ + 2μ²σ²
fn product_variance_law() -> Expr {
    let (_, mu, sigma) = letters();
    Expr::sum([sigma.pow(4), Expr::product([Expr::integer(2), mu.pow(2), sigma.pow(2)])])
}

/// d_k times a number: a number where d_k is one, or where it does not matter; else a formula in d_k.
pub(super) fn times_d_k(given: &Given, factor: &Rational) -> Value {
    match given.d_k {
        Some(d) => Value::Number((factor * Rational::from_integer(Integer::from(d))).into()),
        None if factor.is_zero() => Value::Number(Exact::zero()),
        None => Value::Formula(Expr::product([Expr::number(factor.clone()), Expr::var("d_k")])),
    }
}

/// One line of the example: two keys whose scores are √d apart.
pub(super) struct Saturation {
    /// d
    pub length: u64,
    /// c = √d
    pub gap: Rational,
    /// p = e^c/(1 + e^c)
    pub largest: Exact,
    /// p(1 − p) = e^c/(1 + e^c)²
    pub slope: Exact,
}

/// The example, a line a length; `None` never, as no denominator vanishes.
pub(super) fn saturations(given: &Given) -> Option<Vec<Saturation>> {
    let mut gap = Rational::one();
    let mut lines = Vec::new();
    for length in given.example_lengths() {
        let e = ExpSum::term(Rational::one(), gap.clone());
        let below = ExpSum::one().add(&e);
        let largest: Exact = ExpQuotient::new(&e, &below)?.into();
        let slope = ExpQuotient::new(&e, &below.mul(&below).ok()?)?.into();
        lines.push(Saturation { length, gap: gap.clone(), largest, slope });
        // √(4d) = 2√d
        gap *= ratio(2, 1);
    }
    Some(lines)
}

/// All rows in order.
pub(super) fn rows(given: &Given) -> Vec<Row> {
    let moments = Moments::of(given);
    vec![
        mean(given, &moments),
        variance(given, &moments),
        scaled(given, &moments),
        saturation(given, &moments),
    ]
}

/// Sets the law beside a number; a formula in d_k is its own law.
fn with_law(row: Row, law: Expr) -> Row {
    if matches!(row.answer.value(), Some(Value::Number(_))) { row.formula(law) } else { row }
}

fn mean(given: &Given, moments: &Moments) -> Row {
    let (d, mu, _) = letters();
    let square = &moments.mean * &moments.mean;
    let row = Row::new("mean", "mean of the score", times_d_k(given, &square)).symbol(steps::mean_symbol());
    steps::mean(with_law(row, d * mu.pow(2)), given, moments)
}

fn variance(given: &Given, moments: &Moments) -> Row {
    let (d, ..) = letters();
    let value = times_d_k(given, &moments.product_variance);
    let row = Row::new("variance", "variance of the score", value).symbol(steps::variance_symbol());
    steps::variance(with_law(row, d * product_variance_law()), given, moments)
}

fn scaled(given: &Given, moments: &Moments) -> Row {
    let row = Row::new("scaled-variance", "variance after scaling", moments.product_variance.clone())
        .symbol(steps::scaled_symbol());
    steps::scaled(with_law(row, product_variance_law()), given, moments)
}

fn saturation(given: &Given, moments: &Moments) -> Row {
    let Some(lines) = saturations(given) else {
        let reason = "the exponential sums of the example pass their limit".to_owned();
        return Row::new("saturation", "softmax saturation", Answer::Undecided { reason });
    };
    let table = lines
        .iter()
        .map(|line| {
            let whole = [Exact::integer(line.length), line.gap.clone().into()];
            let numbers = whole.into_iter().chain([line.largest.clone(), line.slope.clone()]);
            Value::List(numbers.map(Value::Number).collect())
        })
        .collect();
    let row = Row::new("saturation", "softmax saturation", Value::List(table)).with_decimal();
    steps::saturation(row, given, moments, &lines)
}
