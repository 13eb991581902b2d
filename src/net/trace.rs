//! What follows from a network, layer by layer: shapes, sizes, parameters, remarks. Evidence may not use this file.

use std::fmt;

use super::layer::{Axes, Declared, Layer, Network, Padding, Shape};
use super::work::{Parameters, SizeWork};
use super::{MAX_SIZE, NetError};
use crate::num::Integer;

/// One layer with what follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// The layer's number, from 1.
    pub number: usize,
    /// The layer.
    pub layer: Layer,
    /// The shape that goes in.
    pub input: Shape,
    /// The shape that comes out.
    pub output: Shape,
    /// How height and width follow, for convolutions and pooling.
    pub sizes: Option<(SizeWork, SizeWork)>,
    /// How the number of parameters follows.
    pub parameters: Parameters,
    /// What a reader should notice.
    pub remarks: Vec<Remark>,
}

/// A spatial axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// Rows.
    Height,
    /// Columns.
    Width,
}

impl fmt::Display for Axis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Height => "height",
            Self::Width => "width",
        })
    }
}

/// What a reader should notice about a layer. It prints as a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// `Linear` got feature maps.
    FlattensFirst {
        /// Rows.
        height: u64,
        /// Columns.
        width: u64,
        /// Feature maps.
        channels: u64,
        /// Their product.
        size: u64,
    },
    /// The stride does not divide, so the quotient was rounded.
    DoesNotDivide {
        /// Which axis; `None` where both are alike.
        axis: Option<Axis>,
        /// Its work.
        work: SizeWork,
    },
    /// Rounding up asked for a window that would start beyond the input and its left padding.
    LastWindowDropped {
        /// Which axis; `None` where both are alike.
        axis: Option<Axis>,
        /// Its work.
        work: SizeWork,
    },
    /// The padding that keeps the size is odd, so one side gets more.
    UnevenPadding {
        /// Which axis; `None` where both are alike.
        axis: Option<Axis>,
        /// Its work.
        work: SizeWork,
    },
}

impl fmt::Display for Remark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on = |axis: &Option<Axis>| axis.map_or_else(String::new, |axis| format!(" in {axis}"));
        match self {
            Self::FlattensFirst { height, width, channels, size } => {
                write!(
                    formatter,
                    "Linear on an unflattened tensor flattens first: {height}·{width}·{channels} = {size}"
                )
            }
            Self::DoesNotDivide { axis, work } => {
                let room = work.padded() - work.extent();
                let (rounding, size) = if work.ceil {
                    ("ceil", work.quotient.ceil().to_integer())
                } else {
                    ("floor", work.quotient.floor().to_integer())
                };
                write!(
                    formatter,
                    "stride does not divide{}: 1 + {room}/{} = {}, {rounding} {size}",
                    on(axis),
                    work.stride,
                    work.quotient
                )
            }
            Self::LastWindowDropped { axis, work } => {
                let start = Integer::from(work.output) * work.stride;
                write!(
                    formatter,
                    "the last window{} would start at {start}, beyond the input and its left padding ({} + {}), and is \
                     dropped: {} − 1 = {}",
                    on(axis),
                    work.input,
                    work.before,
                    Integer::from(work.output) + 1u32,
                    work.output
                )
            }
            Self::UnevenPadding { axis, work } => write!(
                formatter,
                "same padding{} is odd: {} before, {} after",
                on(axis),
                work.before,
                work.after
            ),
        }
    }
}

/// Follows the shapes through a network: a stage for every layer, in order.
///
/// # Errors
///
/// A layer that its input does not fit: a map wanted and a vector given, a kernel larger than the padded input, groups
/// that do not divide the channels, a size beyond [`MAX_SIZE`].
pub fn trace(network: &Network) -> Result<Vec<Stage>, NetError> {
    let mut shape = network.input;
    let mut stages = Vec::with_capacity(network.layers.len());
    for (at, declared) in network.layers.iter().enumerate() {
        let stage = stage(at + 1, declared, shape)?;
        shape = stage.output;
        stages.push(stage);
    }
    Ok(stages)
}

/// All parameters of a network.
#[must_use]
pub fn total_parameters(stages: &[Stage]) -> Integer {
    stages.iter().map(|stage| stage.parameters.value()).sum()
}

fn stage(number: usize, declared: &Declared, input: Shape) -> Result<Stage, NetError> {
    let mut stage = Stage {
        number,
        layer: declared.layer.clone(),
        input,
        output: input,
        sizes: None,
        parameters: Parameters::None,
        remarks: Vec::new(),
    };
    match &declared.layer {
        Layer::Conv { filters, kernel, stride, padding, dilation, groups, bias } => {
            let (size, c_in) = map(declared, input)?;
            check_groups(declared, *groups, c_in, *filters)?;
            let padding = match padding {
                Padding::Explicit((rows, columns)) => ((*rows, *rows), (*columns, *columns)),
                Padding::Same => (same(kernel.0, dilation.0), same(kernel.1, dilation.1)),
            };
            slide(&mut stage, declared, size, *kernel, *stride, padding, *dilation, *filters)?;
            stage.parameters =
                Parameters::Conv { kernel: *kernel, c_in, groups: *groups, c_out: *filters, bias: *bias };
        }
        Layer::MaxPool { kernel, stride, padding, .. } | Layer::AvgPool { kernel, stride, padding, .. } => {
            let (size, channels) = map(declared, input)?;
            let padding = ((padding.0, padding.0), (padding.1, padding.1));
            slide(&mut stage, declared, size, *kernel, *stride, padding, (1, 1), channels)?;
        }
        Layer::GlobalAvgPool | Layer::GlobalMaxPool => {
            let (_, channels) = map(declared, input)?;
            stage.output = Shape::Map { height: 1, width: 1, channels };
        }
        Layer::BatchNorm => stage.parameters = Parameters::BatchNorm { c: input.features() },
        Layer::ReLU | Layer::Dropout { .. } => {}
        Layer::Flatten => stage.output = Shape::Flat(flat(declared, input)?),
        Layer::Linear { units, bias } => {
            let n_in = flat(declared, input)?;
            if let Shape::Map { height, width, channels } = input {
                stage.remarks.push(Remark::FlattensFirst { height, width, channels, size: n_in });
            }
            stage.output = Shape::Flat(*units);
            stage.parameters = Parameters::Linear { n_in, n_out: *units, bias: *bias };
        }
    }
    Ok(stage)
}

/// The padding that keeps the size, as PyTorch splits it: the smaller half before, the rest after.
fn same(kernel: u64, dilation: u64) -> (u64, u64) {
    let total = dilation.saturating_mul(kernel.saturating_sub(1));
    (total / 2, total - total / 2)
}

/// Height and width, and channels, of a layer that works on maps.
fn map(declared: &Declared, input: Shape) -> Result<(Axes, u64), NetError> {
    match input {
        Shape::Map { height, width, channels } => Ok(((height, width), channels)),
        Shape::Flat(n) => Err(NetError::new(
            declared.span.clone(),
            format!(
                "{} wants maps (height×width×channels), but a vector of {n} goes in",
                declared.layer.label()
            ),
            "start with Input(HxWxC), and put this layer before Flatten and Linear",
        )),
    }
}

fn flat(declared: &Declared, input: Shape) -> Result<u64, NetError> {
    input.size().ok_or_else(|| {
        NetError::new(
            declared.span.clone(),
            format!("{input} holds more numbers than 64 bits can count, the limit"),
            "make the maps smaller before this layer",
        )
    })
}

fn check_groups(declared: &Declared, groups: u64, c_in: u64, c_out: u64) -> Result<(), NetError> {
    let divides = |channels: u64| channels.checked_rem(groups) == Some(0);
    let (channels, what) = match (divides(c_in), divides(c_out)) {
        (true, true) => return Ok(()),
        (false, _) => (c_in, "input channels"),
        (true, false) => (c_out, "filters"),
    };
    Err(NetError::new(
        declared.span.clone(),
        format!("groups={groups} does not divide the {channels} {what}"),
        format!("write a divisor of {c_in} and of the filters"),
    ))
}

/// Slides a kernel over both axes.
#[allow(clippy::too_many_arguments)]
fn slide(
    stage: &mut Stage,
    declared: &Declared,
    size: Axes,
    kernel: Axes,
    stride: Axes,
    padding: ((u64, u64), (u64, u64)),
    dilation: Axes,
    channels: u64,
) -> Result<(), NetError> {
    let ceil = matches!(stage.layer, Layer::MaxPool { ceil: true, .. } | Layer::AvgPool { ceil: true, .. });
    let axis = |axis: Axis, n: u64, padding: (u64, u64), dilation: u64, kernel: u64, stride: u64| {
        SizeWork::new(n, padding, dilation, kernel, stride, ceil)
            .ok_or_else(|| too_large_kernel(declared, axis, n, padding, dilation, kernel))
    };
    let height = axis(Axis::Height, size.0, padding.0, dilation.0, kernel.0, stride.0)?;
    let width = axis(Axis::Width, size.1, padding.1, dilation.1, kernel.1, stride.1)?;
    for work in [&height, &width] {
        if work.output > MAX_SIZE {
            return Err(NetError::new(
                declared.span.clone(),
                format!("the output size {} is beyond {MAX_SIZE}, the limit", work.output),
                "write less padding or a larger stride",
            ));
        }
    }
    stage.output = Shape::Map { height: height.output, width: width.output, channels };
    let both = [(Some(Axis::Height), &height), (Some(Axis::Width), &width)];
    let alike = [(None, &height)];
    let works: &[(Option<Axis>, &SizeWork)] = if height == width { &alike } else { &both };
    for &(axis, work) in works {
        if work.before != work.after {
            stage.remarks.push(Remark::UnevenPadding { axis, work: work.clone() });
        }
        if !work.divides() {
            stage.remarks.push(Remark::DoesNotDivide { axis, work: work.clone() });
        }
        if work.dropped {
            stage.remarks.push(Remark::LastWindowDropped { axis, work: work.clone() });
        }
    }
    stage.sizes = Some((height, width));
    Ok(())
}

fn too_large_kernel(
    declared: &Declared,
    axis: Axis,
    n: u64,
    (before, after): (u64, u64),
    dilation: u64,
    kernel: u64,
) -> NetError {
    let extent = Integer::from(dilation) * kernel.saturating_sub(1) + 1u32;
    let reach = if dilation == 1 {
        format!("a kernel of {axis} {kernel}")
    } else {
        format!("a kernel of {axis} {kernel} with dilation {dilation}, which reaches over {extent},")
    };
    let room = if before == 0 && after == 0 {
        format!("an input of {axis} {n}")
    } else {
        format!("an input of {axis} {n} + {before} + {after} = {}", Integer::from(n) + before + after)
    };
    NetError::new(
        declared.span.clone(),
        format!("{reach} does not fit into {room}"),
        "make the kernel smaller, pad the input, or leave an earlier pooling out",
    )
}
