//! Known answers, properties and planted errors of softmax questions.
#![allow(clippy::unwrap_used, clippy::panic)]

mod second;

use super::{Given, KIND};
use crate::kinds::Problem;
use crate::notation::{closed_form, plain};
use crate::num::{Exact, Rational, Rounding, ratio};
use crate::report::{Answer, Row, Status, Value, judge};
use crate::sheet::{Sheet, Source};
use proptest::prelude::*;

fn read(fields: &str) -> Result<Given, String> {
    let text = format!("[[question]]\nid = \"1\"\nkind = \"softmax-cross-entropy\"\n{fields}");
    let sheet = Sheet::parse(Source::new("test", &text)).unwrap();
    let entry = sheet.questions.first().unwrap();
    let given = Given::read(entry).map_err(|e| e.to_string())?;
    entry.finish(KIND.fields).map_err(|e| e.to_string())?;
    Ok(given)
}

fn given(logits: &str, true_class: u64, first: u64) -> Given {
    read(&format!("logits = [{logits}]\ntrue_class = {true_class}\nfirst_class = {first}\n")).unwrap()
}

pub(in crate::kinds) fn row<'a>(rows: &'a [Row], id: &str) -> &'a Row {
    rows.iter().find(|r| r.id == id).unwrap()
}

pub(in crate::kinds) fn numbers(row: &Row) -> Vec<Exact> {
    flat(row.answer.value().unwrap())
}

fn flat(value: &Value) -> Vec<Exact> {
    match value {
        Value::Number(x) => vec![x.clone()],
        Value::List(items) => items.iter().flat_map(flat).collect(),
        _ => panic!("no numbers"),
    }
}

pub(in crate::kinds) fn significant(row: &Row, n: u32) -> Vec<String> {
    numbers(row).iter().map(|x| x.decimal(Rounding::Significant(n)).unwrap()).collect()
}

fn decimals(row: &Row, n: u32) -> Vec<String> {
    numbers(row).iter().map(|x| x.decimal(Rounding::Digits(n)).unwrap()).collect()
}

pub(in crate::kinds) fn all_hold(problem: &dyn Problem) {
    let (rows, evidence) = (problem.solve(), problem.evidence());
    for row in &rows {
        let (verdicts, status) = judge(row, &evidence, 4);
        assert_eq!(status, Status::Holds, "{}: {verdicts:?}", row.id);
        assert!(!row.steps.is_empty(), "{} has no steps", row.id);
        assert!(row.label.chars().count() <= 24, "{}", row.label);
        for verdict in verdicts {
            assert!(verdict.detail.chars().count() <= 40, "{}", verdict.detail);
        }
    }
    for e in &evidence {
        assert!(rows.iter().any(|r| r.id == e.row), "evidence about no row: {}", e.row);
    }
}

/// Every number moved by a thousandth of itself or by 1, and with its sign turned.
pub(in crate::kinds) fn spoiled(value: &Value) -> Vec<Value> {
    match value {
        Value::Number(x) => {
            let mut out = vec![x.add(&Exact::one()).into(), x.scale(&ratio(1001, 1000)).into()];
            out.push(x.neg().into());
            out.retain(|v| matches!(v, Value::Number(y) if y.equals(x) != Ok(true)));
            out
        }
        Value::Bool(b) => vec![(!b).into()],
        Value::Name(name) => vec![Value::Name(format!("{name}x"))],
        Value::Formula(f) => vec![Value::Formula(f.negate()), Value::Formula(f + f)],
        Value::List(items) => {
            let mut out = Vec::new();
            for (i, item) in items.iter().enumerate() {
                for bad in spoiled(item) {
                    let mut copy = items.clone();
                    *copy.get_mut(i).unwrap() = bad;
                    out.push(Value::List(copy));
                }
            }
            let mut shorter = items.clone();
            if shorter.pop().is_some() {
                out.push(Value::List(shorter));
            }
            out
        }
    }
}

pub(in crate::kinds) fn planted_are_refused(problem: &dyn Problem) {
    let (rows, evidence) = (problem.solve(), problem.evidence());
    for row in rows {
        for bad in spoiled(row.answer.value().unwrap()) {
            let planted = Row { answer: Answer::Value(bad.clone()), ..row.clone() };
            assert_eq!(judge(&planted, &evidence, 4).1, Status::Fails, "{}: {bad:?}", row.id);
        }
    }
}

#[test]
fn the_assignment() {
    // CS480/680 Spring 2026, assignment 2, question 2.1; decimals by mpmath at 110 digits.
    let rows = given("0, 0.5, 0.25, 0.75", 2, 0).solve();
    assert_eq!(decimals(row(&rows, "p"), 4), ["0.1653", "0.2725", "0.2122", "0.3499"]);
    assert_eq!(decimals(row(&rows, "J"), 4), ["1.5500"]);
    assert_eq!(decimals(row(&rows, "gradient"), 4), ["0.1653", "0.2725", "-0.7878", "0.3499"]);
    let p = closed_form(numbers(row(&rows, "p")).first().unwrap()).unwrap();
    assert_eq!(plain(&p), "1/(1 + exp(1/4) + exp(1/2) + exp(3/4))");
    // The same question read with classes from 1.
    let rows = given("0, 0.5, 0.25, 0.75", 2, 1).solve();
    assert_eq!(decimals(row(&rows, "J"), 4), ["1.3000"]);
}

#[test]
fn known_answers() {
    // mpmath, 50 digits: 1/(1 + e), ln(1 + e).
    let rows = given("1000, 1001", 0, 0).solve();
    assert_eq!(
        significant(row(&rows, "p"), 30),
        ["0.268941421369995120748840758178", "0.731058578630004879251159241822"]
    );
    assert_eq!(significant(row(&rows, "J"), 30), ["1.31326168751822283404899549497"]);
    // Found by search (mpmath, 50 digits): p_0 lies 1e-31 above the tie 0.12345, J 1e-31 below 0.98765.
    let rows = given("\"-1.960157532008694624851567072505\", 0", 0, 0).solve();
    assert_eq!(decimals(row(&rows, "p"), 4).first().unwrap(), "0.1235");
    let rows = given("\"-0.521716599218494698719190385019\", 0", 0, 0).solve();
    assert_eq!(decimals(row(&rows, "J"), 4), ["0.9876"]);
    // One class: p = 1, J = 0, whatever the logit.
    let rows = given("\"5/3\"", 0, 0).solve();
    assert_eq!(decimals(row(&rows, "p"), 2), ["1.00"]);
    assert_eq!(numbers(row(&rows, "J")).first().unwrap().is_zero(), Ok(true));
    // Equal logits: p = 1/3, J = ln 3.
    let rows = given("7, 7, 7", 1, 0).solve();
    assert_eq!(numbers(row(&rows, "gradient")).get(1).unwrap().as_rational(), Ok(Some(ratio(-2, 3))));
    let j = closed_form(numbers(row(&rows, "J")).first().unwrap()).unwrap();
    assert_eq!(plain(&j), "log(3)");
}

#[test]
fn every_row_holds() {
    for (logits, y) in [("0, 0.5, 0.25, 0.75", 2), ("2, 2", 0), ("3", 0), ("200, 0", 1), ("40000, -40000", 0)]
    {
        all_hold(&given(logits, y, 0));
    }
}

#[test]
fn many_classes_hold() {
    let logits: Vec<String> = (0..120).map(|i| format!("\"{}/7\"", (i * 37) % 50)).collect();
    all_hold(&given(&logits.join(", "), 17, 0));
}

#[test]
fn planted_errors_are_refused() {
    planted_are_refused(&given("0, 0.5, 0.25, 0.75", 2, 0));
    planted_are_refused(&given("1, 1", 1, 0));
}

#[test]
fn wrong_input_is_refused_with_a_reason() {
    let refused = |fields: &str, part: &str| {
        let error = read(fields).unwrap_err();
        assert!(error.contains(part), "{error}");
    };
    refused("logits = [1, 2, 3, 4]\ntrue_class = 4", "classes are 0 to 3");
    refused("logits = [1, 2]\ntrue_class = 0\nfirst_class = 1", "classes are 1 to 2");
    refused("logits = [1, 2]\ntrue_class = 0.5", "no class `1/2`");
    refused("logits = [1, 2]\ntrue_class = -1", "no class `-1`");
    refused("logits = [1, 40001]\ntrue_class = 0", "limit of 40000");
    refused("logits = []\ntrue_class = 0", "empty");
    refused("logits = [1]\ntrue_clas = 0", "did you mean `true_class`");
    refused(&format!("logits = {:?}\ntrue_class = 0", vec![0; 1001]), "limit is 1000");
}

#[test]
fn the_example_reads_and_holds() {
    let sheet = Sheet::parse(Source::new("example", KIND.example)).unwrap();
    all_hold(&Given::read(sheet.questions.first().unwrap()).unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn all_rows_hold_and_probabilities_add_up(
        logits in prop::collection::vec((-40i64..40, 1i64..8), 1..7),
        pick in 0usize..7,
        digits in 0u32..12,
    ) {
        let logits: Vec<Rational> = logits.into_iter().map(|(a, b)| ratio(a, b)).collect();
        let mut given = given("0", 0, 0);
        given.classes.count = logits.len();
        given.classes.index = pick % logits.len();
        given.logits = logits;
        given.digits = digits;
        let rows = given.solve();
        let evidence = given.evidence();
        for row in &rows {
            let (verdicts, status) = judge(row, &evidence, digits);
            prop_assert_eq!(status, Status::Holds, "{}: {:?}", &row.id, verdicts);
        }
        let sum = numbers(row(&rows, "p")).iter().fold(Exact::zero(), |s, p| s.add(p));
        prop_assert_eq!(sum.as_rational(), Ok(Some(ratio(1, 1))));
    }
}

pub(in crate::kinds) fn mistakes_are_refused(problem: &dyn Problem) {
    let (rows, evidence, mistakes) = (problem.solve(), problem.evidence(), problem.mistakes());
    assert!(!mistakes.is_empty());
    for mistake in mistakes {
        let right = row(&rows, &mistake.row);
        // Some slips make no difference with some numbers.
        if right.answer.value().is_some_and(|v| v.same(&mistake.value) != Some(false)) {
            continue;
        }
        let planted = Row { answer: Answer::Value(mistake.value), ..right.clone() };
        assert_eq!(judge(&planted, &evidence, 4).1, Status::Fails, "{}: {}", mistake.row, mistake.name);
    }
}

#[test]
fn the_mistakes_that_people_make_are_refused() {
    mistakes_are_refused(&given("0, 0.5, 0.25, 0.75", 2, 0));
    mistakes_are_refused(&given("1, 1", 0, 0));
}
