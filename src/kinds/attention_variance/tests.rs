//! What this kind must answer, what its evidence must refuse, and what it says to bad entries.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use num_traits::Zero;
use proptest::prelude::*;

use super::{Entries, Given, KIND};
use crate::expr::{self, Expr};
use crate::kinds::Problem;
use crate::notation;
use crate::num::{Exact, Rational, Rounding, ratio};
use crate::report::{Evidence, Outcome, Row, Says, Status, Strength, Value, judge};
use crate::sheet::{Sheet, SheetError, Source};

const DIGITS: u32 = 4;

fn sheet(fields: &str) -> Result<Given, SheetError> {
    let text = format!("[[question]]\nid = \"1.3\"\nkind = \"attention-variance\"\n{fields}\n");
    Given::read(&Sheet::parse(Source::new("sheet.toml", &text)).unwrap().questions[0])
}

fn problem(fields: &str) -> Given {
    sheet(fields).unwrap()
}

fn row(given: &Given, id: &str) -> Row {
    given.solve().into_iter().find(|r| r.id == id).unwrap()
}

fn number(given: &Given, id: &str) -> Rational {
    match row(given, id).answer.value().unwrap() {
        Value::Number(x) => x.as_rational().unwrap().unwrap(),
        other => panic!("{id} is {}", other.shape()),
    }
}

fn formula(given: &Given, id: &str) -> Expr {
    match row(given, id).answer.value().unwrap() {
        Value::Formula(f) => f.clone(),
        other => panic!("{id} is {}", other.shape()),
    }
}

/// Every row holds, by every piece of evidence that says anything, and some does.
fn all_hold(given: &Given) {
    let evidence = given.evidence();
    for row in given.solve() {
        let (verdicts, status) = judge(&row, &evidence, DIGITS);
        assert_eq!(status, Status::Holds, "{}: {verdicts:?}", row.id);
        assert!(verdicts.len() >= 2, "{}", row.id);
        for v in verdicts {
            assert!(!matches!(v.outcome, Outcome::Fails(_)), "{}: {v:?}", row.id);
            assert!(v.detail.chars().count() <= 40, "{}", v.detail);
        }
        assert!(row.label.chars().count() <= 24 && !row.steps.is_empty());
    }
}

/// A problem with its rows and its evidence, which are made once.
struct Solved {
    rows: Vec<Row>,
    evidence: Vec<Evidence>,
}

impl Solved {
    fn new(given: &Given) -> Self {
        Self { rows: given.solve(), evidence: given.evidence() }
    }

    fn row(&self, id: &str) -> Row {
        self.rows.iter().find(|r| r.id == id).unwrap().clone()
    }

    /// The evidence refuses the value.
    fn refused(&self, id: &str, value: Value) {
        let mut row = self.row(id);
        let shown = format!("{value:?}");
        row.answer = value.into();
        let (verdicts, status) = judge(&row, &self.evidence, DIGITS);
        assert_eq!(status, Status::Fails, "{id} as {shown}: {verdicts:?}");
    }

    /// What sampling alone says of a value.
    fn sampling_says(&self, id: &str, value: impl Into<Value>) -> Outcome {
        let row = Row::new(id, id, value.into());
        let sampled: Vec<Evidence> =
            self.evidence.iter().filter(|e| e.source == "sampling").cloned().collect();
        let (verdicts, _) = judge(&row, &sampled, DIGITS);
        assert_eq!(verdicts.len(), 1);
        verdicts[0].outcome.clone()
    }
}

const PROBLEMS: [&str; 13] = [
    "d_k = 32",
    "",
    "d_k = 1",
    "d_k = 64\nmean = 1\nvariance = 1",
    "mean = 1\nvariance = 1",
    "mean = \"-1/3\"\nvariance = 0.25\nd_k = 7",
    "variance = 0\nmean = 2\nd_k = 5",
    "variance = 0\nmean = 0",
    "variance = 2",
    "d_k = 16\nentries = { values = [-1, 1], probabilities = [0.5, 0.5] }",
    "entries = { values = [1, 2, 3, 4, 5, 6] }",
    "d_k = 3\nentries = { values = [0, 0, \"1/2\", 7], probabilities = [0, \"1/3\", \"1/3\", \"1/3\"] }",
    "d_k = 1000000000000\nmean = -1e-9\nvariance = 123456789.123456789",
];

#[test]
fn every_row_holds() {
    for fields in PROBLEMS {
        let given = problem(fields);
        let ids: Vec<String> = given.solve().into_iter().map(|r| r.id).collect();
        assert_eq!(ids, ["mean", "variance", "scaled-variance", "saturation"]);
        all_hold(&given);
    }
}

#[test]
fn the_standard_case_has_variance_d_k_and_one_after_scaling() {
    // The assignment's question 1.3 (b) and (d): Var(qᵀk) = d_k and Var(qᵀk/√d_k) = 1 for entries of N(0, 1); its
    // encoder with d = 256 and 8 heads has d_k = 32.
    let given = problem("d_k = 32");
    assert_eq!(number(&given, "mean"), ratio(0, 1));
    assert_eq!(number(&given, "variance"), ratio(32, 1));
    assert_eq!(number(&given, "scaled-variance"), ratio(1, 1));
    let given = problem("");
    assert_eq!(number(&given, "mean"), ratio(0, 1));
    assert_eq!(formula(&given, "variance").to_string(), "d_k");
    assert_eq!(number(&given, "scaled-variance"), ratio(1, 1));
}

#[test]
fn a_mean_of_one_triples_the_variance() {
    // σ⁴ + 2μ²σ² = 1 + 2 = 3 at μ = σ = 1.
    let given = problem("mean = 1\nd_k = 10");
    assert_eq!(number(&given, "mean"), ratio(10, 1));
    assert_eq!(number(&given, "variance"), ratio(30, 1));
    assert_eq!(number(&given, "scaled-variance"), ratio(3, 1));
    assert!(row(&given, "scaled-variance").remarks.iter().any(|r| r.contains("1/√(3·d_k)")));
    let given = problem("mean = 1");
    assert!(expr::equal(&formula(&given, "variance"), &expr::parse("3*d_k").unwrap()).unwrap());
    assert!(expr::equal(&formula(&given, "mean"), &Expr::var("d_k")).unwrap());
}

#[test]
fn two_signs_give_the_standard_case() {
    let given = problem("d_k = 9\nentries = { values = [-1, 1], probabilities = [\"1/2\", 0.5] }");
    assert_eq!(number(&given, "variance"), ratio(9, 1));
    assert_eq!(number(&given, "scaled-variance"), ratio(1, 1));
}

#[test]
fn the_law_of_dice_is_that_of_all_throws() {
    // A die has mean 7/2 and variance 35/12: σ⁴ + 2μ²σ² = 1225/144 + 1715/24 = 11515/144; checked below by all throws.
    let given = problem("d_k = 2\nentries = { values = [1, 2, 3, 4, 5, 6] }");
    assert_eq!(number(&given, "scaled-variance"), ratio(11515, 144));
    let (mut count, mut sum, mut squares) = (0i64, 0i64, 0i64);
    let die = 1i64..=6;
    for a in die.clone() {
        for b in die.clone() {
            for c in die.clone() {
                for d in die.clone() {
                    let x = a * b + c * d;
                    (count, sum, squares) = (count + 1, sum + x, squares + x * x);
                }
            }
        }
    }
    let mean = ratio(sum, count);
    assert_eq!(number(&given, "mean"), mean);
    assert_eq!(number(&given, "variance"), ratio(squares, count) - &mean * &mean);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_table_has_the_moments_of_all_its_cases(
        table in proptest::collection::vec((-4i64..5, 1i64..4), 1..4),
        d_k in 1u64..4,
    ) {
        let total: i64 = table.iter().map(|t| t.1).sum();
        let table: Vec<_> = table.iter().map(|(v, w)| (ratio(*v, 2), ratio(*w, total))).collect();
        let given = Given { d_k: Some(d_k), entries: Entries::Table(table.clone()), digits: DIGITS, questions: 1 };
        all_hold(&given);
        // All cases of q and k, one after another.
        let mut cases = vec![(Rational::zero(), ratio(1, 1))];
        for _ in 0..d_k {
            let mut longer = Vec::new();
            for (s, p) in &cases {
                for (v, a) in &table {
                    longer.extend(table.iter().map(|(w, b)| (s + v * w, p * a * b)));
                }
            }
            cases = longer;
        }
        let mean = cases.iter().fold(Rational::zero(), |sum, (s, p)| sum + s * p);
        let square = cases.iter().fold(Rational::zero(), |sum, (s, p)| sum + s * s * p);
        prop_assert_eq!(number(&given, "mean"), mean.clone());
        prop_assert_eq!(number(&given, "variance"), square - &mean * &mean);
    }
}

#[test]
fn a_softmax_saturates_as_d_grows() {
    let given = problem("d_k = 32");
    let Some(Value::List(lines)) = row(&given, "saturation").answer.value().cloned() else {
        panic!("no list")
    };
    let shown: Vec<Vec<String>> = lines
        .iter()
        .map(|line| {
            let Value::List(items) = line else { panic!("no line") };
            items
                .iter()
                .map(|x| match x {
                    Value::Number(x) => x.decimal(Rounding::Digits(6)).unwrap(),
                    _ => panic!("no number"),
                })
                .collect()
        })
        .collect();
    // 1/(1 + e^−c) and its derivative at c = 1, 2, 4, 8, by Python's math.exp.
    let expected = [
        ["1.000000", "1.000000", "0.731059", "0.196612"],
        ["4.000000", "2.000000", "0.880797", "0.104994"],
        ["16.000000", "4.000000", "0.982014", "0.017663"],
        ["64.000000", "8.000000", "0.999665", "0.000335"],
    ];
    assert_eq!(shown, expected);
}

#[test]
fn the_example_reaches_d_k_or_says_that_it_does_not() {
    let last = |fields: &str| *problem(fields).example_lengths().last().unwrap();
    assert_eq!(last(""), 256);
    assert_eq!(last("d_k = 1"), 64);
    assert_eq!(last("d_k = 64"), 64);
    assert_eq!(last("d_k = 65"), 256);
    assert_eq!(last("d_k = 1_000_000"), 65_536);
    assert!(row(&problem("d_k = 1_000_000"), "saturation").remarks.iter().any(|r| r.contains("65536")));
    all_hold(&problem("d_k = 1_000_000"));
}

/// Numbers changed in each way that a slip may change them.
fn slips(x: &Exact) -> Vec<Exact> {
    let mut out = vec![x.add(&Exact::one()), x.sub(&Exact::one()), x.scale(&ratio(1001, 1000)), x.neg()];
    out.retain(|y| !y.equals(x).unwrap());
    out
}

#[test]
fn planted_errors_are_refused() {
    for fields in PROBLEMS {
        let given = Solved::new(&problem(fields));
        for row in &given.rows {
            match row.answer.value().unwrap() {
                Value::Number(x) => slips(x).into_iter().for_each(|y| given.refused(&row.id, y.into())),
                Value::Formula(f) => {
                    let d = Expr::var("d_k");
                    for wrong in
                        [f + Expr::integer(1), f * &d, f.negate(), f * Expr::number(ratio(1001, 1000))]
                    {
                        given.refused(&row.id, wrong.into());
                    }
                }
                Value::List(lines) => plant_in_table(&given, &row.id, lines),
                Value::Bool(_) | Value::Name(_) => panic!("no row is a yes, a no or a name"),
            }
        }
    }
}

fn plant_in_table(given: &Solved, id: &str, lines: &[Value]) {
    let table: Vec<Vec<Exact>> = lines
        .iter()
        .map(|line| match line {
            Value::List(items) => items
                .iter()
                .map(|x| match x {
                    Value::Number(x) => x.clone(),
                    _ => panic!("no number"),
                })
                .collect(),
            _ => panic!("no line"),
        })
        .collect();
    for (i, line) in table.iter().enumerate() {
        for (j, x) in line.iter().enumerate() {
            for wrong in slips(x) {
                let mut planted = table.clone();
                planted[i][j] = wrong;
                given.refused(id, planted.into());
            }
        }
        let mut swapped = table.clone();
        swapped[i].swap(2, 3);
        given.refused(id, swapped.into());
    }
    let transposed: Vec<Vec<Exact>> =
        (0..4).map(|j| table.iter().map(|line| line[j].clone()).collect()).collect();
    given.refused(id, transposed.into());
    let mut swapped = table.clone();
    swapped.swap(0, 1);
    given.refused(id, swapped.into());
}

#[test]
fn a_wrong_law_beside_a_right_number_is_refused() {
    let given = Solved::new(&problem("d_k = 1"));
    for (id, wrong) in [
        ("mean", "d_k*mu"),
        ("variance", "d_k*sigma^4"),
        ("variance", "d_k^2*(sigma^4 + 2*mu^2*sigma^2)"),
        ("variance", "d_k*(sigma^4 + 2*mu^2*sigma^2) + (d_k - 1)*(d_k - 2)*(d_k - 3)"),
        ("scaled-variance", "(sigma^4 + 2*mu^2*sigma^2)/d_k"),
        ("scaled-variance", "1"),
    ] {
        let mut row = given.row(id);
        row.formula = Some(expr::parse(wrong).unwrap());
        assert_eq!(judge(&row, &given.evidence, DIGITS).1, Status::Fails, "{id}: {wrong}");
    }
}

#[test]
fn usual_mistakes_are_refused() {
    for fields in PROBLEMS {
        let given = problem(fields);
        let solved = Solved::new(&given);
        for mistake in given.mistakes() {
            solved.refused(&mistake.row, mistake.value);
        }
    }
    assert!(problem("d_k = 32").mistakes().len() >= 4);
}

#[test]
fn bad_entries_are_refused_with_what_to_write() {
    let long = "1".repeat(60);
    // Neighbouring odd numbers near 2¹²⁰ share no factor but small ones: five of them need some 600 bits.
    let denominators: Vec<String> = (0..5).map(|n| format!("\"1/{}\"", (1u128 << 120) + 2 * n + 1)).collect();
    let unlike = format!("entries = {{ values = [{}] }}", denominators.join(", "));
    for (fields, says) in [
        ("d_k = 0", "integer from 1"),
        ("d_k = 2.5", "integer from 1"),
        ("d_k = 1_000_000_000_001", "1000000000000"),
        ("variance = -1", "negative"),
        ("mean = nan", "nan"),
        (&format!("mean = \"{long}\""), "limit of 128 bits"),
        ("varience = 1", "varience"),
        ("mean = 0\nentries = { values = [1] }", "both `entries` and `mean`"),
        ("variance = 1\nentries = { values = [1] }", "both `entries` and `variance`"),
        ("entries = { values = [1, 2], probabilities = [0.5, 0.4] }", "sum to 9/10"),
        ("entries = { values = [1, 2], probabilities = [1.5, -0.5] }", "negative: -1/2"),
        ("entries = { values = [1, 2], probabilities = [1] }", "2 values and 1 probabilities"),
        ("entries = { probabilities = [1] }", "values"),
        ("entries = { values = [] }", "empty"),
        ("entries = [1, 2]", "table"),
        ("entries = { values = [1], weights = [1] }", "weights"),
        (&unlike, "limit of 512 bits"),
        (&format!("entries = {{ values = [{}1] }}", "1, ".repeat(24)), "25 values, the limit is 24"),
    ] {
        let error = sheet(fields).unwrap_err().render(false);
        assert!(error.contains(says), "{fields}: {error}");
    }
}

#[test]
fn the_largest_table_is_still_gone_through() {
    // 24 values without a pattern: 300 different products, 90,000 pairs of them.
    let values: Vec<String> = (1..=24).map(|n| format!("\"{}/{}\"", n * n + 1, 2 * n + 1)).collect();
    let given = problem(&format!("entries = {{ values = [{}] }}", values.join(", ")));
    all_hold(&given);
}

#[test]
fn steps_and_symbols_print() {
    for fields in PROBLEMS {
        for row in problem(fields).solve() {
            for math in row.steps.iter().flat_map(|s| &s.math).chain(&row.symbol) {
                assert!(!notation::text(math).is_empty() && !notation::latex(math).is_empty());
            }
        }
    }
}

#[test]
fn the_example_of_the_kind_holds() {
    let parsed = Sheet::parse(Source::new("example.toml", KIND.example)).unwrap();
    for entry in &parsed.questions {
        all_hold(&Given::read(entry).unwrap());
    }
    let letters: BTreeMap<String, Rational> =
        [("d_k", 5), ("mu", 2), ("sigma", 3)].map(|(n, v)| (n.to_owned(), ratio(v, 1))).into();
    // 5·(81 + 2·4·9) = 765
    let law = row(&problem("d_k = 1"), "variance").formula.unwrap();
    assert_eq!(law.evaluate(&letters).unwrap(), ratio(765, 1));
}

// ---- sampling ------------------------------------------------------------------------------------

fn measured(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Holds(Strength::Measured))
}

#[test]
fn sampling_alone_refuses_the_mistakes_that_it_can_see() {
    // Builds without optimisation draw less: at d = 16 they too see one dimension more or less.
    for (fields, d, factor) in [
        ("d_k = 16", 16, ratio(1, 1)),
        ("d_k = 16\nmean = 1", 16, ratio(3, 1)),
        ("d_k = 16\nentries = { values = [-1, 1] }", 16, ratio(1, 1)),
        ("d_k = 8\nentries = { values = [-2, \"1/2\"], probabilities = [\"1/5\", \"4/5\"] }", 8, ratio(1, 1)),
    ] {
        let solved = Solved::new(&problem(fields));
        let length = ratio(d, 1);
        for row in solved.rows.iter().filter(|r| r.id != "saturation") {
            assert!(
                measured(&solved.sampling_says(&row.id, row.answer.value().unwrap().clone())),
                "{fields}: {}",
                row.id
            );
        }
        for wrong in
            [ratio(d - 1, 1), ratio(d + 1, 1), ratio(2 * d, 1), &length * &length, ratio(1, 1), ratio(0, 1)]
        {
            let said = solved.sampling_says("variance", &factor * &wrong);
            assert!(matches!(said, Outcome::Fails(_)), "{fields}: {wrong}: {said:?}");
        }
        for wrong in [&length / ratio(1, 1), length.recip(), ratio(2, 1), ratio(0, 1), ratio(d - 1, d)] {
            let said = solved.sampling_says("scaled-variance", &factor * &wrong);
            assert!(matches!(said, Outcome::Fails(_)), "{fields}: scaled {wrong}: {said:?}");
        }
    }
}

#[test]
fn sampling_holds_formulas_at_several_lengths() {
    for fields in ["", "mean = 1", "entries = { values = [-1, 1] }", "variance = 0\nmean = 2"] {
        let solved = Solved::new(&problem(fields));
        for row in solved.rows.iter().filter(|r| r.id != "saturation") {
            assert!(
                measured(&solved.sampling_says(&row.id, row.answer.value().unwrap().clone())),
                "{fields}: {}",
                row.id
            );
        }
        for wrong in ["d_k^2", "2*d_k + 1", "d_k - 1", "1"] {
            let said = solved.sampling_says("variance", expr::parse(wrong).unwrap());
            assert!(
                matches!(&said, Outcome::Fails(why) if why.contains("at d_k = ")),
                "{fields}: {wrong}: {said:?}"
            );
        }
        let said = solved.sampling_says("scaled-variance", expr::parse("1/d_k").unwrap());
        assert!(matches!(said, Outcome::Fails(_)), "{fields}: {said:?}");
    }
}

#[test]
fn a_claim_below_the_smallest_visible_deviation_cannot_be_told() {
    let solved = Solved::new(&problem("d_k = 64"));
    let said = solved.sampling_says("mean", ratio(1, 1000));
    assert!(matches!(&said, Outcome::Undecided(why) if why.starts_with("cannot tell")), "{said:?}");
    assert!(measured(&solved.sampling_says("mean", ratio(0, 1))));
    assert!(matches!(solved.sampling_says("mean", ratio(3, 1)), Outcome::Fails(_)));
    // A mean that is there, and too small: then zero is not taken for it.
    let solved = Solved::new(&problem("d_k = 64\nmean = \"1/1000\""));
    for claim in [ratio(0, 1), ratio(64, 1_000_000)] {
        let said = solved.sampling_says("mean", claim);
        assert!(matches!(&said, Outcome::Undecided(why) if why.starts_with("cannot tell")), "{said:?}");
    }
}

#[test]
fn scores_that_do_not_vary_are_checked_exactly() {
    // q·k of two signs is a sign: its square is 1 in every draw, and the mean is still a matter of chance.
    let solved = Solved::new(&problem("d_k = 1\nentries = { values = [-1, 1] }"));
    assert!(measured(&solved.sampling_says("variance", ratio(1, 1))));
    let said = solved.sampling_says("variance", ratio(1_000_001, 1_000_000));
    assert!(matches!(&said, Outcome::Fails(why) if why.starts_with("every draw gives 1")), "{said:?}");
    assert!(measured(&solved.sampling_says("mean", ratio(0, 1))));
    // Thirds are not exact in floating point; constants are drawn in fractions.
    let solved = Solved::new(&problem("d_k = 5\nvariance = 0\nmean = \"1/3\""));
    assert!(measured(&solved.sampling_says("mean", ratio(5, 9))));
    assert!(matches!(solved.sampling_says("mean", ratio(4, 9)), Outcome::Fails(_)));
    assert!(measured(&solved.sampling_says("variance", ratio(0, 1))));
}

#[test]
fn lengths_that_cannot_be_drawn_are_left_to_the_other_ways() {
    for fields in ["d_k = 65537", "d_k = 8\nmean = 1000"] {
        let solved = Solved::new(&problem(fields));
        for row in solved.rows.iter().filter(|r| r.id != "saturation") {
            let said = solved.sampling_says(&row.id, row.answer.value().unwrap().clone());
            assert!(matches!(&said, Outcome::Undecided(why) if why.starts_with("cannot tell")));
        }
    }
    for fields in ["d_k = 1024", "d_k = 65536"] {
        let solved = Solved::new(&problem(fields));
        let right = solved.row("variance").answer.value().unwrap().clone();
        assert!(!matches!(solved.sampling_says("variance", right), Outcome::Fails(_)));
    }
}

#[test]
fn the_rate_of_false_alarms_is_shared_by_the_questions_of_a_sheet() {
    let alone = problem("d_k = 4");
    let among = Given { questions: 100, ..alone.clone() };
    let width = |given: &Given| {
        let evidence = given.evidence();
        let Some(Says::Consistent(samples)) =
            evidence.iter().find(|e| e.source == "sampling" && e.row == "variance").map(|e| &e.says)
        else {
            panic!("no sample")
        };
        &samples[0].estimate.to - &samples[0].estimate.from
    };
    assert!(width(&among) > width(&alone));
    let text = "[[question]]\nid = \"1\"\nkind = \"attention-variance\"\n[[question]]\nid = \"2\"\nkind = \"attention-variance\"\nd_k = 2\n";
    let sheet = Sheet::parse(Source::new("sheet.toml", text)).unwrap();
    let entry = &sheet.questions[1];
    assert_eq!(Given::read(entry).unwrap().among(entry, &sheet).questions, 2);
}

#[test]
fn the_softmax_of_drawn_scores_is_shown() {
    for (fields, shown) in
        [("d_k = 32", true), ("entries = { values = [-1, 1] }", true), ("variance = 0", false)]
    {
        let steps: Vec<_> =
            problem(fields).illustrations().into_iter().flat_map(|(_, steps)| steps).collect();
        assert_eq!(steps.iter().any(|s| s.words.contains("drawing at random")), shown, "{fields}");
    }
}
