//! Known answers, random encoders, planted errors and refusals for `transformer-encoder`.

#![allow(clippy::unwrap_used, clippy::panic)]

mod second;

use proptest::prelude::*;

use super::{Biases, Given, KIND, MAX_WIDTH};
use crate::kinds::Problem;
use crate::num::{Exact, Integer, Rational, ratio};
use crate::report::{Answer, Row, Status, Value, judge};
use crate::sheet::{Sheet, SheetError, Source};

fn problem(fields: &str) -> Result<Box<dyn Problem>, SheetError> {
    let text = format!("[[question]]\nid = \"1\"\nkind = \"transformer-encoder\"\n{fields}\n");
    let sheet = Sheet::parse(Source::new("test", &text))?;
    let mut entry = sheet.questions.first().unwrap().clone();
    (KIND.given)(&mut entry, &sheet)
}

fn number(rows: &[Row], id: &str) -> String {
    let row = rows.iter().find(|r| r.id == id).unwrap();
    match &row.answer {
        Answer::Value(Value::Number(x)) => x.as_rational().unwrap().unwrap().to_string(),
        other => panic!("{id}: {other:?}"),
    }
}

fn formula(rows: &[Row], id: &str) -> String {
    rows.iter().find(|r| r.id == id).unwrap().formula.as_ref().unwrap().to_string()
}

/// All rows hold, and each with two sources in numbers and two in letters.
fn all_hold(problem: &dyn Problem) -> Vec<Row> {
    let (rows, evidence) = (problem.solve(), problem.evidence());
    for row in &rows {
        let (verdicts, status) = judge(row, &evidence, 4);
        assert_eq!(status, Status::Holds, "{}: {verdicts:?}", row.id);
        assert_eq!(verdicts.iter().filter(|v| v.holds()).count(), 4, "{}", row.id);
        assert!(verdicts.iter().all(|v| v.detail.chars().count() <= 40), "{}: {verdicts:?}", row.id);
    }
    rows
}

#[test]
fn known_answers() {
    // Origin: nn.Linear and nn.LayerNorm enumerated by PyTorch on the meta device, and closed forms (cases C01 … C14).
    // d, heads, d_ff, layers, rest; attention, feedforward, norm, layer, final-norm, total, d_k.
    let cases: [(&str, [u64; 7]); 8] = [
        (
            "d = 256\nheads = 8\nd_ff = 1024\nbiases = [\"ffn1\", \"ffn2\", \"norm\"]",
            [262_144, 525_568, 1024, 788_736, 0, 788_736, 32],
        ),
        (
            "d = 256\nheads = 8\nd_ff = 1024\nbiases = [\"attention\", \"feedforward\", \"norm\"]",
            [263_168, 525_568, 1024, 789_760, 0, 789_760, 32],
        ),
        (
            "d = 384\nheads = 6\nd_ff = 1000\nlayers = 1\nbiases = [\"attention\", \"feedforward\", \"norm\"]",
            [591_360, 769_384, 1536, 1_362_280, 0, 1_362_280, 64],
        ),
        (
            "d = 768\nheads = 12\nd_ff = 3072\nlayers = 12\nfinal_norm = true\nbiases = [\"feedforward\", \"norm\"]",
            [2_359_296, 4_722_432, 3072, 7_084_800, 1536, 85_019_136, 64],
        ),
        (
            "d = 96\nheads = 3\nd_ff = 200\nbiases = [\"q\", \"k\", \"v\", \"feedforward\", \"norm\"]",
            [37_152, 38_696, 384, 76_232, 0, 76_232, 32],
        ),
        (
            "d = 250\nheads = 5\nd_ff = 999\nbiases = [\"attention\", \"norm\"]\nnorm = \"affine\"",
            [251_000, 499_500, 1000, 751_500, 0, 751_500, 50],
        ),
        (
            "d = 128\nheads = 8\nd_ff = 512\nbiases = [\"attention\", \"feedforward\"]\nnorm = \"none\"",
            [66_048, 131_712, 0, 197_760, 0, 197_760, 16],
        ),
        (
            "d = 12288\nheads = 96\nd_ff = 49152\nlayers = 96\nfinal_norm = true\nbiases = [\"attention\", \"feedforward\", \"norm\"]",
            [604_028_928, 1_208_020_992, 49_152, 1_812_099_072, 24_576, 173_961_535_488, 128],
        ),
    ];
    let ids = ["attention", "feedforward", "norm", "layer", "final-norm", "total", "d_k"];
    for (fields, expected) in cases {
        let rows = all_hold(&*problem(fields).unwrap());
        assert_eq!(rows.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), ids);
        for (id, want) in ids.iter().zip(expected) {
            assert_eq!(number(&rows, id), want.to_string(), "{id} of\n{fields}");
        }
    }
}

#[test]
fn formulas_are_in_the_letters_of_the_sheet() {
    let rows = problem("d = 768\nheads = 12\nd_ff = 3072\nlayers = 12\nfinal_norm = true\nbiases = [\"feedforward\", \"norm\"]")
        .unwrap()
        .solve();
    let shown = |id| formula(&rows, id).replace(' ', "").replace("**", "^");
    assert_eq!(shown("attention"), "4*d^2");
    assert_eq!(shown("feedforward"), "2*d*d_ff+d_ff+d");
    assert_eq!(shown("norm"), "4*d");
    assert_eq!(shown("layer"), "4*d^2+2*d*d_ff+5*d+d_ff");
    assert_eq!(shown("final-norm"), "2*d");
    assert_eq!(shown("total"), "12*(4*d^2+2*d*d_ff+5*d+d_ff)+2*d");
    assert_eq!(shown("d_k"), "d/h");
}

#[test]
fn every_planted_number_is_refused() {
    let problem = problem(
        "d = 96\nheads = 3\nd_ff = 200\nlayers = 2\nfinal_norm = true\nbiases = [\"q\", \"ffn1\", \"norm\"]",
    )
    .unwrap();
    let evidence = problem.evidence();
    for row in problem.solve() {
        let Answer::Value(Value::Number(right)) = &row.answer else { panic!("{}", row.id) };
        let wrong = [
            right.add(&Exact::one()),
            right.sub(&Exact::one()),
            right.scale(&ratio(1001, 1000)),
            right.scale(&ratio(2, 1)),
            right.neg(),
        ];
        for value in wrong {
            let planted = Row { answer: value.into(), ..row.clone() };
            assert_eq!(judge(&planted, &evidence, 4).1, Status::Fails, "{}", row.id);
        }
        let listed = Row { answer: Value::List(Vec::new()).into(), ..row.clone() };
        assert_eq!(judge(&listed, &evidence, 4).1, Status::Fails, "{}", row.id);
        // A wrong formula beside the right number is refused too.
        let formula = row.formula.clone().unwrap();
        for other in
            [crate::expr::Expr::sum([formula.clone(), crate::expr::Expr::var("d")]), formula.negate()]
        {
            let planted = row.clone().formula(other);
            assert_eq!(judge(&planted, &evidence, 4).1, Status::Fails, "{}", row.id);
        }
    }
    for mistake in problem.mistakes() {
        let planted = Row::new(mistake.row.clone(), "", mistake.value);
        assert_eq!(judge(&planted, &evidence, 4).1, Status::Fails, "{}: {}", mistake.row, mistake.name);
    }
    assert!(problem.mistakes().len() >= 10);
}

#[test]
fn what_makes_no_sense_is_refused_with_what_to_write() {
    let base = "d = 256\nheads = 8\nd_ff = 1024\n";
    for (fields, message, help) in [
        ("d = 256\nheads = 7\nd_ff = 1".to_owned(), "7 heads do not divide d = 256", "4 and 8"),
        (
            "d = 256\nheads = 300\nd_ff = 1".to_owned(),
            "300 heads do not divide",
            "largest divisor of 256 is 256",
        ),
        (format!("{base}biases = [\"ffn\"]"), "`ffn` is not a part", "did you mean `ffn"),
        (format!("{base}biases = [\"feedforwrd\"]"), "is not a part", "did you mean `feedforward`"),
        (
            format!("{base}biases = [\"q\", \"attention\"]"),
            "bias of `q` is named twice",
            "stands for q, k, v, o",
        ),
        (format!("{base}norm = \"afine\""), "`afine` is not a norm", "did you mean `affine`"),
        (format!("{base}layers = 0"), "`layers`", ""),
        (format!("{base}layer = 2"), "`layer`", "did you mean `layers`"),
        ("heads = 8\nd_ff = 1024".to_owned(), "`d`", ""),
        ("d = 0\nheads = 8\nd_ff = 1024".to_owned(), "`d`", ""),
        ("d = 25.5\nheads = 8\nd_ff = 1024".to_owned(), "`d`", ""),
        (format!("d = {}\nheads = 1\nd_ff = 1", MAX_WIDTH + 1), "1000000000000", ""),
    ] {
        let Err(error) = problem(&fields) else { panic!("accepted: {fields}") };
        assert!(error.message().contains(message), "{}", error.message());
        let all = error.help_text().unwrap_or("");
        assert!(all.contains(help), "{all}");
    }
}

#[test]
fn a_beta_without_affine_is_named() {
    let rows =
        all_hold(&*problem("d = 8\nheads = 2\nd_ff = 3\nbiases = [\"norm\"]\nnorm = \"none\"").unwrap());
    let norm = rows.iter().find(|r| r.id == "norm").unwrap();
    assert_eq!(number(&rows, "norm"), "0");
    assert!(norm.remarks.iter().any(|r| r.contains("no β")));
}

#[test]
fn the_example_runs() {
    let sheet = Sheet::parse(Source::new("example", KIND.example)).unwrap();
    let mut entry = sheet.questions.first().unwrap().clone();
    all_hold(&*(KIND.given)(&mut entry, &sheet).unwrap());
}

fn encoder() -> impl Strategy<Value = Given> {
    let flags = proptest::collection::vec(any::<bool>(), 9);
    (1..40_u64, prop_oneof![1..60_u64, 1..20_000_000_u64], 1..10_000_000_000_u64, 1..60_u64, flags).prop_map(
        |(heads, per_head, d_ff, layers, flags)| {
            let flag = |i: usize| flags.get(i).copied().unwrap_or(false);
            let biases = Biases {
                q: flag(0),
                k: flag(1),
                v: flag(2),
                o: flag(3),
                ffn1: flag(4),
                ffn2: flag(5),
                norm: flag(6),
            };
            Given { d: heads * per_head, heads, d_ff, layers, biases, affine: flag(7), final_norm: flag(8) }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn every_row_of_a_random_encoder_holds(given in encoder()) {
        let rows = all_hold(&given);
        // The formula, evaluated, is the number beside it.
        let whole = |n: u64| Rational::from_integer(Integer::from(n));
        let letters = [("d", given.d), ("d_ff", given.d_ff), ("h", given.heads)];
        let values = letters.iter().map(|(l, n)| ((*l).to_owned(), whole(*n))).collect();
        for row in &rows {
            let value = row.formula.as_ref().unwrap().evaluate(&values).unwrap();
            prop_assert_eq!(value.to_string(), number(&rows, &row.id));
        }
    }
}
