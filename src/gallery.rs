//! The sheets that are built in live here, each under the name of its file, and the records of runs; what they mean is
//! read elsewhere.

use crate::sheet::Source;

/// A sheet that is built in.
#[derive(Debug, Clone, Copy)]
pub struct BuiltIn {
    /// What it is called: the name of its file in `sheets/`, without the ending.
    pub name: &'static str,
    /// What it shows, in a line.
    pub shows: &'static str,
    /// The sheet itself, TOML.
    pub text: &'static str,
}

impl BuiltIn {
    /// The sheet, ready to be parsed.
    #[must_use]
    pub fn source(&self) -> Source {
        Source::new(format!("the built-in sheet {}", self.name), self.text)
    }
}

/// A record of a training run that is built in.
#[derive(Debug, Clone, Copy)]
pub struct BuiltInRecord {
    /// What it is told by.
    pub name: &'static str,
    /// The record, JSON.
    pub text: &'static str,
}

/// The records that are built in: the recipe of the default sheet, by this program and by PyTorch on one machine.
pub static RECORDS: [BuiltInRecord; 2] = [
    BuiltInRecord {
        name: "the built-in record cs480-680-spring-2026-assignment-2-3",
        text: include_str!("../sheets/runs/cs480-680-spring-2026-assignment-2-3.json"),
    },
    BuiltInRecord {
        name: "the built-in record cs480-680-spring-2026-assignment-2-3-pytorch",
        text: include_str!("../sheets/runs/cs480-680-spring-2026-assignment-2-3-pytorch.json"),
    },
];

/// The sheet that is meant where none is named: CS480/680 Spring 2026, Assignment 2.
pub static DEFAULT: BuiltIn = BuiltIn {
    name: "cs480-680-spring-2026-assignment-2",
    shows: "a whole assignment, every kind of question; the sheet where none is named",
    text: include_str!("../sheets/cs480-680-spring-2026-assignment-2.toml"),
};

/// All sheets that are built in, in the order in which they are listed.
pub static SHEETS: [BuiltIn; 19] = [
    DEFAULT,
    BuiltIn {
        name: "condition-100",
        shows: "how many steps two theorems promise, how many it takes; three step sizes",
        text: include_str!("../sheets/condition-100.toml"),
    },
    BuiltIn {
        name: "boyd-quadratic",
        shows: "a known closed form of the iterates, at the step 2/(m + L)",
        text: include_str!("../sheets/boyd-quadratic.toml"),
    },
    BuiltIn {
        name: "nesterov-worst-function",
        shows: "eigenvalues with square roots, kept exact; a minimiser that is not 0",
        text: include_str!("../sheets/nesterov-worst-function.toml"),
    },
    BuiltIn {
        name: "convolution-arithmetic",
        shows: "sizes from stride, padding and dilation; a stride that leaves a rest",
        text: include_str!("../sheets/convolution-arithmetic.toml"),
    },
    BuiltIn {
        name: "lenet-5",
        shows: "61,706 parameters, whether its third convolution is dense or not",
        text: include_str!("../sheets/lenet-5.toml"),
    },
    BuiltIn {
        name: "mnist-tutorials",
        shows: "34,826 against 669,706 parameters",
        text: include_str!("../sheets/mnist-tutorials.toml"),
    },
    BuiltIn {
        name: "alexnet",
        shows: "61,100,840 parameters; overlapping pooling",
        text: include_str!("../sheets/alexnet.toml"),
    },
    BuiltIn {
        name: "vgg-16",
        shows: "138,357,544 parameters, most of them in one dense layer",
        text: include_str!("../sheets/vgg-16.toml"),
    },
    BuiltIn {
        name: "depthwise-separable",
        shows: "MobileNet's ratio 1/N + 1/9, exactly",
        text: include_str!("../sheets/depthwise-separable.toml"),
    },
    BuiltIn {
        name: "transformer-base",
        shows: "18,902,016 parameters as the paper writes it, 18,914,304 as PyTorch does",
        text: include_str!("../sheets/transformer-base.toml"),
    },
    BuiltIn {
        name: "bert-base",
        shows: "85,054,464 parameters in 12 layers; the large one beside it",
        text: include_str!("../sheets/bert-base.toml"),
    },
    BuiltIn {
        name: "gpt-2-small",
        shows: "85,056,000 parameters: 12 blocks and the last norm",
        text: include_str!("../sheets/gpt-2-small.toml"),
    },
    BuiltIn {
        name: "attention-scaling",
        shows: "dividing by √d_k gives variance 1 for signs, and not for dice",
        text: include_str!("../sheets/attention-scaling.toml"),
    },
    BuiltIn {
        name: "cs231n-softmax",
        shows: "the loss 1.04 of the notes, 2.04 of the lecture; base e or base 10",
        text: include_str!("../sheets/cs231n-softmax.toml"),
    },
    BuiltIn {
        name: "softmax-overflow",
        shows: "logits 1000 and 1001, and losses near 666 and near 0, without a float",
        text: include_str!("../sheets/softmax-overflow.toml"),
    },
    BuiltIn {
        name: "xor-relu",
        shows: "units at the kink of ReLU, where the derivative is a convention",
        text: include_str!("../sheets/xor-relu.toml"),
    },
    BuiltIn {
        name: "dead-relu",
        shows: "a gradient that only the mask of ReLU makes zero",
        text: include_str!("../sheets/dead-relu.toml"),
    },
    BuiltIn {
        name: "zero-initialisation",
        shows: "the loss ln 10 at the start, and weights that never become different",
        text: include_str!("../sheets/zero-initialisation.toml"),
    },
];

/// The sheet of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static BuiltIn> {
    SHEETS.iter().find(|sheet| sheet.name == name)
}

/// The names of all sheets that are built in.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    SHEETS.iter().map(|sheet| sheet.name)
}
