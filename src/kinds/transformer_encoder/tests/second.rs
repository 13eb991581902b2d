//! Fan-in and dealing on their own: they take the right values of random encoders and refuse wrong ones, those of
//! formulas with a slip among them.

use proptest::prelude::*;

use super::{encoder, problem};
use crate::expr::Expr;
use crate::kinds::Problem;
use crate::num::{Exact, ratio};
use crate::report::{Answer, Evidence, Row, Status, Value, judge};

const SOURCES: [&str; 4] = ["fan-in", "fan-in in letters", "dealing", "heads in letters"];

fn second(problem: &dyn Problem) -> Vec<Evidence> {
    let mut said = problem.evidence();
    said.retain(|e| SOURCES.contains(&e.source));
    said
}

fn planted(row: &Row, value: Exact) -> Row {
    Row { answer: value.into(), ..row.clone() }
}

#[test]
fn planted_errors_are_refused_by_fan_in_alone() {
    for fields in [
        "d = 96\nheads = 3\nd_ff = 200\nlayers = 2\nfinal_norm = true\nbiases = [\"q\", \"ffn1\", \"norm\"]",
        "d = 12\nheads = 4\nd_ff = 5\nbiases = [\"attention\", \"feedforward\"]\nnorm = \"none\"",
    ] {
        let problem = problem(fields).unwrap();
        let evidence = second(&*problem);
        for row in problem.solve() {
            assert_eq!(judge(&row, &evidence, 4).1, Status::Holds, "{}", row.id);
            let Answer::Value(Value::Number(right)) = &row.answer else { panic!("{}", row.id) };
            let one = Exact::one();
            let more = [
                right.add(&one),
                right.sub(&one),
                right.add(&one).neg(),
                right.add(&one).scale(&ratio(1001, 1000)),
            ];
            for wrong in more {
                assert_eq!(judge(&planted(&row, wrong), &evidence, 4).1, Status::Fails, "{}", row.id);
            }
            let formula = row.formula.clone().unwrap();
            for wrong in
                [Expr::sum([formula.clone(), Expr::var("d")]), Expr::sum([formula, Expr::integer(1)])]
            {
                let row = row.clone().formula(wrong);
                assert_eq!(judge(&row, &evidence, 4).1, Status::Fails, "{}", row.id);
            }
        }
        for mistake in problem.mistakes() {
            let row = Row::new(mistake.row.clone(), "", mistake.value);
            assert_eq!(judge(&row, &evidence, 4).1, Status::Fails, "{}: {}", mistake.row, mistake.name);
        }
    }
}

#[test]
fn counts_from_a_formula_with_a_slip_are_refused_by_fan_in() {
    let problem =
        problem("d = 96\nheads = 3\nd_ff = 200\nlayers = 2\nbiases = [\"q\", \"o\", \"ffn1\", \"norm\"]")
            .unwrap();
    let evidence = second(&*problem);
    let (rows, d, h, f) = (problem.solve(), 96, 3, 200);
    for (id, name, value) in [
        ("attention", "none", 4 * d * d + 2 * d),
        ("attention", "a full matrix for each head", (3 * h + 1) * d * d + (h + 1) * d),
        ("attention", "one head only", 3 * d * (d / h) + d * d + 2 * d),
        ("attention", "no output projection", 3 * d * d + d),
        ("attention", "a bias everywhere", 4 * d * d + 4 * d),
        ("feedforward", "none", 2 * d * f + f),
        ("feedforward", "the bias of the other side", 2 * d * f + d),
        ("feedforward", "one matrix", d * f + f),
        ("norm", "none", 4 * d),
        ("norm", "one norm", 2 * d),
        ("norm", "no shift", 2 * d),
        ("total", "none", 2 * (4 * d * d + 2 * d + 2 * d * f + f + 4 * d)),
        ("total", "one layer", 4 * d * d + 2 * d + 2 * d * f + f + 4 * d),
        ("d_k", "none", d / h),
        ("d_k", "multiplied", d * h),
    ] {
        let row = rows.iter().find(|r| r.id == id).unwrap();
        let want = if name == "none" { Status::Holds } else { Status::Fails };
        assert_eq!(judge(&planted(row, Exact::integer(value)), &evidence, 4).1, want, "{id}: {name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn fan_in_holds_for_random_encoders(given in encoder()) {
        let evidence = second(&given);
        for row in given.solve() {
            let (verdicts, status) = judge(&row, &evidence, 4);
            prop_assert_eq!(status, Status::Holds, "{}: {:?}", &row.id, verdicts);
            prop_assert_eq!(verdicts.iter().filter(|v| v.holds()).count(), 2);
        }
    }
}
