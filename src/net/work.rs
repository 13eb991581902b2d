//! The work behind a layer's size and its parameters, as data that prints as formula, numbers and result. The results
//! are computed here, from one formula each.

use num_traits::{ToPrimitive, Zero};

use crate::notation::{Math, Relation};
use crate::num::{Integer, Rational};

/// How the output size of one axis follows from its input size.
///
/// size = ⌊(n + before + after − dilation·(kernel − 1) − 1)/stride⌋ + 1, the formula of PyTorch's `Conv2d`. With
/// `ceil` it rounds up, and a last window that would start beyond the input and its left padding is dropped
/// (PyTorch's `MaxPool2d`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SizeWork {
    /// Input size n.
    pub input: u64,
    /// Padding before the input (above it, or left of it).
    pub before: u64,
    /// Padding after it.
    pub after: u64,
    /// Distance between neighbouring kernel entries.
    pub dilation: u64,
    /// Kernel size.
    pub kernel: u64,
    /// Step between windows.
    pub stride: u64,
    /// Whether the quotient is rounded up.
    pub ceil: bool,
    /// 1 + (n + padding − extent)/stride, exactly, before rounding.
    pub quotient: Rational,
    /// Whether a last window was dropped, because it would start beyond the input and its left padding.
    pub dropped: bool,
    /// The output size.
    pub output: u64,
}

impl SizeWork {
    /// Works out one axis. `None` where no window fits, or where a number is beyond 64 bits.
    pub(super) fn new(
        input: u64,
        (before, after): (u64, u64),
        dilation: u64,
        kernel: u64,
        stride: u64,
        ceil: bool,
    ) -> Option<Self> {
        if stride == 0 || kernel == 0 {
            return None;
        }
        let room = Integer::from(input) + before + after - Integer::from(dilation) * (kernel - 1) - 1u32;
        let quotient = Rational::new(room + stride, Integer::from(stride));
        let rounded = if ceil { quotient.ceil() } else { quotient.floor() }.to_integer();
        let dropped = ceil && (&rounded - 1u32) * stride >= Integer::from(input) + before;
        let output = if dropped { rounded - 1u32 } else { rounded }.to_u64().filter(|&size| size > 0)?;
        Some(Self { input, before, after, dilation, kernel, stride, ceil, quotient, dropped, output })
    }

    /// Whether the stride divides, so that nothing was rounded.
    #[must_use]
    pub fn divides(&self) -> bool {
        self.quotient.is_integer()
    }

    /// What the kernel covers with its gaps: dilation·(kernel − 1) + 1.
    #[must_use]
    pub fn extent(&self) -> Integer {
        Integer::from(self.dilation) * self.kernel.saturating_sub(1) + 1u32
    }

    /// The input with its padding: n + before + after.
    #[must_use]
    pub fn padded(&self) -> Integer {
        Integer::from(self.input) + self.before + self.after
    }

    /// The work in numbers: `1 + (28 − 5)/1 = 24`, with padding, dilation and rounding only where there are any:
    /// `floor(1 + (28 + 2·1 − 3)/2) = floor(29/2) = 14`.
    #[must_use]
    pub fn to_math(&self) -> Math {
        let mut room = vec![number(self.input)];
        if self.before == self.after {
            if self.before > 0 {
                room.push(Math::Product(vec![number(2), number(self.before)]));
            }
        } else {
            room.push(number(self.before));
            room.push(number(self.after));
        }
        if self.dilation == 1 {
            room.push(negative(number(self.kernel)));
        } else {
            let gaps = Math::Sum(vec![number(self.kernel), negative(number(1))]);
            room.push(negative(Math::Product(vec![number(self.dilation), gaps])));
            room.push(negative(number(1)));
        }
        let quotient = Math::Fraction(Box::new(Math::Sum(room)), Box::new(number(self.stride)));
        let sum = Math::Sum(vec![number(1), quotient]);
        let output = number(self.output);
        if self.divides() && !self.dropped {
            return Math::Chain(Box::new(sum), vec![(Relation::Equal, output)]);
        }
        let rounding = if self.ceil { "ceil" } else { "floor" };
        let rounded = |inside: Math| {
            let outside =
                if self.divides() { inside } else { Math::Apply(rounding.to_owned(), vec![inside]) };
            if self.dropped { Math::Sum(vec![outside, negative(number(1))]) } else { outside }
        };
        let exact = rounded(Math::Number(self.quotient.clone()));
        Math::Chain(Box::new(rounded(sum)), vec![(Relation::Equal, exact), (Relation::Equal, output)])
    }

    /// The formula in letters, n, k, s and (where they occur) p and d: `1 + (n − k)/s`.
    #[must_use]
    pub fn formula(&self) -> Math {
        let mut room = vec![symbol("n")];
        if self.before != self.after {
            room.push(symbol("p_before"));
            room.push(symbol("p_after"));
        } else if self.before > 0 {
            room.push(Math::Product(vec![number(2), symbol("p")]));
        }
        if self.dilation == 1 {
            room.push(negative(symbol("k")));
        } else {
            let gaps = Math::Sum(vec![symbol("k"), negative(number(1))]);
            room.push(negative(Math::Product(vec![symbol("d"), gaps])));
            room.push(negative(number(1)));
        }
        let sum =
            Math::Sum(vec![number(1), Math::Fraction(Box::new(Math::Sum(room)), Box::new(symbol("s")))]);
        if self.divides() {
            sum
        } else {
            Math::Apply(String::from(if self.ceil { "ceil" } else { "floor" }), vec![sum])
        }
    }
}

/// What a layer has to learn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parameters {
    /// Nothing.
    None,
    /// a·b·(c_in/groups)·c_out weights, and c_out biases.
    Conv {
        /// Kernel height a and width b.
        kernel: (u64, u64),
        /// Input channels; `groups` divides them.
        c_in: u64,
        /// Groups.
        groups: u64,
        /// Filters.
        c_out: u64,
        /// Whether there are biases.
        bias: bool,
    },
    /// A scale γ and a shift β for each of c channels or units.
    BatchNorm {
        /// Channels or units.
        c: u64,
    },
    /// n_in·n_out weights, and n_out biases.
    Linear {
        /// Inputs of a unit (its fan-in).
        n_in: u64,
        /// Units.
        n_out: u64,
        /// Whether there are biases.
        bias: bool,
    },
}

impl Parameters {
    /// The number of parameters.
    #[must_use]
    pub fn value(&self) -> Integer {
        match *self {
            Self::None => Integer::zero(),
            Self::Conv { kernel, c_in, groups, c_out, bias } => {
                let fan_in = Integer::from(kernel.0) * kernel.1 * c_in.checked_div(groups).unwrap_or(0);
                (fan_in + u32::from(bias)) * c_out
            }
            Self::BatchNorm { c } => Integer::from(c) * 2u32,
            Self::Linear { n_in, n_out, bias } => (Integer::from(n_in) + u32::from(bias)) * n_out,
        }
    }

    /// The formula in letters: `a·b·c_in·c_out + c_out`; 0 where there is nothing to learn.
    #[must_use]
    pub fn formula(&self) -> Math {
        self.terms(|name, _| symbol(name))
    }

    /// The formula in numbers: `5·5·1·16 + 16`.
    #[must_use]
    pub fn numbers(&self) -> Math {
        self.terms(|_, value| number(value))
    }

    /// Numbers and result: `5·5·1·16 + 16 = 416`; `0` where there is nothing to learn.
    #[must_use]
    pub fn to_math(&self) -> Math {
        match self {
            Self::None => number(0),
            _ => Math::Chain(
                Box::new(self.numbers()),
                vec![(Relation::Equal, Math::Number(Rational::from_integer(self.value())))],
            ),
        }
    }

    fn terms(&self, letter: impl Fn(&str, u64) -> Math) -> Math {
        match *self {
            Self::None => number(0),
            Self::Conv { kernel, c_in, groups, c_out, bias } => {
                let channels = if groups == 1 {
                    letter("c_in", c_in)
                } else {
                    Math::Fraction(Box::new(letter("c_in", c_in)), Box::new(letter("g", groups)))
                };
                let weights =
                    vec![letter("a", kernel.0), letter("b", kernel.1), channels, letter("c_out", c_out)];
                with_bias(weights, bias.then(|| letter("c_out", c_out)))
            }
            Self::BatchNorm { c } => Math::Product(vec![number(2), letter("c", c)]),
            Self::Linear { n_in, n_out, bias } => {
                let weights = vec![letter("n_in", n_in), letter("n_out", n_out)];
                with_bias(weights, bias.then(|| letter("n_out", n_out)))
            }
        }
    }
}

fn with_bias(weights: Vec<Math>, bias: Option<Math>) -> Math {
    match bias {
        Some(bias) => Math::Sum(vec![Math::Product(weights), bias]),
        None => Math::Product(weights),
    }
}

pub(super) fn number(value: u64) -> Math {
    Math::Number(Rational::from_integer(Integer::from(value)))
}

fn symbol(name: &str) -> Math {
    Math::Symbol(name.to_owned())
}

fn negative(math: Math) -> Math {
    Math::Negative(Box::new(math))
}
