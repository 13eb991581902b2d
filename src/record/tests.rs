//! A record that is in order reads back; one that is not is refused, and the reason says why.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::{By, Declared, Epoch, Images, Machine, Optimizer, Recipe, Record, Trained, Versions};

fn model(name: &str, words: u64) -> Trained {
    let epoch =
        |train, test, words| Epoch { train, test, loss: None, words, training_ms: 3, evaluation_ms: 2 };
    Trained {
        name: name.to_owned(),
        parameters: 12,
        epochs: vec![epoch(50, 5, words), epoch(80, 7, words + 10)],
        confusion: vec![vec![3, 1], vec![2, 4]],
        weights_sha256: "0123456789abcdef".repeat(4),
    }
}

fn record() -> Record {
    let declared =
        |name: &str| Declared { name: name.to_owned(), network: "Input(784) -> Linear(10)".to_owned() };
    Record {
        format: super::FORMAT,
        by: By::Backproof,
        sheet: "mine".to_owned(),
        question: "3".to_owned(),
        versions: Versions {
            program: "0.1.0".into(),
            libtorch: "2.13.0".into(),
            binding: "tch 0.26.0".into(),
        },
        machine: Machine { cpu: "a".into(), features: vec!["avx2".into()], threads: 2, device: "cpu".into() },
        recipe: Recipe {
            dataset: "fashion-mnist".to_owned(),
            models: vec![declared("a"), declared("b")],
            optimizer: Optimizer::Sgd { lr: "1/20".into(), momentum: "9/10".into() },
            batch: 8,
            epochs: 2,
            seed: 480,
            batches: None,
        },
        images: Images { train: 100, test: 10 },
        models: vec![model("a", 10), model("b", 30)],
        words: 40,
    }
}

#[test]
fn a_record_reads_back() {
    let text = record().to_json().unwrap();
    assert_eq!(Record::parse(&text).unwrap(), record());
    assert!(text.contains(r#""by": "backproof""#) && text.contains(r#""sgd": {"#), "{text}");
    assert!(!text.contains("batches") && !text.contains("loss"));
    let mut record = record();
    record.models[0].epochs[0].loss = Some("0.4375".to_owned());
    record.models[0].epochs[1].loss = Some("NaN".to_owned());
    assert_eq!(Record::parse(&record.to_json().unwrap()).unwrap(), record);
}

#[test]
fn a_record_that_is_not_in_order_is_refused() {
    type Change = fn(&mut Record);
    let wrong: [(Change, &str); 15] = [
        (|r| r.format = 2, "form is 2"),
        (|r| r.machine.threads = 0, "no thread"),
        (|r| r.images.test = 0, "no images"),
        (|r| r.recipe.models.clear(), "trains nothing"),
        (|r| r.models.truncate(1), "models a, b, and a were trained"),
        (|r| r.models.reverse(), "b, a were trained"),
        (|r| r.models[1].epochs.truncate(1), "b: 1 epochs of 2"),
        (|r| r.models[0].epochs[0].train = 101, "101 right of 100 training images"),
        (|r| r.models[0].epochs[1].test = 11, "11 right of 10 test images"),
        (|r| r.models[0].confusion[0].truncate(1), "not square"),
        (|r| r.models[0].confusion[0][1] = u64::MAX, "does not hold the 10"),
        (|r| r.models[0].epochs[1].test = 6, "diagonal"),
        (|r| r.models[1].weights_sha256.truncate(63), "no SHA-256"),
        (|r| r.words = 39, "fewer words"),
        (|r| r.models[0].epochs[1].loss = Some("low".into()), "the loss of epoch 2 is no number"),
    ];
    for (change, says) in wrong {
        let mut record = record();
        change(&mut record);
        let error = record.check().unwrap_err().to_string();
        assert!(error.contains(says), "{error:?} does not say {says:?}");
    }
}

#[test]
fn what_is_no_record_is_refused() {
    for text in ["", "{}", "[1]", &record().to_json().unwrap().replace("\"seed\"", "\"sead\"")] {
        assert!(Record::parse(text).is_err(), "{text}");
    }
    assert!(Record::read(std::path::Path::new("no/such/record.json")).is_err());
}

#[test]
fn stems_are_plain_file_names() {
    assert_eq!(super::stem("sheets/mine.toml", "3"), "mine-3");
    let default = super::stem(&crate::default_sheet().name, "3");
    assert_eq!(default, "cs480-680-spring-2026-assignment-2-3");
    assert_eq!(super::stem("cs480 2.toml", "a/../b"), "cs480-2-a-..-b");
    assert_eq!(super::stem_of_model(&super::stem("mine.toml", "3.1"), "mlp"), "mine-3.1-mlp");
}

#[test]
fn a_hash_is_that_of_the_pieces_together() {
    // FIPS 180-2, appendix B.1.
    assert_eq!(
        super::sha256(&[b"a", b"bc"]),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

#[test]
fn a_file_is_written_whole_and_nothing_stays_beside_it() {
    let folder = std::env::temp_dir().join(format!("backproof-record-{}", std::process::id()));
    let path = folder.join("deep/record.json");
    super::write_whole(&path, b"one").unwrap();
    super::write_whole(&path, b"two").unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"two");
    assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    std::fs::remove_dir_all(folder).unwrap();
}

/// A new folder for a test.
fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("backproof-runs-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_folder_gives_its_records_and_says_what_it_could_not_read() {
    let folder = folder("mixed");
    let put = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    let good = record().to_json().unwrap();
    put("b.json", &good);
    put("a.json", &good.replace("480", "481"));
    put("notes.txt", "no record");
    put("corrupt.json", &good[..good.len() / 2]);
    put("deep.json", &"[".repeat(100_000));
    put("wrong.json", &good.replace("\"format\": 1", "\"format\": 2"));
    std::fs::write(folder.join("bytes.json"), [0xff, 0xfe, 0]).unwrap();
    std::fs::create_dir(folder.join("folder.json")).unwrap();
    let runs = super::Runs::of_folder(&folder).unwrap();
    let seeds: Vec<u64> = runs.records.iter().map(|n| n.record.recipe.seed).collect();
    assert_eq!(seeds, [481, 480]);
    let file = |name: &str| folder.join(name).display().to_string();
    let unread: Vec<&str> = runs.unread.iter().map(|u| u.name.as_str()).collect();
    assert_eq!(unread, ["bytes.json", "corrupt.json", "deep.json", "wrong.json"].map(file));
    let about: Vec<bool> = runs.unread.iter().map(|u| u.about.is_some()).collect();
    assert_eq!(about, [false, false, false, true]);
    assert!(runs.unread[3].may_be_about("mine", "3") && !runs.unread[3].may_be_about("mine", "4"));
    assert!(runs.unread[3].why.contains("form is 2") && runs.unread[0].may_be_about("other", "9"));
    assert!(super::Runs::of_folder(&folder.join("none")).is_err());
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_huge_record_and_a_folder_of_many_are_bounded() {
    let folder = folder("many");
    // No byte of it is written: a file with a hole.
    std::fs::File::create(folder.join("000.json")).unwrap().set_len(super::MAX_BYTES + 1).unwrap();
    for n in 1..=super::MAX_FILES {
        std::fs::write(folder.join(format!("{n:03}.json")), "{}").unwrap();
    }
    let runs = super::Runs::of_folder(&folder).unwrap();
    assert!(runs.records.is_empty());
    assert!(runs.unread[0].why.contains("more than 100 records"), "{:?}", runs.unread[0]);
    assert!(runs.unread[1].why.contains("larger than 67108864 bytes"), "{:?}", runs.unread[1]);
    assert_eq!(runs.unread.len(), 1 + super::MAX_FILES);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_notebooks_lines_are_read_run_by_run() {
    let folder = folder("notebooks");
    let cell = |text: &str| format!(r#"{{"cell_type": "code", "outputs": [{{"text": [{text}]}}]}}"#);
    let text = format!(
        r#"{{"cells": [{{"cell_type": "markdown", "source": "Epoch 1 Train: 0.1 Test: 0.1"}}, {}, {}]}}"#,
        cell(
            r#""Epoch  1 Train: 0.8679 Test: 0.8489\n", "Epoch  2 Train: 0.88 Test: 1.0000\n", "Epoch x Train: 1 Test: 2\n""#
        ),
        cell(r#""Epoch  1 Train: 0.1 Test: 0.2\n""#)
    );
    std::fs::write(folder.join("A_B_mine.ipynb"), &text).unwrap();
    std::fs::write(folder.join("A_B_other.ipynb"), &text).unwrap();
    std::fs::write(folder.join("C_D_mine.ipynb"), r#"{"cells": []}"#).unwrap();
    std::fs::write(folder.join("E_F_mine.ipynb"), "no notebook").unwrap();
    let mut runs = super::Runs::default();
    runs.add_printed(&folder, "_mine.ipynb");
    let [printed] = runs.printed.as_slice() else { panic!("{runs:?}") };
    assert_eq!(
        (printed.name.as_str(), printed.runs.iter().map(Vec::len).collect::<Vec<_>>()),
        ("A_B_mine.ipynb", vec![2, 1])
    );
    let last = &printed.runs[0][1];
    assert_eq!((last.epoch, last.train.units, last.train.places, last.test.units), (2, 88, 2, 10_000));
    assert_eq!(runs.unread.len(), 1);
    assert!(runs.unread[0].name == "E_F_mine.ipynb" && runs.unread[0].why.starts_with("it is no notebook"));
    std::fs::remove_dir_all(folder).unwrap();
}
