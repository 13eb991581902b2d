//! The fields of a network question become a validated problem here: shapes fit, sizes are bounded. Nothing is
//! computed from the numbers.

use num_integer::Integer as _;
use num_traits::{Signed, Zero};

use crate::kinds::softmax_cross_entropy::given::{Classes, FIRST_CLASS, TRUE_CLASS};
use crate::num::{Integer, Rational};
use crate::sheet::{Entry, Field, FieldType, NUMBER, Range, SheetError, shown};

/// The most layers of a network.
pub const MAX_LAYERS: usize = 64;
/// The most units of a layer, and the most inputs.
pub const MAX_WIDTH: usize = 4096;
/// The most weights and biases of a network.
pub const MAX_PARAMETERS: usize = 1_000_000;
/// The most terms of all gradients together: parameters times classes, since a gradient is a sum over classes.
pub const MAX_TERMS: usize = 2_000_000;
/// The most work that exact numbers may take, as terms times the square of their length in bits.
const MAX_WORK: u64 = 200_000_000_000;
/// Bits of a common denominator from which it is not computed further.
const MAX_DENOMINATOR_BITS: u64 = 1 << 16;
/// The longest name of a symbol, in characters.
const MAX_SYMBOL: usize = 32;

/// The fields of an entry.
pub(super) const FIELDS: &[Field] = &[
    Field::required("input", VECTOR, "[1, -1]", "the input x"),
    TRUE_CLASS,
    FIRST_CLASS,
    Field::required(
        "step",
        FieldType::Number(Range::Positive),
        "0.1",
        "the step size t of one step of gradient descent",
    ),
    Field::required(
        "layer",
        FieldType::Tables { fields: LAYER_FIELDS, least: 1, most: MAX_LAYERS },
        "[{ weights = [[1, 2], [-1, 0.5]], bias = [0, 0] }]",
        "the layers from the input on, each under a header `[[question.layer]]`; the last gives the logits",
    ),
];

const LAYER_FIELDS: &[Field] = &[
    Field::required(
        "weights",
        FieldType::Matrix { most: MAX_WIDTH },
        "[[0.5, -0.25], [\"1/3\", 1]]",
        "by rows, one a unit, as long as what comes in",
    ),
    Field::required("bias", VECTOR, "[0, 0.1]", "a number for each unit"),
    Field::optional(
        "activation",
        FieldType::OneOf(&ACTIVATIONS),
        "\"relu\"",
        "may be left out on the last layer only, where it is not `relu`",
    ),
    Field::optional(
        "symbols",
        FieldType::Table(SYMBOL_FIELDS),
        "{ weights = \"W\", bias = \"b_1\", pre = \"z\", out = \"h\" }",
        "what the layer's quantities are called in print",
    ),
];

const SYMBOL_FIELDS: &[Field] = &[
    Field::optional(
        "weights",
        SYMBOL,
        "\"W\"",
        "the weights; W_N in layer N where left out, W if it is the only one",
    ),
    Field::optional(
        "bias",
        SYMBOL,
        "\"b_1\"",
        "the bias; b_N in layer N where left out, b if it is the only one",
    ),
    Field::optional(
        "pre",
        SYMBOL,
        "\"z\"",
        "what goes into the activation; z_N in layer N where left out, theta in the last",
    ),
    Field::optional(
        "out",
        SYMBOL,
        "\"h\"",
        "what comes out of the activation; h_N in layer N where left out, p_hat in the last",
    ),
];

const VECTOR: FieldType = FieldType::List { of: &NUMBER, least: 1, most: MAX_WIDTH };
const SYMBOL: FieldType = FieldType::Symbol(MAX_SYMBOL);
const ACTIVATIONS: [&str; 2] = ["relu", "identity"];

/// Names of a layer's quantities, in the spelling of sheets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbols {
    /// The weights: `W`.
    pub weights: String,
    /// The bias: `b_1`.
    pub bias: String,
    /// What goes into the activation: `z`.
    pub pre: String,
    /// What comes out of it: `h`.
    pub out: String,
}

/// One layer: out = activation(weights · in + bias).
#[derive(Debug, Clone)]
pub struct Layer {
    /// By rows, one a unit; each as long as the layer's input.
    pub weights: Vec<Vec<Rational>>,
    /// One number a unit.
    pub bias: Vec<Rational>,
    /// ReLU; else the identity.
    pub relu: bool,
    /// For printing.
    pub symbols: Symbols,
}

/// A network question. There is at least one layer, and the last has no activation.
#[derive(Debug, Clone)]
pub struct Given {
    /// The input x.
    pub input: Vec<Rational>,
    /// Layers from the input on; shapes fit.
    pub layers: Vec<Layer>,
    /// The classes, as many as the last layer has units.
    pub classes: Classes,
    /// The step size, positive.
    pub step: Rational,
    /// Decimals that the question asks for.
    pub digits: u32,
}

impl Given {
    /// Reads the fields of an entry.
    ///
    /// # Errors
    /// A field that is missing or wrong, shapes that do not fit, a limit that is passed, a class that does not exist.
    pub fn read(entry: &Entry) -> Result<Self, SheetError> {
        let input = entry.numbers("input")?;
        if input.value.len() > MAX_WIDTH {
            return Err(too_wide(entry, input.span, "the input", input.value.len()));
        }
        let tables = entry.tables("layer")?;
        if tables.len() > MAX_LAYERS {
            return Err(entry.error(
                "layer",
                format!("{} has {} layers, and the limit is {MAX_LAYERS}", entry.what(), tables.len()),
                "give fewer layers",
            ));
        }
        let mut layers: Vec<Layer> = Vec::with_capacity(tables.len());
        for (at, table) in tables.iter().enumerate() {
            let before = layers.last().map_or(input.value.len(), |l| l.bias.len());
            layers.push(read_layer(table, at, tables.len(), before)?);
        }
        let outputs = layers.last().map_or(0, |l| l.bias.len());
        let classes = Classes::read(entry, outputs)?;
        let step = entry.number("step")?;
        if !step.value.is_positive() {
            return Err(entry.error_at(
                step.span,
                format!("the step of {} is not positive", entry.what()),
                "a step of gradient descent goes against the gradient: write, for example, step = 0.1",
            ));
        }
        let input = input.value.into_iter().map(|x| x.value).collect();
        let given = Self { input, layers, classes, step: step.value, digits: entry.digits };
        given.check_size(entry)?;
        Ok(given)
    }

    /// Weights and biases together.
    #[must_use]
    pub fn parameters(&self) -> usize {
        let of = |l: &Layer| l.weights.iter().map(Vec::len).sum::<usize>().saturating_add(l.bias.len());
        self.layers.iter().map(of).fold(0, usize::saturating_add)
    }

    /// Terms in all gradients: parameters times classes.
    fn terms(&self) -> usize {
        self.parameters().saturating_mul(self.classes.count)
    }

    /// Terms times the square of their length, and that length in bits: lengths add up along a path through the network,
    /// once forward and once back.
    fn work(&self) -> (u64, u64) {
        let of_layers = self.layers.iter().map(|l| length(l.weights.iter().flatten().chain(&l.bias)));
        let bits = of_layers.fold(length(self.input.iter()), u64::saturating_add).saturating_mul(2);
        let terms = u64::try_from(self.terms()).unwrap_or(u64::MAX);
        (bits.saturating_mul(bits).saturating_mul(terms), bits)
    }

    /// Work, or terms, in thousandths of what is allowed: the greater.
    pub(super) fn thousandths(&self) -> u64 {
        let by_work = self.work().0.div_ceil(MAX_WORK / 1000);
        by_work.max(self.terms().saturating_mul(1000).div_ceil(MAX_TERMS) as u64).max(1)
    }

    fn check_size(&self, entry: &Entry) -> Result<(), SheetError> {
        let parameters = self.parameters();
        let terms = self.terms();
        let (passed, limit, what) = if parameters > MAX_PARAMETERS {
            (parameters, MAX_PARAMETERS, "parameters")
        } else {
            (terms, MAX_TERMS, "terms in its gradients (parameters times classes)")
        };
        if passed > limit {
            return Err(entry.error(
                "layer",
                format!("the network of {} has {passed} {what}, and the limit is {limit}", entry.what()),
                "give a smaller network",
            ));
        }
        let (work, bits) = self.work();
        if work > MAX_WORK {
            return Err(entry.error(
                "layer",
                format!(
                    "exact gradients of {} are too much work: {terms} terms of up to {bits} bits, and terms times \
                     bits² may be {MAX_WORK} at most",
                    entry.what()
                ),
                "give shorter numbers, with common denominators, or a smaller network",
            ));
        }
        Ok(())
    }
}

/// Bits of the common denominator of some numbers and of the longest numerator over it.
fn length<'a>(numbers: impl Iterator<Item = &'a Rational>) -> u64 {
    let mut denominator = Integer::from(1);
    let mut numerator = 0u64;
    for x in numbers {
        numerator = numerator.max(x.numer().bits());
        if !(&denominator % x.denom()).is_zero() {
            denominator = denominator.lcm(x.denom());
        }
        if denominator.bits() > MAX_DENOMINATOR_BITS {
            return u64::MAX;
        }
    }
    numerator.saturating_add(denominator.bits())
}

fn too_wide(entry: &Entry, span: std::ops::Range<usize>, what: &str, width: usize) -> SheetError {
    entry.error_at(
        span,
        format!("{what} of {} has {width} entries, and the limit is {MAX_WIDTH}", entry.what()),
        "give a narrower network",
    )
}

/// Reads layer number `at` (from 0) of `count`, whose input has `before` entries.
fn read_layer(table: &Entry, at: usize, count: usize, before: usize) -> Result<Layer, SheetError> {
    let number = at + 1;
    let weights = table.matrix("weights")?;
    let (rows, columns) = (weights.value.len(), weights.value.first().map_or(0, Vec::len));
    if columns != before {
        let source = if at == 0 { "the input has".to_owned() } else { format!("layer {at} gives") };
        let noun = match (at, before) {
            (0, 1) => "entry",
            (0, _) => "entries",
            (_, 1) => "output",
            _ => "outputs",
        };
        return Err(table.error_at(
            weights.span,
            format!("weights of layer {number} are {rows}×{columns} but {source} {before} {noun}"),
            format!(
                "give each row {before} numbers: a row for each unit, a column for each number coming in"
            ),
        ));
    }
    if rows > MAX_WIDTH {
        return Err(too_wide(table, weights.span, "the first column", rows));
    }
    let bias = table.numbers("bias")?;
    if bias.value.len() != rows {
        let length = bias.value.len();
        return Err(table.error_at(
            bias.span,
            format!("the bias of layer {number} has length {length} but its weights are {rows}×{columns}"),
            format!("give {rows} numbers, one for each row of the weights"),
        ));
    }
    let relu = read_activation(table, number, number == count)?;
    let symbols = read_symbols(table, number, count)?;
    table.finish(LAYER_FIELDS)?;
    let bias = bias.value.into_iter().map(|b| b.value).collect();
    Ok(Layer { weights: weights.value, bias, relu, symbols })
}

fn read_activation(table: &Entry, number: usize, last: bool) -> Result<bool, SheetError> {
    let Some(activation) = table.opt_text("activation")? else {
        if last {
            return Ok(false);
        }
        return Err(table.error_at(
            table.span(),
            format!("{} lacks `activation`: only the last layer may leave it out", table.what()),
            "add activation = \"relu\"",
        ));
    };
    match activation.value.as_str() {
        "identity" => Ok(false),
        "relu" if !last => Ok(true),
        "relu" => Err(table.error_at(
            activation.span,
            format!("layer {number} is the last: its outputs are the logits, so it has no activation"),
            "leave activation out, or write \"identity\"; to have ReLU here, add a layer after it",
        )),
        other => Err(table.error_at(
            activation.span,
            format!("{} is not a known activation", shown(other)),
            "write \"relu\" or \"identity\"",
        )),
    }
}

fn read_symbols(table: &Entry, number: usize, count: usize) -> Result<Symbols, SheetError> {
    let last = number == count;
    let indexed = |letter: &str| if count == 1 { letter.to_owned() } else { format!("{letter}_{number}") };
    let mut symbols = Symbols {
        weights: indexed("W"),
        bias: indexed("b"),
        pre: if last { "theta".to_owned() } else { format!("z_{number}") },
        out: if last { "p_hat".to_owned() } else { format!("h_{number}") },
    };
    let Some(names) = table.opt_table("symbols")? else { return Ok(symbols) };
    for (key, symbol) in [
        ("weights", &mut symbols.weights),
        ("bias", &mut symbols.bias),
        ("pre", &mut symbols.pre),
        ("out", &mut symbols.out),
    ] {
        let Some(name) = names.opt_text(key)? else { continue };
        let is_name = name.value.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.value.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && name.value.len() <= MAX_SYMBOL;
        if !is_name {
            return Err(names.error_at(
                name.span,
                format!("{} is not a name for a symbol", shown(&name.value)),
                format!(
                    "write a letter, then letters, digits and _ ({MAX_SYMBOL} characters at most): \"b_1\""
                ),
            ));
        }
        *symbol = name.value;
    }
    names.finish(SYMBOL_FIELDS)?;
    Ok(symbols)
}
