//! Wrong values that people give live here, each with its name.

use std::collections::BTreeMap;

use num_traits::{One, Signed, Zero};

use super::Mistake;
use super::given::Given;
use super::solve;
use crate::expr::Expr;
use crate::num::elementary::ln_rational;
use crate::num::{Exact, Interval, Rational, ratio};
use crate::report::{Row, Value};

/// Bits of the logarithms behind a wrong count.
const BITS: u32 = 128;

/// The usual mistakes.
pub(super) fn usual(given: &Given) -> Vec<Mistake> {
    let mut found = Found { rows: solve::rows(given), mistakes: Vec::new() };
    derivatives(given, &mut found);
    constants(&mut found);
    minimum(given, &mut found);
    steps(given, &mut found);
    counts(given, &mut found);
    found.mistakes
}

/// The right rows, and mistakes. One may give the right value for these numbers; it is told by comparing.
struct Found {
    rows: Vec<Row>,
    mistakes: Vec<Mistake>,
}

impl Found {
    fn value(&self, id: &str) -> Option<&Value> {
        self.rows.iter().find(|row| row.id == id)?.answer.value()
    }

    fn number(&self, id: &str) -> Option<Rational> {
        rational(self.value(id)?)
    }

    /// Adds a wrong value where the row has a right one.
    fn add(&mut self, row: &str, name: &str, value: impl Into<Value>) {
        let value = value.into();
        if self.value(row).is_some() {
            self.mistakes.push(Mistake { row: row.to_owned(), name: name.to_owned(), value });
        }
    }
}

fn rational(value: &Value) -> Option<Rational> {
    match value {
        Value::Number(x) => x.as_rational().ok().flatten(),
        _ => None,
    }
}

/// A matrix of rationals by rows.
fn matrix(value: &Value) -> Option<Vec<Vec<Rational>>> {
    let rows = |value: &Value| if let Value::List(items) = value { Some(items.clone()) } else { None };
    rows(value)?.iter().map(|row| rows(row)?.iter().map(rational).collect()).collect()
}

fn derivatives(given: &Given, found: &mut Found) {
    // Each partial derivative is affine: what it is at 0 is its constant, the rest comes from the squares.
    let zeros: BTreeMap<String, Rational> =
        given.variables.iter().map(|x| (x.clone(), Rational::zero())).collect();
    if let Some(Value::List(partials)) = found.value("gradient") {
        let parts: Option<Vec<(Expr, Expr)>> = partials
            .iter()
            .map(|g| {
                let Value::Formula(g) = g else { return None };
                let constant = Expr::number(g.evaluate(&zeros).ok()?);
                Some((g.clone() - constant.clone(), constant))
            })
            .collect();
        if let Some(parts) = parts {
            let scaled = |factor: &Rational| -> Vec<Expr> {
                parts.iter().map(|(squares, c)| &Expr::number(factor.clone()) * squares + c.clone()).collect()
            };
            let (half, twice) = (scaled(&ratio(1, 2)), scaled(&ratio(2, 1)));
            let without: Vec<Expr> = parts.iter().map(|(squares, _)| squares.clone()).collect();
            found.add("gradient", "the exponent of the squares not brought down", half);
            found.add("gradient", "a factor ½ left out", twice);
            found.add("gradient", "linear terms left out", without);
        }
    }
    let Some(h) = found.value("hessian").and_then(matrix) else { return };
    let scaled = |off: &Rational, on: &Rational| -> Vec<Vec<Rational>> {
        let entry = |i: usize, j: usize, x: &Rational| x * if i == j { on } else { off };
        let row =
            |(i, row): (usize, &Vec<Rational>)| row.iter().enumerate().map(|(j, x)| entry(i, j, x)).collect();
        h.iter().enumerate().map(row).collect()
    };
    let (none, half, one, twice) = (Rational::zero(), ratio(1, 2), Rational::one(), ratio(2, 1));
    found.add("hessian", "halved, the factors of the squares themselves", scaled(&half, &half));
    found.add("hessian", "twice as much, a factor ½ left out", scaled(&twice, &twice));
    found.add("hessian", "mixed derivatives left out", scaled(&none, &one));
    found.add("hessian", "mixed derivatives halved", scaled(&half, &one));
    found.add("hessian", "mixed derivatives doubled", scaled(&twice, &one));
    let diagonal: Vec<Rational> = h.iter().enumerate().filter_map(|(i, row)| row.get(i).cloned()).collect();
    let mut sorted = diagonal.clone();
    sorted.sort();
    found.add("eigenvalues", "the diagonal of the Hessian", sorted);
    let largest = diagonal.iter().map(Signed::abs).max().unwrap_or_else(Rational::zero);
    found.add("L", "the trace of the Hessian", diagonal.iter().sum::<Rational>());
    found.add("L", "the largest entry of the diagonal", largest);
    if let Some(least) = diagonal.into_iter().min() {
        found.add("m", "the smallest entry of the diagonal", least);
    }
}

fn constants(found: &mut Found) {
    if let Some(Value::List(all)) = found.value("eigenvalues") {
        let halved: Option<Vec<Exact>> = all
            .iter()
            .map(|x| if let Value::Number(x) = x { Some(x.scale(&ratio(1, 2))) } else { None })
            .collect();
        if let Some(halved) = halved {
            found.add("eigenvalues", "of the Hessian halved", halved);
        }
    }
    let (Some(l), Some(m)) = (found.number("L"), found.number("m")) else { return };
    found.add("L", "L and m exchanged", m.clone());
    found.add("m", "L and m exchanged", l.clone());
    for (row, right) in [("L", &l), ("m", &m)] {
        found.add(row, "the factor of the square in place of its second derivative", right * ratio(1, 2));
        found.add(row, "twice as much, a factor ½ left out", right * ratio(2, 1));
    }
    found.add("L", "m and L added", &l + &m);
    found.add("condition-number", "the difference L − m", &l - &m);
    found.add("condition-number", "L alone", l.clone());
    if !l.is_zero() && !m.is_zero() {
        found.add("condition-number", "m/L in place of L/m", &m / &l);
        found.add("condition-number", "squared", (&l / &m) * (&l / &m));
    }
}

fn minimum(given: &Given, found: &mut Found) {
    found.add("minimiser", "the start", given.start.clone());
    found.add("minimiser", "the origin, taken for granted", vec![Rational::zero(); given.start.len()]);
    found.add("f-star", "zero, taken for granted", Rational::zero());
    let start = given.variables.iter().cloned().zip(given.start.iter().cloned()).collect();
    if let Ok(value) = given.objective.evaluate(&start) {
        found.add("f-star", "f at the start", value);
    }
}

/// Which bound is right for which row.
const RIGHT: [(&str, &str); 3] =
    [("step-convex", "1/L"), ("step-strongly-convex", "2/(m + L)"), ("step-limit", "2/L")];

fn steps(given: &Given, found: &mut Found) {
    let (Some(l), Some(m)) = (found.number("L"), found.number("m")) else { return };
    let two = ratio(2, 1);
    let over = |c: &Rational, x: &Rational| if x.is_zero() { None } else { Some(c / x) };
    let one = Rational::one();
    let all = [
        ("1/L", over(&one, &l)),
        ("2/L", over(&two, &l)),
        ("2/(m + L)", over(&two, &(&m + &l))),
        ("1/(m + L)", over(&one, &(&m + &l))),
        ("1/m, L and m exchanged", over(&one, &m)),
        ("2/m, L and m exchanged", over(&two, &m)),
        ("L itself", Some(l.clone())),
    ];
    for row in ["step-convex", "step-strongly-convex", "step-limit"] {
        for (name, value) in &all {
            // A row's own formula is no mistake.
            let own = RIGHT.contains(&(row, *name));
            if let (Some(value), false) = (value, own) {
                found.add(row, name, value.clone());
            }
        }
    }
    if given.step.as_number().is_none() {
        let exchanged = BTreeMap::from([("L".to_owned(), m), ("m".to_owned(), l)]);
        if let Ok(value) = given.step.evaluate(&exchanged) {
            found.add("step", "L and m exchanged", value);
        }
    }
}

fn counts(given: &Given, found: &mut Found) {
    let all = ["k-convex", "k-strongly-convex", "k-exact"].map(|row| (row, found.number(row)));
    for (row, k) in &all {
        let Some(k) = k else { continue };
        if !k.is_zero() {
            found.add(row, "one iteration too few, k − 1", k - Rational::one());
        }
        found.add(row, "one iteration too many, k + 1", k + Rational::one());
        for (other, name) in [
            ("k-convex", "the bound of the convex theorem"),
            ("k-strongly-convex", "the bound of the strongly convex theorem"),
            ("k-exact", "the first k in truth"),
        ] {
            let other = all.iter().find(|(id, _)| *id == other).and_then(|(_, k)| k.clone());
            if let Some(other) = other {
                found.add(row, name, other);
            }
        }
    }
    if let Some(k) = found.number("k-convex") {
        found.add("k-convex", "the two before tk forgotten", k * ratio(2, 1));
    }
    let minimiser: Option<Vec<Rational>> = match found.value("minimiser") {
        Some(Value::List(items)) => items.iter().map(rational).collect(),
        _ => None,
    };
    let (Some(minimiser), Some(t)) = (minimiser, found.number("step")) else { return };
    let (l, m) = (found.number("L"), found.number("m"));
    if !t.is_positive() || !given.accuracy.is_positive() {
        return;
    }
    let square = |x: Rational| &x * &x;
    let distance: Rational = given.start.iter().zip(&minimiser).map(|(a, b)| square(a - b)).sum();
    let norm: Rational = given.start.iter().map(|x| square(x.clone())).sum();
    // ⌈D/(2tε)⌉ with something else in place of D, t, or the two.
    let convex = |d: &Rational, t: &Rational| (d / (t * &given.accuracy)).ceil().max(Rational::one());
    let twice = &t * ratio(2, 1);
    found.add("k-convex", "the distance to the origin, not to the minimiser", convex(&norm, &twice));
    found.add("k-convex", "the step left out", convex(&distance, &ratio(2, 1)));
    found.add("k-convex", "1/t in place of t", convex(&(&distance * &t), &ratio(2, 1)));
    if let Some(m) = m.as_ref().filter(|m| m.is_positive()) {
        found.add("k-convex", "the step 1/m", convex(&distance, &(ratio(2, 1) / m)));
    }
    strong_counts(given, found, &distance, &t, (l, m));
}

/// ⌈ln(C/ε)/ln(1/γ)⌉ with something else in place of C, γ or the logarithm.
fn strong_counts(
    given: &Given,
    found: &mut Found,
    distance: &Rational,
    t: &Rational,
    (l, m): (Option<Rational>, Option<Rational>),
) {
    let (Some(l), Some(m)) = (l, m) else { return };
    if !l.is_positive() {
        return;
    }
    let gamma = Rational::one() - &m * t.clone().min(l.recip());
    let c = &l * distance / ratio(2, 1) / &given.accuracy;
    if !m.is_positive() || !gamma.is_positive() || !c.is_positive() || m == l {
        return;
    }
    let log = |x: &Rational| ln_rational(x, BITS).ok().flatten();
    let count = |above: Option<Interval>, below: Option<Interval>| -> Option<Rational> {
        let k = above?.checked_div(&below?)?;
        let (low, high) = (k.lower().ceil(), k.upper().ceil());
        (low == high).then(|| low.max(Rational::zero()))
    };
    let (ln_c, rate) = (log(&c), log(&gamma).map(|x| x.neg()));
    let based = |n: i64| ln_c.clone()?.checked_div(&log(&ratio(n, 1))?);
    let other = (&l - &m) / (&l + &m);
    let by_step_of_sum = log(&other).map(|x| x.neg());
    let wrong = [
        ("a logarithm to base 10 over one to base e", count(based(10), rate.clone())),
        ("a logarithm to base 2 over one to base e", count(based(2), rate.clone())),
        ("the L/2 before the distance forgotten", count(log(&(distance / &given.accuracy)), rate.clone())),
        ("the ½ before the distance forgotten", count(log(&(&c * ratio(2, 1))), rate.clone())),
        ("m in place of L before the distance", count(log(&(&c * &m / &l)), rate.clone())),
        ("the exponent 2k in place of k", count(ln_c.clone(), rate.clone().map(|x| x.scale(&ratio(2, 1))))),
        ("the rate (L − m)/(L + m), of the step 2/(m + L)", count(ln_c.clone(), by_step_of_sum.clone())),
        (
            "the rate ((L − m)/(L + m))², of the step 2/(m + L)",
            count(ln_c.clone(), by_step_of_sum.map(|x| x.scale(&ratio(2, 1)))),
        ),
        (
            "e^(−m/L) in place of 1 − m/L",
            count(ln_c.clone(), Some(Interval::from_rational(&(&m / &l), BITS))),
        ),
        ("ln C in place of ln(C/ε)", count(log(&(&c * &given.accuracy)), rate)),
    ];
    for (name, value) in wrong {
        if let Some(value) = value {
            found.add("k-strongly-convex", name, value);
        }
    }
}
