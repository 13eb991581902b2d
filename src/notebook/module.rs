//! A layer as PyTorch writes it: each layer of a network becomes the module that computes the same, with sizes from the
//! traced shapes. Which class the modules stand in is not known here.
//!
//! Source: the documentation of `torch.nn`, 2.13. Maps there are channels × height × width, and pairs are
//! (height, width), as here. An `AvgPool2d` with padding counts the border, its default.

use super::python::number;
use crate::net::{Axes, Layer, Padding, Shape, Stage};

/// The modules of a layer: one, or two for a `Linear` that flattens first.
pub(super) fn modules(stage: &Stage) -> Vec<String> {
    let flattens = matches!((&stage.layer, stage.input), (Layer::Linear { .. }, Shape::Map { .. }));
    let own = module(&stage.layer, stage.input, None);
    if flattens { vec!["nn.Flatten()".to_owned(), own] } else { vec![own] }
}

/// The module of a layer; `units` stands for the outputs of a `Linear` where it is given.
pub(super) fn module(layer: &Layer, input: Shape, units: Option<&str>) -> String {
    match layer {
        Layer::Conv { filters, kernel, stride, padding, dilation, groups, bias } => {
            let mut all = vec![
                input.features().to_string(),
                filters.to_string(),
                format!("kernel_size={}", pair(*kernel)),
            ];
            option(&mut all, "stride", *stride, (1, 1));
            match padding {
                Padding::Same => all.push("padding='same'".to_owned()),
                Padding::Explicit(axes) => option(&mut all, "padding", *axes, (0, 0)),
            }
            option(&mut all, "dilation", *dilation, (1, 1));
            if *groups != 1 {
                all.push(format!("groups={groups}"));
            }
            if !bias {
                all.push("bias=False".to_owned());
            }
            format!("nn.Conv2d({})", all.join(", "))
        }
        Layer::MaxPool { kernel, stride, padding, ceil } => {
            pool("MaxPool2d", *kernel, *stride, *padding, *ceil)
        }
        Layer::AvgPool { kernel, stride, padding, ceil } => {
            pool("AvgPool2d", *kernel, *stride, *padding, *ceil)
        }
        Layer::GlobalAvgPool => "nn.AdaptiveAvgPool2d(1)".to_owned(),
        Layer::GlobalMaxPool => "nn.AdaptiveMaxPool2d(1)".to_owned(),
        Layer::BatchNorm => match input {
            Shape::Map { channels, .. } => format!("nn.BatchNorm2d({channels})"),
            Shape::Flat(n) => format!("nn.BatchNorm1d({n})"),
        },
        Layer::ReLU => "nn.ReLU()".to_owned(),
        Layer::Dropout { p } => format!("nn.Dropout({})", number(p)),
        Layer::Flatten => "nn.Flatten()".to_owned(),
        Layer::Linear { units: n, bias } => {
            // A network that is traced has counted its sizes.
            let inputs = input.size().unwrap_or_default();
            let outputs = units.map_or_else(|| n.to_string(), str::to_owned);
            let bias = if *bias { "" } else { ", bias=False" };
            format!("nn.Linear({inputs}, {outputs}{bias})")
        }
    }
}

fn pool(name: &str, kernel: Axes, stride: Axes, padding: Axes, ceil: bool) -> String {
    let mut all = vec![pair(kernel)];
    option(&mut all, "stride", stride, kernel);
    option(&mut all, "padding", padding, (0, 0));
    if ceil {
        all.push("ceil_mode=True".to_owned());
    }
    format!("nn.{name}({})", all.join(", "))
}

fn option(all: &mut Vec<String>, name: &str, axes: Axes, default: Axes) {
    if axes != default {
        all.push(format!("{name}={}", pair(axes)));
    }
}

fn pair((rows, columns): Axes) -> String {
    if rows == columns { rows.to_string() } else { format!("({rows}, {columns})") }
}
