//! The second ways to a layer table's rows, each on its own: it takes the right values of random networks and refuses
//! wrong ones, those of formulas with a slip among them.

use num_traits::Zero;
use proptest::prelude::*;

use super::super::evidence::counted::continued_fraction;
use super::super::evidence::inequality::Axis;
use super::{DENSE, find, layer, planted, problem, refused, sheet_of};
use crate::kinds::Problem;
use crate::num::{Integer, Rational};
use crate::report::{Evidence, Row, Status, Value, judge};

const SOURCES: [&str; 5] =
    ["inequality", "strides shared out", "last index", "weights counted", "continued fraction"];

/// What the second ways alone say.
fn second(problem: &dyn Problem) -> Vec<Evidence> {
    let mut said = problem.evidence();
    said.retain(|e| SOURCES.contains(&e.source));
    said
}

/// Every row with the second ways alone: it holds, and by which.
fn hold(problem: &dyn Problem) -> Vec<(Row, &'static str)> {
    let evidence = second(problem);
    let held = |row: Row| {
        let (verdicts, status) = judge(&row, &evidence, 4);
        assert_eq!((status, verdicts.len()), (Status::Holds, 1), "{}: {verdicts:?}", row.id);
        (row, verdicts.first().unwrap().source)
    };
    problem.solve().into_iter().map(held).collect()
}

const MIXED: &str = "Input(28x20x4) -> Conv(16, 5x3, stride=2, padding=1, groups=2) -> BatchNorm -> MaxPool(3x2, \
                     ceil=true) -> ReLU -> AvgPool(2) -> GlobalAvgPool -> Flatten -> Linear(10) -> Dropout(0.5) -> Linear(3)";

#[test]
fn planted_errors_are_refused_by_the_second_ways_alone() {
    let fields = format!("network = '{MIXED}'\ncompare = '{DENSE}'\nsame_count = '{DENSE}'");
    let large = "network = 'Input(30000x20000x2) -> Conv(3, 5x7, stride=2x3, padding=1) -> MaxPool(2)'";
    let mut used = std::collections::BTreeSet::new();
    for fields in [fields.as_str(), large] {
        let problem = sheet_of("", fields).unwrap();
        let evidence = second(&*problem);
        for (row, source) in hold(&*problem) {
            used.insert(source);
            for wrong in planted(row.answer.value().unwrap()) {
                assert!(refused(&row, wrong.clone(), &evidence), "{}: {wrong:?}", row.id);
            }
        }
        for mistake in problem.mistakes() {
            let row = find(&problem.solve(), &mistake.row).clone();
            assert!(refused(&row, mistake.value, &evidence), "{}: {}", mistake.row, mistake.name);
        }
    }
    assert_eq!(used.len(), SOURCES.len(), "{used:?}");
}

/// A size from n, k, s, p and d.
type Formula = fn(i64, i64, i64, i64, i64) -> i64;

#[test]
fn sizes_from_a_formula_with_a_slip_are_refused_by_the_inequality() {
    // (n, k, s, p, d) of height and width, and slips in 1 + ⌊(n + 2p − d(k − 1) − 1)/s⌋.
    let axes = [(31, 5, 3, 1, 2), (26, 3, 2, 2, 3)];
    let slips: [(&str, Formula); 10] = [
        ("none", |n, k, s, p, d| 1 + (n + 2 * p - d * (k - 1) - 1) / s),
        ("stride slipped by one", |n, k, s, p, d| 1 + (n + 2 * p - d * (k - 1) - 1) / (s + 1)),
        ("stride forgotten", |n, k, _, p, d| 1 + n + 2 * p - d * (k - 1) - 1),
        ("padding on one side", |n, k, s, p, d| 1 + (n + p - d * (k - 1) - 1) / s),
        ("padding forgotten", |n, k, s, _, d| 1 + (n - d * (k - 1) - 1) / s),
        ("dilation forgotten", |n, k, s, p, _| 1 + (n + 2 * p - k) / s),
        ("dilation of every tap", |n, k, s, p, d| 1 + (n + 2 * p - d * k) / s),
        ("rounded up", |n, k, s, p, d| 1 + (n + 2 * p - d * (k - 1) + s - 2) / s),
        ("the first window forgotten", |n, k, s, p, d| (n + 2 * p - d * (k - 1) - 1) / s),
        ("divided too late", |n, k, s, p, d| (n + 2 * p - d * (k - 1)) / s),
    ];
    let problem = problem("Input(31x26x2) -> Conv(7, 5x3, stride=3x2, padding=1x2, dilation=2x3)");
    let evidence = second(&*problem);
    let row = find(&problem.solve(), "layer.1.shape").clone();
    for (name, slip) in slips {
        let [h, w] = axes.map(|(n, k, s, p, d)| slip(n, k, s, p, d));
        let wrong = Value::List([h, w, 7].map(Value::integer).to_vec());
        assert_eq!(refused(&row, wrong, &evidence), name != "none", "{name}: {h}×{w}");
    }
}

#[test]
fn parameters_from_a_formula_with_a_slip_are_refused_by_counting() {
    // a·b·c_in·c_out/g + c_out of a kernel 5×3 over 8 channels in 2 groups, 6 filters.
    let problem = problem("Input(9x9x8) -> Conv(6, 5x3, groups=2)");
    let evidence = second(&*problem);
    let row = find(&problem.solve(), "layer.1.parameters").clone();
    for (name, wrong) in [
        ("none", 5 * 3 * 4 * 6 + 6),
        ("groups forgotten", 5 * 3 * 8 * 6 + 6),
        ("groups squared", 5 * 3 * 2 * 6 + 6),
        ("the kernel's sides added", (5 + 3) * 4 * 6 + 6),
        ("a square kernel", 5 * 5 * 4 * 6 + 6),
        ("a bias a channel", 5 * 3 * 4 * 6 + 8),
        ("a bias a weight", 2 * 5 * 3 * 4 * 6),
        ("biases left out", 5 * 3 * 4 * 6),
        ("one filter a group", 5 * 3 * 4 * 3 + 6),
    ] {
        assert_eq!(refused(&row, Value::integer(wrong), &evidence), name != "none", "{name}");
    }
}

/// The number of windows by trying one after the other; the input lies at 0, 1, ….
fn by_trying(axis: &Axis) -> u128 {
    let mut windows = 0;
    loop {
        let start = windows * axis.stride;
        let fits = start + axis.extent <= axis.padded;
        // PyTorch rounds up and takes a window back that starts past the input and the padding before it.
        let over =
            axis.ceil && start + axis.extent < axis.padded + axis.stride && start < axis.length + axis.before;
        if !fits && !over {
            return windows;
        }
        windows += 1;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_second_ways_hold_for_random_networks(
        (h, w, c) in (1..40_u64, 1..40_u64, 1..5_u64),
        layers in proptest::collection::vec(layer(), 1..4),
        groups in 1..4_u64,
    ) {
        let mut network = format!("Input({h}x{w}x{c}) -> Conv({}, 1) -> Conv({}, 1, groups={groups})", 2 * groups, 3 * groups);
        for layer in layers {
            let longer = format!("{network} -> {layer}");
            if crate::net::parse(&longer).is_ok_and(|n| crate::net::trace(&n).is_ok()) {
                network = longer;
            }
        }
        network += " -> Flatten -> Linear(5)";
        hold(&*sheet_of("", &format!("network = '{network}'\ncompare = 'Input(3) -> Linear(2)'")).unwrap());
    }

    #[test]
    fn strides_shared_out_hold_for_large_layers(
        (h, w) in (10_100..1_000_000_000_u64, 100..1_000_000_000_u64),
        (kernel, stride, padding, dilation) in (1..30_u64, 1..9_u64, 0..9_u64, 1..4_u64),
        ceil: bool, max: bool, groups in 1..3_u64,
    ) {
        let pool = format!("{}(4x3, stride={stride}, padding=1, ceil={ceil})", if max { "MaxPool" } else { "AvgPool" });
        let conv = format!("Conv({}, {kernel}x2, stride=1x{stride}, padding={padding}, dilation={dilation}, groups={groups})", 4 * groups);
        let rows = hold(&*problem(&format!("Input({h}x{w}x{}) -> {conv} -> {pool}", 2 * groups)));
        prop_assert!(rows.iter().any(|(row, source)| row.id == "layer.1.shape" && *source == "strides shared out"));
    }

    #[test]
    fn inequality_division_and_trying_agree(
        length in 1..60_u128, extent in 1..30_u128, stride in 1..9_u128, before in 0..5_u128, after in 0..5_u128, ceil: bool,
    ) {
        let axis = Axis { length, before, padded: length + before + after, extent, stride, ceil };
        // Without ceil nothing hangs over, however much padding there is.
        let windows = by_trying(&axis);
        prop_assert_eq!(axis.by_inequality(), windows);
        prop_assert_eq!(axis.by_division().map_or(0, |d| d.0), windows);
    }

    #[test]
    fn the_last_convergent_is_the_quotient(a in any::<u64>(), b in 1..u64::MAX) {
        let (a, b) = (Integer::from(a), Integer::from(b));
        prop_assert_eq!(continued_fraction(&a, &b).map(|c| c.0), Some(Rational::new(a.clone(), b)));
        prop_assert!(continued_fraction(&a, &Integer::zero()).is_none());
    }
}
