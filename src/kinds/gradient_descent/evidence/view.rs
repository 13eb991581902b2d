//! What is seen of a problem is gathered here once: the quadratic by differences, pivots, eigenvalues by counting, the
//! value of the step, the minimum. What it says about rows is in `mod.rs` and `iterations.rs`.

use num_traits::{Signed, Zero};

use super::super::given::Given;
use super::differences::{Differences, Minimum, conjugate_gradients, dot, through_the_square};
use super::known::Known;
use super::spectrum::Spectrum;
use crate::expr::{self, Expr, Node};
use crate::linalg::ldlt::{Inertia, inertia, negative_direction};
use crate::linalg::{Matrix, from_rows, quadratic_form};
use crate::num::{Interval, Rational, ratio};

/// Bits of an irrational eigenvalue's bounds where few decimals are asked for, with few variables and with many.
const BITS: [u32; 2] = [512, 256];
/// The most variables for which conjugate gradients are followed; their fractions grow long.
const CONJUGATE: usize = 8;
/// The largest product of variables and bits of the longest number for which conjugate gradients are followed; each
/// step makes the fractions several times as long.
const CONJUGATE_BITS: u64 = 1 << 9;

/// A number or why there is none: the condition that fails.
#[derive(Debug, Clone)]
pub(super) enum Seeing<T> {
    Value(T),
    /// There is no such value.
    Absent(String),
    /// Cannot tell.
    Nothing(String),
}

pub(super) use Seeing::{Absent, Nothing};

impl<T> Seeing<T> {
    pub(super) fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    pub(super) fn and_then<U>(self, f: impl FnOnce(T) -> Seeing<U>) -> Seeing<U> {
        match self {
            Self::Value(value) => f(value),
            Absent(why) => Absent(why),
            Nothing(why) => Nothing(why),
        }
    }

    pub(super) fn of(value: Option<T>, otherwise: &str) -> Self {
        value.map_or_else(|| Nothing(otherwise.to_owned()), Seeing::Value)
    }
}

/// The point and value of the minimum, and how far the start is from it.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) minimiser: Vec<Rational>,
    pub(super) least: Rational,
    pub(super) distance: Rational,
    pub(super) gap: Rational,
}

/// All that was seen of a problem.
pub(super) struct View<'a> {
    pub(super) given: &'a Given,
    pub(super) f: Differences,
    pub(super) pivots: Inertia,
    pub(super) negative: Option<(Vec<Rational>, Rational)>,
    pub(super) spectrum: Seeing<Spectrum>,
    pub(super) bits: u32,
    pub(super) smoothness: Seeing<Known>,
    pub(super) strong: Seeing<Known>,
    pub(super) t: Seeing<Known>,
    pub(super) minimum: Seeing<Found>,
}

impl<'a> View<'a> {
    pub(super) fn of(given: &'a Given) -> Option<Self> {
        let f = Differences::of(given)?;
        let h = from_rows(&f.hessian).ok()?;
        let pivots = inertia(&h).ok()?;
        let negative = downward(&h);
        let [few, many] = BITS;
        let bits = if given.variables.len() <= CONJUGATE { few } else { many };
        let bits = bits.max(given.digits.saturating_mul(7).div_ceil(2).saturating_add(32));
        // A number of iterations is as long as 1/ε, and the step has to be as sharp as that.
        let length = u32::try_from(given.accuracy.denom().bits()).unwrap_or(u32::MAX);
        let sharp = length.saturating_mul(2).saturating_add(128);
        let bits = if given.variables.len() <= CONJUGATE { bits.max(sharp) } else { bits };
        let spectrum = Seeing::of(Spectrum::of(&h, bits), "eigenvalues are not counted within limits");
        let convex = pivots.negative == 0;
        let smoothness = match spectrum.value().and_then(|s| s.all.first().zip(s.all.last())) {
            Some((first, last)) => Seeing::Value(first.abs().max(&last.abs())),
            None => Nothing("no eigenvalues".to_owned()),
        };
        let strong = match spectrum.value().and_then(|s| s.all.first()) {
            _ if !convex => Absent("a pivot is negative".to_owned()),
            Some(least) => Seeing::Value(least.clone()),
            None => Nothing("no eigenvalues".to_owned()),
        };
        let t = step(&given.step, &smoothness, &strong, bits);
        let minimum = if convex { minimum(given, &f) } else { Absent("vᵀHv < 0: no minimum".to_owned()) };
        Some(Self { given, f, pivots, negative, spectrum, bits, smoothness, strong, t, minimum })
    }

    pub(super) fn convex(&self) -> bool {
        self.pivots.negative == 0
    }

    pub(super) fn strongly_convex(&self) -> bool {
        self.convex() && self.pivots.zero == 0
    }
}

pub(super) fn join(v: &[Rational]) -> String {
    v.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A direction along which the second derivative is negative, with vᵀHv.
fn downward(h: &Matrix) -> Option<(Vec<Rational>, Rational)> {
    let v = negative_direction(h).ok().flatten()?;
    let form = quadratic_form(h, &v).ok()?;
    form.is_negative().then_some((v, form))
}

/// Whether conjugate gradients are short enough to be followed to the minimiser.
pub(super) fn conjugate(given: &Given, f: &Differences) -> bool {
    let numbers = f.hessian.iter().flatten().chain(&f.linear).chain(&given.start);
    let n = given.variables.len();
    n <= CONJUGATE && longest(numbers).saturating_mul(n as u64) <= CONJUGATE_BITS
}

/// Bits of the longest numerator or denominator.
pub(super) fn longest<'a>(numbers: impl Iterator<Item = &'a Rational>) -> u64 {
    numbers.map(|r| r.numer().bits().max(r.denom().bits())).max().unwrap_or(0)
}

fn minimum(given: &Given, f: &Differences) -> Seeing<Found> {
    let met = if conjugate(given, f) {
        conjugate_gradients(f, &given.start)
    } else {
        through_the_square(f, &given.start)
    };
    match met {
        Some(Minimum::At(minimiser)) => {
            let least = f.value(given, &minimiser);
            let error: Vec<Rational> = given.start.iter().zip(&minimiser).map(|(a, b)| a - b).collect();
            let (distance, gap) = (dot(&error, &error), f.energy(&error));
            Seeing::Value(Found { minimiser, least, distance, gap })
        }
        Some(Minimum::Nowhere(v)) => {
            let text = format!("f falls for ever along ({})", join(&v));
            Absent(if text.chars().count() <= 40 { text } else { "f falls for ever along a line".to_owned() })
        }
        None => Nothing("conjugate gradients do not end".to_owned()),
    }
}

/// The value of the step at L and m between bounds.
fn step(step: &Expr, smoothness: &Seeing<Known>, strong: &Seeing<Known>, bits: u32) -> Seeing<Known> {
    let exact = |x: &Seeing<Known>| x.value().and_then(Known::exact).cloned();
    let known = [("L", smoothness), ("m", strong)];
    let at = known.iter().filter_map(|(name, x)| Some(((*name).to_owned(), exact(x)?))).collect();
    match step.evaluate(&at) {
        Ok(t) => return Seeing::Value(t.into()),
        Err(expr::EvalError::DivisionByZero) => return Absent("the step divides by zero".to_owned()),
        Err(expr::EvalError::NotReal(_)) => return Absent("the step has no real value".to_owned()),
        Err(_) => {}
    }
    let uses = step.variables();
    for (name, x) in known {
        if uses.contains(name) {
            match x {
                Absent(why) => return Absent(why.clone()),
                Nothing(why) => return Nothing(why.clone()),
                Seeing::Value(_) => {}
            }
        }
    }
    let ln = |i: &Interval| i.ln().ok().flatten();
    let exp = |i: &Interval| i.exp().ok();
    let computed = step.fold(|node, operands: Vec<Known>| -> Result<Known, ()> {
        let first = operands.first().ok_or(());
        match node.node() {
            Node::Number(r) => Some(r.clone().into()),
            Node::Variable(name) if &**name == "L" => smoothness.value().cloned(),
            Node::Variable(_) => strong.value().cloned(),
            Node::Negate(_) => Some(first?.neg()),
            Node::Sum(_) => Some(operands.iter().fold(Rational::zero().into(), |sum: Known, x| sum.add(x))),
            Node::Product(_) => {
                Some(operands.iter().fold(ratio(1, 1).into(), |product: Known, x| product.mul(x)))
            }
            Node::Quotient(..) => {
                operands.get(1).and_then(Known::recip).and_then(|r| Some(first.ok()?.mul(&r)))
            }
            Node::Power(_, n) => first?.pow(*n),
            Node::Exp(_) => first?.through(bits, exp),
            Node::Ln(_) => first?.through(bits, ln),
            Node::Sqrt(_) => {
                let half = first?.through(bits, ln).map(|x| x.scale(&ratio(1, 2)));
                half.and_then(|x| x.through(bits, exp))
            }
        }
        .ok_or(())
    });
    Seeing::of(computed.ok().flatten(), "the step is not enclosed")
}
