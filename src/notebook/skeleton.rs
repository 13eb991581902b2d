//! A person's own notebook is filled in here: where a function that the sheet describes has a `pass` for a body, and
//! nowhere else. Every other byte of the file stays as it is. How Python is read is in `outline`.

mod outline;
mod raw;

use super::error::NotebookError;
use super::model::Model;
use super::recipe::{Recipe, counting, step};
use outline::{Function, Outline, has_word};
use raw::{CellText, Edit};

/// The largest notebook that is read, in bytes: 16 MiB.
pub const MAX_SKELETON: u64 = 16 << 20;

/// A notebook that was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The text of the file.
    pub text: String,
    /// The functions that were filled in, such as `MLP.forward`.
    pub filled: Vec<String>,
    /// What was left as it is although it looks unfinished, and why; a sentence each.
    pub left: Vec<String>,
}

/// A function that lacks its body, or a part of it.
struct Gap<'a> {
    cell: usize,
    function: &'a Function,
    /// The place of its `pass` in the text of the cell, in characters.
    pass: usize,
    indent: String,
    /// Whether the `pass` is all that its body does.
    whole: bool,
    /// How many loops the `pass` stands in.
    loops: usize,
}

impl Recipe {
    /// Fills in a person's notebook.
    ///
    /// # Errors
    /// A file that is no notebook of format 4, or too large.
    pub fn fill(&self, skeleton: &str) -> Result<Filled, NotebookError> {
        if u64::try_from(skeleton.len()).unwrap_or(u64::MAX) > MAX_SKELETON {
            return Err(NotebookError::Skeleton(format!(
                "it is larger than {MAX_SKELETON} bytes, the limit"
            )));
        }
        let cells = raw::cells(skeleton)?;
        let outlines: Vec<Outline> = cells.iter().map(|cell| Outline::of(&cell.characters())).collect();
        let mut gaps = Vec::new();
        let mut left = Vec::new();
        for (cell, outline) in outlines.iter().enumerate() {
            for (at, function) in outline.functions.iter().enumerate() {
                let mut passes = outline.passes.iter().filter(|pass| pass.function == Some(at));
                if let Some(pass) = passes.find(|pass| pass.whole || pass.todo) {
                    let (indent, whole, loops) = (pass.indent.clone(), pass.whole, pass.loops);
                    gaps.push(Gap { cell, function, pass: pass.at, indent, whole, loops });
                }
                if function.one_line {
                    left.push(format!("{} has its body on the line of its name.", function.name));
                }
                if function.measures_in_batches {
                    left.push(format!(
                        "{} measures accuracies inside the loop over batches, which takes very long and leaves the \
                         model in evaluation mode from the second batch on; move these lines out of that loop.",
                        function.name
                    ));
                }
            }
        }
        let mut edits = Vec::new();
        let mut filled = Vec::new();
        for gap in &gaps {
            match self.body(gap, &gaps) {
                Ok(lines) => {
                    if let Some(edit) = edit(cells.get(gap.cell), gap, &lines) {
                        edits.push(edit);
                        filled.push(gap.function.name.clone());
                    }
                }
                Err(why) => left.push(format!("{} {why}.", gap.function.name)),
            }
        }
        self.missing(&outlines, &mut left);
        Ok(Filled { text: raw::edited(skeleton, edits), filled, left })
    }

    /// The lines for a gap, or why there are none.
    fn body(&self, gap: &Gap<'_>, gaps: &[Gap<'_>]) -> Result<Vec<String>, String> {
        let name = gap.function.name.as_str();
        if let Some((class, method)) = name.split_once('.') {
            let Some(model) = self.models.iter().find(|model| model.class == class) else {
                return Err(format!("belongs to no model of the sheet, which has {}", self.classes()));
            };
            return method_of(model, method, gap, gaps);
        }
        let (lines, words): (Vec<String>, &[&str]) = match (name, gap.whole) {
            ("get_FashionMNIST", true) => (self.loading(), &[]),
            ("compute_accuracy", true) => (counting(), &["model", "loader", "device"]),
            ("train", true) => {
                (self.loop_over_epochs(), &["model", "train_loader", "test_loader", "epochs", "lr", "device"])
            }
            ("train", false) if gap.loops > 1 => {
                (step(), &["model", "images", "labels", "criterion", "optimizer"])
            }
            _ => return Err("is nothing that the sheet describes".to_owned()),
        };
        known(words, &gap.function.text)?;
        Ok(lines)
    }

    fn classes(&self) -> String {
        let all: Vec<&str> = self.models.iter().map(|model| model.class.as_str()).collect();
        all.join(", ")
    }

    /// Names what the sheet describes and the notebook does not have.
    fn missing(&self, outlines: &[Outline], left: &mut Vec<String>) {
        let has = |name: &str| outlines.iter().any(|o| o.functions.iter().any(|f| f.name == name));
        for name in ["get_FashionMNIST", "compute_accuracy", "train"] {
            if !has(name) {
                left.push(format!("The notebook has no function {name}, and none was added."));
            }
        }
        for model in &self.models {
            if !has(&format!("{}.__init__", model.class)) && !has(&format!("{}.forward", model.class)) {
                left.push(format!("The notebook has no class {}, and none was added.", model.class));
            }
        }
    }
}

/// The body of a method of a model. Either both are ours or both the person's, since they share the layers' names.
fn method_of(model: &Model, method: &str, gap: &Gap<'_>, gaps: &[Gap<'_>]) -> Result<Vec<String>, String> {
    let (other, body) = match method {
        "__init__" => ("forward", model.init()),
        "forward" => ("__init__", model.forward()),
        _ => return Err("is nothing that the sheet describes".to_owned()),
    };
    fits(model, method, gap)?;
    let name = format!("{}.{other}", model.class);
    match gaps.iter().find(|gap| gap.function.name == name) {
        None => Err(format!("was left, since {other} is there already and names the layers in its own way")),
        Some(gap) if fits(model, other, gap).is_err() => Err(format!("was left, since {other} was")),
        Some(_) => Ok(body),
    }
}

/// Whether a method has the arguments that its body uses.
fn fits(model: &Model, method: &str, gap: &Gap<'_>) -> Result<(), String> {
    let words: Vec<&str> = if method == "forward" { vec!["x"] } else { model.arguments().collect() };
    known(&words, &gap.function.header)
}

/// Whether a text has all names that a body uses.
fn known(words: &[&str], text: &str) -> Result<(), String> {
    match words.iter().find(|word| !has_word(text, word)) {
        Some(word) => Err(format!("was left, since it has no {word}, which its body would use")),
        None => Ok(()),
    }
}

/// Puts lines in place of a `pass`, indented as it is.
fn edit(cell: Option<&CellText>, gap: &Gap<'_>, lines: &[String]) -> Option<Edit> {
    let tabs = gap.indent.contains('\t');
    let mut placed = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        let own = line.trim_start_matches(' ');
        let spaces = line.len().saturating_sub(own.len());
        let deeper = if tabs { "\t".repeat(spaces / 4) } else { " ".repeat(spaces) };
        let indent = if at == 0 { "" } else { gap.indent.as_str() };
        placed.push(if own.is_empty() { String::new() } else { format!("{indent}{deeper}{own}") });
    }
    cell?.replace(gap.pass, "pass".len(), &placed)
}
