//! What a network is made of: layers as they are declared, and shapes. Nothing is computed here.

use std::ops::Range;

use crate::num::Rational;

/// A number for each spatial axis: height (rows) first, then width (columns).
pub type Axes = (u64, u64);

/// A network: what goes in, and the layers in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// The shape of one input.
    pub input: Shape,
    /// Every arrow item after `Input`.
    pub layers: Vec<Declared>,
}

/// A layer with the place of its declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// The layer.
    pub layer: Layer,
    /// Where it stands, in bytes of the arrow notation.
    pub span: Range<usize>,
    /// How it was written.
    pub text: String,
}

/// The shape of one example, without the batch axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Feature maps.
    Map {
        /// Rows.
        height: u64,
        /// Columns.
        width: u64,
        /// Feature maps.
        channels: u64,
    },
    /// A vector of n numbers.
    Flat(u64),
}

impl Shape {
    /// How many numbers it holds; `None` beyond 64 bits.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        match *self {
            Self::Map { height, width, channels } => height.checked_mul(width)?.checked_mul(channels),
            Self::Flat(n) => Some(n),
        }
    }

    /// The axis that channels or units are counted on: C of a map, n of a vector.
    #[must_use]
    pub fn features(&self) -> u64 {
        match *self {
            Self::Map { channels, .. } => channels,
            Self::Flat(n) => n,
        }
    }

    /// `[H, W, C]` or `[n]`.
    #[must_use]
    pub fn dimensions(&self) -> Vec<u64> {
        match *self {
            Self::Map { height, width, channels } => vec![height, width, channels],
            Self::Flat(n) => vec![n],
        }
    }
}

/// Zeros (for pooling: nothing) around a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Padding {
    /// As much as keeps the size at stride 1: dilation·(kernel − 1) in all, the smaller half before.
    Same,
    /// So much on either side of each axis.
    Explicit(Axes),
}

/// A layer as it is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layer {
    /// Convolution in two dimensions.
    Conv {
        /// Output channels.
        filters: u64,
        /// Kernel size.
        kernel: Axes,
        /// Step between windows.
        stride: Axes,
        /// Zeros around the map.
        padding: Padding,
        /// Distance between neighbouring kernel entries.
        dilation: Axes,
        /// Groups of channels that do not see each other.
        groups: u64,
        /// Whether each filter has a bias.
        bias: bool,
    },
    /// Largest entry of each window.
    MaxPool {
        /// Window size.
        kernel: Axes,
        /// Step between windows.
        stride: Axes,
        /// Border on either side of each axis, at most half of the kernel.
        padding: Axes,
        /// Whether a last window may hang over the end.
        ceil: bool,
    },
    /// Mean of each window.
    AvgPool {
        /// Window size.
        kernel: Axes,
        /// Step between windows.
        stride: Axes,
        /// Border on either side of each axis, at most half of the kernel.
        padding: Axes,
        /// Whether a last window may hang over the end.
        ceil: bool,
    },
    /// Mean of each channel.
    GlobalAvgPool,
    /// Largest entry of each channel.
    GlobalMaxPool,
    /// Batch normalisation with scale and shift for each channel or unit.
    BatchNorm,
    /// max(0, x)
    ReLU,
    /// Entries set to zero with probability p while training.
    Dropout {
        /// The probability, from 0 to 1.
        p: Rational,
    },
    /// A map as a vector.
    Flatten,
    /// Fully connected.
    Linear {
        /// Output units.
        units: u64,
        /// Whether each unit has a bias.
        bias: bool,
    },
}
