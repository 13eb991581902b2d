//! Both programs train the same here, this one and PyTorch, and have to agree in every count and in every bit of the
//! weights. Without PyTorch or the data there is nothing to hold against, and the tests say so;
//! `just setup-parity` fetches PyTorch.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::Command;

/// A Python that has torch and torchvision.
fn python(root: &Path) -> Option<PathBuf> {
    let named = std::env::var_os("BACKPROOF_PARITY_PYTHON").map(PathBuf::from);
    let python = named.unwrap_or_else(|| root.join(".venv-parity/bin/python"));
    let has = Command::new(&python).args(["-c", "import torch, torchvision"]).output();
    has.is_ok_and(|ran| ran.status.success()).then_some(python)
}

fn agree(name: &str, words: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(python) = python(root) else {
        eprintln!("not run: there is no PyTorch; `just setup-parity` fetches it");
        return;
    };
    let Ok(found) = backproof::dataset::find(None) else {
        eprintln!("not run: Fashion-MNIST is not here; `backproof data` fetches it");
        return;
    };
    // A root of torchvision is three folders up from the files.
    let data = if found.folder.ends_with("FashionMNIST/raw") {
        found.folder.ancestors().nth(2).map(Path::to_path_buf).unwrap_or_default()
    } else {
        found.folder.clone()
    };
    let ran = Command::new(root.join("tests/parity/run.sh"))
        .arg(env!("CARGO_BIN_EXE_backproof"))
        .args(words)
        .args(["--data", data.to_str().unwrap()])
        .current_dir(root)
        .env("BACKPROOF_PARITY_PYTHON", python)
        .env("BACKPROOF_PARITY_RUNS", Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("parity-{name}")))
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{out}\n{err}");
    assert!(out.ends_with("PyTorch's run, bit for bit.\n"), "{out}\n{err}");
}

#[test]
fn sixty_batches_of_the_assignments_models() {
    agree("assignment", &["--epochs", "1", "--batches", "60"]);
}

#[test]
fn every_layer_for_two_short_epochs() {
    agree("layers", &["tests/parity/layers.toml", "--only", "1", "--batches", "5"]);
}

#[test]
fn without_momentum_and_with_other_threads() {
    agree("plain", &["tests/parity/layers.toml", "--only", "2", "--batches", "40", "--threads", "1"]);
}

#[test]
fn a_run_that_leaves_the_numbers() {
    agree("far", &["tests/parity/layers.toml", "--only", "3", "--batches", "20"]);
}
