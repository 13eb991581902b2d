//! Sheets that must be refused live in `tests/bad_sheets`, each with the whole error that people see beside it. A new
//! file there is a new test; `BACKPROOF_BLESS=1 cargo test --test it bad_sheets` writes the errors, to be read by a
//! person before they are kept.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use unicode_width::UnicodeWidthStr;

use crate::support::{backproof, fed, files_in, program};

/// The longest that a refusal may take.
const LIMIT: Duration = Duration::from_secs(30);
/// Errors that concern a sheet as a whole, and so have no place in it.
const WITHOUT_PLACE: &[&str] = &["no-questions", "questions-empty"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_sheets")
}

fn sheets() -> Vec<PathBuf> {
    files_in(&folder())
}

/// What is wrong with how the program takes a bad sheet.
fn faults(sheet: &Path) -> Vec<String> {
    let file = sheet.file_name().unwrap().to_str().unwrap();
    let name = file.trim_end_matches(".toml");
    let begin = Instant::now();
    let output = program().current_dir(folder()).arg(file).stdin(Stdio::null()).output().unwrap();
    let took = begin.elapsed();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    let mut faults = Vec::new();
    let mut fault = |words: String| faults.push(format!("{name}: {words}"));
    if output.status.code() != Some(2) {
        fault(format!("exit {:?}, not 2:\n{out}{err}", output.status.code()));
    }
    if !out.is_empty() {
        fault(format!("something on standard output:\n{out}"));
    }
    if took > LIMIT {
        fault(format!("took {took:?}"));
    }
    if err.contains("panicked") {
        fault(format!("panics:\n{err}"));
    }
    // File, line and column, the place underlined, and what to write instead.
    let placed = err.contains(&format!("[{file}:")) && err.contains('─');
    if !placed && !WITHOUT_PLACE.contains(&name) {
        fault(format!("no place:\n{err}"));
    }
    if !err.contains("help: ") {
        fault(format!("no help:\n{err}"));
    }
    for line in err.lines().filter(|l| l.width() > 80) {
        fault(format!("a line of {} columns: {line}", line.width()));
    }
    let beside = sheet.with_extension("stderr");
    if std::env::var_os("BACKPROOF_BLESS").is_some() {
        std::fs::write(&beside, &err).unwrap();
    }
    match std::fs::read_to_string(&beside) {
        Err(_) => fault("has no .stderr beside it; BACKPROOF_BLESS=1 writes it".to_owned()),
        Ok(expected) if expected != err => fault(format!("expected\n{expected}\nbut it says\n{err}")),
        Ok(_) => {}
    }
    faults
}

#[test]
fn every_bad_sheet_is_refused_with_help() {
    let sheets = sheets();
    assert!(sheets.len() >= 100, "only {} bad sheets", sheets.len());
    let all: Vec<String> = sheets.iter().flat_map(|s| faults(s)).collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn no_expected_error_is_left_over() {
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        assert!(path.with_extension("toml").exists(), "{} has no sheet", path.display());
    }
}

/// The same sheet with CRLF, with a byte-order mark, and from standard input says the same at the same place.
#[test]
fn line_ends_and_marks_do_not_move_an_error() {
    for name in ["unknown-kind", "number-in-words", "mlp-backprop-bias-does-not-fit", "notice-row-unknown"] {
        let text = std::fs::read_to_string(folder().join(format!("{name}.toml"))).unwrap();
        let plain = fed(&["-"], text.as_bytes());
        let crlf = fed(&["-"], text.replace('\n', "\r\n").as_bytes());
        let marked = fed(&["-"], format!("\u{feff}{text}").as_bytes());
        assert_eq!(plain.code, 2);
        assert_eq!(plain.err, crlf.err, "{name} with CRLF");
        assert_eq!(plain.err, marked.err, "{name} with a byte-order mark");
    }
}

#[test]
fn letters_of_mathematics_may_be_variables() {
    let sheet = "[[question]]\nid = \"1\"\nkind = \"gradient-descent\"\nobjective = \"e^2 + pi^2 + e*pi\"\n\
                 start = { e = 1, pi = 1 }\naccuracy = 0.01\n";
    let ran = fed(&["-"], sheet.as_bytes());
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
}

#[test]
fn a_step_that_leads_nowhere_is_answered() {
    for (step, reason) in [("0", "the iterates never move"), ("-0.1", "the theorem needs t > 0")] {
        let sheet = format!(
            "[[question]]\nid = \"1\"\nkind = \"gradient-descent\"\nobjective = \"x^2\"\nstart = {{ x = 1 }}\n\
             accuracy = 0.01\nstep = {step}\n"
        );
        let ran = fed(&["verify", "--format", "json", "-"], sheet.as_bytes());
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        assert!(ran.out.contains(reason), "step {step}: {}", ran.out);
    }
}

#[test]
fn an_unknown_kind_of_example_is_refused() {
    let ran = backproof(&["example", "softmax"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(
        ran.err.contains("no kind `softmax`") && ran.err.contains("softmax-cross-entropy"),
        "{}",
        ran.err
    );
}
