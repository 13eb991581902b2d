//! The layers of arrow notation as data: names, arguments, defaults, an example. Refusing unknown ones and the reference
//! come from it. Nothing is read here.

/// A layer, as it is documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LayerType {
    /// The name as it is written.
    pub name: &'static str,
    /// What it does, in a phrase.
    pub meaning: &'static str,
    /// Its arguments; those that have to be there come first and need no name.
    pub arguments: &'static [ArgumentType],
    /// How it is written, for messages and for the reference.
    pub example: &'static str,
}

/// An argument of a layer, as it is documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArgumentType {
    /// The name; one that has to be there may be given by its position.
    pub name: &'static str,
    /// What holds where it is left out; `None` where it has to be there.
    pub default: Option<&'static str>,
    /// What it is.
    pub meaning: &'static str,
}

const fn needed(name: &'static str, meaning: &'static str) -> ArgumentType {
    ArgumentType { name, default: None, meaning }
}

const fn option(name: &'static str, default: &'static str, meaning: &'static str) -> ArgumentType {
    ArgumentType { name, default: Some(default), meaning }
}

/// What stands first in a network.
pub static INPUT: LayerType = LayerType {
    name: "Input",
    meaning: "what goes in: maps `HxWxC` of C channels, or a vector of n numbers",
    arguments: &[needed("size", "`HxWxC` or `n`")],
    example: "Input(28x28x1)",
};

/// In a default, the kernel of the same layer.
pub const SAME_AS_KERNEL: &str = "kernel";

const WINDOW: &[ArgumentType] = &[
    needed("kernel", "the window, a pair"),
    option("stride", SAME_AS_KERNEL, "step between windows, a pair"),
    option("padding", "0", "a border on either side, a pair, at most half of the kernel"),
    option("ceil", "false", "whether a last window may hang over the end"),
];

/// All layers that may follow.
pub static LAYERS: [LayerType; 10] = [
    LayerType {
        name: "Conv",
        meaning: "convolution in two dimensions",
        arguments: &[
            needed("filters", "output channels"),
            needed("kernel", "size of the kernel, a pair"),
            option("stride", "1", "step between windows, a pair"),
            option("padding", "0", "zeros on either side, a pair, or `\"same\"` with stride 1"),
            option("dilation", "1", "distance between neighbouring entries of the kernel, a pair"),
            option("groups", "1", "groups of channels that do not see each other"),
            option("bias", "true", "whether each filter has a bias"),
        ],
        example: "Conv(16, 5x5)",
    },
    LayerType {
        name: "MaxPool",
        meaning: "the largest entry of each window",
        arguments: WINDOW,
        example: "MaxPool(2x2)",
    },
    LayerType {
        name: "AvgPool",
        meaning: "the mean of each window",
        arguments: WINDOW,
        example: "AvgPool(2x2)",
    },
    LayerType {
        name: "GlobalAvgPool",
        meaning: "the mean of each channel",
        arguments: &[],
        example: "GlobalAvgPool",
    },
    LayerType {
        name: "GlobalMaxPool",
        meaning: "the largest entry of each channel",
        arguments: &[],
        example: "GlobalMaxPool",
    },
    LayerType {
        name: "BatchNorm",
        meaning: "batch normalisation, with a scale γ and a shift β for each channel or unit",
        arguments: &[],
        example: "BatchNorm",
    },
    LayerType { name: "ReLU", meaning: "max(0, x)", arguments: &[], example: "ReLU" },
    LayerType {
        name: "Dropout",
        meaning: "entries set to zero at random while training",
        arguments: &[needed("p", "the probability, from 0 to 1")],
        example: "Dropout(0.2)",
    },
    LayerType { name: "Flatten", meaning: "maps as a vector", arguments: &[], example: "Flatten" },
    LayerType {
        name: "Linear",
        meaning: "fully connected; maps are flattened first, with a remark",
        arguments: &[needed("units", "output units"), option("bias", "true", "whether each unit has a bias")],
        example: "Linear(10)",
    },
];

/// The names of all layers, as they are written.
pub(super) fn names() -> Vec<&'static str> {
    LAYERS.iter().map(|layer| layer.name).collect()
}

/// The layer with a name.
pub(super) fn find(name: &str) -> Option<&'static LayerType> {
    LAYERS.iter().find(|layer| layer.name == name)
}
