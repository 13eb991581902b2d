//! Wrong values that people give for softmax and cross-entropy live here, each with its name.

use super::given::{Classes, Given};
use super::loss::SoftmaxLoss;
use crate::expr::Expr;
use crate::kinds::Mistake;
use crate::num::real::Real;
use crate::num::{Exact, Rational};
use crate::report::Value;

/// Mistakes as they are collected. One may give the right value for these numbers; it is told by comparing.
#[derive(Default)]
pub struct Collected(Vec<Mistake>);

impl Collected {
    /// Adds a wrong value, unless it is there under this name.
    pub fn add(&mut self, row: impl Into<String>, name: &str, value: impl Into<Value>) {
        let (row, value) = (row.into(), value.into());
        let known = |m: &Mistake| m.row == row && m.name == name && m.value.same(&value) == Some(true);
        if !self.0.iter().any(known) {
            self.0.push(Mistake { row, name: name.to_owned(), value });
        }
    }

    /// All of them.
    pub fn into_mistakes(self) -> Vec<Mistake> {
        self.0
    }
}

/// Mistakes about p, J and the gradient by the logits, whose row has the given id.
pub fn of_softmax(logits: &[Rational], classes: &Classes, gradient_row: &str, out: &mut Collected) {
    let Some(loss) = SoftmaxLoss::new(logits, classes.index) else { return };
    let numbers = |loss: &SoftmaxLoss| -> Vec<Exact> { loss.gradient().map(|n| loss.number(n)).collect() };
    let p: Vec<Exact> = loss.probabilities().map(|n| loss.number(n)).collect();
    let gradient = numbers(&loss);
    let powers: Vec<Exact> = logits.iter().map(Exact::exp).collect();
    out.add("p", "powers of e not divided by their sum", powers);
    if let Ok(j) = loss.loss() {
        out.add("J", "the minus of −ln p forgotten", j.neg());
        for (base, name) in [(10, "the logarithm to base 10"), (2, "the logarithm to base 2")] {
            if let Ok(Some(ln)) = Exact::integer(base).ln() {
                let quotient = Real::quotient(Real::exact(j.clone()), Real::exact(ln));
                out.add("J", name, Exact::from(quotient));
            }
        }
        if let Some(p) = p.get(classes.index) {
            out.add("J", "the probability in place of −ln of it", p.clone());
            out.add("J", "1 − p in place of −ln p", Exact::one().sub(p));
        }
        if let Some(theta) = logits.get(classes.index) {
            out.add("J", "minus the logit, the sum of powers of e left out", -theta);
        }
        for (i, name) in neighbours(classes) {
            if let Some(Ok(other)) = SoftmaxLoss::new(logits, i).map(|l| l.loss()) {
                out.add("J", name, other);
            }
        }
    }
    let turned: Vec<Exact> = gradient.iter().map(Exact::neg).collect();
    out.add(gradient_row, "one-hot less p, not p less one-hot", turned);
    // Every entry with 1 taken off, not the true one alone.
    let all: Vec<Exact> = p.iter().map(|p| p.sub(&Exact::one())).collect();
    out.add(gradient_row, "1 subtracted at every class", all);
    let one_hot: Vec<Rational> =
        (0..logits.len()).map(|i| Rational::from_integer(i64::from(i == classes.index).into())).collect();
    out.add(gradient_row, "the one-hot vector alone", one_hot);
    out.add(gradient_row, "1 not subtracted at the true class", p);
    for (i, name) in neighbours(classes) {
        if let Some(other) = SoftmaxLoss::new(logits, i) {
            out.add(gradient_row, name, numbers(&other));
        }
    }
}

/// The classes that are taken for the true one by counting from another number.
fn neighbours(classes: &Classes) -> Vec<(usize, &'static str)> {
    let before = classes.index.checked_sub(1).map(|i| (i, "classes counted from one more"));
    let after =
        Some(classes.index + 1).filter(|i| *i < classes.count).map(|i| (i, "classes counted from one less"));
    before.into_iter().chain(after).collect()
}

pub(super) fn mistakes(given: &Given) -> Vec<Mistake> {
    let mut out = Collected::default();
    of_softmax(&given.logits, &given.classes, "gradient", &mut out);
    let (p, delta) = (Expr::var("p_i"), Expr::var("delta_i"));
    for (name, wrong) in [
        ("1 not subtracted at the true class", p.clone()),
        ("one-hot less p, not p less one-hot", delta - p.clone()),
        ("1 subtracted at every class", p.clone() - Expr::integer(1)),
        ("the derivative of p alone", &p * (Expr::integer(1) - p.clone())),
    ] {
        out.add("gradient-formula", name, wrong);
    }
    out.add("gradient-sum", "1 not subtracted at the true class", Exact::one());
    out.into_mistakes()
}
