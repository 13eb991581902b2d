//! Wrong values are planted here, in every row of the built-in sheet and of every kind's example: no evidence that
//! settles a row may take one.

use backproof::expr::{self, Expr};
use backproof::num::{Exact, ratio};
use backproof::report::{Answer, Bounds, Evidence, Outcome, Row, Says, Status, Value, judge};
use num_traits::Signed;

use crate::support::{Posed, problems, sources};

// ---- what is planted -----------------------------------------------------------------------------

/// A wrong value, and what was done to the right one.
type Planted = (String, Value);

/// Whether two values are the same; `None` where that cannot be told.
fn same(a: &Value, b: &Value) -> Option<bool> {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => Some(a == b),
        (Value::Number(a), Value::Number(b)) => a.equals(b).ok(),
        (Value::Formula(a), Value::Formula(b)) => expr::equal(a, b).ok(),
        (Value::List(a), Value::List(b)) if a.len() == b.len() => {
            let each: Vec<Option<bool>> = a.iter().zip(b).map(|(a, b)| same(a, b)).collect();
            if each.contains(&Some(false)) {
                Some(false)
            } else if each.contains(&None) {
                None
            } else {
                Some(true)
            }
        }
        _ => Some(false),
    }
}

/// Every generic way to get a value wrong; those that happen to leave it as it is are left out.
fn wrong(value: &Value) -> Vec<Planted> {
    let mut all = of_one(value);
    if let Value::List(rows) = value
        && let Some(transposed) = transpose(rows)
    {
        all.push(("transposed".to_owned(), transposed));
    }
    all.retain(|(_, planted)| same(planted, value) == Some(false));
    all
}

fn of_one(value: &Value) -> Vec<Planted> {
    match value {
        Value::Bool(b) => vec![("the opposite".to_owned(), Value::Bool(!b))],
        Value::Formula(f) => vec![
            ("one more".to_owned(), Value::Formula(Expr::sum([f.clone(), Expr::integer(1)]))),
            ("the opposite".to_owned(), Value::Formula(f.negate())),
            ("twice as much".to_owned(), Value::Formula(Expr::product([Expr::integer(2), f.clone()]))),
        ],
        Value::Number(x) => {
            let nudged =
                if x.is_zero() == Ok(true) { ratio(1, 1000).into() } else { x.scale(&ratio(1001, 1000)) };
            vec![
                ("a thousandth more".to_owned(), Value::Number(nudged)),
                ("one more".to_owned(), Value::Number(x.add(&Exact::one()))),
                ("the sign".to_owned(), Value::Number(x.neg())),
            ]
        }
        Value::List(items) => of_list(items),
    }
}

fn of_list(items: &[Value]) -> Vec<Planted> {
    let mut all = Vec::new();
    for (i, item) in items.iter().enumerate() {
        for (what, planted) in of_one(item) {
            let mut list = items.to_vec();
            list[i] = planted;
            all.push((format!("entry {}: {what}", i + 1), Value::List(list)));
        }
        // The next entry that differs, in every pair of neighbours and of first and last.
        for j in [i + 1, items.len() - 1] {
            if j > i && j < items.len() {
                let mut list = items.to_vec();
                list.swap(i, j);
                all.push((format!("entries {} and {} swapped", i + 1, j + 1), Value::List(list)));
            }
        }
    }
    if let Some((last, rest)) = items.split_last() {
        all.push(("the last entry missing".to_owned(), Value::List(rest.to_vec())));
        let longer = [items, std::slice::from_ref(last)].concat();
        all.push(("the last entry twice".to_owned(), Value::List(longer)));
    } else {
        all.push(("an entry too many".to_owned(), Value::List(vec![Value::integer(1)])));
    }
    all
}

/// The transpose of a list of rows of one length; `None` of anything else.
fn transpose(rows: &[Value]) -> Option<Value> {
    let rows: Vec<&Vec<Value>> =
        rows.iter().map(|r| if let Value::List(r) = r { Some(r) } else { None }).collect::<Option<_>>()?;
    let width = rows.first()?.len();
    if rows.iter().any(|r| r.len() != width) {
        return None;
    }
    let column = |j: usize| Value::List(rows.iter().map(|r| r[j].clone()).collect());
    Some(Value::List((0..width).map(column).collect()))
}

// ---- who must refuse it --------------------------------------------------------------------------

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

/// Whether one piece of evidence alone says that the row holds.
fn alone_holds(row: &Row, evidence: &Evidence, digits: u32) -> bool {
    judge(row, std::slice::from_ref(evidence), digits).1 == Status::Holds
}

fn with(row: &Row, value: Value) -> Row {
    Row { answer: Answer::Value(value), ..row.clone() }
}

/// What takes a wrong value, if anything does.
fn takers(row: &Row, planted: &Planted, about: &[Evidence], digits: u32) -> Vec<String> {
    let Some(right) = row.answer.value() else { return Vec::new() };
    let (what, value) = planted;
    let wrong = with(row, value.clone());
    let mut taken = Vec::new();
    for evidence in about.iter().filter(|e| alone_holds(row, e, digits)) {
        let must_refuse = match &evidence.says {
            Says::Within(bounds) | Says::Printed(bounds) => leaves(bounds, right, value),
            // What such evidence is about is the formula beside the number; that is planted apart.
            Says::Formula(_) => matches!(right, Value::Formula(_)),
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
        let holds = judge(row, &about, posed.digits).1 == Status::Holds;
        match &row.answer {
            Answer::Value(value) if holds => {
                for planted in wrong(value) {
                    count += 1;
                    taken.extend(takers(row, &planted, &about, posed.digits));
                }
                let none = Row { answer: Answer::absent("planted"), ..row.clone() };
                if judge(&none, &about, posed.digits).1 != Status::Fails {
                    taken.push(format!("{}: that there is none is not refused", row.id));
                }
            }
            Answer::Absent { .. } if holds => {
                for value in
                    [Value::integer(0), Value::integer(1), Value::Bool(false), Value::List(Vec::new())]
                {
                    count += 1;
                    if judge(&with(row, value.clone()), &about, posed.digits).1 != Status::Fails {
                        taken.push(format!(
                            "{}: a value where there is none is not refused: {value:?}",
                            row.id
                        ));
                    }
                }
            }
            _ => {}
        }
        if let (Some(formula), true) = (&row.formula, holds) {
            for (what, planted) in of_one(&Value::Formula(formula.clone())) {
                let Value::Formula(planted) = planted else { continue };
                if expr::equal(&planted, formula) != Ok(false) {
                    continue;
                }
                count += 1;
                let beside = Row { formula: Some(planted), ..row.clone() };
                if judge(&beside, &about, posed.digits).1 != Status::Fails {
                    taken.push(format!("{}: the formula beside it, {what}: not refused", row.id));
                }
            }
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
                || row.answer.value().is_some_and(|v| same(v, &mistake.value) != Some(false))
            {
                continue;
            }
            let (_, status) = judge(&with(row, mistake.value.clone()), &evidence, posed.digits);
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

#[test]
fn the_generic_mistakes_change_a_value() {
    let numbers = Value::List(vec![Value::integer(0), Value::integer(2), Value::integer(2)]);
    let names: Vec<String> = wrong(&numbers).into_iter().map(|p| p.0).collect();
    assert!(names.contains(&"entry 1: a thousandth more".to_owned()));
    assert!(!names.contains(&"entry 1: the sign".to_owned()), "minus zero is zero");
    assert!(!names.contains(&"entries 2 and 3 swapped".to_owned()), "equal entries may be swapped");
    assert!(names.contains(&"the last entry missing".to_owned()));
    let symmetric = Value::List(vec![
        Value::List(vec![Value::integer(1), Value::integer(2)]),
        Value::List(vec![Value::integer(2), Value::integer(1)]),
    ]);
    assert!(!wrong(&symmetric).iter().any(|p| p.0 == "transposed"));
}
