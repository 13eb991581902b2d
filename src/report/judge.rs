//! The judge lives here: the one place that holds values against evidence. It computes nothing of its own about a
//! question and knows no kind.

use num_traits::Signed;

use super::sampled::consistent;
use super::{Answer, Bounds, Evidence, Instance, Measured, Row, Says, Status, Value};
use crate::expr::{self, Expr};
use crate::num::{Exact, Integer, Interval, Rounding, Undecided};

/// How strongly something holds, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// By sampling or training, with its error.
    Measured,
    /// In a proved interval.
    Enclosed {
        /// Decimals to which value and evidence are sure to agree.
        digits: u32,
    },
    /// Equality settled by exact arithmetic.
    Decided,
    /// Accepted by an independent kernel.
    Proved,
}

impl Strength {
    /// The word in print and in the JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Enclosed { .. } => "enclosed",
            Self::Decided => "decided",
            Self::Proved => "proved",
        }
    }
}

/// What comes of holding a value against one piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// They agree.
    Holds(Strength),
    /// They do not, and this shows it.
    Fails(String),
    /// It could not be settled.
    Undecided(String),
}

impl Outcome {
    /// The word in the JSON.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Holds(_) => "holds",
            Self::Fails(_) => "fails",
            Self::Undecided(_) => "undecided",
        }
    }
}

/// The outcome with where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The way of working that the evidence came from.
    pub source: &'static str,
    /// The outcome.
    pub outcome: Outcome,
    /// What was done and seen.
    pub detail: String,
}

impl Verdict {
    /// Whether the evidence agrees.
    #[must_use]
    pub fn holds(&self) -> bool {
        matches!(self.outcome, Outcome::Holds(_))
    }
}

/// Digits counted at most when an enclosure is very narrow and the question does not ask for more.
const MOST_DIGITS: u32 = 100;

/// Digits of a witness against a measurement: an image of a million shows.
const MEASURED_DIGITS: u32 = 6;

/// Bits beyond those of the evidence to which a value is enclosed when it is held against bounds.
const FINER_BITS: u32 = 64;

/// Holds a row against all evidence about it, and says where it stands. An interval that does not settle `digits`
/// decimals is too wide to say that anything holds.
#[must_use]
pub fn judge(row: &Row, evidence: &[Evidence], digits: u32) -> (Vec<Verdict>, Status) {
    if matches!(row.answer, Answer::NotRun { .. }) {
        return (Vec::new(), Status::NotRun);
    }
    let heard: Vec<&Evidence> = evidence.iter().filter(|e| e.concerns(row)).collect();
    let verdicts: Vec<Verdict> = heard
        .iter()
        .map(|e| Verdict {
            source: e.source,
            outcome: outcome(row, &e.says, digits),
            detail: e.detail.clone(),
        })
        .collect();
    let any = |f: fn(&Outcome) -> bool| verdicts.iter().any(|v| f(&v.outcome));
    let status = if any(|o| matches!(o, Outcome::Fails(_))) {
        Status::Fails
    } else if heard.iter().zip(&verdicts).any(|(e, v)| speaks_of_the_answer(row, &e.says) && v.holds()) {
        Status::Holds
    } else {
        Status::Undecided
    };
    (verdicts, status)
}

/// Whether evidence is about the answer itself: the formula beside a number is not the number.
pub(super) fn speaks_of_the_answer(row: &Row, says: &Says) -> bool {
    !matches!(says, Says::Formula(_)) || matches!(row.answer, Answer::Value(Value::Formula(_)))
}

/// What comes of holding a row against what one piece of evidence says.
pub(super) fn outcome(row: &Row, says: &Says, digits: u32) -> Outcome {
    let value = match &row.answer {
        Answer::Value(value) => value,
        Answer::Absent { reason } => {
            return match says {
                Says::Absent(_) => Outcome::Holds(Strength::Decided),
                Says::Measured(Measured { value: None, .. }) => Outcome::Holds(Strength::Measured),
                Says::Nothing(why) => Outcome::Undecided(why.clone()),
                _ => {
                    Outcome::Fails(format!("the row says there is no value ({reason}), the evidence has one"))
                }
            };
        }
        Answer::Undecided { reason } | Answer::NotRun { reason } => {
            return Outcome::Undecided(reason.clone());
        }
    };
    let result = match says {
        Says::Equal(other) => equal(value, other),
        Says::Within(bounds) => within(value, bounds, digits.max(MOST_DIGITS)),
        Says::Printed(bounds) => match printed(value, bounds, digits) {
            Ok(None) => within(value, bounds, digits.max(MOST_DIGITS)),
            Ok(Some(witness)) => Ok(Err(witness)),
            Err(undecided) => Err(undecided),
        },
        Says::Formula(instances) => formula(row, value, instances),
        Says::Consistent(samples) => consistent(value, samples),
        Says::Measured(run) => measured(value, run),
        Says::Absent(why) => Ok(Err(format!("there is no such value: {why}"))),
        Says::Nothing(why) => Err(Undecided::because(why.clone())),
    };
    match result {
        Ok(Ok(Strength::Enclosed { digits: shown })) if shown < digits => Outcome::Undecided(format!(
            "the proved interval settles {shown} decimals, and {digits} are asked for"
        )),
        Ok(Ok(strength)) => Outcome::Holds(strength),
        Ok(Err(witness)) => Outcome::Fails(witness),
        Err(undecided) => Outcome::Undecided(undecided.reason),
    }
}

/// Agreement with a strength, or a witness against it.
pub(super) type Judgement = Result<Result<Strength, String>, Undecided>;

pub(super) fn shapes(value: &Value, other: String) -> Judgement {
    Ok(Err(format!("the row is {}, the evidence {other}", value.shape())))
}

fn equal(value: &Value, other: &Value) -> Judgement {
    match (value, other) {
        (Value::Bool(a), Value::Bool(b)) if a == b => Ok(Ok(Strength::Decided)),
        (Value::Bool(_), Value::Bool(b)) => {
            Ok(Err(format!("the evidence says {}", if *b { "yes" } else { "no" })))
        }
        (Value::Number(a), Value::Number(b)) => {
            if a.equals(b)? {
                Ok(Ok(Strength::Decided))
            } else {
                Ok(Err(format!("{} against {} from the evidence", short(a), short(b))))
            }
        }
        (Value::Formula(a), Value::Formula(b)) => same_formula(a, b),
        (Value::Name(a), Value::Name(b)) if a == b => Ok(Ok(Strength::Decided)),
        (Value::Name(_), Value::Name(b)) => Ok(Err(format!("the evidence says {b}"))),
        (Value::List(a), Value::List(b)) if a.len() == b.len() => each(a.iter().zip(b), |(a, b)| equal(a, b)),
        _ => shapes(value, other.shape()),
    }
}

/// Holds a value against what a run gave. Whatever agrees with a run is measured and no more.
fn measured(value: &Value, run: &Measured) -> Judgement {
    let Measured { value: given, within, place } = run;
    let shown = |x: &Exact| x.decimal(Rounding::Digits(MEASURED_DIGITS)).unwrap_or_else(|_| short(x));
    match (value, given) {
        (_, None) => Ok(Err(format!("there is none by {place}"))),
        (Value::Number(a), Some(Value::Number(b))) => {
            let (Some(x), Some(y)) = (a.as_rational()?, b.as_rational()?) else {
                return Err(Undecided::because("what is measured is a fraction"));
            };
            Ok(if (x - y).abs() <= *within {
                Ok(Strength::Measured)
            } else {
                Err(format!("{} against {} in {place}", shown(a), shown(b)))
            })
        }
        (Value::Name(_), Some(Value::Name(b))) if !matches!(value, Value::Name(a) if a == b) => {
            Ok(Err(format!("it is {b} in {place}")))
        }
        (_, Some(given)) => Ok(equal(value, given)?.map(|_| Strength::Measured)),
    }
}

/// Judges items one by one: the first that fails fails all, the weakest strength is the strength of all.
fn each<T>(items: impl Iterator<Item = T>, judge: impl Fn(T) -> Judgement) -> Judgement {
    let mut strength = Strength::Proved;
    let mut undecided = None;
    for (i, item) in items.enumerate() {
        match judge(item) {
            Ok(Ok(s)) => strength = strength.min(s),
            Ok(Err(witness)) => return Ok(Err(format!("entry {}: {witness}", i + 1))),
            Err(why) => undecided = undecided.or(Some(why)),
        }
    }
    match undecided {
        Some(why) => Err(why),
        // An empty list agrees with an empty list, and no more than decided is claimed for it.
        None => Ok(Ok(strength.min(Strength::Decided))),
    }
}

fn same_formula(a: &Expr, b: &Expr) -> Judgement {
    if expr::equal(a, b)? { Ok(Ok(Strength::Decided)) } else { Ok(Err(format!("{a} is not {b}"))) }
}

fn formula(row: &Row, value: &Value, instances: &[Instance]) -> Judgement {
    let formula = match (value, &row.formula) {
        (Value::Formula(f), _) | (_, Some(f)) => f,
        _ => return Err(Undecided::because("the row has no formula to hold against the evidence")),
    };
    if instances.is_empty() {
        return Err(Undecided::because("the evidence names no instance of the formula"));
    }
    each(instances.iter(), |i| same_formula(&formula.substitute(&i.with), &i.equals))
}

fn within(value: &Value, bounds: &Bounds, most: u32) -> Judgement {
    match (value, bounds) {
        (Value::Number(x), Bounds::Number(i)) => number_within(x, i, most),
        (Value::List(a), Bounds::List(b)) if a.len() == b.len() => {
            each(a.iter().zip(b), |(a, b)| within(a, b, most))
        }
        (_, Bounds::List(b)) => shapes(value, format!("a list of {}", b.len())),
        (_, Bounds::Number(_)) => shapes(value, "a number".to_owned()),
    }
}

/// The most numbers in a value, and the finest bounds in bits, that are printed with significant digits as well to be held:
/// each number takes an enclosure of its own, as fine as the number is small.
const MOST_SIGNIFICANT: (usize, u32) = (100, 2048);

/// Holds the decimals that are printed of a value, with digits after the point and with significant ones, against proved
/// bounds: a decimal is right where it is half a unit of its last place away at most. A witness where one is wrong.
fn printed(value: &Value, bounds: &Bounds, digits: u32) -> Result<Option<String>, Undecided> {
    printed_in(value, bounds, digits, count(bounds) <= MOST_SIGNIFICANT.0)
}

fn count(bounds: &Bounds) -> usize {
    match bounds {
        Bounds::Number(_) => 1,
        Bounds::List(items) => items.iter().map(count).sum(),
    }
}

fn printed_in(value: &Value, bounds: &Bounds, digits: u32, short: bool) -> Result<Option<String>, Undecided> {
    match (value, bounds) {
        (Value::Number(x), Bounds::Number(i)) => {
            let significant = Some(Rounding::Significant(digits.max(1)));
            let significant = significant.filter(|_| short && i.bits() <= MOST_SIGNIFICANT.1);
            for rounding in [Rounding::Digits(digits)].into_iter().chain(significant) {
                let text = x.decimal(rounding)?;
                let places = if let Rounding::Digits(n) = rounding { Some(n) } else { None };
                if !rounds_to(i, x, &text, places) {
                    return Ok(Some(format!(
                        "{text} is printed, and the proved interval does not round to it"
                    )));
                }
            }
            Ok(None)
        }
        (Value::List(a), Bounds::List(b)) if a.len() == b.len() => {
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                if let Some(witness) = printed_in(a, b, digits, short)? {
                    return Ok(Some(format!("entry {}: {witness}", at + 1)));
                }
            }
            Ok(None)
        }
        // Another shape: `within` has the words for it.
        _ => Ok(None),
    }
}

/// Whether some number of an interval is at most half a unit of the last place away from a decimal: `-0.25`, `3.7e-44`;
/// and, where the value is a rational halfway between two decimals, whether it is the one away from zero. The text is
/// read here, apart from what wrote it; it has as many places as were asked for.
fn rounds_to(bounds: &Interval, x: &Exact, text: &str, asked: Option<u32>) -> bool {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let (Ok(exponent), Ok(n)) = (exponent.parse::<i64>(), format!("{whole}{fraction}").parse::<Integer>())
    else {
        return false;
    };
    if asked.is_some_and(|places| usize::try_from(places) != Ok(fraction.len())) {
        return false;
    }
    let places = i64::try_from(fraction.len()).unwrap_or(i64::MAX).saturating_sub(exponent);
    let Ok(size) = u32::try_from(places.unsigned_abs()) else { return false };
    // Whole numbers throughout: x·10^places = x·over/under, and the decimal is n of such units.
    let (power, one) = (Integer::from(10).pow(size), Integer::from(1));
    let (over, under) = if places >= 0 { (power, one) } else { (one, power) };
    if let Ok(Some(r)) = x.as_rational() {
        let (units, unit) = (r.numer() * &over, r.denom() * &under);
        let apart: Integer = (&units - &n * &unit).abs() * 2;
        if apart == unit && n.abs() * &unit < units.abs() {
            return false;
        }
    }
    let (half, n) = (under << bounds.bits(), n * 2);
    bounds.lo() * 2 * &over <= (&n + 1) * &half && bounds.hi() * 2 * &over >= (&n - 1) * &half
}

fn number_within(x: &Exact, bounds: &Interval, most: u32) -> Judgement {
    if let Ok(Some(r)) = x.as_rational() {
        return Ok(if bounds.contains(&r) {
            Ok(Strength::Enclosed { digits: bounds.digits(most) })
        } else {
            Err(format!("{r} lies outside the proved interval"))
        });
    }
    // A value may lie closer to an end than any enclosure of it is wide: 1 − e^(−1000) beside 1. So the interval, whose
    // ends are no more than bounds, is moved outward by one fine unit, and the value enclosed to half of that: then it
    // lies within, or some of it lies past the moved end and so all of it past the end itself.
    let fine = bounds.bits().saturating_add(FINER_BITS);
    let wide = bounds.with_bits(fine);
    let wide = Interval::new(wide.lo() - 1, wide.hi() + 1, fine);
    let i = x.enclose(fine.saturating_add(1))?;
    if i.is_within(&wide) {
        return Ok(Ok(Strength::Enclosed { digits: wide.digits(most) }));
    }
    if i.is_apart_from(bounds) {
        return Ok(Err(format!("{} lies outside the proved interval", short(x))));
    }
    Err(Undecided::because("the value lies on the edge of the proved interval"))
}

/// A number for a witness: a rational as it is where short, else twelve significant digits.
pub(super) fn short(x: &Exact) -> String {
    if let Ok(Some(r)) = x.as_rational() {
        let text = r.to_string();
        if text.len() <= 24 {
            return text;
        }
    }
    x.decimal(Rounding::Significant(12)).unwrap_or_else(|_| "a number without settled digits".to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::expr::parse;
    use crate::num::Rational;

    #[test]
    fn a_formula_that_is_right_does_not_vouch_for_the_number_beside_it() {
        let formula = parse("4*d").unwrap();
        let row = Row::new("total", "total", Value::integer(9)).formula(formula.clone());
        let instance = Instance { with: std::collections::BTreeMap::new(), equals: formula.clone() };
        let about_formula = Evidence::formula("total", "letters", vec![instance.clone()], "");
        assert_eq!(judge(&row, std::slice::from_ref(&about_formula), 4).1, Status::Undecided);
        let number = Evidence::equal("total", "numbers", Value::integer(9), "");
        assert_eq!(judge(&row, &[about_formula.clone(), number], 4).1, Status::Holds);
        // A row that is a formula is answered by it.
        let row = Row::new("total", "total", formula);
        assert_eq!(judge(&row, &[about_formula], 4).1, Status::Holds);
    }

    #[test]
    fn a_value_however_near_the_end_of_an_interval_is_settled() {
        // e^(−3000) < 2^(−4000), so no enclosure to a few hundred bits tells 1 − e^(−3000) from 1.
        let almost = Exact::one().sub(&Exact::exp(&Rational::from_integer((-3000).into())));
        let row = Row::new("p", "p", almost);
        let one = Interval::one(270);
        let below = Interval::new(one.lo() - 1, one.hi().clone(), 270);
        let above = Interval::new(one.lo().clone(), one.hi() + 1, 270);
        let past = Interval::new(one.lo() + 1, one.hi() + 2, 270);
        let judged = |i: Interval| judge(&row, &[Evidence::within("p", "e", Bounds::Number(i), "")], 50).1;
        assert_eq!(judged(below), Status::Holds);
        // One unit of the 334th place is given away: the true value lies below 1 by far less.
        assert_eq!(judged(above), Status::Holds);
        assert_eq!(judged(past), Status::Fails);
    }

    #[test]
    fn a_row_without_evidence_is_undecided() {
        let row = Row::new("L", "L", Value::integer(10));
        assert_eq!(judge(&row, &[], 0).1, Status::Undecided);
        let other = Evidence::equal("m", "numbers", Value::integer(10), "");
        assert_eq!(judge(&row, &[other], 0).1, Status::Undecided);
        let cannot_tell = Evidence::nothing("L", "numbers", "too long");
        assert_eq!(judge(&row, &[cannot_tell], 0).1, Status::Undecided);
    }

    #[test]
    fn a_printed_decimal_is_held_to_half_a_unit() {
        let x: Exact = Rational::new(26_894_142.into(), 100_000_000.into()).into();
        let i = Interval::from_rational(&x.as_rational().unwrap().unwrap(), 200);
        for (text, places, right) in [
            ("0.2689", Some(4), true),
            ("0.2690", Some(4), false),
            ("0.2688", Some(4), false),
            ("-0.2689", Some(4), false),
            ("2.689", Some(3), false),
            ("0.269", Some(4), false),
            ("0.269", None, true),
            ("2.689e-1", None, true),
            ("2.690e-1", None, false),
            ("0.2689x", None, false),
            ("", None, false),
        ] {
            assert_eq!(rounds_to(&i, &x, text, places), right, "{text}");
        }
        // Halfway: away from zero, on both sides of it.
        for (n, text, right) in [(1, "0.3", true), (1, "0.2", false), (-1, "-0.3", true), (-1, "-0.2", false)]
        {
            let quarter = Rational::new(n.into(), 4.into());
            let i = Interval::from_rational(&quarter, 8);
            assert_eq!(rounds_to(&i, &quarter.into(), text, Some(1)), right, "{text}");
        }
    }

    #[test]
    fn printed_evidence_refuses_a_value_outside_and_a_shape() {
        let half = Interval::from_rational(&Rational::new(1.into(), 2.into()), 200);
        let evidence = [Evidence::printed("p", "floats", Bounds::Number(half), "")];
        let status = |v: Value| judge(&Row::new("p", "p", v), &evidence, 4).1;
        assert_eq!(status(Rational::new(1.into(), 2.into()).into()), Status::Holds);
        assert_eq!(status(Rational::new(5001.into(), 10_000.into()).into()), Status::Fails);
        assert_eq!(status(Value::List(vec![])), Status::Fails);
        assert_eq!(status(Value::Bool(true)), Status::Fails);
    }
}
