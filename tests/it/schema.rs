//! What the kinds say of their fields and rows is held here against what they do: the JSON Schema refuses what the
//! program refuses, as far as a schema can see, and nothing else; each field is read, each default is the one that holds,
//! each row is documented; the reference that stands in `docs` is the one that is printed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use backproof::kinds::{self, KINDS, Kind};
use backproof::net;
use backproof::pipeline;
use backproof::schema;
use backproof::sheet::{
    COMMON_FIELDS, Field, FieldType, NOTICE_FIELDS, Sheet, Source, TOP_FIELDS, parse_constant,
};
use jsonschema::Validator;
use serde_json::Value;
use toml::Table;

use crate::support::{backproof, sources};

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(&schema::json()).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

/// A sheet as editors see it.
fn as_json(sheet: &str) -> Value {
    toml::from_str(sheet.trim_start_matches('\u{feff}')).unwrap()
}

fn complaint(validator: &Validator, sheet: &str) -> Option<String> {
    validator.validate(&as_json(sheet)).err().map(|error| format!("{}: {error}", error.instance_path()))
}

/// What the program says of a sheet that is only read, not solved.
fn refusal(sheet: &str) -> Option<String> {
    let read = || {
        let sheet = Sheet::parse(Source::new("sheet", sheet))?;
        for entry in &sheet.questions {
            let kind = kinds::find(&entry.kind.value).unwrap();
            (kind.given)(entry, &sheet)?;
            entry.finish(kind.fields)?;
        }
        Ok::<(), backproof::sheet::SheetError>(())
    };
    read().err().map(|error| error.render(false))
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let all = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = all.filter(|p| p.extension().is_some_and(|e| e == "toml")).collect();
    files.sort();
    files
}

/// A TOML value.
fn value(toml: &str) -> toml::Value {
    let table: Table = toml::from_str(&format!("value = {toml}")).unwrap_or_else(|e| panic!("{toml}: {e}"));
    table["value"].clone()
}

/// The example of a kind, once for each question in it, with that question alone.
fn examples(kind: &Kind) -> Vec<Table> {
    let whole: Table = toml::from_str(kind.example).unwrap();
    let questions = whole["question"].as_array().unwrap().clone();
    let alone = |question: toml::Value| {
        let mut sheet = whole.clone();
        sheet.insert("question".into(), toml::Value::Array(vec![question]));
        sheet
    };
    questions.into_iter().map(alone).collect()
}

/// The same sheet with a change of its first question.
fn changed(sheet: &Table, change: impl FnOnce(&mut Table)) -> String {
    let mut sheet = sheet.clone();
    change(sheet["question"][0].as_table_mut().unwrap());
    toml::to_string(&sheet).unwrap()
}

/// The examples of some fields as a table, one of them with a value of its own.
fn table_of<'a>(fields: impl Iterator<Item = &'a Field>, own: Option<(&Field, toml::Value)>) -> toml::Value {
    let mut table: Table = fields.map(|field| (field.name.into(), value(field.example))).collect();
    if let Some((field, value)) = own {
        table.insert(field.name.into(), value);
    }
    toml::Value::Table(table)
}

/// Values that use a field: its example; of a table, what is required with each of its fields; of a list of tables, one
/// with everything and one with what is required.
fn uses(field: &Field) -> Vec<toml::Value> {
    let mut all = vec![value(field.example)];
    match field.takes {
        FieldType::Table(fields) => {
            let required = || fields.iter().filter(|inner| inner.required);
            for inner in fields {
                all.extend(uses(inner).into_iter().map(|used| table_of(required(), Some((inner, used)))));
            }
        }
        FieldType::Tables { fields, .. } => {
            let last = table_of(fields.iter().filter(|inner| inner.required), None);
            for inner in fields {
                let first = uses(inner).into_iter().map(|used| table_of(fields.iter(), Some((inner, used))));
                all.extend(first.map(|first| toml::Value::Array(vec![first, last.clone()])));
            }
        }
        _ => {}
    }
    all
}

#[test]
fn sheets_that_are_in_order_are_in_order_for_the_schema() {
    let validator = validator();
    let shown = files("sheets").into_iter().map(|p| Source::read(&p).unwrap());
    for source in sources().into_iter().chain(shown) {
        assert_eq!(complaint(&validator, &source.text), None, "{}", source.name);
    }
}

#[test]
fn every_field_is_read_and_known_to_the_schema() {
    let validator = validator();
    for kind in KINDS {
        for field in kind.fields.iter().chain(COMMON_FIELDS.iter().filter(|f| f.name != "kind")) {
            for used in uses(field) {
                let sheets: Vec<String> = examples(kind)
                    .iter()
                    .map(|sheet| changed(sheet, |q| drop(q.insert(field.name.into(), used.clone()))))
                    .collect();
                let said: Vec<_> = sheets.iter().map(|sheet| refusal(sheet)).collect();
                assert!(said.contains(&None), "{}.{} = {used}: {said:?}", kind.name, field.name);
                for (sheet, said) in sheets.iter().zip(said) {
                    assert!(said.is_some() || complaint(&validator, sheet).is_none(), "{sheet}");
                }
            }
        }
    }
}

#[test]
fn every_field_of_a_sheet_and_of_a_notice_is_read() {
    let validator = validator();
    let question = TOP_FIELDS.iter().find(|f| f.takes == FieldType::Questions).unwrap();
    for field in TOP_FIELDS {
        let mut sheet = Table::new();
        sheet.insert(question.name.into(), value(question.example));
        sheet.insert(field.name.into(), value(field.example));
        let sheet = toml::to_string(&sheet).unwrap();
        assert_eq!(refusal(&sheet), None, "{sheet}");
        assert_eq!(complaint(&validator, &sheet), None, "{sheet}");
    }
    let needed = NOTICE_FIELDS.iter().filter(|f| f.required || f.name == "question");
    let needed: String = needed.map(|f| format!("{} = {}\n", f.name, f.example)).collect();
    for field in NOTICE_FIELDS.iter().filter(|f| !f.required && f.name != "question") {
        let sheet = format!(
            "{} = {}\n[[notice]]\n{needed}{} = {}\n",
            question.name, question.example, field.name, field.example
        );
        let read = Sheet::parse(Source::new("sheet", sheet.as_str())).unwrap();
        assert!(pipeline::examine(&read).is_ok(), "{sheet}");
        assert_eq!(complaint(&validator, &sheet), None, "{sheet}");
    }
}

#[test]
fn fields_that_nobody_documented_are_refused_by_both() {
    let validator = validator();
    for kind in KINDS {
        for sheet in examples(kind) {
            let surprise = |table: &mut Table| drop(table.insert("surprise".into(), 1.into()));
            let mut faults = vec![changed(&sheet, surprise)];
            for field in kind.fields {
                if matches!(field.takes, FieldType::Table(_) | FieldType::Tables { .. }) {
                    faults.push(changed(&sheet, |question| {
                        question.insert(field.name.into(), value(field.example));
                        let held = &mut question[field.name];
                        surprise(if held.is_array() { &mut held[0] } else { held }.as_table_mut().unwrap());
                    }));
                }
            }
            for fault in faults {
                assert!(refusal(&fault).is_some(), "{fault}");
                assert!(complaint(&validator, &fault).is_some(), "{fault}");
            }
        }
    }
    let top = format!("surprise = 1\n{}", KINDS[0].example);
    assert!(refusal(&top).is_some() && complaint(&validator, &top).is_some());
}

#[test]
fn required_fields_are_missed_and_others_are_not() {
    let validator = validator();
    for kind in KINDS {
        for sheet in examples(kind) {
            for field in COMMON_FIELDS.iter().chain(kind.fields) {
                if sheet["question"][0].get(field.name).is_none() {
                    continue;
                }
                let without = changed(&sheet, |question| drop(question.remove(field.name)));
                if field.required {
                    assert!(complaint(&validator, &without).is_some(), "{without}");
                    assert!(refusal(&without).is_some(), "{without}");
                } else {
                    assert_eq!(complaint(&validator, &without), None, "{without}");
                    // What is left may not fit together; that nothing is lacking is asked here.
                    let said = refusal(&without).unwrap_or_default();
                    assert!(!said.contains("lacks"), "{without}{said}");
                }
            }
        }
    }
}

#[test]
fn values_of_another_type_are_refused_by_both() {
    let validator = validator();
    for kind in KINDS {
        let sheet = &examples(kind)[0];
        for field in COMMON_FIELDS.iter().chain(kind.fields).filter(|f| f.name != "kind") {
            for wrong in ["[[true]]", "{ a = [] }", "[]", "true", "\"\"", "-1"] {
                let fault = changed(sheet, |q| drop(q.insert(field.name.into(), value(wrong))));
                // What the schema refuses, the program has to refuse.
                if complaint(&validator, &fault).is_some() {
                    assert!(refusal(&fault).is_some(), "{fault}");
                }
            }
            let fault = changed(sheet, |q| drop(q.insert(field.name.into(), value("[[true]]"))));
            assert!(complaint(&validator, &fault).is_some(), "{fault}");
            assert!(refusal(&fault).is_some(), "{fault}");
        }
    }
}

#[test]
fn texts_that_are_exact_numbers_are_those_that_the_schema_takes() {
    let validator = validator();
    let sheet = &examples(kinds::find("softmax-cross-entropy").unwrap())[0];
    for text in [
        "1",
        "-1",
        "+1",
        "1/3",
        " -2/5 ",
        "1 / 3",
        "0.5",
        "1.",
        ".5",
        "1e-9",
        "1_000",
        "1.5e3/2.5",
        "1E5",
        "",
        " ",
        ".",
        "1/",
        "/3",
        "1//3",
        "1/2/3",
        "1/-3",
        "--1",
        "_1",
        "1_",
        "1__0",
        "1e",
        "e5",
        "nan",
        "inf",
        "one",
        "1,5",
        "50%",
        "−1",
        "1 2",
        "sqrt(2)",
    ] {
        let sheet = changed(sheet, |q| drop(q.insert("logits".into(), value(&format!("[{text:?}, 1, 2]")))));
        let complaint = complaint(&validator, &sheet);
        assert_eq!(parse_constant(text).is_ok(), complaint.is_none(), "{text:?}: {complaint:?}");
    }
}

#[test]
fn a_default_is_what_holds_where_a_field_is_left_out() {
    let answers = |sheet: &str| {
        let sheet = Sheet::parse(Source::new("sheet", sheet)).unwrap();
        let entry = &sheet.questions[0];
        let kind = kinds::find(&entry.kind.value).unwrap();
        (kind.given)(entry, &sheet).ok().map(|problem| format!("{:?} {:?}", problem.solve(), entry.digits))
    };
    for kind in KINDS {
        for field in kind.fields {
            let Some(default) = field.default else { continue };
            let mut seen = 0;
            for sheet in examples(kind) {
                let without = answers(&changed(&sheet, |q| drop(q.remove(field.name))));
                let with = answers(&changed(&sheet, |q| drop(q.insert(field.name.into(), value(default)))));
                // Fields that exclude each other may not be written together, not even as their default.
                let (Some(without), Some(with)) = (without, with) else { continue };
                assert_eq!(without, with, "{}.{}", kind.name, field.name);
                seen += 1;
            }
            // A class counted from 1 may not exist where classes are counted from 0.
            assert!(seen > 0 || field.name == "first_class", "{}.{} = {default}", kind.name, field.name);
        }
    }
}

/// Bad sheets that a schema has to let through: what is wrong with them is no matter of names, types and sizes.
const BEYOND_A_SCHEMA: &[&str] = &[
    "attention-variance-probabilities-short",
    "attention-variance-probabilities-sum",
    "gradient-descent-cubic",
    "gradient-descent-division-by-a-variable",
    "gradient-descent-division-by-zero",
    "gradient-descent-not-polynomial",
    "gradient-descent-numbers-long",
    "gradient-descent-objective-unfinished",
    "gradient-descent-parentheses-deep",
    "gradient-descent-parenthesis-unclosed",
    "gradient-descent-parenthesis-unopened",
    "gradient-descent-power-huge",
    "gradient-descent-sign-of-multiplication-missing",
    "gradient-descent-step-unknown-letter",
    "gradient-descent-variable-named-log",
    "gradient-descent-variable-unknown",
    "id-doubled",
    "layer-table-arrow-at-the-end",
    "layer-table-arrow-missing",
    "layer-table-conv-on-a-vector",
    "layer-table-dropout-out-of-range",
    "layer-table-groups-do-not-divide",
    "layer-table-in-a-named-network",
    "layer-table-input-missing",
    "layer-table-kernel-too-large",
    "layer-table-layer-unknown",
    "layer-table-layers-too-many",
    "layer-table-long-line",
    "layer-table-network-unknown",
    "layer-table-networks-empty",
    "layer-table-option-unknown",
    "layer-table-size-huge",
    "layer-table-stride-zero",
    "mlp-backprop-activation-missing",
    "mlp-backprop-activation-on-the-last",
    "mlp-backprop-bias-does-not-fit",
    "mlp-backprop-class-out-of-range",
    "mlp-backprop-first-weights-do-not-fit",
    "mlp-backprop-second-weights-do-not-fit",
    "mlp-backprop-weights-ragged",
    "notice-brace-unclosed",
    "notice-other-row-misspelt",
    "notice-other-without-otherwise",
    "notice-otherwise-wrong",
    "notice-question-unknown",
    "notice-row-misspelt",
    "notice-row-unknown",
    "number-digits-huge",
    "number-exponent-tiny",
    "number-fraction-of-zero",
    "softmax-cross-entropy-class-counted-from-one",
    "softmax-cross-entropy-class-out-of-range",
    "training-input-does-not-fit",
    "training-network-unknown",
    "training-outputs-do-not-fit",
    "transformer-encoder-bias-twice",
    "transformer-encoder-heads-do-not-divide",
];

#[test]
fn bad_sheets_are_refused_where_a_schema_can_see_it() {
    let validator = validator();
    let (mut refused, mut passed) = (BTreeSet::new(), BTreeSet::new());
    for path in files("tests/bad_sheets") {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        // What is not TOML at all is the business of every editor.
        let Ok(sheet) = toml::from_str::<Value>(&text) else { continue };
        if validator.is_valid(&sheet) {
            passed.insert(name)
        } else {
            refused.insert(name)
        };
    }
    let listed: BTreeSet<String> = BEYOND_A_SCHEMA.iter().map(|name| (*name).to_owned()).collect();
    let new: Vec<&String> = passed.difference(&listed).collect();
    assert!(
        new.is_empty(),
        "the schema takes {new:?}: say more of the field, or name them in BEYOND_A_SCHEMA"
    );
    let gone: Vec<&String> = listed.difference(&passed).collect();
    assert!(
        gone.is_empty(),
        "BEYOND_A_SCHEMA names {gone:?}, which the schema refuses or which are not there"
    );
    assert!(refused.len() >= 50, "only {refused:?}");
}

#[test]
fn every_row_is_documented_and_every_documented_row_is_there() {
    let mut missing: BTreeSet<(&str, &str)> =
        KINDS.iter().flat_map(|kind| kind.rows.iter().map(|(id, _)| (kind.name, *id))).collect();
    for source in sources() {
        let name = source.name.clone();
        for question in pipeline::examine(&Sheet::parse(source).unwrap()).unwrap().questions {
            let kind = kinds::find(question.kind).unwrap();
            for row in &question.rows {
                let Some((id, meaning)) = kind.row(&row.row.id) else {
                    panic!("{name}: {} is not among the rows of {}", row.row.id, kind.name);
                };
                assert!(meaning.len() > 2, "{id}: {meaning:?}");
                missing.remove(&(kind.name, id));
            }
        }
    }
    assert!(missing.is_empty(), "no sheet has {missing:?}");
    let kind = kinds::find("mlp-backprop").unwrap();
    for id in ["layer.0.z", "layer.x.z", "layer.1", "layer.1.z.z", "layer", ""] {
        assert_eq!(kind.row(id), None, "{id}");
    }
    let id = kinds::find("training").unwrap().row("a.b.parameters").map(|(id, _)| id);
    assert_eq!(id, Some("MODEL.parameters"));
}

#[test]
fn layers_are_read_as_they_are_documented() {
    let read =
        |layer: &str| net::parse(&format!("Input(28x28x1) -> {layer}")).map(|n| n.layers[0].layer.clone());
    assert!(net::parse(net::INPUT.example).is_ok());
    for layer in &net::LAYERS {
        let plain = read(layer.example).unwrap();
        let (name, inside) =
            layer.example.trim_end_matches(')').split_once('(').unwrap_or((layer.example, ""));
        assert_eq!(name, layer.name);
        let given: Vec<&str> = inside.split(", ").filter(|argument| !argument.is_empty()).collect();
        let needed = layer.arguments.iter().filter(|argument| argument.default.is_none());
        assert_eq!(given.len(), needed.count(), "{name}: what has to be there is what its example gives");
        for argument in layer.arguments {
            let Some(default) = argument.default else { continue };
            let default = if default == net::SAME_AS_KERNEL { given[0] } else { default };
            let written = format!("{name}({inside}, {}={default})", argument.name);
            assert_eq!(read(&written).unwrap(), plain, "{written}");
        }
        for at in 0..given.len() {
            assert!(read(&format!("{name}({})", given[..at].join(", "))).is_err(), "{name} without {at}");
        }
        let more = if inside.is_empty() { "surprise=1".to_owned() } else { format!("{inside}, surprise=1") };
        assert!(read(&format!("{name}({more})")).is_err());
    }
}

#[test]
fn the_reference_in_docs_is_the_one_that_is_printed() {
    let printed = backproof(&["schema", "--format", "markdown"]);
    assert_eq!((printed.code, printed.out.as_str()), (0, schema::reference().as_str()));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sheet-reference.md");
    if std::env::var_os("BACKPROOF_BLESS").is_some() {
        std::fs::write(&path, &printed.out).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    let first = kept.lines().zip(printed.out.lines()).find(|(kept, printed)| kept != printed);
    assert!(
        kept == printed.out,
        "docs/sheet-reference.md is not what the kinds say: {first:?}\n\
         cargo run -- schema --format markdown > docs/sheet-reference.md renews it"
    );
}

#[test]
fn the_schema_is_printed_by_default() {
    let printed = backproof(&["schema"]);
    assert_eq!((printed.code, printed.out.as_str()), (0, schema::json().as_str()));
}
