//! Marking a person's own answers is tried here from end to end. Filled forms live in `tests/forms`, each with all that
//! people see beside it; `BACKPROOF_BLESS=1 cargo test --test it check` writes that, to be read by a person before it is
//! kept. What would be too large to keep is written by the tests.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use backproof::gallery::SHEETS;
use backproof::report::{self, Answer, Row, Status};
use backproof::sheet::{Sheet, Source};
use backproof::{marking, pipeline, render};
use serde_json::Value as Json;
use unicode_width::UnicodeWidthStr;

use crate::support::{backproof, fed, files_in, program, sources, written};

/// The longest that marking may take; only what hangs takes longer.
const LIMIT: Duration = Duration::from_secs(30);

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms")
}

fn forms() -> Vec<PathBuf> {
    files_in(&folder())
}

/// Exit status, standard output, standard error.
fn seen(form: &Path) -> (String, Vec<String>) {
    let file = form.file_name().unwrap().to_str().unwrap();
    let begin = Instant::now();
    let mut command = program();
    let output = command.current_dir(folder()).args(["check", file]).stdin(Stdio::null()).output().unwrap();
    let took = begin.elapsed();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    let mut faults = Vec::new();
    let code = output.status.code().unwrap();
    if took > LIMIT {
        faults.push(format!("{file} took {took:?}"));
    }
    if err.contains("panicked") || err.contains("fault of the program") {
        faults.push(format!("{file} panics:\n{err}"));
    }
    if (code == 2) == err.is_empty() {
        faults.push(format!("{file}: exit {code} with {err:?} on standard error"));
    }
    for line in out.lines().chain(err.lines()).filter(|l| l.width() > 80) {
        faults.push(format!("{file}: a line of {} columns: {line}", line.width()));
    }
    let mut text = format!("exit {code}\n{out}");
    if !err.is_empty() {
        let _ = write!(text, "---- standard error\n{err}");
    }
    (text, faults)
}

#[test]
fn every_form_is_marked_as_is_written_beside_it() {
    let forms = forms();
    assert!(forms.len() >= 30, "only {} forms", forms.len());
    let mut faults = Vec::new();
    for form in &forms {
        let (text, found) = seen(form);
        faults.extend(found);
        let beside = form.with_extension("out");
        if std::env::var_os("BACKPROOF_BLESS").is_some() {
            std::fs::write(&beside, &text).unwrap();
        }
        match std::fs::read_to_string(&beside) {
            Err(_) => {
                faults.push(format!("{} has no .out beside it; BACKPROOF_BLESS=1 writes it", form.display()));
            }
            Ok(expected) if expected != text => {
                faults.push(format!("{}: expected\n{expected}\nbut it says\n{text}", form.display()));
            }
            Ok(_) => {}
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_expected_output_is_left_over() {
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        assert!(path.is_dir() || path.with_extension("toml").exists(), "{} has no form", path.display());
    }
}

/// The text of a TOML value that holds an answer of the JSON.
fn toml(answer: &Json) -> String {
    match answer {
        Json::Array(items) => format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", ")),
        Json::String(text) => format!("\"{text}\""),
        other => other.to_string(),
    }
}

/// Whether no number of an answer is missing.
fn is_whole(answer: &Json) -> bool {
    match answer {
        Json::Null => false,
        Json::Array(items) => items.iter().all(is_whole),
        _ => true,
    }
}

/// A form filled with one of the two texts that the JSON has for each answer, and how many rows are filled.
fn filled(report: &Json, field: &str) -> (String, usize) {
    let mut form = String::new();
    let mut count = 0;
    for question in report["questions"].as_array().unwrap() {
        let id = question["id"].as_str().unwrap();
        let _ = writeln!(form, "[\"{id}\"]");
        for row in question["rows"].as_array().unwrap() {
            let name = row["id"].as_str().unwrap().strip_prefix(&format!("{id}.")).unwrap().to_owned();
            let answer = if row["exact"].is_null() && row["status"] == "holds" && row["decimal"].is_null() {
                // There is no such value.
                "\"none\"".to_owned()
            } else if row["status"] == "holds" && is_whole(&row[field]) {
                toml(&row[field])
            } else {
                continue;
            };
            count += 1;
            let _ = writeln!(form, "\"{name}\" = {answer}");
        }
    }
    (form, count)
}

/// Marks a sheet's own answers: the words of all verdicts on rows that were filled.
fn own_answers(source: &Source, field: &str) -> Vec<(String, String)> {
    let sheet = Sheet::parse(source.clone()).unwrap();
    let report = render::json(&pipeline::examine(&sheet).unwrap(), &render::Options::default());
    let (form, count) = filled(&serde_json::from_str(&report).unwrap(), field);
    // The answers of a sheet may be longer than a form may be.
    let form = Source::new("a form", &form);
    if form.text.len() > 1 << 20 {
        return Vec::new();
    }
    let form = marking::Form::parse(form).unwrap();
    let keys = pipeline::keys(&sheet).unwrap();
    let paper = marking::paper(&form, &sheet.title, &keys, |_| true).unwrap();
    let rows = paper.questions.iter().flat_map(|q| q.rows.iter().map(move |r| (q, r)));
    let told: Vec<(String, String)> = rows
        .filter(|(_, r)| r.text.is_some())
        .map(|(q, r)| {
            let name = format!("{}, {}.{} = {:?}", source.name, q.id, r.row.row.id, r.text);
            (name, format!("{}: {}", r.verdict.key(), r.detail))
        })
        .collect();
    assert_eq!(told.len(), count, "{}", source.name);
    told
}

#[test]
fn the_exact_answers_of_every_sheet_are_exact() {
    let built_in = SHEETS.iter().skip(1).map(|s| s.source());
    for source in sources().into_iter().chain(built_in) {
        for (row, said) in own_answers(&source, "exact") {
            assert!(said.starts_with("exact"), "{row}: {said}");
        }
    }
}

#[test]
fn the_decimals_of_every_sheet_are_right_to_their_digits() {
    let built_in = SHEETS.iter().skip(1).map(|s| s.source());
    for source in sources().into_iter().chain(built_in) {
        for (row, said) in own_answers(&source, "decimal") {
            assert!(said.starts_with("exact") || said.starts_with("digits: "), "{row}: {said}");
            // All digits that are asked for are there.
            assert!(!said.contains(" of "), "{row}: {said}");
        }
    }
}

/// From right values every rule gives a value that the row's own evidence accepts.
#[test]
fn what_follows_from_right_answers_is_right() {
    let built_in = SHEETS.iter().skip(1).map(|s| s.source());
    let mut followed: BTreeMap<&str, usize> = BTreeMap::new();
    for source in sources().into_iter().chain(built_in) {
        let sheet = Sheet::parse(source.clone()).unwrap();
        for key in pipeline::keys(&sheet).unwrap() {
            let value = |id: &str| key.question.row(id).and_then(|r| r.row.answer.value());
            for rule in key.problem.follow() {
                let name = format!("{}, {}.{} from {:?}", source.name, key.question.id, rule.row, rule.from);
                assert!(key.question.row(&rule.row).is_some(), "{name}: no such row");
                let known = |id: &String| key.question.row(id).is_some();
                assert!(rule.from.iter().all(known), "{name}: it follows from no row");
                let Some(from) = rule.from.iter().map(|id| value(id)).collect::<Option<Vec<_>>>() else {
                    continue;
                };
                let Some(found) = (rule.value)(&from) else { continue };
                // Where a theorem does not hold for the step there is no value, whatever its formula gives.
                let Some(Answer::Value(_)) = key.question.row(&rule.row).map(|r| &r.row.answer) else {
                    continue;
                };
                let row = Row::new(rule.row.clone(), "", found);
                let evidence = &key.evidence[&rule.row];
                let (verdicts, status) = report::judge(&row, evidence, key.question.digits);
                assert_ne!(status, Status::Fails, "{name}: {verdicts:?}");
                *followed.entry(key.question.kind).or_default() += 1;
            }
        }
    }
    assert_eq!(followed.len(), 7, "{followed:?}");
}

#[test]
fn a_blank_form_is_marked_blank_and_tells_no_answer() {
    let names: Vec<&str> = SHEETS.iter().map(|s| s.name).collect();
    for name in names {
        let form = backproof(&["answers", name]);
        assert_eq!(form.code, 0, "{name}: {}", form.err);
        let path = written(&format!("blank-{name}.toml"), &form.out);
        let marked = backproof(&["check", "--format", "json", &path]);
        assert_eq!(marked.code, 1, "{name}: {}{}", marked.out, marked.err);
        let json: Json = serde_json::from_str(&marked.out).unwrap();
        let summary = &json["papers"][0]["summary"];
        assert_eq!(summary["blank"], summary["rows"], "{name}");
    }
    // 13162 parameters, 66 iterations, ln 2, 0.1653: numbers of the built-in sheet.
    let form = backproof(&["answers"]).out;
    for answer in ["13162", "66", "1653", "262144", "\"none\" ", "2/11", "2/(m + L)"] {
        assert!(!form.split("sheet = ").nth(1).unwrap().contains(answer), "the form has {answer}:\n{form}");
    }
}

#[test]
fn only_quiet_and_json_work_as_elsewhere() {
    let form = folder().join("slips.toml");
    let form = form.to_str().unwrap();
    let only = backproof(&["check", "--only", "2.2", form]);
    assert!(only.out.starts_with("2.2 ") && !only.out.contains("1.1 "), "{}", only.out);
    let none = backproof(&["check", "--only", "7", form]);
    assert_eq!((none.code, none.out.as_str()), (2, ""));
    assert!(none.err.contains("no question `7` in this sheet"), "{}", none.err);
    let right = folder().join("right-exact.toml");
    let quiet = backproof(&["check", "--quiet", "--only", "2.2", right.to_str().unwrap()]);
    assert_eq!(quiet.code, 0, "{}", quiet.out);
    assert!(quiet.out.starts_with("19 answers: 19 right"), "{}", quiet.out);
    let two = backproof(&["check", "--format", "json", form, right.to_str().unwrap()]);
    let json: Json = serde_json::from_str(&two.out).unwrap();
    assert_eq!(json["papers"].as_array().unwrap().len(), 2);
    let row = &json["papers"][0]["questions"][5]["rows"][1];
    assert_eq!((&row["id"], &row["verdict"]), (&Json::from("2.2.layer.1.h"), &Json::from("wrong")));
    assert_eq!(row["diagnosis"], "ReLU left out, h = z");
    assert_eq!(row["written"], "[0.5, -0.05, 0.5]");
}

#[test]
fn a_file_that_cannot_be_marked_does_not_keep_others_from_it() {
    let right = folder().join("right-exact.toml");
    let ran = backproof(&["check", "no-such-file.toml", right.to_str().unwrap()]);
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("19 right") && ran.err.contains("no-such-file.toml"), "{}{}", ran.out, ran.err);
    let ran = fed(&["check", "--sheet", "lenet-5", "-"], b"[\"1\"]\nnothing = 1\n");
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("[standard input:"), "{}", ran.err);
}

/// Forms that are made to cost time, memory or a stack.
fn hostile() -> Vec<(&'static str, String)> {
    let j = |answer: &str| format!("[\"2.2\"]\nJ = \"{answer}\"\n");
    let many = |n: usize, line: &dyn Fn(usize) -> String| (0..n).map(line).collect::<String>();
    let nines = "9".repeat(999);
    vec![
        ("an exponent", "[\"2.2\"]\nJ = 1e999999999\n".to_owned()),
        ("an exponent in a text", j("1e-999999999999999999999999")),
        ("a power of powers", j("((((9^1000)^1000)^1000)^1000)^1000")),
        ("a tower", j("e^(e^(e^(e^(e^(e^10)))))")),
        ("a power of e", j("e^(10^900)")),
        ("a small power of e", j("e^(-10^900)")),
        ("a logarithm that is nearly rational", j("ln(e^1000 + 10^-900)")),
        ("almost equal", j("ln(2 + 10^-999)")),
        ("a division by what may be zero", j("1/(e^(ln 2) - 2)")),
        ("a sum of fractions", j(&many(1200, &|i| format!("1/{}+", 7001 + 2 * i)).replace("9401+", "9401"))),
        ("a product of sums", j(&many(60, &|i| format!("(e^(1/{0})+e^(2/{0})+1)*", i + 2)).replace("/63)+1)*", "/63)+1)"))),
        ("brackets in TOML", format!("[\"2.2\"]\np = {}\n", "[".repeat(1_000_000))),
        ("brackets in a text", j(&"[".repeat(1_000_000))),
        ("parentheses in a text", j(&"(".repeat(9_000))),
        ("closed parentheses", j(&format!("{}1{}", "(".repeat(4_000), ")".repeat(4_000)))),
        ("brackets in a list", format!("[\"2.2\"]\np = \"{}{}\"\n", "[".repeat(4_000), "]".repeat(4_000))),
        ("a long text", j(&"1".repeat(1_000_000))),
        ("a long decimal", j(&format!("0.{}", "6".repeat(999)))),
        ("too long a decimal", j(&format!("0.{}", "6".repeat(5_000)))),
        ("a long list", format!("[\"2.2\"]\np = [{}]\n", "1,".repeat(400_000))),
        ("a long list in a text", format!("[\"2.2\"]\np = \"{}1\"\n", "1,".repeat(4_900))),
        ("minus signs", j(&format!("{}1", "-".repeat(9_000)))),
        ("a formula", "[\"1.3a\"]\nattention = \"(d + d_ff + h)^1000\"\n".to_owned()),
        ("a formula of powers", "[\"1.3a\"]\nattention = \"(((d+1)^9+d_ff)^9+1)^9\"\n".to_owned()),
        (
            "long logits",
            format!("[\"2.2\"]\ntheta = [\"0.{nines}\", \"-0.{nines}\"]\np = [\"0.5{nines}\", \"0.4{nines}\"]\nJ = \"0.6{nines}\"\n")
                .replace("99999\"", "\""),
        ),
        (
            "far logits",
            "[\"2.2\"]\ntheta = [\"1e900\", \"-1e900\"]\np = [\"1.0000\", \"0.0001\"]\nJ = \"0.6\"\n".to_owned(),
        ),
        ("many questions", many(20_000, &|i| format!("[\"q{i}\"]\nJ = 1\n"))),
        ("many rows", format!("[\"2.2\"]\n{}", many(50_000, &|i| format!("r{i} = 1\n")))),
        ("a device for a sheet", "sheet = \"/dev/zero\"\n".to_owned()),
        ("standard input for a sheet", "sheet = \"-\"\n".to_owned()),
        ("a folder for a sheet", "sheet = \"/\"\n".to_owned()),
        ("signs that steer a terminal", "[\"2.2\"]\nJ = \"\\u001b[31m\\u202e\"\n\"\\u001b\" = 1\n".to_owned()),
        ("nothing", String::new()),
        ("no text at all", "\u{0}\u{1}".to_owned()),
    ]
}

#[test]
fn a_hostile_form_costs_little_and_never_a_panic() {
    let mut told = String::new();
    for (i, (name, form)) in hostile().into_iter().enumerate() {
        let path = written(&format!("hostile-{i}.toml"), form);
        let begin = Instant::now();
        let ran = backproof(&["check", &path]);
        let took = begin.elapsed();
        let _ = writeln!(told, "{took:?}: {name}");
        assert!(ran.code == 1 || ran.code == 2, "{name}: exit {}\n{}{}", ran.code, ran.out, ran.err);
        assert!(
            !ran.err.contains("panicked") && !ran.err.contains("fault of the program"),
            "{name}: {}",
            ran.err
        );
        assert!(!(ran.out + &ran.err).contains(['\u{1b}', '\u{202e}']), "{name} steers the terminal");
        assert!(took < LIMIT, "{name} took {took:?}");
    }
    // Shown where the test is run with --nocapture.
    print!("{told}");
}
