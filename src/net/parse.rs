//! Arrow notation to a network: cutting the text at its arrows and reading each layer. Shapes are not looked at.

use std::ops::Range;

use num_traits::{One, Signed};

use super::arguments::Arguments;
use super::layer::{Axes, Declared, Layer, Network, Padding, Shape};
use super::{MAX_LAYERS, MAX_TEXT, NetError, catalogue};
use crate::num::{Integer, Rational};
use crate::sheet::{listed, nearest, shown};

/// What other programs call our layers, where the names are too far apart to be a slip.
const OTHER_NAMES: [(&str, &str); 12] = [
    ("dense", "Linear"),
    ("fc", "Linear"),
    ("fullyconnected", "Linear"),
    ("convolution", "Conv"),
    ("convolutional", "Conv"),
    ("convolution2d", "Conv"),
    ("bn", "BatchNorm"),
    ("averagepool", "AvgPool"),
    ("averagepooling", "AvgPool"),
    ("maxpooling2d", "MaxPool"),
    ("adaptiveavgpool", "GlobalAvgPool"),
    ("adaptiveavgpool2d", "GlobalAvgPool"),
];

const EXAMPLE: &str = "Input(28x28x1) -> Conv(16, 5x5) -> ReLU -> Flatten -> Linear(10)";
const MAX_DROPOUT_DIGITS: u32 = 50;

/// Reads a network in arrow notation. A line break is a space.
///
/// # Errors
///
/// The first thing that is wrong, with its place in `text`: an unknown layer, wrong arguments, a missing `Input`, a
/// limit that is passed.
pub fn parse(text: &str) -> Result<Network, NetError> {
    if text.len() > MAX_TEXT {
        return Err(NetError::new(
            0..0,
            format!("the network has more than {MAX_TEXT} bytes, the limit"),
            "write a smaller one",
        ));
    }
    refuse_other_arrows(text)?;
    let items = split(text, 0, "->");
    if items.len() > MAX_LAYERS + 1 {
        return Err(NetError::new(
            0..0,
            format!("the network has more than {MAX_LAYERS} layers, the limit"),
            "write a smaller one",
        ));
    }
    if text.trim().is_empty() {
        return Err(NetError::new(
            0..text.len(),
            "the network is empty",
            format!("write, for example, {EXAMPLE}"),
        ));
    }
    let mut input = None;
    let mut layers = Vec::with_capacity(items.len());
    let last = items.len().saturating_sub(1);
    for (at, span) in items.into_iter().enumerate() {
        let item = Item::read(text, span.clone(), at == last)?;
        if at == 0 {
            input = Some(read_input(item)?);
        } else {
            let written = text.get(span.clone()).unwrap_or("").to_owned();
            layers.push(Declared { layer: read_layer(item)?, span, text: written });
        }
    }
    match input {
        Some(input) => Ok(Network { input, layers }),
        None => Err(no_input(0..text.len())),
    }
}

/// Arrows from other keyboards.
fn refuse_other_arrows(text: &str) -> Result<(), NetError> {
    for arrow in ["−>", "–>", "—>", "→", "=>", "-->"] {
        if let Some(at) = text.find(arrow) {
            return Err(NetError::new(
                at..at + arrow.len(),
                format!("{} is not the arrow that joins layers", shown(arrow)),
                "write -> (a hyphen and a greater-than sign)",
            ));
        }
    }
    Ok(())
}

/// The trimmed pieces between separators; `base` is where `text` begins in the whole notation.
pub(super) fn split(text: &str, base: usize, separator: &str) -> Vec<Range<usize>> {
    let mut from = 0;
    text.split(separator)
        .map(|piece| {
            let lead = piece.len() - piece.trim_start().len();
            let start = base + from + lead;
            let span = start..start + piece.trim().len();
            from += piece.len() + separator.len();
            span
        })
        .collect()
}

/// One arrow item: a name, and what stands in its parentheses.
struct Item<'a> {
    name: &'a str,
    name_span: Range<usize>,
    span: Range<usize>,
    arguments: Arguments<'a>,
}

impl<'a> Item<'a> {
    fn read(text: &'a str, span: Range<usize>, last: bool) -> Result<Self, NetError> {
        let item = text.get(span.clone()).unwrap_or("");
        if item.is_empty() {
            let message =
                if last { "the network ends with an arrow" } else { "there is no layer before the arrow" };
            return Err(NetError::new(
                span,
                message,
                "write a layer between two arrows, and none after the last",
            ));
        }
        let end = item.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(item.len());
        let (name, rest) = item.split_at(end);
        let name_span = span.start..span.start + end;
        if name.is_empty() {
            return Err(NetError::new(
                span,
                format!("{} is not a layer", shown(item)),
                format!("the layers are {}", listed(&catalogue::names())),
            ));
        }
        let open = rest.trim_start();
        let open_at = span.end - open.len();
        if open.is_empty() {
            return Ok(Self { name, name_span, arguments: Arguments::none(name, span.clone()), span });
        }
        let Some(inner) = open.strip_prefix('(') else {
            return Err(NetError::new(
                open_at..span.end,
                format!("{} does not belong after {}", shown(open), shown(name)),
                "join layers with ->, and put arguments in parentheses",
            ));
        };
        let Some(close) = inner.find(')') else {
            return Err(NetError::new(
                open_at..span.end,
                format!("the parenthesis of {} is not closed", shown(name)),
                "close it with )",
            ));
        };
        let inside = inner.get(..close).unwrap_or("");
        if let Some(nested) = inside.find('(') {
            let at = open_at + 1 + nested;
            return Err(NetError::new(
                at..at + 1,
                "a parenthesis inside a parenthesis",
                "write a pair as 5x5",
            ));
        }
        let after = inner.get(close + 1..).unwrap_or("").trim_start();
        if !after.is_empty() {
            return Err(NetError::new(
                span.end - after.len()..span.end,
                format!("{} does not belong after {}", shown(after), shown(&format!("{name}(…)"))),
                "join layers with ->",
            ));
        }
        let place = open_at + 1..open_at + 1 + inside.len();
        let arguments = Arguments::read(name, text, place, span.clone())?;
        Ok(Self { name, name_span, span, arguments })
    }
}

fn no_input(span: Range<usize>) -> NetError {
    NetError::new(
        span,
        "a network starts with its input",
        "write Input(HxWxC) or Input(n) first, as in Input(28x28x1) -> Flatten",
    )
}

fn read_input(mut item: Item<'_>) -> Result<Shape, NetError> {
    if item.name != "Input" {
        let mut error = no_input(item.name_span);
        if item.name.eq_ignore_ascii_case("input") {
            error.help = String::from("write Input with a capital I");
        }
        return Err(error);
    }
    let sizes = item.arguments.sizes("size", "Input(28x28x1) or Input(784)")?;
    item.arguments.finish(&catalogue::INPUT)?;
    match sizes.as_slice() {
        [n] => Ok(Shape::Flat(*n)),
        [height, width, channels] => Ok(Shape::Map { height: *height, width: *width, channels: *channels }),
        [height, width] => Err(NetError::new(
            item.span,
            "the input has a height and a width but no channels",
            format!("write Input({height}x{width}xC) with C channels: 1 for grey images, 3 for colour"),
        )),
        other => Err(NetError::new(
            item.span,
            format!("the input has {} sizes", other.len()),
            "write Input(HxWxC) or Input(n)",
        )),
    }
}

fn read_layer(mut item: Item<'_>) -> Result<Layer, NetError> {
    if item.name == catalogue::INPUT.name {
        return Err(NetError::new(item.span, "a network has one Input, at its start", "leave this one out"));
    }
    let Some(known) = catalogue::find(item.name) else {
        return Err(unknown_layer(item.name, item.name_span));
    };
    let arguments = &mut item.arguments;
    let layer = match known.name {
        "Conv" => {
            let filters = arguments.count("filters", known.example)?;
            let kernel = arguments.pair("kernel", known.example)?;
            let layer = Layer::Conv {
                filters,
                kernel,
                stride: arguments.pair_or("stride", 1, (1, 1))?,
                padding: arguments.padding()?,
                dilation: arguments.pair_or("dilation", 1, (1, 1))?,
                groups: arguments.count_or("groups", 1)?,
                bias: arguments.flag_or("bias", true)?,
            };
            refuse_same_with_stride(&layer, &item.span)?;
            layer
        }
        "MaxPool" | "AvgPool" => {
            let kernel = arguments.pair("kernel", known.example)?;
            let stride = arguments.pair_or("stride", 1, kernel)?;
            let padding = arguments.pair_or("padding", 0, (0, 0))?;
            let ceil = arguments.flag_or("ceil", false)?;
            refuse_wide_padding(padding, kernel, known.name, &item.span)?;
            if known.name == "MaxPool" {
                Layer::MaxPool { kernel, stride, padding, ceil }
            } else {
                Layer::AvgPool { kernel, stride, padding, ceil }
            }
        }
        "Dropout" => {
            let (p, place) = arguments.number("p", known.example)?;
            check_probability(&p, place)?;
            Layer::Dropout { p }
        }
        "Linear" => {
            let units = arguments.count("units", known.example)?;
            Layer::Linear { units, bias: arguments.flag_or("bias", true)? }
        }
        "GlobalAvgPool" => Layer::GlobalAvgPool,
        "GlobalMaxPool" => Layer::GlobalMaxPool,
        "BatchNorm" => Layer::BatchNorm,
        "ReLU" => Layer::ReLU,
        "Flatten" => Layer::Flatten,
        other => return Err(unknown_layer(other, item.name_span)),
    };
    item.arguments.finish(known)?;
    Ok(layer)
}

fn unknown_layer(name: &str, span: Range<usize>) -> NetError {
    let folded = name.to_lowercase();
    let renamed = OTHER_NAMES.iter().find(|(other, _)| *other == folded).map(|(_, ours)| *ours);
    let list = format!("the layers are {}", listed(&catalogue::names()));
    let help = match renamed.or_else(|| nearest(name, catalogue::names())) {
        Some(near) => format!("did you mean {}? {list}", shown(near)),
        None => list,
    };
    NetError::new(span, format!("{} is not a layer", shown(name)), help)
}

/// PyTorch's rule.
fn refuse_same_with_stride(layer: &Layer, span: &Range<usize>) -> Result<(), NetError> {
    match layer {
        Layer::Conv { padding: Padding::Same, stride, .. } if *stride != (1, 1) => Err(NetError::new(
            span.clone(),
            "padding=\"same\" needs stride 1",
            "give the padding as a number, as in padding=1, or leave the stride out",
        )),
        _ => Ok(()),
    }
}

/// PyTorch's rule: a window that lay in the padding alone would have nothing to pool.
fn refuse_wide_padding(padding: Axes, kernel: Axes, name: &str, span: &Range<usize>) -> Result<(), NetError> {
    for (padding, kernel) in [(padding.0, kernel.0), (padding.1, kernel.1)] {
        if padding > kernel / 2 {
            return Err(NetError::new(
                span.clone(),
                format!("the padding {padding} of {name} is more than half of its kernel {kernel}"),
                format!("write padding={} or less", kernel / 2),
            ));
        }
    }
    Ok(())
}

fn check_probability(p: &Rational, place: Range<usize>) -> Result<(), NetError> {
    if p.is_negative() || *p > Rational::one() {
        return Err(NetError::new(
            place,
            "a probability lies between 0 and 1",
            "write, for example, Dropout(0.2)",
        ));
    }
    if *p.denom() > Integer::from(10).pow(MAX_DROPOUT_DIGITS) {
        return Err(NetError::new(
            place,
            format!("the denominator of p has more than {MAX_DROPOUT_DIGITS} digits, the limit"),
            "write fewer digits",
        ));
    }
    Ok(())
}
