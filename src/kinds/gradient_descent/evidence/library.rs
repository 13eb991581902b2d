//! What floats of an unrelated library say about the rows of gradient descent lives here: eigenvalues by rotations, and
//! all that follows from them in intervals. No pivot is counted, no polynomial solved, no inequality tested.
//!
//! # What is proved
//!
//! Rotations bring H near to a diagonal, in floats that need not be right: they give a matrix Q. Then, in intervals,
//! D = QᵀHQ and E = QᵀQ − I. The eigenvalues of D, in order, lie within r of its diagonal, in order, where r is the
//! greatest sum of |entries| of a row off the diagonal (Weyl's inequality, and a norm); and λᵢ(D) = θᵢ·λᵢ(H) with every
//! θᵢ an eigenvalue of QᵀQ or between two (Ostrowski's theorem: R. Horn and C. Johnson, Matrix Analysis, 4.5.9), so
//! within 1 ± e for e the greatest such sum of E.

use num_integer::Integer as _;
use num_traits::{One, Zero};

use super::known::Known;
use super::view::{View, longest};
use crate::evidence::library::{Float, Library, SOURCE};
use crate::expr::Node;
use crate::num::decimal::bits_of_digits;
use crate::num::{Integer, Rational, Undecided, ratio};
use crate::report::{Evidence, Value};

/// The most variables: a sweep of rotations takes their third power of operations.
const MOST_VARIABLES: usize = 8;
/// Most sweeps of rotations; they converge quadratically.
const SWEEPS: usize = 40;
/// The longest numbers, in bits; longer ones take more precision than rotations are worth.
const MOST_BITS: u64 = 4096;
/// Bits beyond those that decimals and numbers take.
const SPARE_BITS: u64 = 192;
/// Most products of floats that steps of a descent take.
const MOST_PRODUCTS: usize = 20_000;
/// The most bits of a power that settles whether the strongly convex bound meets ε exactly.
const LONGEST_POWER: u64 = 1 << 16;

/// Rows that only a convex objective has.
const OF_A_CONVEX: [&str; 10] = [
    "m",
    "condition-number",
    "minimiser",
    "f-star",
    "step-convex",
    "step-strongly-convex",
    "step-limit",
    "k-convex",
    "k-strongly-convex",
    "k-exact",
];

type Square = Vec<Vec<Float>>;

/// Evidence about the rows that floats can tell of; a row about which they cannot is left to other sources.
pub(super) fn evidence(view: &View<'_>) -> Vec<Evidence> {
    let numbers = view.f.hessian.iter().flatten().chain(&view.f.linear).chain(&view.given.start);
    let numbers = numbers.chain([&view.given.accuracy]);
    let longest = longest(numbers);
    if view.given.variables.len() > MOST_VARIABLES || longest > MOST_BITS {
        return Vec::new();
    }
    // Twice the longest number, so that what differs in its last digit still comes apart.
    let bits = u64::from(bits_of_digits(view.given.digits)).saturating_add(longest.saturating_mul(2));
    let library = Library::with_bits(usize::try_from(bits.saturating_add(SPARE_BITS)).unwrap_or(usize::MAX));
    Floats::of(view, library).map(|floats| floats.all()).unwrap_or_default()
}

/// All that floats see of a problem.
struct Floats<'a> {
    view: &'a View<'a>,
    library: Library,
    /// Ascending.
    eigenvalues: Vec<Float>,
    smoothness: Float,
    /// The smallest eigenvalue.
    least: Float,
}

impl<'a> Floats<'a> {
    fn of(view: &'a View<'a>, library: Library) -> Result<Self, Undecided> {
        let h = view.f.hessian.iter().map(|row| library.numbers(row)).collect::<Result<Square, _>>()?;
        let eigenvalues = eigenvalues(&library, &h)?;
        let none = || Undecided::because("no variables");
        let least = eigenvalues.first().ok_or_else(none)?.clone();
        let greatest = eigenvalues.last().ok_or_else(none)?;
        let smoothness = library.max(&library.abs(&least), &library.abs(greatest));
        Ok(Self { view, library, eigenvalues, smoothness, least })
    }

    fn all(&self) -> Vec<Evidence> {
        let (l, all) = (&self.library, &self.eigenvalues);
        let mut out =
            vec![l.evidence("eigenvalues", l.list(all)), l.evidence("L", l.bounds(&self.smoothness))];
        let signs = format!("signs of {} eigenvalues, by rotations", all.len());
        let convexity = |convex: bool, strongly: bool| {
            [
                Evidence::equal("convex", SOURCE, convex, signs.clone()),
                Evidence::equal("strongly-convex", SOURCE, strongly, signs.clone()),
            ]
        };
        if let Ok(t) = self.step() {
            out.push(l.evidence("step", l.bounds(&t)));
        }
        if self.least.is_negative() {
            out.extend(convexity(false, false));
            out.extend(OF_A_CONVEX.map(|row| Evidence::absent(row, SOURCE, "an eigenvalue is negative")));
        } else if self.least.is_positive() {
            out.extend(convexity(true, true));
            out.push(l.evidence("m", l.bounds(&self.least)));
            out.extend(self.of_a_strongly_convex().unwrap_or_default());
        }
        out
    }

    fn of_a_strongly_convex(&self) -> Result<Vec<Evidence>, Undecided> {
        let Self { library: l, view, smoothness, least, .. } = self;
        let (one, two) = (l.one(), l.number(&ratio(2, 1))?);
        let sum = l.add(smoothness, least)?;
        let mut out = vec![
            l.evidence("condition-number", l.bounds(&l.over(smoothness, least)?)),
            l.evidence("step-convex", l.bounds(&l.over(&one, smoothness)?)),
            l.evidence("step-strongly-convex", l.bounds(&l.over(&two, &sum)?)),
            l.evidence("step-limit", l.bounds(&l.over(&two, smoothness)?)),
        ];
        let h = view.f.hessian.iter().map(|row| l.numbers(row)).collect::<Result<Square, _>>()?;
        let slope = l.numbers(&view.f.linear)?;
        let minimiser = solve(l, &h, &slope.iter().map(|b| l.neg(b)).collect::<Vec<_>>())?;
        out.push(l.evidence("minimiser", l.list(&minimiser)));
        // f(0) + ½bᵀx*
        let origin: Vec<Rational> = slope.iter().map(|_| Rational::zero()).collect();
        let half = l.number(&ratio(1, 2))?;
        let bend = l.mul(&half, &l.dot(slope.iter().zip(&minimiser), &l.zero())?)?;
        let value = l.add(&l.number(&view.f.value(view.given, &origin))?, &bend)?;
        out.push(l.evidence("f-star", l.bounds(&value)));
        let error = l.numbers(&view.given.start)?;
        let error: Vec<Float> =
            error.iter().zip(&minimiser).map(|(x, m)| l.sub(x, m)).collect::<Result<_, _>>()?;
        if let Ok(t) = self.step() {
            out.extend(self.counts(&t, &l.dot(error.iter().zip(&error), &l.zero())?));
            out.extend(self.descend(&h, error, &t).unwrap_or_default());
        }
        Ok(out)
    }

    /// The step at L and m.
    fn step(&self) -> Result<Float, Undecided> {
        let l = &self.library;
        let none = || Undecided::because("no operand");
        let value = self.view.given.step.fold(|node, operands: Vec<Float>| {
            let first = operands.first().ok_or_else(none);
            match node.node() {
                Node::Number(r) => l.number(r),
                Node::Variable(name) if &**name == "L" => Ok(self.smoothness.clone()),
                Node::Variable(_) if self.least.is_positive() => Ok(self.least.clone()),
                Node::Variable(_) => Err(Undecided::because("m is not told from zero")),
                Node::Negate(_) => Ok(l.neg(first?)),
                Node::Sum(_) => operands.iter().try_fold(l.zero(), |sum, x| l.add(&sum, x)),
                Node::Product(_) => operands.iter().try_fold(l.one(), |product, x| l.mul(&product, x)),
                Node::Quotient(..) => l.over(first?, operands.get(1).ok_or_else(none)?),
                Node::Power(_, n) => self.power(first?, *n),
                Node::Exp(_) => l.exp(first?),
                Node::Ln(_) => l.ln(first?),
                Node::Sqrt(_) => l.sqrt(first?),
            }
        })?;
        value.ok_or_else(none)
    }

    fn power(&self, x: &Float, n: i64) -> Result<Float, Undecided> {
        let l = &self.library;
        let size = n.unsigned_abs();
        if size > 64 {
            return Err(Undecided::because("a power of more than 64 factors"));
        }
        let power = (0..size).try_fold(l.one(), |power, _| l.mul(&power, x))?;
        if n < 0 { l.over(&l.one(), &power) } else { Ok(power) }
    }

    /// Both bounds solved for k: D/(2tε), and ln(ε/C)/ln γ.
    fn counts(&self, t: &Float, distance: &Float) -> Vec<Evidence> {
        let l = &self.library;
        let mut out = Vec::new();
        let past = |c: i64, sum: &Float| {
            let bound = l.over(&l.number(&ratio(c, 1))?, sum)?;
            Ok::<_, Undecided>(l.sub(t, &bound)?.is_positive())
        };
        if past(1, &self.smoothness) == Ok(true) {
            out.push(Evidence::absent("k-convex", SOURCE, "t > 1/L in floats"));
        }
        if l.add(&self.smoothness, &self.least).and_then(|sum| past(2, &sum)) == Ok(true) {
            out.push(Evidence::absent("k-strongly-convex", SOURCE, "t > 2/(m + L) in floats"));
        }
        let Ok((above, below)) = self.sides(t) else { return out };
        let exact = self.view.t.value().and_then(|t| t.exact()).zip(self.view.minimum.value());
        if below {
            let quotient = || {
                let epsilon = l.number(&(&self.view.given.accuracy * ratio(2, 1)))?;
                l.over(distance, &l.mul(&epsilon, t)?)
            };
            // Where the quotient is whole, the rationals say so: k is met exactly.
            let tie = |k: &Integer| {
                exact.is_some_and(|(t, found)| {
                    t * &self.view.given.accuracy * Rational::from_integer(k * 2) == found.distance
                })
            };
            if let Some(k) = quotient().ok().and_then(|q| smallest(&l.ends(&q), tie)) {
                let k = k.max(Integer::one());
                out.push(Evidence::equal(
                    "k-convex",
                    SOURCE,
                    Value::integer(k),
                    "D/(2tε) in floats, rounded up",
                ));
            }
        }
        if let Some(k) = self.strong(t, distance, above) {
            out.push(Evidence::equal(
                "k-strongly-convex",
                SOURCE,
                Value::integer(k),
                "ln(ε/C)/ln γ in floats, rounded up",
            ));
        }
        out
    }

    /// Whether t is told to lie in [1/L, 2/(m + L)], and whether in (0, 1/L]; an error where neither is.
    fn sides(&self, t: &Float) -> Result<(bool, bool), Undecided> {
        let (l, view) = (&self.library, self.view);
        // No float tells 1/L from 1/L: the step of the theorem is known by how it is written, or by its rationals.
        let written = |text: &str| {
            crate::expr::parse(text)
                .is_ok_and(|bound| crate::expr::equal(&view.given.step, &bound) == Ok(true))
        };
        let exact = |x: Option<&Known>| x.and_then(Known::exact).cloned();
        let (m, big_l) = (exact(view.strong.value()), exact(view.smoothness.value()));
        let meets = |product: Option<Rational>, c: i64| product.is_some_and(|p| p == ratio(c, 1));
        let times = |x: Option<Rational>| exact(view.t.value()).zip(x).map(|(t, x)| t * x);
        let at = written("1/L") || meets(times(big_l.clone()), 1);
        let at_most = written("2/(m + L)") || meets(times(m.zip(big_l).map(|(m, l)| m + l)), 2);
        let one_over = l.over(&l.one(), &self.smoothness)?;
        let limit = l.over(&l.number(&ratio(2, 1))?, &l.add(&self.smoothness, &self.least)?)?;
        let below = t.is_positive() && (at || l.sub(&one_over, t)?.is_not_negative());
        let from = at || l.sub(t, &one_over)?.is_not_negative() || at_most;
        let above = from && (at || at_most || l.sub(&limit, t)?.is_not_negative());
        if below || above { Ok((above, below)) } else { Err(Undecided::because("t is not told from 1/L")) }
    }

    fn strong(&self, t: &Float, distance: &Float, above: bool) -> Option<Integer> {
        let l = &self.library;
        let accuracy = &self.view.given.accuracy;
        let rate = if above { l.over(&self.least, &self.smoothness) } else { l.mul(&self.least, t) }.ok()?;
        let gamma = l.sub(&l.one(), &rate).ok()?;
        let c = l.mul(&l.mul(&l.number(&ratio(1, 2)).ok()?, &self.smoothness).ok()?, distance).ok()?;
        let epsilon = l.number(accuracy).ok()?;
        if l.sub(&epsilon, &c).ok()?.is_positive() {
            return Some(Integer::zero());
        }
        if !gamma.is_positive() {
            return None;
        }
        let slower = l.neg(&l.ln(&gamma).ok()?);
        let further = l.ln(&l.over(&c, &epsilon).ok()?).ok()?;
        let quotient = l.over(&further, &slower).ok()?;
        let exact = || {
            let (m, big_l) = (self.view.strong.value()?.exact()?, self.view.smoothness.value()?.exact()?);
            let rate = if above { m / big_l } else { m * self.view.t.value()?.exact()? };
            let c = big_l * &self.view.minimum.value()?.distance * ratio(1, 2);
            Some((Rational::one() - rate, c))
        };
        let tie = |k: &Integer| {
            let Some(((gamma, c), k)) = exact().zip(u32::try_from(k).ok()) else { return false };
            gamma.denom().bits().saturating_mul(u64::from(k)) <= LONGEST_POWER
                && Rational::new(gamma.numer().pow(k), gamma.denom().pow(k)) * c == *accuracy
        };
        smallest(&l.ends(&quotient), tie)
    }

    /// Steps of the descent itself, e ← (I − tH)e, until ½eᵀHe ≤ ε. For t < 2/L the gap falls at every step.
    fn descend(&self, h: &Square, mut error: Vec<Float>, t: &Float) -> Result<Vec<Evidence>, Undecided> {
        let l = &self.library;
        let limit = l.over(&l.number(&ratio(2, 1))?, &self.smoothness)?;
        if !t.is_positive() || !l.sub(&limit, t)?.is_positive() {
            return Ok(Vec::new());
        }
        let (half, epsilon) = (l.number(&ratio(1, 2))?, l.number(&self.view.given.accuracy)?);
        let n = error.len();
        let steps = MOST_PRODUCTS / n.saturating_mul(n.saturating_mul(2).saturating_add(1)).max(1);
        // I − tH once: an interval around zero that is taken from itself at every step would double at every step.
        let entry = |i: usize, j: usize, x: &Float| {
            let own = if i == j { l.one() } else { l.zero() };
            l.sub(&own, &l.mul(t, x)?)
        };
        let row =
            |(i, row): (usize, &Vec<Float>)| row.iter().enumerate().map(|(j, x)| entry(i, j, x)).collect();
        let shrink: Square = h.iter().enumerate().map(row).collect::<Result<_, _>>()?;
        for k in 0..=steps {
            let gap = l.mul(&half, &l.dot(error.iter().zip(&image(l, h, &error)?), &l.zero())?)?;
            let left = l.sub(&gap, &epsilon)?;
            if left.is_negative() {
                let detail = format!("{k} steps in floats");
                return Ok(vec![Evidence::equal("k-exact", SOURCE, Value::integer(k), detail)]);
            }
            if !left.is_positive() {
                break;
            }
            error = image(l, &shrink, &error)?;
        }
        Ok(Vec::new())
    }
}

/// The smallest whole number that is at least a number between two ends: told where no whole number lies between them,
/// or where the one that does is met exactly.
fn smallest((lo, hi): &(Rational, Rational), met: impl Fn(&Integer) -> bool) -> Option<Integer> {
    let up = |x: &Rational| Integer::div_ceil(x.numer(), x.denom());
    let (from, to) = (up(lo), up(hi));
    if from == to || met(&from) { Some(from) } else { None }
}

fn image(l: &Library, h: &Square, v: &[Float]) -> Result<Vec<Float>, Undecided> {
    h.iter().map(|row| l.dot(row.iter().zip(v), &l.zero())).collect()
}

/// The solution of a positive definite system, by elimination.
fn solve(l: &Library, h: &Square, right: &[Float]) -> Result<Vec<Float>, Undecided> {
    let none = || Undecided::because("a system that is not square");
    let mut rows: Vec<Vec<Float>> =
        h.iter().zip(right).map(|(row, b)| row.iter().chain([b]).cloned().collect()).collect();
    for i in 0..rows.len() {
        let pivot = rows.get(i).ok_or_else(none)?.clone();
        let p = pivot.get(i).ok_or_else(none)?;
        for (j, row) in rows.iter_mut().enumerate().filter(|(j, _)| *j != i) {
            let factor = l.over(row.get(i).ok_or_else(none)?, p)?;
            for (k, (x, y)) in row.iter_mut().zip(&pivot).enumerate() {
                // Zero by construction, which an interval would blur.
                *x = if k == i || (k < i && j > i) { l.zero() } else { l.sub(x, &l.mul(&factor, y)?)? };
            }
        }
    }
    rows.iter()
        .enumerate()
        .map(|(i, row)| l.over(row.last().ok_or_else(none)?, row.get(i).ok_or_else(none)?))
        .collect()
}

// ---- eigenvalues -----------------------------------------------------------------------------------

/// Bounds of the eigenvalues of a symmetric matrix, ascending.
fn eigenvalues(l: &Library, h: &Square) -> Result<Vec<Float>, Undecided> {
    let n = h.len();
    let q = rotations(l, h)?;
    let column = |j: usize| q.iter().filter_map(|row| row.get(j)).cloned().collect::<Vec<Float>>();
    let columns: Vec<Vec<Float>> = (0..n).map(column).collect();
    let images: Vec<Vec<Float>> = columns.iter().map(|c| image(l, h, c)).collect::<Result<_, _>>()?;
    let table = |right: &[Vec<Float>]| -> Result<Square, Undecided> {
        let row = |a: &Vec<Float>| {
            right.iter().map(|b| l.dot(a.iter().zip(b), &l.zero())).collect::<Result<_, _>>()
        };
        columns.iter().map(row).collect()
    };
    let (d, gram) = (table(&images)?, table(&columns)?);
    let mut diagonal = Vec::new();
    let (mut off, mut apart) = (l.zero(), l.zero());
    for (i, (row, own)) in d.iter().zip(&gram).enumerate() {
        let (mut sum, mut e) = (l.zero(), l.zero());
        for (j, (x, g)) in row.iter().zip(own).enumerate() {
            let g = if i == j { l.sub(g, &l.one())? } else { g.clone() };
            e = l.add(&e, &l.abs(&g))?;
            if i == j { diagonal.push(x.clone()) } else { sum = l.add(&sum, &l.abs(x))? }
        }
        (off, apart) = (l.max(&off, &sum), l.max(&apart, &e));
    }
    diagonal.sort_by(Float::before);
    let (radius, share) = (l.around_zero(&off), l.add(&l.one(), &l.around_zero(&apart))?);
    // In order by their lower ends; an interval that reaches past the next one's is widened to its upper end.
    let mut all =
        diagonal.iter().map(|x| l.over(&l.add(x, &radius)?, &share)).collect::<Result<Vec<_>, _>>()?;
    for i in 1..all.len() {
        let (before, after) = all.split_at_mut(i);
        if let (Some(a), Some(b)) = (before.last(), after.first_mut()) {
            *b = l.max(a, b);
        }
    }
    Ok(all)
}

/// A matrix that nearly diagonalises: products of rotations, each of which makes one entry nearly zero (C. Jacobi, Über
/// ein leichtes Verfahren, 1846). Nothing here is proved; what comes out is only tried.
fn rotations(l: &Library, h: &Square) -> Result<Square, Undecided> {
    let n = h.len();
    let mut a: Square = h.iter().map(|row| row.iter().map(|x| l.guess(x)).collect()).collect();
    let unit = |i: usize, j: usize| if i == j { l.one() } else { l.zero() };
    let mut q: Square = (0..n).map(|i| (0..n).map(|j| unit(i, j)).collect()).collect();
    let none = || Undecided::because("a matrix that is not square");
    let at = |a: &Square, i: usize, j: usize| a.get(i).and_then(|row| row.get(j)).cloned().ok_or_else(none);
    for _ in 0..SWEEPS {
        let mut turned = false;
        for i in 0..n {
            for j in i + 1..n {
                let (x, y, z) = (at(&a, i, i)?, at(&a, j, j)?, at(&a, i, j)?);
                if l.is_negligible(&z, &x, &y) {
                    continue;
                }
                turned = true;
                let (c, s) = angle(l, &x, &y, &z)?;
                turn(l, &mut a, i, j, &c, &s)?;
                turn(l, &mut q, i, j, &c, &s)?;
                // The other side, by symmetry: rows as columns.
                a = transpose(&a);
                turn(l, &mut a, i, j, &c, &s)?;
            }
        }
        if !turned {
            break;
        }
    }
    Ok(q)
}

/// Cosine and sine of the rotation that makes z in [[x, z], [z, y]] zero: tan from cot 2φ = (y − x)/(2z), the smaller.
fn angle(l: &Library, x: &Float, y: &Float, z: &Float) -> Result<(Float, Float), Undecided> {
    let g = |x: Float| l.guess(&x);
    let twice = g(l.add(z, z)?);
    let difference = g(l.sub(y, x)?);
    // θ = (y − x)/(2z); a negative divisor turns both signs.
    let (top, bottom) =
        if twice.is_negative() { (l.neg(&difference), l.neg(&twice)) } else { (difference, twice) };
    let theta = g(l.over(&top, &bottom)?);
    let root = g(l.sqrt(&l.add(&g(l.mul(&theta, &theta)?), &l.one())?)?);
    let size = g(l.over(&l.one(), &l.add(&l.abs(&theta), &root)?)?);
    let tangent = if theta.is_negative() { l.neg(&size) } else { size };
    let scale = g(l.sqrt(&l.add(&g(l.mul(&tangent, &tangent)?), &l.one())?)?);
    let c = g(l.over(&l.one(), &scale)?);
    let s = g(l.mul(&tangent, &c)?);
    Ok((c, s))
}

/// Columns i and j turned.
fn turn(l: &Library, a: &mut Square, i: usize, j: usize, c: &Float, s: &Float) -> Result<(), Undecided> {
    for row in a {
        let (Some(x), Some(y)) = (row.get(i).cloned(), row.get(j).cloned()) else { continue };
        let new_x = l.guess(&l.sub(&l.mul(c, &x)?, &l.mul(s, &y)?)?);
        let new_y = l.guess(&l.add(&l.mul(s, &x)?, &l.mul(c, &y)?)?);
        if let Some(slot) = row.get_mut(i) {
            *slot = new_x;
        }
        if let Some(slot) = row.get_mut(j) {
            *slot = new_y;
        }
    }
    Ok(())
}

fn transpose(a: &Square) -> Square {
    let width = a.first().map_or(0, Vec::len);
    (0..width).map(|j| a.iter().filter_map(|row| row.get(j)).cloned().collect()).collect()
}
