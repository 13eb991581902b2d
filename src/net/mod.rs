//! Networks live here: the arrow notation ([`parse()`]), what a layer is ([`Layer`]), and what follows from a network,
//! its shapes and parameters ([`trace()`]). No weights, no data, no tables.
//!
//! ```
//! let network = backproof::net::parse("Input(28x28x1) -> Conv(16, 5x5) -> MaxPool(2x2) -> Linear(10)")?;
//! let stages = backproof::net::trace(&network)?;
//! assert_eq!(stages[0].output.to_string(), "24×24×16");
//! assert_eq!(stages[0].parameters.value().to_string(), "416");
//! # Ok::<(), backproof::net::NetError>(())
//! ```

mod arguments;
mod catalogue;
mod layer;
mod parse;
mod print;
mod trace;
mod work;

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::sheet::{SheetError, Source};

pub use catalogue::{ArgumentType, INPUT, LAYERS, LayerType, SAME_AS_KERNEL};
pub use layer::{Axes, Declared, Layer, Network, Padding, Shape};
pub use parse::parse;
pub use trace::{Axis, Remark, Stage, total_parameters, trace};
pub use work::{Parameters, SizeWork};

/// The longest arrow notation that is read, in bytes.
pub const MAX_TEXT: usize = 500_000;
/// The most layers of a network.
pub const MAX_LAYERS: usize = 10_000;
/// The largest height, width, number of channels or units, kernel, stride, padding or dilation.
pub const MAX_SIZE: u64 = 1_000_000_000;

/// What is wrong with a network, with its place in the arrow notation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NetError {
    /// Where it stands, in bytes of the arrow notation.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl NetError {
    /// An error at a place, with help.
    #[must_use]
    pub fn new(span: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: help.into() }
    }

    /// The same error at its place in a sheet, where the notation is the string `text` that stands at `text_span`.
    #[must_use]
    pub fn in_sheet(self, source: &Source, text_span: &Range<usize>, text: &str) -> SheetError {
        let place = source.locate_in_text(text_span, text, &self.span);
        SheetError::at(source, place, self.message, self.help)
    }
}
