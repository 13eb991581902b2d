//! What is said about numbers of iterations is gathered here: whether each theorem applies, and what testing and
//! descending find.

use std::cmp::Ordering;

use num_traits::{Signed, Zero};

use super::counts;
use super::descent::{Descent, Seen};
use super::known::Known;
use super::view::{Absent, Found, Nothing, Seeing, View};
use crate::expr::{self, Expr};
use crate::linalg::from_rows;
use crate::linalg::spectrum::characteristic_polynomial;
use crate::num::poly::Poly;
use crate::num::poly::sturm::count_roots;
use crate::num::{Integer, ratio};
use crate::report::{Evidence, Value};

/// The most variables for which a tie between irrational numbers is looked for.
const MOST_OF_A_TIE: usize = 8;

/// The longest number that a detail shows.
const SHORT: usize = 9;

impl View<'_> {
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

    /// Whether t is 2/(m + L) exactly, for m and L that are irrational and their sum is not, as of 3 ± √2.
    ///
    /// With s = 2/t and p the characteristic polynomial: L is a root of p(x) and of p(s − x), so s − L is an eigenvalue; and
    /// it lies where m is the only one.
    fn meets_the_sum(&self, t: &Known, m: &Known, l: &Known) -> bool {
        let Some(s) = t.exact().map(|t| ratio(2, 1) / t) else { return false };
        let Some(poly) = from_rows(&self.f.hessian).ok().and_then(|h| characteristic_polynomial(&h).ok())
        else {
            return false;
        };
        if self.given.variables.len() > MOST_OF_A_TIE || l.exact().is_some() || m.exact().is_some() {
            return false;
        }
        let mirror = Poly::new(vec![s.clone(), ratio(-1, 1)]);
        let both = poly.gcd(&poly.compose(&mirror));
        let (lo, hi) = (m.lo.clone().min(&s - &l.hi), m.hi.clone().max(&s - &l.lo));
        count_roots(&both, &l.lo, &l.hi) == 1 && count_roots(&poly, &lo, &hi) == 1
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

    pub(super) fn iterations(&self) -> Vec<Evidence> {
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
                        let order = bound.value().and_then(|bound| self.order(&t, bound, "2/(m + L)"));
                        let tie = || self.meets_the_sum(&t, &m, &l).then_some(Ordering::Equal);
                        match order.or_else(tie) {
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
