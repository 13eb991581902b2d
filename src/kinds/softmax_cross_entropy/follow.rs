//! How later rows of a softmax question follow from a person's earlier ones lives here.

use super::given::{Classes, Given};
use crate::kinds::Rule;
use crate::num::{Exact, Rational};
use crate::report::Value;

/// The most classes whose softmax is worked out from a person's logits.
const MAX_CLASSES: usize = 64;

/// The numbers of a list; `None` for what is no list of numbers.
pub(in crate::kinds) fn numbers(value: &Value) -> Option<Vec<&Exact>> {
    let Value::List(items) = value else { return None };
    items.iter().map(|i| if let Value::Number(x) = i { Some(x) } else { None }).collect()
}

/// The fractions of a list; `None` for what is no list of them.
pub(in crate::kinds) fn rationals(value: &Value) -> Option<Vec<Rational>> {
    numbers(value)?.into_iter().map(|x| x.as_rational().ok().flatten()).collect()
}

/// The value of a list as a whole.
pub(in crate::kinds) fn first<'a>(values: &[&'a Value]) -> Option<&'a Value> {
    values.first().copied()
}

/// p − onehot(y)
pub(in crate::kinds) fn gradient(p: &Value, classes: &Classes) -> Option<Value> {
    let one = Exact::one();
    let entry = |(i, p): (usize, &Exact)| if i == classes.index { p.sub(&one) } else { p.clone() };
    let p = numbers(p)?;
    (p.len() == classes.count).then(|| p.into_iter().enumerate().map(entry).collect::<Vec<_>>().into())
}

/// −ln p_y
pub(in crate::kinds) fn loss(p: &Value, classes: &Classes) -> Option<Value> {
    let p = numbers(p)?;
    let own = p.get(classes.index).filter(|_| p.len() == classes.count)?;
    Some(own.ln().ok()??.neg().into())
}

/// e^θᵢ/Σⱼ e^θⱼ, for fractions.
pub(in crate::kinds) fn softmax(theta: &Value) -> Option<Value> {
    let theta = rationals(theta).filter(|t| t.len() <= MAX_CLASSES)?;
    let loss = super::loss::SoftmaxLoss::new(&theta, 0)?;
    let p: Vec<Exact> = loss.probabilities().map(|n| loss.number(n)).collect();
    Some(p.into())
}

/// The sum of a list.
fn sum(values: &[&Value]) -> Option<Value> {
    let all = numbers(first(values)?)?;
    Some(all.into_iter().fold(Exact::zero(), |sum, x| sum.add(x)).into())
}

pub(super) fn rules(given: &Given) -> Vec<Rule<'_>> {
    let classes = &given.classes;
    vec![
        Rule::new("J", &["p"], |v| loss(first(v)?, classes)),
        Rule::new("gradient", &["p"], |v| gradient(first(v)?, classes)),
        Rule::new("gradient-sum", &["gradient"], sum),
    ]
}

/// Entry by entry, where both are as long.
pub(in crate::kinds) fn zipped(
    a: &Value,
    b: &Value,
    entry: impl Fn(&Exact, &Exact) -> Exact,
) -> Option<Value> {
    let (a, b) = (numbers(a)?, numbers(b)?);
    (a.len() == b.len()).then(|| a.into_iter().zip(b).map(|(a, b)| entry(a, b)).collect::<Vec<_>>().into())
}
