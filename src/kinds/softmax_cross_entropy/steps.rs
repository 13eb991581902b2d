//! The worked steps of softmax and cross-entropy live here: words and formulas around values that were computed
//! elsewhere. Networks use them for their last layer.

use super::given::Classes;
use crate::notation::{Math, Relation, closed_form};
use crate::num::{Exact, Rational, Rounding};
use crate::report::Step;

/// The most entries of a vector that are written out in a step.
pub const MAX_WRITTEN: usize = 8;

fn sym(name: &str) -> Math {
    Math::sym(name)
}

/// A number as it is; a decimal where it has no closed form.
pub fn number(x: &Exact, digits: u32) -> Math {
    closed_form(x).unwrap_or_else(|| decimal(x, digits))
}

/// A number rounded to so many decimals.
pub fn decimal(x: &Exact, digits: u32) -> Math {
    match x.decimal(Rounding::Digits(digits)) {
        Ok(text) => Math::decimal(text),
        Err(_) => Math::words("a number whose decimals are not settled"),
    }
}

fn is_rational(x: &Exact) -> bool {
    matches!(x.as_rational(), Ok(Some(_)))
}

/// A column of numbers, and the same rounded where one of them is irrational.
pub fn column(values: &[Exact], digits: u32) -> Vec<(Relation, Math)> {
    let exact = Math::column(values.iter().map(|x| number(x, digits)).collect());
    let mut out = vec![(Relation::Equal, exact)];
    if !values.iter().all(is_rational) {
        out.push((Relation::Approx, Math::column(values.iter().map(|x| decimal(x, digits)).collect())));
    }
    out
}

/// Goes on with a chain by several links.
pub fn chain(first: Math, links: Vec<(Relation, Math)>) -> Math {
    links.into_iter().fold(first, |sum, (relation, next)| sum.then(relation, next))
}

/// e^θⱼ summed over all classes.
fn partition() -> Math {
    Math::sum_over(sym("j"), Math::exp(sym("theta_j")))
}

fn filled_partition(logits: &[Rational]) -> Math {
    Math::sum(logits.iter().map(|q| Math::exp(Math::num(q.clone()))).collect())
}

/// p̂ = softmax(θ).
pub fn probabilities(logits: &[Rational], p: &[Exact], digits: u32) -> Vec<Step> {
    let formula = sym("p_hat_i").equals(Math::frac(Math::exp(sym("theta_i")), partition()));
    let mut steps = vec![Step::new("Softmax: each power of e over the sum of all of them.", vec![formula])];
    if logits.len() <= MAX_WRITTEN {
        let total = partition().equals(filled_partition(logits));
        let result = chain(sym("p_hat"), column(p, digits));
        steps.push(Step::new(
            "With the logits filled in; a common power of e cancels between numerator and denominator.",
            vec![total, result],
        ));
    }
    steps
}

/// J = −ln p̂_y, without dividing first.
pub fn loss(logits: &[Rational], classes: &Classes, j: Option<&Exact>, digits: u32) -> Vec<Step> {
    let formula = sym("J")
        .equals(Math::neg(Math::ln(sym("p_hat_y"))))
        .equals(Math::sum(vec![Math::neg(sym("theta_y")), Math::ln(partition())]));
    let words = format!("Cross-entropy at the true class y = {}.", classes.true_class());
    let mut steps = vec![Step::new(words, vec![formula])];
    if let Some((theta_y, j)) = logits.get(classes.index).zip(j) {
        let mut result = sym("J");
        if logits.len() <= MAX_WRITTEN {
            let filled =
                Math::sum(vec![Math::neg(Math::num(theta_y.clone())), Math::ln(filled_partition(logits))]);
            result = result.equals(filled).equals(number(j, digits));
        }
        steps.push(Step::new("", vec![result.then(Relation::Approx, decimal(j, digits))]));
    }
    steps
}

/// The derivation of ∂J/∂θᵢ = p̂ᵢ − 1[i = y], in full.
pub fn show_gradient() -> Vec<Step> {
    let by = |of: Math| Math::partial(of, sym("theta_i"));
    let delta = || Math::indicator(sym("i").equals(sym("y")));
    let log = || Math::ln(partition());
    let loss = sym("J").equals(Math::sum(vec![Math::neg(sym("theta_y")), log()]));
    let first = by(Math::neg(sym("theta_y"))).equals(Math::neg(delta()));
    let second = by(log())
        .equals(Math::prod(vec![Math::frac(Math::int(1), partition()), by(partition())]))
        .equals(Math::frac(Math::exp(sym("theta_i")), partition()))
        .equals(sym("p_hat_i"));
    let together = by(sym("J")).equals(Math::minus(sym("p_hat_i"), delta()));
    let other = Math::sequence(vec![
        by(sym("J")).equals(sym("p_hat_i")),
        sym("i").then(Relation::NotEqual, sym("y")),
    ]);
    let own = Math::partial(sym("J"), sym("theta_y")).equals(Math::minus(sym("p_hat_y"), Math::int(1)));
    vec![
        Step::new("The loss has two terms; differentiate each by the logit θᵢ.", vec![loss]),
        Step::new("The first term contains θᵢ only if i = y, with factor −1.", vec![first]),
        Step::new(
            "The second by the chain rule: the derivative of ln u is u′/u. Of the terms of u = Σⱼ e^θⱼ only e^θᵢ \
             contains θᵢ, and it is its own derivative.",
            vec![second],
        ),
        Step::new("Together:", vec![together]),
        Step::new("That is, for the true class and for every other class:", vec![own, other]),
    ]
}

/// ∂J/∂θ = p̂ − onehot(y).
pub fn gradient(classes: &Classes, p: &[Exact], gradient: &[Exact], digits: u32) -> Vec<Step> {
    let slope = || Math::partial(sym("J"), sym("theta"));
    let formula = slope().equals(Math::minus(sym("p_hat"), Math::apply("onehot", vec![sym("y")])));
    let mut math = vec![formula];
    if p.len() <= MAX_WRITTEN {
        let onehot = (0..p.len()).map(|i| Math::int(i64::from(i == classes.index))).collect();
        let filled =
            Math::minus(Math::column(p.iter().map(|x| number(x, digits)).collect()), Math::column(onehot));
        math.push(chain(slope().equals(filled), column(gradient, digits)));
    }
    vec![Step::new("The probabilities, less 1 at the true class.", math)]
}

/// Σ (p̂ᵢ − 1[i = y]) = 0.
pub fn gradient_sum() -> Vec<Step> {
    let over = |body: Math| Math::sum_over(sym("i"), body);
    let delta = || Math::indicator(sym("i").equals(sym("y")));
    let sum = over(Math::partial(sym("J"), sym("theta_i")))
        .equals(Math::minus(over(sym("p_hat_i")), over(delta())))
        .equals(Math::minus(Math::int(1), Math::int(1)))
        .equals(Math::int(0));
    vec![Step::new("Probabilities add up to 1, and one class is the true one.", vec![sum])]
}
