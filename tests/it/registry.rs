//! What every kind promises is held here, by walking the registry: documentation, an example that runs, evidence for
//! every row, and the rows that the JSON's contract names.

use std::collections::BTreeSet;

use backproof::kinds::{self, KINDS};
use backproof::pipeline;
use backproof::report::{Question, Report, Status};
use backproof::sheet::{Sheet, Source};

use crate::support::{backproof, problems, sources, written};

/// The kinds of the contract, in no order.
const CONTRACT: [&str; 7] = [
    "gradient-descent",
    "layer-table",
    "transformer-encoder",
    "attention-variance",
    "softmax-cross-entropy",
    "mlp-backprop",
    "training",
];

fn examined(source: Source) -> Report {
    let sheet = Sheet::parse(source).unwrap();
    pipeline::examine(&sheet).unwrap()
}

/// The rows that a question must have, from the contract; sizes are counted from the question's own rows only where
/// the sheet fixes them (layers, models).
fn promised(question: &Question) -> Vec<String> {
    let words = |names: &str| names.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let count = |prefix: &str, suffix: &str| {
        (1..).take_while(|n| question.row(&format!("{prefix}{n}{suffix}")).is_some()).count()
    };
    match question.kind {
        "gradient-descent" => words(
            "gradient hessian convex strongly-convex eigenvalues L m condition-number minimiser f-star step-convex \
             step-strongly-convex step-limit step k-convex k-strongly-convex k-exact",
        ),
        "layer-table" => {
            let mut all = words("total");
            for n in 1..=count("layer.", ".shape").max(1) {
                all.extend([format!("layer.{n}.shape"), format!("layer.{n}.parameters")]);
            }
            if question.rows.iter().any(|r| r.row.id.starts_with("compare.")) {
                all.extend(words("compare.total ratio"));
                for n in 1..=count("compare.layer.", ".shape").max(1) {
                    all.extend([format!("compare.layer.{n}.shape"), format!("compare.layer.{n}.parameters")]);
                }
            }
            all
        }
        "transformer-encoder" => words("attention feedforward norm layer final-norm total d_k"),
        "attention-variance" => words("mean variance scaled-variance saturation"),
        "softmax-cross-entropy" => words("p J gradient-formula gradient gradient-sum"),
        "mlp-backprop" => {
            let mut all = words("theta p J dead kinks dJ-dtheta J-next");
            let layers = count("layer.", ".dJ-dW").max(1);
            for n in 1..=layers {
                let every = ["dJ-dW", "dJ-db", "W-next", "b-next"];
                let hidden = ["z", "h", "dJ-dh", "dJ-dz"];
                all.extend(every.iter().map(|r| format!("layer.{n}.{r}")));
                if n < layers {
                    all.extend(hidden.iter().map(|r| format!("layer.{n}.{r}")));
                }
            }
            all
        }
        "training" => {
            let mut all = words("better");
            for model in ["mlp", "cnn"] {
                for row in ["parameters", "train-accuracy", "test-accuracy"] {
                    all.push(format!("{model}.{row}"));
                }
            }
            all
        }
        other => panic!("the kind {other} has no rows in this list: add them"),
    }
}

#[test]
fn the_kinds_of_the_contract_are_there_once() {
    let names: Vec<&str> = KINDS.iter().map(|k| k.name).collect();
    let unique: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(unique.len(), names.len(), "a name is used twice: {names:?}");
    assert_eq!(unique, CONTRACT.into_iter().collect(), "the contract's kinds and the registry's differ");
    for name in names {
        assert_eq!(kinds::find(name).unwrap().name, name);
    }
    assert!(kinds::find("no-such-kind").is_none());
}

#[test]
fn every_kind_is_documented() {
    for kind in KINDS {
        for (what, text) in [("title", kind.title), ("source", kind.source)] {
            assert!(text.trim() == text && text.len() > 5, "{}: the {what} is {text:?}", kind.name);
        }
        assert!(kind.source.ends_with(['.', ')']), "{}: the source is cut off", kind.name);
        let mut seen = BTreeSet::new();
        assert!(!kind.fields.is_empty(), "{} has no fields", kind.name);
        for field in kind.fields {
            assert!(seen.insert(field.name), "{}: {} is listed twice", kind.name, field.name);
            assert!(field.meaning.trim().len() > 3, "{}: {} is not explained", kind.name, field.name);
        }
        let sheet = Sheet::parse(Source::new("example", kind.example)).unwrap();
        for entry in &sheet.questions {
            assert_eq!(entry.kind.value, kind.name, "the example of {} asks for another kind", kind.name);
        }
        assert!(kind.example.contains("# "), "the example of {} has no comments", kind.name);
        assert!(kind.example.ends_with('\n'), "the example of {} does not end with a line", kind.name);
    }
}

#[test]
fn examples_and_the_built_in_sheet_hold() {
    for source in sources() {
        let name = source.name.clone();
        let report = examined(source);
        for (question, row) in report.questions.iter().flat_map(|q| q.rows.iter().map(move |r| (q, r))) {
            let place = format!("{name}: {}.{}", question.id, row.row.id);
            let right = matches!(row.status, Status::Holds | Status::NotRun);
            assert!(right, "{place}: {:?}: {:?}", row.status, row.verdicts);
            if row.status == Status::Holds {
                assert!(row.strength().is_some(), "{place} holds and has no strength");
            }
            assert!(row.row.answer.reason() != Some(""), "{place} gives no reason");
            assert!(!row.row.label.is_empty(), "{place} has no label");
        }
        let summary = report.summary();
        assert!(summary.hold > 0, "{name}: nothing holds");
        assert_eq!(summary.hold + summary.not_run, summary.answers, "{name}");
    }
}

#[test]
fn the_rows_of_the_contract_are_there_once() {
    for source in sources() {
        let name = source.name.clone();
        for question in &examined(source).questions {
            let mut seen = BTreeSet::new();
            for row in &question.rows {
                assert!(
                    seen.insert(row.row.id.as_str()),
                    "{name}: {}.{} is there twice",
                    question.id,
                    row.row.id
                );
            }
            for id in promised(question) {
                assert!(
                    seen.contains(id.as_str()),
                    "{name}: {} has no row {id}; it has {seen:?}",
                    question.id
                );
            }
        }
    }
}

#[test]
fn sizes_of_the_built_in_sheet_are_those_of_the_text() {
    // Question 1.2: eight arrow items after Input, four of the dense network; 2.2: two layers.
    let report = examined(backproof::default_sheet());
    let question = |id: &str| report.questions.iter().find(|q| q.id == id).unwrap();
    for (id, last, beyond) in [
        ("1.2", "layer.8.parameters", "layer.9.parameters"),
        ("1.2", "compare.layer.3.shape", "compare.layer.4.shape"),
        ("2.2", "layer.2.dJ-dW", "layer.3.dJ-dW"),
    ] {
        assert!(question(id).row(last).is_some(), "{id}.{last}");
        assert!(question(id).row(beyond).is_none(), "{id}.{beyond}");
    }
}

#[test]
fn formulas_stand_beside_the_numbers_of_an_encoder() {
    let report = examined(Source::new("example", kinds::find("transformer-encoder").unwrap().example));
    for row in &report.questions[0].rows {
        assert!(row.row.formula.is_some(), "{} has no formula", row.row.id);
    }
}

#[test]
fn evidence_is_about_rows_that_exist() {
    for posed in sources().into_iter().flat_map(problems) {
        let rows: BTreeSet<String> = posed.problem.solve().into_iter().map(|r| r.id).collect();
        for evidence in posed.problem.evidence() {
            assert!(rows.contains(&evidence.row), "{}: evidence about {}", posed.name, evidence.row);
            assert!(
                !evidence.source.is_empty() && !evidence.detail.is_empty(),
                "{}: {evidence:?}",
                posed.name
            );
        }
    }
}

/// Rows that may have one way of working, a kind and a row: floats descend only so far, and not at the step 2/L.
const ONE_WAY: &[(&str, &str)] = &[("gradient-descent", "k-exact")];

#[test]
fn an_answer_holds_by_two_ways_of_working_or_more() {
    let mut faults = Vec::new();
    let built_in = backproof::gallery::SHEETS.iter().map(|sheet| sheet.source());
    for source in sources().into_iter().chain(built_in) {
        for question in examined(source).questions {
            for judged in question.rows.iter().filter(|r| r.status == Status::Holds) {
                let ways: BTreeSet<&str> =
                    judged.verdicts.iter().filter(|v| v.holds()).map(|v| v.source).collect();
                let known =
                    |(kind, row): &(&str, &str)| *kind == question.kind && *row == judged.row.id.as_str();
                if ways.len() < 2 && !ONE_WAY.iter().any(known) {
                    faults.push(format!("{} {}.{}: {ways:?}", question.kind, question.id, judged.row.id));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_problem_gives_the_same_answers_twice() {
    for posed in sources().into_iter().flat_map(problems) {
        let print = |rows: Vec<backproof::report::Row>| format!("{rows:?}");
        assert_eq!(print(posed.problem.solve()), print(posed.problem.solve()), "{}", posed.name);
    }
}

#[test]
fn an_example_is_printed_as_it_is_and_runs_from_a_file() {
    for kind in KINDS {
        let printed = backproof(&["example", kind.name]);
        assert_eq!((printed.code, printed.out.as_str()), (0, kind.example), "{}", kind.name);
        let path = written(&format!("example-{}.toml", kind.name), &printed.out);
        let ran = backproof(&["verify", &path]);
        assert_eq!(ran.code, 0, "{}: {}{}", kind.name, ran.out, ran.err);
    }
}
