//! Sizes of layers by inequality live here: the number of windows is the one for which the last window fits and one
//! more does not. Where windows are too many to slide to, the room is shared out in strides. Nothing slides here.

use super::super::given::{Given, Named};
use super::{DETAIL, SLIDE_LIMIT};
use crate::evidence::counting::{last_that, shared_out};
use crate::net::{Layer, Network, Padding, Shape};
use crate::num::Integer;
use crate::report::{Evidence, Value};

const INEQUALITY: &str = "inequality";
const DIVISION: &str = "strides shared out";
const LAST_INDEX: &str = "last index";

/// One axis of a layer. Windows are numbered from 1.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Axis {
    /// Length of the input.
    pub length: u128,
    /// Padding before the input.
    pub before: u128,
    /// Input and padding together.
    pub padded: u128,
    /// Entries from a window's first to its last.
    pub extent: u128,
    /// From one window's start to the next's.
    pub stride: u128,
    /// Whether a last window may hang over.
    pub ceil: bool,
}

impl Axis {
    /// A window that is moved on by 1, without padding.
    fn plain(length: u128, extent: u128) -> Self {
        Self { length, before: 0, padded: length, extent, stride: 1, ceil: false }
    }

    /// Where a window ends, counted from the start of the padding.
    fn end(&self, window: u128) -> u128 {
        window.saturating_sub(1).saturating_mul(self.stride).saturating_add(self.extent)
    }

    /// Whether there is such a window: (o − 1)·s + d·(k − 1) + 1 ≤ n + p + p. Rounding up admits one that reaches
    /// over the end by less than a stride, if it starts in the input or the padding before it.
    fn has(&self, window: u128) -> bool {
        let end = self.end(window);
        let starts_within = end < self.length.saturating_add(self.before).saturating_add(self.extent);
        end <= self.padded || (self.ceil && starts_within && end < self.padded.saturating_add(self.stride))
    }

    /// The number of windows, by the inequality; 0 where none fits.
    pub(in super::super) fn by_inequality(&self) -> u128 {
        // No two windows start at the same place, and one may hang over.
        last_that(self.padded.saturating_add(1), |window| self.has(window))
    }

    /// The inequality in numbers.
    fn told(&self, windows: u128) -> String {
        if self.ceil {
            return format!("window {windows} is the last");
        }
        format!("{} ≤ {} < {}", self.end(windows), self.padded, self.end(windows.saturating_add(1)))
    }

    /// The number of windows by sharing out what the first leaves, with how many strides that is, and what is left.
    pub(in super::super) fn by_division(&self) -> Option<(u128, u128, u128)> {
        let Some(room) = self.padded.checked_sub(self.extent) else {
            // The first window itself hangs over.
            let admitted = self.ceil && self.extent < self.padded.checked_add(self.stride)?;
            return admitted.then_some((1, 0, 0));
        };
        let (strides, left) = shared_out(room, self.stride)?;
        let next = room.checked_sub(left)?.checked_add(self.stride)?;
        let over = self.ceil && left > 0 && next < self.length.checked_add(self.before)?;
        let windows = strides.checked_add(if over { 2 } else { 1 })?;
        Some((windows, strides, left))
    }

    /// Whether the windows are few enough to slide to.
    fn slides(&self) -> bool {
        let starts = self.padded.saturating_sub(1).checked_div(self.stride).unwrap_or(0).saturating_add(2);
        i128::try_from(starts).is_ok_and(|n| n <= SLIDE_LIMIT)
    }
}

/// A layer's size, and how it was found.
struct Size {
    shape: Vec<u128>,
    source: &'static str,
    detail: String,
}

fn joined(parts: [String; 2], otherwise: String) -> String {
    let [first, second] = parts;
    let both = if first == second { first } else { format!("{first}, {second}") };
    if both.chars().count() <= DETAIL { both } else { otherwise }
}

/// Windows on two axes.
fn windows(axes: [Axis; 2], channels: u128) -> Option<Size> {
    if axes.iter().all(Axis::slides) {
        let counts = axes.map(|axis| axis.by_inequality());
        if counts.contains(&0) {
            return None;
        }
        let [rows, columns] = counts;
        let told = [axes[0].told(rows), axes[1].told(columns)];
        let detail = joined(told, format!("{rows}×{columns} windows fit, no more"));
        return Some(Size { shape: vec![rows, columns, channels], source: INEQUALITY, detail });
    }
    let [height, width] = axes;
    let ((rows, down, below), (columns, across, beside)) = (height.by_division()?, width.by_division()?);
    let told = [(down, below), (across, beside)].map(|(n, left)| format!("{n} strides, {left} left"));
    let detail = joined(told, format!("{rows}×{columns} windows"));
    Some(Size { shape: vec![rows, columns, channels], source: DIVISION, detail })
}

fn pass(layer: &Layer, shape: &[u128]) -> Option<Size> {
    let wide = |(rows, columns): (u64, u64)| (u128::from(rows), u128::from(columns));
    let one = |shape: Vec<u128>, detail: String| Some(Size { shape, source: INEQUALITY, detail });
    match (layer, shape) {
        (Layer::Conv { filters, kernel, stride, padding, dilation, .. }, &[height, width, _]) => {
            let axis = |length: u128, kernel: u64, stride: u64, pad: u64, dilation: u64| {
                let reach = u128::from(dilation).checked_mul(u128::from(kernel.checked_sub(1)?))?;
                let (before, around) = match padding {
                    Padding::Explicit(_) => (u128::from(pad), u128::from(pad).checked_mul(2)?),
                    // As much as the kernel reaches, so that a window starts at every entry.
                    Padding::Same => (0, reach),
                };
                let padded = length.checked_add(around)?;
                let stride = u128::from(stride);
                Some(Axis { length, before, padded, extent: reach.checked_add(1)?, stride, ceil: false })
            };
            let pads = if let Padding::Explicit(pads) = padding { *pads } else { (0, 0) };
            let axes = [
                axis(height, kernel.0, stride.0, pads.0, dilation.0)?,
                axis(width, kernel.1, stride.1, pads.1, dilation.1)?,
            ];
            windows(axes, u128::from(*filters))
        }
        (
            Layer::MaxPool { kernel, stride, padding, ceil }
            | Layer::AvgPool { kernel, stride, padding, ceil },
            &[height, width, channels],
        ) => {
            let (kernel, stride, pads) = (wide(*kernel), wide(*stride), wide(*padding));
            let axis = |length: u128, extent: u128, stride: u128, before: u128| {
                let padded = length.checked_add(before)?.checked_add(before)?;
                Some(Axis { length, before, padded, extent, stride, ceil: *ceil })
            };
            let axes = [axis(height, kernel.0, stride.0, pads.0)?, axis(width, kernel.1, stride.1, pads.1)?];
            windows(axes, channels)
        }
        (Layer::GlobalAvgPool | Layer::GlobalMaxPool, &[height, width, channels]) => {
            let all = [height, width].map(|n| Axis::plain(n, n).by_inequality());
            one(vec![all[0], all[1], channels], format!("a window of {height}×{width} fits once"))
        }
        // An output reads the one input at its place: a window of 1 that moves on by 1.
        (Layer::BatchNorm | Layer::ReLU | Layer::Dropout { .. }, _) => {
            let mut sizes = shape.to_vec();
            let spatial = if shape.len() > 1 { 2 } else { 1 };
            for n in sizes.iter_mut().take(spatial) {
                *n = Axis::plain(*n, 1).by_inequality();
            }
            let ends: Vec<String> = sizes.iter().take(spatial).map(u128::to_string).collect();
            let ones = if spatial > 1 { "1×1" } else { "1" };
            one(sizes, format!("windows of {ones} end at {}", ends.join("×")))
        }
        // Rows, columns and channels in this order: the last entry's index tells how many there are.
        (Layer::Flatten, _) => {
            let mut last = 0_u128;
            for n in shape {
                last = last.checked_mul(*n)?.checked_add(n.checked_sub(1)?)?;
            }
            let detail = format!("the last entry has index {last} from 0");
            let detail = if detail.chars().count() <= DETAIL { detail } else { format!("index {last}") };
            Some(Size { shape: vec![last.checked_add(1)?], source: LAST_INDEX, detail })
        }
        // A unit is a filter whose window is the whole input.
        (Layer::Linear { units, .. }, _) => {
            let mut size = u128::from(*units);
            for n in shape {
                size = size.checked_mul(Axis::plain(*n, *n).by_inequality())?;
            }
            one(vec![size], "a window over everything fits once".to_owned())
        }
        _ => None,
    }
}

fn input(network: &Network) -> Vec<u128> {
    match network.input {
        Shape::Map { height, width, channels } => [height, width, channels].map(u128::from).to_vec(),
        Shape::Flat(n) => vec![u128::from(n)],
    }
}

fn sizes(network: &Network) -> Vec<Size> {
    let mut shape = input(network);
    let mut all: Vec<Size> = Vec::with_capacity(network.layers.len());
    for declared in &network.layers {
        let Some(size) = pass(&declared.layer, &shape) else { break };
        shape.clone_from(&size.shape);
        all.push(size);
    }
    all
}

/// What goes into each layer; `None` where the shapes do not fit.
pub(super) fn inputs(network: &Network) -> Option<Vec<Vec<u128>>> {
    let outputs = sizes(network);
    if outputs.len() != network.layers.len() {
        return None;
    }
    Some(std::iter::once(input(network)).chain(outputs.into_iter().map(|size| size.shape)).collect())
}

fn table(named: &Named, prefix: &str) -> Vec<Evidence> {
    let row = |(at, size): (usize, Size)| {
        let sizes = size.shape.iter().map(|n| Value::integer(Integer::from(*n))).collect();
        let id = format!("{prefix}layer.{}.shape", at + 1);
        Evidence::equal(id, size.source, Value::List(sizes), size.detail)
    };
    sizes(&named.network).into_iter().enumerate().map(row).collect()
}

/// What the inequality says about every shape.
pub(super) fn evidence(given: &Given) -> Vec<Evidence> {
    let mut said = table(&given.network, "");
    said.extend(given.compare.iter().flat_map(|compare| table(compare, "compare.")));
    said
}
