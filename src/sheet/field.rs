//! What a field of a sheet is, as data: name, type, default, example. Refusing unknown fields, the JSON Schema and the
//! reference all come from it. Nothing is read here.

use super::{DEFAULT_DIGITS, MAX_ID, MAX_PRINTED_DIGITS, MAX_QUESTIONS};

/// A field of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// What it means, in a phrase. What its type says is not repeated.
    pub meaning: &'static str,
    /// What may stand for it.
    pub takes: FieldType,
    /// Whether it has to be there.
    pub required: bool,
    /// What holds where it is left out, as TOML; `None` where that is not one value.
    pub default: Option<&'static str>,
    /// Fields that have to be there beside it.
    pub needs: &'static [&'static str],
    /// Fields that may not be there beside it.
    pub excludes: &'static [&'static str],
    /// A value, as TOML, that fits together with the examples of the other fields or with the kind's example.
    pub example: &'static str,
}

impl Field {
    /// A field that has to be there.
    #[must_use]
    pub const fn required(
        name: &'static str,
        takes: FieldType,
        example: &'static str,
        meaning: &'static str,
    ) -> Self {
        Self { name, meaning, takes, required: true, default: None, needs: &[], excludes: &[], example }
    }

    /// A field that may be left out, without a value that then holds.
    #[must_use]
    pub const fn optional(
        name: &'static str,
        takes: FieldType,
        example: &'static str,
        meaning: &'static str,
    ) -> Self {
        Self { required: false, ..Self::required(name, takes, example, meaning) }
    }

    /// The same field with what holds where it is left out.
    #[must_use]
    pub const fn or(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    /// The same field with fields that have to be there beside it.
    #[must_use]
    pub const fn with(self, needs: &'static [&'static str]) -> Self {
        Self { needs, ..self }
    }

    /// The same field with fields that may not be there beside it.
    #[must_use]
    pub const fn without(self, excludes: &'static [&'static str]) -> Self {
        Self { excludes, ..self }
    }
}

/// What may stand for a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// A number, or an exact constant in a text.
    Number(Range),
    /// An integer within limits, both included.
    Count {
        /// The least.
        least: u64,
        /// The greatest.
        most: u64,
    },
    /// `true` or `false`.
    Boolean,
    /// Any text.
    Text,
    /// A text without spaces that is not longer than so many characters.
    Word(usize),
    /// The name of a symbol: a letter, then letters, digits and `_`, not longer than so many characters.
    Symbol(usize),
    /// One of some texts.
    OneOf(&'static [&'static str]),
    /// A name of a kind of question.
    Kind,
    /// A formula as text.
    Formula,
    /// A number, or a formula as text.
    NumberOrFormula,
    /// A name of `[networks]`, or arrow notation.
    Network,
    /// A name of `[networks]`.
    NetworkName,
    /// Arrow notation.
    ArrowNotation,
    /// A list. A word, or the name of a network, may stand in it once only.
    List {
        /// What every item is.
        of: &'static Self,
        /// How few items there may be.
        least: usize,
        /// How many items there may be.
        most: usize,
    },
    /// Rows of numbers, all of one length.
    Matrix {
        /// How many rows, and how many columns, there may be.
        most: usize,
    },
    /// A table of names that the sheet chooses.
    Named {
        /// What stands for each name.
        of: &'static Self,
        /// How few there may be.
        least: usize,
        /// How many there may be.
        most: usize,
    },
    /// A table of known fields.
    Table(&'static [Field]),
    /// A list of tables: `[[question.layer]]`.
    Tables {
        /// The fields of each.
        fields: &'static [Field],
        /// How few there may be.
        least: usize,
        /// How many there may be.
        most: usize,
    },
    /// The questions, whose fields depend on their kind.
    Questions,
    /// Some fields of one question, whatever its kind; none of [`COMMON_FIELDS`].
    FieldsOfAQuestion,
}

/// Which numbers are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// Any.
    Any,
    /// More than 0.
    Positive,
    /// 0 or more.
    NotNegative,
    /// From 0 to 1, both included.
    Probability,
    /// From 0 to below 1.
    BelowOne,
    /// So far from 0 at most, either way.
    Within(i64),
}

/// Any number.
pub const NUMBER: FieldType = FieldType::Number(Range::Any);

const DIGITS: FieldType = FieldType::Count { least: 0, most: MAX_PRINTED_DIGITS as u64 };

/// The fields of a sheet, outside of its questions and notices.
pub const TOP_FIELDS: &[Field] = &[
    Field::optional("title", FieldType::Text, "\"Homework 3\"", "the title; the file's name where left out"),
    Field::optional("digits", DIGITS, "6", "decimals that the questions ask for").or("4"),
    Field::optional(
        "networks",
        FieldType::Named { of: &FieldType::ArrowNotation, least: 0, most: MAX_QUESTIONS },
        "{ cnn = \"Input(28x28x1) -> Conv(16, 5x5) -> ReLU -> Linear(10)\" }",
        "networks with a name, for several questions",
    ),
    Field::required(
        "question",
        FieldType::Questions,
        "[{ id = \"1\", kind = \"softmax-cross-entropy\", logits = [1, 2], true_class = 1 }]",
        "the questions, each under a header `[[question]]`",
    ),
    Field::optional(
        "notice",
        FieldType::Tables { fields: NOTICE_FIELDS, least: 0, most: MAX_QUESTIONS },
        "[{ says = \"The text leaves it open.\", read = \"Read so.\" }]",
        "what the text of a problem leaves open, each under a header `[[notice]]`",
    ),
];

/// The fields that every question may have, whatever its kind.
pub const COMMON_FIELDS: &[Field] = &[
    Field::required(
        "id",
        FieldType::Word(MAX_ID),
        "\"1.1\"",
        "what rows are called by; no other question has it",
    ),
    Field::required("kind", FieldType::Kind, "\"layer-table\"", "what is asked"),
    Field::optional("title", FieldType::Text, "\"Sizes\"", "the title; the kind's where left out"),
    Field::optional("points", FieldType::Number(Range::Positive), "3", "what the question is worth"),
    Field::optional(
        "digits",
        DIGITS,
        "2",
        "decimals that this question asks for; the sheet's where left out",
    ),
];

/// The fields of a notice.
pub const NOTICE_FIELDS: &[Field] = &[
    Field::optional(
        "question",
        FieldType::Text,
        "\"1\"",
        "the id of the question that it is about; `otherwise` needs it",
    ),
    Field::required("says", FieldType::Text, "\"Nothing says where classes start.\"", "what the text says"),
    Field::required("read", FieldType::Text, "\"At 0.\"", "how this sheet reads it"),
    Field::optional(
        "otherwise",
        FieldType::FieldsOfAQuestion,
        "{ first_class = 1 }",
        "fields of the question under the other reading; it is solved and checked with them",
    )
    .with(&["question"]),
    Field::optional("other", FieldType::Text, "\"At 1 it is more.\"", "what the other reading gives"),
];

/// Names of fields, in order.
#[must_use]
pub fn field_names(fields: &[Field]) -> Vec<&'static str> {
    fields.iter().map(|field| field.name).collect()
}

// The default stands as text above.
const _: () = assert!(DEFAULT_DIGITS == 4);
