//! Worked steps are read here as arithmetic: wherever both sides of a relation are numbers, or lists and matrices of
//! numbers, they are worked out from the tree that is printed, by an evaluator that no solver knows, and the relation
//! has to hold. Exact where only fractions are involved; in floating point, with its error, where e, ln or a root is.

#![allow(clippy::float_arithmetic)]

use backproof::notation::{Math, Relation};
use backproof::num::Rational;
use backproof::sheet::Sheet;
use backproof::{gallery, pipeline};
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::support::sources;

/// A number: exact where it is known so, and near in any case.
#[derive(Debug, Clone)]
struct Number {
    exact: Option<Rational>,
    near: f64,
    /// Half a unit of the last decimal, where it was rounded.
    off: f64,
}

/// What a formula without letters is worth, by rows; a number is a matrix of one entry.
type Table = Vec<Vec<Number>>;

fn exact(value: Rational) -> Number {
    let near = value.to_f64().unwrap_or(f64::NAN);
    Number { exact: Some(value), near, off: 0.0 }
}

fn near(value: f64) -> Number {
    Number { exact: None, near: value, off: 0.0 }
}

fn zip(
    a: &Number,
    b: &Number,
    by: impl Fn(&Rational, &Rational) -> Rational,
    or: impl Fn(f64, f64) -> f64,
) -> Number {
    match (&a.exact, &b.exact) {
        (Some(x), Some(y)) => exact(by(x, y)),
        _ => near(or(a.near, b.near)),
    }
}

fn add(a: &Number, b: &Number) -> Number {
    zip(a, b, |x, y| x + y, |x, y| x + y)
}

fn times(a: &Number, b: &Number) -> Number {
    zip(a, b, |x, y| x * y, |x, y| x * y)
}

fn shape(t: &Table) -> (usize, usize) {
    (t.len(), t.first().map_or(0, Vec::len))
}

fn one(t: &Table) -> Option<&Number> {
    if shape(t) == (1, 1) { t.first()?.first() } else { None }
}

fn each(t: &Table, f: impl Fn(&Number) -> Number) -> Table {
    t.iter().map(|row| row.iter().map(&f).collect()).collect()
}

fn product(a: &Table, b: &Table) -> Option<Table> {
    if let Some(x) = one(a) {
        return Some(each(b, |y| times(x, y)));
    }
    if let Some(y) = one(b) {
        return Some(each(a, |x| times(x, y)));
    }
    let (n, k) = shape(a);
    let (l, m) = shape(b);
    (k == l).then(|| {
        (0..n)
            .map(|i| {
                let entry = |j: usize| {
                    (0..k)
                        .map(|s| times(&a[i][s], &b[s][j]))
                        .fold(exact(Rational::zero()), |x, y| add(&x, &y))
                };
                (0..m).map(entry).collect()
            })
            .collect()
    })
}

fn power(base: &Number, to: &Number) -> Option<Number> {
    let whole = to.exact.as_ref().filter(|e| e.is_integer()).and_then(|e| e.to_integer().to_i32());
    match (&base.exact, whole) {
        (Some(x), Some(n)) if n.abs() <= 400 && (n >= 0 || !x.is_zero()) => Some(exact(x.pow(n))),
        _ => Some(near(base.near.powf(to.near))),
    }
}

fn applied(name: &str, arguments: &[Math]) -> Option<Table> {
    let values: Vec<Table> = arguments.iter().map(worth).collect::<Option<_>>()?;
    if let ("relu", [x]) = (name, values.as_slice()) {
        return Some(each(x, |v| if v.near > 0.0 { v.clone() } else { exact(Rational::zero()) }));
    }
    let numbers: Vec<&Number> = values.iter().map(one).collect::<Option<_>>()?;
    let rounded = |x: &Number, by: fn(&Rational) -> Rational| x.exact.as_ref().map(|q| exact(by(q)));
    let value = match (name, numbers.as_slice()) {
        ("exp", [x]) => near(x.near.exp()),
        ("log" | "ln", [x]) => near(x.near.ln()),
        ("floor", [x]) => rounded(x, Rational::floor)?,
        ("ceil", [x]) => rounded(x, Rational::ceil)?,
        ("max", all) => (*all.iter().max_by(|a, b| a.near.total_cmp(&b.near))?).clone(),
        ("min", all) => (*all.iter().min_by(|a, b| a.near.total_cmp(&b.near))?).clone(),
        _ => return None,
    };
    Some(vec![vec![value]])
}

/// What a formula is worth; `None` where it has letters, words, or signs that are not arithmetic.
fn worth(math: &Math) -> Option<Table> {
    let single = |n: Number| Some(vec![vec![n]]);
    match math {
        Math::Number(q) => single(exact(q.clone())),
        Math::Decimal(text) => {
            let plain = text.replace(['\u{2212}'], "-").replace([' ', '\u{2009}', ','], "");
            let (digits, exponent) = plain.split_once('e').unwrap_or((&plain, "0"));
            let decimals = digits.split_once('.').map_or(0, |(_, d)| d.len());
            let off = 0.5 * 10f64.powi(exponent.parse::<i32>().ok()? - i32::try_from(decimals).ok()?);
            single(Number { exact: None, near: plain.parse().ok()?, off })
        }
        Math::Symbol(name) if name == "e" => single(near(std::f64::consts::E)),
        Math::Negative(x) => {
            let minus = exact(-Rational::one());
            Some(each(&worth(x)?, |v| times(&minus, v)))
        }
        Math::Sum(terms) => {
            let mut terms = terms.iter().map(worth);
            let first = terms.next()??;
            terms.try_fold(first, |sum, term| {
                let term = term?;
                (shape(&sum) == shape(&term)).then(|| {
                    let rows = sum.iter().zip(&term);
                    rows.map(|(a, b)| a.iter().zip(b).map(|(x, y)| add(x, y)).collect()).collect()
                })
            })
        }
        Math::Product(factors) => {
            let mut factors = factors.iter().map(worth);
            let first = factors.next()??;
            factors.try_fold(first, |a, b| product(&a, &b?))
        }
        Math::Fraction(a, b) => {
            let (a, b) = (worth(a)?, worth(b)?);
            let below = one(&b)?.clone();
            if below.near == 0.0 {
                return None;
            }
            Some(each(&a, |x| zip(x, &below, |x, y| x / y, |x, y| x / y)))
        }
        Math::Power(a, b) => {
            let (a, b) = (worth(a)?, worth(b)?);
            single(power(one(&a)?, one(&b)?)?)
        }
        Math::Root(x) => {
            let x = worth(x)?;
            single(near(one(&x)?.near.sqrt()))
        }
        Math::Apply(name, arguments) => applied(name, arguments),
        Math::Transpose(x) => {
            let x = worth(x)?;
            let (n, m) = shape(&x);
            Some((0..m).map(|j| (0..n).map(|i| x[i][j].clone()).collect()).collect())
        }
        Math::Norm(x) => {
            let x = worth(x)?;
            single(near(x.iter().flatten().map(|v| v.near * v.near).sum::<f64>().sqrt()))
        }
        Math::Abs(x) => Some(each(&worth(x)?, |v| match &v.exact {
            Some(q) => exact(q.abs()),
            None => near(v.near.abs()),
        })),
        Math::Matrix(rows) => {
            let entry = |m: &Math| worth(m).and_then(|t| one(&t).cloned());
            let table: Table = rows.iter().map(|r| r.iter().map(entry).collect()).collect::<Option<_>>()?;
            let (_, width) = shape(&table);
            table.iter().all(|row| row.len() == width).then_some(table)
        }
        // A list is a column.
        Math::List(items) => {
            items.iter().map(|m| worth(m).and_then(|t| one(&t).cloned()).map(|n| vec![n])).collect()
        }
        Math::Group(inner) => worth(inner),
        _ => None,
    }
}

fn holds(relation: Relation, a: &Number, b: &Number) -> bool {
    if !(a.near.is_finite() && b.near.is_finite()) {
        // e¹⁰⁰⁰ is beyond floating point, and says nothing here.
        return true;
    }
    let size = a.near.abs().max(b.near.abs()).max(1e-300);
    let error = 1e-9 * size + 1e-13;
    match relation {
        Relation::Equal => match (&a.exact, &b.exact) {
            (Some(x), Some(y)) => x == y,
            _ => (a.near - b.near).abs() <= error + a.off + b.off,
        },
        Relation::NotEqual => a.near != b.near,
        Relation::Approx => (a.near - b.near).abs() <= error + a.off.max(b.off),
        Relation::Less => a.near < b.near + error,
        Relation::LessEqual => a.near <= b.near + error,
        Relation::Greater => a.near + error > b.near,
        Relation::GreaterEqual => a.near + error >= b.near,
        Relation::Implies | Relation::In => true,
    }
}

/// Checks every relation between numbers; how many there were.
fn check(math: &Math, place: &str, faults: &mut Vec<String>) -> usize {
    match math {
        Math::Sequence(parts) => parts.iter().map(|part| check(part, place, faults)).sum(),
        Math::Group(inner) => check(inner, place, faults),
        Math::Matrix(rows) => rows.iter().flatten().map(|part| check(part, place, faults)).sum(),
        Math::Chain(first, rest) => {
            let mut checked = check(first, place, faults);
            // The last side that is a number, as long as only equalities led on from it.
            let mut before = worth(first);
            for (relation, side) in rest {
                checked += check(side, place, faults);
                let value = worth(side);
                if let (Some(a), Some(b)) = (&before, &value) {
                    let flat = |t: &Table| t.iter().flatten().cloned().collect::<Vec<_>>();
                    let (x, y) = (flat(a), flat(b));
                    checked += 1;
                    let same_shape = shape(a) == shape(b)
                        || (x.len() == y.len() && (shape(a).0 == 1) != (shape(b).0 == 1));
                    let true_everywhere =
                        x.len() == y.len() && x.iter().zip(&y).all(|(x, y)| holds(*relation, x, y));
                    let told = matches!(relation, Relation::Implies | Relation::In);
                    if !(told || same_shape && true_everywhere) {
                        faults.push(format!(
                            "{place}: {relation:?} does not hold in {}",
                            backproof::notation::text(math)
                        ));
                    }
                }
                before = match (value, relation) {
                    (Some(value), _) => Some(value),
                    (None, Relation::Equal) => before,
                    (None, _) => None,
                };
            }
            checked
        }
        _ => 0,
    }
}

#[test]
fn what_worked_steps_say_of_numbers_is_so() {
    let (mut checked, mut faults) = (0, Vec::new());
    for source in sources().into_iter().chain(gallery::SHEETS.iter().map(gallery::BuiltIn::source)) {
        let name = source.name.clone();
        let report = pipeline::explain(&Sheet::parse(source).unwrap()).unwrap();
        for question in &report.questions {
            for row in &question.rows {
                let place = format!("{name}: {}.{}", question.id, row.row.id);
                for math in row.row.steps.iter().flat_map(|step| &step.math) {
                    checked += check(math, &place, &mut faults);
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} of {checked}:\n{}", faults.len(), faults.join("\n"));
    assert!(checked > 700, "only {checked} relations between numbers were found");
    println!("{checked} relations hold");
}

#[test]
fn a_relation_that_is_wrong_is_seen() {
    use backproof::num::ratio;
    let number = |p, q| Math::Number(ratio(p, q));
    let half = Math::Fraction(Box::new(number(1, 1)), Box::new(number(2, 1)));
    for (side, relation, right) in [
        (number(1, 2), Relation::Equal, true),
        (number(1, 3), Relation::Equal, false),
        (Math::Decimal("0.5000".to_owned()), Relation::Approx, true),
        (Math::Decimal("0.5001".to_owned()), Relation::Approx, false),
        (number(2, 3), Relation::Less, true),
        (number(1, 4), Relation::Less, false),
    ] {
        let mut faults = Vec::new();
        let chain = Math::Chain(Box::new(half.clone()), vec![(relation, side)]);
        assert_eq!(check(&chain, "here", &mut faults), 1);
        assert_eq!(faults.is_empty(), right, "{chain:?}");
    }
}
