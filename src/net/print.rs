//! How networks, layers and shapes are written: arrow notation that parses back, and short texts for tables.

use std::fmt;

use num_integer::Integer as _;
use num_traits::{One, Zero};

use super::layer::{Axes, Layer, Network, Padding, Shape};
use crate::num::{Integer, Rational};

/// What a table shows where a layer has nothing to say.
const NOTHING: &str = "–";

impl fmt::Display for Shape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Map { height, width, channels } => write!(formatter, "{height}×{width}×{channels}"),
            Self::Flat(n) => write!(formatter, "{n}"),
        }
    }
}

impl fmt::Display for Network {
    /// Arrow notation, defaults left out; it parses back to the same network.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.input {
            Shape::Map { height, width, channels } => {
                write!(formatter, "Input({height}x{width}x{channels})")?
            }
            Shape::Flat(n) => write!(formatter, "Input({n})")?,
        }
        for declared in &self.layers {
            write!(formatter, " -> {}", declared.layer)?;
        }
        Ok(())
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conv { filters, kernel, stride, padding, dilation, groups, bias } => {
                write!(formatter, "Conv({filters}, {}", written(*kernel))?;
                option(formatter, "stride", *stride, (1, 1))?;
                match padding {
                    Padding::Same => formatter.write_str(", padding=\"same\"")?,
                    Padding::Explicit(padding) => option(formatter, "padding", *padding, (0, 0))?,
                }
                option(formatter, "dilation", *dilation, (1, 1))?;
                if *groups != 1 {
                    write!(formatter, ", groups={groups}")?;
                }
                formatter.write_str(if *bias { ")" } else { ", bias=false)" })
            }
            Self::MaxPool { kernel, stride, padding, ceil }
            | Self::AvgPool { kernel, stride, padding, ceil } => {
                let name = if matches!(self, Self::MaxPool { .. }) { "MaxPool" } else { "AvgPool" };
                write!(formatter, "{name}({}", written(*kernel))?;
                option(formatter, "stride", *stride, *kernel)?;
                option(formatter, "padding", *padding, (0, 0))?;
                formatter.write_str(if *ceil { ", ceil=true)" } else { ")" })
            }
            Self::GlobalAvgPool => formatter.write_str("GlobalAvgPool"),
            Self::GlobalMaxPool => formatter.write_str("GlobalMaxPool"),
            Self::BatchNorm => formatter.write_str("BatchNorm"),
            Self::ReLU => formatter.write_str("ReLU"),
            Self::Dropout { p } => write!(formatter, "Dropout({})", constant(p)),
            Self::Flatten => formatter.write_str("Flatten"),
            Self::Linear { units, bias: true } => write!(formatter, "Linear({units})"),
            Self::Linear { units, bias: false } => write!(formatter, "Linear({units}, bias=false)"),
        }
    }
}

impl Layer {
    /// A short name for a table: `Conv 16, 5×5`, `MaxPool 2×2`, `Dropout 0.2`, `Linear 10`.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Conv { filters, kernel, .. } => format!("Conv {filters}, {}", crossed(*kernel)),
            Self::MaxPool { kernel, .. } => format!("MaxPool {}", crossed(*kernel)),
            Self::AvgPool { kernel, .. } => format!("AvgPool {}", crossed(*kernel)),
            Self::Dropout { p } => format!("Dropout {}", constant(p)),
            Self::Linear { units, .. } => format!("Linear {units}"),
            other => other.to_string(),
        }
    }

    /// The type in words: `Convolutional`, `Max Pooling`, `Dropout (p = 0.2)`, `Fully Connected`.
    #[must_use]
    pub fn type_text(&self) -> String {
        let name = match self {
            Self::Conv { .. } => "Convolutional",
            Self::MaxPool { .. } => "Max Pooling",
            Self::AvgPool { .. } => "Average Pooling",
            Self::GlobalAvgPool => "Global Average Pooling",
            Self::GlobalMaxPool => "Global Max Pooling",
            Self::BatchNorm => "BatchNorm",
            Self::ReLU => "ReLU",
            Self::Dropout { p } => return format!("Dropout (p = {})", constant(p)),
            Self::Flatten => "Flatten",
            Self::Linear { .. } => "Fully Connected",
        };
        name.to_owned()
    }

    /// Filters or units: `16`; a dash where there are none.
    #[must_use]
    pub fn units_text(&self) -> String {
        match self {
            Self::Conv { filters: count, .. } | Self::Linear { units: count, .. } => count.to_string(),
            _ => NOTHING.to_owned(),
        }
    }

    /// The kernel: `5×5`; a dash where there is none.
    #[must_use]
    pub fn kernel_text(&self) -> String {
        match self {
            Self::Conv { kernel, .. } | Self::MaxPool { kernel, .. } | Self::AvgPool { kernel, .. } => {
                crossed(*kernel)
            }
            _ => NOTHING.to_owned(),
        }
    }

    /// Stride, padding and the options that are not at their defaults: `stride 1, no padding`; a dash where there is
    /// nothing to say.
    #[must_use]
    pub fn options_text(&self) -> String {
        match self {
            Self::Conv { stride, padding, dilation, groups, bias, .. } => {
                let mut parts = vec![format!("stride {}", both(*stride))];
                parts.push(match padding {
                    Padding::Same => String::from("padding same"),
                    Padding::Explicit((0, 0)) => String::from("no padding"),
                    Padding::Explicit(padding) => format!("padding {}", both(*padding)),
                });
                if *dilation != (1, 1) {
                    parts.push(format!("dilation {}", both(*dilation)));
                }
                if *groups != 1 {
                    parts.push(format!("groups {groups}"));
                }
                if !bias {
                    parts.push(String::from("no bias"));
                }
                parts.join(", ")
            }
            Self::MaxPool { stride, padding, ceil, .. } | Self::AvgPool { stride, padding, ceil, .. } => {
                let mut parts = vec![format!("stride {}", both(*stride))];
                if *padding != (0, 0) {
                    parts.push(format!("padding {}", both(*padding)));
                }
                if *ceil {
                    parts.push(String::from("ceil"));
                }
                parts.join(", ")
            }
            Self::Linear { bias: false, .. } => String::from("no bias"),
            _ => NOTHING.to_owned(),
        }
    }
}

fn option(formatter: &mut fmt::Formatter<'_>, name: &str, value: Axes, default: Axes) -> fmt::Result {
    if value == default {
        return Ok(());
    }
    if value.0 == value.1 {
        write!(formatter, ", {name}={}", value.0)
    } else {
        write!(formatter, ", {name}={}", written(value))
    }
}

fn written((height, width): Axes) -> String {
    format!("{height}x{width}")
}

fn crossed((height, width): Axes) -> String {
    format!("{height}×{width}")
}

fn both((height, width): Axes) -> String {
    if height == width { height.to_string() } else { crossed((height, width)) }
}

/// A rational as a sheet would write it: a decimal where it ends, else a quotient.
fn constant(value: &Rational) -> String {
    let mut rest = value.denom().clone();
    let mut decimals: usize = 0;
    let (two, five) = (Integer::from(2), Integer::from(5));
    let mut powers = [0usize, 0];
    for (power, prime) in powers.iter_mut().zip([&two, &five]) {
        while !rest.is_zero() && rest.is_multiple_of(prime) {
            rest = rest.div_floor(prime);
            *power += 1;
        }
        decimals = decimals.max(*power);
    }
    if !rest.is_one() || decimals > 20 {
        return value.to_string();
    }
    if decimals == 0 {
        return value.numer().to_string();
    }
    let scale = Rational::from_integer(Integer::from(10).pow(u32::try_from(decimals).unwrap_or(0)));
    let digits = (value * scale).to_integer().to_string();
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits.as_str()), |digits| ("-", digits));
    let padded = format!("{digits:0>width$}", width = decimals + 1);
    let (whole, fraction) = padded.split_at(padded.len() - decimals);
    format!("{sign}{whole}.{fraction}")
}
