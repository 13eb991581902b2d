//! Wrong values that people give for what takes a run live here: an image miscounted, another model, another set of
//! images, another epoch. Only a recipe with a record has them.

use super::given::Given;
use crate::kinds::Mistake;
use crate::num::Rational;
use crate::record::Trained;
use crate::report::Value;

/// The mistakes of all rows that take a run.
pub(super) fn mistakes(given: &Given) -> Vec<Mistake> {
    let Some(run) = &given.runs.run else { return Vec::new() };
    let (record, images) = (&run.record, run.record.images);
    let mut all = Vec::new();
    let share = |right: u64, of: u64| Value::from(Rational::new(right.into(), of.max(1).into()));
    for trained in &record.models {
        for (what, on_test) in [("train", false), ("test", true)] {
            let row = format!("{}.{what}-accuracy", trained.name);
            let of = if on_test { images.test } else { images.train };
            let count = |t: &Trained, back: usize| {
                let at = t.epochs.len().checked_sub(back)?;
                t.epochs.get(at).map(|e| if on_test { e.test } else { e.train })
            };
            let Some(right) = count(trained, 1) else { continue };
            let mut add = |name: String, value: Value| all.push(Mistake { row: row.clone(), name, value });
            add("an image too many".to_owned(), share(right.saturating_add(1), of));
            if let Some(fewer) = right.checked_sub(1) {
                add("an image too few".to_owned(), share(fewer, of));
            }
            if let Some(last) = trained.last() {
                let (name, value) = if on_test {
                    ("the training accuracy", share(last.train, images.train))
                } else {
                    ("the test accuracy", share(last.test, images.test))
                };
                add(name.to_owned(), value);
            }
            if let Some(before) = count(trained, 2) {
                add("the epoch before the last".to_owned(), share(before, of));
            }
            for other in record.models.iter().filter(|m| m.name != trained.name) {
                if let Some(right) = count(other, 1) {
                    add(format!("the accuracy of {}", other.name), share(right, of));
                }
            }
        }
    }
    if given.models.len() > 1 {
        all.extend(given.models.iter().map(|model| Mistake {
            row: "better".to_owned(),
            name: format!("the model {}", model.name),
            value: Value::Name(model.name.clone()),
        }));
    }
    all
}
