//! Powers as letters and shifts, each on its own.

use super::{given, row};
use crate::expr::{Expr, parse};
use crate::kinds::Problem;
use crate::num::{Exact, ratio};
use crate::report::{Evidence, Row, Status, judge};

fn second(problem: &dyn Problem) -> Vec<Evidence> {
    let mut said = problem.evidence();
    said.retain(|e| ["powers as letters", "shift"].contains(&e.source));
    said
}

#[test]
fn the_formula_holds_and_those_with_a_slip_are_refused_by_powers_as_letters() {
    for (logits, y) in
        [("0, 0.5, 0.25, 0.75", 2), ("2, 3", 0), ("1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13", 5)]
    {
        let given = given(logits, y, 0);
        let evidence = second(&given);
        let right = row(&given.solve(), "gradient-formula").clone();
        assert_eq!(judge(&right, &evidence, 4).1, Status::Holds);
        for slip in [
            "p_i",
            "p_i + delta_i",
            "delta_i - p_i",
            "-p_i",
            "p_i*(1 - p_i)",
            "p_i - 1",
            "p_i - delta_i/2",
            "p_i^2 - delta_i",
            "1 - p_i",
        ] {
            let wrong = Row { answer: parse(slip).unwrap().into(), ..right.clone() };
            assert_eq!(judge(&wrong, &evidence, 4).1, Status::Fails, "{slip}");
        }
        // The same in other letters or order is right.
        let same =
            Row { answer: Expr::sum([parse("p_i").unwrap(), parse("-delta_i").unwrap()]).into(), ..right };
        assert_eq!(judge(&same, &evidence, 4).1, Status::Holds);
    }
}

#[test]
fn one_class_has_the_one_case() {
    let given = given("3", 0, 0);
    let evidence = second(&given);
    for row in given.solve().iter().filter(|r| r.id.starts_with("gradient-")) {
        assert_eq!(judge(row, &evidence, 4).1, Status::Holds, "{}", row.id);
    }
}

#[test]
fn a_sum_that_is_not_zero_is_refused_by_the_shift() {
    for (logits, y) in [("0, 0.5, 0.25, 0.75", 2), ("40000, -40000", 1), ("\"1/3\", \"1/3\"", 0)] {
        let given = given(logits, y, 0);
        let evidence = second(&given);
        let right = row(&given.solve(), "gradient-sum").clone();
        assert_eq!(judge(&right, &evidence, 4).1, Status::Holds);
        let tiny = Exact::exp(&ratio(-40_000, 1));
        for wrong in [Exact::one(), Exact::one().neg(), ratio(1, 1_000_000).into(), tiny] {
            let wrong = Row { answer: wrong.into(), ..right.clone() };
            assert_eq!(judge(&wrong, &evidence, 4).1, Status::Fails);
        }
    }
}
