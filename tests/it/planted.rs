//! Wrong values are planted here, in every row of the built-in sheet and of every kind's example: no evidence that
//! settles a row may take one. All changes are made, where the command chooses among many.

use backproof::num::Exact;
use backproof::report::planted::{Extent, Instead, Planted, changes};
use backproof::report::{Answer, Bounds, Evidence, Outcome, Row, Sampled, Says, Status, Value, judge};
use num_traits::Signed;

use crate::support::{Posed, problems, sources};

/// Every generic way to get a row wrong; those that happen to leave it as it is are left out.
fn wrong(row: &Row) -> Vec<Planted> {
    let all = changes(row, Extent::Every);
    all.iter().filter_map(|c| c.make(row)).filter(|planted| planted.differs == Some(true)).collect()
}

/// Whether a planted value leaves proved bounds for sure: its shape is another, or an entry moved by more than their
/// width.
fn leaves(bounds: &Bounds, right: &Value, planted: &Value) -> bool {
    match (bounds, right, planted) {
        (Bounds::Number(i), Value::Number(a), Value::Number(b)) => {
            let width = i.upper() - i.lower();
            let moved = a.sub(b).enclose(i.bits() + 64).unwrap();
            let least = if moved.contains_zero() { return false } else { moved.lower().abs() };
            least.min(moved.upper().abs()) > width
        }
        (Bounds::List(i), Value::List(a), Value::List(b)) if a.len() == b.len() && i.len() == a.len() => {
            i.iter().zip(a).zip(b).any(|((i, a), b)| leaves(i, a, b))
        }
        _ => true,
    }
}

/// Whether a planted value leaves what a sample takes for sure: it is no number, or it moved by more than the width.
fn strays(sample: &Sampled, right: &Value, planted: &Value) -> bool {
    let at = |value: &Value| match value {
        Value::Number(x) => x.as_rational().ok().flatten(),
        Value::Formula(f) => f.evaluate(&sample.with).ok(),
        _ => None,
    };
    match (at(right), at(planted)) {
        (Some(a), Some(b)) => (a - b).abs() > &sample.estimate.to - &sample.estimate.from,
        _ => true,
    }
}

/// Whether one piece of evidence alone says that the row holds.
fn alone_holds(row: &Row, evidence: &Evidence, digits: u32) -> bool {
    judge(row, std::slice::from_ref(evidence), digits).1 == Status::Holds
}

/// What takes a wrong value, if anything does.
fn takers(row: &Row, planted: &Planted, about: &[Evidence], digits: u32) -> Vec<String> {
    let (what, wrong) = (planted.what(), planted.row(row));
    let mut taken = Vec::new();
    for evidence in about.iter().filter(|e| alone_holds(row, e, digits)) {
        let must_refuse = match (&evidence.says, &row.answer, &planted.instead) {
            // The formula beside a number is what one kind of evidence speaks of, and nothing else does.
            (Says::Formula(_), Answer::Value(Value::Formula(_)), Instead::Answer(_)) => true,
            (Says::Formula(_), _, Instead::Answer(_)) | (_, _, Instead::Formula(_)) => false,
            (
                Says::Within(bounds) | Says::Printed(bounds),
                Answer::Value(right),
                Instead::Answer(Answer::Value(value)),
            ) => leaves(bounds, right, value),
            (Says::Consistent(samples), Answer::Value(right), Instead::Answer(Answer::Value(value))) => {
                samples.iter().any(|s| strays(s, right, value))
            }
            _ => true,
        };
        if must_refuse && alone_holds(&wrong, evidence, digits) {
            taken.push(format!("{}: {what}: taken by {}", row.id, evidence.source));
        }
    }
    let (verdicts, status) = judge(&wrong, about, digits);
    if status != Status::Fails {
        let heard: Vec<String> = verdicts.iter().map(|v| format!("{}: {:?}", v.source, v.outcome)).collect();
        taken.push(format!("{}: {what}: {status:?} ({})", row.id, heard.join("; ")));
    }
    taken
}

fn check(posed: &Posed) -> (usize, Vec<String>) {
    let (rows, evidence) = (posed.problem.solve(), posed.problem.evidence());
    let (mut count, mut taken) = (0, Vec::new());
    for row in &rows {
        let about: Vec<Evidence> = evidence.iter().filter(|e| e.concerns(row)).cloned().collect();
        if judge(row, &about, posed.digits).1 != Status::Holds {
            continue;
        }
        for planted in wrong(row) {
            count += 1;
            taken.extend(takers(row, &planted, &about, posed.digits));
        }
    }
    (count, taken.into_iter().map(|t| format!("{}: {t}", posed.name)).collect())
}

#[test]
fn every_generic_mistake_is_refused() {
    let mut all = 0;
    let mut taken = Vec::new();
    for posed in sources().into_iter().flat_map(problems) {
        let (count, some) = check(&posed);
        all += count;
        taken.extend(some);
    }
    assert!(
        taken.is_empty(),
        "{} of {all} planted values are not refused:\n{}",
        taken.len(),
        taken.join("\n")
    );
    assert!(all > 1000, "only {all} values were planted");
}

#[test]
fn every_usual_mistake_is_refused() {
    let mut faults = Vec::new();
    for posed in sources().into_iter().flat_map(problems) {
        let (rows, evidence) = (posed.problem.solve(), posed.problem.evidence());
        for mistake in posed.problem.mistakes() {
            let name = format!("{}: {}: {}", posed.name, mistake.row, mistake.name);
            let Some(row) = rows.iter().find(|r| r.id == mistake.row) else {
                faults.push(format!("{name}: there is no such row"));
                continue;
            };
            if matches!(row.answer, Answer::NotRun { .. })
                || row.answer.value().is_some_and(|v| v.same(&mistake.value) != Some(false))
            {
                continue;
            }
            let wrong = Row { answer: Answer::Value(mistake.value.clone()), ..row.clone() };
            let (_, status) = judge(&wrong, &evidence, posed.digits);
            if status != Status::Fails {
                faults.push(format!("{name}: {status:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_holds_is_not_refused_by_any_of_its_evidence() {
    for posed in sources().into_iter().flat_map(problems) {
        let evidence = posed.problem.evidence();
        for row in posed.problem.solve() {
            for verdict in judge(&row, &evidence, posed.digits).0 {
                let fails = matches!(verdict.outcome, Outcome::Fails(_));
                assert!(!fails, "{}: {}: {verdict:?}", posed.name, row.id);
            }
        }
    }
}

fn names(value: Value) -> Vec<String> {
    wrong(&Row::new("row", "row", value)).iter().map(Planted::what).collect()
}

#[test]
fn the_generic_mistakes_change_a_value() {
    let numbers = Value::List(vec![Value::integer(0), Value::integer(2), Value::integer(2)]);
    let made = names(numbers);
    for name in [
        "entry 1: a thousandth more",
        "the last entry missing",
        "entries 1 and 3 swapped",
        "every sign",
        "that there is none",
    ] {
        assert!(made.iter().any(|n| n == name), "{name} is not in {made:?}");
    }
    assert!(!made.contains(&"entry 1: the sign".to_owned()), "minus zero is zero");
    assert!(!made.contains(&"entries 2 and 3 swapped".to_owned()), "equal entries may be swapped");
    let symmetric = Value::List(vec![
        Value::List(vec![Value::integer(1), Value::integer(2)]),
        Value::List(vec![Value::integer(2), Value::integer(1)]),
    ]);
    let made = names(symmetric);
    assert!(!made.contains(&"transposed".to_owned()));
    assert!(made.contains(&"row 2: entries 1 and 2 swapped".to_owned()), "{made:?}");
    assert_eq!(
        names(Exact::one().into()),
        ["a thousandth more", "one more", "the sign", "that there is none"]
    );
}
