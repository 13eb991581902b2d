//! Evidence about a layer table lives here: kernels that slide, tensors that are listed, all from the declarations.
//! Nothing of the solver, and nothing that `net` derives, is used. Other ways stand beside: sizes by inequality in
//! `evidence/inequality.rs`, weights where they are used in `evidence/counted.rs`.

pub(super) mod counted;
pub(super) mod inequality;

use num_traits::Zero;

use super::given::{Given, Named};
use crate::net::{Layer, Network, Padding, Shape};
use crate::num::{Integer, Rational};
use crate::report::{Evidence, Value};
pub(in crate::kinds) use counted::total_counted;

/// Positions that are slid to one by one; beyond, the last position that fits is found by bisection.
const SLIDE_LIMIT: i128 = 10_000;

/// One axis of a window, as it is declared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    /// Length of the input.
    pub length: u64,
    /// Taps of the kernel.
    pub kernel: u64,
    /// Step.
    pub stride: u64,
    /// Padding before the input and after it.
    pub padding: (u64, u64),
    /// Distance between taps.
    pub dilation: u64,
    /// Whether a last window may hang over.
    pub ceil: bool,
}

impl Window {
    /// How many positions the window has, and whether each was visited. The input lies at 0, 1, …, length − 1; a
    /// position is the place of the first tap.
    pub(super) fn positions(&self) -> (u64, bool) {
        let stride = i128::from(self.stride.max(1));
        let first = -i128::from(self.padding.0);
        let last_entry = i128::from(self.length) - 1 + i128::from(self.padding.1);
        let reach = i128::from(self.dilation) * (i128::from(self.kernel) - 1);
        // Rounding up admits one window more where the one before left entries over, if it starts in the input or the
        // padding before it: not beyond the last entry of the input.
        let admits = |start: i128| {
            start + reach <= last_entry
                || (self.ceil && start - stride + reach < last_entry && start < i128::from(self.length))
        };
        let most = (last_entry - first) / stride + 2;
        if most <= SLIDE_LIMIT {
            let mut start = first;
            let mut count = 0;
            while admits(start) {
                count += 1;
                start += stride;
            }
            return (count, true);
        }
        // Once a window is refused, so is every later one.
        let (mut fitting, mut refused) = (0_i128, most);
        while fitting < refused {
            let middle = fitting + (refused - fitting) / 2;
            if admits(first + middle * stride) {
                fitting = middle + 1;
            } else {
                refused = middle;
            }
        }
        (u64::try_from(fitting).unwrap_or(u64::MAX), false)
    }
}

/// A tensor to be learnt: its name and the lengths of its axes.
struct Tensor {
    name: &'static str,
    axes: Vec<u64>,
}

impl Tensor {
    fn new(name: &'static str, axes: &[u64]) -> Self {
        Self { name, axes: axes.to_vec() }
    }

    fn entries(&self) -> Integer {
        self.axes.iter().fold(Integer::from(1), |n, axis| n * Integer::from(*axis))
    }

    fn text(&self) -> String {
        let axes: Vec<String> = self.axes.iter().map(u64::to_string).collect();
        format!("{} {}", self.name, axes.join("×"))
    }
}

/// A layer as it was seen: what comes out, how that was found, and the tensors.
struct Seen {
    output: Vec<u64>,
    how: String,
    tensors: Vec<Tensor>,
}

impl Seen {
    fn parameters(&self) -> Integer {
        self.tensors.iter().map(Tensor::entries).sum()
    }
}

/// Walks through a network; stops early where a layer does not fit, so that what follows has no evidence.
fn walk(network: &Network) -> Vec<Seen> {
    let mut shape = match network.input {
        Shape::Map { height, width, channels } => vec![height, width, channels],
        Shape::Flat(n) => vec![n],
    };
    let mut seen = Vec::with_capacity(network.layers.len());
    for declared in &network.layers {
        let Some(next) = pass(&declared.layer, &shape) else { break };
        shape.clone_from(&next.output);
        seen.push(next);
    }
    seen
}

fn product(shape: &[u64]) -> Option<u64> {
    shape.iter().try_fold(1_u64, |n, axis| n.checked_mul(*axis))
}

fn slide(height: Window, width: Window, channels: u64) -> (Vec<u64>, String) {
    let ((rows, visited), (columns, too)) = (height.positions(), width.positions());
    let how = if visited && too { "slid to" } else { "bisected to" };
    (vec![rows, columns, channels], format!("{how} {rows}×{columns} positions"))
}

fn pass(layer: &Layer, shape: &[u64]) -> Option<Seen> {
    let map = || match shape {
        [height, width, channels] => Some((*height, *width, *channels)),
        _ => None,
    };
    let untouched = |how: &str, output: Vec<u64>| Seen { output, how: how.to_owned(), tensors: Vec::new() };
    Some(match layer {
        Layer::Conv { filters, kernel, stride, padding, dilation, groups, bias } => {
            let (height, width, channels) = map()?;
            let around = |taps: u64, gap: u64, explicit: u64| match padding {
                Padding::Explicit(_) => Some((explicit, explicit)),
                // The output is as long as the input: the kernel's reach is made up for, the odd entry after.
                Padding::Same => {
                    let reach = gap.checked_mul(taps.checked_sub(1)?)?;
                    let before = reach / 2;
                    Some((before, reach.checked_sub(before)?))
                }
            };
            let (rows, columns) = match padding {
                Padding::Explicit(pads) => *pads,
                Padding::Same => (0, 0),
            };
            let window = |length, kernel, stride, padding, dilation| Window {
                length,
                kernel,
                stride,
                padding,
                dilation,
                ceil: false,
            };
            let (output, how) = slide(
                window(height, kernel.0, stride.0, around(kernel.0, dilation.0, rows)?, dilation.0),
                window(width, kernel.1, stride.1, around(kernel.1, dilation.1, columns)?, dilation.1),
                *filters,
            );
            let mut tensors =
                vec![Tensor::new("weight", &[*filters, channels.checked_div(*groups)?, kernel.0, kernel.1])];
            if *bias {
                tensors.push(Tensor::new("bias", &[*filters]));
            }
            Seen { output, how, tensors }
        }
        Layer::MaxPool { kernel, stride, padding, ceil }
        | Layer::AvgPool { kernel, stride, padding, ceil } => {
            let (height, width, channels) = map()?;
            let window = |length, kernel, stride, pad| Window {
                length,
                kernel,
                stride,
                padding: (pad, pad),
                dilation: 1,
                ceil: *ceil,
            };
            let (output, how) = slide(
                window(height, kernel.0, stride.0, padding.0),
                window(width, kernel.1, stride.1, padding.1),
                channels,
            );
            Seen { output, how, tensors: Vec::new() }
        }
        Layer::GlobalAvgPool | Layer::GlobalMaxPool => {
            let (_, _, channels) = map()?;
            untouched("one window over everything", vec![1, 1, channels])
        }
        Layer::BatchNorm => {
            let channels = *shape.last()?;
            Seen {
                output: shape.to_vec(),
                how: "entry by entry".to_owned(),
                tensors: vec![Tensor::new("γ", &[channels]), Tensor::new("β", &[channels])],
            }
        }
        Layer::ReLU | Layer::Dropout { .. } => untouched("entry by entry", shape.to_vec()),
        Layer::Flatten => untouched("entries counted", vec![product(shape)?]),
        Layer::Linear { units, bias } => {
            let mut tensors = vec![Tensor::new("weight", &[*units, product(shape)?])];
            if *bias {
                tensors.push(Tensor::new("bias", &[*units]));
            }
            Seen { output: vec![*units], how: "rows of the weight matrix".to_owned(), tensors }
        }
    })
}

/// Longest detail, in characters.
const DETAIL: usize = 40;

fn detail(tensors: &[Tensor]) -> String {
    if tensors.is_empty() {
        return "no tensors".to_owned();
    }
    let all: Vec<String> = tensors.iter().map(Tensor::text).collect();
    let all = all.join(", ");
    if all.chars().count() <= DETAIL { all } else { format!("{} tensors", tensors.len()) }
}

fn sizes(shape: &[u64]) -> Value {
    Value::List(shape.iter().map(|n| Value::integer(*n)).collect())
}

/// The parameters of a network, by its tensors; `None` where its shapes do not fit. Also how many tensors there are.
pub(in crate::kinds) fn total_by_tensors(network: &Network) -> Option<(Integer, usize)> {
    let seen = walk(network);
    if seen.len() != network.layers.len() {
        return None;
    }
    Some((seen.iter().map(Seen::parameters).sum(), seen.iter().map(|s| s.tensors.len()).sum()))
}

fn table(said: &mut Vec<Evidence>, named: &Named, prefix: &str) -> Option<Integer> {
    let seen = walk(&named.network);
    for (at, layer) in seen.iter().enumerate() {
        let id = |what: &str| format!("{prefix}layer.{}.{what}", at + 1);
        let source = if layer.how.contains("positions") { "sliding" } else { "shapes" };
        said.push(Evidence::equal(id("shape"), source, sizes(&layer.output), layer.how.clone()));
        let parameters = Value::integer(layer.parameters());
        said.push(Evidence::equal(id("parameters"), "tensors", parameters, detail(&layer.tensors)));
    }
    let (total, count) = total_by_tensors(&named.network)?;
    said.push(Evidence::equal(
        format!("{prefix}total"),
        "tensors",
        Value::integer(total.clone()),
        format!("{count} tensors added"),
    ));
    Some(total)
}

/// What sliding and listing say about every row, and what the other ways say.
pub(super) fn evidence(given: &Given) -> Vec<Evidence> {
    let mut said = Vec::new();
    let total = table(&mut said, &given.network, "");
    if let Some(compare) = &given.compare {
        let other = table(&mut said, compare, "compare.");
        if let Some((total, other)) = total.clone().zip(other) {
            said.push(if total.is_zero() {
                Evidence::absent("ratio", "tensors", "no tensors to divide by")
            } else {
                let counts = format!("{other} entries to {total}");
                Evidence::equal("ratio", "tensors", Value::from(Rational::new(other, total)), counts)
            });
        }
    }
    if let Some(same) = &given.same_count
        && let Some((total, (other, _))) = total.zip(total_by_tensors(&same.network))
    {
        let counts = format!("{total} entries and {other}");
        said.push(Evidence::equal("same-count", "tensors", Value::Bool(total == other), counts));
    }
    said.extend(inequality::evidence(given));
    said.extend(counted::evidence(given));
    said
}
