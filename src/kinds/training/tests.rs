//! Known counts, rows that do not run, and refusals for `training`.

#![allow(clippy::unwrap_used, clippy::panic)]

mod runs;
mod second;

use super::{Given, KIND};
use crate::kinds::Problem;
use crate::num::ratio;
use crate::report::{Answer, Row, Status, Value, judge};
use crate::sheet::{Sheet, SheetError, Source};

const NETWORKS: &str = "[networks]\n\
    mlp = 'Input(784) -> Linear(256) -> BatchNorm -> ReLU -> Dropout(0.2) -> Linear(128) -> BatchNorm -> ReLU -> \
    Dropout(0.2) -> Linear(10)'\n\
    cnn = 'Input(28x28x1) -> Conv(16, 5x5) -> BatchNorm -> ReLU -> MaxPool(2x2) -> Conv(32, 3x3) -> BatchNorm -> ReLU -> \
    MaxPool(2x2) -> Flatten -> Dropout(0.2) -> Linear(10)'\n\
    wide = 'Input(32x32x3) -> Linear(10)'\n\
    short = 'Input(784) -> Linear(9)'\n";

fn read(fields: &str) -> Result<Given, SheetError> {
    let text = format!("{NETWORKS}[[question]]\nid = \"3\"\nkind = \"training\"\n{fields}\n");
    let sheet = Sheet::parse(Source::new("test", &text))?;
    Given::read(sheet.questions.first().unwrap(), &sheet)
}

fn find<'a>(rows: &'a [Row], id: &str) -> &'a Row {
    rows.iter().find(|r| r.id == id).unwrap_or_else(|| panic!("no row {id}"))
}

#[test]
fn parameters_are_decided_and_accuracies_are_not_run() {
    let given = read("models = [\"mlp\", \"cnn\"]").unwrap();
    let (rows, evidence) = (given.solve(), given.evidence());
    let ids: Vec<&str> = rows.iter().map(|r| r.id.as_str()).collect();
    let expected = [
        "batches",
        "updates",
        "mlp.parameters",
        "mlp.train-accuracy",
        "mlp.test-accuracy",
        "cnn.parameters",
        "cnn.train-accuracy",
        "cnn.test-accuracy",
        "better",
    ];
    assert_eq!(ids, expected);
    // Origin: PyTorch's modules on the meta device (cases B12 and B20).
    for (id, want) in [("mlp.parameters", 235_914), ("cnn.parameters", 13_162)] {
        let row = find(&rows, id);
        assert_eq!(judge(row, &evidence, 4).1, Status::Holds);
        let right = Row { answer: Value::integer(want).into(), ..row.clone() };
        assert_eq!(judge(&right, &evidence, 4).1, Status::Holds);
        for wrong in [want - 1, want + 1, -want, want * 1001 / 1000, 0] {
            let planted = Row { answer: Value::integer(wrong).into(), ..row.clone() };
            assert_eq!(judge(&planted, &evidence, 4).1, Status::Fails);
        }
    }
    for id in ["mlp.train-accuracy", "mlp.test-accuracy", "cnn.train-accuracy", "cnn.test-accuracy", "better"]
    {
        let row = find(&rows, id);
        assert!(matches!(row.answer, Answer::NotRun { .. }), "{id}");
        assert_eq!(judge(row, &evidence, 4).1, Status::NotRun, "{id}");
    }
    // 60,000 images to 128 a batch: 468 full batches and one of 96 (469·128 − 60,000 = 32 short); 10 epochs.
    for (id, known) in [("batches", 469), ("updates", 4690)] {
        let row = find(&rows, id);
        assert!(
            matches!(&row.answer, Answer::Value(Value::Number(x)) if x.equals(&ratio(known, 1).into()).unwrap())
        );
        assert_eq!(judge(row, &evidence, 4).1, Status::Holds, "{id}");
    }
    assert!(rows.iter().all(|r| r.label.chars().count() <= 24));
    assert_eq!(find(&rows, "mlp.parameters").label, "MLP parameters");
}

#[test]
fn what_is_left_out_has_the_defaults_of_the_language() {
    let given = read("").unwrap();
    assert_eq!(given.models.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(), ["mlp", "cnn"]);
    assert_eq!((given.batch, given.epochs, given.seed), (128, 10, 480));
    assert_eq!((given.sgd.lr, given.sgd.momentum), (ratio(1, 20), ratio(9, 10)));
    let plain = read("optimizer = { sgd = { lr = 0.1 } }").unwrap();
    assert_eq!((plain.sgd.lr, plain.sgd.momentum), (ratio(1, 10), ratio(0, 1)));
}

#[test]
fn one_model_has_nothing_to_be_better_than() {
    let given = read("models = [\"cnn\"]").unwrap();
    let rows = given.solve();
    assert!(matches!(find(&rows, "better").answer, Answer::Absent { .. }));
    assert_eq!(judge(find(&rows, "better"), &given.evidence(), 4).1, Status::Holds);
}

#[test]
fn what_cannot_be_trained_is_refused() {
    for (fields, message, help) in [
        ("dataset = \"mnist\"", "there is no data set `mnist`", "`fashion-mnist`"),
        ("dataset = \"fashion_mnst\"", "there is no data set", "did you mean `fashion-mnist`"),
        ("models = []", "no models", "at least one"),
        ("models = [\"mpl\"]", "there is no network `mpl`", "did you mean `mlp`"),
        ("models = [\"mlp\", \"mlp\"]", "named twice", "once"),
        ("models = [\"wide\"]", "takes 32×32×3", "Input(28x28x1) or with Input(784)"),
        ("models = [\"short\"]", "gives 9", "Linear(10)"),
        ("optimizer = { adam = { lr = 0.1 } }", "there is no optimizer `adam`", "known is `sgd`"),
        ("optimizer = {}", "the optimizer has no name", "sgd = { lr = 0.05"),
        ("optimizer = { sgd = { lr = 0 } }", "not positive", "lr = 0.05"),
        ("optimizer = { sgd = { lr = 0.1, momentum = 1 } }", "momentum", "0.9"),
        ("optimizer = { sgd = { lr = 0.1, momentum = -0.1 } }", "momentum", "0.9"),
        ("optimizer = { sgd = { lr = 0.1, nesterov = true } }", "nesterov", "lr"),
        ("optimizer = { sgd = { momentum = 0.9 } }", "lacks `lr`", ""),
        ("batch = 0", "`batch`", ""),
        ("epoch = 3", "`epoch`", "did you mean `epochs`"),
        ("seed = -1", "`seed`", ""),
    ] {
        let Err(error) = read(fields) else { panic!("accepted: {fields}") };
        assert!(error.message().contains(message), "{fields}: {}", error.message());
        assert!(error.help_text().unwrap_or("").contains(help), "{fields}: {:?}", error.help_text());
    }
}

#[test]
fn the_example_runs() {
    let sheet = Sheet::parse(Source::new("example", KIND.example)).unwrap();
    let mut entry = sheet.questions.first().unwrap().clone();
    let problem = (KIND.given)(&mut entry, &sheet).unwrap();
    let evidence = problem.evidence();
    for row in problem.solve() {
        assert!(matches!(judge(&row, &evidence, 4).1, Status::Holds | Status::NotRun), "{}", row.id);
    }
}
