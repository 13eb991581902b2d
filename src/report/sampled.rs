//! The judge's way with samples lives here: a value against estimates, each with its standard error.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use num_traits::{Signed, Zero};

use super::judge::{Judgement, Strength, shapes, short};
use super::{Estimate, Sampled, Value};
use crate::num::{Exact, Interval, Rational, Rounding, Undecided, ratio};

/// Holds a value against samples. It fails where one refuses it; it holds where none does and each could have told it
/// from zero; else the samples cannot tell.
pub(super) fn consistent(value: &Value, samples: &[Sampled]) -> Judgement {
    if samples.is_empty() {
        return Err(Undecided::because("the evidence has no sample"));
    }
    let mut undecided = None;
    for sample in samples {
        let judged = match value {
            Value::Number(x) => against(x, sample),
            Value::Formula(f) => f
                .evaluate(&sample.with)
                .map_err(|why| Undecided::because(why.to_string()))
                .and_then(|x| against(&x.into(), sample)),
            _ => return shapes(value, "a number".to_owned()),
        };
        match judged {
            Ok(Ok(_)) => {}
            Ok(Err(witness)) => return Ok(Err(witness)),
            Err(why) => undecided = undecided.or(Some(why)),
        }
    }
    undecided.map_or(Ok(Ok(Strength::Measured)), Err)
}

fn against(x: &Exact, sample: &Sampled) -> Judgement {
    let Estimate { estimate, standard_error, from, to, resolution } = &sample.estimate;
    let compare = |end: &Rational| x.compare(&end.clone().into());
    let place = place(&sample.with);
    if compare(from)? == Ordering::Less || compare(to)? == Ordering::Greater {
        return Ok(Err(format!("{}{place}", deviation(x, estimate, standard_error))));
    }
    let tiny = compare(resolution)? == Ordering::Less && compare(&-resolution)? == Ordering::Greater;
    if tiny && !x.is_zero()? {
        return Err(Undecided::because(format!(
            "cannot tell: {} is below {}, the smallest deviation that the sample could have seen{place}",
            short(x),
            shown(resolution, 3)
        )));
    }
    Ok(Ok(Strength::Measured))
}

/// `63.20 ± 0.10 against 64: 8.0 standard errors`
fn deviation(x: &Exact, estimate: &Rational, error: &Rational) -> String {
    if error.is_zero() {
        return format!("every draw gives {estimate}, against {}", short(x));
    }
    let seen = format!("{} ± {} against {}", shown(estimate, 5), shown(error, 2), short(x));
    let apart = x.sub(&estimate.clone().into()).scale(&error.recip());
    // Plain up to a million, and no digits that say nothing.
    let hundred = Interval::hull(&ratio(-100, 1), &ratio(100, 1), 8);
    let million = Interval::hull(&ratio(-1_000_000, 1), &ratio(1_000_000, 1), 8);
    let rounding = match apart.enclose(32) {
        Ok(i) if !i.is_within(&hundred.with_bits(32)) && i.is_within(&million.with_bits(32)) => {
            Rounding::Digits(0)
        }
        _ => Rounding::Significant(2),
    };
    match apart.decimal(rounding) {
        Ok(times) => format!("{seen}: {} standard errors", times.trim_start_matches(['-', '−'])),
        Err(_) => seen,
    }
}

/// A number of a witness, rounded.
fn shown(x: &Rational, digits: u32) -> String {
    Exact::from(x.clone()).decimal(Rounding::Significant(digits)).unwrap_or_else(|_| x.abs().to_string())
}

/// ` at d_k = 4`
fn place(with: &BTreeMap<String, Rational>) -> String {
    if with.is_empty() {
        return String::new();
    }
    let letters: Vec<String> = with.iter().map(|(letter, number)| format!("{letter} = {number}")).collect();
    format!(" at {}", letters.join(", "))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::expr::parse;
    use crate::report::{Evidence, Outcome, Row, Status, judge};

    /// 63.2 ± 0.1, five standard errors to either side, and eight that are sure to be seen.
    fn estimate() -> Estimate {
        Estimate {
            estimate: ratio(632, 10),
            standard_error: ratio(1, 10),
            from: ratio(627, 10),
            to: ratio(637, 10),
            resolution: ratio(8, 10),
        }
    }

    fn outcome(value: impl Into<Value>, samples: Vec<Sampled>) -> (Outcome, Status) {
        let row = Row::new("variance", "variance", value.into());
        let (verdicts, status) = judge(&row, &[Evidence::consistent("variance", "sampling", samples, "")], 4);
        (verdicts[0].outcome.clone(), status)
    }

    fn alone(value: Rational, estimate: Estimate) -> (Outcome, Status) {
        outcome(value, vec![Sampled { with: BTreeMap::new(), estimate }])
    }

    #[test]
    fn a_value_within_the_bounds_holds_and_is_measured() {
        for value in [ratio(627, 10), ratio(63, 1), ratio(637, 10)] {
            assert_eq!(alone(value, estimate()), (Outcome::Holds(Strength::Measured), Status::Holds));
        }
    }

    #[test]
    fn a_value_outside_fails_and_is_told_by_how_much() {
        let says = |value, text: &str| {
            assert_eq!(alone(value, estimate()), (Outcome::Fails(text.to_owned()), Status::Fails));
        };
        says(ratio(64, 1), "63.200 ± 0.10 against 64: 8.0 standard errors");
        says(ratio(626, 10), "63.200 ± 0.10 against 313/5: 6.0 standard errors");
        says(ratio(0, 1), "63.200 ± 0.10 against 0: 632 standard errors");
    }

    #[test]
    fn a_value_below_the_resolution_cannot_be_told() {
        let near_zero =
            Estimate { estimate: ratio(1, 10), from: ratio(-4, 10), to: ratio(6, 10), ..estimate() };
        let (outcome, status) = alone(ratio(1, 2), near_zero.clone());
        assert!(
            matches!(&outcome, Outcome::Undecided(why) if why.starts_with("cannot tell: 1/2 is below 0.800"))
        );
        assert_eq!(status, Status::Undecided);
        // Zero is what a deviation is counted from.
        assert_eq!(alone(ratio(0, 1), near_zero.clone()).1, Status::Holds);
        assert_eq!(alone(ratio(-1, 2), near_zero).1, Status::Fails);
    }

    #[test]
    fn without_an_error_only_the_value_itself_holds() {
        assert_eq!(alone(ratio(1, 1), Estimate::exact(ratio(1, 1))).0, Outcome::Holds(Strength::Measured));
        assert_eq!(alone(ratio(0, 1), Estimate::exact(ratio(0, 1))).1, Status::Holds);
        let (outcome, _) = alone(ratio(1_000_001, 1_000_000), Estimate::exact(ratio(1, 1)));
        assert_eq!(outcome, Outcome::Fails("every draw gives 1, against 1000001/1000000".to_owned()));
    }

    #[test]
    fn a_formula_is_held_at_every_instance() {
        let at = |d: i64, value: i64| Sampled {
            with: [("d_k".to_owned(), ratio(d, 1))].into(),
            estimate: Estimate {
                estimate: ratio(value, 1),
                from: ratio(value, 1) - ratio(1, 10),
                to: ratio(value, 1) + ratio(1, 10),
                ..estimate()
            },
        };
        let formula = |text: &str| outcome(parse(text).unwrap(), vec![at(1, 3), at(4, 12)]);
        assert_eq!(formula("3*d_k").1, Status::Holds);
        let (wrong, _) = formula("3*d_k^2");
        assert!(
            matches!(&wrong, Outcome::Fails(why) if why.ends_with("against 48: 360 standard errors at d_k = 4"))
        );
        assert_eq!(formula("3*n").1, Status::Undecided);
    }

    #[test]
    fn an_irrational_value_is_compared_too() {
        let ln = |n: i64| Exact::from(ratio(n, 1)).ln().unwrap().unwrap();
        let two = Estimate { estimate: ratio(2, 1), from: ratio(19, 10), to: ratio(21, 10), ..estimate() };
        // ln 8 = 2.079…, ln 9 = 2.197…
        let of = |n: i64| {
            outcome(Value::Number(ln(n)), vec![Sampled { with: BTreeMap::new(), estimate: two.clone() }]).1
        };
        assert_eq!((of(8), of(9)), (Status::Holds, Status::Fails));
    }

    #[test]
    fn what_is_no_number_or_has_no_sample_does_not_hold() {
        assert_eq!(
            outcome(true, vec![Sampled { with: BTreeMap::new(), estimate: estimate() }]).1,
            Status::Fails
        );
        assert_eq!(outcome(ratio(1, 1), Vec::new()).1, Status::Undecided);
    }
}
