//! The second ways to a training recipe's rows, each on its own.

use proptest::prelude::*;

use super::super::evidence::halving::batches;
use super::{find, read};
use crate::kinds::Problem;
use crate::report::{Evidence, Row, Status, Value, judge};

fn second(problem: &dyn Problem) -> Vec<Evidence> {
    let mut said = problem.evidence();
    said.retain(|e| ["inequality", "epochs added", "weights counted", "pairs"].contains(&e.source));
    said
}

#[test]
fn every_row_that_takes_no_run_has_two_sources_and_wrong_values_are_refused_by_the_second_alone() {
    for (batch, epochs) in [(128, 10), (60_000, 1), (1, 3), (59_999, 7), (1000, 1)] {
        let given = read(&format!("models = [\"cnn\"]\nbatch = {batch}\nepochs = {epochs}")).unwrap();
        let (rows, all, evidence) = (given.solve(), given.evidence(), second(&given));
        for id in ["batches", "updates", "cnn.parameters", "better"] {
            let row = find(&rows, id);
            let (verdicts, status) = judge(row, &all, 4);
            assert_eq!((status, verdicts.len()), (Status::Holds, 2), "{id}: {verdicts:?}");
            assert!(verdicts.iter().all(|v| v.detail.chars().count() <= 40), "{id}: {verdicts:?}");
            assert_eq!(judge(row, &evidence, 4).1, Status::Holds, "{id}");
        }
        // Slips: the last batch dropped, one batch too many, an epoch forgotten, batch and epochs swapped.
        let (images, batches) = (60_000_i64, 60_000_i64.div_euclid(batch) + i64::from(60_000 % batch > 0));
        for (id, wrong, right) in [
            ("batches", images / batch, batches),
            ("batches", images / batch + 1, batches),
            ("batches", batch, batches),
            ("updates", batches * (epochs - 1), batches * epochs),
            ("updates", (images / batch) * epochs, batches * epochs),
            ("updates", batches + epochs, batches * epochs),
            ("cnn.parameters", 13_161, 13_162),
        ] {
            let row = Row { answer: Value::integer(wrong).into(), ..find(&rows, id).clone() };
            let want = if wrong == right { Status::Holds } else { Status::Fails };
            assert_eq!(judge(&row, &evidence, 4).1, want, "{id}: {wrong}");
        }
    }
}

proptest! {
    #[test]
    fn batches_are_the_quotient_rounded_up(images in 1..10_000_000_u64, batch in 1..70_000_u64) {
        prop_assert_eq!(batches(images, batch), u128::from(images.div_ceil(batch)));
    }
}
