//! Rows from records of runs: which record is used, what is held against it, and what the words say.

use super::{Given, find, read};
use crate::kinds::training::comparison;
use crate::kinds::{Mistake, Problem};
use crate::num::{Rational, ratio};
use crate::record::{
    By, Declared, Epoch, Images, Machine, Named, Optimizer, Printed, Recipe, Record, Runs, Trained, Unread,
    Versions,
};
use crate::report::{Answer, Outcome, Row, Status, Strength, Value, Verdict, judge};

const FIELDS: &str = "models = [\"mlp\", \"cnn\"]\nepochs = 2";

/// The counts that the reference run of the assignment ended with: 0.9250 and 0.8897, 0.9237 and 0.9014.
const COUNTS: [(u64, u64); 2] = [(55_500, 8_897), (55_420, 9_014)];

fn trained(name: &str, parameters: u64, (train, test): (u64, u64)) -> Trained {
    let epoch = |train, test| Epoch { train, test, words: 0, training_ms: 1, evaluation_ms: 1, loss: None };
    let mut confusion = vec![vec![0; 10]; 10];
    // A thousand images of each class; of shirts more are wrong, and all for T-shirts.
    for (class, row) in confusion.iter_mut().enumerate() {
        let wrong = 10_000 - test;
        let share = wrong / 10 + u64::from((class as u64) < wrong % 10);
        let moved = share.min(50);
        let wrong = match class {
            6 => share + moved,
            3 => share - moved,
            _ => share,
        };
        row[class] = 1000 - wrong;
        row[(class + 4) % 10] = wrong;
    }
    confusion[0][4] -= 1;
    confusion[0][6] = 1;
    Trained {
        name: name.to_owned(),
        parameters,
        epochs: vec![epoch(50_000, 8_000), epoch(train, test)],
        confusion,
        weights_sha256: "0123456789abcdef".repeat(4),
    }
}

fn record(given: &Given, by: By, counts: [(u64, u64); 2]) -> Record {
    let declared =
        given.models.iter().map(|m| Declared { name: m.name.clone(), network: m.network.to_string() });
    let record = Record {
        format: crate::record::FORMAT,
        by,
        sheet: "mine".to_owned(),
        question: "3".to_owned(),
        versions: Versions { program: "a".into(), libtorch: "2.13.0".into(), binding: "b".into() },
        machine: Machine { cpu: "a".into(), features: vec!["avx2".into()], threads: 2, device: "cpu".into() },
        recipe: Recipe {
            dataset: "fashion-mnist".to_owned(),
            models: declared.collect(),
            optimizer: Optimizer::Sgd { lr: "1/20".into(), momentum: "9/10".into() },
            batch: 128,
            epochs: 2,
            seed: 480,
            batches: None,
        },
        images: Images { train: 60_000, test: 10_000 },
        models: vec![trained("mlp", 235_914, counts[0]), trained("cnn", 13_162, counts[1])],
        words: 0,
    };
    record.check().unwrap();
    record
}

fn named(name: &str, record: Record) -> Named {
    Named { name: name.to_owned(), record }
}

fn with(given: &Given, runs: &Runs) -> Given {
    let mut given = given.clone();
    given.attach_runs("mine", "3", runs);
    given
}

/// This program's record, and those that are given.
fn with_others(others: Vec<Named>) -> Given {
    let given = read(FIELDS).unwrap();
    let mut records = vec![named("ours.json", record(&given, By::Backproof, COUNTS))];
    records.extend(others);
    with(&given, &Runs { records, ..Runs::default() })
}

fn pytorch(change: impl Fn(&mut Record)) -> Named {
    let mut record = record(&read(FIELDS).unwrap(), By::Pytorch, COUNTS);
    change(&mut record);
    record.check().unwrap();
    named("pytorch.json", record)
}

fn judged(given: &Given, id: &str) -> (Vec<Verdict>, Status) {
    judge(find(&given.solve(), id), &given.evidence(), 4)
}

fn number(row: &Row) -> Rational {
    match &row.answer {
        Answer::Value(Value::Number(x)) => x.as_rational().unwrap().unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_record_fills_the_rows_and_a_rerun_holds_them() {
    let given = with_others(vec![pytorch(|_| {})]);
    let rows = given.solve();
    for (id, right) in [
        ("mlp.train-accuracy", ratio(55_500, 60_000)),
        ("mlp.test-accuracy", ratio(8_897, 10_000)),
        ("cnn.train-accuracy", ratio(55_420, 60_000)),
        ("cnn.test-accuracy", ratio(9_014, 10_000)),
    ] {
        assert_eq!(number(find(&rows, id)), right, "{id}");
    }
    assert!(matches!(&find(&rows, "better").answer, Answer::Value(Value::Name(name)) if name == "cnn"));
    for row in rows.iter().filter(|r| r.id.ends_with("accuracy") || r.id == "better") {
        let (verdicts, status) = judge(row, &given.evidence(), 4);
        assert_eq!(status, Status::Holds, "{}: {verdicts:?}", row.id);
        assert!(verdicts.iter().all(|v| v.outcome == Outcome::Holds(Strength::Measured)), "{verdicts:?}");
        assert!(verdicts.iter().all(|v| v.detail.chars().count() <= 40), "{verdicts:?}");
        assert!(
            row.remarks
                .iter()
                .any(|r| r.contains("libtorch 2.13.0 on a (cpu, 2 threads), seed 480, 2 epochs"))
        );
    }
}

#[test]
fn every_mistake_is_refused_by_the_rerun() {
    let given = with_others(vec![pytorch(|_| {})]);
    let (rows, evidence, mistakes) = (given.solve(), given.evidence(), given.mistakes());
    let of = |id: &str| mistakes.iter().filter(|m| m.row == id).count();
    assert_eq!((of("mlp.train-accuracy"), of("cnn.test-accuracy"), of("better")), (5, 5, 2));
    for Mistake { row, name, value } in mistakes {
        let right = find(&rows, &row);
        let same = right.answer.value().unwrap().same(&value) == Some(true);
        let wrong = Row { answer: value.into(), ..right.clone() };
        let want = if same { Status::Holds } else { Status::Fails };
        assert_eq!(judge(&wrong, &evidence, 4).1, want, "{row}: {name}");
    }
}

#[test]
fn a_count_that_was_changed_is_refused_by_the_rerun() {
    let given = with_others(vec![pytorch(|r| r.models[0].epochs[1].train += 1)]);
    let (verdicts, status) = judged(&given, "mlp.train-accuracy");
    assert_eq!(status, Status::Fails);
    assert_eq!(verdicts[0].outcome, Outcome::Fails("0.925000 against 0.925017 in pytorch.json".to_owned()));
    assert_eq!(judged(&given, "cnn.train-accuracy").1, Status::Holds);
}

#[test]
fn another_machine_is_held_to_a_percentage_point() {
    for (away, holds) in [(600, true), (601, false)] {
        let given = with_others(vec![pytorch(|r| {
            r.machine.threads = 1;
            r.models[0].epochs[1].train += away;
        })]);
        let want = if holds { Status::Holds } else { Status::Fails };
        assert_eq!(judged(&given, "mlp.train-accuracy").1, want, "{away}");
        // 117 images are no gap that machines could not close.
        let (verdicts, status) = judged(&given, "better");
        assert_eq!(status, Status::Undecided);
        assert!(matches!(verdicts[0].outcome, Outcome::Undecided(_)), "{verdicts:?}");
    }
    // On a graphics card nothing has to repeat, not even on the same one.
    let given = read(FIELDS).unwrap();
    let mut records: Vec<Named> = [By::Backproof, By::Pytorch]
        .into_iter()
        .map(|by| named("one.json", record(&given, by, COUNTS)))
        .collect();
    records.iter_mut().for_each(|n| n.record.machine.device = "cuda".to_owned());
    assert!(!with(&given, &Runs { records, ..Runs::default() }).runs.others[0].repeats);
}

#[test]
fn a_record_alone_settles_nothing() {
    let given = with_others(Vec::new());
    for row in ["mlp.test-accuracy", "mlp.train-accuracy", "better"] {
        let (verdicts, status) = judged(&given, row);
        assert_eq!(status, Status::Undecided);
        assert!(
            matches!(&verdicts[0].outcome, Outcome::Undecided(why) if why.starts_with("only this record"))
        );
    }
    // A copy under another name is no second run.
    let copied = with_others(vec![named("copy.json", record(&read(FIELDS).unwrap(), By::Backproof, COUNTS))]);
    assert_eq!(judged(&copied, "mlp.train-accuracy").1, Status::Undecided);
    let mut slower = record(&read(FIELDS).unwrap(), By::Backproof, COUNTS);
    slower.models[0].epochs[0].training_ms += 1;
    let copied = with_others(vec![named("slower.json", slower)]);
    assert_eq!(judged(&copied, "mlp.test-accuracy").1, Status::Undecided);
}

#[test]
fn the_same_end_by_another_course_is_refused() {
    type Change = fn(&mut Record);
    let changes: [Change; 2] =
        [|r| r.models[0].weights_sha256 = "f".repeat(64), |r| r.models[0].epochs[0].train += 1];
    for change in changes {
        let given = with_others(vec![pytorch(change)]);
        for row in ["mlp.train-accuracy", "mlp.test-accuracy"] {
            assert_eq!(judged(&given, row).1, Status::Fails);
        }
        assert_eq!(judged(&given, "cnn.test-accuracy").1, Status::Holds);
    }
}

#[test]
fn a_confusion_matrix_has_as_many_images_of_each_class() {
    let given = read(FIELDS).unwrap();
    let mut lopsided = record(&given, By::Backproof, COUNTS);
    let spread = &mut lopsided.models[0].confusion;
    spread[1][1] += spread[2][6];
    spread[2][6] = 0;
    let there = with(&given, &Runs { records: vec![named("x.json", lopsided)], ..Runs::default() });
    assert!(there.runs.run.is_none());
}

#[test]
fn a_record_of_another_recipe_is_left_out_and_it_is_said_why() {
    type Change = fn(&mut Record);
    let changes: [(Change, &str); 10] = [
        (|r| r.recipe.batches = Some(60), "a trial of 60 batches a pass"),
        (|r| r.recipe.seed = 1, "another recipe: seed 1, not 480"),
        (|r| r.recipe.batch = 64, "another recipe: batch 64, not 128"),
        (|r| r.recipe.dataset = "mnist".into(), "data set mnist, not fashion-mnist"),
        (|r| r.recipe.epochs = 5, "another recipe: epochs 5, not 2"),
        (
            |r| r.recipe.optimizer = Optimizer::Sgd { lr: "1/10".into(), momentum: "0".into() },
            "learning rate 1/10, not 1/20; momentum 0, not 9/10",
        ),
        (|r| r.recipe.models[1].network.push_str(" -> ReLU"), "another recipe: another network cnn"),
        (|r| r.recipe.models.truncate(1), "models mlp, not mlp, cnn"),
        (|r| r.images.test = 10, "measured on 60000 and 10 images, not on all 60000 and 10000"),
        (|r| r.models[0].parameters = 7, "mlp has 7 parameters there, and 235914 here"),
    ];
    let given = read(FIELDS).unwrap();
    for (change, why) in changes {
        let mut other = record(&given, By::Backproof, COUNTS);
        change(&mut other);
        let here = with(&given, &Runs { records: vec![named("x.json", other.clone())], ..Runs::default() });
        let told = format!("x.json: {why}");
        assert!(here.runs.run.is_none() && here.runs.unused.len() == 1, "{why}");
        assert!(here.runs.unused[0].starts_with("x.json: ") && here.runs.unused[0].contains(why), "{told}");
        let row = find(&here.solve(), "mlp.test-accuracy").clone();
        assert!(matches!(&row.answer, Answer::NotRun { reason } if reason.contains(why)), "{row:?}");
        // One that is about another question is nobody's business, nor is one that is built in.
        other.question = "4".to_owned();
        let elsewhere = Runs { records: vec![named("x.json", other.clone())], ..Runs::default() };
        assert!(with(&given, &elsewhere).runs.unused.is_empty());
        other.question = "3".to_owned();
        let built_in = Runs { built_in: vec![named("x.json", other)], ..Runs::default() };
        assert!(with(&given, &built_in).runs.unused.is_empty());
    }
    // Beside one that is used, it is a remark.
    let given = with_others(vec![pytorch(|r| {
        r.recipe.seed = 1;
    })]);
    let better = find(&given.solve(), "better").clone();
    assert!(better.remarks.iter().any(|r| r.starts_with("Not used: pytorch.json: another recipe: seed 1")));
    // So is a file that could not be read.
    let unread = Unread { name: "bad.json".into(), why: "not the record of a run".into(), about: None };
    let here = with(&read(FIELDS).unwrap(), &Runs { unread: vec![unread.clone(); 30], ..Runs::default() });
    assert_eq!(here.runs.unused.len(), 11);
    let about = Some(("mine".to_owned(), "4".to_owned()));
    let elsewhere = Runs { unread: vec![Unread { about, ..unread }], ..Runs::default() };
    assert!(with(&read(FIELDS).unwrap(), &elsewhere).runs.unused.is_empty());
}

#[test]
fn a_folders_records_go_first_and_this_programs_before_pytorchs() {
    let given = read(FIELDS).unwrap();
    let of = |by, counts| record(&given, by, counts);
    let mut counts = COUNTS;
    counts[0].1 = 8_890;
    let runs = Runs {
        records: vec![named("a", of(By::Pytorch, counts)), named("b", of(By::Backproof, counts))],
        built_in: vec![named("c", of(By::Backproof, COUNTS))],
        ..Runs::default()
    };
    let here = with(&given, &runs);
    let names: Vec<&str> = here.runs.others.iter().map(|o| o.named.name.as_str()).collect();
    assert_eq!((here.runs.run.as_ref().unwrap().name.as_str(), names), ("b", vec!["a", "c"]));
    // The third run says that it was made on this machine, and differs.
    assert_eq!(judged(&here, "mlp.test-accuracy").1, Status::Fails);
}

fn notebook(lines: &str) -> Runs {
    let output = serde_json::json!({"output_type": "stream", "name": "stdout", "text": lines});
    let notebook = serde_json::json!({"cells": [{"cell_type": "code", "outputs": [output]}]});
    let given = read(FIELDS).unwrap();
    Runs {
        records: vec![named("ours.json", record(&given, By::Backproof, COUNTS))],
        printed: vec![Printed::of("Lovelace_Ada_mine.ipynb", &notebook.to_string()).unwrap()],
        ..Runs::default()
    }
}

#[test]
fn a_notebook_that_prints_the_same_holds_and_one_that_does_not_fails() {
    let given = read(FIELDS).unwrap();
    let right = "Epoch  1 Train: 0.8333 Test: 0.8000\nEpoch  2 Train: 0.9250 Test: 0.8897\n\
                 Epoch  1 Train: 0.8333 Test: 0.8000\nother words\nEpoch  2 Train: 0.9237 Test: 0.9014\n";
    let here = with(&given, &notebook(right));
    for id in ["mlp.train-accuracy", "mlp.test-accuracy", "cnn.train-accuracy", "cnn.test-accuracy", "better"]
    {
        let (verdicts, status) = judged(&here, id);
        assert_eq!(status, Status::Holds, "{id}: {verdicts:?}");
        assert!(verdicts.iter().any(|v| v.source == "notebook" && v.holds()), "{id}: {verdicts:?}");
    }
    let wrong = with(&given, &notebook(&right.replace("0.9014", "0.9013")));
    let (verdicts, status) = judged(&wrong, "cnn.test-accuracy");
    assert_eq!(status, Status::Fails);
    let told = "0.901400 against 0.901300 in Lovelace_Ada_mine.ipynb";
    assert!(verdicts.iter().any(|v| v.outcome == Outcome::Fails(told.to_owned())), "{verdicts:?}");
    assert_eq!(judged(&wrong, "mlp.test-accuracy").1, Status::Holds);
    let turned = right.replace("0.9014", "0.8014");
    assert_eq!(judged(&with(&given, &notebook(&turned)), "better").1, Status::Fails);
}

#[test]
fn a_notebook_of_other_runs_is_not_used() {
    let given = read(FIELDS).unwrap();
    for (lines, why) in [
        ("Epoch 1 Train: 0.5 Test: 0.5", "it prints 1 runs, and the question has 2 models"),
        (
            "Epoch 1 Train: 0.5 Test: 0.5\nEpoch 1 Train: 0.5 Test: 0.5",
            "it prints 1 epochs of mlp, and the recipe has 2",
        ),
    ] {
        let here = with(&given, &notebook(lines));
        assert_eq!(here.runs.unused, [format!("Lovelace_Ada_mine.ipynb: {why}")]);
        assert!(here.runs.printed.is_empty());
    }
}

#[test]
fn the_words_follow_from_the_numbers() {
    let said = comparison(&with_others(Vec::new())).join("\n");
    for words in [
        // 9014 − 8897 = 117; 0.9250 − 0.8897 and 0.9237 − 0.9014 in points; 235914/13162 = 17.92.
        "The CNN has the higher test accuracy: 0.9014 against 0.8897 of the MLP, a gap of 1.17 percentage points or 117 of \
         the 10,000 test images.",
        "they rank otherwise: the MLP leads, 0.9250 to 0.9237. From the training set to the test set, the accuracy of the \
         CNN falls by 2.23 percentage points, that of the MLP by 3.53.",
        "The CNN has 13,162 parameters, the MLP 235,914: the MLP has 17.9 times as many.",
        "small windows (5×5, then 3×3)",
        // √(0.9014·0.0986/10⁴) = 0.002981, √(0.8897·0.1103/10⁴) = 0.003133, together 0.004324; 0.0117/0.004324 = 2.7.
        "is 0.0030 for the CNN and 0.0031 for the MLP, and 0.0043 for the difference",
        "The gap is 2.7 such errors, which is more than two.",
        "This is one run, with the seed 480;",
    ] {
        assert!(said.contains(words), "{words}\n\n{said}");
    }
    assert!(comparison(&read(FIELDS).unwrap()).is_empty());
}

fn said_of(counts: [(u64, u64); 2]) -> String {
    let given = read(FIELDS).unwrap();
    let records = vec![named("ours.json", record(&given, By::Backproof, counts))];
    comparison(&with(&given, &Runs { records, ..Runs::default() })).join("\n")
}

#[test]
fn the_words_claim_no_more_than_the_numbers() {
    let near = said_of([(55_000, 9_000), (54_000, 9_010)]);
    assert!(near.contains("not more than two, so that it may be chance"), "{near}");
    let dense = said_of([(55_000, 9_100), (54_000, 8_800)]);
    assert!(dense.contains("The MLP has the higher test accuracy"), "{dense}");
    assert!(dense.contains("would speak for the CNN") && dense.contains("do not tell why"), "{dense}");
    let tie = said_of([(55_000, 9_000), (55_000, 9_000)]);
    assert!(tie.contains("have the same test accuracy, 0.9000") && tie.contains("both have 0.9167"), "{tie}");
    // All right: no error to divide by.
    assert!(!said_of([(60_000, 9_999), (60_000, 9_999)]).is_empty());
}

#[test]
fn a_tie_has_no_better_model() {
    let given = read(FIELDS).unwrap();
    let both = [("ours.json", By::Backproof), ("pytorch.json", By::Pytorch)];
    let records = both.map(|(name, by)| named(name, record(&given, by, [(1, 9_000), (2, 9_000)]))).to_vec();
    let here = with(&given, &Runs { records, ..Runs::default() });
    let rows = here.solve();
    let better = find(&rows, "better");
    assert!(
        matches!(&better.answer, Answer::Absent { reason } if reason.contains("mlp and cnn have the same"))
    );
    let (verdicts, status) = judge(better, &here.evidence(), 4);
    assert_eq!(status, Status::Holds);
    assert_eq!(verdicts[0].outcome, Outcome::Holds(Strength::Measured));
    let wrong = Row { answer: Value::Name("cnn".to_owned()).into(), ..better.clone() };
    assert_eq!(judge(&wrong, &here.evidence(), 4).1, Status::Fails);
}
