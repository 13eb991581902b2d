//! Wrong values that people give for softmax and cross-entropy live here, each with its name.

use super::given::{Classes, Given};
use super::loss::SoftmaxLoss;
use crate::kinds::Mistake;
use crate::num::{Exact, Rational};
use crate::report::Value;

/// Mistakes, without those that happen to give the right value.
#[derive(Default)]
pub struct Collected(Vec<Mistake>);

impl Collected {
    /// Adds a wrong value, unless it is the right one.
    pub fn add(
        &mut self,
        row: impl Into<String>,
        name: &str,
        wrong: impl Into<Value>,
        right: impl Into<Value>,
    ) {
        let value = wrong.into();
        if differ(&value, &right.into()) {
            self.0.push(Mistake { row: row.into(), name: name.to_owned(), value });
        }
    }

    /// All of them.
    pub fn into_mistakes(self) -> Vec<Mistake> {
        self.0
    }
}

/// Whether two values are surely different.
fn differ(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.equals(b) == Ok(false),
        (Value::List(a), Value::List(b)) => a.len() != b.len() || a.iter().zip(b).any(|(a, b)| differ(a, b)),
        (Value::Bool(a), Value::Bool(b)) => a != b,
        (Value::Formula(a), Value::Formula(b)) => crate::expr::equal(a, b) == Ok(false),
        _ => true,
    }
}

/// Mistakes about p, J and the gradient by the logits, whose row has the given id.
pub fn of_softmax(logits: &[Rational], classes: &Classes, gradient_row: &str, out: &mut Collected) {
    let Some(loss) = SoftmaxLoss::new(logits, classes.index) else { return };
    let numbers = |loss: &SoftmaxLoss| -> Vec<Exact> { loss.gradient().map(|n| loss.number(n)).collect() };
    let p: Vec<Exact> = loss.probabilities().map(|n| loss.number(n)).collect();
    let gradient = numbers(&loss);
    let powers: Vec<Exact> = logits.iter().map(Exact::exp).collect();
    out.add("p", "powers of e not divided by their sum", powers, p.clone());
    if let Ok(j) = loss.loss() {
        out.add("J", "the minus of −ln p forgotten", j.neg(), j.clone());
        for (i, name) in neighbours(classes) {
            if let Some(Ok(other)) = SoftmaxLoss::new(logits, i).map(|l| l.loss()) {
                out.add("J", name, other, j.clone());
            }
        }
    }
    let turned: Vec<Exact> = gradient.iter().map(Exact::neg).collect();
    out.add(gradient_row, "one-hot less p, not p less one-hot", turned, gradient.clone());
    out.add(gradient_row, "1 not subtracted at the true class", p, gradient.clone());
    for (i, name) in neighbours(classes) {
        if let Some(other) = SoftmaxLoss::new(logits, i) {
            out.add(gradient_row, name, numbers(&other), gradient.clone());
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
    out.into_mistakes()
}
