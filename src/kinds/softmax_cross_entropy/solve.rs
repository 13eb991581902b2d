//! The answers of a softmax question are made here; the words and formulas that lead to them are in `steps.rs`.

use num_traits::{Signed, Zero};

use super::given::Given;
use super::loss::SoftmaxLoss;
use super::steps;
use crate::expr::Expr;
use crate::notation::Math;
use crate::num::exp_sum::ExpSum;
use crate::num::{Exact, Rational, Undecided};
use crate::report::{Answer, Row};

/// A value, or the reason why it could not be settled.
pub(in crate::kinds) fn settled(value: Result<Exact, Undecided>) -> Answer {
    match value {
        Ok(value) => value.into(),
        Err(why) => Answer::Undecided { reason: why.reason },
    }
}

/// Rows in order: p, J, the formula of the gradient, the gradient, its sum.
pub fn solve(given: &Given) -> Vec<Row> {
    // `Given` promises a true class among the logits.
    let Some(loss) = SoftmaxLoss::new(&given.logits, given.classes.index) else { return Vec::new() };
    let p: Vec<Exact> = loss.probabilities().map(|n| loss.number(n)).collect();
    let gradient: Vec<Exact> = loss.gradient().map(|n| loss.number(n)).collect();
    let sum = loss.number(ExpSum::from_terms(loss.gradient().flat_map(|n| n.terms().to_vec())));
    let j = loss.loss();

    let mut rows = vec![
        Row::new("p", "probabilities", p.clone())
            .symbol(Math::sym("p_hat"))
            .with_decimal()
            .remark(counted(given)),
        Row::new("J", "cross-entropy loss", settled(j.clone())).symbol(Math::sym("J")).with_decimal(),
        Row::new("gradient-formula", "gradient in letters", Expr::var("p_i") - Expr::var("delta_i"))
            .known_as(Math::partial(Math::sym("J"), Math::sym("theta_i")))
            .remark("δᵢ is 1[i = y]: 1 for the true class, 0 for every other."),
        Row::new("gradient", "gradient", gradient.clone())
            .known_as(Math::partial(Math::sym("J"), Math::sym("theta")))
            .with_decimal()
            .remark(tells(given)),
        Row::new("gradient-sum", "sum of the gradient", sum).remark(
            "It is 0 for any logits: adding one number to all of them changes no probability, so J does not change.",
        ),
    ];
    let written = [
        steps::probabilities(&given.logits, &p, given.digits),
        steps::loss(&given.logits, &given.classes, j.as_ref().ok(), given.digits),
        steps::show_gradient(),
        steps::gradient(&given.classes, &p, &gradient, given.digits),
        steps::gradient_sum(),
    ];
    for (row, steps) in rows.iter_mut().zip(written) {
        row.steps = steps;
    }
    rows
}

/// Which logit the true class has, since classes may be counted from anywhere.
fn counted(given: &Given) -> String {
    let classes = &given.classes;
    let zero = Rational::zero();
    let theta = given.logits.get(classes.index).unwrap_or(&zero);
    format!(
        "Classes are counted from {}, so the true class y = {} is entry {} of {}, with logit {theta}.",
        classes.first,
        classes.true_class(),
        classes.index + 1,
        classes.count
    )
}

/// What the signs of the gradient say.
fn tells(given: &Given) -> String {
    if given.classes.count == 1 {
        return "With one class its probability is 1 whatever its logit, so nothing is left to learn."
            .to_owned();
    }
    let spread = given.logits.iter().max().zip(given.logits.iter().min()).map(|(a, b)| a - b);
    let all_equal = spread.is_some_and(|s| !s.is_positive());
    let and = if all_equal { ", by the same amount for each other class" } else { "" };
    format!(
        "Only the entry of the true class {} is negative: a step against the gradient raises its logit and lowers \
         all others{and}.",
        given.classes.true_class()
    )
}
