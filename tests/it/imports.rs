//! The order of the house lives here: who may import whom, and that evidence never reaches a solver. The sources are
//! read as text, so that nothing has to be declared for the test to see it.
//!
//! What it cannot see: which methods are called on a value. A method of a kind's `Given` that computes an answer would
//! serve both sides unseen; `given` files hold data and validation, and are small enough to be read for that.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Modules from the ground up, with what each may import. A module stands below all that import it.
const FLOORS: &[(&str, &[&str])] = &[
    // Ground: mathematics.
    ("num", &[]),
    ("notation", &["num"]),
    ("expr", &["num", "notation"]),
    ("linalg", &["num"]),
    // Files and bytes of a data set.
    ("dataset", &[]),
    // First: what is asked.
    ("sheet", &["num"]),
    ("net", &["num", "notation", "sheet"]),
    // Second: answers, and whether they are right.
    ("record", &[]),
    ("report", &["num", "notation", "expr"]),
    ("evidence", &["num", "report"]),
    ("kinds", &["num", "notation", "expr", "linalg", "sheet", "net", "record", "report", "evidence"]),
    ("plots", &["dataset", "record"]),
    ("train", &["num", "net", "kinds", "dataset", "record", "plots"]),
    // What people meet.
    ("pipeline", &["sheet", "record", "report", "evidence", "kinds"]),
    ("marking", &["num", "notation", "expr", "sheet", "report", "kinds", "pipeline"]),
    ("gallery", &["sheet"]),
    ("render", &["num", "notation", "report", "marking"]),
    ("schema", &["sheet", "net", "kinds"]),
    ("notebook", &["num", "sheet", "net", "record", "kinds"]),
];

/// Files of a kind that make answers or words about them.
const SOLVERS: &[&str] = &["solve", "steps", "mistakes", "follow"];
/// What `net` computes for the solver; evidence counts and slides by itself.
const NET_ANSWERS: &[&str] =
    &["trace", "Stage", "SizeWork", "Parameters", "total_parameters", "Axis", "Remark"];
/// What holds or judges answers.
const REPORT_ANSWERS: &[&str] =
    &["Row", "Answer", "Step", "Judged", "Question", "Report", "judge", "Verdict", "Outcome"];

type Name = Vec<String>;

// ---- reading Rust, as far as paths go ----------------------------------------------------------

/// Words and signs of a source, without comments, texts and characters; `::` is one sign.
fn tokens(source: &str) -> Vec<String> {
    let c: Vec<char> = source.chars().collect();
    let at = |i: usize| c.get(i).copied().unwrap_or('\0');
    let mut out: Vec<String> = Vec::new();
    let mut i = 0;
    while i < c.len() {
        match (at(i), at(i + 1)) {
            ('/', '/') => {
                while i < c.len() && at(i) != '\n' {
                    i += 1;
                }
            }
            ('/', '*') => {
                let mut depth = 0;
                while i < c.len() {
                    match (at(i), at(i + 1)) {
                        ('/', '*') => (depth, i) = (depth + 1, i + 2),
                        ('*', '/') => (depth, i) = (depth - 1, i + 2),
                        _ => i += 1,
                    }
                    if depth == 0 {
                        break;
                    }
                }
            }
            ('"', _) => i = after_text(&c, i + 1),
            ('\'', '\\') => {
                i += 3;
                while i < c.len() && at(i) != '\'' {
                    i += 1;
                }
                i += 1;
            }
            ('\'', _) if at(i + 2) == '\'' => i += 3,
            ('\'', _) => i += 1,
            (':', ':') => {
                out.push("::".into());
                i += 2;
            }
            (x, _) if x.is_alphanumeric() || x == '_' => {
                let start = i;
                while at(i).is_alphanumeric() || at(i) == '_' {
                    i += 1;
                }
                let word: String = c[start..i].iter().collect();
                if matches!(word.as_str(), "r" | "br") && matches!(at(i), '"' | '#') {
                    i = after_raw_text(&c, i);
                } else {
                    out.push(word);
                }
            }
            (x, _) => {
                if !x.is_whitespace() {
                    out.push(x.to_string());
                }
                i += 1;
            }
        }
    }
    out
}

fn after_text(c: &[char], mut i: usize) -> usize {
    while i < c.len() && c[i] != '"' {
        i += if c[i] == '\\' { 2 } else { 1 };
    }
    i + 1
}

fn after_raw_text(c: &[char], mut i: usize) -> usize {
    let start = i;
    while i < c.len() && c[i] == '#' {
        i += 1;
    }
    let hashes = i - start;
    i += 1;
    while i < c.len() {
        if c[i] == '"' && c[i + 1..].iter().take(hashes).filter(|x| **x == '#').count() == hashes {
            return i + 1 + hashes;
        }
        i += 1;
    }
    i
}

/// Leaves out what stands under `#[cfg(test)]`.
fn without_tests(tokens: &[String]) -> Vec<String> {
    let mark = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut out = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        if !tokens[i..].iter().map(String::as_str).take(mark.len()).eq(mark) {
            out.push(tokens[i].clone());
            i += 1;
            continue;
        }
        i += mark.len();
        let mut depth = 0;
        while i < tokens.len() {
            match tokens[i].as_str() {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            i += 1;
            if depth == 0 && matches!(tokens[i - 1].as_str(), ";" | "}") {
                break;
            }
        }
    }
    out
}

/// A file: its module, the names it brings in, and every path it writes.
struct File {
    module: Name,
    names: BTreeMap<String, Name>,
    paths: Vec<Name>,
    inline_modules: bool,
    globs: bool,
}

impl File {
    fn read(module: Name, source: &str) -> Self {
        let tokens = without_tests(&tokens(source));
        let mut file =
            Self { module, names: BTreeMap::new(), paths: Vec::new(), inline_modules: false, globs: false };
        let mut i = 0;
        while i < tokens.len() {
            let word = tokens[i].as_str();
            if word == "use" {
                i = file.tree(&tokens, i + 1, &[]);
            } else if word == "pub" && tokens.get(i + 2).is_some_and(|t| t == "in") {
                // `pub(in crate::kinds)` says who may see, and imports nothing.
                while tokens.get(i).is_some_and(|t| t != ")") {
                    i += 1;
                }
            } else if word == "mod" && tokens.get(i + 2).is_some_and(|t| t == "{") {
                file.inline_modules = true;
                i += 1;
            } else if is_word(word) && tokens.get(i + 1).is_some_and(|t| t == "::") {
                let mut path = vec![word.to_owned()];
                i += 1;
                while tokens.get(i).is_some_and(|t| t == "::")
                    && tokens.get(i + 1).is_some_and(|t| is_word(t))
                {
                    path.push(tokens[i + 1].clone());
                    i += 2;
                }
                file.paths.push(path);
            } else {
                i += 1;
            }
        }
        file
    }

    /// Reads one tree of a `use`, from `at` on; gives the place after it.
    fn tree(&mut self, tokens: &[String], mut at: usize, prefix: &[String]) -> usize {
        let mut path = prefix.to_vec();
        while let Some(token) = tokens.get(at) {
            match token.as_str() {
                "::" => at += 1,
                "*" => {
                    self.globs = true;
                    self.paths.push(path.clone());
                    at += 1;
                }
                "{" => {
                    at += 1;
                    while tokens.get(at).is_some_and(|t| t != "}") {
                        at = self.tree(tokens, at, &path);
                        if tokens.get(at).is_some_and(|t| t == ",") {
                            at += 1;
                        }
                    }
                    return at + 1;
                }
                "as" => {
                    self.names.insert(tokens[at + 1].clone(), path.clone());
                    self.paths.push(path);
                    return at + 2;
                }
                ";" | "," | "}" => break,
                "self" if !path.is_empty() => at += 1,
                word => {
                    path.push(word.to_owned());
                    at += 1;
                }
            }
        }
        if let Some(last) = path.last() {
            self.names.insert(last.clone(), path.clone());
        }
        self.paths.push(path);
        at
    }
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

// ---- what a path means -------------------------------------------------------------------------

/// The crate: its files by module.
struct House(BTreeMap<Name, File>);

/// A module and, where the path goes on, the item in it.
type Target = (Name, Option<String>);

impl House {
    fn new(sources: &[(String, String)]) -> Self {
        let files = sources.iter().filter(|(path, _)| !is_test(path)).map(|(path, text)| {
            let module = module_of(path);
            (module.clone(), File::read(module, text))
        });
        Self(files.collect())
    }

    /// The module and item that a path in a file means, re-exports followed; `None` for other crates and local names.
    fn resolve(&self, file: &File, path: &[String], depth: usize) -> Option<Target> {
        if depth > 20 {
            return None;
        }
        let (first, rest) = path.split_first()?;
        let full: Name = match first.as_str() {
            "crate" => rest.to_vec(),
            "self" => [&file.module, rest].concat(),
            "super" => {
                let ups = path.iter().take_while(|p| *p == "super").count();
                let stem = file.module.get(..file.module.len().checked_sub(ups)?)?;
                [stem, &path[ups..]].concat()
            }
            name => match file.names.get(name) {
                // `use foo::bar` where foo is a child, or another crate: the name must not lead to itself.
                Some(known) if known.as_slice() != path && known.first() != Some(first) => {
                    return self.resolve(file, &[known, rest].concat(), depth + 1);
                }
                _ => {
                    let child = [&file.module, std::slice::from_ref(first)].concat();
                    if !self.0.contains_key(&child) {
                        return None;
                    }
                    [&file.module, path].concat()
                }
            },
        };
        let length = (0..=full.len()).rev().find(|n| self.0.contains_key(&full[..*n]))?;
        let (module, item) = full.split_at(length);
        let Some((item, rest)) = item.split_first() else { return Some((module.to_vec(), None)) };
        let home = self.0.get(module)?;
        if let Some(onward) = home.names.get(item)
            && let Some(target) = self.resolve(home, &[onward, rest].concat(), depth + 1)
        {
            return Some(target);
        }
        Some((module.to_vec(), Some(item.clone())))
    }

    /// Everything of the crate that a file names.
    fn targets(&self, module: &Name) -> BTreeSet<Target> {
        let Some(file) = self.0.get(module) else { return BTreeSet::new() };
        file.paths.iter().filter_map(|p| self.resolve(file, p, 0)).filter(|t| t.0 != *module).collect()
    }

    /// What breaks the order of floors.
    fn floor_faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (module, file) in &self.0 {
            let here = shown(module);
            if file.inline_modules {
                faults.push(format!("{here} has an inline module, whose paths this test does not follow"));
            }
            if file.globs {
                faults.push(format!("{here} imports with *, which hides what is imported"));
            }
            let Some(floor) = module.first() else { continue };
            let Some((_, allowed)) = FLOORS.iter().find(|f| f.0 == floor) else {
                faults.push(format!("{here} stands on no floor: name `{floor}` in FLOORS"));
                continue;
            };
            for (target, item) in self.targets(module) {
                match target.first() {
                    Some(t) if t == floor || allowed.contains(&t.as_str()) => {}
                    _ => faults.push(format!("{here} must not import {}", told(&target, item.as_deref()))),
                }
            }
        }
        faults
    }

    /// What breaks the independence of evidence.
    fn evidence_faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let is_under = |m: &Name, name: &str| m.len() > 2 && m[0] == "kinds" && m[2] == name;
        let evidence = self.reach(self.0.keys().filter(|m| is_under(m, "evidence")), &mut faults);
        let solvers = self.reach(
            self.0.keys().filter(|m| SOLVERS.iter().any(|s| is_under(m, s)) && !is_under(m, "mistakes")),
            &mut Vec::new(),
        );
        for module in evidence.intersection(&solvers).filter(|m| !is_under(m, "given")) {
            // An evidence file that a solver imports is as bad as a solver that evidence imports.
            faults.push(format!("{} serves both a solver and evidence", shown(module)));
        }
        for module in &evidence {
            let here = shown(module);
            if SOLVERS.iter().any(|s| is_under(module, s)) {
                faults.push(format!("evidence reaches {here}"));
            }
            for (target, item) in self.targets(module) {
                let item = item.as_deref().unwrap_or("*");
                let floor = target.first().map(String::as_str);
                let told = told(&target, Some(item));
                // The same validation serves both sides; what follows from the problem does not.
                let may_trace = is_under(module, "given");
                if floor == Some("net") && !may_trace && is_answer(&target, item, NET_ANSWERS) {
                    faults.push(format!("{here} imports {told}, which the solver computes with"));
                }
                if floor == Some("report") && is_answer(&target, item, REPORT_ANSWERS) {
                    faults.push(format!("{here} imports {told}, which holds answers"));
                }
                let is_data = item.starts_with(char::is_uppercase);
                if is_under(&target, "given") && !is_under(module, "given") && !is_data {
                    faults.push(format!("{here} imports {told}: from a given, types and constants only"));
                }
            }
        }
        faults.sort();
        faults.dedup();
        faults
    }

    /// Modules of kinds that are reached from some, by any number of steps.
    fn reach<'a>(&self, from: impl Iterator<Item = &'a Name>, faults: &mut Vec<String>) -> BTreeSet<Name> {
        let mut reached: BTreeSet<Name> = BTreeSet::new();
        let mut open: Vec<Name> = from.cloned().collect();
        while let Some(module) = open.pop() {
            if !reached.insert(module.clone()) {
                continue;
            }
            for (target, item) in self.targets(&module) {
                if target.first().is_none_or(|t| t != "kinds") {
                    continue;
                }
                if target.len() <= 2 {
                    // The root of a kind names its solver, and the root of kinds names every kind.
                    if !(target.len() == 1 && item.as_deref() == Some("Mistake")) {
                        let told = told(&target, item.as_deref());
                        faults.push(format!(
                            "{} imports {told}, from where solvers are called",
                            shown(&module)
                        ));
                    }
                    continue;
                }
                open.push(target);
            }
        }
        reached
    }
}

/// Whether a target is one of the named items, or anything in a private module that a named item stands for.
fn is_answer(target: &Name, item: &str, named: &[&str]) -> bool {
    named.contains(&item) || item == "*" || target.get(1).is_some_and(|m| named.contains(&m.as_str()))
}

fn is_test(path: &str) -> bool {
    path.split('/').any(|part| part == "tests" || part == "tests.rs")
        || ["main.rs", "args.rs", "check.rs", "data.rs", "drawing.rs", "handin.rs", "runs.rs", "training.rs"]
            .contains(&path)
}

/// `kinds/layer_table/given.rs` is the module kinds, layer_table, given.
fn module_of(path: &str) -> Name {
    let mut parts: Name = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod" || last == "lib") {
        parts.pop();
    }
    parts
}

fn shown(module: &Name) -> String {
    if module.is_empty() { "lib.rs".to_owned() } else { module.join("::") }
}

fn told(module: &Name, item: Option<&str>) -> String {
    item.map_or(shown(module), |item| format!("{}::{item}", shown(module)))
}

// ---- the tests ---------------------------------------------------------------------------------

fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, root: &Path, out: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                out.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut out = Vec::new();
    walk(&root, &root, &mut out);
    out
}

#[test]
fn floors_are_listed_from_the_ground_up() {
    for (i, (name, allowed)) in FLOORS.iter().enumerate() {
        for below in *allowed {
            assert!(
                FLOORS[..i].iter().any(|f| f.0 == *below),
                "{name} may import {below}, which is not below"
            );
        }
    }
}

#[test]
fn nobody_imports_a_floor_above() {
    let faults = House::new(&sources()).floor_faults();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn evidence_reaches_no_solver_and_sees_no_row() {
    let faults = House::new(&sources()).evidence_faults();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_file_says_in_its_first_line_what_lives_in_it() {
    for (path, text) in sources() {
        assert!(text.starts_with("//! "), "{path} does not start with //!");
    }
}

/// A house with one kind, whose evidence is the given text; `solve` and a helper are there to be reached.
fn planted(evidence: &str) -> House {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    House::new(&[
        file("lib.rs", "pub mod kinds; pub mod net; pub mod report; pub fn default_sheet() {}"),
        file("net/mod.rs", "mod trace; pub use trace::{Stage, trace}; pub struct Layer;"),
        file("net/trace.rs", "pub struct Stage; pub fn trace() {}"),
        file("report/mod.rs", "pub struct Row; pub struct Evidence;"),
        file("kinds/mod.rs", "pub mod one; pub mod two; pub static KINDS: &[&Kind] = &[&one::KIND];"),
        file(
            "kinds/one/mod.rs",
            "mod evidence; mod given; mod helper; mod pure; mod solve; pub use given::Given;",
        ),
        file("kinds/one/given.rs", "use crate::net; pub struct Given; pub fn answer() { net::trace() }"),
        file("kinds/one/solve.rs", "use super::given::Given; pub fn value() {}"),
        file("kinds/one/helper.rs", "use super::solve; pub fn aid() { solve::value() }"),
        file("kinds/one/pure.rs", "pub fn slide() {}"),
        file("kinds/two/mod.rs", "mod solve; pub use solve::other;"),
        file("kinds/two/solve.rs", "pub fn other() {}"),
        file("kinds/one/evidence.rs", evidence),
    ])
}

#[test]
fn a_planted_import_is_refused() {
    for wrong in [
        "use super::solve;",
        "use super::solve::value;",
        "use super::{given::Given, solve::value as innocent};",
        "fn f() { super::solve::value() }",
        "fn f() { crate::kinds::one::solve::value() }",
        "use crate::kinds::one as here; fn f() { here::solve::value() }",
        "use crate::kinds; fn f() { kinds::one::solve::value() }",
        "use super::helper::aid;",
        "use crate::kinds::two::other;",
        "use crate::kinds::KINDS;",
        "use crate::kinds::one::KIND;",
        "use super::given::answer;",
        "use crate::net::{self, Layer}; fn f() { net::trace() }",
        "use crate::net::{Layer, Stage};",
        "use crate::report::{Evidence, Row};",
        "use crate::report; fn f() -> report::Row {}",
    ] {
        assert!(!planted(wrong).evidence_faults().is_empty(), "not refused: {wrong}");
    }
}

#[test]
fn an_innocent_import_is_not_refused() {
    for right in [
        "use super::Given; use super::pure::slide; use crate::net::Layer; use crate::report::Evidence;",
        "//! Not super::solve.\nfn f() { let s = \"super::solve::value()\"; let c = '\"'; } /* super::solve */",
        "#[cfg(test)]\nmod tests { use super::super::solve; }\nfn after() {}",
        "fn f() { let x = r#\"a \" super::solve::value()\"#; }",
        "use std::collections::{BTreeMap, solve::value};",
        "pub(in crate::kinds) fn f() {}",
    ] {
        let faults = planted(right).evidence_faults();
        assert!(faults.is_empty(), "{right}: {faults:?}");
    }
    assert!(!planted("fn f() { } #[cfg(test)] mod tests; use super::solve;").evidence_faults().is_empty());
}

#[test]
fn a_planted_import_of_a_floor_above_is_refused() {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let house = |text: &str| {
        House::new(&[
            file("lib.rs", "pub fn default_sheet() {}"),
            file("num/mod.rs", text),
            file("expr.rs", "pub struct Expr;"),
        ])
    };
    assert!(house("use num_traits::Zero; fn f() { std::mem::drop(1) }").floor_faults().is_empty());
    for wrong in [
        "use crate::expr::Expr;",
        "use crate::{expr::{self as e}};",
        "fn f() { crate::expr::parse() }",
        "fn f() { super::expr::parse() }",
        "use crate::default_sheet;",
        "use super::expr::*;",
        "mod inner { }",
    ] {
        assert!(!house(wrong).floor_faults().is_empty(), "not refused: {wrong}");
    }
}
