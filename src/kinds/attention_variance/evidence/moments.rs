//! Mean and variance of the score by expanding the square lives here: (Σ q_i k_i)² as a polynomial in 2d letters, each
//! monomial replaced by the product of its letters' moments. No formula of a variance is used.

use std::collections::BTreeMap;

use num_traits::Zero;

use super::Quadratic;
use crate::expr::Expr;
use crate::kinds::attention_variance::given::{Entries, Given};
use crate::num::{Rational, ratio};
use crate::report::{Evidence, Instance, Value};

const SOURCE: &str = "moments";
const DETAIL: &str = "the square expanded, d = 1, 2, 3";

/// A polynomial in q_1 … q_d, k_1 … k_d: exponents of the letters, coefficient.
type Polynomial = BTreeMap<Vec<u8>, i64>;

/// q_1 k_1 + … + q_d k_d
fn score(d: usize) -> Polynomial {
    (0..d).map(|i| ((0..2 * d).map(|letter| u8::from(letter == i || letter == d + i)).collect(), 1)).collect()
}

fn product(a: &Polynomial, b: &Polynomial) -> Polynomial {
    let mut out = Polynomial::new();
    for (m, x) in a {
        for (n, y) in b {
            *out.entry(m.iter().zip(n).map(|(s, t)| s + t).collect()).or_insert(0) += x * y;
        }
    }
    out
}

/// The mean of a polynomial in independent letters with first and second moment as given.
fn mean(p: &Polynomial, first: &Expr, second: &Expr) -> Expr {
    let moment = |exponent: &u8| match exponent {
        0 => Expr::integer(1),
        1 => first.clone(),
        // The square of a score has no letter beyond its second power.
        _ => second.clone(),
    };
    Expr::sum(p.iter().map(|(monomial, c)| {
        Expr::product(std::iter::once(Expr::integer(*c)).chain(monomial.iter().map(moment)))
    }))
}

/// Mean and variance of the score for d = 1, 2, 3.
fn first_three(first: &Expr, second: &Expr) -> [(Expr, Expr); 3] {
    [1, 2, 3].map(|d| {
        let score = score(d);
        let e = mean(&score, first, second);
        let variance = mean(&product(&score, &score), first, second) - e.pow(2);
        (e, variance)
    })
}

/// The first two moments of an entry.
fn entry_moments(given: &Given) -> (Rational, Rational) {
    match &given.entries {
        Entries::Moments { mean, variance } => (mean.clone(), variance + mean * mean),
        Entries::Table(table) => table
            .iter()
            .fold((Rational::zero(), Rational::zero()), |(one, two), (v, p)| (one + p * v, two + p * v * v)),
    }
}

/// What the expansion says about mean, variance and variance after scaling: numbers, and the laws in letters.
pub(super) fn about(given: &Given) -> Vec<Evidence> {
    let Some((mean, variance)) = numbers(given) else {
        let why = "the moments are too long to be multiplied out";
        return ["mean", "variance", "scaled-variance"].map(|row| Evidence::nothing(row, SOURCE, why)).into();
    };
    let values = [
        ("mean", mean.at_d_k(given.d_k)),
        ("variance", variance.at_d_k(given.d_k)),
        ("scaled-variance", variance.over_d_k(given.d_k)),
    ];
    let laws = laws();
    let mut out = Vec::new();
    for ((row, value), law) in values.into_iter().zip(laws) {
        // A formula in d_k with numbers in it is held against such a formula; only a number has its law beside it.
        if matches!(value, Value::Number(_)) {
            out.push(Evidence::formula(row, SOURCE, law, "the law in letters, d = 1, 2, 3 and any"));
        }
        out.push(Evidence::equal(row, SOURCE, value, DETAIL));
    }
    out
}

/// Mean and variance as polynomials in d, with numbers.
fn numbers(given: &Given) -> Option<(Quadratic, Quadratic)> {
    let (first, second) = entry_moments(given);
    let three = first_three(&Expr::number(first), &Expr::number(second));
    let nothing = BTreeMap::new();
    let value = |e: &Expr| e.evaluate(&nothing).ok();
    let [(m1, v1), (m2, v2), (m3, v3)] = &three;
    Some((
        Quadratic::through(1, &[value(m1)?, value(m2)?, value(m3)?]),
        Quadratic::through(1, &[value(v1)?, value(v2)?, value(v3)?]),
    ))
}

/// What the laws of mean, variance and scaled variance must be at d = 1, 2, 3 and at any d, in letters.
fn laws() -> [Vec<Instance>; 3] {
    let (mu, sigma) = (Expr::var("mu"), Expr::var("sigma"));
    let three = first_three(&mu, &(sigma.pow(2) + mu.pow(2)));
    let means = three.each_ref().map(|(m, _)| m.clone());
    let variances = three.map(|(_, v)| v);
    let one_over = |d: i64| Expr::number(ratio(1, d));
    let [v1, v2, v3] = &variances;
    let scaled = [v1.clone(), v2 * one_over(2), v3 * one_over(3)];
    [instances(&means), instances(&variances), instances(&scaled)]
}

/// The three values, and the polynomial of degree 2 in d_k through them.
fn instances(values: &[Expr; 3]) -> Vec<Instance> {
    let d = Expr::var("d_k");
    let from = |n: i64| &d - Expr::integer(n);
    let half = Expr::number(ratio(1, 2));
    let [f1, f2, f3] = values;
    let anywhere = Expr::sum([
        Expr::product([half.clone(), f1.clone(), from(2), from(3)]),
        Expr::product([f2.clone(), from(1), from(3)]).negate(),
        Expr::product([half, f3.clone(), from(1), from(2)]),
    ]);
    let at = |n: i64| BTreeMap::from([("d_k".to_owned(), Expr::integer(n))]);
    vec![
        Instance { with: at(1), equals: f1.clone() },
        Instance { with: at(2), equals: f2.clone() },
        Instance { with: at(3), equals: f3.clone() },
        Instance { with: BTreeMap::new(), equals: anywhere },
    ]
}
