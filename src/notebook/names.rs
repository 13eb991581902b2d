//! Names that Python takes: of classes and variables, from names of networks, each used once. Nothing is known of what
//! they stand for.

use std::collections::HashSet;

/// Words that Python keeps for itself, in lower case, and those that the notebook uses. A variable never has one.
const TAKEN: &[&str] = &[
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "false",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "none",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "true",
    "try",
    "while",
    "with",
    "yield",
    "compute_accuracy",
    "dataloader",
    "device",
    "get_fashionmnist",
    "name",
    "nn",
    "optim",
    "print",
    "range",
    "results",
    "super",
    "te",
    "test_loader",
    "torch",
    "torchvision",
    "tr",
    "train",
    "train_loader",
    "transforms",
    "exit",
    "quit",
    "out",
    "display",
    "get_ipython",
];

/// Names that are given out, each once. They differ in more than capitals.
#[derive(Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// A name for a variable: lower case, words joined by underscores.
    pub(super) fn variable(&mut self, name: &str) -> String {
        let words: Vec<String> = words(name).iter().map(|word| word.to_lowercase()).collect();
        let mut base = words.join("_");
        if base.is_empty() || base.starts_with(|c: char| c.is_ascii_digit()) {
            base = format!("model_{base}").trim_end_matches('_').to_owned();
        }
        if taken(&base) || taken(&accuracy(&base)) {
            base.push_str("_model");
        }
        let numbered = (2u64..).map(|n| format!("{base}_{n}"));
        for name in std::iter::once(base.clone()).chain(numbered) {
            // The variable beside it, for what training gives, has to be new as well.
            if !self.0.contains(&name) && !self.0.contains(&accuracy(&name)) {
                self.0.extend([name.clone(), accuracy(&name)]);
                return name;
            }
        }
        base
    }

    /// A name for a class: words joined, each with a capital.
    pub(super) fn class(&mut self, name: &str) -> String {
        let capital = |word: &String| -> String {
            let mut letters = word.chars();
            letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
        };
        let mut base: String = words(name).iter().map(capital).collect();
        if base.is_empty() || base.starts_with(|c: char| c.is_ascii_digit()) {
            base = format!("Model{base}");
        }
        if taken(&base.to_lowercase()) {
            base.push_str("Model");
        }
        let numbered = (2u64..).map(|n| format!("{base}_{n}"));
        for name in std::iter::once(base.clone()).chain(numbered) {
            if self.0.insert(name.clone()) {
                return name;
            }
        }
        base
    }
}

/// The variable for what training a model gives.
pub(super) fn accuracy(variable: &str) -> String {
    format!("{variable}_accuracy")
}

fn taken(name: &str) -> bool {
    TAKEN.contains(&name)
}

/// The parts of a name that are ASCII letters and digits.
fn words(name: &str) -> Vec<String> {
    let parts = name.split(|c: char| !c.is_ascii_alphanumeric());
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
