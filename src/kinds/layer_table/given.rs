//! The fields of a layer table live here: networks by name or in arrow notation, with errors at their place. Nothing
//! is counted.

use crate::net::{self, NetError, Network};
use crate::sheet::{Entry, Field, FieldType, Located, Sheet, SheetError, listed, nearest, shown};

/// The fields of an entry.
pub(super) const FIELDS: &[Field] = &[
    Field::required(
        "network",
        FieldType::Network,
        "\"Input(28x28x1) -> Conv(16, 5x5) -> Linear(10)\"",
        "the network of the table",
    ),
    Field::optional(
        "compare",
        FieldType::Network,
        "\"Input(784) -> Linear(256) -> Linear(10)\"",
        "a second network, whose total is set against the first's",
    ),
    Field::optional(
        "same_count",
        FieldType::Network,
        "\"Input(784) -> Linear(32) -> Linear(10)\"",
        "a network that should have the same total",
    ),
];

/// A network that was checked, with its name if it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its name in `[networks]`; `None` for arrow notation in the question.
    pub name: Option<String>,
    /// The network; its shapes fit.
    pub network: Network,
}

/// A layer table, and what it is set against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The network of the table.
    pub network: Named,
    /// The network that it is compared with.
    pub compare: Option<Named>,
    /// A network that should have as many parameters.
    pub same_count: Option<Named>,
}

impl Given {
    /// Reads an entry.
    ///
    /// # Errors
    /// A field that is missing or unknown, a name that is not in `[networks]`, a network whose shapes do not fit.
    pub fn read(entry: &Entry, sheet: &Sheet) -> Result<Self, SheetError> {
        let network = network(entry, sheet, &entry.text("network")?)?;
        let other = |key: &str| -> Result<Option<Named>, SheetError> {
            entry.opt_text(key)?.map(|text| self::network(entry, sheet, &text)).transpose()
        };
        let (compare, same_count) = (other("compare")?, other("same_count")?);
        entry.finish(FIELDS)?;
        Ok(Self { network, compare, same_count })
    }
}

/// The network that a text means: a name of `[networks]`, or arrow notation.
///
/// # Errors
/// An unknown name, with the nearest known one; what is wrong with the network, at its place in the sheet.
pub(in crate::kinds) fn network(
    entry: &Entry,
    sheet: &Sheet,
    text: &Located<String>,
) -> Result<Named, SheetError> {
    let arrow = text.value.contains(['(', '>', '→']) && sheet.network(&text.value).is_none();
    if !arrow {
        return named_network(entry, sheet, text);
    }
    let network = checked(&text.value).map_err(|error| {
        entry.error_at(entry.locate_in_text(text, &error.span), error.message, error.help)
    })?;
    Ok(Named { name: None, network })
}

/// The network of `[networks]` with a name.
///
/// # Errors
/// As [`network`].
pub(in crate::kinds) fn named_network(
    entry: &Entry,
    sheet: &Sheet,
    name: &Located<String>,
) -> Result<Named, SheetError> {
    let Some(found) = sheet.network(name.value.trim()) else { return Err(unknown(entry, sheet, name)) };
    let network = checked(&found.text).map_err(|error| {
        let place = sheet.source.locate_in_text(&found.text_span, &found.text, &error.span);
        SheetError::at(&sheet.source, place, error.message, error.help).also(&name.span, "asked for here")
    })?;
    Ok(Named { name: Some(found.name.clone()), network })
}

fn checked(text: &str) -> Result<Network, NetError> {
    let network = net::parse(text)?;
    net::trace(&network)?;
    Ok(network)
}

fn unknown(entry: &Entry, sheet: &Sheet, name: &Located<String>) -> SheetError {
    let names: Vec<&str> = sheet.networks.iter().map(|n| n.name.as_str()).collect();
    let arrow = "arrow notation starts with Input(…)";
    let help = match nearest(&name.value, names.iter().copied()) {
        Some(near) => format!("did you mean {}?", shown(near)),
        None if names.is_empty() => format!("the sheet has no [networks]; {arrow}"),
        None if names.len() > 10 => format!("[networks] has {} others; {arrow}", names.len()),
        None => format!("[networks] has {}; {arrow}", listed(&names)),
    };
    entry.error_at(name.span.clone(), format!("there is no network {}", shown(name.value.trim())), help)
}
