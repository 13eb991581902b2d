//! Parameters counted where they are used live here: the weights that one filter or unit reads, then filter after
//! filter; weights of all layers first, then biases, then what normalises. No tensor is listed and nothing multiplied.

use num_integer::Integer as _;
use num_traits::{One, Zero};

use super::super::given::{Given, Named};
use super::DETAIL;
use super::inequality::inputs;
use crate::evidence::counting::{copies, last_that};
use crate::net::{Layer, Network};
use crate::num::{Integer, Rational};
use crate::report::{Evidence, Value};

const SOURCE: &str = "weights counted";

/// Weights of a filter that are counted one by one; beyond, tap by tap.
const ONE_BY_ONE: u128 = 1_000;

/// What a layer learns.
#[derive(Debug, Clone, Default)]
struct Counted {
    weights: Integer,
    biases: Integer,
    norms: Integer,
    detail: String,
}

impl Counted {
    fn all(&self) -> Integer {
        &self.weights + &self.biases + &self.norms
    }

    /// So many filters or units, all of which read so much.
    fn readers(count: u64, what: &str, fan_in: &Integer, bias: bool) -> Self {
        let times = u128::from(count);
        let biases = if bias { copies(&Integer::one(), times) } else { Integer::zero() };
        let each = if bias { "a bias each" } else { "no bias" };
        let detail = format!("{count} {what}s read {fan_in}, {each}");
        let detail = if detail.chars().count() <= DETAIL { detail } else { format!("{what} after {what}") };
        Self { weights: copies(fan_in, times), biases, norms: Integer::zero(), detail }
    }
}

/// The weights of the last filter: an entry for every row and column of the kernel and every channel of its group.
fn filter_reads(kernel: (u64, u64), channels: u128, groups: u128) -> Integer {
    // Channel c belongs to the group ⌊c·groups/channels⌋, and the last filter to the last group.
    let before_last = channels.saturating_mul(groups.saturating_sub(1));
    let reads = |channel: u128| channel.saturating_mul(groups) >= before_last;
    let (rows, columns) = (u128::from(kernel.0), u128::from(kernel.1));
    if rows.saturating_mul(columns).saturating_mul(channels) <= ONE_BY_ONE {
        let mut weights = 0_u64;
        for _row in 0..rows {
            for _column in 0..columns {
                for channel in 0..channels {
                    if reads(channel) {
                        weights += 1;
                    }
                }
            }
        }
        return Integer::from(weights);
    }
    let others = last_that(channels, |count| !reads(count.saturating_sub(1)));
    let tap = Integer::from(channels.saturating_sub(others));
    copies(&copies(&tap, columns), rows)
}

/// The entries that a unit reads: all.
fn unit_reads(input: &[u128]) -> Integer {
    input.iter().rev().fold(Integer::one(), |entries, n| copies(&entries, *n))
}

fn count(layer: &Layer, input: &[u128]) -> Option<Counted> {
    Some(match layer {
        Layer::Conv { filters, kernel, groups, bias, .. } => {
            let reads = filter_reads(*kernel, *input.last()?, u128::from(*groups));
            Counted::readers(*filters, "filter", &reads, *bias)
        }
        Layer::Linear { units, bias } => Counted::readers(*units, "unit", &unit_reads(input), *bias),
        Layer::BatchNorm => {
            let channels = *input.last()?;
            let norms = copies(&Integer::from(2), channels);
            Counted { norms, detail: format!("γ and β for each of {channels}"), ..Counted::default() }
        }
        Layer::MaxPool { .. }
        | Layer::AvgPool { .. }
        | Layer::GlobalAvgPool
        | Layer::GlobalMaxPool
        | Layer::ReLU
        | Layer::Dropout { .. }
        | Layer::Flatten => Counted { detail: "reads no weight".to_owned(), ..Counted::default() },
    })
}

/// What each layer learns; `None` where the shapes do not fit.
fn layers(network: &Network) -> Option<Vec<Counted>> {
    let inputs = inputs(network)?;
    network.layers.iter().zip(&inputs).map(|(declared, input)| count(&declared.layer, input)).collect()
}

/// All weights, then all biases, then all γ and β: their sum, and how many there are of each.
fn sum(layers: &[Counted]) -> (Integer, String) {
    let added = |what: fn(&Counted) -> &Integer| layers.iter().map(what).sum::<Integer>();
    let (weights, biases, norms) = (added(|l| &l.weights), added(|l| &l.biases), added(|l| &l.norms));
    let detail = format!("{weights} weights, {biases} biases, {norms} γ, β");
    let fits = detail.chars().count() <= DETAIL;
    let detail = if fits { detail } else { "weights, then biases, then γ and β".to_owned() };
    (weights + biases + norms, detail)
}

/// The parameters of a network, counted where they are used, and how many there are of each sort; `None` where its
/// shapes do not fit.
pub(in crate::kinds) fn total_counted(network: &Network) -> Option<(Integer, String)> {
    layers(network).map(|layers| sum(&layers))
}

fn table(said: &mut Vec<Evidence>, named: &Named, prefix: &str) -> Option<Integer> {
    let layers = layers(&named.network)?;
    for (at, layer) in layers.iter().enumerate() {
        let id = format!("{prefix}layer.{}.parameters", at + 1);
        said.push(Evidence::equal(id, SOURCE, Value::integer(layer.all()), layer.detail.clone()));
    }
    let (total, detail) = sum(&layers);
    said.push(Evidence::equal(format!("{prefix}total"), SOURCE, Value::integer(total.clone()), detail));
    Some(total)
}

/// The quotient of two counts by Euclid's algorithm: the last convergent of the continued fraction, whose terms are
/// the quotients; `None` for a division by zero.
pub(in super::super) fn continued_fraction(above: &Integer, below: &Integer) -> Option<(Rational, usize)> {
    if below.is_zero() {
        return None;
    }
    let (mut a, mut b) = (above.clone(), below.clone());
    let (mut p, mut q) = ((Integer::zero(), Integer::one()), (Integer::one(), Integer::zero()));
    let mut terms = 0;
    while !b.is_zero() {
        let (term, rest) = a.div_mod_floor(&b);
        p = (p.1.clone(), &term * &p.1 + &p.0);
        q = (q.1.clone(), &term * &q.1 + &q.0);
        (a, b) = (b, rest);
        terms += 1;
    }
    // It is the quotient because times the one count it is the other.
    let (p, q) = (p.1, q.1);
    (!q.is_zero() && &p * below == &q * above).then(|| (Rational::new(p, q), terms))
}

fn ratio(total: &Integer, other: &Integer) -> Evidence {
    let source = "continued fraction";
    let Some((ratio, terms)) = continued_fraction(other, total) else {
        return Evidence::absent("ratio", source, "no count to divide by");
    };
    let detail = format!("{ratio} · {total} = {other}");
    let fits = detail.chars().count() <= DETAIL;
    let detail = if fits { detail } else { format!("{terms} terms, checked by multiplying") };
    Evidence::equal("ratio", source, ratio, detail)
}

/// What counting says about every row but the shapes.
pub(super) fn evidence(given: &Given) -> Vec<Evidence> {
    let mut said = Vec::new();
    let total = table(&mut said, &given.network, "");
    if let Some(compare) = &given.compare {
        let other = table(&mut said, compare, "compare.");
        said.extend(total.as_ref().zip(other).map(|(total, other)| ratio(total, &other)));
    }
    if let Some(same) = &given.same_count
        && let Some((total, (other, _))) = total.zip(total_counted(&same.network))
    {
        let apart = total - other;
        let detail = format!("{apart} between the totals");
        let detail = if detail.chars().count() <= DETAIL { detail } else { "the totals apart".to_owned() };
        said.push(Evidence::equal("same-count", SOURCE, Value::Bool(apart.is_zero()), detail));
    }
    said
}
