//! Mean and variance of the score by drawing scores lives here, each entry of q and k by itself. The standard errors
//! follow from the moments of the entries.
//!
//! # What the numbers mean
//!
//! All tests of a run together refuse a right value at the rate [`RUN_LEVEL`], at most: it is shared equally among the
//! questions of this kind, and in each among its tests. A detail tells the smallest deviation that the run was all but
//! sure to refuse ("sees").

use std::collections::BTreeMap;

use num_traits::{ToPrimitive, Zero};

use crate::evidence::sampling::lanes::Lanes;
use crate::evidence::sampling::{self, Average, Law, Level, Sums, scores, threads};
use crate::kinds::attention_variance::given::{Entries, Given};
use crate::num::Rational;
use crate::report::{Estimate, Evidence, Sampled, Says};

use super::whole;

const SOURCE: &str = "sampling";
const ROWS: [&str; 3] = ["mean", "variance", "scaled-variance"];

/// The seed: a sheet is given the same verdicts each time.
const SEED: u64 = 480;
/// The rate at which a run refuses anything that is right: one run in a million.
const RUN_LEVEL: f64 = 1e-6;
/// Where d_k is a letter, it is these numbers.
const LENGTHS: [u64; 6] = [1, 4, 16, 64, 256, 1024];
/// The greatest length whose scores are drawn: beyond, too few could be.
const MAX_LENGTH: u64 = 65_536;
/// The most entries that are drawn for a question, on two cores a tenth of a second's work. A build without
/// optimisation, twenty times as slow, draws fewer and sees less.
const DRAWS: u64 = if cfg!(debug_assertions) { 1 << 22 } else { 3 << 25 };
/// So many times d² scores show one dimension more or less, a deviation of 1/d: the standard error of a variance is
/// near √(2/n) of it, and a deviation is seen from nine of them on.
const SCORES_BY_SQUARE: u64 = 256;
/// The least number of scores, where the draws allow it: fewer of few products are too far from normal.
const LEAST_SCORES: u64 = 1 << 17;
/// Scores that are drawn in fractions where all are alike.
const EXACT_SCORES: usize = 16;
/// The longest detail, in characters.
const MAX_DETAIL: usize = 40;

/// What drawing says about mean, variance and variance after scaling.
pub(super) fn about(given: &Given) -> Vec<Evidence> {
    let lengths = given.d_k.map_or(LENGTHS.to_vec(), |d| vec![d]);
    if lengths.iter().any(|d| *d > MAX_LENGTH) {
        let why = format!("d_k over {MAX_LENGTH}: too few scores");
        return ROWS.map(|row| cannot_tell(row, why.clone())).into();
    }
    let draws = DRAWS / lengths.len().max(1) as u64;
    let tests = given.questions.max(1).saturating_mul((ROWS.len() * lengths.len()) as u64);
    let level = Level::shared(RUN_LEVEL, tests);
    let mut columns: [Column; 3] = Default::default();
    for d in lengths {
        for (column, found) in columns.iter_mut().zip(at_length(given, d, draws, level)) {
            column.add(given, d, found);
        }
    }
    ROWS.into_iter().zip(columns).map(|(row, column)| column.evidence(row)).collect()
}

fn cannot_tell(row: &str, why: String) -> Evidence {
    let says = Says::Nothing(format!("cannot tell: {why}"));
    Evidence { row: row.to_owned(), source: SOURCE, says, detail: why }
}

/// What was found for one row at one length.
struct Found {
    estimate: Estimate,
    /// How many scores were drawn, and what the deviation that is seen is counted in; none where all are alike.
    drawn: Option<(u64, Rational)>,
}

/// Mean, variance and variance after scaling at a length.
fn at_length(given: &Given, d: u64, draws: u64, level: Level) -> [Result<Found, String>; 3] {
    let alike = exactly(given, d);
    if let [Some(mean), Some(variance)] = &alike {
        let scaled = variance / whole(d.max(1));
        return [mean.clone(), variance.clone(), scaled].map(|x| Ok(Found::exact(x)));
    }
    let entries = match entries(given) {
        Ok(entries) => entries,
        Err(why) => return [Err(why.clone()), Err(why.clone()), Err(why)],
    };
    let law = Law::of_scores(&entries, d);
    let wanted = d.saturating_mul(d).saturating_mul(SCORES_BY_SQUARE).max(LEAST_SCORES);
    let count = scores::whole(wanted.min(draws / (2 * d.max(1))).max(1));
    let sums = scores::draw(&entries, &law, d, count, SEED, threads::available());
    let unit = entries.square();
    let square = unit * unit;
    let [_, exact] = alike;
    let variance = |average: Average, seen: f64, exact: Option<Rational>| match exact {
        Some(value) => Ok(Found::exact(value)),
        None => Found::drawn(average, seen, level, &square, average.expectation, &sums),
    };
    [
        Found::drawn(law.mean_of(sums.count), sums.mean(&law), level, unit, law.squares_of(1).root(), &sums),
        variance(law.squares_of(sums.count), sums.variance(), exact.clone()),
        variance(
            law.squares_of(sums.count).over(d as f64),
            sums.scaled_variance(),
            exact.map(|x| x / whole(d.max(1))),
        ),
    ]
}

impl Found {
    /// What the average over scores says in a unit, and what deviation it sees, counted in `scale` units.
    fn drawn(
        average: Average,
        seen: f64,
        level: Level,
        unit: &Rational,
        scale: f64,
        sums: &Sums,
    ) -> Result<Self, String> {
        let estimate = average.estimate(seen, level, unit)?;
        let scale = Rational::from_float(scale).unwrap_or_else(Rational::zero) * unit;
        let relative = if scale.is_zero() { scale } else { &estimate.resolution / scale };
        Ok(Self { estimate, drawn: Some((sums.count, relative)) })
    }

    fn exact(value: Rational) -> Self {
        Self { estimate: Estimate::exact(value), drawn: None }
    }
}

/// Entries to draw. Where only a mean and a variance are given, normal ones stand for all that have them: the mean and
/// the variance of the score depend on no more.
fn entries(given: &Given) -> Result<sampling::Entries, String> {
    match &given.entries {
        Entries::Moments { mean, variance } => sampling::Entries::normal(mean, variance),
        Entries::Table(table) => sampling::Entries::table(table),
    }
}

/// The mean of the score where every score is the same, and its variance where all lie as far from the mean: from
/// scores drawn in fractions.
fn exactly(given: &Given, d: u64) -> [Option<Rational>; 2] {
    let (values, mean) = match &given.entries {
        Entries::Moments { mean, variance } if variance.is_zero() => (vec![mean.clone()], mean.clone()),
        Entries::Moments { .. } => return [None, None],
        Entries::Table(table) => (
            table.iter().filter(|(_, p)| !p.is_zero()).map(|(v, _)| v.clone()).collect(),
            table.iter().fold(Rational::zero(), |sum, (v, p)| sum + v * p),
        ),
    };
    let mean = &mean * &mean * whole(d);
    let constant = values.iter().all(|v| Some(v) == values.first());
    let all_as_far = constant || (d == 1 && as_far(&values, &mean));
    if !all_as_far {
        return [None, None];
    }
    let mut lanes = Lanes::new(SEED, d, 0);
    let mut entry = || {
        let [bits, ..] = lanes.step();
        let at = (bits >> 8) as usize % values.len().max(1);
        values.get(at).cloned().unwrap_or_else(Rational::zero)
    };
    // Terms of a constant are all alike: one stands for d.
    let terms = if constant { whole(d) } else { whole(1) };
    let drawn: Vec<Rational> = (0..EXACT_SCORES).map(|_| entry() * entry() * &terms).collect();
    let same = |x: &[Rational]| x.first().filter(|first| x.iter().all(|y| y == *first)).cloned();
    let squares: Vec<Rational> = drawn.iter().map(|s| (s - &mean) * (s - &mean)).collect();
    [same(&drawn).filter(|_| constant), same(&squares)]
}

/// Whether all products of two values lie as far from the mean.
fn as_far(values: &[Rational], mean: &Rational) -> bool {
    let mut far = None;
    values.iter().flat_map(|a| values.iter().map(move |b| a * b - mean)).all(|apart| {
        let square = &apart * &apart;
        *far.get_or_insert_with(|| square.clone()) == square
    })
}

/// What was found for one row, length by length.
#[derive(Default)]
struct Column {
    samples: Vec<Sampled>,
    lengths: Vec<u64>,
    /// The most that was needed to be seen, in its scale, and the scores that were drawn last.
    worst: Option<(u64, Rational)>,
    why_not: Option<String>,
}

impl Column {
    fn add(&mut self, given: &Given, d: u64, found: Result<Found, String>) {
        match found {
            Ok(Found { estimate, drawn }) => {
                let with = match given.d_k {
                    Some(_) => BTreeMap::new(),
                    None => BTreeMap::from([("d_k".to_owned(), whole(d))]),
                };
                self.samples.push(Sampled { with, estimate });
                self.lengths.push(d);
                if let Some((count, relative)) = drawn {
                    let most = match self.worst.take() {
                        Some((_, before)) if before > relative => before,
                        _ => relative,
                    };
                    self.worst = Some((count, most));
                }
            }
            Err(why) => self.why_not = self.why_not.take().or(Some(why)),
        }
    }

    fn evidence(self, row: &str) -> Evidence {
        if self.samples.is_empty() {
            return cannot_tell(row, self.why_not.unwrap_or_default());
        }
        let detail = self.detail(row);
        Evidence::consistent(row, SOURCE, self.samples, detail)
    }

    fn detail(&self, row: &str) -> String {
        let of_what = if row == "mean" { " of σ" } else { "" };
        match (self.samples.as_slice(), &self.worst) {
            ([one], Some((count, _))) if one.with.is_empty() => {
                let Estimate { estimate, standard_error, resolution, .. } = &one.estimate;
                let seen = format!(
                    "{} ± {}, sees {}",
                    short(estimate, 4),
                    short(standard_error, 2),
                    short(resolution, 2)
                );
                let all = format!("{seen}, n = {count}");
                if all.chars().count() <= MAX_DETAIL { all } else { seen }
            }
            ([_], None) => "every score drawn says the same".to_owned(),
            (_, worst) => {
                let ends = match (self.lengths.first(), self.lengths.last()) {
                    (Some(first), Some(last)) if first < last => format!("d_k = {first} to {last}"),
                    (Some(only), _) => format!("d_k = {only}"),
                    _ => String::new(),
                };
                match worst {
                    Some((_, relative)) => {
                        format!("{ends}, sees {} %{of_what}", short(&(relative * whole(100)), 2))
                    }
                    None => format!("{ends}, all scores alike"),
                }
            }
        }
    }
}

/// A number of a detail, to so many digits: plain where that is short.
fn short(x: &Rational, digits: usize) -> String {
    let Some(x) = x.to_f64() else { return "?".to_owned() };
    let scientific = format!("{x:.*e}", digits.saturating_sub(1));
    let exponent = scientific.split_once('e').and_then(|(_, e)| e.parse::<i32>().ok()).unwrap_or(0);
    let places = i32::try_from(digits).unwrap_or(0).saturating_sub(1).saturating_sub(exponent);
    match usize::try_from(places) {
        Ok(places) if places <= digits.saturating_add(2) => format!("{x:.places$}"),
        Err(_) if exponent <= 5 => format!("{x:.0}"),
        _ => scientific,
    }
}
