//! `plots` at the command line: which records are drawn, where the pictures lie, what is said of other files.

use crate::support::backproof;

#[cfg(not(feature = "plots"))]
#[test]
fn a_program_without_pictures_says_how_to_get_them() {
    let ran = backproof(&["plots"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("--features plots"), "{}", ran.err);
}

/// The smallest record, of one network and one epoch.
#[cfg(feature = "plots")]
fn record() -> String {
    let recipe = serde_json::json!({
        "dataset": "fashion-mnist", "models": [{"name": "a b", "network": "Input(1) -> Linear(2)"}],
        "optimizer": {"sgd": {"lr": "1/2", "momentum": "0"}}, "batch": 1, "epochs": 1, "seed": 1,
    });
    let epoch = serde_json::json!({
        "train": 1, "test": 2, "loss": "0.5", "words": 0, "training_ms": 1, "evaluation_ms": 1,
    });
    serde_json::json!({
        "format": 1, "by": "backproof", "sheet": "mine", "question": "3",
        "versions": {"program": "p", "libtorch": "l", "binding": "b"},
        "machine": {"cpu": "c", "features": [], "threads": 1, "device": "cpu"},
        "recipe": recipe, "images": {"train": 2, "test": 3},
        "models": [{
            "name": "a b", "parameters": 4, "epochs": [epoch], "confusion": [[1, 1], [0, 1]],
            "weights_sha256": "0".repeat(64),
        }],
        "words": 0,
    })
    .to_string()
}

#[cfg(feature = "plots")]
#[test]
fn records_are_drawn_beside_themselves() {
    let folder = crate::support::scratch("plots");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let runs = folder.to_str().unwrap();
    let empty = backproof(&["plots", "--runs", runs]);
    assert_eq!(empty.code, 2);
    assert!(empty.err.contains("no record of a run"), "{}", empty.err);

    std::fs::write(folder.join("mine-3.1.json"), record()).unwrap();
    std::fs::write(folder.join("other.json"), "{}").unwrap();
    let drawn = backproof(&["plots", "--runs", runs]);
    assert_eq!(drawn.code, 0, "{}", drawn.err);
    assert!(drawn.err.contains("not drawn") && drawn.err.contains("other.json"), "{}", drawn.err);
    let endings = ["accuracy", "loss", "a-b.confusion"];
    let paths: Vec<String> = endings.map(|ending| format!("{runs}/mine-3.1.{ending}.svg")).to_vec();
    assert_eq!(drawn.out.lines().collect::<Vec<_>>(), paths);
    let pictures: Vec<String> = paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    assert!(pictures.iter().all(|svg| svg.starts_with("<svg ") && svg.ends_with("</svg>\n")));

    let alone = backproof(&["plots", &format!("{runs}/mine-3.1.json")]);
    assert_eq!((alone.code, alone.out), (0, drawn.out));
    let wrong = backproof(&["plots", &format!("{runs}/other.json")]);
    assert_eq!(wrong.code, 2);
    assert!(
        wrong.err.contains("other.json") && wrong.err.contains("not the record of a run"),
        "{}",
        wrong.err
    );
}
