//! Sheets with a few bytes changed live here, and those that fuzzing found: whatever comes of them, nothing panics,
//! nothing hangs, and no two ways of working contradict each other.

use std::path::Path;
use std::time::{Duration, Instant};

use backproof::num::Rounding;
use backproof::pipeline;
use backproof::render::{self, Format, Options};
use backproof::sheet::{Sheet, Source};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::support::sources;

/// The longest that a changed sheet may take, in the profile of tests and on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);
/// The longest that a sheet which fuzzing found may take.
const FOUND_LIMIT: Duration = Duration::from_secs(60);

/// One change of a text.
#[derive(Debug, Clone)]
enum Change {
    /// Another character in the place of one.
    Replace(Index, char),
    /// A character more.
    Insert(Index, char),
    /// A few characters less.
    Delete(Index, usize),
    /// A few characters twice.
    Repeat(Index, usize),
    /// A line twice, or two lines swapped.
    Lines(Index, Index),
}

/// Characters that mean something in a sheet, more often than others.
fn character() -> impl Strategy<Value = char> {
    let meant: Vec<char> = "0123456789.-+*/^()[]{}\",=# \n_exLmW→−∞é\u{0}\u{feff}".chars().collect();
    prop_oneof![9 => proptest::sample::select(meant), 1 => any::<char>()]
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (any::<Index>(), character()).prop_map(|(i, c)| Change::Replace(i, c)),
        3 => (any::<Index>(), character()).prop_map(|(i, c)| Change::Insert(i, c)),
        3 => (any::<Index>(), 1..4_usize).prop_map(|(i, n)| Change::Delete(i, n)),
        2 => (any::<Index>(), 1..12_usize).prop_map(|(i, n)| Change::Repeat(i, n)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(i, j)| Change::Lines(i, j)),
    ]
}

fn changed(text: &str, changes: &[Change]) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for change in changes {
        let length = text.len();
        if length == 0 {
            break;
        }
        match change {
            Change::Replace(i, c) => text[i.index(length)] = *c,
            Change::Insert(i, c) => text.insert(i.index(length), *c),
            Change::Delete(i, n) => {
                let at = i.index(length);
                text.drain(at..(at + n).min(length));
            }
            Change::Repeat(i, n) => {
                let at = i.index(length);
                let end = (at + n).min(length);
                let part = text[at..end].to_vec();
                text.splice(end..end, part);
            }
            Change::Lines(i, j) => {
                let whole: String = text.iter().collect();
                let mut lines: Vec<&str> = whole.split_inclusive('\n').collect();
                let (i, j) = (i.index(lines.len()), j.index(lines.len()));
                if i == j {
                    lines.insert(i, lines[i])
                } else {
                    lines.swap(i, j)
                }
                text = lines.concat().chars().collect();
            }
        }
    }
    text.into_iter().collect()
}

/// Reads, examines and prints a text in every way.
fn survive(text: &str) -> Result<(), TestCaseError> {
    let begin = Instant::now();
    if let Err(error) = Sheet::parse(Source::new("changed", text)).and_then(|sheet| {
        let report = pipeline::examine(&sheet)?;
        assert_eq!(report.summary().fail, 0, "two ways of working contradict each other in\n{text}");
        let options = Options::default();
        let _ = render::verify(&report, &options);
        let _ = render::explain(&report, &Options { rounding: Some(Rounding::Significant(3)), ..options });
        for format in [Format::Terminal, Format::Markdown, Format::Latex, Format::Csv, Format::Json] {
            let _ = render::tables(&report, format, &options);
        }
        Ok(())
    }) {
        let _ = error.render(true);
        prop_assert!(!error.message().is_empty());
    }
    prop_assert!(begin.elapsed() < LIMIT, "took {:?}", begin.elapsed());
    Ok(())
}

/// Inputs of `fuzz/` that once took too long or worse, or stand near the limits, made small.
#[test]
fn what_fuzzing_found_ends_well() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz_found");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let begin = Instant::now();
        match Source::read_from(bytes.as_slice(), "found") {
            Ok(source) => survive(&source.text).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
            Err(error) => assert!(!error.message().is_empty()),
        }
        let took = begin.elapsed();
        assert!(took < FOUND_LIMIT, "{} took {took:?}", path.display());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_sheet_never_panics(which in any::<Index>(), changes in proptest::collection::vec(change(), 1..4)) {
        let sources = sources();
        survive(&changed(&sources[which.index(sources.len())].text, &changes))?;
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        survive(&text)?;
        survive(&format!("[[question]]\nid = \"1\"\nkind = \"gradient-descent\"\nobjective = '''{text}'''\n\
            start = {{ x = 1 }}\naccuracy = 1\n"))?;
        survive(&format!("[[question]]\nid = \"1\"\nkind = \"layer-table\"\nnetwork = '''{text}'''\n"))?;
        survive(&format!("[[question]]\nid = \"1\"\nkind = \"softmax-cross-entropy\"\nlogits = ['''{text}''']\n\
            true_class = 0\n"))?;
    }
}
