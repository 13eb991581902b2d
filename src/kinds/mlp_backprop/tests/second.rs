//! Path sums and integers, each on its own: they take the right values of random networks and refuse wrong ones, those
//! of a forward pass with a slip among them.

use num_traits::{Signed, Zero};
use proptest::prelude::*;

use super::super::evidence::{integers, paths};
use super::{assignment, deep, network, rationals, wide};
use crate::kinds::Problem;
use crate::kinds::mlp_backprop::Given;
use crate::kinds::softmax_cross_entropy::tests::{row, spoiled};
use crate::num::{Rational, ratio};
use crate::report::{Answer, Evidence, Row, Status, judge};

fn second(problem: &dyn Problem) -> Vec<Evidence> {
    let mut said = problem.evidence();
    said.retain(|e| ["path sums", "integers"].contains(&e.source));
    said
}

/// Rows of the forward pass hold by the second way alone, and wrong values are refused by it.
fn check(given: &Given, source: &str) {
    let evidence = second(given);
    assert!(evidence.iter().all(|e| e.source == source), "{evidence:?}");
    let rows = given.solve();
    for about in &evidence {
        assert!(about.detail.chars().count() <= 40, "{}", about.detail);
        let row = row(&rows, &about.row);
        assert_eq!(judge(row, &evidence, 4).1, Status::Holds, "{}", row.id);
        for wrong in spoiled(row.answer.value().unwrap()) {
            let planted = Row { answer: Answer::Value(wrong.clone()), ..row.clone() };
            assert_eq!(judge(&planted, &evidence, 4).1, Status::Fails, "{}: {wrong:?}", row.id);
        }
    }
}

#[test]
fn planted_errors_are_refused_by_the_second_way_alone() {
    check(&assignment(0), "path sums");
    check(&deep(), "path sums");
    check(&wide(&[16, 32, 10]), "path sums");
    // 21 + 20·(1 + 20·(1 + 20·(1 + 20·21))) paths a unit of the last layer: too many.
    check(&wide(&[20, 20, 20, 20, 4]), "integers");
}

/// Pre-activations and outputs of a forward pass; `slip` does to each pre-activation what the ReLU should.
fn passed(
    given: &Given,
    bias: bool,
    transposed: bool,
    slip: fn(&Rational) -> Rational,
) -> Vec<Vec<Rational>> {
    let mut signal = given.input.clone();
    let mut all = Vec::new();
    for layer in &given.layers {
        let weight = |i: usize, j: usize| {
            let (i, j) = if transposed { (j, i) } else { (i, j) };
            layer.weights.get(i).and_then(|r| r.get(j)).cloned().unwrap_or_else(Rational::zero)
        };
        let unit = |(i, b): (usize, &Rational)| {
            let start = if bias { b.clone() } else { Rational::zero() };
            signal.iter().enumerate().fold(start, |sum, (j, h)| sum + weight(i, j) * h)
        };
        let z: Vec<Rational> = layer.bias.iter().enumerate().map(unit).collect();
        signal = z.iter().map(slip).collect();
        all.push(z);
    }
    all
}

#[test]
fn logits_of_a_pass_with_a_slip_are_refused() {
    let relu = |z: &Rational| z.max(&Rational::zero()).clone();
    for given in [deep(), wide(&[6, 5, 4]), wide(&[20, 20, 20, 20, 4])] {
        let evidence = second(&given);
        let rows = given.solve();
        let theta = row(&rows, "theta");
        for (name, pre) in [
            ("none", passed(&given, true, false, relu)),
            ("the bias forgotten", passed(&given, false, false, relu)),
            ("the weights transposed", passed(&given, true, true, relu)),
            ("the ReLU forgotten", passed(&given, true, false, Clone::clone)),
            ("the absolute value", passed(&given, true, false, Signed::abs)),
            (
                "a leak",
                passed(&given, true, false, |z| if z.is_negative() { z * ratio(1, 100) } else { z.clone() }),
            ),
            ("a shifted threshold", passed(&given, true, false, |z| z.max(&ratio(1, 10)).clone())),
        ] {
            let planted = Row { answer: pre.last().unwrap().clone().into(), ..theta.clone() };
            let want = if name == "none" { Status::Holds } else { Status::Fails };
            assert_eq!(judge(&planted, &evidence, 4).1, want, "{name}");
        }
    }
}

#[test]
fn a_unit_exactly_at_zero_is_off_and_at_a_kink() {
    let mut given = assignment(0);
    // 0.2·1 + 0.4·0.5 − 0.4 = 0 for unit 1; unit 2 stays below.
    given.layers.first_mut().unwrap().bias = vec![ratio(-2, 5), ratio(1, 5), ratio(1, 10)];
    check(&given, "path sums");
    assert_eq!(rationals(&given.solve(), "kinks"), [ratio(1, 1)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn paths_and_integers_agree_with_the_solver(given in network(), identity in 0usize..4) {
        let mut given = given;
        let hidden = given.layers.len() - 1;
        if let Some(layer) = given.layers.get_mut(identity).filter(|_| identity < hidden) {
            layer.relu = false;
        }
        let rows = given.solve();
        let mut want: Vec<Vec<Rational>> =
            (1..=hidden).map(|n| rationals(&rows, &format!("layer.{n}.z"))).collect();
        want.push(rationals(&rows, "theta"));
        prop_assert_eq!(&paths::found(&given).unwrap().pre, &want);
        prop_assert_eq!(&integers::found(&given).unwrap().pre, &want);
        let evidence = second(&given);
        for about in &evidence {
            prop_assert_eq!(judge(row(&rows, &about.row), &evidence, 4).1, Status::Holds);
        }
    }
}
