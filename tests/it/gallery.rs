//! The sheets that are built in live up to what they say: every answer holds, and those that are known from elsewhere
//! (`tests/cases/gallery.toml`) are the ones found.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use backproof::gallery::{self, SHEETS};
use backproof::sheet::Sheet;
use serde_json::Value as Json;
use unicode_width::UnicodeWidthStr;

use crate::support::{backproof, program, scratch};

/// The kind whose answers may be left out: they need a training run.
const MAY_NOT_RUN: &str = "training";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sheets")
}

/// The names of the files in `sheets/`, without their ending.
fn files() -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    entries
        .filter(|path| path.is_file())
        .map(|path| {
            assert_eq!(path.extension().unwrap(), "toml", "{}", path.display());
            path.file_stem().unwrap().to_str().unwrap().to_owned()
        })
        .collect()
}

/// What is known of each sheet.
fn known() -> BTreeMap<String, toml::Table> {
    let text = include_str!("../cases/gallery.toml");
    let table: toml::Table = text.parse().unwrap();
    table.into_iter().map(|(name, rows)| (name, rows.as_table().unwrap().clone())).collect()
}

fn as_json(value: &toml::Value) -> Json {
    match value {
        toml::Value::Array(items) => items.iter().map(as_json).collect(),
        toml::Value::Boolean(truth) => Json::Bool(*truth),
        toml::Value::String(text) => Json::String(text.clone()),
        other => panic!("{other} is neither text nor a list of it"),
    }
}

fn report(name: &str) -> Json {
    let path = folder().join(format!("{name}.toml"));
    let ran = backproof(&["verify", "--format", "json", path.to_str().unwrap()]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{name}");
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn every_answer_holds_and_the_known_ones_are_found() {
    let known = known();
    for name in files() {
        let report = report(&name);
        let mut rows = BTreeMap::new();
        for question in report["questions"].as_array().unwrap() {
            for row in question["rows"].as_array().unwrap() {
                let fits = row["status"] == "holds"
                    || (row["status"] == "not-run" && question["kind"] == MAY_NOT_RUN);
                assert!(fits, "{name}: {row}");
                rows.insert(row["id"].as_str().unwrap().to_owned(), row);
            }
        }
        let expected = known.get(&name).unwrap_or_else(|| panic!("nothing is known of {name}"));
        assert!(expected["origin"].as_str().is_some_and(|origin| !origin.is_empty()), "{name}");
        let row = |id: &str| *rows.get(id).unwrap_or_else(|| panic!("{name} has no row {id}"));
        let mut compared = 0;
        for (id, value) in expected.iter().filter(|(key, _)| !["origin", "decimals"].contains(&key.as_str()))
        {
            let value = as_json(value);
            if value == "absent" {
                assert!(row(id)["exact"].is_null() && row(id)["reason"].is_string(), "{name}: {}", row(id));
            } else {
                assert_eq!(row(id)["exact"], value, "{name}: {id}");
            }
            compared += 1;
        }
        for (id, value) in expected.get("decimals").and_then(toml::Value::as_table).into_iter().flatten() {
            assert_eq!(row(id)["decimal"], as_json(value), "{name}: {id}");
            compared += 1;
        }
        assert!(compared > 0, "nothing of {name} is compared");
    }
    let named: BTreeSet<String> = known.into_keys().collect();
    assert_eq!(named, files(), "answers without a sheet");
}

#[test]
fn every_file_is_built_in_under_its_name() {
    let listed: BTreeSet<String> = gallery::names().map(str::to_owned).collect();
    assert_eq!(listed, files());
    assert_eq!(listed.len(), SHEETS.len(), "a name is listed twice");
    for sheet in &SHEETS {
        let path = folder().join(format!("{}.toml", sheet.name));
        assert_eq!(sheet.text, std::fs::read_to_string(path).unwrap(), "{}", sheet.name);
        assert!(!Sheet::parse(sheet.source()).unwrap().title.is_empty(), "{} has no title", sheet.name);
    }
    assert_eq!(backproof::default_sheet().text, gallery::DEFAULT.source().text);
}

#[test]
fn every_sheet_says_where_its_answers_are_known_from() {
    for sheet in SHEETS.iter().filter(|sheet| sheet.name != gallery::DEFAULT.name) {
        assert!(sheet.text.starts_with("# Source"), "{}", sheet.name);
        assert!(sheet.text.contains("\n# Known answers"), "{}", sheet.name);
    }
}

#[test]
fn sheets_lists_names_titles_and_what_they_show() {
    let ran = backproof(&["sheets"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for sheet in &SHEETS {
        let title = Sheet::parse(sheet.source()).unwrap().title;
        assert!(
            ran.out.contains(&format!("{}: {title}\n    {}\n", sheet.name, sheet.shows)),
            "{}",
            sheet.name
        );
    }
    for line in ran.out.lines() {
        assert!(line.width() <= 80, "{line}");
    }
}

#[test]
fn a_sheet_is_printed_as_it_is_and_run_by_its_name() {
    for sheet in &SHEETS {
        let printed = backproof(&["sheets", sheet.name]);
        assert_eq!((printed.code, printed.out.as_str()), (0, sheet.text), "{}", sheet.name);
    }
    let path = folder().join("lenet-5.toml");
    let path = path.to_str().unwrap();
    for command in ["verify", "tables", "explain"] {
        let by_name = backproof(&[command, "lenet-5"]);
        assert_eq!((by_name.code, by_name.out), (0, backproof(&[command, path]).out), "{command}");
    }
    assert_eq!(backproof(&["lenet-5"]).out, backproof(&["verify", path]).out);
    assert_eq!(backproof(&[gallery::DEFAULT.name]).out, backproof(&[]).out);
}

#[test]
fn nothing_printed_of_a_sheet_is_wider_than_a_terminal() {
    for sheet in &SHEETS {
        for command in ["verify", "tables", "explain"] {
            let ran = backproof(&[command, sheet.name]);
            assert_eq!(ran.code, 0, "{command} {}: {}", sheet.name, ran.err);
            for line in ran.out.lines() {
                assert!(line.width() <= 80, "{command} {}:\n{line}", sheet.name);
            }
        }
    }
}

#[test]
fn a_file_goes_before_a_built_in_sheet_of_its_name() {
    let here = scratch("a-place-with-files");
    std::fs::create_dir_all(here.join("vgg-16")).unwrap();
    let own = "[[question]]\nid = \"own\"\nkind = \"attention-variance\"\nd_k = 4\n";
    std::fs::write(here.join("lenet-5"), own).unwrap();
    let run = |name: &str| {
        let output = program().current_dir(&here).args(["verify", name]).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(run("lenet-5").starts_with("own"));
    // A folder is no sheet.
    assert_eq!(run("vgg-16"), backproof(&["vgg-16"]).out);
}
