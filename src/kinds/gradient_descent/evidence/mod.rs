//! What other ways of working say about the rows is gathered here. Nothing of the solver is used: the quadratic comes
//! from differences of values, eigenvalues from counting pivots, the minimiser from conjugate gradients, numbers of
//! iterations from testing inequalities and from descending.

mod counts;
mod descent;
mod differences;
mod guess;
mod iterations;
mod known;
mod library;
mod spectrum;
mod view;

use std::collections::BTreeMap;

use num_traits::Zero;

use super::given::Given;
use crate::expr::Expr;
use crate::num::{Rational, ratio};
use crate::report::Evidence;
use known::Known;
use view::{Absent, Nothing, Seeing, View, conjugate, join};

/// The largest number of nodes times variables for which the objective is differentiated a second time here.
const MOST_NODES: u64 = 20_000;
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

/// The second derivatives by symbols, where they and the variables are few: each is differentiated as it is written, and
/// has its value at the start.
fn second_derivatives(given: &Given, partials: &[Expr]) -> Option<Evidence> {
    let size: u64 = partials.iter().map(Expr::size).fold(0, u64::saturating_add);
    if size.saturating_mul(given.variables.len() as u64) > MOST_NODES {
        return None;
    }
    let at: BTreeMap<String, Rational> =
        given.variables.iter().cloned().zip(given.start.iter().cloned()).collect();
    let row = |partial: &Expr| {
        let entry = |x: &String| partial.derivative(x).evaluate(&at).ok();
        given.variables.iter().map(entry).collect::<Option<Vec<Rational>>>()
    };
    let rows = partials.iter().map(row).collect::<Option<Vec<_>>>()?;
    Some(Evidence::equal("hessian", "symbolic", rows, "differentiated twice, at the start"))
}

impl View<'_> {
    fn all(&self) -> Vec<Evidence> {
        let mut all = self.shape();
        all.extend(self.constants());
        all.extend(self.sizes());
        all.extend(self.iterations());
        all.extend(library::evidence(self));
        all
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
            all.extend(second_derivatives(given, &partials));
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
        let way = if conjugate(self.given, &self.f) { "conjugate gradients" } else { "square of H" };
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
    pub(super) fn positive_m(&self) -> Seeing<Known> {
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
    pub(super) fn over_l(&self, c: i64) -> Seeing<Known> {
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
    pub(super) fn over_sum(&self) -> Seeing<Known> {
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
}
