//! How the number of updates follows from a person's number of batches lives here.

use super::given::Given;
use crate::kinds::Rule;
use crate::num::{Integer, Rational};
use crate::report::Value;

pub(super) fn rules(given: &Given) -> Vec<Rule<'_>> {
    let epochs = Rational::from_integer(Integer::from(given.epochs));
    vec![Rule::new("updates", &["batches"], move |v| match v.first()? {
        Value::Number(x) => Some(x.scale(&epochs).into()),
        _ => None,
    })]
}
