//! Whole runs on small data of our own: a run that was stopped and gone on with ends as one that was not; what is run in
//! another order gives the same bits; checkpoints that are not whole, or of another run, are refused.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use tch::{Kind, Tensor};

use super::model::Network;
use super::plan::{Changes, Plan};
use super::stream::Stream;
use super::{DeviceChoice, Options, Outcome, TrainError, train};
use crate::dataset::{FashionMnist, Split};
use crate::kinds::training::Given;
use crate::record::Record;
use crate::sheet::{Sheet, Source};

/// libtorch has one generator, and one number of threads.
static GENERATOR: Mutex<()> = Mutex::new(());

pub(super) fn alone() -> MutexGuard<'static, ()> {
    GENERATOR.lock().unwrap_or_else(|held| held.into_inner())
}

const SHEET: &str = r#"
[networks]
mlp = "Input(784) -> Linear(16) -> BatchNorm -> ReLU -> Dropout(0.2) -> Linear(10)"
cnn = """
Input(28x28x1) -> Conv(4, 5x5, bias=false) -> BatchNorm -> ReLU -> MaxPool(2x2)
  -> Conv(8, 3x3, stride=2, padding=1, groups=2) -> MaxPool(3x3, stride=2, padding=1, ceil=true) -> ReLU
  -> Conv(8, 2x2, padding="same", dilation=2) -> BatchNorm -> AvgPool(2x2, ceil=true) -> Dropout(0.5)
  -> Linear(12, bias=false) -> ReLU -> Linear(10)
"""
ends = "Input(28x28x1) -> Conv(6, 3x3) -> ReLU -> GlobalMaxPool -> BatchNorm -> Flatten -> Linear(10)"
means = "Input(28x28x1) -> MaxPool(3x3, stride=2) -> Conv(6, 3x3) -> GlobalAvgPool -> Linear(10)"

[[question]]
id = "1"
kind = "training"
models = ["mlp", "cnn", "ends", "means"]
optimizer = { sgd = { lr = 0.05, momentum = 0.9 } }
batch = 16
epochs = 2
seed = 7
"#;

fn plan(text: &str) -> Plan {
    let sheet = Sheet::parse(Source::new("mine.toml", text)).unwrap();
    let given = Given::read(&sheet.questions[0], &sheet).unwrap();
    Plan::new(&sheet.title, "1", &given, Changes::default()).unwrap()
}

fn data() -> FashionMnist {
    let split = |images: usize, salt: usize| {
        let labels: Vec<u8> = (0..images).map(|i| ((i * 7 + salt) % 10) as u8).collect();
        let pixel =
            |i: usize, at: usize| ((i * 131 + at * 17 + at * at % 251 * usize::from(labels[i])) % 256) as u8;
        let pixels =
            (0..images).flat_map(|i| (0..784).map(move |at| (i, at))).map(|(i, at)| pixel(i, at)).collect();
        Split { pixels, labels, images, rows: 28, columns: 28 }
    };
    FashionMnist { train: split(72, 0), test: split(40, 3), folder: PathBuf::new() }
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("backproof-train-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

fn options(runs: &Path, resume: bool) -> Options<'_> {
    Options {
        runs,
        stem: "mine-1",
        resume,
        threads: Some(1),
        device: Some(DeviceChoice::Cpu),
        plots: true,
        quiet: true,
        color: false,
        ledger: None,
    }
}

fn finished(outcome: Result<Outcome, TrainError>) -> Record {
    match outcome.unwrap() {
        Outcome::Finished { record, path } => {
            assert_eq!(Record::read(&path).unwrap(), *record);
            *record
        }
        stopped => panic!("{stopped:?}"),
    }
}

/// A record without its times.
fn timeless(mut record: Record) -> Record {
    for epoch in record.models.iter_mut().flat_map(|m| &mut m.epochs) {
        (epoch.training_ms, epoch.evaluation_ms) = (0, 0);
    }
    record
}

/// Takes so many lines and then breaks, as a program does that is killed before it has written its checkpoint.
struct Breaks(usize);

impl Write for Breaks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let lines = bytes.iter().filter(|b| **b == b'\n').count();
        self.0 = self.0.checked_sub(lines).ok_or_else(|| io::Error::other("gone"))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_run_that_was_broken_off_ends_as_one_that_was_not() {
    let _alone = alone();
    let (plan, data) = (plan(SHEET), data());
    let (whole, broken) = (folder("whole"), folder("broken"));
    let mut lines = Vec::new();
    let expected = timeless(finished(train(&plan, &data, &options(&whole, false), &mut lines)));
    let lines = String::from_utf8(lines).unwrap();
    assert!(lines.starts_with("Epoch  1 Train: 0."), "{lines}");
    assert_eq!(lines.lines().count(), 8);
    for printed in 0..8 {
        let _ = std::fs::remove_dir_all(&broken);
        let error = train(&plan, &data, &options(&broken, false), &mut Breaks(printed)).unwrap_err();
        assert!(matches!(error, TrainError::Output(_)), "{error}");
        let mut after = Vec::new();
        let record = finished(train(&plan, &data, &options(&broken, true), &mut after));
        assert_eq!(timeless(record), expected, "after {printed} lines");
        assert_eq!(String::from_utf8(after).unwrap(), lines, "after {printed} lines");
    }
    // A run that is at its end says so again.
    let again = finished(train(&plan, &data, &options(&broken, true), &mut Vec::new()));
    assert_eq!(timeless(again), expected);
    let files = |folder: &Path| {
        let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(files(&whole), files(&broken));
    let page = |folder: &Path| std::fs::read(folder.join("mine-1.mlp.mistaken.svg")).unwrap();
    assert_eq!(page(&whole), page(&broken));
    for folder in [whole, broken] {
        std::fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn a_checkpoint_that_is_not_whole_or_of_another_run_is_refused() {
    let _alone = alone();
    let (plan, data) = (plan(&SHEET.replace("\"mlp\", \"cnn\", \"ends\", \"means\"", "\"mlp\"")), data());
    let runs = folder("refused");
    let _ = train(&plan, &data, &options(&runs, false), &mut Breaks(1));
    let path = runs.join("mine-1.checkpoint.safetensors");
    let bytes = std::fs::read(&path).unwrap();
    let refused = |plan: &Plan, options: &Options<'_>| {
        train(plan, &data, options, &mut Vec::new()).unwrap_err().to_string()
    };
    for cut in [0, 7, 100, bytes.len() / 2, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..cut]).unwrap();
        assert!(refused(&plan, &options(&runs, true)).contains("not a whole checkpoint"));
    }
    let mut flipped = bytes.clone();
    *flipped.last_mut().unwrap() ^= 1;
    std::fs::write(&path, flipped).unwrap();
    assert!(refused(&plan, &options(&runs, true)).contains("SHA-256"));
    std::fs::write(&path, &bytes).unwrap();
    let mut other = plan.clone();
    other.recipe.seed = 8;
    assert!(refused(&other, &options(&runs, true)).contains("another recipe"));
    let threads = Options { threads: Some(2), ..options(&runs, true) };
    assert!(refused(&plan, &threads).contains("threads: 1, and now it is 2"));
    finished(train(&plan, &data, &options(&runs, true), &mut Vec::new()));
    std::fs::remove_dir_all(runs).unwrap();
}

#[test]
fn evaluation_gives_the_bits_of_running_layer_by_layer() {
    let _alone = alone();
    let text = "[networks]\na = \"\"\"Input(28x28x1) -> Conv(16, 5x5) -> BatchNorm -> ReLU -> MaxPool(2x2) -> Conv(32, 3x3) \
                -> BatchNorm -> MaxPool(2x2) -> ReLU -> BatchNorm -> MaxPool(2x2, stride=1) -> Linear(10)\"\"\"\n\
                [[question]]\nid = \"1\"\nkind = \"training\"\nmodels = [\"a\"]\n";
    let plan = plan(text);
    let network = Network::new(&plan.models[0], &mut Stream::seeded(3).unwrap()).unwrap();
    let images = Tensor::rand([5, 1, 28, 28], (Kind::Float, tch::Device::Cpu));
    let _ = network.forward(&images).unwrap();
    let same = || {
        let (a, b) = (network.evaluate(&images).unwrap(), network.plainly(&images).unwrap());
        assert_eq!(a.size(), [5, 10]);
        a.equal(&b)
    };
    assert!(same());
    // With a scale below zero the order of numbers turns around, and pooling may not come first.
    for named in network.tensors().into_iter().filter(|n| n.name == "1.weight") {
        let mut scale = named.tensor.shallow_clone();
        let _ = tch::no_grad(|| scale.uniform_(-1.0, 1.0));
    }
    assert!(same());
}

#[test]
fn a_network_that_libtorch_sees_otherwise_is_refused_before_the_first_batch() {
    let _alone = alone();
    let mut plan = plan(SHEET);
    plan.models[0].parameters += 1;
    let runs = folder("counts");
    let error = train(&plan, &data(), &options(&runs, false), &mut Vec::new()).unwrap_err();
    assert!(error.to_string().contains("and the layer table counts"), "{error}");
    plan.models[0].parameters -= 1;
    plan.models[1].steps[0].output = vec![4, 24, 25];
    let error = train(&plan, &data(), &options(&runs, false), &mut Vec::new()).unwrap_err();
    assert!(error.to_string().contains("in the layer table"), "{error}");
    assert!(!runs.exists());
}
