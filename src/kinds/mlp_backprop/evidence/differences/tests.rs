//! Brackets around known and random gradients, planted errors, kinks.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::{evidence, evidence_within};
use crate::kinds::Problem;
use crate::kinds::mlp_backprop::given::{Given, Layer, Symbols};
use crate::kinds::softmax_cross_entropy::given::Classes;
use crate::num::{Exact, Rational, ratio};
use crate::report::{Answer, Bounds, Evidence, Outcome, Row, Says, Status, Value, judge};
use num_traits::{One, Zero};
use proptest::prelude::*;

fn layer(weights: Vec<Vec<Rational>>, bias: Vec<Rational>, relu: bool) -> Layer {
    let symbols = Symbols { weights: "W".into(), bias: "b".into(), pre: "z".into(), out: "h".into() };
    Layer { weights, bias, relu, symbols }
}

fn whole(rows: &[&[i64]]) -> Vec<Vec<Rational>> {
    rows.iter().map(|row| row.iter().map(|n| ratio(*n, 1)).collect()).collect()
}

fn network(input: Vec<Rational>, layers: Vec<Layer>, index: usize) -> Given {
    let classes = Classes { first: 0, count: layers.last().unwrap().bias.len(), index };
    Given { input, layers, classes, step: ratio(1, 10), digits: 4 }
}

fn zeros(n: usize) -> Vec<Rational> {
    vec![Rational::zero(); n]
}

fn power_of_two(n: u32) -> Rational {
    Rational::new(One::one(), num_bigint::BigInt::one() << n)
}

/// CS480/680 Spring 2026, assignment 2, question 2.2.
fn assignment() -> Given {
    let tenths = |rows: &[&[i64]]| -> Vec<Vec<Rational>> {
        rows.iter().map(|row| row.iter().map(|n| ratio(*n, 10)).collect()).collect()
    };
    let first =
        layer(tenths(&[&[2, 4], &[-3, 1], &[5, -2]]), vec![ratio(1, 10), ratio(1, 5), ratio(1, 10)], true);
    let second = layer(tenths(&[&[2, 0, -2], &[-3, 0, 3]]), zeros(2), false);
    network(vec![ratio(1, 1), ratio(1, 2)], vec![first, second], 0)
}

fn about<'a>(all: &'a [Evidence], row: &str) -> &'a Evidence {
    all.iter().find(|e| e.row == row).unwrap()
}

fn find<'a>(rows: &'a [Row], id: &str) -> &'a Row {
    rows.iter().find(|r| r.id == id).unwrap()
}

fn is_gradient(row: &Row) -> bool {
    row.id.contains("dJ-d")
}

/// Every gradient is settled to 20 decimals by its brackets alone.
fn all_gradients_hold(given: &Given) {
    let all = evidence(given);
    let mut heard = 0;
    for row in given.solve().iter().filter(|r| is_gradient(r)) {
        let one = about(&all, &row.id);
        let (verdicts, status) = judge(row, std::slice::from_ref(one), 20);
        assert_eq!(status, Status::Holds, "{}: {verdicts:?}", row.id);
        assert!(one.detail.chars().count() <= 40, "{}", one.detail);
        heard += 1;
    }
    assert_eq!(heard, all.len());
}

fn refused(row: &Row, value: Value, evidence: &Evidence) -> bool {
    let planted = Row { answer: Answer::Value(value), ..row.clone() };
    let outcome = judge(&planted, std::slice::from_ref(evidence), 4).0.remove(0).outcome;
    matches!(outcome, Outcome::Fails(_))
}

/// Copies of a value with each number in turn off by 10⁻¹⁵.
fn nudged(value: &Value) -> Vec<Value> {
    match value {
        Value::Number(x) => {
            let off = Exact::from(ratio(1, 1_000_000_000_000_000));
            vec![x.add(&off).into(), x.sub(&off).into()]
        }
        Value::List(items) => {
            let mut out = Vec::new();
            for (i, item) in items.iter().enumerate() {
                for bad in nudged(item) {
                    let mut copy = items.clone();
                    *copy.get_mut(i).unwrap() = bad;
                    out.push(Value::List(copy));
                }
            }
            out
        }
        _ => panic!("no numbers"),
    }
}

fn matrix(value: &Value) -> Vec<Vec<Value>> {
    let list = |v: &Value| if let Value::List(items) = v { items.clone() } else { panic!("no list") };
    list(value).iter().map(list).collect()
}

#[test]
fn the_assignment_by_hand() {
    let all = evidence(&assignment());
    // p = (1/2, 1/2), so ∂J/∂θ = (−1/2, 1/2); h = (1/2, 0, 1/2); Uᵀ(−1/2, 1/2) = (−1/4, 0, 1/4); unit 2 is off.
    let known: [(&str, &[(i64, i64)]); 8] = [
        ("dJ-dtheta", &[(-1, 2), (1, 2)]),
        ("layer.2.dJ-db", &[(-1, 2), (1, 2)]),
        ("layer.2.dJ-dW", &[(-1, 4), (0, 1), (-1, 4), (1, 4), (0, 1), (1, 4)]),
        ("layer.1.dJ-dh", &[(-1, 4), (0, 1), (1, 4)]),
        ("layer.1.dJ-dz", &[(-1, 4), (0, 1), (1, 4)]),
        ("layer.1.dJ-db", &[(-1, 4), (0, 1), (1, 4)]),
        ("layer.1.dJ-dW", &[(-1, 4), (-1, 8), (0, 1), (0, 1), (1, 4), (1, 8)]),
        ("layer.1.dJ-dh", &[(-1, 4), (0, 1), (1, 4)]),
    ];
    fn flat(bounds: &Bounds) -> Vec<crate::num::Interval> {
        match bounds {
            Bounds::Number(i) => vec![i.clone()],
            Bounds::List(all) => all.iter().flat_map(flat).collect(),
        }
    }
    for (row, values) in known {
        let e = about(&all, row);
        let Says::Within(bounds) = &e.says else { panic!("{row}: {:?}", e.says) };
        let brackets = flat(bounds);
        assert_eq!(brackets.len(), values.len(), "{row}");
        for (bracket, (a, b)) in brackets.iter().zip(values) {
            assert!(bracket.contains(&ratio(*a, *b)) && bracket.digits(99) >= 24, "{row}");
        }
        assert!(e.detail.starts_with("h = 2^-80, 2") && e.detail.ends_with(" digits agree"), "{}", e.detail);
    }
    assert_eq!(all.len(), 7);
    all_gradients_hold(&assignment());
}

#[test]
fn planted_errors_are_refused_by_the_brackets_alone() {
    let given = assignment();
    let all = evidence(&given);
    for row in given.solve().iter().filter(|r| is_gradient(r)) {
        let (value, one) = (row.answer.value().unwrap(), about(&all, &row.id));
        for bad in nudged(value) {
            assert!(refused(row, bad, one), "{}", row.id);
        }
        if row.id.ends_with("dW") {
            let rows = matrix(value);
            let width = rows.first().unwrap().len();
            let column = |j: usize| Value::List(rows.iter().map(|r| r.get(j).unwrap().clone()).collect());
            assert!(refused(row, Value::List((0..width).map(column).collect()), one), "{}", row.id);
            let mut rotated: Vec<Value> = rows.into_iter().map(Value::List).collect();
            rotated.rotate_left(1);
            assert!(refused(row, Value::List(rotated), one), "{}", row.id);
        }
    }
}

#[test]
fn a_step_that_would_cross_a_kink_is_shortened() {
    // z = 2^−100: h = 2^−80 turns the unit off, 2^−160 does not.
    let near = |z: Rational| {
        let first = layer(whole(&[&[0], &[1]]), vec![z, ratio(1, 1)], true);
        let second = layer(whole(&[&[2, 1], &[-1, 3]]), zeros(2), false);
        network(vec![ratio(1, 1)], vec![first, second], 0)
    };
    for z in [power_of_two(100), -power_of_two(100), power_of_two(700)] {
        all_gradients_hold(&near(z));
    }
    let all = evidence(&near(power_of_two(100)));
    assert_eq!(about(&all, "layer.1.dJ-dz").detail, "h = 2^-160, 48 digits agree");
    assert!(about(&all, "layer.1.dJ-dh").detail.starts_with("h = 2^-80"));
    // Past the limit nothing is said of what moves the unit, and all the rest still is.
    let all = evidence(&near(power_of_two(3000)));
    for row in ["layer.1.dJ-dz", "layer.1.dJ-db", "layer.1.dJ-dW"] {
        let e = about(&all, row);
        assert!(matches!(&e.says, Says::Nothing(why) if why.contains("2^-1280 may cross the kink")), "{e:?}");
    }
    for row in ["layer.1.dJ-dh", "layer.2.dJ-dW", "dJ-dtheta"] {
        assert!(matches!(about(&all, row).says, Says::Within(_)), "{row}");
    }
}

#[test]
fn slopes_that_differ_at_a_kink_are_told() {
    // 0.1·3 − 0.3·1 = 0: moving z_1, its bias or its weights meets a kink whose sides differ.
    let first = layer(
        vec![vec![ratio(1, 10), ratio(-3, 10)], vec![ratio(1, 5), ratio(7, 10)]],
        vec![ratio(0, 1), ratio(1, 10)],
        true,
    );
    let second = layer(whole(&[&[1, 2], &[-1, 3]]), zeros(2), false);
    let given = network(vec![ratio(3, 1), ratio(1, 1)], vec![first.clone(), second], 0);
    all_gradients_hold(&given);
    let all = evidence(&given);
    for (row, count) in [("layer.1.dJ-dz", 1), ("layer.1.dJ-db", 1), ("layer.1.dJ-dW", 2)] {
        assert_eq!(about(&all, row).detail, format!("no derivative in {count}: ReLU′(0) = 0"), "{row}");
    }
    assert!(about(&all, "layer.1.dJ-dh").detail.starts_with("h = 2^-80"));
    // What would be right on the other side of the kink is not the row's convention.
    let (rows, row) = (given.solve(), "layer.1.dJ-dz");
    let on_the_right = find(&rows, "layer.1.dJ-dh").answer.value().unwrap().clone();
    assert!(refused(find(&rows, row), on_the_right, about(&all, row)));

    // The unit's column is (1, 1): no softmax tells whether it is on, and the derivative exists.
    let second = layer(whole(&[&[1, 2], &[1, 3]]), zeros(2), false);
    let given = network(vec![ratio(3, 1), ratio(1, 1)], vec![first, second], 0);
    all_gradients_hold(&given);
    assert!(evidence(&given).iter().all(|e| e.detail.starts_with("h = 2^-80")));
}

#[test]
fn a_derivative_that_the_convention_misses_is_told() {
    // θ₁ = relu(t) − relu(−t) = t at t = 0: ∂J/∂t = −1/2 exists, and with relu′(0) = 0 it comes out as 0.
    let line = layer(whole(&[&[1]]), zeros(1), false);
    let folded = layer(whole(&[&[1], &[-1]]), zeros(2), true);
    let last = layer(whole(&[&[1, -1], &[0, 0]]), zeros(2), false);
    let given = network(zeros(1), vec![line, folded, last], 0);
    all_gradients_hold(&given);
    let all = evidence(&given);
    assert_eq!(about(&all, "layer.1.dJ-dz").detail, "another derivative in 1: ReLU′(0)=0");
    assert_eq!(about(&all, "layer.2.dJ-dz").detail, "no derivative in 2: ReLU′(0) = 0");
    // What comes into layer 1 is 0, so its weight moves nothing.
    assert_eq!(about(&all, "layer.1.dJ-dW").detail, "h = 2^-80, J does not change");
}

#[test]
fn equal_logits_may_make_slopes_equal() {
    // The kinked unit's column is (1, −1, 0): with θ₁ = θ₂ both have the same p, and what it adds cancels.
    let first = layer(whole(&[&[1]]), vec![ratio(-1, 1)], true);
    let last = |second: i64| {
        layer(whole(&[&[1], &[-1], &[0]]), vec![ratio(1, 1), ratio(second, 1), ratio(0, 1)], false)
    };
    let given = network(vec![ratio(1, 1)], vec![first.clone(), last(1)], 2);
    assert!(about(&evidence(&given), "layer.1.dJ-dz").detail.starts_with("h = 2^-80"));
    let given = network(vec![ratio(1, 1)], vec![first, last(2)], 2);
    assert_eq!(about(&evidence(&given), "layer.1.dJ-dz").detail, "no derivative in 1: ReLU′(0) = 0");
}

#[test]
fn a_unit_at_a_kink_that_stays_there_is_no_matter() {
    // t/3 − t/3 stays 0 however t moves, which enclosures of 1/3 do not see.
    let line = layer(whole(&[&[1]]), vec![ratio(1, 7)], false);
    let thirds = layer(vec![vec![ratio(1, 3)], vec![ratio(1, 3)]], zeros(2), false);
    let kinked = layer(whole(&[&[1, -1], &[1, 1]]), zeros(2), true);
    let last = layer(whole(&[&[1, -1], &[2, 1]]), zeros(2), false);
    let given = network(vec![ratio(2, 1)], vec![line, thirds, kinked, last], 1);
    all_gradients_hold(&given);
    let all = evidence(&given);
    assert!(about(&all, "layer.1.dJ-dz").detail.starts_with("h = 2^-80"));
    assert_eq!(about(&all, "layer.2.dJ-dz").detail, "no derivative in 2: ReLU′(0) = 0");
}

#[test]
fn numbers_of_any_size_and_many_digits() {
    let huge = ratio(10, 1).pow(30);
    let first = layer(vec![vec![huge.clone()], vec![-huge.recip()]], vec![ratio(1, 1), ratio(1, 1)], true);
    let second = layer(vec![vec![huge.recip(), huge], vec![ratio(1, 2), ratio(0, 1)]], zeros(2), false);
    all_gradients_hold(&network(vec![ratio(2, 3)], vec![first, second], 1));
    let mut given = assignment();
    given.digits = 300;
    let all = evidence(&given);
    for row in given.solve().iter().filter(|r| is_gradient(r)) {
        assert_eq!(
            judge(row, std::slice::from_ref(about(&all, &row.id)), 300).1,
            Status::Holds,
            "{}",
            row.id
        );
    }
}

#[test]
fn work_is_bounded_and_shared_steps_say_the_same() {
    let given = assignment();
    assert!(evidence_within(&given, 0).iter().all(|e| matches!(e.says, Says::Nothing(_))));
    // Six weights into layer 1 and six into layer 2; 200 bits are four words.
    let product = 16 + super::WORK_OF_A_PRODUCT;
    let own = (1..2000).find(|n| {
        let fine = crate::evidence::difference::Fineness::first(4);
        super::steps_of_their_own(&given, &super::Group::all(&given), &fine, n * product) == Some(true)
    });
    let shared = evidence_within(&given, (own.unwrap() - 1) * product);
    for row in given.solve().iter().filter(|r| is_gradient(r)) {
        let one = about(&shared, &row.id);
        assert_eq!(judge(row, std::slice::from_ref(one), 20).1, Status::Holds, "{}: {one:?}", row.id);
        for bad in nudged(row.answer.value().unwrap()) {
            assert!(refused(row, bad, one), "{}", row.id);
        }
    }
}

/// Random networks of one to four layers of one to six units; small numbers, so that kinks occur.
fn networks() -> impl Strategy<Value = Given> {
    let number = || (-6i64..7, 1i64..4).prop_map(|(a, b)| ratio(a, b));
    prop::collection::vec(1usize..7, 2..6)
        .prop_flat_map(move |widths| {
            let one = |from: usize, to: usize| {
                let weights = prop::collection::vec(prop::collection::vec(number(), from), to);
                (weights, prop::collection::vec(number(), to), any::<bool>())
            };
            let layers: Vec<_> = widths.windows(2).map(|w| one(w[0], w[1])).collect();
            (prop::collection::vec(number(), widths[0]), layers, 0usize..6)
        })
        .prop_map(|(input, layers, pick)| {
            let count = layers.len();
            let layers: Vec<Layer> = layers
                .into_iter()
                .enumerate()
                .map(|(at, (weights, bias, relu))| layer(weights, bias, relu && at + 1 < count))
                .collect();
            let outputs = layers.last().unwrap().bias.len();
            network(input, layers, pick % outputs)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn gradients_of_random_networks_lie_in_their_brackets(given in networks()) {
        all_gradients_hold(&given);
    }
}
