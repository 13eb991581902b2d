//! What other ways of working say about a softmax question: probabilities by odds, the gradient by forward mode, its
//! formula by symbolic differentiation, difference quotients, and a plain pass in enclosures. No answer is seen here,
//! and no solver used.

mod differences;

mod letters;
mod library;
mod shift;

use std::collections::BTreeMap;

use num_traits::{One, Zero};

use super::given::Given;
use crate::expr::Expr;
use crate::num::decimal::bits_of_digits;
use crate::num::elementary::exp_rational;
use crate::num::exp_sum::ExpSum;
use crate::num::quotient::{Denominator, ExpQuotient};
use crate::num::{Exact, Interval, Rational, Undecided};
use crate::report::{Bounds, Evidence, Instance};

/// Up to this many classes each probability is found on its own; beyond, from the odds against the first class.
const EACH_ON_ITS_OWN: usize = 100;
/// Up to this many classes the formula is tested for every class.
const EVERY_CLASS: usize = 12;
/// Bits of the pass in enclosures beyond those that the decimals take.
const SPARE_BITS: u32 = 128;

pub(super) fn evidence(given: &Given) -> Vec<Evidence> {
    let (logits, y) = (given.logits.as_slice(), given.classes.index);
    let mut out = Vec::new();
    let p = by_odds(logits);
    let detail = if logits.len() <= EACH_ON_ITS_OWN {
        "1/p_i = Σ e^(θj − θi)"
    } else {
        "p_i = p_1·e^(θi − θ1)"
    };
    match p.get(y).map(Exact::ln) {
        Some(Ok(Some(log))) => {
            out.push(Evidence::equal("J", "−ln p", log.neg(), "J = ln Σ e^(θj − θy)"));
        }
        Some(Err(why)) => out.push(Evidence::nothing("J", "−ln p", why.reason)),
        _ => out.push(Evidence::nothing("J", "−ln p", "no probability for the true class")),
    }
    out.push(Evidence::equal("p", "odds", p, detail));
    let (gradient, sum) = forward_mode(logits, y);
    let seeded = format!("{} unit tangents", logits.len());
    out.push(Evidence::equal("gradient", "forward mode", gradient, seeded));
    out.push(Evidence::equal("gradient-sum", "forward mode", sum, "one tangent (1, …, 1)"));
    out.push(formula(logits.len(), y));
    out.extend([letters::formula(), shift::evidence(logits, y)]);
    match Enclosed::of(logits, y, SPARE_BITS + bits_of_digits(given.digits)) {
        Ok(pass) => out.extend(pass.evidence()),
        Err(why) => out.push(Evidence::nothing("p", "enclosures", why.reason)),
    }
    out.extend(library::evidence(given));
    out.push(differences::evidence(given));
    out
}

/// p_i = 1/Σⱼ e^(θⱼ−θᵢ).
pub(in crate::kinds) fn by_odds(logits: &[Rational]) -> Vec<Exact> {
    let one = ExpSum::one();
    let alone = |own: &Rational| {
        let odds = ExpSum::from_terms(logits.iter().map(|q| (q - own, Rational::one())));
        ExpQuotient::new(&one, &odds)
    };
    if logits.len() <= EACH_ON_ITS_OWN {
        return logits.iter().filter_map(|own| alone(own).map(Exact::from)).collect();
    }
    let Some((first, reference)) = logits.first().and_then(|q| alone(q).map(|p| (q, p))) else {
        return Vec::new();
    };
    let denominator = Denominator::of(reference.denominator()).map_or_else(Denominator::one, |d| d.0);
    logits
        .iter()
        .map(|q| ExpQuotient::over(reference.numerator().shift(&(q - first)), denominator.clone()).into())
        .collect()
}

/// The derivative of −θ_y + ln u, u = Σⱼ e^θⱼ, along each logit and along (1, …, 1): −t_y + u̇/u, u̇ = Σⱼ tⱼ·e^θⱼ.
fn forward_mode(logits: &[Rational], y: usize) -> (Vec<Exact>, Exact) {
    let total = ExpSum::from_terms(logits.iter().map(|q| (q.clone(), Rational::one())));
    let Some((u, c, q)) = Denominator::of(&total) else { return (Vec::new(), Exact::zero()) };
    let along = |u_dot: ExpSum, t_y: bool| -> Exact {
        let numerator = if t_y { u_dot.add(&total.neg()) } else { u_dot };
        ExpQuotient::over(numerator.scale(&c.recip()).shift(&-&q), u.clone()).into()
    };
    let unit = |(i, q): (usize, &Rational)| along(ExpSum::term(Rational::one(), q.clone()), i == y);
    (logits.iter().enumerate().map(unit).collect(), along(total.clone(), true))
}

/// J = −θ_y + ln Σⱼ e^θⱼ differentiated by symbols, class by class.
fn formula(classes: usize, y: usize) -> Evidence {
    let theta = |i: usize| format!("theta_{}", i + 1);
    let power = |i: usize| Expr::var(&theta(i)).exp();
    let instance = |i: usize, sum: &Expr| {
        let loss = sum.ln() - Expr::var(&theta(y));
        let with = BTreeMap::from([
            ("p_i".to_owned(), power(i).over(sum)),
            ("delta_i".to_owned(), Expr::integer(i64::from(i == y))),
        ]);
        Instance { with, equals: loss.derivative(&theta(i)) }
    };
    // With one class only, any multiple of p − δ would do: then as for many, beside a class that might be there.
    if (2..=EVERY_CLASS).contains(&classes) {
        let sum = Expr::sum((0..classes).map(power));
        let instances = (0..classes).map(|i| instance(i, &sum)).collect();
        let detail = format!("J differentiated by each of {classes} logits");
        return Evidence::formula("gradient-formula", "symbolic", instances, detail);
    }
    // Whatever the other classes are, the sum of their powers of e contains neither logit: one letter stands for it.
    let rest = Expr::var("R");
    let mut instances = vec![instance(y, &(power(y) + &rest))];
    let others = [(0..classes).find(|i| *i != y), (0..classes).rev().find(|i| *i != y)];
    let one_more = if classes == 1 { Some(classes) } else { None };
    for i in others.into_iter().flatten().chain(one_more) {
        instances.push(instance(i, &(power(i) + power(y) + &rest)));
    }
    let detail = "i = y and i ≠ y, other classes as one R";
    Evidence::formula("gradient-formula", "symbolic", instances, detail)
}

/// A pass in enclosures: powers of e relative to the greatest logit, their sum, quotients.
struct Enclosed {
    p: Vec<Interval>,
    loss: Interval,
    gradient: Vec<Interval>,
    bits: u32,
}

impl Enclosed {
    fn of(logits: &[Rational], y: usize, bits: u32) -> Result<Self, Undecided> {
        let zero = Rational::zero();
        let top = logits.iter().max().unwrap_or(&zero);
        let powers = logits.iter().map(|q| exp_rational(&(q - top), bits)).collect::<Result<Vec<_>, _>>()?;
        let total = powers.iter().fold(Interval::zero(bits), |sum, e| sum.add(e));
        let apart = || Undecided::because("the sum of powers of e was not told from zero");
        let p = powers.iter().map(|e| e.checked_div(&total)).collect::<Option<Vec<_>>>().ok_or_else(apart)?;
        let own = Interval::from_rational(&(top - logits.get(y).unwrap_or(&zero)), bits);
        let loss = total.ln()?.ok_or_else(apart)?.add(&own);
        let one = Interval::one(bits);
        let gradient: Vec<_> =
            p.iter().enumerate().map(|(i, p)| if i == y { p.sub(&one) } else { p.clone() }).collect();
        Ok(Self { p, loss, gradient, bits })
    }

    fn evidence(self) -> Vec<Evidence> {
        let list = |all: Vec<Interval>| Bounds::List(all.into_iter().map(Bounds::Number).collect());
        let detail = format!("a pass in intervals of {} bits", self.bits);
        let within = |row: &str, bounds: Bounds| Evidence::within(row, "enclosures", bounds, detail.clone());
        vec![
            within("p", list(self.p)),
            within("J", Bounds::Number(self.loss)),
            within("gradient", list(self.gradient)),
        ]
    }
}
