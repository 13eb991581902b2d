//! What reading a sheet must give, what its errors look like, and that no text makes it panic.
#![allow(clippy::unwrap_used, clippy::panic)]

use num_bigint::BigInt;
use proptest::prelude::*;

use super::*;
use crate::num::{Rational, ratio};

const FIELDS: [Field; 2] = [
    Field::required("logits", FieldType::List { of: &NUMBER, least: 1, most: 9 }, "[1, 2]", "logits"),
    Field::optional("first_class", NUMBER, "1", "first class"),
];

const SMALL: &str = r#"title = "Small"
digits = 6

[networks]
cnn = "Input(28x28x1) -> Flatten"

[[question]]
id = "1.1"
kind = "test"
points = 3
step = 0.1
accuracy = "1e-3"
logits = [1, -2.5, "1/3", 1_000, 0xff]
weights = [[1, 2], [3, "4/6"]]
start = { x2 = 1, x1 = "2/4" }
flag = true

[[question.layer]]
name = "a"
[[question.layer]]
name = "b"

[[notice]]
about = "1.1"
"#;

fn parse(text: &str) -> Result<Sheet, SheetError> {
    Sheet::parse(Source::new("sheet.toml", text))
}

fn question(fields: &str) -> Entry {
    let text = format!("[[question]]\nid = \"1.1\"\nkind = \"test\"\n{fields}\n");
    parse(&text).unwrap().questions.remove(0)
}

fn rendered<T: std::fmt::Debug>(result: Result<T, SheetError>) -> String {
    result.unwrap_err().render(false)
}

#[test]
fn a_sheet_reads_in_order_and_exactly() {
    let sheet = parse(SMALL).unwrap();
    assert_eq!((sheet.title.as_str(), sheet.digits), ("Small", 6));
    let network = sheet.network("cnn").unwrap();
    assert_eq!(network.text, "Input(28x28x1) -> Flatten");
    assert_eq!(sheet.source.slice(&network.text_span), "\"Input(28x28x1) -> Flatten\"");
    assert_eq!(sheet.source.slice(&network.name_span), "cnn");
    let q = &sheet.questions[0];
    assert_eq!((q.id.as_str(), q.kind.value.as_str(), q.digits), ("1.1", "test", 6));
    assert_eq!(q.points, Some(ratio(3, 1)));
    assert_eq!(q.number("step").unwrap().value, ratio(1, 10));
    assert_eq!(q.number("accuracy").unwrap().value, ratio(1, 1000));
    let logits: Vec<Rational> = q.numbers("logits").unwrap().value.into_iter().map(|l| l.value).collect();
    assert_eq!(logits, [ratio(1, 1), ratio(-5, 2), ratio(1, 3), ratio(1000, 1), ratio(255, 1)]);
    let weights = q.matrix("weights").unwrap().value;
    assert_eq!(weights, [[ratio(1, 1), ratio(2, 1)], [ratio(3, 1), ratio(2, 3)]]);
    let start = q.number_table("start").unwrap();
    let names: Vec<&str> = start.iter().map(|(key, _)| key.name.as_str()).collect();
    assert_eq!(names, ["x2", "x1"]);
    assert_eq!(start[1].1.value, ratio(1, 2));
    assert!(q.bool_or("flag", false).unwrap());
    let layers = q.tables("layer").unwrap();
    assert_eq!(layers[1].what(), "layer 2 of question 1.1");
    assert_eq!(layers[1].text("name").unwrap().value, "b");
    assert_eq!(q.finish(&[]), Ok(()));
    assert_eq!(sheet.notices[0].text("about").unwrap().value, "1.1");
}

#[test]
fn line_ends_and_a_byte_order_mark_make_no_difference() {
    let windows = format!("\u{feff}{}", SMALL.replace('\n', "\r\n"));
    let sheet = parse(&windows).unwrap();
    assert_eq!(sheet.questions[0].number("step").unwrap().value, ratio(1, 10));
}

#[test]
fn constants_are_read_exactly() {
    let ten = BigInt::from(10);
    let cases = [
        ("1/3", ratio(1, 3)),
        ("-2/5", ratio(-2, 5)),
        ("0.5", ratio(1, 2)),
        ("2/4", ratio(1, 2)),
        (" 1 / 3 ", ratio(1, 3)),
        ("1.5/0.5", ratio(3, 1)),
        ("+1_000.25", ratio(4001, 4)),
        (".5", ratio(1, 2)),
        ("-0", ratio(0, 1)),
        ("0e1000", ratio(0, 1)),
        ("1E+2", ratio(100, 1)),
        ("1e-9", Rational::new(BigInt::from(1), ten.pow(9))),
        ("1e-1000", Rational::new(BigInt::from(1), ten.pow(1000))),
    ];
    for (text, value) in cases {
        assert_eq!(parse_constant(text), Ok(value), "{text}");
    }
}

#[test]
fn what_is_not_a_constant_says_what_to_write() {
    let cases = [
        ("", "an empty text is not a number", "write an integer"),
        ("−1", "`−1` has a typographic minus sign", "write -"),
        ("nan", "`nan` is not an exact number", "write an integer"),
        ("-Inf", "`-Inf` is not an exact number", "write an integer"),
        ("1/2/3", "more than one `/`", "write an integer"),
        ("1/0", "`1/0` divides by zero", "other than 0"),
        ("1/-3", "sign after the `/`", "sign in front"),
        ("0,5", "`0,5` is not an exact constant", "as `.`"),
        ("50%", "`50%` is not an exact constant", "percentage"),
        ("1__0", "is not an exact constant", "write an integer"),
        ("_1", "is not an exact constant", "write an integer"),
        ("1e", "is not an exact constant", "write an integer"),
        (".", "is not an exact constant", "write an integer"),
        ("--1", "is not an exact constant", "write an integer"),
        ("1/", "is not an exact constant", "write an integer"),
        ("sqrt(2)", "is not an exact constant", "write an integer"),
        ("1e1001", "the exponent is beyond 1000", "between -1000 and 1000"),
        ("1e-99999999999999999999", "the exponent is beyond 1000", "between"),
    ];
    for (text, message, help) in cases {
        let fault = parse_constant(text).unwrap_err();
        assert!(fault.message.contains(message), "{text}: {}", fault.message);
        assert!(fault.help.contains(help), "{text}: {}", fault.help);
    }
    let long = "1".repeat(MAX_DIGITS + 1);
    assert!(parse_constant(&long).unwrap_err().message.contains("more than 1000 digits"));
}

#[test]
fn a_lacking_field_shows_the_question_and_an_example() {
    let text = rendered(question("").numbers("logits"));
    assert_eq!(
        text,
        r#"
  × question 1.1 lacks `logits`
   ╭─[sheet.toml:1:1]
 1 │ [[question]]
   · ────────────
 2 │ id = "1.1"
   ╰────
  help: add it, for example logits = [1, -0.5, "1/3"]
"#
        .trim_start_matches('\n')
    );
}

#[test]
fn a_misspelt_neighbour_is_taken_for_the_lacking_field() {
    let text = rendered(question("logit = [1]").numbers("logits"));
    assert!(text.contains("`logit` is not a field of question 1.1; did you mean `logits`?"), "{text}");
    assert!(text.contains("sheet.toml:4:1"), "{text}");
    assert!(text.contains("· ─────"), "{text}");
}

#[test]
fn a_field_that_nobody_read_is_refused_with_a_suggestion() {
    let entry = question("logits = [1]\nfirst_clas = 1");
    entry.numbers("logits").unwrap();
    let text = rendered(entry.finish(&FIELDS));
    assert!(text.contains("`first_clas` is not a field of question 1.1"), "{text}");
    assert!(text.contains("did you mean `first_class`? its fields are `logits`, `first_class`"), "{text}");
}

#[test]
fn a_ragged_matrix_names_both_lengths() {
    let text = rendered(question("w = [[1, 2],\n[1]]").matrix("w"));
    assert!(text.contains("row 1 has 2 entries"), "{text}");
    assert!(text.contains("sheet.toml:5:1"), "{text}");
}

#[test]
fn wrong_values_are_named_with_their_field() {
    let entry = question(
        "a = true\nb = nan\nc = 0\nd = 1.5\ne = []\nf = [1, \"x\"]\ng = 3\nh = \"−1\"\ni = [[]]\nj = { x = true }",
    );
    let cases = [
        (rendered(entry.number("a")), "`a` of question 1.1 wants a number, not true or false"),
        (rendered(entry.number("b")), "`b` of question 1.1: `nan` is not an exact number"),
        (rendered(entry.count("c", 10)), "`c` of question 1.1 wants an integer from 1 to 10, not `0`"),
        (rendered(entry.whole("d", 10)), "wants an integer from 0 to 10, not `1.5`"),
        (rendered(entry.numbers("e")), "`e` of question 1.1 is empty"),
        (rendered(entry.numbers("f")), "`f[2]` of question 1.1: `x` is not an exact constant"),
        (rendered(entry.text("g")), "`g` of question 1.1 wants a text, not a number"),
        (rendered(entry.number("h")), "typographic minus sign"),
        (rendered(entry.matrix("i")), "`row 1 of i` of question 1.1 is empty"),
        (rendered(entry.number_table("j")), "`j.x` of question 1.1 wants a number, not true or false"),
        (rendered(entry.tables("g")), "`g` of question 1.1 wants a list of tables, not a number"),
        (rendered(entry.table("g")), "`g` of question 1.1 wants a table, not a number"),
    ];
    for (text, wanted) in cases {
        let flat = text.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
        assert!(flat.contains(wanted), "{wanted}\n{text}");
        assert!(text.contains("help:"), "{text}");
        assert!(text.contains("sheet.toml:"), "{text}");
    }
}

#[test]
fn the_sheet_itself_is_checked() {
    let q = "[[question]]\nid = \"1\"\nkind = \"k\"\n";
    let long_id = format!("[[question]]\nid = \"{}\"\nkind = \"k\"", "x".repeat(65));
    let many = q.repeat(MAX_QUESTIONS + 1);
    let cases = [
        (String::from("titel = \"x\"\n") + q, "`titel` is not a field of the sheet"),
        (String::from("titel = \"x\"\n") + q, "did you mean `title`?"),
        (String::new(), "has no questions"),
        (String::from("title = \"x\""), "[[question]]"),
        (format!("{q}{q}"), "the id `1` is used twice"),
        (String::from("[question]\nid = \"1\""), "[question] starts a single table"),
        (String::from("[[question]]\nkind = \"k\""), "question number 1 lacks `id`"),
        (String::from("[[question]]\nid = \"1\""), "question 1 lacks `kind`"),
        (String::from("[[question]]\nid = \"1 2\"\nkind = \"k\""), "holds a space"),
        (String::from("[[question]]\nid = \"\"\nkind = \"k\""), "must not be empty"),
        (long_id, "longer than 64 characters"),
        (format!("{q}points = 0"), "not positive"),
        (format!("{q}digits = 1001"), "an integer from 0 to 1000"),
        (format!("digits = -1\n{q}"), "an integer from 0 to 1000"),
        (format!("{q}when = 1979-05-27"), "a date has no meaning"),
        (format!("{q}x = [1, 2"), "this is not TOML"),
        (format!("{q}x = “text”"), "write straight ones"),
        (format!("{q}x = −1"), "the minus sign is a typographic one"),
        (format!("{q}x = \"abc\ny = 1"), "close the text with a quotation mark"),
        (format!("{q}id = \"2\""), "duplicate key"),
        (format!("networks = 3\n{q}"), "wants a table, not a number"),
        (format!("[networks]\ncnn = 3\n{q}"), "the network `cnn` is not a text but a number"),
        (String::from("question = [1]\n"), "wants tables, not a number"),
        (many, "more than 1000 questions"),
        (format!("x = {}{}", "[".repeat(40), "]".repeat(40)), "deeper than 32"),
        ("# ".to_owned() + &"x".repeat(1 << 20), "larger than 1048576 bytes"),
    ];
    for (text, wanted) in cases {
        let shown = rendered(parse(&text));
        assert!(shown.contains(wanted), "{wanted}\n{shown}");
    }
}

#[test]
fn the_deepest_nesting_that_toml_lets_through_is_refused_without_harm() {
    // Headers, dotted keys and inline tables each have a limit of their own, and the limits multiply.
    let path = vec!["a"; 79].join(".");
    let mut value = String::from("1");
    for _ in 0..78 {
        value = format!("{{ {path} = {value} }}");
    }
    let text = format!("[{path}]\n{path} = {value}\n");
    assert!(parse(&text).is_err());
    let dotted = format!("{} = 1", vec!["a"; 400_000].join("."));
    assert!(parse(&dotted).is_err());
}

#[test]
fn long_lines_and_control_characters_are_drawn_harmlessly() {
    let padding = "1, ".repeat(5000);
    let text = rendered(question(&format!("w = [{padding}true, {padding} 2]")).numbers("w"));
    assert!(text.contains("wants a number, not true or false"), "{text}");
    assert!(text.len() < 2000 && text.contains("true"), "{text}");
    let text = rendered(parse("title = \"\u{1b}[31m\u{202e}\""));
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
}

#[test]
fn other_readings_replace_fields_and_forget_what_was_read() {
    let entry = question("step = 1\nother = 2");
    entry.number("step").unwrap();
    entry.number("other").unwrap();
    let step = entry.node("other").unwrap().clone();
    let key = Key { name: String::from("step"), span: step.span.clone() };
    let copy = entry.with_fields(&[(key, step)]);
    assert!(copy.finish(&[]).is_err());
    assert_eq!(copy.number("step").unwrap().value, ratio(2, 1));
    assert_eq!((copy.id.as_str(), copy.kind.value.as_str()), ("1.1", "test"));
    copy.number("other").unwrap();
    assert_eq!(copy.finish(&[]), Ok(()));
}

#[test]
fn places_inside_a_text_are_found() {
    let texts = [
        "n = \"one -> two\"",
        "n = 'one -> two'",
        "n = \"\"\"\none -> two\"\"\"",
        "n = \"\"\"\none ->\n two\"\"\"",
        "n = '''\r\none ->\r\n two'''",
    ];
    for fields in texts {
        let entry = question(fields);
        let text = entry.text("n").unwrap();
        let at = text.value.find("two").unwrap();
        let place = entry.locate_in_text(&text, &(at..at + 3));
        assert_eq!(entry.source().slice(&place), "two", "{fields:?}");
        let end = text.value.len();
        let place = entry.locate_in_text(&text, &(end..end));
        assert!(place.is_empty() && place.start < text.span.end, "{fields:?}");
    }
    let entry = question("n = \"one\\ttwo\"");
    let text = entry.text("n").unwrap();
    assert_eq!(entry.locate_in_text(&text, &(4..7)), text.span);
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let folder = std::env::temp_dir().join(format!("backproof-sheet-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = |name: &str| folder.join(name);
    std::fs::write(path("empty"), "").unwrap();
    std::fs::write(path("latin"), b"title = \"caf\xe9\"").unwrap();
    std::fs::write(path("large"), vec![b'#'; (MAX_SHEET_BYTES + 1) as usize]).unwrap();
    std::fs::write(path("good"), SMALL).unwrap();
    assert!(rendered(Source::read(path("none"))).contains("there is no file"));
    assert!(rendered(Source::read(&folder)).contains("is a folder"));
    assert!(rendered(Source::read(path("empty"))).contains("is empty"));
    assert!(Source::read(path("latin")).unwrap_err().message().contains("not UTF-8: byte 12"));
    assert!(Source::read(path("large")).unwrap_err().message().contains("larger than 1048576 bytes"));
    assert!(Sheet::parse(Source::read(path("good")).unwrap()).is_ok());
    std::fs::remove_dir_all(&folder).unwrap();
}

fn read_everything(sheet: &Sheet) -> String {
    let mut log = String::new();
    let mut keep = |error: Option<SheetError>| {
        if let Some(error) = error {
            log.push_str(&error.render(true));
        }
    };
    for entry in sheet.questions.iter().chain(&sheet.notices) {
        for (key, _) in entry.clone().fields() {
            let key = key.name.as_str();
            keep(entry.text(key).err());
            keep(entry.texts(key).err());
            keep(entry.number(key).err());
            keep(entry.count(key, 10).err());
            keep(entry.numbers(key).err());
            keep(entry.matrix(key).err());
            keep(entry.number_table(key).err());
            keep(entry.table(key).err());
            keep(entry.tables(key).err());
            keep(entry.bool_or(key, true).err());
        }
        keep(entry.finish(&FIELDS[..1]).err());
    }
    log
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,80}") {
        let _ = parse(&text).map(|sheet| read_everything(&sheet)).map_err(|error| error.render(false));
        let _ = parse_constant(&text);
    }

    #[test]
    fn no_mutation_of_a_sheet_makes_it_panic(
        at in 0..SMALL.len(), cut in 0usize..12, insert in "[\\[\\]{}=\"'.,0-9a-z\n\r\t−é\u{1b}]{0,6}",
    ) {
        let mut text = SMALL.to_owned();
        text.replace_range(at..(at + cut).min(SMALL.len()), &insert);
        let _ = parse(&text).map(|sheet| read_everything(&sheet)).map_err(|error| error.render(false));
    }

    #[test]
    fn a_decimal_is_its_digits_over_a_power_of_ten(whole in 0u32..100_000, part in 0u32..1000, e in -20i32..20) {
        let value = parse_constant(&format!("-{whole}.{part:03}e{e}")).unwrap();
        let mantissa = Rational::from_integer(BigInt::from(u64::from(whole) * 1000 + u64::from(part)));
        let ten = Rational::from_integer(BigInt::from(10));
        prop_assert_eq!(value, -mantissa * num_traits::Pow::pow(ten, e - 3));
    }
}
