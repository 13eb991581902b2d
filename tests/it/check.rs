//! Marking a person's own answers is tried here from end to end. Filled forms live in `tests/forms`, each with all that
//! people see beside it; `BACKPROOF_BLESS=1 cargo test --test it check` writes that, to be read by a person before it is
//! kept. What would be too large to keep is written by the tests.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use backproof::gallery::SHEETS;
use backproof::render::Format;
use backproof::report::{self, Answer, Report, Row, Status};
use backproof::sheet::{Sheet, Source};
use backproof::{marking, pipeline, render};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
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

/// The cells of a line of a Markdown table.
fn cells(line: &str) -> Vec<String> {
    let inside = line.trim().trim_start_matches('|').trim_end_matches('|');
    inside.split(" | ").map(|cell| cell.trim().replace('\\', "")).collect()
}

/// What the tables print for each row that holds, as a form: a value a column.
fn pasted(report: &Report) -> Vec<(String, usize)> {
    let printed = render::tables(report, Format::Markdown, &render::Options::default());
    let sections: Vec<&str> = printed.split("\n## ").collect();
    assert_eq!(sections.len(), report.questions.len(), "a section a question");
    let columns = ["Exact", "Decimal"];
    let mut forms = vec![(String::new(), 0); columns.len()];
    for (question, section) in report.questions.iter().zip(sections) {
        for (form, _) in &mut forms {
            let _ = writeln!(form, "[\"{}\"]", question.id);
        }
        let (mut head, mut lines) = (Vec::new(), Vec::new());
        for line in section.lines().filter(|line| line.starts_with('|')) {
            if line.contains("| --- |") {
                head = lines.pop().map(|(_, head)| head).unwrap_or_default();
            } else {
                lines.push((head.clone(), cells(line)));
            }
        }
        // Labels may repeat, so that a row is sought after the one before it.
        let mut next = 0;
        for row in &question.rows {
            let (table, name) = match &row.row.place {
                Some(place) => (place.table.as_str(), place.line.as_str()),
                None => ("Answer", row.row.label.as_str()),
            };
            let from = if row.row.place.is_some() { 0 } else { next };
            let found = (from..lines.len()).find(|i| lines[*i].0[0] == table && lines[*i].1[0] == name);
            let at = found.unwrap_or_else(|| panic!("{} {name} is not in the tables", question.id));
            if row.row.place.is_none() {
                next = at + 1;
            }
            let (head, cells) = &lines[at];
            for (column, (form, count)) in columns.iter().zip(&mut forms) {
                let column = row.row.place.as_ref().map_or(*column, |place| place.column.as_str());
                let Some(i) = head.iter().position(|h| h == column) else { continue };
                let text = cells.get(i).map_or("", String::as_str);
                if row.status != Status::Holds || text.is_empty() || text == "—" {
                    continue;
                }
                *count += 1;
                let _ = writeln!(form, "\"{}\" = {}", row.row.id, Json::from(text));
            }
        }
    }
    forms
}

/// Verdicts on the rows of a form that were filled, with what was written.
fn verdicts(form: &str, title: &str, keys: &[pipeline::Key]) -> Vec<(String, bool)> {
    let form = marking::Form::parse(Source::new("a form", form)).unwrap();
    let paper = marking::paper(&form, title, keys, |_| true).unwrap();
    let rows = paper.questions.iter().flat_map(|q| q.rows.iter().map(move |r| (q, r)));
    let filled = rows.filter(|(_, r)| r.text.is_some());
    filled
        .map(|(q, r)| {
            let said =
                format!("{}.{} = {:?} is {}: {}", q.id, r.row.row.id, r.text, r.verdict.key(), r.detail);
            (said, r.verdict.is_right())
        })
        .collect()
}

#[test]
fn what_the_tables_print_can_be_pasted_back() {
    let mut faults = Vec::new();
    let mut counted = 0;
    for built_in in SHEETS {
        let sheet = Sheet::parse(built_in.source()).unwrap();
        let keys = pipeline::keys(&sheet).unwrap();
        let report = pipeline::examine(&sheet).unwrap();
        let mut forms = pasted(&report);
        // Every row has an exact value or a decimal.
        let csv = render::tables(&report, Format::Csv, &render::Options::default());
        forms.extend(in_csv(&report, &csv));
        for (form, count) in forms {
            let told = verdicts(&form, &sheet.title, &keys);
            assert_eq!(told.len(), count, "{}: {form}", built_in.name);
            counted += count;
            let wrong = told.into_iter().filter(|(_, right)| !right);
            faults.extend(wrong.map(|(said, _)| format!("{}: {said}", built_in.name)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(counted > 2000, "only {counted} values");
}

/// The columns of the CSV as forms: each value in one text.
fn in_csv(report: &Report, csv: &str) -> Vec<(String, usize)> {
    let mut lines = csv::records(csv).into_iter().skip(1);
    let mut forms = vec![(String::new(), 0); 2];
    for question in &report.questions {
        for (form, _) in &mut forms {
            let _ = writeln!(form, "[\"{}\"]", question.id);
        }
        for row in &question.rows {
            let line = lines.next().unwrap();
            assert_eq!(line[0], format!("{}.{}", question.id, row.row.id));
            for (text, (form, count)) in line[2..4].iter().zip(&mut forms) {
                // A formula has no decimals.
                if row.status == Status::Holds && !text.is_empty() && !text.starts_with("[, ") {
                    *count += 1;
                    let _ = writeln!(form, "\"{}\" = {}", row.row.id, Json::from(text.as_str()));
                }
            }
        }
    }
    forms
}

mod csv {
    //! Reading CSV lives here.

    /// Records of fields.
    pub fn records(text: &str) -> Vec<Vec<String>> {
        let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
        let mut quoted = false;
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '"' if quoted && rest.peek() == Some(&'"') => {
                    field.push('"');
                    rest.next();
                }
                '"' => quoted = !quoted,
                ',' if !quoted => record.push(std::mem::take(&mut field)),
                '\n' if !quoted => {
                    record.push(std::mem::take(&mut field));
                    records.push(std::mem::take(&mut record));
                }
                '\r' if !quoted => {}
                c => field.push(c),
            }
        }
        records
    }
}

/// Pieces of which answers are made, and others.
fn fragment() -> impl Strategy<Value = String> {
    let meant = [
        "0", "1", "7", "12", "0.5", "-0.05", "1e3", "1e-9", "1e999", "9", "[", "]", "(", ")", ",", ";", " ",
        "  ", "+", "-", "−", "*", "·", "×", "/", "^", "x", "x1", "y", "d", "d_k", "mu", "sigma", "p_i", "e",
        "e^", "exp(", "ln ", "log(", "sqrt ", "√", "½", "⅒", "²", "⁻¹", "₁", "ᵢ", "σ", "μ", "δ", "π", "none",
        "none:", "yes", "no", "∅", "—", "⎡", "⎢", "⎣", "⎤", "⎥", "⎦", "⁄", "é", "日", "…", "1,000", "1 000",
        "24x24x16", "?", "%", "=", "≈",
    ];
    prop_oneof![
        12 => proptest::sample::select(meant.map(str::to_owned).to_vec()),
        1 => any::<char>().prop_map(String::from),
    ]
}

#[test]
fn no_answer_panics_or_takes_long() {
    let text = include_str!("../forms/sheets/small.toml");
    let sheet = Sheet::parse(Source::new("small.toml", text)).unwrap();
    let keys = pipeline::keys(&sheet).unwrap();
    let rows: Vec<String> = keys
        .iter()
        .flat_map(|k| k.question.rows.iter().map(|r| format!("\"{}\".\"{}\"", k.question.id, r.row.id)))
        .collect();
    let answer = proptest::collection::vec(fragment(), 0..16).prop_map(|parts| parts.concat());
    let filled = proptest::collection::btree_map(proptest::sample::select(rows), answer, 1..8);
    let mut runner = TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
    let result = runner.run(&filled, |answers| {
        let lines = answers.iter().map(|(row, text)| format!("{row} = {}\n", toml_text(text)));
        let form = marking::Form::parse(Source::new("a form", &lines.collect::<String>())).unwrap();
        let begin = Instant::now();
        let paper = marking::paper(&form, "", &keys, |_| true).unwrap();
        let screen = render::marks(&paper, true, &render::Options::default()) + &render::marks_json(&[paper]);
        prop_assert!(!screen.is_empty());
        let took = begin.elapsed();
        prop_assert!(took < Duration::from_secs(10), "it took {took:?}");
        Ok(())
    });
    assert!(result.is_ok(), "{}", result.unwrap_err());
}

/// A text as TOML writes it.
fn toml_text(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out + "\""
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
