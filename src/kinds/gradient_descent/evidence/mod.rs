//! What other ways of working say about the rows is gathered here. Nothing of the solver is used: the quadratic comes
//! from differences of values, eigenvalues from counting pivots, the minimiser from conjugate gradients, numbers of
//! iterations from testing inequalities and from descending.

mod counts;
mod descent;
mod differences;
mod known;
mod spectrum;

use std::cmp::Ordering;

use num_traits::{Signed, Zero};

use super::given::Given;
use crate::expr::{self, Expr, Node};
use crate::linalg::ldlt::{Inertia, inertia, negative_direction};
use crate::linalg::{Matrix, from_rows, quadratic_form};
use crate::num::{Integer, Interval, Rational, ratio};
use crate::report::{Evidence, Value};
use descent::{Descent, Seen};
use differences::{Differences, Minimum, conjugate_gradients, through_the_square};
use known::Known;
use spectrum::Spectrum;

/// Bits of an irrational eigenvalue's bounds where few decimals are asked for: 60 decimals and more.
const BITS: u32 = 256;
/// The most variables for which conjugate gradients are followed; their fractions grow long.
const CONJUGATE: usize = 8;
/// The largest number of nodes times variables for which the objective is differentiated a second time here.
const MOST_NODES: u64 = 20_000;
/// The longest number that a detail shows.
const SHORT: usize = 9;

/// The ids of all rows, for the case that there is nothing to see.
const ROWS: [&str; 17] = [
    "gradient",
    "hessian",
    "convex",
    "strongly-convex",
    "eigenvalues",
    "L",
    "m",
    "condition-number",
    "minimiser",
    "f-star",
    "step-convex",
    "step-strongly-convex",
    "step-limit",
    "step",
    "k-convex",
    "k-strongly-convex",
    "k-exact",
];

/// Evidence about every row.
pub(super) fn about(given: &Given) -> Vec<Evidence> {
    match View::of(given) {
        Some(view) => view.all(),
        None => ROWS
            .iter()
            .map(|row| {
                Evidence::nothing(*row, "differences", "the objective has no values to take differences of")
            })
            .collect(),
    }
}

/// A number or why there is none: the condition that fails.
#[derive(Debug, Clone)]
enum Seeing<T> {
    Value(T),
    /// There is no such value.
    Absent(String),
    /// Cannot tell.
    Nothing(String),
}

use Seeing::{Absent, Nothing};

impl<T> Seeing<T> {
    fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    fn and_then<U>(self, f: impl FnOnce(T) -> Seeing<U>) -> Seeing<U> {
        match self {
            Self::Value(value) => f(value),
            Absent(why) => Absent(why),
            Nothing(why) => Nothing(why),
        }
    }

    fn of(value: Option<T>, otherwise: &str) -> Self {
        value.map_or_else(|| Nothing(otherwise.to_owned()), Seeing::Value)
    }
}

/// The point and value of the minimum, and how far the start is from it.
#[derive(Clone)]
struct Found {
    minimiser: Vec<Rational>,
    least: Rational,
    distance: Rational,
    gap: Rational,
}

/// All that was seen of a problem.
struct View<'a> {
    given: &'a Given,
    f: Differences,
    pivots: Inertia,
    negative: Option<(Vec<Rational>, Rational)>,
    spectrum: Seeing<Spectrum>,
    bits: u32,
    smoothness: Seeing<Known>,
    strong: Seeing<Known>,
    t: Seeing<Known>,
    minimum: Seeing<Found>,
}

impl<'a> View<'a> {
    fn of(given: &'a Given) -> Option<Self> {
        let f = Differences::of(given)?;
        let h = from_rows(&f.hessian).ok()?;
        let pivots = inertia(&h).ok()?;
        let negative = downward(&h);
        let bits = BITS.max(given.digits.saturating_mul(7).div_ceil(2).saturating_add(32));
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

    fn all(&self) -> Vec<Evidence> {
        let mut all = self.shape();
        all.extend(self.constants());
        all.extend(self.sizes());
        all.extend(self.iterations());
        all
    }

    fn convex(&self) -> bool {
        self.pivots.negative == 0
    }

    fn strongly_convex(&self) -> bool {
        self.convex() && self.pivots.zero == 0
    }

    // ---- the shape of the objective ----------------------------------------------------------

    fn shape(&self) -> Vec<Evidence> {
        let Self { given, f, .. } = self;
        let n = given.variables.len();
        let mut all = vec![
            Evidence::equal(
                "gradient",
                "differences",
                f.gradient_formulas(&given.variables),
                format!("f(x ± eᵢ) for {n} variables"),
            ),
            Evidence::equal(
                "hessian",
                "differences",
                f.hessian.clone(),
                format!("{} second differences of f", n * (n + 1) / 2),
            ),
        ];
        if given.objective.size().saturating_mul(n as u64) <= MOST_NODES {
            let partials: Vec<Expr> = given.variables.iter().map(|x| given.objective.derivative(x)).collect();
            all.push(Evidence::equal("gradient", "symbolic", partials, "rules of calculus, not expanded"));
        }
        let pivots = self.pivots_detail();
        all.push(Evidence::equal("convex", "pivots", self.convex(), pivots.clone()));
        all.push(Evidence::equal("strongly-convex", "pivots", self.strongly_convex(), pivots));
        all
    }

    fn pivots_detail(&self) -> String {
        if let Some((v, form)) = &self.negative {
            let text = format!("vᵀHv = {form} at v = ({})", join(v));
            if text.chars().count() <= 40 {
                return text;
            }
            return format!("{} negative pivots", self.pivots.negative);
        }
        let shown: Vec<Rational> = self
            .pivots
            .pivots
            .iter()
            .cloned()
            .chain(std::iter::repeat_n(Rational::zero(), self.pivots.zero))
            .collect();
        let text = format!("pivots {}", join(&shown));
        if text.chars().count() <= 40 {
            text
        } else {
            format!("{} positive pivots, {} zero", self.pivots.positive, self.pivots.zero)
        }
    }

    // ---- eigenvalues, constants, minimum ------------------------------------------------------

    fn constants(&self) -> Vec<Evidence> {
        let counted = self.spectrum.value().map_or(0, |s| s.counted);
        let detail = format!("pivots of H − qI for {counted} q");
        let mut all = match &self.spectrum {
            Seeing::Value(s) => {
                vec![Known::list_evidence(&s.all, "eigenvalues", "pivots", self.bits, detail.clone())]
            }
            Absent(why) | Nothing(why) => vec![Evidence::nothing("eigenvalues", "pivots", why.clone())],
        };
        all.push(self.number("L", "pivots", &self.smoothness, detail.clone()));
        all.push(self.number("m", "pivots", &self.strong, detail));
        all.push(self.number("condition-number", "pivots", &self.condition(), "L over m".to_owned()));
        let way = if self.given.variables.len() <= CONJUGATE { "conjugate gradients" } else { "square of H" };
        match &self.minimum {
            Seeing::Value(found) => {
                all.push(Evidence::equal(
                    "minimiser",
                    way,
                    found.minimiser.clone(),
                    "the gradient vanishes there",
                ));
                all.push(Evidence::equal("f-star", "evaluation", found.least.clone(), "the objective at x*"));
            }
            Absent(why) => {
                all.push(Evidence::absent("minimiser", way, why.clone()));
                all.push(Evidence::absent("f-star", way, why.clone()));
            }
            Nothing(why) => {
                all.push(Evidence::nothing("minimiser", way, why.clone()));
                all.push(Evidence::nothing("f-star", way, why.clone()));
            }
        }
        all
    }

    fn number(&self, row: &str, source: &'static str, seen: &Seeing<Known>, detail: String) -> Evidence {
        match seen {
            Seeing::Value(x) => x.evidence(row, source, self.bits, detail),
            Absent(why) => Evidence::absent(row, source, why.clone()),
            Nothing(why) => Evidence::nothing(row, source, why.clone()),
        }
    }

    /// m, where every pivot is positive.
    fn positive_m(&self) -> Seeing<Known> {
        if self.strongly_convex() {
            self.strong.clone()
        } else if self.convex() {
            Absent("a pivot is zero: m = 0".to_owned())
        } else {
            Absent("a pivot is negative".to_owned())
        }
    }

    fn condition(&self) -> Seeing<Known> {
        self.positive_m().and_then(|m| {
            self.smoothness
                .clone()
                .and_then(|l| Seeing::of(m.recip().map(|r| l.mul(&r)), "m is not told from zero"))
        })
    }

    // ---- sizes of the step ----------------------------------------------------------------------

    /// c/L, of a convex function.
    fn over_l(&self, c: i64) -> Seeing<Known> {
        if !self.convex() {
            return Absent("a pivot is negative".to_owned());
        }
        if self.f.is_flat() {
            return Absent("all second differences are 0: L = 0".to_owned());
        }
        self.smoothness
            .clone()
            .and_then(|l| Seeing::of(l.recip().map(|r| r.scale(&ratio(c, 1))), "L is not told from zero"))
    }

    /// 2/(m + L)
    fn over_sum(&self) -> Seeing<Known> {
        self.positive_m().and_then(|m| {
            self.smoothness.clone().and_then(|l| {
                // In two dimensions the sum of both eigenvalues is the trace.
                let sum = match self.f.hessian.as_slice() {
                    [a, b] => match (a.first(), b.get(1)) {
                        (Some(a), Some(b)) => Known::from(a + b),
                        _ => m.add(&l),
                    },
                    _ => m.add(&l),
                };
                Seeing::of(sum.recip().map(|r| r.scale(&ratio(2, 1))), "m + L is not told from zero")
            })
        })
    }

    fn sizes(&self) -> Vec<Evidence> {
        vec![
            self.number("step-convex", "pivots", &self.over_l(1), "L by counting eigenvalues".to_owned()),
            self.number(
                "step-strongly-convex",
                "pivots",
                &self.over_sum(),
                "m, L by counting eigenvalues".to_owned(),
            ),
            self.number("step-limit", "pivots", &self.over_l(2), "L by counting eigenvalues".to_owned()),
            self.number("step", "evaluation", &self.t, "at L and m by counting".to_owned()),
        ]
    }

    // ---- numbers of iterations --------------------------------------------------------------------

    /// How t compares with a bound; equal formulas, with m filled in where it is rational, are a tie without numbers.
    fn order(&self, t: &Known, bound: &Known, formula: &str) -> Option<Ordering> {
        let m = self.strong.value().and_then(Known::exact).map(|m| ("m".to_owned(), Expr::number(m.clone())));
        let filled = m.into_iter().collect();
        let equal = |bound: Expr| {
            expr::equal(&self.given.step.substitute(&filled), &bound.substitute(&filled)) == Ok(true)
        };
        if t.exact().is_none() && expr::parse(formula).is_ok_and(equal) {
            return Some(Ordering::Equal);
        }
        t.compare(bound)
    }

    /// t > 0 and the minimum, which both theorems need.
    fn needed(&self) -> Seeing<(Known, Found)> {
        self.minimum.clone().and_then(|found| {
            self.t.clone().and_then(|t| {
                if !t.hi.is_positive() {
                    Absent("t is not positive".to_owned())
                } else if t.lo.is_positive() {
                    Seeing::Value((t, found))
                } else {
                    Nothing("t is not told from zero".to_owned())
                }
            })
        })
    }

    /// How t compares with c/L; any t is smaller where L = 0.
    fn against(&self, t: &Known, c: i64) -> Seeing<Ordering> {
        match self.over_l(c) {
            Seeing::Value(bound) => {
                Seeing::of(self.order(t, &bound, &format!("{c}/L")), "t is not told from the bound 1/L")
            }
            Absent(_) if self.convex() => Seeing::Value(Ordering::Less),
            Absent(why) => Absent(why),
            Nothing(why) => Nothing(why),
        }
    }

    fn iterations(&self) -> Vec<Evidence> {
        let count = |row: &str, source: &'static str, seen: Seeing<Integer>, name: &str| match seen {
            Seeing::Value(k) => {
                let detail = two_sides(name, &k);
                Evidence::equal(row, source, Value::integer(k), detail)
            }
            Absent(why) => Evidence::absent(row, source, why),
            Nothing(why) => Evidence::nothing(row, source, why),
        };
        vec![
            count("k-convex", "inequality", self.convex_count(), "bound"),
            count("k-strongly-convex", "inequality", self.strong_count(), "bound"),
            count("k-exact", "descent", self.first(), "gap"),
        ]
    }

    fn convex_count(&self) -> Seeing<Integer> {
        self.needed().and_then(|(t, found)| {
            self.against(&t, 1).and_then(|order| match order {
                Ordering::Greater => Absent("t > 1/L".to_owned()),
                _ => Seeing::of(
                    counts::convex(&found.distance, &t, &self.given.accuracy),
                    "the inequality is not settled at an integer",
                ),
            })
        })
    }

    fn strong_count(&self) -> Seeing<Integer> {
        let both =
            self.positive_m().and_then(|m| self.smoothness.clone().and_then(|l| Seeing::Value((m, l))));
        both.and_then(|(m, l)| {
            self.needed().and_then(|(t, found)| {
                self.against(&t, 1).and_then(|order| {
                    if order == Ordering::Greater {
                        let bound = self.over_sum();
                        match bound.value().and_then(|bound| self.order(&t, bound, "2/(m + L)")) {
                            Some(Ordering::Greater) => return Absent("t > 2/(m + L)".to_owned()),
                            Some(_) => {}
                            None => return Nothing("t is not told from 2/(m + L)".to_owned()),
                        }
                    }
                    let shrinking =
                        if order == Ordering::Less { Some(m.mul(&t)) } else { l.recip().map(|r| m.mul(&r)) };
                    let gamma = shrinking.map(|s| Known::from(ratio(1, 1)).add(&s.neg()));
                    let factor = l.scale(&(&found.distance * ratio(1, 2)));
                    Seeing::of(
                        gamma
                            .and_then(|gamma| counts::strongly_convex(&gamma, &factor, &self.given.accuracy)),
                        "the inequality is not settled at an integer",
                    )
                })
            })
        })
    }

    fn first(&self) -> Seeing<Integer> {
        self.minimum.clone().and_then(|found| {
            if found.gap <= self.given.accuracy {
                return Seeing::Value(Integer::zero());
            }
            self.t.clone().and_then(|t| {
                let Some(spectrum) = self.spectrum.value() else {
                    return Nothing("no eigenvalues".to_owned());
                };
                let against_limit = self.against(&t, 2).value().copied();
                let descent = Descent {
                    given: self.given,
                    f: &self.f,
                    minimiser: &found.minimiser,
                    least: &found.least,
                    t: &t,
                    spectrum: &spectrum.all,
                    against_limit,
                };
                match descent.first() {
                    Seen::First(k) => Seeing::Value(k),
                    Seen::Never(why) => Absent(why),
                    Seen::Nothing(why) => Nothing(why),
                }
            })
        })
    }
}

/// `bound(66) ≤ ε < bound(65)`
fn two_sides(name: &str, k: &Integer) -> String {
    let text = k.to_string();
    if k.is_zero() {
        return format!("{name}(0) ≤ ε");
    }
    if text.len() > SHORT {
        return format!("tested at k and k − 1, {} digits", text.len());
    }
    format!("{name}({k}) ≤ ε < {name}({})", k - 1u32)
}

fn join(v: &[Rational]) -> String {
    v.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A direction along which the second derivative is negative, with vᵀHv.
fn downward(h: &Matrix) -> Option<(Vec<Rational>, Rational)> {
    let v = negative_direction(h).ok().flatten()?;
    let form = quadratic_form(h, &v).ok()?;
    form.is_negative().then_some((v, form))
}

fn minimum(given: &Given, f: &Differences) -> Seeing<Found> {
    let met = if given.variables.len() <= CONJUGATE {
        conjugate_gradients(f, &given.start)
    } else {
        through_the_square(f, &given.start)
    };
    match met {
        Some(Minimum::At(minimiser)) => {
            let least = f.value(given, &minimiser);
            let error: Vec<Rational> = given.start.iter().zip(&minimiser).map(|(a, b)| a - b).collect();
            let (distance, gap) = (differences::dot(&error, &error), f.energy(&error));
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
