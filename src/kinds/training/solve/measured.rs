//! The rows that take a run are made here: accuracies and which model is better, from the record of one. Nothing is
//! trained, and what other runs gave is not looked at.

use super::super::given::{Given, Model, TOLERANCE};
use super::super::steps;
use super::label;
use crate::notation::{Math, Relation};
use crate::num::decimal::rational_decimal;
use crate::num::{Rational, ratio};
use crate::record::{Named, Trained};
use crate::report::{Answer, Row, Value};

/// What there is to be measured of a model: the id's end, the word, whether on the test set.
const ACCURACIES: [(&str, &str, bool); 2] = [("train", "training", false), ("test", "test", true)];

/// The rows of a model.
pub(super) fn accuracies(given: &Given, model: &Model) -> Vec<Row> {
    let run = given.runs.run.as_ref();
    let trained = run.and_then(|run| Some((run, run.record.model(&model.name)?)));
    ACCURACIES
        .iter()
        .map(|(what, words, on_test)| {
            let id = format!("{}.{what}-accuracy", model.name);
            let label = label(&model.name, &format!("{words} accuracy"));
            match trained {
                Some((run, trained)) => accuracy(given, run, trained, *on_test, id, label),
                None => Row::new(id, label, not_run(given)),
            }
        })
        .collect()
}

fn accuracy(given: &Given, run: &Named, trained: &Trained, on_test: bool, id: String, label: String) -> Row {
    let images = run.record.images;
    let last = trained.last();
    let (right, of, set) = if on_test {
        (last.map_or(0, |e| e.test), images.test, "test")
    } else {
        (last.map_or(0, |e| e.train), images.train, "training")
    };
    // A record that was read has images.
    let share = Rational::new(right.into(), of.max(1).into());
    let number = |n: u64| Math::num(Rational::from_integer(n.into()));
    let words = format!("Correct predictions of all {set} images, in evaluation mode after the last epoch.");
    let decimal = Math::Decimal(rational_decimal(&share, steps::DECIMALS));
    let chain = Math::frac(number(right), number(of)).then(Relation::Approx, decimal);
    let mut row = Row::new(id, label, Value::from(share)).with_decimal().tolerance(tolerance());
    if on_test {
        row = row.step(words, vec![chain]);
        row.steps.extend(steps::confused(given, trained));
    } else {
        row.steps.extend(steps::epochs(trained, images));
        row = row.step(words, vec![chain]);
    }
    row.remark(steps::origin(run))
}

fn tolerance() -> Rational {
    ratio(TOLERANCE.0, TOLERANCE.1)
}

/// Why an accuracy is missing.
fn not_run(given: &Given) -> Answer {
    let mut reason = "not trained here: no record of a run was found".to_owned();
    if !given.runs.unused.is_empty() {
        reason = format!("{reason}; {}", given.runs.unused.join("; "));
    }
    Answer::NotRun { reason }
}

/// Which model has the higher test accuracy.
pub(super) fn better(given: &Given) -> Row {
    let names: Vec<&str> = given.models.iter().map(|m| m.name.as_str()).collect();
    let mut row = match (&given.runs.run, names.as_slice()) {
        (_, [only]) => {
            let reason = format!("{only} is the only model, so there is nothing to compare");
            Row::new("better", "better model", Answer::absent(reason))
        }
        (None, _) => {
            let mut reason = format!(
                "it takes the test accuracies of {}, and no record of a run was found",
                names.join(", ")
            );
            if !given.runs.unused.is_empty() {
                reason = format!("{reason}; {}", given.runs.unused.join("; "));
            }
            return Row::new("better", "better model", Answer::NotRun { reason });
        }
        (Some(run), _) => compared(given, run),
    };
    for unused in &given.runs.unused {
        row = row.remark(format!("Not used: {unused}."));
    }
    row
}

fn compared(given: &Given, run: &Named) -> Row {
    let ranked = steps::ranked(given);
    let best = ranked.first().map_or(0, |r| r.test);
    let leaders: Vec<&str> =
        ranked.iter().filter(|r| r.test == best).map(|r| r.model.name.as_str()).collect();
    let answer = match leaders.as_slice() {
        [only] => Answer::Value(Value::Name((*only).to_owned())),
        several => Answer::absent(format!(
            "{} have the same test accuracy, {best} of {} images",
            several.join(" and "),
            run.record.images.test
        )),
    };
    let mut row = Row::new("better", "better model", answer);
    for sentence in steps::sentences(given) {
        row = row.step(sentence, Vec::new());
    }
    row.remark(steps::origin(run))
}
