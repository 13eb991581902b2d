//! The rows of a layer table are made here: shapes, parameters, totals, with their steps in letters and in numbers.

use num_traits::Zero;

use super::given::{Given, Named};
use super::lesson;
use crate::net::{self, Layer, NetError, Parameters, Shape, SizeWork, Stage};
use crate::notation::{Math, Relation};
use crate::num::{Integer, Rational};
use crate::report::{Answer, Row, Style, Value};

/// The longest label, in characters: it stands in a table.
const LABEL: usize = 24;

/// A network with what follows from it.
pub(super) struct Table {
    /// What words call it.
    pub name: String,
    /// Its layers.
    pub stages: Vec<Stage>,
    /// Its parameters.
    pub total: Integer,
}

impl Table {
    fn new(named: &Named, otherwise: &str) -> Result<Self, NetError> {
        let stages = net::trace(&named.network)?;
        let total = net::total_parameters(&stages);
        Ok(Self { name: named.name.clone().unwrap_or_else(|| otherwise.to_owned()), stages, total })
    }
}

/// Rows in order.
pub(super) fn solve(given: &Given) -> Vec<Row> {
    match tables(given) {
        Ok(rows) => rows,
        // Reading has traced the networks already, so this says only what it would say.
        Err(error) => vec![Row::new("total", "total", Answer::absent(error.message))],
    }
}

fn tables(given: &Given) -> Result<Vec<Row>, NetError> {
    let table = Table::new(&given.network, "the network")?;
    let mut rows = table_rows(&table, "");
    if let Some(compare) = &given.compare {
        let compare = Table::new(compare, "the compared network")?;
        rows.extend(table_rows(&compare, "compare."));
        rows.push(ratio(&table, &compare));
    }
    if let Some(same) = &given.same_count {
        rows.push(same_count(&table, &Table::new(same, "the other network")?));
    }
    Ok(rows)
}

fn table_rows(table: &Table, prefix: &str) -> Vec<Row> {
    let mut rows = Vec::with_capacity(2 * table.stages.len() + 1);
    for stage in &table.stages {
        rows.push(shape(stage, prefix));
        rows.push(parameters(stage, prefix));
    }
    rows.push(total(table, prefix));
    rows
}

pub(super) fn number(n: impl Into<Integer>) -> Math {
    Math::num(Rational::from_integer(n.into()))
}

/// `1 Conv: size`, `vs 12 BatchNorm: params`: shortened as far as a table needs.
fn label(stage: &Stage, prefix: &str, what: &str, short: &str) -> String {
    let layer = stage.layer.to_string();
    let layer = layer.split('(').next().unwrap_or_default();
    let front = if prefix.is_empty() { "" } else { "vs " };
    let number = stage.number;
    let tries = [
        format!("{front}{number} {layer}: {what}"),
        format!("{front}{number} {layer}: {short}"),
        format!("{front}{number} {}: {short}", layer.trim_end_matches("Pool")),
    ];
    let fits = tries.iter().find(|label| label.chars().count() <= LABEL);
    fits.or(tries.last()).cloned().unwrap_or_default()
}

fn shape(stage: &Stage, prefix: &str) -> Row {
    let sizes: Vec<Value> = stage.output.dimensions().into_iter().map(Value::integer).collect();
    let mut row = Row::new(
        format!("{prefix}layer.{}.shape", stage.number),
        label(stage, prefix, "size", "size"),
        Value::List(sizes),
    )
    .style(Style::Shape)
    .place(table_name(prefix), line(stage), "Output size");
    let (words, math) = size_step(stage);
    row = row.step(words, math);
    for remark in &stage.remarks {
        row = row.remark(format!("{}.", capital(&remark.to_string())));
    }
    row
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn size_step(stage: &Stage) -> (String, Vec<Math>) {
    match (&stage.layer, &stage.sizes) {
        (Layer::Conv { filters, .. }, Some(works)) => (
            format!("The channels are as many as the filters, {filters}. {}", letters(works)),
            sliding(works),
        ),
        (_, Some(works)) => {
            let words = format!(
                "Each of the {} channels is pooled by itself. {}",
                stage.input.features(),
                letters(works)
            );
            (words, sliding(works))
        }
        (Layer::GlobalAvgPool | Layer::GlobalMaxPool, None) => {
            ("The window is all of the map, so one position remains in every channel.".to_owned(), Vec::new())
        }
        (Layer::Flatten, None) => ("All entries in one vector.".to_owned(), flattened("n", stage.input)),
        (Layer::Linear { units, .. }, None) => {
            (format!("One output for each of the {units} units."), Vec::new())
        }
        (_, None) => (format!("It works entry by entry, so the size stays {}.", stage.output), Vec::new()),
    }
}

/// What the letters of the size formula mean, those that occur.
fn letters((height, width): &(SizeWork, SizeWork)) -> String {
    let any = |test: fn(&SizeWork) -> bool| test(height) || test(width);
    let mut words = String::from("Along an axis, n is the input, k the kernel and s the stride");
    if any(|w| w.before > 0 || w.after > 0) {
        words += ", p the padding";
    }
    if any(|w| w.dilation > 1) {
        words += ", d the dilation";
    }
    words + "."
}

fn sliding((height, width): &(SizeWork, SizeWork)) -> Vec<Math> {
    let line = |left: Math, work: &SizeWork| {
        // The letters have no sign for a window that is left out.
        let formula = if work.dropped { Math::minus(work.formula(), number(1)) } else { work.formula() };
        left.equals(formula).equals(work.to_math())
    };
    if height == width {
        return vec![line(Math::sym("H").equals(Math::sym("W")), height)];
    }
    vec![line(Math::sym("H"), height), line(Math::sym("W"), width)]
}

/// `n = H·W·C = 5·5·32 = 800` for a map; nothing for a vector.
fn flattened(name: &str, input: Shape) -> Vec<Math> {
    let (Shape::Map { .. }, Some(size)) = (input, input.size()) else { return Vec::new() };
    let letters = Math::prod(["H", "W", "C"].map(Math::sym).to_vec());
    let numbers = Math::prod(input.dimensions().into_iter().map(number).collect());
    vec![Math::sym(name).equals(letters).equals(numbers).equals(number(size))]
}

fn parameters(stage: &Stage, prefix: &str) -> Row {
    let (words, math, remark) = parameter_step(stage);
    let row = Row::new(
        format!("{prefix}layer.{}.parameters", stage.number),
        label(stage, prefix, "parameters", "params"),
        Value::integer(stage.parameters.value()),
    )
    .place(table_name(prefix), line(stage), "Parameters")
    .step(words, math);
    match remark {
        Some(remark) => row.remark(remark),
        None => row,
    }
}

/// `a·b·c_in·c_out + c_out = 5·5·1·16 + 16 = 416`
fn counted(parameters: &Parameters) -> Math {
    parameters.formula().equals(parameters.to_math())
}

fn parameter_step(stage: &Stage) -> (String, Vec<Math>, Option<String>) {
    match &stage.parameters {
        Parameters::Conv { groups, bias, .. } => {
            let channels = if *groups > 1 { "c_in/g channels of its group" } else { "c_in channels" };
            let biases = if *bias { "and has one bias" } else { "and has no bias" };
            let words = format!("Each of the c_out filters is a × b over the {channels}, {biases}.");
            (words, vec![counted(&stage.parameters)], None)
        }
        Parameters::BatchNorm { c } => {
            let what = if matches!(stage.input, Shape::Map { .. }) { "channels" } else { "units" };
            (
                format!("A scale γ and a shift β for each of the c {what}."),
                vec![counted(&stage.parameters)],
                Some(format!(
                    "The running mean and variance, {} numbers more, are statistics of the data and are not learned by \
                     gradient descent, so they are not counted.",
                    Integer::from(*c) * 2
                )),
            )
        }
        Parameters::Linear { bias, .. } => {
            let mut math = flattened("n_in", stage.input);
            math.push(counted(&stage.parameters));
            let biases = if *bias { "and a bias for every output" } else { "and no biases" };
            (format!("A weight for every pair of input and output, {biases}."), math, None)
        }
        Parameters::None => {
            let words = match &stage.layer {
                Layer::MaxPool { .. } | Layer::GlobalMaxPool => {
                    "Pooling takes maxima: there is nothing to learn."
                }
                Layer::AvgPool { .. } | Layer::GlobalAvgPool => {
                    "Pooling takes means: there is nothing to learn."
                }
                Layer::Dropout { .. } => "Dropout switches entries off at random: there is nothing to learn.",
                Layer::Flatten => "The entries are only laid out anew: there is nothing to learn.",
                _ => "A fixed function of every entry: there is nothing to learn.",
            };
            (words.to_owned(), Vec::new(), None)
        }
    }
}

/// The steps to a network's total, for every kind that counts one: its layers' parameters added.
pub(in crate::kinds) fn total_chain(stages: &[Stage], total: &Integer) -> Math {
    let parts: Vec<Math> =
        stages.iter().map(|s| s.parameters.value()).filter(|n| !n.is_zero()).map(number).collect();
    let total = number(total.clone());
    if parts.len() > 1 { Math::sum(parts).equals(total) } else { total }
}

fn total(table: &Table, prefix: &str) -> Row {
    let label = if prefix.is_empty() { "total" } else { "compare total" };
    Row::new(format!("{prefix}total"), label, Value::integer(table.total.clone()))
        .place(table_name(prefix), "Total", "Parameters")
        .step(
            "The layers' parameters together; layers without parameters are left out of the sum.",
            vec![total_chain(&table.stages, &table.total)],
        )
}

/// The heading of a table's first column.
fn table_name(prefix: &str) -> &'static str {
    if prefix.is_empty() { "Layer" } else { "Compared with" }
}

/// The heading of a layer's line: `1  Conv 16, 5×5`.
fn line(stage: &Stage) -> String {
    format!("{}  {}", stage.number, stage.layer.label())
}

fn ratio(table: &Table, compare: &Table) -> Row {
    let (below, above) = (&table.total, &compare.total);
    if below.is_zero() {
        let reason = format!("{} has no parameters, so there is nothing to divide by", table.name);
        return Row::new("ratio", "ratio of totals", Answer::absent(reason));
    }
    let ratio = Rational::new(above.clone(), below.clone());
    let mut chain = Math::frac(number(above.clone()), number(below.clone()));
    if ratio.denom() != below {
        chain = chain.equals(Math::num(ratio.clone()));
    }
    let mut row = Row::new("ratio", "ratio of totals", Value::from(ratio))
        .with_decimal()
        .step(format!("The total of {} over that of {}.", compare.name, table.name), vec![chain]);
    for remark in lesson::remarks(table, compare) {
        row = row.remark(remark);
    }
    row
}

fn same_count(table: &Table, other: &Table) -> Row {
    let same = table.total == other.total;
    let relation = if same { Relation::Equal } else { Relation::NotEqual };
    let statement = number(table.total.clone()).then(relation, number(other.total.clone()));
    let remark = if same {
        format!("{} and {} have {} parameters each.", lesson::at_start(&table.name), other.name, table.total)
    } else {
        let gap =
            if table.total > other.total { &table.total - &other.total } else { &other.total - &table.total };
        format!(
            "{} has {} parameters and {} has {}: {gap} apart.",
            lesson::at_start(&table.name),
            table.total,
            other.name,
            other.total
        )
    };
    Row::new("same-count", "same total", Value::Bool(same))
        .step("The totals side by side.", vec![statement])
        .remark(remark)
}
