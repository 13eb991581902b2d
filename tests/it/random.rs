//! Random sheets of every kind live here: whatever is asked, solver and evidence agree, nothing is left undecided, and
//! all within seconds. Sheets at the edge of the limits follow, one by one.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use backproof::pipeline;
use backproof::report::Status;
use backproof::sheet::{Sheet, Source};
use proptest::prelude::*;

/// The longest that a sheet may take, in the profile of tests and on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// What is wrong with the answers to a sheet that is in order.
fn faults(text: &str) -> Vec<String> {
    let begin = Instant::now();
    let sheet = Sheet::parse(Source::new("random", text)).unwrap_or_else(|e| panic!("{e:?}\n{text}"));
    let report = pipeline::examine(&sheet).unwrap_or_else(|e| panic!("{e:?}\n{text}"));
    let rows = report.questions.iter().flat_map(|q| &q.rows);
    let mut faults: Vec<String> = rows
        .filter(|r| r.status != Status::Holds)
        .map(|r| format!("{}: {:?}: {:?}: {:?}", r.row.id, r.status, r.row.answer, r.verdicts))
        .collect();
    assert!(report.summary().answers > 0, "no rows:\n{text}");
    if begin.elapsed() > LIMIT {
        faults.push(format!("took {:?}", begin.elapsed()));
    }
    faults
}

fn question(kind: &str, fields: &str) -> String {
    format!("[[question]]\nid = \"1\"\nkind = \"{kind}\"\n{fields}\n")
}

/// A small number as a sheet writes it: whole, a decimal, or a quotient.
fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (-9..10_i32).prop_map(|n| n.to_string()),
        2 => (-99..100_i32).prop_map(|n| format!("{}{}.{}", if n < 0 { "-" } else { "" }, n.abs() / 10, n.abs() % 10)),
        2 => (-9..10_i32, 1..8_i32).prop_map(|(p, q)| format!("\"{p}/{q}\"")),
    ]
}

fn listed(items: &[String]) -> String {
    format!("[{}]", items.join(", "))
}

fn numbers(length: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(number(), length).prop_map(|items| listed(&items))
}

fn gradient_descent() -> impl Strategy<Value = String> {
    let term = (-6..7_i32, 0..4_usize, 0..4_usize).prop_map(|(c, i, j)| match (i, j) {
        (0, 0) => format!("({c})"),
        (0, j) | (j, 0) => format!("({c})*x{j}"),
        (i, j) => format!("({c})*x{i}*x{j}"),
    });
    // Squares make convex objectives more frequent than chance would.
    let square = (1..5_i32, -2..3_i32, 1..4_usize, 1..4_usize)
        .prop_map(|(a, b, i, j)| format!("({a}*x{i} + ({b})*x{j})^2/2"));
    let terms = proptest::collection::vec(prop_oneof![1 => term, 3 => square], 1..5);
    let start = proptest::collection::vec(number(), 3);
    let step = prop_oneof![
        Just("\"1/L\"".to_owned()),
        Just("\"2/L\"".to_owned()),
        Just("\"2/(m + L)\"".to_owned()),
        (1..200_u32).prop_map(|n| format!("\"{n}/100\"")),
    ];
    let accuracy = prop_oneof![Just("0.01"), Just("1"), Just("1e-9"), Just("\"1/1024\"")];
    (terms, start, step, accuracy).prop_map(|(terms, start, step, accuracy)| {
        let start: Vec<String> = start.iter().enumerate().map(|(i, x)| format!("x{} = {x}", i + 1)).collect();
        question(
            "gradient-descent",
            &format!(
                "objective = \"{}\"\nstart = {{ {} }}\naccuracy = {accuracy}\nstep = {step}",
                terms.join(" + "),
                start.join(", ")
            ),
        )
    })
}

fn layer_table() -> impl Strategy<Value = String> {
    let pair = (1..4_u32, 1..4_u32).prop_map(|(a, b)| format!("{a}x{b}"));
    let layer = prop_oneof![
        (1..6_u32, pair.clone(), 1..3_u32, 0..2_u32, 1..3_u32, any::<bool>()).prop_map(
            |(f, k, s, p, d, b)| {
                format!("Conv({f}, {k}, stride={s}, padding={p}, dilation={d}, bias={b})")
            }
        ),
        (1..4_u32, pair).prop_map(|(f, k)| format!("Conv({f}, {k}, padding=same)")),
        (1..4_u32, 1..4_u32, any::<bool>())
            .prop_map(|(k, s, c)| format!("MaxPool({k}, stride={s}, ceil={c})")),
        (2..4_u32).prop_map(|k| format!("AvgPool({k}, stride=1, padding=1)")),
        Just("BatchNorm".to_owned()),
        Just("ReLU".to_owned()),
        Just("Dropout(0.5)".to_owned()),
    ];
    (20..33_u32, 20..33_u32, 1..4_u32, proptest::collection::vec(layer, 0..3), 1..20_u32).prop_map(
        |(h, w, c, layers, units)| {
            let mut network = format!("Input({h}x{w}x{c})");
            for layer in &layers {
                let _ = write!(network, " -> {layer}");
            }
            let _ = write!(network, " -> Flatten -> Linear({units})");
            question(
                "layer-table",
                &format!("network = '{network}'\ncompare = 'Input(9) -> Linear(4) -> Linear(2)'"),
            )
        },
    )
}

fn transformer_encoder() -> impl Strategy<Value = String> {
    let parts = proptest::sample::subsequence(vec!["q", "k", "v", "o", "ffn1", "ffn2", "norm"], 0..=7);
    (1..40_u64, 1..40_u64, 1..5000_u64, 1..50_u64, parts, any::<bool>(), any::<bool>()).prop_map(
        |(heads, width, d_ff, layers, parts, affine, last)| {
            let norm = if affine { "affine" } else { "none" };
            question(
                "transformer-encoder",
                &format!(
                    "d = {}\nheads = {heads}\nd_ff = {d_ff}\nlayers = {layers}\nbiases = {parts:?}\nnorm = \"{norm}\"\n\
                     final_norm = {last}",
                    heads * width
                ),
            )
        },
    )
}

fn attention_variance() -> impl Strategy<Value = String> {
    let d_k =
        proptest::option::of(1..5000_u32).prop_map(|d| d.map_or(String::new(), |d| format!("d_k = {d}\n")));
    let moments = (number(), 0..30_u32).prop_map(|(mean, v)| format!("mean = {mean}\nvariance = \"{v}/7\""));
    let table = proptest::collection::vec(number(), 1..6)
        .prop_map(|v| format!("entries = {{ values = {} }}", listed(&v)));
    (d_k, prop_oneof![moments, table])
        .prop_map(|(d_k, rest)| question("attention-variance", &format!("{d_k}{rest}")))
}

fn softmax_cross_entropy() -> impl Strategy<Value = String> {
    (1..9_usize).prop_flat_map(|n| (numbers(n), 0..n, 0..3_usize)).prop_map(|(logits, class, first)| {
        question(
            "softmax-cross-entropy",
            &format!("logits = {logits}\ntrue_class = {}\nfirst_class = {first}", class + first),
        )
    })
}

fn mlp_backprop() -> impl Strategy<Value = String> {
    let sizes = proptest::collection::vec(1..4_usize, 2..5);
    let network = sizes.prop_flat_map(|sizes| {
        let layer =
            |w: &[usize]| (proptest::collection::vec(numbers(w[0]), w[1]), numbers(w[1]), any::<bool>());
        let layers: Vec<_> = sizes.windows(2).map(layer).collect();
        let classes = *sizes.last().unwrap();
        (numbers(sizes[0]), layers, 0..classes, 1..40_u32)
    });
    network.prop_map(|(input, layers, class, step)| {
        let mut text = format!("input = {input}\ntrue_class = {class}\nstep = \"{step}/20\"\n");
        let count = layers.len();
        for (i, (weights, bias, relu)) in layers.into_iter().enumerate() {
            let _ = write!(text, "\n[[question.layer]]\nweights = {}\nbias = {bias}\n", listed(&weights));
            if i + 1 < count {
                let _ = writeln!(text, "activation = \"{}\"", if relu { "relu" } else { "identity" });
            }
        }
        question("mlp-backprop", &text)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_descents_hold(text in gradient_descent()) {
        let faults = faults(&text);
        prop_assert!(faults.is_empty(), "{text}{}", faults.join("\n"));
    }

    #[test]
    fn random_layer_tables_hold(text in layer_table()) {
        let faults = faults(&text);
        prop_assert!(faults.is_empty(), "{text}{}", faults.join("\n"));
    }

    #[test]
    fn random_encoders_hold(text in transformer_encoder()) {
        let faults = faults(&text);
        prop_assert!(faults.is_empty(), "{text}{}", faults.join("\n"));
    }

    #[test]
    fn random_attention_scores_hold(text in attention_variance()) {
        let faults = faults(&text);
        prop_assert!(faults.is_empty(), "{text}{}", faults.join("\n"));
    }

    #[test]
    fn random_softmaxes_hold(text in softmax_cross_entropy()) {
        let faults = faults(&text);
        prop_assert!(faults.is_empty(), "{text}{}", faults.join("\n"));
    }

    #[test]
    fn random_networks_hold(text in mlp_backprop()) {
        let faults = faults(&text);
        prop_assert!(faults.is_empty(), "{text}{}", faults.join("\n"));
    }
}

#[test]
fn sheets_at_the_edge_of_the_limits_hold() {
    let descent = |objective: &str, start: &str, step: &str| {
        question(
            "gradient-descent",
            &format!(
                "objective = \"{objective}\"\nstart = {{ {start} }}\naccuracy = 0.01\nstep = \"{step}\""
            ),
        )
    };
    let softmax =
        |logits: &str| question("softmax-cross-entropy", &format!("logits = [{logits}]\ntrue_class = 0"));
    let table = |network: &str| question("layer-table", &format!("network = \"{network}\""));
    let all = |f: fn(usize) -> String| (0..1000).map(f).collect::<Vec<_>>().join(", ");
    for (name, text) in [
        ("condition number 10^30", descent("x^2 + 1e-30*y^2", "x = 1, y = 1", "1/L")),
        (
            "the same with irrational eigenvalues",
            descent("x^2 + 1e-30*y^2 + 1e-16*x*y", "x = 1, y = 1", "1/L"),
        ),
        ("a step barely above 2/L", descent("5*x^2 + y^2", "x = \"1e-50\", y = 1", "0.2000000001")),
        ("a step barely below 2/L", descent("5*x^2 + y^2", "x = 1, y = 1", "0.1999999999999999")),
        ("a step at an irrational 2/L", descent("3*x^2 + y^2 + x*y", "x = 1, y = 1", "2/L")),
        ("an irrational step", descent("5*x^2 + y^2", "x = 1, y = 1", "sqrt(2)/10")),
        ("a step that does not exist", descent("5*x^2 + 0*y", "x = 1, y = 1", "1/m")),
        ("nothing to descend", descent("3", "x = 1", "1/L")),
        ("no minimum", descent("x^2 + y", "x = 1, y = 1", "1/L")),
        ("an indefinite Hessian with zero diagonal", descent("x*y", "x = 1, y = 1", "1/L")),
        ("a thousand classes", softmax(&all(|i| i.to_string()))),
        ("logits far apart", softmax("-40000, 40000, 0")),
        ("a thousand equal logits", softmax(&all(|_| "1".to_owned()))),
        (
            "three thousand layers",
            table(&format!("Input(7000x7000x1){} -> Linear(3)", " -> Conv(2, 3x3)".repeat(3000))),
        ),
        (
            "sizes of 10^9",
            table("Input(1000000000x1000000000x1) -> Conv(1000000000, 999999999) -> Linear(1000000000)"),
        ),
        (
            "padding of 10^9",
            table("Input(9x9x1) -> Conv(4, 3x3, padding=1000000000, stride=3) -> Linear(10)"),
        ),
        (
            "an encoder of 10^12",
            question(
                "transformer-encoder",
                "d = 1000000000000\nheads = 1000000000\nd_ff = 1000000000000\nlayers = 10000",
            ),
        ),
        (
            "scores of length 10^12",
            question(
                "attention-variance",
                "d_k = 1000000000000\nentries = { values = [0, 1, 4, 9, 16, 25] }",
            ),
        ),
    ] {
        let faults = faults(&text);
        assert!(faults.is_empty(), "{name}: {}", faults.join("\n"));
    }
}
