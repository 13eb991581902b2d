//! The arguments of one layer, by position or by name, with their places. Which arguments a layer takes is known to
//! its reader, not here.

use std::ops::Range;

use super::catalogue::LayerType;
use super::layer::{Axes, Padding};
use super::parse::split;
use super::{MAX_SIZE, NetError};
use crate::num::Rational;
use crate::sheet::{listed, nearest, parse_constant, shown};

/// The most arguments that any layer takes.
const MAX_ARGUMENTS: usize = 7;

/// What stands in the parentheses of a layer.
pub(super) struct Arguments<'a> {
    layer: &'a str,
    span: Range<usize>,
    /// Arguments that were not taken yet, in order; a name is `None` for a positional one.
    left: Vec<Argument<'a>>,
}

struct Argument<'a> {
    name: Option<&'a str>,
    text: &'a str,
    /// The whole argument, name included.
    span: Range<usize>,
    value_span: Range<usize>,
}

impl<'a> Arguments<'a> {
    /// A layer without parentheses.
    pub(super) fn none(layer: &'a str, span: Range<usize>) -> Self {
        Self { layer, span, left: Vec::new() }
    }

    /// Reads `inside`, a range of `text`; `span` is the whole layer.
    pub(super) fn read(
        layer: &'a str,
        text: &'a str,
        inside: Range<usize>,
        span: Range<usize>,
    ) -> Result<Self, NetError> {
        let list = text.get(inside.clone()).unwrap_or("");
        let mut left: Vec<Argument<'a>> = Vec::new();
        if list.trim().is_empty() {
            return Ok(Self { layer, span, left });
        }
        for place in split(list, inside.start, ",") {
            let argument = text.get(place.clone()).unwrap_or("");
            if left.len() == MAX_ARGUMENTS {
                return Err(NetError::new(
                    place,
                    format!(
                        "{} has more than {MAX_ARGUMENTS} arguments, the most that a layer takes",
                        shown(layer)
                    ),
                    "leave some out",
                ));
            }
            if argument.is_empty() {
                return Err(NetError::new(
                    place,
                    format!("an argument of {} is empty", shown(layer)),
                    "write a value between two commas",
                ));
            }
            let (name, value) = match argument.split_once('=') {
                Some((name, value)) => (Some(name.trim_end()), value.trim_start()),
                None => (None, argument),
            };
            if let Some(name) = name
                && left.iter().any(|earlier| earlier.name == Some(name))
            {
                return Err(NetError::new(
                    place,
                    format!("{} is given twice", shown(name)),
                    "leave one of them out",
                ));
            }
            if name.is_none() && left.iter().any(|earlier| earlier.name.is_some()) {
                return Err(NetError::new(
                    place,
                    format!("{} has no name but follows an argument that has one", shown(argument)),
                    "write name=value",
                ));
            }
            let value_span = place.end - value.len()..place.end;
            left.push(Argument { name, text: value, span: place, value_span });
        }
        Ok(Self { layer, span, left })
    }

    /// The argument of that name; else, where a position stands for it, the first without a name.
    fn take(&mut self, name: &str, positional: bool) -> Option<Argument<'a>> {
        let at = self
            .left
            .iter()
            .position(|argument| argument.name == Some(name))
            .or_else(|| self.left.iter().position(|argument| positional && argument.name.is_none()))?;
        Some(self.left.remove(at))
    }

    fn need(&mut self, name: &str, example: &str) -> Result<Argument<'a>, NetError> {
        match self.take(name, true) {
            Some(argument) => Ok(argument),
            None => Err(NetError::new(
                self.span.clone(),
                format!("{} lacks its {name}", shown(self.layer)),
                format!("write, for example, {example}"),
            )),
        }
    }

    /// A positive integer that must be there.
    pub(super) fn count(&mut self, name: &str, example: &str) -> Result<u64, NetError> {
        let argument = self.need(name, example)?;
        self.integer(name, argument.text, argument.value_span, 1)
    }

    /// A positive integer, with a default.
    pub(super) fn count_or(&mut self, name: &str, default: u64) -> Result<u64, NetError> {
        match self.take(name, false) {
            Some(argument) => self.integer(name, argument.text, argument.value_span, 1),
            None => Ok(default),
        }
    }

    /// A pair of positive integers that must be there; a single number means both.
    pub(super) fn pair(&mut self, name: &str, example: &str) -> Result<Axes, NetError> {
        let argument = self.need(name, example)?;
        self.axes(name, &argument, 1)
    }

    /// A pair of integers not below `least`, with a default.
    pub(super) fn pair_or(&mut self, name: &str, least: u64, default: Axes) -> Result<Axes, NetError> {
        match self.take(name, false) {
            Some(argument) => self.axes(name, &argument, least),
            None => Ok(default),
        }
    }

    /// Positive integers joined by `x`, any number of them.
    pub(super) fn sizes(&mut self, name: &str, example: &str) -> Result<Vec<u64>, NetError> {
        let argument = self.need(name, example)?;
        self.integers(name, &argument, 1)
    }

    /// The padding of a convolution.
    pub(super) fn padding(&mut self) -> Result<Padding, NetError> {
        let Some(argument) = self.take("padding", false) else { return Ok(Padding::Explicit((0, 0))) };
        match argument.text.trim_matches(['"', '\'']).trim() {
            "same" => Ok(Padding::Same),
            "valid" => Ok(Padding::Explicit((0, 0))),
            word if word.starts_with(|c: char| c.is_alphabetic()) => Err(NetError::new(
                argument.value_span,
                format!("{} is not a padding", shown(word)),
                "write a number, a pair such as 1x2, or \"same\"",
            )),
            _ => Ok(Padding::Explicit(self.axes("padding", &argument, 0)?)),
        }
    }

    /// `true` or `false`, with a default.
    pub(super) fn flag_or(&mut self, name: &str, default: bool) -> Result<bool, NetError> {
        let Some(argument) = self.take(name, false) else { return Ok(default) };
        match argument.text {
            "true" => Ok(true),
            "false" => Ok(false),
            other => Err(NetError::new(
                argument.value_span,
                format!("{name} is true or false, not {}", shown(other)),
                format!("write {name}={}", !default),
            )),
        }
    }

    /// An exact number that must be there, with its place.
    pub(super) fn number(&mut self, name: &str, example: &str) -> Result<(Rational, Range<usize>), NetError> {
        let argument = self.need(name, example)?;
        match parse_constant(argument.text.trim_matches(['"', '\''])) {
            Ok(value) => Ok((value, argument.value_span)),
            Err(fault) => {
                let message = format!("{name} of {}: {}", shown(self.layer), fault.message);
                Err(NetError::new(argument.value_span, message, fault.help))
            }
        }
    }

    /// Refuses what was not taken by this layer.
    pub(super) fn finish(&self, layer: &LayerType) -> Result<(), NetError> {
        let Some(argument) = self.left.first() else { return Ok(()) };
        let known: Vec<&str> = layer.arguments.iter().map(|argument| argument.name).collect();
        let takes = if known.is_empty() {
            String::from("it takes no arguments")
        } else {
            format!("it takes {}", listed(&known))
        };
        let (message, help) = match argument.name {
            Some(name) => {
                let help = match nearest(name, known.iter().copied()) {
                    Some(near) if near != name => format!("did you mean {}? {takes}", shown(near)),
                    _ => takes,
                };
                (format!("{} has no argument {}", shown(self.layer), shown(name)), help)
            }
            None => {
                let message =
                    format!("{} is one argument too many for {}", shown(argument.text), shown(self.layer));
                (message, format!("{takes}; options are written name=value"))
            }
        };
        Err(NetError::new(argument.span.clone(), message, help))
    }

    fn axes(&self, name: &str, argument: &Argument<'_>, least: u64) -> Result<Axes, NetError> {
        match self.integers(name, argument, least)?.as_slice() {
            [both] => Ok((*both, *both)),
            [height, width] => Ok((*height, *width)),
            more => Err(NetError::new(
                argument.value_span.clone(),
                format!("{name} has {} numbers", more.len()),
                format!("write {name} as one number or as a pair such as 3x5"),
            )),
        }
    }

    fn integers(&self, name: &str, argument: &Argument<'_>, least: u64) -> Result<Vec<u64>, NetError> {
        if argument.text.contains(['×', '*', 'X']) {
            return Err(NetError::new(
                argument.value_span.clone(),
                format!("{} is not a size", shown(argument.text)),
                "join sizes with the letter x, as in 5x5",
            ));
        }
        let mut numbers = Vec::new();
        for place in split(argument.text, 0, "x") {
            let text = argument.text.get(place.clone()).unwrap_or("");
            let base = argument.value_span.start;
            numbers.push(self.integer(name, text, base + place.start..base + place.end, least)?);
            if numbers.len() > 8 {
                break;
            }
        }
        Ok(numbers)
    }

    fn integer(&self, name: &str, text: &str, span: Range<usize>, least: u64) -> Result<u64, NetError> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NetError::new(
                span,
                format!("{name} of {} wants an integer, not {}", shown(self.layer), shown(text)),
                if least == 0 { "write 0, 1, 2, …" } else { "write 1, 2, 3, …; a pair is written 3x5" },
            ));
        }
        // More digits than a u64 holds are beyond the limit as well.
        match text.parse::<u64>() {
            Ok(value) if value < least => Err(NetError::new(
                span,
                format!("{name} of {} must be at least {least}", shown(self.layer)),
                "write a positive integer",
            )),
            Ok(value) if value <= MAX_SIZE => Ok(value),
            _ => Err(NetError::new(
                span,
                format!("{name} of {} is beyond {MAX_SIZE}, the limit", shown(self.layer)),
                "write a smaller number",
            )),
        }
    }
}
