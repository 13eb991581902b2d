//! How later rows follow from a person's earlier ones lives here: constants from eigenvalues, steps from constants, numbers
//! of iterations from steps.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use num_traits::One;

use super::super::given::Given;
use super::constants::{Constants, Optimum, Quadratic};
use super::counts::{ceiling, convex_bound, strong_count};
use super::field;
use crate::kinds::Rule;
use crate::linalg::{from_rows, spectrum::eigenvalues};
use crate::num::{Exact, Integer, Rational, ratio};
use crate::report::Value;

pub(in crate::kinds::gradient_descent) fn rules(given: &Given) -> Vec<Rule<'_>> {
    let mut rules = spectrum(given);
    rules.extend(steps(given));
    let distance = Quadratic::of(given).ok().and_then(|f| {
        let constants = Constants::of(&f.hessian).ok()?;
        Optimum::of(given, &f, &constants).ok().map(|optimum| optimum.distance)
    });
    if let Some(distance) = distance {
        rules.extend(counts(given, &distance));
    }
    rules
}

fn number(value: Option<&&Value>) -> Option<Exact> {
    if let Some(Value::Number(x)) = value { Some(x.clone()) } else { None }
}

fn list<'v>(value: Option<&&'v Value>) -> Option<&'v [Value]> {
    if let Some(Value::List(items)) = value { Some(items) } else { None }
}

/// The quotient of two numbers, where there is one.
fn quotient(a: &Exact, b: &Exact) -> Option<Exact> {
    field::div(a, b).ok().flatten()
}

/// Hessian, eigenvalues, L, m and L/m.
fn spectrum(given: &Given) -> Vec<Rule<'_>> {
    let hessian = |v: &[&Value]| {
        let row = |g: &Value| -> Option<Value> {
            let Value::Formula(g) = g else { return None };
            let entry = |x: &String| {
                let second = crate::expr::as_polynomial(&g.derivative(x)).ok()?;
                second
                    .variables()
                    .is_empty()
                    .then(|| second.coefficient(&crate::expr::Monomial::one()).into())
            };
            given.variables.iter().map(entry).collect::<Option<Vec<Value>>>().map(Value::List)
        };
        list(v.first())?.iter().map(row).collect::<Option<Vec<_>>>().map(Value::List)
    };
    let of_matrix = |v: &[&Value]| {
        let row = |row: &Value| -> Option<Vec<Rational>> {
            let entry = |x: &Value| number(Some(&x))?.as_rational().ok().flatten();
            list(Some(&row))?.iter().map(entry).collect()
        };
        let rows: Vec<Vec<Rational>> = list(v.first())?.iter().map(row).collect::<Option<_>>()?;
        let square = rows.len() == given.variables.len() && rows.iter().all(|r| r.len() == rows.len());
        let symmetric = rows.iter().enumerate().all(|(i, row)| {
            row.iter().enumerate().all(|(j, x)| rows.get(j).and_then(|other| other.get(i)) == Some(x))
        });
        if !square || !symmetric {
            return None;
        }
        let found = eigenvalues(&from_rows(&rows).ok()?).ok()?;
        let all = found.iter().flat_map(|(root, times)| std::iter::repeat_n(super::exact(root), *times));
        Some(all.collect::<Vec<Exact>>().into())
    };
    let extreme = |v: &[&Value], absolute: bool, keep: Ordering| {
        let mut best: Option<Exact> = None;
        for item in list(v.first())? {
            let x = number(Some(&item))?;
            let negative = x.compare(&Exact::zero()).ok()? == Ordering::Less;
            let x = if absolute && negative { x.neg() } else { x };
            best = Some(match best {
                Some(b) if x.compare(&b).ok()? != keep => b,
                _ => x,
            });
        }
        best.map(Value::from)
    };
    vec![
        Rule::new("hessian", &["gradient"], hessian),
        Rule::new("eigenvalues", &["hessian"], of_matrix),
        Rule::new("L", &["eigenvalues"], move |v| extreme(v, true, Ordering::Greater)),
        Rule::new("m", &["eigenvalues"], move |v| extreme(v, false, Ordering::Less)),
        Rule::new("condition-number", &["L", "m"], |v| {
            quotient(&number(v.first())?, &number(v.get(1))?).map(Value::from)
        }),
        Rule::new("f-star", &["minimiser"], |v| {
            let mut at = BTreeMap::new();
            let items = list(v.first()).filter(|items| items.len() == given.variables.len())?;
            for (name, x) in given.variables.iter().zip(items) {
                at.insert(name.clone(), number(Some(&x))?.as_rational().ok()??);
            }
            given.objective.evaluate(&at).ok().map(Value::from)
        }),
    ]
}

/// The step as its expression has it, for L and m that are fractions.
fn step(given: &Given, l: &Exact, m: Option<&Exact>) -> Option<Exact> {
    let mut at = BTreeMap::from([("L".to_owned(), l.as_rational().ok()??)]);
    if let Some(m) = m.and_then(|m| m.as_rational().ok().flatten()) {
        at.insert("m".to_owned(), m);
    }
    given.step.evaluate(&at).ok().map(Exact::from)
}

fn steps(given: &Given) -> Vec<Rule<'_>> {
    let over_l = |v: &[&Value], c: i64| quotient(&Exact::integer(c), &number(v.first())?).map(Value::from);
    let mut rules = vec![
        Rule::new("step-convex", &["L"], move |v| over_l(v, 1)),
        Rule::new("step-limit", &["L"], move |v| over_l(v, 2)),
        Rule::new("step-strongly-convex", &["L", "m"], |v| {
            let sum = field::add(&number(v.first())?, &number(v.get(1))?);
            quotient(&Exact::integer(2), &sum).map(Value::from)
        }),
        Rule::new("step", &["L"], |v| step(given, &number(v.first())?, None).map(Value::from)),
    ];
    let letters = given.step.variables();
    if letters.contains("m") {
        rules.push(Rule::new("step", &["L", "m"], |v| {
            step(given, &number(v.first())?, Some(&number(v.get(1))?)).map(Value::from)
        }));
    }
    rules
}

/// Numbers of iterations; D = ‖x⁽⁰⁾ − x*‖² is the right one.
fn counts<'a>(given: &'a Given, distance: &Rational) -> Vec<Rule<'a>> {
    let (far, far_too) = (distance.clone(), distance.clone());
    let convex = move |t: &Exact| -> Option<Value> {
        if t.compare(&Exact::zero()).ok()? != Ordering::Greater {
            return None;
        }
        let k = convex_bound(&far, t, &given.accuracy).ok()?;
        Some(Value::integer(ceiling(&k).ok()?.max(Integer::one())))
    };
    let strongly = move |l: &Exact, m: &Exact, t: &Exact| -> Option<Value> {
        let bound = quotient(&Exact::one(), l)?;
        let t = if t.compare(&bound).ok()? == Ordering::Greater { &bound } else { t };
        let gamma = field::add(&Exact::one(), &field::mul(m, t).neg());
        let within = gamma.compare(&Exact::zero()).ok()? != Ordering::Less
            && gamma.compare(&Exact::one()).ok()? == Ordering::Less;
        let factor = l.scale(&(&far_too * ratio(1, 2)));
        let k = if within { strong_count(&gamma, &factor, &given.accuracy).ok()? } else { return None };
        Some(Value::integer(k))
    };
    let (convex_too, strongly_too) = (convex.clone(), strongly.clone());
    vec![
        Rule::new("k-convex", &["step"], move |v| convex(&number(v.first())?)),
        Rule::new("k-convex", &["L", "m"], move |v| {
            convex_too(&step(given, &number(v.first())?, number(v.get(1)).as_ref())?)
        }),
        Rule::new("k-strongly-convex", &["L", "m", "step"], move |v| {
            strongly(&number(v.first())?, &number(v.get(1))?, &number(v.get(2))?)
        }),
        Rule::new("k-strongly-convex", &["L", "m"], move |v| {
            let (l, m) = (number(v.first())?, number(v.get(1))?);
            strongly_too(&l, &m, &step(given, &l, Some(&m))?)
        }),
    ]
}
