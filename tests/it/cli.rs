//! The command line lives here: what a person types, what is printed where, and the exit status.

use std::io::Read;
use std::process::Stdio;

use backproof::kinds::KINDS;
use serde_json::Value as Json;
use unicode_width::UnicodeWidthStr;

use crate::support::{backproof, fed, program, scratch, written};

const COMMANDS: [&str; 3] = ["verify", "tables", "explain"];

/// A sheet of one question, quick to answer.
const SMALL: &str = "title = \"Small\"\n\n[[question]]\nid = \"s\"\nkind = \"transformer-encoder\"\nd = 8\nheads = 2\nd_ff = 16\n";

fn json(arguments: &[&str]) -> Json {
    let ran = backproof(arguments);
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{arguments:?}: {e}:\n{}", ran.out))
}

fn rows(report: &Json) -> Vec<&Json> {
    report["questions"].as_array().unwrap().iter().flat_map(|q| q["rows"].as_array().unwrap()).collect()
}

/// The program refuses: exit 2, words on standard error, nothing on standard output.
fn refused(arguments: &[&str], words: &[&str]) {
    let ran = backproof(arguments);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}: {}", ran.err);
    for word in words {
        assert!(ran.err.contains(word), "{arguments:?} does not say {word:?}:\n{}", ran.err);
    }
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
}

// ---- the default -----------------------------------------------------------------------------------

#[test]
fn without_arguments_the_built_in_sheet_is_verified() {
    let ran = backproof(&[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let same = backproof(&["verify"]);
    assert_eq!(ran.out, same.out);
    // The summary is the last paragraph: so many answers, nothing failed, what did not run by name.
    let summary = ran.out.rsplit("\n\n").next().unwrap().replace('\n', " ");
    let report = json(&["verify", "--format", "json"]);
    let counts = &report["summary"];
    let begin = format!("{} answers: {} hold", counts["answers"], counts["holds"]);
    assert!(summary.starts_with(&begin), "{summary}");
    assert!(summary.contains("Nothing failed, nothing undecided, nothing left out."), "{summary}");
    assert!(!ran.out.contains('\u{1b}'), "colour in a pipe");
}

#[test]
fn strict_fails_where_something_did_not_run() {
    assert_eq!(backproof(&["--strict"]).code, 0);
    let untrained = untrained();
    assert_eq!(fed(&["verify", "-"], untrained.as_bytes()).code, 0);
    let strict = fed(&["verify", "--strict", "-"], untrained.as_bytes());
    assert_eq!(strict.code, 1);
    assert!(strict.out.contains("Did not run: 1.mlp.train-accuracy, "), "{}", strict.out);
}

/// A recipe of which no run is known.
fn untrained() -> String {
    backproof(&["example", "training"]).out.replace("seed = 480", "seed = 479")
}

#[test]
fn quiet_prints_what_is_not_green_and_the_summary() {
    let quiet = backproof(&["verify", "--quiet"]);
    assert_eq!(quiet.code, 0);
    assert!(!quiet.out.contains('✓'), "{}", quiet.out);
    assert!(quiet.out.contains("Nothing failed"), "{}", quiet.out);
    let green = backproof(&["verify", "-q", "--only", "2.1"]);
    assert!(green.out.starts_with("5 answers: 5 hold"), "{}", green.out);
    // What did not run is all that tables and steps have left to show.
    for command in ["tables", "explain"] {
        let quiet = fed(&[command, "-q", "-"], untrained().as_bytes());
        assert_eq!(quiet.code, 0);
        assert!(quiet.out.contains("not run") && !quiet.out.contains('✓'), "{}", quiet.out);
        assert!(!quiet.out.contains("updates") && !quiet.out.contains("parameters"), "{}", quiet.out);
        assert_eq!(backproof(&[command, "-q", "--only", "2.1"]).out, "");
    }
}

// ---- choosing --------------------------------------------------------------------------------------

#[test]
fn only_keeps_a_question_and_its_parts() {
    let ids = |only: &str| -> Vec<String> {
        let report = json(&["verify", "--format", "json", "--only", only]);
        let of = |q: &Json| q["id"].as_str().unwrap().to_owned();
        report["questions"].as_array().unwrap().iter().map(of).collect()
    };
    assert_eq!(ids("2.2"), ["2.2"]);
    assert_eq!(ids("1.3"), ["1.3a", "1.3b"]);
    assert_eq!(ids("1"), ["1.1", "1.2", "1.3a", "1.3b"]);
    assert_eq!(ids("3"), ["3"]);
    refused(&["verify", "--only", "4"], &["no question `4`", "2.2"]);
    for command in COMMANDS {
        for nothing in ["", " "] {
            refused(&[command, "--only", nothing], &["--only is empty", "--only 2.2"]);
        }
    }
    // Notices go with their question.
    let report = json(&["verify", "--format", "json", "--only", "2.1"]);
    for notice in report["notices"].as_array().unwrap() {
        assert_eq!(notice["question"], "2.1");
    }
    // An id that only begins with the same digits is another question.
    let sheet = SMALL.replace("id = \"s\"", "id = \"1.3\"")
        + "\n[[question]]\nid = \"1.30\"\nkind = \"attention-variance\"\nd_k = 4\n";
    let ran = fed(&["verify", "--format", "json", "--only", "1.3", "-"], sheet.as_bytes());
    assert!(!ran.out.contains("1.30"), "{}", ran.out);
}

#[test]
fn digits_and_significant_digits_are_kept() {
    let value = |flags: &[&str]| {
        let report = json(&[&["verify", "--format", "json", "--only", "2.1"], flags].concat());
        let row = rows(&report).into_iter().find(|r| r["id"] == "2.1.J").unwrap().clone();
        row["decimal"].as_str().unwrap().to_owned()
    };
    // J = −1/4 + log(1 + e^(1/2) + e^(1/4) + e^(3/4)) of the logits 0, 0.5, 0.25, 0.75 at class 2.
    // Python: math.log(sum(math.exp(t) for t in (0, .5, .25, .75))) - .25 = 1.5498…
    let long = value(&["--digits", "40"]);
    assert_eq!(long.split('.').nth(1).unwrap().len(), 40);
    assert_eq!(value(&["--digits", "0"]), "2");
    assert_eq!(value(&[]).len(), "1.2345".len());
    assert_eq!(value(&["--significant", "3"]).len(), "1.23".len());
    assert!(long.starts_with(value(&["--digits", "3"]).get(..4).unwrap()));
    refused(&["--digits", "1001"], &["1000"]);
    refused(&["--digits", "-1"], &[]);
    refused(&["--digits", "four"], &["four"]);
    refused(&["--significant", "0"], &["0"]);
    refused(&["--digits", "3", "--significant", "3"], &["cannot be used with"]);
}

#[test]
fn a_sheet_comes_from_a_path_or_from_standard_input() {
    let path = written("small.toml", SMALL);
    let from_path = backproof(&["verify", &path]);
    assert_eq!(from_path.code, 0, "{}", from_path.err);
    for arguments in [vec![path.as_str()], vec!["verify", "--no-color", &path], vec!["--no-color", &path]] {
        assert_eq!(backproof(&arguments).out, from_path.out, "{arguments:?}");
    }
    for arguments in [vec!["-"], vec!["verify", "-"]] {
        assert_eq!(fed(&arguments, SMALL.as_bytes()).out, from_path.out, "{arguments:?}");
    }
    let crlf = fed(&["-"], SMALL.replace('\n', "\r\n").as_bytes());
    let marked = fed(&["-"], format!("\u{feff}{SMALL}").as_bytes());
    assert_eq!((crlf.code, crlf.out), (0, from_path.out.clone()));
    assert_eq!((marked.code, marked.out), (0, from_path.out));
    let spaced = written("a sheet with spaces é.toml", SMALL);
    assert_eq!(backproof(&[&spaced]).code, 0);
}

// ---- refusals --------------------------------------------------------------------------------------

#[test]
fn a_first_word_that_is_neither_command_nor_file_nor_sheet_is_told_all_three() {
    let all = [
        "neither a command nor a file nor a built-in sheet",
        "verify, tables, explain, answers, check, data, train, plots, notebook, example, sheets",
        "`backproof sheets`",
    ];
    refused(&["verfy"], &[&["`verfy`", "did you mean verify?"], &all[..]].concat());
    refused(&["lenet5"], &[&["did you mean lenet-5?"], &all[..]].concat());
    refused(&["explain", "bert"], &["did you mean bert-base?"]);
    refused(&["verify", "sheet"], &["sheet"]);
    refused(&["./verfy"], &["there is no file"]);
    refused(&["sheets", "alexnt"], &["no built-in sheet `alexnt`", "did you mean alexnet?"]);
    refused(&["sheets", "\u{1b}[31m"], &["u{1b}"]);
    assert!(!backproof(&["something-else"]).err.contains("did you mean"));
}

#[test]
fn an_unknown_flag_or_format_is_refused() {
    refused(&["--colour"], &["--colour"]);
    refused(&["verify", "--format", "latex"], &["latex", "terminal", "json"]);
    refused(&["tables", "--format", "pdf"], &["pdf", "markdown"]);
    refused(&["tables", "--strict"], &["--strict"]);
    refused(&["verify", "one.toml", "two.toml"], &["two.toml"]);
    refused(&["example", "layer-tabel"], &["no kind `layer-tabel`", "did you mean layer-table?"]);
}

#[test]
fn a_file_that_is_no_sheet_is_refused() {
    refused(
        &["verify", "no/such/file.toml"],
        &["there is no file `no/such/file.toml`", "or no path for the built-in sheet"],
    );
    let folder = scratch("a-folder");
    std::fs::create_dir_all(&folder).unwrap();
    refused(&["verify", folder.to_str().unwrap()], &["is a folder"]);
    refused(&["verify", &written("empty.toml", "")], &["is empty", "example"]);
    refused(&["verify", &written("blank.toml", "\n \n")], &["no questions"]);
    refused(&["verify", &written("latin-1.toml", b"title = \"caf\xe9\"\n")], &["not UTF-8", "byte 12"]);
    refused(&["verify", &written("binary.toml", [0x7f, b'E', b'L', b'F', 0, 1, 2, 0xff])], &["not UTF-8"]);
    let large = scratch("large.toml");
    // Sparse: it takes no room on the disk.
    std::fs::File::create(&large).unwrap().set_len(100 << 20).unwrap();
    refused(&["verify", large.to_str().unwrap()], &["larger than 1048576 bytes"]);
    for command in COMMANDS {
        refused(&[command, "no/such/file.toml"], &["there is no file"]);
    }
    #[cfg(unix)]
    refused(&["verify", "/dev/null"], &["is empty"]);
    #[cfg(target_os = "linux")]
    refused(&["verify", "/dev/zero"], &["larger than"]);
    let too_much = fed(&["-"], &vec![b'#'; (1 << 20) + 1]);
    assert_eq!((too_much.code, too_much.out.as_str()), (2, ""));
    let nothing = fed(&["-"], b"");
    assert_eq!(nothing.code, 2);
    assert!(nothing.err.contains("standard input") && nothing.err.contains("is empty"), "{}", nothing.err);
}

#[test]
fn help_and_version_are_answers() {
    for flag in ["--help", "-h", "help"] {
        let ran = backproof(&[flag]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{flag}");
        for command in COMMANDS.iter().chain(&["example", "sheets"]) {
            assert!(ran.out.contains(command), "{flag} does not name {command}");
        }
    }
    let version = backproof(&["--version"]);
    assert_eq!((version.code, version.out.trim()), (0, concat!("backproof ", env!("CARGO_PKG_VERSION"))));
    for command in COMMANDS {
        assert_eq!(backproof(&[command, "--help"]).code, 0);
    }
}

#[test]
fn a_closed_pipe_is_no_failure() {
    for command in COMMANDS {
        let mut child = program().arg(command).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert!(child.wait().unwrap().code().is_some(), "{command} was killed");
        assert_eq!(err, "", "{command}");
    }
}

#[test]
fn names_that_steer_a_terminal_are_printed_harmlessly() {
    let sheet = SMALL
        .replace("\"Small\"", "\"Red \\u001b[31m\"")
        .replace("id = \"s\"", "id = \"s\"\ntitle = \"\\u001b[2J\"");
    for command in COMMANDS {
        let ran = fed(&[command, "-"], sheet.as_bytes());
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(!ran.out.contains('\u{1b}'), "{command} prints an escape");
    }
}

#[test]
fn titles_do_not_break_out_of_their_line() {
    let sheet = SMALL.replace("id = \"s\"", "id = \"s\"\ntitle = \"a\\n# b \\u001b[2J\"");
    for format in ["terminal", "markdown", "latex"] {
        let ran = fed(&["tables", "-", "--format", format], sheet.as_bytes());
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(!ran.out.contains('\u{1b}') && !ran.out.contains("\n# b"), "{format}:\n{}", ran.out);
    }
}

#[test]
fn refused_words_do_not_steer_the_terminal() {
    for arguments in [&["--only", "\u{1b}[31m1"][..], &["example", "\u{1b}[31m1"], &["\u{1b}31m"]] {
        let ran = backproof(arguments);
        assert_eq!(ran.code, 2);
        assert!(!ran.err.contains('\u{1b}'), "{arguments:?} prints an escape");
    }
}

// ---- what is printed -------------------------------------------------------------------------------

#[test]
fn no_line_is_wider_than_a_terminal() {
    for command in COMMANDS {
        for flags in [&[][..], &["--digits", "12"], &["--significant", "2"]] {
            let ran = backproof(&[&[command], flags].concat());
            for line in ran.out.lines() {
                assert!(line.width() <= 80, "{command} {flags:?}: {} columns:\n{line}", line.width());
                assert!(line.trim_end() == line, "{command}: blanks at the end of\n{line}");
            }
        }
    }
}

fn has_keys(object: &Json, keys: &[&str], place: &str) {
    for key in keys {
        assert!(object.get(key).is_some(), "{place} has no {key}: {object}");
    }
}

/// The nesting of a decimal is that of the exact value.
fn same_nesting(exact: &Json, decimal: &Json) -> bool {
    match (exact, decimal) {
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_nesting(a, b))
        }
        (Json::Array(_), _) | (_, Json::Array(_)) => decimal.is_null(),
        _ => true,
    }
}

#[test]
fn the_json_has_the_keys_of_the_contract() {
    let report = json(&["verify", "--format", "json"]);
    has_keys(&report, &["format", "title", "questions", "notices", "summary"], "the report");
    assert_eq!(report["format"], 1);
    for question in report["questions"].as_array().unwrap() {
        has_keys(question, &["id", "kind", "rows"], "a question");
    }
    for row in rows(&report) {
        let place = row["id"].as_str().unwrap();
        has_keys(row, &["id", "label", "exact", "decimal", "status", "verdicts"], place);
        let status = row["status"].as_str().unwrap();
        assert!(["holds", "fails", "undecided", "not-run"].contains(&status), "{place}: {status}");
        assert!(same_nesting(&row["exact"], &row["decimal"]), "{place}: {row}");
        for verdict in row["verdicts"].as_array().unwrap() {
            has_keys(verdict, &["route", "outcome", "detail"], place);
            assert!(verdict["outcome"] != "holds" || verdict["strength"].is_string(), "{place}: {verdict}");
        }
        // A null has a reason, unless the number has decimals and no closed form.
        if row["exact"].is_null() && row["decimal"].is_null() {
            assert!(row["reason"].as_str().is_some_and(|r| !r.is_empty()), "{place}: no reason: {row}");
        }
    }
    assert_eq!(json(&["tables", "--format", "json"]), report, "tables print the same JSON");
    let whole = &report["summary"];
    let sum: u64 =
        ["holds", "fails", "undecided", "not-run"].iter().map(|k| whole[k].as_u64().unwrap()).sum();
    assert_eq!(whole["answers"].as_u64().unwrap(), sum);
    for text in
        report["notices"].as_array().unwrap().iter().flat_map(|n| [&n["says"], &n["read"], &n["other"]])
    {
        assert!(!text.as_str().unwrap().contains(['{', '}']), "a placeholder is left in {text}");
    }
}

/// Braces and environments of LaTeX open and close in order; escaped braces are text.
fn latex_faults(text: &str) -> Option<String> {
    let (mut depth, mut open, mut dollars) = (0_i64, Vec::new(), 0);
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            b'\\' => {
                for (command, opens) in [("\\begin{", true), ("\\end{", false)] {
                    if let Some(rest) = text[i..].strip_prefix(command) {
                        let name = rest.split('}').next().unwrap();
                        if opens {
                            open.push(name);
                        } else if open.pop() != Some(name) {
                            return Some(format!("\\end{{{name}}} closes nothing"));
                        }
                    }
                }
                i += 1;
            }
            // A comment ends with its line.
            b'%' => i += text[i..].find('\n').unwrap_or(text.len()),
            b'{' => depth += 1,
            b'}' => depth -= 1,
            b'$' => dollars += 1,
            _ => {}
        }
        if depth < 0 {
            return Some(format!("a brace too many at byte {i}"));
        }
        i += 1;
    }
    let left = text.matches("\\left").count() - text.matches("\\leftarrow").count();
    let right = text.matches("\\right").count() - text.matches("\\rightarrow").count();
    (depth != 0 || !open.is_empty() || dollars % 2 != 0 || left != right)
        .then(|| format!("{depth} braces, {open:?}, {dollars} dollars, {left} left, {right} right"))
}

#[test]
fn latex_is_balanced() {
    assert!(latex_faults("\\begin{a}{\\{}\\end{b}").is_some() && latex_faults("{").is_some());
    assert!(latex_faults("\\begin{a}{\\{}$x$\\end{a}").is_none());
    let ran = backproof(&["tables", "--format", "latex"]);
    assert_eq!(ran.code, 0);
    assert_eq!(latex_faults(&ran.out), None, "{}", ran.out);
    assert!(ran.out.contains("\\begin{tabular}"), "{}", ran.out);
    assert!(ran.out.is_ascii(), "characters beyond ASCII: {:?}", ran.out.chars().find(|c| !c.is_ascii()));
    // Names of a sheet cannot break out of the table.
    let sheet = SMALL.replace("id = \"s\"", "id = \"s_1\"\ntitle = \"100% of $5 & {more} \\\\ ~^#_\"");
    let ran = fed(&["tables", "--format", "latex", "-"], sheet.as_bytes());
    assert_eq!(latex_faults(&ran.out), None, "{}", ran.out);
}

#[test]
fn csv_has_one_width_and_a_line_a_row() {
    let ran = backproof(&["tables", "--format", "csv"]);
    assert_eq!(ran.code, 0);
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(ran.out.as_bytes());
    let lines: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(lines.len(), rows(&json(&["verify", "--format", "json"])).len());
}

#[test]
fn markdown_tables_have_one_width() {
    let ran = backproof(&["tables", "--format", "markdown"]);
    assert_eq!(ran.code, 0);
    let mut width = None;
    for line in ran.out.lines() {
        if !line.starts_with('|') {
            width = None;
            continue;
        }
        let cells = line.replace("\\|", "").matches('|').count();
        assert_eq!(*width.get_or_insert(cells), cells, "{line}");
    }
}

#[test]
fn screens_are_as_they_were_reviewed() {
    let shown = |arguments: &[&str]| {
        let ran = backproof(arguments);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{arguments:?}");
        ran.out
    };
    insta::assert_snapshot!("verify", shown(&["verify"]));
    insta::assert_snapshot!("tables-2.2-latex", shown(&["tables", "--only", "2.2", "--format", "latex"]));
    insta::assert_snapshot!("tables-2.2", shown(&["tables", "--only", "2.2"]));
    insta::assert_snapshot!("tables-1.2-latex", shown(&["tables", "--only", "1.2", "--format", "latex"]));
    insta::assert_snapshot!("tables-1.2", shown(&["tables", "--only", "1.2"]));
    insta::assert_snapshot!(
        "tables-1.2-markdown",
        shown(&["tables", "--only", "1.2", "--format", "markdown"])
    );
    insta::assert_snapshot!("explain-1.3a", shown(&["explain", "--only", "1.3a"]));
    insta::assert_snapshot!("explain-2.1", shown(&["explain", "--only", "2.1"]));
    insta::assert_snapshot!("example", shown(&["example"]));
    insta::assert_snapshot!("sheets", shown(&["sheets"]));
}

#[test]
fn the_list_of_kinds_names_them_all() {
    let ran = backproof(&["example"]);
    assert_eq!(ran.code, 0);
    for kind in KINDS {
        assert!(ran.out.contains(kind.name) && ran.out.contains(kind.title), "{}", kind.name);
    }
    assert!(ran.out.lines().all(|l| l.width() <= 80));
}

/// 15/2 + 10⁻⁷⁰ has seventy decimals; with fewer it would be another number, printed as if it were exact.
#[test]
fn a_finite_decimal_is_never_cut() {
    let sheet = "[[question]]\nid = \"1\"\nkind = \"gradient-descent\"\naccuracy = 1\nstep = \"1/L\"\n\
                 objective = \"(x - 7.5 - 1e-70)^2 + (y - 0.05)^2\"\nstart = { x = 1, y = 1 }\n";
    let whole = format!("7.5{}1", "0".repeat(68));
    for command in [&["tables"][..], &["tables", "--format", "latex"], &["tables", "--format", "markdown"]] {
        let ran = fed(&[command, &["-", "--digits", "100"]].concat(), sheet.as_bytes());
        assert_eq!(ran.code, 0, "{}", ran.err);
        let row = ran.out.lines().find(|line| line.contains("minimiser")).unwrap();
        assert!(!row.contains("(8") && !row.contains("---"), "{command:?}: {row}");
        assert!(!command.contains(&"latex") || row.contains(&whole), "{command:?}: {row}");
    }
}

#[test]
fn a_rounded_bound_is_not_said_to_be_equal() {
    let sheet = "[[question]]\nid = \"1\"\nkind = \"gradient-descent\"\naccuracy = 1e-3\nstep = \"2/(m+L)\"\n\
                 objective = \"x^2 + x*y + 3*y^2 + x*z + z^2\"\nstart = { x = 1, y = -2, z = 3 }\n";
    let ran = fed(&["explain", "-"], sheet.as_bytes());
    let words = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("needs 0 < t ≤ 1/L ≈ 0.160022, and t is larger"), "{words}");
}

/// The loss after a step is known by enclosures alone, so they have to be as fine as what is printed.
#[test]
fn evidence_settles_all_the_digits_that_are_printed() {
    let sheet = "[[question]]\nid = \"1\"\nkind = \"mlp-backprop\"\ninput = [1]\ntrue_class = 0\nstep = 0.1\n\
                 [[question.layer]]\nweights = [[1], [2]]\nbias = [0, 0]\n";
    let ran = fed(&["verify", "-", "--format", "json", "--digits", "300"], sheet.as_bytes());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let report: Json = serde_json::from_str(&ran.out).unwrap();
    let all = rows(&report);
    let row = all.iter().find(|r| r["id"] == "1.J-next").unwrap();
    let verdicts = row["verdicts"].as_array().unwrap();
    assert!(verdicts.iter().all(|v| v["digits"].as_u64().unwrap() >= 300), "{verdicts:?}");
}

#[test]
fn a_long_whole_number_is_exact() {
    let sheet = "[[question]]\nid = \"1\"\nkind = \"gradient-descent\"\naccuracy = 1e-7\nstep = \"1/L\"\n\
                 objective = \"x^2 + 4*y^2\"\nstart = { x = 1e20, y = 1 }\n";
    let ran = fed(&["verify", "-"], sheet.as_bytes());
    // Over as many lines as it takes, but every digit of it.
    let rows = ran.out.lines().skip_while(|line| !line.contains("k, convex bound"));
    let rows = rows.take_while(|line| !line.contains("k, strongly convex"));
    let value = |row: &str| row.replace("+1", "").chars().filter(char::is_ascii_digit).collect::<String>();
    let digits: String = rows.map(value).collect();
    assert_eq!(digits, "400000000000000000000000000000000000000040000000");
}
