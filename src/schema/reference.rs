//! The reference of sheets in Markdown: every field and every row, kind by kind, and the layers of arrow notation. The
//! words are those of the documentation that fields, rows and layers carry.

use crate::kinds::{KINDS, Kind, MODEL};
use crate::net::{self, LayerType};
use crate::sheet::{COMMON_FIELDS, Field, FieldType, NOTICE_FIELDS, Range, TOP_FIELDS};

const HEAD: &str = "<!-- Made from what the kinds say of themselves. After a change there:\n\
    cargo run -- schema --format markdown > docs/sheet-reference.md -->\n\n\
    # Sheets: the reference\n\n\
    What may stand in a sheet, field by field and row by row. How a sheet is written\n\
    is told in [sheets.md](sheets.md); `backproof schema` prints the same for editors.\n\n\
    Numbers are exact: written as in TOML, or in a text, which may hold a quotient:\n\
    `\"1/3\"`. A field with a point in its name belongs to the table that is named\n\
    before the point.\n";

const ARROW_NOTATION: &str = "\n## Arrow notation\n\n\
    `Input` stands first, then layers joined by `->`. Arguments stand in parentheses:\n\
    first those that are required, in this order, then others as `name=value`. A pair\n\
    is `AxB`, height first; a single number means both.\n\n\
    | layer | what it does | argument | default | meaning |\n| --- | --- | --- | --- | --- |\n";

/// Columns of prose.
const WIDTH: usize = 80;

/// The reference as Markdown.
#[must_use]
pub fn reference() -> String {
    let mut out = String::from(HEAD);
    out.push_str("\n## The sheet\n\n");
    fields(&mut out, TOP_FIELDS, &[]);
    out.push_str("\n## Every question\n\nBesides the fields of its kind, a `[[question]]` has these.\n\n");
    fields(&mut out, COMMON_FIELDS, &[]);
    out.push_str("\n## Notices\n\nEach `[[notice]]` has these.\n\n");
    fields(&mut out, NOTICE_FIELDS, &[]);
    out.push_str("\n## Kinds\n\n| kind | what is asked |\n| --- | --- |\n");
    for kind in KINDS {
        out.push_str(&format!("| [`{0}`](#{0}) | {1} |\n", kind.name, kind.title));
    }
    for kind in KINDS {
        of_kind(&mut out, kind);
    }
    arrow_notation(&mut out);
    out
}

fn of_kind(out: &mut String, kind: &Kind) {
    out.push_str(&format!("\n### {}\n\n{}.\n\n", kind.name, kind.title));
    fields(out, kind.fields, &[]);
    let has = |part: &str| kind.rows.iter().any(|(id, _)| id.split('.').any(|word| word == part));
    out.push_str(match (has("N"), has(MODEL)) {
        (false, false) => "\nRows:\n\n",
        (true, _) => "\nRows, where `N` stands for 1, 2 and so on:\n\n",
        (false, true) => "\nRows, where `MODEL` stands for the name of each model:\n\n",
    });
    out.push_str("| row | answer |\n| --- | --- |\n");
    for (id, meaning) in kind.rows {
        out.push_str(&format!("| `{id}` | {} |\n", cell(meaning)));
    }
    out.push('\n');
    wrapped(out, &format!("Source: {}", kind.source));
    out.push_str(&format!("\nExample:\n\n```toml\n{}```\n", kind.example));
}

/// A table of fields; those of tables inside follow the field that holds them.
fn fields(out: &mut String, all: &[Field], path: &[&str]) {
    if path.is_empty() {
        out.push_str("| field | type | default | meaning |\n| --- | --- | --- | --- |\n");
    }
    for field in all {
        let path: Vec<&str> = path.iter().copied().chain([field.name]).collect();
        let default = match field.default {
            Some(default) => format!("`{default}`"),
            None if field.required => String::from("required"),
            None => String::new(),
        };
        out.push_str(&format!(
            "| `{}` | {} | {} | {} |\n",
            path.join("."),
            cell(&one(&field.takes)),
            cell(&default),
            cell(field.meaning)
        ));
        match field.takes {
            FieldType::Table(inner) => fields(out, inner, &path),
            FieldType::Tables { fields: inner, .. } if inner != NOTICE_FIELDS => fields(out, inner, &path),
            _ => {}
        }
    }
}

/// What one value is.
fn one(takes: &FieldType) -> String {
    match takes {
        FieldType::Number(range) => format!("number{}", within(*range)),
        FieldType::Count { least, most } => format!("integer from {least} to {}", grouped(*most)),
        FieldType::Boolean => String::from("true or false"),
        FieldType::Text => String::from("text"),
        FieldType::Word(most) => format!("text without spaces, of {most} characters at most"),
        FieldType::Symbol(most) => {
            format!("text: a letter, then letters, digits and `_`, {most} characters at most")
        }
        FieldType::OneOf(words) => quoted(words),
        FieldType::Kind => String::from("name of a kind"),
        FieldType::Formula => String::from("formula as text"),
        FieldType::NumberOrFormula => String::from("number, or formula as text"),
        FieldType::Network => String::from("name of `[networks]`, or arrow notation"),
        FieldType::NetworkName => String::from("name of `[networks]`"),
        FieldType::ArrowNotation => String::from("arrow notation"),
        FieldType::List { of, least, most } => {
            let some = if *least == 0 { "list, may be empty, of" } else { "list of" };
            format!("{some} {}, {most} at most", many(of))
        }
        FieldType::Matrix { most } => format!("list of rows of numbers, {most}×{most} at most"),
        FieldType::Named { of, most, .. } => format!("table: name = {}, {most} at most", one(of)),
        FieldType::Table(_) => String::from("table"),
        FieldType::Tables { most, .. } => format!("tables, {most} at most"),
        FieldType::Questions => String::from("tables, see below"),
        FieldType::FieldsOfAQuestion => String::from("table of fields of the question's kind"),
    }
}

/// What several values are.
fn many(takes: &FieldType) -> String {
    match takes {
        FieldType::Number(range) => format!("numbers{}", within(*range)),
        FieldType::NetworkName => String::from("names of `[networks]`"),
        other => one(other),
    }
}

fn within(range: Range) -> String {
    match range {
        Range::Any => String::new(),
        Range::Positive => String::from(" above 0"),
        Range::NotNegative => String::from(" from 0"),
        Range::Probability => String::from(" from 0 to 1"),
        Range::BelowOne => String::from(" from 0 to below 1"),
        Range::Within(limit) => {
            let limit = grouped(limit.unsigned_abs());
            format!(" from −{limit} to {limit}")
        }
    }
}

/// Digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn quoted(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

fn arrow_notation(out: &mut String) {
    out.push_str(ARROW_NOTATION);
    for layer in std::iter::once(&net::INPUT).chain(&net::LAYERS) {
        of_layer(out, layer);
    }
}

fn of_layer(out: &mut String, layer: &LayerType) {
    let head = format!("| `{}` | {} |", layer.example, cell(layer.meaning));
    if layer.arguments.is_empty() {
        out.push_str(&format!("{head} | | |\n"));
    }
    for (at, argument) in layer.arguments.iter().enumerate() {
        let head = if at == 0 { head.as_str() } else { "| | |" };
        let default = match argument.default {
            None => String::from("required"),
            Some(net::SAME_AS_KERNEL) => format!("the {}", net::SAME_AS_KERNEL),
            Some(default) => format!("`{default}`"),
        };
        out.push_str(&format!("{head} `{}` | {default} | {} |\n", argument.name, cell(argument.meaning)));
    }
}

/// Prose in lines.
fn wrapped(out: &mut String, text: &str) {
    let mut column = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > WIDTH {
            out.push('\n');
            column = 0;
        }
        if column > 0 {
            out.push(' ');
            column += 1;
        }
        // Stars and underscores stand for themselves.
        out.push_str(&word.replace('*', "\\*").replace('_', "\\_"));
        column += length;
    }
    out.push('\n');
}

/// A text inside a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
