//! Running a notebook with Jupyter, and taking from what comes back whatever belongs to the machine: paths, times. The
//! notebook's own code does the training.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::cell::written;
use super::error::NotebookError;

/// How Jupyter may be called, best first.
const WAYS: [&[&str]; 3] =
    [&["jupyter", "nbconvert"], &["python3", "-m", "nbconvert"], &["python", "-m", "nbconvert"]];

/// The most lines of a failure that are shown.
const MAX_LINES: usize = 12;

/// A Jupyter that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jupyter(&'static [&'static str]);

impl Jupyter {
    /// The first way on the search path that answers.
    ///
    /// # Errors
    /// None does.
    pub fn find() -> Result<Self, NotebookError> {
        let answers = |way: &&&'static [&'static str]| {
            command(way).is_some_and(|mut command| {
                let quiet =
                    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
                quiet.status().is_ok_and(|status| status.success())
            })
        };
        WAYS.iter().find(answers).map(|way| Self(way)).ok_or(NotebookError::NoJupyter)
    }

    /// How it is called.
    #[must_use]
    pub fn shown(&self) -> String {
        self.0.join(" ")
    }

    /// Runs a notebook from its file, in the file's folder, and gives it back with its outputs, [`cleaned`]. The file is
    /// left as it is.
    ///
    /// # Errors
    /// A cell fails, or what comes back is no notebook that has run.
    pub fn run(&self, notebook: &Path) -> Result<String, NotebookError> {
        let mut command = command(self.0).ok_or(NotebookError::NoJupyter)?;
        let ran = command
            .args(["--to", "notebook", "--execute", "--stdout", "--log-level=ERROR"])
            // Training takes as long as it takes.
            .arg("--ExecutePreprocessor.timeout=-1")
            .arg(notebook)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| NotebookError::Run(format!("{} did not start: {error}", self.shown())))?;
        if !ran.status.success() {
            return Err(NotebookError::Run(end_of(&String::from_utf8_lossy(&ran.stderr))));
        }
        let text = String::from_utf8(ran.stdout)
            .map_err(|_| NotebookError::Run(format!("{} gave no UTF-8 back", self.shown())))?;
        cleaned(&text)
    }
}

fn command(way: &[&str]) -> Option<Command> {
    let (program, arguments) = way.split_first()?;
    let mut command = Command::new(program);
    command.args(arguments);
    Some(command)
}

/// The last lines, without colours.
fn end_of(text: &str) -> String {
    let plain = without_colours(text);
    let lines: Vec<&str> = plain.lines().filter(|line| !line.trim().is_empty()).collect();
    lines.iter().skip(lines.len().saturating_sub(MAX_LINES)).copied().collect::<Vec<&str>>().join("\n")
}

fn without_colours(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        if c == '\u{1b}' {
            // An escape ends with a letter.
            let _ = letters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            out.push(c);
        }
    }
    out
}

/// A notebook that has run, without times of running and without paths of the machine: of an absolute path its last
/// part is left.
///
/// # Errors
/// It is no notebook, or a cell of code has not run or failed.
pub fn cleaned(text: &str) -> Result<String, NotebookError> {
    let wrong = |why: &str| NotebookError::Run(why.to_owned());
    let mut notebook: Value =
        serde_json::from_str(text).map_err(|_| wrong("what came back is no notebook"))?;
    let cells = notebook.get_mut("cells").and_then(Value::as_array_mut);
    for (at, cell) in cells.ok_or_else(|| wrong("what came back has no cells"))?.iter_mut().enumerate() {
        if let Some(metadata) = cell.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.shift_remove("execution");
        }
        if cell.get("cell_type").and_then(Value::as_str) != Some("code") {
            continue;
        }
        let is_blank = |source: &Value| match source {
            Value::String(text) => text.trim().is_empty(),
            Value::Array(lines) => lines.iter().all(|l| l.as_str().is_some_and(|l| l.trim().is_empty())),
            _ => false,
        };
        let has_run = cell.get("execution_count").is_some_and(Value::is_number);
        if !has_run && !cell.get("source").is_some_and(is_blank) {
            return Err(wrong(&format!("cell {} did not run", at + 1)));
        }
        let outputs = cell.get_mut("outputs").and_then(Value::as_array_mut);
        for output in outputs.into_iter().flatten() {
            if output.get("output_type").and_then(Value::as_str) == Some("error") {
                return Err(wrong(&format!("cell {} failed", at + 1)));
            }
            texts(output, false);
        }
    }
    Ok(written(&notebook))
}

/// Takes paths out of the texts of an output; pictures and other data are left alone.
fn texts(value: &mut Value, is_text: bool) {
    match value {
        Value::String(text) if is_text => *text = without_paths(text),
        Value::Array(all) => all.iter_mut().for_each(|one| texts(one, is_text)),
        Value::Object(all) => {
            all.iter_mut().for_each(|(key, one)| texts(one, key.starts_with("text")));
        }
        _ => {}
    }
}

/// Of every absolute path, its last part.
pub(super) fn without_paths(text: &str) -> String {
    let all: Vec<char> = text.chars().collect();
    let at = |i: usize| all.get(i).copied();
    let ends = |c: char| c.is_whitespace() || "\"'`<>()[]{}|;,:*?".contains(c);
    let mut out = String::new();
    let mut i = 0;
    while let Some(c) = at(i) {
        let before = i.checked_sub(1).and_then(at);
        let starts = before.is_none_or(|b| ends(b) || b == '=');
        let drive =
            c.is_ascii_alphabetic() && at(i + 1) == Some(':') && matches!(at(i + 2), Some('\\' | '/'));
        // Two slashes follow the scheme of an address.
        let root = c == '/' && at(i + 1).is_some_and(|n| n != '/' && !ends(n));
        if !(starts && (drive || root)) {
            out.push(c);
            i += 1;
            continue;
        }
        let start = if drive { i + 2 } else { i };
        let mut end = start;
        while at(end).is_some_and(|c| !ends(c)) {
            end += 1;
        }
        let path: String = all.get(i..end).unwrap_or_default().iter().collect();
        let last = path.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or("");
        // A lone "/word" is no path of a machine that tells anything.
        let parts = path.matches(['/', '\\']).count();
        out.push_str(if drive || parts > 1 { last } else { &path });
        i = end;
    }
    out
}
