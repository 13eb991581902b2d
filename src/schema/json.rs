//! The JSON Schema of sheets (draft 2020-12), for editors. It refuses nothing that the program accepts; what it cannot
//! see (shapes that do not fit, names that are unknown, numbers inside texts) is left to the program.
//!
//! A question is `oneOf` over the kinds, told apart by the constant `kind`: editors of TOML follow `oneOf` for
//! completions, and do not follow `if`. They also take a reference alone and skip what stands beside it, so that nothing
//! does.

use serde_json::{Map, Value, json};

use crate::kinds::{KINDS, Kind};
use crate::sheet::{COMMON_FIELDS, Field, FieldType, MAX_QUESTIONS, Range, TOP_FIELDS};

/// A decimal without its sign: digits with single underscores between them, a point, an exponent.
const DECIMAL: &str = r"(?:[0-9]+(?:_[0-9]+)*(?:\.(?:[0-9]+(?:_[0-9]+)*)?)?|\.[0-9]+(?:_[0-9]+)*)(?:[eE][+-]?[0-9]+(?:_[0-9]+)*)?";

/// The schema as text, with a line end.
#[must_use]
pub fn json() -> String {
    let mut definitions = Map::new();
    for kind in KINDS {
        definitions.insert(kind.name.to_owned(), question(kind));
    }
    let mut schema = object(TOP_FIELDS.iter(), true);
    let head = [
        ("$schema", json!("https://json-schema.org/draft/2020-12/schema")),
        ("title", json!("A sheet of backproof")),
        ("description", json!("Problems whose answers backproof finds exactly and checks.")),
    ];
    let mut whole: Map<String, Value> =
        head.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    whole.append(&mut schema);
    whole.insert("$defs".to_owned(), Value::Object(definitions));
    // Values with texts for keys always print.
    serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n"
}

/// A question of one kind.
fn question(kind: &Kind) -> Value {
    let mut schema = object(COMMON_FIELDS.iter().chain(kind.fields), true);
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        for field in COMMON_FIELDS.iter().filter(|field| field.takes == FieldType::Kind) {
            let named = json!({ "const": kind.name, "description": kind.title });
            properties.insert(field.name.to_owned(), named);
        }
    }
    schema.insert("title".to_owned(), json!(kind.name));
    schema.insert("description".to_owned(), json!(kind.title));
    Value::Object(schema)
}

/// A table of known fields; `whole` where those that are required have to be there.
fn object<'a>(fields: impl Iterator<Item = &'a Field> + Clone, whole: bool) -> Map<String, Value> {
    let required: Vec<&str> = fields.clone().filter(|field| field.required).map(|field| field.name).collect();
    let needs: Map<String, Value> = fields
        .clone()
        .filter(|field| !field.needs.is_empty())
        .map(|field| (field.name.to_owned(), json!(field.needs)))
        .collect();
    let pairs = fields.clone().flat_map(|field| field.excludes.iter().map(|other| [field.name, other]));
    let excluded: Vec<Value> = pairs.map(|pair| json!({ "required": pair })).collect();
    let properties: Map<String, Value> =
        fields.map(|field| (field.name.to_owned(), described(field))).collect();
    let mut schema = map(json!({ "type": "object", "additionalProperties": false }));
    if whole && !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema.insert("properties".to_owned(), Value::Object(properties));
    if !needs.is_empty() {
        schema.insert("dependentRequired".to_owned(), Value::Object(needs));
    }
    if !excluded.is_empty() {
        schema.insert("not".to_owned(), json!({ "anyOf": excluded }));
    }
    schema
}

fn described(field: &Field) -> Value {
    let mut schema = map(allowed(&field.takes));
    schema.insert("description".to_owned(), json!(field.meaning));
    if let Some(default) = field.default.and_then(value) {
        schema.insert("default".to_owned(), default);
    }
    if let Some(example) = value(field.example) {
        schema.insert("examples".to_owned(), json!([example]));
    }
    Value::Object(schema)
}

/// What may stand for a field.
fn allowed(takes: &FieldType) -> Value {
    match takes {
        FieldType::Number(range) => number(*range),
        FieldType::Count { least, most } => json!({
            "type": ["integer", "string"], "minimum": least, "maximum": most, "pattern": constant(),
        }),
        FieldType::Boolean => json!({ "type": "boolean" }),
        FieldType::Text
        | FieldType::Kind
        | FieldType::Network
        | FieldType::NetworkName
        | FieldType::ArrowNotation => json!({ "type": "string" }),
        FieldType::Formula => json!({ "type": "string", "minLength": 1 }),
        FieldType::NumberOrFormula => json!({ "type": ["number", "string"], "minLength": 1 }),
        FieldType::Word(most) => {
            json!({ "type": "string", "minLength": 1, "maxLength": most, "pattern": r"^\S*$" })
        }
        FieldType::Symbol(most) => {
            json!({ "type": "string", "maxLength": most, "pattern": "^[A-Za-z][A-Za-z0-9_]*$" })
        }
        FieldType::OneOf(words) => json!({ "type": "string", "enum": words }),
        FieldType::List { of, least, most } => {
            let once = matches!(of, FieldType::OneOf(_) | FieldType::NetworkName);
            let list = json!({ "type": "array", "items": allowed(of), "minItems": least, "maxItems": most });
            let mut list = map(list);
            if once {
                list.insert("uniqueItems".to_owned(), json!(true));
            }
            Value::Object(list)
        }
        FieldType::Matrix { most } => {
            let row =
                json!({ "type": "array", "items": number(Range::Any), "minItems": 1, "maxItems": most });
            json!({ "type": "array", "items": row, "minItems": 1, "maxItems": most })
        }
        FieldType::Named { of, least, most } => json!({
            "type": "object", "additionalProperties": allowed(of), "minProperties": least, "maxProperties": most,
        }),
        FieldType::Table(fields) => Value::Object(object(fields.iter(), true)),
        FieldType::Tables { fields, least, most } => {
            let items = Value::Object(object(fields.iter(), true));
            json!({ "type": "array", "items": items, "minItems": least, "maxItems": most })
        }
        FieldType::Questions => {
            let kinds: Vec<Value> =
                KINDS.iter().map(|kind| json!({ "$ref": format!("#/$defs/{}", kind.name) })).collect();
            let items = json!({ "type": "object", "oneOf": kinds });
            json!({ "type": "array", "items": items, "minItems": 1, "maxItems": MAX_QUESTIONS })
        }
        FieldType::FieldsOfAQuestion => {
            let of = |kind: &&Kind| {
                let mut schema = object(kind.fields.iter(), false);
                schema.insert("title".to_owned(), json!(kind.name));
                Value::Object(schema)
            };
            json!({ "type": "object", "anyOf": KINDS.iter().map(of).collect::<Vec<_>>() })
        }
    }
}

/// A number, or an exact constant in a text. Bounds speak of the number, the pattern of the text.
fn number(range: Range) -> Value {
    let mut schema = map(json!({ "type": ["number", "string"], "pattern": constant() }));
    let bounds = match range {
        Range::Any => json!({}),
        Range::Positive => json!({ "exclusiveMinimum": 0 }),
        Range::NotNegative => json!({ "minimum": 0 }),
        Range::Probability => json!({ "minimum": 0, "maximum": 1 }),
        Range::BelowOne => json!({ "minimum": 0, "exclusiveMaximum": 1 }),
        Range::Within(limit) => json!({ "minimum": limit.saturating_neg(), "maximum": limit }),
    };
    schema.append(&mut map(bounds));
    Value::Object(schema)
}

/// The pattern of an exact constant: a sign, a decimal, and a denominator. Signs are not held against bounds.
fn constant() -> String {
    format!(r"^\s*[+-]?{DECIMAL}\s*(?:/\s*{DECIMAL}\s*)?$")
}

/// A value that stands in the documentation as TOML.
fn value(toml: &str) -> Option<Value> {
    let mut table: Map<String, Value> = toml::from_str(&format!("value = {toml}")).ok()?;
    table.remove("value")
}

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
