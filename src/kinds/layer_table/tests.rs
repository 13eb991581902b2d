//! Known answers, random networks, planted errors and refusals for `layer-table`.

#![allow(clippy::unwrap_used, clippy::panic)]

mod second;

use proptest::prelude::*;

use super::evidence::Window;
use super::{Given, KIND};
use crate::kinds::Problem;
use crate::num::{Exact, ratio};
use crate::report::{Answer, Evidence, Row, Status, Value, judge};
use crate::sheet::{Sheet, SheetError, Source};

const CNN: &str = "Input(28x28x1) -> Conv(16, 5x5) -> BatchNorm -> MaxPool(2x2) -> Conv(32, 3x3) -> BatchNorm -> \
                   MaxPool(2x2) -> Dropout(0.2) -> Linear(10)";
const DENSE: &str = "Input(784) -> Linear(256) -> Linear(10)";

fn sheet_of(networks: &str, fields: &str) -> Result<Box<dyn Problem>, SheetError> {
    let text =
        format!("[networks]\n{networks}\n[[question]]\nid = \"1\"\nkind = \"layer-table\"\n{fields}\n");
    let sheet = Sheet::parse(Source::new("test", &text))?;
    let mut entry = sheet.questions.first().unwrap().clone();
    (KIND.given)(&mut entry, &sheet)
}

fn problem(network: &str) -> Box<dyn Problem> {
    sheet_of("", &format!("network = '{network}'")).unwrap()
}

fn all_hold(problem: &dyn Problem) -> Vec<Row> {
    let (rows, evidence) = (problem.solve(), problem.evidence());
    for row in &rows {
        let (verdicts, status) = judge(row, &evidence, 4);
        assert_eq!(status, Status::Holds, "{}: {verdicts:?}", row.id);
        // Two ways of working or more, none of which is at a loss.
        let sources: std::collections::BTreeSet<_> = verdicts.iter().map(|v| v.source).collect();
        assert!(sources.len() > 1 && verdicts.iter().all(|v| v.holds()), "{}: {verdicts:?}", row.id);
        assert!(row.label.chars().count() <= 24, "{}", row.label);
        for e in evidence.iter().filter(|e| e.concerns(row)) {
            assert!(e.detail.chars().count() <= 40, "{}", e.detail);
        }
    }
    rows
}

fn find<'a>(rows: &'a [Row], id: &str) -> &'a Row {
    rows.iter().find(|r| r.id == id).unwrap_or_else(|| panic!("no row {id}"))
}

fn text(value: &Value) -> String {
    match value {
        Value::Bool(b) => b.to_string(),
        Value::Name(name) => name.clone(),
        Value::Number(x) => x.as_rational().unwrap().unwrap().to_string(),
        Value::Formula(f) => f.to_string(),
        Value::List(items) => items.iter().map(text).collect::<Vec<_>>().join("x"),
    }
}

fn shown(rows: &[Row], id: &str) -> String {
    text(find(rows, id).answer.value().unwrap())
}

/// `H x W x C: parameters` of every layer.
fn table(rows: &[Row]) -> Vec<String> {
    (1..)
        .take_while(|n| rows.iter().any(|r| r.id == format!("layer.{n}.shape")))
        .map(|n| {
            let (shape, parameters) = (format!("layer.{n}.shape"), format!("layer.{n}.parameters"));
            format!("{}: {}", shown(rows, &shape), shown(rows, &parameters))
        })
        .collect()
}

#[test]
fn the_table_of_a_small_cnn() {
    // Origin: PyTorch's modules on the meta device (case B20), and by hand: 5·5·1·16 + 16, 2·16, 3·3·16·32 + 32, 2·32,
    // 5·5·32·10 + 10.
    let rows = all_hold(&*problem(CNN));
    let expected = [
        "24x24x16: 416",
        "24x24x16: 32",
        "12x12x16: 0",
        "10x10x32: 4640",
        "10x10x32: 64",
        "5x5x32: 0",
        "5x5x32: 0",
        "10: 8010",
    ];
    assert_eq!(table(&rows), expected);
    assert_eq!(shown(&rows, "total"), "13162");
    assert!(find(&rows, "layer.8.shape").remarks.iter().any(|r| r.contains("5·5·32 = 800")));
}

#[test]
fn known_tables() {
    // Origin: PyTorch's modules on the meta device; the case is named beside each.
    let cases: [(&str, &str, &[&str], &str); 17] = [
        (
            "B02",
            "Input(28x28x3) -> Conv(6, 3, stride=2) -> ReLU -> Conv(12, 3, stride=2) -> ReLU -> Flatten -> Linear(5)",
            &["13x13x6: 168", "13x13x6: 0", "6x6x12: 660", "6x6x12: 0", "432: 0", "5: 2165"],
            "2993",
        ),
        (
            "B04",
            "Input(17x40x2) -> Conv(5, 3x7, stride=1x3) -> BatchNorm -> MaxPool(2x3, stride=2x1) -> Flatten -> Linear(7)",
            &["15x12x5: 215", "15x12x5: 10", "7x10x5: 0", "350: 0", "7: 2457"],
            "2682",
        ),
        (
            "B06",
            "Input(32x32x3) -> Conv(16, 3, dilation=2) -> Conv(16, 3, dilation=2x3, padding=2x3) -> Flatten -> Linear(10)",
            &["28x28x16: 448", "28x28x16: 2320", "12544: 0", "10: 125450"],
            "128218",
        ),
        (
            "B08",
            "Input(20x20x6) -> Conv(12, 3, groups=6, padding=1, bias=false) -> BatchNorm -> ReLU -> Conv(24, 1, bias=false) -> \
             BatchNorm -> ReLU -> GlobalAvgPool -> Flatten -> Linear(4)",
            &[
                "20x20x12: 108",
                "20x20x12: 24",
                "20x20x12: 0",
                "20x20x24: 288",
                "20x20x24: 48",
                "20x20x24: 0",
                "1x1x24: 0",
                "24: 0",
                "4: 100",
            ],
            "568",
        ),
        (
            "B10",
            "Input(32x32x3) -> Conv(10, 3, padding=1) -> AvgPool(3, stride=2, padding=1) -> ReLU -> AvgPool(2) -> Flatten -> \
             Linear(10)",
            &["32x32x10: 280", "16x16x10: 0", "16x16x10: 0", "8x8x10: 0", "640: 0", "10: 6410"],
            "6690",
        ),
        (
            "B12",
            "Input(784) -> Linear(256) -> BatchNorm -> ReLU -> Dropout(0.2) -> Linear(128) -> BatchNorm -> ReLU -> \
             Dropout(0.2) -> Linear(10)",
            &[
                "256: 200960",
                "256: 512",
                "256: 0",
                "256: 0",
                "128: 32896",
                "128: 256",
                "128: 0",
                "128: 0",
                "10: 1290",
            ],
            "235914",
        ),
        (
            "B14",
            "Input(7x7x64) -> Conv(16, 1) -> ReLU -> Conv(128, 1, bias=false) -> BatchNorm -> Conv(1, 1)",
            &["7x7x16: 1040", "7x7x16: 0", "7x7x128: 2048", "7x7x128: 256", "7x7x1: 129"],
            "3473",
        ),
        (
            "B16",
            "Input(4x4x1) -> Conv(2, 5, padding=1) -> Conv(3, 2) -> Flatten -> Linear(2)",
            &["2x2x2: 52", "1x1x3: 27", "3: 0", "2: 8"],
            "87",
        ),
        (
            "B18",
            "Input(1x1x7) -> Conv(3, 1) -> MaxPool(1) -> Flatten -> Linear(2)",
            &["1x1x3: 24", "1x1x3: 0", "3: 0", "2: 8"],
            "32",
        ),
        (
            "B22",
            "Input(5x5x1) -> MaxPool(2, stride=3, padding=1, ceil=true) -> Flatten -> Linear(2)",
            &["2x2x1: 0", "4: 0", "2: 10"],
            "10",
        ),
        (
            "B24",
            "Input(32x32x1) -> Conv(6, 5) -> AvgPool(2) -> Conv(16, 5) -> AvgPool(2) -> Conv(120, 5) -> Flatten -> Linear(84) \
             -> Linear(10)",
            &[
                "28x28x6: 156",
                "14x14x6: 0",
                "10x10x16: 2416",
                "5x5x16: 0",
                "1x1x120: 48120",
                "120: 0",
                "84: 10164",
                "10: 850",
            ],
            "61706",
        ),
        (
            "B26",
            "Input(8x8x3) -> BatchNorm -> Dropout(0.0) -> Conv(2, 8) -> Flatten -> Linear(1)",
            &["8x8x3: 6", "8x8x3: 0", "1x1x2: 386", "2: 0", "1: 3"],
            "395",
        ),
        (
            "B28",
            "Input(784) -> Linear(256) -> ReLU -> Linear(10)",
            &["256: 200960", "256: 0", "10: 2570"],
            "203530",
        ),
        // By hand: same padding keeps the size, dilation 2 spans 7; 4·4·3·8 + 8.
        ("same", "Input(9x10x3) -> Conv(8, 4, padding=\"same\", dilation=2)", &["9x10x8: 392"], "392"),
        // By hand: ceil(1 + (6 − 3)/2) = 3; floor gives 2.
        ("ceil", "Input(6x6x2) -> MaxPool(3, stride=2, ceil=true)", &["3x3x2: 0"], "0"),
        ("no layers", "Input(3)", &[], "0"),
        // By hand: floor(1 + (1000000000 − 7)/3) = 333333332, found by bisection; 7·1·1·1.
        (
            "large",
            "Input(1000000000x1x1) -> Conv(1, 7x1, stride=3x1, bias=false)",
            &["333333332x1x1: 7"],
            "7",
        ),
    ];
    for (name, network, expected, total) in cases {
        let rows = all_hold(&*problem(network));
        assert_eq!(table(&rows), expected, "{name}");
        assert_eq!(shown(&rows, "total"), total, "{name}");
    }
}

#[test]
fn a_comparison_tells_what_convolutions_save() {
    let networks = format!("cnn = '{CNN}'\ndense = '{DENSE}'");
    let rows = all_hold(&*sheet_of(&networks, "network = \"cnn\"\ncompare = \"dense\"").unwrap());
    assert_eq!(shown(&rows, "compare.layer.1.parameters"), "200960");
    assert_eq!(shown(&rows, "compare.layer.2.shape"), "10");
    assert_eq!(shown(&rows, "compare.total"), "203530");
    let ratio = find(&rows, "ratio");
    assert_eq!(shown(&rows, "ratio"), "101765/6581");
    assert!(ratio.wants_decimal);
    let said = ratio.remarks.join("\n");
    for part in [
        "dense has 203530 parameters, cnn has 13162: about 15.46 times as many.",
        "416 parameters and uses them at all 24·24 = 576 positions",
        "would need 784·9216 + 9216 = 7234560: about 17391 times as many.",
        "Even in cnn, most parameters sit in layer 8",
        "200960 of 203530, or 98.7 %",
        "8010 of 13162, or 60.9 %",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    // The other way round it tells the same.
    let turned = all_hold(&*sheet_of(&networks, "network = \"dense\"\ncompare = \"cnn\"").unwrap());
    assert_eq!(shown(&turned, "ratio"), "6581/101765");
    assert!(find(&turned, "ratio").remarks.join("\n").contains("576 positions"));
}

#[test]
fn a_ratio_to_nothing_does_not_exist() {
    let rows =
        all_hold(&*sheet_of("", &format!("network = 'Input(4) -> ReLU'\ncompare = '{DENSE}'")).unwrap());
    assert!(
        matches!(&find(&rows, "ratio").answer, Answer::Absent { reason } if reason.contains("no parameters"))
    );
}

#[test]
fn the_same_count_is_asked_for_and_answered() {
    let networks = format!("a = '{CNN}'");
    let same = |with: &str| {
        let fields = format!("network = \"a\"\nsame_count = '{with}'");
        all_hold(&*sheet_of(&networks, &fields).unwrap())
    };
    let with_relu = CNN.replace("-> MaxPool", "-> ReLU -> MaxPool");
    let (yes, no) = (same(&with_relu), same(DENSE));
    assert_eq!(shown(&yes, "same-count"), "true");
    assert_eq!(shown(&no, "same-count"), "false");
    assert!(find(&yes, "same-count").remarks.iter().any(|r| r.contains("13162 parameters each")));
    let said = &find(&no, "same-count").remarks;
    assert!(said.iter().any(|r| r.contains("203530") && r.contains("190368 apart")), "{said:?}");
}

#[test]
fn steps_show_formula_numbers_and_result() {
    let rows = problem("Input(28x28x1) -> Conv(16, 5x5) -> Conv(4, 3, stride=2, groups=2)").solve();
    let math = |id: &str| {
        let row = find(&rows, id);
        let lines = row.steps.iter().flat_map(|s| &s.math);
        lines.map(crate::notation::plain).collect::<Vec<_>>().join("; ").replace(' ', "")
    };
    assert_eq!(math("layer.1.shape"), "H=W=1+(n-k)/s=1+(28-5)/1=24");
    assert_eq!(math("layer.1.parameters"), "a*b*c_in*c_out+c_out=5*5*1*16+16=416");
    assert_eq!(math("layer.2.shape"), "H=W=floor(1+(n-k)/s)=floor(1+(24-3)/2)=floor(23/2)=11");
    assert_eq!(math("total"), "416+292=708");
    assert!(find(&rows, "layer.2.shape").remarks.iter().any(|r| r.contains("23/2")));
}

/// Wrong values of the shape of a right one.
fn planted(value: &Value) -> Vec<Value> {
    match value {
        Value::Number(x) => vec![
            x.add(&Exact::one()).into(),
            x.sub(&Exact::one()).into(),
            x.add(&Exact::one()).scale(&ratio(1001, 1000)).into(),
            x.add(&Exact::one()).neg().into(),
            Value::Bool(true),
        ],
        Value::Bool(b) => vec![Value::Bool(!b), Value::integer(1)],
        Value::Name(name) => vec![Value::Name(format!("{name}x"))],
        Value::List(items) => {
            let mut wrong = vec![Value::List(items.iter().skip(1).cloned().collect()), Value::integer(3)];
            for (i, item) in items.iter().enumerate() {
                for other in planted(item) {
                    let mut list = items.clone();
                    *list.get_mut(i).unwrap() = other;
                    wrong.push(Value::List(list));
                }
                let mut swapped = items.clone();
                swapped.swap(0, i);
                if text(&Value::List(swapped.clone())) != text(value) {
                    wrong.push(Value::List(swapped));
                }
            }
            wrong
        }
        Value::Formula(_) => Vec::new(),
    }
}

fn refused(row: &Row, value: Value, evidence: &[Evidence]) -> bool {
    judge(&Row { answer: value.into(), ..row.clone() }, evidence, 4).1 == Status::Fails
}

#[test]
fn every_planted_error_is_refused() {
    let fields = format!(
        "network = 'Input(28x20x1) -> Conv(16, 5x3, stride=2, padding=1) -> BatchNorm -> MaxPool(2x2) -> Linear(10)'\n\
         compare = '{DENSE}'\nsame_count = '{DENSE}'"
    );
    let problem = sheet_of("", &fields).unwrap();
    let (rows, evidence) = (problem.solve(), problem.evidence());
    for row in &rows {
        let value = row.answer.value().unwrap();
        for wrong in planted(value) {
            assert!(refused(row, wrong.clone(), &evidence), "{}: {wrong:?}", row.id);
        }
        let absent = Row { answer: Answer::absent("there is none"), ..row.clone() };
        assert_eq!(judge(&absent, &evidence, 4).1, Status::Fails, "{}", row.id);
    }
    let mistakes = problem.mistakes();
    for name in [
        "height and width swapped",
        "rounded the other way",
        "padding forgotten",
        "biases left out",
        "running statistics counted",
        "input channels left out",
    ] {
        let known = mistakes.iter().any(|m| m.name == name);
        // One input channel cannot be left out.
        assert_eq!(known, name != "input channels left out", "{name}");
    }
    for mistake in mistakes {
        let row = find(&rows, &mistake.row);
        assert!(refused(row, mistake.value, &evidence), "{}: {}", mistake.row, mistake.name);
    }
}

#[test]
fn what_makes_no_sense_is_refused_at_its_place() {
    let networks = format!("cnn = '{CNN}'\nbad = 'Input(8x8x1) -> Conv(4, 9x9)'");
    for (fields, message, help) in [
        ("network = \"cmn\"", "there is no network `cmn`", "did you mean `cnn`"),
        ("network = \"something\"", "there is no network `something`", "arrow notation starts with Input"),
        ("network = \"cnn\"\ncompare = \"cnm\"", "there is no network `cnm`", "did you mean `cnn`"),
        ("compare = \"cnn\"", "lacks `network`", ""),
        ("network = \"cnn\"\ncompared = \"cnn\"", "`compared`", "did you mean `compare`"),
        ("network = \"bad\"", "does not fit", ""),
        ("network = 3", "`network`", ""),
    ] {
        let Err(error) = sheet_of(&networks, fields) else { panic!("accepted: {fields}") };
        assert!(error.message().contains(message), "{}", error.message());
        assert!(error.help_text().unwrap_or("").contains(help), "{:?}", error.help_text());
        assert!(error.span().is_some());
    }
    let Err(error) = sheet_of("", "network = 'Input(8x8x1) -> Conv(4, 9x9)'") else { panic!("accepted") };
    assert!(error.message().contains("does not fit"), "{}", error.message());
    let (line, column) = error.line_column().unwrap();
    // The place is the layer within the text, not the text.
    assert!(line == 6 && column > "network = 'Input(8x8x1)".len(), "{line}:{column}");
}

#[test]
fn the_example_runs() {
    let sheet = Sheet::parse(Source::new("example", KIND.example)).unwrap();
    let mut entry = sheet.questions.first().unwrap().clone();
    all_hold(&*(KIND.given)(&mut entry, &sheet).unwrap());
}

/// A layer in arrow notation; whether it fits is for the reader of the network to say.
fn layer() -> impl Strategy<Value = String> {
    let pair = |most: u64| (1..=most, 1..=most).prop_map(|(a, b)| format!("{a}x{b}"));
    let padding = (0..3_u64, 0..3_u64).prop_map(|(a, b)| format!("{a}x{b}"));
    let conv = (1..9_u64, pair(5), pair(3), padding.clone(), pair(2), any::<bool>(), any::<bool>()).prop_map(
        |(filters, kernel, stride, padding, dilation, bias, same)| {
            let around = if same {
                "padding=\"same\"".to_owned()
            } else {
                format!("stride={stride}, padding={padding}")
            };
            format!("Conv({filters}, {kernel}, {around}, dilation={dilation}, bias={bias})")
        },
    );
    let pool = (pair(4), pair(4), any::<bool>(), any::<bool>(), 0..2_u64).prop_map(
        |(kernel, stride, ceil, max, pad)| {
            let name = if max { "MaxPool" } else { "AvgPool" };
            format!("{name}({kernel}, stride={stride}, padding={pad}, ceil={ceil})")
        },
    );
    let plain = prop::sample::select(vec!["BatchNorm", "ReLU", "Dropout(0.5)"]).prop_map(str::to_owned);
    prop_oneof![3 => conv, 3 => pool, 2 => plain]
}

fn last() -> impl Strategy<Value = String> {
    let end = prop::sample::select(vec![
        "",
        " -> Flatten -> Linear(3)",
        " -> Linear(4, bias=false) -> BatchNorm",
        " -> GlobalMaxPool",
    ]);
    end.prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_row_of_a_random_network_holds(
        (h, w, c) in (1..40_u64, 1..40_u64, 1..5_u64),
        layers in proptest::collection::vec(layer(), 0..5),
        end in last(),
    ) {
        // Layers that do not fit are left out.
        let mut network = format!("Input({h}x{w}x{c})");
        for layer in layers {
            let longer = format!("{network} -> {layer}");
            if crate::net::parse(&longer).is_ok_and(|n| crate::net::trace(&n).is_ok()) {
                network = longer;
            }
        }
        network += &end;
        all_hold(&*problem(&network));
    }

    #[test]
    fn bisection_and_sliding_agree(
        length in 1..60_u64, kernel in 1..8_u64, stride in 1..6_u64, before in 0..5_u64, after in 0..5_u64,
        dilation in 1..4_u64, ceil: bool,
    ) {
        let window = Window { length, kernel, stride, padding: (before, after), dilation, ceil };
        let (slid, visited) = window.positions();
        prop_assert!(visited);
        // Longer by a multiple of the stride: as many positions more, found by bisection.
        let more = 20_000_u64;
        let (bisected, visited) = Window { length: length + more * stride, ..window }.positions();
        prop_assert!(!visited);
        if slid > 0 {
            prop_assert_eq!(bisected, slid + more);
        }
    }
}

#[test]
fn given_holds_what_was_declared() {
    let text = format!(
        "[networks]\nd = '{DENSE}'\n[[question]]\nid = \"1\"\nkind = \"layer-table\"\nnetwork = \"d\""
    );
    let sheet = Sheet::parse(Source::new("test", &text)).unwrap();
    let given = Given::read(sheet.questions.first().unwrap(), &sheet).unwrap();
    assert_eq!(given.network.name.as_deref(), Some("d"));
    assert_eq!(given.network.network.layers.len(), 2);
    assert_eq!((given.compare, given.same_count), (None, None));
}
