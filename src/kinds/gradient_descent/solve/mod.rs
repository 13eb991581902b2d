//! Answers are made here: a row for every question about the objective, with the steps that lead to it.

mod constants;
mod counts;
mod descent;
mod field;
pub(super) mod follow;
mod gap;
mod iterations;
mod letters;
mod sizes;

use num_traits::{Signed, Zero};

use super::given::Given;
use crate::linalg::{quadratic_form, spectrum::characteristic_polynomial};
use crate::notation::{Math, Relation};
use crate::num::{Exact, Rational, Rounding};
use crate::report::{Answer, Row, Style, Value};
use constants::{Constants, Found, Missing, Optimum, Quadratic, exact};
use letters::{is, matrix, rational, sym, tuple};

/// Decimals beyond which a rational is shown with a rounded decimal beside it.
const SHORT_DECIMAL: u32 = 6;
/// The most variables for which the characteristic polynomial is written out.
const WRITTEN_OUT: usize = 6;

/// Everything that rows are made from.
struct Solved<'a> {
    given: &'a Given,
    f: Quadratic,
    constants: Constants,
    optimum: Found<Optimum>,
    /// The value of the step.
    t: Found<Exact>,
}

/// The rows in order.
pub(super) fn rows(given: &Given) -> Vec<Row> {
    let solved = Quadratic::of(given).and_then(|f| Ok((Constants::of(&f.hessian)?, f)));
    let (constants, f) = match solved {
        Ok(parts) => parts,
        Err(why) => return unsettled(&why.reason),
    };
    let optimum = Optimum::of(given, &f, &constants);
    let t = constants.step(given);
    let solved = Solved { given, f, constants, optimum, t };
    let mut rows = solved.shape();
    rows.extend(solved.spectrum());
    rows.extend(solved.minimum());
    rows.extend(sizes::rows(&solved));
    rows.extend(iterations::rows(&solved));
    rows
}

/// The ids and labels, in order.
const ROWS: [(&str, &str); 17] = [
    ("gradient", "gradient"),
    ("hessian", "Hessian"),
    ("convex", "convex"),
    ("strongly-convex", "strongly convex"),
    ("eigenvalues", "eigenvalues"),
    ("L", "smoothness constant"),
    ("m", "strong convexity"),
    ("condition-number", "condition number"),
    ("minimiser", "minimiser"),
    ("f-star", "minimum"),
    ("step-convex", "t, convex"),
    ("step-strongly-convex", "t, strongly convex"),
    ("step-limit", "t, true limit"),
    ("step", "step size"),
    ("k-convex", "k, convex bound"),
    ("k-strongly-convex", "k, strongly convex"),
    ("k-exact", "first k in truth"),
];

/// A row with the label that belongs to its id.
fn row(id: &'static str, answer: impl Into<Answer>) -> Row {
    let label = ROWS.iter().find(|(known, _)| *known == id).map_or(id, |(_, label)| *label);
    Row::new(id, label, answer)
}

/// Every row, where a limit stops the work before it begins.
fn unsettled(reason: &str) -> Vec<Row> {
    ROWS.iter().map(|(id, _)| row(id, Answer::Undecided { reason: reason.to_owned() })).collect()
}

/// The answer of a number that was found or not.
fn answer<T: Clone + Into<Value>>(found: &Found<T>) -> Answer {
    match found {
        Ok(value) => value.clone().into().into(),
        Err(Missing::Absent(reason)) => Answer::absent(reason.clone()),
        Err(Missing::Undecided(reason)) => Answer::Undecided { reason: reason.clone() },
    }
}

/// A row of one number, with decimals where it is not a short decimal itself.
fn number_row(id: &'static str, found: &Found<Exact>) -> Row {
    let made = row(id, answer(found));
    let long = |x: &Exact| match x.as_rational() {
        Ok(Some(r)) => crate::num::decimal::finite_digits(&r, SHORT_DECIMAL).is_none(),
        _ => true,
    };
    if found.as_ref().is_ok_and(long) { made.with_decimal() } else { made }
}

fn short_decimal(x: &Exact, digits: u32) -> Math {
    Math::decimal(x.decimal(Rounding::Significant(digits)).unwrap_or_else(|_| "…".to_owned()))
}

impl Solved<'_> {
    fn x(&self) -> Math {
        sym("x")
    }

    /// Gradient and Hessian, and what pivots say of convexity.
    fn shape(&self) -> Vec<Row> {
        let Self { given, f, .. } = self;
        let partials: Vec<_> =
            given.variables.iter().map(|x| f.polynomial.derivative(x).to_expr(&given.variables)).collect();
        let chain =
            |(x, g): (&String, &crate::expr::Expr)| Math::partial(sym("f"), sym(x)).equals(g.to_math());
        let mut about = Math::apply("f", vec![self.x()]).equals(given.objective.to_math());
        let expanded = f.polynomial.to_expr(&given.variables);
        if expanded != given.objective {
            about = about.equals(expanded.to_math());
        }
        let nabla = Math::words("∇f");
        let gradient = row("gradient", partials.clone())
            .symbol(nabla)
            .step("The objective, multiplied out.", vec![about])
            .step(
                "Differentiate it with respect to each variable.",
                given.variables.iter().zip(&partials).map(chain).collect(),
            );
        let h = f.rows();
        let hessian = row("hessian", h.clone()).symbol(sym("H")).step(
            "The Hessian holds the second derivatives, here constants.",
            vec![Math::words("∇²f").then(letters::all(h.iter().flatten()), matrix(&h))],
        );
        vec![gradient, hessian, self.convex(), self.strongly_convex()]
    }

    fn pivots(&self) -> Math {
        let zeros = std::iter::repeat_n(Rational::zero(), self.f.inertia.zero);
        Math::sequence(self.f.inertia.pivots.iter().cloned().chain(zeros).map(|p| rational(&p)).collect())
    }

    fn convex(&self) -> Row {
        let made = row("convex", self.constants.convex);
        match &self.f.negative {
            None => made.step(
                "f is convex, as its Hessian is positive semidefinite: eliminating symmetrically, H = LDLᵀ has no negative \
                 pivot.",
                vec![self.pivots()],
            ),
            Some(v) => {
                let form = quadratic_form(&self.f.hessian, v).unwrap_or_else(|_| Rational::zero());
                let product = Math::prod(vec![Math::transpose(sym("v")), sym("H"), sym("v")]);
                made.step(
                    "f is not convex: along a direction v its second derivative vᵀHv is negative.",
                    vec![sym("v").then(letters::all(v), tuple(v)), is(product, &form.into()).then(Relation::Less, Math::int(0))],
                )
            }
        }
    }

    fn strongly_convex(&self) -> Row {
        let strongly = self.constants.positive_m().is_some();
        let made = row("strongly-convex", strongly);
        if strongly {
            made.step(
                "f is strongly convex, as its Hessian is positive definite: every pivot is positive.",
                vec![self.pivots()],
            )
        } else if self.constants.convex {
            made.step(
                "f is not strongly convex: a pivot of its Hessian is zero, so f is a straight line along a direction.",
                vec![self.pivots()],
            )
        } else {
            made.step("f is not strongly convex, as it is not even convex.", Vec::new())
        }
    }

    /// Eigenvalues and the constants read from them.
    fn spectrum(&self) -> Vec<Row> {
        let Self { f, constants, .. } = self;
        let all: Vec<Exact> = constants
            .spectrum
            .iter()
            .flat_map(|(root, times)| std::iter::repeat_n(exact(root), *times))
            .collect();
        let irrational = all.iter().any(|x| !matches!(x.as_rational(), Ok(Some(_))));
        let mut eigenvalues = row("eigenvalues", all.clone()).style(Style::Items).symbol(sym("lambda"));
        let h = &f.hessian;
        let diagonal =
            (0..h.nrows()).all(|i| (0..h.ncols()).all(|j| i == j || h.get((i, j)).is_none_or(Zero::is_zero)));
        if diagonal {
            eigenvalues =
                eigenvalues.step("H is diagonal, so its eigenvalues are its diagonal entries.", Vec::new());
        } else if h.nrows() <= WRITTEN_OUT
            && let Ok(p) = characteristic_polynomial(h)
        {
            let shifted = Math::minus(Math::prod(vec![sym("z"), sym("I")]), sym("H"));
            eigenvalues = eigenvalues.step(
                "The eigenvalues are the roots of the characteristic polynomial.",
                vec![
                    Math::apply("det", vec![shifted])
                        .then(letters::all(p.coefficients()), letters::polynomial(p.coefficients())),
                ],
            );
        } else {
            eigenvalues = eigenvalues.step("The eigenvalues are the roots of det(zI − H).", Vec::new());
        }
        if irrational {
            eigenvalues = eigenvalues.with_decimal();
        }
        vec![eigenvalues, self.smoothness(), self.strong(), self.condition()]
    }

    fn smoothness(&self) -> Row {
        let l = Ok(self.constants.smoothness.clone());
        let mut made = number_row("L", &l).symbol(sym("L")).step(
            "The gradient is Lipschitz with the largest absolute eigenvalue as its constant.",
            vec![is(sym("L"), &self.constants.smoothness)],
        );
        if !self.constants.convex {
            made = made
                .remark("f is not convex; L is the largest absolute value of an eigenvalue all the same.");
        }
        made
    }

    fn strong(&self) -> Row {
        let m: Found<Exact> = match &self.constants.strong {
            Some(m) => Ok(m.clone()),
            None => Err(Missing::Absent("f is not convex: its smallest eigenvalue is negative".to_owned())),
        };
        let made = number_row("m", &m).symbol(sym("m"));
        match &m {
            Ok(m) if m.is_zero() == Ok(true) => made
                .step("The smallest eigenvalue.", vec![is(sym("m"), m)])
                .remark("m = 0: f is convex, but not strongly convex."),
            Ok(m) => made.step(
                "f(x) − (m/2)‖x‖² is convex exactly up to the smallest eigenvalue.",
                vec![is(sym("m"), m)],
            ),
            Err(_) => made,
        }
    }

    fn condition(&self) -> Row {
        let condition = match self.constants.positive_m() {
            Some(m) => match field::div(&self.constants.smoothness, m) {
                Ok(Some(q)) => Ok(q),
                Ok(None) => Err(Missing::Absent("L/m divides by zero: m = 0".to_owned())),
                Err(why) => Err(why.into()),
            },
            None if self.constants.convex => Err(Missing::Absent("L/m divides by zero: m = 0".to_owned())),
            None => Err(Missing::Absent("f is not convex, so it has no m".to_owned())),
        };
        let made = number_row("condition-number", &condition).symbol(sym("kappa"));
        match &condition {
            Ok(q) => made.step("", vec![is(sym("kappa").equals(Math::frac(sym("L"), sym("m"))), q)]),
            Err(_) => made,
        }
    }

    /// x* and f*.
    fn minimum(&self) -> Vec<Row> {
        let minimiser = self.optimum.as_ref().map(|o| o.minimiser.clone()).map_err(Clone::clone);
        let least = self.optimum.as_ref().map(|o| Exact::from(o.least.clone())).map_err(Clone::clone);
        let mut where_it_is = row("minimiser", answer(&minimiser)).symbol(sym("x_star"));
        let mut value = number_row("f-star", &least).symbol(sym("f_star"));
        if let Ok(optimum) = &self.optimum {
            let gradient = Math::apply("f", vec![sym("x_star")]);
            where_it_is = where_it_is.step(
                "The gradient vanishes at a minimiser: Hx* + b = 0.",
                vec![sym("x_star").then(letters::all(&optimum.minimiser), tuple(&optimum.minimiser))],
            );
            value = value.step("", vec![is(sym("f_star").equals(gradient), &optimum.least.clone().into())]);
            if self.f.inertia.zero > 0 {
                where_it_is = where_it_is.remark(format!(
                    "The minimiser is not unique: the minimisers form a set of dimension {}. This is the one nearest to the \
                     start, at which ‖x⁽⁰⁾ − x*‖ is the distance to that set, and to which gradient descent tends.",
                    self.f.inertia.zero
                ));
            }
            if optimum.gap.is_zero() {
                where_it_is = where_it_is.remark("The start is a minimiser already.");
            } else if optimum.least.is_negative() || !optimum.least.is_zero() {
                value = value.remark(format!("f(x⁽⁰⁾) − f* = {}.", optimum.gap));
            }
        }
        vec![where_it_is, value]
    }
}
