//! Known answers, properties and planted errors of network questions.
#![allow(clippy::unwrap_used, clippy::panic)]

mod second;

use super::given::{Layer, Symbols};
use super::{Given, KIND};
use crate::kinds::Problem;
use crate::kinds::softmax_cross_entropy::given::Classes;
use crate::kinds::softmax_cross_entropy::tests::{
    all_hold, mistakes_are_refused, numbers, planted_are_refused, row, significant,
};
use crate::notation::{closed_form, plain};
use crate::num::{Rational, Rounding, ratio};
use crate::report::{Answer, Row, Status, Value, judge};
use crate::sheet::{Sheet, Source};
use num_traits::Signed;
use proptest::prelude::*;

fn read(fields: &str) -> Result<Given, String> {
    let text = format!("[[question]]\nid = \"1\"\nkind = \"mlp-backprop\"\n{fields}");
    let sheet = Sheet::parse(Source::new("test", &text)).unwrap();
    let entry = sheet.questions.first().unwrap();
    let given = Given::read(entry).map_err(|e| e.to_string())?;
    entry.finish(KIND.fields).map_err(|e| e.to_string())?;
    Ok(given)
}

/// CS480/680 Spring 2026, assignment 2, question 2.2.
fn assignment(y: u32) -> Given {
    read(&format!(
        r#"
input = [1, 0.5]
true_class = {y}
step = 0.1
[[question.layer]]
weights = [[0.2, 0.4], [-0.3, 0.1], [0.5, -0.2]]
bias = [0.1, 0.2, 0.1]
activation = "relu"
symbols = {{ weights = "W", bias = "b_1", pre = "z", out = "h" }}
[[question.layer]]
weights = [[0.2, 0, -0.2], [-0.3, 0, 0.3]]
bias = [0, 0]
symbols = {{ weights = "U", bias = "b_2", pre = "theta" }}
"#
    ))
    .unwrap()
}

fn rationals(rows: &[Row], id: &str) -> Vec<Rational> {
    numbers(row(rows, id)).iter().map(|x| x.as_rational().unwrap().unwrap()).collect()
}

fn ratios(pairs: &[(i64, i64)]) -> Vec<Rational> {
    pairs.iter().map(|(a, b)| ratio(*a, *b)).collect()
}

#[test]
fn the_assignment_by_hand() {
    let rows = assignment(0).solve();
    let check = |id: &str, want: &[(i64, i64)]| assert_eq!(rationals(&rows, id), ratios(want), "{id}");
    // W x + b = (0.2 + 0.2 + 0.1, -0.3 + 0.05 + 0.2, 0.5 - 0.1 + 0.1); unit 2 is off.
    check("layer.1.z", &[(1, 2), (-1, 20), (1, 2)]);
    check("layer.1.h", &[(1, 2), (0, 1), (1, 2)]);
    // h1 = h3 and the rows of U are (a, 0, -a): both logits are 0.
    check("theta", &[(0, 1), (0, 1)]);
    check("p", &[(1, 2), (1, 2)]);
    check("dead", &[(2, 1)]);
    assert!(rationals(&rows, "kinks").is_empty());
    check("dJ-dtheta", &[(-1, 2), (1, 2)]);
    check("layer.2.dJ-dW", &[(-1, 4), (0, 1), (-1, 4), (1, 4), (0, 1), (1, 4)]);
    check("layer.2.dJ-db", &[(-1, 2), (1, 2)]);
    // Uᵀ(-1/2, 1/2): -0.1 - 0.15, 0, 0.1 + 0.15.
    check("layer.1.dJ-dh", &[(-1, 4), (0, 1), (1, 4)]);
    check("layer.1.dJ-dz", &[(-1, 4), (0, 1), (1, 4)]);
    check("layer.1.dJ-dW", &[(-1, 4), (-1, 8), (0, 1), (0, 1), (1, 4), (1, 8)]);
    check("layer.1.dJ-db", &[(-1, 4), (0, 1), (1, 4)]);
    check("layer.1.W-next", &[(9, 40), (33, 80), (-3, 10), (1, 10), (19, 40), (-17, 80)]);
    check("layer.2.W-next", &[(9, 40), (0, 1), (-7, 40), (-13, 40), (0, 1), (11, 40)]);
    check("layer.1.b-next", &[(1, 8), (1, 5), (3, 40)]);
    check("layer.2.b-next", &[(1, 20), (-1, 20)]);
    let j = closed_form(numbers(row(&rows, "J")).first().unwrap()).unwrap();
    assert_eq!(plain(&j), "log(2)");
    assert!(closed_form(numbers(row(&rows, "J-next")).first().unwrap()).is_some());
}

#[test]
fn rows_stand_in_the_order_of_working() {
    let ids: Vec<String> = assignment(0).solve().into_iter().map(|r| r.id).collect();
    let want = "layer.1.z layer.1.h theta p J dead kinks dJ-dtheta layer.2.dJ-dW layer.2.dJ-db layer.1.dJ-dh \
                layer.1.dJ-dz layer.1.dJ-dW layer.1.dJ-db layer.1.W-next layer.1.b-next layer.2.W-next layer.2.b-next \
                J-next";
    assert_eq!(ids.join(" "), want);
}

#[test]
fn both_reasons_for_a_zero_are_told() {
    let rows = assignment(0).solve();
    let said = row(&rows, "layer.1.dJ-dz").remarks.join(" ");
    assert!(said.contains("Entry 2 is 0 for two reasons"), "{said}");
    assert!(said.contains("ReLU′ there is 0") && said.contains("column 2 of U is zero"), "{said}");
    let dead = row(&rows, "dead").remarks.join(" ");
    assert!(dead.contains("Unit 2 of layer 1 is dead") && dead.contains("< 0, so ReLU gives"), "{dead}");
    let still = row(&rows, "layer.1.W-next").remarks.join(" ");
    assert!(still.contains("Row 2 of W does not move"), "{still}");
    let still = row(&rows, "layer.2.W-next").remarks.join(" ");
    assert!(still.contains("Column 2 of U does not move"), "{still}");
}

#[test]
fn the_loss_after_the_step() {
    // mpmath, 45 digits, for the assignment's network read with y = 1.
    let rows = assignment(1).solve();
    assert_eq!(significant(row(&rows, "J-next"), 30), ["0.595330165161421903446905916929"]);
}

/// Depth 3, widths 5, 2, 4, denominators 3 and 7; found with mpmath at 45 digits.
fn deep() -> Given {
    read(
        r#"
input = ["1/3", "-2/7", "5/3", "-1"]
true_class = 3
step = "1/7"
[[question.layer]]
weights = [["4/3", "9/7", "-8/7", "2/3"], ["-5/3", "-9/7", "-3", "-2/7"], ["-3", "1", "-7/3", "8/7"],
  ["-5/3", "2/7", "4/7", "7/3"], ["-4/3", "-2", "-7/3", "9/7"]]
bias = ["2/7", "0", "1", "7/3", "-1/3"]
activation = "relu"
[[question.layer]]
weights = [["2/3", "2/3", "-2", "-7/3", "-8/3"], ["8/3", "-4/3", "-2/7", "-8/3", "3"]]
bias = ["0", "8/3"]
activation = "relu"
[[question.layer]]
weights = [["0", "-1"], ["8/7", "-1"], ["-4/7", "2/7"], ["9/7", "-6/7"]]
bias = ["-7/3", "0", "3", "0"]
"#,
    )
    .unwrap()
}

#[test]
fn a_deep_network() {
    let given = deep();
    let rows = given.solve();
    assert_eq!(
        rationals(&rows, "theta"),
        ratios(&[(-5503, 1323), (-2416, 1323), (32615, 9261), (-4832, 3087)])
    );
    assert_eq!(significant(row(&rows, "J"), 30), ["5.09836300400622043514762266485"]);
    assert_eq!(significant(row(&rows, "J-next"), 30), ["2.83805553949352688574389974107"]);
    assert_eq!(significant(row(&rows, "layer.1.dJ-dh"), 20).first().unwrap(), "3.0113143103221344466");
    all_hold(&given);
    planted_are_refused(&given);
}

#[test]
fn the_assignment_holds_and_planted_errors_are_refused() {
    for y in [0, 1] {
        all_hold(&assignment(y));
        planted_are_refused(&assignment(y));
    }
}

#[test]
fn a_matrix_transposed_or_with_rows_swapped_is_refused() {
    let given = deep();
    let (rows, evidence) = (given.solve(), given.evidence());
    let matrix =
        |v: &Value| -> Vec<Value> { if let Value::List(rows) = v { rows.clone() } else { panic!() } };
    for row in rows.iter().filter(|r| r.id.ends_with('W') || r.id.ends_with("W-next")) {
        let rows = matrix(row.answer.value().unwrap());
        let width = matrix(rows.first().unwrap()).len();
        let column = |j: usize| Value::List(rows.iter().map(|r| matrix(r).get(j).unwrap().clone()).collect());
        let transposed = Value::List((0..width).map(column).collect());
        let mut rotated = rows.clone();
        rotated.rotate_left(1);
        for bad in [transposed, Value::List(rotated)] {
            let planted = Row { answer: Answer::Value(bad), ..row.clone() };
            assert_eq!(judge(&planted, &evidence, 4).1, Status::Fails, "{}", row.id);
        }
    }
}

#[test]
fn a_pre_activation_that_is_zero_only_exactly_is_a_kink() {
    // 0.1·3 − 0.3·1 = 0; in binary floating point it is 5.6e-17.
    let given = read(
        "input = [3, 1]\ntrue_class = 0\nstep = 0.1\n[[question.layer]]\nweights = [[0.1, -0.3], [0.2, 0.7]]\n\
         bias = [0, 0.1]\nactivation = \"relu\"\n[[question.layer]]\nweights = [[1, 0.5], [-1, 0.25], [0.3, 0]]\n\
         bias = [0, 0, 0.1]\n",
    )
    .unwrap();
    let rows = given.solve();
    assert_eq!(rationals(&rows, "kinks"), ratios(&[(1, 1)]));
    assert!(rationals(&rows, "dead").is_empty());
    assert!(row(&rows, "kinks").remarks.join(" ").contains("by convention"));
    // mpmath, 45 digits.
    assert_eq!(significant(row(&rows, "J-next"), 30), ["0.631633490903635653040149666793"]);
    all_hold(&given);
}

#[test]
fn logits_far_apart() {
    // theta = (800, 0): p is 3.7e-348, and doubles make it 0.
    let given = read(
        "input = [1]\ntrue_class = 1\nstep = \"1/1000\"\n[[question.layer]]\nweights = [[100], [1]]\nbias = [0, 0]\n\
         activation = \"relu\"\n[[question.layer]]\nweights = [[8, 0], [0, 0]]\nbias = [0, 0]\n",
    )
    .unwrap();
    let rows = given.solve();
    assert_eq!(significant(row(&rows, "p"), 10).get(1).unwrap(), "3.667874584e-348");
    all_hold(&given);
}

#[test]
fn one_layer_is_logistic_regression() {
    let given = read(
        "input = [1, -2]\ntrue_class = 2\nfirst_class = 1\nstep = 0.5\n[[question.layer]]\nweights = [[1, 2], [0, 1]]\n\
         bias = [0, 1]\nactivation = \"identity\"\n",
    )
    .unwrap();
    all_hold(&given);
    planted_are_refused(&given);
    assert!(numbers(row(&given.solve(), "dead")).is_empty());
}

#[test]
fn wrong_input_is_refused_with_a_reason() {
    let net = |first: &str, second: &str| {
        read(&format!(
            "input = [1, 0.5]\ntrue_class = 0\nstep = 0.1\n[[question.layer]]\n{first}\n[[question.layer]]\n{second}\n"
        ))
        .unwrap_err()
    };
    let hidden = "weights = [[1, 2], [3, 4], [5, 6]]\nbias = [0, 0, 0]\nactivation = \"relu\"";
    let last = "weights = [[1, 2, 3], [4, 5, 6]]\nbias = [0, 0]";
    for (first, second, part) in [
        (
            hidden,
            "weights = [[1, 2, 3, 4], [1, 2, 3, 4]]\nbias = [0, 0]",
            "weights of layer 2 are 2×4 but layer 1 gives 3 outputs",
        ),
        (
            "weights = [[1], [2]]\nbias = [0, 0]\nactivation = \"relu\"",
            last,
            "weights of layer 1 are 2×1 but the input has 2 entries",
        ),
        (
            hidden,
            "weights = [[1, 2, 3], [4, 5, 6]]\nbias = [0]",
            "bias of layer 2 has length 1 but its weights are 2×3",
        ),
        (
            hidden,
            "weights = [[1, 2, 3], [4, 5, 6]]\nbias = [0, 0]\nactivation = \"relu\"",
            "layer 2 is the last",
        ),
        ("weights = [[1, 2]]\nbias = [0]", last, "only the last layer may leave it out"),
        ("weights = [[1, 2]]\nbias = [0]\nactivation = \"tanh\"", last, "`tanh` is not a known activation"),
        (
            "weights = [[1, 2]]\nbias = [0]\nactivation = \"relu\"\nsymbols = { pre = \"a b\" }",
            last,
            "not a name",
        ),
        (
            "weights = [[1, 2]]\nbias = [0]\nactivation = \"relu\"\nwieght = 1",
            last,
            "`wieght` is not a field",
        ),
    ] {
        let error = net(first, second);
        assert!(error.contains(part), "{error}");
    }
    let one = |head: &str| {
        read(&format!("{head}\n[[question.layer]]\nweights = [[1], [1]]\nbias = [0, 0]\n")).unwrap_err()
    };
    assert!(one("input = [1]\ntrue_class = 0\nstep = 0").contains("not positive"));
    assert!(one("input = [1]\ntrue_class = 2\nstep = 1").contains("classes are 0 to 1"));
    let long: String = (2..400).map(|i| format!("\"1/{}\", ", 1_000_003 * i + 1)).collect();
    let row = format!("[{long}1]");
    let head = format!("input = {row}\ntrue_class = 0\nstep = 1");
    let rows = format!("[{}]", vec![row.as_str(); 60].join(", "));
    let error = read(&format!("{head}\n[[question.layer]]\nweights = {rows}\nbias = {:?}\n", vec![0; 60]))
        .unwrap_err();
    assert!(error.contains("too much work"), "{error}");
}

#[test]
fn the_example_reads_and_holds() {
    let sheet = Sheet::parse(Source::new("example", KIND.example)).unwrap();
    all_hold(&Given::read(sheet.questions.first().unwrap()).unwrap());
}

/// A network with numbers that repeat but follow no simple pattern.
fn wide(widths: &[usize]) -> Given {
    let mut state = 7u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ratio(i64::try_from((state >> 33) % 41).unwrap() - 20, 100)
    };
    let input = (0..widths[0]).map(|_| draw()).collect();
    let layers = widths.windows(2).enumerate().map(|(at, w)| Layer {
        weights: (0..w[1]).map(|_| (0..w[0]).map(|_| draw()).collect()).collect(),
        bias: (0..w[1]).map(|_| draw()).collect(),
        relu: at + 2 < widths.len(),
        symbols: Symbols { weights: "W".into(), bias: "b".into(), pre: "z".into(), out: "h".into() },
    });
    let layers: Vec<Layer> = layers.collect();
    let classes = Classes { first: 0, count: widths[widths.len() - 1], index: 1 };
    Given { input, layers, classes, step: ratio(1, 10), digits: 4 }
}

#[test]
fn a_network_with_hundreds_of_parameters_holds() {
    let given = wide(&[16, 32, 10]);
    all_hold(&given);
    let rows = given.solve();
    let next = numbers(row(&rows, "J-next")).first().unwrap().clone();
    assert!(next.decimal(Rounding::Digits(30)).is_ok());
}

fn network() -> impl Strategy<Value = Given> {
    let number = || (-12i64..13, 1i64..6).prop_map(|(a, b)| ratio(a, b));
    prop::collection::vec(1usize..5, 2..5)
        .prop_flat_map(move |widths| {
            let layer = |(from, to): (usize, usize)| {
                (
                    prop::collection::vec(prop::collection::vec(number(), from), to),
                    prop::collection::vec(number(), to),
                )
            };
            let shapes: Vec<_> = widths.iter().copied().zip(widths.iter().copied().skip(1)).collect();
            let input = prop::collection::vec(number(), widths[0]);
            (input, shapes.into_iter().map(layer).collect::<Vec<_>>(), 0usize..4)
        })
        .prop_map(|(input, layers, pick)| {
            let count = layers.len();
            let layers: Vec<Layer> = layers
                .into_iter()
                .enumerate()
                .map(|(at, (weights, bias))| Layer {
                    weights,
                    bias,
                    relu: at + 1 < count,
                    symbols: Symbols {
                        weights: "W".into(),
                        bias: "b".into(),
                        pre: "z".into(),
                        out: "h".into(),
                    },
                })
                .collect();
            let outputs = layers.last().map_or(1, |l| l.bias.len());
            let classes = Classes { first: 0, count: outputs, index: pick % outputs };
            Given { input, layers, classes, step: ratio(1, 4), digits: 6 }
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn all_rows_of_random_networks_hold(given in network()) {
        all_hold(&given);
    }

    #[test]
    fn dead_and_kinked_units_pass_no_gradient(given in network()) {
        let rows = given.solve();
        for at in 1..given.layers.len() {
            let z = rationals(&rows, &format!("layer.{at}.z"));
            let slopes = numbers(row(&rows, &format!("layer.{at}.dJ-dz")));
            for (z, slope) in z.iter().zip(&slopes) {
                prop_assert!(z.is_positive() || slope.is_zero() == Ok(true));
            }
        }
    }
}

#[test]
fn the_mistakes_that_people_make_are_refused() {
    mistakes_are_refused(&assignment(0));
    mistakes_are_refused(&deep());
}
