//! What several tests need lives here: running the program, reading sheets into problems.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use backproof::kinds::{self, Problem};
use backproof::sheet::{Sheet, Source};

/// What a run of the program gave.
#[derive(Debug)]
pub struct Ran {
    /// The exit status.
    pub code: i32,
    /// What it printed.
    pub out: String,
    /// What it complained about.
    pub err: String,
}

/// A command with an environment that says nothing about colour or width.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backproof"));
    command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").env("COLUMNS", "80");
    command
}

/// Runs the program with arguments and nothing on its standard input.
pub fn backproof(arguments: &[&str]) -> Ran {
    fed(arguments, b"")
}

/// Runs the program with arguments and bytes on its standard input.
pub fn fed(arguments: &[&str], input: &[u8]) -> Ran {
    let mut child = program()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its arguments closes its input early; that is no failure of the test.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().expect("the program ends by itself"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A path for a file that a test writes.
pub fn scratch(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// Writes a file for a test and gives its path.
pub fn written(name: &str, content: impl AsRef<[u8]>) -> String {
    let path = scratch(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The sheets or forms of a folder of `tests`, by name.
pub fn files_in(folder: &Path) -> Vec<PathBuf> {
    let all = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = all.filter(|p| p.extension().is_some_and(|e| e == "toml")).collect();
    files.sort();
    files
}

/// A question that was read, ready to be solved.
pub struct Posed {
    /// The sheet and the question, for messages.
    pub name: String,
    /// Digits that the question asks for.
    pub digits: u32,
    /// The problem.
    pub problem: Box<dyn Problem>,
}

/// Every question of a sheet as a problem.
pub fn problems(source: Source) -> Vec<Posed> {
    let sheet = Sheet::parse(source).unwrap();
    let pose = |entry: &backproof::sheet::Entry| {
        let kind = kinds::find(&entry.kind.value).unwrap_or_else(|| panic!("no kind {}", entry.kind.value));
        Posed {
            name: format!("{}, question {}", sheet.source.name, entry.id),
            digits: entry.digits,
            problem: (kind.given)(entry, &sheet).unwrap(),
        }
    };
    sheet.questions.iter().map(pose).collect()
}

/// The built-in sheet and the example of every kind.
pub fn sources() -> Vec<Source> {
    let examples = kinds::KINDS.iter().map(|k| Source::new(format!("the example of {}", k.name), k.example));
    std::iter::once(backproof::default_sheet()).chain(examples).collect()
}
